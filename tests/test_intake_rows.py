"""Which row is which task's, and what of it is an answer: marks, copies, numbers, prompts, our own report, the net."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from ledger_cli.intake.net import unaccounted
from ledger_cli.intake.repeats import repeated
from ledger_cli.model.column import SEED
from ledger_cli.read.office.tables import Words
from ledger_cli.read.submission import read_submission
from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.test_intake import (
    HEAD,
    SAMPLES,
    catalog_text,
    codes,
    form_of,
    rewritten,
    taken,
    texts_of,
    unwrapped,
    word,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def rows_of(tree: Any) -> list[Any]:
    return list(list(tree.iter(f"{W}tbl"))[-1].iterchildren(f"{W}tr"))


def control(row: Any, name: str) -> Any:
    tag = next(t for t in row.iter(f"{W}tag") if t.get(f"{W}val").endswith(name))
    return tag.getparent().getparent()


def type_in(row: Any, name: str, words: str) -> None:
    texts = list(control(row, name).iter(f"{W}t"))
    texts[0].text = words
    for text in texts[1:]:
        text.text = ""


@pytest.fixture
def form(bare: Path, ledger: Ledger) -> Path:
    """The general office's form in Word, all filled in: tasks 13, 19 and 35."""
    write(bare, "zfbgt.yaml", office_submission())
    path = form_of(ledger, "zfbgt")
    (bare / PERIOD / "zfbgt.yaml").unlink()
    return path


def told(file: dict[str, Any], code: str) -> str:
    return " ".join(f["message"] for f in file["findings"] if f["code"] == code)


# -- marks that stand where they do not belong --------------------------------------------------------


def swap_tasks(tree: Any) -> None:
    """The cells of 13 and 19 change places, their marks with them."""
    first, second = rows_of(tree)[1:3]
    a, b = control(first, "具体落实情况"), control(second, "具体落实情况")
    place = deepcopy(a)
    b.getparent().replace(b, place)
    a.getparent().replace(a, b)


def swap_columns(tree: Any) -> None:
    row = rows_of(tree)[1]
    a, b = control(row, "具体落实情况"), control(row, "存在问题")
    place = deepcopy(a)
    b.getparent().replace(b, place)
    a.getparent().replace(a, b)


def retitle(tree: Any) -> None:
    """The text of task 19 stands before the answers of 13."""
    rows = rows_of(tree)
    cells = [next(t for t in row.iter(f"{W}t") if (t.text or "").startswith(("13.", "19."))) for row in rows[1:3]]
    cells[0].text = cells[1].text


def rename(tree: Any) -> None:
    """Another plan's task stands before the answers of 13."""
    next(
        t for t in rows_of(tree)[1].iter(f"{W}t") if (t.text or "").startswith("13.")
    ).text = "推进政务公开标准化建设工作"


@pytest.mark.parametrize(
    ("change", "lost"), [(swap_tasks, (13, 19)), (swap_columns, (13,)), (retitle, (13,)), (rename, (13,))]
)
def test_a_mark_in_the_wrong_place_writes_nothing_of_its_row(
    bare: Path, ledger: Ledger, form: Path, change: Callable[[Any], None], lost: tuple[int, ...]
) -> None:
    rewritten(form, change)
    result, (file,) = taken(ledger, form)
    assert result.code == 1
    assert codes(file) == ["F602"] * len(lost)
    assert set(texts_of(bare)) == {"13", "19", "35"} - set(map(str, lost))
    for number in lost:
        assert f"完成第{number}项的工作。" in told(file, "F602")


def test_a_copied_row_counts_once_where_it_is_equal(bare: Path, ledger: Ledger, form: Path) -> None:
    rewritten(form, lambda tree: rows_of(tree)[1].addnext(deepcopy(rows_of(tree)[1])))
    result, (file,) = taken(ledger, form)
    assert (result.code, codes(file)) == (0, [])
    assert texts_of(bare)["13"]["落实"] == "完成第13项的工作。"


