"""Filled forms and ledgers back into submissions: round trips, whatever else offices send, and nothing lost."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ledger_cli.edge.libreoffice import convert, find_office
from ledger_cli.model.column import SEED
from ledger_cli.read.submission import read_submission
from ledger_cli.read.yaml.text import UNPRINTABLE
from tests.conftest import PERIOD, Ledger, Result, answer, office_submission, write
from tests.test_pdf import need

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SAMPLES = ["sft", "yinchuan", "xingqing", "zfbgt"]
Edit = Callable[[Any], None]


def taken(ledger: Ledger, *arguments: str | Path) -> tuple[Result, list[dict[str, Any]]]:
    result = ledger("intake", *arguments, "--format", "json")
    files: list[dict[str, Any]] = json.loads(result.out)["files"] if result.out else []
    return result, files


def codes(file: dict[str, Any]) -> list[str]:
    return [f["code"] for f in file["findings"] if f["code"].startswith("F")]


def rewritten(path: Path, change: Callable[[Any], None], part: str = "word/document.xml") -> None:
    """Change the XML of one part of a document in place."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    tree = etree.fromstring(parts[part])
    change(tree)
    parts[part] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def form_of(ledger: Ledger, unit: str, name: str = "form.docx") -> Path:
    result = ledger("form", unit, "--prefill", "-o", name, "--force")
    assert result.code == 0, result.err
    return Path(name).resolve()


# -- round trips ------------------------------------------------------------------------------------


def unwrapped(tree: Any) -> None:
    for control in list(tree.iter(f"{W}sdt")):
        parent = control.getparent()
        place = parent.index(control)
        for child in reversed(list(control.find(f"{W}sdtContent"))):
            parent.insert(place, child)
        parent.remove(control)


def reordered(tree: Any) -> None:
    table = list(tree.iter(f"{W}tbl"))[-1]
    rows = list(table.iterchildren(f"{W}tr"))[1:]
    for row in rows:
        table.remove(row)
    for row in reversed(rows):
        table.append(row)


def widened(tree: Any) -> None:
    """As after dragging a line in one row: an additional grid column, and spans in all other rows."""
    table = list(tree.iter(f"{W}tbl"))[-1]
    grid = table.find(f"{W}tblGrid")
    column = etree.SubElement(grid, f"{W}gridCol")
    column.set(f"{W}w", "100")
    grid.insert(5, column)
    for number, row in enumerate(table.iterchildren(f"{W}tr")):
        cells = list(row.iter(f"{W}tc"))
        cell = cells[4 if number % 2 else 5]
        properties = cell.find(f"{W}tcPr")
        span = etree.Element(f"{W}gridSpan")
        span.set(f"{W}val", "2")
        properties.insert(1, span)


def untouched(_tree: Any) -> None:
    """Nothing."""


@pytest.mark.parametrize("unit", SAMPLES)
@pytest.mark.parametrize("change", [untouched, unwrapped, reordered, widened])
def test_a_form_brings_back_what_was_put_in(sample: Path, ledger: Ledger, unit: str, change: Edit) -> None:
    form = form_of(ledger, unit)
    rewritten(form, change)
    path = sample / PERIOD / f"{unit}.yaml"
    before = path.read_bytes()
    result, (file,) = taken(ledger, form)
    assert result.code == 0, result.out
    assert path.read_bytes() == before
    assert len(file["rows"]) == {"sft": 43, "zfbgt": 3}.get(unit, 41)
    assert {row["how"] for row in file["rows"]} == ({"tag"} if change is not unwrapped else {"number"})
    assert codes(file) == []


@pytest.mark.parametrize("unit", SAMPLES)
def test_a_form_alone_makes_the_same_texts(sample: Path, ledger: Ledger, unit: str) -> None:
    form = form_of(ledger, unit)
    path = sample / PERIOD / f"{unit}.yaml"
    first = read_submission(path.read_bytes(), "a", SEED)
    path.unlink()
    _, (file,) = taken(ledger, form)
    assert file["written"] == f"{PERIOD}/{unit}.yaml"
    second = read_submission(path.read_bytes(), "b", SEED)
    assert {key: (a.texts, a.not_applicable) for key, a in second.answers.items()} == {
        key: (a.texts, a.not_applicable) for key, a in first.answers.items()
    }
    assert second.findings == []


