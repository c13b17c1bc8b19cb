"""`ledger report`: every word in its cell, the layouts, templates that people edit, and documents that Word opens."""

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from ledger_cli.write.word import readback
from tests.conftest import PERIOD, REPOSITORY, Ledger, answer, office_submission, write
from tests.test_catalog import SEED_ROWS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ANSWER_COLUMNS = ["具体落实情况", "存在问题", "工作打算"]
COLUMNS = ["", "任务举措", "责任单位", "完成时限", *ANSWER_COLUMNS]


def body(path: Path) -> Any:
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read("word/document.xml"))


def text_of(element: Any) -> str:
    """The text as an outside reader takes it: runs joined, a line a paragraph."""
    return "\n".join(
        "".join("\t" if e.tag == f"{W}tab" else e.text or "" for e in paragraph.iter(f"{W}t", f"{W}tab"))
        for paragraph in element.iter(f"{W}p")
    )


def rows(path: Path) -> list[list[str]]:
    return [[text_of(cell) for cell in row.iterchildren(f"{W}tc")] for row in body(path).iter(f"{W}tr")]


def report(ledger: Ledger, *options: str, out: str = "out.docx") -> Path:
    result = ledger("report", "-o", out, *options)
    assert result.code == 0, result.err
    return Path(out)


def test_every_sentence_of_every_sample_is_in_the_report(sample: Path, ledger: Ledger) -> None:
    for options in ([], ["--template", "compact"]):
        text = text_of(body(report(ledger, *options)))
        for path in (sample / PERIOD).glob("*.yaml"):
            for entry in yaml.safe_load(path.read_text("utf-8"))["任务"].values():
                for key in (*ANSWER_COLUMNS, "不涉及"):
                    for line in str(entry.get(key, "")).strip().split("\n"):
                        assert line in text
                for evidence in entry.get("佐证", []):
                    assert evidence in text


def test_the_command_says_what_it_wrote(sample: Path, ledger: Ledger) -> None:
    result = ledger("report")
    assert re.search(r"写好 build/ledger\.docx：43 项任务，62 家单位中 4 家有答复.*表格 \d+ 行，约 \d+ 页", result.out)
    assert "名单待印发机关确认" in result.out


def test_the_blank_ledger_has_the_cells_of_the_issued_document(sample: Path, ledger: Ledger) -> None:
    head, *tasks = rows(report(ledger, "--blank"))
    assert head == COLUMNS
    assert len(tasks) == 43
    section = ""
    for row, (number, (title, text, units, deadline)) in zip(tasks, SEED_ROWS.items(), strict=True):
        shown = "" if title == section else title
        section = title
        assert row == [shown, f"{number}.{text}", units or "", deadline or "", "", "", ""]
    document = text_of(body(Path("out.docx"))).split("\n")
    assert document[:3] == ["附件2", "《自治区提升行政执法质量三年行动实施方案", "（2023—2025年）》工作台账"]
    assert "（推定）" not in "\n".join(document)


