r"""Word's EQ fields as a line of text that says the same: ``EQ \f(3,4)`` is 3/4.

The switches are those of Microsoft's page "Field codes: Eq (Equation) field". Offices that write in Word or WPS
meet them as stacked fractions, enclosed characters and pinyin above a word.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from ledger_cli.read.office.formula import Unsayable, fraction, grouped, marked, root
from ledger_cli.read.office.script import FORMULA, FRACTION, SUBSCRIPT, SUPERSCRIPT, Piece, joined, lowered, raised

_FORMATS = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)')
_SWITCH = re.compile(r"\s*\\([a-zA-Z]+)\s*(\d*)\s*")
_SIGN_OF = {"su": "∑", "pr": "∏"}
_CIRCLES = "○〇◯"
_CIRCLED = "".join(map(chr, (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))))
_DEEPEST = 20


def eq_pieces(instruction: str) -> list[Piece]:
    """What an EQ field shows, from the words behind its name; raises ``Unsayable``."""
    text = _FORMATS.sub("", instruction).strip()
    bare = text.replace("\\,", "").replace("\\;", "")
    parser = _Parser(text, ";" if ";" in bare and "," not in bare else ",")
    pieces = parser.sequence("")
    if not joined(pieces).strip():
        raise Unsayable
    return pieces


@dataclass(slots=True)
class _Element:
    """One switch with its options, the characters given to them, and its arguments."""

    name: str
    options: dict[str, str] = field(default_factory=dict)
    arguments: list[list[Piece]] = field(default_factory=list)

    def text(self, place: int) -> str:
        return joined(self.arguments[place]).strip() if place < len(self.arguments) else ""

    def texts(self) -> list[str]:
        return [self.text(place) for place in range(len(self.arguments))]


class _Parser:
    """Reads a sequence of literal characters and switches."""

    def __init__(self, text: str, separator: str) -> None:
        self.text, self.separator = text, separator
        self.at = self.depth = 0

    def sequence(self, stop: str) -> list[Piece]:
        """Pieces up to a character of ``stop``, or to the end."""
        pieces: list[Piece] = []
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unsayable
        while self.at < len(self.text) and self.text[self.at] not in stop:
            char = self.text[self.at]
            if char == "\\":
                pieces += self._escape()
            elif char == "(":
                self.at += 1
                pieces += [("(", ""), *self.sequence(")"), (")", "")]
                self.at += 1
            else:
                pieces.append((char, ""))
                self.at += 1
        self.depth -= 1
        return pieces

    def _escape(self) -> list[Piece]:
        switch = _SWITCH.match(self.text, self.at)
        if switch is None:
            self.at += 2
            return [(self.text[self.at - 1 : self.at], "")]
        self.at = switch.end()
        element = _Element(switch[1].lower())
        while (option := _SWITCH.match(self.text, self.at)) is not None:
            self.at = option.end()
            name = option[1].lower()
            element.options[name] = option[2]
            if name in ("lc", "rc", "bc", "fc", "vc") and self.text[self.at : self.at + 1] == "\\":
                element.options[name] = self.text[self.at + 1 : self.at + 2]
                self.at += 2
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        if self.text[self.at : self.at + 1] == "(":
            self._arguments(element)
        return _said(element)

    def _arguments(self, element: _Element) -> None:
        while self.at < len(self.text) and self.text[self.at] != ")":
            self.at += 1
            element.arguments.append(self.sequence(f"{self.separator})"))
        if self.at >= len(self.text):
            raise Unsayable
        self.at += 1


def _said(element: _Element) -> list[Piece]:
    """A switch as pieces of a line; raises ``Unsayable``."""
    if element.name not in _SWITCHES:
        raise Unsayable
    counts, say = _SWITCHES[element.name]
    if len(element.arguments) not in counts:
        raise Unsayable
    return say(element)


def _fraction(element: _Element) -> list[Piece]:
    return [(fraction(element.text(0), element.text(1)), FRACTION)]


def _root(element: _Element) -> list[Piece]:
    *degree, _ = element.texts()
    return [(root(degree[0] if degree else "", element.text(len(degree))), FORMULA)]


def _script(element: _Element) -> list[Piece]:
    kind = SUPERSCRIPT if "up" in element.options else SUBSCRIPT if "do" in element.options else ""
    return [(element.text(0), kind)]


def _bracketed(element: _Element) -> list[Piece]:
    both = element.options.get("bc", "")
    left = element.options.get("lc", both or "(")
    right = element.options.get("rc", {"{": "}", "[": "]", "(": ")", "<": ">"}.get(both, both) or ")")
    return [(f"{left}{element.text(0)}{right}", "")]


def _boxed(element: _Element) -> list[Piece]:
    return [(marked(element.text(0), "¯") if set(element.options) == {"to"} else element.text(0), "")]


def _displaced(element: _Element) -> list[Piece]:
    if any(element.texts()):
        raise Unsayable
    return []


def _integral(element: _Element) -> list[Piece]:
    below, above, body = element.texts()
    sign = next((sign for option, sign in _SIGN_OF.items() if option in element.options), "∫")
    sign = element.options.get("fc") or element.options.get("vc") or sign
    limits = (lowered(below) if below else "") + (raised(above) if above else "")
    return [(f"{sign}{limits}{grouped(body)}", FORMULA)]


def _array(element: _Element) -> list[Piece]:
    width = int(element.options.get("co", "")[:3] or "1") or 1
    texts = element.texts()
    return [("；".join("，".join(texts[start : start + width]) for start in range(0, len(texts), width)), FORMULA)]


def _listed(element: _Element) -> list[Piece]:
    return [("，".join(element.texts()), "")]


def _overlaid(element: _Element) -> list[Piece]:
    """A character in a circle, or a word with its pinyin above; other overlays cannot be said."""
    if len(element.arguments) == 2:
        first, second = element.texts()
        if any(kind == SUPERSCRIPT for _, kind in element.arguments[0]):
            return [(f"{second}（{first}）", "")]
        if "ac" in element.options and len(first) == 1 and not first.isalnum():
            number = int(second) if re.fullmatch("[0-9]{1,2}", second) else 0
            known = first in _CIRCLES and 1 <= number <= len(_CIRCLED)
            return [(_CIRCLED[number - 1] if known else f"{first}{second}", "")]
    raise Unsayable


_ANY_NUMBER = range(1_000)
_SWITCHES: dict[str, tuple[Container[int], Callable[[_Element], list[Piece]]]] = {
    "f": ((2,), _fraction),
    "r": ((1, 2), _root),
    "s": ((1,), _script),
    "b": ((1,), _bracketed),
    "i": ((3,), _integral),
    "a": (_ANY_NUMBER, _array),
    "l": (_ANY_NUMBER, _listed),
    "o": (_ANY_NUMBER, _overlaid),
    "x": ((1,), _boxed),
    "d": (_ANY_NUMBER, _displaced),
}
"""How many arguments a switch takes, and how it is said."""
