"""A ledger to CSV: a row an answer, and a row each unit that owes one."""

from collections.abc import Iterator, Sequence

from ledger_cli.model.ledger import Ledger
from ledger_cli.model.review import ReviewState
from ledger_cli.write.view import extras

_COLUMNS = (
    "编号", "章节", "任务举措", "责任单位", "完成时限", "填报单位", "状态",
    "具体落实情况", "存在问题", "工作打算", "不涉及", "完成、指标、佐证", "文件", "行",
)  # fmt: skip
_REVIEW_COLUMNS = ("审核", "审核人", "审核时间", "审核理由")


def to_table(ledger: Ledger) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Headings and rows; the columns of the review follow where the period is reviewed."""
    columns = (*_COLUMNS, *_REVIEW_COLUMNS) if ledger.reviewed else _COLUMNS
    return columns, (row + [""] * (len(columns) - len(row)) for row in _csv_rows(ledger))


def _csv_rows(ledger: Ledger) -> Iterator[list[str]]:
    """One row an answer, one row a unit that owes an answer or whose answer was left out.

    What was left out and belongs to none of the tasks, as a whole file or an answer under another number, comes last.
    """
    names = {party.id: party.name for party in ledger.parties}
    for record in ledger.records:
        head = [str(record.number), record.section, record.text, record.units, record.deadline]
        for entry in record.entries:
            answer = entry.answer
            state = "已报" if answer.not_applicable is None else "不涉及"
            texts = [answer.progress or "", answer.problems or "", answer.plans or "", answer.not_applicable or ""]
            place = ["\n".join(extras(answer, record.labels)), entry.file, str(entry.line)]
            yield [*head, entry.name, state, *texts, *place, *_review_cells(entry.review)]
        for unit in record.missing:
            yield [*head, names.get(unit, unit), "未报", "", "", "", "", "", "", ""]
        for held in ledger.withheld:
            if held.task == record.number:
                cells = ["", "", "", "", "", held.file, "", *_review_cells(held.review)]
                yield [*head, names.get(held.unit, held.unit), "未通过审核", *cells]
        for left in ledger.left_out:
            if left.owed == record.number:
                yield [*head, names.get(left.unit, left.unit), "有误", "", "", "", "", left.why, left.file, ""]
    numbers = {record.number for record in ledger.records}
    for left in ledger.left_out:
        if left.owed not in numbers:
            where = "" if left.task is None else str(left.task)
            name = names.get(left.unit, left.unit)
            yield [where, "", "", "", "", name, "有误", "", "", "", "", left.why, left.file, ""]


def _review_cells(review: ReviewState | None) -> list[str]:
    if review is None:
        return []
    event = review.event
    if event is None:
        return [str(review.status), "", "", ""]
    return [str(review.status), event.actor, event.time.isoformat(), review.why]
