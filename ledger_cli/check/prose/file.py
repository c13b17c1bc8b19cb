"""One readable submission to its hints, and to the sketch by which it is compared with the others (W402)."""

from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Any

from ledger_cli.check.answer import AnswerAt, Calendar, standing
from ledger_cli.check.prose.answer import hints_of
from ledger_cli.check.prose.likeness import keys, plain
from ledger_cli.model.fault import Fault, Path
from ledger_cli.model.obligation import State
from ledger_cli.model.personal import personal_data
from ledger_cli.model.plan import Plan
from ledger_cli.model.prose import HintSettings
from ledger_cli.model.registry import Registry, Unit
from ledger_cli.model.submission import Filing

Sketch = dict[int, bytes]
"""Keys of a file's texts, by slot: the task's place in the catalog (from 0) times three, plus the column's."""

_PHONE = "联系电话"


def sound_answers(plan: Plan, filing: Filing, unit: Unit | None, faulty: Container[str | None]) -> Iterator[AnswerAt]:
    """The answers without errors, each with its task; ``faulty`` are the keys of the others."""
    for said in filing.said:
        task = plan.catalog.tasks.get(said.number) if said.number else None
        if task and said.answer and said.key not in faulty:
            yield AnswerAt(said, said.answer, task, unit, plan.catalog.shape)


def hint_file(
    answers: Iterable[AnswerAt], filing: Filing, calendar: Calendar, settings: HintSettings
) -> Iterator[Fault]:
    """The hints of a file's sound answers, and of its head."""
    sound = list(answers)
    for where in sound:
        before = calendar.earlier.answer(where.unit.id, where.task.number) if where.unit else None
        duty_open = before is not None and _open(where, calendar)
        yield from hints_of(where, before, settings, duty_open=duty_open)
    if settings.on("W404"):
        yield from _personal(filing, sound)


def _open(where: AnswerAt, calendar: Calendar) -> bool:
    """Whether the task leaves something to do: a duty not met that waits for no event, or no dated duty at all."""
    duties = standing(where, calendar)
    return not duties or any(duty.state.open and duty.state is not State.WAITING for duty in duties)


def sketch(answers: Iterable[AnswerAt], plan: Plan, unit: Unit, settings: HintSettings) -> Sketch:
    """The keys of the texts that are long enough to be compared."""
    places = plan.catalog.place_of
    slots: list[int] = []
    texts: list[str] = []
    for where in answers:
        for place, text in enumerate(where.answer.texts):
            if len(text) >= settings.likeness.shortest:
                slots.append(3 * places[where.task.number] + place)
                texts.append(text)
    shortest = settings.likeness.shortest
    bare = plain(texts, own_names(plan.registry, unit))
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


def _personal(filing: Filing, sound: Iterable[AnswerAt]) -> Iterator[Fault]:
    """W404 at each number; one's own number belongs beside 联系电话."""
    for key, value in filing.head.items():
        for fault, kind in _numbers((key,), value, f"“{key}”"):
            if (key, kind) != (_PHONE, "手机号"):
                yield fault
    for where in sound:
        if isinstance(where.said.given, dict) and "W404" not in where.answer.waived:
            for column, value in where.said.given.items():
                path = (*where.said.path, column)
                yield from (fault for fault, _ in _numbers(path, value, f"第{where.key}项任务的“{column}”"))


def _numbers(path: Path, value: Any, place: str) -> Iterator[tuple[Fault, str]]:
    """A fault, and the kind of number, for each personal number in the words below a path."""
    words = _flat(value)
    seen: Counter[str] = Counter()
    for personal in personal_data(words):
        number = words[personal.start : personal.end]
        message = f"{place}里有{personal.kind}{personal.masked}"
        yield Fault("W404", path, message, words=number, nth=seen[number]), personal.kind
        seen[number] += 1


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}\n{_flat(inner)}" for key, inner in value.items())
    return "\n".join(map(_flat, value)) if isinstance(value, list) else str(value or "")
