"""A division of work written as prose: numbered tasks, each with its units and its deadline in brackets behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger_cli.intake.heads import Heading
from ledger_cli.issued.columns import IssuedColumn, IssuedColumns
from ledger_cli.issued.numbers import split_number
from ledger_cli.issued.parts import ENDINGS
from ledger_cli.issued.reader import IssuedReader, IssuedTask, title_level
from ledger_cli.model.catalog import UNTITLED
from ledger_cli.model.column import Role
from ledger_cli.model.heading import HEADINGS
from ledger_cli.read.office.tables import Cell

_ITEM = re.compile(r"(?P<text>.*?)[（(](?P<inner>(?:[^（）()]|[（(][^（）()]*[)）])*)[)）][。.；;]?$", re.DOTALL)
_KEYED = re.compile(r"([^：:；;，,。]{2,8})[：:]\s*([^；;]*)")
_ROLE_OF = {name: role for role in (Role.LEAD, Role.UNITS, Role.JOINT, Role.DEADLINE) for name in HEADINGS[role]}
_TIME = re.compile(r"\d{4}年|[月底季度年]底|\d+月|长期|持续|每年|每月|每季|全年|适时|年内")
_NAMES = {
    Role.TEXT: "任务举措",
    Role.LEAD: "牵头单位",
    Role.UNITS: "责任单位",
    Role.JOINT: "配合单位",
    Role.DEADLINE: "完成时限",
}


_TITLE = 40
"""Characters that a section's title has at most."""


@dataclass(frozen=True, slots=True)
class _Item:
    label: str
    text: str
    titles: tuple[str, ...]
    said: dict[Role, str]


def read_prose(reader: IssuedReader, lines: Sequence[str]) -> bool:
    """Take the tasks of a text into the reader; false where it has none.

    A task is a paragraph with a bracket at its end, or followed by lines such as 牵头单位：市民政局.
    """
    items = [item for item in _items(reader, lines) if {Role.LEAD, Role.UNITS} & set(item.said)]
    if not items:
        return False
    roles = [role for role in _NAMES if role is Role.TEXT or any(role in item.said for item in items)]
    columns = [IssuedColumn(Heading(_NAMES[role], "", place, place + 1), role) for place, role in enumerate(roles)]
    reader.columns = IssuedColumns(tuple(columns))
    for item in items:
        cells: dict[int, Cell | None] = {
            place: Cell([item.said.get(role, "")], place) for place, role in enumerate(roles) if role is not Role.TEXT
        }
        if not item.titles:
            reader.titles.begin(UNTITLED)
        reader.tasks.append(IssuedTask(item.titles or reader.titles.now, item.label, item.text, cells))
    return True


def _items(reader: IssuedReader, lines: Sequence[str]) -> list[_Item]:
    items: list[_Item] = []
    waiting = ""  # a paragraph that is a task if lines below say whose it is
    for text in filter(None, map(str.strip, lines)):
        words, said = _said(text)
        if not said:
            _not_a_task(reader, waiting, begun=bool(items))
            waiting = text
            continue
        reader.paragraphs.append(text)
        if words.strip():
            _not_a_task(reader, waiting, begun=bool(items))
            items.append(_item(reader, words, said, len(items)))
        elif waiting:
            reader.paragraphs.append(waiting)
            items.append(_item(reader, waiting, said, len(items)))
        elif items:
            _add(items[-1].said, said)
        waiting = ""
    _not_a_task(reader, waiting, begun=bool(items))
    return items


def _item(reader: IssuedReader, words: str, said: dict[Role, str], number: int) -> _Item:
    label, rest = split_number(words, (number + 1, 1))
    return _Item(label, (rest if label else words).strip(), reader.titles.now, said)


def _not_a_task(reader: IssuedReader, text: str, *, begun: bool) -> None:
    """A paragraph that is no task: a section's title, what stands before the tasks, or what is left out."""
    if not text:
        return
    if title_level(text) is not None and len(text) <= _TITLE and not text.endswith("。"):
        reader.titles.begin(text)
    elif begun:
        reader.notes.append(f"没有写责任单位的一段没有导入：“{text[:30]}”")
    else:
        reader.before.append(text)


def _add(said: dict[Role, str], more: dict[Role, str]) -> None:
    for role, words in more.items():
        said[role] = f"{said[role]}，{words}" if role in said else words


def _said(text: str) -> tuple[str, dict[Role, str]]:
    """A paragraph's words before what says whose they are, and what that says by role, which may be nothing."""
    alone = _line_said(text)
    if alone:
        return "", alone
    match = _ITEM.fullmatch(text)
    if match is None:
        return text, {}
    inner = match["inner"]
    said = {_ROLE_OF[name.strip()]: words.strip() for name, words in _KEYED.findall(inner) if name.strip() in _ROLE_OF}
    if not said:
        said = _freely(inner)
    return (match["text"], said) if {Role.LEAD, Role.UNITS} & set(said) else (text, {})


def _line_said(text: str) -> dict[Role, str]:
    """What a line of its own says by role, 牵头单位：市民政局; nothing where it is none."""
    said: dict[Role, str] = {}
    for part in filter(None, map(str.strip, re.split(r"[；;。]", text))):
        match = _KEYED.fullmatch(part)
        if match is None or match[1].strip() not in _ROLE_OF:
            return {}
        _add(said, {_ROLE_OF[match[1].strip()]: match[2].strip()})
    return said


def _freely(inner: str) -> dict[Role, str]:
    """What is said without keys: 市民政局牵头，市财政局配合，2025年6月底前完成."""
    said: dict[Role, str] = {}
    waiting: list[str] = []
    for part in re.split(r"[，,；;]", inner):
        words = part.strip()
        found = next(((m[1], role) for pattern, role in ENDINGS if (m := pattern.fullmatch(words))), None)
        if found:
            names = "，".join([*waiting, found[0]])
            said[found[1]] = f"{said[found[1]]}，{names}" if found[1] in said else names
            waiting.clear()
        elif _TIME.search(words):
            said[Role.DEADLINE] = f"{said[Role.DEADLINE]}，{words}" if Role.DEADLINE in said else words
        elif words:
            waiting.append(words)
    return said if not waiting else {}
