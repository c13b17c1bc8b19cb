"""A unit's form as an Excel sheet: the same rows as the Word form, for clerks who fill in tables.

The answer cells alone are open; a hidden last column says which task a row is, whatever is done to the rest.
"""

import io
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import tostring

from ledger_cli.exits import CannotRun
from ledger_cli.model.catalog import Period
from ledger_cli.model.column import Column, Role, Shape
from ledger_cli.model.form import FILLED, KEY, NOT_APPLICABLE, STATUS, Origin
from ledger_cli.write.word.render import write_package

_WIDTHS = {
    Role.SECTION: 10, Role.NUMBER: 6, Role.TEXT: 26, Role.UNITS: 12, Role.LEAD: 12, Role.JOINT: 12, Role.DEADLINE: 11,
    Role.PLAN: 11, Role.PROGRESS: 36, Role.PROBLEMS: 20, Role.PLANS: 20, Role.FILED: 20,
}  # fmt: skip
"""Widths in characters; those of the seed fill a landscape A4 page."""
_SHORT, _STATUS_WIDTH, _KEY_WIDTH = 10, 8, 6
_MARKS = (FILLED, NOT_APPLICABLE)
_TEXT_LIMIT = 32_767
_CORE, _APP, _STYLES = "docProps/core.xml", "docProps/app.xml", "xl/styles.xml"
_APP_XML = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'

# CT_Font as Excel reads it; openpyxl writes the name first.
_FONT_ORDER = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"

# What Excel would read as a character's code, and the characters that would make a text retyped a formula.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_MARKS = ("=", "+", "-", "@")

_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", start_color="EDEDED")


@dataclass(frozen=True, slots=True)
class _Place:
    """One column of the sheet: its heading, its width in characters, and whether the clerk fills it in."""

    heading: str
    width: int
    is_open: bool
    column: Column | None = None


def _places(shape: Shape) -> list[_Place]:
    places = [_Place(c.name, _WIDTHS[c.role] if c.long else _SHORT, c.role.filed, c) for c in shape.columns]
    return [*places, _Place(STATUS, _STATUS_WIDTH, is_open=True), _Place(KEY, _KEY_WIDTH, is_open=False)]


