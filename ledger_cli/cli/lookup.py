"""Commands that only look things up: what a unit owes, who owes a task."""

from typing import Annotated

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
from ledger_cli.model.plan import Plan


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
        tasks = [{"task": c.task, "via": list(c.via), "required": c.required} for c in claims]
        write_json({"unit": found.id, "tasks": tasks})
        return
    say(f"{found.name}（{found.id}）承担 {len(claims)} 项任务：")
    print_table(
        ("编号", "任务举措", "依据", "完成时限", "必报"),
        (
            (
                str(claim.task),
                clipped(plan.catalog.tasks[claim.task].text, 24),
                _routes(plan, claim.via),
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
        units = [{"unit": c.unit, "via": list(c.via), "required": c.required} for c in claims]
        write_json({"task": number, "units": units})
        return
    say(f"第{number}项 {plan.catalog.tasks[number].text}")
    say(f"责任单位：{plan.catalog.tasks[number].units}（共 {len(claims)} 家）")
    units_by_id = plan.registry.unit
    print_table(
        ("代码", "单位", "依据", "必报"),
        (
            (
                claim.unit,
                units_by_id[claim.unit].name + ("" if units_by_id[claim.unit].confirmed else "（待确认）"),
                _routes(plan, claim.via),
                "是" if claim.required else "由单位自定",
            )
            for claim in claims
        ),
    )
    if any(not units_by_id[claim.unit].confirmed for claim in claims):
        say("按登记名单统计，名单待印发机关确认。")


def _routes(plan: Plan, via: tuple[str, ...]) -> str:
    groups = plan.registry.group
    return "、".join(groups[ref].name if ref in groups else "点名" for ref in via)