def test_of_copied_rows_that_differ_none_is_taken(bare: Path, ledger: Ledger, form: Path) -> None:
    def copy(tree: Any) -> None:
        row = rows_of(tree)[1]
        row.addnext(deepcopy(row))
        type_in(row, "具体落实情况", "另一种说法。")

    rewritten(form, copy)
    result, (file,) = taken(ledger, form)
    assert (result.code, codes(file)) == (1, ["F602"])
    assert set(texts_of(bare)) == {"19", "35"}
    assert "另一种说法。" in told(file, "F602")
    assert "完成第13项的工作。" in told(file, "F602")


@pytest.mark.parametrize("same", [True, False])
def test_a_copied_sheet(bare: Path, ledger: Ledger, same: bool) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    path = form_of(ledger, "zfbgt", "form.xlsx")
    (bare / PERIOD / "zfbgt.yaml").unlink()
    book = load_workbook(path)
    copy = book.copy_worksheet(book.worksheets[0])
    if not same:
        cell = next(c for row in copy.iter_rows() for c in row if c.value == "完成第13项的工作。")
        cell.value = "另一种说法。"
    book.save(path)
    _, (file,) = taken(ledger, path)
    assert codes(file) == ([] if same else ["F602"]), file["findings"]
    assert set(texts_of(bare)) == ({"13", "19", "35"} if same else {"19", "35"})


# -- numbers and texts of foreign tables ----------------------------------------------------------------


