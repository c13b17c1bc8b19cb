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
    """Compose; at a fault set its line aside, a key with all below it, and go on; raises ``TooManyNodes``."""
    original = text.split("\n")
    lines = list(original)
    recovery = Recovery(None, text)
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
        recovery.faults.append(fault)
        stop = len(lines) if fault.message == SECOND_DOCUMENT else _end(original, fault.line)
        for number in range(fault.line, stop):
            recovery.aside.add(number)
            lines[number] = ""
    return recovery


def _end(lines: list[str], first: int) -> int:
    """Where the block that begins with a line ends: the line itself and, below a key, what is indented more."""
    stop = first + 1
    if ":" in lines[first]:
        while stop < len(lines) and (not lines[stop].strip() or _indent(lines[stop]) > _indent(lines[first])):
            stop += 1
    return stop


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
