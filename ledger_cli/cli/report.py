"""The Word document: which part of the ledger, in which layout, as one file or many."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from ledger_cli.cli.shared.circular import refuse_for_brief, write_brief
from ledger_cli.cli.shared.merged import merged_ledger, tell_personal_data, totals
from ledger_cli.cli.shared.options import (
    AsOfOption,
    AtOption,
    ForceOption,
    PartialOption,
    PeriodOption,
    day_option,
    files_of,
    today,
    workspace_of,
)
from ledger_cli.cli.shared.pdf import check_pdf, write_pdf
from ledger_cli.cli.shared.report_name import WHOLE, ReportName
from ledger_cli.cli.shared.scope import Scope, nothing_in_scope
from ledger_cli.cli.shared.suffixes import known_suffix
from ledger_cli.edge.console import say
from ledger_cli.edge.disk import Workspace, shipped_template
from ledger_cli.edge.outputs import Outputs
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.gather.merge import select
from ledger_cli.gather.pipeline import blank_ledger, build_status
from ledger_cli.gather.plan import sound_plan
from ledger_cli.model.column import columns_in_words
from ledger_cli.model.ledger import Ledger
from ledger_cli.model.plan import Plan
from ledger_cli.write.report import Job, Reporter, Written, job_for, parts

_SPLITS = ("section", "task", "unit")
_LAYOUTS = ("compact", "ledger")


def report(
    context: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            metavar="文件",
            help="输出的 .docx 文件；与 --split 同用时是文件夹。不写时， 只出一部分的另起中文文件名。",
        ),
    ] = None,
    template: Annotated[
        str | None, typer.Option("--template", metavar="模板", help="templates 里的模板名，如 ledger、compact。")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="单位", help="只出一个单位的台账。")] = None,
    under: Annotated[
        str | None, typer.Option("--under", metavar="单位", help="只出一个市和所辖各县（市、区）的台账。")
    ] = None,
    section: Annotated[
        str | None, typer.Option("--section", metavar="序号", help="只出一个章节，写第几节，如 1。")
    ] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="编号", help="只出一项任务。")] = None,
    blank: Annotated[bool, typer.Option("--blank", help="出空白台账，三栏待填，与印发的一样。")] = False,
    partial: PartialOption = False,
    accepted_only: Annotated[
        bool, typer.Option("--accepted-only", help="只列出审核通过的答复，其余的写明没有列出。")
    ] = False,
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="方式", help="分成多份：section 章节、task 任务、unit 单位。"),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="同时用 LibreOffice 转成 PDF；没有装的，只写出 Word 文件。")
    ] = False,
    force: ForceOption = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """生成 Word 台账；样式在 templates 里的模板中，用 Word 或 WPS 修改。"""
    _check_choices(
        unit=unit, under=under, section=section, task=task, blank=blank, split=split, accepted_only=accepted_only
    )
    if output is not None and not split:
        known_suffix(output, [".docx"], "报告写成 .docx；要 PDF 时加 --pdf。")
    workspace = workspace_of(context)
    outputs = Outputs(workspace, force=force)
    reporter = Reporter(workspace.template, shipped_template)
    circular = template is not None and reporter.is_brief(template)
    scope = Scope(unit, under, section, task)
    name = ReportName(scope, template, blank, circular, period, accepted_only, at, split)
    known = output or (workspace.path(WHOLE) if name.of_whole and period is None else None)
    if known is not None and not split:
        outputs.check(known)

    def place(plan: Plan) -> Path:
        return output or workspace.path(name.path(plan))

    if template is not None and circular:
        refuse_for_brief(blank=blank, split=split, accepted_only=accepted_only)
        files = files_of(workspace, at)
        write_brief(workspace, files, outputs, reporter, template, place, scope, period, as_of, pdf=pdf)
        return
    if blank:
        ledger, plan = _blank(workspace, period, as_of, at)
    else:
        concerning = _units_of(scope) if scope.of_units else None
        ledger, plan = merged_ledger(
            workspace, period, as_of, at, partial=partial, accepted_only=accepted_only, concerning=concerning
        )
    incomplete = bool(ledger.left_out) and not partial
    ledger, job = _document(ledger, plan, scope, blank=blank, template=template)
    if not blank and reporter.shows_lights(job):
        _, found = build_status(files_of(workspace, at), period=period, today=today(), as_of=day_option(as_of))
        ledger = replace(ledger, lights=found.lights)
        job = replace(job, ledger=ledger)
    path = place(plan)
    if not split:
        outputs.check(path)
    if not blank:
        tell_personal_data(ledger)
    if split:
        _write_split(workspace, outputs, reporter, ledger, split, template, path, pdf=pdf)
    else:
        _write_one(workspace, outputs, reporter, job, path, pdf=pdf)
    if incomplete:
        raise typer.Exit(Exit.FINDINGS)


def _units_of(scope: Scope) -> Callable[[Plan], list[str]]:
    return lambda plan: scope.units(plan) or []


def _check_choices(**choices: str | bool | None) -> None:
    """Refuse options that contradict each other."""
    split = choices["split"]
    if split is not None and split not in _SPLITS:
        raise CannotRun(f"--split 没有“{split}”这种方式", f"可以用 {'、'.join(_SPLITS)}。")
    pairs = (("unit", "under"), ("section", "task"), ("blank", "split"), ("unit", "split"), ("blank", "accepted_only"))
    for first, second in pairs:
        if choices[first] and choices[second]:
            raise CannotRun(f"--{first} 和 --{second.replace('_', '-')} 不能同时用", "去掉其中一个。")


def _blank(workspace: Workspace, period: str | None, as_of: str | None, at: str | None) -> tuple[Ledger, Plan]:
    plan = sound_plan(files_of(workspace, at))
    return blank_ledger(plan, period, today(), day_option(as_of)), plan


def _document(ledger: Ledger, plan: Plan, scope: Scope, *, blank: bool, template: str | None) -> tuple[Ledger, Job]:
    """The part of the ledger that was asked for, and the document it makes."""
    units = scope.units(plan)
    ledger = select(ledger, units=units, tasks=scope.tasks(plan))
    if not ledger.records:
        raise nothing_in_scope()
    own = units[0] if units and scope.unit is not None else None
    job = job_for(ledger, unit=own, scope=scope.title(plan), blank=blank, part=scope.of_tasks, template=template)
    return ledger, job


def _write_one(workspace: Workspace, outputs: Outputs, reporter: Reporter, job: Job, path: Path, *, pdf: bool) -> None:
    if pdf:
        check_pdf(outputs, path)
    with outputs.file(path) as temporary:
        written = reporter.write(job, temporary)
    _say_written(workspace.name_of(path), job, written)
    if pdf:
        write_pdf(outputs, [path], path.parent, written.pages)
        say(f"写好 {workspace.name_of(path.with_suffix('.pdf'))}。")


def _layout(job: Job) -> str:
    return "紧凑版式（单位多）" if job.template == "compact" else f"{columns_in_words(len(job.shape.columns))}版式"


def _other_layout(job: Job) -> str:
    wide = f"{columns_in_words(len(job.shape.columns))}版式"
    return f"要{wide}的，加 --template ledger" if job.template == "compact" else "要紧凑版式的，加 --template compact"


def _say_written(name: str, job: Job, written: Written) -> None:
    if job.layout.blank:
        say(f"写好 {name}：空白台账，{len(job.ledger.records)} 项任务，约 {written.pages} 页。")
    else:
        say(f"写好 {name}：{totals(job.ledger)}表格 {written.rows} 行，约 {written.pages} 页。")
    if job.own_choice:
        say(f"按{_layout(job)}排印；{_other_layout(job)}。")
    if written.unprinted:
        missing = "、".join(f"“{field}”" for field in written.unprinted)
        say(f"注意：模板里没有用到{missing}，文档里没有这些内容。", error=True)


def _write_split(
    workspace: Workspace,
    outputs: Outputs,
    reporter: Reporter,
    ledger: Ledger,
    split: str,
    template: str | None,
    folder: Path,
    *,
    pdf: bool,
) -> None:
    rows: list[dict[str, Any]] = []
    jobs = list(parts(ledger, split, template))
    removed: list[str] = []
    with outputs.folder(folder, removed) as temporary:
        for number, (job, description) in enumerate(_progress(jobs), 1):
            file = f"{job.stem}.docx"
            written = reporter.write(job, temporary / file)
            rows.append(
                {"序号": number, "文件": file, "内容": description, "答复数": written.answers, "页数": written.pages}
            )
        reporter.write_index(rows, ledger, temporary / "index.docx")
    pages = sum(int(row["页数"]) for row in rows)
    answers = sum(int(row["答复数"]) for row in rows)
    say(f"写好 {workspace.name_of(folder)}：{len(rows)} 份文档和目录 index.docx，{answers} 条答复，约 {pages} 页。")
    _say_layouts([job for job, _ in jobs])
    if removed:
        say(f"删去了上次生成而这次没有的 {len(removed)} 份：{'、'.join(removed)}。")
    if pdf:
        documents = [folder / str(row["文件"]) for row in rows]
        write_pdf(outputs, documents, folder, pages)
        say(f"写好 {len(documents)} 份 PDF。")


def _say_layouts(jobs: Sequence[Job]) -> None:
    """Which layouts the documents of a split have, where the program chose them."""
    chosen = [job.template for job in jobs if job.own_choice]
    used = [template for template in _LAYOUTS if template in chosen]
    if len(used) > 1:
        named = {job.template: _layout(job) for job in jobs if job.own_choice}
        counted = "，".join(f"{chosen.count(template)} 份按{named[template]}" for template in used)
        say(f"其中 {counted}；要统一版式的，加 --template compact 或者 --template ledger。")
    elif used:
        first = next(job for job in jobs if job.own_choice)
        say(f"都按{_layout(first)}排印；{_other_layout(first)}。")


def _progress(jobs: Sequence[tuple[Job, str]]) -> Iterator[tuple[Job, str]]:
    """The jobs, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield from jobs
        return

    yield from track(jobs, description="生成文档", console=Console(stderr=True), transient=True)
