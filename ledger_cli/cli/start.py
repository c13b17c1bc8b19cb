"""Commands that make new files for people to fill in: a workspace, submissions."""

from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.issued import (
    AnnexOption,
    check_readable,
    counted,
    issued_document,
    outcome_lines,
    with_unused,
)
from ledger_cli.cli.shared.options import PeriodOption, day_of, find_unit, today, workspace_of
from ledger_cli.edge.console import say
from ledger_cli.edge.disk import packaged
from ledger_cli.edge.outputs import write_new
from ledger_cli.exits import CannotRun
from ledger_cli.files import TASKS, UNITS, printable_name
from ledger_cli.gather.pipeline import chosen_period, submission_file
from ledger_cli.gather.plan import sound_plan
from ledger_cli.issued.new_plan import new_plan
from ledger_cli.model.catalog import Period
from ledger_cli.model.period_code import period_of
from ledger_cli.read.catalog import read_catalog
from ledger_cli.write.catalog_file import to_catalog_yaml
from ledger_cli.write.registry_file import to_registry_yaml
from ledger_cli.write.scaffold import new_submission, new_workspace
from ledger_cli.write.word.made_template import made_template, shipped_names

_TASKS_COMMENT = """工作台账的任务目录，由 ledger init 从“{}”生成。各栏照录原件，只去掉编号和换行；
“牵头主体”“责任主体”“配合主体”按登记册认定。改动后请运行 ledger validate。"""
_UNITS_COMMENT = """责任单位登记册，由 ledger init 从“{}”生成。先后即官方排序，请核对；核对过的单位删去“已确认: false”。
凡用到待确认单位的数字，各处都注明“按登记名单统计，名单待印发机关确认”。"""


def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新台账的位置。")],
    source: Annotated[
        Path | None, typer.Option("--from", metavar="附件", help="印发的附件（Word、Excel 文件），按它建新方案的台账。")
    ] = None,
    unit_list: Annotated[
        Path | None, typer.Option("--units", metavar="单位表", help="单位名单（Word、Excel 表格），表头有“单位名称”。")
    ] = None,
    annex: AnnexOption = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="报送期", help="第一个报送期，如 2024H1、2024Q1、2024-07。")
    ] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="日期", help="报送截止；不写时是结束以后第15天。")] = None,
) -> None:
    """新建台账文件夹，含任务目录、登记册和模板；不覆盖文件。"""
    if not str(folder).strip() or folder == Path():
        raise CannotRun("没有写新台账的位置", "例如 ledger init 执法台账。")
    if source is None:
        if (unit_list, annex, period, due) != (None, None, None, None):
            hint = "例如 ledger init 新台账 --from 附件.docx --units 单位.xlsx。"
            raise CannotRun("--units、--annex、--period、--due 要与 --from 一起写", hint)
        _init_packaged(folder)
        return
    first = _first_period(period, due)
    document, units = issued_document(source), issued_document(unit_list) if unit_list else None
    plan = new_plan(document, units, annex=annex, period=first, today=today())
    attachment = plan.attachment if annex else with_unused(document, plan.attachment)
    told = list(outcome_lines(attachment, plan.registry))
    doubts = [f"  {doubt}。" for doubt in plan.doubts]
    names = [" ".join(printable_name(file.name).split()) for file in (source, unit_list or source)]
    look = "\n".join(["", "生成时认不准的，逐一核对：", *doubts, *told])
    tasks = to_catalog_yaml(plan.catalog, _TASKS_COMMENT.format(names[0]) + look).encode("utf-8")
    registry = to_registry_yaml(plan.registry, _UNITS_COMMENT.format(names[1])).encode("utf-8")
    check_readable(tasks, registry, plan.catalog, plan.registry)
    templates = {f"{name}.docx": made_template(name, plan.catalog) for name in shipped_names()}
    write_new(folder, new_workspace(plan.catalog.current, tasks, registry, templates))
    current = plan.catalog.periods[0]
    say(f"在“{folder}”里新建了台账：{counted(attachment)}，当前报送期{current.name}（{current.code}）。")
    groups = f"、{len(plan.registry.groups)} 个组" if plan.registry.groups else ""
    say(f"登记了 {len(plan.registry.units)} 家单位{groups}，待确认的请核对 data/units.yaml：")
    for line in (*doubts, *told):
        say(line)
    say(f"以上也记在 data/tasks.yaml 的开头。核对以后：cd {folder}，运行 ledger validate，再运行 ledger new --all。")


def _init_packaged(folder: Path) -> None:
    """A workspace of the catalog that comes with the program."""
    tasks, units = packaged(TASKS).read_bytes(), packaged(UNITS).read_bytes()
    catalog, _ = read_catalog(tasks, TASKS)
    assert catalog is not None
    templates = {f"{name}.docx": packaged(f"templates/{name}.docx").read_bytes() for name in shipped_names()}
    write_new(folder, new_workspace(catalog.current, tasks, units, templates))
    say(f"在“{folder}”里新建了台账：{len(catalog.tasks)} 项任务，当前报送期 {catalog.current}。")
    say("接着可以运行 ledger new --all 为各单位生成报送文件。")


def _first_period(code: str | None, due: str | None) -> Period | None:
    day = day_of(due, "--due") if due is not None else None
    if code is None:
        if day is not None:
            raise CannotRun("--due 要与 --period 一起写", "例如 --period 2024H1 --due 2024-07-10。")
        return None
    usual = period_of(code)
    if usual is None:
        raise CannotRun(f"看不懂报送期编号“{code}”", "写成 2024H1、2024Q1、2024-07 或者 2024 的样子。")
    return usual if day is None else usual.model_copy(update={"due": day})


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
