"""A filled form, or whatever Word or Excel ledger a unit sent instead, to answers: nothing in it is dropped in silence.

Columns are known by their headings, rows by the tag of our own form, then the task's number, then the likeness
of its text. A row that fits no task surely is an error that names the two best candidates, never a guess.
Every text of the file is in an answer or in a finding that quotes it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ledger_cli.intake.columns import HEADINGS, Columns, bare, cell_at, heading, tag_of
from ledger_cli.model.fields import parse_day
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import PROSE
from ledger_cli.read.tables import PROMPT, RETURNED, Cell, FilledDocument, Loss, Table

_NUMBER = re.compile(r"\s*[（(第]?\s*(\d{1,3})\s*(?:[.．、:：)）]|项|$)\s*")
_ORDINAL = re.compile(r"[（(第]?[\d一二三四五六七八九十百]+[)）、.．:：项]*")
_NOT_APPLICABLE = re.compile(r"不涉及[：:，,。]?\s*", re.DOTALL)
_SURE, _LIKELY, _AHEAD = 0.9, 0.75, 0.08
_SIGNED = re.compile(r"(填报人|审核人|联系电话|填报日期)[：:]\s*([^\s　：:]*)")
# What a head or foot may say besides: labels with one word each, a stamp, a page number, a date.
_LABELLED = re.compile(r"(?:填报单位|报送单位|报送期|单位|时间|截止)[：:]\s*[^\s　]*|请于\S*前报送")
_KNOWN_LINE = re.compile(
    r"附件\s*\d*|填报人|审核人|联系电话|填报日期|[—\-–\s\d]+|（?单位）?（盖章）|（盖章）|\d{4}年\d{1,2}月\d{1,2}日"
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
    columns: Columns | None = None
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


class _Reader:
    """Goes through one document; ``intake`` collects the outcome."""

    def __init__(self, plan: Plan, file: str, known_lines: frozenset[str]) -> None:
        self.plan = plan
        self.file = file
        self.known_lines = {bare(line) for line in known_lines}
        self.intake = Intake()
        self._accounted: list[str] = []
        self._row = 0
        self._last: Mapped | None = None

    def tell(self, code: str, row: int, column: int, message: str, hint: str, task: int | None = None) -> None:
        self.intake.findings.append(finding(code, self.file, (max(row, 1), max(column, 1)), message, hint, task=task))

    def losses(self, losses: list[Loss], where: str, task: int | None = None) -> None:
        for loss in losses:
            quoted = f"“{loss.words}”" if loss.words else ""
            message = f"{where}有{loss.kind}{quoted}，文字里存不下，没有收入"
            self.tell("F603", self._row, 1, message, "要紧的内容写成文字，填在相应的栏里。", task)

    # -- outside the tables -----------------------------------------------------------------------

    def lines(self, lines: list[str]) -> None:
        for line in lines:
            words = bare(line)
            ours = (
                not words
                or self.plan.registry.find(line.strip()) is not None
                or line.startswith(RETURNED)
                or words in self.known_lines
            )
            rest = "" if ours else _LABELLED.sub("", self._signed(line)).strip()
            self._accounted.append(line)
            if rest and not _KNOWN_LINE.fullmatch(rest):
                message = f"表格外有一段文字没有归处：“{rest}”"
                self.tell("F601", self._row, 1, message, "要收入台账的，移到相应任务的三栏里。")

    def _signed(self, line: str) -> str:
        """The line without the names, date and telephone of a signature, which are taken into the header."""

        def take(match: re.Match[str]) -> str:
            name, value = match.groups()
            if value and (name != "填报日期" or parse_day(value)):
                return "" if self.intake.header.setdefault(name, value) == value else match.group()
            return match.group() if value else ""

        return _SIGNED.sub(take, line)

    # -- tables -----------------------------------------------------------------------------------

    def table(self, table: Table, before: Columns | None) -> Columns | None:
        """Read a table; its columns serve the next one, where a ledger is split over several tables."""
        columns: Columns | None = None
        width = max((cell.column + cell.span for row in table.rows for cell in row), default=0)
        if not any(heading(row) for row in table.rows[:12]) and before and before.width == width:
            columns = before
        for row in table.rows:
            self._row += 1
            named = heading(row)
            if named:
                columns = named
                self._accounted += [cell.text for cell in row]
            elif columns is None:
                tagged = any(tag_of(cell) for cell in row)
                if tagged:
                    columns = Columns({}, {}, width)
                    self._data_row(row, columns)
                else:
                    self.lines([line for cell in row for line in cell.lines])
            else:
                self._data_row(row, columns)
        return columns

    def _data_row(self, row: list[Cell], columns: Columns) -> None:
        cells: dict[str, Cell | None] = {name: cell_at(row, span) for name, span in columns.at.items()}
        for cell in row:
            tag = tag_of(cell)
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
                over = columns.unknown.get(cell.column, "")
                where = f"“{over}”一栏" if over else "多出的一格"
                message = f"第{mapped.task}项{where}的文字没有归处：“{cell.text}”"
                self.tell("F601", self._row, cell.column + 1, message, "要收入台账的，移到三栏里。", mapped.task)
        task_cell = cells.get("任务")
        merged = task_cell is not None and task_cell.continued
        self._take(mapped, answers, cells.get("填报单位"), merged=merged)

    # -- which task -------------------------------------------------------------------------------

    def _place(self, cells: dict[str, Cell | None], answers: dict[str, Cell | None], row: list[Cell]) -> Mapped | None:
        if (number_cell := cells.get("编号")) and _ORDINAL.fullmatch(number_cell.text.strip()):
            self._accounted.append(number_cell.text)
        tags = {tag[0] for cell in row if (tag := tag_of(cell)) and tag[0] in self.plan.catalog.tasks}
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
        text = bare(_NUMBER.sub("", words, count=1) if _NUMBER.match(words) else words)
        scores = sorted(((_likeness(text, bare(t.text)), n) for n, t in tasks.items()), reverse=True) if text else []
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
        return bare(text) in {bare(section.title) for section in self.plan.catalog.sections}

    def _catalog_cells(self, number: int, cells: dict[str, Cell | None]) -> None:
        """F601 for words that were added in the catalog's own columns."""
        task = self.plan.catalog.tasks[number]
        for name, own in (("任务", task.text), ("责任单位", task.units), ("完成时限", task.deadline)):
            cell = cells.get(name)
            if cell is None or cell.continued:
                continue
            given, text = bare(_NUMBER.sub("", cell.text, count=1) if name == "任务" else cell.text), bare(own)
            self._accounted.append(cell.text)
            if given.removesuffix("（推定）") in text or (_likeness(given, text) >= _SURE and len(given) <= len(text)):
                continue
            extra = given.replace(text, "") if text in given else cell.text
            message = f"第{number}项“{name}”一栏与任务目录不同，多出或改动的文字没有归处：“{extra}”"
            self.tell(
                "F601", self._row, cell.column + 1, message, "任务目录不能在填报表里改；要说明的写进三栏。", number
            )

    # -- the answers ------------------------------------------------------------------------------

    def _take(self, mapped: Mapped, answers: dict[str, Cell | None], unit_cell: Cell | None, *, merged: bool) -> None:
        texts = {name: cell.text.strip("\n") if cell and not cell.continued else "" for name, cell in answers.items()}
        texts = {name: "" if text.strip() == PROMPT else text for name, text in texts.items()}
        for first, other in ((0, 1), (0, 2), (1, 2)):
            # One cell over several columns is one text; the others are then missing, and the check says so.
            if answers.get(PROSE[first]) is answers.get(PROSE[other]) and PROSE[other] in texts:
                texts[PROSE[other]] = ""
        if not any(text.strip() for text in texts.values()):
            return
        units = [""]
        if mapped.how != "tag":  # our own form is one unit's, whatever its words begin with
            units, texts[PROSE[0]] = self._whose(texts.get(PROSE[0], ""), unit_cell)
        for unit in units:
            taken = self.intake.units.setdefault(unit, Taken())
            own = taken.texts.setdefault(mapped.task, {})
            if own and mapped.how != "tag" and not merged:
                message = f"第{mapped.task}项在表里出现了不止一次，几处的文字接在了一起"
                hint = "核对收入的文字；应当是别的任务的，在表里改正编号，再收一次。"
                self.tell("F602", self._row, 1, message, hint, mapped.task)
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
        kept = bare("\n".join(self._all_kept()))
        for table in document.tables:
            for row in table.rows:
                for line in (line for cell in row for line in cell.lines):
                    if bare(line) not in kept:
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
        yield from HEADINGS.values()
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


def _likeness(one: str, other: str) -> float:
    return fuzz.ratio(one, other) / 100 if one else 0.0