def test_a_tables_own_count_does_not_outweigh_the_text(bare: Path, ledger: Ledger) -> None:
    head = ["序号", *HEAD]
    rows = [[str(i), catalog_text(bare, n), "", "", f"落实{n}", "无", "无"] for i, n in enumerate((13, 19, 35), 1)]
    word([head, *rows]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert {key: texts["落实"] for key, texts in texts_of(bare).items()} == {n: f"落实{n}" for n in ("13", "19", "35")}
    assert [row["how"] for row in file["rows"]] == ["text"] * 3
    assert codes(file) == []


def test_a_number_before_another_tasks_text(bare: Path, ledger: Ledger) -> None:
    word([HEAD, ["12." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert set(texts_of(bare)) == {"13"}


def test_number_and_beginning_agree(bare: Path, ledger: Ledger) -> None:
    word([HEAD, ["13." + catalog_text(bare, 13)[:14] + "……", "", "", "落实", "无", "无"]]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert [(row["task"], row["how"]) for row in file["rows"]] == [(13, "number")]


def test_sixty_characters_that_begin_one_task_only(bare: Path, ledger: Ledger) -> None:
    text = catalog_text(bare, 19)
    assert len(text) > 120
    word([HEAD, [text[:60] + "，以下从略", "", "", "落实", "无", "无"]]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert [(row["task"], row["how"]) for row in file["rows"]] == [(19, "text")]
    assert "以下从略" in told(file, "F601")


def test_a_number_alone_beside_foreign_words_is_no_match(bare: Path, ledger: Ledger) -> None:
    word([["序号", *HEAD], ["13", "推进政务公开标准化建设", "", "", "落实", "无", "无"]]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert codes(file) == ["F602"]
    assert not (bare / PERIOD / "zfbgt.yaml").exists()


ROW = "会同司法行政机关每季度抽查基层派出机构办理涉企案卷并通报评议结果督促限期补正归档建库留痕备查两年以上"
OTHER = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒"


def edited(places: int) -> str:
    """The row's words with so many of their fifty characters replaced."""
    assert (len(ROW), set(ROW) & set(OTHER)) == (50, set())
    characters = list(ROW)
    for at, char in zip([*range(1, 50, 2), *range(0, 50, 2)], OTHER[:places], strict=False):
        characters[at] = char
    return "".join(characters)


@pytest.mark.parametrize(
    ("number", "own", "rival", "task"),
    [
        ("", 4, 8, 13),  # eight hundredths ahead of the other task
        ("", 4, 7, None),  # six
        ("", 12, 20, 13),  # three quarters of the characters, and a quarter not
        ("", 13, 20, None),
        ("12.", 5, 20, 13),  # the number of a third task, beside nine tenths of the characters
        ("12.", 6, 20, None),
        ("13.", 22, 20, None),  # the number itself, where another task is more like
        ("13.", 12, 11, 13),
        ("13.", 25, 27, 13),  # half the characters beside the number
        ("13.", 26, 28, None),
    ],
)
def test_words_that_fit_two_tasks_almost_alike_are_nobodys(
    bare: Path, ledger: Ledger, number: str, own: int, rival: int, task: int | None
) -> None:
    edit_catalog(bare, catalog_text(bare, 13), edited(own))
    edit_catalog(bare, catalog_text(bare, 19), edited(rival))
    word([HEAD, [number + ROW, "", "", "不该丢的字。", "无", "无"]]).save("政府办公厅.docx")
    result, (file,) = taken(ledger, "政府办公厅.docx")
    if task:
        assert set(texts_of(bare)) == {str(task)}
    else:
        assert codes(file) == ["F602"]
        assert "不该丢的字。" in told(file, "F602")
        assert result.code == 1


def test_a_figure_changed_in_the_task_column_is_told(bare: Path, ledger: Ledger) -> None:
    changed = catalog_text(bare, 19).replace("2024", "2023")
    assert changed != catalog_text(bare, 19)
    word([HEAD, ["19." + changed, "", "", "落实", "无", "无"]]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert codes(file) == ["F601"]


# -- tables within cells, tables below a task ------------------------------------------------------------


def test_a_ledger_nested_in_a_cell_is_read_as_one(bare: Path, ledger: Ledger) -> None:
    document = Document()
    outer = document.add_table(1, 1).cell(0, 0)
    outer.text = "填报单位：政府办公厅"
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "办结三件。", "无", "下步推进"]]
    outer._tc.append(word(rows).tables[0]._tbl)
    outer.add_paragraph("")
    document.save("表.docx")
    result, (file,) = taken(ledger, "表.docx")
    assert codes(file) == [], result.out
    assert texts_of(bare)["13"] == {"落实": "办结三件。", "问题": "无", "打算": "下步推进", "不涉及": None}


def test_a_table_of_its_own_for_each_task(bare: Path, ledger: Ledger) -> None:
    document = Document()
    for number in (13, 19):
        document.add_paragraph(f"{number}.{catalog_text(bare, number)}")
        part = word([["落实情况", "存在问题", "工作打算"], [f"落实{number}", "无", "无"]])
        document.element.body.insert(-1, part.tables[0]._tbl)
    document.add_paragraph("另一项工作")
    part = word([["落实情况", "存在问题", "工作打算"], ["不知是哪一项的", "无", "无"]])
    document.element.body.insert(-1, part.tables[0]._tbl)
    document.save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert {key: texts["落实"] for key, texts in texts_of(bare).items()} == {"13": "落实13", "19": "落实19"}
    assert "不知是哪一项的" in told(file, "F601")
    assert "另一项工作" in told(file, "F601")


# -- prompts and the sheet's own marks -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "taken_text"),
    [
        ("点击率提升到3万次。", "点击率提升到3万次。"),
        ("点击此处填写办结三件。", "办结三件。"),
        ("办结三件。点击此处填写", "办结三件。"),
        ("点击此处", "点击此处"),
    ],
)
def test_a_prompt_is_compared_whole(bare: Path, ledger: Ledger, form: Path, typed: str, taken_text: str) -> None:
    rewritten(form, lambda tree: type_in(rows_of(tree)[1], "具体落实情况", typed))
    taken(ledger, form)
    assert texts_of(bare)["13"]["落实"] == taken_text


def sheet(bare: Path, ledger: Ledger, **cells: str) -> dict[str, Any]:
    """The Excel form with task 13's cells filled in by heading, taken in."""
    assert ledger("form", "zfbgt", "-o", "f.xlsx", "--force").code == 0
    book = load_workbook("f.xlsx")
    page: Any = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "任务举措" for c in row))
    for column, text in cells.items():
        place = next(c for c in head if c.value == column)
        page.cell(place.row + 1, place.column).value = text
    book.save("f.xlsx")
    _, (file,) = taken(ledger, "f.xlsx")
    return file


def test_words_typed_over_a_heading_are_told(bare: Path, ledger: Ledger, form: Path) -> None:
    def over_a_heading(tree: Any) -> None:
        head = next(row for row in rows_of(tree) if "工作打算" in "".join(t.text for t in row.iter(f"{W}t")))
        texts = list(head.iter(f"{W}t"))
        texts[-1].text = "另办了四期"

    rewritten(form, over_a_heading)
    _, (file,) = taken(ledger, form)
    assert "表头里有文字没有归处：“另办了四期”" in told(file, "F601")


@pytest.mark.parametrize(
    ("heading", "lost"), [("备注", False), ("是否需要自治区层面协调", False), ("四期培训已经办完。", True)]
)
def test_headings_of_others_are_no_words_of_an_answer(bare: Path, ledger: Ledger, heading: str, lost: bool) -> None:
    rows = [[catalog_text(bare, n), "", "", f"落实{n}", "无", "无", ""] for n in (13, 19, 35)]
    word([[*HEAD, heading], *rows]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert (heading in told(file, "F601")) is lost


def test_the_sheets_mark_that_a_task_does_not_concern_the_unit(bare: Path, ledger: Ledger) -> None:
    file = sheet(bare, ledger, 具体落实情况="本厅无此职责", 状态="不涉及")
    assert codes(file) == []
    assert texts_of(bare)["13"]["不涉及"] == "本厅无此职责"


def test_the_mark_and_the_word_are_said_once(bare: Path, ledger: Ledger) -> None:
    sheet(bare, ledger, 具体落实情况="不涉及：本厅无此职责", 存在问题="无", 状态="不涉及")
    assert texts_of(bare)["13"]["不涉及"] == "本厅无此职责"


def test_the_mark_against_a_problem_is_told(bare: Path, ledger: Ledger) -> None:
    file = sheet(bare, ledger, 具体落实情况="本厅无此职责", 存在问题="人手不足", 状态="不涉及")
    assert codes(file) == ["F602"]
    assert "人手不足" in told(file, "F602")
    assert not (bare / PERIOD / "zfbgt.yaml").exists()


def test_the_mark_without_a_reason_is_told(bare: Path, ledger: Ledger) -> None:
    file = sheet(bare, ledger, 状态="不涉及")
    assert codes(file) == ["F602"]
    assert "没有写理由" in told(file, "F602")


def test_not_applicable_without_a_reason_is_told(bare: Path, ledger: Ledger, form: Path) -> None:
    rewritten(form, lambda tree: type_in(rows_of(tree)[1], "具体落实情况", "不涉及"))
    rewritten(form, lambda tree: type_in(rows_of(tree)[1], "存在问题", "无"))
    rewritten(form, lambda tree: type_in(rows_of(tree)[1], "工作打算", "无"))
    _, (file,) = taken(ledger, form)
    assert codes(file) == ["F602"]
    assert set(texts_of(bare)) == {"19", "35"}


def test_the_mark_of_a_filled_row_is_no_text(bare: Path, ledger: Ledger) -> None:
    file = sheet(bare, ledger, 具体落实情况="办结三件。", 存在问题="无", 工作打算="无", 状态="已填报")
    assert codes(file) == []
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


def test_another_word_under_the_mark_is_told(bare: Path, ledger: Ledger) -> None:
    file = sheet(bare, ledger, 具体落实情况="办结三件。", 状态="快好了")
    assert "快好了" in told(file, "F601")


def test_a_key_in_another_tasks_row_of_the_sheet(bare: Path, ledger: Ledger) -> None:
    assert ledger("form", "zfbgt", "-o", "f.xlsx").code == 0
    book = load_workbook("f.xlsx")
    page: Any = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "任务举措" for c in row))
    column = {str(c.value): c.column for c in head}
    page.cell(head[0].row + 1, column["具体落实情况"]).value = "不知是哪一项的"
    page.cell(head[0].row + 1, column["键"]).value = 19
    page.cell(head[0].row + 2, column["键"]).value = 13
    book.save("f.xlsx")
    _, (file,) = taken(ledger, "f.xlsx")
    assert set(codes(file)) == {"F602"}
    assert "不知是哪一项的" in told(file, "F602")
    assert not (bare / PERIOD / "zfbgt.yaml").exists()


def test_words_beside_a_not_applicable_are_not_dropped(bare: Path, ledger: Ledger, form: Path) -> None:
    rewritten(form, lambda tree: type_in(rows_of(tree)[1], "具体落实情况", "不涉及：无此职责"))
    rewritten(form, lambda tree: type_in(rows_of(tree)[1], "存在问题", "职责划分不清"))
    taken(ledger, form)
    assert texts_of(bare)["13"]["问题"] == "职责划分不清"


# -- our own report ----------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--template", "compact"), ("--under", "银川市"), ("--unit", "司法厅")])
def test_our_own_report_taken_in_again_changes_nothing(sample: Path, ledger: Ledger, options: tuple[str, ...]) -> None:
    assert ledger("report", *options, "-o", "r.docx").code == 0
    before = {path.name: path.read_bytes() for path in (sample / PERIOD).iterdir()}
    for _ in range(2):
        result, (file,) = taken(ledger, "r.docx", "--force")
        assert (result.code, codes(file)) == (0, []), file["findings"]
    assert {path.name: path.read_bytes() for path in (sample / PERIOD).iterdir()} == before


def test_a_reviewed_report_too(sample: Path, ledger: Ledger) -> None:
    assert ledger("accept", "sft").code == 0
    assert ledger("report", "-o", "r.docx").code == 0
    before = {path.name: path.read_bytes() for path in (sample / PERIOD).iterdir()}
    result, (file,) = taken(ledger, "r.docx", "--force")
    assert (result.code, codes(file)) == (0, []), file["findings"]
    assert {path.name: path.read_bytes() for path in (sample / PERIOD).iterdir()} == before


@pytest.mark.parametrize("template", ["ledger", "compact"])
def test_a_report_brings_back_dates_figures_and_evidence(sample: Path, ledger: Ledger, template: str) -> None:
    before = {u: read_submission((sample / PERIOD / f"{u}.yaml").read_bytes(), u, SEED).answers for u in SAMPLES}
    assert ledger("report", "--template", template, "-o", "r.docx").code == 0
    for unit in SAMPLES:
        (sample / PERIOD / f"{unit}.yaml").unlink()
    taken(ledger, "r.docx")
    for unit in SAMPLES:
        after = read_submission((sample / PERIOD / f"{unit}.yaml").read_bytes(), unit, SEED).answers
        assert {k: a.content for k, a in after.items()} == {k: a.content for k, a in before[unit].items()}


def test_an_answer_edited_in_a_report_keeps_its_dates_apart(sample: Path, ledger: Ledger) -> None:
    path = sample / PERIOD / "xingqing.yaml"
    before = read_submission(path.read_bytes(), "x", SEED).answers[3]
    assert before.met
    assert ledger("report", "-o", "r.docx").code == 0
    first = (before.progress or "").split("\n")[0]

    def edit(tree: Any) -> None:
        for text in tree.iter(f"{W}t"):
            if text.text and first in text.text:
                text.text = text.text.replace(first, first + "（已核对）")

    rewritten(Path("r.docx"), edit)
    taken(ledger, "r.docx", "--force")
    after = read_submission(path.read_bytes(), "x", SEED).answers[3]
    assert after.met == before.met
    assert after.progress == (before.progress or "").replace(first, first + "（已核对）")


# -- nothing is lost -----------------------------------------------------------------------------------


def test_a_sentence_that_stands_three_times_is_told(bare: Path, ledger: Ledger) -> None:
    text = "印发了年度培训方案。办班三期。\n印发了年度培训方案。\n印发了年度培训方案。"
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", text, "无", "无"]]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    (found,) = [f for f in file["findings"] if f["code"] == "F606"]
    assert found["severity"] == "warning"
    assert "印发了年度培训方案" in found["message"]
    assert "3次" in found["message"]


def test_repeated_sentences_by_length_and_number() -> None:
    assert repeated(["一二三四五六七。" * 3]) == []
    assert repeated(["一二三四五六七八。" * 3]) == [("一二三四五六七八", 3)]
    assert repeated(["一二三四五六七八。" * 2]) == []
    nested = "对重点场所逐户走访，涉及企业七百家。"
    assert repeated([nested + "对重点（" + nested + "场所" + nested]) == [(nested[:-1], 3)]
    assert repeated(["开展执法监督检查。联合开展执法监督检查两次。再次开展执法监督检查。"]) == []
    assert repeated(["一二三四五六七八。", "一二 三四五六七八\n一二三四五六七八"]) == [("一二三四五六七八", 3)]


def test_the_net_tells_what_a_reader_dropped() -> None:
    words = [Words("办结三件。"), Words("5×103件"), Words("另有 两件"), Words("3/4", formula=True), Words("……")]
    assert list(unaccounted(words, ["已办结三件，", "5×10³件", "(3)/(4)"])) == ["另有 两件"]
    assert list(unaccounted([Words("一二三"), Words("一二三")], ["一", "二三"])) == ["一二三"]


def test_words_that_the_reader_drops_are_told(bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The net under the reader: it is the file's own XML that is held against what was taken."""
    from ledger_cli.read.office.word_text import paragraph_text

    def dropping(paragraph: Any, around: Any) -> list[str]:
        return [line.replace("另有两件在办", "") for line in paragraph_text(paragraph, around)]

    monkeypatch.setattr("ledger_cli.read.office.word.paragraph_text", dropping)
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "办结三件，另有两件在办。", "无", "无"]]).save(
        "政府办公厅.docx"
    )
    result, (file,) = taken(ledger, "政府办公厅.docx")
    assert result.code == 1
    assert "另有两件在办" in told(file, "F601")