def test_the_blank_ledger_needs_no_submissions(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", "坏文件：")
    report(ledger, "--blank")


def test_the_page_is_a_landscape_a4_with_the_official_margins(sample: Path, ledger: Ledger) -> None:
    for options in ([], ["--blank"], ["--unit", "sft"], ["--template", "compact"]):
        section = body(report(ledger, *options)).find(f".//{W}sectPr")
        size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
        assert [size.get(f"{W}{k}") for k in ("w", "h", "orient")] == ["16838", "11906", "landscape"]
        assert [margins.get(f"{W}{k}") for k in ("top", "bottom", "left", "right")] == ["1588", "1474", "1984", "2098"]


def test_grids_are_fixed_and_widths_agree(sample: Path, ledger: Ledger) -> None:
    for options in ([], ["--blank"], ["--unit", "sft"], ["--template", "compact"]):
        for table in body(report(ledger, *options)).iter(f"{W}tbl"):
            grid = [int(column.get(f"{W}w")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
            properties = table.find(f"{W}tblPr")
            assert properties.find(f"{W}tblLayout").get(f"{W}type") == "fixed"
            assert int(properties.find(f"{W}tblW").get(f"{W}w")) == sum(grid) <= 12756
            for row in table.iterchildren(f"{W}tr"):
                at = 0
                for cell in row.iterchildren(f"{W}tc"):
                    span = cell.find(f"{W}tcPr/{W}gridSpan")
                    count = int(span.get(f"{W}val")) if span is not None else 1
                    assert int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) == sum(grid[at : at + count])
                    assert cell[-1].tag == f"{W}p"
                    at += count
                assert at == len(grid)


def test_head_rows_are_repeated_and_answers_may_break_across_pages(sample: Path, ledger: Ledger) -> None:
    for options in ([], ["--blank"], ["--template", "compact"]):
        for table in body(report(ledger, *options)).iter(f"{W}tbl"):
            heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iterchildren(f"{W}tr")]
            assert heads[0]
            assert heads == sorted(heads, reverse=True)
            for row, head in zip(table.iterchildren(f"{W}tr"), heads, strict=True):
                long = max(len(text_of(cell)) for cell in row.iterchildren(f"{W}tc")) > 60
                assert head or not long or row.find(f"{W}trPr/{W}cantSplit") is None


def test_the_page_number_is_a_field_in_five_runs_with_dashes(sample: Path, ledger: Ledger) -> None:
    with zipfile.ZipFile(report(ledger)) as package:
        footers = [package.read(name) for name in package.namelist() if "footer" in name]
        assert b"evenAndOddHeaders" in package.read("word/settings.xml")
    assert len(footers) == 2
    for footer in footers:
        tree: Any = etree.fromstring(footer)
        runs = [[child for child in run if child.tag != f"{W}rPr"] for run in tree.iter(f"{W}r")]
        assert all(len(run) == 1 for run in runs)
        kinds = [run[0].get(f"{W}fldCharType") or run[0].tag.removeprefix(W) for run in runs]
        assert kinds == ["t", "begin", "instrText", "separate", "t", "end", "t"]
        assert text_of(tree).strip() == "— 1 —"


def test_styles_name_east_asian_fonts_and_chinese(sample: Path, ledger: Ledger) -> None:
    with zipfile.ZipFile(report(ledger)) as package:
        styles: Any = etree.fromstring(package.read("word/styles.xml"))
    fonts = {fonts.get(f"{W}eastAsia") for fonts in styles.iter(f"{W}rFonts")}
    assert {"仿宋", "黑体", "方正小标宋简体"} <= fonts
    assert styles.find(f".//{W}docDefaults//{W}lang").get(f"{W}eastAsia") == "zh-CN"


def test_cells_merge_by_group_and_never_lose_a_text(sample: Path, ledger: Ledger) -> None:
    tree = body(report(ledger))
    table = list(tree.iter(f"{W}tbl"))[-1]
    starts: dict[int, list[str]] = {0: [], 1: []}
    for row in table.iterchildren(f"{W}tr"):
        for column, texts in starts.items():
            cell = list(row.iterchildren(f"{W}tc"))[column]
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is None:
                continue
            if merge.get(f"{W}val") == "restart":
                texts.append(text_of(cell).partition("\n")[0])
            else:
                assert text_of(cell) == ""
    assert len(starts[0]) == 6
    # A task that long answers reach over pages for is printed again with them.
    tasks = list(dict.fromkeys(starts[1]))
    assert [text.partition(".")[0] for text in tasks] == [str(number) for number in SEED_ROWS]
    assert starts[1] == sorted(starts[1], key=tasks.index)


def test_each_answer_is_led_by_its_units_name(sample: Path, ledger: Ledger) -> None:
    cells = [row[4] for row in rows(report(ledger)) if len(row) == 7]
    assert any(cell.startswith("自治区司法厅：") for cell in cells)
    assert any(cell.startswith("银川市兴庆区人民政府：不涉及：") for cell in cells)


def test_equal_answers_stand_once_under_the_units_that_gave_them(sample: Path, ledger: Ledger) -> None:
    shared = [
        row for row in rows(report(ledger, "--task", "23")) if "银川市人民政府、银川市兴庆区人民政府：" in row[-3]
    ]
    assert len(shared) == 1


def test_units_that_have_not_reported_are_named(sample: Path, ledger: Ledger) -> None:
    text = text_of(body(report(ledger, "--task", "28")))
    assert "未报（25家）：" in text
    assert "海原县" in text


def test_the_summary_has_coverage_assumptions_and_the_date(sample: Path, ledger: Ledger) -> None:
    text = text_of(body(report(ledger)))
    assert "截至2024年7月15日" in text
    assert "62家单位中4家有答复" in text
    assert "第37、39、40、41、42、43项任务的责任单位或者完成时限原件为空" in text
    assert "按登记名单统计，名单待印发机关确认" in text
    table = rows(Path("out.docx"))
    assert table[0] == ["章节", "任务数", "应报", "已报", "不涉及", "有误", "未报", "答复/应报"]
    assert table[7][:6] == ["合计", "43", "2282", "126", "2", "0"]


def test_assumed_cells_are_marked(sample: Path, ledger: Ledger) -> None:
    first = next(row for row in rows(report(ledger, "--task", "41")) if row[1].startswith("41."))
    assert first[2] == "自治区各行政执法机关，各市、县（区）人民政府（推定）"
    assert first[3] == "长期坚持"


def test_what_a_partial_report_left_out_stands_in_it(sample: Path, ledger: Ledger) -> None:
    write(sample, "zfbgt.yaml", office_submission(tasks={19: answer(progress="无")}))
    write(sample, "sft.yaml", office_submission("sft").encode("gbk"))
    assert ledger("report", "-o", "out.docx").code == 1
    assert not Path("out.docx").exists()
    text = text_of(body(report(ledger, "--partial")))
    assert re.search(r"有误未收入：自治区人民政府办公厅第19项（第\d+行 C207 ", text)
    assert re.search(r"整份未收入：自治区司法厅（submissions/2024H1/sft.yaml：.*Y001", text)


@pytest.mark.parametrize(
    "options", [("--task", "19"), ("--section", "3"), ("--task", "19", "--template", "compact"), ("--under", "银川市")]
)
def test_a_document_of_a_part_names_the_files_left_out_whole(
    bare: Path, ledger: Ledger, options: tuple[str, ...]
) -> None:
    """The unit may owe the task (银川市) or be free to answer it (公安厅), or nobody knows whose the file is."""
    for unit in ("yinchuan", "gat"):
        write(bare, f"{unit}.yaml", office_submission(unit).encode("gbk"))
    write(bare, "档案馆.yaml", office_submission("档案馆"))
    text = text_of(body(report(ledger, "--partial", *options)))
    named = [name for name in ("银川市人民政府", "自治区公安厅", "档案馆") if f"整份未收入：{name}（" in text]
    assert named == (["银川市人民政府"] if "--under" in options else ["银川市人民政府", "自治区公安厅", "档案馆"])
    assert text.count("整份未收入：") == len(named)


def test_a_file_left_out_whole_is_named_in_the_parts_that_it_concerns(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().encode("gbk"))
    assert ledger("report", "--partial", "--split", "task", "-o", "parts").code == 0
    named = [
        path.stem
        for path in sorted(Path("parts").iterdir())
        if "整份未收入：自治区人民政府办公厅" in text_of(body(path))
    ]
    assert named == ["task-13", "task-19", "task-35"]


def test_an_answer_that_is_not_owed_is_named_below_the_task_it_stands_under(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={24: answer("不是本厅的事。")}))
    text = text_of(body(report(ledger, "--partial", "--task", "24")))
    assert re.search(r"有误未收入：自治区人民政府办公厅（第\d+行 C202 ", text)


