"""The text of Word paragraphs as a reader of the printed page sees it, with nothing dropped in silence.

Tracked changes give the final text: insertions and moves in, deletions out. Content controls, hyperlinks,
fields' results, ruby, symbols, exponents, equations, footnotes and text boxes are text; automatic numbers are
restored. What text cannot hold (pictures, embedded objects, comments) is named as a loss.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ledger_cli.read.office.drawing import drawn
from ledger_cli.read.office.equation import equation, equation_characters
from ledger_cli.read.office.fields import Field
from ledger_cli.read.office.formula import Unsayable
from ledger_cli.read.office.namespaces import M, W
from ledger_cli.read.office.numbering import Numbering
from ledger_cli.read.office.package import RELATION_ID
from ledger_cli.read.office.script import Piece, joined
from ledger_cli.read.office.symbols import symbol, symbols, unknown_symbol
from ledger_cli.read.office.tables import Loss, UnreadableFile
from ledger_cli.read.office.word_markup import ALTERNATIVE, branch
from ledger_cli.read.office.word_styles import Styles

_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "sdtPr", "sdtEndPr", "delText", "delInstrText")} | {
    f"{W}{name}" for name in ("tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "fldData", "ffData")
}
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "\u2011", f"{W}ptab": "\t"}
_MOST_FIELDS = 20  # open at once
_REVISIONS = {f"{W}ins", f"{W}del", f"{W}moveTo", f"{W}moveFrom"}
_OBJECTS = {f"{W}drawing", f"{W}pict", f"{W}object"}
_EQUATIONS = {f"{M}oMath", f"{M}oMathPara"}
PARAGRAPHS = {f"{W}p", *_EQUATIONS}
"""What stands among paragraphs and is read as one."""
INSERTED = (f"{W}altChunk", f"{W}subDoc")
"""What stands for a document inserted whole, or kept beside this one."""


@dataclass(slots=True)
class Surroundings:
    """What a paragraph refers to, by id, and what was met on the way.

    ``notes`` are the lines of footnotes and endnotes, ``comments`` the words of comments that are not ours; one
    that was told is taken out. ``words_of`` gives the words of the part behind a relation of the part being
    read, ``chunk`` the lines of a document inserted whole. ``marginal`` is set while headers are read.
    """

    numbering: Numbering
    styles: Styles
    words_of: Callable[[str], str]
    chunk: Callable[[str], list[str]]
    notes: dict[str, list[str]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)
    revised: bool = False
    marginal: bool = False


def paragraph_text(paragraph: Any, around: Surroundings) -> list[str]:
    """The lines of one paragraph: its own text, then its footnotes and text boxes, a line each."""
    reader = _ParagraphReader(around, paragraph)
    text = reader.text()
    label = around.numbering.label(paragraph)  # an empty paragraph counts, and says nothing by its number or bullet
    if text.strip():
        text = label + text
    return [*text.split("\n"), *reader.extra]


def story_lines(element: Any, around: Surroundings) -> list[str]:
    """The lines of all paragraphs below an element, in its tables too."""
    lines: list[str] = []
    for child in element:
        if child.tag in PARAGRAPHS:
            lines.extend(paragraph_text(child, around))
        elif child.tag == ALTERNATIVE:
            lines.extend(story_lines(branch(child), around))
        elif child.tag in INSERTED:
            lines.extend(around.chunk(child.get(RELATION_ID, "")))
        elif isinstance(child.tag, str) and child.tag not in _GONE:
            lines.extend(story_lines(child, around))
    return lines


def joins_next(paragraph: Any) -> bool:
    """Whether the paragraph's end was deleted in a tracked change, so that the next one continues it."""
    mark = paragraph.find(f"{W}pPr/{W}rPr/{W}del")
    return mark is not None


