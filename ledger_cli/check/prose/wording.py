"""A text to what it says beyond empty words (W401).

In: one of the three texts, the task's own words, the settings' placeholders and phrases. Out: why it says
nothing, or None. Clauses are weighed one after the other and the weighing stops as soon as something is said,
so that an ordinary text costs no more than its first clauses.
"""

import re

from ledger_cli.model.prose import HintSettings, is_none

_CLAUSE = re.compile(r"[^\s，。；：！？、,.;:!?…“”‘’\"'（）()\[\]【】《》—\-·~*_/]+")
_ALL_MARKS = re.compile(r"[\W_xX×Oo〇○●□■?？]*")
_FIGURE = re.compile(
    r"(?<![\d.])\d+(?:\.\d+)?(?![\d.]|年)|[一二两三四五六七八九十百千万几][名人期场次件家份轮批户处台辆所]"
)
# Particles and other words that say nothing between phrases.
_GLUE = re.compile(
    r"\d{4}年度?|已经|并且|以及|通过|由于|方面|情况|项目|其中|[的了着过并和与及或等对在以将把被使让为于中上下已均都也又还就而且该此其各再做好抓要新]"
)
_SHORTEST_QUOTE = 4
_BRIEF = 60
"""Characters up to which a text may be a placeholder."""
_FEW = 2
"""Characters beside empty words that make a problem or a plan."""


class Wording:
    """The phrases of the settings, compiled once."""

    def __init__(self, settings: HintSettings) -> None:
        self._placeholders = _one_of(settings.placeholders)
        self._phrases = _one_of(settings.phrases)
        self._remainder = settings.remainder

    def says_nothing(self, text: str, task_text: str, *, progress: bool = True) -> str | None:
        """What a text is instead of an answer: 占位文字, 任务原文 or 套话; None where it says something.

        A text without a word is somebody else's finding (C207), and so is 无. A problem or a plan may well be
        said in few words, and in words of the task.
        """
        if not progress and len(text) <= _BRIEF // 2:
            task_text = ""
        if not text.strip() or is_none(text):
            return None
        if len(text) <= _BRIEF and _ALL_MARKS.fullmatch(text):
            return "占位文字"
        if self._says_something(text, task_text, self._remainder if progress else _FEW):
            return None
        bare = self._placeholders.sub("", text)
        if bare != text and _ALL_MARKS.fullmatch(_GLUE.sub("", bare)):
            return "占位文字"
        clauses = _CLAUSE.findall(text)
        quoted = sum(len(clause) for clause in clauses if not _without_quotes(clause, task_text))
        if quoted * 2 > sum(map(len, clauses)):
            return "任务原文"
        # A word or two that are no phrases are too little to judge.
        return "套话" if self._phrases.search(text) else None

    def _says_something(self, text: str, task_text: str, least: int) -> bool:
        figure = _FIGURE.search(text)
        if figure and figure.group() not in task_text:
            return True
        left = 0
        brief = len(text) <= _BRIEF
        for match in _CLAUSE.finditer(text):
            own = _without_quotes(match.group(), task_text)
            if not own:
                continue
            if figure and _FIGURE.search(own):
                return True
            if brief:
                own = self._placeholders.sub("", own)
            left += len(_GLUE.sub("", self._phrases.sub("", own)))
            if left >= least:
                return True
        return False


_compiled: dict[int, tuple[HintSettings, Wording]] = {}


def wording(settings: HintSettings) -> Wording:
    """The phrases of these settings. Kept by identity: to hash some hundred phrases takes longer than a text does."""
    known = _compiled.get(id(settings))
    if known is None:
        known = _compiled[id(settings)] = (settings, Wording(settings))
    return known[1]


def _one_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the phrases, the longest first; one that never matches where there are none."""
    if not phrases:
        return re.compile(r"(?!)")
    by_first: dict[str, list[str]] = {}
    for phrase in sorted(set(phrases), key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append(re.escape(phrase[1:]))
    # Grouped by the first character: the others of a few hundred are then never tried.
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items()))


def _without_quotes(clause: str, task_text: str) -> str:
    """A clause without the runs of four characters or more that stand in the task's text."""
    if clause in task_text:
        return ""
    # A quoted run of seven characters or more holds one of these pieces; shorter ones beside none are let pass.
    if not any(clause[at : at + _SHORTEST_QUOTE] in task_text for at in range(0, len(clause) - 3, _SHORTEST_QUOTE)):
        return clause
    kept = []
    at = 0
    while at < len(clause):
        end = at + _SHORTEST_QUOTE
        if end <= len(clause) and clause[at:end] in task_text:
            while end < len(clause) and clause[at : end + 1] in task_text:
                end += 1
            at = end
        else:
            kept.append(clause[at])
            at += 1
    return "".join(kept)
