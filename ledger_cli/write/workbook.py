"""Excel files with texts as texts: what every sheet of ours has in common, the same bytes for the same inputs."""

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import tostring

from ledger_cli.exits import CannotRun
from ledger_cli.write.word.render import write_package

_TEXT_LIMIT = 32_767
_CORE, _APP, _STYLES = "docProps/core.xml", "docProps/app.xml", "xl/styles.xml"
_APP_XML = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'

# CT_Font as Excel reads it; openpyxl writes the name first.
_FONT_ORDER = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"

# What Excel would read as a character's code, and the characters that would make a text retyped a formula.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_MARKS = ("=", "+", "-", "@")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_WHOLE = re.compile(r"0|[1-9]\d{0,8}")
_NAME_LENGTH = 31
_BODY, _HEAD = "宋体", "黑体"
_LINE, _TALLEST = 14.0, 409.0
"""Points of a line, and of the tallest row that Excel knows."""

_THIN = Side(style="thin")
BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
SHADE = PatternFill("solid", start_color="EDEDED")


def put(sheet: Worksheet, row: int, column: int, text: str, what: str = "表头", instead: str = "Word 填报表") -> None:
    """Put a text into a cell as text, whatever it begins with; none leaves the cell empty.

    Raises ``CannotRun`` where it is longer than a cell holds; ``what`` is then what it is, ``instead`` what holds it.
    """
    escaped = _ESCAPE.sub("_x005F_", text)
    size = len(escaped.encode("utf-16-le")) // 2
    if size > _TEXT_LIMIT:
        raise CannotRun(f"{what}有 {size} 字，Excel 的一格最多存 {_TEXT_LIMIT} 字", f"请改用 {instead}。")
    if text:
        cell: Any = sheet.cell(row, column)
        cell.value = escaped
        cell.data_type = "s"
        # Without it, a click into the cell and Enter would make the text a formula.
        cell.quotePrefix = text.startswith(_FORMULA_MARKS)


def wide(text: str) -> int:
    """The width of a text in characters; Chinese ones take two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table: its heading, and its width in characters."""

    name: str
    width: int


def add_table(
    book: Workbook,
    name: str,
    title: str,
    headings: Sequence[Heading],
    rows: Iterable[Sequence[str]],
    *,
    numbers: bool = False,
) -> None:
    """A sheet with one table: wrapped, as high as its texts, its head frozen, filtered and on every page.

    With ``numbers``, whole numbers are numbers, which a sheet adds up; else every cell is a text.
    """
    sheet = book.create_sheet(_sheet_name(name, book.sheetnames))
    for column, heading in enumerate(headings, 1):
        put(sheet, 1, column, heading.name)
        cell = sheet.cell(1, column)
        cell.font = Font(name=_HEAD, size=11)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border, cell.fill = BORDER, SHADE
        sheet.column_dimensions[get_column_letter(column)].width = heading.width
    last = 1
    for last, row in enumerate(rows, 2):
        for column, (heading, text) in enumerate(zip(headings, row, strict=True), 1):
            cell = sheet.cell(last, column)
            if numbers and _WHOLE.fullmatch(text):
                cell.value = int(text)
            else:
                put(sheet, last, column, text, f"“{heading.name}”一栏有一格", "Word 报告（ledger report）")
            cell.font = Font(name=_BODY, size=10.5)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.border = BORDER
        lines = max(_lines(text, heading.width) for heading, text in zip(headings, row, strict=True))
        sheet.row_dimensions[last].height = min(lines * _LINE + 4, _TALLEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{last}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddHeader.center.text = title.replace("&", "&&")
    sheet.oddFooter.center.text = "&P"


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column, roughly."""
    return sum(max(1, math.ceil(wide(line) / max(width - 1, 1))) for line in text.split("\n"))


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    """A name that Excel takes, and that no other sheet has."""
    bare = _NOT_IN_NAMES.sub(" ", name).strip(" '") or "表"
    known = {one.casefold() for one in taken}
    number, made = 1, bare[:_NAME_LENGTH]
    while made.casefold() in known:
        number += 1
        made = f"{bare[: _NAME_LENGTH - 4]} {number}"
    return made


def empty_book() -> Workbook:
    """A workbook without any sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def book_bytes(book: Workbook, *, title: str, day: date, keywords: str = "") -> bytes:
    """The file with properties that depend on the inputs alone; openpyxl stamps the hour and its name."""
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - openpyxl takes naive times
    raw = io.BytesIO()
    try:
        book.save(raw)
    except etree.SerialisationError as error:  # openpyxl lays its sheets down in the folder for temporary files
        hint = "清理磁盘，或者检查存放临时文件的位置能不能写，再运行一次。"
        raise CannotRun("临时文件写不了，表格没有写出", hint) from error
    known = book.properties
    known.title, known.keywords, known.creator = title[:255], keywords, ""
    known.created = known.modified = moment
    with zipfile.ZipFile(raw) as saved:
        parts = {name: saved.read(name) for name in saved.namelist()}
    parts |= {_CORE: tostring(known.to_tree()), _APP: _APP_XML, _STYLES: _in_order(parts[_STYLES])}
    made = io.BytesIO()
    write_package(parts, made)
    return made.getvalue()


def _in_order(styles: bytes) -> bytes:
    """The style sheet with the children of each font in the order of the schema."""
    sheet = etree.fromstring(styles)
    places = {f"{{{SHEET_MAIN_NS}}}{name}": place for place, name in enumerate(_FONT_ORDER.split())}
    for font in sheet.iter(f"{{{SHEET_MAIN_NS}}}font"):
        font[:] = sorted(font, key=lambda child: places[child.tag])
    return etree.tostring(sheet)
