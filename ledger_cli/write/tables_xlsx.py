"""The status and the changes as Excel files: the tables of their CSV, a sheet each."""

from collections.abc import Iterator, Sequence
from datetime import date

from ledger_cli.compare.answers import Comparison
from ledger_cli.model.status import Status
from ledger_cli.write.changes import Names, Row, counts_sentence, rows, silent_line, unread_name
from ledger_cli.write.status import light_table, matrix_table, obligation_table, unit_table
from ledger_cli.write.workbook import Heading, add_table, book_bytes, empty_book, wide

_LEAST, _MOST = 6, 40
"""Characters of a column."""
_MATRIX = 7
_CHANGES = (("报送期", 10), ("任务", 36), ("单位", 18), ("变化", 12), ("栏目", 16), ("原来", 46), ("现在", 46))


def status_workbook(status: Status) -> bytes:
    """The status: units, duties, tasks by light, units by tasks."""
    book = empty_book()
    ledger = status.ledger
    for name, table, most in (
        ("各单位", unit_table, _MOST),
        ("时限要求", obligation_table, _MOST),
        ("各项任务", light_table, _MOST),
        ("对照表", matrix_table, _MATRIX),
    ):
        headings, cells = table(status)
        known = [list(row) for row in cells]
        add_table(book, name, ledger.title, _fitted(headings, known, most), known, numbers=True)
    when = f"{ledger.title}（{ledger.period_name}）报送情况"
    return book_bytes(book, title=when, day=status.as_of)


def changes_workbook(found: Comparison, names: Names, title: str, scope: str, day: date) -> bytes:
    """The changes, a row for each column of an answer that changed, with all its words before and after."""
    book = empty_book()
    table = rows(found, names)
    headings = [Heading(*one) for one in _CHANGES]
    add_table(book, "变化", title, headings, (cells for row in table for cells in _change_rows(row, names)))
    unread = [[unread_name(one, names), one.why] for one in found.unread]
    if unread:
        add_table(book, "无法比较", title, [Heading("单位、任务、文件", 50), Heading("原因", 80)], unread)
    notes = [[scope], [counts_sentence(found)], *([[line]] if (line := silent_line(found, names)) else [])]
    add_table(book, "说明", title, [Heading("说明", 120)], notes)
    return book_bytes(book, title=f"{title}变化情况表", day=day)


def _change_rows(row: Row, names: Names) -> Iterator[list[str]]:
    task = "" if row.task is None else f"{row.task}.{names.task(row.task)}"
    head = [row.period or "", task, names.unit(row.unit), row.what]
    for part in row.parts:
        before = "".join(piece.text for piece in part.pieces if piece.kind != "inserted")
        after = "".join(piece.text for piece in part.pieces if piece.kind != "deleted")
        yield [*head, part.label or "整条答复", before, after + part.remark]


def _fitted(headings: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> list[Heading]:
    """Each column as wide as its longest word, within bounds; names of units whole."""
    widths = [max(map(wide, (heading, *(row[place] for row in rows)))) for place, heading in enumerate(headings)]
    return [
        Heading(heading, max(_LEAST, min(width + 2, _MOST if heading in ("单位", "代码") else most)))
        for heading, width in zip(headings, widths, strict=True)
    ]
