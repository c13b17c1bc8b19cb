"""A written document read back and compared with the ledger, cell by cell, by a reader of its own.

It knows nothing of templates: it takes the tables' texts from the file's XML and looks for every task and
every answer of the ledger, in order. On the way it estimates the pages.
"""

import math
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from ledger_cli.exits import ToolFault
from ledger_cli.model.clip import clipped
from ledger_cli.model.column import Shape
from ledger_cli.model.ledger import Entry, Ledger, TaskRecord
from ledger_cli.read.office.namespaces import W
from ledger_cli.write.view import answer_cells, signed
from ledger_cli.write.word.measure import Room, Type, room_of, style_types

_ROW, _CELL, _PARAGRAPH, _TEXT = f"{W}tr", f"{W}tc", f"{W}p", f"{W}t"
_SECTION, _RUN, _TAB, _BREAK = f"{W}sectPr", f"{W}r", f"{W}tab", f"{W}br"
_RUN_PROPERTIES = f"{W}rPr"
_MERGE_PATH = f"{W}tcPr/{W}vMerge"
_HEAD_PATH = f"{W}trPr/{W}tblHeader"


_LOSS = 1.08
"""Space lost where rows meet the foot of a page, found by laying out ledgers of 4, 31 and 62 units."""


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell's text, paragraphs separated by line breaks, the room that it has, and whether it may reach down rows."""

    text: str
    room: Room
    merged: bool = False


@dataclass(slots=True)
class Contents:
    """What a document holds: rows of table cells in order, and an estimate of its pages."""

    rows: list[list[PrintedCell]] = field(default_factory=list)
    page: float = 440.0
    _height: float = 0.0
    _head: float = 0.0
    _in_head: bool = False
    _owed: float = 0.0

    @property
    def pages(self) -> int:
        return max(1, math.ceil((self._height + self._owed) * _LOSS / self.page))

    def add(self, row: list[PrintedCell], *, head: bool) -> None:
        """Take in a row; the head of a table is repeated on each page that the table reaches."""
        self.rows.append(row)
        height = _height(cell for cell in row if not cell.merged)
        if head:
            self._head = self._head * self._in_head + height
        reaching = [cell for cell in row if cell.merged and cell.text]
        settled = 0.0
        if reaching or not any(cell.merged for cell in row):
            # Cells merged over the rows before were higher than these together.
            settled, self._owed = self._owed, 0.0
        filled = settled + height
        self._height += filled if head else filled * self.page / max(self.page - self._head, self.page / 2)
        self._owed = max(0.0, max(self._owed, _height(reaching) if reaching else 0.0) - height)
        self._in_head = head


def read_back(path: Path) -> Contents:
    """The tables of a document. Raises ``ToolFault`` where it is no well-formed document."""
    contents = Contents()
    try:
        with zipfile.ZipFile(path) as package, package.open("word/document.xml") as file:
            reader = _RowReader(_style_types(package))
            for _, element in etree.iterparse(file, events=("end",), tag=(_ROW, _SECTION), huge_tree=True):
                if element.tag == _ROW:
                    head = element.find(_HEAD_PATH) is not None
                    contents.add(reader.row(element, head=head), head=head)
                    _forget(element)
                else:
                    contents.page = _page_height(element) or contents.page
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError) as error:
        raise ToolFault("写出的文档读不回来") from error
    return contents


def _style_types(package: zipfile.ZipFile) -> dict[str, Type]:
    """Type by paragraph style."""
    if "word/styles.xml" not in package.namelist():
        return {}
    return style_types(etree.fromstring(package.read("word/styles.xml")))


@dataclass(slots=True)
class _RowReader:
    """Reads rows. ``types`` are the paragraph styles' types; rows of as many cells come from one template row,
    so the room in them, which serves the estimate of pages alone, is looked up once.
    """

    types: dict[str, Type]
    _rooms: dict[tuple[int, bool], list[tuple[Room, bool]]] = field(default_factory=dict)

    def row(self, row: Any, *, head: bool) -> list[PrintedCell]:
        cells = list(row.iterchildren(_CELL))
        rooms = self._rooms.get((len(cells), head))
        if rooms is None:
            rooms = self._rooms[len(cells), head] = [
                (room_of(cell, self.types), cell.find(_MERGE_PATH) is not None) for cell in cells
            ]
        return [PrintedCell(_cell_text(cell), *room) for cell, room in zip(cells, rooms, strict=True)]


def _cell_text(cell: Any) -> str:
    children = list(cell)
    if not children or children[-1].tag != _PARAGRAPH:
        raise ToolFault("写出的文档里有单元格不以段落结尾，Word 会要求修复")
    if len(children) == 2 and children[0].tag != _PARAGRAPH:
        return _words(children[1])
    return "\n".join([_words(child) for child in children if child.tag == _PARAGRAPH])


def _word(element: Any) -> str | None:
    """What a text or a line break says; None of other elements."""
    tag = element.tag
    return element.text or "" if tag == _TEXT else "\n" if tag == _BREAK else None


def _words(paragraph: Any) -> str:
    last = paragraph[-1] if len(paragraph) else None
    if (
        len(paragraph) <= 2
        and last is not None
        and last.tag == _RUN
        and (len(paragraph) == 1 or paragraph[0].tag != _RUN)
    ):
        # The usual paragraph: properties and one run of texts and line breaks.
        words = [_word(child) for child in last if child.tag != _RUN_PROPERTIES]
        if None not in words:
            return "".join(words)  # type: ignore[arg-type]
    pieces = []
    for element in paragraph.iter(_TEXT, _TAB, _BREAK):
        if element.tag == _TEXT:
            pieces.append(element.text or "")
        elif element.getparent().tag == _RUN:
            pieces.append("\t" if element.tag == _TAB else "\n")
    return "".join(pieces)