def test_words_that_go_with_a_prompt_are_told(
    bare: Path, ledger: Ledger, form: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prompts are taken out of the reader's tree in place; the net has looked before."""
    from ledger_cli.read.office import prompts

    def greedy(texts: list[Any], own: str | None) -> None:
        for text in texts:
            text.text = ""

    def with_mark(tree: Any) -> None:
        type_in(rows_of(tree)[1], "具体落实情况", "办结三件，另有两件在办。")
        properties = control(rows_of(tree)[1], "具体落实情况").find(f"{W}sdtPr")
        properties.append(properties.makeelement(f"{W}showingPlcHdr", {}))

    rewritten(form, with_mark)
    monkeypatch.setattr(prompts, "_clear", greedy)
    result, (file,) = taken(ledger, form)
    assert result.code == 1
    assert "另有两件在办" in told(file, "F601")


def test_words_that_look_like_a_label_are_told(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]
    word(rows, ("填报单位：政府办公厅",), ("时间：三月已完成全员培训", "截止：目前没有欠账")).save("表.docx")
    _, (file,) = taken(ledger, "表.docx")
    assert "三月已完成全员培训" in told(file, "F601")
    assert "目前没有欠账" in told(file, "F601")


def test_what_would_not_read_back_is_not_written(bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger_cli.write.submission_file import to_submission_yaml

    def bent(made: Any, shape: Any, digests: Any) -> str:
        return to_submission_yaml(made, shape, digests).replace("办结三件", "办结件")

    monkeypatch.setattr("ledger_cli.intake.drafts.to_submission_yaml", bent)
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "办结三件。", "无", "无"]]).save("政府办公厅.docx")
    word([HEAD, ["3." + catalog_text(bare, 3), "", "", "办结四件。", "无", "无"]]).save("公安厅.docx")
    result, files = taken(ledger, "政府办公厅.docx", "公安厅.docx")
    assert result.code == 1
    assert "写出来和读回来不一样" in told(files[0], "F604")
    assert not (bare / PERIOD / "zfbgt.yaml").exists()
    assert "办结四件" in (bare / PERIOD / "gat.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "kept", "name"),
    [
        ("已开展\u200b检查。", "已开展检查。", "零宽空格"),
        ("已开展\u00ad检查。", "已开展检查。", "U+00AD"),
        ("\ufeff已开展检查。", "已开展检查。", "U+FEFF"),
        ("已开展\u0090检查。", "已开展检查。", "U+0090"),
        ("已开展\u202e检查\u202c。", "已开展检查。", "U+202E"),
        ("已开展\ufffd检查。", "已开展检查。", "U+FFFD"),
        ("已开展检查。\u2028另办班。", "已开展检查。\n另办班。", ""),
    ],
)
def test_invisible_characters_are_taken_out_and_told(
    bare: Path, ledger: Ledger, form: Path, typed: str, kept: str, name: str
) -> None:
    rewritten(form, lambda tree: type_in(rows_of(tree)[1], "具体落实情况", typed))
    _, (file,) = taken(ledger, form)
    assert texts_of(bare)["13"]["落实"] == kept
    assert name in told(file, "F603")
    assert not told(file, "F601")
    assert ledger("validate").code in (0, 1)
    assert "Y007" not in ledger("validate").out


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("500", "F601"), ("2024", "F601"), ("附件5", "F601"), ("截止：2025年12月31日", "F601"),
        ("请于2026年1月1日前报送", "F601"), ("自治区司法厅", "F601"), ("2023年1月1日", "F603"),
        ("自治区人民政府办公厅", ""), ("截止：2024年7月15日", ""), ("附件2", ""), ("— 3 —", ""), ("2024年7月15日", ""),
    ],
)  # fmt: skip
def test_a_line_around_the_table_is_told_unless_the_form_says_it_anyway(
    bare: Path, ledger: Ledger, form: Path, line: str, code: str
) -> None:
    document = Document(str(form))
    document.add_paragraph(line)
    document.save(str(form))
    _, (file,) = taken(ledger, form)
    assert [f["code"] for f in file["findings"] if line in f["message"]] == ([code] if code else [])


