"""Two versions of the catalog to the changes of its tasks: their words, who owes them, their duties and indicators."""

from collections.abc import Iterator

from ledger_cli.compare.answers import FIGURE, Change, Parts, changes_of, figure_text
from ledger_cli.model.catalog import Bound, Catalog, Duty, Indicator
from ledger_cli.model.column import Shape
from ledger_cli.model.fields import TaskNumber, task_order
from ledger_cli.model.shaped import REFS_KEYS, refs_of, words_of

_SECTION, _LABEL = "章节", "原序号"
_BESIDE = ("报送方式", "原件缺失", "时限要求", FIGURE)


def compare_catalogs(before: Catalog, after: Catalog) -> list[Change]:
    """The changes of the tasks themselves: their words, who owes them, their duties and indicators."""
    if before == after:
        return []
    shapes = (after.shape, before.shape)
    keys = [key for shape in shapes for key in _keys(shape)]
    columns = (_SECTION, _LABEL, *keys, *_BESIDE)
    changes = []
    for number in sorted(before.tasks.keys() | after.tasks.keys(), key=task_order):
        old, new = (_task_parts(catalog, number) for catalog in (before, after))
        changes.extend(changes_of((None, number, None), old, new, columns))
    return changes


def _keys(shape: Shape) -> Iterator[str]:
    """What a task's columns are called, each followed by what the units in it are called."""
    for column in shape.text_and_beside:
        yield column.key
        if column.role in REFS_KEYS:
            yield REFS_KEYS[column.role]


def _task_parts(catalog: Catalog, number: TaskNumber) -> Parts:
    task = catalog.tasks.get(number)
    if task is None:
        return {}
    parts: Parts = {(_SECTION, None): "　".join(catalog.titles_of[number]), (_LABEL, None): task.label}
    for column in catalog.shape.text_and_beside:
        parts[column.key, None] = words_of(task, column)
        if column.role in REFS_KEYS:
            parts[REFS_KEYS[column.role], None] = "、".join(refs_of(task, column.role))
    parts["报送方式", None] = task.filing or ""
    parts["原件缺失", None] = "、".join(task.gaps)
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
