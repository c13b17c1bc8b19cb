"""A unit's form: what a clerk fills in instead of YAML, as a Word document or an Excel sheet.

The form carries whose it is and which text it was prefilled from in the core property ``keywords``, so that
a filled form finds its way back and replaces nothing that has changed meanwhile.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger_cli.exits import ToolFault
from ledger_cli.model.catalog import Period
from ledger_cli.model.form import INSTRUCTIONS, Origin
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.submission import PROSE, Answer
from ledger_cli.write.view import chinese_day, title_lines
from ledger_cli.write.word.blame import settled
from ledger_cli.write.word.readback import expect_words, read_back
from ledger_cli.write.word.render import render
from ledger_cli.write.word.template import WordTemplate


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
