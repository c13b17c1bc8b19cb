"""One file read and checked, in the small form that crosses processes and goes into the merge."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from ledger_cli.check.answer import Calendar
from ledger_cli.check.displacement import displacements
from ledger_cli.check.earlier import Earlier, NothingEarlier
from ledger_cli.check.submission import check_submission
from ledger_cli.model.finding import Finding, finding, in_order, of_unit
from ledger_cli.model.hints import HintSettings
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import Answer
from ledger_cli.read.submission import ReadSubmission, read_submission, task_number

_UNPLACED = frozenset({"C204", "C205", "C206", "C208"})
FOREIGN = (".docx", ".doc", ".wps", ".xlsx", ".xls", ".et", ".pdf")
_TAKEN_IN = (".docx", ".xlsx")
_MISREAD = frozenset({"Y003", "Y004"})


@dataclass(slots=True)
class CheckedFile:
    """``unit`` is an id of the registry where the unit is known; ``answers`` has line and answer by key.

    ``keys`` are all entries under 任务 in the file's order. ``whole`` is false where the file could not
    be read to its end, ``untouched`` true where nobody has filled anything in. ``named`` is the unit that the
    file's name names. ``sketch`` is what its texts
    are compared with other units' by, empty where no hints are asked for. ``displaced`` are the keys of answers
    that were written for another text than their task has (K512), with the number that text has now, if any.
    """

    file: str
    unit: str | None
    period: str | None
    whole: bool
    keys: tuple[str, ...] = ()
    answers: dict[str, tuple[int, Answer]] = field(default_factory=dict)
    untouched: bool = False
    findings: list[Finding] = field(default_factory=list)
    sketch: dict[int, bytes] = field(default_factory=dict)
    named: str | None = None
    displaced: dict[str, int | None] = field(default_factory=dict)

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
        errors = [found for found in self.findings if found.severity == "error"]
        unread = [found for found in errors if found.code[0] == "Y"] if not self.whole else []
        return in_order([*unread, *self._astray]) or [found for found in errors if found.task is None]

    @property
    def placed(self) -> bool:
        """Whether the file's sound answers can go into the ledger."""
        known = self.whole and self.unit is not None and self.period is not None
        return known and not self._astray and not self._formless

    @property
    def unfilled(self) -> bool:
        """Whether it is a form in its place that nobody has filled in: no report, its unit has yet to report."""
        return self.untouched and self.placed

    @property
    def _formless(self) -> bool:
        """Whether the file says something, but has no list of tasks that could be read."""
        return not self.keys and any(found.code in ("S102", "S103", "Y002") for found in self.findings)

    @property
    def _astray(self) -> list[Finding]:
        """Errors that leave open whose answers these are: of unit, period, name, or misread marks around them."""
        return [
            found
            for found in self.findings
            if found.code in _UNPLACED or (found.code in _MISREAD and found.task is None)
        ]

    def faults_of(self, key: str) -> list[Finding]:
        """The errors of one answer."""
        number = task_number(key)
        return [
            found
            for found in self.findings
            if found.severity == "error"
            and (found.task == number if number is not None else f"“{key}”" in found.message)
        ]


