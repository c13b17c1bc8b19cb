"""The Word document: which part of the ledger, in which layout, as one file or many."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial as partial_of
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger_cli.cli.chinese import ChineseCommand
from ledger_cli.cli.options import (
    AsOfOption,
    AtOption,
    ForceOption,
    PartialOption,
    PeriodOption,
    day_option,
    files_of,
    find_task,
    find_unit,
    today,
    workspace_of,
)
from ledger_cli.cli.outcome import merged_ledger, totals
from ledger_cli.console import say
from ledger_cli.exits import CannotRun

if TYPE_CHECKING:
    from ledger_cli.model.ledger import Ledger
    from ledger_cli.model.plan import Plan
    from ledger_cli.model.status import Status
    from ledger_cli.outputs import Outputs
    from ledger_cli.workspace import Files, Workspace
    from ledger_cli.write.report import Job, Reporter, Written

_DEFAULT_REPORT = "build/ledger.docx"
_SPLITS = ("section", "task", "unit")
_PDF_SECONDS_A_PAGE = 2.0


def register_report(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("report", cls=ChineseCommand)(report)


def report(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("-o", metavar="文件", help="输出的 .docx 文件；与 --split 同用时是文件夹。")
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
    pdf: Annotated[bool, typer.Option("--pdf", help="同时用 LibreOffice 转成 PDF。")] = False,
    force: ForceOption = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """生成 Word 台账；样式在 templates 里的模板中，用 Word 或 WPS 修改。"""
    from ledger_cli.outputs import Outputs  # noqa: PLC0415
    from ledger_cli.write.report import Reporter  # noqa: PLC0415

    _check_choices(
        unit=unit, under=under, section=section, task=task, blank=blank, split=split, accepted_only=accepted_only
    )
    workspace = workspace_of(context)
    path = output or workspace.path("build/split-" + split if split else _DEFAULT_REPORT)
    if not split and path.suffix.lower() != ".docx":
        raise CannotRun(f"“{path.name}”不是 .docx 文件", "报告写成 .docx；要 PDF 时加 --pdf。")
    outputs = Outputs(workspace, force=force)
    if not split:
        outputs.check(path)
    reporter = Reporter(workspace.path("templates"))
    if template is not None and reporter.is_brief(template):
        _refuse_for_brief(blank=blank, split=split, accepted_only=accepted_only)
        status = _status(files_of(workspace, at), period, as_of, unit=unit, under=under, section=section, task=task)
        _write_brief(workspace, outputs, reporter, template, status, path, pdf=pdf)
        return
    if blank:
        ledger, plan = _blank(workspace, period, as_of, at)
    else:
        concerning = None
        if unit is not None or under is not None:
            concerning = partial_of(_units_asked_for, unit=unit, under=under)
        ledger, plan = merged_ledger(
            workspace, period, as_of, at, partial=partial, accepted_only=accepted_only, concerning=concerning
        )
    ledger, job = _scope(ledger, plan, unit, under, section, task, blank=blank, template=template)
    if split:
        _write_split(workspace, outputs, reporter, ledger, split, template, path, pdf=pdf)
    else:
        _write_one(workspace, outputs, reporter, job, path, pdf=pdf)


def _refuse_for_brief(**choices: str | bool | None) -> None:
    for name, value in choices.items():
        if value:
            option = name.replace("_", "-")
            raise CannotRun(f"情况通报不能加 --{option}", f"去掉 --{option}，或者换一个模板。")


def _status(files: "Files", period: str | None, as_of: str | None, **scope: str | None) -> "Status":
    """The status that a circular is about: of everybody, or of the units and tasks asked for."""
    from ledger_cli.pipeline import build_status  # noqa: PLC0415
    from ledger_cli.status import narrow  # noqa: PLC0415

    plan, status = build_status(files, period=period, today=today(), as_of=day_option(as_of))
    units = None
    if scope["unit"] is not None or scope["under"] is not None:
        units = _units_asked_for(plan, unit=scope["unit"], under=scope["under"])
    tasks = None
    if scope["section"] is not None:
        tasks = [task.number for task in plan.catalog.sections[_section(plan, scope["section"])].tasks]
    if scope["task"] is not None:
        tasks = [find_task(plan, scope["task"])]
    status = narrow(status, units=units, tasks=tasks)
    if not status.coverage:
        raise CannotRun("所选的单位不承担所选的任务，没有内容可出", "ledger todo 单位 可以列出单位承担的任务。")
    return status


def _write_brief(
    workspace: "Workspace",
    outputs: "Outputs",
    reporter: "Reporter",
    template: str,
    status: "Status",
    path: Path,
    *,
    pdf: bool,
) -> None:
    if pdf:
        _need_office()
        outputs.check(path.with_suffix(".pdf"))
    with outputs.file(path) as temporary:
        problems = reporter.write_brief(template, status, cluster, temporary)
    counted = f"{totals(status.ledger)}逾期 {len(status.overdue())} 条，共性问题 {len(problems)} 个。"
    say(f"写好 {workspace.name_of(path)}：情况通报，{counted}")
    if pdf:
        _write_pdf(outputs, [path], path.parent, 20)
        say(f"写好 {workspace.name_of(path.with_suffix('.pdf'))}。")


def cluster(texts: Sequence[str]) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault("".join(text.split()), []).append(place)
    return list(groups.values())


def _units_asked_for(plan: "Plan", *, unit: str | None, under: str | None) -> list[str]:
    if unit is not None:
        return [find_unit(plan, unit).id]
    return plan.registry.subordinates(find_unit(plan, under or "").id)


def _check_choices(**choices: str | bool | None) -> None:
    """Refuse options that contradict each other."""
    split = choices["split"]
    if split is not None and split not in _SPLITS:
        raise CannotRun(f"--split 没有“{split}”这种方式", f"可以用 {'、'.join(_SPLITS)}。")
    pairs = (("unit", "under"), ("section", "task"), ("blank", "split"), ("unit", "split"), ("blank", "accepted_only"))
    for first, second in pairs:
        if choices[first] and choices[second]:
            raise CannotRun(f"--{first} 和 --{second.replace('_', '-')} 不能同时用", "去掉其中一个。")


def _blank(workspace: "Workspace", period: str | None, as_of: str | None, at: str | None) -> "tuple[Ledger, Plan]":
    from ledger_cli.pipeline import blank_ledger, sound_plan  # noqa: PLC0415

    plan = sound_plan(files_of(workspace, at))
    return blank_ledger(plan, period, today(), day_option(as_of)), plan


def _scope(
    ledger: "Ledger",
    plan: "Plan",
    unit: str | None,
    under: str | None,
    section: str | None,
    task: str | None,
    *,
    blank: bool,
    template: str | None,
) -> "tuple[Ledger, Job]":
    """The part of the ledger that was asked for, and the document it makes."""
    from ledger_cli.merge import select  # noqa: PLC0415
    from ledger_cli.write.report import job_for  # noqa: PLC0415

    scopes: list[str] = []
    chosen = None
    if unit is not None:
        chosen = find_unit(plan, unit).id
        ledger = select(ledger, units=[chosen])
    if under is not None:
        top = find_unit(plan, under)
        ledger = select(ledger, units=_units_asked_for(plan, unit=None, under=under))
        scopes.append(f"{top.name}及所辖单位")
    if section is not None:
        place = _section(plan, section)
        ledger = select(ledger, tasks=[t.number for t in plan.catalog.sections[place].tasks])
        scopes.append(plan.catalog.sections[place].title)
    if task is not None:
        number = find_task(plan, task)
        ledger = select(ledger, tasks=[number])
        scopes.append(f"第{number}项")
    if not ledger.records:
        raise CannotRun("所选的单位不承担所选的任务，没有内容可出", "ledger todo 单位 可以列出单位承担的任务。")
    part = section is not None or task is not None
    job = job_for(ledger, unit=chosen, scope="　".join(scopes), blank=blank, part=part, template=template)
    return ledger, job


def _section(plan: "Plan", text: str) -> int:
    """A section's place, from its number or its title."""
    titles = [section.title for section in plan.catalog.sections]
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= len(titles):
        return int(text) - 1
    for place, title in enumerate(titles):
        if text == title or text == title.split("、")[0]:
            return place
    raise CannotRun(f"没有“{text}”这一节", f"写第几节，从 1 到 {len(titles)}。")


