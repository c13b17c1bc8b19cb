"""A ledger to YAML, JSON and CSV, and YAML back to the same ledger."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ledger_cli.exits import CannotRun
from ledger_cli.model.ledger import Entry, Label, Ledger, LeftOut, Party, TaskRecord, Withheld
from ledger_cli.model.review import ReviewEvent, ReviewState, Standing
from ledger_cli.model.submission import Answer, plain_number
from ledger_cli.write.spreadsheet import csv_bytes
from ledger_cli.write.view import extras


def to_bytes(ledger: Ledger, suffix: str) -> bytes:
    """The ledger in the format of a file name's suffix; raises ``CannotRun`` for others."""
    if suffix in (".yaml", ".yml"):
        return to_yaml(ledger).encode("utf-8")
    if suffix == ".json":
        text = json.dumps(to_json(ledger), ensure_ascii=False, indent=2)
        return (text + "\n").encode("utf-8")
    if suffix == ".csv":
        return csv_bytes(*_csv_table(ledger))
    later = "这个版本还不能把台账写成 Excel 文件" if suffix == ".xlsx" else f"文件名的后缀“{suffix}”认不出来"
    raise CannotRun(later, "文件名用 .yaml、.json 或者 .csv 结尾。")


# -- JSON -----------------------------------------------------------------------------------------


def to_json(ledger: Ledger) -> dict[str, Any]:
    """The ledger as JSON data, in the form that scripts rely on."""
    total = ledger.coverage()
    return {
        "title": ledger.title,
        "period": ledger.period,
        "as_of": ledger.as_of.isoformat(),
        "tasks": [_task_json(record) for record in ledger.records],
        "left_out": [
            {"unit": left.unit, "task": left.task, "file": left.file, "why": left.why} for left in ledger.left_out
        ],
        "withheld": [
            {"unit": held.unit, "task": held.task, "file": held.file, "review": _review_json(held.review)}
            for held in ledger.withheld
        ],
        "totals": {
            "tasks": total.tasks,
            "units": len(ledger.parties),
            "units_reported": total.units,
            "owed": total.owed,
            "reported": total.reported,
            "not_applicable": total.not_applicable,
            "faulty": total.faulty,
            "missing": total.missing,
            "withheld": total.withheld,
            "accepted": total.accepted,
            "rejected": total.rejected,
            "pending": total.pending,
            "provisional_units": [party.id for party in ledger.parties if not party.confirmed],
        },
    }


