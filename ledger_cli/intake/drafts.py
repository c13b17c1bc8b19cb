"""From a filled file to the submission files it makes: whose it is, what changes, what may be written.

The steps are pure; reading the form and writing the YAML is the command's business.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger_cli.check.displacement import displacements
from ledger_cli.exits import ToolFault
from ledger_cli.intake.answer_cells import split_not_applicable
from ledger_cli.intake.own_report import parse_extras, without_extras
from ledger_cli.intake.owner import owner_of
from ledger_cli.intake.rows import Intake, Source, Taken, take_in
from ledger_cli.model.column import Role, Shape, as_shown
from ledger_cli.model.fields import TaskNumber, parse_day
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.form import Origin, digest, instructions, plan_digest, prefill_note, reported_period
from ledger_cli.model.ledger import Label, labels_of
from ledger_cli.model.plan import Plan
from ledger_cli.model.shaped import given as given_by_key
from ledger_cli.model.shaped import submissions, with_names
from ledger_cli.model.submission import Answer, Filing
from ledger_cli.read.office.tables import FilledDocument, UnreadableFile
from ledger_cli.read.printable import make_printable
from ledger_cli.read.submission import ReadSubmission, read_submission
from ledger_cli.write.submission_file import to_submission_yaml
from ledger_cli.write.view import part_line


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text that the form changes; ``before`` and ``after`` are "" where there is none."""

    task: TaskNumber
    field: str
    before: str
    after: str


@dataclass(slots=True)
class Draft:
    """One submission that a form makes: its file's name and bytes, and what differs from what is there.

    ``data`` is None where nothing differs. ``refused`` says why it must not be written. ``texts`` are what the form
    gives, by task, to be compared with another form of the same unit: ``chosen`` says why this one is taken before
    others, ``same_as`` names a file with the same texts that is taken in its stead. ``before`` is the file that the
    draft is to replace.
    """

    unit: str
    period: str
    name: str
    data: bytes | None = None
    changes: list[TextChange] = field(default_factory=list)
    refused: str = ""
    texts: dict[TaskNumber, dict[str, str]] = field(default_factory=dict)
    chosen: str = ""
    same_as: str = ""
    before: bytes | None = None

    @property
    def to_write(self) -> bool:
        """Whether there is something to write that may be written."""
        return self.data is not None and not self.refused and not self.same_as


