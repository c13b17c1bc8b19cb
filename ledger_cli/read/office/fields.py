"""Word's complex fields while a paragraph is read: what of them is printed, and what only tells how to print.

A field has an instruction, and a result behind a mark that separates them. Equations (EQ), symbols and the boxes
and lists of old forms have no result: what they show is told by the instruction or by data beside it.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from ledger_cli.read.office.eq_field import eq_pieces
from ledger_cli.read.office.formula import Unsayable
from ledger_cli.read.office.namespaces import W
from ledger_cli.read.office.script import Piece, joined
from ledger_cli.read.office.symbols import symbol, unknown_symbol
from ledger_cli.read.office.tables import Loss
from ledger_cli.read.office.word_markup import is_on, value, whole

_SYMBOL = re.compile(r'SYMBOL\s+(0x[0-9A-F]{1,6}|\d{1,7})(?:.*?\\f\s+(?:"([^"]*)"|(\S+)))?', re.IGNORECASE)


@dataclass(slots=True)
class Field:
    """One open field.

    ``words`` are the texts that stand in the instruction: printed where the field turns out to have no result,
    for a program that leaves out the mark means them so.
    """

    data: Any = None
    instruction: list[Piece] = field(default_factory=list)
    words: list[Piece] = field(default_factory=list)
    result: list[Piece] = field(default_factory=list)
    separated: bool = False

    def add(self, piece: Piece) -> None:
        """A text within the field."""
        if self.separated:
            self.result.append(piece)
        else:
            self.instruction.append(piece)
            self.words.append(piece)

    def instruct(self, piece: Piece) -> None:
        """Characters of the instruction itself."""
        if not self.separated:
            self.instruction.append(piece)

    def shown(self, losses: list[Loss], *, ended: bool = True) -> list[Piece]:
        """What the field prints; what no text can say is added to the losses."""
        result = self.result if self.separated else self.words
        name, _, arguments = joined(self.instruction).strip().partition(" ")
        if name.upper().partition("\\")[0] == "EQ":
            formula = f"{name[2:]} {arguments}".strip()
            if ended:
                return self._equation(formula, losses)
            losses.append(Loss("公式", formula))
        if any(text.strip() for text, _ in result):
            return result
        return self._chosen(f"{name} {arguments}", losses) or result

    def _equation(self, arguments: str, losses: list[Loss]) -> list[Piece]:
        try:
            return eq_pieces(arguments)
        except Unsayable:
            if not joined(self.result).strip():
                losses.append(Loss("公式", arguments))
            return self.result

    def _chosen(self, instruction: str, losses: list[Loss]) -> list[Piece]:
        """What a symbol, or a box or list of an old form shows; empty where it is none of these."""
        box = self.data.find(f"{W}checkBox") if self.data is not None else None
        if box is not None:
            state = "checked" if box.find(f"{W}checked") is not None else "default"
            return [("☒" if is_on(box, state) else "☐", "")]
        choices = self.data.find(f"{W}ddList") if self.data is not None else None
        if choices is not None:
            entries = [entry.get(f"{W}val", "") for entry in choices.findall(f"{W}listEntry")]
            chosen = whole(value(choices, "result", value(choices, "default", "0")), 0, 1000)
            return [(entries[chosen], "")] if chosen < len(entries) else []
        match = _SYMBOL.match(instruction)
        if match is None:
            return []
        code = int(match[1], 0) if match[1].lower().startswith("0x") else int(match[1])
        font = match[2] or match[3] or ""
        shown = symbol(font, code)
        if shown is None:
            losses.append(Loss("符号", unknown_symbol(font, code)))
        return [(shown, "")] if shown else []
