"""How much room a text takes in a cell, roughly: a Chinese character is as wide as its type is high."""

import math
from dataclasses import dataclass
from typing import Any

from ledger_cli.write.word.markup import w

_PADDING = 10.8
"""Points that Word leaves free at both sides of a cell together."""


@dataclass(frozen=True, slots=True)
class Type:
    """Size and line pitch in points; the usual body of a table where a style says nothing."""

    size: float = 10.5
    pitch: float = 15.0


USUAL = Type()


def style_types(styles: Any) -> dict[str, Type]:
    """Type by paragraph style, from the root of styles.xml."""
    types = {}
    for style in styles.iter(w("style")):
        stated, spacing = style.find(f"{w('rPr')}/{w('sz')}"), style.find(f"{w('pPr')}/{w('spacing')}")
        size = int(stated.get(w("val"), "21")) / 2 if stated is not None else USUAL.size
        fixed = spacing is not None and spacing.get(w("lineRule")) in ("exact", "atLeast")
        pitch = int(spacing.get(w("line"), "300")) / 20 if fixed and spacing is not None else size * 1.3
        types[style.get(w("styleId"), "")] = Type(size, pitch)
    return types


@dataclass(frozen=True, slots=True)
class Room:
    """A cell that texts flow in: its width in twentieths of a point, 0 where it is not known, and its type."""

    width: int
    type: Type = USUAL

    @property
    def _per_line(self) -> float:
        return max(1.0, (self.width / 20 - _PADDING) / self.type.size)

    def lines(self, text: str) -> int:
        """Lines that a text fills, its line breaks counted."""
        per_line = self._per_line
        return sum(max(1, math.ceil(_ems(line) / per_line)) if line else 1 for line in text.split("\n"))

    def height(self, text: str) -> float:
        """Points that a text fills; none where there is no text or no width."""
        return self.lines(text) * self.type.pitch if text and self.width else 0.0

    def least_height(self, text: str) -> float:
        """Points that a text fills at least, told faster: as if its paragraphs were one."""
        if not text or not self.width:
            return 0.0
        return max(_ems(text) / self._per_line, text.count("\n") + 1) * self.type.pitch


def room_of(cell: Any, types: dict[str, Type]) -> Room:
    """The room in a cell of a table, by its width and the style of its first paragraph."""
    width, style = cell.find(f"{w('tcPr')}/{w('tcW')}"), cell.find(f"{w('p')}/{w('pPr')}/{w('pStyle')}")
    stated = width.get(w("w"), "0") if width is not None else "0"
    kind = types.get(style.get(w("val"), ""), USUAL) if style is not None else USUAL
    return Room(int(stated) if stated.isdecimal() else 0, kind)  # a share such as 50% tells nothing


def _ems(line: str) -> float:
    """The width of a line in type sizes; letters and digits, a byte each in UTF-8, are half as wide as the others."""
    return (len(line) + len(line.encode("utf-8", "replace"))) / 4
