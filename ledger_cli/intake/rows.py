"""A filled form, or whatever Word or Excel ledger a unit sent instead, to answers: nothing in it is dropped in silence.

Columns are known by their headings, rows by the tag of our own form, then the task's number and text. A row that fits
no task surely, or whose marks and words disagree, is an error that quotes it, never a guess.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ledger_cli.intake.answer_cells import cell_texts, mark_not_applicable, split_not_applicable, without_prompt
from ledger_cli.intake.around import DATE, LinesAround
from ledger_cli.intake.columns import NUMBER as NUMBER_COLUMN
from ledger_cli.intake.columns import TASK, UNIT, Columns, bare, by_heading, cell_at, head_at, is_heading, tag_of
from ledger_cli.intake.heads import DEEPEST
from ledger_cli.intake.leads import all_led, named_units, split_lead
from ledger_cli.intake.marks import edited, mark_fault
from ledger_cli.intake.net import essence, unaccounted
from ledger_cli.intake.own_report import is_label, is_note, is_stand_in
from ledger_cli.intake.placing import NUMBER, Doubt, Mapped, Placing
from ledger_cli.intake.repeats import repeated
from ledger_cli.model.column import Role, Shape, how_to_write, misread
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.form import FILLED, KEY, NOT_APPLICABLE, REVIEW, STANDING, STANDINGS, STATUS
from ledger_cli.model.plan import Plan
from ledger_cli.model.shaped import words_of
from ledger_cli.read.office.prompts import KNOWN
from ledger_cli.read.office.tables import Cell, FilledDocument, Loss, Table
from ledger_cli.write.view import ASSUMED

_ORDINAL = re.compile(r"[（(第]?[\d一二三四五六七八九十百]+[)）、.．:：项]*")
_THREE = 3
_RESTORE = "用 ledger form 重新出一份填报表，把这一行的内容填到原来的格子里，再收一次。"


@dataclass(slots=True)
class Taken:
    """What was taken from one file for one unit (its id, or "" for the unit the file is from): texts by task."""

    texts: dict[TaskNumber, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Intake:
    """Everything a file gave: texts by unit and task, how each row was placed, findings, header fields."""

    units: dict[str, Taken] = field(default_factory=dict)
    rows: list[Mapped] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    header: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a document before its rows are read; it is ``unit``'s as far as it says so.

    ``known_lines`` are lines that need no place in the ledger. In a document of a ``single`` unit no answer is
    another's, whatever it begins with; where only the file's name tells the unit (``named``), answers are other
    units' just where every one of them begins with a unit's name, as in a consolidated ledger. ``form`` and
    ``report`` say that the document carries the mark of our own forms, or of our own reports, ``stale`` that the
    catalog was edited after the form had been made.
    """

    file: str
    unit: str | None
    known_lines: frozenset[str]
    single: bool
    named: bool
    form: bool
    report: bool
    stale: bool


def take_in(plan: Plan, document: FilledDocument, source: Source) -> Intake:
    """The answers in a document."""
    reader = _Reader(plan, source)
    reader.marked = any(
        tag_of(cell, plan.catalog.shape) for table in document.tables for row in table.rows for cell in row
    )
    led = (
        source.report or not source.named or all_led(plan.registry, document, plan.catalog.shape, report=source.report)
    )
    reader.by_lead = led and not source.single
    columns: Columns | None = None
    for block in document.blocks:
        if isinstance(block, Table):
            columns = reader.table(block, columns)
        else:
            reader.lines(block)
    reader.lines(document.margin, margin=True)
    reader.losses(document.losses, "")
    if document.revised:
        reader.tell("F603", 0, 0, "文件里有修订痕迹，按修订后的文字收入", "核对一下收入的文字是不是定稿。")
    reader.settle()
    reader.conserve(document)
    return reader.intake


