"""Commands for those who fill in: what do I owe, give me a file, check it, what does this code mean."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger_cli.cli.chinese import ChineseCommand
from ledger_cli.cli.options import (
    AsOfOption,
    AtOption,
    FormatOption,
    PeriodOption,
    check_format,
    day_option,
    files_of,
    find_task,
    find_unit,
    today,
    workspace_of,
)
from ledger_cli.console import (
    findings_json,
    print_findings,
    print_table,
    say,
    summary,
    write_json,
)
from ledger_cli.exits import CannotRun, Exit

if TYPE_CHECKING:
    from ledger_cli.model.finding import Finding
    from ledger_cli.model.plan import Plan

_SEVERITY_WORDS = {"error": "错误", "warning": "警告", "info": "提示"}


def register_clerk(app: typer.Typer) -> None:
    """Add this module's commands to the app."""
    for name, command in (
        ("todo", todo),
        ("who", who),
        ("new", new),
        ("validate", validate),
        ("rule", rule),
    ):
        app.command(name, cls=ChineseCommand)(command)


def todo(
    context: typer.Context,
    unit: Annotated[str, typer.Argument(metavar="单位", help="单位的代码、全称或者简称。")],
    output: FormatOption = "text",
    at: AtOption = None,
) -> None:
    """列出一个单位承担的全部任务，以及是点名承担还是随组承担。"""
    from ledger_cli.pipeline import sound_plan  # noqa: PLC0415

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
                _clip(plan.catalog.tasks[claim.task].text),
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
    from ledger_cli.pipeline import sound_plan  # noqa: PLC0415

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


def _routes(plan: "Plan", via: tuple[str, ...]) -> str:
    groups = plan.registry.group
    return "、".join(groups[ref].name if ref in groups else "点名" for ref in via)


def _clip(text: str, length: int = 24) -> str:
    return text if len(text) <= length else text[:length] + "……"


def new(
    context: typer.Context,
    units: Annotated[
        list[str] | None, typer.Argument(metavar="单位...", help="单位的代码、全称或者简称，可以写几个。")
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="为还没有报送文件的全部单位各生成一份。")] = False,
    period: PeriodOption = None,
) -> None:
    """生成待填的报送文件，任务原文写在注释里；已有的文件不会被覆盖。"""
    from ledger_cli.outputs import write_new  # noqa: PLC0415
    from ledger_cli.pipeline import chosen_period, sound_plan, submission_file  # noqa: PLC0415
    from ledger_cli.scaffold import new_submission  # noqa: PLC0415

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


def validate(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="文件...", help="要检查的文件或文件夹；不写时检查整个报送期。")
    ] = None,
    output: FormatOption = "text",
    select: Annotated[
        str | None, typer.Option("--select", metavar="代码", help="只看这些代码，用逗号隔开，如 Y,C203。")
    ] = None,
    ignore: Annotated[str | None, typer.Option("--ignore", metavar="代码", help="不看这些代码，用逗号隔开。")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有警告也算不通过。")] = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """检查报送文件、任务目录和登记册，一次列出全部问题；只读。"""
    from ledger_cli.pipeline import validate as validate_files  # noqa: PLC0415
    from ledger_cli.workspace import HINTS, PERIODS, SUBMISSIONS, TASKS, UNITS, files_below  # noqa: PLC0415

    check_format(output)
    workspace = workspace_of(context)
    names = None
    if paths:
        listed = [workspace.name_of(path) for path in files_below(paths)]
        names = sorted({name for name in listed if name not in (TASKS, UNITS, HINTS)})
        names = [name for name in names if not name.startswith(("build/", f"{PERIODS}/"))]
        folders = any(path.is_dir() for path in paths)
        if folders:
            names = [n for n in names if n.startswith(f"{SUBMISSIONS}/") or n.endswith((".yaml", ".yml"))]
            names = [n for n in names if n.lower().endswith((".yaml", ".yml", ".yaml.txt"))]
    checked = validate_files(
        files_of(workspace, at), period=period, today=today(), as_of=day_option(as_of), names=names
    )
    findings = _chosen(checked.findings, select, ignore)
    if output == "json":
        write_json(findings_json(len(checked.files), findings))
    else:
        print_findings(findings)
        say(summary(len(checked.files), findings))
        if unfilled := sum(file.unfilled for file in checked.files):
            say(f"其中 {unfilled} 份还没有填写，按“未报”统计。")
        if any(found.file == HINTS and found.severity == "error" for found in checked.findings):
            say(f"注意：{HINTS} 有错误，文字提示（W 开头）这一次没有检查。")
        if outside := [name for name in names or () if not name.startswith(f"{SUBMISSIONS}/")]:
            say(f"注意：{'、'.join(outside)} 不在 {SUBMISSIONS} 文件夹里，汇总时不会读到。")
    failing = ("error", "warning") if strict else ("error",)
    if any(found.severity in failing for found in findings):
        raise typer.Exit(Exit.FINDINGS)


def _chosen(findings: "list[Finding]", select: str | None, ignore: str | None) -> "list[Finding]":
    wanted, unwanted = _codes(select), _codes(ignore)
    return [
        found
        for found in findings
        if (not wanted or found.code.startswith(wanted)) and not (unwanted and found.code.startswith(unwanted))
    ]


def _codes(text: str | None) -> tuple[str, ...]:
    """Codes or their beginnings, as given with full-width or half-width commas; unknown ones are refused."""
    from ledger_cli.model.rule import RULES  # noqa: PLC0415

    codes = tuple(part.strip().upper() for part in (text or "").replace("，", ",").split(",") if part.strip())
    for code in codes:
        if not any(known.startswith(code) for known in RULES):
            raise CannotRun(f"没有“{code}”这个代码", "ledger rule 可以列出全部代码。")
    return codes


def rule(
    code: Annotated[str | None, typer.Argument(metavar="代码", help="检查结果里的代码，如 C203。")] = None,
) -> None:
    """解释检查结果里的代码：是什么、为什么、怎么改；不写代码时列出全部。"""
    from ledger_cli.model.rule import RULES  # noqa: PLC0415

    if code is None:
        print_table(
            ("代码", "级别", "含义"),
            ((r.code, _SEVERITY_WORDS[r.severity], r.title) for r in RULES.values()),
        )
        return
    found = RULES.get(code.strip().upper())
    if found is None:
        from ledger_cli.model.closest import did_you_mean  # noqa: PLC0415

        meant = did_you_mean(code.strip().upper(), RULES)
        raise CannotRun(f"没有“{code}”这个代码", f"是不是 {meant}？" if meant else "ledger rule 可以列出全部代码。")
    say(f"{found.code}　{found.title}（{_SEVERITY_WORDS[found.severity]}）")
    say(f"名称：{found.name}")
    say(f"为什么：{found.why}")
    say(f"怎么改：{found.fix}")
