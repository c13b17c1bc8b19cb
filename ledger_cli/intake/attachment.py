"""An issued attachment, the blank ledger as Word has it, to the catalog of its tasks.

What stands in the columns is kept verbatim, without line breaks. Units and dates are resolved where that is
sure; whatever is not, and whatever found no place in the catalog, is listed for people.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from ledger_cli.exits import CannotRun
from ledger_cli.model.catalog import Catalog, Head, Period, Section, Task
from ledger_cli.model.column import Role
from ledger_cli.model.heading import HEADINGS
from ledger_cli.model.registry import Registry
from ledger_cli.model.unit_names import UnitNames
from ledger_cli.read.deadlines import parse_deadline
from ledger_cli.read.office.tables import Cell, FilledDocument, Table

_NAMES = {
    Role.TEXT: "任务",
    Role.NUMBER: "编号",
    Role.LEAD: "责任单位",
    Role.UNITS: "责任单位",
    Role.DEADLINE: "完成时限",
}
_BY_HEADING = {name: column for role, column in _NAMES.items() for name in HEADINGS[role]}
_NEEDED = ("任务", "责任单位", "完成时限")
_NO_SECTION = "全部任务"
_ANNEX = re.compile(r"(附\s*件\s*(?:\d+|[一二三四五六七八九十]+)?)\s*[:：]?")
_ANNEX_AND_TITLE = re.compile(r"(附\s*件\s*(?:\d+|[一二三四五六七八九十]+))(?:\s*[:：]\s*|\s+)(\S.*)")
_NOT_TITLE = re.compile(r"(?:填报|报送)?(?:单位|时间|日期|部门)[^:：]{0,6}[:：]|(?:填报|填表|审核|联系)人\s*[:：]")
_DOCUMENT = re.compile(r"\w{2,12}[〔\[［]\d{4}[〕\]］]\d+号")
_YEARS = re.compile(r"(\d{4})年?[—–－\-~～至]+(\d{4})年")
_SECTION = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}[章部节]|（[一二三四五六七八九十]{1,3}）"
)
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]?")
_REMARK = re.compile(r"(?:备?注|说明)[：:\d]")
_NUMBER = re.compile(r"[（(第]?\s*(\d{1,3})\s*(?:[.．、:：)）项]|\s|$)\s*")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What was read: the head, the sections, and what is left to people.

    ``unresolved`` has the tasks that name a unit the registry lacks, by its name; ``unparsed`` pairs of a task
    and the words of its deadline; ``notes`` sentences without a full stop.
    """

    head: Head
    sections: tuple[Section, ...]
    unresolved: dict[str, list[int]]
    unparsed: list[tuple[int, str]]
    notes: list[str]

    @property
    def tasks(self) -> list[Task]:
        return [task for section in self.sections for task in section.tasks]


def read_attachment(document: FilledDocument, registry: Registry) -> Attachment:
    """The tasks in a document; raises ``CannotRun`` where it has no table of tasks or one without any units."""
    reader = _Reader()
    for block in document.blocks:
        if isinstance(block, Table):
            reader.table(block)
        elif not reader.lines(block):
            break
    if not reader.rows:
        raise CannotRun(
            "文件里没有找到任务表", "表头要有任务举措、责任单位、完成时限三栏，下面至少有一项任务；核对是不是这个附件。"
        )
    if document.revised:
        reader.notes.append("文件里有修订痕迹，按修订后的文字导入")
    return _attachment(reader, UnitNames(registry))


def to_catalog(attachment: Attachment, periods: tuple[Period, ...], current: str) -> Catalog:
    """The catalog with these reporting periods.

    Where the title names no years, the plan's first and last year are those of its dates and periods.
    """
    head = attachment.head
    days = [duty.due for task in attachment.tasks for duty in task.duties if duty.due]
    if head.start is None and days:
        years = [day.year for day in (*days, *(p.start for p in periods), *(p.end for p in periods))]
        head = head.model_copy(update={"start": date(min(years), 1, 1), "end": date(max(years), 12, 31)})
    return Catalog.model_validate({"台账": head, "当前报送期": current, "报送期": periods, "章节": attachment.sections})


