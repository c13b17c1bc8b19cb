"""The submissions of the periods before one, read from their files when a check or a count asks for them."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from ledger_cli.check.displacement import displacements, followed
from ledger_cli.files import SUBMISSIONS, Files
from ledger_cli.model.catalog import Period
from ledger_cli.model.column import Shape
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.obligation import Completion, Completions
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import Answer
from ledger_cli.read.submission import read_submission


def periods_before(plan: Plan, period: Period) -> list[Period]:
    """The periods that began earlier, the first one first."""
    return sorted((p for p in plan.catalog.periods if p.start < period.start), key=lambda p: p.start)


def files_by_unit(files: Files, plan: Plan, period: str) -> dict[str, str]:
    """A period's submission files by the unit that the file is named after; of two the first that says something."""
    found: dict[str, str] = {}
    for name in files.names(f"{SUBMISSIONS}/{period}"):
        path = PurePosixPath(name)
        unit = plan.registry.find(path.stem) if path.suffix == ".yaml" else None
        if unit and (unit.id not in found or _untouched(files, found[unit.id], plan.catalog.shape)):
            found[unit.id] = name
    return found


def _untouched(files: Files, name: str, shape: Shape) -> bool:
    return read_submission(files.read(name) or b"", name, shape).filing.untouched


def answers_by_task(plan: Plan, data: bytes, name: str) -> dict[TaskNumber, Answer]:
    """A submission's answers by task, those that can be read and say something; every fault is passed over.

    Where the catalog has changed since, an answer is its text's: it is at that text's number now, or left out.
    """
    filing = read_submission(data, name, plan.catalog.shape).filing
    displaced = displacements(plan, filing)
    answers: dict[TaskNumber, Answer] = {}
    followers: list[tuple[TaskNumber, Answer]] = []
    for said in filing.said:
        if said.number is None or said.answer is None or not said.answer.stated:
            continue
        if said.key not in displaced:
            answers[said.number] = said.answer
        elif place := followed(plan, displaced[said.key], said.answer):
            followers.append(place)
    for place in followers:
        answers.setdefault(*place)
    return answers


class EarlierSubmissions:
    """Implements ``check.earlier.Earlier`` over files; a unit's are read when first asked for.

    It crosses to worker processes without what it has read.
    """

    def __init__(self, files: Files, plan: Plan, period: Period) -> None:
        self._files = files
        self._plan = plan
        self._periods = periods_before(plan, period)
        self._names: dict[str, dict[str, str]] | None = None
        self._answers: dict[tuple[str, str], dict[TaskNumber, Answer]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_answers": {}}

    def answer(self, unit: str, task: TaskNumber) -> Answer | None:
        return self._of(unit, self._periods[-1]).get(task) if self._periods else None

    def completions(self, unit: str, task: TaskNumber) -> Completions:
        found: dict[str, list[Completion]] = {}
        for period in self._periods:
            answer = self._of(unit, period).get(task)
            for item, day in answer.met.items() if answer else ():
                found.setdefault(item, []).append(Completion(day, period))
        return found

    def _of(self, unit: str, period: Period) -> Mapping[TaskNumber, Answer]:
        key = (unit, period.code)
        if key not in self._answers:
            if self._names is None:
                self._names = {p.code: files_by_unit(self._files, self._plan, p.code) for p in self._periods}
            name = self._names[period.code].get(unit)
            data = self._files.read(name) if name else None
            self._answers[key] = answers_by_task(self._plan, data, name) if data and name else {}
        return self._answers[key]