@pytest.mark.office
@pytest.mark.parametrize("ways", [["docx"], ["doc", "docx"]])
def test_a_form_survives_libreoffice(sample: Path, ledger: Ledger, ways: list[str], tmp_path: Path) -> None:
    need(find_office(), "LibreOffice")
    for unit in ("xingqing", "zfbgt"):
        form = form_of(ledger, unit, f"{unit}.docx")
        for step, kind in enumerate(ways):
            (tmp_path / f"{unit}{step}").mkdir()
            (form,) = convert([form], tmp_path / f"{unit}{step}", kind, seconds=120)
        before = (sample / PERIOD / f"{unit}.yaml").read_bytes()
        result, (file,) = taken(ledger, form)
        assert result.code == 0, result.out
        assert codes(file) == []
        assert (sample / PERIOD / f"{unit}.yaml").read_bytes() == before
        assert len(file["rows"]) == (3 if unit == "zfbgt" else 41)


NOTHING = ("无", "没有", "暂无", "点击此处填写")
printable = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")).filter(lambda c: not UNPRINTABLE.match(c))
    | st.sampled_from("\n\t #:|>-'\"{}[]&*!%@`，。：“”　"),
    max_size=80,
)
prose = printable.map(lambda text: text.strip(" \t\n")).filter(
    lambda text: (
        bool(text.strip()) and not text.startswith("不涉及") and text.strip("。；;. 　") not in ("无", "没有", "暂无")
    )
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(prose, prose, prose))
def test_arbitrary_texts_survive_form_and_intake(bare: Path, ledger: Ledger, texts: tuple[str, str, str]) -> None:
    from ledger_cli.model.submission import Submission
    from ledger_cli.write.submission_file import to_submission_yaml

    three = dict(zip(("具体落实情况", "存在问题", "工作打算"), texts, strict=True))
    given_submission = Submission.model_validate(
        {"单位": "zfbgt", "报送期": "2024H1", "任务": {str(n): three for n in (13, 19, 35)}}
    )
    path = write(bare, "zfbgt.yaml", to_submission_yaml(given_submission, SEED))
    form = form_of(ledger, "zfbgt")
    path.unlink()
    ledger("intake", form)
    read = read_submission(path.read_bytes(), "x", SEED)
    assert {str(number): answer for number, answer in read.answers.items()} == given_submission.answers


def test_a_changed_text_is_written_and_the_rest_stays(sample: Path, ledger: Ledger) -> None:
    form = form_of(ledger, "xingqing")
    document = Document(str(form))
    for text in document.element.body.iter(qn("w:t")):
        if text.text == "线索移送的证据标准掌握不够统一。":
            text.text = "线索移送慢。"
    document.save(str(form))
    shown = ledger("intake", form, "--dry-run")
    assert "第23项 存在问题：“线索移送的证据标准掌握不够统一。” → “线索移送慢。”" in shown.out
    path = sample / PERIOD / "xingqing.yaml"
    before = read_submission(path.read_bytes(), "a", SEED).answers
    assert ledger("intake", form).code == 0
    after = read_submission(path.read_bytes(), "b", SEED).answers
    changed = [key for key in before if before[key] != after[key]]
    assert changed == [23]
    assert after[11].met == before[11].met
    assert after[3].evidence == before[3].evidence


def test_a_file_that_changed_meanwhile_is_not_replaced(sample: Path, ledger: Ledger) -> None:
    form = form_of(ledger, "zfbgt")
    path = sample / PERIOD / "zfbgt.yaml"
    path.write_text(path.read_text("utf-8").replace("      会同", "      （已改）会同", 1), "utf-8")
    kept = path.read_bytes()
    result = ledger("intake", form)
    assert result.code == 1
    assert "--force" in result.err
    assert path.read_bytes() == kept
    assert ledger("intake", form, "--force").code == 0
    assert path.read_bytes() != kept


def test_an_empty_form_says_so(bare: Path, ledger: Ledger) -> None:
    ledger("form", "zfbgt", "-o", "form.docx")
    result, (file,) = taken(ledger, "form.docx")
    assert result.code == 1
    assert codes(file) == ["F604"]


@pytest.mark.slow
def test_forms_for_everyone_and_a_folder_in_one_call(sample: Path, ledger: Ledger) -> None:
    assert ledger("form", "--all", "--prefill", "-o", "forms").code == 0
    assert len(list(Path("forms").glob("*.docx"))) == 62
    for path in Path("forms").glob("*.docx"):
        if path.stem.partition("-")[2] not in SAMPLES:
            path.unlink()
    Path("forms/坏.docx").write_bytes(b"PK\x03\x04 broken")
    (Path("forms") / "~$lock.docx").write_bytes(b"x")
    result = ledger("intake", "forms")
    assert result.code == 1
    assert result.out.count("没有变化") == 4
    assert "F604" in result.out


