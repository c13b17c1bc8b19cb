"""From a filled file to the submission files it makes: whose it is, what changes, what may be written.

The steps are pure; reading the form and writing the YAML is the command's business.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pydantic import TypeAdapter

from ledger_cli.check.displacement import displacements
from ledger_cli.intake.rows import Intake, split_not_applicable, take_in
from ledger_cli.model.fields import parse_day
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.plan import Plan
from ledger_cli.model.submission import PROSE, Answer, Submission
from ledger_cli.read.submission import ReadSubmission, read_submission
from ledger_cli.read.tables import FilledDocument, UnreadableFile
from ledger_cli.write.form import INSTRUCTIONS, Origin, digest, prefill_note
from ledger_cli.write.submission_file import to_submission_yaml

_SUBMISSION: TypeAdapter[Submission] = TypeAdapter(Submission)


@dataclass(frozen=True, slots=True)
class Change:
    """One text that the form changes; ``before`` and ``after`` are "" where there is none."""

    task: int
    field: str
    before: str
    after: str


@dataclass(slots=True)
class Draft:
    """One submission that a form makes: its file's name and bytes, and what differs from what is there.

    ``data`` is None where nothing differs. ``refused`` says why it must not replace what is there.
    """

    unit: str
    period: str
    name: str
    data: bytes | None = None
    changes: list[Change] = field(default_factory=list)
    refused: str = ""


@dataclass(slots=True)
class Taking:
    """What became of one file."""

    file: str
    unit: str | None
    period: str | None
    intake: Intake
    drafts: list[Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says of the files: unit and period, if it says so, and whether to replace."""

    unit: str | None
    period: str | None
    current: str
    force: bool = False


def unreadable(file: str, error: UnreadableFile) -> Taking:
    """The outcome of a file that could not be opened: one finding."""
    found = finding("F604", file, (1, 1), error.message, error.hint)
    return Taking(file, None, None, Intake(), findings=[found])


def take_file(
    plan: Plan,
    document: FilledDocument,
    file: str,
    wanted: Wanted,
    existing: Callable[[str], bytes | None],
    locate: Callable[[str, str], str],
) -> Taking:
    """The submissions that a filled file makes.

    ``locate`` names the submission file of a period and unit, ``existing`` gives the file of that name, if any.
    """
    origin = Origin.of(document.keywords)
    known = frozenset((*INSTRUCTIONS, *map(prefill_note, plan.catalog.periods), *_title_lines(plan)))
    intake = take_in(plan, document, file, known)
    lines = [line for block in document.blocks if isinstance(block, list) for line in block]
    # A sheet has its head in cells above the table's own.
    lines += [line for table in document.tables for row in table.rows[:8] for cell in row[:1] for line in cell.lines]
    unit = wanted.unit or _unit(plan, origin, lines, file)
    period = wanted.period or _period(plan, origin, lines) or wanted.current
    taking = Taking(file, unit, period, intake, findings=list(intake.findings))
    for owner, taken in intake.units.items():
        whose = owner or unit
        if whose is None:
            message = "认不出这个文件是哪个单位的"
            hint = "用 --unit 写明单位，例如 ledger intake 文件 --unit 司法厅。"
            taking.findings.append(finding("F604", file, (1, 1), message, hint))
            continue
        name = locate(period, whose)
        draft = Draft(whose, period, name)
        _fill(plan, draft, taken.texts, intake.header, existing(name), origin, force=wanted.force)
        taking.drafts.append(draft)
    if not intake.units and not taking.findings:
        message = "没有找到填了内容的台账表格"
        hint = "表头要有“任务举措”和“具体落实情况”；空白的填报表请填写后再收。"
        taking.findings.append(finding("F604", file, (1, 1), message, hint))
    return taking


def _title_lines(plan: Plan) -> list[str]:
    title = plan.catalog.head.title
    bracket = title.find("（")
    parts = [title, title[:bracket], title[bracket:]] if bracket > 0 else [title]
    return [plan.catalog.head.annex, *parts, *(f"{part}填报表" for part in parts)]


