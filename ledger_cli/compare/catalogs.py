"""Two versions of the catalog to the changes of its tasks: their words, who owes them, their duties and indicators."""

from ledger_cli.compare.answers import FIGURE, Change, Parts, changes_of, figure_text
from ledger_cli.model.catalog import Bound, Catalog, Duty, Indicator
from ledger_cli.model.fields import TaskNumber, task_order


def compare_catalogs(before: Catalog, after: Catalog) -> list[Change]:
    """The changes of the tasks themselves: their words, who owes them, their duties and indicators."""
    if before == after:
        return []
    changes = []
    for number in sorted(before.tasks.keys() | after.tasks.keys(), key=task_order):
        old, new = (_task_parts(catalog, number) for catalog in (before, after))
        changes.extend(changes_of((None, number, None), old, new))
    return changes


def _task_parts(catalog: Catalog, number: TaskNumber) -> Parts:
    task = catalog.tasks.get(number)
    if task is None:
        return {}
    parts: Parts = {
        ("章节", None): "　".join(catalog.titles_of[number]),
        ("举措", None): task.text,
        ("责任单位", None): task.units,
        ("责任主体", None): "、".join(task.refs),
        ("完成时限", None): task.deadline,
        ("原件缺失", None): "、".join(task.gaps),
    }
    parts.update({("时限要求", duty.id): _bound_text(duty, _terms(duty)) for duty in task.duties})
    parts.update({(FIGURE, one.id): _bound_text(one, _minimum(one)) for one in task.indicators})
    return {place: text for place, text in parts.items() if text}


def _bound_text(bound: Bound, when: str) -> str:
    levels = f"层级：{'、'.join(bound.levels)}" if bound.levels else ""
    more = "；".join(part for part in (when, levels, f"出处：{bound.source}", bound.note or "") if part)
    return f"{bound.what}（{more}）"


def _terms(duty: Duty) -> str:
    return "，".join(f"{name}：{text}" for name, text in duty.terms.items()) or "适时"


def _minimum(indicator: Indicator) -> str:
    low = "" if indicator.minimum is None else f"下限：{figure_text(indicator.minimum)}"
    return "；".join(part for part in (low, f"单位：{indicator.measure}") if part)
