"""A unit's form: what a clerk fills in instead of YAML, as a Word document or an Excel sheet.

The form carries whose it is and which text it was prefilled from in the core property ``keywords``, so that
a filled form finds its way back and replaces nothing that has changed meanwhile.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger_cli.exits import ToolFault
from ledger_cli.model.catalog import Period
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.submission import PROSE, Answer
from ledger_cli.write.blame import settled
from ledger_cli.write.readback import expect_words, read_back
from ledger_cli.write.render import render
from ledger_cli.write.template import WordTemplate
from ledger_cli.write.view import chinese_day, title_lines

_MARK = re.compile(r"ledger-form ([a-z0-9_-]+) (\S+)(?: ([0-9a-f]{16}))?(?: plan:([0-9a-f]{8}))?")

INSTRUCTIONS = (
    "填写办法：只填“具体落实情况”“存在问题”“工作打算”三栏，其余各栏请勿改动；可以分段。",
    "没有问题或者打算的写“无”；与本单位无关的任务，在“具体落实情况”里写“不涉及：”和理由，另两栏留空。",
    "填好后把这个文件直接发回，不要另存为别的格式，不要增删行、列。",
)


def prefill_note(period: Period) -> str:
    """What a form says that was prefilled from an earlier period; when it comes back, this is no text of the unit's."""
    return f"表中已填的是{period.name}的内容，请改成本期情况。"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose form it is, and the digest of the submission it was prefilled from, if it was.

    ``plan`` is the digest of the tasks that it prints (``plan_digest``), "" in forms from before it was kept.
    """

    unit: str
    period: str
    digest: str = ""
    plan: str = ""

    def __str__(self) -> str:
        marks = (self.digest, f"plan:{self.plan}" if self.plan else "")
        return " ".join(("ledger-form", self.unit, self.period, *filter(None, marks)))

    @classmethod
    def of(cls, keywords: str) -> "Origin | None":
        """The origin in a document's keywords; None where it is no form of ours."""
        return next(iter(cls.all_of(keywords)), None)

    @classmethod
    def all_of(cls, keywords: str) -> "list[Origin]":
        """Every origin in the keywords: programs that join documents may join these too."""
        return [cls(match[1], match[2], match[3] or "", match[4] or "") for match in _MARK.finditer(keywords)]


_REPORT = re.compile(r"ledger-report (\S+)")


def report_mark(period: str) -> str:
    """What a report of ours carries as its keywords, so that it is known for one when it comes in again."""
    return f"ledger-report {period}"


def reported_period(keywords: str) -> str | None:
    """The period of a report of ours; None where the keywords are no such document's."""
    match = _REPORT.search(keywords)
    return match[1] if match else None


def digest(data: bytes) -> str:
    """Sixteen digits that tell one submission file from another."""
    return hashlib.sha256(data).hexdigest()[:16]


def plan_digest(plan: Plan, unit: Unit) -> str:
    """Eight digits that change with the numbers or the texts of the tasks that a unit owes."""
    owed = "\n".join(f"{number} {plan.catalog.tasks[number].digest}" for number in plan.claims.by_unit[unit.id])
    return hashlib.sha256(owed.encode("utf-8")).hexdigest()[:8]


def form_rows(plan: Plan, unit: Unit, answers: dict[int, Answer]) -> list[dict[str, Any]]:
    """A row for each task the unit owes, with the texts already given, by the columns' Chinese names."""
    rows = []
    for number in plan.claims.by_unit[unit.id]:
        task = plan.catalog.tasks[number]
        rows.append(
            {
                "编号": number,
                "章节": plan.catalog.section_of[number].title,
                "举措": task.text,
                "责任单位": task.units,
                "完成时限": task.deadline,
                **dict(zip(PROSE, answer_texts(answers.get(number)), strict=True)),
            }
        )
    return rows


def answer_texts(answer: Answer | None) -> tuple[str, str, str]:
    """The three cells of an answer; one that does not concern the unit stands in the first."""
    if answer is None:
        return ("", "", "")
    if answer.not_applicable is not None:
        return (f"不涉及：{answer.not_applicable}", "", "")
    return answer.texts


def form_context(plan: Plan, unit: Unit, period: Period, answers: dict[int, Answer], note: str = "") -> dict[str, Any]:
    """The variables of templates/form.docx; ``note`` says where prefilled texts come from."""
    head = plan.catalog.head
    return {
        "台账": {"附件": head.annex, "名称": head.title, "标题": title_lines(head.title)},
        "表": {
            "单位": unit.name,
            "报送期": f"{period.name}（{period.code}）",
            "截止": chinese_day(period.due),
            "说明": "\n".join((*INSTRUCTIONS, note) if note else INSTRUCTIONS),
            "行": form_rows(plan, unit, answers),
        },
    }


_FORM_FIELDS = ("编号", "举措", *PROSE)
"""What a form must print: the tasks, and where their answers are written."""


def write_form(
    template: Path,
    context: dict[str, Any],
    path: Path,
    origin: Origin,
    period: Period,
    finish: Callable[[Path], None] | None = None,
    *,
    shipped: Path | None = None,
) -> None:
    """The form as a Word document; ``finish`` adds to it. What it lacks is told as ``settled`` does."""
    title = f"{context['台账']['名称']}填报表（{context['表']['单位']}）"

    def make(used: WordTemplate) -> None:
        render(used, context, path, title=title, day=period.due, keywords=str(origin))
        read_back(path)
        if lacking := [name for name in _FORM_FIELDS if name not in used.names_printed]:
            raise ToolFault(f"填报表里没有{'、'.join(f'“{name}”' for name in lacking)}")
        expect_words(path, context, used.names_used)
        if finish is not None:
            finish(path)

    settled(WordTemplate(template), shipped, make)
