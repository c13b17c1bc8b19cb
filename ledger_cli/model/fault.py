"""A fault of a file's content as checks find it: at a path of keys, before anybody knows line and column."""

from dataclasses import dataclass

from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.rule import Severity

Path = tuple[str | int, ...]
"""Keys of mappings and places in lists (from 0), from the whole of a file inwards."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and what to do, if that is not the rule's remedy; the file's reader makes a finding of it.

    The place is the value at ``path``, with ``at_key`` its key; with ``words`` these within the value, the ``nth``
    time (from 0) that they stand there. ``severity`` is given where it is not the rule's. ``task`` and ``unit`` are
    what it is about where the path does not say so.
    """

    code: str
    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    severity: Severity | None = None
    task: TaskNumber | None = None
    unit: str | None = None
    words: str = ""
    nth: int = 0
