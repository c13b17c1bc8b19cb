"""What stands in the drawings and objects of a Word document: words, and what text cannot hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ledger_cli.read.office.namespaces import W
from ledger_cli.read.office.package import RELATION_ID
from ledger_cli.read.office.tables import Loss
from ledger_cli.read.office.word_markup import ALTERNATIVE, BOX, branch

_DIAGRAM = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_SHOWN = {"chart": "图表", "relIds": "SmartArt 图形"}
_PICTURES = ("blip", "imagedata")
_BULLET = "buBlip"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing met in a drawing: a text box (its element), the words of a shape, or a loss."""

    box: Any = None
    words: str = ""
    loss: Loss | None = None


def drawn(element: Any, words_of: Callable[[str], str]) -> Iterator[Drawn]:
    """What is met in a ``w:drawing``, ``w:pict`` or ``w:object``, in order.

    ``words_of`` gives the words of the part that a relation's id means. Bare lines and shapes are nothing.
    """
    found = list(_found(element, words_of))
    if element.tag == f"{W}object":
        # The picture of an embedded object only shows what the object is.
        found = [one for one in found if one.loss is None or one.loss.kind not in ("图片", "嵌入对象", "公式")]
        found.append(Drawn(loss=_embedded(element)))
    yield from found


def _found(element: Any, words_of: Callable[[str], str]) -> Iterator[Drawn]:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        if child.tag == ALTERNATIVE:
            yield from _found(branch(child), words_of)
        elif child.tag == BOX:
            yield Drawn(box=child)
        elif name == "textpath":
            yield Drawn(words=child.get("string", ""))
        elif name == "p" and not child.tag.startswith(W):
            yield Drawn(words="".join(e.text or "" for e in child.iter("{*}t")))
        elif name in _PICTURES:
            yield Drawn(loss=Loss("图片", _described(child)))
        elif name in _SHOWN:
            yield Drawn(loss=Loss(_SHOWN[name], words_of(child.get(RELATION_ID) or child.get(_DIAGRAM) or "")))
        elif name in ("OLEObject", "control"):
            yield Drawn(loss=_embedded(element))
        elif name == "contentPart":
            yield Drawn(loss=Loss("图片", "手写墨迹"))
        elif name != _BULLET:
            yield from _found(child, words_of)


def _embedded(element: Any) -> Loss:
    program = next((str(e.get("ProgID")) for e in element.iter("{*}OLEObject") if e.get("ProgID")), "")
    kind = "公式" if program.startswith("Equation") else "嵌入对象"
    return Loss(kind, _described(element))


def _described(element: Any) -> str:
    """What the writer said of a picture: the description nearest to it."""
    for around in (element, *element.iterancestors()):
        own = (around, *around.iterfind("{*}nvPicPr/{*}cNvPr"), *around.iterfind("{*}docPr"))
        if around.tag == f"{W}object":
            own = (*own, *around.iterfind("{*}shape"))
        words = next((says for one in own if (says := one.get("descr") or one.get("title") or one.get("alt"))), "")
        if words or around.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            return str(words)
    return ""
