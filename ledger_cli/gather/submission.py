"""One file of answers from its bytes to what the merge needs: read, checked, and with the others compared."""

from datetime import date
from pathlib import PurePosixPath

from ledger_cli.check.answer import Calendar
from ledger_cli.check.displacement import displacements
from ledger_cli.check.earlier import Earlier, NothingEarlier
from ledger_cli.check.submission import check_submission
from ledger_cli.model.checked import CheckedEntry, CheckedFile
from ledger_cli.model.column import SEED, Shape
from ledger_cli.model.fault import Fault
from ledger_cli.model.finding import finding, in_order, of_unit
from ledger_cli.model.plan import Plan
from ledger_cli.model.prose import HintSettings
from ledger_cli.model.submission import Filing
from ledger_cli.read.submission import read_submission

_TAKEN_IN = (".docx", ".xlsx")


def check_file(
    plan: Plan | None,
    file: str,
    data: bytes,
    as_of: date,
    *,
    with_answers: bool = True,
    earlier: Earlier | None = None,
    hints: HintSettings | None = None,
    shape: Shape = SEED,
) -> CheckedFile:
    """Read and check one submission; without a sound plan only what the file itself shows, with the columns ``shape``.

    ``hints`` are the settings of the hints about prose; without them there are none.
    """
    read = read_submission(data, file, plan.catalog.shape if plan else shape)
    filing = read.filing
    findings = list(read.findings)
    unit = named = None
    sketch: dict[int, bytes] = {}
    displaced = displacements(plan, filing) if plan else {}
    if plan is not None:
        earlier = earlier or NothingEarlier()
        findings.extend(read.told(check_submission(plan, filing, as_of, earlier, displaced)))
        if hints and not hints.silent:
            faulty = {found.entry for found in findings if found.severity == "error"}
            faults, sketch = _hints(plan, filing, as_of, earlier, hints, faulty)
            findings.extend(read.told(faults))
        known = plan.registry.find(filing.unit) if filing.unit else None
        unit = known.id if known else None
        named = plan.registry.find(PurePosixPath(file).stem)
        whose = unit if known else named.id if named else None
        findings = of_unit(findings, whose)
    return CheckedFile(
        file,
        unit,
        filing.period,
        whole=filing.whole,
        listed=filing.listed,
        entries=tuple(
            CheckedEntry(
                said.key,
                said.number,
                said.meant,
                said.line,
                said.answer if with_answers else None,
                said.key in displaced,
                displaced[said.key].now if said.key in displaced else None,
            )
            for said in filing.said
        ),
        untouched=filing.untouched,
        findings=in_order(findings),
        sketch=sketch,
        named=named.id if named else None,
    )


def _hints(
    plan: Plan, filing: Filing, as_of: date, earlier: Earlier, settings: HintSettings, faulty: set[str | None]
) -> tuple[list[Fault], dict[int, bytes]]:
    """The hints of the answers that have no errors, and their sketch."""
    from ledger_cli.check.prose.file import hint_file, sketch, sound_answers  # noqa: PLC0415 - few commands hint

    unit = plan.registry.find(filing.unit) if filing.unit else None
    period = plan.catalog.period(filing.period) if filing.period else None
    sound = list(sound_answers(plan, filing, unit, faulty))
    calendar = Calendar(plan.catalog, period, as_of, earlier)
    found = list(hint_file(sound, filing, calendar, settings))
    compared = unit is not None and settings.on("W402")
    return found, sketch(sound, plan, unit, settings) if compared and unit else {}


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
            message = f"同一单位、同一报送期还有{others}"
            found = finding("C208", file.file, (1, 1), message, "把内容合到一份里，删去另一份。", unit=file.unit)
            file.findings = in_order([*file.findings, found])
    return files