def _task_json(record: TaskRecord) -> dict[str, Any]:
    return {
        "task": record.number,
        "section": record.section,
        "text": record.text,
        "units": record.units,
        "deadline": record.deadline,
        "assumed": list(record.gaps),
        "owing": list(record.owing),
        "invited": list(record.invited),
        "answers": [_entry_json(entry) for entry in record.entries],
        "missing": list(record.missing),
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    answer = entry.answer
    return {
        "unit": entry.unit,
        "file": entry.file,
        "line": entry.line,
        "progress": answer.progress,
        "problems": answer.problems,
        "plans": answer.plans,
        "not_applicable": answer.not_applicable,
        "met": {item: day.isoformat() for item, day in answer.met.items()},
        "figures": {item: plain_number(value) for item, value in answer.figures.items()},
        "evidence": list(answer.evidence),
        "review": _review_json(entry.review),
    }


def _review_json(review: ReviewState | None) -> dict[str, Any] | None:
    """How an answer stands; who said so, when and why; ``was`` is what a pending answer was before it changed."""
    if review is None:
        return None
    event = review.event
    return {
        "state": str(review.status),
        "actor": event.actor if event else None,
        "time": event.time.isoformat() if event else None,
        "reason": event.reason if event else None,
        "was": str(event.action) if event and review.status is Standing.PENDING else None,
    }


# -- CSV ------------------------------------------------------------------------------------------

_COLUMNS = (
    "编号", "章节", "任务举措", "责任单位", "完成时限", "填报单位", "状态",
    "具体落实情况", "存在问题", "工作打算", "不涉及", "完成、指标、佐证", "文件", "行",
)  # fmt: skip
_REVIEW_COLUMNS = ("审核", "审核人", "审核时间", "审核理由")


def _csv_table(ledger: Ledger) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Headings and rows; the columns of the review follow where the period is reviewed."""
    columns = (*_COLUMNS, *_REVIEW_COLUMNS) if ledger.reviewed else _COLUMNS
    return columns, (row + [""] * (len(columns) - len(row)) for row in _csv_rows(ledger))


def _csv_rows(ledger: Ledger) -> Iterator[list[str]]:
    """One row an answer, one row a unit that owes an answer or whose answer was left out.

    What was left out and belongs to none of the tasks, as a whole file or an answer under another number, comes last.
    """
    names = {party.id: party.name for party in ledger.parties}
    for record in ledger.records:
        head = [str(record.number), record.section, record.text, record.units, record.deadline]
        for entry in record.entries:
            answer = entry.answer
            state = "已报" if answer.not_applicable is None else "不涉及"
            texts = [answer.progress or "", answer.problems or "", answer.plans or "", answer.not_applicable or ""]
            place = ["\n".join(extras(answer, record.labels)), entry.file, str(entry.line)]
            yield [*head, entry.name, state, *texts, *place, *_review_cells(entry.review)]
        for unit in record.missing:
            yield [*head, names.get(unit, unit), "未报", "", "", "", "", "", "", ""]
        for held in ledger.withheld:
            if held.task == record.number:
                cells = ["", "", "", "", "", held.file, "", *_review_cells(held.review)]
                yield [*head, names.get(held.unit, held.unit), "未通过审核", *cells]
        for left in ledger.left_out:
            if left.owed == record.number:
                yield [*head, names.get(left.unit, left.unit), "有误", "", "", "", "", left.why, left.file, ""]
    numbers = {record.number for record in ledger.records}
    for left in ledger.left_out:
        if left.owed not in numbers:
            where = "" if left.task is None else str(left.task)
            name = names.get(left.unit, left.unit)
            yield [where, "", "", "", "", name, "有误", "", "", "", "", left.why, left.file, ""]


def _review_cells(review: ReviewState | None) -> list[str]:
    if review is None:
        return []
    event = review.event
    if event is None:
        return [str(review.status), "", "", ""]
    return [str(review.status), event.actor, event.time.isoformat(), review.why]


# -- YAML -----------------------------------------------------------------------------------------


def to_yaml(ledger: Ledger) -> str:
    """The ledger as YAML with Chinese keys; ``from_yaml`` gives the same ledger back."""
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
        lines.extend(_record_yaml(record))
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


def _record_yaml(record: TaskRecord) -> Iterator[str]:
    yield f"  - 编号: {record.number}"
    yield f"    章节: {quoted(record.section)}"
    yield f"    举措: {quoted(record.text)}"
    yield f"    责任单位: {quoted(record.units)}"
    yield f"    完成时限: {quoted(record.deadline)}"
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
        answer = entry.answer
        yield f"      - 单位: {quoted(entry.unit)}"
        yield f"        名称: {quoted(entry.name)}"
        yield f"        文件: {quoted(entry.file)}"
        yield f"        行: {entry.line}"
        for key, text in (
            ("具体落实情况", answer.progress),
            ("存在问题", answer.problems),
            ("工作打算", answer.plans),
            ("不涉及", answer.not_applicable),
        ):
            if text is not None:
                yield from prose(f"        {key}: ", text, 10)
        if answer.met:
            yield f"        完成: {_map({item: day.isoformat() for item, day in answer.met.items()})}"
        if answer.figures:
            yield f"        指标: {_map({item: str(value) for item, value in answer.figures.items()})}"
        if answer.evidence:
            yield f"        佐证: {_list(answer.evidence)}"
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


def quoted(text: str) -> str:
    """A scalar on one line; JSON's double quotes are YAML's, whatever the text holds."""
    return json.dumps(text, ensure_ascii=False)


def _list(items: tuple[str, ...]) -> str:
    return "[" + ", ".join(quoted(item) for item in items) + "]"


def _map(items: dict[str, str]) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {quoted(value)}" for key, value in items.items()) + "}"


# What a literal block keeps to the letter: no line that is blank, begins or ends in white space.
_BLOCK_SAFE = re.compile(r"(?:[^\s](?:[^\n]*[^\s])?)(?:\n[^\s](?:[^\n]*[^\s])?)*")


def prose(key: str, text: str, indent: int, mark: str = "|-") -> Iterator[str]:
    """A key with prose as a literal block where that keeps every character, else quoted."""
    if _BLOCK_SAFE.fullmatch(text):
        yield key + mark
        yield from (" " * indent + line for line in text.split("\n"))
    else:
        yield key + quoted(text)


def from_yaml(text: str) -> Ledger:
    """The ledger that ``to_yaml`` wrote."""
    import yaml  # noqa: PLC0415 - only this reader of our own output loads YAML without places

    data = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - the base loader makes nothing but text
    return Ledger(
        annex=data["附件"],
        title=data["名称"],
        period=data["报送期"],
        period_name=data["报送期名称"],
        as_of=date.fromisoformat(data["统计日期"]),
        records=tuple(_record(item) for item in data["任务"]),
        left_out=tuple(
            LeftOut(
                item["单位"],
                item["文件"],
                _task_of(item["任务"]),
                item["原因"],
                int(item["原文现在是"]) if "原文现在是" in item else None,
            )
            for item in data["未收入"]
        ),
        parties=tuple(
            Party(item["代码"], item["名称"], item["简称"], item["已确认"] == "true") for item in data["单位"]
        ),
        withheld=tuple(
            Withheld(item["单位"], item["文件"], int(item["任务"]), _review(item["审核"], item["单位"], item["任务"]))
            for item in data.get("未通过审核", ())
        ),
    )


def _task_of(text: str) -> int | str | None:
    if text == "null":
        return None
    return int(text) if text.isdecimal() else text


def _review(given: dict[str, str], unit: str, task: str) -> ReviewState:
    status = Standing(given["状态"])
    rest = {key: value for key, value in given.items() if key not in ("状态", "原文有改动")}
    event = ReviewEvent.model_validate({"单位": unit, "任务": task, **rest}) if rest else None
    return ReviewState(status, event, reworded="原文有改动" in given)


_NOT_OF_ANSWER = ("单位", "名称", "文件", "行", "审核")


def _record(item: dict[str, Any]) -> TaskRecord:
    return TaskRecord(
        number=int(item["编号"]),
        section=item["章节"],
        text=item["举措"],
        units=item["责任单位"],
        deadline=item["完成时限"],
        gaps=tuple(item.get("原件缺失", ())),
        owing=tuple(item["应报"]),
        invited=tuple(item["自定"]),
        missing=tuple(item["未报"]),
        labels={key: Label(what, measure) for key, (what, measure) in item.get("要求和指标", {}).items()},
        entries=tuple(
            Entry(
                unit=entry["单位"],
                name=entry["名称"],
                file=entry["文件"],
                line=int(entry["行"]),
                answer=Answer.model_validate({key: value for key, value in entry.items() if key not in _NOT_OF_ANSWER}),
                review=_review(entry["审核"], entry["单位"], item["编号"]) if "审核" in entry else None,
            )
            for entry in item["答复"]
        ),
    )
