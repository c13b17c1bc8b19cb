"""Compose a text as far as can be gone: lines that do not parse are set aside, one block at a time."""

from dataclasses import dataclass, field

import yaml
from yaml._yaml import CParser

from ledger_cli.read.yaml.line_fault import LineFault
from ledger_cli.read.yaml.words import SECOND_DOCUMENT, explain

_LIMIT = 100
"""Syntax faults told of one file; a text with more is not a submission that went wrong."""


@dataclass(slots=True)
class Recovery:
    """The nodes of what could be read, the faults, and the lines (from 0) that were set aside."""

    root: yaml.Node | None
    text: str
    faults: list[LineFault] = field(default_factory=list)
    aside: set[int] = field(default_factory=set)


class TooManyNodes(Exception):
    """A text with more keys and values than its kind of file can have."""


class _Composer(CParser):
    """libyaml's parser and composer with nothing of YAML's tag resolution: every scalar is text."""

    def __init__(self, text: str, room: int) -> None:
        super().__init__(text)
        self._room = room

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        self._room -= 1
        if self._room < 0:
            raise TooManyNodes
        return ""

    def descend_resolver(self, _parent: object, _index: object) -> None: ...

    def ascend_resolver(self) -> None: ...


def compose(text: str, room: int) -> yaml.Node | None:
    """The text's nodes through libyaml, every scalar as text; raises ``yaml.YAMLError``.

    Where there are more than ``room`` of them it raises ``TooManyNodes``.
    """
    composer = _Composer(text, room)
    try:
        node: yaml.Node | None = composer.get_single_node()
        return node
    finally:
        composer.dispose()


def compose_what_parses(text: str, room: int) -> Recovery:
    """Compose; on a fault set the enclosing block aside and go on with the rest; raises ``TooManyNodes``."""
    original = text.split("\n")
    lines = list(original)
    recovery = Recovery(None, text)
    last_line = -1
    widen = 0
    for _ in range(_LIMIT):
        try:
            recovery.text = "\n".join(lines)
            recovery.root = compose(recovery.text, room)
        except yaml.MarkedYAMLError as error:
            fault = explain(error, lines)
        except yaml.YAMLError:  # a reader error: the characters were cleared before, so it has no place
            recovery.faults.append(LineFault("Y002", 0, 0, "文件读不下去", "请重新从模板填写。"))
            return recovery
        else:
            return recovery
        if fault.message == SECOND_DOCUMENT:
            recovery.faults.append(fault)
            recovery.aside.update(range(fault.line, len(lines)))
            lines[fault.line :] = [""] * (len(lines) - fault.line)
            continue
        start = min(fault.line, len(lines) - 1)
        if start in recovery.aside or start == last_line:
            widen += 1  # what was set aside there was not enough: take the block around it
        else:
            widen = 0
            recovery.faults.append(fault)
        last_line = start
        first, stop = _block(original, start, widen)
        for number in range(first, stop):
            recovery.aside.add(number)
            lines[number] = ""
        if first == 0 and stop == len(lines):
            return recovery
    return recovery


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _block(lines: list[str], at: int, widen: int) -> tuple[int, int]:
    """First line and end of the block at a line: the line and what is indented below it.

    Each step of ``widen`` takes the block one level further out.
    """
    first, indent = at, _indent(lines[at])
    for _ in range(widen):
        outer = first - 1
        while outer >= 0 and (not lines[outer].strip() or _indent(lines[outer]) >= indent):
            outer -= 1
        if outer < 0:
            return 0, len(lines)
        first, indent = outer, _indent(lines[outer])
    stop = first + 1
    if _is_key(lines[first]) or widen:
        while stop < len(lines) and (not lines[stop].strip() or _indent(lines[stop]) > indent):
            stop += 1
    return first, stop


def _is_key(line: str) -> bool:
    body = line.strip()
    return ":" in body and not body.startswith("#")
