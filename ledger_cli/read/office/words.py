"""All words of an Office file, taken from its XML without a thought for what they are: the measure of a reader.

A reader that understands forms may misunderstand one and drop words. These here come by a second, dumber way, so that
intake can hold what it took against what there was: paragraphs of documents, notes, comments, shapes and charts, and
the texts of cells.
"""

import re
from collections.abc import Iterator
from typing import Any

from ledger_cli.read.office.budget import TooMuch
from ledger_cli.read.office.inserted import inserted_lines
from ledger_cli.read.office.namespaces import DRAWING, MC, SHEET, VML, M, W
from ledger_cli.read.office.package import WORD, Package
from ledger_cli.read.office.tables import UnreadableFile, Words

# Parts that hold settings, styles or stock texts, and none of the words of whoever filled the file in.
_SILENT = re.compile(
    r"docProps/|customXml/|word/glossary/|_rels/|\[Content_Types\]|xl/(?:workbook|styles|calcChain|metadata)|"
    r"(?:.*/)?(?:theme|settings|fontTable|webSettings|styles|stylesWithEffects|numbering|drawing\d*)\.xml$|"
    r"(?:.*/)?theme/"
)
_DRAWINGS = re.compile(r"(?:.*/)?drawings/drawing\d*\.xml$")
_GONE = {f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{W}sdtPr", f"{SHEET}rPh", f"{SHEET}phoneticPr"}
_BLOCKS = {f"{W}p", f"{DRAWING}p", f"{SHEET}si", f"{SHEET}is", f"{SHEET}text"}
_TEXTS = {f"{W}t", f"{M}t", f"{DRAWING}t", f"{SHEET}t"}
_BREAKS = {f"{W}br", f"{W}cr", f"{DRAWING}br"}
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings")


def office_words(package: Package) -> list[Words]:
    """The words of a package; raises ``TooMuch``. Parts that cannot be read give none."""
    found: list[Words] = []
    for _, root in package.stories(lambda name: not _SILENT.match(name) or bool(_DRAWINGS.match(name))):
        found.extend(_blocks(root))
        found.extend(Words(str(e.get("string"))) for e in root.iter(f"{VML}textpath") if e.get("string"))
    found.extend(_chunk_words(package))
    return [words for words in found if words.text.strip()]


def _chunk_words(package: Package) -> Iterator[Words]:
    """The words of texts, pages and documents that are inserted whole."""
    relations = package.relations(package.main) if package.main else ()
    inserted = {relation.target: None for relation in relations if relation.kind == "aFChunk" and not relation.external}
    for name in inserted:
        if name not in package:
            continue
        try:
            data = package.data(name)
            inner = Package(data, WORD, package.budget) if data.startswith(b"PK") else None
        except TooMuch:
            raise
        except UnreadableFile:
            continue
        if inner is not None:
            yield from office_words(inner)
        elif (lines := inserted_lines(data, package.kind(name))) is not None:
            yield from map(Words, lines)


def _blocks(element: Any) -> Iterator[Words]:
    """The texts of each innermost paragraph, note or cell below an element, a line each."""
    if element.tag in _GONE or _is_deleted_row(element):
        return
    if element.tag == f"{SHEET}c":
        yield from _cell(element)
        return
    if element.tag == f"{W}t" and not _in_symbols(element.getparent()):
        yield Words(element.text or "")  # outside any paragraph, where a damaged file may have it
        return
    if element.tag in _BLOCKS:
        pieces, formula, inner = [], False, []
        for kind, piece in _pieces(element):
            if kind == "block":
                inner.append(piece)
            else:
                pieces.append(piece)
                formula = formula or kind == "formula"
        yield from (Words(line, formula) for line in "".join(pieces).split("\n"))
        for block in inner:
            yield from _blocks(block)
        return
    for child in _shown(element):
        yield from _blocks(child)


def _pieces(element: Any) -> Iterator[tuple[str, Any]]:
    """The texts directly in a paragraph, and the paragraphs nested in it, which are of their own."""
    for child in _shown(element):
        tag = child.tag
        if tag in _GONE:
            continue
        if tag in _BLOCKS:
            yield "block", child
        elif tag in _BREAKS:
            yield "text", "\n"
        elif tag in _TEXTS:
            yield "formula" if tag.startswith(M) else "text", child.text or ""
        elif tag == f"{W}ruby":
            # The reading stands first in the file and last on the page.
            for part in ("rubyBase", "rt"):
                for found in child.iterchildren(f"{W}{part}"):
                    yield from _pieces(found)
        elif not (tag == f"{W}r" and _in_symbols(child)):
            yield from _pieces(child)


def _shown(element: Any) -> Iterator[Any]:
    """The children; of the ways in which a newer object is written all, since programs differ in which they show."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag == f"{MC}AlternateContent":
            for choice in child.iterchildren(f"{MC}Choice", f"{MC}Fallback"):
                yield from _shown(choice)
        else:
            yield child


def _cell(cell: Any) -> Iterator[Words]:
    """The text that a cell holds itself; shared ones stand in a part of their own, numbers are the reader's."""
    if cell.get("t") == "str":
        value = cell.find(f"{SHEET}v")
        if value is not None and value.text:
            yield Words(value.text)
    for child in cell.iterchildren(f"{SHEET}is"):
        yield from _blocks(child)


def _is_deleted_row(element: Any) -> bool:
    return bool(element.tag == f"{W}tr" and element.find(f"{W}trPr/{W}del") is not None)


def _in_symbols(run: Any) -> bool:
    """Whether the run's letters stand for pictures, as in Wingdings: the reader says which."""
    fonts = run.find(f"{W}rPr/{W}rFonts")
    names = [str(value).casefold() for value in fonts.attrib.values()] if fonts is not None else []
    return any(name.startswith(_SYMBOL_FONTS) for name in names)