# -- the document to rows -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns lie in the grid, each with its first place and the one after its last."""

    at: dict[str, tuple[int, int]]
    others: dict[str, tuple[int, int]]
    names: tuple[str, ...]
    width: int


@dataclass(slots=True)
class _Row:
    """A task as its row has it; ``section`` is the place of its section's title."""

    number: int
    text: str
    section: int
    cells: dict[str, Cell | None]


@dataclass(slots=True)
class _Reader:
    """Goes through the document once, collecting lines before the table, section titles and rows."""

    before: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _columns: _Columns | None = None
    _printed: int = 0  # the number that the last task bears in the document

    def lines(self, lines: list[str]) -> bool:
        """Take a run of paragraphs; false where another attachment begins."""
        if not self.rows:
            self.before.extend(lines)
            return True
        for line in lines:
            text = line.strip()
            if _ANNEX.fullmatch(text) or _ANNEX_AND_TITLE.fullmatch(text):
                self.notes.append(f"后面还有“{text}”，没有导入")
                return False
            if text:
                self.notes.append(f"表格后面的文字没有导入：“{text}”")
        return True

    def table(self, table: Table) -> None:
        width = max((cell.column + cell.span for row in table.rows for cell in row), default=0)
        headed = any(_heading(row) for row in table.rows)
        same = self._columns is not None and self._columns.width == width
        if not headed and not same:
            self.lines([line for row in table.rows for cell in row for line in cell.lines])
            return
        current = None if headed else self._columns
        for row in table.rows:
            heading = _heading(row)
            if heading and self.rows and self._columns and heading.names != self._columns.names:
                self.notes.append("另有一张栏目不同的任务表，没有导入")
                return
            if heading:
                self._columns = current = heading
            elif current is None:
                self.lines([line for cell in row for line in cell.lines])
            else:
                self._row(row, current)

    def _row(self, row: list[Cell], columns: _Columns) -> None:
        given = [cell for cell in row if _flat(cell)]
        if not given or self._is_section_row(row, given, columns):
            return
        cells = {name: _cell_at(row, span) for name, span in columns.at.items()}
        task, side = cells["任务"], cells.get("章节")
        if side is not None and side is not task and not side.continued and _flat(side):
            self._section(_flat(side))
        text, number = _flat(task), _flat(cells.get("编号"))
        if not text or (task is not None and task.continued) or _REMARK.match(text):
            own = [cell for cell in given if cell is not side]
            if own:
                self._unplaced(own)
            return
        self._task(text, number, cells)
        for name, span in columns.others.items():
            cell = _cell_at(row, span)
            if cell is not None and _flat(cell):
                self.notes.append(f"第{self.rows[-1].number}项“{name}”一栏的文字没有导入：“{_flat(cell)}”")

    def _unplaced(self, cells: Iterable[Cell]) -> None:
        words = "｜".join(_flat(cell) for cell in cells)
        after = f"第{self.rows[-1].number}项下面" if self.rows else "表头下面"
        self.notes.append(f"{after}有一行没有归入任务：“{words}”")

    def _is_section_row(self, row: list[Cell], given: list[Cell], columns: _Columns) -> bool:
        """Whether the row holds just a section's title, which is then begun."""
        first = given[0]
        text = _flat(first)
        number = columns.at.get("编号")
        if len(given) == 2 and number and first is _cell_at(row, number) and _CHINESE_NUMBER.fullmatch(text):
            if _flat(_cell_at(row, columns.at["责任单位"])) in ("", text):
                self._section(text.rstrip("、.．") + "、" + _flat(given[1]))
                return True
            return False
        whole = first.column <= columns.at["任务"][0] and first.column + first.span >= columns.at["责任单位"][1]
        if len(given) > 1 or _REMARK.match(text) or not (whole or _SECTION.match(text)):
            return False
        self._section(text)
        return True

    def _section(self, title: str) -> None:
        if not self.titles or self.titles[-1] != title:
            self.titles.append(title)

    def _task(self, text: str, given: str, cells: dict[str, Cell | None]) -> None:
        expected = self.rows[-1].number + 1 if self.rows else 1
        printed, rest = _numbered(text, (expected, self._printed + 1, 1))
        if given:
            own, more = _numbered(given, ())
            if own is None or more:
                self.notes.append(f"第{expected}项序号一栏写的是“{given}”")
            elif printed != own:
                printed, rest = own, text
        row_is_bare = not any(_flat(cells.get(name)) for name in ("责任单位", "完成时限"))
        if printed is None and self._printed and row_is_bare:
            self.notes.append(f"第{expected - 1}项下面有一行没有编号，没有导入：“{text}”")
            return
        number = expected
        if printed is None:
            self.notes.append(f"第{number}项原件没有编号，按先后编定")
        elif printed >= expected:
            number = printed
        if printed is not None and printed != expected:
            self.notes.append(f"原件编号不连续：应是{expected}的地方写着{printed}，编为第{number}项")
        self._printed = printed or 0
        if not self.titles:
            self.titles.append(_NO_SECTION)
            self.notes.append(f"原件没有章节，全部归入“{_NO_SECTION}”")
        self.rows.append(_Row(number, rest, len(self.titles) - 1, cells))


