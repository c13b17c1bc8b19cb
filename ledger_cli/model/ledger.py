"""The consolidated ledger: tasks in catalog order, answers in registry order, and what is not in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ledger_cli.model.catalog import Task
from ledger_cli.model.column import SEED, Column, Role, Shape, printed_number
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.review import ReviewState, Standing
from ledger_cli.model.submission import Answer

PARTS_IN_DATA = {"牵头": "lead", "配合": "joint", "责任": "responsible"}
"""What a unit's part in a task is called in JSON."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit's answer with the file and line it stands at; ``review`` is None where the period is not reviewed.

    ``part`` is 牵头 or 配合 where the unit leads or cooperates, "" where it is one of those responsible.
    """

    unit: str
    name: str
    file: str
    line: int
    answer: Answer
    review: ReviewState | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What a duty or an indicator is called, and the indicator's unit of measure."""

    what: str
    measure: str = ""


def labels_of(task: Task) -> dict[str, Label]:
    """What a task's duties and indicators are called, by id."""
    return {
        **{duty.id: Label(duty.what) for duty in task.duties},
        **{indicator.id: Label(indicator.what, indicator.measure) for indicator in task.indicators},
    }


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task with its answers; all units are ids in registry order.

    ``owing`` must report it, ``invited`` may, ``missing`` are those of the owing who did not; ``gaps`` names
    columns that the source leaves empty, ``labels`` has the duties and indicators by id, ``more`` the words in the
    plan's other columns by key, ``label`` the number as it was printed where that is another, ``within`` the titles
    of sections within its section. ``lead`` and ``joint`` are the units that lead it and that cooperate.
    """

    number: TaskNumber
    section: str
    text: str
    units: str
    deadline: str
    gaps: tuple[str, ...]
    owing: tuple[str, ...]
    invited: tuple[str, ...]
    entries: tuple[Entry, ...]
    missing: tuple[str, ...]
    labels: dict[str, Label]
    more: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    within: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()

    def part(self, unit: str) -> str:
        """牵头, 配合 or 责任: what a unit's part in the task is."""
        return "牵头" if unit in self.lead else "配合" if unit in self.joint else "责任"

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the sections that it stands in, the outermost first."""
        return (self.section, *self.within)

    def words(self, column: Column) -> str:
        """The plan's words in one of its columns."""
        own = {
            Role.SECTION: "\n".join(self.titles),
            Role.TEXT: self.text,
            Role.UNITS: self.units,
            Role.DEADLINE: self.deadline,
        }
        if column.role is Role.NUMBER:
            return printed_number(self.number, self.label)
        return own[column.role] if column.role in own else self.more.get(column.key, "")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a partial merge left out: one answer, or with ``task`` None a whole file.

    ``task`` is the number that the answer stands under; ``meant`` is that of the task it was written for, where the
    catalog has changed since and has it elsewhere now.
    """

    unit: str
    file: str
    task: TaskNumber | None
    why: str
    meant: TaskNumber | None = None

    @property
    def owed(self) -> TaskNumber | None:
        """The task that the answer counts for."""
        return self.task if self.meant is None else self.meant


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sound answer that a ledger of accepted answers does not show, and how it stands."""

    unit: str
    file: str
    task: TaskNumber
    review: ReviewState


@dataclass(frozen=True, slots=True)
class Party:
    """A unit that occurs in the ledger; ``short`` is its first 简称, for lists of many."""

    id: str
    name: str
    short: str
    confirmed: bool