# -- ledgers that offices send ------------------------------------------------------------------------

HEAD = ["任务举措", "责任单位", "完成时限", "具体落实情况", "存在问题", "工作打算"]


def texts_of(root: Path) -> dict[str, dict[str, str | None]]:
    answers = read_submission((root / PERIOD / "zfbgt.yaml").read_bytes(), "x", SEED).answers
    return {
        str(k): {"落实": a.progress, "问题": a.problems, "打算": a.plans, "不涉及": a.not_applicable}
        for k, a in answers.items()
    }


def catalog_text(root: Path, number: int) -> str:
    import yaml

    data = yaml.safe_load((root / "data/tasks.yaml").read_text("utf-8"))
    return next(str(t["举措"]) for s in data["章节"] for t in s["任务"] if t["编号"] == number)


def word(rows: list[list[str]], before: tuple[str, ...] = (), after: tuple[str, ...] = ()) -> Any:
    document = Document()
    for line in before:
        document.add_paragraph(line)
    table = document.add_table(len(rows), len(rows[0]))
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    for line in after:
        document.add_paragraph(line)
    return document


def paragraph_xml(xml: str) -> Any:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return etree.fromstring(f"<w:p {ns}>{xml}</w:p>")


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


# Each: XML inside the paragraph of an answer cell, the text it gives, the findings.
INLINE: dict[str, tuple[str, str, list[str]]] = {
    "plain runs": (run("已") + run("完成"), "已完成", []),
    "tracked": (
        f'{run("已")}<w:ins w:id="1" w:author="甲">{run("全面")}</w:ins><w:del w:id="2" w:author="甲"><w:r>'
        f"<w:delText>部分</w:delText></w:r></w:del>{run('完成')}",
        "已全面完成",
        ["F603"],
    ),
    "moved": (
        f'<w:moveFrom w:id="1" w:author="甲">{run("旧处")}</w:moveFrom>{run("一")}<w:moveTo w:id="2" w:author="甲">'
        f"{run('二')}</w:moveTo>",
        "一二",
        ["F603"],
    ),
    "inline control": (
        f"{run('前')}<w:sdt><w:sdtPr/><w:sdtContent>{run('中')}</w:sdtContent></w:sdt>{run('后')}",
        "前中后",
        [],
    ),
    "placeholder": (
        f"{run('前')}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击或点击此处输入文字。')}</w:sdtContent></w:sdt>",
        "前",
        [],
    ),
    "hyperlink": (f'<w:hyperlink w:anchor="a">{run("链接")}</w:hyperlink>', "链接", []),
    "simple field": (f'<w:fldSimple w:instr=" PAGE ">{run("7")}</w:fldSimple>', "7", []),
    "complex field": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r><w:r>'
        f'<w:fldChar w:fldCharType="separate"/></w:r>{run("6月")}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "6月",
        [],
    ),
    "break and tab": ("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>三</w:t></w:r>", "一\n二\t三", []),
    "page break": ('<w:r><w:t>一</w:t><w:br w:type="page"/><w:t>二</w:t></w:r>', "一二", []),
    "symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>已办</w:t></w:r>', "☑已办", []),
    "unknown symbol": ('<w:r><w:sym w:font="Webdings" w:char="F041"/><w:t>已办</w:t></w:r>', "已办", ["F603"]),
    "ruby": (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('pēng')}</w:rt><w:rubyBase>{run('彭')}</w:rubyBase></w:ruby></w:r>{run('阳')}",
        "彭（pēng）阳",
        [],
    ),
    "smart tag": (f'<w:smartTag w:element="x">{run("中卫")}</w:smartTag>', "中卫", []),
    "text box": (
        f"{run('正文')}<w:r><w:pict><w:txbxContent><w:p>{run('框里的字')}</w:p></w:txbxContent></w:pict></w:r>",
        "正文\n框里的字",
        [],
    ),
    "picture": ("<w:r><w:t>见图</w:t></w:r><w:r><w:drawing><w:blip/></w:drawing></w:r>", "见图", ["F603"]),
    "object": ("<w:r><w:t>见附件</w:t></w:r><w:r><w:object><w:OLEObject/></w:object></w:r>", "见附件", ["F603"]),
    "hidden": ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的字</w:t></w:r>", "隐藏的字", []),
    "marks": (run("a&amp;b &lt;c&gt; {{ x }} {%tr%} #3 “引”"), "a&b <c> {{ x }} {%tr%} #3 “引”", []),
}


