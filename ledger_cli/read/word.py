"""A .docx file to paragraphs and tables, as printed: the reader for filled forms and issued attachments.

python-docx drops just what matters here: content controls, tracked insertions, automatic numbers. So the
parts are read from the file's own XML, with limits on size and depth and without external entities.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ledger_cli.read.numbering import Numbering
from ledger_cli.read.tables import REVIEWER, Cell, FilledDocument, Table, UnreadableFile
from ledger_cli.read.word_text import Surroundings, W, is_prompt, joins_next, paragraph_text

_PART_LIMIT = 64 * 1024 * 1024
_RATIO_LIMIT = 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# What zipfile and lxml raise for a part that is cut short, overwritten, encrypted or no XML.
_DAMAGED = (
    etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError,
)  # fmt: skip
_CONTAINERS = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"}


def read_word(data: bytes) -> FilledDocument:
    """The document in the bytes; raises ``UnreadableFile``. Nothing in it is executed or fetched."""
    parts = _Parts(data)
    main = parts.xml(parts.main)
    around = Surroundings(Numbering.of(parts.beside("numbering"), parts.beside("styles")))
    for kind in ("footnotes", "endnotes"):
        for note in _children(parts.beside(kind), kind[:-1]):
            if note.get(f"{W}type") is None:
                around.notes[f"{kind[:-1]}{note.get(f'{W}id')}"] = _flat(note, around)
    for comment in _children(parts.beside("comments"), "comment"):
        ours = comment.get(f"{W}author") == REVIEWER
        around.comments[comment.get(f"{W}id", "")] = None if ours else _flat(comment, around)
    body = main.find(f"{W}body")
    if body is None:
        raise UnreadableFile("这个 Word 文件没有正文", "用 Word 打开，另存为 .docx 再试。")
    blocks = list(_blocks(body, around))
    margin = [line for part in parts.margins() for line in _flat(part, around).split("\n") if line.strip()]
    return FilledDocument(blocks, around.losses, around.revised, margin, parts.keywords())


class _Parts:
    """The parts of a .docx package, each read with a limit and parsed without entities."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            raise UnreadableFile(
                "这是旧版 .doc、.wps 文件，或者是加了密码的文件", "用 Word 或者 WPS 打开，去掉密码，另存为 .docx 再试。"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._names = set(self._zip.namelist())
            types = self.xml("[Content_Types].xml")
        except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise UnreadableFile(
                "这不是 Word 文件，或者文件已经损坏", "请对方重发，或者用 Word 打开另存为 .docx。"
            ) from error
        kinds = {str(e.get("PartName", "")).lstrip("/"): str(e.get("ContentType", "")) for e in types}
        if any("macroEnabled" in kind for kind in kinds.values()):
            raise UnreadableFile("这是带宏的文件，没有读取", "用 Word 打开，另存为不带宏的 .docx 再试。")
        mains = [name for name, kind in kinds.items() if kind == _MAIN]
        if not mains:
            raise UnreadableFile("这不是 Word 文档", "用 Word 或者 WPS 打开，另存为 .docx 再试。")
        self.main = mains[0]

    def xml(self, name: str) -> Any:
        """The root of a part; raises ``UnreadableFile`` where it is too large or not XML."""
        info = self._zip.getinfo(name)
        if info.file_size > _PART_LIMIT or info.file_size > _RATIO_LIMIT * max(info.compress_size, 4096):
            raise UnreadableFile("文件解压后大得不正常，没有读取", "请对方用 Word 重新保存一份再发。")
        try:
            with self._zip.open(info) as part:
                data = part.read(_PART_LIMIT + 1)
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            return etree.fromstring(data, parser)
        except _DAMAGED as error:
            raise UnreadableFile("Word 文件的内容已经损坏", "用 Word 打开并修复，另存为 .docx 再试。") from error

    def beside(self, stem: str) -> Any:
        """The part of that name beside the main one, or None."""
        folder = self.main.rpartition("/")[0]
        name = f"{folder}/{stem}.xml" if folder else f"{stem}.xml"
        return self.xml(name) if name in self._names else None

    def keywords(self) -> str:
        """The core property of that name."""
        name = "docProps/core.xml"
        if name not in self._names:
            return ""
        found = next((e for e in self.xml(name) if str(e.tag).endswith("}keywords")), None)
        return (found.text or "") if found is not None else ""

    def margins(self) -> Iterator[Any]:
        """Headers and footers."""
        folder = self.main.rpartition("/")[0]
        for name in sorted(self._names):
            if name.startswith((f"{folder}/header", f"{folder}/footer")) and name.endswith(".xml"):
                yield self.xml(name)