class _ParagraphReader:
    """Walks one paragraph; ``extra`` collects what stands beside its line of text."""

    def __init__(self, around: Surroundings, paragraph: Any) -> None:
        self.around = around
        self.paragraph = paragraph
        self.extra: list[str] = []
        self._line: list[Piece] = []
        self._fields: list[Field] = []
        self._script = ""
        self._font: str | None = None

    def text(self) -> str:
        """The line of text. What stands behind a field that is never closed is text."""
        if self.paragraph.tag in _EQUATIONS:
            self._equation(self.paragraph)
        else:
            self._read(self.paragraph)
        while self._fields:
            self._end_field(ended=False)
        return joined(self._line)

    def _read(self, element: Any) -> None:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            if tag in _REVISIONS:
                self.around.revised = True
            if tag in _GONE:
                continue
            if tag == f"{W}t":
                self._characters(child.text or "")
            elif tag == f"{W}r":
                self._run(child)
            elif tag in _BREAKS:
                if child.get(f"{W}type") not in ("page", "column"):
                    self._add(_BREAKS[tag])
            elif tag in self._SPECIAL:
                self._SPECIAL[tag](self, child)
            else:
                self._read(child)

    def _add(self, text: str, kind: str = "") -> None:
        if self._fields:
            # The result of a field within an instruction is part of that instruction.
            reversed_fields = reversed(self._fields)
            target = next((one for one in reversed_fields if not one.separated), self._fields[-1])
            target.add((text, kind))
        else:
            self._line.append((text, kind))

    def _run(self, run: Any) -> None:
        before = self._script, self._font
        self._script = self.around.styles.script(run, self.paragraph)
        self._font = self.around.styles.symbol_font(run, self.paragraph)
        self._read(run)
        self._script, self._font = before

    def _characters(self, text: str) -> None:
        if self._font is None:
            self._add(text, self._script)
            return
        for char, shown in symbols(text, self._font):
            if shown is None:
                self._lose("符号", unknown_symbol(self._font, ord(char)))
            else:
                self._add(shown, self._script)

    def _lose(self, kind: str, words: str) -> None:
        self.around.losses.append(Loss(kind, words))

    # -- fields -----------------------------------------------------------------------------------

    def _field_mark(self, mark: Any) -> None:
        kind = mark.get(f"{W}fldCharType", "")
        if kind == "begin":
            if len(self._fields) >= _MOST_FIELDS:
                raise UnreadableFile(
                    f"文件里的域套了 {_MOST_FIELDS} 层以上，没有读取", "选中全文，按 Ctrl+Shift+F9 去掉域再收。"
                )
            self._fields.append(Field(mark.find(f"{W}ffData")))
        elif kind == "separate" and self._fields:
            self._fields[-1].separated = True
        elif kind == "end" and self._fields:
            self._end_field()

    def _end_field(self, *, ended: bool = True) -> None:
        for text, kind in self._fields.pop().shown(self.around.losses, ended=ended):
            self._add(text, kind)

    def _instruction(self, element: Any) -> None:
        if self._fields:
            self._fields[-1].instruct((element.text or "", self._script))

    def _simple_field(self, element: Any) -> None:
        self._fields.append(Field(element.find(f"{W}ffData"), [(element.get(f"{W}instr", ""), "")], separated=True))
        depth = len(self._fields)
        self._read(element)
        while len(self._fields) > depth:
            self._end_field(ended=False)
        if len(self._fields) == depth:
            self._end_field()

    # -- what is no plain text --------------------------------------------------------------------

    def _equation(self, element: Any) -> None:
        self.around.revised |= any(True for _ in element.iter(*_REVISIONS))
        try:
            self._add(*equation(element))
        except Unsayable:
            self._lose("公式", equation_characters(element))

    def _alternative(self, element: Any) -> None:
        self._read(branch(element))

    def _symbol(self, element: Any) -> None:
        font, place = element.get(f"{W}font", ""), element.get(f"{W}char", "")
        try:
            code = int(place, 16)
        except ValueError:
            self._lose("符号", f"{font} 字体的“{place}”号符号")
            return
        shown = symbol(font, code)
        if shown is None:
            self._lose("符号", f"{font} 字体的第 {code & 0xFF} 号符号")
        else:
            self._add(shown, self._script)

    def _ruby(self, ruby: Any) -> None:
        base, reading = ruby.find(f"{W}rubyBase"), ruby.find(f"{W}rt")
        if base is not None:
            self._read(base)
        words = _ParagraphReader(self.around, reading).text() if reading is not None else ""
        if words:
            self._add(f"（{words}）")

    def _note(self, reference: Any) -> None:
        kind = reference.tag.removeprefix(W).removesuffix("Reference")
        # A note is printed once; a damaged file may refer to it ten thousand times.
        first, *rest = self.around.notes.pop(f"{kind}{reference.get(f'{W}id')}", None) or [""]
        if first or rest:
            self.extra += [f"注：{first}", *rest]

    def _comment(self, reference: Any) -> None:
        words = self.around.comments.pop(reference.get(f"{W}id", ""), None)
        if words is not None:
            self._lose("批注", words)

    def _object(self, element: Any) -> None:
        for one in drawn(element, self.around.words_of):
            if one.box is not None:
                self.extra += [line for line in story_lines(one.box, self.around) if line.strip()]
            elif one.words.strip() and self.around.marginal:
                self._lose("艺术字", one.words)  # a watermark
            elif one.words.strip():
                self.extra.append(one.words)
            elif one.loss is not None:
                self.around.losses.append(one.loss)

    _SPECIAL: ClassVar[dict[str, Callable[["_ParagraphReader", Any], None]]] = {
        f"{W}fldChar": _field_mark,
        f"{W}instrText": _instruction,
        f"{W}fldSimple": _simple_field,
        f"{W}sym": _symbol,
        f"{W}ruby": _ruby,
        f"{W}footnoteReference": _note,
        f"{W}endnoteReference": _note,
        f"{W}commentReference": _comment,
        ALTERNATIVE: _alternative,
        **dict.fromkeys(_OBJECTS, _object),
        **dict.fromkeys(_EQUATIONS, _equation),
    }