@pytest.mark.parametrize("name", list(INLINE))
def test_what_stands_in_a_cell_is_text_or_is_told(bare: Path, ledger: Ledger, name: str) -> None:
    xml, text, expected = INLINE[name]
    document = word([HEAD, ["19." + catalog_text(bare, 19), "", "", "x", "无", "无"]])
    cell = document.tables[0].cell(1, 3)
    cell._tc.replace(cell.paragraphs[0]._p, paragraph_xml(xml))
    document.save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["19"]["落实"] == text
    assert codes(file) == expected


def wrap_cell(document: Any) -> None:
    cell = document.tables[0].cell(1, 3)._tc
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    cell.getparent().replace(cell, control)
    control.append(content)
    content.append(cell)


def wrap_row(document: Any) -> None:
    row = document.tables[0].rows[1]._tr
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    row.getparent().replace(row, control)
    control.append(content)
    content.append(row)


def wrap_paragraph(document: Any) -> None:
    paragraph = document.tables[0].cell(1, 3).paragraphs[0]._p
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph.getparent().replace(paragraph, control)
    control.append(content)
    content.append(paragraph)


def nest_table(document: Any) -> None:
    cell = document.tables[0].cell(1, 3)
    cell.paragraphs[0].runs[0].text = "见下表："
    nested = cell.add_table(1, 2)
    nested.cell(0, 0).text, nested.cell(0, 1).text = "培训", "3期"
    cell.add_paragraph("")


def delete_paragraph_mark(document: Any) -> None:
    cell = document.tables[0].cell(1, 3)
    cell.paragraphs[0].runs[0].text = "前半"
    cell.add_paragraph("后半")
    properties = cell.paragraphs[0]._p.get_or_add_pPr()
    marks = OxmlElement("w:rPr")
    marks.append(OxmlElement("w:del"))
    properties.append(marks)


def number_lines(document: Any) -> None:
    cell = document.tables[0].cell(1, 3)
    cell.paragraphs[0].runs[0].text = "先办"
    cell.add_paragraph("后办")
    for paragraph in cell.paragraphs:
        paragraph.style = document.styles["List Number"]


def comment_cell(document: Any) -> None:
    runs = document.tables[0].cell(1, 3).paragraphs[0].runs
    document.add_comment(runs, text="请核实数字", author="审核", initials="审")


STRUCTURES: dict[str, tuple[Edit, str, list[str]]] = {
    "control around the cell": (wrap_cell, "办结三件。", []),
    "control around the row": (wrap_row, "办结三件。", []),
    "control around the paragraph": (wrap_paragraph, "办结三件。", []),
    "nested table": (nest_table, "见下表：\n培训\t3期", []),
    "deleted paragraph mark": (delete_paragraph_mark, "前半后半", []),
    "automatic numbers": (number_lines, "1. 先办\n2. 后办", []),
    "comment": (comment_cell, "办结三件。", ["F603"]),
}


@pytest.mark.parametrize("name", list(STRUCTURES))
def test_structures_around_the_text_are_read_through(bare: Path, ledger: Ledger, name: str) -> None:
    change, text, expected = STRUCTURES[name]
    document = word([HEAD, ["19." + catalog_text(bare, 19), "", "", "办结三件。", "无", "无"]])
    change(document)
    document.save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["19"]["落实"] == text
    assert codes(file) == expected


