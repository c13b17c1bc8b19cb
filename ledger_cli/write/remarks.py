"""What a form sent back asks of its clerk: the reviewer's reasons, and of the check's findings what the form shows.

A Word clerk has never seen the file's keys, its name or its layout: findings about these are for the office.
"""

from collections.abc import Collection, Iterable, Mapping

from ledger_cli.model.column import Role, Shape
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.finding import Finding
from ledger_cli.write.returned import Remark


def reason_remarks(
    task: TaskNumber | None, reason: str, rejected: Mapping[TaskNumber, str], shape: Shape
) -> list[Remark]:
    """The reason, of a task or of the whole, if there is one; then those of other answers that stand rejected."""
    first = shape.main.key
    stated = [Remark(task, first, reason)] if reason else []
    others = {number: why for number, why in rejected.items() if why and number != task}
    if task is None:
        others = {number: why for number, why in others.items() if why != reason}
    return [*stated, *(Remark(number, first, why) for number, why in others.items())]


def finding_remarks(
    findings: Iterable[Finding], owed: Collection[TaskNumber], shape: Shape
) -> tuple[list[Remark], list[Finding]]:
    """A remark for each finding that the form shows, at its cell; and the errors that only the file shows."""
    remarks, others = [], []
    problems = shape.key(Role.PROBLEMS) or shape.main.key
    more = {"D301": f"。已经完成的，请写明哪一天完成；没有完成的，请在“{problems}”里说明"}
    for found in findings:
        # Who may answer a task or not is not asked to.
        if found.task in owed and found.rule.on_form and (found.code, found.severity) != ("C203", "warning"):
            column = found.field if found.field in shape.by_key else shape.main.key
            remarks.append(Remark(found.task, column, found.message + more.get(found.code, "")))
        elif found.severity == "error":
            others.append(found)
    return remarks, others
