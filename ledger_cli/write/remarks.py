"""What a form sent back asks of its clerk: the reviewer's reasons, and of the check's findings what the form shows.

A Word clerk has never seen the file's keys, its name or its layout: findings about these are for the office.
"""

from collections.abc import Collection, Iterable, Mapping

from ledger_cli.model.finding import Finding
from ledger_cli.model.submission import PROSE
from ledger_cli.write.returned import Remark

_MORE = {"D301": "。已经完成的，请写明哪一天完成；没有完成的，请在“存在问题”里说明"}


def reason_remarks(task: int | None, reason: str, rejected: Mapping[int, str]) -> list[Remark]:
    """The reason, of a task or of the whole, if there is one; then those of other answers that stand rejected."""
    stated = [Remark(task, PROSE[0], reason)] if reason else []
    others = {number: why for number, why in rejected.items() if why and number != task}
    if task is None:
        others = {number: why for number, why in others.items() if why != reason}
    return [*stated, *(Remark(number, PROSE[0], why) for number, why in others.items())]


def finding_remarks(findings: Iterable[Finding], owed: Collection[int]) -> tuple[list[Remark], list[Finding]]:
    """A remark for each finding that the form shows, at its cell; and the errors that only the file shows."""
    remarks, others = [], []
    for found in findings:
        # Who may answer a task or not is not asked to.
        if found.task in owed and found.rule.on_form and (found.code, found.severity) != ("C203", "warning"):
            column = found.field if found.field in PROSE else PROSE[0]
            remarks.append(Remark(found.task, column, found.message + _MORE.get(found.code, "")))
        elif found.severity == "error":
            others.append(found)
    return remarks, others
