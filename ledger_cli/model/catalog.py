"""The catalog (data/tasks.yaml): the plan's sections, tasks, duties, indicators and reporting periods."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Literal

from pydantic import Field

from ledger_cli.model.column import SEED, Column, Shape
from ledger_cli.model.fault import Path
from ledger_cli.model.fields import (
    LAST_DAY,
    NO_KEY,
    Day,
    DayOfMonth,
    Flag,
    MonthDay,
    Number,
    Numbered,
    Record,
    TaskNumber,
    Whole,
    Word,
    Words,
    task_order,
)
from ledger_cli.model.task_text import text_digest

GapColumn = Literal["责任单位", "完成时限"]


class Period(Record):
    """A reporting period; ``due`` is the last day for filing."""

    code: Word = Field(alias="编号")
    name: Word = Field(alias="名称")
    start: Day = Field(alias="开始")
    end: Day = Field(alias="结束")
    due: Day = Field(alias="报送截止")

    def as_of(self, today: date) -> date:
        """The date that figures are counted at: today, and the filing deadline once that has passed."""
        return min(today, self.due)


class Bound(Record):
    """What a duty and an indicator share: id, content, the levels it binds, where the source states it."""

    id: Word = Field(alias="编号")
    what: Word = Field(alias="内容")
    levels: Words = Field(default=(), alias="层级")
    source: Literal["举措", "完成时限"] = Field(default="完成时限", alias="出处")
    note: Word | None = Field(default=None, alias="说明")

    def binds(self, level: str) -> bool:
        return not self.levels or level in self.levels


class Duty(Bound):
    """A 时限要求: due on a date, each year, quarter or month, after an event, or in due course; just one of the six.

    What an event sets off is due on the event's day, or ``within`` so many days of it.
    """

    due: Day | None = Field(default=None, alias="截止")
    yearly: MonthDay | None = Field(default=None, alias="每年")
    quarterly: DayOfMonth | None = Field(default=None, alias="每季")
    monthly: DayOfMonth | None = Field(default=None, alias="每月")
    event: Word | None = Field(default=None, alias="触发")
    event_date: Day | None = Field(default=None, alias="触发日期")
    within: Whole | None = Field(default=None, alias="期限天数")
    in_due_course: Flag | None = Field(default=None, alias="适时")

    @property
    def kinds(self) -> list[str]:
        """The Chinese names of the kinds given; a sound duty has one."""
        given = {
            "截止": self.due,
            "每年": self.yearly,
            "每季": self.quarterly,
            "每月": self.monthly,
            "触发": self.event,
            "适时": self.in_due_course,
        }
        return [name for name, value in given.items() if value]

    @property
    def terms(self) -> dict[str, str]:
        """When it is due, by the keys of the file."""
        given = {
            "截止": str(self.due) if self.due else "",
            "每年": "{:02}-{:02}".format(*self.yearly) if self.yearly else "",
            "每季": _of_month(self.quarterly),
            "每月": _of_month(self.monthly),
            "触发": self.event or "",
            "触发日期": str(self.event_date) if self.event_date else "",
            "期限天数": str(self.within) if self.within is not None else "",
        }
        return {name: text for name, text in given.items() if text}

    @property
    def when(self) -> str:
        """When it is due, in words."""
        if self.due:
            return f"{self.due}前"
        if self.yearly:
            return "每年{}月{}日前".format(*self.yearly)
        if self.quarterly:
            return "每季末" if self.quarterly == LAST_DAY else f"每季最后一个月{self.quarterly}日前"
        if self.monthly:
            return "每月末" if self.monthly == LAST_DAY else f"每月{self.monthly}日前"
        return f"{self.event}后" if self.event else "适时"

    @property
    def recurring(self) -> bool:
        """Whether it comes again, each year, quarter or month."""
        return bool(self.yearly or self.quarterly or self.monthly)

    def occasion(self, due: date) -> str:
        """What tells the times that it falls due apart: 2024 for a yearly one, else 2024-03; "" where it is once."""
        if not self.recurring:
            return ""
        return f"{due.year}" if self.yearly else f"{due.year}-{due.month:02}"

    def due_dates(self, start: date, end: date) -> Iterator[date]:
        """The dates it falls due from ``start`` to ``end``, both included; none where it has no date."""
        fixed = self.due
        if self.event_date:
            fixed = self.event_date + timedelta(days=self.within or 0)
        if fixed and start <= fixed <= end:
            yield fixed
        for year in range(start.year, end.year + 1) if self.recurring else ():
            for month, day in self._each_year():
                due = date(year, month, min(day, monthrange(year, month)[1]))
                if start <= due <= end:
                    yield due

    def _each_year(self) -> Iterator[tuple[int, int]]:
        if self.yearly:
            yield self.yearly
        elif self.quarterly:
            yield from ((month, self.quarterly) for month in (3, 6, 9, 12))
        elif self.monthly:
            yield from ((month, self.monthly) for month in range(1, 13))


def _of_month(day: int | None) -> str:
    return "末" if day == LAST_DAY else str(day or "")


class Indicator(Bound):
    """A 指标: a figure with a lower bound."""

    minimum: Number | None = Field(default=None, alias="下限")
    measure: Word = Field(alias="单位")


class Filing(StrEnum):
    """Who reports on a task (报送方式): each unit for itself, or the one that leads for all."""

    EACH = "各自"
    LEAD = "牵头"


class Task(Record):
    """One task. ``text``, ``units``, ``lead``, ``joint`` and ``deadline`` are the source's words, verbatim.

    ``refs``, ``lead_refs`` and ``joint_refs`` are the units and groups that they name; ``more`` has the words in the
    plan's other columns by key, ``label`` the number as the source prints it where that is another.
    """

    number: Numbered = Field(alias="编号")
    text: Word = Field(alias="举措")
    units: Word = Field(alias="责任单位")
    refs: Words = Field(alias="责任主体")
    lead: Word = Field(default="", alias=f"{NO_KEY}lead")
    lead_refs: Words = Field(default=(), alias=f"{NO_KEY}lead_refs")
    joint: Word = Field(default="", alias=f"{NO_KEY}joint")
    joint_refs: Words = Field(default=(), alias=f"{NO_KEY}joint_refs")
    deadline: Word = Field(alias="完成时限")
    more: dict[str, Word] = Field(default_factory=dict, alias=f"{NO_KEY}more")
    label: Word = Field(default="", alias="原序号")
    filing: Filing | None = Field(default=None, alias="报送方式")
    gaps: tuple[GapColumn, ...] = Field(default=(), alias="原件缺失")
    duties: tuple[Duty, ...] = Field(default=(), alias="时限要求")
    indicators: tuple[Indicator, ...] = Field(default=(), alias="指标")

    @cached_property
    def digest(self) -> str:
        return text_digest(self.text)


class Section(Record):
    """A section of the plan, with tasks of its own, or sections within it, or both."""

    title: Word = Field(alias="标题")
    tasks: tuple[Task, ...] = Field(default=(), alias="任务")
    sections: "tuple[Section, ...]" = Field(default=(), alias="章节")

    def walk(self, path: Path, titles: tuple[str, ...] = ()) -> "Iterator[Placed]":
        """Its tasks in order, each with the path and the titles that lead to it; ``path`` is the section's own."""
        within = (*titles, self.title)
        for place, task in enumerate(self.tasks):
            yield Placed(task, (*path, "任务", place), within)
        for place, section in enumerate(self.sections):
            yield from section.walk((*path, "章节", place), within)