def _children(root: Any, name: str) -> list[Any]:
    return [] if root is None else list(root.iterchildren(f"{W}{name}"))


def _flat(element: Any, around: Surroundings) -> str:
    """All text below an element, a line a paragraph."""
    return "\n".join(line for p in element.iter(f"{W}p") for line in paragraph_text(p, around)).strip()


def _unwrapped(element: Any) -> Iterator[Any]:
    """Block children with content controls, insertions and custom XML taken away around them."""
    for child in element:
        if child.tag in _CONTAINERS:
            yield from _unwrapped(child)
        elif isinstance(child.tag, str):
            yield child


def _blocks(body: Any, around: Surroundings) -> Iterator[list[str] | Table]:
    lines: list[str] = []
    for child in _unwrapped(body):
        if child.tag == f"{W}p":
            lines.extend(paragraph_text(child, around))
        elif child.tag == f"{W}tbl":
            if lines:
                yield lines
                lines = []
            yield _table(child, around)
    if lines:
        yield lines


def _table(table: Any, around: Surroundings) -> Table:
    rows = []
    for row in _unwrapped(table):
        if row.tag != f"{W}tr" or row.find(f"{W}trPr/{W}del") is not None:
            continue
        column = _integer(row, "trPr/gridBefore")
        cells = []
        for cell, tag in _row_cells(row, None):
            span = max(1, _integer(cell, "tcPr/gridSpan"))
            cells.append(_cell(cell, column, span, tag, around))
            column += span
        rows.append(cells)
    return Table(rows)


def _row_cells(element: Any, tag: str | None) -> Iterator[tuple[Any, str | None]]:
    """The cells of a row, each with the tag of the content control around it."""
    for child in element:
        if child.tag == f"{W}tc":
            yield child, tag
        elif child.tag in _CONTAINERS:
            yield from _row_cells(child, _control_tag(child) or tag)


def _control_tag(control: Any) -> str | None:
    found = control.find(f"{W}sdtPr/{W}tag") if control.tag == f"{W}sdt" else None
    return found.get(f"{W}val") if found is not None else None


def _integer(element: Any, path: str) -> int:
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    value = found.get(f"{W}val", "0") if found is not None else "0"
    return int(value) if value.isdecimal() else 0


def _cell(cell: Any, column: int, span: int, tag: str | None, around: Surroundings) -> Cell:
    before = len(around.losses)
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    sideways = cell.find(f"{W}tcPr/{W}hMerge")
    continued = any(m is not None and m.get(f"{W}val") != "restart" for m in (merge, sideways))
    made = Cell([], column, span, continued, tag or _inner_tag(cell))
    if not _is_placeholder(cell):
        made.lines = _cell_lines(cell, around)
    made.losses = around.losses[before:]
    del around.losses[before:]
    return made


def _inner_tag(cell: Any) -> str | None:
    found = cell.find(f".//{W}sdt/{W}sdtPr/{W}tag")
    return found.get(f"{W}val") if found is not None else None


def _is_placeholder(cell: Any) -> bool:
    """Whether the content control around the cell still shows its prompt."""
    content = cell.getparent()
    control = content.getparent() if content is not None and content.tag == f"{W}sdtContent" else None
    return control is not None and is_prompt(control)


def _cell_lines(cell: Any, around: Surroundings) -> list[str]:
    lines: list[str] = []
    joined = False
    for child in _cell_blocks(cell):
        if child.tag == f"{W}p":
            first, *rest = paragraph_text(child, around)
            if joined and lines:
                lines[-1] += first
            else:
                lines.append(first)
            lines.extend(rest)
            joined = joins_next(child)
        elif child.tag == f"{W}tbl":
            nested = _table(child, around)
            lines.extend("\t".join(inner.text.replace("\n", " ") for inner in row) for row in nested.rows)
            around.losses.extend(loss for row in nested.rows for inner in row for loss in inner.losses)
    return lines


def _cell_blocks(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == f"{W}sdt":
            if not is_prompt(child):
                content = child.find(f"{W}sdtContent")
                yield from _cell_blocks(content if content is not None else ())
        elif child.tag in _CONTAINERS:
            yield from _cell_blocks(child)
        elif isinstance(child.tag, str):
            yield child
