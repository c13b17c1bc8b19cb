"""The columns of an issued table: what each of them means, by its heading and by what stands below it."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from ledger_cli.exits import CannotRun
from ledger_cli.intake.heads import Heading
from ledger_cli.model.column import PROSE_ROLES, SEED, Column, Kind, Role
from ledger_cli.model.heading import HEADINGS, looks_like
from ledger_cli.model.shape_fault import STANDING, fit, reserved, shape_faults
from ledger_cli.read.office.tables import Cell

_ROLES = {name: role for role, names in reversed(HEADINGS.items()) for name in names}
UNIT_ROLES = (Role.UNITS, Role.LEAD, Role.JOINT)
_PROBLEM = re.compile(r".{0,6}(?:问题|短板|不足)(?:清单|表现|描述)?")
"""What a rectification ledger writes over the things to be put right: there they are the plan's."""
_KINDS = {
    Kind.PERCENT: "进度 完成进度 完成率 完成比例 完成百分比 工作进度 进度（%） 完成进度（%） 进度%",
    Kind.FLAG: "是否完成 是否办结 是否销号 是否达标 是否按期完成 是否整改到位",
    Kind.DAY: "实际完成时间 实际完成日期 办结时间 办结日期 销号时间",
}
_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_OFFICE = re.compile(r"领导|备注|^$")
"""What the office itself may fill in later."""
_WHEN_DONE = frozenset(_KINDS[Kind.DAY].split())
_NUMBERED = re.compile(r"[（(第]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[.．、)）项]|(?:\.\d{1,2})+)?")
_SHARE = re.compile(r".{0,6}(?:进度|比例|完成率|百分比)(?:（%）|（％）|%|％)")
_WEAK = re.compile(r".{0,8}(?:目标|要求|清单)(?:要求|内容)?")
"""What may stand over tasks, but over what they are to come to as well."""
_ENGLISH = dict(zip(PROSE_ROLES, ("progress", "problems", "plans"), strict=True))
_OTHER_NAMES = {
    Role.PROGRESS: ("落实情况", "本期落实情况"),
    Role.PROBLEMS: ("落实中的问题", "困难和问题"),
    Role.PLANS: ("下一步打算", "下步工作打算"),
}
"""What an added column is called where the document has another of its name."""


@dataclass(frozen=True, slots=True)
class IssuedColumn:
    """A column of an issued table: its heading and what it means; a ``filled`` one has words of the plan.

    ``sure`` is false where its heading is on no list, and it was told by its looks.
    """

    heading: Heading
    role: Role
    filled: bool = True
    sure: bool = True

    @property
    def name(self) -> str:
        return self.heading.name


@dataclass(frozen=True, slots=True)
class IssuedColumns:
    """All columns of a table in their order."""

    columns: tuple[IssuedColumn, ...]

    def of(self, role: Role) -> IssuedColumn | None:
        return next((column for column in self.columns if column.role is role), None)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def width(self) -> int:
        return max(column.heading.last for column in self.columns)

    @property
    def lacking(self) -> str:
        """What a table of tasks needs and this one has not, in words; "" where it has all."""
        lacks = [] if self.of(Role.TEXT) else ["任务"]
        lacks += [] if self.of(Role.UNITS) or self.of(Role.LEAD) else ["责任单位"]
        return "、".join(lacks)

    @property
    def plain(self) -> bool:
        """Whether the headings of the tasks and of those who see to them are on the lists."""
        return not self.lacking and all(
            column.sure for column in self.columns if column.role in (Role.TEXT, *UNIT_ROLES)
        )

    @property
    def known(self) -> int:
        """How many headings say what they mean."""
        return sum(column.role is not Role.PLAN and bool(column.name) for column in self.columns)


