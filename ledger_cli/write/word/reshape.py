"""A shipped template in the columns of another plan: its table of seven made anew, all else as it is.

Each new cell is a copy of the one that means the same in the shipped template, so that fonts, alignment, merging and
the controls of a form come along; only its tag and its width are the new column's.
"""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ledger_cli.model.column import SEED, Column, Kind, Role, Shape, parts
from ledger_cli.write.word.markup import SPACE, span_of, w
from ledger_cli.write.word.package_files import BODY, packed, unpacked

_UNIT = "单位"
_PRINTS = re.compile(r"\{\{-?\s*[^\W\d]\w*\.([^\W\d]\w*)\s*-?\}\}")
_FEW = 5
"""Columns up to which a table stands on an upright page."""
_UPRIGHT = {"w": "11906", "h": "16838"}
_MARGINS = {"top": "2098", "right": "1474", "bottom": "1984", "left": "1588"}
_UPRIGHT_WIDTH = 8844

_SHARES = {
    Role.SECTION: 4, Role.NUMBER: 4, Role.TEXT: 27, Role.UNITS: 12, Role.LEAD: 10, Role.JOINT: 12, Role.DEADLINE: 9,
    Role.PLAN: 9, Role.PROGRESS: 26, Role.PROBLEMS: 11, Role.PLANS: 11, Role.FILED: 11,
}  # fmt: skip
"""Shares of a table's width, where the catalog does not say them."""
_SHORT = 6
_UNIT_SHARE = 9
_UNIT_PART = 0.22


@dataclass(frozen=True, slots=True)
class _Slot:
    """A column of the new table: the plan's, or (None) the one that names the units."""

    column: Column | None

    @property
    def like(self) -> str:
        """The column of the shipped template that its cells are copied from."""
        if self.column is None:
            return _UNIT
        own = {Role.SECTION: "章节", Role.TEXT: "举措", Role.DEADLINE: "完成时限", Role.PLAN: "完成时限"}
        if self.column.role.filed:
            return "具体落实情况" if self.column.role is Role.PROGRESS else "存在问题"
        return own.get(self.column.role, "责任单位")

    @property
    def share(self) -> float:
        if self.column is None:
            return _UNIT_SHARE
        return _SHORT if self.column.kind is not Kind.TEXT else _SHARES[self.column.role]


def reshaped(data: bytes, shape: Shape) -> bytes:
    """The template with its tables of tasks and answers in these columns; one without such tables as it is."""
    files = unpacked(data)
    tree = etree.fromstring(files[BODY])
    tables = [made for table in tree.iter(w("tbl")) if (made := _Table.of(table, shape))]
    if not tables:
        return data
    upright = len(shape.columns) <= _FEW and all(table.whole for table in tables)
    if upright:
        _set_upright(tree)
    for table in tables:
        table.make(_UPRIGHT_WIDTH if upright else None)
    files[BODY] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return packed(files)


def _set_upright(tree: Any) -> None:
    for size in tree.iter(w("pgSz")):
        size.attrib.pop(w("orient"), None)
        for name, value in _UPRIGHT.items():
            size.set(w(name), value)
    for margins in tree.iter(w("pgMar")):
        for name, value in _MARGINS.items():
            margins.set(w(name), value)


