"""Word's equations (OMML, ISO/IEC 29500-1 chapter 22) as a line of text that says the same."""

from collections.abc import Callable, Iterator
from typing import Any

from ledger_cli.read.office.formula import Unsayable, fraction, grouped, index, marked, power, root
from ledger_cli.read.office.namespaces import M, W
from ledger_cli.read.office.script import FORMULA, FRACTION, Piece, joined, lowered, raised

_OPEN = {f"{M}{name}" for name in ("oMath", "oMathPara", "r", "box", "borderBox", "phant")}
_WORD_OPEN = {f"{W}{name}" for name in ("ins", "moveTo", "r", "smartTag", "hyperlink")}
_GONE = {f"{W}del", f"{W}moveFrom", f"{W}rPr"}
_BREAKS = {f"{W}br": "；", f"{W}tab": " "}
_BRACES = ("⏞", "⏟", "︷", "︸")


def equation(element: Any) -> Piece:
    """An ``m:oMath`` or ``m:oMathPara`` as a piece of a line; raises ``Unsayable``."""
    pieces = list(_pieces(element))
    return pieces[0] if len(pieces) == 1 and pieces[0][1] == FRACTION else (joined(pieces), FORMULA)


def equation_characters(element: Any) -> str:
    """All characters of an equation, in the order of the file, but deleted ones."""
    texts = (text for text in element.iter(f"{M}t", f"{W}t") if not any(text.iterancestors(*_GONE)))
    return "".join(text.text or "" for text in texts)


def _pieces(element: Any) -> Iterator[Piece]:
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _GONE or tag.endswith("Pr"):
            continue
        if tag in (f"{M}t", f"{W}t"):
            yield child.text or "", ""
        elif tag in _BREAKS:
            yield _BREAKS[tag], ""
        elif child.find(f"{tag}Pr/{M}ctrlPr/{W}del") is not None:
            continue
        elif tag in _STRUCTURES:
            yield _STRUCTURES[tag](child)
        elif tag in _OPEN or tag in _WORD_OPEN:
            yield from _pieces(child)
        elif tag.startswith(M) or any(True for _ in child.iter(f"{M}t", f"{W}t", f"{W}drawing", f"{W}sym")):
            raise Unsayable


def _part(element: Any, name: str) -> str:
    """The text of a child such as the numerator; empty where there is none."""
    found = element.find(f"{M}{name}")
    return joined(_pieces(found)) if found is not None else ""


def _property(element: Any, name: str, default: str) -> str:
    """A value among an element's properties, which bear its own name."""
    found = element.find(f"{element.tag}Pr/{M}{name}")
    if found is None:
        return default
    return str(found.get(f"{M}val", default if name != "degHide" else "1"))


def _fraction(element: Any) -> Piece:
    if _property(element, "type", "bar") == "noBar":
        raise Unsayable
    return fraction(_part(element, "num"), _part(element, "den")), FRACTION


def _power(element: Any) -> Piece:
    return power(_part(element, "e"), _part(element, "sup")), FORMULA


def _index(element: Any) -> Piece:
    return index(_part(element, "e"), _part(element, "sub")), FORMULA


def _index_and_power(element: Any) -> Piece:
    return index(_part(element, "e"), _part(element, "sub")) + raised(_part(element, "sup")), FORMULA


def _before(element: Any) -> Piece:
    return raised(_part(element, "sup")) + lowered(_part(element, "sub")) + _part(element, "e"), FORMULA


def _root(element: Any) -> Piece:
    hidden = _property(element, "degHide", "0") in ("1", "true", "on")
    return root("" if hidden else _part(element, "deg"), _part(element, "e")), FORMULA


def _brackets(element: Any) -> Piece:
    inner = _property(element, "sepChr", "|").join(joined(_pieces(e)) for e in element.findall(f"{M}e"))
    return _property(element, "begChr", "(") + inner + _property(element, "endChr", ")"), ""


def _nary(element: Any) -> Piece:
    below, above = _part(element, "sub"), _part(element, "sup")
    limits = (lowered(below) if below else "") + (raised(above) if above else "")
    return _property(element, "chr", "∫") + limits + grouped(_part(element, "e")), FORMULA


def _bar(element: Any) -> Piece:
    below = _property(element, "pos", "bot") == "bot"
    return marked(_part(element, "e"), "\u0332" if below else "\u0304"), FORMULA


def _accent(element: Any) -> Piece:
    return marked(_part(element, "e"), _property(element, "chr", "\u0302")), FORMULA


def _function(element: Any) -> Piece:
    argument = _part(element, "e")
    return _part(element, "fName") + (argument if argument[:1] in "([{" and argument else f"({argument})"), FORMULA


def _lower_limit(element: Any) -> Piece:
    return _part(element, "e") + lowered(_part(element, "lim")), FORMULA


def _upper_limit(element: Any) -> Piece:
    return _part(element, "e") + raised(_part(element, "lim")), FORMULA


def _grouping(element: Any) -> Piece:
    if _property(element, "chr", "⏟") not in _BRACES:
        raise Unsayable
    return grouped(_part(element, "e")), FORMULA


def _lines(element: Any) -> Piece:
    return "；".join(joined(_pieces(e)) for e in element.findall(f"{M}e")), FORMULA


def _matrix(element: Any) -> Piece:
    rows = ("，".join(joined(_pieces(e)) for e in row.findall(f"{M}e")) for row in element.findall(f"{M}mr"))
    return "；".join(rows), FORMULA


_STRUCTURES: dict[str, Callable[[Any], Piece]] = {
    f"{M}f": _fraction, f"{M}sSup": _power, f"{M}sSub": _index, f"{M}sSubSup": _index_and_power, f"{M}sPre": _before,
    f"{M}rad": _root, f"{M}d": _brackets, f"{M}nary": _nary, f"{M}bar": _bar, f"{M}acc": _accent,
    f"{M}func": _function, f"{M}limLow": _lower_limit, f"{M}limUpp": _upper_limit, f"{M}groupChr": _grouping,
    f"{M}eqArr": _lines, f"{M}m": _matrix,
}  # fmt: skip
