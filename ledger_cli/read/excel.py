"""An .xlsx workbook to tables of cells, as people see them: the reader for forms filled in as a sheet.

openpyxl gives the values and their formats. What it does not tell (a formula nobody has worked out, merged
areas without building each of their cells, comments, pictures) is read from the file's own XML, with limits on
size and without external entities.
"""

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import from_excel

from ledger_cli.model.submission import PROSE
from ledger_cli.read.tables import Cell, FilledDocument, Loss, Table, UnreadableFile

KEY, STATUS = "键", "状态"
"""Headings of our own form's sheet: the tasks' numbers, hidden, and the clerk's own mark of progress."""

_PART_LIMIT = 64 * 1024 * 1024
_RATIO_LIMIT = 200
_ROWS, _COLUMNS = 20_000, 100
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCTYPE = b"<!DOCTYPE"
_KINDS = {
    f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}.main+xml" for kind in ("sheet", "template")
}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BROKEN = "Excel 文件的内容已经损坏"
_REPAIR = "用 Excel 打开并修复，另存为 .xlsx 再试。"
_RESAVE = "用 Excel 或者 WPS 打开，另存为“Excel 工作簿（.xlsx）”再试。"

# Formats that Chinese Excel keeps under these numbers without spelling them out; openpyxl takes them for General.
_CHINESE_DAYS = frozenset((*range(27, 37), *range(50, 59)))
_CHINESE_MONTHS = frozenset((27, 36, 50, 52, 57))
_NUMBER = re.compile(r'(?:"([^"]*)")?(#,##)?(0+)(\.0+)?(%?)(?:"([^"]*)")?')
_QUANTIZABLE = 10**15
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|_.|\*.|\\(?=.)")
# How Excel writes a carriage return, and a text that looks like such a code; openpyxl leaves them.
_CODE = re.compile("_x000D_|_x005F_(?=x)")
_QUOTED = re.compile(r'"[^"]*"')
_MARGIN_CODE = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-Fa-f]{6}|[^LCR&])')

_Place = tuple[int, int]


def read_excel(data: bytes) -> FilledDocument:
    """The workbook in the bytes, a table a sheet; raises ``UnreadableFile``. Nothing in it is executed or fetched."""
    parts = _Parts(data)
    document = FilledDocument([], [], revised=False, keywords=parts.keywords())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(parts.for_openpyxl(), read_only=True, data_only=True, keep_links=False)
            worksheets = {sheet.title: sheet for sheet in book.worksheets}
            for name, path in parts.sheets.items():
                if name in worksheets:
                    _read_sheet(parts, path, worksheets[name], document)
                else:
                    document.losses.append(Loss("图片", name))  # a chart on a sheet of its own
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl and lxml raise anything from KeyError to TypeError at damaged parts
        raise UnreadableFile(_BROKEN, _REPAIR) from error
    return document


