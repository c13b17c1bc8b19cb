"""A ledger to one Word document or a folder of them: which layout, which part, rendered and read back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ledger_cli.gather.merge import select
from ledger_cli.model.column import SEED, Shape
from ledger_cli.model.form import report_mark
from ledger_cli.model.ledger import Ledger
from ledger_cli.model.status import Status
from ledger_cli.write.brief import Grouping, SharedProblem, brief_context, shared_problems
from ledger_cli.write.view import Layout, chinese_day, view
from ledger_cli.write.word.blame import settled
from ledger_cli.write.word.made_template import is_untouched
from ledger_cli.write.word.readback import Contents, compare, expect_words, read_back
from ledger_cli.write.word.render import render
from ledger_cli.write.word.template import WordTemplate

HANDFUL = 6
"""Answers to one task up to which the seven columns stay readable; above, the compact layout is the default."""


@dataclass(frozen=True, slots=True)
class Job:
    """One document: the part of the ledger, its layout and scope line, and the template's name.

    ``own_choice`` says that the number of answers chose between the compact template and that of seven columns.
    """

    ledger: Ledger
    layout: Layout
    scope: str
    template: str
    stem: str = ""
    own_choice: bool = False
    as_issued: bool = True

    @property
    def shape(self) -> Shape:
        """The columns that it has; a blank one those of the document as issued, unless its template was edited."""
        return self.ledger.shape.issued if self.layout.blank and self.as_issued else self.ledger.shape

    @property
    def shipped(self) -> str:
        """The shipped template that prints all of the same document."""
        return "unit" if self.layout.single else "ledger"


@dataclass(frozen=True, slots=True)
class Written:
    """What a document holds: table rows, answers, and the pages it will fill, roughly."""

    rows: int
    answers: int
    pages: int
    unprinted: tuple[str, ...] = ()


def job_for(
    ledger: Ledger,
    *,
    unit: str | None = None,
    scope: str = "",
    blank: bool = False,
    part: bool = False,
    template: str | None = None,
) -> Job:
    """The document of a ledger: the layout follows from what it holds, unless ``template`` names one.

    ``part`` marks the ledger of a section or a task, which has no summary in front.
    """
    many = any(len(record.entries) > HANDFUL for record in ledger.records)
    if blank:
        return Job(ledger, Layout(blank=True, summary=False), "", template or "ledger")
    when = f"{ledger.period_name}，截至{chinese_day(ledger.as_of)}"
    if unit is not None:
        name = next((party.name for party in ledger.parties if party.id == unit), unit)
        layout = Layout(single=True, summary=False)
        return Job(ledger, layout, f"填报单位：{name}　　报送期：{when}", template or "unit")
    scope = f"{scope}（{when}）" if scope else f"（{when}）"
    chosen = "compact" if many else "ledger"
    return Job(ledger, Layout(by_task=many, summary=not part), scope, template or chosen, own_choice=template is None)


class Reporter:
    """Makes documents; ``find`` gives the file of a template by its name. Each template is compiled once.

    ``shipped`` gives the file of a template as it came with the program. Where a document differs from the ledger,
    it tells whose fault that is: the template's, where the shipped one makes the same document rightly.
    """

    def __init__(self, find: Callable[[str], Path], shipped: Callable[[str], Path] | None = None) -> None:
        self._find = find
        self._shipped = shipped
        self._compiled: dict[tuple[str, Shape], WordTemplate] = {}

    def template(self, name: str, shape: Shape = SEED) -> WordTemplate:
        """The template of that name, with or without ``.docx``; raises ``CannotRun`` where it is faulty."""
        if (name, shape) not in self._compiled:
            self._compiled[name, shape] = WordTemplate(self._find(name), shape)
        return self._compiled[name, shape]

    def _adapts(self, name: str) -> bool:
        """Whether a template follows the columns, since nobody has edited it."""
        path = self._find(name)
        return path.is_file() and is_untouched(path.name, path.read_bytes())

    def write(self, job: Job, path: Path) -> Written:
        """Render a document to ``path`` and compare it with the ledger.

        Raises ``CannotRun`` where an edit of the template keeps a text from being printed whole, ``ToolFault``
        on any other difference.
        """
        if job.layout.blank and not self._adapts(job.template):
            job = replace(job, as_issued=False)
        template = self.template(job.template, job.shape)
        contents = self._checked(template, job.shipped, lambda used: _write_ledger(used, job, path))
        used = template.names_printed
        answers = sum(len(record.entries) for record in job.ledger.records)
        unprinted = tuple(name for name in _wanted(job) if name not in used)
        return Written(len(contents.rows), answers, contents.pages, unprinted)

    def _checked(self, template: WordTemplate, shipped: str, make: Callable[[WordTemplate], Contents]) -> Contents:
        """What ``make`` read back; a difference is settled with the shipped template of that name."""
        return settled(template, self._shipped(shipped) if self._shipped else None, make, of_ledger=True)

    def is_brief(self, name: str) -> bool:
        """Whether a template is that of a circular: it prints 通报, which no ledger has."""
        return "通报" in self.template(name).names_used

    def shows_lights(self, job: Job) -> bool:
        """Whether the document's template prints the light of a task."""
        return "灯" in self.template(job.template, job.shape).names_printed

    def write_brief(
        self, name: str, status: Status, group: Grouping, path: Path, scope: str = ""
    ) -> list[SharedProblem]:
        """The circular on a status; returns the shared problems. Raises as ``write`` does."""
        problems = shared_problems(status.ledger, group)
        context = brief_context(status, problems, scope)
        title = "".join(context["台账"]["标题"].split("\n")) + context["通报"]["范围"]

        def make(template: WordTemplate) -> Contents:
            render(template, context, path, title=title, day=status.as_of)
            expect_words(path, context, template.names_used)
            return Contents()

        self._checked(self.template(name), "brief", make)
        return problems

    def write_index(self, rows: list[dict[str, Any]], ledger: Ledger, path: Path) -> None:
        """The list of a folder's documents as a document."""
        head = view(replace(ledger, records=()), Layout(summary=False), "目录")
        context = {**head, "目录": rows}

        def make(template: WordTemplate) -> Contents:
            render(template, context, path, title=f"{ledger.title}目录", day=ledger.as_of)
            expect_words(path, {"目录": rows}, template.names_used)
            return Contents()

        self._checked(self.template("index"), "index", make)


