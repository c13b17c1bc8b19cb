"""A Word file to paragraphs and tables, as printed: the reader for filled forms and issued attachments.

python-docx drops just what matters here: content controls, tracked insertions, automatic numbers. So the
parts are read from the file's own XML.
"""

from collections.abc import Iterator
from typing import Any

from ledger_cli.model.form import RETURNED
from ledger_cli.read.office.budget import Budget, TooMuch
from ledger_cli.read.office.comments import comments_by_id
from ledger_cli.read.office.inserted import inserted_lines
from ledger_cli.read.office.namespaces import W
from ledger_cli.read.office.numbering import Numbering
from ledger_cli.read.office.package import RELATION_ID, WORD, Package, Relation
from ledger_cli.read.office.prompts import document_prompts, remove_prompts
from ledger_cli.read.office.tables import Cell, FilledDocument, Loss, Table, UnreadableFile
from ledger_cli.read.office.word_markup import ALTERNATIVE, branch, value, whole
from ledger_cli.read.office.word_styles import Styles
from ledger_cli.read.office.word_text import INSERTED, PARAGRAPHS, Surroundings, joins_next, paragraph_text, story_lines
from ledger_cli.read.office.words import office_words

KINDS = frozenset(
    f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}.main+xml"
    for kind in ("document", "template")
)
"""The content types of a document's main part."""

_CONTAINERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "sectPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "tcPr")}
_MOST_COLUMNS = 1000
_DEEPEST = 3  # documents inserted into each other
_DEEPEST_TABLE = 12  # tables in each other; the text of the inner ones stands in each outer one too


def read_word(data: bytes) -> FilledDocument:
    """The document in the bytes; raises ``UnreadableFile``. Nothing in it is executed or fetched."""
    return _read(data, 0, None)


def _read(data: bytes, depth: int, budget: Budget | None) -> FilledDocument:
    package = Package(data, WORD, budget)
    try:
        return _Reader(package, depth).document()
    except UnreadableFile:
        raise
    except Exception as error:  # a damaged file finds ways through every guess; RecursionError is among them
        raise WORD.broken() from error
    finally:
        package.forget()  # the next file of a batch needs the room


