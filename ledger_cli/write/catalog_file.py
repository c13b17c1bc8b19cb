"""A catalog to data/tasks.yaml, in the layout that people keep: one field a line, small records as flow maps."""

from collections.abc import Iterable, Iterator

from ledger_cli.emit import flow_list, flow_map, quoted, word
from ledger_cli.model.catalog import Bound, Catalog, Duty, Filing, Head, Indicator, Period, Section, Task
from ledger_cli.model.column import Column, Kind, Role, Shape
from ledger_cli.model.shaped import REFS_KEYS, words_of


def to_catalog_yaml(catalog: Catalog, comment: str = "") -> str:
    """The file's text, below ``comment``, whose lines get their # here; reading it gives the same catalog."""
    lines = [f"# {line}".rstrip() for line in comment.split("\n")] if comment else []
    if lines:
        lines.append("")
    lines.extend(_head(catalog.head))
    if catalog.columns is not None:
        lines.extend(["", "栏目:", *(f"  - {_column(column)}" for column in catalog.columns)])
    lines.extend(["", f"当前报送期: {word(catalog.current)}"])
    lines.append("报送期:" if catalog.periods else "报送期: []")
    lines.extend(f"  - {period_map(period)}" for period in catalog.periods)
    lines.extend(["", "章节:" if catalog.sections else "章节: []"])
    for section in catalog.sections:
        lines.extend(_section(section, catalog.shape, "  "))
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(head: Head) -> Iterator[str]:
    yield "台账:"
    fields = (
        ("附件", head.annex or None),
        ("名称", head.title),
        ("文号", head.document),
        ("印发日期", head.issued),
        ("开始", head.start),
        ("结束", head.end),
        ("报送方式", head.filing if head.filing is not Filing.EACH else None),
    )
    for name, value in fields:
        if value is not None:
            yield f"  {name}: {word(str(value))}"


def _column(column: Column) -> str:
    fields = [("名称", word(column.name))]
    if column.own_key:
        fields.append(("键", word(column.own_key)))
    fields.append(("作用", column.role))
    if column.kind is not Kind.TEXT:
        fields.append(("种类", column.kind))
    fields += [("选项", flow_list(column.choices))] if column.choices else []
    fields += [(name, "true") for name, on in (("必填", column.required), ("可写无", column.nil_allowed)) if on]
    fields += [("别名", flow_list(column.aliases))] if column.aliases else []
    fields += [("宽", format(column.width, "f"))] if column.width is not None else []
    given = (("单位", column.measure), ("英文", column.own_english), ("归入", column.group))
    fields += [(name, word(value)) for name, value in given if value]
    fields += [("增列", "true")] if column.added else []
    return flow_map(fields)


def period_map(period: Period) -> str:
    """A period as a flow map, as it stands on its line."""
    days = (("开始", period.start), ("结束", period.end), ("报送截止", period.due))
    names = [("编号", word(period.code)), ("名称", word(period.name))]
    return flow_map([*names, *((name, str(day)) for name, day in days)])


def _section(section: Section, shape: Shape, indent: str) -> Iterator[str]:
    yield f"{indent}- 标题: {word(section.title)}"
    if section.tasks or not section.sections:
        yield f"{indent}  任务:" if section.tasks else f"{indent}  任务: []"
    for task in section.tasks:
        for place, line in enumerate(_task(task, shape)):
            yield f"{indent}    {'  ' if place else '- '}{line}"
        yield ""
    if section.sections:
        yield f"{indent}  章节:"
    for within in section.sections:
        yield from _section(within, shape, f"{indent}    ")


def _task(task: Task, shape: Shape) -> Iterator[str]:
    """The lines of a task, as they stand below each other."""
    yield f"编号: {word(str(task.number))}"
    if task.label:
        yield f"原序号: {word(task.label)}"
    for column in shape.text_and_beside:
        words = words_of(task, column)
        if words or shape.seed:
            yield f"{word(column.key)}: {word(words)}"
        refs = {Role.UNITS: task.refs, Role.LEAD: task.lead_refs, Role.JOINT: task.joint_refs}.get(column.role)
        if refs or (shape.seed and column.role is Role.UNITS):
            yield f"{REFS_KEYS[column.role]}: {flow_list(refs or ())}"
    for role, others in ((Role.LEAD, task.lead_refs), (Role.JOINT, task.joint_refs)):
        if others and not shape.of(role):
            yield f"{REFS_KEYS[role]}: {flow_list(others)}"
    if task.filing:
        yield f"报送方式: {task.filing}"
    if task.gaps:
        yield f"原件缺失: {flow_list(task.gaps)}"
    if task.duties:
        yield "时限要求:"
        yield from (f"  - {_duty(duty)}" for duty in task.duties)
    if task.indicators:
        yield "指标:"
        yield from (f"  - {_indicator(indicator)}" for indicator in task.indicators)


def _duty(duty: Duty) -> str:
    own = [(name, word(text)) for name, text in duty.terms.items()]
    if duty.in_due_course is not None:
        own.append(("适时", "true" if duty.in_due_course else "false"))
    return _bound(duty, own)


def _indicator(indicator: Indicator) -> str:
    own = [("单位", word(indicator.measure))]
    if indicator.minimum is not None:
        own.insert(0, ("下限", format(indicator.minimum, "f")))
    return _bound(indicator, own)


def _bound(bound: Bound, own: Iterable[tuple[str, str]]) -> str:
    # In quotes: other programs take 3-1 for a date.
    fields = [("编号", quoted(bound.id)), ("内容", word(bound.what)), *own]
    if bound.levels:
        fields.append(("层级", word(bound.levels[0]) if len(bound.levels) == 1 else flow_list(bound.levels)))
    if bound.source != "完成时限":
        fields.append(("出处", bound.source))
    if bound.note is not None:
        fields.append(("说明", word(bound.note)))
    return flow_map(fields)
