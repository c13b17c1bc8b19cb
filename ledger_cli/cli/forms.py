"""Commands that send forms out: a form to fill in, a form back for correction."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger_cli.cli.chinese import ChineseCommand
from ledger_cli.cli.options import (
    ForceOption,
    PeriodOption,
    find_task,
    find_unit,
    printable,
    today,
    workspace_of,
)
from ledger_cli.console import say
from ledger_cli.exits import CannotRun

if TYPE_CHECKING:
    from ledger_cli.model.catalog import Period
    from ledger_cli.model.plan import Plan
    from ledger_cli.model.registry import Unit
    from ledger_cli.workspace import Workspace
    from ledger_cli.write.returned import Remark


def register_forms(app: typer.Typer) -> None:
    """Add this module's commands to the app."""
    for name, command in (("form", form), ("return", send_back)):
        app.command(name, cls=ChineseCommand)(command)


def form(
    context: typer.Context,
    unit: Annotated[str | None, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="文件", help="输出的 .docx 或 .xlsx；与 --all 同用时是文件夹。")
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="为全部单位各出一份。")] = False,
    prefill: Annotated[bool, typer.Option("--prefill", help="填上已报的内容，没有报的填上期内容。")] = False,
    force: ForceOption = False,
    period: PeriodOption = None,
) -> None:
    """生成 Word 或 Excel 填报表，发给单位填写。"""
    from ledger_cli.outputs import Outputs  # noqa: PLC0415
    from ledger_cli.pipeline import chosen_period, sound_plan  # noqa: PLC0415

    if (unit is None) != everyone:
        raise CannotRun("要写出一个单位，或者用 --all 为全部单位生成", "例如 ledger form 司法厅。")
    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    known = plan.catalog.period(chosen_period(plan.catalog, period))
    assert known is not None
    outputs = Outputs(workspace, force=force)
    if unit is not None:
        found = find_unit(plan, unit)
        path = output or workspace.path(f"build/form-{known.code}-{found.id}.docx")
        if path.suffix.lower() not in (".docx", ".xlsx"):
            raise CannotRun(f"“{path.name}”不是 .docx 或 .xlsx 文件", "文件名用 .docx 或者 .xlsx 结尾。")
        with outputs.file(path) as temporary:
            _write_form(workspace, plan, found, known, temporary, prefill=prefill)
        count = len(plan.claims.by_unit[found.id])
        say(f"写好 {workspace.name_of(path)}：{found.name}，{count} 项任务，{known.due}前报送。")
        return
    folder = output or workspace.path(f"build/forms-{known.code}")
    units = [u for u in plan.registry.units if plan.claims.by_unit[u.id]]
    with outputs.folder(folder, []) as temporary:
        for each in units:
            name = f"{known.code}-{each.id}.docx"
            _write_form(workspace, plan, each, known, temporary / name, prefill=prefill)
    say(f"写好 {workspace.name_of(folder)}：{len(units)} 份填报表。")


def _write_form(
    workspace: "Workspace", plan: "Plan", unit: "Unit", period: "Period", path: Path, *, prefill: bool
) -> None:
    from ledger_cli.pipeline import submission_file  # noqa: PLC0415
    from ledger_cli.write.form import Origin, digest, form_context, plan_digest, write_form  # noqa: PLC0415

    data = workspace.read(submission_file(workspace, plan, period.code, unit.id)) if prefill else None
    answers, note = _known_answers(workspace, plan, unit, period) if prefill else ({}, "")
    origin = Origin(unit.id, period.code, digest(data) if data is not None else "", plan_digest(plan, unit))
    context = form_context(plan, unit, period, answers, note)
    if path.suffix.lower() == ".xlsx":
        from ledger_cli.write.form_xlsx import write_form_xlsx  # noqa: PLC0415

        write_form_xlsx(context, path, origin, period)
    else:
        write_form(workspace.template("form"), context, path, origin, period)