class _Reader:
    """Reads one package; ``around`` is what its paragraphs refer to."""

    def __init__(self, package: Package, depth: int) -> None:
        if package.has_macros:
            raise UnreadableFile("这是带宏的文件，没有读取", "用 Word 打开，另存为不带宏的 .docx 再试。")
        if package.kind(package.main) not in KINDS:
            raise UnreadableFile("这不是 Word 文档", WORD.resave)
        self.package = package
        self._depth = depth
        self._relations: dict[str, Relation] = {}
        self._quoted: set[str] = set()
        self._tables = 0
        styles = self._part("styles")
        self._styles = Styles.of(styles)
        self._prompts = document_prompts(self._part("glossaryDocument"))
        numbering = Numbering.of(self._part("numbering"), styles)
        self.around = Surroundings(numbering, self._styles, self._words_of, self._chunk_lines)

    def document(self) -> FilledDocument:
        body = self.package.xml(self.package.main).find(f"{W}body")
        if body is None:
            raise UnreadableFile("这个 Word 文件没有正文", WORD.resave)
        words = office_words(self.package)  # before prompts are taken out
        self._read_notes(body)
        self._read_comments(body)
        self._enter(self.package.main, body)
        blocks = list(self._blocks(body))
        self.around.losses += [Loss("批注", words) for words in self.around.comments.values()]
        margin = list(self._margin())
        return FilledDocument(
            blocks,
            self.around.losses,
            self.around.revised,
            margin,
            self.package.core_property("keywords"),
            words,
            self.package.core_property("modified"),
        )

    # -- parts ------------------------------------------------------------------------------------

    def _part(self, kind: str) -> Any:
        """The part of a kind that the document refers to, or None."""
        named = self.package.related(self.package.main, kind)
        return self.package.xml(named[0]) if named else None

    def _enter(self, name: str, root: Any) -> None:
        """Prepare to read a part: its relations serve, its prompts go."""
        self._relations = {relation.id: relation for relation in self.package.relations(name)}
        remove_prompts(root, self._styles, self._prompts)

    def _read_notes(self, body: Any) -> None:
        """Footnotes and endnotes; those that nothing refers to are not printed, and told."""
        for kind in ("footnote", "endnote"):
            used = {element.get(f"{W}id") for element in body.iter(f"{W}{kind}Reference")}
            for name in self.package.related(self.package.main, f"{kind}s"):
                root = self.package.xml(name)
                self._enter(name, root)
                for note in root.iterchildren(f"{W}{kind}"):
                    lines = story_lines(note, self.around)
                    if note.get(f"{W}type", "normal") != "normal" or not any(line.strip() for line in lines):
                        continue
                    if note.get(f"{W}id") in used:
                        self.around.notes[f"{kind}{note.get(f'{W}id')}"] = _stripped(lines)
                    else:
                        self.around.losses.append(Loss("脚注", "\n".join(_stripped(lines))))

    def _read_comments(self, body: Any) -> None:
        front = [line for p in _unwrapped(body) if p.tag == f"{W}p" if (line := _typed(p)).startswith(RETURNED)]
        for name in self.package.related(self.package.main, "comments"):
            root = self.package.xml(name)
            self._enter(name, root)
            self.around.comments |= comments_by_id(root, front, self.around)

    def _margin(self) -> Iterator[str]:
        """The lines of headers and footers."""
        self.around.marginal = True
        for kind in ("header", "footer"):
            for name in self.package.related(self.package.main, kind):
                root = self.package.xml(name)
                self._enter(name, root)
                yield from (line for line in story_lines(root, self.around) if line.strip())

    def _words_of(self, relation: str) -> str:
        """The words in the part behind a relation, such as a chart; empty where it has none or is damaged."""
        target = self._relations.get(relation)
        if target is None or target.external or target.target not in self.package or target.target in self._quoted:
            return ""
        self._quoted.add(target.target)  # once is enough, however often it is shown
        try:
            root = self.package.xml(target.target)
        except TooMuch:
            raise
        except UnreadableFile:
            return ""
        return "、".join(dict.fromkeys(words for e in root.iter("{*}t", "{*}v") if (words := (e.text or "").strip())))

    # -- documents inserted whole -----------------------------------------------------------------

    def _chunk(self, relation: str) -> list[list[str] | Table]:
        """The blocks of a document inserted whole; where it cannot be read, a loss with its name."""
        target = self._relations.get(relation)
        name = target.target if target is not None else ""
        self.package.budget.meet("altChunk", 1)
        blocks = self._inserted(name) if target is not None and not target.external else None
        if blocks is None:
            self.around.losses.append(Loss("嵌入文档", name.rpartition("/")[2]))
        self.package.budget.meet("p", sum(len(block) for block in blocks or () if isinstance(block, list)))
        return blocks or []

    def _inserted(self, name: str) -> list[list[str] | Table] | None:
        if name not in self.package:
            return None
        try:
            data = self.package.data(name)
            if data.startswith(b"PK"):
                inner = _read(data, self._depth + 1, self.package.budget) if self._depth < _DEEPEST else None
            else:
                lines = inserted_lines(data, self.package.kind(name))
                return None if lines is None else [lines]
        except TooMuch:
            raise
        except UnreadableFile:
            return None
        if inner is None:
            return None
        self.around.losses += inner.losses
        self.around.revised |= inner.revised
        return inner.blocks

    def _chunk_lines(self, relation: str) -> list[str]:
        lines: list[str] = []
        for block in self._chunk(relation):
            lines += block.flat if isinstance(block, Table) else block
        return lines

    # -- blocks and tables ------------------------------------------------------------------------

    def _blocks(self, body: Any) -> Iterator[list[str] | Table]:
        gathered = _Lines(self.around)
        for child in _unwrapped(body):
            if child.tag not in (f"{W}tbl", *INSERTED):
                gathered.take(child)
                continue
            if gathered.lines:
                yield gathered.lines
                gathered = _Lines(self.around)
            if child.tag == f"{W}tbl":
                yield self._table(child)
            else:
                yield from self._chunk(child.get(RELATION_ID, ""))
        if gathered.lines:
            yield gathered.lines

    def _table(self, table: Any) -> Table:
        self._tables += 1
        if self._tables > _DEEPEST_TABLE:
            raise UnreadableFile(f"文件里的表格套了 {_DEEPEST_TABLE} 层以上，没有读取", "把里层的表格移出来再收。")
        made = Table(self._rows(table))
        self._tables -= 1
        return made

    def _rows(self, table: Any) -> list[list[Cell]]:
        rows = []
        for row in _unwrapped(table):
            if row.tag != f"{W}tr":
                continue
            changes = [row.find(f"{W}trPr/{W}{change}") is not None for change in ("ins", "del")]
            self.around.revised |= any(changes)
            if changes[1]:
                continue
            column = whole(value(row, "trPr/gridBefore"), 0, _MOST_COLUMNS)
            cells = []
            for cell, tag in _row_cells(row, None):
                span = max(1, whole(value(cell, "tcPr/gridSpan"), 1, _MOST_COLUMNS))
                cells.append(self._cell(cell, column, span, tag))
                column += span
            rows.append(cells)
        return rows

    def _cell(self, cell: Any, column: int, span: int, tag: str | None) -> Cell:
        before = len(self.around.losses)
        merges = (cell.find(f"{W}tcPr/{W}{merge}") for merge in ("vMerge", "hMerge"))
        continued = any(merge is not None and merge.get(f"{W}val") != "restart" for merge in merges)
        made = Cell([], column, span, continued, tag or _inner_tag(cell))
        gathered = _Lines(self.around)
        for child in _unwrapped(cell):
            if child.tag == f"{W}tbl":
                made.tables.append(self._table(child))
                gathered.lines += made.tables[-1].flat
                self.around.losses += [loss for row in made.tables[-1].rows for inner in row for loss in inner.losses]
            else:
                gathered.take(child)
        made.lines = gathered.lines
        made.losses = self.around.losses[before:]
        del self.around.losses[before:]
        return made


