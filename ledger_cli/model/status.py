"""How a period stands: who answered, and how each duty and indicator of each unit stands at a date."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.ledger import Coverage, Ledger, Outcome, Party, TaskRecord
from ledger_cli.model.obligation import Light, Measurement, Obligation, State

if TYPE_CHECKING:
    from ledger_cli.model.review import ReviewState


@dataclass(frozen=True)
class Status:
    """A ledger with the obligations and measurements of its units, in catalog order, then registry order.

    ``due`` is the last day for filing. Obligations are those of answers that are owed or were given; a unit that
    a task does not concern has none of its duties.
    """

    ledger: Ledger
    due: date
    obligations: tuple[Obligation, ...]
    measurements: tuple[Measurement, ...]

    @property
    def as_of(self) -> date:
        return self.ledger.as_of

    @property
    def provisional(self) -> tuple[Party, ...]:
        """Units on the list that the issuing office has not confirmed; figures with them say so."""
        return tuple(party for party in self.ledger.parties if not party.confirmed)

    @property
    def sections(self) -> dict[str, list[TaskRecord]]:
        """The tasks of each section, by its title."""
        found: dict[str, list[TaskRecord]] = {}
        for record in self.ledger.records:
            found.setdefault(record.section, []).append(record)
        return found

    @cached_property
    def outcomes(self) -> dict[TaskNumber, dict[str, Outcome]]:
        """What became of each answer that is owed or was given, by task and unit."""
        return {record.number: self.ledger.outcomes(record) for record in self.ledger.records}

    @cached_property
    def reviews(self) -> dict[TaskNumber, dict[str, "ReviewState"]]:
        """How each answer stands in review, by task and unit; empty where the period is not reviewed."""
        return {record.number: self.ledger.reviews(record) for record in self.ledger.records}

    @cached_property
    def coverage(self) -> dict[str, Coverage]:
        """The counts of each unit that has any, by id in registry order."""
        of_unit: dict[str, list[Outcome]] = {party.id: [] for party in self.ledger.parties}
        for outcomes in self.outcomes.values():
            for unit, outcome in outcomes.items():
                of_unit[unit].append(outcome)
        reviews: dict[str, list[ReviewState]] = {}
        for record in self.ledger.records:
            for unit, state in self.ledger.reviews(record).items():
                reviews.setdefault(unit, []).append(state)
        answering = self.ledger.answering
        return {
            unit: Coverage.of(found, tasks=len(found), units=int(unit in answering), reviews=reviews.get(unit, ()))
            for unit, found in of_unit.items()
            if found
        }

    @cached_property
    def records(self) -> dict[TaskNumber, TaskRecord]:
        """The tasks by number."""
        return {record.number: record for record in self.ledger.records}

    @cached_property
    def lights(self) -> dict[TaskNumber, str]:
        """The light of each task that has a duty with a date, 红, 黄 or 绿."""
        of_task: dict[TaskNumber, list[Obligation]] = {}
        for obligation in self.obligations:
            of_task.setdefault(obligation.task, []).append(obligation)
        return {task: light.value for task, found in of_task.items() if (light := Light.of(found))}

    @property
    def owing(self) -> tuple[Party, ...]:
        """The units with a task in this ledger."""
        return tuple(party for party in self.ledger.parties if party.id in self.coverage)

    def rejected(self, unit: str) -> dict[TaskNumber, "ReviewState"]:
        """The rejections of one unit's answers that stand, by task."""
        return {
            number: states[unit] for number, states in self.reviews.items() if unit in states and states[unit].rejected
        }

    @cached_property
    def _of_unit(self) -> dict[str, list[Obligation]]:
        found: dict[str, list[Obligation]] = {}
        for obligation in self.obligations:
            found.setdefault(obligation.unit, []).append(obligation)
        return found

    def of_unit(self, unit: str) -> list[Obligation]:
        """One unit's obligations."""
        return self._of_unit.get(unit, [])

    def overdue(self) -> list[Obligation]:
        """Obligations past their date and not met."""
        return [obligation for obligation in self.obligations if obligation.state is State.OVERDUE]

    def states(self, obligations: Iterable[Obligation] | None = None) -> Counter[State]:
        """How many obligations are in each state; of some, or all."""
        return Counter(o.state for o in (self.obligations if obligations is None else obligations))

    def together(self, *states: State) -> list[list[Obligation]]:
        """The obligations in some states, those of one duty and date together: catalog order, then by date."""
        groups: dict[tuple[TaskNumber, str, date | None], list[Obligation]] = {}
        for obligation in self.obligations:
            if obligation.state in states:
                groups.setdefault((obligation.task, obligation.id, obligation.due), []).append(obligation)
        return [groups[key] for key in sorted(groups, key=lambda key: (key[0], key[2] or date.max, key[1]))]
