"""Which columns a table has: known by their headings, wherever they stand and whatever offices call them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ledger_cli.intake.heads import headings_at
from ledger_cli.model.column import Column, Role, Shape
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.form import KEY, REVIEW, STANDING, STATUS
from ledger_cli.model.heading import HEADINGS, REPORTING
from ledger_cli.model.submission import task_number
from ledger_cli.read.office.tables import Cell

_LONGEST_HEADING = 16
TASK, NUMBER, SECTION, UNIT = "任务", "编号", "章节", "填报单位"
"""What the columns are called here in which a row says which task it is about, and whose it is; others by their key."""


@lru_cache
def by_heading(shape: Shape) -> Mapping[str, str]:
    """What a column is called here, by all that offices write over it, apart from blanks."""
    found: dict[str, str] = {}
    for column in shape.columns:
        found |= {bare(name): _name(column) for name in (column.name, column.key, *column.aliases)}
    general = {role: headings for role, headings in HEADINGS.items() if shape.of(role)}
    general |= {role: HEADINGS[role] for role in (Role.SECTION, Role.NUMBER)}
    if not shape.of(Role.LEAD) and shape.of(Role.UNITS):
        general[Role.LEAD] = HEADINGS[Role.LEAD]
    for role, headings in general.items():
        one = shape.of(role) or shape.of(Role.UNITS)
        name = _STANDING.get(role) or (_name(one) if one else "")
        for heading_ in headings:
            found.setdefault(bare(heading_), name)
    found |= {name: name for name in (STANDING, REVIEW) if name not in found}
    return found | {name: UNIT for name in REPORTING if name not in found}


_STANDING = {Role.TEXT: TASK, Role.NUMBER: NUMBER, Role.SECTION: SECTION}


def _name(column: Column) -> str:
    return _STANDING.get(column.role, column.key)


@dataclass(slots=True)
class Columns:
    """Where each known column of a table lies in the grid: first column and the one after the last."""

    at: dict[str, tuple[int, int]]
    unknown: dict[int, str]
    width: int

    @property
    def places(self) -> bool:
        """Whether there is a column that says which task a row is about."""
        return bool({TASK, NUMBER} & set(self.at))


def heading(row: list[Cell], shape: Shape, *, announced: bool = False) -> Columns | None:
    """The columns that a row names, if it is the head of a ledger.

    It needs a column for the tasks or their numbers, unless the task stands above the table (``announced``).
    """
    at: dict[str, tuple[int, int]] = {}
    unknown: dict[int, str] = {}
    known = by_heading(shape)
    for cell in row:
        name = bare(cell.text)
        column = known.get(name)
        if column and column not in at:
            at[column] = (cell.column, cell.column + cell.span)
        elif name:
            unknown[cell.column] = cell.text
    if shape.main.key not in at or not (announced or {TASK, NUMBER} & set(at)):
        return None
    return Columns(at, unknown, max(cell.column + cell.span for cell in row))


def head_at(
    rows: Sequence[list[Cell]], at: int, shape: Shape, *, announced: bool = False
) -> tuple[Columns, int] | None:
    """The columns that a head names which begins in a row, and how many rows it takes; a head may have two."""
    if at + 1 < len(rows) and any(cell.span > 1 and cell.text for cell in rows[at]):
        headings, depth = headings_at(rows, at)
        if depth > 1:
            named = [Cell([one.name], one.first, one.last - one.first) for one in headings]
            columns = heading(named, shape, announced=announced)
            if columns:
                return columns, depth
    columns = heading(rows[at], shape, announced=announced)
    return (columns, 1) if columns else None


def is_heading(text: str, shape: Shape, *, ours: bool) -> bool:
    """Whether words in a head's row are a heading: one of our sheet's own, or in others' ledgers any short one."""
    name = bare(text)
    if name in by_heading(shape) or name in (KEY, STATUS):
        return True
    return not ours and len(name) <= _LONGEST_HEADING and not name.endswith(("。", "；", ";"))


def tag_of(cell: Cell, shape: Shape) -> tuple[TaskNumber, str] | None:
    """Task and column in the tag of our form's controls, or of our sheet's cells."""
    number, bar, name = (cell.tag or "").partition("|")
    key = STATUS if name == STATUS else shape.key_of.get(name)
    known = task_number(number, shape) if bar and key else None
    return (known, key) if known is not None and key else None


def cell_at(row: list[Cell], span: tuple[int, int]) -> Cell | None:
    """The cell of a row that overlaps a column most."""
    best = max(row, key=lambda cell: _overlap(cell, span), default=None)
    return best if best and _overlap(best, span) > 0 else None


def column_over(cell: Cell, columns: Columns) -> str:
    """The known column under whose heading a cell lies most; "" where there is none."""
    best = max(columns.at, key=lambda name: _overlap(cell, columns.at[name]), default="")
    return best if best and _overlap(cell, columns.at[best]) > 0 else ""


def _overlap(cell: Cell, span: tuple[int, int]) -> int:
    """How many columns of the grid a cell and a column share; none or less where they lie apart."""
    return min(span[1], cell.column + cell.span) - max(span[0], cell.column)


def bare(text: str) -> str:
    """Text without blanks, as it is compared."""
    return "".join(text.split())