def _wanted(job: Job) -> list[str]:
    """The fields that a document should print so that nothing of the ledger is missing in it."""
    ledger = job.ledger
    if job.layout.blank:
        return ["举措"]
    wanted = ["举措", *(job.shape.tags[column.key] for column in (*job.shape.beside, *job.shape.filed))]
    if job.shape.seed:
        wanted = [name for name in wanted if name not in ("责任单位", "完成时限")]
    if len(ledger.parties) > 1:
        wanted.insert(0, "单位")
    silent = not job.layout.single and any(record.missing for record in ledger.records)
    return [*wanted, "附注"] if silent or ledger.left_out or ledger.withheld else wanted


def _write_ledger(template: WordTemplate, job: Job, path: Path) -> Contents:
    """A document, read back and compared; raises ``ToolFault`` on a difference."""
    context = view(replace(job.ledger, shape=job.shape), job.layout, job.scope, template.rows)
    title, mark = f"{job.ledger.title}{job.scope}", report_mark(job.ledger.period)
    render(template, context, path, title=title, day=job.ledger.as_of, keywords=mark)
    contents = read_back(path)
    fields = template.fields.rows & template.names_printed
    if job.layout.single:
        fields -= {"单位"}
    compare(contents, replace(job.ledger, shape=job.shape), fields=fields, blank=job.layout.blank)
    return contents


def parts(ledger: Ledger, by: str, template: str | None) -> Iterator[tuple[Job, str]]:
    """The documents of a split by ``section``, ``task`` or ``unit``, each with its description."""
    if by == "unit":
        for party in ledger.parties:
            part = select(ledger, units=[party.id])
            if part.records:
                job = job_for(part, unit=party.id, template=template)
                yield replace(job, stem=f"unit-{party.id}"), party.name
        return
    if by == "task":
        for record in ledger.records:
            part = select(ledger, tasks=[record.number])
            job = job_for(part, part=True, scope=f"第{record.number}项", template=template)
            yield replace(job, stem=f"task-{record.number:02}"), f"{record.number}.{record.text}"
        return
    sections = list(dict.fromkeys(record.section for record in ledger.records))
    for place, section in enumerate(sections, 1):
        numbers = [record.number for record in ledger.records if record.section == section]
        job = job_for(select(ledger, tasks=numbers), part=True, scope=section, template=template)
        yield replace(job, stem=f"section-{place}"), section
