"""A unit's form as an Excel sheet: the same rows as the Word form, for clerks who fill in tables.

The answer cells alone are open; a hidden last column says which task a row is, whatever is done to the rest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ledger_cli.model.catalog import Period
from ledger_cli.model.column import Column, Role, Shape
from ledger_cli.model.form import FILLED, KEY, NOT_APPLICABLE, STATUS, Origin
from ledger_cli.write.workbook import BORDER, SHADE, book_bytes, put, wide

_WIDTHS = {
    Role.SECTION: 10, Role.NUMBER: 6, Role.TEXT: 26, Role.UNITS: 12, Role.LEAD: 12, Role.JOINT: 12, Role.DEADLINE: 11,
    Role.PLAN: 11, Role.PROGRESS: 36, Role.PROBLEMS: 20, Role.PLANS: 20, Role.FILED: 20,
}  # fmt: skip
"""Widths in characters; those of the seed fill a landscape A4 page."""
_SHORT, _STATUS_WIDTH, _KEY_WIDTH = 10, 8, 6
_MARKS = (FILLED, NOT_APPLICABLE)


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
        put(sheet, header, column, place.heading)
        _dress(sheet, header, column, is_open=False, head=True)
    for number, row in enumerate(context["表"]["行"], header + 1):
        _task_row(sheet, number, row, places, shape)
    _set_up(sheet, header, places)
    title = f"{context['台账']['名称']}填报表（{context['表']['单位']}）"
    path.write_bytes(book_bytes(book, title=title, day=period.due, keywords=str(origin)))


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
    put(sheet, row, first, text)
    cell = sheet.cell(row, first)
    cell.font = Font(size=16 if bold else 11, bold=bold)
    cell.alignment = Alignment(horizontal="center" if bold else "left", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    lines = math.ceil(wide(text) * (1.5 if bold else 1.0) / (sum(widths[first - 1 : last]) * 0.95)) or 1
    sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height or 0, lines * (24 if bold else 16) + 2)


def _task_row(sheet: Worksheet, number: int, row: dict[str, Any], places: Sequence[_Place], shape: Shape) -> None:
    for column, place in enumerate(places, 1):
        if place.heading == KEY:
            sheet.cell(number, column).value = row["编号"]
        else:
            put(sheet, number, column, _text(row, place, shape), f"第{row['编号']}项任务的“{place.heading}”")
        _dress(sheet, number, column, is_open=place.is_open, head=False)


def _text(row: dict[str, Any], place: _Place, shape: Shape) -> str:
    if place.column is None:
        return ""
    text = str(row[shape.tags[place.column.key]])
    return f"{row['序']}{text}" if place.column.role is Role.TEXT else text


def _dress(sheet: Worksheet, row: int, column: int, *, is_open: bool, head: bool) -> None:
    """Border and alignment of a cell of the table; answers are open to the clerk, the rest is shaded."""
    cell = sheet.cell(row, column)
    cell.border = BORDER
    cell.font = Font(size=11 if head else 10.5, bold=head)
    cell.alignment = Alignment(
        horizontal="center" if head else "left", vertical="center" if head else "top", wrap_text=True
    )
    cell.protection = Protection(locked=not is_open)
    if not is_open:
        cell.fill = SHADE


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
