"""Options that several commands share, and what they are turned into."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.edge.disk import Workspace
from ledger_cli.exits import CannotRun
from ledger_cli.files import Files
from ledger_cli.model.clip import clipped
from ledger_cli.model.closest import did_you_mean
from ledger_cli.model.fields import TaskNumber, parse_day
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.submission import task_number
from ledger_cli.read.yaml.text import UNPRINTABLE

PeriodOption = Annotated[
    str | None, typer.Option("--period", metavar="报送期", help="报送期编号，如 2024H1；不写时用当前报送期。")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="日期", help="统计日期，如 2024-07-15；不写时用今天， 过了报送截止用截止日。"),
]
AtOption = Annotated[
    str | None, typer.Option("--at", metavar="版本", help="按 git 里的某个版本读取全部文件，如 HEAD~1。")
]
ForceOption = Annotated[bool, typer.Option("--force", help="输出文件有人改过时也覆盖。")]
PartialOption = Annotated[bool, typer.Option("--partial", help="只略去有错的答复，并写明略去了什么。")]
FormatOption = Annotated[str, typer.Option("--format", metavar="格式", help="text（文字）或者 json。")]


def workspace_of(context: typer.Context) -> Workspace:
    """The workspace that -C, LEDGER_WORKSPACE or the current directory names."""
    given: Path | None = context.find_root().obj
    return Workspace.find(given, exact=True) if given else Workspace.find(Path.cwd())


def files_of(workspace: Workspace, at: str | None) -> Files:
    """Where to read from: the disk, or a git revision."""
    from ledger_cli.edge.git import Revision  # noqa: PLC0415

    return workspace if at is None else Revision(workspace, at)


def today() -> date:
    """The day it is; LEDGER_TODAY replaces it, so that tests and reruns can fix it."""
    fixed = os.environ.get("LEDGER_TODAY")
    return day_of(fixed, "LEDGER_TODAY") if fixed else date.today()  # noqa: DTZ011 - the office's calendar


def moment() -> datetime:
    """Now, by this machine's clock and zone, in whole seconds; LEDGER_TODAY gives the first moment of its day."""
    if os.environ.get("LEDGER_TODAY"):
        day = today()
        try:
            return datetime(day.year, day.month, day.day).astimezone()
        except (OverflowError, ValueError, OSError) as error:  # as near to the calendar's ends as a zone is wide
            raise CannotRun(f"LEDGER_TODAY 的“{day}”不能用作审核的时间", "写成 2024-07-15 的样子。") from error
    return datetime.now().astimezone().replace(microsecond=0)


def reviewer(workspace: Workspace, given: str | None) -> str:
    """Who reviews: as given by --by or LEDGER_ACTOR, else git's name, else the login name; raises ``CannotRun``."""
    from ledger_cli.edge.git import user_name  # noqa: PLC0415

    name = " ".join((given if given is not None else user_name(workspace.root) or _login()).split())
    if not name:
        raise CannotRun("没有写审核人", "用 --by 姓名 写明。")
    return printable(name, "审核人的姓名")


def _login() -> str:
    import getpass  # noqa: PLC0415

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def printable(text: str, what: str) -> str:
    """The text without blanks around it, if Word can hold all of it."""
    if UNPRINTABLE.search(text):
        raise CannotRun(f"{what}里有 Word 存不下的字符", "删去看不见的字符，重新输入。")
    return text.strip()


def day_option(text: str | None) -> date | None:
    return None if text is None else day_of(text, "--as-of")


def day_of(text: str, option: str) -> date:
    """The day that an option gives; raises ``CannotRun`` naming the option."""
    day = parse_day(text)
    if day is None:
        raise CannotRun(f"{option} 的“{text}”不是日期", "写成 2024-07-15 的样子。")
    return day


def check_format(text: str, known: tuple[str, ...] = ("text", "json")) -> str:
    """The output format, if it is one of those known."""
    if text in known:
        return text
    if text in ("github", "sarif"):
        raise CannotRun(f"这个版本还不能输出 {text} 格式", "可以用 text 或者 json。")
    raise CannotRun(f"没有“{text}”这种格式", f"可以用 {'、'.join(known)}。")


def find_unit(plan: Plan, name: str) -> Unit:
    """The unit of that id, full name or 简称; raises ``CannotRun`` with the likely one."""
    unit = plan.registry.find(name)
    if unit is None:
        meant = did_you_mean(name, [known for u in plan.registry.units for known in u.names])
        hint = f"是不是“{meant}”？" if meant else "写代码、全称或者简称；ledger who 任务编号 可以列出单位。"
        raise CannotRun(f"登记册里没有“{name}”这个单位", hint)
    return unit


_SHOWN = 20
"""Characters of an argument that a message repeats."""


def find_task(plan: Plan, text: str) -> TaskNumber:
    """The task's number; raises ``CannotRun`` where there is no such task."""
    number = task_number(text, plan.catalog.shape)
    if number is None or number not in plan.catalog.tasks:
        numbers = list(plan.catalog.tasks)
        how = "照目录里的编号写" if plan.catalog.shape.numbers else "只写数字"
        raise CannotRun(
            f"没有第“{clipped(text, _SHOWN)}”项任务",
            f"任务目录里是第 {numbers[0]} 项至第 {numbers[-1]} 项，{how}。",
        )
    return number
