"""What a unit owes by when: a task's duties and indicators against the dates and figures that the unit reported.

One engine for fixed, recurring, event-bound and undated duties. Everything follows from the arguments; the day
that states are counted at is one of them, never the clock. “年底” and “月底” are entered in the catalog as
the last day of the year and month, and every due date includes its day.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from ledger_cli.model.catalog import Catalog, Duty, Indicator, Period, Task
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.registry import Unit

NEAR_DAYS = 30
"""Days before its due date from which an unmet duty counts as near."""

_EARLY = timedelta(days=183)
_OCCASION = re.compile(r"([^@]*)@([0-9]+(?:-[0-9]{2})?)")


class State(StrEnum):
    """How a duty stands; the values are what users read and scripts rely on."""

    NOT_DUE = "未到期"
    NEAR = "临近"
    OVERDUE = "逾期"
    MET = "按期完成"
    MET_LATE = "逾期完成"
    WAITING = "待触发"
    ONGOING = "长期"

    @property
    def open(self) -> bool:
        """Whether something is left to do."""
        return self not in (State.MET, State.MET_LATE)


@dataclass(frozen=True, slots=True)
class Completion:
    """A day on which a unit says that it met a duty, and the period that it said so in."""

    day: date
    period: Period | None


Completions = Mapping[str, Sequence[Completion]]
"""A unit's completions of one task by duty id, in the order of the periods."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty of one unit; one that comes again is an obligation each time. ``due`` is None where there is no date.

    ``occasion`` is the time of one that comes again, 2024 or 2024-03; "" else.
    ``since_event`` marks a duty whose due date is the day of the event that set it off, for want of another.
    """

    unit: str
    task: TaskNumber
    id: str
    what: str
    due: date | None
    state: State
    met: date | None
    occasion: str = ""
    since_event: bool = False

    @property
    def key(self) -> str:
        """What a submission calls it: the duty, and the month where it comes more often than each year."""
        return f"{self.id}@{self.occasion}" if "-" in self.occasion else self.id

    def days_over(self, as_of: date) -> int:
        """Days past the due date until it was met, or until ``as_of``; negative before it, 0 without a date."""
        return ((self.met or as_of) - self.due).days if self.due else 0


class Light(StrEnum):
    """How a task stands at a glance: something is overdue, something is due soon, or neither."""

    RED = "红"
    YELLOW = "黄"
    GREEN = "绿"

    @classmethod
    def of(cls, obligations: Iterable[Obligation]) -> "Light | None":
        """The light of some obligations; None where none of them has a date."""
        states = {obligation.state for obligation in obligations if obligation.due}
        if State.OVERDUE in states:
            return cls.RED
        return (cls.YELLOW if State.NEAR in states else cls.GREEN) if states else None


class Reach(StrEnum):
    """Whether a figure reaches its lower bound."""

    REACHED = "达标"
    BELOW = "未达标"
    UNKNOWN = "未填"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One indicator of one unit with the figure reported for the period, if there is one."""

    unit: str
    task: TaskNumber
    id: str
    what: str
    value: Decimal | None
    minimum: Decimal | None
    measure: str

    @property
    def reach(self) -> Reach:
        if self.value is None:
            return Reach.UNKNOWN
        return Reach.BELOW if self.minimum is not None and self.value < self.minimum else Reach.REACHED


def with_stated(earlier: Completions, stated: Mapping[str, date], period: Period | None) -> Completions:
    """What earlier periods reported, followed by the dates that the present one states, by duty."""
    return {
        item: (*earlier.get(item, ()), *((Completion(stated[item], period),) if item in stated else ()))
        for item in (*earlier, *stated)
    }