def _forget(element: Any) -> None:
    """Free a row that was read; a document of a thousand pages is never whole in memory."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _height(cells: Iterable[PrintedCell]) -> float:
    """Points that a row of these cells fills, in the usual fonts."""
    return max((cell.room.height(cell.text) for cell in cells), default=0.0) + 2


def _page_height(section: Any) -> float:
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    if size is None or margins is None:
        return 0.0
    used = int(margins.get(f"{W}top", "0")) + int(margins.get(f"{W}bottom", "0"))
    return float(int(size.get(f"{W}h", "0")) - used) / 20


def expect_words(path: Path, values: Any, names: Collection[str]) -> None:
    """Raise ``ToolFault`` unless every text in ``values``, nested in dicts and lists, stands in the document.

    ``names`` are the keys that the template prints; what stands under others is not looked for.
    """
    try:
        with zipfile.ZipFile(path) as package:
            body = etree.fromstring(package.read("word/document.xml"), etree.XMLParser(huge_tree=True))
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError) as error:
        raise ToolFault("写出的文档读不回来") from error
    if any(cell[-1].tag != _PARAGRAPH for cell in body.iter(_CELL)):
        raise ToolFault("写出的文档里有单元格不以段落结尾，Word 会要求修复")
    document = "\n".join(_words(paragraph) for paragraph in body.iter(_PARAGRAPH))
    for text in _texts(values, names):
        for line in text.split("\n"):
            if line not in document:
                shown = clipped(line, 30)
                raise ToolFault(f"写出的文档里缺少“{shown}”")


_NO_WORDS = {"底色"}
"""Keys whose values shape the document instead of standing in it."""


def _texts(values: Any, names: Collection[str]) -> Iterator[str]:
    """Every text within dicts, under these keys, and lists."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        for key, value in values.items():
            if key in names and key not in _NO_WORDS:
                yield from _texts(value, names)
    elif isinstance(values, list):
        for value in values:
            yield from _texts(value, names)


def compare(contents: Contents, ledger: Ledger, *, fields: frozenset[str], blank: bool = False) -> None:
    """Raise ``ToolFault`` unless every task and answer stands in the document, whole and in order.

    ``fields`` are the columns that the template prints; what it does not print is not looked for.
    """
    at = 0
    for record in ledger.records:
        at = _find_task(contents, at, record, ledger.shape, fields, blank=blank)
        if not blank:
            at = _find_answers(contents, at, record, ledger.shape, fields)


def _find_task(
    contents: Contents, at: int, record: TaskRecord, shape: Shape, fields: frozenset[str], *, blank: bool
) -> int:
    wanted = [record.text] if "举措" in fields else []
    printed = (column for column in shape.beside if shape.tags[column.key] in fields)
    wanted += [record.words(column) for column in printed if not (blank and column.key in record.gaps)]
    for place in range(at, len(contents.rows)):
        texts = [cell.text for cell in contents.rows[place]]
        if all(any(text in cell for cell in texts) for text in wanted):
            return place
    raise ToolFault(f"写出的文档里缺少第{record.number}项任务的文字")


def _find_answers(contents: Contents, at: int, record: TaskRecord, shape: Shape, fields: frozenset[str]) -> int:
    """Look for each answer from row ``at`` on; equal answers share a row, so each may stand where another stands."""
    last = at
    rows: dict[tuple[object, ...], int] = {}
    for entry in record.entries:
        content = entry.answer.content
        if content in rows:
            _expect(contents.rows[rows[content]], entry, shape, fields, record)
            continue
        place = last
        while place < len(contents.rows) and not _holds(contents.rows[place], entry, shape, fields, record):
            place += 1
        if place == len(contents.rows):
            raise ToolFault(f"写出的文档里缺少{entry.name}对第{record.number}项任务的答复，或者有字不一致")
        rows[content] = place
        last = place + 1
    return max(at, last - 1) if rows else at


def _expect(row: list[PrintedCell], entry: Entry, shape: Shape, fields: frozenset[str], record: TaskRecord) -> None:
    if not _holds(row, entry, shape, fields, record):
        raise ToolFault(f"写出的文档里{entry.name}对第{record.number}项任务的答复不一致")


def _holds(row: list[PrintedCell], entry: Entry, shape: Shape, fields: frozenset[str], record: TaskRecord) -> bool:
    """Whether a row has the answer: each text fills a cell to its end, led by nothing but the unit's name."""
    cells = answer_cells(entry.answer, shape, record.labels)
    wanted = [(shape.tags[key], text) for key, text in reversed(cells.items())]
    texts = [cell.text for cell in row if cell.text]
    for column, value in wanted:
        if column in fields and value and not any(_ends(text, value) for text in texts):
            return False
    return "单位" not in fields or any(signed(entry) in text for text in texts)


def _ends(cell: str, text: str) -> bool:
    """Whether a cell is the text, or ends with it after a line break or a label's colon."""
    if not cell.endswith(text):
        return False
    before = cell[: len(cell) - len(text)]
    return not before or before[-1] in "：\n:"
