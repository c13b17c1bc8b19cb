"""One file read and checked, in the small form that crosses processes and goes into the merge."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from ledger_cli.check.submission import check_submission
from ledger_cli.model.finding import Finding, in_order, of_unit
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import Answer
from ledger_cli.read.submission import ReadSubmission, read_submission, task_number

_UNPLACED = frozenset({"C204", "C205", "C206", "C208"})


@dataclass(slots=True)
class CheckedFile:
    """``unit`` is an id of the registry where the unit is known; ``answers`` has line and answer by key.

    ``keys`` are all entries under 任务 in the file's order. ``whole`` is false where the file could not
    be read to its end.
    """

    file: str
    unit: str | None
    period: str | None
    whole: bool
    keys: tuple[str, ...] = ()
    answers: dict[str, tuple[int, Answer]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def stem(self) -> str:
        return PurePosixPath(self.file).stem

    @property
    def blocking(self) -> list[Finding]:
        """The errors that keep the whole file out: unreadable, or nowhere to be placed."""
        errors = [found for found in self.findings if found.severity == "error"]
        placing = [found for found in errors if found.code in _UNPLACED]
        unread = [found for found in errors if found.code[0] == "Y"] if not self.whole else []
        return in_order([*unread, *placing]) or [found for found in errors if found.task is None]

    @property
    def placed(self) -> bool:
        """Whether the file's sound answers can go into the ledger."""
        unplaced = any(found.code in _UNPLACED for found in self.findings)
        return self.whole and self.unit is not None and self.period is not None and not unplaced

    def faults_of(self, key: str) -> list[Finding]:
        """The errors of one answer."""
        number = task_number(key)
        return [
            found
            for found in self.findings
            if found.severity == "error"
            and (found.task == number if number is not None else f"“{key}”" in found.message)
        ]


def check_file(plan: Plan | None, file: str, data: bytes, as_of: date, *, with_answers: bool = True) -> CheckedFile:
    """Read and check one submission; without a sound plan only what the file itself shows."""
    read = read_submission(data, file)
    findings = list(read.findings)
    unit = None
    if plan is not None:
        findings.extend(check_submission(plan, read, as_of))
        known = plan.registry.find(read.unit) if read.unit else None
        unit = known.id if known else None
        if known is None:
            named = plan.registry.find(PurePosixPath(file).stem)
            findings = of_unit(findings, named.id if named else None)
        else:
            findings = of_unit(findings, unit)
    answers = _answers(read) if with_answers else {}
    findings = in_order(findings)
    return CheckedFile(file, unit, read.period, read.whole, tuple(read.given), answers, findings)


def _answers(read: ReadSubmission) -> dict[str, tuple[int, Answer]]:
    lines = {key: line for key, line, _ in reversed(read.document.spans("任务"))}
    return {key: (lines[key], answer) for key, answer in read.answers.items()}


def two_files_for_one_unit(files: list[CheckedFile]) -> None:
    """C208, at each of the files that claim the same unit and period; the findings are added to them."""
    claims: dict[tuple[str, str], list[CheckedFile]] = {}
    for file in files:
        if file.unit and file.period:
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
