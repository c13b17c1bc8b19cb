"""A catalog to data/tasks.yaml, in the layout that people keep: one field a line, small records as flow maps."""

from collections.abc import Iterable, Iterator

from ledger_cli.emit import quoted, word
from ledger_cli.model.catalog import Bound, Catalog, Duty, Head, Indicator, Period, Task


def to_catalog_yaml(catalog: Catalog, comment: str = "") -> str:
    """The file's text, below ``comment``, whose lines get their # here; reading it gives the same catalog."""
    lines = [f"# {line}".rstrip() for line in comment.split("\n")] if comment else []
    if lines:
        lines.append("")
    lines.extend(_head(catalog.head))
    lines.extend(["", f"当前报送期: {word(catalog.current)}"])
    lines.append("报送期:" if catalog.periods else "报送期: []")
    lines.extend(f"  - {period_map(period)}" for period in catalog.periods)
    lines.extend(["", "章节:" if catalog.sections else "章节: []"])
    for section in catalog.sections:
        lines.append(f"  - 标题: {word(section.title)}")
        lines.append("    任务:" if section.tasks else "    任务: []")
        for task in section.tasks:
            lines.extend(_task(task))
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _head(head: Head) -> Iterator[str]:
    yield "台账:"
    fields = (
        ("附件", head.annex),
        ("名称", head.title),
        ("文号", head.document),
        ("印发日期", head.issued),
        ("开始", head.start),
        ("结束", head.end),
    )
    for name, value in fields:
        if value is not None:
            yield f"  {name}: {word(str(value))}"


def period_map(period: Period) -> str:
    """A period as a flow map, as it stands on its line."""
    days = (("开始", period.start), ("结束", period.end), ("报送截止", period.due))
    names = [("编号", word(period.code)), ("名称", word(period.name))]
    return _map([*names, *((name, str(day)) for name, day in days)])


def _task(task: Task) -> Iterator[str]:
    yield f"      - 编号: {task.number}"
    yield f"        举措: {word(task.text)}"
    yield f"        责任单位: {word(task.units)}"
    yield f"        责任主体: {_list(task.refs)}"
    yield f"        完成时限: {word(task.deadline)}"
    if task.gaps:
        yield f"        原件缺失: {_list(task.gaps)}"
    if task.duties:
        yield "        时限要求:"
        yield from (f"          - {_duty(duty)}" for duty in task.duties)
    if task.indicators:
        yield "        指标:"
        yield from (f"          - {_indicator(indicator)}" for indicator in task.indicators)


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
        fields.append(("层级", word(bound.levels[0]) if len(bound.levels) == 1 else _list(bound.levels)))
    if bound.source != "完成时限":
        fields.append(("出处", bound.source))
    if bound.note is not None:
        fields.append(("说明", word(bound.note)))
    return _map(fields)


def _map(fields: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields) + "}"


def _list(items: Iterable[str]) -> str:
    return "[" + ", ".join(word(item) for item in items) + "]"
