"""Texts of filled files without the characters that no submission may hold; which there were is kept as a loss."""

import re
from collections.abc import Iterable

from ledger_cli.read.office.tables import Cell, FilledDocument, Loss, Table, Words
from ledger_cli.read.yaml.text import UNPRINTABLE, name_of

_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")


def make_printable(document: FilledDocument) -> None:
    """Take invisible and control characters out of a document's texts; those that break a line do so here.

    A cell keeps what was taken from it among its losses, the document what was taken from other lines.
    """
    document.words = [Words(UNPRINTABLE.sub("", _BREAKS.sub("\n", w.text)), w.formula) for w in document.words]
    for place, block in enumerate(document.blocks):
        if isinstance(block, Table):
            _make_cells_printable(block)
        else:
            document.blocks[place], losses = _printable(block)
            document.losses += losses
    document.margin, losses = _printable(document.margin)
    document.losses += losses


def _make_cells_printable(table: Table) -> None:
    for row in table.rows:
        for cell in row:
            _make_printable(cell)
            for inner in cell.tables:
                _make_cells_printable(inner)


def _make_printable(cell: Cell) -> None:
    cell.lines, losses = _printable(cell.lines)
    cell.losses += losses


def _printable(lines: Iterable[str]) -> tuple[list[str], list[Loss]]:
    """The lines without such characters, and one loss for each kind of them."""
    kept: list[str] = []
    names: list[str] = []
    for line in lines:
        pieces = _BREAKS.split(line)
        names += [name_of(char) for piece in pieces for char in UNPRINTABLE.findall(piece)]
        kept += [UNPRINTABLE.sub("", piece) for piece in pieces]
    return kept, [Loss(f"看不见的字符（{name}）") for name in dict.fromkeys(names)]
