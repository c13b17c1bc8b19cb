"""Two sides to the changes between them, by task and unit.

A side is what the files of one period say, as of a revision or on disk. Only answers that could be read are
compared; a file or an answer that could not be, on either side, or that lies where no period's files do, is named
with the reason and is never taken for withdrawn. A form that nobody filled in is no answer. Blanks at the ends of
lines are no change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ledger_cli.gather.merge import reasons
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.column import SEED, Shape, shown
from ledger_cli.model.fields import TaskNumber, task_order
from ledger_cli.model.ledger import LeftOut
from ledger_cli.model.registry import Registry
from ledger_cli.model.shaped import value_of
from ledger_cli.model.submission import Answer

EXCUSE, MET, FIGURE, EVIDENCE, JOINED = "不涉及", "完成", "指标", "佐证", "联合"
Kind = Literal["added", "removed", "changed"]
Parts = dict[tuple[str, str | None], str]
"""Words by column and item: an answer's or a task's."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change, ``kind`` being about the answer (or, where ``unit`` is None, about the catalog's task).

    An answer that appeared or vanished is one change without ``field``, its words under ``after`` or
    ``before``, each column led by its name; ``columns`` has them by name. Of a changed answer each column is
    one, and each duty and figure (``item`` is its id); ``before`` None is a column that was not there.
    """

    unit: str | None
    task: TaskNumber | None
    period: str | None
    kind: Kind
    field: str | None = None
    item: str | None = None
    before: str | None = None
    after: str | None = None
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> tuple[str | None, TaskNumber | None, str | None]:
        return (self.period, self.task, self.unit)


@dataclass(slots=True)
class Side:
    """The answers of one period by unit and task, and what could not be read or placed.

    ``present`` are the units with a file that somebody filled in, ``placed`` those with one that is where it
    belongs, filled in or not. ``astray`` are files that may be of this period: they take the place of what a
    unit without a placed file does not have. ``strange`` is set where a file's unit could not be told, so
    that no unit can be said to be without a file. ``shape`` has the columns that the answers were read with.
    """

    shape: Shape = SEED
    answers: dict[tuple[str, TaskNumber], Answer] = field(default_factory=dict)
    unread: list[LeftOut] = field(default_factory=list)
    astray: list[LeftOut] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)
    strange: bool = False

    @property
    def apart(self) -> set[tuple[str, int | str | None]]:
        """The answers that cannot be compared, by unit and task; with task None all of the unit's."""
        away = (left for left in self.astray if left.unit not in self.placed)
        return {(left.unit, left.task) for left in (*self.unread, *away)}


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be compared: one answer, or with ``task`` None a whole file (with ``file`` empty: any)."""

    unit: str
    task: TaskNumber | None
    period: str | None
    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in order, and what could not be compared.

    ``silent`` is set between periods alone: the units that reported for the earlier one and have no file yet
    for the later. Their answers are changes of kind removed, but nobody withdrew them.
    """

    changes: tuple[Change, ...] = ()
    unread: tuple[Unread, ...] = ()
    silent: tuple[str, ...] | None = None


def side_of(
    files: Iterable[CheckedFile], registry: Registry, astray: Iterable[CheckedFile] = (), shape: Shape = SEED
) -> Side:
    """The side that a period's checked files make (read with their answers), and those that may be of the period."""
    side = Side(shape)
    for file in astray:
        owners = _owners(file, registry)
        side.strange = side.strange or not owners
        side.astray.extend(_whole_file(file, owners))
    for file in files:
        owners = _owners(file, registry)
        if file.placed:
            side.placed |= owners
            if file.untouched:
                continue
        side.present |= owners
        if file.unit is None or not file.placed:
            side.strange = side.strange or not owners
            side.unread.extend(_whole_file(file, owners))
            continue
        answers, unread = answers_in(file, file.unit)
        side.answers.update({(file.unit, number): answer for number, answer in answers.items()})
        side.unread.extend(unread)
    return side


def _owners(file: CheckedFile, registry: Registry) -> set[str]:
    """The units whose file it may be: by what it says and by its name."""
    named = registry.find(file.stem)
    return {owner for owner in (file.unit, named.id if named else None) if owner}


def _whole_file(file: CheckedFile, owners: set[str]) -> list[LeftOut]:
    why = reasons(file.blocking)
    return [LeftOut(owner, file.file, None, why) for owner in sorted(owners) or [file.stem]]


def answers_in(file: CheckedFile, unit: str) -> tuple[dict[TaskNumber, Answer], list[LeftOut]]:
    """The answers of a file that can be read, by task, and those that cannot; unfilled ones are neither."""
    answers: dict[TaskNumber, Answer] = {}
    unread = []
    for entry in file.entries:
        # What is only incomplete or not owed can be read and compared.
        faults = [found for found in file.faults_of(entry) if found.rule.doubtful]
        if entry.number is None or faults or entry.answer is None:
            # What was written for a task that stands elsewhere now is unknown there.
            meant = entry.now or entry.number or entry.meant
            unread.append(LeftOut(unit, file.file, meant or entry.key, reasons(faults)))
        elif _filled(entry.answer):
            answers[entry.number] = entry.answer
    return answers, unread


def _filled(answer: Answer) -> bool:
    words = (*answer.texts, answer.not_applicable or "", *answer.evidence)
    return any(text.strip() for text in words) or bool(answer.met or answer.figures or answer.more)


