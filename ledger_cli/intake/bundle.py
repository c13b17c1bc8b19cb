"""A zip that somebody sent: its files, each with the name it had on the sender's computer, nothing unpacked to disk."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from ledger_cli.intake.source import SUFFIXES
from ledger_cli.read.office.budget import members_of

_FILE_LIMIT = 64 * 1024 * 1024
_WHOLE_LIMIT = 512 * 1024 * 1024
_FILES, _DEPTH = 2_000, 3
_MEMBERS = 20_000  # with folders and the litter of other systems; no office has as many
_UTF8, _ENCRYPTED = 0x800, 0x1
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, RuntimeError, NotImplementedError,
    EOFError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One file: its name, with the zip's in front, and its bytes; or why it was not read (``skipped``).

    ``named`` says that somebody named just this file on the command line.
    """

    name: str
    data: bytes
    skipped: str = ""
    named: bool = False


def is_bundle(name: str, data: bytes) -> bool:
    """Whether a file is a zip of files, not an Office document, which is a zip too, or what is left of one."""
    if name.lower().endswith(SUFFIXES) or not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    if members_of(data) > _MEMBERS:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except _DAMAGED:
        return False
    return not names & {"[Content_Types].xml", "mimetype"}


def unbundled(name: str, data: bytes) -> Iterator[Item]:
    """The files of a zip in its order, those of zips within too; raises nothing."""
    yield from _Opening().items(name, data, 1)


def is_litter(name: str) -> bool:
    """Whether a file is what systems and programs leave lying about: lock files, previews, hidden files."""
    parts = name.replace("\\", "/").split("/")
    leaf = parts[-1]
    return "__MACOSX" in parts or leaf.startswith((".", "~$")) or leaf in ("Thumbs.db", "desktop.ini")


class _Opening:
    """Reads files as long as they stay within the limits together."""

    def __init__(self) -> None:
        self._room, self._count = _WHOLE_LIMIT, 0

    def items(self, name: str, data: bytes, depth: int) -> Iterator[Item]:
        if members_of(data) > _MEMBERS:
            yield Item(name, b"", f"压缩包里的文件超过{_MEMBERS}个，多得不正常，没有读取")
            return
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                for info in package.infolist():
                    inner = f"{name}/{_name(info)}"
                    if info.is_dir() or is_litter(inner):
                        continue
                    self._count += 1
                    if self._count > _FILES:
                        yield Item(name, b"", f"压缩包里的文件超过{_FILES}个，其余的没有读取")
                        return
                    yield from self._item(package, info, inner, depth)
        except _DAMAGED:
            yield Item(name, b"", "压缩包已经损坏，打不开")

    def _item(self, package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int) -> Iterator[Item]:
        if info.flag_bits & _ENCRYPTED:
            yield Item(name, b"", "压缩包加了密码，请解压以后再收")
            return
        try:
            with package.open(info) as part:
                data = part.read(min(_FILE_LIMIT, self._room) + 1)
        except _DAMAGED:
            yield Item(name, b"", "这个文件在压缩包里已经损坏")
            return
        self._room -= len(data)
        if len(data) > _FILE_LIMIT or self._room < 0:
            yield Item(name, b"", "文件太大，没有读取")
        elif not is_bundle(name, data):
            yield Item(name, data)
        elif depth >= _DEPTH:
            yield Item(name, b"", "压缩包套了太多层，请解压以后再收")
        else:
            yield from self.items(name, data, depth + 1)


def _name(info: zipfile.ZipInfo) -> str:
    """A file's name; Chinese Windows writes it in GBK and does not say so."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030") if raw else ():
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/").lstrip("/")
