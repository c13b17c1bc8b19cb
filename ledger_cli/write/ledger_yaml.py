"""A ledger to YAML: the form that other programs of the office, and people, read."""

from collections.abc import Iterator

from ledger_cli.emit import block, quoted, word
from ledger_cli.model.column import Role, Shape, shown
from ledger_cli.model.ledger import Entry, Ledger, TaskRecord
from ledger_cli.model.review import ReviewState
from ledger_cli.model.shaped import value_of


def to_yaml(ledger: Ledger) -> str:
    """The ledger as YAML with Chinese keys; nothing of it is left out."""
    lines = [
        f"附件: {quoted(ledger.annex)}",
        f"名称: {quoted(ledger.title)}",
        f"报送期: {quoted(ledger.period)}",
        f"报送期名称: {quoted(ledger.period_name)}",
        f"统计日期: {ledger.as_of}",
    ]
    lines.append("单位:" if ledger.parties else "单位: []")
    for party in ledger.parties:
        confirmed = "true" if party.confirmed else "false"
        lines.append(
            f"  - {{代码: {quoted(party.id)}, 名称: {quoted(party.name)}, "
            f"简称: {quoted(party.short)}, 已确认: {confirmed}}}"
        )
    lines.append("任务:" if ledger.records else "任务: []")
    for record in ledger.records:
        lines.extend(_record_yaml(record, ledger.shape))
    lines.append("未收入:" if ledger.left_out else "未收入: []")
    for left in ledger.left_out:
        task = "null" if left.task is None else left.task if isinstance(left.task, int) else quoted(left.task)
        lines.append(f"  - 单位: {quoted(left.unit)}")
        lines.append(f"    文件: {quoted(left.file)}")
        lines.append(f"    任务: {task}")
        lines.append(f"    原因: {quoted(left.why)}")
        lines.extend([f"    原文现在是: {left.meant}"] if left.meant is not None else [])
    lines.extend(["未通过审核:"] if ledger.withheld else [])
    for held in ledger.withheld:
        lines.append(f"  - 单位: {quoted(held.unit)}")
        lines.append(f"    文件: {quoted(held.file)}")
        lines.append(f"    任务: {held.task}")
        lines.append(f"    审核: {_review_yaml(held.review)}")
    return "\n".join(lines) + "\n"


def _record_yaml(record: TaskRecord, shape: Shape) -> Iterator[str]:
    yield f"  - 编号: {record.number}"
    yield f"    章节: {quoted(record.section)}"
    if record.within:
        yield f"    小节: {_list(record.within)}"
    for column in shape.of_plan:
        if column.role not in (Role.SECTION, Role.NUMBER):
            yield f"    {word(column.key)}: {quoted(record.words(column))}"
    if record.gaps:
        yield f"    原件缺失: {_list(record.gaps)}"
    if record.labels:
        yield "    要求和指标:"
        for item, label in record.labels.items():
            yield f"      {quoted(item)}: {_list((label.what, label.measure))}"
    yield f"    应报: {_list(record.owing)}"
    yield f"    自定: {_list(record.invited)}"
    yield f"    未报: {_list(record.missing)}"
    yield "    答复:" if record.entries else "    答复: []"
    for entry in record.entries:
        yield from _entry_yaml(entry, shape)


def _entry_yaml(entry: Entry, shape: Shape) -> Iterator[str]:
    answer = entry.answer
    yield f"      - 单位: {quoted(entry.unit)}"
    yield f"        名称: {quoted(entry.name)}"
    yield f"        文件: {quoted(entry.file)}"
    yield f"        行: {entry.line}"
    for column in shape.filed:
        value = value_of(answer, column)
        if value is not None:
            yield from block(f"        {word(column.key)}: ", shown(column, value), 10)
    if answer.not_applicable is not None:
        yield from block("        不涉及: ", answer.not_applicable, 10)
    if answer.met:
        yield f"        完成: {_map({item: day.isoformat() for item, day in answer.met.items()})}"
    if answer.figures:
        yield f"        指标: {_map({item: str(value) for item, value in answer.figures.items()})}"
    if answer.evidence:
        yield f"        佐证: {_list(answer.evidence)}"
    if answer.spoken_for:
        yield f"        联合: {_list(answer.spoken_for)}"
    if entry.review:
        yield f"        审核: {_review_yaml(entry.review)}"


def _review_yaml(review: ReviewState) -> str:
    given = {"状态": str(review.status)}
    if review.event:
        event = review.event
        given |= {
            "动作": str(event.action),
            "时间": event.time.isoformat(),
            "审核人": event.actor,
            "内容": event.content,
        }
        given |= {"举措": event.task_text} if event.task_text is not None else {}
        given |= {"理由": event.reason} if event.reason is not None else {}
        given |= {"原文有改动": "true"} if review.reworded else {}
    return _map(given)


def _list(items: tuple[str, ...]) -> str:
    return "[" + ", ".join(quoted(item) for item in items) + "]"


def _map(items: dict[str, str]) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {quoted(value)}" for key, value in items.items()) + "}"
