"""The edge to disk: finding the workspace and reading its files as they are."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from ledger_cli.exits import CannotRun
from ledger_cli.files import READ_LIMIT, TASKS, printable_name


class Workspace:
    """A directory with data/tasks.yaml."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def find(cls, start: Path, *, exact: bool = False) -> "Workspace":
        """The workspace at or above ``start`` (``exact``: just there); raises ``CannotRun``."""
        start = resolved(start)
        for folder in (start,) if exact else (start, *start.parents):
            if (folder / TASKS).is_file():
                return cls(folder)
        raise CannotRun(
            f"在“{start}”{'' if exact else '及其上级文件夹'}里没有找到 {TASKS}",
            "请进入台账所在的文件夹再运行，或者用 -C 指明；新建台账用 ledger init 文件夹。",
        )

    def path(self, name: str) -> Path:
        return self.root / name

    def template(self, name: str) -> Path:
        """A Word template by its name, with or without ``.docx``: the workspace's own, else the packaged one.

        A workspace that was made before a template came with the program has none of its own.
        """
        file = name if name.endswith(".docx") else f"{name}.docx"
        own, shipped = self.root / "templates" / file, shipped_template(name)
        return own if own.exists() or not shipped.is_file() or Path(file).name != file else shipped

    def name_of(self, path: Path) -> str:
        """The name findings carry: relative to the workspace where it lies in it, with forward slashes."""
        absolute = absolute_path(path)
        return (absolute.relative_to(self.root) if absolute.is_relative_to(self.root) else absolute).as_posix()

    def oddity(self, name: str) -> str:
        path = self.root / name
        linked = path.is_symlink()
        try:
            if linked and not resolved(path).is_relative_to(resolved(self.root)):
                return "是一个链接，通到台账文件夹以外"
            mode = path.stat().st_mode
        except OSError as error:  # of what is no link, reading it says why it cannot be read
            return f"是一个链接，打不开（{why(error)}）" if linked else ""
        if stat.S_ISDIR(mode):
            return "是文件夹，不是文件"
        return "" if stat.S_ISREG(mode) else "是管道或者设备，不是文件"

    def read(self, name: str) -> bytes | None:
        if odd := self.oddity(name):
            raise CannotRun(f"“{printable_name(name)}”{odd}，没有读取", "把它移到别处，换成普通文件。")
        try:
            with (self.root / name).open("rb") as file:
                return file.read(min(os.fstat(file.fileno()).st_size + 1, READ_LIMIT))
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            hint = "检查文件是否被别的程序占用，有没有读取权限。"
            raise CannotRun(f"“{name}”打不开（{why(error)}）", hint) from error

    def names(self, folder: str) -> list[str]:
        top = self.root / folder
        if top.exists() and not top.is_dir():
            raise CannotRun(f"“{folder}”应是文件夹，却是一个文件", "把这个文件移到别处。")
        found: list[str] = []
        for parent, folders, files in os.walk(top, onerror=_unreadable):
            folders.sort()
            base = Path(parent).relative_to(self.root).as_posix()
            for inner in folders:
                if (Path(parent) / inner).is_symlink():  # what lies behind it would be passed over without a word
                    message = f"“{base}/{printable_name(inner)}”是一个链接，里面的文件没有读取"
                    raise CannotRun(message, "换成真正的文件夹，把文件放在里面。")
            # Nobody calls a folder so but by mistake; it is told where a file is looked for.
            found.extend(f"{base}/{inner}" for inner in folders if inner.lower().endswith((".yaml", ".yml")))
            found.extend(f"{base}/{file}" for file in files)
        return sorted(found)


def _unreadable(error: OSError) -> None:
    """A folder that cannot be opened is no empty folder; one that is not there is."""
    if isinstance(error, FileNotFoundError):
        return
    name = printable_name(str(error.filename))
    raise CannotRun(f"文件夹“{name}”打不开（{why(error)}）", "检查有没有读取权限。") from error


def packaged(name: str) -> Path:
    """A data file or template that comes with the program: from the wheel, or beside it in a checkout."""
    here = Path(__file__).resolve().parent.parent
    installed = here / "_packaged" / name
    return installed if installed.exists() else here.parent / name


def shipped_template(name: str) -> Path:
    """A Word template as it came with the program, by its name, with or without ``.docx``."""
    return packaged(f"templates/{name if name.endswith('.docx') else name + '.docx'}")


_REASONS = {
    errno.ENOENT: "没有这个位置",
    errno.ENOTDIR: "上一级不是文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EISDIR: "是文件夹",
    errno.EEXIST: "已经有同名的文件",
    errno.EFBIG: "文件太大",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被占用",
}


def why(error: OSError) -> str:
    """What the system says of a failure, in Chinese."""
    return _REASONS.get(error.errno or 0, "系统没有完成")


def resolved(path: Path) -> Path:
    """The path from the root with all links followed; raises ``OSError`` where they lead round in a circle."""
    try:
        found = path.resolve()
    except RuntimeError as error:  # so Python tells a circle up to 3.12
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    if any(part.is_symlink() for part in (found, *found.parents)):  # and later leaves its links where they are
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return found


def absolute_path(path: Path) -> Path:
    """The path from the root, its folder's links resolved as the workspace's own are."""
    return resolved(path.parent) / path.name


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """Each path that is a file, and the files below each that is a folder."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file())
        elif path.is_file():
            yield path
        else:
            raise CannotRun(f"没有找到“{path}”", "核对文件名和所在的文件夹。")