class _Parts:
    """The parts of an .xlsx package but its pictures, each within the limits; ``sheets`` has paths by name."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            raise UnreadableFile(
                "这是旧版 .xls、.et 文件，或者是加了密码的文件",
                "用 Excel 或者 WPS 打开，去掉密码，另存为 .xlsx 再试。",
            )
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                self._data = dict(_unpacked(package))
            types = self.xml("[Content_Types].xml")
        except (zipfile.BadZipFile, KeyError) as error:
            raise UnreadableFile(
                "这不是 Excel 文件，或者文件已经损坏", "请对方重发，或者用 Excel 打开另存为 .xlsx。"
            ) from error
        except UnreadableFile:
            raise
        except Exception as error:  # zipfile lets through what zlib, struct and lzma raise
            raise UnreadableFile(_BROKEN, _REPAIR) from error
        kinds = {str(e.get("PartName", "")).lstrip("/"): str(e.get("ContentType", "")) for e in types}
        if any("macroEnabled" in kind for kind in kinds.values()):
            raise UnreadableFile("这是带宏的文件，没有读取", "用 Excel 打开，另存为不带宏的 .xlsx 再试。")
        books = [name for name, kind in kinds.items() if kind in _KINDS]
        if not books or books[0] not in self._data:
            raise UnreadableFile("这不是 Excel 工作簿", _RESAVE)
        self.sheets = self._sheets(books[0])

    def _sheets(self, book: str) -> dict[str, str]:
        root = self.xml(book)
        if root.tag != f"{_MAIN}workbook":  # openpyxl would find no cell in the strict variant, and say nothing
            raise UnreadableFile("这个文件存成了“严格的 Open XML”格式", _RESAVE)
        targets = {relation: path for relation, _, path in self.relations(book)}
        sheets = {str(e.get("name", "")): targets.get(e.get(_RELATION_ID, "")) for e in root.iter(f"{_MAIN}sheet")}
        return {name: path for name, path in sheets.items() if path in self._data}

    def xml(self, name: str) -> Any:
        """The root of a part; raises ``UnreadableFile`` where it is no XML."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self._data[name], parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableFile(_BROKEN, _REPAIR) from error

    def elements(self, name: str, *tags: str) -> Iterator[tuple[str, Any]]:
        """The start and end of those elements of a large part, each forgotten once it has been seen."""
        stream = io.BytesIO(self._data[name])
        wanted = [f"{_MAIN}{tag}" for tag in tags]
        limits: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
        for event, element in etree.iterparse(stream, events=("start", "end"), tag=wanted, **limits):
            yield event, element
            if event == "end":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def relations(self, name: str) -> Iterator[tuple[str, str, str]]:
        """What a part refers to within the file: the reference's id, its kind, the path."""
        folder, _, leaf = name.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{leaf}.rels")
        for e in self.xml(rels) if rels in self._data else ():
            target = e.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if e.get("TargetMode") != "External":
                yield e.get("Id", ""), str(e.get("Type", "")).rpartition("/")[2], path

    def related(self, name: str, kind: str) -> Iterator[Any]:
        """The roots of the parts of a kind that a part refers to."""
        for _, found, path in self.relations(name):
            if found == kind and path in self._data:
                yield self.xml(path)

    def for_openpyxl(self) -> io.BytesIO:
        """The package without properties, themes and sheets of charts, over whose oddities openpyxl stumbles."""
        slim = io.BytesIO()
        with zipfile.ZipFile(slim, "w", zipfile.ZIP_STORED) as package:
            for name, data in self._data.items():
                if not name.startswith(("docProps/", "xl/theme/", "xl/chartsheets/")):
                    package.writestr(name, data)
        slim.seek(0)
        return slim

    def keywords(self) -> str:
        """The core property of that name."""
        root = self.xml("docProps/core.xml") if "docProps/core.xml" in self._data else ()
        return next((e.text or "" for e in root if str(e.tag).endswith("}keywords")), "")