def check_file(
    plan: Plan | None,
    file: str,
    data: bytes,
    as_of: date,
    *,
    with_answers: bool = True,
    earlier: Earlier | None = None,
    hints: HintSettings | None = None,
) -> CheckedFile:
    """Read and check one submission; without a sound plan only what the file itself shows.

    ``hints`` are the settings of the hints about prose; without them there are none.
    """
    read = read_submission(data, file)
    findings = list(read.findings)
    unit = named = None
    outline: dict[int, bytes] = {}
    displaced = displacements(plan, read) if plan else {}
    if plan is not None:
        earlier = earlier or NothingEarlier()
        findings.extend(check_submission(plan, read, as_of, earlier, displaced))
        if hints and not hints.silent:
            found, outline = _hints(plan, read, as_of, earlier, hints, findings)
            findings.extend(found)
        known = plan.registry.find(read.unit) if read.unit else None
        unit = known.id if known else None
        named = plan.registry.find(PurePosixPath(file).stem)
        whose = unit if known else named.id if named else None
        findings = of_unit(findings, whose)
    answers = _answers(read) if with_answers else {}
    findings = in_order(findings)
    return CheckedFile(
        file,
        unit,
        read.period,
        whole=read.whole,
        keys=tuple(read.given),
        answers=answers,
        untouched=read.untouched,
        findings=findings,
        sketch=outline,
        named=named.id if named else None,
        displaced={key: found.now for key, found in displaced.items()},
    )


def _hints(
    plan: Plan, read: ReadSubmission, as_of: date, earlier: Earlier, settings: HintSettings, findings: list[Finding]
) -> tuple[list[Finding], dict[int, bytes]]:
    """The hints of the answers that have no errors, and their sketch."""
    from ledger_cli.check.hints.file import hint_file, sketch, sound_answers  # noqa: PLC0415 - few commands hint

    faulty = {found.task for found in findings if found.severity == "error"}
    unit = plan.registry.find(read.unit) if read.unit else None
    period = plan.catalog.period(read.period) if read.period else None
    sound = list(sound_answers(plan, read, unit, faulty))
    calendar = Calendar(plan.catalog, period, as_of, earlier)
    found = list(hint_file(sound, read, calendar, settings))
    compared = unit is not None and settings.on("W402")
    return found, sketch(sound, plan.registry, unit, settings) if compared and unit else {}


def foreign_file(plan: Plan | None, file: str) -> CheckedFile:
    """A Word or Excel file among the submissions: told where a unit's name shows that it was meant as one."""
    path = PurePosixPath(file)
    named = plan.registry.find(path.stem) if plan else None
    checked = CheckedFile(file, None, None, whole=True)
    if named:
        message = f"这是“{path.suffix}”文件，程序读不了，{named.name}的内容没有收入"
        way = f"用 ledger intake {file} 收入" if path.suffix.lower() in _TAKEN_IN else "另存为 .docx 或 .xlsx 再收入"
        hint = f"{way}；收入以后，这个文件移到别处。"
        checked.findings = [finding("C206", file, (1, 1), message, hint, unit=named.id)]
        checked.unit = named.id
    return checked


def _answers(read: ReadSubmission) -> dict[str, tuple[int, Answer]]:
    lines = {key: line for key, line, _ in reversed(read.document.spans("任务"))}
    return {key: (lines[key], answer) for key, answer in read.answers.items()}


def compare_files(files: list[CheckedFile]) -> list[CheckedFile]:
    """What shows only across files: C208 at each of those that claim the same unit and period.

    A Word or Excel file beside the same unit's submission is a draft, and goes. A form that nobody has filled in
    is no submission: it claims nothing, and beside it a Word file is all that the unit has sent.
    """
    claims: dict[tuple[str, str], list[CheckedFile]] = {}
    reported = {file.unit for file in files if not file.foreign and not file.unfilled}
    files = [file for file in files if not file.foreign or (file.unit and file.unit not in reported)]
    for file in files:
        # A copy that was renamed and not edited is no rival of the file it was made from.
        if file.unit and file.period and not file.misplaced and not file.unfilled:
            claims.setdefault((file.unit, file.period), []).append(file)
    for rivals in claims.values():
        for file in rivals if len(rivals) > 1 else ():
            others = "、".join(rival.file for rival in rivals if rival is not file)
            found = Finding(
                code="C208",
                file=file.file,
                line=1,
                column=1,
                message=f"同一单位、同一报送期还有{others}",
                hint="把内容合到一份里，删去另一份。",
                unit=file.unit,
            )
            file.findings = in_order([*file.findings, found])
    return files