@dataclass(slots=True)
class Taking:
    """What became of one file. ``skipped`` says why it was not read, where it was not.

    A file ``beside`` the others is of another kind, and nobody asked for it. ``findings`` are about the form,
    ``checks`` about the submissions that it made. ``saved`` is when the document was last saved, as it says itself,
    or "".
    """

    file: str
    unit: str | None
    period: str | None
    intake: Intake = field(default_factory=Intake)
    drafts: list[Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    checks: list[Finding] = field(default_factory=list)
    skipped: str = ""
    beside: bool = False
    saved: str = ""

    @property
    def told(self) -> list[Finding]:
        return [*self.findings, *self.checks]


@dataclass(frozen=True, slots=True)
class IntakeRequest:
    """What the command line says of the files: unit and period, if it says so, and whether to replace."""

    unit: str | None
    period: str | None
    current: str
    force: bool = False


def unreadable(file: str, error: UnreadableFile) -> Taking:
    """The outcome of a file that could not be opened: one finding."""
    found = finding("F604", file, (1, 1), error.message, error.hint)
    return Taking(file, None, None, findings=[found])


def take_file(
    plan: Plan,
    document: FilledDocument,
    file: str,
    wanted: IntakeRequest,
    existing: Callable[[str], bytes | None],
    locate: Callable[[str, str], str],
) -> Taking:
    """The submissions that a filled file makes.

    ``locate`` names the submission file of a period and unit, ``existing`` gives the file of that name, if any.
    """
    make_printable(document)
    parts = (part_line(plan, unit) for unit in plan.registry.units) if plan.catalog.shape.has_parts else ()
    ours = frozenset((*instructions(plan.catalog.shape), *map(prefill_note, plan.catalog.periods), *parts))
    owner = owner_of(plan, document, file, unit=wanted.unit, period=wanted.period, ours=ours)
    period = owner.period or wanted.current
    if owner.faults:
        return Taking(file, owner.unit, owner.period, findings=list(owner.faults))
    report = reported_period(document.keywords) is not None
    known = ours | frozenset(_title_lines(plan))
    origin = Origin.of(document.keywords)
    source = Source(
        file,
        owner.unit,
        known,
        single=owner.single,
        named=owner.unit is not None,
        form=origin is not None,
        report=report,
        stale=origin is not None and _is_stale(plan, origin),
    )
    intake = take_in(plan, document, source)
    taking = Taking(file, owner.unit, period, intake, findings=list(intake.findings), saved=document.saved)
    for named, taken in intake.units.items():
        whose = named or owner.unit
        if whose is None:
            taking.findings += _nobodys(file, taken) if len(intake.units) > 1 else [_nobody(file)]
            continue
        name = locate(period, whose)
        draft = Draft(whose, period, name, texts=taken.texts, before=existing(name))
        _Filling(plan, draft, origin, force=wanted.force, report=report).fill(intake.header)
        taking.drafts.append(draft)
    if not intake.units and not taking.findings:
        message = "没有找到填了内容的台账表格"
        shape = plan.catalog.shape
        text = shape.of(Role.TEXT)
        hint = f"表头要有“{text.name if text else '任务'}”和“{shape.main.name}”；空白的填报表请填写后再收。"
        taking.findings.append(finding("F604", file, (1, 1), message, hint))
    return taking


def _is_stale(plan: Plan, origin: Origin) -> bool:
    """Whether a form was made before the tasks of its unit were edited, as far as it says what it was made from."""
    unit = plan.registry.unit.get(origin.unit)
    return bool(origin.plan) and unit is not None and origin.plan != plan_digest(plan, unit)


def _nobody(file: str) -> Finding:
    hint = "用 --unit 写明单位，例如 ledger intake 文件 --unit 司法厅。"
    return finding("F604", file, (1, 1), "认不出这个文件是哪个单位的", hint)


def _nobodys(file: str, taken: Taken) -> Iterator[Finding]:
    """The answers that say nothing of their unit, in a file whose other answers do, with their words."""
    for task, texts in taken.texts.items():
        message = f"第{task}项有一条答复认不出是哪个单位的，没有收入：“{'｜'.join(texts.values())}”"
        hint = "在这条答复前面写上单位和冒号，例如“司法厅：……”，再收一次。"
        yield finding("F601", file, (1, 1), message, hint, task=task)


def _title_lines(plan: Plan) -> list[str]:
    title = plan.catalog.head.title
    bracket = title.find("（")
    parts = [title, title[:bracket], title[bracket:]] if bracket > 0 else [title]
    return [plan.catalog.head.annex, *parts, *(f"{part}填报表" for part in parts)]


class _Filling:
    """Works out what a form changes in a unit's submission, and the new file."""

    def __init__(self, plan: Plan, draft: Draft, origin: Origin | None, *, force: bool, report: bool) -> None:
        self.plan = plan
        self.draft = draft
        self.force = force
        self.report = report
        self.read: ReadSubmission | None = None
        self.old: dict[str, Answer] = {}
        self.fields: dict[str, object] = {}
        self.displaced = ""
        there = draft.before
        read = read_submission(there, draft.name, plan.catalog.shape) if there is not None else None
        if read is None or read.filing.untouched:
            return  # an unfilled form that is there counts as nothing
        self.read = read
        self.old = {said.key: said.answer for said in read.filing.said if said.answer is not None}
        head = read.filing.head
        self.fields = {k: v for k, v in head.items() if k in ("填报人", "审核人", "联系电话") and v}
        if (day := head.get("填报日期")) and parse_day(day):
            self.fields["填报日期"] = day
        self.displaced = _displaced(plan, read.filing)
        if self.displaced:
            draft.refused = self.displaced
        elif origin is None or origin.digest != digest(there or b""):
            draft.refused = f"“{draft.name}”已经有了，而且不是这份填报表所依据的那一份；确实要替换的，加上 --force"
        elif any(found.severity == "error" for found in read.findings):
            draft.refused = f"“{draft.name}”有错误，不能只改其中几处；确实要替换的，加上 --force"

    def fill(self, header: dict[str, str]) -> None:
        """Fill in the draft's changes, bytes and refusal."""
        draft = self.draft
        shape = self.plan.catalog.shape
        answers: dict[str, dict[str, Any]] = {key: given_by_key(answer, shape) for key, answer in self.old.items()}
        for number, given in draft.texts.items():
            after = self._answer(number, given)
            was, now = (_texts(said, shape) for said in (answers.get(str(number), {}), after))
            draft.changes += [TextChange(number, name, was[name], now[name]) for name in was if was[name] != now[name]]
            answers[str(number)] = after
        if not draft.changes:
            draft.refused = ""
            return
        if self.force:
            draft.refused = self.displaced or (_would_lose(self.read.filing, draft.texts) if self.read else "")
        digests = {said.key: said.digest for said in self.read.filing.said if said.digest} if self.read else {}
        digests |= {str(number): self.plan.catalog.tasks[number].digest for number in draft.texts}
        draft.data = _file(draft, shape, answers, {**self.fields, **header}, digests)

    def _answer(self, number: TaskNumber, given: dict[str, str]) -> dict[str, Any]:
        """A task's entry in the new file: the texts given, with the dates, figures and evidence that are there."""
        task = self.plan.catalog.tasks.get(number)
        labels: dict[str, Label] = labels_of(task) if task else {}
        shape = self.plan.catalog.shape
        old = self.old.get(str(number))
        cleaned = {name: text.strip(" \t\n") for name, text in given.items()}
        kept: dict[str, Any] = {}
        if old is not None:
            said = given_by_key(old, shape)
            kept = {name: value for name, value in said.items() if name not in (*shape.keys, "不涉及")}
        first = shape.main.key
        progress = cleaned.get(first)
        if progress and old is not None:
            cleaned[first] = without_extras(progress, with_names(old, self.plan.registry), labels)
        elif progress and self.report:
            cleaned[first], kept = parse_extras(progress, labels)
        return {**split_not_applicable(cleaned, shape), **kept}


def _texts(said: dict[str, Any], shape: Shape) -> dict[str, str]:
    """What an answer says in each column as it is shown, whichever way it was written: 10 and 10% are one."""
    found = {column.key: as_shown(column, said.get(column.key)) for column in shape.filed}
    return {**found, "不涉及": str(said.get("不涉及") or "")}


def _displaced(plan: Plan, filing: Filing) -> str:
    """Why nothing may be put beside answers whose tasks have other texts now; "" where there are none."""
    whose = "、".join(displacements(plan, filing))
    reason = f"“{filing.file}”里第{whose}项的任务原文已经不是填报时的（K512），先运行 ledger catalog migrate"
    return reason if whose else ""


def _would_lose(filing: Filing, texts: Collection[TaskNumber]) -> str:
    """Why even a forced replacement must not be: faulty answers that are there and that the form does not have."""
    lost = [said.key for said in filing.said if said.answer is None and said.number not in texts]
    whose = "、".join(f"第{key}项" for key in lost)
    return f"“{filing.file}”里{whose}有错误，这份表里又没有，替换就会丢失，请先改正" if lost else ""


def _file(
    draft: Draft,
    shape: Shape,
    answers: dict[str, dict[str, Any]],
    fields: dict[str, object],
    digests: dict[str, str],
) -> bytes:
    """The submission file; raises ``ToolFault`` where it would not read back as what it was made from."""
    made = submissions(shape).validate_python({"单位": draft.unit, "报送期": draft.period, **fields, "任务": answers})
    data = to_submission_yaml(made, shape, digests).encode("utf-8")
    if {said.key: said.answer for said in read_submission(data, draft.name, shape).filing.said} != made.answers:
        raise ToolFault(f"{draft.name} 写出来和读回来不一样，没有写入")
    return data
