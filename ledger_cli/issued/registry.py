"""A registry to begin with: from the names in an issued document, or from an office's own list of its units.

Nothing is invented: what a name does not say (a short name, who is in 各县) is left open, and what is taken from its
looks (the level) is marked 待确认.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger_cli.exits import CannotRun
from ledger_cli.issued.attachment import Attachment
from ledger_cli.model.registry import Group, Registry, Unit, name_key
from ledger_cli.model.unit_names import UnitNames
from ledger_cli.read.office.tables import Cell, FilledDocument

_MANY = re.compile(r"各|有关|相关|其他|其它|全体|全部|所有|成员单位|责任单位|(?:直|级|属).*(?:部门|单位)$")
"""What tells a group of units from a unit."""
_UNIT_END = re.compile(r"(?:局|厅|委|办|部|院|会|社|中心|政府|公司|银行|集团|委员会)$")
_TOGETHER = re.compile(r"(.+?)[和及与](.+)")
_LEVELS = ("自治区", "省", "市", "县", "乡镇")
_LEVEL_MARKS = (
    ("自治区", re.compile(r"自治区|\w{2,5}自治区")),
    ("省", re.compile(r"\w{0,3}省")),
    ("乡镇", re.compile(r"\w{2,6}(?:镇|乡|街道)(?:人民政府|办事处|党委|党工委)?$")),
    ("县", re.compile(r"\w{2,4}市\w{1,4}[区县]|\w{1,5}?(?:县|旗|区)|(?:县|区|旗)")),
    ("市", re.compile(r"\w{0,4}?(?:市|州|盟|地区)")),
)
"""How names of units of a level begin, in the order in which they are tried."""
_ALIKE = re.compile(r"[和与及]|员会$|监督|管理|人民")
_WITH_ALIAS = re.compile(r"(.+)（[^（）]+）")
_LIST_HEADINGS = {
    "名称": ("单位名称", "名称", "单位", "单位全称", "全称", "责任单位", "部门", "部门名称"),
    "简称": ("简称", "别名", "单位简称", "常用名"),
    "层级": ("层级", "级别", "单位层级"),
    "上级": ("上级", "上级单位", "主管单位"),
    "代码": ("代码", "单位代码", "编码"),
    "组": ("组", "所属组", "单位类别", "类别"),
}
_APART = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A registry, and what people have to look at in it: sentences without a full stop."""

    registry: Registry
    doubts: list[str]


def draft_of_names(attachment: Attachment) -> Draft:
    """The units and groups that the tasks of a document name, in the order in which they first stand there."""
    written = UnitNames(Registry.model_construct(units=(), groups=()))
    first: dict[str, str] = {}
    for task in attachment.tasks:
        for cell in (task.lead, task.units, task.joint):
            for name, carried in written.names(cell.replace("\n", "、")):
                for one in _parted("".join(name.split())):
                    first.setdefault(one, carried)
    full = set(first)
    names = [n for n, carried in first.items() if not carried or n.startswith(carried) or carried + n not in full]
    groups = [name for name in names if _MANY.search(name)]
    units = [name for name in names if not _MANY.search(name)]
    levels = {name: guessed_level(name) for name in units}
    known = [level for level in _LEVELS if level in levels.values()]
    top = known[0] if known else guessed_level(attachment.head.title) or _level_in(attachment.head.title)
    levels = {name: level or top for name, level in levels.items()}
    order = sorted(units, key=lambda name: _LEVELS.index(levels[name]))
    ids = _Ids()
    registry = Registry.model_construct(
        None,
        levels=_levels(levels.values()),
        units=tuple(_unit(ids.of(name), name, levels[name], confirmed=False) for name in order),
        groups=tuple(_group(ids.of(name), name, ()) for name in groups),
    )
    doubts = [f"单位名单是从原件里认出来的 {len(units)} 家，先后、层级待核对，简称待补"] if units else []
    return Draft(registry, [*doubts, *_empty_groups(groups), *_alike(units)])


def draft_of_list(document: FilledDocument) -> Draft:
    """The units of an office's own list; raises ``CannotRun`` where it has no column of names."""
    rows, places = _list_rows(document)
    ids = _Ids()
    doubts: list[str] = []
    units: list[Unit] = []
    above: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for row in rows:
        said = {name: _text(row, place) for name, place in places.items()}
        name = "".join(said["名称"].split())
        if not name:
            continue
        if any(unit.name == name for unit in units):
            doubts.append(f"单位表里“{name}”写了两次，只登记一次")
            continue
        level = _level_said(said.get("层级", ""))
        confirmed = bool(level)
        level = level or guessed_level(name) or "市"
        short = tuple(dict.fromkeys(part for part in _APART.split(said.get("简称", "")) if part and part != name))
        unit = _unit(ids.of(name, said.get("代码", "")), name, level, confirmed=confirmed, short=short)
        units.append(unit)
        if said.get("上级"):
            above[unit.id] = said["上级"]
        for group in filter(None, _APART.split(said.get("组", ""))):
            groups.setdefault(group, []).append(unit.id)
    known = Registry.model_construct(levels=_LEVELS, units=tuple(units), groups=())
    for place, unit in enumerate(units):
        if unit.id in above:
            parent = known.find(above[unit.id])
            if parent is None:
                doubts.append(f"单位表里“{unit.name}”的上级“{above[unit.id]}”不在表里")
            else:
                units[place] = unit.model_copy(update={"parent": parent.id})
    if any(not unit.confirmed for unit in units):
        names = "、".join(unit.name for unit in units if not unit.confirmed)
        doubts.append(f"单位表没有写明层级的，按名称推定：{names}")
    made = tuple(_group(ids.of(name), name, tuple(members)) for name, members in groups.items())
    levels = _levels(unit.level for unit in units)
    return Draft(Registry.model_construct(None, levels=levels, units=tuple(units), groups=made), doubts)


