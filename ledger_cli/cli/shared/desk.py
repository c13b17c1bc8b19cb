"""What a reviewer has before him, whichever command he judges with: a unit's answers of a period, and the record."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.options import find_task, find_unit, moment, reviewer, today, workspace_of
from ledger_cli.edge.console import say
from ledger_cli.edge.disk import Workspace
from ledger_cli.exits import CannotRun
from ledger_cli.files import review_name
from ledger_cli.gather.pipeline import chosen_period, submission_file, unit_ledger
from ledger_cli.gather.plan import sound_plan
from ledger_cli.gather.reviews import add_events
from ledger_cli.model.catalog import Period
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.ledger import Entry, Ledger
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.review import Action, ReviewEvent, Reviews
from ledger_cli.write.view import task_numbers

UnitArgument = Annotated[str, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="姓名", envvar="LEDGER_ACTOR", help="审核人；不写时用 git 里的姓名或者登录名。"),
]

_SPECIAL = re.compile(r"[^\w./\\:~-]")

CHECK = "运行 ledger validate 查看全部错误，改正以后再审核。"


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit in a period of a workspace. ``program`` is how a command begins that is to be about this workspace."""

    workspace: Workspace
    plan: Plan
    period: Period
    unit: Unit
    program: str = "ledger"

    def task(self, text: str) -> TaskNumber:
        """The number of a task that the unit owes; raises ``CannotRun``."""
        number = find_task(self.plan, text)
        if number not in self.plan.claims.by_unit[self.unit.id]:
            hint = f"ledger todo {self.unit.id} 可以列出本单位的任务。"
            raise CannotRun(f"{self.unit.name}不承担第{number}项任务", hint)
        return number

    def ledger(self) -> Ledger:
        """The unit's answers; raises ``CannotRun`` where there is nothing that could be reviewed."""
        ledger = unit_ledger(self.workspace, self.plan, self.period.code, self.unit.id, today=today())
        file = submission_file(self.workspace, self.plan, self.period.code, self.unit.id)
        lost = next((left for left in ledger.left_out if left.task is None), None)
        if lost:
            raise CannotRun(f"{self.unit.name}的报送文件有错误，不能审核（{lost.file} {lost.why}）", CHECK)
        if not ledger.answering and not ledger.left_out:
            hint = "报送以后再审核；文件叫别的名字的，先改正文件名。"
            raise CannotRun(f"{self.unit.name}还没有报送{self.period.name}的内容（{file}）", hint)
        return ledger

    @property
    def record(self) -> str:
        """The name of the period's review record."""
        return review_name(self.period.code)

    def command(self, name: str, *options: str) -> str:
        """A command about the unit and the period as it can be typed."""
        period = () if self.period.code == self.plan.catalog.current else ("--period", self.period.code)
        return " ".join((self.program, name, self.unit.id, *options, *period))

    def write(self, action: Action, contents: Mapping[TaskNumber, str], *, by: str | None, reason: str | None) -> None:
        """Add an event for each task, about the content given with it."""
        own = {(self.unit.id, task): content for task, content in contents.items()}
        write_events(self.workspace, self.plan, self.period, action, own, by=by, reason=reason)


def write_events(
    workspace: Workspace,
    plan: Plan,
    period: Period,
    action: Action,
    contents: Mapping[tuple[str, TaskNumber], str],
    *,
    by: str | None,
    reason: str | None,
) -> None:
    """Add an event for each unit and task, about the content given with them; all of them or none."""
    actor = reviewer(workspace, by)

    def make(known: Reviews) -> Iterator[ReviewEvent]:
        now = moment()
        for (unit, task), content in contents.items():
            time = _time_after(known.last(unit, task), now)
            given = {"单位": unit, "任务": task, "动作": action, "时间": time, "审核人": actor}
            yield ReviewEvent.model_validate({**given, "内容": content, "理由": reason or None})

    _tell_later(add_events(workspace, plan, period, make), moment())


def entries_of(ledger: Ledger) -> dict[TaskNumber, Entry]:
    """The answers in the ledger of one unit, by task."""
    return {record.number: entry for record in ledger.records for entry in record.entries}


def desk_of(context: typer.Context, unit: str, period: str | None) -> Desk:
    """The desk that a command's arguments name; raises ``CannotRun`` where they name none."""
    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    known = plan.catalog.period(chosen_period(plan.catalog, period))
    assert known is not None
    given: Path | None = context.find_root().obj
    elsewhere = given is not None and str(given) != os.environ.get("LEDGER_WORKSPACE")
    program = f"ledger -C {typed(given)}" if given and elsewhere else "ledger"
    return Desk(workspace, plan, known, find_unit(plan, unit), program)


def typed(path: Path) -> str:
    """A path as it is typed on a command line, relative to the current folder where it lies in it."""
    absolute, here = path.absolute(), Path.cwd()
    text = str(absolute.relative_to(here) if absolute.is_relative_to(here) else path)
    return f'"{text}"' if _SPECIAL.search(text) else text


def _time_after(last: ReviewEvent | None, now: datetime) -> datetime:
    """When an event happens that is to count after the last one: now, or a second after what a wrong clock wrote."""
    if last is None or last.time <= now:
        return now
    try:
        return last.time.replace(microsecond=0) + timedelta(seconds=1)
    except OverflowError as error:
        message = f"记录里第{last.task}项已有 {last.time.isoformat()} 的审核，不能再记更晚的时间"
        raise CannotRun(message, "请管理人员核对审核记录，删去时间写错的那一行，再审核一次。") from error


def _tell_later(events: Sequence[ReviewEvent], now: datetime) -> None:
    """Say which events bear a later time than this machine's, because the record already did."""
    for time in sorted({event.time for event in events if event.time > now}):
        tasks = task_numbers([event.task for event in events if event.time == time])
        say(
            f"注意：记录里{tasks}最后一次审核的时间晚于这台电脑现在的时间（{now:%Y-%m-%d %H:%M:%S}），"
            f"这次接在它后面，记为 {time:%Y-%m-%d %H:%M:%S}。请核对电脑的日期和时间。",
            error=True,
        )
