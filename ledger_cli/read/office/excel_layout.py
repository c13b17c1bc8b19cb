"""The frame of an Excel sheet, from its XML: what openpyxl does not tell, or only by building every cell."""

import re
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from ledger_cli.read.office.excel_rich import RichText, rich_text
from ledger_cli.read.office.namespaces import SHEET
from ledger_cli.read.office.package import EXCEL, Package
from ledger_cli.read.office.tables import UnreadableFile

_ROWS, _COLUMNS = 20_000, 100
_MARGIN_CODE = re.compile(r'&(?:"[^"]*"|\d+|K[0-9A-Fa-f]{6}|.)', re.DOTALL)
_SAID_BY_CODE = {"&&": "&", **dict.fromkeys(("&L", "&C", "&R"), "\n")}
_ELEMENTS = [f"{SHEET}{name}" for name in ("row", "c", "mergeCell", "headerFooter", "oleObject")]

Place = tuple[int, int]
"""Row and column of a cell, from 1."""


class Layout:
    """A sheet's frame, from its XML: extent, merged areas, formulas without a result, headers, objects, texts
    that mean more than their characters.

    ``spans`` has the width of each merged area at its first cell and, as ``below``, at the left cells under
    it; ``covered`` are its other cells. Places are row and column, from 1.
    """

    def __init__(self, package: Package, path: str, title: str, shared: dict[int, RichText]) -> None:
        self.title, self.rows, self.columns, self.budget = title, 0, 0, package.budget
        self.rich: dict[Place, RichText] = {}
        self._shared = shared
        self.formulas: dict[Place, str] = {}
        self.margin: list[str] = []
        self.embedded: set[str] = set()  # ids, for an object may be described twice for older programs
        self.spans: dict[Place, int] = {}
        self.below: set[Place] = set()
        self.covered: set[Place] = set()
        self._place = (0, 0)
        merged: list[str] = []
        for event, element in package.elements(path, _ELEMENTS):
            kind = element.tag.removeprefix(SHEET)
            if event == "start":
                if kind == "row":
                    self._go(int(element.get("r", self._place[0] + 1)), 0)
            elif kind == "c":
                self._cell(element)
            elif kind == "mergeCell":
                package.budget.meet("mergeCell", 1)
                merged.append(element.get("ref", ""))
            elif kind == "headerFooter":
                self.margin = [line for e in element for line in _margin_lines(e.text or "")]
            elif kind == "oleObject":
                self.embedded.add(element.get("shapeId", ""))
        package.budget.meet("c", self.rows * self.columns)  # empty ones between others cost as much
        self._merge(merged)

    def _cell(self, element: Any) -> None:
        place = element.get("r")
        self._go(*(coordinate_to_tuple(place) if place else (self._place[0], self._place[1] + 1)))
        formula, value = element.find(f"{SHEET}f"), element.find(f"{SHEET}v")
        # Programs that calculate nothing write an empty result; a true one of no characters says it is a string.
        if formula is not None and (value is None or not (value.text or element.get("t") == "str")):
            self.formulas[self._place] = formula.text or ""
        rich = self._rich(element)
        if rich is not None:
            self.rich[self._place] = rich
        if len(element):
            self.rows, self.columns = max(self.rows, self._place[0]), max(self.columns, self._place[1])
        if self.rows > _ROWS or self.columns > _COLUMNS:
            raise UnreadableFile(
                f"工作表“{self.title}”超过 {_ROWS} 行或者 {_COLUMNS} 列，没有读取", "删去与填报无关的行、列再试。"
            )

    def _rich(self, element: Any) -> RichText | None:
        inline, value = element.find(f"{SHEET}is"), element.find(f"{SHEET}v")
        if inline is not None:
            return rich_text(inline)
        index = (value.text or "") if value is not None and element.get("t") == "s" else ""
        return self._shared.get(int(index)) if index.isdecimal() else None

    def _go(self, row: int, column: int) -> None:
        if (row, column) <= self._place:  # openpyxl would skip it without a word
            raise EXCEL.broken()
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
                raise UnreadableFile(f"工作表“{self.title}”的合并单元格互相重叠", EXCEL.repair)
            for row in range(top, bottom + 1):
                self.spans[row, left] = width
                self.covered.update((row, column) for column in range(left + 1, right + 1))
            self.below.update((row, left) for row in range(top + 1, bottom + 1))


def _margin_lines(text: str) -> list[str]:
    """The lines of a header or footer without its codes for fonts, page numbers and sides."""
    plain = _MARGIN_CODE.sub(lambda code: _SAID_BY_CODE.get(code[0], ""), text)
    return [line.strip() for line in plain.split("\n") if line.strip()]