def issued_columns(headings: Sequence[Heading]) -> IssuedColumns:
    """What the columns mean by their headings alone; of several that are alike the first, of tasks the last."""
    listed = [_ROLES.get(heading.name) for heading in headings]
    looks = [
        role or (None if (look := looks_like(heading.name)) in listed and look is not Role.TEXT else look)
        for role, heading in zip(listed, headings, strict=True)
    ]
    first = next((place for place, role in enumerate(looks) if role in UNIT_ROLES), len(headings))
    by_list = [place for place, role in enumerate(listed) if role is Role.TEXT]
    by_look = [place for place, role in enumerate(looks) if role is Role.TEXT]
    firm = [place for place in by_look if not _WEAK.fullmatch(headings[place].name)]
    problems = [place for place, heading in enumerate(headings) if _PROBLEM.fullmatch(heading.name)][:1]
    # What is to be done stands before who is to do it; behind that, a heading may mean what the units are to write.
    before = ([place for place in known if place < first] for known in (by_list, firm, by_look))
    texts = next(filter(None, (*before, by_list, by_look, problems)), [])
    found: list[IssuedColumn] = []
    taken: set[Role] = set()
    last = texts[-1] if texts else 0
    for place, heading in enumerate(headings):
        role = looks[place]
        if role is Role.TEXT or place in texts:
            role = Role.TEXT if place == texts[-1] else Role.PLAN
        elif _kind_of(heading.name) is not None:
            role = Role.FILED
        elif not heading.name and place < last and Role.SECTION not in (*listed, *taken):
            role = Role.SECTION
        elif role is None or (role in taken and not role.many):
            role = Role.FILED if role is not None and role.filed else Role.PLAN
        taken.add(role)
        found.append(IssuedColumn(heading, role, sure=listed[place] is not None or role in (Role.PLAN, Role.FILED)))
    return IssuedColumns(tuple(found))


def settled(columns: IssuedColumns, rows: Sequence[Sequence[Cell | None]], *, titled: bool) -> IssuedColumns:
    """The columns once their cells are known, a list for each row of a task in the order of the columns.

    What the plan has filled in is the plan's. The tasks are in the column that has one for each row; a column left
    of it that holds for several rows has the titles of sections, unless the document is ``titled`` otherwise.
    """
    own = [sum(map(_has_words, column)) for column in _turned(columns, rows)]
    made = list(columns.columns)
    for place, column in enumerate(made):
        role = Role.PLAN if column.role.filed and own[place] else column.role
        if rows and not own[place] and role in (Role.PLAN, Role.DEADLINE) and not _OFFICE.search(column.name):
            role = Role.FILED  # an empty column is there to be filled in
        made[place] = replace(column, role=role, filled=bool(own[place]))
    text = next((place for place, column in enumerate(made) if column.role is Role.TEXT), None)
    if text is None:
        return IssuedColumns(tuple(made))
    first = next((place for place, column in enumerate(made) if column.role in UNIT_ROLES), len(made))
    wanted = [place for place, column in enumerate(made[:first]) if Role.TEXT in (column.role, _meaning(column.name))]
    finest = max((own[place] for place in wanted), default=0)
    if text < first and own[text] < finest:
        better = [place for place in wanted if own[place] == finest][-1]
        made[text] = replace(made[text], role=Role.PLAN)
        made[better] = replace(made[better], role=Role.TEXT)
        text = better
    if not any(column.role is Role.NUMBER for column in made):
        counted = [at for at in range(text) if made[at].role is Role.PLAN and _numbers(columns, rows, at)]
        for at in counted[:1]:
            made[at] = replace(made[at], role=Role.NUMBER)
    if not any(column.role is Role.DEADLINE for column in made):
        times = [at for at, column in enumerate(made) if column.filled and column.name in _WHEN_DONE]
        for at in times[:1]:
            made[at] = replace(made[at], role=Role.DEADLINE, sure=False)
    section = next((place for place, column in enumerate(made) if column.role is Role.SECTION), None)
    if titled and section is not None:
        made[section] = replace(made[section], role=Role.PLAN)
    elif not titled and section is None:
        merged = _merged(columns, rows)
        for place in range(text):
            if made[place].role is Role.PLAN and place in merged and _titles_like(columns, rows, place):
                made[place] = replace(made[place], role=Role.SECTION, sure=False)
                break
    return IssuedColumns(tuple(made))