def _unit(plan: Plan, origin: Origin | None, lines: list[str], file: str) -> str | None:
    """The unit that the form, its head or its file name tells; None where they do not."""
    if origin and origin.unit in plan.registry.unit:
        return origin.unit
    named = set()
    for line in lines:
        match = re.search(r"(?:填报单位|报送单位|单位)[：:]\s*([^\s　]+)", line)
        found = plan.registry.find(match[1] if match else line)
        if found:
            named.add(found.id)
    if named:
        return named.pop() if len(named) == 1 else None  # two units named: whose it is, a person has to say
    stem = PurePosixPath(file).stem
    exact = plan.registry.find(stem)
    if exact:
        return exact.id
    names = ((name, u.id) for u in plan.registry.units for name in u.names if len(name) > 2 and name in stem)
    longest = max(names, key=lambda named: len(named[0]), default=None)
    return longest[1] if longest else None


def _period(plan: Plan, origin: Origin | None, lines: list[str]) -> str | None:
    if origin and plan.catalog.period(origin.period):
        return origin.period
    for line in lines:
        for period in plan.catalog.periods:
            if period.code in line or period.name in line:
                return period.code
    return None


def _fill(
    plan: Plan,
    draft: Draft,
    texts: dict[int, dict[str, str]],
    header: dict[str, str],
    there: bytes | None,
    origin: Origin | None,
    *,
    force: bool,
) -> None:
    """Work out what the form changes, and the new file; an unfilled form that is there counts as nothing."""
    read = read_submission(there, draft.name) if there is not None else None
    old: dict[str, Answer] = {}
    displaced = ""
    fields: dict[str, object] = {}
    if read is not None and not read.untouched:
        old = dict(read.answers)
        content = read.document.data if isinstance(read.document.data, dict) else {}
        fields = {k: v for k, v in content.items() if k in ("填报人", "审核人", "联系电话") and v}
        if (day := content.get("填报日期")) and parse_day(day):
            fields["填报日期"] = day
        displaced = _displaced(plan, read)
        sound = not any(found.severity == "error" for found in read.findings)
        if displaced:
            draft.refused = displaced
        elif origin is None or origin.digest != digest(there or b""):
            draft.refused = f"“{draft.name}”已经有了，而且不是这份填报表所依据的那一份；确实要替换的，加上 --force"
        elif not sound:
            draft.refused = f"“{draft.name}”有错误，不能只改其中几处；确实要替换的，加上 --force"
    answers: dict[str, dict[str, object]] = {key: _plain(answer) for key, answer in old.items()}
    for number, given in texts.items():
        cleaned = {name: text.strip(" \t\n") for name, text in given.items()}
        new = split_not_applicable(cleaned)
        before = answers.get(str(number), {})
        kept = {name: value for name, value in before.items() if name not in (*PROSE, "不涉及")}
        draft.changes += [
            Change(number, name, str(before.get(name, "")), str(new.get(name, "")))
            for name in (*PROSE, "不涉及")
            if str(before.get(name, "")) != str(new.get(name, ""))
        ]
        answers[str(number)] = {**new, **kept}
    if not draft.changes:
        draft.refused = ""
        return
    if force:
        draft.refused = displaced or _would_lose(read, texts)
    digests = dict(read.digests) if read else {}
    digests |= {str(number): plan.catalog.tasks[number].digest for number in texts}
    draft.data = _file(draft, answers, {**fields, **header}, digests).encode("utf-8")


def _displaced(plan: Plan, read: ReadSubmission) -> str:
    """Why nothing may be put beside answers whose tasks have other texts now; "" where there are none."""
    whose = "、".join(displacements(plan, read))
    reason = f"“{read.file}”里第{whose}项的任务原文已经不是填报时的（K512），先运行 ledger catalog migrate"
    return reason if whose else ""


def _would_lose(read: ReadSubmission | None, texts: dict[int, dict[str, str]]) -> str:
    """Why even a forced replacement must not be: faulty answers that are there and that the form does not have."""
    if read is None:
        return ""
    lost = [key for key in read.given if key not in read.answers and key not in map(str, texts)]
    whose = "、".join(f"第{key}项" for key in lost)
    return f"“{read.file}”里{whose}有错误，这份表里又没有，替换就会丢失，请先改正" if lost else ""


def _plain(answer: Answer) -> dict[str, object]:
    """An answer as its file has it."""
    return {
        name: value
        for name, value in answer.model_dump(by_alias=True).items()
        if value is not None and value not in ({}, ())
    }


def _file(
    draft: Draft, answers: dict[str, dict[str, object]], fields: dict[str, object], digests: dict[str, str]
) -> str:
    data = {"单位": draft.unit, "报送期": draft.period, **fields, "任务": answers}
    return to_submission_yaml(_SUBMISSION.validate_python(data), digests)
