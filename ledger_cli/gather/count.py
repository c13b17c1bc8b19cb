"""A merged ledger and what was reported before to the status of a period: coverage, obligations, indicators."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ledger_cli.check.earlier import Earlier
from ledger_cli.gather.merge import select
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.ledger import Ledger, Outcome, TaskRecord
from ledger_cli.model.obligation import Completions, Measurement, Obligation, measurements, obligations, with_stated
from ledger_cli.model.plan import Plan
from ledger_cli.model.status import Status
from ledger_cli.model.submission import Answer

Dates = Mapping[tuple[str, TaskNumber], Mapping[str, date]]
"""Completion dates by unit and task, then by duty."""


def stated_dates(plan: Plan, files: Iterable[CheckedFile]) -> Dates:
    """The completion dates that files state, also in answers with a fault elsewhere: what was done was done.

    Those of another text than the task has now are none of the task's.
    """
    found: dict[tuple[str, TaskNumber], Mapping[str, date]] = {}
    for file in files:
        unit = plan.registry.unit.get(file.unit or "")
        for entry in file.entries if unit and file.placed else ():
            if unit and entry.number is not None and entry.answer and entry.answer.met and not entry.displaced:
                found[unit.id, entry.number] = entry.answer.met
    return found


def status_of(plan: Plan, ledger: Ledger, stated: Dates, earlier: Earlier) -> Status:
    """The status of a ledger. ``stated`` are the completion dates of its period, ``earlier`` knows those before."""
    period = plan.catalog.period(ledger.period)
    assert period is not None
    counting = _Counting(plan, ledger, stated, earlier)
    return Status(ledger, period.due, tuple(counting.obligations()), tuple(counting.measurements()))


class _Counting:
    """Goes through the tasks and those who answer for them."""

    def __init__(self, plan: Plan, ledger: Ledger, stated: Dates, earlier: Earlier) -> None:
        self._plan = plan
        self._ledger = ledger
        self._stated = stated
        self._earlier = earlier
        self._period = plan.catalog.period(ledger.period)

    def _bound(self) -> Iterator[tuple[TaskRecord, str, Answer | None]]:
        """Each task with the units that its duties bind, and their answers; those it does not concern are not bound."""
        for record in self._ledger.records:
            task = self._plan.catalog.tasks[record.number]
            if not task.duties and not task.indicators:
                continue
            answers = {entry.unit: entry.answer for entry in record.entries}
            for unit, outcome in self._ledger.outcomes(record).items():
                if outcome is not Outcome.NOT_APPLICABLE:
                    yield record, unit, answers.get(unit)

    def obligations(self) -> Iterator[Obligation]:
        for record, unit, _ in self._bound():
            task = self._plan.catalog.tasks[record.number]
            done = self._completions(unit, record.number) if task.duties else {}
            known = self._plan.registry.unit[unit]
            yield from obligations(known, task, done, self._plan.catalog, self._ledger.as_of)

    def measurements(self) -> Iterator[Measurement]:
        for record, unit, answer in self._bound():
            task = self._plan.catalog.tasks[record.number]
            yield from measurements(self._plan.registry.unit[unit], task, answer.figures if answer else {})

    def _completions(self, unit: str, task: TaskNumber) -> Completions:
        return with_stated(self._earlier.completions(unit, task), self._stated.get((unit, task), {}), self._period)


def narrow(status: Status, *, units: Iterable[str] | None = None, tasks: Iterable[TaskNumber] | None = None) -> Status:
    """The part of a status that concerns some units, or some tasks."""
    chosen = None if units is None else set(units)
    numbers = None if tasks is None else set(tasks)

    def kept(item: Obligation | Measurement) -> bool:
        return (chosen is None or item.unit in chosen) and (numbers is None or item.task in numbers)

    return Status(
        select(status.ledger, units=chosen, tasks=numbers),
        status.due,
        tuple(filter(kept, status.obligations)),
        tuple(filter(kept, status.measurements)),
    )
