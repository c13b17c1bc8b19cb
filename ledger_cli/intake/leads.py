"""Whose an answer in a ledger of several units is: names in a column of their own, or leading it as in our reports."""

import re

from ledger_cli.intake.columns import TASK, Columns, cell_at, head_at
from ledger_cli.intake.own_report import is_note, is_stand_in
from ledger_cli.model.column import Shape
from ledger_cli.model.registry import Registry
from ledger_cli.read.office.tables import FilledDocument

_LONGEST = 400
_STANDING = re.compile(r"〔[^〔〕]*〕")  # how an answer stands in review


def named_units(registry: Registry, names: str) -> list[str]:
    """The units that a text lists; none where it holds any other word."""
    plain = _STANDING.sub("", names.strip())
    found = [registry.find(name) for name in re.split(r"[、，\n]", plain) if name.strip()]
    return [unit.id for unit in found if unit is not None] if all(found) else []


def split_lead(registry: Registry, progress: str) -> tuple[list[str], str]:
    """The units whose names lead an answer, and the answer without them."""
    lead, colon, rest = progress.partition("：")
    units = named_units(registry, lead) if colon and len(lead) <= _LONGEST and "\n" not in lead.strip() else []
    return (units, rest) if units else ([], progress)


def all_led(registry: Registry, document: FilledDocument, shape: Shape, *, report: bool) -> bool:
    """Whether every answer of the document begins with the names of units."""
    texts = []
    for table in document.tables:
        columns: Columns | None = None
        below = 0
        for place, row in enumerate(table.rows):
            if below:
                below -= 1
                continue
            head = head_at(table.rows, place, shape)
            if head:
                columns, below = head[0], head[1] - 1
                continue
            cell = cell_at(row, columns.at[shape.main.key]) if columns else None
            if cell is None or cell.continued or not cell.text.strip():
                continue
            if columns and cell is cell_at(row, columns.at.get(TASK, (-1, -1))):
                continue  # a section's title over the whole table
            if not is_note(cell.text, registry, ours=report) and not is_stand_in(cell.text):
                texts.append(cell.text.strip("\n"))
    return bool(texts) and all(split_lead(registry, text)[0] for text in texts)
