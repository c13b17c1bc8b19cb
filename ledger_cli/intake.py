"""A filled form, or whatever Word or Excel ledger a unit sent instead, to answers: nothing in it is dropped in silence.

Columns are known by their headings, rows by the tag of our own form, then the task's number, then the likeness
of its text. A row that fits no task surely is an error that names the two best candidates, never a guess.
Every text of the file is in an answer or in a finding that quotes it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import PROSE
from ledger_cli.read.tables import PROMPT, RETURNED, Cell, FilledDocument, Loss, Table

_HEADINGS = {
    "任务": "任务举措 任务 工作任务 任务内容 重点任务 主要任务 举措 工作举措 任务名称 工作内容",
    "编号": "序号 编号 任务编号 任务序号",
    "责任单位": "责任单位 牵头单位 责任部门 责任单位（部门）",
    "完成时限": "完成时限 时限 完成时间 时限要求",
    "填报单位": "填报单位 单位 报送单位 单位名称",
    "章节": "章节 类别 部分",
    PROSE[
        0
    ]: "具体落实情况 落实情况 进展 进展情况 工作进展 工作进展情况 完成情况 贯彻落实情况 落实进展 工作开展情况 开展情况",
    PROSE[1]: "存在问题 存在的问题 存在的问题和不足 存在问题和不足 问题 问题和不足 主要问题 存在的主要问题 困难和问题",
    PROSE[2]: "工作打算 打算 下一步打算 下一步工作打算 下一步工作安排 下步工作打算 下步打算 下一步计划 下一步工作计划 "
    "工作计划 下一步措施 下一步工作",
}
"""What offices write over each column, apart from blanks."""

_BY_HEADING = {name: column for column, names in _HEADINGS.items() for name in names.split()}
_NUMBER = re.compile(r"\s*第?\s*(\d{1,3})\s*(?:[.．、:：)）]|项|$)\s*")
_NOT_APPLICABLE = re.compile(r"不涉及[：:，,。]?\s*", re.DOTALL)
_SURE, _LIKELY, _AHEAD = 0.9, 0.75, 0.08
_KNOWN_LINE = re.compile(
    r"附件\s*\d*$|截止[：:]|填报单位[：:]|报送期[：:]|填报人|审核人|联系电话|填报日期|填写办法[：:]|[—\-–\s\d]+$|"
    r"（?(?:单位)?（?盖章）?|单位[：:]|时间[：:]|\d{4}年\d{1,2}月\d{1,2}日$"
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """How a row of the file was placed: by ``tag``, ``number`` or ``text``, and how surely (0 to 1)."""

    task: int
    how: str
    score: float


@dataclass(slots=True)
class Taken:
    """What was taken from one file for one unit (its id, or "" for the unit the file is from): texts by task."""

    texts: dict[int, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Intake:
    """Everything a file gave: texts by unit and task, how each row was placed, findings, header fields."""

    units: dict[str, Taken] = field(default_factory=dict)
    rows: list[Mapped] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    header: dict[str, str] = field(default_factory=dict)


def take_in(plan: Plan, document: FilledDocument, file: str, known_lines: frozenset[str]) -> Intake:
    """The answers in a document. ``known_lines`` are lines outside tables that need no place in the ledger."""
    reader = _Reader(plan, file, known_lines)
    columns: _Columns | None = None
    for block in document.blocks:
        if isinstance(block, Table):
            columns = reader.table(block, columns)
        else:
            reader.lines(block)
    reader.lines(document.margin)
    reader.losses(document.losses, "")
    if document.revised:
        reader.tell("F603", 0, 0, "文件里有修订痕迹，按修订后的文字收入", "核对一下收入的文字是不是定稿。")
    reader.conserve(document)
    return reader.intake


@dataclass(slots=True)
class _Columns:
    """Where each known column of a table lies in the grid: first column and the one after the last."""

    at: dict[str, tuple[int, int]]
    unknown: dict[int, str]
    width: int


class _Reader:
    """Goes through one document; ``intake`` collects the outcome."""

    def __init__(self, plan: Plan, file: str, known_lines: frozenset[str]) -> None:
        self.plan = plan
        self.file = file
        self.known_lines = {_bare(line) for line in known_lines}
        self.intake = Intake()
        self._accounted: list[str] = []
        self._row = 0
        self._last: Mapped | None = None

    def tell(self, code: str, row: int, column: int, message: str, hint: str, task: int | None = None) -> None:
        self.intake.findings.append(finding(code, self.file, (max(row, 1), max(column, 1)), message, hint, task=task))

    def losses(self, losses: list[Loss], where: str, task: int | None = None) -> None:
        for loss in losses:
            quoted = f"“{loss.words}”" if loss.words else ""
            hint = "要紧的内容写成文字，填在相应的栏里。"
            self.tell("F603", self._row, 1, f"{where}有{loss.kind}{quoted}，文字里存不下，没有收入", hint, task)

    # -- outside the tables -----------------------------------------------------------------------

    def lines(self, lines: list[str]) -> None:
        for line in lines:
            bare = _bare(line)
            if (
                not bare
                or line.startswith(RETURNED)
                or bare in self.known_lines
                or self._header_line(line)
                or _KNOWN_LINE.match(line.strip())
            ):
                self._accounted.append(line)
                continue
            self.tell(
                "F601",
                self._row,
                1,
                f"表格外有一段文字没有归处：“{line.strip()}”",
                "要收入台账的，移到相应任务的三栏里。",
            )

    def _header_line(self, line: str) -> bool:
        """Take name, date and telephone from a signature line; true where there was one."""
        found = False
        for name, value in re.findall(r"(填报人|审核人|联系电话|填报日期)[：:]\s*([^\s　：:]*)", line):
            found = True
            if value:
                self.intake.header.setdefault(name, value)
        return found

    # -- tables -----------------------------------------------------------------------------------

    def table(self, table: Table, before: _Columns | None) -> _Columns | None:
        """Read a table; its columns serve the next one, where a ledger is split over several tables."""
        columns: _Columns | None = None
        width = max((cell.column + cell.span for row in table.rows for cell in row), default=0)
        if not any(self._heading(row) for row in table.rows[:12]) and before and before.width == width:
            columns = before
        for row in table.rows:
            self._row += 1
            heading = self._heading(row)
            if heading:
                columns = heading
                self._accounted += [cell.text for cell in row]
            elif columns is None:
                tagged = any(_tag_of(cell) for cell in row)
                if tagged:
                    columns = _Columns({}, {}, width)
                    self._data_row(row, columns)
                else:
                    self.lines([line for cell in row for line in cell.lines])
            else:
                self._data_row(row, columns)
        return columns

    def _heading(self, row: list[Cell]) -> _Columns | None:
        """The columns that a row names, if it is the head of a ledger."""
        at: dict[str, tuple[int, int]] = {}
        unknown: dict[int, str] = {}
        for cell in row:
            name = _bare(cell.text)
            column = _BY_HEADING.get(name)
            if column and column not in at:
                at[column] = (cell.column, cell.column + cell.span)
            elif name:
                unknown[cell.column] = cell.text
        if PROSE[0] not in at or not ({"任务", "编号"} & set(at)):
            return None
        return _Columns(at, unknown, max(cell.column + cell.span for cell in row))

    def _data_row(self, row: list[Cell], columns: _Columns) -> None:
        cells: dict[str, Cell | None] = {name: _cell_at(row, span) for name, span in columns.at.items()}
        for cell in row:
            tag = _tag_of(cell)
            if tag:
                cells[tag[1]] = cell
        answers = {name: cells[name] for name in PROSE if cells.get(name) is not None}
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
            if id(cell) not in placed and cell.text.strip() and not self._is_section(cell.text):
                heading = columns.unknown.get(cell.column, "")
                where = f"“{heading}”一栏" if heading else "多出的一格"
                message = f"第{mapped.task}项{where}的文字没有归处：“{cell.text}”"
                self.tell("F601", self._row, cell.column + 1, message, "要收入台账的，移到三栏里。", mapped.task)
        self._take(mapped, answers, cells.get("填报单位"))

    # -- which task -------------------------------------------------------------------------------

    def _place(self, cells: dict[str, Cell | None], answers: dict[str, Cell | None], row: list[Cell]) -> Mapped | None:
        tags = {tag[0] for cell in row if (tag := _tag_of(cell)) and tag[0] in self.plan.catalog.tasks}
        if len(tags) == 1:
            return self._keep(Mapped(tags.pop(), "tag", 1.0))
        task_cell, number_cell = cells.get("任务"), cells.get("编号")
        if task_cell is not None and task_cell.continued and self._last:
            return self._last  # the task's cell is merged over several rows
        words = task_cell.text.strip() if task_cell else ""
        given = number_cell.text.strip() if number_cell else ""
        if not words and not given and not any(c and c.text.strip() for c in answers.values()):
            self._idle(row)
            return None
        return self._by_words(words, given, row)

    def _idle(self, row: list[Cell]) -> None:
        """A row without task and answer: a section's title, a note of our own report, or text without a place."""
        for cell in row:
            if cell.text.strip() and not self._is_section(cell.text):
                message = f"有一行文字没有归处：“{cell.text}”"
                self.tell("F601", self._row, cell.column + 1, message, "要收入台账的，移到相应任务的三栏里。")

    def _by_words(self, words: str, given: str, row: list[Cell]) -> Mapped | None:
        tasks = self.plan.catalog.tasks
        match = _NUMBER.match(words) or _NUMBER.match(given)
        number = int(match[1]) if match else None
        text = _bare(_NUMBER.sub("", words, count=1) if _NUMBER.match(words) else words)
        scores = sorted(((_likeness(text, _bare(t.text)), n) for n, t in tasks.items()), reverse=True) if text else []
        if number in tasks and number is not None:
            own = next((score for score, n in scores if n == number), 1.0)
            if not text or (own >= _LIKELY - 0.25 and scores[0][1] == number) or own >= _LIKELY:
                return self._keep(Mapped(number, "number", round(own, 3)))
        if scores and scores[0][0] >= _LIKELY and scores[0][0] - scores[1][0] >= _AHEAD and number is None:
            return self._keep(Mapped(scores[0][1], "text", round(scores[0][0], 3)))
        if all(self._is_section(cell.text) or not cell.text.strip() for cell in row):
            return None
        self._unplaced(row, scores, number)
        return None

    def _unplaced(self, row: list[Cell], scores: list[tuple[float, int]], number: int | None) -> None:
        tasks = self.plan.catalog.tasks
        best = "；".join(f"第{n}项（{tasks[n].text[:16]}……，相似 {score:.0%}）" for score, n in scores[:2])
        said = f"编号写的是{number}，" if number is not None else ""
        quoted = "｜".join(cell.text for cell in row if cell.text.strip())
        message = f"这一行对不上任务：{said}内容是“{quoted}”"
        hint = f"最像的是{best}。在任务一栏写上编号，例如“3.”，再收一次。" if best else "在任务一栏写上编号，再收一次。"
        self.tell("F602", self._row, 1, message, hint)

    def _keep(self, mapped: Mapped) -> Mapped:
        if not any(row.task == mapped.task for row in self.intake.rows):
            self.intake.rows.append(mapped)
        return mapped

    def _is_section(self, text: str) -> bool:
        return _bare(text) in {_bare(section.title) for section in self.plan.catalog.sections}

    def _catalog_cells(self, number: int, cells: dict[str, Cell | None]) -> None:
        """F601 for words that were added in the catalog's own columns."""
        task = self.plan.catalog.tasks[number]
        for name, own in (("任务", task.text), ("责任单位", task.units), ("完成时限", task.deadline)):
            cell = cells.get(name)
            if cell is None or cell.continued:
                continue
            given, text = _bare(_NUMBER.sub("", cell.text, count=1) if name == "任务" else cell.text), _bare(own)
            self._accounted.append(cell.text)
            if given.removesuffix("（推定）") in text or (_likeness(given, text) >= _SURE and len(given) <= len(text)):
                continue
            extra = given.replace(text, "") if text in given else cell.text
            message = f"第{number}项“{name}”一栏与任务目录不同，多出或改动的文字没有归处：“{extra}”"
            self.tell(
                "F601", self._row, cell.column + 1, message, "任务目录不能在填报表里改；要说明的写进三栏。", number
            )

    # -- the answers ------------------------------------------------------------------------------

    def _take(self, mapped: Mapped, answers: dict[str, Cell | None], unit_cell: Cell | None) -> None:
        texts = {name: cell.text.strip("\n") if cell and not cell.continued else "" for name, cell in answers.items()}
        texts = {name: "" if text.strip() == PROMPT else text for name, text in texts.items()}
        if not any(text.strip() for text in texts.values()):
            return
        units = [""]
        if mapped.how != "tag":  # our own form is one unit's, whatever its words begin with
            units, texts[PROSE[0]] = self._whose(texts.get(PROSE[0], ""), unit_cell)
        for unit in units:
            taken = self.intake.units.setdefault(unit, Taken())
            own = taken.texts.setdefault(mapped.task, {})
            for name, text in texts.items():
                if text.strip():
                    own[name] = f"{own[name]}\n{text}" if own.get(name) else text

    def _whose(self, progress: str, unit_cell: Cell | None) -> tuple[list[str], str]:
        """The units an answer is from: named in their own column, or leading the cell as in our reports."""
        if unit_cell is not None and unit_cell.text.strip():
            units = self._units(unit_cell.text)
            if units:
                return units, progress
        lead, colon, rest = progress.partition("：")
        if colon and len(lead) <= 400 and "\n" not in lead.strip():
            units = self._units(lead)
            if units:
                self._accounted.append(progress)
                return units, rest
        return [""], progress

    def _units(self, names: str) -> list[str]:
        found = [self.plan.registry.find(name) for name in re.split(r"[、，\n]", names.strip()) if name.strip()]
        return [unit.id for unit in found if unit is not None] if all(found) else []

    # -- nothing is lost --------------------------------------------------------------------------

    def conserve(self, document: FilledDocument) -> None:
        """F601 for every line of a cell that is in no answer, finding or column of the catalog: the last net."""
        kept = _bare("\n".join(self._all_kept()))
        for table in document.tables:
            for row in table.rows:
                for line in (line for cell in row for line in cell.lines):
                    if _bare(line) not in kept:
                        message = f"表格里有一段文字没有归处：“{line.strip()}”"
                        self.tell("F601", 1, 1, message, "要收入台账的，移到相应任务的三栏里。")

    def _all_kept(self) -> Iterator[str]:
        for taken in self.intake.units.values():
            for texts in taken.texts.values():
                yield from texts.values()
        for found in self.intake.findings:
            yield found.message
        yield from self.intake.header.values()
        yield from self.known_lines
        yield from _HEADINGS.values()
        yield from self._accounted
        for unit in self.plan.registry.units:
            yield from unit.names
        for section in self.plan.catalog.sections:
            yield section.title
            for task in section.tasks:
                yield from (f"{task.number}.{task.text}", str(task.number), task.units, task.deadline)
        yield from ("（推定）", PROMPT)


