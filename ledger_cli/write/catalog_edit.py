"""data/tasks.yaml with one more period and another current one: a few characters change, every other byte stays.

The places come from the document that was read, so that comments, layout, line ends and byte order mark are kept.
"""

import re

import yaml

from ledger_cli.model.catalog import Catalog, Period
from ledger_cli.read.catalog import read_catalog
from ledger_cli.read.yaml.document import Document
from ledger_cli.write.catalog_file import period_map
from ledger_cli.write.line_edit import Edit, lines_of, with_edits

_END = re.compile(r"[\r\n]+\Z")


def with_period(data: bytes, file: str, period: Period) -> bytes | None:
    """The file with ``period`` registered, if it was not, and current; None where its layout allows no safe edit."""
    catalog, document = read_catalog(data, file)
    if catalog is None:
        return None
    expected = _expected(catalog, period)
    if expected == catalog:
        return data
    lines = lines_of(data)
    edits = [_current(document, lines, period.code) if catalog.current != period.code else None]
    if catalog.period(period.code) is None:
        edits.append(_added(document, lines, period))
    edited = with_edits(data, (edit for edit in edits if edit))
    read, _ = read_catalog(edited, file)
    return edited if read == expected else None


def _expected(catalog: Catalog, period: Period) -> Catalog:
    periods = catalog.periods if catalog.period(period.code) else (*catalog.periods, period)
    return Catalog.model_construct(
        None,
        head=catalog.head,
        columns=catalog.columns,
        current=period.code,
        periods=periods,
        sections=catalog.sections,
    )


def _value(document: Document, key: str) -> yaml.Node | None:
    children = document.children(document.root) if document.root else {}
    return children[key][1] if key in children else None


def _current(document: Document, lines: list[str], code: str) -> Edit | None:
    node = _value(document, "当前报送期")
    if not isinstance(node, yaml.ScalarNode) or node.start_mark.line != node.end_mark.line:
        return None
    if node.start_mark.line >= len(lines):
        return None
    quote = node.style or ""
    return Edit(node.start_mark.line, node.start_mark.column, node.end_mark.column, f"{quote}{code}{quote}")


def _added(document: Document, lines: list[str], period: Period) -> Edit | None:
    """The period behind the last one: a line of its own, or within the brackets where they are all in brackets."""
    node = _value(document, "报送期")
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        return None
    last: yaml.Node = node.value[-1]
    if node.flow_style:
        line, column = last.end_mark.line, last.end_mark.column
        return Edit(line, column, column, f", {period_map(period)}") if line < len(lines) else None
    line = _last_line(last)
    if line >= len(lines):
        return None
    before = lines[last.start_mark.line][: last.start_mark.column]
    whole = lines[line]
    end = _END.search(whole)
    ending = end.group() if end else next((e.group() for e in map(_END.search, lines) if e), "\n")
    added = f"{before}{period_map(period)}"
    if end:
        return Edit(line, len(whole), len(whole), added + ending)
    return Edit(line, len(whole), len(whole), ending + added)


def _last_line(node: yaml.Node) -> int:
    """The line on which a period ends; that of a block mapping is where its last value ends."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1])
    at_start = node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line
    return int(node.end_mark.line) - at_start