def test_a_registered_unit_that_owes_nothing_is_named_in_full(bare: Path, ledger: Ledger) -> None:
    path = bare / "data/units.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("单位:\n", "单位:\n  - {代码: dag, 名称: 自治区档案馆, 层级: 自治区, 已确认: true}\n", 1), "utf-8"
    )
    write(bare, "dag.yaml", office_submission("dag"))
    text = text_of(body(report(ledger, "--partial")))
    assert re.search(r"有误未收入：自治区档案馆第13项（第\d+行 C202 ", text)
    assert "自治区档案馆" not in text_of(body(report(ledger, "--partial", "--task", "1")))
    write(bare, "dag.yaml", office_submission("dag").encode("gbk"))
    assert "自治区档案馆" not in text_of(body(report(ledger, "--partial", "--task", "1")))


def test_a_unit_is_shown_the_tasks_that_it_is_free_to_answer(bare: Path, ledger: Ledger) -> None:
    _, *tasks = rows(report(ledger, "--unit", "gat"))
    cells = {row[1].partition(".")[0]: row[4] for row in tasks}
    assert (cells["13"], cells["16"], cells["19"]) == ("（未报）", "（由单位自定，没有报）", "（由单位自定，没有报）")


def test_one_units_ledger(sample: Path, ledger: Ledger) -> None:
    path = report(ledger, "--unit", "政府办公厅")
    assert "填报单位：自治区人民政府办公厅" in text_of(body(path))
    head, *tasks = rows(path)
    assert head == COLUMNS
    assert [row[1].partition(".")[0] for row in tasks] == ["13", "19", "35"]
    assert not tasks[0][4].startswith("自治区人民政府办公厅")