class _Table:
    """One table of a shipped template that prints answers, and the columns it is to have."""

    def __init__(self, element: Any, shape: Shape, old: Sequence[str]) -> None:
        self.element = element
        self.shape = shape
        self.old = old
        self.whole = _UNIT not in old
        columns = shape.columns if self.whole else shape.filed
        self.slots = [*([] if self.whole else [_Slot(None)]), *map(_Slot, columns)]

    @classmethod
    def of(cls, element: Any, shape: Shape) -> "_Table | None":
        """The table, if a row of it prints an answer."""
        for row in element.iterchildren(w("tr")):
            names = [_known(cell) for cell in row.iterchildren(w("tc"))]
            if "具体落实情况" in names and all(names):
                return cls(element, shape, [name for name in names if name])
        return None

    def make(self, width: int | None) -> None:
        grid = self.element.find(w("tblGrid"))
        total = width or sum(int(column.get(w("w"))) for column in grid)
        self.widths = _widths(self.slots, total)
        for row in list(self.element.iterchildren(w("tr"))):
            self._row(row)
        if self.whole and not self.shape.of(Role.SECTION):
            self._section_rows()
        for old in list(grid):
            grid.remove(old)
        for each in self.widths:
            etree.SubElement(grid, w("gridCol")).set(w("w"), str(each))
        self.element.find(f"{w('tblPr')}/{w('tblW')}").set(w("w"), str(total))

    def _row(self, row: Any) -> None:
        cells = list(row.iterchildren(w("tc")))
        if len(cells) == len(self.old):
            by_name = dict(zip(self.old, cells, strict=True))
            head = row.find(f"{w('trPr')}/{w('tblHeader')}") is not None
            made = [self._cell(by_name, slot, head=head) for slot in self.slots]
            if head and any(slot.column and slot.column.group for slot in self.slots):
                self._two_heads(row, made)
        elif len(cells) == 1:
            _span(cells[0], len(self.slots), sum(self.widths))
            self._describe(cells[0])
            return
        else:  # a note below a task: as wide as the first answers that stand together
            by_name = dict(zip(self.old, cells, strict=False))
            made = self._note_cells(by_name, cells[-1])
        for cell in cells:
            row.remove(cell)
        row.extend(made)

    def _cell(self, by_name: dict[str, Any], slot: _Slot, *, head: bool) -> Any:
        cell = deepcopy(by_name[slot.like])
        _span(cell, 1, self.widths[self.slots.index(slot)])
        column = slot.column
        if column is None:
            return cell
        if head:
            _set_words(cell, column.name)
            return cell
        tag = self.shape.tags[column.key]
        if column.role is Role.TEXT:
            before = "" if self.shape.of(Role.NUMBER) else "{{ 行.序 }}"
            _replace(cell, lambda text: text.replace("{{ 行.编号 }}.", before))
        elif column.role is not Role.SECTION:
            like = slot.like
            # The tag of a control says the column by its key; what it is called, a reader of the form sees.
            _replace(
                cell,
                lambda text: text.replace(f".{like}", f".{tag}").replace(f"|{like}", f"|{column.key}"),
                lambda text: column.name if text == like else text,
            )
        if column.role.filed and column is self.shape.main and slot.like != "具体落实情况":
            _lead(cell, by_name["具体落实情况"])
        return cell

    def _note_cells(self, by_name: dict[str, Any], note: Any) -> list[Any]:
        notes = self.shape.notes
        made = []
        for slot in self.slots:
            column = slot.column
            if column in notes:
                if column is notes[0]:
                    places = [place for place, other in enumerate(self.slots) if other.column in notes]
                    cell = deepcopy(note)
                    _span(cell, len(places), sum(self.widths[place] for place in places))
                    made.append(cell)
            elif column is not None and column.role.filed:
                cell = deepcopy(note)
                _set_words(cell, "")
                _span(cell, 1, self.widths[self.slots.index(slot)])
                made.append(cell)
            else:
                made.append(self._cell(by_name, slot, head=False))
        return made

    def _two_heads(self, row: Any, cells: list[Any]) -> None:
        """A row above the head with the headings that stand over several columns."""
        above = deepcopy(row)
        for cell in list(above.iterchildren(w("tc"))):
            above.remove(cell)
        place = 0
        for group, together in parts([slot.column for slot in self.slots if slot.column]):
            cell = deepcopy(cells[place])
            if group:
                _set_words(cell, group)
                _span(cell, len(together), sum(self.widths[place : place + len(together)]))
            else:
                _merge(cell, "restart")
                _merge(cells[place], None)
                _set_words(cells[place], "")
            above.append(cell)
            place += len(together)
        row.addprevious(above)

    def _section_rows(self) -> None:
        """Rows that print the titles of the sections that begin with a task, behind the tag that begins its rows."""
        begin = next(
            row for row in self.element.iterchildren(w("tr")) if "".join(row.itertext()).startswith("{%tr for 行 in")
        )
        title = deepcopy(begin)
        paragraph = title.find(f".//{w('p')}")
        properties = etree.Element(w("pPr"))
        etree.SubElement(properties, w("pStyle")).set(w("val"), "TableHead")
        etree.SubElement(properties, w("keepNext"))
        etree.SubElement(properties, w("jc")).set(w("val"), "left")
        paragraph.insert(0, properties)
        _set_words(title, "{{ 题 }}")
        last = begin
        for row, words in (
            (deepcopy(begin), "{%tr for 题 in 行.题 %}"),
            (title, ""),
            (deepcopy(begin), "{%tr endfor %}"),
        ):
            if words:
                _set_words(row, words)
            last.addnext(row)
            last = row

    def _describe(self, cell: Any) -> None:
        """The line of the compact template that says units and deadline, with the plan's columns instead."""
        line = next((p for p in cell.iter(w("p")) if "责任单位：" in "".join(p.itertext())), None)
        if line is None:
            return
        label, words, *others = line.findall(w("r"))
        for other in others:
            line.remove(other)
        made = []
        for column in self.shape.beside:
            for run, text in ((label, f"{column.name}："), (words, f"{{{{ 任务.{self.shape.tags[column.key]} }}}}　")):
                copy = deepcopy(run)
                _set_words(copy, text)
                made.append(copy)
        line.remove(label)
        line.remove(words)
        line.extend(made)
        for paragraph in cell.iter(w("p")):
            _replace(paragraph, lambda text: text.replace("{{ 任务.编号 }}.", "{{ 任务.号 }}"))


