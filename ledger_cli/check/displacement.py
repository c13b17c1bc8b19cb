"""Answers whose task has another text than the one they were written for (K512): they must not stand below it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger_cli.model.catalog import Bound, Task
from ledger_cli.model.fault import Fault
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import ENTRIES, Answer, Filing

_SHOWN = 20
"""Characters of a task's text that a message shows."""


@dataclass(frozen=True, slots=True)
class Displacement:
    """An answer under ``key`` that was written for another text than stands at ``number`` now.

    ``digest`` is that text's, None where the period saw several and the answer does not say which; ``before`` is
    the task as it was, where that is known. ``now`` is the number at which the text stands now.
    """

    key: str
    number: TaskNumber
    digest: str | None
    before: Task | None = None
    now: TaskNumber | None = None


def displacements(plan: Plan, filing: Filing, *, unfilled: bool = False) -> dict[str, Displacement]:
    """The displaced answers of a file by key; with ``unfilled`` also tasks that nothing is written under yet.

    What the answer itself says it was written for goes before what the period started with.
    """
    baseline = plan.baseline(filing.period)
    if not baseline.versions and not any(said.digest for said in filing.said):
        return {}
    found = {}
    for said in filing.said:
        if said.number is not None:
            known = {said.digest} if said.digest else baseline.digests(said.number)
            displaced = _displacement(plan, filing.period, said.key, said.number, known)
            if displaced and (unfilled or _filled(said.given)):
                found[said.key] = displaced
    return found


def _displacement(plan: Plan, period: str | None, key: str, number: TaskNumber, known: set[str]) -> Displacement | None:
    task = plan.catalog.tasks.get(number)
    if not known or (task and known == {task.digest}):
        return None
    if len(known) > 1:
        return Displacement(key, number, None)
    (digest,) = known
    places = plan.catalog.numbers_of.get(digest, [])
    now = places[0] if len(places) == 1 else None
    before = plan.baseline(period).task(digest) or (plan.catalog.tasks[now] if now else None)
    return Displacement(key, number, digest, before, now)


def _filled(given: Any) -> bool:
    return any(str(text).strip() for text in given.values()) if isinstance(given, dict) else bool(given)


def followed(plan: Plan, found: Displacement, answer: Answer) -> tuple[TaskNumber, Answer] | None:
    """The number that an answer's text stands at now, and the answer with the ids of duties and indicators there.

    None where the text stands nowhere now, or one of the ids cannot be told.
    """
    if found.now is None:
        return None
    ids = new_ids(found.before, plan.catalog.tasks[found.now]) if found.before else {}
    items = [*answer.met, *answer.figures]
    if any(moved_item(item, ids) is None for item in items):
        return None
    met = {moved_item(item, ids): day for item, day in answer.met.items()}
    figures = {moved_item(item, ids): value for item, value in answer.figures.items()}
    return found.now, answer.model_copy(update={"met": met, "figures": figures})


def new_ids(before: Task, after: Task) -> Mapping[str, str]:
    """The ids of a task's duties and indicators as they are, by those as they were; content tells which is which."""
    ids: dict[str, str] = {}
    old: Iterable[Bound]
    new: Iterable[Bound]
    for old, new in ((before.duties, after.duties), (before.indicators, after.indicators)):
        counts = Counter(bound.what for bound in new)
        now = {bound.what: bound.id for bound in new if counts[bound.what] == 1}
        was = Counter(bound.what for bound in old)
        ids.update({bound.id: now[bound.what] for bound in old if bound.what in now and was[bound.what] == 1})
    return ids


def moved_item(item: str, ids: Mapping[str, str]) -> str | None:
    """A key under 完成 or 指标 with its new id, the year kept (3-1@2024); None where there is none."""
    name, at, year = item.partition("@")
    return ids[name] + at + year if name in ids else None


def displaced_fault(found: Displacement, task: Task) -> Fault:
    """K512 at the key of an answer; ``task`` is what stands at its number now."""
    return Fault("K512", (ENTRIES, found.key), _message(found, task), _hint(found), at_key=True)


def _message(found: Displacement, task: Task) -> str:
    if found.digest is None:
        (now,) = excerpts(task.text)
        return f"第{found.key}项任务的原文在本期改过，看不出这条答复是对哪一条填报的（现在是“{now}”）"
    message = f"第{found.key}项任务的原文已经不是填报时的那一条"
    if found.before is None:
        (now,) = excerpts(task.text)
        return f"{message}（现在：“{now}”）"
    then, now = excerpts(found.before.text, task.text)
    moved = f"，原来的第{found.key}项现在是第{found.now}项" if found.now else ""
    return f"{message}（填报时：“{then}”；现在：“{now}”）{moved}"


def _hint(found: Displacement) -> str:
    if found.now:
        return f"运行 ledger catalog migrate，把这条答复移到第{found.now}项下面。"
    keep = f"ledger catalog migrate --keep {found.key} --write"
    return f"对照现在的原文核对这条答复，改好以后运行 {keep} 确认。"


def excerpts(*texts: str) -> Iterator[str]:
    """The beginning of each text, or where they begin to differ if that comes later."""
    same = _common(*texts) if len(texts) == 2 else 0
    start = max(0, same - 6) if same > _SHOWN - 6 else 0
    for text in texts:
        part = text[start : start + _SHOWN]
        yield ("……" if start else "") + part + ("……" if start + _SHOWN < len(text) else "")


def _common(one: str, other: str) -> int:
    same = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        same += 1
    return same
