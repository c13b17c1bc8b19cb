"""Which task a row is about, by its number and its words: surely, or not at all.

A number that stands beside the words of another task is that table's own count. So words decide where they are sure,
and a number only where its task begins as the words do, or where there are no words.
"""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from ledger_cli.intake.columns import bare
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.fields import TaskNumber

NUMBER = re.compile(r"\s*[（(第]?\s*(\d{1,3})\s*(?:[.．、:：)）]|项|$)\s*")
"""A task's number where a cell begins with one: 3.、（3）、第3项, or alone."""

_SURE, _LIKELY, _HALF, _AHEAD = 0.9, 0.75, 0.5, 0.08
_BEGINNING = 60
"""So many characters that begin one task only are that task, however the rest was cut or changed."""
_ALIKE = 10
_CUT = re.compile(r"(?:…|\.{3,}|。{2,})+$")


@dataclass(frozen=True, slots=True)
class Mapped:
    """How a row of the file was placed: by ``tag``, ``number`` or ``text``, and how surely (0 to 1)."""

    task: TaskNumber
    how: str
    score: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that fits no task surely: the number it gives, and the tasks most like it with their likeness (0 to 1)."""

    number: TaskNumber | None
    candidates: tuple[tuple[float, TaskNumber], ...] = ()


class Placing:
    """The catalog's texts, to compare rows with."""

    def __init__(self, catalog: Catalog) -> None:
        self._texts = {number: bare(task.text) for number, task in catalog.tasks.items()}

    def __contains__(self, number: TaskNumber) -> bool:
        return number in self._texts

    def place(self, words: str, given: str) -> Mapped | Doubt:
        """The task of a row: ``words`` is the cell of its task, ``given`` the one of its number; either may be ""."""
        own = NUMBER.match(words)
        match = own or NUMBER.match(given)
        number = int(match[1]) if match else None
        text = _task_text(words)
        scores = self._scores(text)
        if number in self._texts and number is not None and not text:
            return Mapped(number, "number", 1.0)
        sure = self._surely(text, scores, _SURE if own else _LIKELY)
        if number in self._texts and number is not None and (sure is None or sure.task == number):
            score = next(score for score, n in scores if n == number)
            leads = score >= _HALF and scores[0][1] == number
            if leads or score >= _LIKELY or self._begins_alike(text, number):
                return Mapped(number, "number", round(score, 3))
        return sure or Doubt(number, tuple(scores[:2]))

    def is_text_of(self, words: str, number: TaskNumber) -> bool:
        """Whether the words are a task's text to the letter."""
        return _task_text(words) == self._texts[number]

    def by_text(self, words: str) -> TaskNumber | None:
        """The task that words alone are surely about."""
        text = _task_text(words)
        sure = self._surely(text, self._scores(text), _SURE)
        return sure.task if sure else None

    def could_be(self, words: str, number: TaskNumber) -> bool:
        """Whether the words may be a task's text, edited or cut short."""
        text = _task_text(words)
        return self._begins_alike(text, number) or _likeness(text, self._texts[number]) >= _HALF

    def _scores(self, text: str) -> list[tuple[float, TaskNumber]]:
        return sorted(((_likeness(text, own), n) for n, own in self._texts.items()), reverse=True) if text else []

    def _surely(self, text: str, scores: list[tuple[float, TaskNumber]], least: float) -> Mapped | None:
        if len(text) >= _BEGINNING:
            beginning = [n for n, own in self._texts.items() if own.startswith(text[:_BEGINNING])]
            if len(beginning) == 1:
                return Mapped(beginning[0], "text", round(next(s for s, n in scores if n == beginning[0]), 3))
        ahead = scores[0][0] - (scores[1][0] if len(scores) > 1 else 0.0) if scores else 0.0
        if scores and scores[0][0] >= least and ahead >= _AHEAD:
            return Mapped(scores[0][1], "text", round(scores[0][0], 3))
        return None

    def _begins_alike(self, text: str, number: TaskNumber) -> bool:
        return len(text) >= _ALIKE and self._texts[number].startswith(text[: max(_ALIKE, min(len(text), _BEGINNING))])


def _task_text(words: str) -> str:
    """A task cell's text as it is compared: without its number, blanks and the dots of what was cut."""
    return _CUT.sub("", bare(NUMBER.sub("", words, count=1)))


def _likeness(one: str, other: str) -> float:
    return fuzz.ratio(one, other) / 100 if one else 0.0
