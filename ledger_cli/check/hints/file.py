"""One readable submission to its hints, and to the sketch by which it is compared with the others (W402)."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ledger_cli.check.answer import AnswerAt, Calendar, standing
from ledger_cli.check.hints.answer import hints_of
from ledger_cli.check.hints.likeness import keys, plain
from ledger_cli.check.hints.personal import masked, may_hold_personal_data, personal_data
from ledger_cli.model.finding import Finding
from ledger_cli.model.hints import HintSettings
from ledger_cli.model.obligation import State
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Registry, Unit
from ledger_cli.read.submission import ReadSubmission, task_number

Sketch = dict[int, bytes]
"""Keys of a file's texts, by slot: the task's number times three, plus the place of the column."""

_PHONE = "联系电话"


def sound_answers(plan: Plan, read: ReadSubmission, unit: Unit | None, faulty: set[int | None]) -> Iterator[AnswerAt]:
    """The answers without errors, each with its task."""
    for key in read.answers:
        number = task_number(key)
        task = plan.catalog.tasks.get(number) if number else None
        if task and number not in faulty:
            yield AnswerAt(read, key, task, unit)


def hint_file(
    answers: Iterable[AnswerAt], read: ReadSubmission, calendar: Calendar, settings: HintSettings
) -> Iterator[Finding]:
    """The hints of a file's sound answers, and of its head. No excerpt shows a personal number."""
    sound = list(answers)
    for where in sound:
        before = calendar.earlier.answer(where.unit.id, where.task.number) if where.unit else None
        duty_open = before is not None and _open(where, calendar)
        for found in hints_of(where, before, settings, duty_open=duty_open):
            yield replace(found, excerpt=masked(found.excerpt))
    if settings.on("W404") and may_hold_personal_data(read.document.text):
        yield from _personal(read, {where.key for where in sound})


def _open(where: AnswerAt, calendar: Calendar) -> bool:
    """Whether the task leaves something to do: a duty not met that waits for no event, or no dated duty at all."""
    duties = standing(where, calendar)
    return not duties or any(duty.state.open and duty.state is not State.WAITING for duty in duties)


def sketch(answers: Iterable[AnswerAt], registry: Registry, unit: Unit, settings: HintSettings) -> Sketch:
    """The keys of the texts that are long enough to be compared."""
    slots: list[int] = []
    texts: list[str] = []
    for where in answers:
        for place, text in enumerate(where.answer.texts):
            if len(text) >= settings.likeness.shortest:
                slots.append(3 * where.task.number + place)
                texts.append(text)
    shortest = settings.likeness.shortest
    bare = plain(texts, own_names(registry, unit))
    return {
        slot: array("Q", keys(text)).tobytes() for slot, text in zip(slots, bare, strict=True) if len(text) >= shortest
    }


def own_names(registry: Registry, unit: Unit) -> list[str]:
    """The names that a unit goes by and those of the place that it lies in; an id is no word of a text."""
    names: list[str] = []
    known: Unit | None = unit
    for _ in range(3):
        if known is None:
            break
        names += [known.name, known.name.removesuffix("人民政府"), *known.short]
        known = registry.unit.get(known.parent or "")
    return names


def _personal(read: ReadSubmission, sound: set[str]) -> Iterator[Finding]:
    """W404, at the very line and column of each number."""
    document = read.document
    for line, text in enumerate(document.lines, start=1):
        for personal in personal_data(text):
            at = (line, personal.start + 1)
            path = _path(read, line)
            if text[personal.start : personal.end] not in _values(document.data, path):
                continue  # in a comment, which nobody else will see
            if path == (_PHONE,) and personal.kind == "手机号":
                continue
            in_answer = path[0] == "任务"
            if in_answer and (path[1] not in sound or "W404" in read.answers[path[1]].waived):
                continue
            where = f"第{path[1]}项任务的“{path[-1]}”" if in_answer else f"“{path[-1]}”"
            message = f"{where}里有{personal.kind}{personal.masked}"
            hint = "删去号码，或者只留末几位，其余用“*”代替；联系人的电话写在“联系电话”里。"
            task = task_number(path[1]) if in_answer else None
            found = document.report("W404", at, message, hint, task=task)
            yield replace(found, excerpt=masked(found.excerpt))


def _path(read: ReadSubmission, line: int) -> tuple[str, ...]:
    """The keys that a line stands under; a value may end on the line of the next key, so the later one wins."""
    path: tuple[str, ...] = ()
    while len(path) < 3 and path[:1] in ((), ("任务",)):
        inside = [key for key, first, last in read.document.spans(*path) if first <= line <= last]
        if not inside:
            break
        path = (*path, inside[-1])
    return path or ("",)


def _values(data: object, path: tuple[str, ...]) -> str:
    """All text below a path."""
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return _flat(data)


def _flat(data: object) -> str:
    if isinstance(data, dict):
        return "\n".join(f"{key}\n{_flat(value)}" for key, value in data.items())
    if isinstance(data, list):
        return "\n".join(map(_flat, data))
    return str(data or "")
