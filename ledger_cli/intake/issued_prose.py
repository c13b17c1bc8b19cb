"""A division of work written as prose: numbered tasks, each with its units and its deadline in brackets behind it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger_cli.intake.heads import Heading
from ledger_cli.intake.issued import IssuedReader, IssuedTask, title_level
from ledger_cli.intake.issued_columns import IssuedColumn, IssuedColumns
from ledger_cli.intake.numbers import split_number
from ledger_cli.model.catalog import UNTITLED
from ledger_cli.model.column import Role
from ledger_cli.model.heading import HEADINGS
from ledger_cli.read.office.tables import Cell

_ITEM = re.compile(r"(?P<text>.*?)[（(](?P<inner>(?:[^（）()]|[（(][^（）()]*[)）])*)[)）][。.；;]?$", re.DOTALL)
_KEYED = re.compile(r"([^：:；;，,。]{2,8})[：:]\s*([^；;]*)")
_ROLE_OF = {name: role for role in (Role.LEAD, Role.UNITS, Role.JOINT, Role.DEADLINE) for name in HEADINGS[role]}
_ENDINGS = (
    (re.compile(r"(.+?)(?:负责)?牵头(?:负责|落实|办理)?$"), Role.LEAD),
    (re.compile(r"(.+?)(?:按职责分工|分别|共同|具体)?(?:负责|承办|落实|实施|主办)$"), Role.UNITS),
    (re.compile(r"(.+?)(?:配合|参与|协同|协办)(?:落实)?$"), Role.JOINT),
)
_TIME = re.compile(r"\d{4}年|[月底季度年]底|\d+月|长期|持续|每年|每月|每季|全年|适时|年内")
_NAMES = {
    Role.TEXT: "任务举措",
    Role.LEAD: "牵头单位",
    Role.UNITS: "责任单位",
    Role.JOINT: "配合单位",
    Role.DEADLINE: "完成时限",
}


@dataclass(frozen=True, slots=True)
class _Item:
    label: str
    text: str
    titles: tuple[str, ...]
    said: dict[Role, str]


def read_prose(reader: IssuedReader, lines: Sequence[str]) -> bool:
    """Take the tasks of a text into the reader; false where it has none."""
    items: list[_Item] = []
    for line in lines:
        text = line.strip()
        if not text:
            continue
        said = _said(text)
        label, rest = split_number(text, (len(items) + 1, 1))
        if said is None:
            if title_level(text) is not None and len(text) <= 40 and not text.endswith("。"):
                reader.titles.begin(text)
            elif items:
                reader.notes.append(f"没有写责任单位的一段没有导入：“{text[:30]}”")
            else:
                reader.before.append(line)
            continue
        words, by_role = said
        own = rest[: len(words) - len(text) + len(rest)] if label else words
        reader.paragraphs.append(text)
        items.append(_Item(label, own.strip(), reader.titles.now, by_role))
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


def _said(text: str) -> tuple[str, dict[Role, str]] | None:
    """A paragraph's words before the bracket, and what the bracket says by role; None where it has no such bracket."""
    match = _ITEM.fullmatch(text)
    if match is None:
        return None
    inner = match["inner"]
    said = {_ROLE_OF[name.strip()]: words.strip() for name, words in _KEYED.findall(inner) if name.strip() in _ROLE_OF}
    if not said:
        said = _freely(inner)
    if not {Role.LEAD, Role.UNITS} & set(said):
        return None
    return match["text"], said


def _freely(inner: str) -> dict[Role, str]:
    """What is said without keys: 市民政局牵头，市财政局配合，2025年6月底前完成."""
    said: dict[Role, str] = {}
    waiting: list[str] = []
    for part in re.split(r"[，,；;]", inner):
        words = part.strip()
        found = next(((m[1], role) for pattern, role in _ENDINGS if (m := pattern.fullmatch(words))), None)
        if found:
            names = "，".join([*waiting, found[0]])
            said[found[1]] = f"{said[found[1]]}，{names}" if found[1] in said else names
            waiting.clear()
        elif _TIME.search(words):
            said[Role.DEADLINE] = f"{said[Role.DEADLINE]}，{words}" if Role.DEADLINE in said else words
        elif words:
            waiting.append(words)
    return said if not waiting else {}
