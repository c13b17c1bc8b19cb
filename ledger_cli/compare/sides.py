"""What changed between two periods or revisions: files in, changes out.

``Files`` are read and checked as everywhere else; here it is decided which files are needed and which
versions stand beside each other. Nothing here prints, and nothing is written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from ledger_cli.check.displacement import moved_item, new_ids
from ledger_cli.compare.answers import (
    Comparison,
    Side,
    Unread,
    compare_answers,
    side_of,
)
from ledger_cli.compare.catalogs import compare_catalogs
from ledger_cli.edge.git import Revision
from ledger_cli.exits import CannotRun
from ledger_cli.files import Files, folder_of
from ledger_cli.gather.plan import sound_plan
from ledger_cli.gather.workers import check_all, submissions_of
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.ledger import LeftOut
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import Answer


@dataclass(frozen=True, slots=True)
class Stand:
    """One side of a comparison: where it is read from, its sound plan, and what people call it."""

    files: Files
    plan: Plan
    name: str

    @classmethod
    def of(cls, files: Files, name: str) -> "Stand":
        """The side that files make; raises ``CannotRun`` where their catalog or registry is faulty."""
        try:
            return cls(files, sound_plan(files), name)
        except CannotRun as error:
            raise CannotRun(f"{name}：{error.message}", error.hint) from error


def compare_periods(stand: Stand, before: str, after: str, today: date) -> Comparison:
    """The changes from one period's answers to another's; the records carry the later period."""
    codes = _codes(stand)
    earlier, later = (
        _side(stand, submissions_of(stand.files, period, codes), period, codes, today) for period in (before, after)
    )
    found = compare_answers(earlier, later, after, stand.plan.registry.order)
    # A completion date reported once counts from then on; a later period need not repeat it.
    changes = (change for change in found.changes if change.field != "完成" or change.after is not None)
    found = replace(found, changes=tuple(changes))
    gone = dict.fromkeys(change.unit for change in found.changes if change.kind == "removed")
    silent = (unit for unit in gone if unit and unit not in later.present)
    order = stand.plan.registry.order
    return replace(found, silent=tuple(sorted(silent, key=lambda unit: order.get(unit, len(order)))))


def compare_revisions(before: Stand, after: Stand, periods: Sequence[str], today: date) -> Comparison:
    """The changes of catalog and answers from one side to the other, period by period."""
    order = {unit: place for place, unit in enumerate({**after.plan.registry.unit, **before.plan.registry.unit})}
    changes = compare_catalogs(before.plan.catalog, after.plan.catalog)
    codes = _codes(before) | _codes(after)
    unread: list[Unread] = []
    for period in periods:
        old, new = (submissions_of(stand.files, period, codes) for stand in (before, after))
        needed = _needed(before, after, old, new)
        earlier, later = (
            _part(stand, names, needed, period, codes, today) for stand, names in ((before, old), (after, new))
        )
        earlier = _renumbered(earlier, before.plan.catalog, after.plan.catalog)
        found = compare_answers(earlier, later, period, order)
        changes.extend(found.changes)
        unread.extend(found.unread)
    return Comparison(tuple(changes), tuple(each_once(unread)))


def _renumbered(side: Side, before: Catalog, after: Catalog) -> Side:
    """An earlier side with each answer at the number that its task's text has on the later one.

    An answer whose number stands for a task from elsewhere now, and its own for none, cannot be compared.
    """
    if {number: task.digest for number, task in before.tasks.items()} == {
        number: task.digest for number, task in after.tasks.items()
    }:
        return side
    answers: dict[tuple[str, TaskNumber], Answer] = {}
    unread = [replace(left, task=_number(left.task, before, after) or left.task) for left in side.unread]
    for (unit, number), answer in side.answers.items():
        now = _number(number, before, after)
        if now is None:
            unread.append(LeftOut(unit, "", number, "这项任务的原文在另一侧没有，编号是另一项任务的"))
        else:
            answers[unit, now] = answer if now == number else _with_ids(answer, number, now, before, after)
    return replace(side, answers=answers, unread=unread)


def _number(number: TaskNumber | None, before: Catalog, after: Catalog) -> TaskNumber | None:
    """The later number of an earlier task; its own where its text was only edited, or is in no catalog."""
    if number is None or number not in before.tasks:
        return None
    digest = before.tasks[number].digest
    places = after.numbers_of.get(digest, [])
    if number in places or number not in after.tasks:
        return number
    if len(places) == 1:
        return places[0]
    return None if after.tasks[number].digest in before.numbers_of else number


def _with_ids(answer: Answer, number: TaskNumber, now: TaskNumber, before: Catalog, after: Catalog) -> Answer:
    ids = new_ids(before.tasks[number], after.tasks[now])
    met = {moved_item(item, ids) or item: day for item, day in answer.met.items()}
    figures = {moved_item(item, ids) or item: value for item, value in answer.figures.items()}
    return answer.model_copy(update={"met": met, "figures": figures})


def each_once(unread: Iterable[Unread]) -> list[Unread]:
    """Each only once: what could be of several periods is of none that can be named."""
    found: dict[Unread, Unread] = {}
    for one in unread:
        key = replace(one, period=None) if one.file else one
        found[key] = key if key in found else one
    return list(found.values())


def narrowed(found: Comparison, unit: str | None, task: TaskNumber | None) -> Comparison:
    """The part of a comparison that concerns a unit, or a task."""
    changes = tuple(c for c in found.changes if unit in (None, c.unit) and task in (None, c.task))
    unread = tuple(u for u in found.unread if unit in (None, u.unit) and (task is None or u.task in (None, task)))
    silent = found.silent and tuple(one for one in found.silent if any(c.unit == one for c in changes))
    return Comparison(changes, unread, silent)


def _codes(stand: Stand) -> set[str]:
    return {period.code for period in stand.plan.catalog.periods}


def _units(plan: Plan, names: Iterable[str]) -> Iterator[str]:
    """The units that the files' names name."""
    for name in names:
        unit = plan.registry.find(PurePosixPath(name).stem)
        if unit:
            yield unit.id