def _heading(row: list[Cell]) -> _Columns | None:
    """The columns that a row names, if it is the head of a table of tasks."""
    at: dict[str, tuple[int, int]] = {}
    others: dict[str, tuple[int, int]] = {}
    for cell in row:
        name = "".join(cell.text.split()).replace("(", "（").replace(")", "）")
        column = _BY_HEADING.get(name)
        span = (cell.column, cell.column + cell.span)
        if column and (column == "任务" or column not in at):
            if column in at:  # of several headings like 重点任务 and 任务举措, the last is the task's
                others[f"{name}之前"] = at[column]
            at[column] = span
        else:
            others[name or f"第{cell.column + 1}栏"] = span
    if not all(column in at for column in _NEEDED):
        return None
    left = [name for name, span in others.items() if span[1] <= at["任务"][0]]
    if left:
        at["章节"] = others.pop(left[0])
    names = tuple("".join(cell.text.split()) for cell in row)
    return _Columns(at, others, names, max(cell.column + cell.span for cell in row))


def _numbered(text: str, expected: Iterable[int]) -> tuple[int | None, str]:
    """The number before a text and the text without it; an expected one even where 2025年 follows its dot."""
    for number in expected:
        match = re.match(rf"[（(第]?\s*0?{number}\s*(?:[.．、:：)）项]|\s|$)\s*", text)
        if match:
            return number, text[match.end() :]
    match = _NUMBER.match(text)
    if match and not text[match.end() :][:1].isdigit():
        return int(match[1]), text[match.end() :]
    return None, text


def _flat(cell: Cell | None) -> str:
    """A cell's text on one line, nothing between what its lines hold."""
    return "".join(line.strip() for line in cell.lines) if cell is not None else ""


def _cell_at(row: list[Cell], span: tuple[int, int]) -> Cell | None:
    """The cell that lies over the first place of a column."""
    return next((cell for cell in row if cell.column <= span[0] < cell.column + cell.span), None)


# -- rows to the catalog --------------------------------------------------------------------------


