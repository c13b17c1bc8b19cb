"""The command that merges a period's submissions into one ledger."""

from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.merged import merged_ledger, totals
from ledger_cli.cli.shared.options import (
    AsOfOption,
    AtOption,
    ForceOption,
    PartialOption,
    PeriodOption,
    workspace_of,
)
from ledger_cli.cli.shared.suffixes import known_suffix
from ledger_cli.edge.console import say
from ledger_cli.edge.outputs import Outputs
from ledger_cli.exits import Exit
from ledger_cli.write.ledger_file import WRITERS

_DEFAULT_LEDGER = "build/ledger.yaml"


def merge(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="文件", help="输出文件，按后缀写成 .yaml、.json、.csv 或 .xlsx。")
    ] = None,
    partial: PartialOption = False,
    force: ForceOption = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """把全部报送文件汇总成一本台账；有错误时不汇总，并列出错误。"""
    workspace = workspace_of(context)
    path = output or workspace.path(_DEFAULT_LEDGER)
    suffix = known_suffix(path, WRITERS)
    outputs = Outputs(workspace, force=force)
    outputs.check(path)
    ledger, _ = merged_ledger(workspace, period, as_of, at, partial=partial)
    data = WRITERS[suffix](ledger)
    with outputs.file(path) as temporary:
        temporary.write_bytes(data)
    say(f"写好 {workspace.name_of(path)}：{totals(ledger)}")
    if ledger.left_out and not partial:
        raise typer.Exit(Exit.FINDINGS)