def test_a_unit_without_a_file_gets_its_tasks_marked(sample: Path, ledger: Ledger) -> None:
    _, *tasks = rows(report(ledger, "--unit", "haiyuan"))
    assert len(tasks) == 41
    assert {row[4] for row in tasks} == {"（未报）"}


def test_a_city_with_its_counties(sample: Path, ledger: Ledger) -> None:
    text = text_of(body(report(ledger, "--under", "银川市", "--task", "1")))
    assert "银川市人民政府：" in text
    assert "银川市兴庆区人民政府：" in text
    assert "自治区司法厅：" not in text
    assert "未报（5家）：西夏区、金凤区、永宁县、贺兰县、灵武市" in text


def test_sections_and_tasks(sample: Path, ledger: Ledger) -> None:
    for options, numbers in ((["--section", "5"], {"34", "35", "36"}), (["--task", "24"], {"24"})):
        found = {row[1].partition(".")[0] for row in rows(report(ledger, *options)) if "." in row[1]}
        assert found == numbers
    for wrong in (["--section", "7"], ["--task", "44"], ["--unit", "nobody"], ["--split", "page"]):
        result = ledger("report", "-o", "wrong.docx", *wrong)
        assert result.code == 2
        assert not Path("wrong.docx").exists()
    assert ledger("report", "--unit", "sft", "--under", "yinchuan").code == 2


@pytest.mark.parametrize(("by", "count"), [("section", 6), ("task", 43), ("unit", 62)])
def test_a_split_writes_one_document_each_and_an_index(sample: Path, ledger: Ledger, by: str, count: int) -> None:
    result = ledger("report", "--split", by, "-o", "parts")
    assert result.code == 0, result.err
    files = sorted(path.name for path in Path("parts").iterdir())
    assert len(files) == count + 1
    index = rows(Path("parts/index.docx"))
    assert [int(row[0]) for row in index[1:]] == list(range(1, count + 1))
    assert {row[1] for row in index[1:]} == set(files) - {"index.docx"}


