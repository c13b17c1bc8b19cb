"""Commands for those who work in Word: a form out, a filled form in."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger_cli.cli.chinese import ChineseCommand
from ledger_cli.cli.options import (
    ForceOption,
    FormatOption,
    PeriodOption,
    check_format,
    find_task,
    find_unit,
    today,
    workspace_of,
)
from ledger_cli.console import findings_json, print_findings, print_table, say, write_json
from ledger_cli.exits import CannotRun, Exit

if TYPE_CHECKING:
    from ledger_cli.model.catalog import Period
    from ledger_cli.model.finding import Finding
    from ledger_cli.model.plan import Plan
    from ledger_cli.model.registry import Unit
    from ledger_cli.outputs import Outputs
    from ledger_cli.taking import Draft, Taking, Wanted
    from ledger_cli.workspace import Workspace
    from ledger_cli.write.returned import Remark

_READABLE = (".docx", ".docm", ".xlsx", ".xlsm", ".doc", ".wps", ".xls", ".et")


def register_forms(app: typer.Typer) -> None:
    """Add this module's commands to the app."""
    for name, command in (("form", form), ("intake", intake), ("return", send_back)):
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
        count = len(plan.obligations.by_unit[found.id])
        say(f"写好 {workspace.name_of(path)}：{found.name}，{count} 项任务，{known.due}前报送。")
        return
    folder = output or workspace.path(f"build/forms-{known.code}")
    units = [u for u in plan.registry.units if plan.obligations.by_unit[u.id]]
    with outputs.folder(folder, []) as temporary:
        for each in units:
            name = f"{known.code}-{each.id}.docx"
            _write_form(workspace, plan, each, known, temporary / name, prefill=prefill)
    say(f"写好 {workspace.name_of(folder)}：{len(units)} 份填报表。")


def _write_form(
    workspace: "Workspace", plan: "Plan", unit: "Unit", period: "Period", path: Path, *, prefill: bool
) -> None:
    from ledger_cli.scaffold import submission_name  # noqa: PLC0415
    from ledger_cli.write.form import Origin, digest, form_context, write_form  # noqa: PLC0415

    data = workspace.read(submission_name(period.code, unit.id)) if prefill else None
    answers, note = _known_answers(workspace, plan, unit, period) if prefill else ({}, "")
    origin = Origin(unit.id, period.code, digest(data) if data is not None else "")
    context = form_context(plan, unit, period, answers, note)
    if path.suffix.lower() == ".xlsx":
        from ledger_cli.write.form_xlsx import write_form_xlsx  # noqa: PLC0415

        write_form_xlsx(context, path, origin, period)
    else:
        write_form(workspace.path("templates/form.docx"), context, path, origin, period)


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
    from ledger_cli.pipeline import chosen_period, sound_plan  # noqa: PLC0415
    from ledger_cli.scaffold import submission_name  # noqa: PLC0415
    from ledger_cli.write.form import Origin, digest, form_context  # noqa: PLC0415
    from ledger_cli.write.returned import write_returned  # noqa: PLC0415

    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    found = find_unit(plan, unit)
    known = plan.catalog.period(chosen_period(plan.catalog, period))
    assert known is not None
    name = submission_name(known.code, found.id)
    data = workspace.read(name)
    if data is None:
        raise CannotRun(f"{found.name}还没有报送（没有 {name}）", "没有报送的用 ledger form 发填报表。")
    if not reason.strip():
        raise CannotRun("没有写退回的理由", "在 --reason 后面写明理由。")
    number = find_task(plan, task) if task is not None else None
    if number is not None and number not in plan.obligations.by_unit[found.id]:
        raise CannotRun(f"{found.name}不承担第{number}项任务", f"ledger todo {found.id} 可以列出本单位的任务。")
    remarks = _remarks(plan, found, known, data, number, reason.strip())
    answers, _ = _known_answers(workspace, plan, found, known)
    path = output or workspace.path(f"build/return-{known.code}-{found.id}.docx")
    context_ = form_context(plan, found, known, answers)
    with Outputs(workspace, force=force).file(path) as temporary:
        origin = Origin(found.id, known.code, digest(data))
        write_returned(workspace.path("templates/form.docx"), context_, temporary, origin, known, remarks)
    say(f"写好 {workspace.name_of(path)}：退回{found.name}，{len(remarks)} 处要改。")