class _Reader:
    """Goes through one document; ``intake`` collects the outcome."""

    def __init__(self, plan: Plan, source: Source) -> None:
        self.plan = plan
        self.shape = plan.catalog.shape
        self.file = source.file
        self.form = source.form
        self.report = source.report
        self.stale = source.stale
        unit = source.unit if source.single else None
        self._around = LinesAround(plan, source.known_lines, report=source.report, unit=unit)
        self.intake = Intake(header=self._around.header)
        self.by_lead = True
        self._placing = Placing(plan.catalog)
        self.marked = False
        self._given: dict[tuple[str, TaskNumber], list[tuple[int, dict[str, str]]]] = {}
        self._unmarked: list[tuple[int, TaskNumber, dict[str, str]]] = []
        self._accounted: list[str] = []
        self._row = 0
        self._last: Mapped | None = None
        self._announced: Mapped | None = None  # the task whose text stands above a table without a column for it

    def tell(self, code: str, row: int, column: int, message: str, hint: str, task: TaskNumber | None = None) -> None:
        self.intake.findings.append(finding(code, self.file, (max(row, 1), max(column, 1)), message, hint, task=task))

    def losses(self, losses: list[Loss], where: str, task: TaskNumber | None = None) -> None:
        for loss in losses:
            quoted = f"“{loss.words}”" if loss.words else ""
            message = f"{where}有{loss.kind}{quoted}，文字里存不下，没有收入"
            self.tell("F603", self._row, 1, message, "要紧的内容写成文字，填在相应的栏里。", task)

    @property
    def _into(self) -> str:
        return f"要收入台账的，移到相应任务的{self.shape.asked}里。"

    # -- outside the tables -----------------------------------------------------------------------

    def lines(self, lines: list[str], *, margin: bool = False) -> None:
        for line in lines:
            rest = "" if self._announces(line) else self._around.rest(line, margin=margin)
            self._accounted.append(line)
            if DATE.fullmatch(rest):
                message, hint = f"表格外的日期“{rest}”没有收入", "是填报日期的，写成“填报日期：”再收一次。"
                self.tell("F603", self._row, 1, message, hint)
            elif rest:
                message = f"表格外有一段文字没有归处：“{rest}”"
                self.tell("F601", self._row, 1, message, self._into)

    def _announces(self, line: str) -> bool:
        """Whether a line is a task's own text, to which the table below belongs, or its units and deadline."""
        match = NUMBER.match(line)
        number = int(match[1]) if match else None
        task = self.plan.catalog.tasks.get(number) if number is not None else None
        if task is None or match is None or essence(line[match.end() :]) != essence(task.text):
            # A number that is a text, or starts anew with each section, is printed as it stands in the source.
            tasks, said = self.plan.catalog.tasks.values(), essence(line)
            named = [one for one in tasks if said == essence(self.shape.numbered(one.number, one.label) + one.text)]
            task = named[0] if len(named) == 1 else None
        if task is not None:
            self._announced = Mapped(task.number, "number", 1.0)
            return True
        known = self.plan.catalog.tasks.get(self._announced.task) if self._announced else None
        own = "　".join(f"{c.name}：{words_of(known, c)}" for c in self.shape.beside) if known else ""
        return bool(known) and essence(line.replace(ASSUMED, "")) == essence(own)

    # -- tables -----------------------------------------------------------------------------------

    def table(self, table: Table, before: Columns | None) -> Columns | None:
        """Read a table; its columns serve the next one, where a ledger is split over several tables."""
        columns: Columns | None = None
        width = max((cell.column + cell.span for row in table.rows for cell in row), default=0)
        if before and before.places and before.width == width and not _has_head(table, self.shape):
            columns = before
        below = 0  # rows that a head still takes
        for place, cells in enumerate(table.rows):
            self._row += 1
            row = [self._without_ledgers(cell) for cell in cells]
            if below and columns:
                below -= 1
                self._head(row, columns)
                continue
            following = table.rows[place + 1 : place + DEEPEST]
            head = head_at([row, *following], 0, self.shape, announced=self._announced is not None)
            if head:
                columns, below = head[0], head[1] - 1
                self._head(row, columns)
            elif columns and not columns.places and len({cell.text for cell in row}) == 1:
                self.lines(row[0].lines)  # a caption over the whole table: the next task's text, or a note
            elif columns is not None or any(tag_of(cell, self.shape) for cell in row):
                self._data_row(row, columns or Columns({}, {}, width))
            else:
                self.lines([line for cell in row for line in cell.lines])
                for cell in row:
                    self.losses(cell.losses, "")
        self._announced = None  # what stands above one table says nothing of the next
        return columns

    def _head(self, row: list[Cell], columns: Columns) -> None:
        """Account for the headings of a table; F601 for what is none, as an answer that slipped into the head."""
        for cell in row:
            if cell.column in columns.unknown and not is_heading(cell.text, self.shape, ours=self.form or self.marked):
                message = f"表头里有文字没有归处：“{cell.text}”"
                self.tell("F601", self._row, cell.column + 1, message, self._into)
            else:
                self._accounted.append(cell.text)

    def _without_ledgers(self, cell: Cell) -> Cell:
        """The cell without the tables in it that are ledgers themselves; those are read as such."""
        ledgers = [table for table in cell.tables if _has_head(table, self.shape)]
        if not ledgers:
            return cell
        lines = list(cell.lines)
        for table in ledgers:
            for line in table.flat:
                if line in lines:
                    lines.remove(line)
            self.table(table, None)
        return Cell(lines, cell.column, cell.span, cell.continued, cell.tag, cell.losses)

    def _data_row(self, row: list[Cell], columns: Columns) -> None:
        cells: dict[str, Cell | None] = {name: cell_at(row, span) for name, span in columns.at.items()}
        tags = [(tag, cell) for cell in row if (tag := tag_of(cell, self.shape))]
        fault = mark_fault(tags, cells.get(TASK), columns, self._placing, stale=self.stale)
        if fault and any(without_prompt(cell.text, beside_words=True) for _, cell in tags):
            self._refuse(row, fault)
            return
        if fault:  # nobody has written there
            self._accounted += [cell.text for cell in row]
            return
        if not tags and self._is_own_note(row, cells):
            return
        for (_, name), cell in tags:
            cells[name] = cell
        self._drop_standing(cells)
        self._drop_labels(cell for name, cell in cells.items() if name not in self.shape.by_key)
        answers = {name: cells[name] for name in self.shape.keys if cells.get(name) is not None}
        mapped = self._place(cells, answers, row)
        if mapped is None:
            return
        self._last = mapped
        for name, known in cells.items():
            if known is not None:
                self.losses(known.losses, f"第{mapped.task}项“{name}”", mapped.task)
        self._catalog_cells(mapped.task, cells)
        placed = {id(cell) for cell in cells.values() if cell is not None}
        for cell in row:
            if id(cell) not in placed:
                self._left_over(mapped, cell, columns)
        task_cell = cells.get(TASK)
        merged = task_cell is not None and task_cell.continued
        self._take(mapped, row, answers, cells, merged=merged)

    def _is_own_note(self, row: list[Cell], cells: dict[str, Cell | None]) -> bool:
        """Whether a row holds a note of our own report over all columns of answers, and no answer."""
        notes = self.shape.notes
        first, last = cells.get(notes[0].key), cells.get(notes[-1].key)
        if first is None or first is not last or not first.text.strip():
            return False
        text = first.text
        if is_note(text, self.plan.registry, ours=self.report):
            self._accounted += [cell.text for cell in row]
            return True
        return False

    def _drop_labels(self, cells: Iterable[Cell | None]) -> None:
        """Take away what our reports print beside a long text to say whose it is."""
        for cell in cells:
            if cell is not None and any(is_label(line, self.plan.registry) for line in cell.lines):
                self._accounted += cell.lines
                cell.lines = [line for line in cell.lines if not is_label(line, self.plan.registry)]

    def _drop_standing(self, cells: dict[str, Cell | None]) -> None:
        """Pass over what our ledger in Excel says of an answer: whether it was given, and how it stands."""
        for name in (STANDING, REVIEW):
            cell = cells.get(name)
            if cell is not None and cell.text.strip() in STANDINGS:
                self._accounted.append(cell.text)
                cell.lines = []
            cells.pop(name, None)

    def _left_over(self, mapped: Mapped, cell: Cell, columns: Columns) -> None:
        over = columns.unknown.get(cell.column, "")
        where = f"“{over}”一栏" if over else "多出的一格"
        self.losses(cell.losses, f"第{mapped.task}项{where}", mapped.task)
        if cell.text.strip() and not self._around.is_section(cell.text):
            message = f"第{mapped.task}项{where}的文字没有归处：“{cell.text}”"
            self.tell(
                "F601", self._row, cell.column + 1, message, f"要收入台账的，移到{self.shape.asked}里。", mapped.task
            )

    # -- which task -------------------------------------------------------------------------------

    def _refuse(self, row: list[Cell], why: str, hint: str = _RESTORE) -> None:
        """F602 with the words of a row of which nothing is taken."""
        quoted = "｜".join(cell.text for cell in row if cell.text.strip())
        self.tell("F602", self._row, 1, f"{why}，这一行没有收入：“{quoted}”", hint)
        for cell in row:
            self.losses(cell.losses, "这一行")

    def _place(self, cells: dict[str, Cell | None], answers: dict[str, Cell | None], row: list[Cell]) -> Mapped | None:
        if (number_cell := cells.get(NUMBER_COLUMN)) and _ORDINAL.fullmatch(number_cell.text.strip()):
            self._accounted.append(number_cell.text)
        tags = {tag[0] for cell in row if (tag := tag_of(cell, self.shape))}
        if tags:
            return self._keep(Mapped(tags.pop(), "tag", 1.0))
        task_cell = cells.get(TASK)
        if task_cell is not None and task_cell.continued and self._last:
            return self._last  # the task's cell is merged over several rows
        if task_cell is None and number_cell is None and self._announced:
            return self._keep(self._announced)
        words = task_cell.text.strip() if task_cell else ""
        given = number_cell.text.strip() if number_cell else ""
        if not words and not given and not any(c and c.text.strip() for c in answers.values()):
            self._idle(row)
            return None
        placed = self._placing.place(words, given)
        if isinstance(placed, Mapped):
            if not self.stale or self._placing.is_text_of(words, placed.task):
                return self._keep(placed)
            self._refuse(row, edited(placed.task))
            return None
        if not all(self._around.is_section(cell.text) or not cell.text.strip() for cell in row):
            self._unplaced(row, placed)
        return None

    def _idle(self, row: list[Cell]) -> None:
        """A row without task and answer: a section's title, a note of our own report, or text without a place."""
        for cell in row:
            self.losses(cell.losses, "")
            if (
                cell.text.strip()
                and not self._around.is_section(cell.text)
                and bare(cell.text) not in self._around.known
            ):
                message = f"有一行文字没有归处：“{cell.text}”"
                self.tell("F601", self._row, cell.column + 1, message, self._into)

    def _unplaced(self, row: list[Cell], doubt: Doubt) -> None:
        tasks = self.plan.catalog.tasks
        best = "；".join(f"第{n}项（{tasks[n].text[:16]}……，相似 {score:.0%}）" for score, n in doubt.candidates)
        said = f"编号写的是{doubt.number}，" if doubt.number is not None else ""
        write = "在任务一栏写上任务目录里的编号和原文，例如“3.……”，再收一次。"
        hint = f"最像的是{best}。{write}" if best else write
        self._refuse(row, f"这一行对不上任务：{said}文字不像任务目录里的哪一项", hint)

    def _keep(self, mapped: Mapped) -> Mapped:
        if not any(row.task == mapped.task for row in self.intake.rows):
            self.intake.rows.append(mapped)
        return mapped

    def _catalog_cells(self, number: TaskNumber, cells: dict[str, Cell | None]) -> None:
        """F601 for words that were added or changed in the catalog's own columns."""
        task = self.plan.catalog.tasks[number]
        for column in self.shape.of_plan:
            if column.role in (Role.SECTION, Role.NUMBER):
                continue
            name, own = TASK if column.role is Role.TEXT else column.key, words_of(task, column)
            cell = cells.get(name)
            if cell is None or cell.continued:
                continue
            self._accounted.append(cell.text)
            given = NUMBER.sub("", cell.text, count=1) if name == TASK else cell.text
            given = given.strip().removesuffix(ASSUMED)
            if essence(given) in essence(own):
                continue
            extra = bare(given).replace(bare(own), "") if bare(own) in bare(given) else cell.text
            message = f"第{number}项“{name}”一栏与任务目录不同，多出或改动的文字没有归处：“{extra}”"
            self.tell(
                "F601",
                self._row,
                cell.column + 1,
                message,
                f"任务目录不能在填报表里改；要说明的写进{self.shape.asked}。",
                number,
            )

    # -- the answers ------------------------------------------------------------------------------

    def _take(
        self,
        mapped: Mapped,
        row: list[Cell],
        answers: dict[str, Cell | None],
        cells: dict[str, Cell | None],
        *,
        merged: bool,
    ) -> None:
        texts = cell_texts(answers)
        ours = self.form or mapped.how == "tag"
        texts = {name: without_prompt(text, beside_words=ours) for name, text in texts.items()}
        main = self.shape.main.key
        if not ours and is_stand_in(texts.get(main, "")):
            self._accounted.append(texts[main])
            texts[main] = ""
        status = cells.get(STATUS)
        if status is not None and not self._with_status(mapped.task, row, status.text.strip(), texts):
            return
        if not any(text.strip() for text in texts.values()):
            return
        if split_not_applicable(texts, self.shape).get(NOT_APPLICABLE) == "":
            self._refuse(row, f"第{mapped.task}项只写了“不涉及”，没有写理由", "写成“不涉及：理由”，再收一次。")
            return
        if self.marked and mapped.how != "tag":
            self._unmarked.append((self._row, mapped.task, texts))
            return
        units = [""]
        if mapped.how != "tag":  # our own form is one unit's, whatever its words begin with
            units, texts[main] = self._whose(texts.get(main, ""), cells.get(UNIT))
        texts = self._understood(mapped.task, texts)
        for unit in units:
            self._give(unit, mapped.task, texts, joined=merged)

    def _understood(self, task: TaskNumber, texts: dict[str, str]) -> dict[str, str]:
        """The texts without those that are no value of their column, which are told (F607)."""
        kept = {}
        for name, text in texts.items():
            column = self.shape.by_key[name]
            why = misread(column, text)
            if why:
                message = f"第{task}项“{name}”{why}，这一格没有收入：“{text.strip()}”"
                self.tell("F607", self._row, 1, message, f"{how_to_write(column)}，再收一次。", task)
            else:
                kept[name] = text
        return kept

    def _with_status(self, task: TaskNumber, row: list[Cell], status: str, texts: dict[str, str]) -> bool:
        """Read the mark beside an answer into its texts; False where the two contradict each other and are refused."""
        if status not in ("", FILLED, NOT_APPLICABLE):
            message = f"第{task}项“{STATUS}”一栏的文字没有归处：“{status}”"
            self.tell("F601", self._row, 1, message, f"这一栏只选“{FILLED}”或者“{NOT_APPLICABLE}”。", task)
            return True
        self._accounted.append(status)
        if status == NOT_APPLICABLE and not mark_not_applicable(texts, self.shape):
            others = "另两栏" if len(self.shape.filed) == _THREE else "别的栏"
            hint = f"不涉及的，在“{self.shape.main.name}”里写理由，{others}留空；涉及的，把状态改成“已填报”。"
            also = "问题或者打算" if self.shape.seed else "别的栏"
            self._refuse(row, f"第{task}项的状态选了“不涉及”，又写了{also}", hint)
            return False
        return True

    def _give(self, unit: str, task: TaskNumber, texts: dict[str, str], *, joined: bool) -> None:
        """Keep the texts of a row for a unit; with ``joined`` they go on those of the row before."""
        given = {name: text for name, text in texts.items() if text.strip()}
        rows = self._given.setdefault((unit, task), [])
        if joined and rows:
            before = rows[-1][1]
            for name, text in given.items():
                before[name] = f"{before[name]}\n{text}" if before.get(name) else text
        else:
            rows.append((self._row, given))

    def _whose(self, progress: str, unit_cell: Cell | None) -> tuple[list[str], str]:
        """The units an answer is from: named in their own column, or leading the cell as in our reports."""
        if unit_cell is not None and unit_cell.text.strip():
            units = named_units(self.plan.registry, unit_cell.text)
            if units:
                self._accounted.append(unit_cell.text)
                return units, progress
        units, rest = split_lead(self.plan.registry, progress) if self.by_lead else ([], progress)
        if units:
            self._accounted.append(progress)
        return units or [""], rest

    # -- nothing is lost --------------------------------------------------------------------------

    def settle(self) -> None:
        """Take the rows of each task: equal copies once; of different ones none, since nobody knows which holds.

        In a form that carries marks, a row without any may have been pasted from another unit's.
        """
        for row, task, texts in self._unmarked:
            given = {name: text for name, text in texts.items() if text.strip()}
            if given not in [known for _, known in self._given.get(("", task), [])]:
                self._row = row
                message = (
                    f"第{task}项这一行没有填报表的标记，分不清是不是这个单位的，没有收入：“{'｜'.join(given.values())}”"
                )
                self.tell("F602", row, 1, message, _RESTORE, task)
        for (unit, task), rows in self._given.items():
            different = [texts for place, (_, texts) in enumerate(rows) if texts not in [t for _, t in rows[:place]]]
            if len(different) == 1:
                self.intake.units.setdefault(unit, Taken()).texts[task] = different[0]
                continue
            self._row = rows[-1][0]
            quoted = "；".join("“" + "｜".join(texts.values()) + "”" for texts in different)
            message = f"第{task}项在表里出现了{len(rows)}次，内容不同，都没有收入：{quoted}"
            self.tell("F602", self._row, 1, message, "只留下该报的那一行，再收一次。", task)
        for taken in self.intake.units.values():
            for task, texts in taken.texts.items():
                for sentence, times in repeated(texts.values()):
                    message = f"第{task}项里“{sentence}”出现了{times}次"
                    hint = "可能是保存时重复的，与原文件核对，多余的删去。"
                    self.tell("F606", self._row, 1, message, hint, task)

    def conserve(self, document: FilledDocument) -> None:
        """F601 for every word of the file that is in no answer, finding or column of the catalog: the last net."""
        for words in unaccounted(document.words, self._all_kept(), KNOWN):
            message = f"文件里有一段文字没有归处：“{words}”"
            self.tell("F601", 1, 1, message, self._into)

    def _all_kept(self) -> Iterator[str]:
        for taken in self.intake.units.values():
            for texts in taken.texts.values():
                yield from texts.values()
        for found in self.intake.findings:
            yield found.message
        yield from self.intake.header.values()
        yield from self._around.known
        yield from by_heading(self.shape)
        yield from (column.group for column in self.shape.columns if column.group)
        yield from self._accounted
        for unit in self.plan.registry.units:
            yield from unit.names
        for placed in self.plan.catalog.placed:
            task = placed.task
            yield from (*placed.titles, f"{task.number}.{task.text}", str(task.number), task.label)
            yield from (words_of(task, column) for column in self.shape.of_plan)
        yield from (ASSUMED, STATUS, KEY)


def _has_head(table: Table, shape: Shape) -> bool:
    return any(head_at(table.rows, place, shape, announced=True) for place in range(len(table.rows[:12])))