def _write_one(
    workspace: "Workspace", outputs: "Outputs", reporter: "Reporter", job: "Job", path: Path, *, pdf: bool
) -> None:
    if pdf:
        _need_office()
        outputs.check(path.with_suffix(".pdf"))
    with outputs.file(path) as temporary:
        written = reporter.write(job, temporary)
    _say_written(workspace.name_of(path), job, written)
    if pdf:
        _write_pdf(outputs, [path], path.parent, written.pages)
        say(f"写好 {workspace.name_of(path.with_suffix('.pdf'))}。")


def _say_written(name: str, job: "Job", written: "Written") -> None:
    if job.layout.blank:
        say(f"写好 {name}：空白台账，{len(job.ledger.records)} 项任务，约 {written.pages} 页。")
    else:
        say(f"写好 {name}：{totals(job.ledger)}表格 {written.rows} 行，约 {written.pages} 页。")
    if written.unprinted:
        missing = "、".join(f"“{field}”" for field in written.unprinted)
        say(f"注意：模板里没有用到{missing}，文档里没有这些内容。", error=True)


def _write_split(
    workspace: "Workspace",
    outputs: "Outputs",
    reporter: "Reporter",
    ledger: "Ledger",
    split: str,
    template: str | None,
    folder: Path,
    *,
    pdf: bool,
) -> None:
    from ledger_cli.write.report import parts  # noqa: PLC0415

    if pdf:
        _need_office()
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
    if removed:
        say(f"删去了上次生成而这次没有的 {len(removed)} 份：{'、'.join(removed)}。")
    if pdf:
        documents = [folder / str(row["文件"]) for row in rows]
        _write_pdf(outputs, documents, folder, pages)
        say(f"写好 {len(documents)} 份 PDF。")


def _progress(jobs: "Sequence[tuple[Job, str]]") -> "Iterator[tuple[Job, str]]":
    """The jobs, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield from jobs
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    yield from track(jobs, description="生成文档", console=Console(stderr=True), transient=True)


def _need_office() -> None:
    from ledger_cli.write.pdf import find_office, no_office  # noqa: PLC0415

    if find_office() is None:
        raise no_office()


def _write_pdf(outputs: "Outputs", documents: Iterable[Path], folder: Path, pages: int) -> None:
    """PDF files beside the documents; they appear when all are made."""
    import tempfile  # noqa: PLC0415

    from ledger_cli.write.pdf import to_pdf  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="ledger-pdf-") as temporary:
        for made in to_pdf(list(documents), Path(temporary), seconds=120 + pages * _PDF_SECONDS_A_PAGE):
            with outputs.file(folder / made.name) as target:
                target.write_bytes(made.read_bytes())
