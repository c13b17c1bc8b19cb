"""Texts and web pages inserted whole into a Word document (``w:altChunk``), as lines."""

import email
import re
from html.parser import HTMLParser

_BLOCKS = {"p", "div", "br", "li", "tr", "table", "ul", "ol", "dl", "dt", "dd", "pre", "blockquote", "hr", "caption"}
_BLOCKS |= {f"h{level}" for level in range(1, 7)}
_CELLS = ("td", "th")
_HIDDEN = ("script", "style", "head", "title")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_HEAD = 2048
_ARCHIVE = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?mime-version:", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def inserted_lines(data: bytes, kind: str) -> list[str] | None:
    """The lines of a part of that content type; None where it is neither plain text nor a web page."""
    page = archived_page(data)
    if page is not None or "html" in kind:
        return html_lines(page if page is not None else decoded(data))
    return decoded(data).splitlines() if kind.startswith("text/plain") else None


def decoded(data: bytes) -> str:
    """The text of bytes in the encoding they name, else in UTF-8 or GB 18030, the encodings of Chinese offices."""
    named = _CHARSET.search(data[:_HEAD])
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for encoding in (marked, named[1].decode("ascii") if named else None, "utf-8", "gb18030"):
        try:
            if encoding:
                return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def archived_page(data: bytes) -> str | None:
    """The web page in a page archive (.mht), as office systems write their "Word" files; None where it is none."""
    if not _ARCHIVE.match(data[:_HEAD]):
        return None
    for part in email.message_from_bytes(data).walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(payload, bytes):
            try:
                return payload.decode(part.get_content_charset("-"))
            except (LookupError, ValueError):
                return decoded(payload)
    return None


def html_lines(page: str) -> list[str]:
    """The words of a web page, a line a block; the cells of a table's row are separated by tabs."""
    reader = _PageReader()
    reader.feed(page)
    reader.close()
    return [line for line in map(str.strip, "".join(reader.pieces).split("\n")) if line]


class _PageReader(HTMLParser):
    """Gathers the words of a page; ``pieces`` has line breaks between blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag == "img":
            self.pieces += [value for name, value in attrs if name == "alt" and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _CELLS:
            self.pieces.append("\t")
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(" ".join(data.split("\n")) if data.strip() else " ")
