"""Can these columns make a ledger? What is wrong with 栏目 (K514)."""

from collections.abc import Iterator, Sequence

from ledger_cli.model.column import Column, Kind, Role
from ledger_cli.model.fault import Fault, Path
from ledger_cli.model.submission import BESIDE

_OF_TASK = frozenset(
    ("编号", "原序号", "责任主体", "牵头主体", "配合主体", "原件缺失", "时限要求", "指标", "报送方式", "派生自")
)
_OF_ANSWER = frozenset(BESIDE)
STANDING = (Role.SECTION, Role.NUMBER)
"""Roles whose columns need no key: sections and tasks have keys for these."""


def shape_faults(columns: Sequence[Column]) -> Iterator[Fault]:
    """Each fault at the column that has it; those of the whole at 栏目."""
    seen: set[str] = set()
    names: dict[str, bool] = {}
    roles: dict[Role, str] = {}
    for place, column in enumerate(columns):
        path: Path = ("栏目", place)
        name = column.name
        if not name:
            yield Fault("K514", (*path, "名称"), "有一栏没有名称", "写上表头里印的名称。")
            continue
        if column.key in seen:
            message, hint = f"“{column.key}”这一栏写了两次", "删去其中一个；原件里就有两栏同名的，给一栏加上“键”。"
            yield Fault("K514", (*path, "键" if column.own_key else "名称"), message, hint)
        elif name in names and (column.role.filed or names[name]):
            yield Fault("K514", (*path, "名称"), f"“{name}”这一栏写了两次", "由单位填写的栏，名称不能与别的栏相同。")
        seen.add(column.key)
        names[name] = column.role.filed
        if column.role in roles and not column.role.many:
            message = f"“{roles[column.role]}”和“{name}”的作用都是“{column.role}”"
            hint = "这个作用只能有一栏；另一栏改写“方案”（由方案定）或者“填报”（由单位填）。"
            yield Fault("K514", (*path, "作用"), message, hint)
        roles.setdefault(column.role, name)
        yield from _key(path, column)
        yield from _kind(path, column)
    for role, what in ((Role.TEXT, "任务本身"), (Role.UNITS, "由谁负责")):
        if not any(r in roles for r in ((role, Role.LEAD) if role is Role.UNITS else (role,))):
            either = "“责任”或者“牵头”" if role is Role.UNITS else f"“{role}”"
            yield Fault("K514", ("栏目",), f"没有一栏的作用是{either}，不知道{what}", "补上这一栏。", at_key=True)
    filed = [column for column in columns if column.role.filed]
    if not filed:
        message = "没有一栏由单位填写"
        yield Fault("K514", ("栏目",), message, "至少写一栏作用是“落实”的。", at_key=True)
    elif not any(column.required for column in filed):
        message = "单位填写的各栏没有一栏是必填的，看不出哪家已经报送"
        yield Fault("K514", ("栏目",), message, "至少给一栏写上“必填: true”。", at_key=True)


def reserved(role: Role) -> frozenset[str]:
    """The keys that mean something else where the columns of a role stand."""
    return _OF_ANSWER if role.filed else _OF_TASK


def fit(key: str) -> bool:
    """Whether a text can be a key."""
    return not any(mark in key for mark in "|:：#\n\t") and not key.isdecimal()


def _key(path: Path, column: Column) -> Iterator[Fault]:
    taken = reserved(column.role)
    where = (*path, "键" if column.own_key else "名称")
    if column.role not in STANDING and column.key in taken:
        message = f"“{column.key}”在任务或者答复下面已经另有用处"
        yield Fault("K514", where, message, "加上“键”，换一个名称，例如“键: 报送的指标”。")
    if not fit(column.key):
        yield Fault("K514", where, f"“{column.key}”不能用作栏目的键", "去掉竖线、冒号和井号，不要只写数字。")


def _kind(path: Path, column: Column) -> Iterator[Fault]:
    if not column.role.filed and column.kind is not Kind.TEXT:
        message = f"“{column.name}”由方案定，不写种类"
        yield Fault("K514", (*path, "种类"), message, "删去“种类”；由单位填写的，作用改成“填报”。")
    elif column.role.filed and column.role is not Role.FILED and column.kind is not Kind.TEXT:
        message = f"“{column.name}”的作用是“{column.role}”，种类只能是正文"
        yield Fault("K514", (*path, "种类"), message, "删去“种类”，或者把作用改成“填报”。")
    if (column.kind is Kind.CHOICE) != bool(column.choices):
        message = f"“{column.name}”的种类是选项，没有列出选项"
        if column.choices:
            message = f"“{column.name}”列出了选项，种类却不是选项"
        yield Fault("K514", (*path, "名称"), message, "写成“种类: 选项, 选项: [未开展, 推进中, 已完成]”的样子。")
    if column.width is not None and column.width <= 0:
        yield Fault("K514", (*path, "宽"), f"“{column.name}”的宽不是正数", "写占表宽的百分之几，如 20。")
