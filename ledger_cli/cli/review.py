"""Commands for reviewers: accept answers, reject one, take either back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ledger_cli.cli.chinese import ChineseCommand
from ledger_cli.cli.options import (
    PeriodOption,
    find_task,
    find_unit,
    moment,
    printable,
    reviewer,
    today,
    workspace_of,
)
from ledger_cli.console import say
from ledger_cli.exits import CannotRun, Exit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ledger_cli.model.catalog import Period
    from ledger_cli.model.ledger import Entry, Ledger
    from ledger_cli.model.plan import Plan
    from ledger_cli.model.registry import Unit
    from ledger_cli.model.review import Action, ReviewEvent
    from ledger_cli.workspace import Workspace

UnitArgument = Annotated[str, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")]
TaskOption = Annotated[
    str | None, typer.Option("--task", metavar="编号", help="只审核这一项任务的答复；不写时是全部。")
]
TakenBackOption = Annotated[
    str | None, typer.Option("--task", metavar="编号", help="只撤回对这一项任务的审核；不写时是全部。")
]
ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="理由", help="写给以后查看记录的人。")]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="姓名", envvar="LEDGER_ACTOR", help="审核人；不写时用 git 里的姓名或者登录名。"),
]


def register_review(app: typer.Typer) -> None:
    """Add this module's commands to the app."""
    for name, command in (("accept", accept), ("reject", reject), ("reopen", reopen)):
        app.command(name, cls=ChineseCommand)(command)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a reviewer has before him: the unit's answers of a period, and the record."""

    workspace: "Workspace"
    plan: "Plan"
    period: "Period"
    unit: "Unit"

    def task(self, text: str) -> int:
        """The number of a task that the unit owes; raises ``CannotRun``."""
        number = find_task(self.plan, text)
        if number not in self.plan.claims.by_unit[self.unit.id]:
            hint = f"ledger todo {self.unit.id} 可以列出本单位的任务。"
            raise CannotRun(f"{self.unit.name}不承担第{number}项任务", hint)
        return number

    def ledger(self) -> "Ledger":
        """The unit's answers; raises ``CannotRun`` where there is nothing that could be reviewed."""
        from ledger_cli.pipeline import submission_file, unit_ledger  # noqa: PLC0415

        ledger = unit_ledger(self.workspace, self.plan, self.period.code, self.unit.id, today=today())
        file = submission_file(self.workspace, self.plan, self.period.code, self.unit.id)
        lost = next((left for left in ledger.left_out if left.task is None), None)
        if lost:
            raise CannotRun(f"{self.unit.name}的报送文件有错误，不能审核（{lost.file} {lost.why}）", _CHECK)
        if not ledger.answering and not ledger.left_out:
            hint = "报送以后再审核；文件叫别的名字的，先改正文件名。"
            raise CannotRun(f"{self.unit.name}还没有报送{self.period.name}的内容（{file}）", hint)
        return ledger

    def write(self, action: "Action", contents: "Mapping[int, str]", *, by: str | None, reason: str | None) -> None:
        """Add an event for each task, about the content given with it."""
        from ledger_cli.model.review import ReviewEvent  # noqa: PLC0415
        from ledger_cli.reviews import add_events, sound_record  # noqa: PLC0415

        actor, now = reviewer(self.workspace, by), moment()
        known = sound_record(self.workspace, self.plan, self.period.code)
        events = []
        for task, content in contents.items():
            time = _time_after(known.last(self.unit.id, task), now)
            given = {"单位": self.unit.id, "任务": task, "动作": action, "时间": time, "审核人": actor, "内容": content}
            events.append(ReviewEvent.model_validate({**given, "理由": reason or None}))
        add_events(self.workspace, self.plan, self.period, events)
        _tell_later(events, now)


def _time_after(last: "ReviewEvent | None", now: "datetime") -> "datetime":
    """When an event happens that is to count after the last one: now, or a second after what a wrong clock wrote."""
    if last is None or last.time <= now:
        return now
    try:
        return last.time.replace(microsecond=0) + timedelta(seconds=1)
    except OverflowError as error:
        message = f"记录里第{last.task}项已有 {last.time.isoformat()} 的审核，不能再记更晚的时间"
        raise CannotRun(message, "请管理人员核对审核记录，删去时间写错的那一行，再审核一次。") from error


def _tell_later(events: "Sequence[ReviewEvent]", now: "datetime") -> None:
    """Say which events bear a later time than this machine's, because the record already did."""
    from ledger_cli.write.view import task_numbers  # noqa: PLC0415

    for time in sorted({event.time for event in events if event.time > now}):
        tasks = task_numbers([event.task for event in events if event.time == time])
        say(
            f"注意：记录里{tasks}最后一次审核的时间晚于这台电脑现在的时间（{now:%Y-%m-%d %H:%M:%S}），"
            f"这次接在它后面，记为 {time:%Y-%m-%d %H:%M:%S}。请核对电脑的日期和时间。",
            error=True,
        )


_CHECK = "运行 ledger validate 查看全部错误，改正以后再审核。"


def _desk(context: typer.Context, unit: str, period: str | None) -> _Desk:
    from ledger_cli.pipeline import chosen_period, sound_plan  # noqa: PLC0415

    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    known = plan.catalog.period(chosen_period(plan.catalog, period))
    assert known is not None
    return _Desk(workspace, plan, known, find_unit(plan, unit))


