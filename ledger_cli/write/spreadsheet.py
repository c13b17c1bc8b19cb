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


def _inert(cell: str) -> str:
    """A cell that a spreadsheet shows instead of calculating: an apostrophe before = + - @ and control marks."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