def test_a_second_split_takes_away_what_no_longer_exists(sample: Path, ledger: Ledger) -> None:
    assert ledger("report", "--split", "section", "-o", "parts").code == 0
    note = Path("parts/批注.docx")
    note.write_bytes(b"a person's file")
    assert ledger("report", "--split", "section", "--task", "1", "-o", "parts").code == 0
    assert sorted(path.name for path in Path("parts").iterdir()) == ["index.docx", "section-1.docx", "批注.docx"]


WORDS = [
    "市场监管 A&B",
    "<60学时",
    "5% < 6% > 4%",
    "a]]>b",
    "{{ 台账.标题 }} {% for x in y %} {# 注 #}",
    "[bold]加粗[/bold]",
    "“引号” \"双\" '单'",
    "😀 👨‍👩‍👧 𠮷 镕堃喆 ㎡ ① ½",
    "制表\t符",
    "前\\n后 \\u0041",
    "&amp; &lt; &#60;",
]


@pytest.mark.parametrize("words", WORDS)
def test_words_arrive_unchanged(bare: Path, ledger: Ledger, words: str) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer(f"甲{words}乙\n第二段{words}", f"丙{words}", words)}))
    for options in ([], ["--template", "compact"], ["--unit", "zfbgt"]):
        found = rows(report(ledger, *options))
        (row,) = [row for row in found if row[-1] == words]
        assert row[-3].endswith(f"甲{words}乙\n第二段{words}")
        assert row[-2] == f"丙{words}"