def test_columns_in_any_order_with_other_headings_and_a_number_column(bare: Path, ledger: Ledger) -> None:
    head = ["序号", "下一步工作打算", "存在的问题和不足", "工作任务", "进展情况"]
    rows = [[str(n), f"打算{n}", f"问题{n}", catalog_text(bare, n), f"落实{n}"] for n in (13, 19, 35)]
    word([head, *rows]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert [row["how"] for row in file["rows"]] == ["number"] * 3
    expected = {"落实": "落实19", "问题": "问题19", "打算": "打算19", "不涉及": None}
    assert texts_of(bare)["19"] == expected


def test_rows_without_numbers_are_known_by_their_text(bare: Path, ledger: Ledger) -> None:
    rows = [[catalog_text(bare, n).replace("，", ","), "", "", f"落实{n}", "无", "无"] for n in (13, 35)]
    word([HEAD, *rows]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert [(row["task"], row["how"]) for row in file["rows"]] == [(13, "text"), (35, "text")]
    assert all(0.75 <= row["score"] <= 1 for row in file["rows"])


@pytest.mark.parametrize("task", ["推进有关工作", "19.落实完全不相干的另一项工作要求和任务安排事项", ""])
def test_a_row_that_fits_no_task_names_candidates_and_its_words(bare: Path, ledger: Ledger, task: str) -> None:
    word([HEAD, [task, "", "", "不该丢的字。", "无", "无"]]).save("政府办公厅.docx")
    result, (file,) = taken(ledger, "政府办公厅.docx")
    assert result.code == 1
    (found,) = [f for f in file["findings"] if f["code"] == "F602"]
    assert "不该丢的字。" in found["message"]
    if task:
        assert len(re.findall(r"第\d+项", found["hint"])) == 2
    assert not (bare / PERIOD / "zfbgt.yaml").exists()


def test_a_ledger_split_over_tables_with_repeated_heads(bare: Path, ledger: Ledger) -> None:
    document = word([HEAD, ["13." + catalog_text(bare, 13), "", "", "落实13", "无", "无"]])
    document.add_paragraph("")
    for number, head in ((19, True), (35, False)):
        rows = [HEAD] * head + [[f"{number}." + catalog_text(bare, number), "", "", f"落实{number}", "无", "无"]]
        other = word(rows).tables[0]._tbl
        document.element.body.insert(-1, other)
        document.add_paragraph("")
    document.save("政府办公厅.docx")
    assert taken(ledger, "政府办公厅.docx")[0].code == 0
    assert {k: v["落实"] for k, v in texts_of(bare).items()} == {"13": "落实13", "19": "落实19", "35": "落实35"}


def test_a_task_merged_over_several_rows_keeps_all_its_texts(bare: Path, ledger: Ledger) -> None:
    text = "19." + catalog_text(bare, 19)
    document = word([HEAD, [text, "", "", "第一段。", "无", "无"], ["", "", "", "第二段。", "", ""]])
    table = document.tables[0]
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["19"]["落实"] == "第一段。\n第二段。"


def test_extra_columns_and_lines_outside_are_told_and_not_lost(bare: Path, ledger: Ledger) -> None:
    rows = [[*HEAD, "备注"], ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无", "请领导阅示"]]
    before = ("附件2", "《自治区提升行政执法质量三年行动实施方案（2023—2025年）》工作台账", "填报单位：政府办公厅")
    after = ("填报人：某某　审核人：某某某　填报日期：2024-07-05", "另有两项工作口头汇报。")
    word(rows, before, after).save("表.docx")
    result, (file,) = taken(ledger, "表.docx")
    assert result.code == 1
    quoted = " ".join(f["message"] for f in file["findings"] if f["code"] == "F601")
    assert "请领导阅示" in quoted
    assert "另有两项工作口头汇报。" in quoted
    assert codes(file) == ["F601", "F601"]
    text = (bare / PERIOD / "zfbgt.yaml").read_text("utf-8")
    assert "填报人: 某某\n" in text
    assert "填报日期: 2024-07-05\n" in text


def test_words_added_in_the_task_column_are_told(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13) + "（本项由二处负责）", "", "", "落实", "无", "无"]]
    word(rows).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    (found,) = [f for f in file["findings"] if f["code"] == "F601"]
    assert "本项由二处负责" in found["message"]


def test_not_applicable_comes_back_as_such(bare: Path, ledger: Ledger) -> None:
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "不涉及：本单位无此项职责", "", "无"]]).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["13"]["不涉及"] == "本单位无此项职责"


def test_a_consolidated_report_is_read_into_its_units(sample: Path, ledger: Ledger) -> None:
    assert ledger("report", "--under", "银川市", "-o", "report.docx").code == 0
    before = {
        u: read_submission((sample / PERIOD / f"{u}.yaml").read_bytes(), u, SEED).answers
        for u in ("yinchuan", "xingqing")
    }
    for unit in before:
        (sample / PERIOD / f"{unit}.yaml").unlink()
    _, (file,) = taken(ledger, "report.docx")
    for unit, answers in before.items():
        after = read_submission((sample / PERIOD / f"{unit}.yaml").read_bytes(), unit, SEED).answers
        assert set(after) == set(answers)
        for key, one in answers.items():
            assert (after[key].problems, after[key].plans) == (one.problems, one.plans)
            assert (one.progress or one.not_applicable or "") in (
                after[key].progress or after[key].not_applicable or ""
            )
    assert "F602" not in codes(file)


