"""Commands for reviewers: accept answers, reject one, take either back."""

from collections.abc import Sequence
from typing import Annotated

import typer

from ledger_cli.cli.shared.desk import CHECK, ByOption, Desk, UnitArgument, desk_of, entries_of, write_events
from ledger_cli.cli.shared.options import PeriodOption, find_task, find_unit, printable, today, workspace_of
from ledger_cli.edge.console import say
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.files import review_name
from ledger_cli.gather.pipeline import build_status
from ledger_cli.gather.reviews import sound_record
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.ledger import Entry, Ledger
from ledger_cli.model.review import Action, answer_digest
from ledger_cli.write.view import task_numbers

TaskOption = Annotated[
    str | None, typer.Option("--task", metavar="编号", help="只审核这一项任务的答复；不写时是全部。")
]
TakenBackOption = Annotated[
    str | None, typer.Option("--task", metavar="编号", help="只撤回对这一项任务的审核；不写时是全部。")
]
ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="理由", help="写给以后查看记录的人。")]


def accept(
    context: typer.Context,
    unit: Annotated[str | None, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")] = None,
    task: TaskOption = None,
    everything: Annotated[bool, typer.Option("--all", help="通过全部单位的全部答复。")] = False,
    but: Annotated[
        list[str] | None, typer.Option("--except", metavar="单位", help="这些单位除外；可以写几次。")
    ] = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    period: PeriodOption = None,
) -> None:
    """审核通过一个单位、一项任务或者全部的答复；文字有改动的，通过失效。"""
    words = printable(reason or "", "--reason ")
    if unit is None:
        if not everything and task is None:
            hint = "例如 ledger accept 司法厅，ledger accept --task 3 --except 银川市，ledger accept --all。"
            raise CannotRun("没有写通过哪些答复", hint)
        _accept_many(context, task, but or [], by=by, reason=words, period=period)
        return
    if everything or but:
        raise CannotRun("写了单位，不再写 --all 和 --except", "去掉单位，或者去掉这两样。")
    desk = desk_of(context, unit, period)
    number = desk.task(task) if task is not None else None
    ledger = desk.ledger()
    entries = entries_of(ledger)
    chosen = entries if number is None else {number: _entry(desk, ledger, number)}
    done = [n for n, entry in chosen.items() if entry.review and entry.review.accepted]
    new = {n: answer_digest(entry.answer) for n, entry in chosen.items() if n not in done}
    if new:
        desk.write(Action.ACCEPT, new, by=by, reason=words)
        say(f"通过了{desk.unit.name}的 {len(new)} 条答复：{task_numbers(new)}。记在 {desk.record}。")
    if done:
        say(f"{task_numbers(done)}已经通过，没有改动，不再重复记录。")
    if number is None and _tell_others(desk, ledger):
        raise typer.Exit(Exit.FINDINGS)


def _accept_many(
    context: typer.Context, task: str | None, but: Sequence[str], *, by: str | None, reason: str, period: str | None
) -> None:
    """Accept what several units answered to a task, or to all; what was sent back and is unchanged stays sent back."""
    workspace = workspace_of(context)
    plan, status = build_status(workspace, period=period, today=today())
    left_out = {find_unit(plan, name).id for name in but}
    number = find_task(plan, task) if task is not None else None
    new: dict[tuple[str, TaskNumber], str] = {}
    done, sent_back = 0, []
    for record in status.ledger.records:
        for entry in record.entries if number in (None, record.number) else ():
            if entry.unit in left_out:
                continue
            if entry.review and entry.review.accepted:
                done += 1
            elif entry.review and entry.review.rejected:
                sent_back.append(f"{entry.name}第{record.number}项")
            else:
                new[entry.unit, record.number] = answer_digest(entry.answer)
    known = plan.catalog.period(status.ledger.period)
    assert known is not None
    if new:
        write_events(workspace, plan, known, Action.ACCEPT, new, by=by, reason=reason)
        units = len({unit for unit, _ in new})
        where = f"第{number}项" if number is not None else ""
        say(f"通过了{where} {units} 家单位的 {len(new)} 条答复。记在 {review_name(known.code)}。")
    else:
        say("没有要通过的答复。")
    if done:
        say(f"另有 {done} 条已经通过，没有改动，不再重复记录。")
    if sent_back:
        say(f"退回以后没有改动的 {len(sent_back)} 条没有通过：{'、'.join(sent_back)}。确实要通过的，写明单位再运行。")
    faulty = [left for left in status.ledger.left_out if number is None or left.owed in (None, number)]
    if faulty:
        names = {party.id: party.name for party in status.ledger.parties}
        listed = "、".join(
            names.get(left.unit, left.unit) + (f"第{left.task}项" if left.task is not None else "整份文件")
            for left in faulty
        )
        say(f"有错误、没有通过的有 {len(faulty)} 处：{listed}。{CHECK}", error=True)
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
    desk = desk_of(context, unit, period)
    number = desk.task(task)
    words = printable(reason, "--reason ")
    if not words:
        raise CannotRun("没有写退回的理由", "在 --reason 后面写明理由。")
    entry = _entry(desk, desk.ledger(), number)
    if entry.review and entry.review.rejected and entry.review.why == words:
        say(f"{desk.unit.name}第{number}项已经以这个理由退回，不再重复记录。")
    else:
        desk.write(Action.REJECT, {number: answer_digest(entry.answer)}, by=by, reason=words)
        say(f"退回了{desk.unit.name}第{number}项，理由是“{words}”。记在 {desk.record}。")
    say(f"接着生成发给单位修改的 Word 表：{desk.command('return', '--task', str(number))}")


def reopen(
    context: typer.Context,
    unit: UnitArgument,
    task: TakenBackOption = None,
    reason: ReasonOption = None,
    by: ByOption = None,
    period: PeriodOption = None,
) -> None:
    """撤回对一个单位的审核，不论是通过还是退回，答复重新列为待审。"""
    desk = desk_of(context, unit, period)
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
    say(f"撤回了对{desk.unit.name} {len(standing)} 条答复的审核：{task_numbers(standing)}。记在 {desk.record}。")


def _entry(desk: Desk, ledger: Ledger, number: TaskNumber) -> Entry:
    """The answer to a task; raises ``CannotRun`` where it is faulty or missing."""
    entry = entries_of(ledger).get(number)
    if entry:
        return entry
    faulty = next((left for left in ledger.left_out if left.owed == number), None)
    if faulty:
        raise CannotRun(f"{desk.unit.name}第{number}项的答复有错误，不能审核（{faulty.why}）", CHECK)
    raise CannotRun(f"{desk.unit.name}还没有报第{number}项", "报送以后再审核。")


def _tell_others(desk: Desk, ledger: Ledger) -> bool:
    """Name the answers that could not be taken; whether any of them is faulty."""
    missing = [record.number for record in ledger.records if desk.unit.id in record.missing]
    if missing:
        say(f"还没有报的有 {len(missing)} 项：{task_numbers(missing)}。")
    if ledger.left_out:
        named = [f"第{left.task}项" if isinstance(left.task, int) else f"“{left.task}”" for left in ledger.left_out]
        say(f"有错误、没有通过的有 {len(named)} 处：{'、'.join(named)}。{CHECK}", error=True)
    return bool(ledger.left_out)
