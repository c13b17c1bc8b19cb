"""What one unit reports for one period: the model of submissions/<period>/<unit>.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from ledger_cli.model.column import Shape, Value
from ledger_cli.model.fault import Path
from ledger_cli.model.fields import (
    NO_KEY,
    NUMBER_LENGTH,
    Day,
    Number,
    OptionalDay,
    OptionalWord,
    Prose,
    Proses,
    Record,
    TaskNumber,
    Word,
    Words,
)

HEAD = ("单位", "报送期", "填报日期", "填报人", "审核人", "联系电话")
"""Keys above the answers; the first two say whose it is."""
ENTRIES = "任务"
BESIDE = ("不涉及", "完成", "指标", "佐证", "联合", "忽略")
"""Keys of an answer that every plan has, beside its columns."""
FREE_TEXT = frozenset({"不涉及", "佐证"})
"""Those of them whose values are the clerk's own words, where nothing may be cut, folded or converted."""


class Answer(Record):
    """A unit's answer to one task: what it says in each column, or the reason why the task does not concern it.

    ``spoken_for`` are other units for which it is given too, as the file names them.
    ``more`` has the values of the plan's own columns by key; ``ledger_cli.model.shaped`` says how they are read.
    """

    progress: Prose | None = Field(default=None, alias="具体落实情况")
    problems: Prose | None = Field(default=None, alias="存在问题")
    plans: Prose | None = Field(default=None, alias="工作打算")
    not_applicable: Prose | None = Field(default=None, alias="不涉及")
    met: dict[str, Day] = Field(default_factory=dict, alias="完成")
    figures: dict[str, Number] = Field(default_factory=dict, alias="指标")
    evidence: Proses = Field(default=(), alias="佐证")
    spoken_for: Words = Field(default=(), alias="联合")
    waived: dict[str, Word] = Field(default_factory=dict, alias="忽略")
    more: dict[str, Value] = Field(default_factory=dict, alias=f"{NO_KEY}more")

    @property
    def texts(self) -> tuple[str, str, str]:
        return (self.progress or "", self.problems or "", self.plans or "")

    @property
    def stated(self) -> bool:
        """Whether it says what was done, in whatever column, or why nothing is to be done."""
        return bool(self.progress or self.more or self.not_applicable)

    @property
    def content(self) -> tuple[object, ...]:
        """All that a reader of the ledger sees; equal contents may be printed once."""
        return (
            *self.texts,
            self.not_applicable,
            tuple(self.met.items()),
            tuple(self.figures.items()),
            self.evidence,
            self.spoken_for,
            tuple(self.more.items()),
        )


class Submission(Record):
    unit: Word = Field(alias="单位")
    period: Word = Field(alias="报送期")
    filed_on: OptionalDay = Field(default=None, alias="填报日期")
    filed_by: OptionalWord = Field(default=None, alias="填报人")
    checked_by: OptionalWord = Field(default=None, alias="审核人")
    phone: OptionalWord = Field(default=None, alias="联系电话")
    answers: dict[str, Answer] = Field(alias="任务")


@dataclass(frozen=True, slots=True)
class Said:
    """One entry under 任务 as it stands in a file.

    ``key`` is what the file has, ``number`` the task that it names, None where it is no plain number; ``meant`` is
    then the number that stands in it, as in 第35项, if one does. ``given`` is the entry's data, ``answer`` the answer
    that it makes, None where it is faulty. ``line`` is that of the key (from 1). ``digest`` is that of the task's text
    that the answer was written for, where the key's line says so. ``cut`` are the columns left empty because their
    words were cut off or could not be read.
    """

    key: str
    number: TaskNumber | None
    meant: int | None
    given: Any
    answer: Answer | None
    line: int
    digest: str = ""
    cut: frozenset[str] = frozenset()

    @property
    def path(self) -> Path:
        return (ENTRIES, self.key)


@dataclass(frozen=True, slots=True)
class Filing:
    """What one file says, as far as it could be read: whose it is, and its answers in the file's order.

    ``head`` has everything beside the answers by key, as written. ``whole`` is false where the file could not be read
    to its end, ``listed`` where it has no list of answers; ``untouched`` is true of a form that nobody has filled in.
    ``aside`` are the keys on lines that could not be read.
    """

    file: str
    unit: str | None = None
    period: str | None = None
    head: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    whole: bool = True
    listed: bool = True
    untouched: bool = False
    aside: frozenset[str] = frozenset()

    @property
    def signed(self) -> list[str]:
        """The keys of the head, beside unit and period, that say something: who filed, when."""
        return [key for key in HEAD[2:] if says(self.head.get(key))]

    @property
    def answers(self) -> dict[TaskNumber, Answer]:
        """The sound answers by task."""
        return {said.number: said.answer for said in self.said if said.number is not None and said.answer is not None}


def says(value: Any) -> bool:
    """Whether a value of a file holds a word."""
    return bool(value) and bool(str(value).strip())


def task_number(key: str, shape: Shape) -> TaskNumber | None:
    """The number that a key under 任务 stands for; None where it is no plain number, nor one of the catalog's texts."""
    return key if key in shape.numbers else whole_number(key)


def whole_number(text: str) -> int | None:
    """A whole number as it should be written; None for anything else."""
    plain = text.isdecimal() and text.isascii() and not text.startswith("0") and len(text) <= NUMBER_LENGTH
    return int(text) if plain else None


def digits_of(key: str) -> int | None:
    """The number that stands in a key, such as 第35项, 035 or ３５."""
    digits = "".join(char for char in key if char.isdecimal())
    return int(digits) if digits and len(digits) < 5 else None
