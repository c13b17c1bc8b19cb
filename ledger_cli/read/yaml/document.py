"""Bytes of a YAML file to data with places and findings (the Y codes).

One libyaml compose, one walk. Only where that fails or finds something odd are the raw lines scanned, a
mended copy read in their stead and the lines that do not parse set aside, so that one run tells all faults.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from ledger_cli.model.fault import Fault, Path
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.personal import masked
from ledger_cli.model.rule import RULES, Family
from ledger_cli.read.yaml.guard import guard
from ledger_cli.read.yaml.line_fault import LineFault
from ledger_cli.read.yaml.raw import RawReading, scan
from ledger_cli.read.yaml.recover import TooManyNodes, compose, compose_what_parses
from ledger_cli.read.yaml.text import UNPRINTABLE, LineStarts, decode
from ledger_cli.read.yaml.walk import Vocabulary, Walk

_MOST_FAULTS = 2_000
"""Faults of one file after which nobody would read on."""
_CHECK_CONTENT = "检查是否误存了别的内容，或者把内容粘贴了许多遍。"


@dataclass(slots=True)
class _GivenUp(Exception):
    """Reading ends here: the place (from 1), why, and what to do."""

    at: tuple[int, int]
    message: str
    hint: str


@dataclass(slots=True)
class Document:
    """One file as data (dicts, lists, text) with places and findings.

    ``whole`` is false where something could not be read: the file must not be merged, and what seems
    to be missing near ``aside`` (lines, from 0) is no finding of its own. Full-width marks and blanks
    (Y003, Y004) are read as they were meant; they make faulty just what they stand in. ``decoded`` is false
    where some of the bytes are no text; ``of_characters`` are the findings about bytes and characters.
    """

    file: str
    text: str
    data: Any = None
    root: yaml.Node | None = None
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    aside: set[int] = field(default_factory=set)
    decoded: bool = True
    of_characters: list[Finding] = field(default_factory=list)
    _shifts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _index: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = field(default_factory=dict)
    _spans: dict[tuple[str, ...], list[tuple[str, int, int]]] = field(default_factory=dict)
    _aside_order: list[int] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        if not self._lines:
            self._lines = self.text.split("\n")
        return self._lines

    def report(self, code: str, at: tuple[int, int], message: str, hint: str = "", **more: Any) -> Finding:
        """A finding of this file at a line and column (from 1), with the line as its excerpt."""
        line = at[0]
        excerpt = self.lines[line - 1] if line <= len(self.lines) else ""
        return finding(code, self.file, at, message, hint, excerpt=excerpt, **more)

    def told(self, fault: Fault) -> Finding:
        """The finding that a fault of this file is. What says something of a person's text shows no personal number."""
        at = self._within(fault) if fault.words else self.place(fault.path, key=fault.at_key)
        more = {"severity": fault.severity, "task": fault.task, "unit": fault.unit}
        found = self.report(fault.code, at, fault.message, fault.hint, **more)
        if RULES[fault.code].family is Family.PROSE:
            return replace(found, excerpt=masked(found.excerpt))
        return found

    def place(self, path: Path, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at ``path`` (``key``: of its key), else of its nearest ancestor's key."""
        node = self._node(path, key=key)
        return self._original(node.start_mark.line, node.start_mark.column) if node else (1, 1)

    def _node(self, path: Path, *, key: bool) -> yaml.Node | None:
        node, found, at_key = self.root, self.root, False
        for step, part in enumerate(path):
            if isinstance(part, str) and node is not None and part in (index := self.children(node)):
                key_node, node = index[part]
                at_key = key or not _visible(node)
                found = key_node if at_key else node
            elif isinstance(part, int) and isinstance(node, yaml.SequenceNode) and part < len(node.value):
                node = found = node.value[part]
            else:
                return self._node(path[:step], key=True) if step else None
        return found

    def _within(self, fault: Fault) -> tuple[int, int]:
        """Where words stand in a value; the value's own place where they stand otherwise in the file than in it."""
        node = self._node(fault.path, key=False)
        at, seen = self.place(fault.path), 0
        last = node.end_mark.line + 1 if node else at[0]
        for number in range(at[0], min(last, len(self.lines)) + 1):
            start = self.lines[number - 1].find(fault.words, at[1] - 1 if number == at[0] else 0)
            while start >= 0:
                if seen == fault.nth:
                    return number, start + 1
                seen += 1
                start = self.lines[number - 1].find(fault.words, start + len(fault.words))
        return at

    def children(self, node: yaml.Node) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """A mapping node's key and value nodes by key, the first of duplicates; empty for other nodes."""
        index = self._index.get(id(node))
        if index is None:
            index = self._index[id(node)] = {}
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if isinstance(key, yaml.ScalarNode):
                        index.setdefault(key.value, (key, value))
        return index

    def spans(self, *path: str) -> list[tuple[str, int, int]]:
        """Key, first and last line (from 1) of each entry of the mapping at ``path``, in the file's order."""
        if path not in self._spans:
            self._spans[path] = self._spans_at(path)
        return self._spans[path]

    def _spans_at(self, path: tuple[str, ...]) -> list[tuple[str, int, int]]:
        node = self.root
        for part in path:
            node = self.children(node)[part][1] if node and part in self.children(node) else None
        entries = node.value if isinstance(node, yaml.MappingNode) else []
        return [
            (key.value, key.start_mark.line + 1, max(key.start_mark.line + 1, value.end_mark.line + 1))
            for key, value in entries
            if isinstance(key, yaml.ScalarNode)
        ]

    def set_aside_within(self, first: int, last: int) -> bool:
        """Whether lines that could not be read lie between two lines (from 1, both included)."""
        if len(self._aside_order) != len(self.aside):
            self._aside_order = sorted(self.aside)
        place = bisect_left(self._aside_order, first - 1)
        return place < len(self._aside_order) and self._aside_order[place] <= last - 1

    def _original(self, line: int, column: int) -> tuple[int, int]:
        """Line and column (from 1) in the file of a place (from 0) in the mended copy."""
        for start, by in reversed(self._shifts.get(line, [])):
            if column > start:
                column = max(start, column - by)
        return line + 1, column + 1

    def note(self, faults: Iterable[LineFault], *, mended: bool = False) -> None:
        """Add findings for faults, each place once; raises ``_GivenUp`` where there are too many."""
        noted = {(found.code, found.line, found.column) for found in self.findings}
        for fault in faults:
            at = self._original(fault.line, fault.column) if mended else (fault.line + 1, fault.column + 1)
            if (fault.code, *at) not in noted:
                if len(noted) == _MOST_FAULTS:
                    message = f"这个文件里的错误有{_MOST_FAULTS}处以上，没有再读下去"
                    raise _GivenUp(at, message, _CHECK_CONTENT)
                noted.add((fault.code, *at))
                self.findings.append(self.report(fault.code, at, fault.message, fault.hint))

    def give_up(self, reason: "_GivenUp") -> None:
        """Y008: nothing more is read, and what was read is no data."""
        self.findings.append(self.report("Y008", reason.at, reason.message, reason.hint))
        self.data = self.root = None
        self.whole = False

    def read(self, text: str, vocabulary: Vocabulary) -> None:
        """Fill in data, root and findings from the text of the file; raises ``_GivenUp``."""
        faults, safe = guard(text)
        self.note(faults)
        if not safe:
            self.whole = False
            return
        walk = Walk(text, vocabulary)
        parsed = True
        try:
            self.root = compose(text, vocabulary.room)
            self.data = walk.data(self.root)
        except yaml.YAMLError:
            parsed = False
        if parsed and not walk.odd:
            self.note(walk.faults)
            return
        reading = scan(text, vocabulary.keys, vocabulary.free_text, vocabulary.lists)
        self.note(reading.faults)
        if parsed and reading.text == text:
            self.note(walk.faults)
            return
        self._read_mended(reading, vocabulary)

    def _read_mended(self, reading: RawReading, vocabulary: Vocabulary) -> None:
        faults, safe = guard(reading.text)
        if not safe:
            self.note(faults)
            self.whole = False
            return
        self._shifts = reading.shifts
        self._index.clear()
        self._spans.clear()
        recovery = compose_what_parses(reading.text, vocabulary.room)
        self.note(recovery.faults, mended=True)
        self.whole = self.whole and not recovery.faults
        self.aside = recovery.aside
        self.root = recovery.root
        walk = Walk(recovery.text, vocabulary)
        self.data = walk.data(recovery.root)
        self.note(walk.faults, mended=True)


def _visible(node: yaml.Node) -> bool:
    """Whether a value has a place of its own; an empty one is shown at its key."""
    return not (isinstance(node, yaml.ScalarNode) and not node.value and not node.style)


def read_document(data: bytes, file: str, vocabulary: Vocabulary) -> Document:
    """A file's bytes as data with places; it never raises for what the file holds.

    ``file`` is the name that findings carry.
    """
    decoded = decode(data)
    text = decoded.text or ""
    document = Document(file, text, whole=decoded.whole, decoded=decoded.whole)
    starts = LineStarts(text)
    try:
        document.note(
            LineFault(fault.code, *starts.at(fault.offset), fault.message, fault.hint) for fault in decoded.faults
        )
        document.of_characters = list(document.findings)
        if decoded.text is not None:
            document.read(UNPRINTABLE.sub(" ", text) if decoded.faults else text, vocabulary)
    except _GivenUp as reason:
        document.give_up(reason)
    except TooManyNodes:
        message = f"这个文件里的栏目和内容有{vocabulary.room}处以上，没有读取"
        document.give_up(_GivenUp((1, 1), message, _CHECK_CONTENT))
    return document
