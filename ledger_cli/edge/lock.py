"""One writer at a time: the lock around reading, comparing and replacing what several people write to at once."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ledger_cli.exits import CannotRun

_WAIT = 120.0
"""Seconds to wait for others; a command holds the lock for less than one."""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of a workspace; raises ``CannotRun`` where others hold it too long.

    The lock file lies in build/, which no version keeps. It stays there: to delete it would let two in at once.
    """
    lock = FileLock(_lock_file(root), timeout=_WAIT, is_singleton=True)  # a step within a step holds it already
    try:
        lock.acquire()
    except Timeout as error:
        message = f"别的 ledger 命令正在写这个台账，等了{_WAIT:.0f}秒还没有写完"
        raise CannotRun(message, "等它做完再运行；确实没有在运行的，重新启动电脑再试。") from error
    try:
        yield
    finally:
        lock.release()


def _lock_file(root: Path) -> Path:
    """build/.lock; in a workspace where nothing can be made, a file of the machine's own."""
    folder = root / "build"
    try:
        folder.mkdir(exist_ok=True)
        with (folder / ".lock").open("ab"):
            return folder / ".lock"
    except OSError:
        name = hashlib.sha256(str(root.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"ledger-{name}.lock"