def _side(stand: Stand, names: Sequence[str], period: str, codes: set[str], today: date) -> Side:
    checked = check_all(stand.files, stand.plan, names, today=today, with_answers=True)
    return period_side(checked, stand.plan, period, codes)


def period_side(checked: Iterable[CheckedFile], plan: Plan, period: str, codes: set[str]) -> Side:
    """The side that a period's files make with those in no registered period's folder.

    Of the latter, those that say another registered period, or nothing at all, do not concern it.
    """
    own, astray = [], []
    for file in checked:
        if folder_of(file.file) == period:
            own.append(file)
        elif not (file.untouched and file.whole):
            if file.period == period:
                own.append(file)
            elif file.period not in codes:
                astray.append(file)
    return side_of(own, plan.registry, astray, plan.catalog.shape)


def _part(stand: Stand, names: Sequence[str], needed: set[str], period: str, codes: set[str], today: date) -> Side:
    """The side that the needed files make; the others are there all the same."""
    side = _side(stand, [name for name in names if name in needed], period, codes, today)
    side.present.update(_units(stand.plan, (name for name in names if name not in needed)))
    return side


def _needed(before: Stand, after: Stand, old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The files that can make a difference: those not the same on both sides, and others of the same units."""
    both = {*old, *new}
    same_plan = before.plan.registry == after.plan.registry and before.plan.catalog == after.plan.catalog
    if not same_plan:
        return both
    shared = {*old} & {*new}
    changed = {name for name in both if name not in shared or not _same(before.files, after.files, name)}
    units = set(_units(after.plan, changed))
    return changed | {name for name in both if units & {*_units(after.plan, [name])}}


def _same(before: Files, after: Files, name: str) -> bool:
    if isinstance(before, Revision) and isinstance(after, Revision):
        return before.same(after, name)
    return before.read(name) == after.read(name)