def _known(cell: Any) -> str:
    """The column of the shipped template that a cell prints; "" where it is none."""
    names = _PRINTS.findall("".join(cell.itertext()))
    known = [name for name in names if name in (*(column.key for column in SEED.columns), "章节")]
    return known[0] if known else _UNIT if _UNIT in names else ""


def _widths(slots: Sequence[_Slot], total: int) -> list[int]:
    """Widths that add up to ``total``: as the catalog says, the rest by what the columns mean."""
    given = {place: float(s.column.width) for place, s in enumerate(slots) if s.column and s.column.width}
    scale = 100.0 if any(width > 1 for width in given.values()) else 1.0
    said = {place: width / scale for place, width in given.items()}
    if said and any(slot.column is None for slot in slots):
        # The shares are of a table with the plan's columns; beside the answers alone, the units' names take less.
        place = next(place for place, slot in enumerate(slots) if slot.column is None)
        said[place] = sum(said.values()) * _UNIT_PART
    left = max(1.0 - sum(said.values()), 0.0)
    rest = sum(slot.share for place, slot in enumerate(slots) if place not in said) or 1.0
    shares = [said.get(place, left * slot.share / rest) for place, slot in enumerate(slots)]
    least = 0.03
    shares = [max(share, least) for share in shares]
    widths = [int(total * share / sum(shares)) for share in shares]
    widths[-1] += total - sum(widths)
    return widths


def _span(cell: Any, columns: int, width: int) -> None:
    properties = cell.find(w("tcPr"))
    properties.find(w("tcW")).set(w("w"), str(width))
    span = properties.find(w("gridSpan"))
    if span is not None and columns == 1:
        properties.remove(span)
    elif columns > 1:
        if span is None:
            span = etree.Element(w("gridSpan"))
            properties.insert(1, span)
        span.set(w("val"), str(columns))


def _merge(cell: Any, value: str | None) -> None:
    properties = cell.find(w("tcPr"))
    merge = etree.Element(w("vMerge"))
    if value:
        merge.set(w("val"), value)
    properties.insert(2 if span_of(cell) > 1 else 1, merge)


def _set_words(element: Any, words: str) -> None:
    """Put words into the first run of an element and take those of the others away; none leaves it without runs."""
    paragraph = element if element.tag in (w("p"), w("r")) else element.find(f".//{w('p')}")
    runs = [element] if element.tag == w("r") else paragraph.findall(w("r"))
    for run in runs[1:] if words else runs:
        paragraph.remove(run)
    if not words:
        return
    run = runs[0] if runs else etree.SubElement(paragraph, w("r"))
    text = run.find(w("t"))
    if text is None:
        text = etree.SubElement(run, w("t"))
    text.text = words
    text.set(SPACE, "preserve")


def _replace(element: Any, of_text: Callable[[str], str], of_name: Callable[[str], str] | None = None) -> None:
    for text in element.iter(w("t")):
        text.text = of_text(text.text or "")
    for named in element.iter(w("tag"), w("alias")):
        value = named.get(w("val"), "")
        named.set(w("val"), (of_name or of_text)(value) if named.tag == w("alias") else of_text(value))


def _lead(cell: Any, model: Any) -> None:
    """Put the unit's name before the text of the first column, where the shipped one has it."""
    run = next((r for r in model.iter(w("r")) if "单位 }}{{" in "".join(r.itertext())), None)
    own = next((r for r in cell.iter(w("r"))), None)
    if run is not None and own is not None:
        own.addprevious(deepcopy(run))
