"""The streams of an OLE2 compound file ([MS-CFB]), as far as they tell what a .doc, .xls, .wps or .et file is."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END = 0xFFFFFFFA  # sector numbers from here on mean that there is none
_NO_ENTRY = 0xFFFFFFFF
_ENTRY = 128
_MOST_LISTS = 256
_MOST_ENTRIES = 4096
_ENCRYPTED_WORD = 0x0100
_FILE_PASS, _MOST_RECORDS = 0x002F, 8


@dataclass(frozen=True, slots=True)
class OleFile:
    """The streams and storages at the top of a compound file: their names and first 512 bytes."""

    streams: dict[str, bytes]

    @classmethod
    def of(cls, data: bytes) -> "OleFile":
        """The file in the bytes; one without streams where they are damaged."""
        try:
            return cls(dict(_top(data)))
        except (struct.error, IndexError, ValueError):
            return cls({})

    @property
    def is_encrypted(self) -> bool:
        """Whether a password is set on a Word or Excel file ([MS-DOC] FibBase, [MS-XLS] FilePass)."""
        word, book = self.streams.get("WordDocument", b""), self.streams.get("Workbook", b"")
        if len(word) >= 12 and struct.unpack_from("<H", word, 10)[0] & _ENCRYPTED_WORD:
            return True
        return "EncryptedPackage" in self.streams or _FILE_PASS in list(_records(book))[:_MOST_RECORDS]


def _top(data: bytes) -> Iterator[tuple[str, bytes]]:
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        return
    size = 1 << shift
    (first,) = struct.unpack_from("<I", data, 48)
    table = _allocation(data, size)
    entries = b"".join(_chain(data, size, table, first))
    waiting: list[int] = [struct.unpack_from("<I", entries, 76)[0]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        if number == _NO_ENTRY or number in seen or len(seen) > _MOST_ENTRIES:
            continue
        seen.add(number)
        entry = entries[number * _ENTRY : (number + 1) * _ENTRY]
        (length,) = struct.unpack_from("<H", entry, 64)
        left, right, _ = struct.unpack_from("<III", entry, 68)
        (start,) = struct.unpack_from("<I", entry, 116)
        at = (start + 1) * size
        yield entry[: max(0, length - 2)].decode("utf-16-le", "replace"), data[at : at + 512] if start < _END else b""
        waiting += [left, right]


def _allocation(data: bytes, size: int) -> list[int]:
    """The sector that follows each sector. The list of the table's own sectors begins in the header."""
    listed = [*struct.unpack_from("<109I", data, 76)]
    (more,) = struct.unpack_from("<I", data, 68)
    for _ in range(_MOST_LISTS):
        if more >= _END:
            break
        *numbers, more = _numbers(data, size, more)
        listed += numbers
    return [number for sector in listed if sector < _END for number in _numbers(data, size, sector)]


def _numbers(data: bytes, size: int, sector: int) -> tuple[int, ...]:
    return struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)


def _chain(data: bytes, size: int, table: list[int], first: int) -> Iterator[bytes]:
    sector = first
    for _ in range(_MOST_ENTRIES):
        if sector >= _END:
            return
        yield data[(sector + 1) * size : (sector + 2) * size]
        sector = table[sector] if sector < len(table) else _END


def _records(stream: bytes) -> Iterator[int]:
    """The kinds of the records that a workbook begins with."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind
        at += 4 + length
