"""Who leads and who cooperates, where a single column says both: 甲局牵头，乙局配合; 甲局（牵头）、乙局."""

import re
from collections.abc import Sequence

from ledger_cli.model.column import Role

_JOINS_IN = "配合|参与|参加|协同|协助|协办"
ENDINGS = (
    (re.compile(r"(.+?)(?:负责)?牵头(?:负责|落实|办理|组织)?$"), Role.LEAD),
    (re.compile(r"(.+?)(?:按职责分工|分别|共同|具体)?(?:负责|承办|落实|实施|主办)$"), Role.UNITS),
    (re.compile(rf"(.+?)(?:等(?:有关|相关)?(?:部门|单位))?(?:{_JOINS_IN})(?:落实|实施)?$"), Role.JOINT),
)
"""How a clause ends that says what those named in it do."""
_MARK = "牵头|主办|配合|协办|参与"
_MARKED = re.compile(rf"([^、，,；;\n（）]+(?:（(?!{_MARK})[^（）]*）)?)（({_MARK})(?:单位|部门)?）")
_WITHIN = re.compile(rf"(.+?)（([^（）]{{3,}}?)({_MARK})）")
_KEYED = re.compile(r"(牵头|主办|责任|承办|配合|协办)(?:单位|部门)?[：:]\s*([^；;\n]*)")
_LEADS, _JOINS = ("牵头", "主办"), ("配合", "协办", "参与")


def split_parts(words: str) -> dict[Role, str]:
    """The names by the part that is said of them; nothing where the words say of nobody that he leads or cooperates."""
    found: dict[Role, list[str]] = {}
    plain = words.strip("。 \n").replace("(", "（").replace(")", "）")
    keyed = _KEYED.findall(plain)
    if keyed:
        for key, names in keyed:
            found.setdefault(_role(key), []).append(names.strip("，,。 "))
    elif _MARKED.search(plain):
        for clause in re.split(r"[，,；;\n]+", plain):
            _marked(clause, found)
    else:
        found = _by_clauses(re.split(r"[，,；;。\n]", plain))
    said = {role: "、".join(filter(None, names)) for role, names in found.items()}
    given = {role: names for role, names in said.items() if names}
    return given if Role.LEAD in given or {Role.JOINT, Role.UNITS} <= set(given) else {}


def _marked(clause: str, found: dict[Role, list[str]]) -> None:
    """Names with marks: 甲局（牵头）、乙局; （配合） is said of the names before it in the clause as well."""
    waiting: list[str] = []
    for piece in filter(None, (piece.strip() for piece in clause.split("、"))):
        match = _MARKED.fullmatch(piece)
        if match is None:
            waiting.append(piece)
            continue
        role = _role(match[2])
        if role is Role.JOINT:
            found.setdefault(role, []).extend(waiting)
            waiting.clear()
        found.setdefault(role, []).append(match[1])
    found.setdefault(Role.UNITS, []).extend(waiting)


def _role(mark: str) -> Role:
    return Role.LEAD if mark in _LEADS else Role.JOINT if mark in _JOINS else Role.UNITS


def _by_clauses(clauses: Sequence[str]) -> dict[Role, list[str]]:
    """Clauses that end with what is done; names before one that does go with it, those behind the last stand alone."""
    found: dict[Role, list[str]] = {}
    waiting: list[str] = []
    for clause in filter(None, (clause.strip() for clause in clauses)):
        within = _WITHIN.fullmatch(clause)
        if within:
            found.setdefault(Role.UNITS, []).extend([*waiting, within[1]])
            found.setdefault(_role(within[3]), []).append(within[2])
            waiting.clear()
            continue
        ended = next(((m[1], role) for pattern, role in ENDINGS if (m := pattern.fullmatch(clause))), None)
        if ended:
            found.setdefault(ended[1], []).extend([*waiting, ended[0]])
            waiting.clear()
        else:
            waiting.append(clause)
    if waiting:
        found.setdefault(Role.UNITS, []).extend(waiting)
    return found
