"""Raised and lowered characters, fractions and formulas on a line of plain text that says the same.

A line is gathered as pieces. ``vertAlign`` of Word and Excel comes as the kind of its piece, and runs of the
same kind are one, however often a program split them: 10³, CO₂, 10^(n+1), x_(max). What stands beside a fraction
or formula is kept from running into it: 5 and 3/4 are 5又3/4, never 53/4.
"""

import re
from collections.abc import Iterable
from itertools import groupby

SUPERSCRIPT, SUBSCRIPT = "superscript", "subscript"
"""The values of ``vertAlign`` that change what characters mean."""
FRACTION, FORMULA = "fraction", "formula"
"""A quotient without brackets around it, and any other formula: these pieces stand for themselves."""

Piece = tuple[str, str]
"""Characters, and their kind: one of those above, or ``""`` for what stands on the line."""

_WIDE = {0xFF01 + offset: chr(0x21 + offset) for offset in range(94)}
_SIGNS = {ord("−"): "-", ord("–"): "-", **_WIDE}
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
# Marks that writers raise for looks, and that mean the same on the line: notes, ordinals, signs without a figure.
_RAISED_MARK = re.compile(r"[\[〔【]\s*注?\s*\d*\s*[\]〕】]|st|nd|rd|th|TM|[^0-9A-Za-zͰ-Ͽ+\-=]*", re.IGNORECASE)
_LOWERED_MARK = re.compile(r"\W*")
_TERM = "0-9A-Za-zͰ-Ͽ²³¹⁰-₎%‰√^/"
_CLASHES_BEFORE = re.compile(rf"[{_TERM}÷.)\]}}]")
_CLASHES_AFTER = re.compile(rf"[{_TERM}(\[{{!]")
_QUOTIENT = re.compile(r"\d+/\d+")


def raised(text: str) -> str:
    """An exponent: in superscript characters where each has one, else ``^(…)``."""
    plain = text.translate(_SIGNS)
    return plain.translate(_RAISED) if re.fullmatch(r"[0-9+\-=()]+", plain) else f"^({text})"


def lowered(text: str) -> str:
    """An index: in subscript characters where each has one, with the point of PM₂.₅, else ``_(…)``."""
    plain = text.translate(_SIGNS)
    return plain.translate(_LOWERED) if re.fullmatch(r"[0-9+\-=()]+(\.[0-9]+)?", plain) else f"_({text})"


def joined(pieces: Iterable[Piece]) -> str:
    """The pieces as one text. Where nothing stands on the line, nothing is raised above it."""
    runs = list(_runs(pieces))
    if all(kind in (SUPERSCRIPT, SUBSCRIPT) or not text.strip() for text, kind in runs):
        return "".join(text for text, _ in runs)
    made = ""
    for place, (text, kind) in enumerate(runs):
        following = runs[place + 1][0] if place + 1 < len(runs) else ""
        made += _set(text, kind, made[-1:], following[:1])
    return made


def _runs(pieces: Iterable[Piece]) -> Iterable[Piece]:
    for kind, group in groupby((piece for piece in pieces if piece[0]), lambda piece: piece[1]):
        if kind in (FRACTION, FORMULA):
            yield from group
        else:
            yield "".join(text for text, _ in group), kind


def _set(text: str, kind: str, before: str, after: str) -> str:
    """A run of one kind between its neighbours' nearest characters."""
    if kind == FRACTION:
        if before.isdigit() and before.isascii() and _QUOTIENT.fullmatch(text):
            return f"又{text} " if after.isalnum() and after.isascii() else f"又{text}"
        return f"({text})" if _CLASHES_BEFORE.match(before) or _CLASHES_AFTER.match(after) else text
    if kind == FORMULA:
        return f"({text})" if before[-1:].isdigit() and text[:1].isdigit() else text
    if kind not in (SUPERSCRIPT, SUBSCRIPT):
        return text
    inner = text.strip()
    mark = _RAISED_MARK if kind == SUPERSCRIPT else _LOWERED_MARK
    if mark.fullmatch(inner.translate(_SIGNS)):
        return text
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return lead + (raised(inner) if kind == SUPERSCRIPT else lowered(inner)) + tail