def test_words_that_only_older_programs_show_are_told(bare: Path, ledger: Ledger, form: Path) -> None:
    def with_both(tree: Any) -> None:
        run = next(control(rows_of(tree)[1], "具体落实情况").iter(f"{W}r"))
        mc = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
        both = run.makeelement(f"{mc}AlternateContent", {})
        for kind, words in (("Choice", "新的说法"), ("Fallback", "旧的说法")):
            branch = both.makeelement(f"{mc}{kind}", {"Requires": "wps"} if kind == "Choice" else {})
            branch.append(deepcopy(run))
            next(branch.iter(f"{W}t")).text = words
            both.append(branch)
        run.getparent().replace(run, both)

    rewritten(form, with_both)
    _, (file,) = taken(ledger, form)
    assert str(texts_of(bare)["13"]["落实"]).startswith("新的说法")
    assert "旧的说法" in told(file, "F601")


def test_a_forced_replacement_does_not_lose_a_faulty_answer(bare: Path, ledger: Ledger) -> None:
    broken = answer("原来的字。").replace("工作打算: |", "工作打算: [甲, 乙]\n    佐证: |")
    write(bare, "zfbgt.yaml", office_submission(tasks={35: broken}))
    kept = (bare / PERIOD / "zfbgt.yaml").read_bytes()
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "新的字。", "无", "无"]]).save("政府办公厅.docx")
    result = ledger("intake", "政府办公厅.docx", "--force")
    assert result.code == 1
    assert "第35项" in result.err
    assert (bare / PERIOD / "zfbgt.yaml").read_bytes() == kept


