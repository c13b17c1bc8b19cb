"""A template and its variables to a .docx file: streamed, and the same bytes for the same inputs."""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from ledger_cli.write.word.template import WordTemplate

_CHUNK = 1 << 16
_LEVEL = 4  # half the time of zlib's default for a tenth more bytes
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def render(
    template: WordTemplate, context: Mapping[str, Any], path: Path, *, title: str, day: date, keywords: str = ""
) -> None:
    """Write the document. ``title`` and ``day`` become its core properties; no library signs it."""
    parts = template.package(core_properties(title, day, keywords))
    streams = template.streams(context)
    names = sorted(parts, key=lambda name: (name not in _FIRST, name))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            if name in streams:
                with package.open(_entry(name), "w", force_zip64=False) as out:
                    for chunk in _chunks(streams[name]):
                        out.write(chunk)
            else:
                package.writestr(_entry(name), parts[name])


def write_package(parts: Mapping[str, bytes], path: Path | IO[bytes]) -> None:
    """A package's files as one file with nothing in it of the moment it was written."""
    names = sorted(parts, key=lambda name: (name not in _FIRST, name))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(_entry(name), parts[name])


def core_properties(title: str, day: date, keywords: str = "") -> dict[str, Any]:
    """Title and dates that depend on the inputs alone, and nobody's name."""
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - core properties take naive times
    return {
        "title": title[:255],
        "author": "",
        "last_modified_by": "",
        "comments": "",
        "subject": "",
        "keywords": keywords,
        "category": "",
        "language": "zh-CN",
        "created": moment,
        "modified": moment,
        "revision": 1,
    }


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 - public from Python 3.13 on
    entry.external_attr = 0o600 << 16
    return entry


def _chunks(pieces: Iterator[str]) -> Iterator[bytes]:
    """The pieces as UTF-8 in blocks worth a call to the compressor."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield "".join(waiting).encode("utf-8")
            waiting.clear()
            size = 0
    yield "".join(waiting).encode("utf-8")
