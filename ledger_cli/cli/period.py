"""The command that starts a new period."""

from datetime import date
from typing import Annotated

import typer

from ledger_cli.cli.shared.options import day_of, printable, today, workspace_of
from ledger_cli.edge.console import say
from ledger_cli.edge.lock import locked
from ledger_cli.edge.outputs import new_files, rewrite
from ledger_cli.edge.replacing import clear_litter
from ledger_cli.exits import CannotRun
from ledger_cli.files import SUBMISSIONS, TASKS
from ledger_cli.gather.plan import sound_plan
from ledger_cli.model.catalog import Period
from ledger_cli.model.ledger import LeftOut
from ledger_cli.model.period_code import new_period, period_of
from ledger_cli.model.plan import Plan
from ledger_cli.period.opening import Opening, prepare, source_period, years_missed


def open_period(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="报送期", help="新报送期的编号，如 2024H2、2025Q1、2025、2024-07。")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="报送期", help="把哪一期的答复带出来对照；不写时是当前报送期。")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="名称", help="名称；不写时按编号，如 2024年下半年。")
    ] = None,
    start: Annotated[str | None, typer.Option("--start", metavar="日期", help="开始日期；不写时按编号。")] = None,
    end: Annotated[str | None, typer.Option("--end", metavar="日期", help="结束日期；不写时按编号。")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="日期", help="报送截止；不写时是结束以后第15天。")] = None,
) -> None:
    """开始新的报送期：登记并设为当前，生成报送文件，附上期答复供对照。"""
    workspace = workspace_of(context)
    days = {"--start": start, "--end": end, "--due": due}
    given = {option: day_of(text, option) for option, text in days.items() if text is not None}
    with locked(workspace.root):  # from the first look at the catalog, so that what is said of it holds
        plan = sound_plan(workspace)
        period = _period(plan, code, name, given)
        if plan.catalog.period(code) is None and not {"--start", "--end"} <= given.keys():
            _check_years(plan, period)
        last = source_period(plan, period, source)
        opening = prepare(workspace, plan, period, last, today())
        before, after = opening.catalog
        clear_litter(workspace.path(f"{SUBMISSIONS}/{period.code}"))  # what a killed command began to write there
        with new_files(workspace.root, opening.contents | opening.started):
            if after != before:
                rewrite(workspace.path(TASKS), before, after)
    if opening.nothing:
        say(f"{period.name}（{period.code}）已经是当前报送期，各单位的报送文件都在，没有要做的。")
    else:
        _tell(plan, opening, last)


def _period(plan: Plan, code: str, name: str | None, days: dict[str, date]) -> Period:
    """The period as registered, or as its code and the options say; raises ``CannotRun``."""
    known = plan.catalog.period(code)
    if known:
        registered = {"--start": known.start, "--end": known.end, "--due": known.due}
        if any(registered[option] != day for option, day in days.items()) or name not in (None, known.name):
            hint = "去掉这些选项；要改名称和日期，直接改 data/tasks.yaml。"
            raise CannotRun(f"{code} 已经登记为{known.name}（{known.start}至{known.end}），与选项不一致", hint)
        return known
    usual = period_of(code)
    if usual is None and period_of(code.upper()):
        raise CannotRun(f"报送期编号“{code}”里有小写字母", f"是不是“{code.upper()}”？")
    words = printable(name or "", "--name ") or (usual.name if usual else "")
    first = days.get("--start") or (usual.start if usual else None)
    last = days.get("--end") or (usual.end if usual else None)
    if not words or first is None or last is None:
        missing = [o for o, v in (("--name", words), ("--start", first), ("--end", last)) if not v]
        hint = "编号写成 2024H2、2025Q1、2025、2024-07 的样子时不用写这些。"
        raise CannotRun(f"从编号“{code}”看不出名称和日期，请用 {'、'.join(missing)} 写明", hint)
    return new_period(code, words, first, last, days.get("--due"))


def _check_years(plan: Plan, period: Period) -> None:
    """Refuse a period that the plan's years leave out: most likely its code is a slip."""
    years = years_missed(plan, period)
    if years:
        first, last = years
        named = f"{first}年至{last}年" if first != last else f"{first}年"
        message = f"{period.name}（{period.start}至{period.end}）不在方案的年份（{named}）以内"
        raise CannotRun(message, "核对报送期编号；确实要开的，用 --start 和 --end 写明起止日期。")


def _tell(plan: Plan, opening: Opening, source: Period | None) -> None:
    period = opening.period
    if plan.catalog.period(period.code) is None:
        say(f"登记了{period.name}（{period.code}）：{period.start}至{period.end}，{period.due}前报送。")
    if plan.catalog.current != period.code:
        say(f"当前报送期由 {plan.catalog.current} 改成 {period.code}。")
    say(f"在 submissions/{period.code} 里生成了 {len(opening.contents)} 份报送文件。")
    started = [name for name in opening.started if name.endswith("/tasks.yaml")]
    if started:
        say(f"记下了任务目录现在的样子：{'、'.join(started)}。以后目录有改动，答复不会放错任务。")
    if opening.kept:
        shown = "、".join(opening.kept[:5]) + ("等" if len(opening.kept) > 5 else "")
        say(f"已有的 {len(opening.kept)} 份没有改动：{shown}。")
    if source:
        say(f"{source.name}的 {opening.offered} 条答复写在注释里，供对照。")
    elif opening.contents:
        say("没有更早的报送期，报送文件里没有附以前的答复。")
    for left in opening.unread:
        say(f"没有带出：{_left_out(plan, left)}", error=True)
    if opening.too_long:
        say(f"上期内容太长，没有带出：{'、'.join(opening.too_long)}。", error=True)


def _left_out(plan: Plan, left: LeftOut) -> str:
    unit = plan.registry.unit.get(left.unit)
    name = unit.name if unit else left.unit
    where = "整份" if left.task is None else f"第{left.task}项"
    return f"{name}{where}（{left.file} {left.why}）"
