"""A review record against the plan: whom and what no longer is registered is passed over, and told once (K511)."""

from collections.abc import Iterable

from ledger_cli.model.fault import Fault
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan
from ledger_cli.model.review import ReviewEvent, Reviews


def check_reviews(given: Iterable[ReviewEvent], plan: Plan) -> tuple[Reviews, list[Fault]]:
    """The events with units by id, those about unknown units or tasks left out, and the faults at these.

    A fault's path is the event's place among those given, and the key that is unknown.

    Unknown units and tasks are warnings: what a reviewer said of a unit that has left the registry since
    concerns nobody else. They get no "did you mean", for that would hand the acceptances to another unit.
    An event is about the text that its task had then: where that stands at another number now, so does the event.
    """
    events: list[ReviewEvent] = []
    units: dict[str, list[int]] = {}
    tasks: dict[TaskNumber, list[int]] = {}
    for place, event in enumerate(given):
        unit = plan.registry.unit.get(event.unit) or plan.registry.find(event.unit)
        if unit is None:
            units.setdefault(event.unit, []).append(place)
        elif (number := _present_number(plan, event)) is None:
            tasks.setdefault(event.task, []).append(place)
        else:
            same = (event.unit, event.task) == (unit.id, number)
            events.append(event if same else event.model_copy(update={"unit": unit.id, "task": number}))
    faults = [
        *(_unknown_unit(name, passed) for name, passed in units.items()),
        *(_unknown_task(plan, number, passed) for number, passed in tasks.items()),
    ]
    texts = {number: task.digest for number, task in plan.catalog.tasks.items()}
    return Reviews(events, texts), faults


def _present_number(plan: Plan, event: ReviewEvent) -> TaskNumber | None:
    """The number of the task that an event is about; None where it is in the catalog no more."""
    task = plan.catalog.tasks.get(event.task)
    if event.task_text and (task is None or task.digest != event.task_text):
        places = plan.catalog.numbers_of.get(event.task_text, [])
        if len(places) == 1:
            return places[0]
    return event.task if task else None


def _unknown_unit(name: str, passed: list[int]) -> Fault:
    message = f"登记册里没有“{name}”这个单位，对它的{len(passed)}条审核记录不起作用"
    hint = "单位已从登记册里删去的，不用处理；不要把这些记录改到别的单位名下。"
    return Fault("K511", (passed[0], "单位"), message, hint, severity="warning")


def _unknown_task(plan: Plan, number: TaskNumber, passed: list[int]) -> Fault:
    message = f"第{number}项任务不存在（任务目录里是{plan.catalog.span}），对它的{len(passed)}条审核记录不起作用"
    hint = "任务已从目录里删去的，不用处理；不要把这些记录改到别的任务名下。"
    return Fault("K511", (passed[0], "任务"), message, hint, severity="warning", task=number)
