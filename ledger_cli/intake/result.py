"""What became of a file, in words: the column 结果 of the closing table."""

from ledger_cli.intake.drafts import Draft, Taking
from ledger_cli.model.finding import errors_of
from ledger_cli.model.plan import Plan


def result_of(plan: Plan, taking: Taking, *, dry_run: bool) -> str:
    """已写入, 未变, 未写入 with the reason, or why the file was not read; no success where something was refused."""
    if taking.skipped:
        return taking.skipped
    if not taking.drafts:
        faults = [found.message for found in errors_of(taking.told)]
        return f"未写入：{faults[0]}" if faults else "未写入：没有填了内容的表格"
    if len(taking.drafts) == 1:
        return _of_draft(taking.drafts[0], dry_run=dry_run) + _left_out(taking)
    written = sum(draft.to_write for draft in taking.drafts)
    refused = [draft for draft in taking.drafts if draft.refused]
    counted = [
        f"{'将写入' if dry_run else '已写入'}{written}家" if written else "",
        f"未变{same}家" if (same := len(taking.drafts) - written - len(refused)) else "",
        f"未写入{len(refused)}家：" + "；".join(_named(plan, draft) for draft in refused) if refused else "",
    ]
    return "，".join(part for part in counted if part) + _left_out(taking)


def _of_draft(draft: Draft, *, dry_run: bool) -> str:
    if draft.refused:
        return f"未写入：{draft.refused}"
    if draft.same_as:
        return f"未变：与“{draft.same_as}”内容相同"
    if draft.data is None:
        return "未变" + (f"（{draft.chosen}）" if draft.chosen else "")
    done = "将写入" if dry_run else "已写入"
    return f"{done}（{draft.chosen}）" if draft.chosen else done


def _named(plan: Plan, draft: Draft) -> str:
    return f"{plan.registry.unit[draft.unit].name}，{draft.refused}"


def _left_out(taking: Taking) -> str:
    """How many places of the file were not taken."""
    count = sum(found.rule.hides for found in taking.findings)
    return f"；另有{count}处没有收入" if count else ""
