"""Templates that an edit in Word left faulty: told by name, cell and row in Chinese, and no document is written."""

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.conftest import PERIOD, Ledger, Result, answer, office_submission, write

Edit = Callable[[Any], None]


def text_of(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def cell_with(document: Any, text: str, place: int = 0) -> Any:
    """A cell of the last table by its whole text."""
    return [cell for cell in document.tables[-1]._tbl.iter(qn("w:tc")) if text_of(cell) == text][place]


def put(cell: Any, text: str) -> None:
    """Give a cell this text in its first run."""
    texts = list(cell.iter(qn("w:t")))
    for other in texts[1:]:
        other.text = ""
    texts[0].text = text


def removed(text: str) -> Edit:
    def edit(document: Any) -> None:
        cell = cell_with(document, text)
        cell.getparent().remove(cell)

    return edit


def reworded(text: str, new: str) -> Edit:
    return lambda document: put(cell_with(document, text), new)


def together(*edits: Edit) -> Edit:
    def edit(document: Any) -> None:
        for one in edits:
            one(document)

    return edit


def second_kind_of_row(document: Any) -> None:
    """A row of its own for one unit, in which a cell was emptied."""
    row = cell_with(document, "{{ 行.存在问题 }}").getparent()
    otherwise = cell_with(document, "{%tr else %}").getparent()
    own, condition = deepcopy(row), deepcopy(otherwise)
    put(next(condition.iter(qn("w:tc"))), "{%tr elif 行.单位 == '自治区司法厅' %}")
    put(next(c for c in own.iter(qn("w:tc")) if text_of(c) == "{{ 行.存在问题 }}"), "")
    otherwise.addprevious(condition)
    otherwise.addprevious(own)


def conditional_paragraph(document: Any) -> None:
    """The paragraph of a cell is there on a condition, and the cell without it has none."""
    cell = cell_with(document, "{{ 行.存在问题 }}")
    paragraph = next(cell.iter(qn("w:p")))
    for text, add in (("{%p if 行.存在问题 != '无' %}", paragraph.addprevious), ("{%p endif %}", paragraph.addnext)):
        mark = deepcopy(paragraph)
        put(mark, text)
        add(mark)


def run(root: Path, ledger: Ledger, edit: Edit, *options: str, name: str = "ledger") -> Result:
    path = root / f"templates/{name}.docx"
    document = Document(str(path))
    edit(document)
    document.save(str(root / "templates/本厅.docx"))
    return ledger("report", "--template", "本厅", "-o", "out.docx", *options)


def refused(result: Result) -> str:
    """The one line that refuses: exit 2, Chinese, no file."""
    assert result.code == 2, result.err + result.out
    (line,) = result.err.strip().splitlines()
    assert "模板“本厅.docx”" in line
    assert not re.search(r"[A-Z][a-z]+Error|Traceback|has no|expected|argument|undefined|filter named", line)
    assert not Path("out.docx").exists()
    return line


PROBLEMS = "{{ 行.存在问题 }}"
DEADLINE = "{%vm 行.任务格 %}{{ 行.完成时限 }}"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (removed(PROBLEMS), "第6行（印答复的那一行）比表头少1格，少的是“存在问题”"),
        (removed("存在问题"), "表头比第6行（印答复的那一行）少1格，少的是“存在问题”"),
        (removed(DEADLINE), "第4行（印附注的那一行）比表头少1格，少的是“完成时限”"),
        (second_kind_of_row, "第6行（印答复的那一行）没有“存在问题”，别的行有"),
        (reworded(PROBLEMS, f"{PROBLEMS}。"), f"第6行“存在问题”那一格的“{PROBLEMS}”后面还有“。”"),
        (reworded(PROBLEMS, f"问题是{PROBLEMS}"), f"第6行“存在问题”那一格的“{PROBLEMS}”前面紧接着“问题是”"),
        (
            reworded(PROBLEMS, "{{ 行.存在问题|replace('，', '；') }}"),
            "第6行“存在问题”那一格的“{{ 行.存在问题|replace(",
        ),
        (
            reworded(PROBLEMS, "{% if 行.存在问题 != '无' %}{{ 行.存在问题 }}{% endif %}"),
            f"第6行“存在问题”那一格的“{PROBLEMS}”放在条件里",
        ),
        (conditional_paragraph, "第6行“存在问题”那一格的“{{ 行.存在问题 }}”放在条件里"),
        (
            together(
                reworded(PROBLEMS, "{% if 行.存在问题 != '无' %}{{ 行.存在问题 }}"),
                reworded("{{ 行.工作打算 }}", "{{ 行.工作打算 }}{% endif %}"),
            ),
            "放在条件里",
        ),
    ],
)
def test_an_edit_that_keeps_a_text_from_being_printed_is_told_by_cell_and_row(
    sample: Path, ledger: Ledger, edit: Edit, said: str
) -> None:
    assert said in refused(run(sample, ledger, edit))


