"""Whether the marks in a row of our own form can be believed: against each other, the headings and the task's text."""

from ledger_cli.intake.columns import Columns, column_over
from ledger_cli.intake.placing import Placing
from ledger_cli.model.fields import TaskNumber, task_order
from ledger_cli.model.form import STATUS
from ledger_cli.read.office.tables import Cell

Marked = tuple[tuple[TaskNumber, str], Cell]
"""A cell with the task and the column that its mark names."""


def mark_fault(marked: list[Marked], task_cell: Cell | None, columns: Columns, placing: Placing, *, stale: bool) -> str:
    """Why the marks of a row cannot be believed, in words; "" where they can, or where there are none.

    ``stale`` says that the catalog was edited after the form had been made.
    """
    numbers = sorted({number for (number, _), _ in marked}, key=task_order)
    if not numbers:
        return ""
    if len(numbers) > 1:
        return f"这一行里有第{'、'.join(map(str, numbers))}项几项任务的格子"
    number = numbers[0]
    if number not in placing:
        return f"这一行的格子是第{number}项的，任务目录里没有这一项"
    for (_, name), cell in marked:
        over = column_over(cell, columns)
        if over and name not in (over, STATUS):
            return f"第{number}项“{name}”的格子到了“{over}”一栏下面"
    if len({name for (_, name), _ in marked}) < len(marked):
        return f"第{number}项这一行里有同一栏的两个格子"
    words = task_cell.text.strip() if task_cell and not task_cell.continued else ""
    if (words or stale) and not placing.is_text_of(words, number):
        return _text_fault(number, words, placing, stale=stale)
    return ""


def edited(number: TaskNumber) -> str:
    """What to say of a row whose task's text was edited after the form had been made."""
    return f"第{number}项的任务原文在这份表发出以后改过"


def _text_fault(number: TaskNumber, words: str, placing: Placing, *, stale: bool) -> str:
    """Why a row is not the task's that its marks name, though its text is not the task's own; "" where it still is."""
    other = placing.by_text(words)
    if other is not None and other != number:
        return f"这一行的格子是第{number}项的，任务一栏写的却是第{other}项"
    if other is None and not placing.could_be(words, number):
        return f"这一行的格子是第{number}项的，任务一栏写的却不是这项任务"
    return edited(number) if stale else ""