def accept(
    context: typer.Context,
    unit: UnitArgument,
    task: TaskOption = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    period: PeriodOption = None,
) -> None:
    """审核通过一个单位的答复；答复的文字以后有改动，通过自动失效。"""
    from ledger_cli.model.review import Action, answer_digest  # noqa: PLC0415
    from ledger_cli.write.view import task_numbers  # noqa: PLC0415

    desk = _desk(context, unit, period)
    number = desk.task(task) if task is not None else None
    words = printable(reason or "", "--reason ")
    ledger = desk.ledger()
    entries = _entries(ledger)
    chosen = entries if number is None else {number: _entry(desk, ledger, number)}
    done = [n for n, entry in chosen.items() if entry.review and entry.review.accepted]
    new = {n: answer_digest(entry.answer) for n, entry in chosen.items() if n not in done}
    if new:
        desk.write(Action.ACCEPT, new, by=by, reason=words)
        say(f"通过了{desk.unit.name}的 {len(new)} 条答复：{task_numbers(new)}。记在 {_name(desk)}。")
    if done:
        say(f"{task_numbers(done)}已经通过，没有改动，不再重复记录。")
    if number is None and _tell_others(desk, ledger):
        raise typer.Exit(Exit.FINDINGS)


def reject(
    context: typer.Context,
    unit: UnitArgument,
    task: Annotated[str, typer.Option("--task", metavar="编号", help="退回哪一项任务的答复。")],
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="为什么退回，写给填报人员看。")],
    by: ByOption = None,
    period: PeriodOption = None,
) -> None:
    """退回一个单位对一项任务的答复；单位改好重报以后，自动重新列为待审。"""
    from ledger_cli.model.review import Action, Standing, answer_digest  # noqa: PLC0415

    desk = _desk(context, unit, period)
    number = desk.task(task)
    words = printable(reason, "--reason ")
    if not words:
        raise CannotRun("没有写退回的理由", "在 --reason 后面写明理由。")
    entry = _entry(desk, desk.ledger(), number)
    state = entry.review
    if state and state.status is Standing.REJECTED and state.why == words:
        say(f"{desk.unit.name}第{number}项已经以这个理由退回，不再重复记录。")
        return
    desk.write(Action.REJECT, {number: answer_digest(entry.answer)}, by=by, reason=words)
    say(f"退回了{desk.unit.name}第{number}项，理由是“{words}”。记在 {_name(desk)}。")
    say(f"发给单位修改的 Word 表，可以用 ledger return {desk.unit.id} 生成。")


def reopen(
    context: typer.Context,
    unit: UnitArgument,
    task: TakenBackOption = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    period: PeriodOption = None,
) -> None:
    """撤回对一个单位的审核，不论是通过还是退回，答复重新列为待审。"""
    from ledger_cli.model.review import Action  # noqa: PLC0415
    from ledger_cli.reviews import sound_record  # noqa: PLC0415
    from ledger_cli.write.view import task_numbers  # noqa: PLC0415

    desk = _desk(context, unit, period)
    # An event about a task that the unit no longer owes can still be taken back.
    number = find_task(desk.plan, task) if task is not None else None
    words = printable(reason or "", "--reason ")
    events = sound_record(desk.workspace, desk.plan, desk.period.code).of_unit(desk.unit.id)
    standing = {
        n: event.content for n, event in events.items() if event.action is not Action.REOPEN and number in (None, n)
    }
    if not standing:
        where = f"第{number}项" if number is not None else ""
        raise CannotRun(f"{desk.unit.name}{where}没有可以撤回的审核", "还没有审核过，或者已经撤回。")
    desk.write(Action.REOPEN, standing, by=by, reason=words)
    say(f"撤回了对{desk.unit.name} {len(standing)} 条答复的审核：{task_numbers(standing)}。记在 {_name(desk)}。")


def _name(desk: _Desk) -> str:
    from ledger_cli.reviews import review_name  # noqa: PLC0415

    return review_name(desk.period.code)


def _entries(ledger: "Ledger") -> "dict[int, Entry]":
    return {record.number: entry for record in ledger.records for entry in record.entries}


def _entry(desk: _Desk, ledger: "Ledger", number: int) -> "Entry":
    """The answer to a task; raises ``CannotRun`` where it is faulty or missing."""
    entry = _entries(ledger).get(number)
    if entry:
        return entry
    faulty = next((left for left in ledger.left_out if left.owed == number), None)
    if faulty:
        raise CannotRun(f"{desk.unit.name}第{number}项的答复有错误，不能审核（{faulty.why}）", _CHECK)
    raise CannotRun(f"{desk.unit.name}还没有报第{number}项", "报送以后再审核。")


def _tell_others(desk: _Desk, ledger: "Ledger") -> bool:
    """Name the answers that could not be taken; whether any of them is faulty."""
    from ledger_cli.write.view import task_numbers  # noqa: PLC0415

    missing = [record.number for record in ledger.records if desk.unit.id in record.missing]
    if missing:
        say(f"还没有报的有 {len(missing)} 项：{task_numbers(missing)}。")
    if ledger.left_out:
        named = [f"第{left.task}项" if isinstance(left.task, int) else f"“{left.task}”" for left in ledger.left_out]
        say(f"有错误、没有通过的有 {len(named)} 处：{'、'.join(named)}。{_CHECK}", error=True)
    return bool(ledger.left_out)
