"""The command that checks: every finding of every file in one run."""

from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.options import (
    AsOfOption,
    AtOption,
    FormatOption,
    PeriodOption,
    check_format,
    day_option,
    files_of,
    today,
    workspace_of,
)
from ledger_cli.edge.console import (
    findings_json,
    print_findings,
    say,
    summary,
    write_json,
)
from ledger_cli.edge.disk import files_below
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.files import HINTS, PERIODS, SUBMISSIONS, TASKS, UNITS
from ledger_cli.gather.pipeline import check_workspace
from ledger_cli.model.finding import Finding
from ledger_cli.model.rule import RULES


def validate(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="文件...", help="要检查的文件或文件夹；不写时检查整个报送期。")
    ] = None,
    output: FormatOption = "text",
    select: Annotated[
        str | None, typer.Option("--select", metavar="代码", help="只看这些代码，用逗号隔开，如 Y,C203。")
    ] = None,
    ignore: Annotated[str | None, typer.Option("--ignore", metavar="代码", help="不看这些代码，用逗号隔开。")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有警告也算不通过。")] = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """检查报送文件、任务目录和登记册，一次列出全部问题；只读。"""
    check_format(output)
    workspace = workspace_of(context)
    names = None
    if paths:
        listed = [workspace.name_of(path) for path in files_below(paths)]
        names = sorted({name for name in listed if name not in (TASKS, UNITS, HINTS)})
        names = [name for name in names if not name.startswith(("build/", f"{PERIODS}/"))]
        folders = any(path.is_dir() for path in paths)
        if folders:
            names = [n for n in names if n.startswith(f"{SUBMISSIONS}/") or n.endswith((".yaml", ".yml"))]
            names = [n for n in names if n.lower().endswith((".yaml", ".yml", ".yaml.txt"))]
    checked = check_workspace(
        files_of(workspace, at), period=period, today=today(), as_of=day_option(as_of), names=names
    )
    findings = _chosen(checked.findings, select, ignore)
    if output == "json":
        write_json(findings_json(len(checked.files), findings))
    else:
        print_findings(findings)
        say(summary(len(checked.files), findings))
        if unfilled := sum(file.unfilled for file in checked.files):
            say(f"其中 {unfilled} 份还没有填写，按“未报”统计。")
        if any(found.file == HINTS and found.severity == "error" for found in checked.findings):
            say(f"注意：{HINTS} 有错误，文字提示（W 开头）这一次没有检查。")
        if outside := [name for name in names or () if not name.startswith(f"{SUBMISSIONS}/")]:
            say(f"注意：{'、'.join(outside)} 不在 {SUBMISSIONS} 文件夹里，汇总时不会读到。")
    failing = ("error", "warning") if strict else ("error",)
    if any(found.severity in failing for found in findings):
        raise typer.Exit(Exit.FINDINGS)


def _chosen(findings: list[Finding], select: str | None, ignore: str | None) -> list[Finding]:
    wanted, unwanted = _codes(select), _codes(ignore)
    return [
        found
        for found in findings
        if (not wanted or found.code.startswith(wanted)) and not (unwanted and found.code.startswith(unwanted))
    ]


def _codes(text: str | None) -> tuple[str, ...]:
    """Codes or their beginnings, as given with full-width or half-width commas; unknown ones are refused."""
    codes = tuple(part.strip().upper() for part in (text or "").replace("，", ",").split(",") if part.strip())
    for code in codes:
        if not any(known.startswith(code) for known in RULES):
            raise CannotRun(f"没有“{code}”这个代码", "ledger rule 可以列出全部代码。")
    return codes
