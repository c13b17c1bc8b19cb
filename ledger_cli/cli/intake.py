"""The command that takes filled forms in: read, placed, compared with what is there, written, checked."""

import traceback
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger_cli.cli.shared.fault import log_fault
from ledger_cli.cli.shared.options import (
    ForceOption,
    FormatOption,
    PeriodOption,
    check_format,
    find_unit,
    today,
    workspace_of,
)
from ledger_cli.edge.console import findings_json, print_findings, print_table, say, write_json
from ledger_cli.edge.disk import Workspace, files_below, why
from ledger_cli.edge.lock import locked
from ledger_cli.edge.outputs import Outputs
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.gather.pipeline import as_of_date, chosen_period, submission_file
from ledger_cli.gather.plan import sound_plan
from ledger_cli.gather.submission import check_file
from ledger_cli.intake.bundle import Item, is_bundle, is_litter, unbundled
from ledger_cli.intake.drafts import Draft, IntakeRequest, Taking, take_file, unreadable
from ledger_cli.intake.result import result_of
from ledger_cli.intake.rivals import settle_rivals
from ledger_cli.intake.source import SUFFIXES, read_filled
from ledger_cli.model.clip import clipped
from ledger_cli.model.finding import errors_of, has_errors
from ledger_cli.model.plan import Plan
from ledger_cli.read.office.tables import UnreadableFile

_FILE_LIMIT = 256 * 1024 * 1024


def intake(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="文件...", help="填好的 Word、Excel 文件，或者装着它们的文件夹、zip。")
    ],
    unit: Annotated[str | None, typer.Option("--unit", metavar="单位", help="文件里没有写明单位时，写在这里。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会收入什么，不写文件。")] = False,
    output: FormatOption = "text",
    force: ForceOption = False,
    period: PeriodOption = None,
) -> None:
    """收入填好的 Word、Excel 表，写成报送文件；逐行说明怎样对上任务。"""
    check_format(output)
    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    wanted = IntakeRequest(
        unit=find_unit(plan, unit).id if unit else None,
        period=chosen_period(plan.catalog, period) if period else None,
        current=plan.catalog.current,
        force=force,
    )
    takings = [_take(workspace, plan, item, wanted) for item in _items(workspace, files)]
    settle_rivals(plan, takings)
    outputs = Outputs(workspace, force=True, sources=True, asked=force)
    for taking in takings:
        for draft in taking.drafts:
            if draft.to_write and not dry_run:
                _write_draft(workspace, outputs, plan, taking, draft)
    if output == "json":
        write_json({"files": [_taking_json(plan, taking, dry_run=dry_run) for taking in takings]})
    else:
        _print_takings(plan, takings, dry_run=dry_run)
    refused = any(draft.refused for taking in takings for draft in taking.drafts)
    unread = any(taking.skipped and not taking.beside for taking in takings)
    if refused or unread or any(has_errors(taking.told) for taking in takings):
        raise typer.Exit(Exit.FINDINGS)


def _items(workspace: Workspace, paths: Iterable[Path]) -> Iterator[Item]:
    """Each file named, below a folder, or in a zip."""
    paths = list(paths)
    named = {path for path in paths if path.is_file()}
    found = [path for path in files_below(paths) if path in named or not is_litter(path.name)]
    if not found:
        raise CannotRun("文件夹是空的", "核对文件夹的位置。")
    for path in found:
        name = workspace.name_of(path)
        try:
            size = path.stat().st_size
            data = path.read_bytes() if size <= _FILE_LIMIT else b""
        except OSError as error:
            yield Item(name, b"", f"打不开（{why(error)}）")
            continue
        if size > _FILE_LIMIT:
            yield Item(name, b"", "文件太大，没有读取")
        elif is_bundle(name, data):
            yield from unbundled(name, data)
        else:
            yield Item(name, data, named=path in named)


def _take(workspace: Workspace, plan: Plan, item: Item, wanted: IntakeRequest) -> Taking:
    """One file; whatever is wrong with it, and be it the program's own fault, the others go on."""
    try:
        return _taken(workspace, plan, item, wanted)
    except (CannotRun, OSError):
        raise
    except Exception:  # noqa: BLE001
        told = log_fault(traceback.format_exc())
        return unreadable(item.name, UnreadableFile(f"这个文件没有收：{told.rstrip('。')}", "其余的文件不受影响。"))


def _taken(workspace: Workspace, plan: Plan, item: Item, wanted: IntakeRequest) -> Taking:
    if item.skipped:
        return Taking(item.name, None, None, skipped=f"未写入：{item.skipped}")
    try:
        document = read_filled(item.data, item.name)
    except UnreadableFile as error:
        if error.foreign and not item.named and not item.name.lower().endswith(SUFFIXES):
            return Taking(item.name, None, None, skipped="不认识的类型", beside=True)
        return unreadable(item.name, error)
    return take_file(plan, document, item.name, wanted, workspace.read, partial(submission_file, workspace, plan))