class _Lines:
    """The lines of paragraphs that follow each other; one whose end was deleted goes on in the next."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self.lines: list[str] = []
        self._joins = False

    def take(self, element: Any) -> None:
        """Add the lines of a paragraph, or of whatever else stands among paragraphs."""
        if element.tag not in PARAGRAPHS:
            if element.tag not in _GONE:
                self.lines += story_lines([element] if element.tag in INSERTED else element, self.around)
            return
        first, *rest = paragraph_text(element, self.around)
        if self._joins and self.lines:
            self.lines[-1] += first
        else:
            self.lines.append(first)
        self.lines += rest
        self._joins = joins_next(element)


def _unwrapped(element: Any) -> Iterator[Any]:
    """Block children with content controls, insertions, alternatives and custom XML taken away around them."""
    for child in element:
        if child.tag in _CONTAINERS:
            yield from _unwrapped(child)
        elif child.tag == ALTERNATIVE:
            yield from _unwrapped(branch(child))
        elif isinstance(child.tag, str):
            yield child


def _row_cells(element: Any, tag: str | None) -> Iterator[tuple[Any, str | None]]:
    """The cells of a row, each with the tag of the content control around it."""
    for child in element:
        if child.tag == f"{W}tc":
            yield child, tag
        elif child.tag in _CONTAINERS:
            yield from _row_cells(child, value(child, "sdtPr/tag") or tag)
        elif child.tag == ALTERNATIVE:
            yield from _row_cells(branch(child), tag)


def _inner_tag(cell: Any) -> str | None:
    found = cell.find(f".//{W}sdt/{W}sdtPr/{W}tag")
    return found.get(f"{W}val") if found is not None else None


def _stripped(lines: list[str]) -> list[str]:
    """The lines without the empty ones around them."""
    return "\n".join(lines).strip().split("\n")


def _typed(paragraph: Any) -> str:
    """The characters of a paragraph, whatever stands around them."""
    return "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
