"""Reminders: what one unit still owes, as text to paste into a chat and as the variables of a Word template."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ledger_cli.model.ledger import Ledger, Outcome, Party, TaskRecord
from ledger_cli.model.obligation import Obligation, State
from ledger_cli.model.status import Status
from ledger_cli.write.view import chinese_day, task_numbers

_HEAD = 30
"""Characters of a task's text that tell which task is meant."""

_MANY = 10
"""Missing answers above which their numbers alone are listed."""

_NUMBERS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a unit owes: parts of a title and lines each, in the order of urgency; no parts, nothing owed."""

    unit: Party
    opening: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    closing: str
    day: str

    @property
    def text(self) -> str:
        """The notice as plain text."""
        lines = [f"{self.unit.name}：", self.opening]
        for number, (title, items) in enumerate(self.parts):
            lines.append(f"{_NUMBERS[number]}、{title}")
            lines.extend(items)
        return "\n".join([*lines, self.closing, self.day]) + "\n"

    @property
    def context(self) -> dict[str, Any]:
        """The variables of templates/notice.docx."""
        return {
            "通知": {
                "标题": "填报提醒",
                "主送": self.unit.name,
                "开头": self.opening,
                "部分": [
                    {"标题": f"{_NUMBERS[number]}、{title}", "内容": "\n".join(items)}
                    for number, (title, items) in enumerate(self.parts)
                ],
                "结尾": self.closing,
                "日期": self.day,
            }
        }


def notices(status: Status) -> Iterator[Notice]:
    """A notice for each unit that owes something, in registry order: answers, corrections, overdue duties."""
    for party in status.owing:
        parts = tuple(_parts(status, party))
        if parts:
            yield _notice(status, party, parts)


def _notice(status: Status, party: Party, parts: tuple[tuple[str, tuple[str, ...]], ...]) -> Notice:
    ledger = status.ledger
    as_of, due = status.as_of, status.due
    opening = (
        f"{ledger.title}（{ledger.period_name}）统计至{chinese_day(as_of)}，贵单位还有以下事项没有办结，请抓紧办理。"
    )
    left = (due - as_of).days
    if left >= 0:
        closing = f"请于{chinese_day(due)}前报送{f'（还有{left}天）' if left else '（当天截止）'}。"
    else:
        closing = f"报送截止日期是{chinese_day(due)}，已经超过{-left}天，请尽快报送。"
    return Notice(party, opening, parts, closing, chinese_day(as_of))


def _parts(status: Status, party: Party) -> Iterator[tuple[str, tuple[str, ...]]]:
    ledger = status.ledger
    missing = [r for r in ledger.records if status.outcomes[r.number].get(party.id) is Outcome.MISSING]
    if missing:
        whole = "（全部没有报）" if len(missing) == status.coverage[party.id].owed else ""
        yield f"未报{len(missing)}项{whole}", tuple(_missing(missing))
    faulty = [left for left in ledger.left_out if left.unit == party.id]
    if faulty:
        yield (
            f"有误没有收入{len(faulty)}处，请改正后重报",
            tuple(_fault(ledger, left.owed, left.why) for left in faulty),
        )
    rejected = status.rejected(party.id)
    if rejected:
        records = [record for record in ledger.records if record.number in rejected]
        reasons = tuple(f"第{r.number}项　{_clipped(r)}　退回理由：{rejected[r.number].why}" for r in records)
        yield f"退回{len(rejected)}项，请修改后重报", reasons
    late = [obligation for obligation in status.of_unit(party.id) if obligation.state is State.OVERDUE]
    if late:
        yield f"逾期的要求{len(late)}条，已完成的请填完成日期", tuple(_late(status, late))
    near = [obligation for obligation in status.of_unit(party.id) if obligation.state is State.NEAR]
    if near and (missing or faulty or rejected or late):
        yield f"即将到期的要求{len(near)}条", tuple(_near(status, near))


def _missing(records: Sequence[TaskRecord]) -> Iterator[str]:
    if len(records) > _MANY:
        yield task_numbers(record.number for record in records)
    else:
        yield from (f"第{record.number}项　{_clipped(record)}" for record in records)


def _clipped(record: TaskRecord) -> str:
    return record.text if len(record.text) <= _HEAD else record.text[:_HEAD] + "……"


def _fault(ledger: Ledger, task: int | str | None, why: str) -> str:
    if task is None:
        return f"整份文件　{why}"
    texts = {record.number: record for record in ledger.records}
    if isinstance(task, int) and task in texts:
        return f"第{task}项　{_clipped(texts[task])}　{why}"
    return f"“{task}”　{why}"


def _late(status: Status, late: Sequence[Obligation]) -> Iterator[str]:
    for obligation in sorted(late, key=lambda o: -o.days_over(status.as_of)):
        assert obligation.due is not None
        over = obligation.days_over(status.as_of)
        what, day = f"第{obligation.task}项　{obligation.what}", chinese_day(obligation.due)
        if obligation.since_event:
            yield f"{what}，{day}起应当办理，已过{over}天"
        elif obligation.yearly:
            year = f"{obligation.id}@{obligation.due.year}"
            yield f"{what}，应于{day}前完成，已逾期{over}天（完成日期写作“{year}”）"
        else:
            yield f"{what}，应于{day}前完成，已逾期{over}天"


def _near(status: Status, near: Sequence[Obligation]) -> Iterator[str]:
    for obligation in near:
        assert obligation.due is not None
        left = -obligation.days_over(status.as_of)
        when = f"还有{left}天" if left else "当天到期"
        yield f"第{obligation.task}项　{obligation.what}，{chinese_day(obligation.due)}到期，{when}"