def test_whose_file_it_is(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]
    word(rows).save("台账.docx")
    result, (file,) = taken(ledger, "台账.docx")
    assert result.code == 1
    assert codes(file) == ["F604"]
    assert taken(ledger, "台账.docx", "--unit", "政府办公厅")[1][0]["unit"] == "zfbgt"
    shutil.copy("台账.docx", "关于报送自治区政府办公厅台账的函.docx")
    assert taken(ledger, "关于报送自治区政府办公厅台账的函.docx", "--dry-run")[1][0]["unit"] == "zfbgt"


def macro(path: Path) -> None:
    word([HEAD]).save(str(path))

    def mark(types: Any) -> None:
        for override in types:
            if str(override.get("PartName")).endswith("document.xml"):
                override.set("ContentType", "application/vnd.ms-word.document.macroEnabled.main+xml")

    rewritten(path, mark, "[Content_Types].xml")


def bomb(path: Path) -> None:
    word([HEAD]).save(str(path))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] += b" " * 80_000_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


def entity(path: Path) -> None:
    word([HEAD]).save(str(path))
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    )
    parts["word/document.xml"] = laughs + b"<x>&b;&c;</x>"
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


BROKEN: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_bytes("你好".encode()),
    "old format or encrypted": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
    "zip of something": lambda path: zipfile.ZipFile(path, "w").writestr("a.txt", "x"),
    "macros": macro,
    "bomb": bomb,
    "no table": lambda path: Document().save(str(path)),
    "entities": entity,
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_a_file_that_is_no_document_is_one_finding(bare: Path, ledger: Ledger, name: str) -> None:
    BROKEN[name](Path("坏.docx"))
    result, (file,) = taken(ledger, "坏.docx")
    assert result.code == 1
    assert codes(file) == ["F604"]
    assert "Traceback" not in result.err


def test_a_sound_answer_beside_a_doubtful_row_is_taken(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"], ["别的事", "", "", "何处", "无", "无"]]
    word(rows).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert codes(file) == ["F602"]
    assert set(texts_of(bare)) == {"13"}


def test_an_unfilled_yaml_form_gives_way(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["13"]["落实"] == "落实"


def test_a_yaml_form_that_hides_words_does_not_give_way(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    path = bare / PERIOD / "zfbgt.yaml"
    blank = path.read_text("utf-8")
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]).save("政府办公厅.docx")
    unread = blank.replace("      \n", '      \n    备注: "两个确立"学习\n', 1)
    cut = blank.replace("    具体落实情况: |\n", "    具体落实情况: # 已办结三件\n", 1)
    for text in (unread, cut):
        path.write_text(text, "utf-8")
        assert ledger("intake", "政府办公厅.docx").code == 1
        assert path.read_text("utf-8") == text


def test_a_form_filled_over_a_sound_file_needs_force(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer("原来的字。")}))
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "新的字。", "无", "无"]]).save("政府办公厅.docx")
    assert ledger("intake", "政府办公厅.docx").code == 1
    assert texts_of(bare)["13"]["落实"] == "原来的字。"


# -- forms sent back ----------------------------------------------------------------------------------


def test_a_returned_form_has_comments_and_a_list_and_comes_back(sample: Path, ledger: Ledger) -> None:
    result = ledger("return", "兴庆区", "--task", "5", "--reason", "培训人数与第3项不一致", "-o", "back.docx")
    assert result.code == 0, result.err
    document = Document("back.docx")
    comments = [comment.text for comment in document.comments]
    assert comments[0] == "培训人数与第3项不一致"
    assert any("应于2024-06-30前完成" in comment for comment in comments)
    assert document.paragraphs[0].text == "退回修改　1. 第5项“具体落实情况”：培训人数与第3项不一致"
    before = (sample / PERIOD / "xingqing.yaml").read_bytes()
    again, (file,) = taken(ledger, "back.docx")
    assert again.code == 0, again.out
    assert codes(file) == []
    assert (sample / PERIOD / "xingqing.yaml").read_bytes() == before


