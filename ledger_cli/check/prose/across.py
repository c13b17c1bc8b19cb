"""Sketches of all files to the answers that are nearly those of another unit (W402).

First the keys alone say which texts are worth reading again; then these are compared, task by task and column by
column, and each answer that is like another's gets one finding.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger_cli.check.prose.file import Sketch
from ledger_cli.check.prose.likeness import Groups
from ledger_cli.check.prose.quote import side_by_side
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.prose import Likeness
from ledger_cli.model.registry import Registry


@dataclass(frozen=True, slots=True)
class Text:
    """One text where it stands; ``name`` is its column's key, ``bare`` what is compared of it."""

    unit: str
    file: str
    task: TaskNumber
    column: int
    name: str
    text: str
    bare: str
    at: tuple[int, int]
    excerpt: str
    waived: bool


def candidates(sketches: Sequence[Sketch]) -> dict[int, list[int]]:
    """The slots of each file (by its place) that share a key with another file's."""
    chosen: dict[int, list[int]] = {}
    for slot in sorted({slot for sketch in sketches for slot in sketch}):
        found = [(place, set(array("Q", sketch[slot]))) for place, sketch in enumerate(sketches) if slot in sketch]
        seen: set[int] = set()
        shared: set[int] = set()
        for _, known in found:
            shared |= seen & known
            seen |= known
        for place, known in found if shared else ():
            if not shared.isdisjoint(known):
                chosen.setdefault(place, []).append(slot)
    return chosen


def like_others(texts: Iterable[Text], registry: Registry, settings: Likeness) -> list[Finding]:
    """W402, once for each answer that is not waived, at the first of its texts that are alike."""
    by_slot: dict[tuple[TaskNumber, int], list[Text]] = {}
    for text in texts:
        by_slot.setdefault((text.task, text.column), []).append(text)
    alike: dict[tuple[str, TaskNumber], list[tuple[Text, Text, int]]] = {}
    for _, known in sorted(by_slot.items()):
        for text, other, others in _pairs(known, settings):
            if not text.waived:
                alike.setdefault((text.file, text.task), []).append((text, other, others))
    return [_finding(found, registry) for found in alike.values()]


def _pairs(texts: Sequence[Text], settings: Likeness) -> Iterator[tuple[Text, Text, int]]:
    """Each text that is like another unit's, with that one, and how many units more are alike."""
    groups = Groups(settings)
    for number, text in enumerate(texts):
        groups.add(number, text.bare)
    for members in groups.members:
        units = {texts[member].unit for member in members}
        leader = texts[members[0]]
        second = next((texts[member] for member in members if texts[member].unit != leader.unit), None)
        for member in members if second else ():
            text = texts[member]
            assert second is not None
            yield text, second if text.unit == leader.unit else leader, len(units) - 2


def _finding(found: Sequence[tuple[Text, Text, int]], registry: Registry) -> Finding:
    text, other, others = found[0]
    name = registry.unit[other.unit].name
    columns = "”“".join(own.name for own, like, _ in found if like.unit == other.unit)
    more = f"，还有{others}个单位也是这样写的" if others else ""
    message = f"第{text.task}项任务的“{columns}”与{name}的几乎一样{more}"
    quotes = side_by_side("本单位", text.text, name, other.text)
    hint = f"{quotes}。改写成本单位的情况；确系联合报送的，两家都写“忽略: {{W402: 与某单位联合报送}}”。"
    return finding("W402", text.file, text.at, message, hint, unit=text.unit, task=text.task, excerpt=text.excerpt)
