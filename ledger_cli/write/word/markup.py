"""WordprocessingML as the templates meet it: names, pieces of text and XML, tags that Word split, cells."""

import re
from typing import Any

from lxml import etree

from ledger_cli.read.office.namespaces import W

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
"""The attribute that keeps blanks at the edges of a text."""
TAG = re.compile(r"\{\{.{0,4000}?\}\}|\{%.{0,4000}?%\}|\{#.{0,4000}?#\}", re.DOTALL)
"""A tag of a template; no longer than that, or a text full of brackets would be searched without end."""

_BREAKS = re.compile("\v+")


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element."""
    return W + name


def xml_text(value: Any, joint: str, tab: str) -> str:
    """A value as the inside of w:t: escaped, line breaks as new paragraphs, tabs as tabs; None is nothing.

    A vertical tab, which no text of a unit can hold, is a line break within the paragraph.
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\n" in text:
        text = text.replace("\n", joint)
    if "\v" in text:
        text = _BREAKS.sub(_breaks, text)
    return text.replace("\t", tab) if "\t" in text else text


def _breaks(match: re.Match[str]) -> str:
    return f'</w:t>{"<w:br/>" * len(match[0])}<w:t xml:space="preserve">'


def own_paragraph(element: Any) -> Any:
    """The nearest paragraph around an element; text boxes hold paragraphs within paragraphs."""
    return next(ancestor for ancestor in element.iterancestors() if ancestor.tag == w("p"))


def gather(texts: list[Any]) -> None:
    """Move each tag that Word split over several runs into the first of them."""
    whole = "".join(t.text or "" for t in texts)
    pieces: list[list[str]] = [[] for _ in texts]
    owner = [place for place, text in enumerate(texts) for _ in text.text or ""]
    for match in TAG.finditer(whole):
        for place in range(match.start(), match.end()):
            owner[place] = owner[match.start()]
    for place, char in enumerate(whole):
        pieces[owner[place]].append(char)
    for text, piece in zip(texts, pieces, strict=True):
        text.text = "".join(piece)


def around(run: Any) -> tuple[str, str]:
    """The XML that closes and opens again the content controls between a run and its paragraph.

    A control's tag is left to its first paragraph: the controls of the others only keep them editable.
    """
    leave, enter = "", ""
    for ancestor in run.iterancestors():
        if ancestor.tag == w("p"):
            break
        if ancestor.tag == w("sdt"):
            properties = etree.fromstring(etree.tostring(ancestor.find(w("sdtPr"))))
            for tag in properties.findall(w("tag")):
                properties.remove(tag)
            leave += "</w:sdtContent></w:sdt>"
            enter = f"<w:sdt>{to_xml(properties)}<w:sdtContent>{enter}"
    return leave, enter


def to_xml(element: Any) -> str:
    """An element as text without its namespace declarations, which the part's root makes."""
    if element is None:
        return ""
    return re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", etree.tostring(element, encoding="unicode"))


def span_of(cell: Any) -> int:
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    return int(span.get(w("val"))) if span is not None else 1
