"""``ledger log``: who changed which of a unit's answers, and when, from git."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from ledger_cli.cli.shared.options import FormatOption, check_format, find_task, find_unit, workspace_of
from ledger_cli.compare.answers import Comparison
from ledger_cli.compare.log import LogEntry, unit_log
from ledger_cli.edge.console import say, say_marked, write_json
from ledger_cli.gather.pipeline import chosen_period
from ledger_cli.gather.plan import sound_plan
from ledger_cli.write.changes import Names, change_json, part_line, quote, rows, unread_json, unread_name


def log(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")],
    task: Annotated[str | None, typer.Option("--task", metavar="编号", help="只看一项任务，并逐字列出改动。")] = None,
    output: FormatOption = "text",
    period: Annotated[str | None, typer.Option("--period", metavar="报送期", help="只看一个报送期的。")] = None,
) -> None:
    """列出一个单位的答复是谁、什么时候改的。"""
    check_format(output)
    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    found = find_unit(plan, unit)
    number = None if task is None else find_task(plan, task)
    if period is not None:
        chosen_period(plan.catalog, period)
    history = unit_log(workspace, plan, found.id, task=number, period=period)
    if output == "json":
        entries = [_entry_json(entry) for entry in history.entries]
        write_json({"unit": found.id, "task": number, "shallow": history.shallow, "commits": entries})
        return
    names = Names(plan, plan)
    several = len({change.period for entry in history.entries for change in entry.changes}) > 1
    for entry in history.entries:
        _print_entry(entry, names, whole=number is not None, several=several)
    what = f"{found.name}" + (f"第{number}项" if number else "") + (f"（{period}）" if period else "")
    commits = sum(entry.commit is not None for entry in history.entries)
    say(f"{what}：{commits} 次提交有改动。" if history.entries else f"{what}在 git 里没有改动记录。")
    if history.shallow:
        say("这里只有最近一段历史（浅克隆），更早的改动不在这里；运行 git fetch --unshallow 可以取回。")


def _print_entry(entry: LogEntry, names: Names, *, whole: bool, several: bool) -> None:
    say(_heading(entry))
    if entry.oldest:
        say("  更早的历史不在这里，看不出这次提交改了什么。")
    elif not entry.changes and not entry.unread:
        say(f"  答复没有变化（{'、'.join(entry.files)}）。")
    for line in _entry_lines(entry, names, whole=whole, several=several):
        say_marked(line)


def _heading(entry: LogEntry) -> str:
    if entry.commit is None:
        return "尚未提交"
    when = f"{entry.commit.when:%Y-%m-%d %H:%M}"
    return f"{when}　{entry.commit.author}　{entry.commit.id[:7]}　{entry.commit.subject}"


def _entry_lines(entry: LogEntry, names: Names, *, whole: bool, several: bool) -> Iterator[list[tuple[str, str]]]:
    for row in rows(Comparison(entry.changes), names):
        when = f"【{row.period}】" if several else ""
        columns = "、".join(dict.fromkeys(part.label for part in row.parts if part.label))
        head = f"  {when}第{row.task}项　{row.what}"
        if whole:
            yield [("same", head)]
            for part in row.parts:
                yield [*part_line(part, 4)]
        else:
            yield [("same", f"{head}{f'（{columns}）' if columns else ''}：{quote(row)}")]
    for unread in entry.unread:
        yield [("same", f"  {unread_name(unread, names)}这一版没有读进来：{unread.why}")]


def _entry_json(entry: LogEntry) -> dict[str, Any]:
    commit = entry.commit
    return {
        "commit": commit.id if commit else None,
        "author": commit.author if commit else None,
        "date": commit.when.isoformat() if commit else None,
        "subject": commit.subject if commit else None,
        "files": list(entry.files),
        "oldest": entry.oldest,
        "changes": [change_json(change) for change in entry.changes],
        "not_comparable": [unread_json(unread) for unread in entry.unread],
    }