def _kind_of(name: str) -> Kind | None:
    """The kind of value that a heading asks of the units; None where it asks for a text, or for nothing."""
    return _BY_NAME.get(name) or (Kind.PERCENT if _SHARE.fullmatch(name) else None)


def _titles_like(columns: IssuedColumns, rows: Sequence[Sequence[Cell | None]], place: int) -> bool:
    """Whether a column's texts are as short as titles, and no problems to be put right."""
    if _meaning(columns.columns[place].name) is Role.PROBLEMS or _PROBLEM.fullmatch(columns.columns[place].name):
        return False
    cells = [cell for cell in _turned(columns, rows)[place] if cell is not None and _has_words(cell)]
    texts = [cell.text.strip() for cell in cells]
    return bool(texts) and len(set(texts)) == len(texts) and len("".join(texts)) <= _TITLE * len(texts)


_TITLE = 14
"""Characters that a title has at most, on the average."""


def _numbers(columns: IssuedColumns, rows: Sequence[Sequence[Cell | None]], place: int) -> bool:
    """Whether a column holds numbers alone."""
    words = [
        "".join(cell.text.split()) for cell in _turned(columns, rows)[place] if cell is not None and _has_words(cell)
    ]
    return bool(words) and all(map(_NUMBERED.fullmatch, words))


def _meaning(name: str) -> Role | None:
    return _ROLES.get(name) or looks_like(name)


def _has_words(cell: Cell | None) -> bool:
    return cell is not None and not cell.continued and bool(cell.text.strip())


def _turned(columns: IssuedColumns, rows: Sequence[Sequence[Cell | None]]) -> list[list[Cell | None]]:
    return [[row[place] for row in rows] for place in range(len(columns.columns))]


def _merged(columns: IssuedColumns, rows: Sequence[Sequence[Cell | None]]) -> set[int]:
    """The columns with cells that reach over several rows, or are left empty below the first."""
    found = set()
    for place, column in enumerate(_turned(columns, rows)):
        below = [cell for cell in column[1:] if cell is not None]
        begins = bool(column) and _has_words(column[0])
        if begins and any(cell.continued or not cell.text.strip() for cell in below):
            found.add(place)
    return found


def inferred(columns: IssuedColumns, rows: Sequence[Sequence[Cell | None]]) -> IssuedColumns:
    """The columns with those that are lacking told by what stands in them: names of units, and the longest text."""
    made = list(columns.columns)
    cells = _turned(columns, rows)
    if not any(column.role in (Role.UNITS, Role.LEAD) for column in made):
        for place, column in enumerate(made):
            words = [cell.text for cell in cells[place] if cell is not None and _has_words(cell)]
            named = sum(all(map(_NAME.search, _PARTED.split(text.strip("。 \n")))) for text in words)
            if column.role is Role.PLAN and len(words) > 1 and named >= 0.7 * len(words):
                made[place] = replace(column, role=Role.UNITS, sure=False)
                break
    joint = next((place for place, column in enumerate(made) if column.role is Role.JOINT), None)
    if joint is not None and not any(column.role in (Role.UNITS, Role.LEAD) for column in made):
        made[joint] = replace(made[joint], role=Role.UNITS, sure=False)  # nobody else is there to see to it
    first = next((place for place, column in enumerate(made) if column.role in UNIT_ROLES), 0)
    if first and not any(column.role is Role.TEXT for column in made):
        lengths = {
            place: sum(len(cell.text) for cell in cells[place] if cell is not None and _has_words(cell))
            for place in range(first)
            if made[place].role is Role.PLAN and made[place].name
        }
        if lengths and max(lengths.values()) >= _LONG * len(rows):
            place = max(lengths, key=lambda at: lengths[at])
            made[place] = replace(made[place], role=Role.TEXT, sure=False)
    return IssuedColumns(tuple(made))