@dataclass(frozen=True, slots=True)
class Placed:
    """A task with its place in the file, and the titles of the sections that it stands in, the outermost first."""

    task: Task
    path: Path
    titles: tuple[str, ...]


UNTITLED = "全部任务"
"""What the one section of a plan is called whose document has none; nobody wrote it, and rows do not print it."""


def begun(before: Sequence[str], titles: Sequence[str]) -> Sequence[str]:
    """The titles of the sections that begin with a task, given those of the task before it."""
    same = next((n for n, (one, other) in enumerate(zip(before, titles, strict=False)) if one != other), len(before))
    return [title for title in titles[same:] if title != UNTITLED] if titles != before else ()


class Head(Record):
    """The ledger's own name; ``start`` and ``end`` are the first and last day of the plan.

    Nothing that fell due before ``issued``, the day the plan was issued, is owed.
    """

    annex: Word = Field(default="", alias="附件")
    title: Word = Field(alias="名称")
    document: Word | None = Field(default=None, alias="文号")
    issued: Day | None = Field(default=None, alias="印发日期")
    start: Day | None = Field(default=None, alias="开始")
    end: Day | None = Field(default=None, alias="结束")
    filing: Filing = Field(default=Filing.EACH, alias="报送方式")


class Catalog(Record):
    head: Head = Field(alias="台账")
    columns: tuple[Column, ...] | None = Field(default=None, alias="栏目")
    current: Word = Field(alias="当前报送期")
    periods: tuple[Period, ...] = Field(alias="报送期")
    sections: tuple[Section, ...] = Field(alias="章节")

    @cached_property
    def shape(self) -> Shape:
        """Its columns; those of the seed where it does not say which it has."""
        texts = frozenset(number for number in self.tasks if isinstance(number, str))
        if self.columns is None and not texts:
            return SEED
        told = any(task.lead_refs or task.joint_refs for task in self.tasks.values())
        return Shape(SEED.columns if self.columns is None else self.columns, texts, told)

    @cached_property
    def tasks(self) -> dict[TaskNumber, Task]:
        return {placed.task.number: placed.task for placed in self.placed}

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """The tasks in order, each with its place."""
        return tuple(placed for place, section in enumerate(self.sections) for placed in section.walk(("章节", place)))

    @property
    def span(self) -> str:
        """The first and the last number, in words."""
        numbers = list(self.tasks)
        if all(isinstance(number, int) for number in numbers):
            return f"第1项至第{max(numbers, key=task_order, default=0)}项"
        return f"第{numbers[0]}项至第{numbers[-1]}项"

    @cached_property
    def place_of(self) -> dict[TaskNumber, int]:
        """The tasks' places from 0 on, in the catalog's order."""
        return {number: place for place, number in enumerate(self.tasks)}

    @cached_property
    def titles_of(self) -> dict[TaskNumber, tuple[str, ...]]:
        """The titles of the sections that a task stands in, the outermost first."""
        return {placed.task.number: placed.titles for placed in self.placed}

    @cached_property
    def numbers_of(self) -> dict[str, list[TaskNumber]]:
        """Task numbers by the digest of the text that stands there."""
        found: dict[str, list[TaskNumber]] = {}
        for number, task in self.tasks.items():
            found.setdefault(task.digest, []).append(number)
        return found

    def period(self, code: str) -> Period | None:
        return next((period for period in self.periods if period.code == code), None)

    @cached_property
    def window(self) -> tuple[date, date]:
        """First and last day of the plan: as given, else of the years in its title, else of all years it names."""
        years = [int(year) for year in re.findall(r"20\d\d", self.head.title)]
        if not years:
            years = [day.year for period in self.periods for day in (period.start, period.end)]
            years += [duty.due.year for task in self.tasks.values() for duty in task.duties if duty.due]
        first = self.head.start or date(min(years, default=2000), 1, 1)
        last = self.head.end or date(max(years, default=2099), 12, 31)
        return first, last
