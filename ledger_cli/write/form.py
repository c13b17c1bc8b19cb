"""A unit's form: what a clerk fills in instead of YAML, as a Word document or an Excel sheet.

The form carries whose it is and which text it was prefilled from in the core property ``keywords``, so that
a filled form finds its way back and replaces nothing that has changed meanwhile.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger_cli.exits import ToolFault
from ledger_cli.model.catalog import Period, begun
from ledger_cli.model.column import Role, Shape, printed_number, shown
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.form import Origin, instructions
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.shaped import value_of, words_of
from ledger_cli.model.submission import Answer
from ledger_cli.write.view import chinese_day, part_line, title_lines
from ledger_cli.write.word.blame import settled
from ledger_cli.write.word.readback import expect_words, read_back
from ledger_cli.write.word.render import render
from ledger_cli.write.word.template import WordTemplate


def form_rows(plan: Plan, unit: Unit, answers: dict[TaskNumber, Answer]) -> list[dict[str, Any]]:
    """A row for each task the unit owes, with the texts already given, by the columns' Chinese names."""
    rows: list[dict[str, Any]] = []
    shape = plan.catalog.shape
    before: tuple[str, ...] = ()
    for number in plan.claims.by_unit[unit.id]:
        task = plan.catalog.tasks[number]
        titles = plan.catalog.titles_of[number]
        rows.append(
            {
                "编号": number,
                "序": shape.before_text(number, task.label),
                "章节": "\n".join(titles),
                "题": list(begun(before, titles)),
                **{shape.tags[c.key]: words_of(task, c) for c in shape.text_and_beside},
                **{shape.tags[key]: text for key, text in answer_texts(answers.get(number), shape).items()},
            }
        )
        if number_column := shape.of(Role.NUMBER):
            rows[-1][shape.tags[number_column.key]] = printed_number(number, task.label)
        before = titles
    return rows


def answer_texts(answer: Answer | None, shape: Shape) -> dict[str, str]:
    """The cells of an answer by column; one that does not concern the unit stands in the main one."""
    if answer is None:
        return dict.fromkeys(shape.keys, "")
    if answer.not_applicable is not None:
        return {**dict.fromkeys(shape.keys, ""), shape.main.key: f"不涉及：{answer.not_applicable}"}
    return {column.key: shown(column, value_of(answer, column)) for column in shape.filed}


def form_context(
    plan: Plan, unit: Unit, period: Period, answers: dict[TaskNumber, Answer], note: str = ""
) -> dict[str, Any]:
    """The variables of templates/form.docx; ``note`` says where prefilled texts come from."""
    head, lines = plan.catalog.head, (*instructions(plan.catalog.shape), *filter(None, [part_line(plan, unit)]))
    return {
        "台账": {"附件": head.annex, "名称": head.title, "标题": title_lines(head.title)},
        "表": {
            "单位": unit.name,
            "报送期": f"{period.name}（{period.code}）",
            "截止": chinese_day(period.due),
            "说明": "\n".join((*lines, note) if note else lines),
            "行": form_rows(plan, unit, answers),
        },
    }


def write_form(
    template: Path,
    context: dict[str, Any],
    path: Path,
    origin: Origin,
    period: Period,
    finish: Callable[[Path], None] | None = None,
    *,
    shape: Shape,
    shipped: Path | None = None,
) -> None:
    """The form as a Word document; ``finish`` adds to it. What it lacks is told as ``settled`` does."""
    title = f"{context['台账']['名称']}填报表（{context['表']['单位']}）"

    def make(used: WordTemplate) -> None:
        render(used, context, path, title=title, day=period.due, keywords=str(origin))
        read_back(path)
        asked = ("编号", "举措", *used.fields.answers)  # the tasks, and where their answers are written
        if lacking := [name for name in asked if name not in used.names_printed]:
            raise ToolFault(f"填报表里没有{'、'.join(f'“{name}”' for name in lacking)}")
        expect_words(path, context, used.names_used)
        if finish is not None:
            finish(path)

    settled(WordTemplate(template, shape), shipped, make)
