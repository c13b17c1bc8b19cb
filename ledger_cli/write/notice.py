"""Reminders: what one unit still owes, as text to paste into a chat and as the variables of a Word template."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ledger_cli.model.clip import clipped
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.ledger import Ledger, LeftOut, Outcome, Party, TaskRecord
from ledger_cli.model.obligation import Obligation, State
from ledger_cli.model.status import Status
from ledger_cli.write.view import chinese_day, task_numbers

_HEAD = 30
"""Characters of a task's text that tell which task is meant."""

_MANY = 10
"""Missing answers above which their numbers alone are listed."""

_HOW_TO_SAY_WHEN = (
    "补报的办法：在填报表的“完成日期”一栏填写；表里没有这一栏的，回复时写明是哪一项要求、哪一天完成的。"
    "还没有完成的，请回复原因和预计完成的时间。"
)

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


@dataclass(frozen=True, slots=True)
class _Owed:
    """What one unit owes, each kind in catalog order."""

    missing: tuple[TaskRecord, ...]
    faulty: tuple[LeftOut, ...]
    rejected: tuple[tuple[TaskRecord, str], ...]
    late: tuple[Obligation, ...]
    near: tuple[Obligation, ...]

    @classmethod
    def by(cls, status: Status, unit: str) -> "_Owed":
        records, rejected, duties = status.ledger.records, status.rejected(unit), status.of_unit(unit)
        return cls(
            tuple(r for r in records if status.outcomes[r.number].get(unit) is Outcome.MISSING),
            tuple(left for left in status.ledger.left_out if left.unit == unit),
            tuple((r, rejected[r.number].why) for r in records if r.number in rejected),
            tuple(duty for duty in duties if duty.state is State.OVERDUE),
            tuple(duty for duty in duties if duty.state is State.NEAR),
        )

    def __bool__(self) -> bool:
        return bool(self.missing or self.faulty or self.rejected or self.late)


def notices(status: Status) -> Iterator[Notice]:
    """A notice for each unit that owes something, in registry order: answers, corrections, overdue duties."""
    ledger = status.ledger
    day = chinese_day(status.as_of)
    opening = f"{ledger.title}（{ledger.period_name}）统计至{day}，贵单位还有以下事项没有办结，请抓紧办理。"
    for party in status.owing:
        owed = _Owed.by(status, party.id)
        if owed:
            yield Notice(party, opening, tuple(_parts(status, party, owed)), _closing(status, owed), day)


def _closing(status: Status, owed: _Owed) -> str:
    """Until when to report, or to correct; a unit that has reported everything is not told to report."""
    if owed.missing or owed.rejected:
        asked = "报送"
    elif owed.faulty:
        asked = "改正重报"
    else:
        return "请尽快办理，并回复办理情况。"
    left, due = (status.due - status.as_of).days, chinese_day(status.due)
    if left >= 0:
        return f"请于{due}前{asked}{f'（还有{left}天）' if left else '（当天截止）'}。"
    return f"报送截止日期是{due}，已经超过{-left}天，请尽快{asked}。"


def _parts(status: Status, party: Party, owed: _Owed) -> Iterator[tuple[str, tuple[str, ...]]]:
    ledger = status.ledger
    if owed.missing:
        whole = "（全部没有报）" if len(owed.missing) == status.coverage[party.id].owed else ""
        yield f"未报{len(owed.missing)}项{whole}", tuple(_missing(owed.missing, party.id))
    if owed.faulty:
        title = f"有误没有收入{len(owed.faulty)}处，请改正后重报"
        yield title, tuple(_fault(ledger, left.owed, left.why) for left in owed.faulty)
    if owed.rejected:
        reasons = tuple(f"第{r.number}项　{_clipped(r)}　退回理由：{why}" for r, why in owed.rejected)
        yield f"退回{len(owed.rejected)}项，请修改后重报", reasons
    if owed.late:
        title = f"逾期的要求{len(owed.late)}条，已完成的请补报完成日期"
        yield title, (*_late(status, owed.late), _HOW_TO_SAY_WHEN)
    if owed.near:
        yield f"即将到期的要求{len(owed.near)}条", tuple(_near(status, owed.near))


def _missing(records: Sequence[TaskRecord], unit: str) -> Iterator[str]:
    if len(records) <= _MANY:
        yield from (f"第{record.number}项{_part(record, unit)}　{_clipped(record)}" for record in records)
        return
    for part in dict.fromkeys(_part(record, unit) for record in records):
        yield task_numbers(r.number for r in records if _part(r, unit) == part) + part


def _part(record: TaskRecord, unit: str) -> str:
    return f"（{record.part(unit)}）" if record.lead or record.joint else ""


def _clipped(record: TaskRecord) -> str:
    return clipped(record.text, _HEAD)


def _fault(ledger: Ledger, task: TaskNumber | None, why: str) -> str:
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
        what, day = _what(status, obligation), chinese_day(obligation.due)
        if obligation.since_event:
            yield f"{what}，{day}起应当办理，已过{over}天"
        else:
            year, _, month = obligation.occasion.partition("-")
            time = f"（{year}年{int(month)}月）" if month else f"（{year}年度）" if year else ""
            yield f"{what}{time}，应于{day}前完成，已逾期{over}天"


def _near(status: Status, near: Sequence[Obligation]) -> Iterator[str]:
    for obligation in near:
        assert obligation.due is not None
        left = -obligation.days_over(status.as_of)
        when = f"还有{left}天" if left else "当天到期"
        yield f"{_what(status, obligation)}，{chinese_day(obligation.due)}到期，{when}"


def _what(status: Status, obligation: Obligation) -> str:
    part = _part(status.records[obligation.task], obligation.unit)
    return f"第{obligation.task}项{part}　{obligation.what}"