def test_paragraphs_are_paragraphs_in_the_style_of_the_cell(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer("第一段。\n第二段。\n第三段。")}))
    tree = body(report(ledger, "--task", "13"))
    cell = next(c for c in tree.iter(f"{W}tc") if "第二段。" in text_of(c))
    styles = [p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") for p in cell.iterchildren(f"{W}p")]
    assert text_of(cell).split("\n")[-2:] == ["第二段。", "第三段。"]
    assert len(styles) == 3
    assert len(set(styles)) == 1


def test_equal_inputs_give_equal_bytes(sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    one = report(ledger, out="one.docx").read_bytes()
    monkeypatch.setenv("LEDGER_TODAY", "2026-11-01")
    assert report(ledger, out="two.docx").read_bytes() == one


def test_core_properties_are_ours(sample: Path, ledger: Ledger) -> None:
    core = Document(str(report(ledger))).core_properties
    assert core.title.startswith("《自治区提升行政执法质量三年行动实施方案")
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert core.created.year == 2024


# -- templates that people edit ---------------------------------------------------------------------

Edit = Callable[[Any], None]


def edited(sample: Path, edit: Edit, name: str = "ledger") -> None:
    path = sample / f"templates/{name}.docx"
    document = Document(str(path))
    edit(document)
    document.save(str(path))


def replace_text(old: str, new: str) -> Edit:
    def edit(document: Any) -> None:
        for text in document.element.body.iter(qn("w:t")):
            if text.text and old in text.text:
                text.text = text.text.replace(old, new)
                return
        raise AssertionError(old)

    return edit


def test_a_reworded_head_and_another_font_are_in_the_next_report(sample: Path, ledger: Ledger) -> None:
    def edit(document: Any) -> None:
        replace_text("存在问题", "存在的问题和不足")(document)
        document.styles["表格正文"].font.name = "楷体"

    edited(sample, edit)
    path = report(ledger)
    assert "存在的问题和不足" in rows(path)[8]
    with zipfile.ZipFile(path) as package:
        assert "楷体" in package.read("word/styles.xml").decode()


def test_a_moved_column_moves(sample: Path, ledger: Ledger) -> None:
    def edit(document: Any) -> None:
        for row in document.tables[-1]._tbl.tr_lst:
            cells = row.tc_lst
            if len(cells) == 7:
                cells[5].addprevious(cells[6])

    edited(sample, edit)
    table = rows(report(ledger, "--task", "13"))
    assert table[0][-3:] == ["具体落实情况", "工作打算", "存在问题"]
    source = yaml.safe_load((sample / PERIOD / "zfbgt.yaml").read_text("utf-8"))["任务"][13]
    assert table[1][-2:] == [source["工作打算"].strip(), source["存在问题"].strip()]


def test_a_tag_that_word_split_over_runs_still_works(sample: Path, ledger: Ledger) -> None:
    def edit(document: Any) -> None:
        for paragraph in document.tables[-1]._tbl.iter(qn("w:p")):
            runs = paragraph.r_lst
            if len(runs) == 1 and runs[0].text == "{{ 行.存在问题 }}":
                runs[0].text = "{{ 行.存"
                for piece in ("在问", "题 }", "}"):
                    copy = etree.fromstring(etree.tostring(runs[0]))
                    paragraph.append(copy)
                    next(copy.iter(qn("w:t"))).text = piece

    edited(sample, edit)
    source = yaml.safe_load((sample / PERIOD / "zfbgt.yaml").read_text("utf-8"))["任务"][13]
    assert rows(report(ledger, "--task", "13"))[1][-2] == source["存在问题"].strip()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ 行.存在问题 }}", "{{ 行.存在问提 }}", "{{ 行.存在问提 }}"),
        ("{{ 行.存在问题 }}", "{{ 行.存在问题 }", "{{"),
        ("{{ 行.存在问题 }}", "｛｛ 行.存在问题 ｝｝", "｛｛"),
        ("{{ 行.存在问题 }}", "{{ 行.存在问题 | 大写 }}", "{{ 行.存在问题 | 大写 }}"),
        ("{{ 行.存在问题 }}", "{{ 行..存在问题 }}", "{{ 行..存在问题 }}"),
        ("{%tr for 行 in 表.行 %}", "{%tr foo 行 in 表.行 %}", "{%tr foo 行 in 表.行 %}"),
        ("{%tr for 行 in 表.行 %}", "{%tr for 行 in 表.列 %}", "{%tr for 行 in 表.列 %}"),
        ("{%tr endif %}", "", "{%tr if 行.附注 %}"),
        ("{%p endfor %}", "", "{%p for 表 in 表格 %}"),
        ("{{ 行.存在问题 }}", "{{ ''.__class__.__mro__ }}", "__class__"),
    ],
)
def test_a_faulty_template_is_told_with_its_paragraph_and_tag(
    sample: Path, ledger: Ledger, old: str, new: str, said: str
) -> None:
    edited(sample, replace_text(old, new))
    result = ledger("report", "-o", "out.docx")
    assert result.code == 2
    assert "ledger.docx" in result.err
    assert said in result.err
    assert "Traceback" not in result.err
    assert not Path("out.docx").exists()


def test_a_template_that_leaves_a_column_out_is_told(sample: Path, ledger: Ledger) -> None:
    edited(sample, replace_text("{{ 行.工作打算 }}", "略"))
    result = ledger("report", "-o", "out.docx")
    assert result.code == 0
    assert "“工作打算”" in result.err


def test_a_template_that_is_no_document_is_told(sample: Path, ledger: Ledger) -> None:
    (sample / "templates/ledger.docx").write_bytes(b"not a zip")
    assert ledger("report", "-o", "out.docx").code == 2
    assert ledger("report", "-o", "out.docx", "--template", "没有").code == 2


