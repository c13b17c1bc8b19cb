"""Commands that send forms out: a form to fill in, a form back for correction."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger_cli.check.displacement import displacements
from ledger_cli.cli.shared.desk import ByOption, Desk, UnitArgument, desk_of, entries_of, typed
from ledger_cli.cli.shared.options import (
    ForceOption,
    PeriodOption,
    find_unit,
    printable,
    today,
    workspace_of,
)
from ledger_cli.cli.shared.suffixes import known_suffix
from ledger_cli.edge.console import say
from ledger_cli.edge.disk import Workspace, shipped_template
from ledger_cli.edge.outputs import Outputs
from ledger_cli.exits import CannotRun
from ledger_cli.gather.earlier import periods_before
from ledger_cli.gather.pipeline import as_of_date, chosen_period, submission_file
from ledger_cli.gather.plan import sound_plan
from ledger_cli.gather.submission import check_file
from ledger_cli.model.catalog import Period
from ledger_cli.model.fields import TaskNumber, task_order
from ledger_cli.model.form import Origin, digest, plan_digest, prefill_note
from ledger_cli.model.ledger import Entry
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.review import Action, answer_digest
from ledger_cli.read.submission import read_submission
from ledger_cli.write.form import form_context, write_form
from ledger_cli.write.form_xlsx import write_form_xlsx
from ledger_cli.write.remarks import finding_remarks, reason_remarks
from ledger_cli.write.returned import Remark, write_returned
from ledger_cli.write.view import task_numbers


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
        known_suffix(path, [".docx", ".xlsx"])
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


def _write_form(workspace: Workspace, plan: Plan, unit: Unit, period: Period, path: Path, *, prefill: bool) -> None:
    data = workspace.read(submission_file(workspace, plan, period.code, unit.id)) if prefill else None
    answers, note = _known_answers(workspace, plan, unit, period) if prefill else ({}, "")
    origin = Origin(unit.id, period.code, digest(data) if data is not None else "", plan_digest(plan, unit))
    context = form_context(plan, unit, period, answers, note)
    if path.suffix.lower() == ".xlsx":
        write_form_xlsx(context, plan.catalog.shape, path, origin, period)
    else:
        write_form(
            workspace.template("form"),
            context,
            path,
            origin,
            period,
            shape=plan.catalog.shape,
            shipped=shipped_template("form"),
        )


def send_back(
    context: typer.Context,
    unit: UnitArgument,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="理由", help="为什么退回，写给填报人员看； 不写时用审核记录里的理由。"),
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", metavar="编号", help="理由是对哪项任务说的；不写时是对整份报送说的。")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", metavar="文件", help="输出的 .docx 文件。")] = None,
    by: ByOption = None,
    force: ForceOption = False,
    period: PeriodOption = None,
) -> None:
    """退回一个单位的填报表：有问题的格子加批注，首页列出要改的地方。"""
    desk = desk_of(context, unit, period)
    name = submission_file(desk.workspace, desk.plan, desk.period.code, desk.unit.id)
    data = desk.workspace.read(name)
    if data is None:
        raise CannotRun(f"{desk.unit.name}还没有报送（没有 {name}）", "没有报送的用 ledger form 发填报表。")
    number = desk.task(task) if task is not None else None
    returning = _returning(desk, number, reason)
    remarks = _remarks(desk, name, data, number, returning)
    answers, _ = _known_answers(desk.workspace, desk.plan, desk.unit, desk.period)
    path = output or desk.workspace.path(f"build/return-{desk.period.code}-{desk.unit.id}.docx")
    context_ = form_context(desk.plan, desk.unit, desk.period, answers)
    with Outputs(desk.workspace, force=force).file(path) as temporary:
        origin = Origin(desk.unit.id, desk.period.code, digest(data), plan_digest(desk.plan, desk.unit))
        template, shipped = desk.workspace.template("form"), shipped_template("form")
        write_returned(
            template, context_, temporary, origin, desk.period, remarks, shape=desk.plan.catalog.shape, shipped=shipped
        )
        if returning.new:  # last, and before the form is there: none goes out that the record does not know of
            desk.write(Action.REJECT, returning.contents, by=by, reason=returning.reason)
    say(f"写好 {desk.workspace.name_of(path)}：退回{desk.unit.name}，{len(remarks)} 处要改。")
    _tell_recorded(desk, number, returning)
    say(f"单位改好发回，存在原处以后收入：{desk.program} intake {typed(path)}")


@dataclass(frozen=True, slots=True)
class _Returning:
    """Why a form is sent back: the reason, "" where only answers' own reasons are on record.

    ``answers`` are the unit's by task, ``new`` the tasks whose rejection has to be recorded.
    """

    reason: str
    answers: dict[TaskNumber, Entry]
    new: tuple[TaskNumber, ...]

    @property
    def rejected(self) -> dict[TaskNumber, str]:
        """Why answers stood rejected before, by task."""
        return _rejected(self.answers)

    @property
    def contents(self) -> dict[TaskNumber, str]:
        """What the rejections to be recorded are about."""
        return {number: answer_digest(self.answers[number].answer) for number in self.new}


def _rejected(answers: dict[TaskNumber, Entry]) -> dict[TaskNumber, str]:
    return {n: entry.review.why for n, entry in answers.items() if entry.review and entry.review.rejected}


def _returning(desk: Desk, number: TaskNumber | None, given: str | None) -> _Returning:
    """The reason given, else the one on record; raises ``CannotRun`` where there is neither.

    A form sent back as a whole rejects each answer that nobody has judged yet: an acceptance, and a rejection for a
    reason of its own, were said of that very answer and still hold.
    """
    answers = entries_of(desk.ledger())
    rejected = _rejected(answers)
    reason = _on_record(answers, number) if given is None else printable(given, "--reason ")
    if not reason and (number is not None or given is not None or not any(rejected.values())):
        raise _without_reason(desk, number, answers.get(number or 0), given)
    if given is None:
        return _Returning(reason, answers, ())
    if number is not None:
        new = [number] if number in answers and rejected.get(number) != reason else []
    else:
        new = [n for n, entry in answers.items() if not (entry.review and entry.review.judged)]
    return _Returning(reason, answers, tuple(new))


def _on_record(answers: dict[TaskNumber, Entry], number: TaskNumber | None) -> str:
    """The recorded reason of one answer; of the whole, the one that all its answers without acceptance share."""
    rejected = _rejected(answers)
    if number is not None:
        return rejected.get(number, "")
    reasons = [rejected.get(n, "") for n, entry in answers.items() if not (entry.review and entry.review.accepted)]
    return reasons[0] if len(reasons) > 1 and len(set(reasons)) == 1 else ""


def _without_reason(desk: Desk, number: TaskNumber | None, entry: Entry | None, given: str | None) -> CannotRun:
    """What is missing, with the command that has it."""
    event = entry.review.event if entry and entry.review else None
    if given is not None:
        message = "没有写退回的理由"
    elif number is None:
        message = f"没有写退回的理由，{desk.record} 里也没有还算数的退回"
    elif event and event.action is Action.REJECT and event.reason:
        message = f"第{number}项退回以后答复已经改过，记录里的理由不再算数，没有写这一次的理由"
    else:
        message = f"没有写退回的理由，{desk.record} 里也没有退回第{number}项"
    task = () if number is None else ("--task", str(number))
    return CannotRun(message, "加上 --reason，例如：" + desk.command("return", *task, "--reason", '"请写明人数"'))


def _tell_recorded(desk: Desk, number: TaskNumber | None, returning: _Returning) -> None:
    """What of the rejection was put on record, and what was not and why."""
    accepted = [n for n, entry in returning.answers.items() if entry.review and entry.review.accepted]
    if returning.new:
        say(f"退回记在 {desk.record}：{task_numbers(returning.new)}。")
    elif not returning.answers or (number is not None and number not in returning.answers):
        which = "各项答复" if number is None else f"第{number}项"
        say(f"{which}还没有报，或者有错误没有收入，没有可以退回的；理由只写在表里，没有记进 {desk.record}。")
    elif returning.rejected:
        say(f"退回已经记在 {desk.record}，不再重复记录。")
    if number is None and accepted:
        say(f"已经通过的没有退回：{task_numbers(accepted)}。")


def _remarks(desk: Desk, name: str, data: bytes, task: TaskNumber | None, returning: _Returning) -> list[Remark]:
    """Why the form is sent back, then what the check finds of it, each at its task and column."""
    plan = desk.plan
    findings = check_file(plan, name, data, as_of_date(plan.catalog, desk.period.code, today(), None)).findings
    remarks, others = finding_remarks(findings, plan.claims.by_unit[desk.unit.id], plan.catalog.shape)
    if others:
        hint = f"请运行 ledger validate {name} 查看，先在文件里改正。"
        first = others[0].in_words
        message = f"注意：报送文件里有 {len(others)} 处错误不是填报表里的（第一处是{first}），没有写进表里。"
        say(message + hint, error=True)
    return [*reason_remarks(task, returning.reason, returning.rejected, plan.catalog.shape), *remarks]


def _known_answers(workspace: Workspace, plan: Plan, unit: Unit, period: Period) -> Any:
    """The answers already given for the period, else for the one before, with a note that says so.

    Answers whose task has another text now are named and left out: no form shows them below it.
    """
    earlier = periods_before(plan, period)
    for source in (period, *earlier[-1:]):
        data = workspace.read(submission_file(workspace, plan, source.code, unit.id))
        if data is None:
            continue
        filing = read_submission(data, unit.id, plan.catalog.shape).filing
        answers = filing.answers
        if answers and not filing.untouched:
            displaced = {found.number for found in displacements(plan, filing).values()}
            _tell_displaced(unit, source, sorted(displaced & answers.keys(), key=task_order))
            note = "" if source is period else prefill_note(source)
            return {n: a for n, a in answers.items() if n not in displaced}, note
    return {}, ""


def _tell_displaced(unit: Unit, period: Period, tasks: list[TaskNumber]) -> None:
    if tasks:
        message = f"没有填入{unit.name}{period.name}的 {len(tasks)} 条答复：{task_numbers(tasks)}"
        option = f" --period {period.code}"
        say(f"{message}，任务的原文已经不是填报时的（K512）。先运行 ledger catalog migrate{option}。", error=True)
