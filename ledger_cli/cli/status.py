"""The command that answers who owes what and what is due: tables, a matrix, data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.merged import PROVISIONAL, totals
from ledger_cli.cli.shared.options import (
    AsOfOption,
    AtOption,
    ForceOption,
    PeriodOption,
    check_format,
    day_option,
    files_of,
    find_task,
    find_unit,
    today,
    workspace_of,
)
from ledger_cli.cli.shared.suffixes import known_suffix
from ledger_cli.edge.console import print_bytes, print_columns, print_table, say, terminal_width
from ledger_cli.edge.outputs import Outputs
from ledger_cli.emit import json_text
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.gather.count import narrow
from ledger_cli.gather.pipeline import build_status
from ledger_cli.model.clip import clipped
from ledger_cli.model.fields import TaskNumber, plain_number
from ledger_cli.model.obligation import Obligation, State
from ledger_cli.model.plan import Plan
from ledger_cli.model.status import Status
from ledger_cli.write.spreadsheet import csv_bytes
from ledger_cli.write.status import (
    STATE_HEADINGS,
    coverage_cells,
    coverage_headings,
    legend,
    light_table,
    matrix_table,
    obligation_table,
    sign,
    state_cells,
    status_json,
    unit_table,
)

_FAILURES = ("overdue", "missing", "faulty")


def status(
    context: typer.Context,
    unit: Annotated[str | None, typer.Option("--unit", metavar="单位", help="只看一个单位，逐项列出。")] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="编号", help="只看一项任务，逐个单位列出。")] = None,
    matrix: Annotated[bool, typer.Option("--matrix", help="单位和任务的对照表，每格一个字。")] = False,
    duties: Annotated[bool, typer.Option("--duties", help="列出逾期和临近的时限要求，以及是哪些单位。")] = False,
    lights: Annotated[bool, typer.Option("--lights", help="每项任务一盏灯：红有逾期，黄临近，绿都没有。")] = False,
    output: Annotated[str, typer.Option("--format", metavar="格式", help="text（文字）、json 或者 csv。")] = "text",
    file: Annotated[
        Path | None, typer.Option("-o", metavar="文件", help="写进 .json、.csv 或 .xlsx 文件，不显示在屏幕上。")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on", metavar="情形", help="退出码为 1 的情形： overdue 有逾期， missing 有未报， faulty 有误。"
        ),
    ] = None,
    force: ForceOption = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """查看谁报了、谁没报，哪些时限要求逾期、临近。"""
    if file is not None:
        output = known_suffix(file, [".json", ".csv", ".xlsx"]).lstrip(".")
    check_format(output, ("text", "json", "csv") if file is None else ("json", "csv", "xlsx"))
    failures = _failures(fail_on)
    workspace = workspace_of(context)
    plan, found = build_status(files_of(workspace, at), period=period, today=today(), as_of=day_option(as_of))
    units = None if unit is None else [find_unit(plan, unit).id]
    tasks = None if task is None else [find_task(plan, task)]
    found = narrow(found, units=units, tasks=tasks)
    if output == "text":
        if lights:
            print_table(*light_table(found))
        else:
            _print(plan, found, unit=units is not None, task=tasks is not None, matrix=matrix, duties=duties)
    elif file is None:
        print_bytes(_data(found, output, matrix=matrix, duties=duties, lights=lights))
    else:
        with Outputs(workspace, force=force).file(file) as temporary:
            temporary.write_bytes(_data(found, output, matrix=matrix, duties=duties, lights=lights))
        say(f"写好 {workspace.name_of(file)}：{totals(found.ledger)}")
    total = found.ledger.coverage()
    failed = {"overdue": len(found.overdue()), "missing": total.missing, "faulty": total.faulty}
    if any(failed[failure] for failure in failures):
        raise typer.Exit(Exit.FINDINGS)


def _failures(text: str | None) -> list[str]:
    chosen = [part.strip() for part in (text or "").replace("，", ",").split(",") if part.strip()]
    for part in chosen:
        if part not in _FAILURES:
            raise CannotRun(f"--fail-on 没有“{part}”这种情形", f"可以用 {'、'.join(_FAILURES)}。")
    return chosen


def _data(found: Status, output: str, *, matrix: bool, duties: bool, lights: bool) -> bytes:
    if output == "xlsx":
        from ledger_cli.write.tables_xlsx import status_workbook  # noqa: PLC0415 - openpyxl is slow to load

        return status_workbook(found)
    if output == "json":
        asked = {"lights": [{"task": task, "light": light} for task, light in found.lights.items()]} if lights else {}
        return json_text(status_json(found) | asked).encode("utf-8")
    table = light_table if lights else matrix_table if matrix else obligation_table if duties else unit_table
    return csv_bytes(*table(found))


def _print(plan: Plan, found: Status, *, unit: bool, task: bool, matrix: bool, duties: bool) -> None:
    ledger = found.ledger
    say(f"{ledger.period_name}（{ledger.period}），统计至 {found.as_of}，报送截止 {found.due}")
    if unit or task:
        about = [party.name for party in ledger.parties] if unit else []
        about += [f"第{record.number}项 {record.text}" for record in ledger.records] if task else []
        say("　".join(about))
    say(totals(ledger))
    if not ledger.records:
        say("没有应报的任务。")
    elif matrix:
        _print_matrix(found)
    elif duties:
        _print_duties(found)
    elif unit or task:
        _print_answers(plan, found, by_task=unit and not task)
    else:
        _print_counts(found)
    if found.provisional and not totals(ledger).endswith(f"{PROVISIONAL}。"):
        say(f"{PROVISIONAL}。")


def _print_counts(found: Status) -> None:
    print_table(
        ("章节", *coverage_headings(found)),
        [
            *(
                [title, *coverage_cells(found, found.ledger.coverage(records))]
                for title, records in found.sections.items()
            ),
            ["合计", *coverage_cells(found, found.ledger.coverage())],
        ],
        numbers=True,
    )
    say("时限要求")
    rows = []
    for title, records in found.sections.items():
        numbers = {record.number for record in records}
        rows.append([title, *state_cells(found.states(o for o in found.obligations if o.task in numbers))])
    print_table(("章节", *STATE_HEADINGS), [*rows, ["合计", *state_cells(found.states())]], numbers=True)
    say("各单位")
    rows = []
    for party in found.owing:
        states = found.states(found.of_unit(party.id))
        near = [str(states[State.OVERDUE]), str(states[State.NEAR])]
        name = party.short if party.confirmed else f"{party.short}（待确认）"
        rows.append([name, *coverage_cells(found, found.coverage[party.id]), *near])
    print_table(("单位", *coverage_headings(found), "逾期", "临近"), rows, numbers=True)
    if found.states()[State.OVERDUE] or found.states()[State.NEAR]:
        say("逾期和临近的要求：ledger status --duties；一个单位的：ledger status --unit 单位。")


def _print_answers(plan: Plan, found: Status, *, by_task: bool) -> None:
    """Every answer of one unit, or to one task, with the duties that go with it."""
    names = {party.id: party.name for party in found.ledger.parties}
    parts = found.ledger.shape.has_parts
    rows = []
    for record in found.ledger.records:
        reviews = found.ledger.reviews(record)
        for unit, outcome in found.outcomes[record.number].items():
            duties = "\n".join(_duty(found, o) for o in found.of_unit(unit) if o.task == record.number)
            text = plan.catalog.tasks[record.number].text
            label = f"{record.number}.{clipped(text, 18)}" if by_task else names[unit]
            state = outcome.value + (f"〔{reviews[unit].status}〕" if unit in reviews else "")
            part = [record.part(unit)] if parts else []
            rows.append([label, *part, state, duties])
    print_table(("任务" if by_task else "单位", *(["身份"] if parts else []), "状态", "时限要求"), rows)
    print_figures = [m for m in found.measurements if m.value is not None]
    if print_figures:
        say("指标")
        print_table(
            ("单位", "任务", "指标", "数值", "下限", "是否达到"),
            (
                [
                    names[m.unit],
                    str(m.task),
                    m.what,
                    f"{plain_number(m.value)}{m.measure}" if m.value is not None else "",
                    f"{plain_number(m.minimum)}{m.measure}" if m.minimum is not None else "",
                    m.reach.value,
                ]
                for m in print_figures
            ),
        )


def _duty(found: Status, obligation: Obligation) -> str:
    over = obligation.days_over(found.as_of)
    words = f"{obligation.id}：{obligation.what}"
    if obligation.due:
        words += f"，{obligation.due}"
    words += f"，{obligation.state.value}"
    return words + (f"{over}天" if over > 0 else "") + (f"（{obligation.met}）" if obligation.met else "")


def _print_duties(found: Status) -> None:
    short = {party.id: party.short for party in found.ledger.parties}
    groups = found.together(State.OVERDUE, State.NEAR)
    if not groups:
        say("没有逾期和临近的时限要求。")
        return
    for group in groups:
        first = group[0]
        over = first.days_over(found.as_of)
        left = f"还有{-over}天" if over else "当天到期"
        when = f"{first.state.value}{over}天" if over > 0 else f"{first.state.value}，{left}"
        say(f"第{first.task}项 {first.id}：{first.what}（{first.due}，{when}），{len(group)}家：")
        say(f"  {'、'.join(short[o.unit] for o in group)}")


def _print_matrix(found: Status) -> None:
    """Units by tasks, as many whole sections side by side as the terminal is wide."""
    lead = max((len(party.short) for party in found.owing), default=2) * 2 + 1
    room = max(1, (terminal_width() - lead) // 4)
    for page in _pages([[r.number for r in records] for records in found.sections.values()], room):
        titles = [title for title, records in found.sections.items() if any(r.number in page for r in records)]
        say("；".join(titles))
        rows = []
        for party in found.owing:
            signs = [sign(found, number, party.id) for number in page]
            if any(signs):
                rows.append([party.short, *signs])
        print_columns(["", *(str(number) for number in page)], rows, lead, 4)
        say()
    say(f"说明：{legend(found)}")


def _pages(sections: Sequence[Sequence[TaskNumber]], room: int) -> list[list[TaskNumber]]:
    """Task numbers by page of at most ``room``; a section begins a new page where it would be cut otherwise."""
    pages: list[list[TaskNumber]] = []
    for numbers in sections:
        if pages and len(pages[-1]) + len(numbers) <= room:
            pages[-1].extend(numbers)
            continue
        pages.extend(list(numbers[at : at + room]) for at in range(0, len(numbers), room))
    return pages
