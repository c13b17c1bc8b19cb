"""WordprocessingML as the reader meets it: names, switches, whole numbers, the branch of an alternative."""

from functools import cache
from typing import Any

from ledger_cli.read.office.namespaces import DRAWING, MC, VML, M, W

ALTERNATIVE = f"{MC}AlternateContent"
BOX = f"{W}txbxContent"
_OFFICE = "http://schemas.openxmlformats.org/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
# What the reader makes text or a loss of, wherever it stands.
_UNDERSTOOD = {f"{W}{name}" for name in ("t", "sym", "tab", "br", "fldChar", "instrText", "txbxContent", "object")} | {
    f"{W}footnoteReference",
    f"{W}endnoteReference",
    f"{W}commentReference",
    f"{VML}imagedata",
    f"{VML}textpath",
    f"{M}oMath",
    f"{DRAWING}t",
    f"{DRAWING}blip",
    f"{{{_OFFICE}drawingml/2006/chart}}chart",
    f"{{{_OFFICE}drawingml/2006/diagram}}relIds",
    f"{{{_MICROSOFT}drawing/2014/chartex}}chart",
}
_VALUE = f"{W}val"
_OFF = ("0", "false", "off")


def branch(alternative: Any) -> Any:
    """The one branch of an ``mc:AlternateContent`` to read: the first choice with content that is understood.

    Else the fallback; else whatever branch there is.
    """
    choices, fallbacks = alternative.findall(f"{MC}Choice"), alternative.findall(f"{MC}Fallback")
    branches = [*choices, *fallbacks]
    understood = (one for one in branches if next(one.iter(*_UNDERSTOOD), None) is not None)
    return next(understood, next(iter(branches), ()))


def is_on(properties: Any, name: str) -> bool:
    """Whether properties switch something on, as ``w:showingPlcHdr`` does."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and found.get(f"{W}val", "1") not in _OFF


def value(element: Any, path: str, default: str = "") -> str:
    """The ``w:val`` of a descendant such as ``rPr/vertAlign``; the default where there is none."""
    found = element.find(_qualified(path)) if element is not None else None
    return str(found.get(_VALUE, default)) if found is not None else default


@cache
def _qualified(path: str) -> str:
    return "/".join(f"{W}{step}" for step in path.split("/"))


def whole(text: str, default: int, most: int) -> int:
    """A whole number from 0 to ``most``, or the default where a damaged file says anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        return default
    return int(text) if int(text) <= most else default