def _write_draft(workspace: Workspace, outputs: Outputs, plan: Plan, taking: Taking, draft: Draft) -> None:
    """Write a submission and add what the check says of it, in terms of task and column."""
    assert draft.data is not None
    with locked(workspace.root):
        if workspace.read(draft.name) != draft.before:
            draft.refused = f"“{draft.name}”刚刚被别人改过，再收一次"
            return
        with outputs.file(workspace.path(draft.name)) as temporary:
            temporary.write_bytes(draft.data)
    as_of = as_of_date(plan.catalog, draft.period, today(), None)
    for found in check_file(plan, draft.name, draft.data, as_of).findings:
        # The clerk has a table before him, not the YAML: task and column instead of line and excerpt.
        column = found.field if found.field in plan.catalog.shape.by_key else None
        message = f"“{column}”：{found.message}" if column and column not in found.message else found.message
        hint = "在填报表里改正，再收一次。" if found.severity == "error" else ""
        at_form = replace(found, file=taking.file, line=1, column=1, message=message, hint=hint, excerpt="")
        taking.checks.append(at_form)


def _taking_json(plan: Plan, taking: Taking, *, dry_run: bool) -> dict[str, Any]:
    written = [draft.name for draft in taking.drafts if draft.to_write and not dry_run]
    return {
        "file": taking.file,
        "unit": taking.unit,
        "period": taking.period,
        "result": result_of(plan, taking, dry_run=dry_run),
        "written": written[0] if len(written) == 1 else written or None,
        "rows": [{"task": row.task, "how": row.how, "score": row.score} for row in taking.intake.rows],
        "findings": findings_json(1, taking.told)["findings"],
    }


_HOW = {"tag": "表内标记", "number": "任务编号", "text": "任务文字"}


def _print_takings(plan: Plan, takings: list[Taking], *, dry_run: bool) -> None:
    summary = []
    for taking in takings:
        result = result_of(plan, taking, dry_run=dry_run)
        say(f"== {taking.file}")
        _print_rows(taking)
        for draft in taking.drafts:
            _print_draft(plan, draft, dry_run=dry_run)
        if taking.skipped:
            say(result)
        print_findings(taking.findings)
        for found in taking.checks:
            say(f"  {found.code} {found.message}{'。' + found.hint if found.hint else ''}")
        errors = errors_of(taking.told)
        missing = sum(f.code == "C203" for f in taking.checks)
        names = "、".join(plan.registry.unit[d.unit].name for d in taking.drafts) or "（认不出）"
        count = len({row.task for row in taking.intake.rows})
        summary.append((names, result, str(count), str(missing), str(len(errors))))
    if len(takings) > 1:
        shown = _short_names([taking.file for taking in takings])
        rows = ((file, *rest) for file, rest in zip(shown, summary, strict=True))
        print_table(("文件", "单位", "结果", "对上", "漏报", "错误"), rows)


def _short_names(names: list[str]) -> list[str]:
    """The names without the folder that all of them lie in."""
    parts = [name.split("/")[:-1] for name in names]
    common = 0
    while all(len(one) > common and one[common] == parts[0][common] for one in parts):
        common += 1
    return ["/".join(name.split("/")[common:]) for name in names]


def _print_rows(taking: Taking) -> None:
    for how, words in _HOW.items():
        rows = [row for row in taking.intake.rows if row.how == how]
        if rows:
            sure = min(row.score for row in rows)
            tasks = "、".join(str(row.task) for row in rows)
            say(f"按{words}对上 {len(rows)} 项（把握不低于 {sure:.0%}）：{tasks}")


def _print_draft(plan: Plan, draft: Draft, *, dry_run: bool) -> None:
    name = plan.registry.unit[draft.unit].name
    for change in draft.changes if not draft.same_as else ():
        before = f"“{_short(change.before)}”" if change.before else "（空）"
        after = f"“{_short(change.after)}”" if change.after else "（空）"
        say(f"  第{change.task}项 {change.field}：{before} → {after}")
    if draft.refused:
        say(f"{name}：没有写入，{draft.refused}。", error=True)
    elif draft.same_as:
        say(f"{name}：与“{draft.same_as}”内容相同，不必再收。")
    elif draft.data is None:
        say(f"{name}：与 {draft.name} 一致，没有变化。")
    else:
        done = "将写入" if dry_run else "写好"
        say(f"{name}：{done} {draft.name}，改动 {len(draft.changes)} 处。")
    if draft.chosen:
        say(f"  {draft.chosen}。")


def _short(text: str, length: int = 30) -> str:
    flat = text.replace("\n", "⏎")
    return clipped(flat, length)
