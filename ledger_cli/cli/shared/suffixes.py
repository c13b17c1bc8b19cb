"""What an output is written as, by the suffix of its file's name."""

from collections.abc import Iterable
from pathlib import Path

from ledger_cli.exits import CannotRun


def known_suffix(path: Path, known: Iterable[str], hint: str = "") -> str:
    """The suffix in small letters, if it is one of those known; raises ``CannotRun`` for others."""
    suffix, known = path.suffix.lower(), list(known)
    if suffix in known:
        return suffix
    *others, last = [one for one in known if one != ".yml"]  # another spelling, known and not offered
    listed = " 或者 ".join(filter(None, ("、".join(others), last)))
    raise CannotRun(f"“{path.name}”不是 {listed} 文件", hint or f"文件名用 {listed} 结尾。")
