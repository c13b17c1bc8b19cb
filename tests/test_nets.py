"""Words that could slip through between the nets under intake: each is taken, or told with its words."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from ledger_cli.intake import bundle
from ledger_cli.intake.net import unaccounted
from ledger_cli.model.column import SEED
from ledger_cli.read.office.tables import Words
from ledger_cli.read.submission import read_submission
from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.test_intake import HEAD, catalog_text, codes, paragraph_xml, taken, texts_of, word
from tests.test_intake_batch import ledger_file, results
from tests.test_intake_rows import edit_catalog, sheet, told


def submissions(root: Path) -> list[str]:
    return sorted(path.name for path in (root / PERIOD).iterdir())


def row(root: Path, number: int, progress: str, task: str = "") -> list[str]:
    """A row under HEAD; ``task`` is what its first cell says instead of number and text."""
    return [task or f"{number}.{catalog_text(root, number)}", "", "", progress, "无", "无"]


# -- the last net itself: others stand before it, so it is tried alone ----------------------------------


@pytest.mark.parametrize(
    ("words", "kept", "lost"),
    [
        ("办结三件点击此处填写", "办结三件", False),
        ("办结三件点击此处填写另有两件", "办结三件", True),
        ("点击此处填写", "", False),
        ("不少于≥60学时", "不少于60学时", True),
        ("合格☑", "合格", True),
        ("½日", "1/2日", False),
        ("10⁻³", "10-3", False),
    ],
)
def test_signs_and_words_beside_a_prompt_count(words: str, kept: str, lost: bool) -> None:
    assert list(unaccounted([Words(words)], [kept], ["点击此处填写"])) == ([words] if lost else [])


# -- whose an answer is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "leading"),
    [
        ("银川市、档案馆", True),
        ("银川市、档案馆", False),
        ("银川市及兴庆区", True),
        ("银川市及兴庆区", False),
        ("银川市\n兴庆区", True),
    ],
)
def test_an_answer_that_names_units_otherwise_than_in_a_list_is_nobodys(
    bare: Path, ledger: Ledger, names: str, leading: bool
) -> None:
    text = f"{names}：联合办班。" if leading else "联合办班。"
    word([[*HEAD, "填报单位"], [*row(bare, 1, text), "" if leading else names]]).save("汇总.docx")
    result, (file,) = taken(ledger, "汇总.docx")
    assert (result.code, submissions(bare)) == (1, [])
    assert "F604" in codes(file)


def test_an_answer_below_its_tasks_text_stays_with_the_unit_that_the_file_names(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD[3:], ["公安厅：已移送线索3件。", "无", "无"]]
    word(rows, (f"13.{catalog_text(bare, 13)}",)).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert submissions(bare) == ["zfbgt.yaml"]
    assert texts_of(bare)["13"]["落实"] == "公安厅：已移送线索3件。"


# -- several files of one unit --------------------------------------------------------------------------


def test_what_says_that_it_is_not_final_is_not_taken_for_final(bare: Path, ledger: Ledger) -> None:
    ledger_file(bare, Path("收/台账.docx"), "办结三件。")
    ledger_file(bare, Path("收/台账（非终稿）.docx"), "办结两件。")
    result, files = taken(ledger, "收")
    assert (result.code, submissions(bare)) == (1, [])
    assert all(text.startswith("未写入：") for text in results(files).values())


def test_copies_of_the_final_one_are_no_rivals(bare: Path, ledger: Ledger) -> None:
    """Blanks alone make no difference, and a copy of the one that is not taken is refused as that one is."""
    for name, words in (
        ("一", "办结两件。"),
        ("二（终稿）", "办结三件。"),
        ("三", "办结 三件。\n"),
        ("四", "办结两件。"),
    ):
        ledger_file(bare, Path(f"收/{name}.docx"), words)
    _, files = taken(ledger, "收")
    outcome = results(files)
    assert outcome["三.docx"] == "未变：与“收/二（终稿）.docx”内容相同"
    assert [name for name, text in outcome.items() if text.startswith("未写入：")] == ["一.docx", "四.docx"]
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


def test_of_copies_the_one_that_was_saved_last_counts(bare: Path, ledger: Ledger) -> None:
    for name, words, day in (("一", "办结两件。", 5), ("二", "办结三件。", 4), ("三", "办结三件。", 6)):
        ledger_file(bare, Path(f"收/{name}.docx"), words, datetime(2024, 7, day, 10, tzinfo=UTC))
    _, files = taken(ledger, "收")
    said = results(files)
    assert "取了“三.docx”：它保存得最晚（2024-07-06 10:00）" in said["一.docx"]
    assert said["二.docx"] == "未变：与“收/三.docx”内容相同"
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


# -- which task a row is about --------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["13", "第13项", "（13）"])
def test_a_number_alone_is_a_task(bare: Path, ledger: Ledger, task: str) -> None:
    word([HEAD, row(bare, 13, "办结三件。", task)]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert [(one["task"], one["how"]) for one in file["rows"]] == [(13, "number")]
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


ONE = "规范涉企行政检查，公布检查事项清单"
OTHER = "规范涉企行政检查，公布检查标准"
LONG = (
    "推进跨区域、跨部门、跨层级执法协作，建立线索移送、证据互认、结果共享机制，"
    "对同一检查对象的多个检查事项合并开展，能够联合的不得多头检查"
)


def texts_are(root: Path, thirteenth: str, nineteenth: str) -> None:
    """Give two tasks of the catalog these texts."""
    for number, text in ((13, thirteenth), (19, nineteenth)):
        edit_catalog(root, f"举措: {catalog_text(root, number)}", f"举措: {text}")


@pytest.mark.parametrize(
    ("texts", "task"),
    [
        ((ONE, OTHER), "规范涉企行政检查，公布检查事项"),
        ((ONE, OTHER), "规范涉企行政检查"),
        ((ONE, OTHER), "19.规范涉企检查，公布本单位事项清单"),
        ((f"{LONG}，按季度通报。", f"{LONG}，按年度评议。"), f"{LONG}，以下从略"),
    ],
)
def test_words_as_like_one_task_as_another_are_neither_ones(
    bare: Path, ledger: Ledger, texts: tuple[str, str], task: str
) -> None:
    texts_are(bare, *texts)
    word([HEAD, row(bare, 13, "办结三件。", task)]).save("政府办公厅.docx")
    result, (file,) = taken(ledger, "政府办公厅.docx")
    assert (result.code, codes(file), submissions(bare)) == (1, ["F602"], [])
    assert "办结三件。" in told(file, "F602")


def test_the_words_of_one_task_go_before_the_number_of_one_that_begins_with_them(bare: Path, ledger: Ledger) -> None:
    texts_are(bare, ONE, f"{ONE}，{LONG}")
    word([HEAD, row(bare, 13, "办结三件。", f"19.{ONE}")]).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert set(texts_of(bare)) == {"13"}


# -- cells and rows beside the answers --------------------------------------------------------------------


def test_words_in_another_column_or_a_row_of_no_task_are_told_with_their_place(bare: Path, ledger: Ledger) -> None:
    rows = [[*HEAD, "备注"], [*row(bare, 13, "办结三件。"), "请领导阅示"], ["", "", "", "", "", "", "另有两件在办"]]
    word(rows).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert [(one["message"], one["line"], one["column"], one["task"]) for one in file["findings"][:2]] == [
        ("第13项“备注”一栏的文字没有归处：“请领导阅示”", 2, 7, 13),
        ("有一行文字没有归处：“另有两件在办”", 3, 7, None),
    ]


def test_an_answer_that_reads_like_a_note_of_ours_is_an_answer(bare: Path, ledger: Ledger) -> None:
    word([HEAD, [*row(bare, 13, "未报（1家）：公安厅")[:4], "人手不足。", "七月补报。"]]).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["13"] == {
        "落实": "未报（1家）：公安厅", "问题": "人手不足。", "打算": "七月补报。", "不涉及": None
    }  # fmt: skip


def test_a_line_of_an_answer_that_reads_like_a_label_of_ours_stays(bare: Path, ledger: Ledger) -> None:
    word([HEAD, row(bare, 13, "办结三件。\n（续）第13项　公安厅")]).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["13"]["落实"] == "办结三件。\n（续）第13项　公安厅"


def test_what_a_clerk_types_into_our_form_is_an_answer_whatever_our_reports_mean_by_it(
    bare: Path, ledger: Ledger
) -> None:
    sheet(bare, ledger, 具体落实情况="（未报）", 存在问题="人手不足。", 工作打算="七月补报。")
    assert texts_of(bare)["13"]["落实"] == "（未报）"


def test_the_columns_of_a_table_do_not_serve_one_of_another_width(bare: Path, ledger: Ledger) -> None:
    document = word([HEAD, row(bare, 13, "办结三件。")])
    document.add_paragraph("")
    document.element.body.insert(-1, word([row(bare, 19, "走访乡镇28个。")[:5]]).tables[0]._tbl)
    document.save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert set(texts_of(bare)) == {"13"}
    assert "走访乡镇28个。" in told(file, "F601")


PICTURE = "<w:r><w:drawing><w:blip/></w:drawing></w:r>"


@pytest.mark.parametrize(
    "place",
    [
        pytest.param((0, 1, 3), id="an answer"),
        pytest.param((0, 1, 6), id="a column that is no answer's"),
        pytest.param((0, 2, 3), id="a row that fits no task"),
        pytest.param((0, 3, 0), id="an empty row"),
        pytest.param((1, 0, 0), id="a table that is no ledger"),
        pytest.param(None, id="outside the tables"),
    ],
)
def test_a_picture_is_told_wherever_it_stands(bare: Path, ledger: Ledger, place: tuple[int, int, int] | None) -> None:
    rows = [[*HEAD, "备注"], [*row(bare, 13, "办结三件。"), ""], [*row(bare, 13, "", "别的工作"), ""], [""] * 7]
    document = word(rows)
    document.element.body.insert(-1, word([["", ""]]).tables[0]._tbl)
    if place:
        table, line, column = place
        paragraph = document.tables[table].cell(line, column).paragraphs[0]._p
    else:
        paragraph = document.add_paragraph("")._p
    paragraph.getparent().replace(paragraph, paragraph_xml(PICTURE))
    document.save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert told(file, "F603").count("图片") == 1


def test_a_signature_in_the_foot_of_the_page_is_taken_and_other_words_there_are_told(
    bare: Path, ledger: Ledger
) -> None:
    document = word([HEAD, row(bare, 13, "办结三件。")])
    for line in ("填报人：马某", "第 3 页", "另有两件在办。"):
        document.sections[0].footer.add_paragraph(line)
    document.save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert told(file, "F601") == "表格外有一段文字没有归处：“另有两件在办。”"
    assert "填报人: 马某\n" in (bare / PERIOD / "zfbgt.yaml").read_text("utf-8")


# -- the lines around the table -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "lost"),
    [
        (("填报人：马某", "填报人：马某"), ""),
        (("填报人：马某", "填报人：杨某"), "填报人：杨某"),
        (("填报日期：下周一",), "填报日期：下周一"),
        (("未报（3家）：正在逐家催报。",), "未报（3家）：正在逐家催报"),
        (("审核情况：请领导审定。",), "审核情况：请领导审定"),
        (("有误未收入：第三件已补办。",), "第三件已补办"),
        (("合计",), "合计"),
    ],
)
def test_a_line_below_the_table_that_is_no_signature_is_told(
    bare: Path, ledger: Ledger, lines: tuple[str, ...], lost: str
) -> None:
    word([HEAD, row(bare, 13, "办结三件。")], (), lines).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert submissions(bare) == ["zfbgt.yaml"]
    assert codes(file) == (["F601"] if lost else [])
    assert lost in told(file, "F601")


def test_a_period_that_nobody_knows_is_told_where_the_command_line_gives_another(bare: Path, ledger: Ledger) -> None:
    word([HEAD, row(bare, 13, "办结三件。")], ("填报单位：政府办公厅　报送期：2031年",)).save("表.docx")
    _, (file,) = taken(ledger, "表.docx", "--period", "2024H1")
    assert submissions(bare) == ["zfbgt.yaml"]
    assert "报送期：2031年" in told(file, "F601")


def test_words_below_a_label_of_our_reports_are_told(bare: Path, ledger: Ledger) -> None:
    word([HEAD, row(bare, 13, "办结三件。", f"13.{catalog_text(bare, 13)}\n（续）本项由二处负责")]).save(
        "政府办公厅.docx"
    )
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert "本项由二处负责" in told(file, "F601")


def test_words_below_a_note_of_our_report_are_told(sample: Path, ledger: Ledger) -> None:
    assert ledger("report", "--task", "13", "-o", "r.docx").code == 0
    document: Any = Document("r.docx")
    note = next(p for p in document.element.body.iter(qn("w:p")) if "".join(p.itertext()).startswith("未报（"))
    more = next(iter(word([["另有三家口头报告。"]]).tables[0]._tbl.iter(qn("w:p"))))
    note.addnext(more)
    document.save("r.docx")
    result, (file,) = taken(ledger, "r.docx", "--force")
    assert (result.code, codes(file)) == (1, ["F601"])
    assert "另有三家口头报告。" in told(file, "F601")
    assert file["result"] == "未变4家；另有1处没有收入"


# -- our own report taken in where the submission is gone -------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "已完成：对已经下放的行政执法事项开展评估（2024年6月20日）；另有两项（2024年7月1日）",
        "已完成：对已经下放的行政执法事项开展评估（2024年6月31日）；在全区范围推广试点经验（2024年7月1日）",
        "指标：对已经下放的行政执法事项评估次数 约3次",
        "指标：对已经下放的行政执法事项评估次数 3次；走访乡镇 28次",
    ],
)
def test_a_line_that_looks_like_dates_or_figures_of_ours_stays_in_the_text(
    bare: Path, ledger: Ledger, line: str
) -> None:
    path = write(bare, "zfbgt.yaml", office_submission(tasks={19: answer(f"走访乡镇28个。\n{line}")}))
    before = read_submission(path.read_bytes(), "x", SEED).answers
    assert ledger("report", "-o", "r.docx").code == 0
    path.unlink()
    taken(ledger, "r.docx")
    assert read_submission(path.read_bytes(), "x", SEED).answers == before


def test_an_answer_of_nothing_but_a_line_like_evidence_stays_a_text(bare: Path, ledger: Ledger) -> None:
    path = write(bare, "zfbgt.yaml", office_submission(tasks={19: answer("佐证：专题会议纪要3份。")}))
    assert ledger("report", "-o", "r.docx").code == 0
    path.unlink()
    taken(ledger, "r.docx")
    assert texts_of(bare)["19"]["落实"] == "佐证：专题会议纪要3份。"


def test_a_date_of_one_of_two_duties_that_are_called_the_same_is_not_guessed(bare: Path, ledger: Ledger) -> None:
    edit_catalog(bare, "内容: 开展乡镇、街道行政执法规范化试点", "内容: 对已经下放的行政执法事项开展评估")
    said = answer("走访乡镇28个。") + '    完成: {"19-2": 2024-06-20}\n'
    path = write(bare, "zfbgt.yaml", office_submission(tasks={19: said}))
    assert ledger("report", "-o", "r.docx").code == 0
    path.unlink()
    taken(ledger, "r.docx")
    after = read_submission(path.read_bytes(), "x", SEED).answers[19]
    assert after.met == {}
    assert after.progress == "走访乡镇28个。\n已完成：对已经下放的行政执法事项开展评估（2024年6月20日）"


# -- what is not read of a zip ------------------------------------------------------------------------------


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("limit", "least", "told_of"),
    [
        ("_FILES", 1, "压缩包里的文件超过1个，其余的没有读取"),
        ("_WHOLE_LIMIT", 10, "文件太大，没有读取"),
        ("_FILE_LIMIT", 10, "文件太大，没有读取"),
        ("_MEMBERS", 1, "压缩包里的文件超过1个，多得不正常，没有读取"),
        ("_DEPTH", 1, "压缩包套了太多层"),
    ],
)
def test_files_of_a_zip_beyond_a_limit_are_told(
    bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, limit: str, least: int, told_of: str
) -> None:
    monkeypatch.setattr(bundle, limit, least)
    inner = zipped({"说明.txt": b"x"})
    Path("报送.zip").write_bytes(zipped({"一.zip": inner, "司法厅.docx": b"x" * 100}))
    result, files = taken(ledger, "报送.zip")
    assert result.code == 1
    assert [file["file"] for file in files if told_of in file["result"]]


def test_a_damaged_file_in_a_zip_is_told_and_the_others_are_taken(bare: Path, ledger: Ledger) -> None:
    good = ledger_file(bare, Path("内/台账.docx")).read_bytes()
    made = bytearray(zipped({"坏.docx": b"damaged" * 9, "台账.docx": good}))
    made[made.index(b"damaged")] ^= 1
    Path("报送.zip").write_bytes(bytes(made))
    result, files = taken(ledger, "报送.zip")
    assert result.code == 1
    assert results(files) == {"坏.docx": "未写入：这个文件在压缩包里已经损坏", "台账.docx": "已写入"}
