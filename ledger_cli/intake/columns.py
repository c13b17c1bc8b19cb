"""Which columns a table has: known by their headings, wherever they stand and whatever offices call them."""

from dataclasses import dataclass

from ledger_cli.model.form import KEY, STATUS
from ledger_cli.model.submission import PROSE
from ledger_cli.read.office.tables import Cell

_DIGITS = 6  # a task has three at most; Python refuses to read numbers of thousands
_LONGEST_HEADING = 16
_PROGRESS, _PROBLEMS, _PLANS = PROSE
HEADINGS = {
    "任务": "任务举措 任务 工作任务 任务内容 重点任务 主要任务 举措 工作举措 任务名称 工作内容",
    "编号": "序号 编号 任务编号 任务序号",
    "责任单位": "责任单位 牵头单位 责任部门 责任单位（部门）",
    "完成时限": "完成时限 时限 完成时间 时限要求",
    "填报单位": "填报单位 单位 报送单位 单位名称",
    "章节": "章节 类别 部分",
    _PROGRESS: "具体落实情况 落实情况 进展 进展情况 工作进展 工作进展情况 完成情况 贯彻落实情况 落实进展 "
    "工作开展情况 开展情况",
    _PROBLEMS: "存在问题 存在的问题 存在的问题和不足 存在问题和不足 问题 问题和不足 主要问题 存在的主要问题 困难和问题",
    _PLANS: "工作打算 打算 下一步打算 下一步工作打算 下一步工作安排 下步工作打算 下步打算 下一步计划 下一步工作计划 "
    "工作计划 下一步措施 下一步工作",
}
"""What offices write over each column, apart from blanks."""

_BY_HEADING = {name: column for column, names in HEADINGS.items() for name in names.split()}


@dataclass(slots=True)
class Columns:
    """Where each known column of a table lies in the grid: first column and the one after the last."""

    at: dict[str, tuple[int, int]]
    unknown: dict[int, str]
    width: int

    @property
    def places(self) -> bool:
        """Whether there is a column that says which task a row is about."""
        return bool({"任务", "编号"} & set(self.at))


def heading(row: list[Cell], *, announced: bool = False) -> Columns | None:
    """The columns that a row names, if it is the head of a ledger.

    It needs a column for the tasks or their numbers, unless the task stands above the table (``announced``).
    """
    at: dict[str, tuple[int, int]] = {}
    unknown: dict[int, str] = {}
    for cell in row:
        name = bare(cell.text)
        column = _BY_HEADING.get(name)
        if column and column not in at:
            at[column] = (cell.column, cell.column + cell.span)
        elif name:
            unknown[cell.column] = cell.text
    if PROSE[0] not in at or not (announced or {"任务", "编号"} & set(at)):
        return None
    return Columns(at, unknown, max(cell.column + cell.span for cell in row))


def is_heading(text: str, *, ours: bool) -> bool:
    """Whether words in a head's row are a heading: one of our sheet's own, or in others' ledgers any short one."""
    name = bare(text)
    if name in _BY_HEADING or name in (KEY, STATUS):
        return True
    return not ours and len(name) <= _LONGEST_HEADING and not name.endswith(("。", "；", ";"))


def tag_of(cell: Cell) -> tuple[int, str] | None:
    """Task and column in the tag of our form's controls, or of our sheet's cells."""
    number, bar, name = (cell.tag or "").partition("|")
    return (
        (int(number), name)
        if bar and number.isdecimal() and len(number) <= _DIGITS and name in (*PROSE, STATUS)
        else None
    )


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
