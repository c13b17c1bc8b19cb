"""The tables of a Word template before anything is printed: what stands in which cell, under which heading.

From here come the places that messages name, and the faults of tables that an edit left crooked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger_cli.exits import CannotRun
from ledger_cli.model.column import Shape
from ledger_cli.write.word.markup import TAG, span_of, w

_HEADINGS = {"举措": ("任务举措", "工作任务", "任务"), "单位": ("填报单位",)}
"""What the shipped templates write over columns that are not called as their field is."""

_FROM = re.compile(r"\{\{-?\s*\(?\s*([^\W\d]\w*)\.([^\W\d]\w*)")
_MERGED = re.compile(r"\{%-?\s*vm\s+[^\W\d]\w*\.([^\W\d]\w*)")
_PLAIN = re.compile(r"\{\{-?\s*[^\W\d]\w*\.[^\W\d]\w*\s*-?\}\}")


@dataclass(frozen=True, slots=True)
class LedgerFields:
    """What tags call the columns of the plan and of the answers, and what stands over each of them."""

    plan: tuple[str, ...]
    answers: tuple[str, ...]
    headings: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, shape: Shape) -> "LedgerFields":
        headings = {shape.tags[column.key]: (column.name,) for column in shape.columns}
        for name, others in _HEADINGS.items():
            headings[name] = (*headings.get(name, ()), *others)
        return cls(
            tuple(shape.tags[column.key] for column in shape.text_and_beside),
            tuple(shape.tags[column.key] for column in shape.filed),
            headings,
        )

    @property
    def rows(self) -> frozenset[str]:
        """The fields by which a row is known for one that prints the ledger; a note may be as wide as it likes."""
        return frozenset({*self.plan, *self.answers, "单位"})

    def over(self, name: str, headings: Iterable[str]) -> bool:
        """Whether one of the headings is a field's."""
        return any(words in headings for words in (name, *self.headings.get(name, ())))


@dataclass(slots=True)
class TemplateCell:
    """A cell: its text with the tags, its row and column in the table (from 1 and 0), and the heading above it."""

    element: Any
    text: str
    row: int
    column: int
    span: int
    heading: str = ""

    @property
    def printed(self) -> list[str]:
        """The fields that its tags print, in order."""
        return [match[2] for match in _FROM.finditer(self.text)]

    @property
    def place(self) -> str:
        return f"第{self.row}行“{self.heading}”那一格" if self.heading else f"第{self.row}行第{self.column + 1}格"


@dataclass(slots=True)
class TemplateRow:
    """A row that prints; rows that hold nothing but a tag for whole rows are none."""

    number: int
    cells: list[TemplateCell]

    @property
    def width(self) -> int:
        """Columns of the grid that the row's own cells fill."""
        return sum(cell.span for cell in self.cells)

    @property
    def printed(self) -> list[str]:
        return [name for cell in self.cells for name in cell.printed]

    @property
    def merged_by(self) -> list[str]:
        """The fields by which its cells are merged with those above."""
        return [name for cell in self.cells for name in _MERGED.findall(cell.text)]


@dataclass(slots=True)
class TemplateTable:
    """One table: the rows of its head, those that print, and all cells."""

    number: int
    fields: LedgerFields
    heads: list[TemplateRow] = field(default_factory=list)
    rows: list[TemplateRow] = field(default_factory=list)
    cells: list[TemplateCell] = field(default_factory=list)
    dynamic: bool = False

    @property
    def of_ledger(self) -> bool:
        """Whether it prints tasks or answers, in columns that do not depend on what is printed."""
        return not self.dynamic and any(self.fields.rows.intersection(row.printed) for row in self.rows)


def tables_of(root: Any, fields: LedgerFields) -> list[TemplateTable]:
    """The tables of a part in order, nested ones after the table around them."""
    tables = [_table(element, number, fields) for number, element in enumerate(root.iter(w("tbl")), 1)]
    for table in tables:
        for cell in table.cells:
            cell.heading = _heading(table, cell)
    return tables


def _table(element: Any, number: int, fields: LedgerFields) -> TemplateTable:
    table = TemplateTable(number, fields)
    for place, row in enumerate(element.iterchildren(w("tr")), 1):
        cells: list[TemplateCell] = []
        column = 0
        for cell in row.iter(w("tc")):
            if next(cell.iterancestors(w("tr"))) is not row:
                continue
            text = "".join(t.text or "" for t in cell.iter(w("t")))
            cells.append(TemplateCell(cell, text, place, column, span_of(cell)))
            column += cells[-1].span
        table.cells += cells
        whole = "".join(cell.text for cell in cells)
        tags = TAG.findall(whole)
        table.dynamic |= any(re.match(r"\{%-?\s*tc\s", tag) for tag in tags)
        if row.find(f"{w('trPr')}/{w('tblHeader')}") is not None or (place == 1 and not tags):
            table.heads.append(TemplateRow(place, cells))
        elif not any(re.match(r"\{%-?\s*tr\s", tag) for tag in tags):
            table.rows.append(TemplateRow(place, cells))
    return table


