"""Git's object store: objects by id through one process, and what trees and commits are made of.

Trees and commits are taken apart here, where no setting of the user's, no quoting and no rename detection comes
between.
"""

import os
import subprocess
import weakref
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from ledger_cli.exits import CannotRun

_FOLDER, _PLAIN = 0o040000, 0o100000
_KIND = 0o170000
_CHUNK = 1 << 20
# What names another repository or alters what objects mean stays outside; where configuration is found does not.
_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_FIXED = {
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    # A partial clone would fetch what it lacks, whichever of the two its git knows.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return kept | _FIXED


def no_git() -> CannotRun:
    return CannotRun("没有找到 git，不能读取以前的版本", "请先安装 git；不查看以前的版本时不需要它。")


def damaged() -> CannotRun:
    return CannotRun("git 仓库里缺少要读的内容，可能没有下载完整，或者已经损坏", "重新克隆一份完整的仓库再试。")


class Objects:
    """Reads objects by id through one process, which is started when needed and never shared with a fork."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def __getstate__(self) -> dict[str, object]:
        return {"_root": self._root, "_process": None, "_owner": 0}

    def read(self, identifier: str, limit: int | None = None) -> tuple[str, bytes]:
        """Type and content of an object, cut at ``limit`` bytes; raises ``CannotRun`` where it is missing."""
        found = self.find(identifier, limit)
        if found is None:
            raise damaged()
        return found

    def find(self, identifier: str, limit: int | None = None) -> tuple[str, bytes] | None:
        """The same, or None where there is no such object."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(identifier.encode("ascii") + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
        except OSError as error:
            raise damaged() from error
        if not header:
            raise damaged()
        if len(header) != 3:
            return None
        size = int(header[2])
        data = process.stdout.read(size if limit is None else min(size, limit))
        unread = size - len(data)
        while unread > 0 and (skipped := process.stdout.read(min(unread, _CHUNK))):
            unread -= len(skipped)
        if process.stdout.read(1) != b"\n":
            raise damaged()
        return header[1].decode("ascii"), data

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._owner != os.getpid():
            try:
                self._process = subprocess.Popen(
                    ["git", "cat-file", "--batch"],  # noqa: S607 - whichever git the user has
                    cwd=self._root,
                    env=environment(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise no_git() from error
            self._owner = os.getpid()
            weakref.finalize(self, _end, self._process, self._owner)
        return self._process


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """Let the reader end: without input it has nothing more to do."""
    if owner != os.getpid():
        return
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


@dataclass(slots=True)
class Tree:
    """One folder's entries: files by name, folders by name, both to object ids."""

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)


def entries(data: bytes, size: int) -> Tree:
    """A tree object's entries; symbolic links and submodules hold no text of the workspace."""
    tree = Tree()
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        identifier = data[end + 1 : end + 1 + size].hex()
        kind = int(mode, 8) & _KIND
        if kind == _FOLDER:
            tree.folders[name_of(name)] = identifier
        elif kind == _PLAIN:
            tree.files[name_of(name)] = identifier
        at = end + 1 + size
    return tree


def name_of(data: bytes) -> str:
    """A file name as the disk gives it: what is no UTF-8 is carried along unharmed."""
    return data.decode("utf-8", errors="surrogateescape")


def headers(data: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in data.partition(b"\n\n")[0].split(b"\n"):
        key, _, value = line.decode("utf-8", errors="replace").partition(" ")
        found.setdefault(key, []).append(value)
    return found


def header_bytes(data: bytes, key: bytes) -> bytes:
    lines = data.partition(b"\n\n")[0].split(b"\n")
    return next((line[len(key) + 1 :] for line in lines if line.startswith(key + b" ")), b"")


def decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", errors="replace")


def signature(text: str) -> tuple[str, datetime]:
    """Name and time of ``Name <address> seconds zone``; what other programs garbled becomes the first of 1970."""
    name, _, rest = text.partition("<")
    seconds, _, zone = rest.rpartition(">")[2].strip().partition(" ")
    try:
        minutes = int(zone[-4:-2] or 0) * 60 + int(zone[-2:] or 0)
        place = timezone(timedelta(minutes=-minutes if zone.startswith("-") else minutes))
        return name.strip(), datetime.fromtimestamp(int(seconds), place)
    except (ValueError, OverflowError, OSError):
        return name.strip(), datetime.fromtimestamp(0, UTC)
