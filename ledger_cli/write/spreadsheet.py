"""Rows to CSV that Excel opens as it was meant: a byte order mark, no formulas."""

import csv
import io
from collections.abc import Iterable, Sequence


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV; Excel on Windows takes a file for GBK unless it starts with the byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


# The full-width ones are formulas in Chinese Excel too.
_LEADING = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def _inert(cell: str) -> str:
    """A cell that a spreadsheet shows instead of calculating: an apostrophe before what a formula begins with."""
    return "'" + cell if cell[:1] in _LEADING else cell
