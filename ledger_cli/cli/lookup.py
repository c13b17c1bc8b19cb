"""Commands that only look things up: what a unit owes, who owes a task."""

from typing import Annotated, Any

import typer

from ledger_cli.cli.shared.options import (
    AtOption,
    FormatOption,
    check_format,
    files_of,
    find_task,
    find_unit,
    workspace_of,
)
from ledger_cli.edge.console import (
    print_table,
    say,
    write_json,
)
from ledger_cli.gather.plan import sound_plan
from ledger_cli.model.clip import clipped
from ledger_cli.model.column import Role
from ledger_cli.model.plan import PARTS, Claim, Plan
from ledger_cli.model.shaped import words_of


def todo(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")],
    output: FormatOption = "text",
    at: AtOption = None,
) -> None:
    """列出一个单位承担的全部任务，以及是点名承担还是随组承担。"""
    check_format(output)
    plan = sound_plan(files_of(workspace_of(context), at))
    found = find_unit(plan, unit)
    claims = plan.claims.by_unit[found.id].values()
    if output == "json":
        tasks = [{"task": c.task, **_claim_json(plan, c)} for c in claims]
        write_json({"unit": found.id, "tasks": tasks})
        return
    say(f"{found.name}（{found.id}）承担 {len(claims)} 项任务：")
    shape = plan.catalog.shape
    text, deadline = shape.of(Role.TEXT), shape.of(Role.DEADLINE)
    print_table(
        ("编号", text.name if text else "任务举措", "依据", deadline.name if deadline else "完成时限", "必报"),
        (
            (
                str(claim.task),
                clipped(plan.catalog.tasks[claim.task].text, 24),
                _routes(plan, claim),
                plan.catalog.tasks[claim.task].deadline,
                "是" if claim.required else "由单位自定",
            )
            for claim in claims
        ),
    )
    if not found.confirmed:
        say("这个单位按登记名单统计，名单待印发机关确认。")


def who(
    context: typer.Context,
    task: Annotated[str, typer.Argument(metavar="任务编号", help="任务的编号，如 3。")],
    output: FormatOption = "text",
    at: AtOption = None,
) -> None:
    """列出一项任务的全部责任单位，以及依据。"""
    check_format(output)
    plan = sound_plan(files_of(workspace_of(context), at))
    number = find_task(plan, task)
    claims = plan.claims.by_task[number].values()
    if output == "json":
        units = [{"unit": c.unit, **_claim_json(plan, c)} for c in claims]
        write_json({"task": number, "units": units})
        return
    say(f"第{number}项 {plan.catalog.tasks[number].text}")
    task_ = plan.catalog.tasks[number]
    named = [c for c in plan.catalog.shape.beside if c.role in PARTS and words_of(task_, c)]
    for column in named:
        say(f"{column.name}：{words_of(task_, column)}" + (f"（共 {len(claims)} 家）" if column is named[-1] else ""))
    units_by_id = plan.registry.unit
    print_table(
        ("代码", "单位", "依据", "必报"),
        (
            (
                claim.unit,
                units_by_id[claim.unit].name + ("" if units_by_id[claim.unit].confirmed else "（待确认）"),
                _routes(plan, claim),
                "是" if claim.required else "由单位自定",
            )
            for claim in claims
        ),
    )
    if any(not units_by_id[claim.unit].confirmed for claim in claims):
        say("按登记名单统计，名单待印发机关确认。")


def _claim_json(plan: Plan, claim: Claim) -> dict[str, Any]:
    part = {"part": _PARTS[claim.part]} if _has_parts(plan) else {}
    return {"via": list(claim.via), "required": claim.required, **part}


_PARTS = {Role.UNITS: "responsible", Role.LEAD: "lead", Role.JOINT: "joint"}


def _has_parts(plan: Plan) -> bool:
    """Whether units have different parts in the tasks of this plan."""
    return plan.catalog.shape.has_parts


def _routes(plan: Plan, claim: Claim) -> str:
    groups = plan.registry.group
    named = "、".join(groups[ref].name if ref in groups else "点名" for ref in claim.via)
    return f"{claim.part}：{named}" if _has_parts(plan) else named