def test_a_column_of_the_plan_missing_where_a_task_has_notes_only(bare: Path, ledger: Ledger) -> None:
    line = refused(run(bare, ledger, reworded(DEADLINE, "{%vm 行.任务格 %}")))
    assert "第4行（印附注的那一行）没有“完成时限”，别的行有" in line


def test_a_name_that_only_a_condition_mentions_is_not_printed(sample: Path, ledger: Ledger) -> None:
    result = run(sample, ledger, reworded(PROBLEMS, "{% if 行.存在问题 %}有{% endif %}"))
    assert result.code == 0
    assert "模板里没有用到“存在问题”" in result.err


def test_a_missing_cell_of_the_compact_layout_is_told(sample: Path, ledger: Ledger) -> None:
    line = refused(run(sample, ledger, removed("{{ 答复.存在问题 }}"), name="compact"))
    assert "第4行（印答复的那一行）比表头少1格，少的是“存在问题”" in line
    assert "写上 {{ 答复.存在问题 }}" in line


def test_a_column_removed_from_all_rows_is_no_fault(sample: Path, ledger: Ledger) -> None:
    def edit(document: Any) -> None:
        for text in ("存在问题", PROBLEMS):
            removed(text)(document)
        span = next(cell_with(document, "{{ 行.附注 }}").iter(qn("w:gridSpan")))
        span.set(qn("w:val"), "2")

    result = run(sample, ledger, edit)
    assert result.code == 0, result.err
    assert "模板里没有用到“存在问题”" in result.err


def test_a_template_without_the_notes_below_the_tasks_is_told(sample: Path, ledger: Ledger) -> None:
    result = run(sample, ledger, reworded("{{ 行.附注 }}", ""))
    assert result.code == 0
    assert "“附注”" in result.err


def test_a_circular_that_an_edit_changed_is_told(sample: Path, ledger: Ledger) -> None:
    def edit(document: Any) -> None:
        (text,) = [t for t in document.element.body.iter(qn("w:t")) if t.text == "{{ 通报.总体 }}"]
        text.text = "{{ 通报.总体 | replace('本期', '上期') }}"

    assert "印不出完整的内容" in refused(run(sample, ledger, edit, name="brief"))


def test_a_circular_with_a_cell_that_a_condition_empties_is_told(bare: Path, ledger: Ledger) -> None:
    """Every word is there, and still Word would have to mend the document."""

    def edit(document: Any) -> None:
        cell = next(c for c in document.element.body.iter(qn("w:tc")) if text_of(c) == "应报")
        paragraph = next(cell.iter(qn("w:p")))
        for text, add in (("{%p if 1 > 2 %}", paragraph.addprevious), ("{%p endif %}", paragraph.addnext)):
            mark = deepcopy(paragraph)
            put(mark, text)
            add(mark)

    assert "有单元格不以段落结尾" in refused(run(bare, ledger, edit, name="brief"))


