"""The YAML of a ledger back to the ledger: what it keeps is what this reads."""

from datetime import date
from typing import Any

import yaml

from ledger_cli.model.ledger import Entry, Label, Ledger, LeftOut, Party, TaskRecord, Withheld
from ledger_cli.model.review import ReviewEvent, ReviewState, Standing
from ledger_cli.model.submission import Answer


def from_yaml(text: str) -> Ledger:
    """The ledger that ``to_yaml`` wrote."""
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
