"""What is known of one file of answers once it was read and checked, in the small form that crosses processes."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ledger_cli.files import FOREIGN
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.finding import Finding, errors_of, in_order
from ledger_cli.model.rule import Family
from ledger_cli.model.submission import Answer


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """One entry under 任务 of a checked file.

    ``key`` is what the file has, ``number`` the task that it names, or None, ``meant`` the number in an odd key such as
    第35项. ``answer`` is None where it is faulty, or where nobody asked for the answers. An entry is ``displaced`` that
    was written for another text than its task has (K512); ``now`` is the number that this text has now, if any.
    """

    key: str
    number: TaskNumber | None
    meant: int | None
    line: int
    answer: Answer | None
    displaced: bool = False
    now: TaskNumber | None = None


@dataclass(slots=True)
class CheckedFile:
    """``unit`` is an id of the registry where the unit is known; ``entries`` are in the file's order.

    ``whole`` is false where the file could not be read to its end, ``listed`` where it has no list of answers;
    ``untouched`` is true where nobody has filled anything in. ``named`` is the unit that the file's name names.
    ``sketch`` is what its texts are compared with other units' by, empty where no hints are asked for.
    """

    file: str
    unit: str | None
    period: str | None
    whole: bool
    listed: bool = True
    entries: tuple[CheckedEntry, ...] = ()
    untouched: bool = False
    findings: list[Finding] = field(default_factory=list)
    sketch: dict[int, bytes] = field(default_factory=dict)
    named: str | None = None

    @property
    def misplaced(self) -> bool:
        """Whether its name says another unit, or its folder another period, than it says itself."""
        path = PurePosixPath(self.file)
        folder = path.parent.name if path.parts[:1] == ("submissions",) else self.period
        return (self.named is not None and self.named != self.unit) or folder != self.period

    @property
    def stem(self) -> str:
        return PurePosixPath(self.file).stem

    @property
    def foreign(self) -> bool:
        """Whether it is a Word, Excel or PDF file, which cannot be read."""
        return PurePosixPath(self.file).suffix.lower() in FOREIGN

    @property
    def blocking(self) -> list[Finding]:
        """The errors that keep the whole file out: unreadable, or nowhere to be placed."""
        errors = errors_of(self.findings)
        of_text = () if self.whole else (found for found in errors if found.rule.family is Family.TEXT)
        keeping = (found for found in errors if found.keeps_file_out)
        return in_order([*of_text, *keeping]) or [found for found in errors if found.task is None]

    @property
    def placed(self) -> bool:
        """Whether the file's sound answers can go into the ledger."""
        known = self.whole and self.listed and self.unit is not None and self.period is not None
        return known and not any(found.keeps_file_out for found in self.findings)

    @property
    def unfilled(self) -> bool:
        """Whether it is a form in its place that nobody has filled in: no report, its unit has yet to report."""
        return self.untouched and self.placed

    @property
    def answers(self) -> dict[TaskNumber, Answer]:
        """The sound answers by task, where they were asked for."""
        return {e.number: e.answer for e in self.entries if e.number is not None and e.answer is not None}

    def faults_of(self, entry: CheckedEntry) -> list[Finding]:
        """The errors of one answer."""
        return [found for found in self.findings if found.severity == "error" and found.entry == entry.key]
