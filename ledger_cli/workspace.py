"""The edge to disk and git: finding the workspace, reading its files, writing outputs whole or not at all."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from ledger_cli.exits import CannotRun

TASKS = "data/tasks.yaml"
UNITS = "data/units.yaml"
SUBMISSIONS = "submissions"
_READ_LIMIT = 16 * 1024 * 1024
_WRITTEN = "build/.written.json"


class Files(Protocol):
    """Where a plan and its submissions are read from; names are posix paths below the workspace."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes, at most a byte over the limit; None where there is no such file."""

    def names(self, folder: str) -> list[str]:
        """All files below a folder, sorted; empty where there is no such folder."""


class Workspace:
    """A directory with data/tasks.yaml."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def find(cls, start: Path, *, exact: bool = False) -> "Workspace":
        """The workspace at or above ``start`` (``exact``: just there); raises ``CannotRun``."""
        start = start.resolve()
        for folder in (start,) if exact else (start, *start.parents):
            if (folder / TASKS).is_file():
                return cls(folder)
        raise CannotRun(
            f"在“{start}”{'' if exact else '及其上级文件夹'}里没有找到 {TASKS}",
            "请进入台账所在的文件夹再运行，或者用 -C 指明；新建台账用 ledger init 文件夹。",
        )

    def path(self, name: str) -> Path:
        return self.root / name

    def name_of(self, path: Path) -> str:
        """The name findings carry: relative to the workspace where it lies in it, with forward slashes."""
        absolute = _absolute(path)
        return (absolute.relative_to(self.root) if absolute.is_relative_to(self.root) else absolute).as_posix()

    def read(self, name: str) -> bytes | None:
        try:
            with (self.root / name).open("rb") as file:
                return file.read(_READ_LIMIT)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            hint = "检查文件是否被别的程序占用，有没有读取权限。"
            raise CannotRun(f"“{name}”打不开（{error.strerror}）", hint) from error

    def names(self, folder: str) -> list[str]:
        top = self.root / folder
        found: list[str] = []
        for parent, folders, files in os.walk(top):
            folders.sort()
            base = Path(parent).relative_to(self.root).as_posix()
            found.extend(f"{base}/{file}" for file in files)
        return sorted(found)


class Revision:
    """The workspace as of a git revision, read through git's own object store."""

    def __init__(self, workspace: Workspace, revision: str) -> None:
        self.root = workspace.root
        self.commit = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if not self.commit:
            raise CannotRun(f"git 里没有“{revision}”这个版本", "用 git log 查看已有的版本。")
        prefix = self._git("rev-parse", "--show-prefix")
        self._prefix = prefix
        listing = self._git("ls-tree", "-r", "-z", "--name-only", self.commit, "--", ".")
        self._names = [name for name in listing.split("\0") if name]

    def _git(self, *arguments: str) -> str:
        return self._run(*arguments).decode("utf-8", errors="surrogateescape").strip("\n")

    def _run(self, *arguments: str) -> bytes:
        command = ["git", "-c", "core.quotepath=false", *arguments]
        try:
            done = subprocess.run(command, cwd=self.root, capture_output=True, check=False)
        except FileNotFoundError:
            raise CannotRun("没有找到 git，不能读取以前的版本", "请先安装 git；不用 --at 时不需要它。") from None
        return done.stdout if done.returncode == 0 else b""

    def read(self, name: str) -> bytes | None:
        if name not in self._names:
            return None
        return self._run("cat-file", "blob", f"{self.commit}:{self._prefix}{name}")

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in self._names if name.startswith(folder + "/"))