def _unpacked(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The parts but pictures; raises ``UnreadableFile`` where one is a bomb or brings entities."""
    waiting = 4 * _PART_LIMIT
    for info in package.infolist():
        if "/media/" in info.filename or info.is_dir():
            continue
        waiting -= info.file_size
        too_dense = info.file_size > _RATIO_LIMIT * max(info.compress_size, 4096)
        if info.file_size > _PART_LIMIT or too_dense or waiting < 0:
            raise UnreadableFile("文件解压后大得不正常，没有读取", "请对方用 Excel 重新保存一份再发。")
        data = package.read(info)
        # openpyxl parses sheets with entities; no program that writes workbooks declares any. With zeros: UTF-16.
        if _DOCTYPE in data or b"\0".join(bytes([byte]) for byte in _DOCTYPE) in data:
            raise UnreadableFile("文件里声明了外部内容，没有读取", _RESAVE)
        yield info.filename, data


class _Layout:
    """A sheet's frame, from its XML: extent, merged areas, formulas without a result, headers, objects.

    ``spans`` has the width of each merged area at its first cell and, as ``below``, at the left cells under
    it; ``covered`` are its other cells. Places are row and column, from 1.
    """

    def __init__(self, parts: _Parts, path: str, title: str) -> None:
        self.title, self.rows, self.columns = title, 0, 0
        self.formulas: dict[_Place, str] = {}
        self.margin: list[str] = []
        self.embedded: set[str] = set()  # ids, for an object may be described twice for older programs
        self.spans: dict[_Place, int] = {}
        self.below: set[_Place] = set()
        self.covered: set[_Place] = set()
        self._place = (0, 0)
        merged: list[str] = []
        for event, element in parts.elements(path, "row", "c", "mergeCell", "headerFooter", "oleObject"):
            kind = element.tag.removeprefix(_MAIN)
            if event == "start":
                if kind == "row":
                    self._go(int(element.get("r", self._place[0] + 1)), 0)
            elif kind == "c":
                self._cell(element)
            elif kind == "mergeCell":
                merged.append(element.get("ref", ""))
            elif kind == "headerFooter":
                self.margin = [line for e in element for line in _margin_lines(e.text or "")]
            elif kind == "oleObject":
                self.embedded.add(element.get("shapeId", ""))
        self._merge(merged)

    def _cell(self, element: Any) -> None:
        place = element.get("r")
        self._go(*(coordinate_to_tuple(place) if place else (self._place[0], self._place[1] + 1)))
        formula, value = element.find(f"{_MAIN}f"), element.find(f"{_MAIN}v")
        # Programs that calculate nothing write an empty result; a true one of no characters says it is a string.
        if formula is not None and (value is None or not (value.text or element.get("t") == "str")):
            self.formulas[self._place] = formula.text or ""
        if len(element):
            self.rows, self.columns = max(self.rows, self._place[0]), max(self.columns, self._place[1])
        if self.rows > _ROWS or self.columns > _COLUMNS:
            raise UnreadableFile(
                f"工作表“{self.title}”超过 {_ROWS} 行或者 {_COLUMNS} 列，没有读取", "删去与填报无关的行、列再试。"
            )

    def _go(self, row: int, column: int) -> None:
        if (row, column) <= self._place:  # openpyxl would skip it without a word
            raise UnreadableFile(_BROKEN, _REPAIR)
        self._place = (row, column)

    def _merge(self, references: list[str]) -> None:
        """Take in the merged areas as far as the sheet has cells; overlapping ones would take forever."""
        room = self.rows * self.columns
        for reference in references:
            left, top, right, bottom = (edge or 0 for edge in range_boundaries(reference))
            bottom, width = min(bottom, self.rows), right - left + 1
            right = min(right, self.columns)
            room -= max(0, right - left + 1) * max(0, bottom - top + 1)
            if room < 0 or not left or not top:
                raise UnreadableFile(f"工作表“{self.title}”的合并单元格互相重叠", _REPAIR)
            for row in range(top, bottom + 1):
                self.spans[row, left] = width
                self.covered.update((row, column) for column in range(left + 1, right + 1))
            self.below.update((row, left) for row in range(top + 1, bottom + 1))


def _margin_lines(text: str) -> list[str]:
    """The lines of a header or footer without its codes for fonts, page numbers and sides."""
    plain = re.sub("&[LCR]", "\n", _MARGIN_CODE.sub("", text))
    return [line.strip() for line in plain.replace("&&", "&").split("\n") if line.strip()]


def _read_sheet(parts: _Parts, path: str, sheet: Any, document: FilledDocument) -> None:
    """Add a sheet's table, headers and losses to the document."""
    layout = _Layout(parts, path, sheet.title)
    comments = _comments(parts, path)
    rows: list[list[Cell]] = []
    shown = sheet.iter_rows(max_row=layout.rows, max_col=layout.columns) if layout.rows else ()
    for number, row in enumerate(shown, 1):
        places = [(number, column) for column in range(1, layout.columns + 1)]
        cells = [
            _cell(place, source, layout, comments)
            for place, source in zip(places, row, strict=True)
            if place not in layout.covered
        ]
        if any(cell.lines or cell.losses for cell in cells):
            rows.append(cells)
    if rows:
        document.blocks.append(Table(_tagged(rows)))
    document.margin.extend(layout.margin)
    document.losses.extend(Loss("批注", words) for words in comments.values())
    document.losses.extend(Loss("嵌入对象", sheet.title) for _ in layout.embedded)
    for drawing in parts.related(path, "drawing"):
        document.losses.extend(_drawn(drawing, sheet.title))


def _cell(place: _Place, source: Any, layout: _Layout, comments: dict[_Place, str]) -> Cell:
    """The cell at a place; its comment is taken out of ``comments``, so that those of no cell remain."""
    cell = Cell([], place[1] - 1, layout.spans.get(place, 1), place in layout.below)
    text = _text(source, layout.formulas.get(place))
    if text.startswith("=DISPIMG("):  # how WPS puts a picture into a cell
        cell.losses.append(Loss("图片", layout.title))
    elif place in layout.formulas:
        cell.losses.append(Loss("公式", f"={layout.formulas[place]}"))
    elif text and not cell.continued:
        cell.lines = text.split("\n")
    if place in comments:
        cell.losses.append(Loss("批注", comments.pop(place)))
    return cell


def _comments(parts: _Parts, path: str) -> dict[_Place, str]:
    """The comments by place. A thread stands instead of the notice that older programs show in its place."""
    found: dict[_Place, str] = {}
    for root in parts.related(path, "comments"):
        for comment in root.iter(f"{_MAIN}comment"):
            found[coordinate_to_tuple(comment.get("ref"))] = _words(comment, "t")
    for root in parts.related(path, "threadedComment"):
        threads: dict[_Place, list[str]] = {}
        for comment in root:
            threads.setdefault(coordinate_to_tuple(comment.get("ref")), []).append(_words(comment, "text"))
        found |= {place: "\n".join(words) for place, words in threads.items()}
    return found


def _drawn(drawing: Any, title: str) -> Iterator[Loss]:
    """What lies on a sheet: pictures and charts, and the words of text boxes."""
    etree.strip_elements(drawing, "{*}Fallback", with_tail=False)
    for element in drawing.iter():
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name in ("pic", "graphicFrame"):
            yield Loss("图片", title)
        elif name == "sp" and (words := _words(element, "t")):
            yield Loss("文本框", words)


def _words(element: Any, name: str) -> str:
    return "".join(e.text or "" for e in element.iter(f"{{*}}{name}")).strip()


def _text(cell: Any, formula: str | None) -> str:
    """A value as people see it, lines separated by line breaks."""
    value = cell.value
    if value is None:
        return f"={formula.removeprefix('_xlfn.')}" if formula else ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        kind = cell.style_array.numFmtId
        if kind not in _CHINESE_DAYS:
            return _number(value, cell.number_format)
        epoch = cell.parent.parent.epoch
        return _moment(from_excel(value, epoch), "yyyy" if kind in _CHINESE_MONTHS else "d")
    if isinstance(value, date | time):
        return _moment(value, cell.number_format)
    text = _CODE.sub(lambda code: "\r" if code[0] == "_x000D_" else "_", str(value))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float, code: str) -> str:
    """A number by its format where that is a common one: digits, thousands, percent, a word before or behind."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    match = _NUMBER.fullmatch(_NOT_SHOWN.sub("", code.partition(";")[0]).strip())
    if not match or abs(number) > _QUANTIZABLE:
        rounded = number if number == number.to_integral_value() else Decimal(f"{value:.15g}")
        percent = "%" if "%" in _QUOTED.sub("", code) else ""
        return _plain(rounded * 100 if percent else rounded) + percent
    before, thousands, whole, fraction, percent, after = match.groups("")
    places = max(0, len(fraction) - 1)
    scaled = (number * 100 if percent else number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = f"{scaled:,f}" if thousands else f"{scaled:f}"
    return f"{before}{digits.zfill(len(whole) + len(fraction))}{percent}{after}"


def _plain(number: Decimal) -> str:
    """Digits without exponent and closing zeros."""
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _moment(value: Any, code: str) -> str:
    """A date or time; a month where the format shows no day."""
    if isinstance(value, datetime):
        if value.time() != time():
            return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
        value = value.date()
    if not isinstance(value, date):
        return str(value).removesuffix(":00")
    shown = _QUOTED.sub("", _NOT_SHOWN.sub("", code)).lower()
    return value.isoformat() if "d" in shown or "y" not in shown else f"{value.year}年{value.month}月"


def _tagged(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows, those below a heading ``KEY`` with the task's number as tag, without keys and empty marks."""
    heads: dict[int, str] = {}
    made = []
    for row in rows:
        names = {cell.column: cell.text.strip() for cell in row}
        if KEY in names.values() and PROSE[0] in names.values():
            heads = names
        number = next((names[column] for column in names if heads.get(column) == KEY), "")
        if re.fullmatch("[1-9][0-9]*", number):
            for cell in row:
                if heads.get(cell.column) in PROSE:
                    cell.tag = f"{number}|{heads[cell.column]}"
        made.append([cell for cell in row if not _is_ours(heads.get(cell.column), cell)])
    return made


def _is_ours(head: str | None, cell: Cell) -> bool:
    """Whether a cell holds nothing of the clerk's: a key, or a mark not set. What was lost there still counts."""
    return not cell.losses and (head == KEY or (head == STATUS and not cell.text))
