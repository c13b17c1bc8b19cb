"""A ledger to an Excel file: a sheet a section with a row an answer, and sheets of who reported what.

An answer's cells are those of the Word report, so that a sheet that an office has worked on can be taken in again.
"""

from collections.abc import Iterator

from ledger_cli.model.column import Column, Role, Shape
from ledger_cli.model.form import REVIEW, STANDING, UNIT_HEADING, report_mark
from ledger_cli.model.ledger import Entry, Ledger, TaskRecord
from ledger_cli.write.view import ASSUMED, answer_cells, coverage_row, summary
from ledger_cli.write.workbook import Heading, add_table, book_bytes, empty_book

_WIDTHS = {
    Role.SECTION: 12, Role.NUMBER: 7, Role.TEXT: 30, Role.UNITS: 14, Role.LEAD: 14, Role.JOINT: 14, Role.DEADLINE: 12,
    Role.PLAN: 12, Role.PROGRESS: 46, Role.PROBLEMS: 26, Role.PLANS: 26, Role.FILED: 22,
}  # fmt: skip
"""Widths in characters."""
_SHORT, _UNIT_WIDTH, _STANDING_WIDTH = 10, 16, 10
_COUNTS = ("任务数", "应报", "已报", "不涉及", "有误", "未报", "答复比")


def ledger_workbook(ledger: Ledger) -> bytes:
    """The ledger as a workbook; raises ``CannotRun`` where a text is longer than a cell holds."""
    book = empty_book()
    when = f"{ledger.title}（{ledger.period_name}）"
    sections: dict[str, list[TaskRecord]] = {}
    for record in ledger.records:
        sections.setdefault(record.section, []).append(record)
    headings = _headings(ledger)
    for title, records in sections.items():
        rows = (row for record in records for row in _rows(ledger, record))
        add_table(book, title, ledger.title, headings, rows)
    counts = [Heading("章节", 40), *(Heading("答复/应报" if name == "答复比" else name, 10) for name in _COUNTS)]
    add_table(book, "填报情况", ledger.title, counts, _coverage(ledger, sections), numbers=True)
    units = [Heading("序号", 6), Heading(UNIT_HEADING, 30), *(Heading(name, 10) for name in _COUNTS[1:-1])]
    add_table(book, "各单位", ledger.title, units, _by_unit(ledger), numbers=True)
    notes = summary(ledger)["说明"].split("\n")
    if any(notes):
        add_table(book, "说明", ledger.title, [Heading("说明", 120)], [[note] for note in notes])
    return book_bytes(book, title=when, day=ledger.as_of, keywords=report_mark(ledger.period))


def _plan_columns(shape: Shape) -> list[Column]:
    return [column for column in shape.of_plan if column.role is not Role.NUMBER]


def _headings(ledger: Ledger) -> list[Heading]:
    shape = ledger.shape
    number = shape.of(Role.NUMBER)
    made = [Heading(number.name if number else "编号", _WIDTHS[Role.NUMBER])]
    made += [Heading(column.name, _WIDTHS[column.role]) for column in _plan_columns(shape)]
    made += [Heading(UNIT_HEADING, _UNIT_WIDTH), Heading(STANDING, _STANDING_WIDTH)]
    made += [Heading(column.name, _WIDTHS[column.role] if column.long else _SHORT) for column in shape.filed]
    return [*made, Heading(REVIEW, _STANDING_WIDTH)] if ledger.reviewed else made


def _rows(ledger: Ledger, record: TaskRecord) -> Iterator[list[str]]:
    """A row an answer, and one a unit that owes one or whose answer is not shown."""
    shape = ledger.shape
    number = shape.of(Role.NUMBER)
    head = [record.words(number) if number else str(record.number)]
    head += [record.words(column) + (ASSUMED if column.key in record.gaps else "") for column in _plan_columns(shape)]
    names = {party.id: party.name for party in ledger.parties}
    empty = [""] * len(shape.filed)
    for entry in record.entries:
        cells = answer_cells(entry.answer, shape, record.labels)
        standing = "已报" if entry.answer.not_applicable is None else "不涉及"
        yield _row(ledger, [*head, entry.name, standing, *(cells[key] for key in shape.keys)], entry)
    for unit in record.missing:
        yield _row(ledger, [*head, names.get(unit, unit), "未报", *empty])
    for held in ledger.withheld:
        if held.task == record.number:
            yield _row(ledger, [*head, names.get(held.unit, held.unit), "未通过审核", *empty])
    for left in ledger.left_out:
        if left.owed == record.number:
            yield _row(ledger, [*head, names.get(left.unit, left.unit), "有误", *empty])


def _row(ledger: Ledger, cells: list[str], entry: Entry | None = None) -> list[str]:
    review = str(entry.review.status) if entry and entry.review else ""
    return [*cells, review] if ledger.reviewed else cells


def _coverage(ledger: Ledger, sections: dict[str, list[TaskRecord]]) -> Iterator[list[str]]:
    for title, records in sections.items():
        row = coverage_row(title, ledger.coverage(records))
        yield [title, *(str(row[name]) for name in _COUNTS)]
    total = coverage_row("合计", ledger.coverage())
    yield ["合计", *(str(total[name]) for name in _COUNTS)]


def _by_unit(ledger: Ledger) -> Iterator[list[str]]:
    outcomes = [ledger.outcomes(record) for record in ledger.records]
    for place, party in enumerate(ledger.parties, 1):
        counts = [outcome.value for found in outcomes for unit, outcome in found.items() if unit == party.id]
        yield [str(place), party.name, str(len(counts)), *(str(counts.count(name)) for name in _COUNTS[2:-1])]