def packaged(name: str) -> Path:
    """A data file or template that comes with the program: from the wheel, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_packaged" / name
    return installed if installed.exists() else here.parent / name


def _absolute(path: Path) -> Path:
    """The path from the root, its folder's links resolved as the workspace's own are."""
    return path.parent.resolve() / path.name


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Outputs:
    """Writes a workspace's outputs atomically, and never over a file that a person edited.

    What was written is remembered by digest in build/.written.json. A file that is there and is not what
    was written last is taken for a person's, and kept unless ``force`` is given.
    """

    def __init__(self, workspace: Workspace, *, force: bool = False) -> None:
        self._root = workspace.root
        self._record = workspace.path(_WRITTEN)
        self._force = force
        try:
            known = json.loads(self._record.read_text("utf-8"))
        except (OSError, ValueError):
            known = {}
        self._known: dict[str, str] = known if isinstance(known, dict) else {}

    def _key(self, path: Path) -> str:
        absolute = _absolute(path)
        return absolute.relative_to(self._root).as_posix() if absolute.is_relative_to(self._root) else str(absolute)

    def check(self, path: Path) -> None:
        """Raises ``CannotRun`` where ``path`` must not be replaced; called before the work is done."""
        if path.is_dir():
            raise CannotRun(f"“{path}”是文件夹，不能写成文件", "用 -o 另外指定一个文件名。")
        if self._force or not path.exists():
            return
        try:
            data = path.read_bytes()
        except OSError as error:
            hint = "关闭正在打开它的程序，或者用 -o 换一个文件名。"
            raise CannotRun(f"“{path}”打不开（{error.strerror}）", hint) from error
        if data and self._known.get(self._key(path)) != _digest(data):
            raise CannotRun(
                f"“{path}”不是本程序写的，或者写好以后有人改过，没有覆盖",
                "用 -o 换一个文件名；确实要覆盖的，加上 --force。",
            )

    @contextmanager
    def file(self, path: Path) -> Iterator[Path]:
        """A temporary path beside ``path`` to write to; it replaces ``path`` when the block succeeds."""
        self.check(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".ledger-", suffix=path.suffix, dir=path.parent)
        except OSError as error:
            raise CannotRun(f"“{path.parent}”里写不了文件（{error.strerror}）", "用 -o 换一个文件夹。") from error
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            data = temporary.read_bytes()
            temporary.chmod(0o644)
            try:
                temporary.replace(path)
            except OSError as error:
                hint = "关闭正在打开它的 Word 或者 WPS，再运行一次。"
                raise CannotRun(f"“{path}”正被别的程序占用，没有写入", hint) from error
        finally:
            temporary.unlink(missing_ok=True)
        self._remember({self._key(path): _digest(data)})

    @contextmanager
    def folder(self, path: Path, removed: list[str]) -> Iterator[Path]:
        """A temporary folder; its files are moved into ``path`` together when the block succeeds.

        Files of an earlier run that this one did not write are deleted, and their names put into ``removed``.
        """
        if path.exists() and not path.is_dir():
            raise CannotRun(f"“{path}”是文件，不是文件夹", "用 -o 另外指定一个文件夹。")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=".ledger-", dir=path.parent))
        except OSError as error:
            raise CannotRun(f"“{path.parent}”里写不了文件（{error.strerror}）", "用 -o 换一个文件夹。") from error
        try:
            yield temporary
            written = sorted(temporary.iterdir())
            for file in written:
                self.check(path / file.name)
            digests = {self._key(path / file.name): _digest(file.read_bytes()) for file in written}
            stale = self._stale(path, {file.name for file in written})
            path.mkdir(exist_ok=True)
            for file in written:
                file.chmod(0o644)
                file.replace(path / file.name)
            for file in stale:
                file.unlink()
                removed.append(file.name)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        self._remember(digests)

    def _stale(self, folder: Path, keep: set[str]) -> list[Path]:
        """Files that an earlier run wrote there, untouched since, and that this run did not write."""
        if not folder.is_dir():
            return []
        return [
            file
            for file in sorted(folder.iterdir())
            if file.name not in keep
            and file.is_file()
            and self._key(file) in self._known
            and self._known[self._key(file)] == _digest(file.read_bytes())
        ]

    def _remember(self, digests: dict[str, str]) -> None:
        self._known.update(digests)
        try:
            self._record.parent.mkdir(exist_ok=True)
            text = json.dumps(self._known, ensure_ascii=False, indent=1, sort_keys=True)
            self._record.write_text(text + "\n", "utf-8")
        except OSError:
            pass  # a read-only workspace: the next run asks for --force, nothing is lost


def write_new(root: Path, contents: dict[str, bytes]) -> None:
    """Write files that must not be there yet, all or none; raises ``CannotRun`` naming those that are."""
    taken = [name for name in contents if (root / name).exists()]
    if taken:
        shown = "、".join(taken[:5]) + ("等" if len(taken) > 5 else "")
        raise CannotRun(f"“{root}”里已经有 {shown}，没有改动", "已有的文件不会被覆盖；换一个位置，或者先移走它们。")
    written: list[Path] = []
    try:
        for name, data in contents.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(data)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        hint = "检查这个位置是否存在、有没有写入权限。"
        raise CannotRun(f"“{root}”里写不了文件（{error.strerror}）", hint) from error


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """Each path that is a file, and the files below each that is a folder."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file())
        elif path.is_file():
            yield path
        else:
            raise CannotRun(f"没有找到“{path}”", "核对文件名和所在的文件夹。")
