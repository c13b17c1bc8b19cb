"""The columns of a ledger (栏目 in data/tasks.yaml): what each means, who fills it in, and with what."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from ledger_cli.model.fields import (
    Day,
    Flag,
    Number,
    Prose,
    Record,
    TaskNumber,
    Word,
    Words,
    blank_is_none,
    plain_number,
    refuse,
)

Value = str | bool | Decimal | date
"""What a unit may put into a column, by its kind: text, yes or no, a number, a day."""


class Role(StrEnum):
    """What a column means (作用). Those up to ``PLAN`` are the plan's own, the others are filled in by the units."""

    SECTION = "章节"
    NUMBER = "编号"
    TEXT = "举措"
    UNITS = "责任"
    LEAD = "牵头"
    JOINT = "配合"
    DEADLINE = "时限"
    PLAN = "方案"
    PROGRESS = "落实"
    PROBLEMS = "问题"
    PLANS = "打算"
    FILED = "填报"

    @property
    def filed(self) -> bool:
        """Whether the units fill the column in."""
        return self in _FILED

    @property
    def many(self) -> bool:
        """Whether a ledger may have several columns of it."""
        return self in (Role.PLAN, Role.FILED)


PROSE_ROLES = (Role.PROGRESS, Role.PROBLEMS, Role.PLANS)
"""The texts that the rules about prose are about."""
_FILED = frozenset((*PROSE_ROLES, Role.FILED))


class Kind(StrEnum):
    """What a unit writes into a column (种类)."""

    TEXT = "正文"
    FLAG = "是否"
    CHOICE = "选项"
    PERCENT = "百分比"
    NUMBER = "数字"
    DAY = "日期"
    PERSON = "人名"


class Column(Record):
    """One column. ``key`` is what it is called under a task or an answer, ``name`` what stands over it in print.

    ``required`` columns must stand in every answer; where ``nil_allowed``, 无 is one. ``width`` is a share of the
    table's width, ``english`` the key in JSON. ``group`` is a heading above this one and its neighbours; ``added``
    columns do not stand in the document as it was issued.
    """

    name: Word = Field(alias="名称")
    own_key: Word | None = Field(default=None, alias="键")
    role: Role = Field(alias="作用")
    kind: Kind = Field(default=Kind.TEXT, alias="种类")
    choices: Words = Field(default=(), alias="选项")
    measure: Word | None = Field(default=None, alias="单位")
    required: Flag = Field(default=False, alias="必填")
    nil_allowed: Flag = Field(default=False, alias="可写无")
    aliases: Words = Field(default=(), alias="别名")
    width: Number | None = Field(default=None, alias="宽")
    own_english: Word | None = Field(default=None, alias="英文")
    group: Word | None = Field(default=None, alias="归入")
    added: Flag = Field(default=False, alias="增列")

    @property
    def key(self) -> str:
        return self.own_key or self.name

    @property
    def english(self) -> str:
        return self.own_english or self.name

    @property
    def long(self) -> bool:
        """Whether it holds texts of several paragraphs."""
        return self.kind is Kind.TEXT


UNNUMBERED = "无"
"""What stands for the printed number of a task whose document has none."""
_NO_LABEL = ("", UNNUMBERED)

_TAKEN = frozenset(
    [
        "章节",
        "编号",
        "举措",
        "序",
        "题",
        "答复",
        "附注",
        "单位",
        "冒号",
        "短名",
        "续",
        "任务格",
        "章节格",
        "章首",
        "灯",
        "号",
    ]
)
"""What templates call other things of a row."""


