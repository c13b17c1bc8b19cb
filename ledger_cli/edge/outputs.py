"""The edge to disk, for writing: outputs appear whole or not at all, and never over what a person edited."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ledger_cli.edge.console import say
from ledger_cli.edge.disk import Workspace, absolute_path, resolved, why
from ledger_cli.edge.lock import locked
from ledger_cli.edge.replacing import (
    clear_litter,
    is_regular,
    passing_folder,
    place_new,
    replacing,
    staging,
    take_place,
)
from ledger_cli.exits import CannotRun

_WRITTEN = "build/.written.json"
_BACKUP = "build/backup"
_SOURCES = ("data/", "submissions/", "reviews/", "periods/", "templates/")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Outputs:
    """Writes a workspace's outputs atomically, and never over a file that a person edited.

    What is written is remembered by digest in build/.written.json, before it takes its place: a command that is
    killed in between leaves a file that is still known. A file that is there and is not what was written last is
    taken for a person's, and kept unless ``force`` is given: then it is laid by under build/backup/, and it is said.
    Nothing is written among the sources (data/, submissions/, reviews/, periods/, templates/) unless ``sources`` is
    set, as it is to take in forms. ``asked`` is false where a command forces of its own accord what it has made sure
    of: then nothing is laid by.
    """

    def __init__(
        self, workspace: Workspace, *, force: bool = False, sources: bool = False, asked: bool | None = None
    ) -> None:
        self._sources = sources
        self._root = workspace.root
        self._record = workspace.path(_WRITTEN)
        self._force = force
        self._lays_by = force if asked is None else asked
        self._known = self._recorded()

    def _recorded(self) -> dict[str, str]:
        """The digests on record by file: of what was to be written last, and before it of what stood there till then.

        Other commands may be writing at the same time.
        """
        try:
            known = json.loads(self._record.read_text("utf-8"))
        except (OSError, ValueError):
            known = {}
        return known if isinstance(known, dict) else {}

    def _key(self, path: Path) -> str:
        absolute = absolute_path(path)
        return absolute.relative_to(self._root).as_posix() if absolute.is_relative_to(self._root) else str(absolute)

    def check(self, path: Path) -> None:
        """Raises ``CannotRun`` where ``path`` must not be replaced; called before the work is done."""
        self._check_place(path)
        if path.is_dir():
            raise CannotRun(f"“{path}”是文件夹，不能写成文件", "用 -o 另外指定一个文件名。")
        if not is_regular(path):
            raise CannotRun(f"“{path}”是管道或者设备，不能写成文件", "用 -o 另外指定一个文件名。")
        if self._force or not path.exists():
            return
        try:
            data = path.read_bytes()
        except OSError as error:
            hint = "关闭正在打开它的程序，或者用 -o 换一个文件名。"
            raise CannotRun(f"“{path}”打不开（{why(error)}）", hint) from error
        key, digest = self._key(path), _digest(data)
        if data and not self._wrote(key, digest) and digest not in self._recorded().get(key, "").split():
            raise CannotRun(
                f"“{path}”不是本程序写的，或者写好以后有人改过，没有覆盖",
                "用 -o 换一个文件名；确实要覆盖的，加上 --force。",
            )

    def _wrote(self, key: str, digest: str) -> bool:
        """Whether a file is as this program wrote it, as far as the record was read."""
        return digest in self._known.get(key, "").split()

    def _check_place(self, path: Path) -> None:
        if not self._sources and self._key(path / "x").startswith(_SOURCES):
            message = f"“{path}”在台账的原始资料里，不能写到那里"
            raise CannotRun(message, "用 -o 写到别的位置，例如 build 文件夹。")

    @contextmanager
    def file(self, path: Path) -> Iterator[Path]:
        """A temporary path beside ``path`` to write to; it replaces ``path`` when the block succeeds."""
        self.check(path)
        with replacing(path, "用 -o 换一个文件夹。") as temporary:
            yield temporary
            laid_by = self._lay_by(path, temporary)
            self._remember({path: temporary})
            temporary.chmod(0o644)
        _tell_laid_by(laid_by)

    @contextmanager
    def folder(self, path: Path, removed: list[str], *, others: bool = False) -> Iterator[Path]:
        """A temporary folder; its files are moved into ``path`` together when the block succeeds.

        Files of an earlier run that this one did not write are deleted, and their names put into ``removed``;
        with ``others`` they stay, since this run was about a part only.
        """
        self._check_place(path)
        if path.exists() and not path.is_dir():
            raise CannotRun(f"“{path}”是文件，不是文件夹", "用 -o 另外指定一个文件夹。")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = passing_folder(path.parent)
        except OSError as error:
            raise CannotRun(f"“{path.parent}”里写不了文件（{why(error)}）", "用 -o 换一个文件夹。") from error
        try:
            yield temporary
            written = sorted(temporary.iterdir())
            for file in written:
                self.check(path / file.name)
            self._remember({path / file.name: file for file in written})
            stale = [] if others else self._stale(path, {file.name for file in written})
            path.mkdir(exist_ok=True)
            laid_by = [name for file in written for name in self._lay_by(path / file.name, file)]
            for file in written:
                file.chmod(0o644)
                file.replace(path / file.name)
            for file in stale:
                file.unlink()
                removed.append(file.name)
            _tell_laid_by(laid_by)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _lay_by(self, path: Path, new: Path) -> list[str]:
        """Keep what a person made of a file that is about to be replaced by force; the names that it is kept under.

        It is called by what it holds, so that nothing is laid by twice and nothing there is replaced.
        """
        if not self._lays_by or not path.is_file():
            return []
        data = path.read_bytes()
        digest = _digest(data)
        if not data or self._wrote(self._key(path), digest) or data == new.read_bytes():
            return []
        name = f"{_BACKUP}/{path.stem}-{digest[:8]}{path.suffix}"
        kept = self._root / name
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with replacing(kept, "检查 build 文件夹能不能写。") as temporary:
                temporary.write_bytes(data)
        return [name]

    def _stale(self, folder: Path, keep: set[str]) -> list[Path]:
        """Files that an earlier run wrote there, untouched since, and that this run did not write."""
        if not folder.is_dir():
            return []
        return [
            file
            for file in sorted(folder.iterdir())
            if file.name not in keep and file.is_file() and self._wrote(self._key(file), _digest(file.read_bytes()))
        ]

    def _remember(self, files: Mapping[Path, Path]) -> None:
        """Put on record what files are about to be replaced by, each by the other."""
        # A read-only workspace has no record: the next run asks for --force, nothing is lost.
        with suppress(OSError, CannotRun), locked(self._root):
            self._known |= self._recorded()
            self._known |= {self._key(path): self._both(path, new) for path, new in files.items()}
            text = json.dumps(self._known, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            with replacing(self._record, "") as temporary:
                temporary.write_bytes(text.encode("utf-8", "surrogateescape"))

    def _both(self, path: Path, new: Path) -> str:
        """The digest of what comes, and before it of what is there, if that is this program's."""
        digest = _digest(new.read_bytes())
        before = _digest(path.read_bytes()) if path.is_file() else ""
        return f"{before} {digest}" if before not in ("", digest) and self._wrote(self._key(path), before) else digest


