"""A review record against the plan: every event names a unit and a task that are registered (K511)."""

from ledger_cli.model.finding import Finding, in_order
from ledger_cli.model.plan import Plan
from ledger_cli.model.review import ReviewEvent, Reviews
from ledger_cli.read.reviews import ReadReviews
from ledger_cli.read.schema import did_you_mean


def check_reviews(read: ReadReviews, plan: Plan) -> tuple[Reviews, list[Finding]]:
    """The events with units by id, those about unknown units or tasks left out, and all findings."""
    events: list[ReviewEvent] = []
    findings = list(read.findings)
    last = max(plan.catalog.tasks, default=0)
    for placed in read.events:
        event = placed.event
        unit = plan.registry.unit.get(event.unit) or plan.registry.find(event.unit)
        if unit is None:
            meant = did_you_mean(event.unit, plan.registry.unit)
            hint = f"是不是“{meant}”？" if meant else "核对代码；这个单位已从登记册里删去的，也删去这一行。"
            findings.append(read.report(placed.unit_at, f"登记册里没有“{event.unit}”这个单位", hint))
        elif event.task not in plan.catalog.tasks:
            message = f"第{event.task}项任务不存在，任务目录里是第1项至第{last}项"
            findings.append(read.report(placed.task_at, message, "核对编号。", unit=unit.id, task=event.task))
        else:
            events.append(event if event.unit == unit.id else event.model_copy(update={"unit": unit.id}))
    return Reviews(events), in_order(findings)
