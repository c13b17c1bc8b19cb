"""Names of submission files to checked files: which files there are, read in one process or in several."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol, TypeVar

from ledger_cli.files import FOREIGN, SUBMISSIONS, Files, folder_of, is_submission, printable_name
from ledger_cli.gather.earlier import EarlierSubmissions
from ledger_cli.gather.submission import check_file, compare_files, foreign_file
from ledger_cli.model.catalog import Period
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.column import SEED, Shape
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.plan import Plan
from ledger_cli.model.prose import HintSettings

if TYPE_CHECKING:
    from ledger_cli.check.prose.across import Text
    from ledger_cli.gather.likeness import Wanted

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")

_POOL_FROM = 200
"""Files from which a second process pays for its start."""


def submissions_of(files: Files, period: str, known: Iterable[str]) -> list[str]:
    """The submission files of a period, and those in no known period's folder, which nobody else would read."""
    others = {code for code in known if code != period}
    names = [name for name in files.names(SUBMISSIONS) if is_submission(name)]
    return [name for name in names if PurePosixPath(name).parts[1] not in others]


def check_all(
    files: Files,
    plan: Plan | None,
    names: Sequence[str],
    *,
    today: date,
    as_of: date | None = None,
    with_answers: bool = False,
    hints: HintSettings | None = None,
    shape: Shape = SEED,
) -> list[CheckedFile]:
    """Read and check files, in processes where that pays; C208 and W402 are told across them.

    ``as_of`` overrides the date that duties are counted at, by default each file's own period's; without the
    settings ``hints`` no hints are given. ``shape`` has the columns where there is no sound plan.
    """
    jobs = _Jobs(files, plan, today, as_of, with_answers, hints, shape)
    with _workers(jobs, len(names)) as run:
        checked = compare_files(run(_Jobs.check, names))
        if plan and hints and hints.on("W402"):
            from ledger_cli.gather.likeness import add_likeness  # noqa: PLC0415 - few commands hint

            add_likeness(checked, plan, hints, lambda wanted: run(_Jobs.texts, wanted))
    return checked


@dataclass(slots=True)
class _Jobs:
    """What a worker process needs to check any file."""

    files: Files
    plan: Plan | None
    today: date
    as_of: date | None
    with_answers: bool
    hints: HintSettings | None
    shape: Shape
    _earlier: dict[str, EarlierSubmissions] = field(default_factory=dict)

    def check(self, name: str) -> CheckedFile:
        if fault := _name_fault(self.files, name):
            return CheckedFile(fault.file, None, None, whole=False, findings=[fault])
        data = self.files.read(name)
        if PurePosixPath(name).suffix.lower() in FOREIGN:
            return foreign_file(self.plan, name)
        period = self.plan.catalog.period(folder_of(name)) if self.plan else None
        as_of = self.as_of or (period.as_of(self.today) if period else self.today)
        earlier = self._earlier_than(period) if period else None
        return check_file(
            self.plan,
            name,
            data or b"",
            as_of,
            with_answers=self.with_answers,
            earlier=earlier,
            hints=self.hints,
            shape=self.shape,
        )

    def texts(self, wanted: "Wanted") -> "list[Text]":
        from ledger_cli.gather.likeness import read_texts  # noqa: PLC0415 - few commands hint

        assert self.plan is not None
        return read_texts(self.files, self.plan, wanted)

    def _earlier_than(self, period: Period) -> EarlierSubmissions:
        assert self.plan is not None
        if period.code not in self._earlier:
            self._earlier[period.code] = EarlierSubmissions(self.files, self.plan, period)
        return self._earlier[period.code]


def _name_fault(files: Files, name: str) -> Finding | None:
    """C206 for a file whose name nobody can print or type, or that is no file of this workspace."""
    shown = printable_name(name)
    if shown != name:
        message = "文件名里有不能显示的字符，或者不是 UTF-8 编码（多半来自 Windows 上做的压缩包），没有读取"
        return finding("C206", shown, (1, 1), message, "把文件名改成“单位代码.yaml”，例如 sft.yaml。")
    if odd := files.oddity(name):
        return finding("C206", shown, (1, 1), f"这个文件{odd}，没有读取", "把它移到别处，换成普通文件。")
    return None


class _Run(Protocol):
    """Does one of a job's steps for each item, here or in other processes; results come in the items' order."""

    def __call__(self, step: "Callable[[_Jobs, _Item], _Done]", items: "Sequence[_Item]") -> "list[_Done]": ...


@contextmanager
def _workers(jobs: _Jobs, number: int) -> Iterator[_Run]:
    """Processes for that many files, or none where they would not pay."""
    workers = min(_processors(), 8)
    if number < _POOL_FROM or workers < 2:
        yield lambda step, items: [step(jobs, item) for item in items]
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - most runs need no processes

    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(jobs,)) as pool:

        def run(step: "Callable[[_Jobs, _Item], _Done]", items: "Sequence[_Item]") -> "list[_Done]":
            size = max(1, len(items) // (workers * 4))
            return list(pool.map(partial(_in_worker, step), items, chunksize=size))

        yield run


def _processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


_worker: _Jobs | None = None


def _start_worker(jobs: _Jobs) -> None:
    global _worker  # noqa: PLW0603 - a process pool's initializer has no other way to hand over
    _worker = jobs


def _in_worker(step: "Callable[[_Jobs, _Item], _Done]", item: "_Item") -> "_Done":
    assert _worker is not None
    return step(_worker, item)
