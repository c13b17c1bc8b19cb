"""What reading one file may cost: limits on what it holds, so that a small file cannot keep a computer busy.

The limits lie several times above a ledger of a hundred units. They are counted before anything is built from the
parts, over all parts together and over the documents that are inserted in the file.
"""

import io
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ledger_cli.read.office.namespaces import WORDML
from ledger_cli.read.office.tables import UnreadableFile

PARTS = 5_000
"""Parts of a package."""

_MOST = {
    "p": (40_000, "个段落"),
    "r": (200_000, "段文字"),
    "tr": (8_000, "行表格"),
    "tc": (80_000, "个单元格"),
    "c": (200_000, "个单元格"),
    "mergeCell": (20_000, "处合并单元格"),
    "footnote": (5_000, "条脚注"),
    "endnote": (5_000, "条尾注"),
    "comment": (5_000, "条批注"),
    "style": (5_000, "种样式"),
    "altChunk": (200, "份插入的文档"),
}
"""How many of an element a file may have, by its name, and what messages call it. Word itself stops at 4,079 styles."""

_BYTES = 48 * 1024 * 1024
_MARKS = 1_200_000
_LETTERS = 20_000_000
_NAMESPACES = {"w": WORDML}
_MEMBER = b"PK\x01\x02"
_COUNTED = ("p", "r", "tr", "tc", "footnote", "endnote", "comment", "style")
_LEAVE_OUT = "只留下要报送的内容，另存一份再收。"


class TooMuch(UnreadableFile):
    """A file that holds more than can be read at a fair price; no part of it is read then."""


@dataclass(slots=True)
class Budget:
    """What is left to read of one file: bytes of parts, marks of XML (elements and attributes), letters of cells."""

    size: int = _BYTES
    marks: int = _MARKS
    letters: int = _LETTERS
    met: Counter[str] = field(default_factory=Counter)

    def read(self, size: int) -> bool:
        """Whether a part of so many bytes may still be read."""
        self.size -= size
        return self.size >= 0

    def mark_up(self, data: bytes) -> None:
        """Count the elements and attributes of a part; raises ``TooMuch`` where they are too many."""
        self.marks -= data.count(b"<") + data.count(b"=")
        if self.marks < 0:
            raise TooMuch(f"文件里的格式标记超过 {_MARKS} 个，多得不正常，没有读取", _LEAVE_OUT)

    def meet(self, name: str, count: int) -> None:
        """Count more of an element; raises ``TooMuch`` where there are more than in any ledger."""
        self.met[name] += count
        most, what = _MOST[name]
        if self.met[name] > most:
            raise crowded(self.met[name], what)

    def meet_all(self, root: Any) -> None:
        """Count all elements of a part of Word's that are limited; raises ``TooMuch`` as ``meet`` does."""
        for name in _COUNTED:
            self.meet(name, int(root.xpath(f"count(.//w:{name})", namespaces=_NAMESPACES)))

    def write_out(self, text: str) -> str:
        """The text, which is counted; raises ``TooMuch`` where a text that is used again and again is too much."""
        self.letters -= len(text)
        if self.letters < 0:
            raise TooMuch(f"文件里的文字超过 {_LETTERS} 字，多得不正常，没有读取", _LEAVE_OUT)
        return text


def members_of(data: bytes) -> int:
    """How many members a zip has, told without building a list of them."""
    return data.count(_MEMBER)


def open_package(data: bytes) -> zipfile.ZipFile:
    """The zip in the bytes; raises ``TooMuch`` where it has too many parts to be a document."""
    count = members_of(data)
    if count > PARTS:
        raise crowded(count, "个部件")
    return zipfile.ZipFile(io.BytesIO(data))


def crowded(count: int, what: str) -> TooMuch:
    """The error of a file that holds far more of something (with its measure word) than any ledger."""
    return TooMuch(f"文件里有 {count} {what}，多得不正常，没有读取", _LEAVE_OUT)
