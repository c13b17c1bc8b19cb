"""Commands for the issuing office and its reviewers: start a ledger, merge it."""

from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.chinese import ChineseCommand
from ledger_cli.cli.options import (
    AsOfOption,
    AtOption,
    ForceOption,
    PartialOption,
    PeriodOption,
    workspace_of,
)
from ledger_cli.cli.outcome import merged_ledger, totals
from ledger_cli.console import say
from ledger_cli.exits import CannotRun, Exit

_DEFAULT_LEDGER = "build/ledger.yaml"


def register_office(app: typer.Typer) -> None:
    """Add this module's commands to the app."""
    for name, command in (("init", init), ("merge", merge)):
        app.command(name, cls=ChineseCommand)(command)


def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新台账的位置。")],
) -> None:
    """新建台账文件夹，含任务目录、登记册和模板；不覆盖文件。"""
    from ledger_cli.outputs import write_new  # noqa: PLC0415
    from ledger_cli.read.catalog import read_catalog  # noqa: PLC0415
    from ledger_cli.scaffold import new_workspace  # noqa: PLC0415
    from ledger_cli.workspace import TASKS, packaged  # noqa: PLC0415

    if not str(folder).strip() or folder == Path():
        raise CannotRun("没有写新台账的位置", "例如 ledger init 执法台账。")
    catalog, _ = read_catalog(packaged(TASKS).read_bytes(), TASKS)
    assert catalog is not None
    contents = new_workspace(catalog.current)
    write_new(folder, contents)
    say(f"在“{folder}”里新建了台账：{len(catalog.tasks)} 项任务，当前报送期 {catalog.current}。")
    say("接着可以运行 ledger new --all 为各单位生成报送文件。")


def merge(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="文件", help="输出文件，按后缀写成 .yaml、.json 或 .csv。")
    ] = None,
    partial: PartialOption = False,
    force: ForceOption = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """把全部报送文件汇总成一本台账；有错误时不汇总，并列出错误。"""
    from ledger_cli.outputs import Outputs  # noqa: PLC0415
    from ledger_cli.write.data import to_bytes  # noqa: PLC0415

    workspace = workspace_of(context)
    path = output or workspace.path(_DEFAULT_LEDGER)
    outputs = Outputs(workspace, force=force)
    outputs.check(path)
    ledger, _ = merged_ledger(workspace, period, as_of, at, partial=partial)
    data = to_bytes(ledger, path.suffix.lower())
    with outputs.file(path) as temporary:
        temporary.write_bytes(data)
    say(f"写好 {workspace.name_of(path)}：{totals(ledger)}")
    if ledger.left_out and not partial:
        raise typer.Exit(Exit.FINDINGS)