def parts_of(answer: Answer, shape: Shape) -> Parts:
    """An answer's words by column and item, in the columns' order; empty columns are left out."""
    parts: Parts = {(column.key, None): _trimmed(shown(column, value_of(answer, column))) for column in shape.filed}
    parts[EXCUSE, None] = _trimmed(answer.not_applicable or "")
    parts.update({(MET, item): day.isoformat() for item, day in sorted(answer.met.items())})
    parts.update({(FIGURE, item): figure_text(value) for item, value in sorted(answer.figures.items())})
    parts[EVIDENCE, None] = "\n".join(_trimmed(text) for text in answer.evidence)
    parts[JOINED, None] = "、".join(answer.spoken_for)
    return {place: text for place, text in parts.items() if text}


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def figure_text(value: Decimal) -> str:
    """A figure without a superfluous zero or an exponent."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _columns(parts: Parts) -> tuple[tuple[str, str], ...]:
    return tuple((f"{column} {item}" if item else column, text) for (column, item), text in parts.items())


def columns_text(columns: Iterable[tuple[str, str]]) -> str:
    """All words of an answer, or of a task, each column led by its name."""
    return "\n".join(column_text(name, text) for name, text in columns)


def column_text(name: str, text: str) -> str:
    """A column's words led by its name, on lines of their own where there are several."""
    return f"{name}：\n{text}" if "\n" in text else f"{name}：{text}"


def compare_answers(before: Side, after: Side, period: str | None, order: Mapping[str, int]) -> Comparison:
    """The changes of one period's answers; ``order`` has the units' places in the registry."""
    unread = {
        (left.unit, left.task, left.file, left.why): Unread(left.unit, left.task, period, left.file, left.why)
        for side in (before, after)
        for left in (*side.unread, *side.astray)
    }
    apart = before.apart | after.apart
    columns = (*after.shape.keys, *before.shape.keys, EXCUSE, MET, FIGURE, EVIDENCE, JOINED)
    changes: list[Change] = []
    unsure: dict[str, Unread] = {}
    for unit, task in before.answers.keys() | after.answers.keys():
        if (unit, None) in apart or (unit, task) in apart:
            continue
        if (before.strange and unit not in before.present) or (after.strange and unit not in after.present):
            why = "有一侧没有这个单位填好的文件，却有认不出单位的文件"
            unsure[unit] = Unread(unit, None, period, "", why)
            continue
        place = (unit, task, period)
        old, new = before.answers.get((unit, task)), after.answers.get((unit, task))
        if old is None or new is None or old.content != new.content:
            parts = [parts_of(answer, side.shape) if answer else {} for answer, side in ((old, before), (new, after))]
            changes.extend(changes_of(place, parts[0], parts[1], columns))
    changes.sort(key=lambda change: change_order(change, order))
    left = [*unread.values(), *unsure.values()]
    return Comparison(tuple(changes), tuple(sorted(left, key=lambda one: _unread_order(one, order))))


def change_order(change: Change, order: Mapping[str, int]) -> tuple[tuple[bool, int, str], int, str]:
    """Catalog order of tasks, registry order of units; a catalog's change before its answers. Columns keep theirs."""
    unit = change.unit or ""
    return (task_order(change.task), order.get(unit, len(order)) if unit else -1, unit)


def _unread_order(unread: Unread, order: Mapping[str, int]) -> tuple[int, str, bool, int, str, str]:
    number = unread.task if isinstance(unread.task, int) else 0
    place = order.get(unread.unit, len(order))
    return (place, unread.unit, isinstance(unread.task, str), number, unread.file, unread.why)


def changes_of(
    place: tuple[str | None, TaskNumber | None, str | None], old: Parts, new: Parts, columns: Sequence[str]
) -> list[Change]:
    """The changes between two versions of an answer or a task, by column and item, in the order of ``columns``."""
    if old == new:
        return []
    unit, task, period = place
    if not old:
        given = _columns(new)
        return [Change(unit, task, period, "added", after=columns_text(given), columns=given)]
    if not new:
        given = _columns(old)
        return [Change(unit, task, period, "removed", before=columns_text(given), columns=given)]
    fields = sorted(
        old.keys() | new.keys(), key=lambda part: (columns.index(part[0]), len(part[1] or ""), part[1] or "")
    )
    return [
        Change(unit, task, period, "changed", column, item, old.get((column, item)), new.get((column, item)))
        for column, item in fields
        if old.get((column, item)) != new.get((column, item))
    ]


# -- what the changes come to ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answers appeared, vanished and changed, duties were met and figures moved, tasks changed."""

    added: int
    removed: int
    changed: int
    met: int
    figures: int
    tasks: int


def count(found: Comparison) -> Counts:
    """Answers are counted once however many of their columns changed; 办结 and 指标 are counted on top."""
    changes = told(found)
    answers = [change for change in changes if change.unit is not None]
    worded = [change for change in answers if change.kind == "changed" and not is_met(change) and not is_moved(change)]
    return Counts(
        added=sum(change.kind == "added" for change in answers),
        removed=sum(change.kind == "removed" for change in answers),
        changed=len({change.place for change in worded}),
        met=sum(is_met(change) for change in answers),
        figures=sum(is_moved(change) for change in answers),
        tasks=len({change.task for change in changes if change.unit is None}),
    )


def told(found: Comparison) -> list[Change]:
    """The changes without those of units that have not reported yet."""
    silent = set(found.silent or ())
    return [change for change in found.changes if change.unit not in silent]


def is_met(change: Change) -> bool:
    """Whether a duty was met that was open before."""
    return change.unit is not None and change.field == MET and change.before is None


def is_moved(change: Change) -> bool:
    return change.unit is not None and change.field == FIGURE


def moved_by(before: str | None, after: str | None) -> str:
    """The difference of two figures with its sign; empty where there is no second one."""
    if before is None or after is None:
        return ""
    by = Decimal(after) - Decimal(before)
    return f"{'+' if by > 0 else ''}{figure_text(by)}"
