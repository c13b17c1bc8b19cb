"""A submission with answers at other task numbers: keys, digests and ids change in place, every other byte stays."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ledger_cli.check.displacement import moved_item
from ledger_cli.model.catalog import Task
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.task_text import digest_mark, marked_digest
from ledger_cli.read.submission import ReadSubmission, read_submission
from ledger_cli.write.line_edit import Edit, lines_of, with_edits

_ITEMS = ("完成", "指标")
_REST = re.compile(r"\s*:[ \t]*(?P<comment>#[^\r\n]*)?(?=[\r\n]|$)")
_ID = re.compile(r"[0-9A-Za-z]+-[0-9A-Za-z]+")
# Lines of a scaffold that name duties and indicators by their ids.
_HELP = re.compile(r"\s*# (?:时限要求：|指标：|已完成的，|有数的，|以前已报完成：)")


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What becomes of one entry under 任务: the task that it is for now, and new ids by old ones."""

    task: Task
    ids: Mapping[str, str]

    @property
    def number(self) -> TaskNumber:
        return self.task.number


def rekeyed(data: bytes, read: ReadSubmission, entries: Mapping[str, Rekeyed]) -> bytes | None:
    """The file with some entries, by key, at their new numbers; None where its layout allows no safe edit.

    Of a scaffold's comments, the number before the task's text and the ids follow.
    """
    lines = lines_of(data)
    edits: list[Edit] = []
    for key, entry in entries.items():
        made = _entry(read, lines, key, entry)
        if made is None:
            return None
        edits.extend(made)
    after = with_edits(data, edits)
    again = read_submission(after, read.filing.file, read.shape)
    expected = dict(_given(read, entries))
    digests = {_new_key(said.key, entries): said.digest for said in read.filing.said}
    digests |= {str(entry.number): entry.task.digest for entry in entries.values()}
    said = again.filing.said
    same = {one.key: one.given for one in said} == expected and {one.key: one.digest for one in said} == digests
    same = same and len(expected) == len(read.filing.said)
    return after if same else None


def _given(read: ReadSubmission, entries: Mapping[str, Rekeyed]) -> Iterator[tuple[str, Any]]:
    """What the file is to say afterwards."""
    for said in read.filing.said:
        key, given = said.key, said.given
        if key in entries and isinstance(given, dict):
            changed = {name: _with_ids(given[name], entries[key].ids) for name in _ITEMS if name in given}
            yield _new_key(key, entries), {**given, **changed}
        else:
            yield _new_key(key, entries), given


def _with_ids(given: Any, ids: Mapping[str, str]) -> Any:
    return {moved_item(item, ids) or item: value for item, value in given.items()} if isinstance(given, dict) else given


def _new_key(key: str, entries: Mapping[str, Rekeyed]) -> str:
    return str(entries[key].number) if key in entries else key


def _entry(read: ReadSubmission, lines: list[str], key: str, entry: Rekeyed) -> list[Edit] | None:
    key_node, value = _child(read, ("任务",), key)
    found = _scalar(lines, key_node, str(entry.number))
    rest = _REST.match(lines[found.line], found.stop) if found else None
    if found is None or rest is None:
        return None  # the answer stands on its key's line, where no mark can
    comment = _comment(lines[found.line], rest["comment"] or "", entry.task.digest)
    edits = [found, Edit(found.line, rest.start(), rest.end(), f":  {comment}")]
    for name in _ITEMS:
        for item_node, _ in _items(read, value, name):
            new = moved_item(item_node.value, entry.ids)
            edit = _scalar(lines, item_node, new) if new else None
            if new and edit is None:
                return None
            edits.extend([edit] if edit and new != item_node.value else [])
    return [*edits, *_comments(lines, found.line, key, entry)]


def _comment(line: str, comment: str, digest: str) -> str:
    """The comment behind a key with its digest; whatever else stands there stays."""
    old = marked_digest(line)
    if old:
        return comment.replace(old, digest, 1)
    return f"{digest_mark(digest)} {comment}".rstrip()


def _child(read: ReadSubmission, path: tuple[str, ...], key: str) -> tuple[yaml.Node, yaml.Node]:
    node = read.document.root
    for part in path:
        assert node is not None
        node = read.document.children(node)[part][1]
    assert node is not None
    return read.document.children(node)[key]


def _items(read: ReadSubmission, answer: yaml.Node, name: str) -> list[tuple[yaml.Node, yaml.Node]]:
    children = read.document.children(answer)
    return list(read.document.children(children[name][1]).values()) if name in children else []


def _scalar(lines: list[str], node: yaml.Node, text: str) -> Edit | None:
    """New text for a scalar on one line, in the quotes that it has."""
    start, stop = node.start_mark, node.end_mark
    if start.line != stop.line or start.line >= len(lines) or not isinstance(node, yaml.ScalarNode):
        return None
    quote = node.style or ""
    stands = lines[start.line][start.column : stop.column]
    return Edit(start.line, start.column, stop.column, quote + text + quote) if node.value in stands else None


def _comments(lines: list[str], key_line: int, key: str, entry: Rekeyed) -> Iterator[Edit]:
    """The scaffold's own comments above a key with the new number and ids; what a unit said is left alone."""
    words = re.escape(entry.task.text.split("\n")[0][:10])
    numbered = re.compile(rf"(\s*# ){re.escape(key)}(?=\.{words})")
    for number in range(key_line - 1, -1, -1):
        line = lines[number]
        if not line.lstrip().startswith("#"):
            return
        match = numbered.match(line)
        if match:
            yield Edit(number, match.end(1), match.end(), str(entry.number))
        elif _HELP.match(line):
            new = _ID.sub(lambda found: entry.ids.get(found.group(), found.group()), line)
            yield Edit(number, 0, len(line), new)
