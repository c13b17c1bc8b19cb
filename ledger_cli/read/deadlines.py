"""The words of a column 完成时限 to duties with dates; what has no sure date is handed back as text."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger_cli.model.catalog import Duty
from ledger_cli.model.fields import LAST_DAY, TaskNumber

_WHOLE_TASK = "完成本项任务"
_ALL = {"", "完成", "全部完成", "完成任务", "到位", "完成到位", "落实到位", "整改到位", "完成整改"}
"""What says no more than that the task is done."""
_TIMES_ONLY = re.compile(r"[一二两三四\d]{1,2}次")
_GOES_ON = {"并长期坚持", "并持续推进", "并长期推进"}
_BEFORE = r"(?:以前|之前|前)?"
_END = "[底末]"
_MONTHS = r"(?P<month>\d{1,2})月(?:份)?"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_HALVES = {"上": 6, "下": 12}
_TIMES = (
    ("每年", re.compile(rf"每年(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})[日号]|{_END})|年?{_END}){_BEFORE}")),
    (
        "每季",
        re.compile(rf"(?:每季度?|按季度?)(?:最后一个月|末月)?(?:(?P<day>\d{{1,2}})[日号]|(?P<end>{_END}))?{_BEFORE}"),
    ),
    ("每月", re.compile(rf"(?:每个?月|按月)(?:(?P<day>\d{{1,2}})[日号]|(?P<end>{_END}))?{_BEFORE}")),
    (
        "截止",
        re.compile(rf"(?P<year>\d{{4}})(?P<dot>[.\-/])(?P<month>\d{{1,2}})(?P=dot)(?P<day>\d{{1,2}})日?{_BEFORE}"),
    ),
    (
        "截止",
        re.compile(
            rf"(?:(?P<year>\d{{4}})年|(?P<this>今年|本年度?|当年))?(?:{_MONTHS}(?:(?P<day>\d{{1,2}})[日号]|(?P<end>{_END}))?|"
            rf"(?P<half>[上下])半年(?P<end2>{_END})?|第?(?P<quarter>[一二三四1-4])季度(?P<end3>{_END})?|(?P<yearend>年?{_END}|年内|全年)){_BEFORE}"
        ),
    ),
    ("截止", re.compile(rf"(?P<year>\d{{4}})年(?:度|全年|年?内)?{_BEFORE}")),
)
"""The ways to write a time, the surest first: the kind of duty and its words."""
# Beside a date that was understood, words like these mean that there is more to it.
_MORE_TIME = re.compile(r"\d{4}年|\d月|\d日|年[底末]|季度|半年|每[年月季]")
_VAGUE = re.compile(r"汛|节前|[春夏秋冬]季|学期|开学|国庆|元旦|假期|供暖|[上中下]旬|前后|左右|之前半")
"""Words that make a date unsure: 2025年汛期前 is not the end of 2025."""
_IN_DUE_COURSE = "适时"
_ONGOING = {"长期坚持", "长期", "持续推进", "长期推进", "常态化推进", "长期坚持、持续推进"}
_WITH_BRACKET = re.compile(r"([^（）]*)（([^（）]*)）。?")
_CLAUSE = re.compile(r"((?:（[^（）]*）|[^；;，,。])+)([；;，,。]?)")
_AND = re.compile(r"[、和及]")
_COMMON_YEAR = 2023


@dataclass(frozen=True, slots=True)
class _Time:
    """A time that was understood: the kind of duty, its value, where its words are; ``note`` on what was assumed."""

    kind: str
    value: Any
    start: int
    end: int
    note: str


def parse_deadline(
    number: TaskNumber, text: str, year: int | None = None
) -> tuple[tuple[Duty, ...], tuple[str, ...], tuple[str, ...]]:
    """A task's duties, numbered 3-1, 3-2 …, the clauses whose time is left to people, and notes on what was assumed.

    ``year`` is that of a plan of one year, whose dates need not name it. 长期坚持 is understood and gives no duty.
    """
    duties: list[Duty] = []
    left: list[str] = []
    notes: list[str] = []
    for clause in _clauses("".join(text.split()), year):
        if clause in _ONGOING | _GOES_ON:
            continue
        times, words = _when(clause, year)
        if not times:
            left.append(clause)
            continue
        what = _WHOLE_TASK if words in _ALL | _GOES_ON or _TIMES_ONLY.fullmatch(words) else words
        for time in times:
            fields = {"编号": f"{number}-{len(duties) + 1}", "内容": what, time.kind: time.value}
            duties.append(Duty.model_validate(fields))
            if time.note:
                notes.append(time.note)
    return tuple(duties), tuple(left), tuple(notes)


def _clauses(text: str, year: int | None) -> Iterator[str]:
    """Clauses, a date that stands before a comma together with the clause that it is said of."""
    text = text.translate(str.maketrans("()", "（）"))
    bracket = _WITH_BRACKET.fullmatch(text)
    if bracket and _has_time(bracket[2], year):
        text = f"{bracket[1]}；{bracket[2]}"
    waiting = ""
    for clause, mark in _CLAUSE.findall(text):
        if waiting and (_has_time(clause, year) or clause in _ONGOING | _GOES_ON):
            yield waiting
            waiting = ""
        joined = waiting + clause
        waiting = ""
        if mark in ("，", ",") and _is_bare_date(joined, year):
            waiting = joined
        else:
            yield joined
    if waiting:
        yield waiting


def timed(clause: str) -> tuple[str, Any, str] | None:
    """The kind and value of the time in a clause that names its year or comes again, and the words beside it."""
    time = _time(clause, None)
    if time is None or time.value is None:
        return None
    return time.kind, time.value, _around(clause, time)


def _has_time(clause: str, year: int | None) -> bool:
    return _time(clause, year) is not None or _IN_DUE_COURSE in clause


def _is_bare_date(clause: str, year: int | None) -> bool:
    found = _time(clause, year)
    return found is not None and not _around(clause, found)


def _around(clause: str, time: _Time) -> str:
    """The words beside a date."""
    before, after = clause[: time.start], clause[time.end :]
    return (before.removesuffix("于").removesuffix("在") + after).strip("：:、")


def _when(clause: str, year: int | None) -> tuple[list[_Time], str]:
    """The times of a clause and the words beside them; no time where it is not sure."""
    if _VAGUE.search(clause):
        return [], ""
    found = _time(clause, year)
    if found is None:
        if _IN_DUE_COURSE in clause and not _MORE_TIME.search(clause):
            return [_Time(kind="适时", value=True, start=0, end=0, note="")], clause.replace(_IN_DUE_COURSE, "", 1)
        return [], ""
    words = _around(clause, found)
    if _IN_DUE_COURSE in words:
        return [], ""
    if found.value is None or not _MORE_TIME.search(words):
        return ([] if found.value is None else [found]), words
    return _several(clause, found)


def _several(clause: str, first: _Time) -> tuple[list[_Time], str]:
    """Days that stand side by side, 6月底和12月底前各一次; none where anything else about time is said."""
    if first.kind != "截止":
        return [], ""
    times, end = [first], first.end
    while mark := _AND.match(clause, end):
        following = _time(clause[mark.end() :], times[-1].value.year)
        if following is None or following.start or following.kind != "截止" or following.value is None:
            return [], ""
        times.append(following)
        end = mark.end() + following.end
    words = _around(clause, _Time("", None, first.start, end, ""))
    return ([], "") if len(times) == 1 or _MORE_TIME.search(words) else (times, words)


def _time(clause: str, year: int | None) -> _Time | None:
    """The first time in a clause that is of the surest kind there is; its value is None where there is no such day."""
    for kind, pattern in _TIMES:
        found = pattern.search(clause)
        if found is not None and (kind != "截止" or found["year"] or year is not None):
            value, note = _READERS[kind](found, year)
            return _Time(kind, value, found.start(), found.end(), note)
    return None


def _yearly(found: re.Match[str], _: int | None) -> tuple[Any, str]:
    day = _day(_COMMON_YEAR, found["month"], found["day"])
    return (day.month, day.day) if day else None, ""


def _by_month(found: re.Match[str], _: int | None) -> tuple[Any, str]:
    """The day in a month or in the last month of a quarter."""
    if found["day"]:
        day = int(found["day"])
        return (str(day) if 1 <= day <= LAST_DAY else None), ""
    return "末", "" if found["end"] else f"“{found[0]}”按{'每季末' if '季' in found[0] else '每月末'}计"


def _fixed(found: re.Match[str], plan_year: int | None) -> tuple[Any, str]:
    said = found.groupdict()
    year = int(said["year"] or plan_year or 0)
    month = said.get("month")
    if said.get("quarter"):
        month = str(_QUARTERS[said["quarter"]] * 3)
    elif said.get("half"):
        month = str(_HALVES[said["half"]])
    day = _day(year, month, said.get("day"))
    if day is None:
        return None, ""
    sure = any(said.get(name) for name in ("day", "end", "end2", "end3")) or (said.get("yearend") or "")[-1:] in (
        "底",
        "末",
    )
    if said["year"] and sure:
        return day, ""
    return day, f"“{found[0]}”按{day.year}年{day.month}月{day.day}日计"


_READERS: dict[str, Callable[[re.Match[str], int | None], tuple[Any, str]]] = {
    "每年": _yearly,
    "每季": _by_month,
    "每月": _by_month,
    "截止": _fixed,
}


def _day(year: int, month: str | None, day: str | None) -> date | None:
    """The day; the last one of the month or the year where none is written."""
    number = int(month) if month else 12
    try:
        return date(year, number, int(day) if day else calendar.monthrange(year, number)[1])
    except ValueError:
        return None
