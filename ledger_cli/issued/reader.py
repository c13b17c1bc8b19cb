"""An issued document to its tasks as they are printed: each with its section titles, its number and its cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ledger_cli.intake.heads import headings_at
from ledger_cli.issued.columns import UNIT_ROLES, IssuedColumns, inferred, issued_columns, settled
from ledger_cli.issued.numbers import split_number, whole
from ledger_cli.model.catalog import UNTITLED
from ledger_cli.model.clip import clipped
from ledger_cli.model.column import Role
from ledger_cli.read.office.tables import Cell, Table

ANNEX = re.compile(r"(附\s*[件表]\s*(?:\d+|[一二三四五六七八九十]+)?)\s*[:：]?")
ANNEX_AND_TITLE = re.compile(r"(附\s*[件表]\s*(?:\d+|[一二三四五六七八九十]+))(?:\s*[:：]\s*|\s+)(\S.*)")
_LEVELS = (
    re.compile(r"第[一二三四五六七八九十]{1,3}(?:部分|[章篇编])"),
    re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]{1,3}节"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,2}[.．、]"),
)
"""How titles of sections begin, the outermost first."""
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]?")
_REMARK = re.compile(r"(?:备\s*注|注|说\s*明|填表说明|填报说明)(?:[：:\d]|$)")
_SUM = re.compile(r"(?:合|总|小|共)\s*计.{0,12}")
_ITEM = re.compile(r"[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.．、)）]|[①-⑳]")
_LEAST_HEADINGS = 3
_NO_HEADING = re.compile(r"^\d+(?:\.\d+)*$|[。；]$")
_LONGEST_HEADING = 16


@dataclass(slots=True)
class IssuedTask:
    """A task as its row has it: titles, printed number, text, and the cells of the other columns by place.

    ``again`` says that its number is that of the task above, whose cell reaches down to it.
    """

    titles: tuple[str, ...]
    label: str
    text: str
    cells: dict[int, Cell | None]
    again: bool = False


def title_level(text: str) -> int | None:
    """How deep a section is that is titled so, 0 for the outermost; None where a text is not marked as a title."""
    return next((level for level, pattern in enumerate(_LEVELS) if pattern.match(text)), None)


@dataclass(slots=True)
class Titles:
    """The titles of the sections that are open, the outermost first."""

    _open: list[tuple[int, str]] = field(default_factory=list)
    seen: list[tuple[str, ...]] = field(default_factory=list)

    def begin(self, title: str) -> None:
        """Begin a section; those of the same depth and deeper end. One without a mark is of the outermost."""
        level = title_level(title)
        level = -1 if level is None else level
        if self._open and self._open[-1] == (level, title):
            return
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, title))
        self.seen.append(self.now)

    @property
    def now(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._open)


@dataclass(slots=True)
class IssuedReader:
    """Goes through a document once, collecting the lines before its table, section titles and tasks.

    ``paragraphs`` are those with a task in each, where it has no table; ``left`` the cells of rows that are no tasks.
    """

    before: list[str] = field(default_factory=list)
    titles: Titles = field(default_factory=Titles)
    tasks: list[IssuedTask] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    columns: IssuedColumns | None = None
    refused: IssuedColumns | None = None
    _last: int = 0  # the number that the last task bears in the document

    def lines(self, lines: Sequence[str], *, table_follows: bool) -> bool:
        """Take a run of paragraphs; false where another attachment begins."""
        texts = [line.strip() for line in lines]
        said = [text for text in texts if text]
        heads = 0  # titles of sections right before a table
        while table_follows and heads < len(said) and (self.tasks or heads + 1 < len(said) + len(self.before)):
            if title_level(said[-1 - heads]) is None or len(said[-1 - heads]) > 40:
                break
            heads += 1
        titles = said[len(said) - heads :]
        if not self.tasks:
            kept = len(texts)
            while heads and kept and (not texts[kept - 1] or texts[kept - 1] in titles):
                kept -= 1
            self.before.extend(["", *lines[:kept]])
        else:
            for text in said[: len(said) - heads]:
                if ANNEX.fullmatch(text) or ANNEX_AND_TITLE.fullmatch(text):
                    self.notes.append(f"后面还有“{text}”，没有导入")
                    return False
                self.notes.append(f"表格后面的文字没有导入：“{text}”")
        for title in titles:
            self.titles.begin(title)
        return True

    def table(self, table: Table) -> None:
        rows = table.rows
        width = max((cell.column + cell.span for row in rows for cell in row), default=0)
        head = next((place for place in range(len(rows)) if self._head(rows, place)), None)
        if head is None and not (self.columns and self.columns.width == width):
            self.lines([line for row in rows for cell in row for line in cell.lines], table_follows=False)
            return
        current = None if head is not None else self.columns
        place = 0
        while place < len(rows):
            found = self._head(rows, place)
            if found is None:
                if current is None:
                    self.lines([line for cell in rows[place] for line in cell.lines], table_follows=False)
                else:
                    self._row(rows[place], current)
                place += 1
                continue
            columns, depth = found
            if self.columns and columns.names != self.columns.names:
                self.notes.append("另有一张栏目不同的任务表，没有导入")
                return
            if self.columns is None:
                self.columns = self._settled(columns, rows[place + depth :])
            current = self.columns
            place += depth

    def _head(self, rows: Sequence[Sequence[Cell]], place: int) -> tuple[IssuedColumns, int] | None:
        headings, depth = headings_at(rows, place)
        names = [heading.name for heading in headings]
        if len(set(filter(None, names))) < _LEAST_HEADINGS or any(_NO_HEADING.search(name) for name in names):
            return None
        columns = issued_columns(headings)
        if self.columns is not None and columns.names != self.columns.names and not columns.plain:
            return None  # once a head was found, a row of a task is not taken for another
        if columns.lacking and columns.known and all(len(heading.name) <= _LONGEST_HEADING for heading in headings):
            below = [row for row in rows[place + depth :] if not self._is_wide(row, columns)]
            columns = inferred(columns, [_cells(row, columns) for row in below])
        if not columns.lacking:
            return columns, depth
        if columns.known and (self.refused is None or columns.known > self.refused.known):
            self.refused = columns
        return None

    def _settled(self, columns: IssuedColumns, rows: Sequence[Sequence[Cell]]) -> IssuedColumns:
        """The columns with what is known once their cells were seen: which of them the plan fills in."""
        own = [row for row in rows if not self._is_wide(row, columns)]
        titled = bool(self.titles.now) or any(self._title(row, columns) for row in rows)
        return settled(columns, [_cells(row, columns) for row in own if not _is_remark(row)], titled=titled)

    @staticmethod
    def _is_wide(row: Sequence[Cell], columns: IssuedColumns) -> bool:
        """Whether a row has no cells of its own for the task and for those who see to it: a title, or a remark."""
        text = columns.of(Role.TEXT)
        units = [column for column in columns.columns if column.role in UNIT_ROLES]
        if len([cell for cell in row if flat(cell)]) <= 1:
            return True
        if text is None or not units:
            return len(row) < len(columns.columns) / 2
        cell = _cell_at(row, text.heading.span)
        return cell is not None and all(cell is _cell_at(row, column.heading.span) for column in units)

    def _title(self, row: Sequence[Cell], columns: IssuedColumns) -> str:
        """The title of a section that a row holds and nothing else; "" where it is no such row."""
        given = [cell for cell in row if flat(cell)]
        if not given or _is_remark(row):
            return ""
        first, text = given[0], flat(given[0])
        number, task = columns.of(Role.NUMBER), columns.of(Role.TEXT)
        assert task is not None
        at_task = _cell_at(row, task.heading.span)
        if len(given) == 2 and number and first is _cell_at(row, number.heading.span) and given[1] is at_task:
            if _CHINESE_NUMBER.fullmatch(text):
                return text.rstrip("、.．") + "、" + flat(given[1])
            if self._is_wide(row, columns):
                mark = "" if text.endswith(("）", ")")) else "."
                return f"{text.rstrip('、.．')}{mark}{flat(given[1])}"
        if len(given) > 1:
            return ""
        last = max(column.heading.last for column in columns.columns if column.role in UNIT_ROLES)
        whole_row = first.column <= task.heading.first and first.column + first.span >= min(last, columns.width)
        marked = title_level(text) is not None and (number is not None or title_level(text) != len(_LEVELS) - 1)
        return text if whole_row or marked else ""

    def _row(self, row: Sequence[Cell], columns: IssuedColumns) -> None:
        given = [cell for cell in row if flat(cell)]
        if not given:
            return
        title = self._title(row, columns)
        if title:
            self.titles.begin(title)
            return
        cells = dict(enumerate(_cells(row, columns)))
        by_role = {column.role: cells[place] for place, column in reversed(list(enumerate(columns.columns)))}
        task, side = by_role[Role.TEXT], by_role.get(Role.SECTION)
        if _is_remark(row) or (self._is_wide(row, columns) and len(given) > 1):
            self._unplaced(given)
            return
        if side is not None and side is not task and not side.continued and flat(side):
            self.titles.begin(flat(side))
        number = by_role.get(Role.NUMBER)
        label = flat(number)
        again = number is not None and number.continued and bool(self.tasks)
        if again:
            label = self.tasks[-1].label
        text = _text(task)
        if not text or (task is not None and task.continued):
            own = [cell for cell in given if cell is not side]
            if own:
                self._unplaced(own)
            return
        bare = not any(flat(by_role.get(role)) for role in (*UNIT_ROLES, Role.DEADLINE))
        self._task(text, label, cells, bare=bare, own_column=columns.of(Role.NUMBER) is not None)
        if again:
            self.tasks[-1].again = True

    def _unplaced(self, cells: Sequence[Cell]) -> None:
        words = "｜".join(flat(cell) for cell in cells)
        after = f"“{clipped(self.tasks[-1].text, 14)}”下面" if self.tasks else "表头下面"
        self.left += [flat(cell) for cell in cells]
        self.notes.append(f"{after}有一行没有归入任务：“{words}”")

    def _task(self, text: str, label: str, cells: dict[int, Cell | None], *, bare: bool, own_column: bool) -> None:
        prefix, rest = ("", text) if own_column else split_number(text, (self._last + 1, 1))
        if not own_column and not prefix and self._last and bare:
            self.notes.append(f"“{self.tasks[-1].text[:12]}”下面有一行没有编号，没有导入：“{text}”")
            return
        printed = label or prefix
        self._last = whole(printed) or self._last
        if not self.titles.now:
            self.titles.begin(UNTITLED)
            self.notes.append(f"原件没有章节，全部归入“{UNTITLED}”")
        self.tasks.append(IssuedTask(self.titles.now, printed, rest if prefix else text, cells))

    def settle_numbers(self) -> None:
        """Give the tasks back what looked like their numbers where most of them have none."""
        own = self.columns is not None and self.columns.of(Role.NUMBER) is not None
        labels = [task.label for task in self.tasks if task.label]
        if not own and len(labels) * 2 <= len(self.tasks):
            for task in self.tasks:
                task.text, task.label = task.label + task.text, ""

    @property
    def empty_titles(self) -> Iterator[str]:
        """Titles below which there is no task."""
        used = {titles[: place + 1] for task in self.tasks for titles in (task.titles,) for place in range(len(titles))}
        for titles in dict.fromkeys(self.titles.seen):
            if titles not in used:
                yield titles[-1]


def flat(cell: Cell | None) -> str:
    """A cell's text on one line, nothing between what its lines hold."""
    return "".join(line.strip() for line in cell.lines) if cell is not None else ""


def _cell_at(row: Sequence[Cell], span: tuple[int, int]) -> Cell | None:
    """The cell that lies over the first place of a column."""
    return next((cell for cell in row if cell.column <= span[0] < cell.column + cell.span), None)


def _cells(row: Sequence[Cell], columns: IssuedColumns) -> list[Cell | None]:
    return [_cell_at(row, column.heading.span) for column in columns.columns]


def _text(cell: Cell | None) -> str:
    """A task's words: on one line, but for lines that begin with a number of their own."""
    lines = [line.strip() for line in cell.lines if line.strip()] if cell is not None else []
    return "".join(f"\n{line}" if place and _ITEM.match(line) else line for place, line in enumerate(lines))


def _is_remark(row: Sequence[Cell]) -> bool:
    """Whether a row below the tasks remarks on them or adds them up."""
    first = next((flat(cell) for cell in row if flat(cell)), "")
    return bool(_REMARK.match(first) or _SUM.fullmatch(first))
