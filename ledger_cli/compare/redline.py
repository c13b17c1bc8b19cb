"""Two versions of a text to pieces that are the same, deleted or inserted, as a Chinese reader would mark them.

First whole sentences that stayed are found; between them characters are compared, numbers and Latin words
as one. What comes out of such a comparison is correct and hard to read, so it is tidied: a few equal
characters between two changes join them, a change begins and ends where a clause does if it can, and what is
mostly different is told as old and new. The pieces that are not inserted make up the old text, those that are
not deleted the new one, always.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

_SENTENCE = re.compile(r"[^。！？；;!?\n]*(?:[。！？；;!?\n]|$)")
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*[%％‰]?|[A-Za-z]+|\s|.", re.DOTALL)
_ANCHOR = 6
"""Characters that sentences which stayed must have in a row to hold the texts together."""
_ISLAND = 8
"""Characters from which an equal stretch between two changes stands for itself."""
_SHORT = 2
"""Characters up to which such a stretch always joins the changes around it."""
_ALIKE = 0.4
"""Share of the shorter side that must have stayed for a stretch to be told as changed, not as replaced."""
_CELLS = 40_000_000
"""Comparisons of one token with another that are worth the while: about 6,300 characters a side."""
_ENDS = {"\n": 4, "。": 3, "！": 3, "？": 3, "；": 3, "，": 2, "、": 2, "：": 2, "）": 1, "”": 1}

Kind = Literal["same", "deleted", "inserted"]


class Piece(NamedTuple):
    """A stretch of text and what became of it."""

    kind: Kind
    text: str


@dataclass(slots=True)
class _Step:
    """A stretch of tokens before and after; equal where nothing changed."""

    same: bool
    old: Sequence[str]
    new: Sequence[str]


def redline(before: str, after: str) -> list[Piece]:
    """The pieces of a change, adjacent ones of different kinds, a deletion before its replacement."""
    steps: list[_Step] = []
    for step in _steps(_SENTENCE.findall(before), _SENTENCE.findall(after), least=_ANCHOR):
        if step.same:
            steps.append(step)
        else:
            steps.extend(_within("".join(step.old), "".join(step.new)))
    return _pieces(steps)


def _steps(old: Sequence[str], new: Sequence[str], *, least: int = 0) -> list[_Step]:
    """The longest common subsequence as steps; equal stretches of fewer than ``least`` characters are changes."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    stop = 0
    while stop < min(len(old), len(new)) - start and old[-1 - stop] == new[-1 - stop]:
        stop += 1
    middle_old, middle_new = old[start : len(old) - stop], new[start : len(new) - stop]
    steps = [_Step(same=True, old=old[:start], new=new[:start])]
    if len(middle_old) * len(middle_new) > _CELLS:
        steps.append(_Step(same=False, old=middle_old, new=middle_new))
    else:
        for code in Indel.opcodes(middle_old, middle_new):
            before = middle_old[code.src_start : code.src_end]
            after = middle_new[code.dest_start : code.dest_end]
            steps.append(_Step(same=code.tag == "equal" and _size(before) >= least, old=before, new=after))
    steps.append(_Step(same=True, old=old[len(old) - stop :], new=new[len(new) - stop :]))
    return _joined(steps)


def _joined(steps: Iterable[_Step]) -> list[_Step]:
    """The steps without empty ones, neighbours of one kind made one."""
    joined: list[_Step] = []
    for step in steps:
        if not step.old and not step.new:
            continue
        if joined and joined[-1].same == step.same:
            joined[-1] = _Step(same=step.same, old=[*joined[-1].old, *step.old], new=[*joined[-1].new, *step.new])
        else:
            joined.append(step)
    return joined


def _size(tokens: Iterable[str]) -> int:
    return sum(len(token) for token in tokens)


def _within(old: str, new: str) -> list[_Step]:
    """The steps between two texts with no sentence in common."""
    tokens_old, tokens_new = _TOKEN.findall(old), _TOKEN.findall(new)
    whole = [_Step(same=False, old=tokens_old, new=tokens_new)]
    if not old or not new:
        return whole
    steps = _without_islands(_steps(tokens_old, tokens_new))
    kept = sum(len(step.old) for step in steps if step.same)
    return whole if kept < _ALIKE * min(len(tokens_old), len(tokens_new)) else steps


def _without_islands(steps: list[_Step]) -> list[_Step]:
    """Short equal stretches between two changes become part of them; a line break never does."""
    result: list[_Step] = []
    for place, step in enumerate(steps):
        inner = step.same and 0 < place < len(steps) - 1
        drowned = inner and "\n" not in step.old and _drowned(_size(step.old), result[-1], steps[place + 1])
        result.append(_Step(step.same and not drowned, step.old, step.new))
        result[-2:] = _joined(result[-2:])
    return result


def _drowned(size: int, before: _Step, after: _Step) -> bool:
    """Whether an equal stretch is too short to be worth telling between two changes."""
    if size <= _SHORT:
        return True
    around = [max(_size(step.old), _size(step.new)) for step in (before, after)]
    return size < _ISLAND and size < min(around)


def _pieces(steps: Iterable[_Step]) -> list[Piece]:
    pieces: list[Piece] = []
    for step in _joined(steps):
        if step.same:
            pieces.append(Piece("same", "".join(step.old)))
            continue
        if step.old:
            pieces.append(Piece("deleted", "".join(step.old)))
        if step.new:
            pieces.append(Piece("inserted", "".join(step.new)))
    for place in range(1, len(pieces) - 1):
        before, piece, after = pieces[place - 1 : place + 2]
        if piece.kind != "same" and before.kind == after.kind == "same":
            pieces[place - 1 : place + 2] = _slid(before.text, piece, after.text, at_end=place == len(pieces) - 2)
    return [piece for piece in pieces if piece.text]


def _slid(left: str, piece: Piece, right: str, *, at_end: bool) -> list[Piece]:
    """A lone insertion or deletion moved, among the places that give the same texts, to where a clause begins."""
    whole = left + piece.text + right
    size = len(piece.text)
    first = last = len(left)
    while first > 1 and whole[first - 1] == whole[first - 1 + size]:
        first -= 1
    while last + size < len(whole) - (not at_end) and whole[last] == whole[last + size]:
        last += 1
    start = max(range(first, last + 1), key=lambda at: (_fitness(whole, at, at + size), at == len(left), -at))
    stop = start + size
    return [Piece("same", whole[:start]), Piece(piece.kind, whole[start:stop]), Piece("same", whole[stop:])]


def _fitness(text: str, start: int, stop: int) -> int:
    """How well a change from ``start`` to ``stop`` begins and ends where people pause."""
    split = sum(_inside_word(text, at) for at in (start, stop))
    return _ENDS.get(text[start - 1], 0) + _ENDS.get(text[stop - 1], 0) - 100 * split


def _inside_word(text: str, at: int) -> bool:
    """Whether a place lies within a number or a Latin word."""
    if not 0 < at < len(text):
        return False
    around = text[at - 1 : at + 1]
    return around.isascii() and all(char.isalnum() or char in ".,%" for char in around)