# -- a catalog that was edited after the form had gone out -----------------------------------------------


def edit_catalog(root: Path, before: str, after: str) -> None:
    path = root / "data/tasks.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


@pytest.mark.parametrize("unwrap", [False, True])
@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_an_answer_to_a_text_that_was_edited_since_is_not_taken(
    bare: Path, ledger: Ledger, suffix: str, unwrap: bool
) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    path = form_of(ledger, "zfbgt", f"form.{suffix}")
    (bare / PERIOD / "zfbgt.yaml").unlink()
    if unwrap and suffix == "docx":
        rewritten(path, unwrapped)
    edit_catalog(bare, "规范涉企行政检查", "严格规范涉企行政检查")
    result, (file,) = taken(ledger, path)
    assert result.code == 1
    assert codes(file) == ["F602"]
    assert "第13项的任务原文在这份表发出以后改过" in told(file, "F602")
    assert "完成第13项的工作。" in told(file, "F602")
    assert set(texts_of(bare)) == {"19", "35"}


def test_tasks_that_changed_places_since_move_no_answer(bare: Path, ledger: Ledger, form: Path) -> None:
    first, second = catalog_text(bare, 13), catalog_text(bare, 19)
    for before, after in ((first, "暂存"), (second, first), ("暂存", second)):
        edit_catalog(bare, f"举措: {before}", f"举措: {after}")
    result, (file,) = taken(ledger, form)
    assert result.code == 1
    assert codes(file) == ["F602", "F602"]
    assert "第13项的，任务一栏写的却是第19项" in told(file, "F602")
    assert set(texts_of(bare)) == {"35"}


