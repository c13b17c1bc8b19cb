"""A file with a few characters changed and every other byte as it was: line ends, comments, byte order mark."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_BOM = "\ufeff"
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Edit:
    """New text in place of what stands between two columns (from 0) of a line (from 0)."""

    line: int
    start: int
    stop: int
    text: str


def lines_of(data: bytes) -> list[str]:
    """The lines of a UTF-8 file with their ends, without its byte order mark, as the readers count them."""
    return _LINES.findall(data.decode("utf-8-sig"))


def with_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The file with edits that do not overlap."""
    lines = lines_of(data)
    # From the end, so that no edit moves the place of another.
    for edit in sorted(edits, key=lambda e: (e.line, e.start), reverse=True):
        line = lines[edit.line]
        lines[edit.line] = line[: edit.start] + edit.text + line[edit.stop :]
    mark = _BOM if data.startswith(_BOM.encode()) else ""
    return (mark + "".join(lines)).encode("utf-8")
