"""The hints' settings of a workspace, and the files that are read again for what shows only across them (W402)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ledger_cli.check.prose.across import Text, candidates, like_others
from ledger_cli.check.prose.file import own_names
from ledger_cli.check.prose.likeness import plain
from ledger_cli.files import Files
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.finding import Finding, in_order
from ledger_cli.model.personal import masked
from ledger_cli.model.plan import Plan
from ledger_cli.model.prose import HintSettings
from ledger_cli.model.registry import Unit
from ledger_cli.read.submission import ReadSubmission, read_submission
from ledger_cli.read.yaml.quick_texts import PlacedText, quick_texts


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be read again, whose it is, and which of its texts are wanted."""

    file: str
    unit: str
    slots: tuple[int, ...]


def read_texts(files: Files, plan: Plan, wanted: Wanted) -> list[Text]:
    """The texts that are wanted of one file."""
    data = files.read(wanted.file) or b""
    return _texts_at(data, wanted.file, wanted.slots, plan, plan.registry.unit[wanted.unit])


def _texts_at(data: bytes, file: str, slots: Sequence[int], plan: Plan, unit: Unit) -> list[Text]:
    """The texts of a file at some slots."""
    shape, numbers = plan.catalog.shape, list(plan.catalog.tasks)
    found = quick_texts(data, slots, {str(number): place for place, number in enumerate(numbers)}, shape.prose)
    waiving: set[int] = set()
    if found is None:
        found, waiving = _parsed(read_submission(data, file, shape), slots, numbers)
    texts = [text for text, _, _ in found.values()]
    return [
        Text(
            unit.id,
            file,
            numbers[slot // 3],
            slot % 3,
            shape.prose[slot % 3],
            text,
            bare,
            at,
            excerpt,
            slot // 3 in waiving,
        )
        for (slot, (text, at, excerpt)), bare in zip(
            found.items(), plain(texts, own_names(plan.registry, unit)), strict=True
        )
    ]


def _parsed(
    read: ReadSubmission, slots: Iterable[int], numbers: Sequence[TaskNumber]
) -> tuple[dict[int, PlacedText], set[int]]:
    """The texts at the slots by the parser, and the places of the tasks whose answers waive the hint."""
    by_task = {said.number: (said.path, said.answer) for said in read.filing.said if said.number and said.answer}
    found: dict[int, PlacedText] = {}
    for slot in slots:
        if numbers[slot // 3] in by_task:
            path, answer = by_task[numbers[slot // 3]]
            at = read.document.place((*path, read.shape.prose[slot % 3]))
            found[slot] = (answer.texts[slot % 3], at, masked(read.document.lines[at[0] - 1]))
    waiving = {number for number, (_, answer) in by_task.items() if "W402" in answer.waived}
    return found, {place for place, number in enumerate(numbers) if number in waiving}


def add_likeness(
    checked: Sequence[CheckedFile],
    plan: Plan,
    settings: HintSettings,
    read: Callable[[Sequence[Wanted]], Sequence[Sequence[Text]]],
) -> None:
    """Add W402 to the files of each period; ``read`` reads files again, in processes where that pays."""
    for period in sorted({file.period for file in checked if file.period}):
        files = [file for file in checked if file.period == period and file.unit and file.placed]
        wanted = [
            Wanted(files[place].file, files[place].unit or "", tuple(slots))
            for place, slots in sorted(candidates([file.sketch for file in files]).items())
        ]
        texts = [text for some in read(wanted) for text in some] if wanted else []
        alike: dict[str, list[Finding]] = {}
        for found in like_others(texts, plan.registry, settings.likeness):
            alike.setdefault(found.file, []).append(found)
        for file in files:
            if file.file in alike:
                file.findings = in_order([*file.findings, *alike[file.file]])