def test_a_returned_form_depends_on_its_inputs_alone(sample: Path, ledger: Ledger) -> None:
    for name in ("a.docx", "b.docx"):
        assert ledger("return", "sft", "--reason", "请补充数字", "-o", name).code == 0
    assert Path("a.docx").read_bytes() == Path("b.docx").read_bytes()


def test_nothing_to_return_is_told(sample: Path, ledger: Ledger) -> None:
    assert ledger("return", "gat", "--reason", "x").code == 2
    assert ledger("return", "zfbgt", "--task", "1", "--reason", "x").code == 2
    assert ledger("return", "zfbgt").code == 2


# -- forms in Excel -----------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", SAMPLES)
def test_an_excel_form_brings_back_what_was_put_in(sample: Path, ledger: Ledger, unit: str) -> None:
    form = form_of(ledger, unit, "form.xlsx")
    before = (sample / PERIOD / f"{unit}.yaml").read_bytes()
    result, (file,) = taken(ledger, form)
    assert result.code == 0, result.out
    assert codes(file) == []
    assert (sample / PERIOD / f"{unit}.yaml").read_bytes() == before


def test_two_texts_for_one_cell_are_both_told(bare: Path, ledger: Ledger) -> None:
    """A row with one column twice: one text is taken, the other is told with its words."""
    rows = [[*HEAD, "进展"], ["13." + catalog_text(bare, 13), "", "", "甲的话。", "无", "无", "乙的话。"]]
    word(rows).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    told = " ".join(f["message"] for f in file["findings"]) + str(texts_of(bare)["13"]["落实"])
    assert "甲的话。" in told
    assert "乙的话。" in told


# -- ledgers that LibreOffice writes ------------------------------------------------------------------


def html_ledger(root: Path) -> str:
    """A ledger as exported from a web page: merged section cells, lists, line breaks, entities."""
    cells = {
        13: ("<p>印发清单&amp;目录。</p><p>联合检查 12 次。</p>", "无", "增补事项<br>扩大范围"),
        19: ("<ol><li>评估事项</li><li>收回事项</li></ol>", "<b>人手</b>不足", "年底前完成"),
        35: ("不涉及：由司法厅统一报送", "", ""),
    }
    rows = "".join(
        f"<tr><td>{n}.{catalog_text(root, n)}</td><td>甲</td>" + "".join(f"<td>{cell}</td>" for cell in texts) + "</tr>"
        for n, texts in cells.items()
    )
    head = "".join(f"<th>{name}</th>" for name in ("工作任务", "责任单位", "落实情况", "存在的问题", "下一步打算"))
    table = f"<table border=1><tr>{head}</tr>{rows}</table>"
    return f"<html><meta charset='utf-8'><body><h1>工作台账</h1>{table}</body></html>"


@pytest.mark.office
@pytest.mark.parametrize("ways", [["odt", "docx"], ["odt", "doc"], ["odt", "doc", "docx"]])
def test_a_ledger_from_html_or_odt(bare: Path, ledger: Ledger, tmp_path: Path, ways: list[str]) -> None:
    need(find_office(), "LibreOffice")
    source = tmp_path / "政府办公厅.html"
    source.write_text(html_ledger(bare), "utf-8")
    for step, kind in enumerate(ways):
        folder = tmp_path / str(step)
        folder.mkdir()
        (source,) = convert([source], folder, kind, seconds=120)
    _, (file,) = taken(ledger, source)
    assert [row["how"] for row in file["rows"]] == ["number"] * 3
    answers = texts_of(bare)
    assert answers["13"]["落实"] == "印发清单&目录。\n联合检查 12 次。"
    assert answers["13"]["打算"] == "增补事项\n扩大范围"
    assert re.fullmatch(r"1\.\s评估事项\n2\.\s收回事项", answers["19"]["落实"] or "")
    assert answers["19"]["问题"] == "人手不足"
    assert answers["35"]["不涉及"] == "由司法厅统一报送"
    told = [f["message"] for f in file["findings"] if f["code"] == "F601"]
    assert any("“责任单位”" in message and "甲" in message for message in told)


def test_a_form_prefilled_from_the_period_before_comes_back_without_a_finding(sample: Path, ledger: Ledger) -> None:
    assert ledger("open", "2024H2").code == 0
    assert ledger("form", "zfbgt", "--prefill", "-o", "f.docx").code == 0
    assert "F601" not in ledger("intake", "f.docx").out