def test_docxtpls_conventions_hold(tmp_path: Path, sample: Path, ledger: Ledger) -> None:
    """The same template through docxtpl gives the same text, where it uses no tag of our own."""
    from docxtpl import DocxTemplate

    from ledger_cli.write.word.render import render
    from ledger_cli.write.word.template import WordTemplate

    document = Document()
    document.add_paragraph("{{ 题 }}&{{ 数 + 1 }}")
    document.add_paragraph("{%p for 项 in 列 %}")
    document.add_paragraph("{{ 项.名 }}{% if 项.数 > 1 %}（{{ 项.数 }}）{% else %}无{% endif %}")
    document.add_paragraph("{%p endfor %}")
    table = document.add_table(3, 2)
    table.cell(0, 0).text = "{%tr for 项 in 列 %}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ 项.名 }}", "{{ 项.名|upper }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    source, theirs, ours = tmp_path / "t.docx", tmp_path / "theirs.docx", tmp_path / "ours.docx"
    document.save(str(source))
    context = {"题": "A<B", "数": 3, "列": [{"名": "x&y", "数": 1}, {"名": "“两个”", "数": 2}]}
    other = DocxTemplate(source)
    other.render(context, autoescape=True)
    other.save(theirs)
    from datetime import date

    render(WordTemplate(source), context, ours, title="t", day=date(2024, 1, 1))
    assert text_of(body(ours)) == text_of(body(theirs))


# -- the document is read back ----------------------------------------------------------------------


def test_a_lost_word_is_a_fault_of_the_tool_and_leaves_no_file(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger_cli.write.word import markup, part

    real = markup.xml_text

    def forgetful(value: Any, joint: str, tab: str) -> str:
        return real(value.replace("研讨", "") if isinstance(value, str) else value, joint, tab)

    assert "研讨" in (sample / PERIOD / "sft.yaml").read_text("utf-8")
    monkeypatch.setattr(part, "xml_text", forgetful)
    result = ledger("report", "-o", "out.docx")
    assert result.code == 3
    assert len(result.err.strip().splitlines()) == 1
    assert "自治区司法厅" in result.err
    assert not Path("out.docx").exists()


def test_a_cell_without_a_paragraph_is_found(sample: Path, ledger: Ledger) -> None:
    path = report(ledger, "--task", "24")
    broken = Path("broken.docx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                tree = etree.fromstring(data)
                cell = next(tree.iter(f"{W}tc"))
                for paragraph in list(cell.iterchildren(f"{W}p")):
                    cell.remove(paragraph)
                data = etree.tostring(tree)
            new.writestr(name, data)
    with pytest.raises(Exception, match="段落"):
        readback.read_back(broken)


def test_an_edited_report_is_not_replaced_without_force(sample: Path, ledger: Ledger) -> None:
    assert ledger("report").code == 0
    path = sample / "build/ledger.docx"
    document = Document(str(path))
    document.add_paragraph("领导批示")
    document.save(str(path))
    kept = path.read_bytes()
    assert ledger("report").code == 2
    assert path.read_bytes() == kept
    assert ledger("report", "--force").code == 0


# -- many units -------------------------------------------------------------------------------------


def test_many_units_get_the_compact_layout_with_a_table_a_task(sample: Path, ledger: Ledger) -> None:
    text = (sample / PERIOD / "xingqing.yaml").read_text("utf-8")
    for unit in ("xixia", "jinfeng", "yongning", "helan"):
        write(sample, f"{unit}.yaml", text.replace("单位: xingqing", f"单位: {unit}"))
    tables = list(body(report(ledger)).iter(f"{W}tbl"))
    assert len(tables) == 1 + 43
    head = [text_of(cell) for cell in list(tables[1].iterchildren(f"{W}tr"))[1].iterchildren(f"{W}tc")]
    assert head == ["填报单位", *ANSWER_COLUMNS]


def test_templates_in_the_repository_are_those_of_a_new_workspace(tmp_path: Path, ledger: Ledger) -> None:
    assert ledger("init", str(tmp_path / "new")).code == 0
    for template in (REPOSITORY / "templates").glob("*.docx"):
        assert (tmp_path / "new/templates" / template.name).read_bytes() == template.read_bytes()
    shutil.rmtree(tmp_path / "new")
