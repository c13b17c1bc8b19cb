"""Commands that make new files for people to fill in: a workspace, submissions."""

from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.options import (
    PeriodOption,
    find_unit,
    workspace_of,
)
from ledger_cli.edge.console import (
    say,
)
from ledger_cli.edge.disk import packaged
from ledger_cli.edge.outputs import write_new
from ledger_cli.exits import CannotRun
from ledger_cli.files import TASKS
from ledger_cli.gather.pipeline import chosen_period, submission_file
from ledger_cli.gather.plan import sound_plan
from ledger_cli.read.catalog import read_catalog
from ledger_cli.write.scaffold import new_submission, new_workspace


def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新台账的位置。")],
) -> None:
    """新建台账文件夹，含任务目录、登记册和模板；不覆盖文件。"""
    if not str(folder).strip() or folder == Path():
        raise CannotRun("没有写新台账的位置", "例如 ledger init 执法台账。")
    catalog, _ = read_catalog(packaged(TASKS).read_bytes(), TASKS)
    assert catalog is not None
    contents = new_workspace(catalog.current)
    write_new(folder, contents)
    say(f"在“{folder}”里新建了台账：{len(catalog.tasks)} 项任务，当前报送期 {catalog.current}。")
    say("接着可以运行 ledger new --all 为各单位生成报送文件。")


def new(
    context: typer.Context,
    units: Annotated[
        list[str] | None, typer.Argument(metavar="单位...", help="单位的代码、全称或者简称，可以写几个。")
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="为还没有报送文件的全部单位各生成一份。")] = False,
    period: PeriodOption = None,
) -> None:
    """生成待填的报送文件，任务原文写在注释里；已有的文件不会被覆盖。"""
    if bool(units) == everyone:
        raise CannotRun("要写出单位，或者用 --all 为全部单位生成", "例如 ledger new 司法厅 兴庆区。")
    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    known = plan.catalog.period(chosen_period(plan.catalog, period))
    assert known is not None
    if everyone:
        chosen = [u for u in plan.registry.units if plan.claims.by_unit[u.id]]
        chosen = [u for u in chosen if not workspace.path(submission_file(workspace, plan, known.code, u.id)).exists()]
    else:
        chosen = list({u.id: u for u in (find_unit(plan, name) for name in units or ())}.values())
        idle = [u.name for u in chosen if not plan.claims.by_unit[u.id]]
        if idle:
            raise CannotRun(f"{'、'.join(idle)}没有承担任何任务", "核对单位，或者请印发机关核对责任主体。")
    contents = {
        submission_file(workspace, plan, known.code, unit.id): new_submission(plan, unit, known).encode("utf-8")
        for unit in chosen
    }
    write_new(workspace.root, contents)
    for name, unit in zip(contents, chosen, strict=True):
        say(f"{name}　{unit.name}　{len(plan.claims.by_unit[unit.id])} 项任务")
    say(f"生成了 {len(chosen)} 份报送文件。" if chosen else "全部单位都已有报送文件，没有生成新的。")