@dataclass(frozen=True)
class Shape:
    """All columns of a ledger, in printed order, and those numbers of its tasks that are texts.

    ``parts_told`` says that tasks tell who leads and who cooperates, whether there are columns for it or not.
    """

    columns: tuple[Column, ...]
    numbers: frozenset[str] = frozenset()
    parts_told: bool = False
    _by_role: Mapping[Role, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_role", {c.role: c for c in reversed(self.columns) if not c.role.many})

    def __hash__(self) -> int:
        return hash(tuple(column.name for column in self.columns))

    def of(self, role: Role) -> Column | None:
        """The column of a role, the first one where there are more."""
        return self._by_role.get(role)

    def key(self, role: Role) -> str:
        """What the column of a role is called in the files; "" where there is none."""
        column = self._by_role.get(role)
        return column.key if column else ""

    @cached_property
    def seed(self) -> bool:
        """Whether it is the shape of a catalog that does not say its columns."""
        return self.columns == SEED.columns

    @cached_property
    def of_plan(self) -> tuple[Column, ...]:
        """The columns that the plan fills in."""
        return tuple(column for column in self.columns if not column.role.filed)

    @cached_property
    def filed(self) -> tuple[Column, ...]:
        """The columns that the units fill in."""
        return tuple(column for column in self.columns if column.role.filed)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What the columns that the units fill in are called in their files."""
        return tuple(column.key for column in self.filed)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The keys that every answer must have, unless it does not concern its unit."""
        return tuple(column.key for column in self.filed if column.required)

    @cached_property
    def main(self) -> Column:
        """The column in which an answer says first what it has to say: what was done, or why nothing was to be done."""
        long = [column for column in self.filed if column.long]
        return self.of(Role.PROGRESS) or (long or self.filed or self.columns)[0]

    @cached_property
    def tags(self) -> dict[str, str]:
        """What templates call the columns, by key: no signs, none twice, none that means something else."""
        found: dict[str, str] = {}
        for column in self.columns:
            own = {Role.SECTION: "章节", Role.TEXT: "举措"}.get(column.role) or re.sub(r"\W", "", column.key)
            while not own or own[0].isdigit() or own[0] == "_" or own in found.values() or own in self._taken(column):
                own = f"栏{own}"
            found[column.key] = own
        return found

    @staticmethod
    def _taken(column: Column) -> frozenset[str]:
        return frozenset() if column.role in (Role.SECTION, Role.TEXT) else _TAKEN

    def before_text(self, number: TaskNumber, label: str) -> str:
        """What stands before a task's text: its number as it is printed, unless that has a column of its own."""
        return "" if self.of(Role.NUMBER) else f"{number}." if label in _NO_LABEL else label

    @staticmethod
    def numbered(number: TaskNumber, label: str) -> str:
        """What stands before a task's text where no column has its number: as it is printed, else with a dot."""
        own = printed_number(number, label)
        return f"{own}." if own[-1:].isalnum() else own

    @cached_property
    def issued(self) -> "Shape":
        """The columns as they stand in the document that was issued."""
        own = tuple(column for column in self.columns if not column.added)
        return self if len(own) == len(self.columns) else Shape(own, self.numbers, self.parts_told)

    @property
    def text_and_beside(self) -> tuple[Column, ...]:
        """The column of the tasks' texts, and those of ``beside``."""
        text = self.of(Role.TEXT)
        return (*([text] if text else []), *self.beside)

    @cached_property
    def beside(self) -> tuple[Column, ...]:
        """The columns of the plan that say more of a task than its section, number and text."""
        return tuple(c for c in self.of_plan if c.role not in (Role.SECTION, Role.NUMBER, Role.TEXT))

    @cached_property
    def notes(self) -> tuple[Column, ...]:
        """The columns over which a report prints its notes below a task: the first that stand together."""
        found: list[Column] = []
        for column in self.columns:
            if column.role.filed:
                found.append(column)
            elif found:
                break
        return tuple(found)

    @cached_property
    def asked(self) -> str:
        """The columns that every answer must have, as sentences speak of them: 三栏."""
        return columns_in_words(len(self.required))

    @property
    def has_parts(self) -> bool:
        """Whether units have different parts in a task: some lead, some cooperate."""
        return self.parts_told or bool(self.of(Role.LEAD) or self.of(Role.JOINT))

    @property
    def whole(self) -> str:
        """All columns that the units fill in, as sentences speak of them."""
        return columns_in_words(len(self.filed))

    @cached_property
    def more(self) -> tuple[Column, ...]:
        """The columns that the units fill in and no rule about prose knows."""
        return tuple(column for column in self.filed if column.role is Role.FILED)

    @cached_property
    def prose(self) -> tuple[str, ...]:
        """The keys of the three texts of the rules about prose, in their order; "" for one that is not there."""
        return tuple(self.key(role) for role in PROSE_ROLES)

    @cached_property
    def key_of(self) -> dict[str, str]:
        """The keys of the columns that the units fill in, by key and by what stands over them."""
        return {column.name: column.key for column in self.filed} | {key: key for key in self.keys}

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns that the units fill in, by key."""
        return {column.key: column for column in self.filed}


def _column(name: str, role: Role, **more: Any) -> Column:
    return Column.model_validate({"名称": name, "作用": role, **more})


SEED = Shape(
    (
        _column("章节", Role.SECTION),
        _column("任务举措", Role.TEXT, 键="举措"),
        _column("责任单位", Role.UNITS),
        _column("完成时限", Role.DEADLINE),
        _column("具体落实情况", Role.PROGRESS, 必填=True, 英文="progress"),
        _column("存在问题", Role.PROBLEMS, 必填=True, 可写无=True, 英文="problems"),
        _column("工作打算", Role.PLANS, 必填=True, 可写无=True, 英文="plans"),
    )
)
"""The columns of a catalog that does not say which it has."""


# -- what the units write ------------------------------------------------------------------------------


def printed_number(number: TaskNumber, label: str) -> str:
    """A task's number as its document prints it; its own where the document has none."""
    return str(number) if label in _NO_LABEL else label


def value_type(column: Column) -> Any:
    """The type that a unit's value of a column is read as; blank is none."""
    return Annotated[_TYPES[column.kind](column), BeforeValidator(blank_is_none)]


def _choice(column: Column) -> Any:
    def chosen(value: Any) -> Any:
        text = _one_line(value)
        if text not in column.choices:
            raise refuse(f"“{text}”不在可选的内容里", f"从“{'”“'.join(column.choices)}”里选一个。")
        return text

    return Annotated[str, BeforeValidator(chosen)]


def _percent(_: Column) -> Any:
    def percentage(value: Any) -> Any:
        text = value.strip().replace("％", "%") if isinstance(value, str) else value
        bare = text.removesuffix("%").rstrip() if isinstance(text, str) else text
        if isinstance(bare, str) and not re.fullmatch(r"(?:0|[1-9]\d*)(?:\.\d+)?", bare, re.ASCII):
            raise refuse(f"“{text}”不是百分比", "写 60 或者 60% 的样子。")
        return bare

    return Annotated[Number, BeforeValidator(percentage)]


def _number(column: Column) -> Any:
    def bare(value: Any) -> Any:
        measure = column.measure or ""
        return value.strip().removesuffix(measure).rstrip() if isinstance(value, str) else value

    return Annotated[Number, BeforeValidator(bare)]


def _person(_: Column) -> Any:
    return Annotated[str, BeforeValidator(_one_line)]


def _one_line(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else value
    if not isinstance(text, str) or "\n" in text:
        raise refuse("这里应是一个值，却成了一组内容或者几行", "只写一行，不分段。")
    return text


_TYPES: dict[Kind, Callable[[Column], Any]] = {
    Kind.TEXT: lambda _: Prose | None,
    Kind.FLAG: lambda _: Flag | None,
    Kind.CHOICE: lambda column: _choice(column) | None,
    Kind.PERCENT: lambda column: _percent(column) | None,
    Kind.NUMBER: lambda column: _number(column) | None,
    Kind.DAY: lambda _: Day | None,
    Kind.PERSON: lambda column: _person(column) | None,
}


def shown(column: Column, value: Value | None) -> str:
    """A value as documents print it and as people write it; reading it again gives the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        number = str(plain_number(value))
        return f"{number}%" if column.kind is Kind.PERCENT else number
    return value.isoformat() if isinstance(value, date) else value


def as_shown(column: Column, value: Value | None) -> str:
    """What somebody wrote in a column, as it is shown once it has been read; what cannot be read, as it is."""
    if not isinstance(value, str) or column.long:
        return shown(column, value)
    try:
        return shown(column, _adapter(column).validate_python(value))
    except ValidationError:
        return value


def misread(column: Column, text: str) -> str:
    """Why a text is no value of a column, in words that follow its name; "" where it is one."""
    if column.long or not text.strip():
        return ""
    try:
        _adapter(column).validate_python(text)
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
        return str(context.get("message") or "的内容形式不对")
    return ""


@lru_cache
def _adapter(column: Column) -> TypeAdapter[Any]:
    return TypeAdapter(value_type(column))


def as_json(value: Value | None) -> str | bool | int | float | None:
    """A value as JSON has it: numbers and truth as such, a day as text."""
    if isinstance(value, Decimal):
        return plain_number(value)
    return value.isoformat() if isinstance(value, date) else value


def columns_in_words(count: int) -> str:
    """So many columns, as sentences speak of them: 三栏."""
    if count == 1:
        return "这一栏"
    return f"{'两三四五六七八九十'[count - 2]}栏" if 1 < count <= _COUNTED else f"{count}栏"


_COUNTED = 10


def how_to_write(column: Column) -> str:
    """What is to be written into a column that is no free text, in a few words."""
    return {
        Kind.TEXT: "",
        Kind.FLAG: "写“是”或者“否”",
        Kind.CHOICE: f"从{'、'.join(column.choices)}里选一个",
        Kind.PERCENT: "写百分比，如 60%",
        Kind.NUMBER: f"写数字，单位是{column.measure}" if column.measure else "写数字",
        Kind.DAY: "写日期，如 2024-06-30",
        Kind.PERSON: "写姓名",
    }[column.kind]


def parts(columns: Iterable[Column]) -> Iterator[tuple[str, list[Column]]]:
    """Neighbouring columns under one heading above them, "" where there is none."""
    together: list[Column] = []
    for column in columns:
        if together and not (column.group and column.group == together[0].group):
            yield together[0].group or "", together
            together = []
        together.append(column)
    if together:
        yield together[0].group or "", together
