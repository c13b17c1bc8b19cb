"""The columns of an issued table: what each of them means, by its heading and by what stands below it."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from ledger_cli.intake.heads import Heading
from ledger_cli.model.column import PROSE_ROLES, SEED, Column, Kind, Role
from ledger_cli.model.heading import HEADINGS
from ledger_cli.model.shape_fault import STANDING, fit, reserved

_ROLES = {name: role for role, names in reversed(HEADINGS.items()) for name in names}
_NAMING = (Role.UNITS, Role.LEAD, Role.JOINT)
_PROBLEM_AS_TASK = ("问题", "存在问题", "问题清单", "主要问题", "反馈问题", "整改问题", "具体问题")
_KINDS = {
    Kind.PERCENT: "进度 完成进度 完成率 完成比例 完成百分比 工作进度 进度（%） 完成进度（%） 进度%",
    Kind.FLAG: "是否完成 是否办结 是否销号 是否达标 是否按期完成 是否整改到位",
    Kind.DAY: "实际完成时间 实际完成日期 办结时间 办结日期 销号时间",
}
_BY_NAME = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_ENGLISH = dict(zip(PROSE_ROLES, ("progress", "problems", "plans"), strict=True))


@dataclass(frozen=True, slots=True)
class IssuedColumn:
    """A column of an issued table: its heading and what it means; a ``filled`` one has words of the plan."""

    heading: Heading
    role: Role
    filled: bool = True

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
        lacks += [] if any(self.of(role) for role in _NAMING) else ["责任单位"]
        return "、".join(lacks)


def issued_columns(headings: Sequence[Heading]) -> IssuedColumns:
    """What the columns mean by their headings alone; several of one meaning are told apart."""
    roles: list[Role | None] = [_ROLES.get(heading.name) for heading in headings]
    texts = [place for place, role in enumerate(roles) if role is Role.TEXT]
    if not texts:  # a rectification ledger: what is to be done is the problem
        texts = [place for place, heading in enumerate(headings) if heading.name in _PROBLEM_AS_TASK][:1]
    for place in texts[:-1]:
        roles[place] = None
    if texts:
        roles[texts[-1]] = Role.TEXT
    found: list[IssuedColumn] = []
    for place, heading in enumerate(headings):
        role = roles[place]
        if role is None:
            left = bool(texts) and place < texts[-1] and not any(c.role is Role.SECTION for c in found)
            role = Role.SECTION if left and (not heading.name or place in texts) else Role.PLAN
            if heading.name in _BY_NAME:
                role = Role.FILED
        elif not role.many and any(column.role is role for column in found):
            role = Role.FILED if role.filed else Role.PLAN
        found.append(IssuedColumn(heading, role))
    return IssuedColumns(tuple(found))


def settled(columns: IssuedColumns, filled: Iterable[int]) -> IssuedColumns:
    """The columns once it is known which of them (by place) the plan has filled in: what it says is the plan's."""
    own = set(filled)
    return IssuedColumns(
        tuple(
            replace(column, role=Role.PLAN if column.role.filed and place in own else column.role, filled=place in own)
            for place, column in enumerate(columns.columns)
        )
    )


def to_columns(columns: IssuedColumns) -> tuple[tuple[Column, ...] | None, list[str]]:
    """The columns of the catalog, None where they are those of the seed; and what people have to look at.

    Columns for the answers that the document lacks are added.
    """
    notes: list[str] = []
    made: list[Column] = []
    for issued in columns.columns:
        made.append(_column(issued, {column.key for column in made}, notes))
    if not any(column.role is Role.PROGRESS for column in made):
        given = any(column.role.filed for column in made)
        seed = [column for column in SEED.filed if not given or column.role is Role.PROGRESS]
        taken = {column.name for column in made}
        made += [
            column.model_copy(update={"added": True, "name": column.name if column.name not in taken else "落实情况"})
            for column in seed
        ]
        names = "、".join(column.name for column in seed)
        notes.append(f"原件没有填报的栏，加上了“{names}”")
    same = [(column.name, column.role, column.group) for column in made]
    plain = [(column.name, column.role, None) for column in SEED.columns]
    if same == plain or (same[1:] == plain[1:] and made[0].role is Role.SECTION):
        return None, []
    return tuple(made), notes


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
        kind = _BY_NAME.get(name, Kind.TEXT)
        fields |= {"种类": kind} if kind is not Kind.TEXT else {}
        notes.append(f"“{name}”当作由单位填写的栏（{kind}）")
    if column.role is Role.PLAN and not column.filled:
        notes.append(f"“{name}”一栏是空的，当作方案的栏；要由单位填写的，把“作用”改成“填报”")
    return Column.model_validate(fields)
