"""``ledger catalog import``: from the attachment as issued to data/tasks.yaml."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document

from ledger_cli.cli.app import run
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.registry import Registry
from ledger_cli.model.unit_names import UnitNames
from ledger_cli.read.catalog import read_catalog, read_registry
from ledger_cli.write.catalog_file import to_catalog_yaml
from tests.conftest import REPOSITORY, Ledger

HEADINGS = ("", "任务举措", "责任单位", "完成时限")
LOCAL = "各市、县（区）人民政府"


def read(path: Path) -> Catalog:
    catalog, document = read_catalog(path.read_bytes(), path.name)
    assert not document.findings
    assert catalog is not None
    return catalog


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return read(REPOSITORY / "data/tasks.yaml")


@pytest.fixture(scope="module")
def registry() -> Registry:
    made, _ = read_registry((REPOSITORY / "data/units.yaml").read_bytes(), "data/units.yaml")
    assert made is not None
    return made


@pytest.fixture(scope="module")
def imported_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog imported from our own blank ledger."""
    root = tmp_path_factory.mktemp("import")
    for name in ("data", "templates"):
        shutil.copytree(REPOSITORY / name, root / name)
    blank, made = root / "blank.docx", root / "made.yaml"
    assert run(["-C", str(root), "report", "--blank", "-o", str(blank)]) == 0
    assert run(["-C", str(root), "catalog", "import", str(blank), "-o", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def imported(imported_file: Path) -> Catalog:
    return read(imported_file)


def verbatim(catalog: Catalog) -> dict[TaskNumber, tuple[object, ...]]:
    return {t.number: (t.text, t.units, t.deadline, t.gaps, t.refs) for t in catalog.tasks.values()}


def test_the_issued_ledger_comes_back_verbatim(imported: Catalog, shipped: Catalog) -> None:
    assert verbatim(imported) == verbatim(shipped)
    assert imported.titles_of == shipped.titles_of
    assert len(imported.sections) == 6


def test_the_head_and_the_periods_come_back(imported: Catalog, shipped: Catalog) -> None:
    assert imported.head == shipped.head.model_copy(update={"document": None, "issued": None})
    assert (imported.periods, imported.current) == (shipped.periods, shipped.current)


def test_the_dates_of_the_deadline_column_come_back(imported: Catalog, shipped: Catalog) -> None:
    def dated(catalog: Catalog) -> dict[str, date]:
        duties = [d for t in catalog.tasks.values() for d in t.duties if d.source == "完成时限"]
        return {d.id: d.due for d in duties if d.due}

    assert dated(imported) == dated(shipped)
    assert [d.id for t in imported.tasks.values() for d in t.duties if d.in_due_course] == ["8-2"]
    assert imported.tasks[28].duties[0].what == "基本建成区市县乡四级全覆盖的行政执法协调监督工作体系"


def test_the_layout_is_that_of_the_shipped_catalog(imported_file: Path) -> None:
    shipped = set((REPOSITORY / "data/tasks.yaml").read_text("utf-8").splitlines())
    lines = [line for line in imported_file.read_text("utf-8").splitlines() if not line.startswith("#")]
    other = [line for line in lines if line not in shipped]
    assert all(line.startswith('          - {编号: "') for line in other)


def test_the_imported_catalog_validates_in_place(bare: Path, imported_file: Path, ledger: Ledger) -> None:
    shutil.copy(imported_file, bare / "data/tasks.yaml")
    result = ledger("validate")
    assert result.code == 0, result.out
    assert "K510" in result.out


def test_a_catalog_written_reads_as_the_same(shipped: Catalog) -> None:
    again, document = read_catalog(to_catalog_yaml(shipped, "说明\n\n又一行").encode(), "data/tasks.yaml")
    assert again == shipped
    assert not document.findings


@pytest.mark.parametrize(
    "text", ["a: b", "甲 #乙", "- 甲", "“甲”乙", "[甲]", "甲, 乙", "'甲", '"甲"', "甲\t乙", "是", "%甲"]
)
def test_any_words_survive_the_writing(shipped: Catalog, text: str) -> None:
    task = shipped.tasks[3]
    duty = task.duties[0].model_copy(update={"what": text, "note": text})
    odd = task.model_copy(update={"text": text, "units": text, "deadline": text, "refs": (text,), "duties": (duty,)})
    section = shipped.sections[0].model_copy(update={"title": text, "tasks": (odd,)})
    catalog = shipped.model_copy(update={"sections": (section,)})
    again, _ = read_catalog(to_catalog_yaml(catalog).encode(), "data/tasks.yaml")
    assert again == catalog


# -- documents of other makes ---------------------------------------------------------------------


def made_of(*lines: str, rows: Sequence[tuple[str, ...]] = ()) -> Document:
    """Paragraphs and a table of tasks below the usual headings."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if rows:
        add_table(document, HEADINGS, *rows)
    return document


def add_table(document: Document, *rows: tuple[str, ...]) -> None:
    """A table; a row with one text is one cell over the whole width."""
    table = document.add_table(len(rows), max(map(len, rows)))
    for row, texts in zip(table.rows, rows, strict=True):
        cells = row.cells
        if len(texts) == 1:
            cells[0].merge(cells[-1])
        for cell, text in zip(cells, texts, strict=False):
            cell.text = text


def bring_in(ledger: Ledger, document: Document) -> tuple[Catalog, str]:
    document.save("issued.docx")
    result = ledger("catalog", "import", "issued.docx", "-o", "made.yaml", "--force")
    assert (result.code, result.err) == (0, ""), result.err
    return read(Path("made.yaml")), result.out


def test_other_headings_section_rows_unknown_units_and_odd_deadlines(bare: Path, ledger: Ledger) -> None:
    headings = ("序号", "工作任务", "责任单位", "完成 时限", "备注")
    document = made_of("附 件 1：", "优化营商环境", "工作台账（2024-2026年）", "填报单位：")
    rows: list[tuple[str, ...]] = [
        headings,
        ("一、提升服务",),
        ("1", "精简材料。", "自治区民宗委、司法厅，各行政执法机关", "2024年年底前", ""),
        ("2", "2025年前\n办结。", "自治区司法厅（牵头）\n自治区公安厅", "尽快完成；2024年第三季度末", "重点"),
        headings,
        ("二", "规范执法", "", "", ""),
        ("3", "公开清单。", LOCAL, "每年3月底前公开清单", ""),
    ]
    add_table(document, *rows)
    document.add_paragraph("注：本表由各单位填写。")
    add_table(document, ("4", "定期评估。", "司法厅", "长期坚持", ""))
    catalog, out = bring_in(ledger, document)
    assert (catalog.head.annex, catalog.head.title) == ("附件1", "优化营商环境工作台账（2024-2026年）")
    assert (str(catalog.head.start), str(catalog.head.end)) == ("2024-01-01", "2026-12-31")
    assert [s.title for s in catalog.sections] == ["一、提升服务", "二、规范执法"]
    assert [(t.number, t.text) for t in catalog.tasks.values()] == [
        (1, "精简材料。"),
        (2, "2025年前办结。"),
        (3, "公开清单。"),
        (4, "定期评估。"),
    ]
    assert [t.lead_refs for t in catalog.tasks.values()] == [(), ("sft",), (), ()]
    assert [t.refs for t in catalog.tasks.values()] == [("sft", "enforcement"), ("gat",), ("local",), ("sft",)]
    assert catalog.tasks[2].units == "自治区司法厅（牵头）\n自治区公安厅"
    assert [d.yearly for d in catalog.tasks[3].duties] == [(3, 31)]
    assert "“自治区民宗委”：第1项" in out
    assert "第2项：“尽快完成”" in out
    assert [str(d.due) for d in catalog.tasks[2].duties] == ["2024-09-30"]
    assert [task.more for task in catalog.tasks.values()] == [{}, {"备注": "重点"}, {}, {}]
    assert "“注：本表由各单位填写。”" in out


def test_empty_cells_are_gaps_and_merged_ones_hold_for_all_their_rows(bare: Path, ledger: Ledger) -> None:
    rows: list[tuple[str, ...]] = [
        ("一、甲", "1.甲一", "自治区司法厅", "2024年6月底前完成"),
        ("", "2.甲二", "自治区公安厅", ""),
        ("二、乙", "3.乙三", "", ""),
        ("", "4.乙四", LOCAL, "长期坚持"),
    ]
    document = made_of("附件2", "台账", rows=rows)
    table = document.tables[0]
    for place, word in ((0, "一、甲"), (3, "2024年6月底前完成")):
        table.cell(1, place).merge(table.cell(2, place)).text = word
    catalog, out = bring_in(ledger, document)
    assert [len(section.tasks) for section in catalog.sections] == [2, 2]
    gaps = {t.number: (t.gaps, t.units, t.deadline) for t in catalog.tasks.values() if t.gaps}
    assert gaps == {3: (("责任单位", "完成时限"), LOCAL, "长期坚持")}
    assert catalog.tasks[2].deadline == "2024年6月底前完成"
    assert "第3项：责任单位推定为" in out
    assert (str(catalog.head.start), str(catalog.head.end)) == ("2024-01-01", "2024-12-31")


def test_numbers_that_run_into_years_restart_or_are_missing(bare: Path, ledger: Ledger) -> None:
    texts = ["1.2024年甲", "2、乙", "3．3个方面", "丁", "1.2025年底前戊", "7.己"]
    rows = [("一、全部", text, "司法厅", "长期坚持") for text in texts]
    catalog, out = bring_in(ledger, made_of("附件", "台账", rows=rows))
    assert [(t.number, t.text) for t in catalog.tasks.values()] == [
        (1, "2024年甲"),
        (2, "乙"),
        (3, "3个方面"),
        (4, "丁"),
        (5, "2025年底前戊"),
        (7, "己"),
    ]
    assert "第4项原件没有编号" in out
    assert "应是5的地方写着1" in out
    assert "应是6的地方写着7" in out


def test_another_attachment_and_another_grid_are_left_out(bare: Path, ledger: Ledger) -> None:
    rows: list[tuple[str, ...]] = [("", "1.甲", "司法厅", "长期坚持")]
    document = made_of("宁政办发〔2023〕46号", "各市、县（区）人民政府：", "附件2", "台账", rows=rows)
    add_table(document, ("任务", "责任单位", "完成时限", "指标"), ("1.丙", "司法厅", "长期坚持", ""))
    document.add_paragraph("附件3")
    add_table(document, HEADINGS, ("", "2.乙", "司法厅", "长期坚持"))
    catalog, out = bring_in(ledger, document)
    assert list(catalog.tasks) == [1]
    assert [s.title for s in catalog.sections] == ["全部任务"]
    assert (catalog.head.document, catalog.head.title) == ("宁政办发〔2023〕46号", "台账")
    assert "另有一张栏目不同的任务表" in out
    assert "文件里还有“附件3”，没有导入；要导入的，加 --annex 3" in out


def test_without_an_annex_mark_the_paragraph_before_the_table_is_the_title(bare: Path, ledger: Ledger) -> None:
    rows: list[tuple[str, ...]] = [("", "1.甲", "司法厅", "长期坚持")]
    catalog, out = bring_in(ledger, made_of("现将台账印发。", "", "三年行动", "工作台账", "", rows=rows))
    assert (catalog.head.annex, catalog.head.title) == ("", "三年行动工作台账")
    assert "没有“附件”字样" in out


def test_words_that_are_in_nothing_read_are_listed(bare: Path, ledger: Ledger) -> None:
    document = made_of("附件2", "三年行动工作台账", rows=[("一、甲", "1.甲", "司法厅", "长期坚持")])
    document.tables[0].rows[0].cells[0].add_paragraph("写在表头里的话")
    document.add_paragraph("写在表格后面的话")
    document.save("issued.docx")
    result = ledger("catalog", "import", "issued.docx", "-o", "made.yaml")
    assert "写在表头里的话" in result.out
    assert result.out.count("写在表格后面的话") == 1


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"not a document", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"])
def test_a_broken_file_ends_with_one_chinese_sentence(bare: Path, ledger: Ledger, data: bytes) -> None:
    Path("issued.docx").write_bytes(data)
    result = ledger("catalog", "import", "issued.docx", "-o", "made.yaml")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("“issued.docx”：")
    assert result.err.count("\n") == 1
    assert not Path("made.yaml").exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "没有找到任务表"),
        ([("", "", "", "")], "没有找到任务表"),
        ([("", "1.甲", "", "长期坚持")], "“责任单位”一栏全是空的"),
    ],
)
def test_a_document_without_tasks_or_units_is_refused(
    bare: Path, ledger: Ledger, rows: list[tuple[str, ...]], words: str
) -> None:
    made_of("附件2", "台账", rows=rows).save("issued.docx")
    result = ledger("catalog", "import", "issued.docx", "-o", "made.yaml")
    assert result.code == 2
    assert words in result.err
    assert not Path("made.yaml").exists()


def test_what_is_there_is_not_replaced_without_force(bare: Path, ledger: Ledger) -> None:
    made_of("附件2", "台账", rows=[("", "1.甲", "司法厅", "长期坚持")]).save("issued.docx")
    before = Path("data/tasks.yaml").read_bytes()
    result = ledger("catalog", "import", "issued.docx", "-o", "data/tasks.yaml")
    assert result.code == 2
    assert "没有覆盖" in result.err
    assert Path("data/tasks.yaml").read_bytes() == before
    assert ledger("catalog", "import", "issued.docx", "-o", "data/tasks.yaml", "--force").code == 0
    assert list(read(Path("data/tasks.yaml")).tasks) == [1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.docx", "-o", "made.yaml"), "没有找到“none.docx”"),
        (("none.docx", "-o", "made.docx"), "不是 .yaml 文件"),
        (("none.docx",), "缺少“-o”"),
        (("data", "-o", "made.yaml"), "打不开"),
    ],
)
def test_usage(bare: Path, ledger: Ledger, arguments: tuple[str, ...], words: str) -> None:
    result = ledger("catalog", "import", *arguments)
    assert result.code == 2
    assert words in result.err


def test_a_faulty_catalog_gives_no_periods_and_a_faulty_registry_none(bare: Path, ledger: Ledger) -> None:
    made_of("附件2", "台账", rows=[("", "1.甲", "司法厅", "长期坚持")]).save("issued.docx")
    Path("data/tasks.yaml").write_text("章节: []\n", "utf-8")
    result = ledger("catalog", "import", "issued.docx", "-o", "made.yaml")
    assert result.code == 0
    assert "请补上“当前报送期”和“报送期”" in result.out
    assert read(Path("made.yaml")).periods == ()
    Path("data/units.yaml").write_text("单位: 司法厅\n", "utf-8")
    result = ledger("catalog", "import", "issued.docx", "-o", "other.yaml")
    assert (result.code, Path("other.yaml").exists()) == (2, False)


def test_help_is_chinese(ledger: Ledger) -> None:
    result = ledger("catalog", "import", "--help")
    assert result.code == 0
    assert "用法：ledger catalog import" in result.out


# -- units and deadlines --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "refs", "unknown"),
    [
        ("自治区发展改革委、政府办公厅、市场监管厅", "fgw zfbgt scjgt", ""),
        (f"自治区司法厅，各行政执法机关，{LOCAL}", "sft enforcement local", ""),
        ("各行政执法机关，自治区司法厅", "sft", "各行政执法机关"),
        ("各市、县(区)人民政府", "local", ""),
        ("各市、县（市、区）人民政府，银川市", "yinchuan", "各市、县（市、区）人民政府"),
        ("牵头单位：司法厅；配合单位：公安厅", "sft gat", ""),
        ("自治区发展和改革委员会和公安厅", "", "自治区发展和改革委员会和公安厅"),
        ("自治区司法厅和公安厅、司法厅", "sft gat", ""),
        ("宁夏回族自治区教育厅", "jyt", ""),
        ("自治区住房城乡\n建设厅", "zjt", ""),
        ("sft、自治区档案局、大数据局", "", "sft 自治区档案局 大数据局"),
    ],
)
def test_units(registry: Registry, text: str, refs: str, unknown: str) -> None:
    assert UnitNames(registry).resolve(text) == (tuple(refs.split()), tuple(unknown.split()))


def test_the_region_before_a_name_holds_up_to_the_comma_where_both_names_are_registered(
    bare: Path, ledger: Ledger
) -> None:
    """各行政执法机关 is another group than 自治区各行政执法机关 where an office has registered both."""
    units = bare / "data/units.yaml"
    both = "  - {代码: everyone, 名称: 各行政执法机关, 成员: [enforcement, local]}\n"
    units.write_text(units.read_text("utf-8") + both, "utf-8")
    written = {
        "自治区司法厅、各行政执法机关": ("sft", "enforcement"),
        "自治区司法厅、公安厅、各行政执法机关": ("sft", "gat", "enforcement"),
        "自治区司法厅，各行政执法机关": ("sft", "everyone"),
        "自治区司法厅、公安厅；各行政执法机关": ("sft", "gat", "everyone"),
        "司法厅、各行政执法机关": ("sft", "everyone"),
        "各行政执法机关、自治区司法厅": ("everyone", "sft"),
        "自治区司法厅、银川市，各行政执法机关": ("sft", "yinchuan", "everyone"),
        "自治区司法厅，公安厅、有关行政执法机关": ("sft", "gat", "relevant"),
    }
    rows = [("一、甲", f"{number}.甲", words, "长期坚持") for number, words in enumerate(written, 1)]
    catalog, _ = bring_in(ledger, made_of("附件1", "台账", rows=rows))
    assert {task.units: task.refs for task in catalog.tasks.values()} == written