def _remarks(
    plan: "Plan", unit: "Unit", period: "Period", data: bytes, task: int | None, reason: str
) -> "list[Remark]":
    """The reviewer's reason, then what the check finds of the submission, each at its task and column."""
    from ledger_cli.check.file import check_file  # noqa: PLC0415
    from ledger_cli.model.submission import PROSE  # noqa: PLC0415
    from ledger_cli.pipeline import as_of_date  # noqa: PLC0415
    from ledger_cli.read.submission import column_at, read_submission  # noqa: PLC0415
    from ledger_cli.scaffold import submission_name  # noqa: PLC0415
    from ledger_cli.write.returned import Remark  # noqa: PLC0415

    remarks = [Remark(task, PROSE[0], reason)]
    name = submission_name(period.code, unit.id)
    document = read_submission(data, name).document
    for found in check_file(plan, name, data, as_of_date(plan.catalog, period.code, today(), None)).findings:
        owed = found.task is not None and found.task in plan.obligations.by_unit[unit.id]
        column = column_at(document, found.task, found.line) if owed else ""
        remarks.append(Remark(found.task if owed else None, column or PROSE[0], found.message))
    return remarks


def _known_answers(workspace: "Workspace", plan: "Plan", unit: "Unit", period: "Period") -> Any:
    """The answers already given for the period, else for the one before, with a note that says so."""
    from ledger_cli.read.submission import read_submission, task_number  # noqa: PLC0415
    from ledger_cli.scaffold import submission_name  # noqa: PLC0415

    earlier = sorted((p for p in plan.catalog.periods if p.start < period.start), key=lambda p: p.start)
    for source in (period, *earlier[-1:]):
        data = workspace.read(submission_name(source.code, unit.id))
        if data is None:
            continue
        read = read_submission(data, unit.id)
        answers = {n: a for key, a in read.answers.items() if (n := task_number(key)) is not None}
        if answers and not read.untouched:
            note = "" if source is period else f"表中已填的是{source.name}的内容，请改成本期情况。"
            return answers, note
    return {}, ""


def intake(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="文件...", help="填好的 Word、Excel 文件，或者装着它们的文件夹。")
    ],
    unit: Annotated[str | None, typer.Option("--unit", metavar="单位", help="文件里没有写明单位时，写在这里。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会收入什么，不写文件。")] = False,
    output: FormatOption = "text",
    force: ForceOption = False,
    period: PeriodOption = None,
) -> None:
    """收入填好的 Word、Excel 表，写成报送文件；逐行说明怎样对上任务。"""
    from ledger_cli.outputs import Outputs  # noqa: PLC0415
    from ledger_cli.pipeline import chosen_period, sound_plan  # noqa: PLC0415
    from ledger_cli.taking import Wanted  # noqa: PLC0415

    check_format(output)
    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    wanted = Wanted(
        unit=find_unit(plan, unit).id if unit else None,
        period=chosen_period(plan.catalog, period) if period else None,
        current=plan.catalog.current,
        force=force,
    )
    outputs = Outputs(workspace, force=True)
    takings = []
    for path in _forms(files):
        taking = _take(workspace, plan, path, wanted)
        written = [d for d in taking.drafts if d.data is not None and not d.refused]
        for draft in written if not dry_run else ():
            _write_draft(workspace, outputs, plan, taking, draft)
        takings.append(taking)
    if output == "json":
        write_json({"files": [_taking_json(taking, dry_run=dry_run) for taking in takings]})
    else:
        _print_takings(plan, takings, dry_run=dry_run)
    refused = any(draft.refused for taking in takings for draft in taking.drafts)
    if refused or any(f.severity == "error" for taking in takings for f in taking.findings):
        raise typer.Exit(Exit.FINDINGS)


def _forms(paths: Iterable[Path]) -> list[Path]:
    from ledger_cli.workspace import files_below  # noqa: PLC0415

    paths = list(paths)
    named = {path for path in paths if path.is_file()}
    found = [
        path
        for path in files_below(paths)
        if path in named or (path.suffix.lower() in _READABLE and not path.name.startswith((".", "~$")))
    ]
    if not found:
        raise CannotRun("文件夹里没有 Word、Excel 文件", "核对文件夹的位置。")
    return found


def _take(workspace: "Workspace", plan: "Plan", path: Path, wanted: "Wanted") -> "Taking":
    from ledger_cli.read.tables import UnreadableFile  # noqa: PLC0415
    from ledger_cli.taking import take_file, unreadable  # noqa: PLC0415

    name = workspace.name_of(path)
    try:
        document = _read_filled(path)
    except UnreadableFile as error:
        return unreadable(name, error)
    return take_file(plan, document, name, wanted, workspace.read)


