"""Which part of a ledger was asked for: a unit, a city with its counties, a section, a task."""

from dataclasses import dataclass

from ledger_cli.cli.shared.options import find_task, find_unit
from ledger_cli.exits import CannotRun
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import whole_number


@dataclass(frozen=True, slots=True)
class Scope:
    """The options as they were given; None where one was not."""

    unit: str | None
    under: str | None
    section: str | None
    task: str | None

    @property
    def of_units(self) -> bool:
        return self.unit is not None or self.under is not None

    @property
    def of_tasks(self) -> bool:
        return self.section is not None or self.task is not None

    def units(self, plan: Plan) -> list[str] | None:
        """Ids of the units; None for all."""
        if self.unit is not None:
            return [find_unit(plan, self.unit).id]
        return plan.registry.subordinates(find_unit(plan, self.under).id) if self.under is not None else None

    def tasks(self, plan: Plan) -> list[TaskNumber] | None:
        """Numbers of the tasks; None for all."""
        if self.task is not None:
            return [find_task(plan, self.task)]
        if self.section is not None:
            place = section_place(plan, self.section)
            return [placed.task.number for placed in plan.catalog.placed if placed.path[1] == place]
        return None

    def title(self, plan: Plan) -> str:
        """The part in words, as it stands below a document's title; "" where it is one unit or the whole."""
        titles = []
        if self.under is not None:
            titles.append(f"{find_unit(plan, self.under).name}及所辖单位")
        if self.section is not None:
            titles.append(plan.catalog.sections[section_place(plan, self.section)].title)
        if self.task is not None:
            titles.append(f"第{find_task(plan, self.task)}项")
        return "　".join(titles)


def nothing_in_scope() -> CannotRun:
    return CannotRun("所选的单位不承担所选的任务，没有内容可出", "ledger todo 单位 可以列出单位承担的任务。")


def section_place(plan: Plan, text: str) -> int:
    """A section's place, from 0, by its number or its title; raises ``CannotRun``."""
    titles = [section.title for section in plan.catalog.sections]
    number = whole_number(text)
    if number is not None and number <= len(titles):
        return number - 1
    for place, title in enumerate(titles):
        if text == title or text == title.split("、")[0]:
            return place
    raise CannotRun(f"没有“{text}”这一节", f"写第几节，从 1 到 {len(titles)}。")
