"""An Excel workbook to tables of cells, as people see them: the reader for forms filled in as a sheet.

openpyxl gives the values and their formats. What it does not tell (a formula nobody has worked out, merged
areas without building each of their cells, comments, pictures, exponents) is read from the file's own XML.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple

from ledger_cli.model.form import KEY, STATUS
from ledger_cli.read.office.budget import crowded
from ledger_cli.read.office.excel_layout import Layout, Place
from ledger_cli.read.office.excel_rich import in_font, shared_rich_texts
from ledger_cli.read.office.excel_values import cell_text
from ledger_cli.read.office.namespaces import SHEET
from ledger_cli.read.office.package import EXCEL, RELATION_ID, Package
from ledger_cli.read.office.tables import Cell, FilledDocument, Loss, Table, UnreadableFile
from ledger_cli.read.office.words import office_words

_SHEETS = 400

KINDS = frozenset(
    f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}.main+xml" for kind in ("sheet", "template")
)
"""The content types of a workbook's main part."""


def read_excel(data: bytes) -> FilledDocument:
    """The workbook in the bytes, a table a sheet; raises ``UnreadableFile``. Nothing in it is executed or fetched."""
    try:
        return _document(_Workbook(Package(data, EXCEL)))
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl and lxml raise anything from KeyError to TypeError at damaged parts
        raise EXCEL.broken() from error


def _document(parts: "_Workbook") -> FilledDocument:
    package = parts.package
    document = FilledDocument([], [], revised=False, keywords=package.core_property("keywords"))
    document.words, document.saved = office_words(package), package.core_property("modified")
    package.forget()  # sheets are large, and openpyxl reads them its own way
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(parts.for_openpyxl(), read_only=True, data_only=True, keep_links=False)
        worksheets = {sheet.title: sheet for sheet in book.worksheets}
        for name, path in parts.sheets.items():
            if name in worksheets:
                _read_sheet(parts, path, worksheets[name], document)
            else:
                document.losses.append(Loss("图片", name))  # a chart on a sheet of its own
    return document


class _Workbook:
    """A workbook's package, the paths of its sheets by name, its shared texts with exponents and symbols."""

    def __init__(self, package: Package) -> None:
        self.package = package
        if package.has_macros:
            raise UnreadableFile("这是带宏的文件，没有读取", "用 Excel 打开，另存为不带宏的 .xlsx 再试。")
        if package.kind(package.main) not in KINDS:
            raise UnreadableFile("这不是 Excel 工作簿", EXCEL.resave)
        targets = {relation.id: relation.target for relation in package.relations(package.main)}
        sheets = package.xml(package.main).iter(f"{SHEET}sheet")
        paths = {str(e.get("name", "")): targets.get(e.get(RELATION_ID, ""), "") for e in sheets}
        if len(paths) > _SHEETS:
            raise crowded(len(paths), "张工作表")
        self.sheets = {name: path for name, path in paths.items() if path in package}
        self.rich = shared_rich_texts(package, package.main)

    def for_openpyxl(self) -> io.BytesIO:
        """The package without pictures, properties, themes and sheets of charts, over whose oddities openpyxl stumbles.

        It has the content types, relations and names of strict files in the transitional spelling.
        """
        slim = io.BytesIO()
        with zipfile.ZipFile(slim, "w", zipfile.ZIP_STORED) as made:
            for name in self.package.names():
                if self._is_for_openpyxl(name):
                    made.writestr(name, self.package.safe(name))
        slim.seek(0)
        return slim

    def _is_for_openpyxl(self, name: str) -> bool:
        is_xml = name.endswith((".xml", ".rels")) or self.package.kind(name).endswith("xml")
        return is_xml and not name.startswith(("docProps/", "xl/theme/", "xl/chartsheets/"))


def _roots(package: Package, name: str, kind: str) -> Iterator[Any]:
    """The roots of the parts of a kind that a part refers to."""
    for relation in package.relations(name):
        if relation.kind == kind and relation.target in package:
            yield package.xml(relation.target)


def _read_sheet(book: _Workbook, path: str, sheet: Any, document: FilledDocument) -> None:
    """Add a sheet's table, headers and losses to the document."""
    layout = Layout(book.package, path, sheet.title, book.rich)
    comments = _comments(book.package, path)
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
    for drawing in _roots(book.package, path, "drawing"):
        document.losses.extend(_drawn(drawing, sheet.title))


def _cell(place: Place, source: Any, layout: Layout, comments: dict[Place, str]) -> Cell:
    """The cell at a place; its comment is taken out of ``comments``, so that those of no cell remain."""
    cell = Cell([], place[1] - 1, layout.spans.get(place, 1), place in layout.below)
    text = cell_text(source, layout.formulas.get(place))
    if text.startswith("=DISPIMG("):  # how WPS puts a picture into a cell
        cell.losses.append(Loss("图片", layout.title))
    elif place in layout.formulas:
        cell.losses.append(Loss("公式", f"={layout.formulas[place]}"))
    elif text and not cell.continued:
        rich = layout.rich.get(place) or in_font(text, source.font.name)
        cell.lines = layout.budget.write_out(rich.text).split("\n")
        cell.losses += rich.losses
    if place in comments:
        cell.losses.append(Loss("批注", comments.pop(place)))
    return cell


def _comments(package: Package, path: str) -> dict[Place, str]:
    """The comments by place. A thread stands instead of the notice that older programs show in its place."""
    found: dict[Place, str] = {}
    for root in _roots(package, path, "comments"):
        for comment in root.iter(f"{SHEET}comment"):
            found[coordinate_to_tuple(comment.get("ref"))] = _words(comment, "t")
    for root in _roots(package, path, "threadedComment"):
        threads: dict[Place, list[str]] = {}
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


def _tagged(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The rows, those below the headings of our sheet with task and heading as tag, without keys and empty marks."""
    heads: dict[int, str] = {}
    made = []
    for row in rows:
        names = {cell.column: cell.text.strip() for cell in row}
        if {KEY, STATUS} <= set(names.values()):
            heads = names
        number = next((names[column] for column in names if heads.get(column) == KEY), "")
        if re.fullmatch("[1-9][0-9]{0,5}", number):
            for cell in row:
                if heads.get(cell.column, KEY) != KEY:
                    cell.tag = f"{number}|{heads[cell.column]}"
        made.append([cell for cell in row if not _is_ours(heads.get(cell.column), cell)])
    return made


def _is_ours(head: str | None, cell: Cell) -> bool:
    """Whether a cell holds nothing of the clerk's: a key, or a mark not set. What was lost there still counts."""
    return not cell.losses and (head == KEY or (head == STATUS and not cell.text))
