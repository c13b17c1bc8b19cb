"""One sound answer against its task's duties and indicators (C209, D codes)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger_cli.check.earlier import Earlier
from ledger_cli.model.catalog import Bound, Catalog, Period, Task
from ledger_cli.model.column import Role, Shape
from ledger_cli.model.fault import Fault
from ledger_cli.model.fields import plain_number
from ledger_cli.model.obligation import Obligation, Reach, State, measurements, obligations, of_occasion, with_stated
from ledger_cli.model.registry import Unit
from ledger_cli.model.rule import RULES, WAIVABLE
from ledger_cli.model.submission import Answer, Said


@dataclass(frozen=True, slots=True)
class Calendar:
    """The plan's catalog, the period reported on, the date that duties are counted at, and what was said before."""

    catalog: Catalog
    period: Period | None
    as_of: date
    earlier: Earlier


@dataclass(frozen=True, slots=True)
class AnswerAt:
    """A sound answer as its file has it, with its task, the unit where it is known, and the ledger's columns."""

    said: Said
    answer: Answer
    task: Task
    unit: Unit | None
    shape: Shape

    @property
    def key(self) -> str:
        return self.said.key

    def binds(self, bound: Bound) -> bool:
        return self.unit is None or bound.binds(self.unit.level)

    def at_key(self, code: str, path: tuple[str, ...], message: str, hint: str = "") -> Fault:
        """A fault at the key of ``path`` below the answer."""
        return Fault(code, (*self.said.path, *path), message, hint, at_key=True)

    def at_value(self, code: str, path: tuple[str, ...], message: str, hint: str = "") -> Fault:
        """A fault at the value of ``path`` below the answer."""
        return Fault(code, (*self.said.path, *path), message, hint)


def check_answer(where: AnswerAt, calendar: Calendar) -> Iterator[Fault]:
    """Ids and waivers of an answer, its dates and its figures."""
    answer = where.answer
    if answer.met or answer.figures:
        yield from _unknown_ids(where, calendar)
    if answer.waived:
        yield from _waivers(where)
    if answer.stated and answer.not_applicable is None and (where.task.duties or where.task.indicators or answer.met):
        for found in _dates_and_figures(where, calendar):
            if found.code not in answer.waived:
                yield found


def _unknown_ids(where: AnswerAt, calendar: Calendar) -> Iterator[Fault]:
    answer, task = where.answer, where.task
    given: tuple[tuple[str, str, list[str], tuple[Bound, ...]], ...] = (
        ("完成", "时限要求", list(answer.met), task.duties),
        ("指标", "指标", list(answer.figures), task.indicators),
    )
    for field, kind, items, bounds in given:
        known = {bound.id: bound for bound in bounds}
        for item in items:
            bound = known.get(item) or _of_an_occasion(item, task, calendar)
            if bound is None:
                listed = "、".join(f"{b.id}（{b.what}）" for b in bounds)
                hint = f"这项任务的{kind}有：{listed}。" if listed else f"这项任务没有{kind}，删去这一条。"
                message = f"第{where.key}项任务没有编号为“{item}”的{kind}"
                yield where.at_key("C209", (field, item), message, hint)
            elif where.unit and not where.binds(bound):
                level = where.unit.level
                message = f"“{item}”（{bound.what}）只适用于{'、'.join(bound.levels)}级，本单位是{level}级"
                yield where.at_key("C209", (field, item), message, "删去这一条。")


def _of_an_occasion(item: str, task: Task, calendar: Calendar) -> Bound | None:
    """The recurring duty that a key such as 6-1@2023 names, if it falls due in that year, or month."""
    name, occasion = of_occasion(item)
    duty = next((duty for duty in task.duties if duty.id == name and occasion), None)
    if duty is None or not duty.recurring:
        return None
    first, last = calendar.catalog.window
    years = {str(year) for year in range(first.year, last.year + 1)}
    times = years if duty.yearly else {duty.occasion(due) for due in duty.due_dates(first, last)}
    return duty if occasion in times else None


def _waivers(where: AnswerAt) -> Iterator[Fault]:
    for code, reason in where.answer.waived.items():
        if code not in WAIVABLE:
            message = f"“{code}”不能忽略" if code in RULES else f"没有“{code}”这个代码"
            hint = f"可以忽略的是：{'、'.join(sorted(WAIVABLE))}。"
            yield where.at_key("S103", ("忽略", code), message, hint)
        elif not reason:
            yield where.at_key("S103", ("忽略", code), f"忽略“{code}”没有写理由", "写明理由。")


def _dates_and_figures(where: AnswerAt, calendar: Calendar) -> Iterator[Fault]:
    """D301 to D303."""
    answer = where.answer
    first = calendar.catalog.window[0]
    as_of = calendar.as_of
    for item, day in answer.met.items():
        if not first <= day <= as_of:
            why, hint = f"早于方案开始的{first}", ""
            if day > as_of:
                why, hint = f"晚于统计日期{as_of}", "核对年份和月份；确实在统计日期以后完成的，下一期再填。"
            yield where.at_value("D302", ("完成", item), f"“{item}”的完成日期{day}{why}", hint)
    for obligation in overdue(where, calendar):
        message = f"第{where.key}项任务“{obligation.what}”应于{obligation.due}前完成，没有填完成日期"
        hint = f'已完成的，写“完成: {{"{obligation.key}": 日期}}”；没有完成的，{_explain(where)}。'
        yield where.at_key("D301", (), message, hint)
    for figure in measurements(where.unit, where.task, answer.figures) if where.unit else ():
        if figure.reach is Reach.BELOW and figure.value is not None and figure.minimum is not None:
            message = (
                f"第{where.key}项任务“{figure.what}”填的是{plain_number(figure.value)}{figure.measure}，"
                f"低于下限{plain_number(figure.minimum)}{figure.measure}"
            )
            hint = f"核对数值；确实不足的，{_explain(where)}。"
            yield where.at_value("D303", ("指标", figure.id), message, hint)


def _explain(where: AnswerAt) -> str:
    key = where.shape.key(Role.PROBLEMS) or where.shape.key(Role.PROGRESS)
    return f"在{key}里说明" if key else "说明原因"


def standing(where: AnswerAt, calendar: Calendar) -> list[Obligation]:
    """The duties of the answer's task as they bind its unit, met by what this and earlier periods report."""
    if where.unit is None or not where.task.duties:
        return []
    before = calendar.earlier.completions(where.unit.id, where.task.number)
    both = with_stated(before, where.answer.met, calendar.period)
    return list(obligations(where.unit, where.task, both, calendar.catalog, calendar.as_of))


def overdue(where: AnswerAt, calendar: Calendar) -> Iterator[Obligation]:
    """Each overdue duty once, at its last date; one of each quarter or month at every date in the period.

    One that comes again counts from the period's start: earlier times are past.
    """
    recurring = {duty.id for duty in where.task.duties if duty.recurring}
    last: dict[str, Obligation] = {}
    for obligation in standing(where, calendar):
        past = calendar.period and obligation.due and obligation.due < calendar.period.start
        if obligation.state is State.OVERDUE and not (obligation.id in recurring and past):
            last[obligation.key] = obligation
    yield from last.values()
