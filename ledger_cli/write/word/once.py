"""Marks that a document may hold once, taken out of a template before its loops repeat them.

Word writes most of them by itself: ``OLE_LINK1`` where something was pasted, ``_GoBack`` where it was last edited,
ids of paragraphs and content controls. It gives new ids where there are none.
"""

from collections.abc import Callable
from typing import Any

from ledger_cli.write.word.markup import w

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_BOOKMARK = (w("bookmarkStart"), w("bookmarkEnd"))

PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
"""What holds a picture's number, which is required and has to be unique."""


def drop_ids(tree: Any) -> None:
    """Take out the ids of content controls, paragraphs and rows."""
    for control_id in list(tree.iter(w("id"))):
        control_id.getparent().remove(control_id)
    for element in tree.iter(w("p"), w("tr")):
        for name in ("paraId", "textId"):
            element.attrib.pop(f"{{{_W14}}}{name}", None)


def drop_repeated_bookmarks(tree: Any, loops: Callable[[Any], int]) -> None:
    """Take out the bookmarks that begin or end in a loop, and those that a tag's row or paragraph took one end of.

    ``loops`` says how many more loops an element opens than it closes.
    """
    depth = 0
    repeated: set[str | None] = set()
    ends: dict[str, set[str | None]] = {tag: set() for tag in _BOOKMARK}
    for element in tree.iter():
        depth += loops(element)
        if element.tag in _BOOKMARK:
            ends[element.tag].add(element.get(w("id")))
            if depth:
                repeated.add(element.get(w("id")))
    starts, stops = ends.values()
    for mark in list(tree.iter(*_BOOKMARK)):
        if mark.get(w("id")) in repeated | (starts ^ stops):
            mark.getparent().remove(mark)
