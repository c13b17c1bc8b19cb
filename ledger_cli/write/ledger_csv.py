"""A ledger to CSV: a row an answer, and a row each unit that owes one."""

from collections.abc import Iterator, Sequence

from ledger_cli.model.column import Column, Role, shown
from ledger_cli.model.ledger import Ledger
from ledger_cli.model.review import ReviewState
from ledger_cli.model.shaped import value_of
from ledger_cli.write.view import extras

_REVIEW_COLUMNS = ("审核", "审核人", "审核时间", "审核理由")


def to_table(ledger: Ledger) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Headings and rows; the columns of the review follow where the period is reviewed."""
    of_plan = [column.name for column in _of_plan(ledger)]
    filed = [column.name for column in ledger.shape.filed]
    columns = ["编号", "章节", *of_plan, "填报单位", "状态", *filed, "不涉及", "完成、指标、佐证", "文件", "行"]
    columns += _REVIEW_COLUMNS if ledger.reviewed else ()
    return columns, (row + [""] * (len(columns) - len(row)) for row in _csv_rows(ledger))


def _of_plan(ledger: Ledger) -> list[Column]:
    return [column for column in ledger.shape.of_plan if column.role not in (Role.SECTION, Role.NUMBER)]


def _csv_rows(ledger: Ledger) -> Iterator[list[str]]:
    """One row an answer, one row a unit that owes an answer or whose answer was left out.

    What was left out and belongs to none of the tasks, as a whole file or an answer under another number, comes last.
    """
    names = {party.id: party.name for party in ledger.parties}
    of_plan, filed = _of_plan(ledger), ledger.shape.filed
    empty = [""] * (len(filed) + 1)
    for record in ledger.records:
        head = [str(record.number), "　".join(record.titles), *(record.words(column) for column in of_plan)]
        for entry in record.entries:
            answer = entry.answer
            state = "已报" if answer.not_applicable is None else "不涉及"
            texts = [*(shown(column, value_of(answer, column)) for column in filed), answer.not_applicable or ""]
            place = ["\n".join(extras(answer, record.labels)), entry.file, str(entry.line)]
            yield [*head, entry.name, state, *texts, *place, *_review_cells(entry.review)]
        for unit in record.missing:
            yield [*head, names.get(unit, unit), "未报", *empty, "", "", ""]
        for held in ledger.withheld:
            if held.task == record.number:
                cells = [*empty, "", held.file, "", *_review_cells(held.review)]
                yield [*head, names.get(held.unit, held.unit), "未通过审核", *cells]
        for left in ledger.left_out:
            if left.owed == record.number:
                yield [*head, names.get(left.unit, left.unit), "有误", *empty, left.why, left.file, ""]
    numbers = {record.number for record in ledger.records}
    for left in ledger.left_out:
        if left.owed not in numbers:
            head = ["" if left.task is None else str(left.task), "", *("" for _ in of_plan)]
            name = names.get(left.unit, left.unit)
            yield [*head, name, "有误", *empty, left.why, left.file, ""]


def _review_cells(review: ReviewState | None) -> list[str]:
    if review is None:
        return []
    event = review.event
    if event is None:
        return [str(review.status), "", "", ""]
    return [str(review.status), event.actor, event.time.isoformat(), review.why]
