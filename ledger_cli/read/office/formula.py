"""Formulas on one line, as both Word's equations and its EQ fields are written out: 3/4, (a+b)/c, √(2), x_(i)."""

import re

from ledger_cli.read.office.script import lowered, raised


class Unsayable(Exception):
    """A formula that a line of text cannot say; its characters are to be quoted as a loss."""


_SCRIPTS = r"(?:[²³¹⁰-₎]|[_^]\([^()]*\))*"
_NUMBER = r"\d+(?:\.\d+)?[%‰]?"
_BASE = re.compile(rf"{_NUMBER}|[^\W\d_][\u0300-\u036f\u20d7]?|[\u4e00-\u9fff]+")
_ATOM = re.compile(rf"{_NUMBER}|[^\W\d_][\u0300-\u036f\u20d7]?{_SCRIPTS}|[\u4e00-\u9fff]+")
_PRODUCT = re.compile(rf"(?:[\w.]{_SCRIPTS})+")
_BRACKETS = {"(": ")", "[": "]", "（": "）", "{": "}", "|": "|"}
_OVER = {"¯": "\u0304", "‾": "\u0304", "-": "\u0304", "^": "\u0302", "˙": "\u0307", "→": "\u20d7", "~": "\u0303"}


def fraction(above: str, below: str) -> str:
    """A quotient, bracketed where it would otherwise be read as another one."""
    above, below = above.strip(), below.strip()
    if not above or not below:
        raise Unsayable
    over = above if _PRODUCT.fullmatch(above) else grouped(above)
    return f"{over}/{grouped(below)}"


def power(base: str, exponent: str) -> str:
    """A base with its exponent."""
    plain = not base or _BASE.fullmatch(base) or _bracketed(base)
    return (base if plain else f"({base})") + raised(exponent)


def index(base: str, below: str) -> str:
    """A base with its index."""
    return grouped(base) + lowered(below)


def root(degree: str, radicand: str) -> str:
    """A root; its degree stands in brackets, for 2³√(8) could be read as a power."""
    return f"√[{degree}]({radicand})" if degree.strip() else f"√({radicand})"


def marked(base: str, mark: str) -> str:
    """One letter with a bar, hat, dot or arrow above it, in combining characters; more cannot be said."""
    if len(base) != 1:
        raise Unsayable
    over = _OVER.get(mark, mark)
    if not re.fullmatch("[\u0300-\u036f\u20d0-\u20dc\u20e1]", over):
        raise Unsayable
    return base + over


def grouped(text: str) -> str:
    """The text in brackets, unless it is one number, letter or word, or bracketed already."""
    return text if _ATOM.fullmatch(text) or _bracketed(text) else f"({text})"


def _bracketed(text: str) -> bool:
    """Whether one pair of brackets encloses the whole text, apart from a root or name before it."""
    inner = text.lstrip("√")
    closing = _BRACKETS.get(inner[:1])
    if closing is None or not inner.endswith(closing) or len(inner) < 2:
        return False
    if closing == inner[0]:
        return closing not in inner[1:-1]
    depth = 0
    for place, char in enumerate(inner):
        depth += (char == inner[0]) - (char == closing)
        if not depth:
            return place == len(inner) - 1
    return False
