"""The words of a column 完成时限 to duties with dates; what has no sure date is handed back as text."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ledger_cli.model.catalog import Duty
from ledger_cli.model.fields import TaskNumber

_WHOLE_TASK = "完成本项任务"
_BEFORE = r"(?:以前|之前|前)?"
_DATE = re.compile(rf"(?P<year>\d{{4}})年(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日|[底末])|年?[底末]){_BEFORE}")
_YEARLY = re.compile(rf"每年(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日|[底末])|年?[底末]){_BEFORE}")
# Beside a date that was understood, words like these mean that there is more to it.
_MORE_TIME = re.compile(r"\d{4}年|\d月|\d日|年[底末]|季度|半年|每[年月季]")
_IN_DUE_COURSE = "适时"
_ONGOING = {"长期坚持", "长期"}
_WITH_BRACKET = re.compile(r"([^（）]*)（([^（）]*)）。?")
_CLAUSE = re.compile(r"((?:（[^（）]*）|[^；;，,。])+)([；;，,。]?)")
_COMMON_YEAR = 2023


def parse_deadline(number: TaskNumber, text: str) -> tuple[tuple[Duty, ...], tuple[str, ...]]:
    """A task's duties, numbered 3-1, 3-2 …, and the clauses whose time is left to people.

    长期坚持 is understood and gives no duty.
    """
    duties: list[Duty] = []
    left: list[str] = []
    for clause in _clauses("".join(text.split())):
        if clause in _ONGOING:
            continue
        kind, value, words = _when(clause)
        if not kind:
            left.append(clause)
            continue
        fields = {"编号": f"{number}-{len(duties) + 1}", "内容": words or _WHOLE_TASK, kind: value}
        duties.append(Duty.model_validate(fields))
    return tuple(duties), tuple(left)


def _clauses(text: str) -> Iterator[str]:
    """Clauses, a date that stands before a comma together with the clause that it is said of."""
    text = text.translate(str.maketrans("()", "（）"))
    bracket = _WITH_BRACKET.fullmatch(text)
    if bracket and _has_time(bracket[2]):
        text = f"{bracket[1]}；{bracket[2]}"
    waiting = ""
    for clause, mark in _CLAUSE.findall(text):
        if waiting and (_has_time(clause) or clause in _ONGOING):
            yield waiting
            waiting = ""
        joined = waiting + clause
        waiting = ""
        if mark in ("，", ",") and _is_bare_date(joined):
            waiting = joined
        else:
            yield joined
    if waiting:
        yield waiting


def _has_time(clause: str) -> bool:
    return bool(_DATE.search(clause) or _YEARLY.search(clause) or _IN_DUE_COURSE in clause)


def _is_bare_date(clause: str) -> bool:
    found = _YEARLY.search(clause) or _DATE.search(clause)
    return found is not None and not _around(clause, found)


def _around(clause: str, found: re.Match[str]) -> str:
    """The words beside a date."""
    before, after = clause[: found.start()], clause[found.end() :]
    return (before.removesuffix("于").removesuffix("在") + after).strip("：:、")


def _when(clause: str) -> tuple[str, Any, str]:
    """The kind of duty, its value, and the words beside it; no kind where the time is not sure."""
    for kind, pattern in (("每年", _YEARLY), ("截止", _DATE)):
        found = pattern.search(clause)
        if found is None:
            continue
        words = _around(clause, found)
        day = _day(int(found["year"]) if kind == "截止" else _COMMON_YEAR, found["month"], found["day"])
        if day is None or _MORE_TIME.search(words):
            return "", None, ""
        return kind, day if kind == "截止" else (day.month, day.day), words
    if _IN_DUE_COURSE in clause and not _MORE_TIME.search(clause):
        return "适时", True, clause.replace(_IN_DUE_COURSE, "", 1)
    return "", None, ""


def _day(year: int, month: str | None, day: str | None) -> date | None:
    """The day; the last one of the month or the year where none is written."""
    number = int(month) if month else 12
    try:
        return date(year, number, int(day) if day else calendar.monthrange(year, number)[1])
    except ValueError:
        return None
