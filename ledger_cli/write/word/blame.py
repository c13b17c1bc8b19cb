"""Whose fault it is that a document lacks something: an edited template's, or the program's."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ledger_cli.exits import CannotRun, ToolFault
from ledger_cli.write.word.template import WordTemplate
from ledger_cli.write.word.template_table import doubts

Made = TypeVar("Made")


def settled(
    template: WordTemplate, shipped: Path | None, make: Callable[[WordTemplate], Made], *, of_ledger: bool = False
) -> Made:
    """What ``make`` gives; ``shipped`` is the template as it came with the program.

    ``of_ledger``: the document is a ledger, whose tables show best what is wrong.

    Raises ``CannotRun`` naming the template where only the shipped one makes the document rightly, else ``ToolFault``.
    """
    try:
        return make(template)
    except ToolFault as error:
        own = WordTemplate(shipped, template.shape) if shipped is not None else template
        if own.data == template.data:
            raise
        try:
            make(own)
        except ToolFault:
            raise error from None
        raise _edited_wrongly(
            template, error, next(doubts(template.tables, template.fields), "") if of_ledger else ""
        ) from error


def _edited_wrongly(template: WordTemplate, error: ToolFault, reason: str) -> CannotRun:
    """The error of a template that keeps a text from being printed: what in it looks wrong, else what is missing."""
    message = f"用模板“{template.name}”印不出完整的内容：" + (reason or str(error))
    again = "；改不好的，用随程序来的模板再改一次" if reason else ""
    usual = "多半是记号旁边加了字、放进了条件，或者开头和结尾的记号不在同一格。"
    return CannotRun(message, f"请在 Word 里改正这个模板{again}。{'' if reason else usual}")
