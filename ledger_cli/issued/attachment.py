"""An issued document, the blank ledger as Word or Excel has it, to the catalog of its tasks.

What stands in the columns is kept verbatim, without line breaks. Units and dates are resolved where that is
sure; whatever is not, and whatever found no place in the catalog, is listed for people.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ledger_cli.exits import CannotRun
from ledger_cli.issued.annexes import annex_mark, annex_named, annexes, holds, lines_of
from ledger_cli.issued.columns import UNIT_ROLES, IssuedColumns, to_columns
from ledger_cli.issued.head import YEAR, head_of, only_year
from ledger_cli.issued.hidden import hidden_duties
from ledger_cli.issued.numbers import numbered
from ledger_cli.issued.parts import split_parts
from ledger_cli.issued.prose import read_prose
from ledger_cli.issued.reader import IssuedReader, IssuedTask, flat
from ledger_cli.model.catalog import Catalog, GapColumn, Head, Period, Section, Task
from ledger_cli.model.column import SEED, UNNUMBERED, Column, Role, Shape
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.registry import Registry
from ledger_cli.model.unit_names import UnitNames
from ledger_cli.read.deadlines import parse_deadline
from ledger_cli.read.office.tables import Cell, FilledDocument, Table

_UNIT_END = re.compile(
    r"(?:[局厅委办部院会社队处所站室镇股科行段台校馆关]|(?<!城)乡|中心|政府|公司|银行|大学|学院|集团|单位|部门|街道)(?:（[^（）]*）)?[、，；]?$"
)
_ROLES_WITHIN = re.compile(r"(?:牵头|主办|配合|协办)(?:单位|部门)?(?:[：:]|）)|牵头[，,；;]")
_ASSUMED_ROLES = (Role.UNITS, Role.DEADLINE)
"""Columns of the seed whose empty cells get the words of a neighbour, marked as assumed; other plans get none."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What was read: the head, the columns (None for the seed's), the sections, and what is left to people.

    ``unresolved`` has the tasks that name a unit the registry lacks, by its name; ``unparsed`` pairs of a task
    and the words of its deadline; ``hidden`` what a task's text may ask by a date or a figure; ``notes`` sentences
    without a full stop; ``printed`` what is known of the document beside: headings, paragraphs with tasks;
    ``others`` the lines of other annexes in the file, ``left`` cells of rows that are no tasks,
    ``above`` the lines before the table.
    """

    head: Head
    columns: tuple[Column, ...] | None
    sections: tuple[Section, ...]
    unresolved: dict[str, list[TaskNumber]]
    unparsed: list[tuple[TaskNumber, str]]
    hidden: list[tuple[TaskNumber, str, str]]
    notes: list[str]
    printed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @property
    def placed(self) -> list[tuple[Task, tuple[str, ...]]]:
        """The tasks in order, each with the titles of its sections."""
        return [
            (placed.task, placed.titles)
            for place, section in enumerate(self.sections)
            for placed in section.walk(("章节", place))
        ]

    @property
    def tasks(self) -> list[Task]:
        return [task for task, _ in self.placed]


def read_attachment(document: FilledDocument, registry: Registry | None, *, annex: str | None = None) -> Attachment:
    """The tasks in a document; raises ``CannotRun`` where it has no table of tasks or one without any units.

    Of several annexes it is the first that has such a table, or the one that is named. Without a registry no unit is
    looked up.
    """
    reader = _read(annex_named(document.blocks, annex))
    parts = annexes(document.blocks)
    if not reader.tasks and annex is None:
        reader = next((found for part in parts if (found := _read(part)).tasks), reader)
    elsewhere: list[str] = []
    for part in parts if reader.tasks else ():
        mark, tables = annex_mark(part), any(isinstance(block, Table) for block in part)
        if holds(part, reader.tasks[0].text) or (annex is None and not (mark and tables)):
            continue
        elsewhere += [line for block in part for line in lines_of(block)]
        if annex is None:
            told = f"后面还有“{mark}”，没有导入"
            reader.notes = [note for note in reader.notes if note != told]
            reader.notes.append(f"文件里还有“{mark}”，没有导入；要导入的，加 --annex {mark[2:] or mark}")
    if not reader.tasks:
        raise _refusal(reader)
    if document.revised:
        reader.notes.append("文件里有修订痕迹，按修订后的文字导入")
    made = _Assembly(reader, UnitNames(registry) if registry else None).attachment()
    return replace(
        made,
        left=tuple(reader.left),
        above=tuple(reader.before),
        others=tuple(elsewhere),
        printed=(*made.printed, *elsewhere),
    )


def _read(blocks: Sequence[list[str] | Table]) -> IssuedReader:
    reader = IssuedReader()
    for place, block in enumerate(blocks):
        if isinstance(block, Table):
            reader.table(block)
        else:
            follows = place + 1 < len(blocks) and isinstance(blocks[place + 1], Table)
            if not reader.lines(block, table_follows=follows):
                break
    if not reader.tasks and reader.refused is None:
        prose = IssuedReader()
        if read_prose(prose, [line for block in blocks if not isinstance(block, Table) for line in block]):
            return prose
    return reader


def _refusal(reader: IssuedReader) -> CannotRun:
    if reader.refused is not None:
        names = "”“".join(name for name in reader.refused.names if name)
        message = f"找到了表头“{names}”，没有认出{reader.refused.lacking}这一栏"
        better = "“任务举措”" if "任务" in reader.refused.lacking else "“责任单位”或者“牵头单位”"
        return CannotRun(message, f"在 Word 里把这一栏的表头改成{better}这样的名称，再导入。")
    hint = "表头要有任务举措、责任单位（或者牵头单位）这样的栏，下面至少有一项任务；核对是不是这个附件。"
    return CannotRun("文件里没有找到任务表", hint)


def to_catalog(attachment: Attachment, periods: tuple[Period, ...], current: str) -> Catalog:
    """The catalog with these reporting periods.

    Where the title names no years, the plan's first and last year are those of its dates and periods.
    """
    head = attachment.head
    years = [duty.due.year for task in attachment.tasks for duty in task.duties if duty.due]
    years += [int(year) for year in YEAR.findall(head.title)[:1]]
    if head.start is None and years:
        years += [day.year for p in periods for day in (p.start, p.end)]
        head = head.model_copy(update={"start": date(min(years), 1, 1), "end": date(max(years), 12, 31)})
    return Catalog.model_construct(
        None, head=head, columns=attachment.columns, current=current, periods=periods, sections=attachment.sections
    )


class _Assembly:
    """Makes a catalog's sections of the tasks that were read."""

    def __init__(self, reader: IssuedReader, names: UnitNames | None) -> None:
        assert reader.columns is not None
        self._reader = reader
        self._names = names
        self._columns: IssuedColumns = reader.columns
        columns, notes = to_columns(self._columns)
        self._shape = SEED if columns is None else Shape(columns)
        reader.notes += notes
        self._made = columns
        self.unresolved: dict[str, list[TaskNumber]] = {}
        self.unparsed: list[tuple[TaskNumber, str]] = []
        self.hidden: list[tuple[TaskNumber, str, str]] = []
        self._year: int | None = None

    def attachment(self) -> Attachment:
        reader = self._reader
        reader.settle_numbers()
        head = head_of(reader)
        self._year = only_year(head, reader)
        losses = [loss.kind for task in reader.tasks for cell in task.cells.values() if cell for loss in cell.losses]
        if losses:
            reader.notes.append(f"任务表里的{'、'.join(dict.fromkeys(losses))}没有导入")
        if not any(flat(self._cell(task, role)) for task in reader.tasks for role in UNIT_ROLES):
            name = next(column.name for column in self._columns.columns if column.role in UNIT_ROLES)
            raise CannotRun(f"任务表的“{name}”一栏全是空的", "核对是不是这个附件，或者先在 Word 里补上这一栏。")
        if self._columns.of(Role.DEADLINE) is None:
            reader.notes.append("没有认出完成时限一栏，没有时限要求；有这一栏的，把它的“作用”改成“时限”")
        again = {place for place, task in enumerate(reader.tasks) if task.again}
        numbers, notes = numbered([task.label for task in reader.tasks], again)
        reader.notes += notes
        tasks = [
            (task.titles, self._task(place, task, number))
            for place, (task, number) in enumerate(zip(reader.tasks, numbers, strict=True))
        ]
        reader.notes += [f"标题“{title}”下面没有任务，没有导入" for title in reader.empty_titles]
        sections = tuple(_sections(tasks, 0))
        return Attachment(
            head,
            self._made,
            sections,
            self.unresolved,
            self.unparsed,
            self.hidden,
            list(dict.fromkeys(reader.notes)),
            (
                *(words for column in self._columns.columns for words in (column.name, column.heading.group) if words),
                *reader.paragraphs,
            ),
        )

    def _cell(self, task: IssuedTask, role: Role) -> Cell | None:
        place = next((place for place, column in enumerate(self._columns.columns) if column.role is role), None)
        return task.cells.get(place) if place is not None else None

    def _task(self, place: int, task: IssuedTask, number: TaskNumber) -> Task:
        words: dict[int, str] = {}
        refs: dict[Role, tuple[str, ...]] = {}
        gaps: list[GapColumn] = []
        by_role: dict[Role, str] = {}
        for at, issued in enumerate(self._columns.columns):
            role, cell = issued.role, task.cells.get(at)
            if role in (Role.SECTION, Role.NUMBER, Role.TEXT) or role.filed:
                continue
            source = self._source(place, at, role)
            if source is not cell and not (cell and cell.continued) and self._shape.seed:
                gaps.append("责任单位" if role is Role.UNITS else "完成时限")
            words[at] = by_role[role] = _words(source, role)
            if role in UNIT_ROLES and self._names is not None:
                refs |= self._parts(self._names, role, words[at], number) or {
                    role: self._refs(self._names, source, words[at], number)
                }
        if Role.UNITS in by_role and _ROLES_WITHIN.search(by_role[Role.UNITS]) and not refs.get(Role.LEAD):
            self._reader.notes.append(f"第{number}项的责任单位里写着牵头、配合，没有读懂，都记为责任主体")
        if not any(by_role.get(role) for role in UNIT_ROLES):
            self._reader.notes.append(f"第{number}项原件没有写由谁负责，请在任务目录里补上")
        duties, left, notes = parse_deadline(number, by_role.get(Role.DEADLINE, ""), self._year)
        self.unparsed.extend((number, clause) for clause in left)
        self._reader.notes += [f"第{number}项：{note}" for note in notes]
        self.hidden += [(number, found, proposed) for found, proposed in hidden_duties(number, task.text, len(duties))]
        columns = self._shape.columns
        return Task.model_construct(
            None,
            number=number,
            label=self._label(task.label, number),
            text=task.text,
            units=by_role.get(Role.UNITS, ""),
            lead=by_role.get(Role.LEAD, ""),
            joint=by_role.get(Role.JOINT, ""),
            deadline=by_role.get(Role.DEADLINE, ""),
            refs=refs.get(Role.UNITS, ()),
            lead_refs=refs.get(Role.LEAD, ()),
            joint_refs=refs.get(Role.JOINT, ()),
            gaps=tuple(gaps),
            more={columns[at].key: said for at, said in words.items() if said and columns[at].role is Role.PLAN},
            duties=duties,
            indicators=(),
            filing=None,
        )

    def _parts(self, names: UnitNames, role: Role, words: str, number: TaskNumber) -> dict[Role, tuple[str, ...]]:
        """The units of a single column by the part that its words give them; nothing where they give none."""
        alone = role is Role.UNITS and not (self._columns.of(Role.LEAD) or self._columns.of(Role.JOINT))
        found: dict[Role, tuple[str, ...]] = {}
        for part, said in (split_parts(words) if alone and not self._shape.seed else {}).items():
            found[part], unknown = names.resolve(said)
            self._not_found(unknown, number)
        return {Role.UNITS: (), **found} if found else {}

    def _refs(self, names: UnitNames, source: Cell | None, words: str, number: TaskNumber) -> tuple[str, ...]:
        """The units of a cell; several lines that each end as a name does are several names."""
        refs, unknown = names.resolve(words.replace("\n", "、"))
        if unknown and source is not None:
            as_lines = names.resolve("\n".join(source.lines))  # names of any kind, a line each
            refs, unknown = as_lines if not as_lines[1] else (refs, unknown)
        self._not_found(unknown, number)
        return refs

    def _not_found(self, names: Iterable[str], number: TaskNumber) -> None:
        for name in names:
            self.unresolved.setdefault(name, []).append(number)

    def _label(self, label: str, number: TaskNumber) -> str:
        """The printed number where it is another than would be printed, or that there is none at all."""
        if not any(task.label.strip() for task in self._reader.tasks):
            return UNNUMBERED
        own = self._columns.of(Role.NUMBER) is not None
        same = label.strip() == (str(number) if own else f"{number}.")
        return "" if same or not label.strip() else label.strip()

    def _source(self, place: int, at: int, role: Role) -> Cell | None:
        """The cell whose words hold for a task: its own, the one above that reaches down to it, or none.

        In the columns of the seed an empty one takes the words of a neighbour: the nearest above in its section, else
        the nearest below in it, since exported merged cells leave their words in the last row as well; else the
        nearest anywhere. They are then marked as assumed.
        """
        own = self._reader.tasks[place].cells.get(at)
        if own is not None and flat(own) and not own.continued:
            return own
        if own is not None and own.continued:
            return next((cell for cell in self._above(place, at)), None)
        if not self._shape.seed or role not in _ASSUMED_ROLES:
            return None
        found = next((cell for cell in self._around(place, at)), None)
        if found is None:
            name = self._columns.columns[at].name
            raise CannotRun(f"任务表的“{name}”一栏全是空的", "核对是不是这个附件，或者先在 Word 里补上这一栏。")
        return found

    def _above(self, place: int, at: int) -> Iterator[Cell]:
        for task in reversed(self._reader.tasks[:place]):
            cell = task.cells.get(at)
            if cell is not None and not cell.continued and flat(cell):
                yield cell

    def _around(self, place: int, at: int) -> Iterator[Cell]:
        tasks, titles = self._reader.tasks, self._reader.tasks[place].titles
        above, below = tasks[:place][::-1], tasks[place + 1 :]
        same = [task for task in (*above, *below) if task.titles == titles]
        for task in (*same, *above, *below):
            cell = task.cells.get(at)
            if cell is not None and not cell.continued and flat(cell):
                yield cell


def _words(cell: Cell | None, role: Role) -> str:
    """The words of a cell: on one line, but for a unit behind one that ends its line, and the plan's other columns."""
    if cell is None:
        return ""
    lines = [line.strip() for line in cell.lines if line.strip()]
    if role is Role.PLAN:
        return "\n".join(lines)
    words = ""
    for place, line in enumerate(lines):
        ended = role in UNIT_ROLES and place and _UNIT_END.search(lines[place - 1]) and not line.startswith("办公")
        words += f"\n{line}" if ended else line
    return words


def _sections(tasks: Sequence[tuple[tuple[str, ...], Task]], depth: int) -> Iterator[Section]:
    """The sections at a depth, in order, with the tasks and the sections that stand in them."""
    place = 0
    while place < len(tasks):
        title = tasks[place][0][depth]
        end = place
        while end < len(tasks) and tasks[end][0][depth : depth + 1] == (title,):
            end += 1
        within = tasks[place:end]
        own = tuple(task for titles, task in within if len(titles) == depth + 1)
        deeper = [(titles, task) for titles, task in within if len(titles) > depth + 1]
        yield Section.model_construct(None, title=title, tasks=own, sections=tuple(_sections(deeper, depth + 1)))
        place = end