def split_not_applicable(texts: dict[str, str]) -> dict[str, str]:
    """Texts with 不涉及 and its reason in the stead of the three columns, where the first says so alone."""
    progress = texts.get(PROSE[0], "")
    match = _NOT_APPLICABLE.match(progress.strip())
    others = [texts.get(name, "").strip() for name in PROSE[1:]]
    if match and all(other in ("", "无") for other in others):
        reason = progress.strip()[match.end() :].strip()
        return {"不涉及": reason}
    return texts


def _tag_of(cell: Cell) -> tuple[int, str] | None:
    """Task and column in the tag of our form's content controls."""
    number, bar, name = (cell.tag or "").partition("|")
    return (int(number), name) if bar and number.isdecimal() and name in PROSE else None


def _cell_at(row: list[Cell], span: tuple[int, int]) -> Cell | None:
    """The cell of a row that overlaps a column most."""
    best, most = None, 0
    for cell in row:
        overlap = min(span[1], cell.column + cell.span) - max(span[0], cell.column)
        if overlap > most:
            best, most = cell, overlap
    return best


def _bare(text: str) -> str:
    """Text without blanks, as it is compared."""
    return "".join(text.split())


def _likeness(one: str, other: str) -> float:
    return fuzz.ratio(one, other) / 100 if one else 0.0
