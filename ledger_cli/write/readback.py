"""A written document read back and compared with the ledger, cell by cell, by a reader of its own.

It knows nothing of templates: it takes the tables' texts from the file's XML and looks for every task and
every answer of the ledger, in order. On the way it estimates the pages.
"""

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from ledger_cli.exits import ToolFault
from ledger_cli.model.ledger import Entry, Ledger, TaskRecord
from ledger_cli.write.view import progress_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROW, _CELL, _PARAGRAPH, _TEXT = f"{_W}tr", f"{_W}tc", f"{_W}p", f"{_W}t"
_TABLE, _BODY, _SECTION = f"{_W}tbl", f"{_W}body", f"{_W}sectPr"

_PITCH = 1.42
"""Line pitch over type size; the templates' 15 points for 10.5 and 12.5 for 9 are about this."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, paragraphs separated by line breaks; width in twentieths of a point, type size in points."""

    text: str
    width: int
    size: float
    merged: bool


@dataclass(slots=True)
class Contents:
    """What a document holds: rows of table cells in order, and an estimate of its pages."""

    rows: list[list[Cell]] = field(default_factory=list)
    height: float = 0.0
    page: float = 440.0

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.height / self.page))


def read_back(path: Path) -> Contents:
    """The tables of a document. Raises ``ToolFault`` where it is no well-formed document."""
    contents = Contents()
    try:
        with zipfile.ZipFile(path) as package, package.open("word/document.xml") as file:
            for _, element in etree.iterparse(file, events=("end",), tag=(_ROW, _SECTION), huge_tree=True):
                if element.tag == _ROW:
                    row = list(_cells(element))
                    contents.rows.append(row)
                    contents.height += _height(row)
                    _forget(element)
                else:
                    contents.page = _page_height(element) or contents.page
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError) as error:
        raise ToolFault(f"写出的文档读不回来（{error}）") from error
    return contents


def _cells(row: Any) -> Iterator[Cell]:
    for cell in row.iterchildren(_CELL):
        paragraphs = [_words(paragraph) for paragraph in cell.iterchildren(_PARAGRAPH)]
        if cell[-1].tag != _PARAGRAPH:
            raise ToolFault("写出的文档里有单元格不以段落结尾，Word 会要求修复")
        properties = cell.find(f"{_W}tcPr")
        width, merged = 0, False
        if properties is not None:
            stated = properties.find(f"{_W}tcW")
            width = int(stated.get(f"{_W}w", "0")) if stated is not None else 0
            merge = properties.find(f"{_W}vMerge")
            merged = merge is not None and merge.get(f"{_W}val") != "restart"
        size = cell.find(f".//{_W}sz")
        points = int(size.get(f"{_W}val")) / 2 if size is not None else 10.5
        yield Cell("\n".join(paragraphs), width, points, merged)


def _words(paragraph: Any) -> str:
    pieces = []
    for element in paragraph.iter(_TEXT, f"{_W}tab", f"{_W}br"):
        if element.tag == _TEXT:
            pieces.append(element.text or "")
        elif element.getparent().tag == f"{_W}r":
            pieces.append("\t" if element.tag == f"{_W}tab" else "\n")
    return "".join(pieces)


def _forget(element: Any) -> None:
    """Free a row that was read; a document of a thousand pages is never whole in memory."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _height(row: list[Cell]) -> float:
    """Points that a row fills, in the usual fonts: a Chinese character is as wide as high."""
    tallest = 0.0
    for cell in row:
        if cell.merged or not cell.width:
            continue
        per_line = max(1.0, (cell.width / 20 - 10.8) / cell.size)
        lines = sum(max(1, math.ceil(_ems(line) / per_line)) for line in cell.text.split("\n"))
        tallest = max(tallest, lines * cell.size * _PITCH)
    return tallest + 2


def _ems(line: str) -> float:
    narrow = sum(char < "\u0100" for char in line)
    return len(line) - narrow / 2


def _page_height(section: Any) -> float:
    size, margins = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
    if size is None or margins is None:
        return 0.0
    used = int(margins.get(f"{_W}top", "0")) + int(margins.get(f"{_W}bottom", "0"))
    return float(int(size.get(f"{_W}h", "0")) - used) / 20


def compare(contents: Contents, ledger: Ledger, *, fields: frozenset[str], blank: bool = False) -> None:
    """Raise ``ToolFault`` unless every task and answer stands in the document, whole and in order.

    ``fields`` are the columns that the template prints; what it does not print is not looked for.
    """
    at = 0
    for record in ledger.records:
        at = _find_task(contents, at, record, fields, blank)
        if not blank:
            at = _find_answers(contents, at, record, fields)


def _find_task(contents: Contents, at: int, record: TaskRecord, fields: frozenset[str], blank: bool) -> int:
    wanted = [record.text] if "举措" in fields else []
    for column, text in (("责任单位", record.units), ("完成时限", record.deadline)):
        if column in fields and not (blank and column in record.gaps):
            wanted.append(text)
    for place in range(at, len(contents.rows)):
        texts = [cell.text for cell in contents.rows[place]]
        if all(any(text in cell for cell in texts) for text in wanted):
            return place
    raise ToolFault(f"写出的文档里缺少第{record.number}项任务的文字")


def _find_answers(contents: Contents, at: int, record: TaskRecord, fields: frozenset[str]) -> int:
    """Look for each answer from row ``at`` on; equal answers share a row, so each may stand where another stands."""
    last = at
    rows: dict[tuple[object, ...], int] = {}
    for entry in record.entries:
        content = entry.answer.content
        if content in rows:
            _expect(contents.rows[rows[content]], entry, fields, record)
            continue
        place = last
        while place < len(contents.rows) and not _holds(contents.rows[place], entry, fields, record):
            place += 1
        if place == len(contents.rows):
            raise ToolFault(f"写出的文档里缺少{entry.name}对第{record.number}项任务的答复，或者有字不一致")
        rows[content] = place
        last = place + 1
    return max(at, last - 1) if rows else at


def _expect(row: list[Cell], entry: Entry, fields: frozenset[str], record: TaskRecord) -> None:
    if not _holds(row, entry, fields, record):
        raise ToolFault(f"写出的文档里{entry.name}对第{record.number}项任务的答复不一致")


def _holds(row: list[Cell], entry: Entry, fields: frozenset[str], record: TaskRecord) -> bool:
    """Whether a row has the answer: each text fills a cell to its end, led by nothing but the unit's name."""
    texts = [cell.text for cell in row]
    answer = entry.answer
    if "具体落实情况" in fields and not any(_ends(text, progress_text(answer, record.labels)) for text in texts):
        return False
    for column, value in (("存在问题", answer.problems), ("工作打算", answer.plans)):
        if column in fields and value and not any(_ends(text, value) for text in texts):
            return False
    return "单位" not in fields or any(entry.name in text for text in texts)


def _ends(cell: str, text: str) -> bool:
    """Whether a cell is the text, or ends with it after a line break or a label's colon."""
    if not cell.endswith(text):
        return False
    before = cell[: len(cell) - len(text)]
    return not before or before[-1] in "：\n:"