def test_an_answer_that_the_end_of_another_ones_row_repeats_is_missed(sample: Path, ledger: Ledger) -> None:
    """Of two units' answers one row is not printed; the other row names both units and ends in the same words."""
    told = "复议案件办理时限缩短到四十天。"
    write(sample, "zfbgt.yaml", office_submission(tasks={19: answer(f"自治区司法厅：\n{told}")}))
    path = sample / PERIOD / "sft.yaml"
    head, _, rest = path.read_text("utf-8").partition("\n  19:")
    path.write_text(f"{head}\n  19:\n{answer(told)}  20:{rest.partition(chr(10) + '  20:')[2]}", "utf-8")

    def edit(document: Any) -> None:
        otherwise = cell_with(document, "{%tr else %}").getparent()
        nothing = deepcopy(otherwise)
        put(
            next(nothing.iter(qn("w:tc"))),
            "{%tr elif 行.编号 == 19 and 行.单位 == '自治区司法厅' %}",
        )
        otherwise.addprevious(nothing)

    assert "缺少自治区司法厅对第19项任务的答复" in refused(run(sample, ledger, edit))


def test_a_word_that_the_program_lost_is_not_blamed_on_an_edited_template(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger_cli.write.word import markup, part

    def forgetful(value: Any, joint: str, tab: str) -> str:
        return markup.xml_text(value.replace("研讨", "") if isinstance(value, str) else value, joint, tab)

    monkeypatch.setattr(part, "xml_text", forgetful)
    result = run(sample, ledger, reworded("存在问题", "存在的问题"))
    assert result.code == 3
    assert "自治区司法厅" in result.err
    assert not Path("out.docx").exists()


# -- tags -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ 行.存在问题 | 大写 }}", "没有“大写”这种处理，“|”后面可以用的有：upper（变大写）、lower（变小写）、"),
        ("{{ 行.存在问题 | trim | 摘要(10) }}", "没有“摘要”这种处理"),
        ("{{ 行.存在问题 | replace('一') }}", "replace（替换）写成 | replace('旧', '新')"),
        ("{{ 行.存在问题 | upper(1, 2) }}", "upper（变大写）写成 | upper"),
        ("{{ 行.存在问题 | round }}", "round（四舍五入，只用于数字）"),
        ("{{ 行.存在问提 | upper }}", "没有“存在问提”这一栏，是不是“存在问题”？这里可以用的有：章节、编号"),
        ("{{ 行.存在问提 | int }}", "没有“存在问提”这一栏"),
        ("{{ 行.存在问提 | round }}", "没有“存在问提”这一栏"),
        ("{{ 行.存在问提 > 3 }}", "没有“存在问提”这一栏"),
        ("{{ -行.存在问提 }}", "没有“存在问提”这一栏"),
        ("{{ 航.存在问题 | trim }}", "没有“航”这个名称；可以从台账、概况"),
        ("{{ ([] | first).甲 }}", "取不到值，前面的内容是空的"),
        ("{{ 行.存在问题 ｜ trim }}", "“｜”是全角的，要换成半角的“|”"),
        ("{{ 行.存在问题 | replace（'一', '二'） }}", "“（”是全角的，要换成半角的“(”"),
        ("{% if 行.存在问题 is 空 %}{% endif %}", "没有“空”这种判断"),
        ("{{ 行.存在问题.encode('x') }}", "记号里不能调用“encode(……)”；这里只能取各栏的值"),
        ("{{ 行 存在问题 }}", "写法不对"),
    ],
)
def test_a_faulty_tag_is_named_with_its_cell_and_what_there_is(
    sample: Path, ledger: Ledger, tag: str, said: str
) -> None:
    line = refused(run(sample, ledger, reworded(PROBLEMS, tag)))
    assert said in line
    assert "里第6行“存在问题”那一格的“" in line


def test_a_tag_outside_the_columns_is_named_by_row_and_cell(sample: Path, ledger: Ledger) -> None:
    line = refused(run(sample, ledger, reworded("{%vm 行.章节格 %}{{ 行.章节 }}", "{%vm 行.章节阁 %}{{ 行.章节 }}")))
    assert "第4行第1格的“{%vm 行.章节阁 %}”有误：没有“章节阁”这一栏，是不是“章节" in line
