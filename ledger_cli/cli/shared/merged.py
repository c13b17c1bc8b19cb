"""What merging and reporting share: the ledger or the errors that refuse it, and the line that sums it up."""

import sys
from collections.abc import Callable, Iterable

import typer

from ledger_cli.cli.shared.options import day_option, files_of, today
from ledger_cli.edge.console import print_findings, say
from ledger_cli.edge.disk import Workspace
from ledger_cli.exits import Exit
from ledger_cli.gather.pipeline import Merged, build_ledger
from ledger_cli.model.finding import errors_of
from ledger_cli.model.ledger import Ledger
from ledger_cli.model.personal import personal_data
from ledger_cli.model.plan import Plan

_SHOWN = 5
"""Places named in one line; their number is always said."""

PROVISIONAL = "按登记名单统计，名单待印发机关确认"
"""Said beside every figure that counts units on a list nobody has confirmed."""


def merged_ledger(
    workspace: Workspace,
    period: str | None,
    as_of: str | None,
    at: str | None,
    *,
    partial: bool,
    accepted_only: bool = False,
    concerning: Callable[[Plan], Iterable[str]] | None = None,
) -> tuple[Ledger, Plan]:
    """The merged ledger; on errors that refuse it, they are printed and the command ends."""
    merged = build_ledger(
        files_of(workspace, at),
        period=period,
        today=today(),
        as_of=day_option(as_of),
        partial=partial,
        accepted_only=accepted_only,
        concerning=concerning,
    )
    _tell_errors(merged, partial=partial)
    if merged.ledger is None or merged.plan is None:
        raise typer.Exit(Exit.FINDINGS)
    return merged.ledger, merged.plan


def _tell_errors(merged: Merged, *, partial: bool) -> None:
    errors = errors_of(merged.checked.findings)
    if not errors:
        return
    print_findings(errors, stream=sys.stderr)
    if merged.ledger is None:
        can = "；改正后再试，或者加 --partial 只略去有错的答复" if merged.plan and not partial else "；改正后再试"
        say(f"有 {len(errors)} 处错误，没有汇总{can}。", error=True)
        return
    names = {party.id: party.name for party in merged.ledger.parties}
    left_out = [
        names.get(left.unit, left.unit) + ("整份文件" if left.task is None else f"第{left.task}项")
        for left in merged.ledger.left_out
    ]
    if left_out:
        say(f"略去了{len(left_out)}处有误的内容：{'、'.join(left_out)}。", error=True)


def totals(ledger: Ledger) -> str:
    total = ledger.coverage()
    text = f"{total.tasks} 项任务，{len(ledger.parties)} 家单位中 {total.units} 家有答复；"
    text += f"应报 {total.owed} 条，已报 {total.reported} 条，不涉及 {total.not_applicable} 条，未报 {total.missing} 条"
    if ledger.left_out:
        text += f"，有误未收入 {total.faulty} 条"
    if ledger.withheld:
        text += f"，未通过审核没有列出 {total.withheld} 条"
    if ledger.reviewed:
        text += f"；审核：已通过 {total.accepted} 条，退回 {total.rejected} 条，待审 {total.pending} 条"
    if any(not party.confirmed for party in ledger.parties):
        text += f"（{PROVISIONAL}）"
    return text + "。"


def tell_personal_data(ledger: Ledger) -> None:
    """Say which answers that go into a document hold personal numbers; those that waive the hint are left alone."""
    tell_personal_texts(
        (f"{entry.name}第{record.number}项", text)
        for record in ledger.records
        for entry in record.entries
        if "W404" not in entry.answer.waived
        for text in (*entry.answer.texts, entry.answer.not_applicable or "", *entry.answer.evidence)
    )


def tell_personal_texts(texts: Iterable[tuple[str, str]]) -> None:
    """Say which of some texts, each with its place, hold personal numbers."""
    found = [f"{place}（{number.kind}{number.masked}）" for place, text in texts for number in personal_data(text)]
    if found:
        listed = "、".join(found[:_SHOWN]) + ("等" if len(found) > _SHOWN else "")
        say(f"注意：文档里有 {len(found)} 处个人信息（W404）：{listed}。传阅以前请删去，或者用“×”代替。", error=True)