def _attachment(reader: _Reader, names: UnitNames) -> Attachment:
    unresolved: dict[str, list[int]] = {}
    unparsed: list[tuple[int, str]] = []
    tasks: dict[int, list[Task]] = {}
    losses = [loss.kind for row in reader.rows for cell in row.cells.values() if cell for loss in cell.losses]
    if losses:
        reader.notes.append(f"任务表里的{'、'.join(dict.fromkeys(losses))}没有导入")
    for place, row in enumerate(reader.rows):
        units, deadline = (_source(reader.rows, place, column) for column in ("责任单位", "完成时限"))
        gaps = [name for name in ("责任单位", "完成时限") if not _is_present(row.cells.get(name))]
        refs, unknown = names.resolve("\n".join(units.lines))
        duties, left = parse_deadline(row.number, _flat(deadline))
        for name in unknown:
            unresolved.setdefault(name, []).append(row.number)
        unparsed.extend((row.number, words) for words in left)
        fields = {"编号": row.number, "举措": row.text, "责任单位": _flat(units), "责任主体": refs}
        fields |= {"完成时限": _flat(deadline), "原件缺失": gaps, "时限要求": duties}
        tasks.setdefault(row.section, []).append(Task.model_validate(fields))
    for place, title in enumerate(reader.titles):
        if place not in tasks:
            reader.notes.append(f"标题“{title}”下面没有任务，没有导入")
    sections = tuple(
        Section.model_validate({"标题": title, "任务": tasks[place]})
        for place, title in enumerate(reader.titles)
        if place in tasks
    )
    return Attachment(_head(reader), sections, unresolved, unparsed, reader.notes)


def _is_present(cell: Cell | None) -> bool:
    return cell is not None and not cell.continued and bool(_flat(cell))


def _source(rows: list[_Row], place: int, column: str) -> Cell:
    """The cell whose words hold for a row: its own, or the one that is assumed where that is empty.

    A cell merged into the one above continues it. An empty one takes the nearest above in its section, else
    the nearest below in it, since exported merged cells leave their words in the last row as well; else the
    nearest anywhere. Raises ``CannotRun`` where the whole column is empty.
    """
    for other in _candidates(rows, place, column):
        cell = other.cells.get(column)
        if cell is not None and _is_present(cell):
            return cell
    raise CannotRun(f"任务表的“{column}”一栏全是空的", "核对是不是这个附件，或者先在 Word 里补上这一栏。")


def _candidates(rows: list[_Row], place: int, column: str) -> Iterator[_Row]:
    yield rows[place]
    above, below = rows[:place][::-1], rows[place + 1 :]
    own = rows[place].cells.get(column)
    if own is None or not own.continued:
        yield from (row for row in above if row.section == rows[place].section)
        yield from (row for row in below if row.section == rows[place].section)
    yield from above
    yield from below


def _head(reader: _Reader) -> Head:
    annex, title, document = "", [], None
    for line in reader.before:
        text = line.strip()
        alone, together = _ANNEX.fullmatch(text), _ANNEX_AND_TITLE.fullmatch(text)
        if _DOCUMENT.fullmatch(text):
            document = text
        elif alone or together:
            found = alone or together
            assert found is not None
            annex, title = "".join(found[1].split()), [together[2]] if together else []
        elif not text and not annex:
            # Without an annex mark only the last paragraph before the table can be told from other text.
            title.append("")
        elif text and not _NOT_TITLE.match(text):
            title.append(text)
    if not annex:
        reader.notes.append("表格前面没有“附件”字样，暂记为“附件”")
        while title and not title[-1]:
            title.pop()
        start = max((place + 1 for place, line in enumerate(title) if not line), default=0)
        title = title[start:]
    name = "".join(title)
    if not name:
        reader.notes.append("表格前面没有标题，暂记为“工作台账”")
    fields: dict[str, object] = {"附件": annex or "附件", "名称": name or "工作台账", "文号": document}
    years = _YEARS.search(name)
    if years:
        fields |= {"开始": date(int(years[1]), 1, 1), "结束": date(int(years[2]), 12, 31)}
    return Head.model_validate(fields)
