"""The head of a table: one row of headings, or several with a heading above others, as the names of its columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger_cli.read.office.tables import Cell

DEEPEST = 3
"""Rows that a head may have."""
_LONGEST = 16
_SENTENCE = re.compile(r"[。；;]|^\d+$")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column, above that over several, and where it lies: its first place and the one behind."""

    name: str
    group: str
    first: int
    last: int

    @property
    def span(self) -> tuple[int, int]:
        return self.first, self.last


def headings_at(rows: Sequence[Sequence[Cell]], at: int) -> tuple[list[Heading], int]:
    """The headings that begin in a row, and how many rows they take."""
    depth = 1
    while depth < DEEPEST and at + depth < len(rows) and _goes_on(rows[at + depth - 1], rows[at + depth]):
        depth += 1
    found = []
    for cell in rows[at + depth - 1]:
        first, last = cell.column, cell.column + cell.span
        above = [_over(row, first) for row in rows[at : at + depth - 1]]
        named = [c for c in (*above, cell) if c is not None and not c.continued and c.text.strip()]
        own = named[-1] if named else None
        wide = [c for c in named[:-1] if c.span > cell.span]
        found.append(Heading(_plain(own), _plain(wide[-1]) if wide else "", first, last))
    return found, depth


def _goes_on(row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a head goes on in the row below: cells of it reach down, or lie side by side under one above."""
    texts = [cell.text.strip() for cell in below if not cell.continued]
    if not any(texts) or any(len(text) > _LONGEST or _SENTENCE.search(text) for text in texts):
        return False
    reaches = any(
        (cell.continued or not cell.text.strip())
        and (over := _over(row, cell.column)) is not None
        and over.span == cell.span
        and over.text.strip()
        for cell in below
    )
    parted = any(
        sum(cell.column >= over.column and cell.column + cell.span <= over.column + over.span for cell in below) > 1
        for over in row
        if over.span > 1 and over.text.strip()
    )
    return parted and reaches


def _over(row: Sequence[Cell], place: int) -> Cell | None:
    return next((cell for cell in row if cell.column <= place < cell.column + cell.span), None)


def _plain(cell: Cell | None) -> str:
    return "".join(cell.text.split()).replace("(", "（").replace(")", "）") if cell is not None else ""