class Outcome(StrEnum):
    """What became of an answer that a unit owes."""

    REPORTED = "已报"
    NOT_APPLICABLE = "不涉及"
    FAULTY = "有误"
    MISSING = "未报"
    WITHHELD = "未通过审核"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many answers are owed and what became of them; ``units`` counts those with an answer, shown or not.

    ``accepted``, ``rejected`` and ``pending`` count reviewed answers, shown or not; ``withheld`` those not shown.
    """

    tasks: int
    reported: int
    not_applicable: int
    faulty: int
    missing: int
    units: int
    accepted: int = 0
    rejected: int = 0
    pending: int = 0
    withheld: int = 0

    @classmethod
    def of(
        cls, outcomes: Sequence[Outcome], *, tasks: int, units: int, reviews: Iterable[ReviewState] = ()
    ) -> "Coverage":
        """The counts of what became of some answers, and of how they stand in review."""
        found = [state.status for state in reviews]
        return cls(
            tasks=tasks,
            reported=outcomes.count(Outcome.REPORTED),
            not_applicable=outcomes.count(Outcome.NOT_APPLICABLE),
            faulty=outcomes.count(Outcome.FAULTY),
            missing=outcomes.count(Outcome.MISSING),
            units=units,
            accepted=found.count(Standing.ACCEPTED),
            rejected=found.count(Standing.REJECTED),
            pending=found.count(Standing.PENDING),
            withheld=outcomes.count(Outcome.WITHHELD),
        )

    @property
    def owed(self) -> int:
        return self.reported + self.not_applicable + self.faulty + self.missing + self.withheld


@dataclass(frozen=True, slots=True)
class Ledger:
    """``parties`` are the units that owe, answered or were left out, in registry order; ``shape`` has its columns.

    ``lights`` are 红, 黄, 绿 by task, where somebody asked for them.
    """

    annex: str
    title: str
    period: str
    period_name: str
    as_of: date
    records: tuple[TaskRecord, ...]
    left_out: tuple[LeftOut, ...]
    parties: tuple[Party, ...]
    withheld: tuple[Withheld, ...] = ()
    shape: Shape = SEED
    lights: Mapping[TaskNumber, str] = field(default_factory=dict)

    @property
    def reviewed(self) -> bool:
        """Whether there are answers whose review counts."""
        return bool(self.withheld) or any(entry.review for record in self.records for entry in record.entries)

    @property
    def answering(self) -> set[str]:
        """Ids of the units with an answer."""
        return {entry.unit for record in self.records for entry in record.entries}

    def outcomes(self, record: TaskRecord) -> dict[str, Outcome]:
        """What became of the answer of each unit that owes one or gave one, in registry order."""
        found = dict.fromkeys(record.missing, Outcome.MISSING)
        # A whole file left out stands for every answer that its unit owes.
        absent = {left.unit for left in self.left_out if left.task is None}
        found |= {unit: Outcome.FAULTY for unit in record.owing if unit in absent}
        claimed = {*record.owing, *record.invited}
        found |= {left.unit: Outcome.FAULTY for left in self.left_out if left.owed == record.number}
        found |= {held.unit: Outcome.WITHHELD for held in self.withheld if held.task == record.number}
        for entry in record.entries:
            excused = entry.answer.not_applicable is not None
            found[entry.unit] = Outcome.NOT_APPLICABLE if excused else Outcome.REPORTED
        return {party.id: found[party.id] for party in self.parties if party.id in found and party.id in claimed}

    def reviews(self, record: TaskRecord) -> dict[str, ReviewState]:
        """How the answers to a task stand in review, by unit, those that are not shown included."""
        found = {held.unit: held.review for held in self.withheld if held.task == record.number}
        return found | {entry.unit: entry.review for entry in record.entries if entry.review}

    def coverage(self, records: Iterable[TaskRecord] | None = None) -> Coverage:
        """The counts over some records, or all."""
        chosen = self.records if records is None else tuple(records)
        numbers = {record.number for record in chosen}
        outcomes = [outcome for record in chosen for outcome in self.outcomes(record).values()]
        units = {entry.unit for record in chosen for entry in record.entries}
        units |= {held.unit for held in self.withheld if held.task in numbers}
        reviews = [state for record in chosen for state in self.reviews(record).values()]
        return Coverage.of(outcomes, tasks=len(chosen), units=len(units), reviews=reviews)