def write_form_xlsx(context: dict[str, Any], shape: Shape, path: Path, origin: Origin, period: Period) -> None:
    """The form as a workbook of one sheet, the same bytes for the same inputs.

    ``context`` is what ``form_context`` returns. Raises ``CannotRun`` where a text is longer than a cell holds.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "填报表"
    places = _places(shape)
    header = _head(sheet, context["台账"], context["表"], places)
    for column, place in enumerate(places, 1):
        _put(sheet, header, column, place.heading)
        _dress(sheet, header, column, is_open=False, head=True)
    for number, row in enumerate(context["表"]["行"], header + 1):
        _task_row(sheet, number, row, places, shape)
    _set_up(sheet, header, places)
    _save(book, path, f"{context['台账']['名称']}填报表（{context['表']['单位']}）", origin, period)


def _head(sheet: Worksheet, ledger: dict[str, Any], form: dict[str, Any], places: Sequence[_Place]) -> int:
    """Title, unit and instructions; the number of the row below them."""
    widths = [place.width for place in places[:-1]]  # the last one is hidden
    shown = len(widths)
    _line(sheet, 1, f"{ledger['名称']}填报表", 1, shown, widths, bold=True)
    facts = (f"填报单位：{form['单位']}", f"报送期：{form['报送期']}", f"截止：{form['截止']}")
    ends = (max(1, shown * 3 // 8), max(2, shown * 5 // 8), shown)
    for text, first, last in zip(facts, (1, ends[0] + 1, ends[1] + 1), ends, strict=True):
        _line(sheet, 2, text, first, last, widths)
    lines = form["说明"].split("\n")
    for row, text in enumerate(lines, 3):
        _line(sheet, row, text, 1, shown, widths)
    return 3 + len(lines)


def _line(
    sheet: Worksheet, row: int, text: str, first: int, last: int, widths: Sequence[int], *, bold: bool = False
) -> None:
    """A text across columns; Excel does not fit the height of merged cells, so it is set."""
    _put(sheet, row, first, text)
    cell = sheet.cell(row, first)
    cell.font = Font(size=16 if bold else 11, bold=bold)
    cell.alignment = Alignment(horizontal="center" if bold else "left", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    wide = sum(2 if ord(c) > 0x2E7F else 1 for c in text) * (1.5 if bold else 1.0)
    lines = math.ceil(wide / (sum(widths[first - 1 : last]) * 0.95)) or 1
    sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height or 0, lines * (24 if bold else 16) + 2)


def _task_row(sheet: Worksheet, number: int, row: dict[str, Any], places: Sequence[_Place], shape: Shape) -> None:
    for column, place in enumerate(places, 1):
        if place.heading == KEY:
            sheet.cell(number, column).value = row["编号"]
        else:
            _put(sheet, number, column, _text(row, place, shape), f"第{row['编号']}项任务的“{place.heading}”")
        _dress(sheet, number, column, is_open=place.is_open, head=False)


def _text(row: dict[str, Any], place: _Place, shape: Shape) -> str:
    if place.column is None:
        return ""
    text = str(row[shape.tags[place.column.key]])
    return f"{row['序']}{text}" if place.column.role is Role.TEXT else text


def _put(sheet: Worksheet, row: int, column: int, text: str, what: str = "表头") -> None:
    """Put a text into a cell as text, whatever it begins with; none leaves the cell empty."""
    escaped = _ESCAPE.sub("_x005F_", text)
    size = len(escaped.encode("utf-16-le")) // 2
    if size > _TEXT_LIMIT:
        raise CannotRun(f"{what}有 {size} 字，Excel 的一格最多存 {_TEXT_LIMIT} 字", "请改用 Word 填报表。")
    if text:
        cell: Any = sheet.cell(row, column)
        cell.value = escaped
        cell.data_type = "s"
        # Without it, a click into the cell and Enter would make the text a formula.
        cell.quotePrefix = text.startswith(_FORMULA_MARKS)


def _dress(sheet: Worksheet, row: int, column: int, *, is_open: bool, head: bool) -> None:
    """Border and alignment of a cell of the table; answers are open to the clerk, the rest is shaded."""
    cell = sheet.cell(row, column)
    cell.border = _BORDER
    cell.font = Font(size=11 if head else 10.5, bold=head)
    cell.alignment = Alignment(
        horizontal="center" if head else "left", vertical="center" if head else "top", wrap_text=True
    )
    cell.protection = Protection(locked=not is_open)
    if not is_open:
        cell.fill = _SHADE


def _set_up(sheet: Worksheet, header: int, places: Sequence[_Place]) -> None:
    """Widths, panes, printing, protection and the list of marks; ``header`` is the row of headings."""
    letters = {place.heading: get_column_letter(column) for column, place in enumerate(places, 1)}
    for place in places:
        sheet.column_dimensions[letters[place.heading]].width = place.width
    sheet.column_dimensions[letters[KEY]].hidden = True
    sheet.freeze_panes = f"A{header + 1}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.protection.sheet = True
    sheet.protection.formatRows = False  # allowed: else rows do not grow with what is typed
    marks = DataValidation(type="list", formula1=f'"{",".join(_MARKS)}"', allow_blank=True, errorStyle="information")
    if sheet.max_row > header:
        marks.add(f"{letters[STATUS]}{header + 1}:{letters[STATUS]}{sheet.max_row}")
        sheet.add_data_validation(marks)


def _save(book: Workbook, path: Path, title: str, origin: Origin, period: Period) -> None:
    """Write the file with properties that depend on the inputs alone; openpyxl stamps the hour and its name."""
    moment = datetime(period.due.year, period.due.month, period.due.day)  # noqa: DTZ001 - openpyxl takes naive times
    raw = io.BytesIO()
    try:
        book.save(raw)
    except etree.SerialisationError as error:  # openpyxl lays its sheets down in the folder for temporary files
        hint = "清理磁盘，或者检查存放临时文件的位置能不能写，再运行一次。"
        raise CannotRun("临时文件写不了，表格没有写出", hint) from error
    known = book.properties
    known.title, known.keywords, known.creator = title[:255], str(origin), ""
    known.created = known.modified = moment
    with zipfile.ZipFile(raw) as saved:
        parts = {name: saved.read(name) for name in saved.namelist()}
    parts |= {_CORE: tostring(known.to_tree()), _APP: _APP_XML, _STYLES: _in_order(parts[_STYLES])}
    write_package(parts, path)


def _in_order(styles: bytes) -> bytes:
    """The style sheet with the children of each font in the order of the schema."""
    sheet = etree.fromstring(styles)
    places = {f"{{{SHEET_MAIN_NS}}}{name}": place for place, name in enumerate(_FONT_ORDER.split())}
    for font in sheet.iter(f"{{{SHEET_MAIN_NS}}}font"):
        font[:] = sorted(font, key=lambda child: places[child.tag])
    return etree.tostring(sheet)