def _tell_laid_by(names: Sequence[str]) -> None:
    if names:
        more = f"等 {len(names)} 份" if len(names) > _SHOWN else ""
        say(f"原来的文件留在 {'、'.join(names[:_SHOWN])}{more}。", error=True)


_SHOWN = 3


def rewrite(path: Path, before: bytes | None, after: bytes) -> None:
    """Replace a source that was read as ``before`` (None: there was none), unless it has changed since.

    Whoever reads, compares and replaces holds the lock of the workspace meanwhile.
    """
    with _staged(path, before, after) as (temporary, target):
        _take_place(temporary, target, before)


def rewrite_all(root: Path, contents: Mapping[str, tuple[bytes | None, bytes]]) -> None:
    """Replace sources by name, each read as the first (None: there was none), all or none; raises ``CannotRun``.

    All that takes room on the disk is written before the first is replaced.
    """
    done: list[str] = []
    with locked(root), ExitStack() as stack:
        staged = [stack.enter_context(_staged(root / name, *change)) for name, change in contents.items()]
        try:
            for (name, (before, _)), (temporary, target) in zip(contents.items(), staged, strict=True):
                _take_place(temporary, target, before)
                done.append(name)
        except BaseException:
            for name in reversed(done):
                before, after = contents[name]
                if before is None:
                    (root / name).unlink(missing_ok=True)
                else:
                    rewrite(root / name, after, before)
            raise


@contextmanager
def _staged(path: Path, before: bytes | None, after: bytes) -> Iterator[tuple[Path, Path]]:
    """A temporary file that holds ``after``, and the file that it is to replace: a link stays a link."""
    try:
        target = resolved(path)
        with staging(target, "检查这个位置有没有写入权限。") as temporary:
            temporary.write_bytes(after)
            temporary.chmod(0o644 if before is None else target.stat().st_mode & 0o777)
            yield temporary, target
    except OSError as error:
        raise CannotRun(f"“{path}”写不了（{why(error)}）", "检查磁盘和写入权限。") from error


def _take_place(temporary: Path, target: Path, before: bytes | None) -> None:
    present = target.read_bytes() if target.exists() else None
    if present != before:
        raise CannotRun(f"“{target.name}”刚刚被别人改过，没有写入", "再运行一次。")
    take_place(temporary, target)


def write_new(root: Path, contents: dict[str, bytes]) -> None:
    """Write files that must not be there yet, all or none; raises ``CannotRun`` naming those that are.

    Some that are there byte for byte are left: a command that was killed may have written them.
    """
    lacking = {name: data for name, data in contents.items() if not _is_written(root / name, data)}
    with new_files(root, lacking or contents):
        pass


def _is_written(path: Path, data: bytes) -> bool:
    """Whether a file holds just these bytes."""
    try:
        return path.is_file() and path.read_bytes() == data
    except OSError:
        return False


@contextmanager
def new_files(root: Path, contents: dict[str, bytes]) -> Iterator[None]:
    """The same, for a block that may still fail: then nothing that was written or made for it is left.

    Each file appears whole. A command that is killed half-way leaves some of them, and runs again for the others.
    """
    for parent in {(root / name).parent for name in contents}:
        clear_litter(parent)
    taken = [name for name in contents if (root / name).exists()]
    if taken:
        raise _taken(root, taken)
    written: list[Path] = []
    made: list[Path] = []
    entered: set[Path] = set()
    try:
        for name, data in contents.items():
            path = root / name
            if path.parent not in entered:
                missing = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
                made.extend(reversed(missing))
                path.parent.mkdir(parents=True, exist_ok=True)
                entered.add(path.parent)
            place_new(path, data)
            written.append(path)
        yield
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, FileExistsError):
            raise _taken(root, [name]) from error
        if isinstance(error, OSError):
            hint = "检查这个位置是否存在、有没有空间和写入权限。"
            raise CannotRun(f"“{root}”里写不了文件（{why(error)}）", hint) from error
        raise


def _taken(root: Path, names: list[str]) -> CannotRun:
    shown = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
    hint = "已有的文件不会被覆盖；换一个位置，或者先移走它们。"
    return CannotRun(f"“{root}”里已经有 {shown}，没有改动", hint)