_NAME = re.compile(
    r"(?:局|厅|委|办|部|院|会|社|队|处|所|站|室|中心|政府|公司|银行|大学|学院|集团|单位|部门|街道|镇)(?:（[^（）]*）)?$"
)
_PARTED = re.compile(r"[、，,；;\s]+")
_LONG = 6
"""Characters that a task has at least, on the average."""


def to_columns(columns: IssuedColumns) -> tuple[tuple[Column, ...] | None, list[str]]:
    """The columns of the catalog, None where they are those of the seed; and what people have to look at.

    Columns for the answers that the document lacks are added.
    """
    notes: list[str] = []
    made: list[Column] = []
    for issued in columns.columns:
        made.append(_column(issued, {column.key for column in made}, notes))
    asked = [column for column in made if column.role.filed and column.long]
    if asked and not any(column.required for column in asked):
        made[made.index(asked[0])] = asked[0].model_copy(update={"required": True})
    if not asked:
        given = any(column.role.filed for column in made)
        seed = [column for column in SEED.filed if not given or column.role is Role.PROGRESS]
        taken = {name for column in made for name in (column.name, column.key)}
        added = [_added(column, taken) for column in seed]
        made += added
        notes.append(f"原件没有填报的栏，加上了“{'、'.join(column.name for column in added)}”")
    for fault in shape_faults(made):
        raise CannotRun(f"原件的栏不能直接用作台账：{fault.message}", fault.hint or "在 Word 里改表头，再导入。")
    same = [(column.name, column.role, column.group) for column in made]
    plain = [(column.name, column.role, None) for column in SEED.columns]
    if same == plain or (same[1:] == plain[1:] and made[0].role is Role.SECTION):
        return None, []
    return tuple(made), notes


def _added(column: Column, taken: AbstractSet[str]) -> Column:
    name = next(name for name in (column.name, *_OTHER_NAMES[column.role]) if name not in taken)
    return column.model_copy(update={"added": True, "name": name})


def _key(name: str, column: IssuedColumn, taken: AbstractSet[str]) -> str:
    """What a column is called in the files: by its heading, unless that is taken or cannot be a key."""
    usual = {Role.DEADLINE: "完成时限", Role.UNITS: "责任单位", Role.NUMBER: "序号"}.get(column.role, f"原件{name}")
    group, others = column.heading.group, (f"{name}{place}" for place in range(2, 100))
    for key in (name, f"{group}{name}", usual, *others, f"第{column.heading.first + 1}栏"):
        if key not in taken and fit(key) and (key not in reserved(column.role) or column.role in STANDING):
            return key
    raise ValueError(name)


def _column(column: IssuedColumn, taken: AbstractSet[str], notes: list[str]) -> Column:
    name = column.name or ("章节" if column.role is Role.SECTION else f"第{column.heading.first + 1}栏")
    fields: dict[str, Any] = {"名称": name, "作用": column.role}
    key = _key(name, column, taken)
    if key != name:
        fields["键"] = key
    if column.heading.group:
        fields["归入"] = column.heading.group
    if column.role in PROSE_ROLES:
        fields |= {"必填": True, "可写无": column.role is not Role.PROGRESS, "英文": _ENGLISH[column.role]}
    if column.role is Role.FILED:
        kind = _kind_of(name) or Kind.TEXT
        fields |= {"种类": kind} if kind is not Kind.TEXT else {}
        notes.append(f"“{name}”当作由单位填写的栏（{kind}）")
    elif not column.sure and column.role not in (Role.PLAN, Role.NUMBER):
        notes.append(f"“{name}”一栏当作“{column.role}”，不对的，改“栏目”里的“作用”")
    if column.role is Role.PLAN:
        meant = _meaning(name)
        if column.filled and (_kind_of(name) is not None or (meant is not None and meant.filed)):
            notes.append(f"“{name}”一栏原件已有内容，当作方案的栏；要由单位填写的，把“作用”改成“填报”")
        elif not column.filled:
            notes.append(f"“{name}”一栏是空的，当作方案的栏；要由单位填写的，把“作用”改成“填报”")
    return Column.model_validate(fields)
