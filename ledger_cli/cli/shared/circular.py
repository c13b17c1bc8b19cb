"""The circular on progress, which ``ledger report`` writes with a template that prints 通报."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ledger_cli.check.prose.file import own_names
from ledger_cli.check.prose.likeness import cluster
from ledger_cli.cli.shared.merged import tell_personal_texts, totals
from ledger_cli.cli.shared.options import day_option, find_unit, today
from ledger_cli.cli.shared.pdf import check_pdf, write_pdf
from ledger_cli.cli.shared.scope import Scope, nothing_in_scope
from ledger_cli.edge.console import say
from ledger_cli.edge.disk import Workspace
from ledger_cli.edge.outputs import Outputs
from ledger_cli.exits import CannotRun
from ledger_cli.files import Files
from ledger_cli.gather.count import narrow
from ledger_cli.gather.pipeline import build_status
from ledger_cli.gather.plan import hint_settings
from ledger_cli.model.plan import Plan
from ledger_cli.model.status import Status
from ledger_cli.write.brief import Grouping
from ledger_cli.write.report import Reporter

_PAGES = 20
"""Pages that a circular has at most, usually; LibreOffice gets its time by them."""


def refuse_for_brief(**choices: str | bool | None) -> None:
    """Refuse the options that make no sense for a circular."""
    for name, value in choices.items():
        if value:
            option = name.replace("_", "-")
            raise CannotRun(f"情况通报不能加 --{option}", f"去掉 --{option}，或者换一个模板。")


def write_brief(
    workspace: Workspace,
    files: Files,
    outputs: Outputs,
    reporter: Reporter,
    template: str,
    place: Callable[[Plan], Path],
    scope: Scope,
    period: str | None,
    as_of: str | None,
    *,
    pdf: bool,
) -> None:
    """The circular of the units and tasks asked for; faulty answers are named in it and stop nothing."""
    plan, status = _status(files, scope, period, as_of)
    path = place(plan)
    if pdf:
        check_pdf(outputs, path)
    with outputs.file(path) as temporary:
        problems = reporter.write_brief(template, status, _grouping(files, plan), temporary, _title(scope, plan))
    tell_personal_texts(
        [
            *(("共性问题的引文", problem.quote) for problem in problems),
            *(("未收入的原因", left.why) for left in status.ledger.left_out),
            *(("退回的理由", state.why) for p in status.owing for state in status.rejected(p.id).values()),
        ]
    )
    counted = f"{totals(status.ledger)}逾期 {len(status.overdue())} 条，共性问题 {len(problems)} 个。"
    say(f"写好 {workspace.name_of(path)}：情况通报，{counted}")
    if pdf:
        write_pdf(outputs, [path], path.parent, _PAGES)
        say(f"写好 {workspace.name_of(path.with_suffix('.pdf'))}。")


def _status(files: Files, scope: Scope, period: str | None, as_of: str | None) -> tuple[Plan, Status]:
    plan, status = build_status(files, period=period, today=today(), as_of=day_option(as_of))
    status = narrow(status, units=scope.units(plan), tasks=scope.tasks(plan))
    if not status.coverage:
        raise nothing_in_scope()
    return plan, status


def _title(scope: Scope, plan: Plan) -> str:
    """The part that the circular is about, a single unit included."""
    unit = find_unit(plan, scope.unit).name if scope.unit is not None else ""
    return "　".join(part for part in (unit, scope.title(plan)) if part)


def _grouping(files: Files, plan: Plan) -> Grouping:
    """Likeness as the hints see it: by the workspace's settings, without the units' own names."""
    settings, faults = hint_settings(files)
    if settings is None:
        first = faults[0]
        place = f"{first.file}:{first.line}:{first.column}"
        raise CannotRun(f"提示的设置有错误，{place} {first.message}", "运行 ledger validate 查看全部错误。")
    units = plan.registry.unit

    def group(texts: Sequence[tuple[str, str]]) -> list[list[int]]:
        names = [own_names(plan.registry, units[unit]) for unit, _ in texts]
        return cluster([text for _, text in texts], settings.likeness, names)

    return group