def test_a_submission_with_errors_is_not_edited_in_part(bare: Path, ledger: Ledger) -> None:
    broken = answer("原来的字。").replace("工作打算: |", "工作打算: [甲, 乙]\n    佐证: |")
    write(bare, "zfbgt.yaml", office_submission(tasks={35: broken}))
    kept = (bare / PERIOD / "zfbgt.yaml").read_bytes()
    path = form_of(ledger, "zfbgt")
    rewritten(path, lambda tree: type_in(rows_of(tree)[1], "具体落实情况", "改过的字。"))
    result = ledger("intake", path)
    assert result.code == 1
    assert "有错误，不能只改其中几处" in result.err
    assert (bare / PERIOD / "zfbgt.yaml").read_bytes() == kept


def test_the_words_of_a_file_are_those_that_people_read(tmp_path: Path) -> None:
    """Links and boxes count, letters that stand for pictures and deleted ones do not."""
    from ledger_cli.read.office.package import WORD, Package
    from ledger_cli.read.office.words import office_words
    from tests.test_intake import paragraph_xml, run

    document = Document()
    symbol = '<w:r><w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr><w:t>lnq</w:t></w:r>'
    gone = '<w:del w:id="1" w:author="甲"><w:r><w:delText>删去的</w:delText></w:r></w:del>'
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run('框里的')}</w:p></w:txbxContent></w:pict></w:r>"
    link = f'<w:hyperlink w:anchor="a">{run("链接")}</w:hyperlink>'
    document.element.body.insert(0, paragraph_xml(run("正文") + link + symbol + gone + box))
    document.save(str(tmp_path / "a.docx"))
    words = [one.text for one in office_words(Package((tmp_path / "a.docx").read_bytes(), WORD))]
    assert words == ["正文链接", "框里的"]


