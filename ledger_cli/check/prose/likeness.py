"""Texts to groups of near-equal ones (W402), in time that grows with their number and not with its square.

A text is first made plain: without its unit's names, blanks and marks at the ends. From its clauses come a few
keys that survive small edits; only texts that share a key are compared, and each only with the leaders of
groups, of which a key remembers a few. So a sentence frame that everybody uses costs no more than a copy does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from ledger_cli.model.prose import Likeness

_STOPS = ("！", "？", "\n")
_PAUSES = ("；", "：", "（", "）", ",", ";", ":", " ", "\u3000", "“", "”")
_LONG = 4
"""Sentences from which a text is long."""
_RUN = 3
"""Sentences that a key of a long text covers: more than two texts share that are no copies."""
_LEADERS = 8
"""Leaders that one key remembers."""
_SEPARATOR = "\x00"
"""Between texts that are made plain together; no text that can be read holds it (Y007)."""

# How lists are counted; a copy may be counted in another way, or not at all.
_COUNTED = re.compile(r"[一二三四五六七八九]是|[（(][一二三四五六七八九\d]|\d[.．、)）]|第[一二三四五六七八九][，,、]")
_MARKS = re.compile(
    r"(?:(?<=[。；;：:！？\n\x00])|\A)[ \t\u3000]*"
    r"(?:[一二三四五六七八九十]+是|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.．、)）](?!\d)|第[一二三四五六七八九十]+[，,、])"
)

# What units call themselves and their area; a copy changes it and says nothing new by that.
_SELF = re.compile(r"(?:[我本全各]|自治)(?:[市县区厅局委]+|单位|部门)|[市县区厅局委](?=[一-龥]{0,2}(?:政府|委))")
# Numbers that state a fact: not years, months, days and hours of the clock.
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?![\d.]|\s*[年月日时])")


def plain(texts: Sequence[str], names: Iterable[str] = ()) -> list[str]:
    """Texts as they are compared: no names of their unit, 。 and ， the only marks. All at once: each step is brief."""
    if not texts:
        return []
    joined = _SEPARATOR.join(texts)
    if _COUNTED.search(joined):
        joined = _MARKS.sub("", joined)
    for name in _occurring(joined, names):
        joined = joined.replace(name, "")
    for marks, mark in ((_STOPS, "。"), (_PAUSES, "，")):
        for other in marks:
            if other in joined:
                joined = joined.replace(other, mark)
    return joined.split(_SEPARATOR)


def _occurring(text: str, names: Iterable[str]) -> list[str]:
    """The names that may be in a text, the longest first; one with a part that is absent is not looked for."""
    absent: list[str] = []
    found: list[str] = []
    for name in sorted(set(names), key=len):
        if any(part in name for part in absent):
            continue
        (found if name in text else absent).append(name)
    return found[::-1]


class _Hashes(dict[str, int]):
    """The same number for the same text in every process; the beginnings of clauses are few and come again."""

    def __missing__(self, text: str) -> int:
        value = self[text] = crc32(text.encode())
        return value


_hashes = _Hashes()


def keys(text: str) -> set[int]:
    """The keys of a plain text.

    Of a short one: the sum over the beginnings of its clauses, and over all but one of them, for each; so a text
    and its copy with a clause added, dropped, moved or begun anew have one in common. Of a long one: runs of
    sentences' beginnings, those that come first and last in the text and by their characters; a copy keeps one
    of them unless it was changed in four places. A text of middle length has both kinds. With three figures or
    more, these together are a key too.
    """
    sentences = [sentence for sentence in text.split("。") if sentence]
    if len(sentences) < _LONG:
        return _short_keys(text)
    starts = [sentence[:6] for sentence in sentences]
    runs = ["".join(starts[at : at + _RUN]) for at in range(len(starts) - _RUN + 1)]
    found = {crc32(run.encode()) for run in {runs[0], runs[-1], min(runs), max(runs)}}
    return found | _short_keys(text) if len(sentences) == _LONG else found


def _short_keys(text: str) -> set[int]:
    clauses = [clause for clause in text.replace("。", "，").split("，") if clause]
    if len(clauses) < 2:
        return {crc32(clause[:8].encode()) for clause in clauses}
    parts = [_hashes[clause[:3]] for clause in clauses]
    whole = sum(parts)
    found = {whole - part for part in parts} if len(parts) > 2 else set()
    found.add(whole)
    figures = _NUMBER.findall(text)
    if len(figures) > 2 and sum(map(len, figures)) > 5:
        found.add(crc32("/".join(sorted(figures)).encode()))
    return found


@dataclass(frozen=True, slots=True)
class Passage:
    """A plain text ready to be compared: its words as written and with the clauses sorted, and its numbers."""

    words: str
    sorted_words: str
    numbers: Counter[str]

    @classmethod
    def of(cls, text: str) -> "Passage":
        clauses = _SELF.sub("", text.replace("。", "，").replace("、", "，")).split("，")
        return cls("".join(clauses), "".join(sorted(clauses)), Counter(_NUMBER.findall(text)))


def likeness(one: Passage, other: Passage, settings: Likeness) -> float:
    """The share of equal characters in order, from 0 to 1; 0 where the texts are not alike.

    The same sentences with other figures are a frame that both use, not a copy: of the numbers, at least half
    must be the same.
    """
    most = max(one.numbers.total(), other.numbers.total())
    if 2 * (one.numbers & other.numbers).total() < most:
        return 0.0
    if one.words == other.words:
        return 1.0
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - most runs compare nothing

    least = settings.similarity / 100
    in_order = Indel.normalized_similarity(one.words, other.words, score_cutoff=least)
    return in_order or Indel.normalized_similarity(one.sorted_words, other.sorted_words, score_cutoff=least)


@dataclass(slots=True)
class Groups:
    """Near-equal texts as they come in. ``members`` are numbers of texts, the leader first."""

    settings: Likeness
    members: list[list[int]] = field(default_factory=list)
    _passages: list[Passage] = field(default_factory=list)
    _leading: dict[int, list[int]] = field(default_factory=dict)
    _same: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, text: str) -> None:
        """Put a plain text with the group whose leader it is most like, or at the head of a new one."""
        if text in self._same:
            self.members[self._same[text]].append(number)
            return
        passage = Passage.of(text)
        known = sorted(keys(text))
        shared = Counter(group for key in known for group in self._leading.get(key, ()))
        best, most = -1, 0.0
        for group, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            alike = likeness(passage, self._passages[group], self.settings)
            if alike > most:
                best, most = group, alike
            if most == 1.0:
                break
        if best >= 0:
            self.members[best].append(number)
            self._same[text] = best
            return
        self._same[text] = len(self.members)
        self.members.append([number])
        self._passages.append(passage)
        for key in known:
            leading = self._leading.setdefault(key, [])
            if len(leading) < _LEADERS:
                leading.append(len(self.members) - 1)


def cluster(texts: Sequence[str], settings: Likeness, names: Sequence[Iterable[str]] = ()) -> list[list[int]]:
    """Near-equal texts grouped: lists of places in ``texts``, two or more each, in the order of their first.

    ``names`` are, for each text, names that are not compared. Texts under the settings' shortest are in no group.
    """
    groups = Groups(settings)
    for number, text in enumerate(texts):
        (bare,) = plain([text], names[number] if names else ())
        if len(bare) >= settings.shortest:
            groups.add(number, bare)
    return [members for members in groups.members if len(members) > 1]