def _read_filled(path: Path) -> Any:
    """The document in a file, by its kind; old formats go through LibreOffice where it is installed."""
    from ledger_cli.read.tables import UnreadableFile  # noqa: PLC0415
    from ledger_cli.read.word import read_word  # noqa: PLC0415
    from ledger_cli.write.pdf import convert, find_office  # noqa: PLC0415

    kind = path.suffix.lower()
    data = path.read_bytes()
    if kind in (".xlsx", ".xlsm"):
        from ledger_cli.read.excel import read_excel  # noqa: PLC0415

        return read_excel(data)
    if kind in (".doc", ".wps") and find_office() is not None:
        import tempfile  # noqa: PLC0415

        with tempfile.TemporaryDirectory(prefix="ledger-intake-") as folder:
            try:
                (made,) = convert([path], Path(folder), "docx", seconds=120)
            except CannotRun as error:
                raise UnreadableFile(error.message, "用 Word 或者 WPS 打开，另存为 .docx 再试。") from error
            data = made.read_bytes()
    return read_word(data)


def _write_draft(workspace: "Workspace", outputs: "Outputs", plan: "Plan", taking: "Taking", draft: "Draft") -> None:
    """Write a submission and add what the check says of it, in terms of task and column."""
    from dataclasses import replace  # noqa: PLC0415

    from ledger_cli.check.file import check_file  # noqa: PLC0415
    from ledger_cli.pipeline import as_of_date  # noqa: PLC0415

    assert draft.data is not None
    with outputs.file(workspace.path(draft.name)) as temporary:
        temporary.write_bytes(draft.data)
    as_of = as_of_date(plan.catalog, draft.period, today(), None)
    for found in check_file(plan, draft.name, draft.data, as_of).findings:
        taking.findings.append(replace(found, excerpt="", hint=found.hint))


def _taking_json(taking: "Taking", *, dry_run: bool) -> dict[str, Any]:
    written = [d.name for d in taking.drafts if d.data is not None and not d.refused and not dry_run]
    return {
        "file": taking.file,
        "unit": taking.unit,
        "period": taking.period,
        "written": written[0] if len(written) == 1 else written or None,
        "rows": [{"task": row.task, "how": row.how, "score": row.score} for row in taking.intake.rows],
        "findings": findings_json(1, taking.findings)["findings"],
    }


_HOW = {"tag": "表内标记", "number": "任务编号", "text": "任务文字"}


def _print_takings(plan: "Plan", takings: "list[Taking]", *, dry_run: bool) -> None:
    summary = []
    for taking in takings:
        say(f"== {taking.file}")
        for how, words in _HOW.items():
            rows = [row for row in taking.intake.rows if row.how == how]
            if rows:
                sure = min(row.score for row in rows)
                tasks = "、".join(str(row.task) for row in rows)
                say(f"按{words}对上 {len(rows)} 项（把握不低于 {sure:.0%}）：{tasks}")
        for draft in taking.drafts:
            _print_draft(plan, draft, dry_run=dry_run)
        print_findings(_in_table_terms(taking.findings))
        errors = [f for f in taking.findings if f.severity == "error"]
        doubtful = sum(f.code == "F602" for f in errors)
        missing = sum(f.code == "C203" for f in taking.findings)
        names = "、".join(plan.registry.unit[d.unit].name for d in taking.drafts) or "（认不出）"
        count = len({row.task for row in taking.intake.rows})
        summary.append((taking.file, names, str(count), str(doubtful), str(missing), str(len(errors))))
    if len(takings) > 1:
        print_table(("文件", "单位", "对上", "对不上", "漏报", "错误"), summary)


def _in_table_terms(findings: "list[Finding]") -> "list[Finding]":
    """Findings of the written YAML without its lines: the message names task and column."""
    from dataclasses import replace  # noqa: PLC0415

    return [f if f.code.startswith("F") else replace(f, excerpt="") for f in findings]


def _print_draft(plan: "Plan", draft: "Draft", *, dry_run: bool) -> None:
    name = plan.registry.unit[draft.unit].name
    for change in draft.changes:
        before = f"“{_short(change.before)}”" if change.before else "（空）"
        after = f"“{_short(change.after)}”" if change.after else "（空）"
        say(f"  第{change.task}项 {change.field}：{before} → {after}")
    if draft.refused:
        say(f"{name}：{draft.refused}，没有写入。确实要替换的，加上 --force。", error=True)
    elif draft.data is None:
        say(f"{name}：与 {draft.name} 一致，没有变化。")
    else:
        done = "将写入" if dry_run else "写好"
        say(f"{name}：{done} {draft.name}，改动 {len(draft.changes)} 处。")


def _short(text: str, length: int = 30) -> str:
    flat = text.replace("\n", "⏎")
    return flat if len(flat) <= length else flat[:length] + "……"