def send_back(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")],
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="为什么退回，写给填报人员看。")],
    task: Annotated[str | None, typer.Option("--task", metavar="编号", help="理由是对哪项任务说的。")] = None,
    output: Annotated[Path | None, typer.Option("-o", metavar="文件", help="输出的 .docx 文件。")] = None,
    force: ForceOption = False,
    period: PeriodOption = None,
) -> None:
    """退回一个单位的填报表：有问题的格子加批注，首页列出要改的地方。"""
    from ledger_cli.outputs import Outputs  # noqa: PLC0415
    from ledger_cli.pipeline import (  # noqa: PLC0415
        chosen_period,
        sound_plan,
        submission_file,
    )
    from ledger_cli.write.form import Origin, digest, form_context, plan_digest  # noqa: PLC0415
    from ledger_cli.write.returned import write_returned  # noqa: PLC0415

    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    found = find_unit(plan, unit)
    known = plan.catalog.period(chosen_period(plan.catalog, period))
    assert known is not None
    name = submission_file(workspace, plan, known.code, found.id)
    data = workspace.read(name)
    if data is None:
        raise CannotRun(f"{found.name}还没有报送（没有 {name}）", "没有报送的用 ledger form 发填报表。")
    reason = printable(reason, "--reason ")
    if not reason:
        raise CannotRun("没有写退回的理由", "在 --reason 后面写明理由。")
    number = find_task(plan, task) if task is not None else None
    if number is not None and number not in plan.claims.by_unit[found.id]:
        raise CannotRun(f"{found.name}不承担第{number}项任务", f"ledger todo {found.id} 可以列出本单位的任务。")
    remarks = _remarks(workspace, plan, found, known, name, data, number, reason)
    answers, _ = _known_answers(workspace, plan, found, known)
    path = output or workspace.path(f"build/return-{known.code}-{found.id}.docx")
    context_ = form_context(plan, found, known, answers)
    with Outputs(workspace, force=force).file(path) as temporary:
        origin = Origin(found.id, known.code, digest(data), plan_digest(plan, found))
        write_returned(workspace.template("form"), context_, temporary, origin, known, remarks)
    say(f"写好 {workspace.name_of(path)}：退回{found.name}，{len(remarks)} 处要改。")


def _remarks(
    workspace: "Workspace",
    plan: "Plan",
    unit: "Unit",
    period: "Period",
    name: str,
    data: bytes,
    task: int | None,
    reason: str,
) -> "list[Remark]":
    """The reason given, why answers stand rejected, then what the check finds, each at its task and column."""
    from ledger_cli.check.file import check_file  # noqa: PLC0415
    from ledger_cli.earlier import sound_answers  # noqa: PLC0415
    from ledger_cli.model.submission import PROSE  # noqa: PLC0415
    from ledger_cli.pipeline import as_of_date  # noqa: PLC0415
    from ledger_cli.read.submission import column_at, read_submission  # noqa: PLC0415
    from ledger_cli.reviews import sound_record  # noqa: PLC0415
    from ledger_cli.write.returned import Remark  # noqa: PLC0415

    remarks = [Remark(task, PROSE[0], reason)]
    document = read_submission(data, name).document
    rejected = sound_record(workspace, plan, period.code).rejections(unit.id, sound_answers(plan, data, name))
    owed = plan.claims.by_unit[unit.id]
    remarks += [
        Remark(number, PROSE[0], event.reason)
        for number, event in rejected.items()
        if event.reason and number in owed and (number, event.reason) != (task, reason)
    ]
    for found in check_file(plan, name, data, as_of_date(plan.catalog, period.code, today(), None)).findings:
        known = found.task if found.task in owed else None
        column = column_at(document, known, found.line) if known is not None else ""
        remarks.append(Remark(known, column or PROSE[0], found.message))
    return remarks


def _known_answers(workspace: "Workspace", plan: "Plan", unit: "Unit", period: "Period") -> Any:
    """The answers already given for the period, else for the one before, with a note that says so.

    Answers whose task has another text now are named and left out: no form shows them below it.
    """
    from ledger_cli.check.displacement import displacements  # noqa: PLC0415
    from ledger_cli.earlier import periods_before  # noqa: PLC0415
    from ledger_cli.pipeline import submission_file  # noqa: PLC0415
    from ledger_cli.read.submission import read_submission, task_number  # noqa: PLC0415
    from ledger_cli.write.form import prefill_note  # noqa: PLC0415

    earlier = periods_before(plan, period)
    for source in (period, *earlier[-1:]):
        data = workspace.read(submission_file(workspace, plan, source.code, unit.id))
        if data is None:
            continue
        read = read_submission(data, unit.id)
        answers = {n: a for key, a in read.answers.items() if (n := task_number(key)) is not None}
        if answers and not read.untouched:
            displaced = {found.number for found in displacements(plan, read).values()}
            _tell_displaced(unit, source, sorted(displaced & answers.keys()))
            note = "" if source is period else prefill_note(source)
            return {n: a for n, a in answers.items() if n not in displaced}, note
    return {}, ""


def _tell_displaced(unit: "Unit", period: "Period", tasks: list[int]) -> None:
    from ledger_cli.write.view import task_numbers  # noqa: PLC0415

    if tasks:
        message = f"没有填入{unit.name}{period.name}的 {len(tasks)} 条答复：{task_numbers(tasks)}"
        option = f" --period {period.code}"
        say(f"{message}，任务的原文已经不是填报时的（K512）。先运行 ledger catalog migrate{option}。", error=True)