# -- rows without marks in a form that has them ----------------------------------------------------------


def unmark(row: Any) -> None:
    for sdt in list(row.iter(f"{W}sdt")):
        parent, content = sdt.getparent(), sdt.find(f"{W}sdtContent")
        for child in reversed(list(content)):
            parent.insert(parent.index(sdt), child)
        parent.remove(sdt)


@pytest.mark.parametrize("same", [True, False])
def test_a_row_pasted_without_marks_is_not_joined(bare: Path, ledger: Ledger, form: Path, same: bool) -> None:
    def paste(tree: Any) -> None:
        row = rows_of(tree)[1]
        copy = deepcopy(row)
        if not same:
            type_in(copy, "具体落实情况", "别的单位的话。")
        unmark(copy)
        row.addnext(copy)

    rewritten(form, paste)
    _, (file,) = taken(ledger, form)
    assert codes(file) == ([] if same else ["F602"]), file["findings"]
    assert texts_of(bare)["13"]["落实"] == "完成第13项的工作。"
    assert same or "别的单位的话。" in told(file, "F602")


def test_a_table_pasted_without_marks_is_nobodys(bare: Path, ledger: Ledger, form: Path) -> None:
    rows = [HEAD, ["20." + catalog_text(bare, 20), "", "", "别的单位的话。", "无", "无"]]
    document = Document(str(form))
    document.element.body.insert(-1, word(rows).tables[0]._tbl)
    document.save(str(form))
    _, (file,) = taken(ledger, form)
    assert codes(file) == ["F602"]
    assert set(texts_of(bare)) == {"13", "19", "35"}