def _heading(table: TemplateTable, cell: TemplateCell) -> str:
    """The words of the head above a cell; the nearest row of the head counts, a row's own head does not."""
    for head in reversed(table.heads):
        if head.number >= cell.row:
            continue
        for above in head.cells:
            if above.column <= cell.column < above.column + above.span and above.span <= cell.span:
                words = TAG.sub("", above.text).strip()
                if words:
                    return words
    return ""


def check_tables(name: str, tables: list[TemplateTable]) -> None:
    """Raise ``CannotRun`` where a row of the ledger has more or fewer cells than the head of its table.

    Word then shows texts under the headings of other columns. ``name`` is the template's.
    """
    for table in tables:
        if not table.of_ledger or not table.heads:
            continue
        head = table.heads[-1]
        # The rows with the most columns come first: they tell best which one is missing.
        for row in sorted(table.rows, key=lambda row: -len(row.cells)):
            if row.width != head.width and table.fields.rows.intersection(row.printed):
                raise _crooked(name, table, head, row, several=len(tables) > 1)


def _crooked(name: str, table: TemplateTable, head: TemplateRow, row: TemplateRow, *, several: bool) -> CannotRun:
    headings = [TAG.sub("", cell.text).strip() for cell in head.cells]
    known = table.fields
    where = f"模板“{name}”的" + (f"第{table.number}个表格里" if several else "表格里")
    kind = f"第{row.number}行（{_about(row, table.fields)}）"
    number = abs(row.width - head.width)
    both = "不要这一栏的，表头和各行里的这一格都要删去"
    if row.width < head.width:
        covered = {*row.printed, *(known.answers if "附注" in row.printed else ())}
        gone = [name for name in (*known.plan, *known.answers) if name not in covered and known.over(name, headings)]
        lost = "、".join(f"“{name}”" for name in gone) if len(gone) == number else ""
        message = f"{where}，{kind}比表头少{number}格" + (f"，少的是{lost}" if lost else "")
        tag = f"，写上 {{{{ {_variable(row, known)}.{gone[0]} }}}}" if lost else ""
        return CannotRun(message, f"在这一行补上{lost or '少的'}那一格{tag}；{both}。")
    fields = [[name for name in cell.printed if name in known.rows] for cell in row.cells]
    over = [names[0] for names in fields if names and not any(known.over(name, headings) for name in names)]
    lost = "、".join(f"“{words}”" for words in over) if len(over) == number else ""
    message = f"{where}，表头比{kind}少{number}格" + (f"，少的是{lost}" if lost else "")
    return CannotRun(message, f"在表头补上{lost or '少的'}那一格；{both}。")


def _about(row: TemplateRow, fields: LedgerFields) -> str:
    """A row's part in the ledger, in words."""
    if "附注" in row.printed:
        return "印附注的那一行"
    return "印答复的那一行" if set(fields.answers).intersection(row.printed) else "印任务的那一行"


def _variable(row: TemplateRow, fields: LedgerFields) -> str:
    """The name that the row's tags take their fields from: 行 or 答复."""
    taken = (match[1] for cell in row.cells for match in _FROM.finditer(cell.text) if match[2] in fields.rows)
    return next(taken, "行")


def doubts(tables: list[TemplateTable], known: LedgerFields) -> Iterator[str]:
    """What in these tables may keep an answer from being printed whole, each as the end of a sentence."""
    for fields, rule in ((known.answers, "；一条答复的各栏要印在同一行"), (known.plan, "")):
        rows = [row for table in tables for row in table.rows if set(fields).intersection(row.printed)]
        used = [name for name in fields if any(name in row.printed for row in rows)]
        for row in rows:
            lacking = "、".join(f"“{name}”" for name in used if name not in row.printed)
            if lacking:
                yield f"第{row.number}行（{_about(row, known)}）没有{lacking}，别的行有{rule}"
    rows = [row for table in tables for row in table.rows]
    for cell in (cell for row in rows for cell in row.cells):
        for name in (name for name in cell.printed if name in known.answers):
            yield from _doubts_of_cell(cell, name)


def _doubts_of_cell(cell: TemplateCell, name: str) -> Iterator[str]:
    tag = next(tag for tag in TAG.findall(cell.text) if (found := _FROM.match(tag)) and found[2] == name)
    before, _, after = cell.text.partition(tag)
    if not _PLAIN.fullmatch(tag):
        yield f"{cell.place}的“{tag}”改动了原文；单位写的话要照原样印，写成 {{{{ 行.{name} }}}}"
    elif "{%" in TAG.sub(lambda m: "" if m[0].startswith("{%vm") else m[0], before + after):
        yield f"{cell.place}的“{tag}”放在条件里，有的答复没有印"
    elif after.strip():
        yield f"{cell.place}的“{tag}”后面还有“{after.strip()}”；一格里单位写的话要印在最后"
    elif (words := TAG.sub("", before).strip()) and words[-1] not in "：:":
        yield f"{cell.place}的“{tag}”前面紧接着“{words}”；要加说明的，用冒号隔开，或者另起一段"
