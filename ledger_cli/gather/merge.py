"""Checked submissions to one ledger: catalog order, registry order, nothing left out without a name."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ledger_cli.model.catalog import Task
from ledger_cli.model.checked import CheckedEntry, CheckedFile
from ledger_cli.model.column import Role
from ledger_cli.model.fields import TaskNumber, task_order
from ledger_cli.model.finding import Finding
from ledger_cli.model.ledger import Entry, Ledger, LeftOut, Party, TaskRecord, Withheld, labels_of
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.review import Reviews
from ledger_cli.model.shaped import more_words, with_names


def merge(plan: Plan, period: str, files: Iterable[CheckedFile], as_of: date, reviews: Reviews | None = None) -> Ledger:
    """The ledger of a period. Faulty answers, and files that cannot be read or placed, are in ``left_out``.

    Where the period has ``reviews``, each answer says how it stands in them.
    """
    sorted_out = _Sorting(plan, reviews)
    for file in files:
        sorted_out.add(file)
    sorted_out.settle()
    occurring = {unit for claims in plan.claims.by_task.values() for unit in claims}
    occurring |= {left.unit for left in sorted_out.left_out}
    known = plan.catalog.period(period)
    return Ledger(
        annex=plan.catalog.head.annex,
        title=plan.catalog.head.title,
        period=period,
        period_name=known.name if known else period,
        as_of=as_of,
        records=tuple(sorted_out.record(task) for task in plan.catalog.tasks.values()),
        left_out=tuple(sorted(sorted_out.left_out, key=lambda left: _left_order(plan, left))),
        parties=tuple(
            Party(u.id, u.name, u.short[0] if u.short else u.name, u.confirmed)
            for u in plan.registry.units
            if u.id in occurring
        ),
        shape=plan.catalog.shape,
    )


class _Sorting:
    """Puts the answers of files with their tasks, and what cannot be put there among the left out."""

    def __init__(self, plan: Plan, reviews: Reviews | None) -> None:
        self.plan = plan
        self.reviews = reviews
        self.left_out: list[LeftOut] = []
        self._entries: dict[TaskNumber, list[Entry]] = {number: [] for number in plan.catalog.tasks}
        self._heard: set[tuple[str, TaskNumber]] = set()
        self._silenced: set[str] = set()
        self._placed: set[str] = set()
        self._astray: list[CheckedFile] = []

    def add(self, file: CheckedFile) -> None:
        if file.unfilled:
            return  # its unit is missing
        unit = self.plan.registry.unit.get(file.unit or "")
        if unit is None or not file.placed:
            self._astray.append(file)
            return
        self._placed.add(unit.id)
        for given in file.entries:
            self._answer(file, unit, given)

    def settle(self) -> None:
        """Name an owner for each file that could not be placed: of the units it names, one without another file."""
        for file in self._astray:
            owners = [owner for owner in (file.named, file.unit) if owner]
            owner = next((owner for owner in owners if owner not in self._placed), (*owners, file.stem)[0])
            self.left_out.append(LeftOut(owner, file.file, None, reasons(file.blocking)))
            self._silenced.add(owner)

    def _answer(self, file: CheckedFile, unit: Unit, given: CheckedEntry) -> None:
        number = given.number
        if number is None and given.meant in self._entries:  # 第35项 or 035: faulty, but it is known what was meant
            number = given.meant
        if number is not None:
            self._heard.add((unit.id, given.now or number))
        faults = file.faults_of(given)
        if not faults and number in self._entries and number is not None and given.answer:
            review = self.reviews.state(unit.id, number, given.answer) if self.reviews else None
            answer = with_names(given.answer, self.plan.registry)
            self._entries[number].append(
                Entry(unit.id, unit.name, file.file, given.line, answer, review, self._part(unit, number))
            )
        else:
            where = number if number is not None else given.key
            self.left_out.append(LeftOut(unit.id, file.file, where, reasons(faults or file.blocking), given.now))

    def _part(self, unit: Unit, number: TaskNumber) -> str:
        claim = self.plan.claims.by_task[number].get(unit.id)
        return {Role.LEAD: "牵头", Role.JOINT: "配合"}.get(claim.part, "") if claim else ""

    def record(self, task: Task) -> TaskRecord:
        """A task with its answers in registry order and the units that owe one."""
        number = task.number
        claims = self.plan.claims.by_task[number].values()
        owing = tuple(claim.unit for claim in claims if claim.required)
        order = self.plan.registry.order
        return TaskRecord(
            number=number,
            section=self.plan.catalog.titles_of[number][0],
            within=self.plan.catalog.titles_of[number][1:],
            text=task.text,
            units=task.units,
            deadline=task.deadline,
            gaps=tuple(task.gaps),
            owing=owing,
            invited=tuple(claim.unit for claim in claims if not claim.required),
            entries=tuple(sorted(self._entries[number], key=lambda entry: order[entry.unit])),
            missing=tuple(u for u in owing if (u, number) not in self._heard and u not in self._silenced),
            labels=labels_of(task),
            more=more_words(task, self.plan.catalog.shape),
            label=task.label,
            lead=tuple(claim.unit for claim in claims if claim.part is Role.LEAD),
            joint=tuple(claim.unit for claim in claims if claim.part is Role.JOINT),
        )


def _left_order(plan: Plan, left: LeftOut) -> tuple[int, str, bool, int, str]:
    number = left.task if isinstance(left.task, int) else 0
    last = len(plan.registry.units)
    place = plan.registry.order.get(left.unit, last)
    return (place, left.unit, isinstance(left.task, str), number, left.file)


def reasons(findings: Iterable[Finding]) -> str:
    """Why something was left out: each fault with its line, as a reader of the Word file will see it."""
    return "；".join(found.in_words for found in findings) or "读不出来"


def accepted_only(ledger: Ledger) -> Ledger:
    """The ledger with accepted answers alone; the others are in ``withheld``, by unit and task."""
    withheld = [
        Withheld(entry.unit, entry.file, record.number, entry.review)
        for record in ledger.records
        for entry in record.entries
        if entry.review and not entry.review.accepted
    ]
    place = {party.id: number for number, party in enumerate(ledger.parties)}
    records = tuple(
        replace(record, entries=tuple(e for e in record.entries if e.review and e.review.accepted))
        for record in ledger.records
    )
    return replace(
        ledger, records=records, withheld=tuple(sorted(withheld, key=lambda h: (place[h.unit], task_order(h.task))))
    )


def select(
    ledger: Ledger,
    *,
    units: Iterable[str] | None = None,
    tasks: Iterable[TaskNumber] | None = None,
) -> Ledger:
    """The part of a ledger that concerns some units, or some tasks."""
    chosen = None if units is None else set(units)
    numbers = None if tasks is None else set(tasks)
    records = []
    for record in ledger.records:
        if numbers is not None and record.number not in numbers:
            continue
        if chosen is None:
            records.append(record)
            continue
        part = replace(
            record,
            owing=tuple(unit for unit in record.owing if unit in chosen),
            invited=tuple(unit for unit in record.invited if unit in chosen),
            entries=tuple(entry for entry in record.entries if entry.unit in chosen),
            missing=tuple(unit for unit in record.missing if unit in chosen),
        )
        if part.owing or part.invited:  # who answers a task is one of these (C202)
            records.append(part)
    parties = ledger.parties
    if chosen is not None:
        parties = tuple(party for party in parties if party.id in chosen)
    if numbers is not None:
        concerned = {unit for record in records for unit in (*record.owing, *record.invited)}
        concerned |= {left.unit for left in ledger.left_out if left.owed in numbers}
        parties = tuple(party for party in parties if party.id in concerned)
    known = {party.id for party in parties}
    # A file whose unit is not known could be about any task.
    strangers = {left.unit for left in ledger.left_out} - {party.id for party in ledger.parties}
    left_out = tuple(
        left
        for left in ledger.left_out
        if (chosen is None or left.unit in chosen)
        and (numbers is None or left.owed in numbers or (left.task is None and left.unit in known | strangers))
    )
    withheld = tuple(
        held
        for held in ledger.withheld
        if (chosen is None or held.unit in chosen) and (numbers is None or held.task in numbers)
    )
    return replace(ledger, records=tuple(records), left_out=left_out, parties=parties, withheld=withheld)
