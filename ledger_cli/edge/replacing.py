"""Files that appear whole or not at all: written beside their place under a passing name, then moved there.

The passing name says which process it is of, so that the next command can clear what a killed one left.
"""

import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger_cli.edge.disk import why
from ledger_cli.exits import CannotRun

PASSING = ".ledger-"
"""How the name of a file or folder that is being written begins."""

_STALE_SECONDS = 24 * 3600


@contextmanager
def replacing(path: Path, hint: str) -> Iterator[Path]:
    """A temporary path beside ``path`` that replaces it when the block succeeds; raises ``CannotRun``."""
    with staging(path, hint) as temporary:
        yield temporary
        take_place(temporary, path)


@contextmanager
def staging(path: Path, hint: str) -> Iterator[Path]:
    """The same for a block that sees to its taking ``path``'s place; what has not is deleted in the end."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_litter(path.parent)
        temporary = passing_file(path.parent, path.suffix)
    except OSError as error:
        raise CannotRun(f"“{path.parent}”里写不了文件（{why(error)}）", hint) from error
    try:
        yield temporary
    except OSError as error:
        again = "检查磁盘的空间和写入权限，再运行一次。"
        raise CannotRun(f"“{path}”写不了（{why(error)}），没有写入", again) from error
    finally:
        temporary.unlink(missing_ok=True)


def take_place(temporary: Path, path: Path) -> None:
    """Move a file over another; raises ``CannotRun`` where that is held by another program."""
    try:
        temporary.replace(path)
    except OSError as error:
        again = "关闭正在打开它的程序，如 Word 或者 WPS，再运行一次。"
        raise CannotRun(f"“{path}”正被别的程序占用，没有写入", again) from error


def place_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, whole or not at all; raises ``OSError``, FileExistsError among them."""
    temporary = passing_file(path.parent, path.suffix)
    try:
        temporary.write_bytes(data)
        temporary.chmod(0o644)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links: the workspace's lock keeps the others out meanwhile
            if path.exists():
                raise FileExistsError(str(path)) from None
            temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)


def passing_file(folder: Path, suffix: str = "") -> Path:
    """An empty file of this process in a folder."""
    while True:
        path = folder / _passing_name(suffix)
        with suppress(FileExistsError):
            path.open("xb").close()
            return path


def passing_folder(parent: Path) -> Path:
    """The same for a folder, after what killed commands left there has been cleared away."""
    clear_litter(parent)
    path = parent / _passing_name("")
    path.mkdir()
    return path


def clear_litter(folder: Path) -> None:
    """Delete what killed commands left in a folder; what cannot be deleted stays."""
    import shutil  # noqa: PLC0415 - hardly ever needed

    with suppress(OSError):
        for path in folder.glob(f"{PASSING}*"):
            with suppress(OSError):
                if _is_left(path):
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _passing_name(suffix: str) -> str:
    return f"{PASSING}{os.getpid()}-{secrets.token_hex(4)}{suffix}"


def _is_left(path: Path) -> bool:
    """Whether the process that was writing a file is gone; old ones of other machines on a shared disk count too."""
    import time  # noqa: PLC0415

    if time.time() - path.lstat().st_mtime > _STALE_SECONDS:
        return True
    digits = path.name.removeprefix(PASSING).partition("-")[0]
    if sys.platform == "win32" or not digits.isdecimal():  # there, asking after a process would end it
        return False
    if int(digits) == os.getpid():
        return False
    try:
        os.kill(int(digits), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def is_regular(path: Path) -> bool:
    """Whether a path is a plain file, or nothing yet: no pipe, device or socket, which would wait or never end."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True
