"""The text of Word paragraphs as a reader of the printed page sees it, with nothing dropped in silence.

Tracked changes give the final text: insertions and moves in, deletions out. Content controls, hyperlinks,
fields' results, ruby, symbols, footnotes and text boxes are text; automatic numbers are restored. What text
cannot hold (pictures, embedded objects, comments) is named as a loss.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger_cli.read.numbering import Numbering
from ledger_cli.read.tables import Loss

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML = "{urn:schemas-microsoft-com:vml}"

_GONE = {f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{W}sdtPr", f"{W}sdtEndPr", f"{W}instrText", f"{W}delText"}
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "\u2011", f"{W}ptab": "\t"}
_REVISIONS = {f"{W}ins", f"{W}del", f"{W}moveTo", f"{W}moveFrom"}
_OBJECTS = {f"{W}drawing": "图片", f"{W}pict": "图片", f"{W}object": "嵌入对象"}
_BOX = f"{W}txbxContent"

# The symbols that offices use: ticks, boxes, bullets and arrows of Wingdings and Symbol.
_SYMBOLS = {
    ("wingdings", 0x6C): "●", ("wingdings", 0x6E): "■", ("wingdings", 0x6F): "□", ("wingdings", 0x71): "❑",
    ("wingdings", 0x75): "◆", ("wingdings", 0x76): "❖", ("wingdings", 0xA8): "□", ("wingdings", 0xD8): "➢",
    ("wingdings", 0xE0): "→", ("wingdings", 0xFB): "✗", ("wingdings", 0xFC): "✓", ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFE): "☑", ("wingdings 2", 0x50): "✓", ("wingdings 2", 0x52): "☑", ("wingdings 2", 0xA3): "□",
    ("symbol", 0xB3): "≥", ("symbol", 0xA3): "≤", ("symbol", 0xB4): "×", ("symbol", 0xB7): "·", ("symbol", 0xB0): "°",
    ("symbol", 0xB1): "±", ("symbol", 0xAE): "→",
}  # fmt: skip


@dataclass(slots=True)
class Surroundings:
    """What a paragraph refers to: numbering, footnotes and comments by id; and what was met on the way.

    A comment of our own is None.
    """

    numbering: Numbering
    notes: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    revised: bool = False


def paragraph_text(paragraph: Any, around: Surroundings) -> list[str]:
    """The lines of one paragraph: its own text, then its footnotes and text boxes, a line each."""
    reader = _ParagraphReader(around)
    text = "".join(reader.pieces(paragraph))
    label = around.numbering.label(paragraph)
    if label and (text.strip() or not label.strip("•●■□◆➢-– ")):
        text = label + text
    return [*text.split("\n"), *reader.extra]


def joins_next(paragraph: Any) -> bool:
    """Whether the paragraph's end was deleted in a tracked change, so that the next one continues it."""
    mark = paragraph.find(f"{W}pPr/{W}rPr/{W}del")
    return mark is not None


def is_prompt(control: Any) -> bool:
    """Whether a content control still shows its prompt.

    Word says so in the file, but other programs leave that mark standing when somebody has typed over the
    prompt; so the words decide as well.
    """
    if control.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
        return False
    words = "".join(text.text or "" for text in control.iter(f"{W}t")).strip()
    return not words or words.startswith(("点击", "单击", "请输入", "Click"))


class _ParagraphReader:
    """Walks one paragraph; ``extra`` collects what stands beside its line of text."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.extra: list[str] = []
        self._field: list[bool] = []  # per open field: whether its result has begun

    def pieces(self, element: Any) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            if tag in _REVISIONS:
                self.around.revised = True
            if tag in _GONE:
                continue
            if tag == f"{W}fldChar":
                self._field_mark(child.get(f"{W}fldCharType", ""))
            elif tag in (f"{W}t", f"{_M}t"):
                yield "" if self._in_instruction else child.text or ""
            elif tag in _BREAKS:
                skipped = self._in_instruction or child.get(f"{W}type") in ("page", "column")
                yield "" if skipped else _BREAKS[tag]
            else:
                yield from self._special(tag, child)

    @property
    def _in_instruction(self) -> bool:
        """Whether a field is open whose result has not begun: what stands there is not printed."""
        return bool(self._field) and not self._field[-1]

    def _field_mark(self, kind: str) -> None:
        if kind == "begin":
            self._field.append(False)
        elif kind == "separate" and self._field:
            self._field[-1] = True
        elif kind == "end" and self._field:
            self._field.pop()

    def _special(self, tag: str, child: Any) -> Iterator[str]:
        if tag == f"{W}sym":
            yield self._symbol(child)
        elif tag == f"{W}ruby":
            yield from self._ruby(child)
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            self._note(f"{tag.removeprefix(W)[:-9]}{child.get(f'{W}id')}")
        elif tag == f"{W}commentReference":
            words = self.around.comments.get(child.get(f"{W}id", ""), "")
            if words is not None:  # None: our own, from when the form was sent back
                self.around.losses.append(Loss("批注", words))
        elif tag in _OBJECTS:
            self._object(tag, child)
        elif tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            yield from self.pieces(choice if choice is not None else child)
        elif tag == f"{W}sdt":
            yield from self._control(child)
        else:
            yield from self.pieces(child)

    def _control(self, control: Any) -> Iterator[str]:
        if not is_prompt(control):
            content = control.find(f"{W}sdtContent")
            if content is not None:
                yield from self.pieces(content)

    def _symbol(self, symbol: Any) -> str:
        code = int(symbol.get(f"{W}char", "0"), 16)
        font = symbol.get(f"{W}font", "")
        known = _SYMBOLS.get((font.lower(), code & 0xFF))
        if known:
            return known
        if code < 0xE000 or code > 0xF8FF:
            return chr(code)
        self.around.losses.append(Loss("符号", f"{font} 字体的第 {code & 0xFF} 号符号"))
        return ""

    def _ruby(self, ruby: Any) -> Iterator[str]:
        base, reading = ruby.find(f"{W}rubyBase"), ruby.find(f"{W}rt")
        if base is not None:
            yield from self.pieces(base)
        words = "".join(self.pieces(reading)) if reading is not None else ""
        if words:
            yield f"（{words}）"

    def _note(self, key: str) -> None:
        words = self.around.notes.get(key, "")
        if words:
            self.extra.append(f"注：{words}")

    def _object(self, tag: str, element: Any) -> None:
        boxes = list(element.iter(_BOX))
        for box in boxes:
            for paragraph in box.iter(f"{W}p"):
                self.extra.extend(line for line in paragraph_text(paragraph, self.around) if line.strip())
        if not boxes and not _is_decoration(element):
            described = next((e.get("descr") or e.get("title") for e in element.iter() if e.get("descr")), "")
            self.around.losses.append(Loss(_OBJECTS[tag], described or ""))


def _is_decoration(element: Any) -> bool:
    """Whether a drawing is a bare line or shape without a picture in it."""
    names = {str(e.tag).rpartition("}")[2] for e in element.iter() if isinstance(e.tag, str)}
    return not names & {"blip", "imagedata", "chart", "OLEObject", "relIds", "dgm"}