def obligations(
    unit: Unit, task: Task, completions: Completions, catalog: Catalog, as_of: date
) -> Iterator[Obligation]:
    """A task's duties as they bind a unit, each with its state at ``as_of``; ``catalog`` tells the plan's years.

    A day after ``as_of`` was not known then, and one before the plan is impossible: neither counts.
    """
    start, end = catalog.window
    for duty in task.duties:
        if not duty.binds(unit.level):
            continue
        # A plan may speak of a day before it was issued; only what comes again begins with it.
        owed_from = max(start, catalog.head.issued or start) if duty.recurring else start
        occurrences = list(duty.due_dates(start, end))
        if duty.recurring and not occurrences:
            continue
        if duty.event_date and as_of < duty.event_date:
            occurrences = []
        met = _met(duty, occurrences, completions, start, as_of)
        since_event = duty.event_date is not None and duty.within is None
        dates: list[date | None] = [*occurrences] or [None]
        for due in dates:
            if due and due < owed_from:
                continue
            state = _state(duty, due, met, as_of)
            occasion = duty.occasion(due) if due else ""
            fields = (unit.id, task.number, duty.id, duty.what, due, state, met.get(due), occasion, since_event)
            yield Obligation(*fields)


def measurements(unit: Unit, task: Task, figures: Mapping[str, Decimal]) -> Iterator[Measurement]:
    """A task's indicators as they bind a unit, with the figures that it reported."""
    for indicator in task.indicators:
        if indicator.binds(unit.level):
            yield _measurement(unit, task, indicator, figures.get(indicator.id))


def _measurement(unit: Unit, task: Task, indicator: Indicator, value: Decimal | None) -> Measurement:
    return Measurement(unit.id, task.number, indicator.id, indicator.what, value, indicator.minimum, indicator.measure)


def _state(duty: Duty, due: date | None, met: Mapping[date | None, date], as_of: date) -> State:
    day = met.get(due)
    if day is not None:
        return State.MET_LATE if due and day > due else State.MET
    if due is None:
        return State.WAITING if duty.event else State.ONGOING
    if as_of > due:
        return State.OVERDUE
    return State.NEAR if due - as_of <= timedelta(days=NEAR_DAYS) else State.NOT_DUE


def of_occasion(item: str) -> tuple[str, str]:
    """The duty that a key under 完成 names, and which time: 6-1@2023 is 6-1 as it fell due in 2023; "" without a time.

    6-2@2024-03 is a duty of each quarter or month as it fell due in March.
    """
    match = _OCCASION.fullmatch(item)
    return (match[1], match[2]) if match else (item, "")


def _met(
    duty: Duty, occurrences: Sequence[date], completions: Completions, start: date, as_of: date
) -> dict[date | None, date]:
    """The day that meets each occurrence; of several days for one, the last reported counts."""
    met: dict[date | None, date] = {}
    for item, reported in completions.items():
        name, occasion = of_occasion(item)
        if name != duty.id or not occasion:
            continue
        for completion in reported:
            for due in occurrences:
                if duty.occasion(due) == occasion and start <= completion.day <= as_of:
                    met[due] = completion.day
    for completion in completions.get(duty.id, ()):
        if start <= completion.day <= as_of:
            met[_occurrence(duty, occurrences, completion, met)] = completion.day
    return met


def _occurrence(
    duty: Duty, occurrences: Sequence[date], completion: Completion, met: Mapping[date | None, date]
) -> date | None:
    """Which due date a day meets.

    With one date there is no choice. Of a yearly duty, a report speaks of the date that falls in its period,
    if the day is not more than half a year before it; else of the date in the day's own year; and where that one
    was met and has passed, of the next that is open. Of one that comes each quarter or month, it is the next due
    date in the period, else the last in it. A day reported again means what it meant before.
    """
    if len(occurrences) <= 1:
        return occurrences[0] if occurrences else None
    day, period = completion.day, completion.period
    for due, known in met.items():
        if known == day:
            return due
    if period and not duty.yearly:
        of_period = [due for due in occurrences if period.start <= due <= period.end] or occurrences
        return next((due for due in of_period if due >= day), of_period[-1])
    if period:
        within = [due for due in occurrences if period.start <= due <= period.end and day >= due - _EARLY]
        if within:
            return min(within, key=lambda due: abs(due - day))
    own = [due for due in occurrences if due.year >= day.year] or occurrences[-1:]
    if own[0] in met and day > own[0]:
        return next((due for due in own if due not in met), own[0])
    return own[0]