def with_found(draft: Draft, names: Iterable[str]) -> Draft:
    """The draft with names that a document has and the list does not: units 待确认, and groups without members."""
    registry, doubts = draft.registry, list(draft.doubts)
    ids = _Ids([*(unit.id for unit in registry.units), *(group.id for group in registry.groups)])
    units, groups = list(registry.units), list(registry.groups)
    for name in dict.fromkeys(part for words in names for part in _parted(words)):
        if registry.find(name) is not None:
            continue
        if _MANY.search(name):
            groups.append(_group(ids.of(name), name, ()))
            doubts.extend(_empty_groups([name]))
        else:
            level = guessed_level(name) or registry.levels[0]
            units.append(_unit(ids.of(name), name, level, confirmed=False))
            doubts.append(f"原件写着“{name}”，单位表里没有，登记为待确认的单位；是表里某一家的，改为它的简称")
    levels = _levels(unit.level for unit in units)
    return Draft(Registry.model_construct(None, levels=levels, units=tuple(units), groups=tuple(groups)), doubts)


def _level_in(title: str) -> str:
    """The level that a plan's title speaks of: 全省, 我县; 市 where it says none."""
    said = re.search(r"[全我](自治区|省|市|县|区)", title)
    return {"区": "县"}.get(said[1], said[1]) if said else "市"


def _level_said(words: str) -> str:
    """The level that a list's words mean: 县级部门, 市直 and the like; "" where they say none."""
    own = {"自": "自治区", "省": "省", "市": "市", "州": "市", "盟": "市", "县": "县", "区": "县", "旗": "县"}
    level = own.get(words[:1], "乡镇" if words[:1] in ("乡", "镇", "街") else "")
    return words if words in _LEVELS else level


def guessed_level(name: str) -> str:
    """The level that a name looks like; "" where it says nothing."""
    return next((level for level, mark in _LEVEL_MARKS if mark.match(name)), "")


def _parted(name: str) -> Iterator[str]:
    """A name, or the two that 和 joins where both end as names of units do."""
    match = _TOGETHER.fullmatch(name)
    if match and all(_UNIT_END.search(part) and len(part) > 2 for part in match.groups()):
        yield from match.groups()
    else:
        yield name


def _levels(levels: Iterable[str]) -> tuple[str, ...]:
    found = set(levels)
    seed = ("自治区", "市", "县")
    if not found or (found <= set(seed) and "自治区" in found):
        return seed
    # Counties are seldom named one by one: 各县 has its level all the same.
    top = min(map(_LEVELS.index, found))
    return tuple(level for place, level in enumerate(_LEVELS) if level in found or (level in seed[1:] and place > top))


class _Ids:
    """Codes of units: the first letters of their names as they are spoken, each once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def of(self, name: str, given: str = "") -> str:
        from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary is slow to load

        letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
        stem = re.sub(r"[^\w-]", "", given) or re.sub(r"[^a-z0-9]", "", letters) or "dw"
        code, number = stem, 2
        while code in self._taken:
            code, number = f"{stem}{number}", number + 1
        self._taken.add(code)
        return code


def _unit(code: str, name: str, level: str, *, confirmed: bool, short: tuple[str, ...] = ()) -> Unit:
    return Unit.model_construct(
        None,
        id=code, name=name, short=short, level=level, parent=None, area_code=None, confirmed=confirmed, note=None,
    )  # fmt: skip


def _group(code: str, name: str, members: tuple[str, ...]) -> Group:
    note = None if members else "成员待补"
    return Group.model_construct(
        None, id=code, name=name, members=members, same_as=None, but=(), required=True, note=note
    )


def _empty_groups(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield f"“{name}”是一组单位，原件没有写是哪些，登记为没有成员的组，请在登记册里补上成员"


def _alike(names: Sequence[str]) -> Iterator[str]:
    """Names that may mean the same unit."""
    seen: dict[str, str] = {}
    for name in names:
        within = _WITH_ALIAS.fullmatch(name)
        if within and within[1] in names:
            yield f"“{name}”和“{within[1]}”像是同一家单位；是的，合成一条，另一个写法写在“简称”里"
        key = _ALIKE.sub("", name_key(name))
        if key in seen:
            yield f"“{seen[key]}”和“{name}”像是同一家单位；是的，合成一条，另一个写法写在“简称”里"
        seen.setdefault(key, name)


def _list_rows(document: FilledDocument) -> tuple[list[list[Cell]], dict[str, int]]:
    """The rows below the headings of the first table that has any, and where which column lies."""
    meaning = {heading: name for name, headings in _LIST_HEADINGS.items() for heading in headings}
    for table in document.tables:
        for place, row in enumerate(table.rows):
            found: dict[str, int] = {}
            for cell in row:
                name = meaning.get("".join(cell.text.split()))
                if name:
                    found.setdefault(name, cell.column)
            if "名称" in found:
                return table.rows[place + 1 :], found
    raise CannotRun("单位表里没有“单位名称”这一栏", "第一行写上表头：单位名称、简称、层级、上级，下面一家一行。")


def _text(row: Sequence[Cell], place: int) -> str:
    cell = next((cell for cell in row if cell.column <= place < cell.column + cell.span), None)
    return cell.text.strip() if cell else ""
