"""Attachments as other offices make them: what becomes of their heads, sections, numbers, names and remarks."""

import json
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import pytest

from ledger_cli.model.catalog import Catalog
from ledger_cli.model.registry import Registry
from ledger_cli.read.catalog import read_catalog, read_registry
from tests.conftest import Ledger

Rows = Sequence[tuple[str, ...]]


def document(path: Path, *blocks: str | Rows) -> Path:
    """Paragraphs and tables; a cell ← belongs to the one on its left, ↑ to the one above."""
    made = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            made.add_paragraph(block)
            continue
        table = made.add_table(len(block), max(map(len, block)))
        for r, row in enumerate(block):
            for c, text in enumerate(row):
                if text == "←":
                    table.cell(r, c - 1).merge(table.cell(r, c))
                elif text == "↑":
                    table.cell(r - 1, c).merge(table.cell(r, c))
                else:
                    table.cell(r, c).text = text
    made.save(str(path))
    return path


def begin(
    ledger: Ledger, tmp_path: Path, *blocks: str | Rows, more: Sequence[str] = ()
) -> tuple[Catalog, Registry, str]:
    """The catalog, the registry and what was said, of a new plan."""
    result = ledger("init", tmp_path / "新", "--from", document(tmp_path / "件.docx", *blocks), *more)
    assert (result.code, result.err) == (0, ""), result.err
    catalog, _ = read_catalog((tmp_path / "新/data/tasks.yaml").read_bytes(), "t")
    registry, _ = read_registry((tmp_path / "新/data/units.yaml").read_bytes(), "u")
    assert catalog is not None
    assert registry is not None
    return catalog, registry, result.out


def texts(catalog: Catalog) -> list[str]:
    return [task.text for task in catalog.tasks.values()]


HEAD = ("序号", "任务", "责任单位", "完成时限")
TITLE = ("附件1", "2024年重点任务表")


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("督查事项", "举措"),
        ("建设内容及规模", "举措"),
        ("改革举措", "举措"),
        ("测评标准", "举措"),
        ("整改举措", "举措"),
    ],
)
def test_a_heading_of_no_list_is_told_by_its_looks_and_that_is_said(
    tmp_path: Path, ledger: Ledger, heading: str, role: str
) -> None:
    rows = [("序号", heading, "责任单位", "完成时限"), ("1", "建成系统。", "市财政局", "2024年底前")]
    catalog, _, said = begin(ledger, tmp_path, *TITLE, rows)
    assert [str(column.role) for column in catalog.shape.columns][:4] == ["编号", role, "责任", "时限"]
    assert f"“{heading}”一栏当作“举措”" in said


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("主责部门", "牵头"),
        ("协同部门", "配合"),
        ("整改责任单位", "责任"),
        ("整改期限", "时限"),
        ("计划完成时间", "时限"),
        ("整改进展情况", "落实"),
        ("已完成工作", "落实"),
        ("完成比例（%）", "填报"),
        ("进度安排", "时限"),
        ("计划完工", "时限"),
        ("配合责任单位", "配合"),
        ("下一阶段工作安排", "打算"),
        ("牵头领导", "方案"),
        ("填报时间", "填报"),
        ("联系人", "填报"),
    ],
)
def test_what_else_a_heading_looks_like(tmp_path: Path, ledger: Ledger, heading: str, role: str) -> None:
    when = "2024年底前" if role == "时限" else ""
    rows = [
        ("序号", "任务", "承办单位", heading),
        ("1", "建成系统。", "市财政局", when),
        ("2", "建成另一个。", "市审计局", when),
    ]
    if heading == "整改责任单位":
        rows[0] = ("序号", "任务", "备注", heading)
        rows[1:] = [("1", "建成系统。", "", "市财政局")]
    catalog, _, _ = begin(ledger, tmp_path, *TITLE, rows)
    assert str(next(column.role for column in catalog.shape.columns if column.name == heading)) == role


def test_columns_without_any_known_heading_are_told_by_what_stands_in_them(tmp_path: Path, ledger: Ledger) -> None:
    rows = [
        ("序号", "干什么", "谁来干", "办结时限"),
        ("1", "建成统一的政务服务平台。", "市审批服务局", "2024年6月底前"),
        ("2", "完成数据目录编制工作。", "市大数据中心、市财政局", "2024年底前"),
    ]
    catalog, registry, said = begin(ledger, tmp_path, *TITLE, rows)
    assert texts(catalog) == ["建成统一的政务服务平台。", "完成数据目录编制工作。"]
    assert [unit.name for unit in registry.units] == ["市审批服务局", "市大数据中心", "市财政局"]
    assert "“谁来干”一栏当作“责任”" in said


def test_a_table_whose_columns_nobody_can_tell_is_refused_with_its_head(tmp_path: Path, ledger: Ledger) -> None:
    rows = [("序号", "任务", "联系人", "完成时限"), ("1", "建成。", "张三", "2024年底前")]
    result = ledger("init", tmp_path / "新", "--from", document(tmp_path / "件.docx", *TITLE, rows))
    assert result.code == 2
    assert "找到了表头“序号”“任务”“联系人”“完成时限”，没有认出责任单位这一栏" in result.err
    assert not (tmp_path / "新").exists()


def test_a_row_that_looks_like_a_head_is_a_task_once_the_head_was_found(tmp_path: Path, ledger: Ledger) -> None:
    rows = [
        ("任务", "责任单位", "完成时限"),
        ("建设平台", "市财政局", "2024年底前"),
        ("储备项目", "市直单位", "另定时间"),
        ("建设园区", "市工信局", "2024年底前"),
    ]
    catalog, _, _ = begin(ledger, tmp_path, *TITLE, rows)
    assert texts(catalog) == ["建设平台", "储备项目", "建设园区"]


def test_lines_about_who_fills_in_and_closing_rows_are_no_tasks(tmp_path: Path, ledger: Ledger) -> None:
    rows = [
        ("填报单位：市财政局", "←", "填报时间：2024年3月", "←"),
        HEAD,
        ("1", "建成系统。", "市财政局", "2024年底前"),
        ("合计", "", "", ""),
        ("备注", "逾期不报的予以通报。", "←", "←"),
    ]
    catalog, registry, said = begin(ledger, tmp_path, *TITLE, "制表单位：督查室", "2024年3月5日", rows)
    assert texts(catalog) == ["建成系统。"]
    assert not any(column.group for column in catalog.shape.columns)
    assert [unit.name for unit in registry.units] == ["市财政局"]
    assert catalog.head.title == "2024年重点任务表"
    assert "逾期不报的予以通报" in said


def test_a_row_merged_over_task_and_units_is_a_title_with_its_number(tmp_path: Path, ledger: Ledger) -> None:
    rows = [
        HEAD,
        ("1", "片区更新", "←", "←"),
        ("1.1", "改造小区。", "市住建局", "2024年底前"),
        ("2", "品质提升", "←", "←"),
        ("2.1", "新建公园。", "市园林局", "2024年底前"),
    ]
    catalog, registry, _ = begin(ledger, tmp_path, *TITLE, rows)
    assert [section.title for section in catalog.sections] == ["1.片区更新", "2.品质提升"]
    assert list(catalog.tasks) == ["1.1", "2.1"]
    assert [unit.name for unit in registry.units] == ["市住建局", "市园林局"]


def test_a_merged_first_column_has_sections_and_titles_over_the_table_go_before_it(
    tmp_path: Path, ledger: Ledger
) -> None:
    rows = [
        ("领域", "任务", "责任单位", "完成时限"),
        ("产业", "建园区。", "市工信局", "2024年底前"),
        ("↑", "引企业。", "市商务局", "↑"),
        ("生态", "治污水。", "市生态环境局", "长期坚持"),
    ]
    catalog, _, _ = begin(ledger, tmp_path, *TITLE, rows)
    assert [(section.title, len(section.tasks)) for section in catalog.sections] == [("产业", 2), ("生态", 1)]
    assert [task.deadline for task in catalog.tasks.values()] == ["2024年底前", "2024年底前", "长期坚持"]
    assert not any(task.gaps for task in catalog.tasks.values())
    titled = [rows[0], ("一、第一部分", "←", "←", "←"), *rows[1:]]
    (tmp_path / "二").mkdir()
    catalog, _, _ = begin(ledger, tmp_path / "二", *TITLE, titled)
    assert [section.title for section in catalog.sections] == ["一、第一部分"]
    assert [task.more.get("领域") for task in catalog.tasks.values()] == ["产业", "产业", "生态"]


def test_of_two_columns_of_tasks_the_finer_one_has_the_tasks(tmp_path: Path, ledger: Ledger) -> None:
    rows = [
        ("主要任务", "具体内容", "责任单位", "完成时限"),
        ("建设平台", "建成政务云。", "市数据局", "2024年底前"),
        ("↑", "编制目录。", "市数据局", "2024年底前"),
        ("提升服务", "高效办成一件事。", "市审批局", "2024年底前"),
    ]
    catalog, _, _ = begin(ledger, tmp_path, *TITLE, rows)
    assert texts(catalog) == ["建成政务云。", "编制目录。", "高效办成一件事。"]


def test_a_rectification_ledger_keeps_its_problems_and_asks_under_other_names(tmp_path: Path, ledger: Ledger) -> None:
    rows = [
        ("序号", "存在问题", "整改措施", "责任单位", "整改时限"),
        ("1", "管网不健全。", "1.改造12公里。\n2.建立清单。", "市住建局", "立行立改"),
    ]
    catalog, _, said = begin(ledger, tmp_path, *TITLE, rows)
    (task,) = catalog.tasks.values()
    assert (task.text, task.more) == ("1.改造12公里。\n2.建立清单。", {"存在问题": "管网不健全。"})
    assert [column.name for column in catalog.shape.filed] == ["具体落实情况", "落实中的问题", "工作打算"]
    assert "加上了“具体落实情况、落实中的问题、工作打算”" in said
    assert "第1项：“立行立改”" in said


def test_numbers_that_start_anew_or_hold_for_several_rows_are_printed_as_they_were(
    tmp_path: Path, ledger: Ledger
) -> None:
    rows = [
        HEAD,
        ("1", "甲。", "市财政局", "2024年底前"),
        ("↑", "乙。", "市审计局", "2024年底前"),
        ("2", "丙。", "市财政局", "2024年底前"),
    ]
    catalog, _, _ = begin(ledger, tmp_path, *TITLE, "一、甲类", rows, "二、乙类", rows)
    assert list(catalog.tasks) == [1, 2, 3, 4, 5, 6]
    assert [task.label or str(task.number) for task in catalog.tasks.values()] == ["1", "1", "2", "1", "1", "2"]
    assert [section.title for section in catalog.sections] == ["一、甲类", "二、乙类"]


def test_a_document_without_numbers_gets_none_in_print(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        ("任务", "责任单位", "完成时限"),
        ("甲事。", "市财政局", "2024年底前"),
        ("乙事。", "市审计局", "2024年底前"),
    ]
    begin(ledger, tmp_path, *TITLE, rows)
    monkeypatch.chdir(tmp_path / "新")
    assert ledger("report", "--blank", "-o", "blank.docx").code == 0
    table = docx.Document("blank.docx").tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [list(row) for row in rows]
    template = docx.Document("templates/ledger.docx")
    template.add_paragraph("送审稿")
    template.save("templates/ledger.docx")
    assert ledger("report", "--blank", "-o", "again.docx").code == 0  # edited, it keeps the columns it has
    assert "具体落实情况" in [cell.text for cell in docx.Document("again.docx").tables[0].rows[0].cells]
    assert ledger("form", "市审计局", "-o", "form.docx").code == 0
    assert any("2.乙事。" in cell.text for row in docx.Document("form.docx").tables[0].rows for cell in row.cells)


@pytest.mark.parametrize(
    ("cell", "units", "groups"),
    [
        ("县公安局 县市场监管局", ["县公安局", "县市场监管局"], []),
        ("市委督查室\n市政府督查室", ["市委督查室", "市政府督查室"], []),
        ("市金融局\n人行洛阳市分行\n洛阳海关", ["市金融局", "人行洛阳市分行", "洛阳海关"], []),
        ("市住房城乡\n建设局、市委\n办公室", ["市住房城乡建设局", "市委办公室"], []),
        ("县公路段 各乡镇人民政府", ["县公路段"], ["各乡镇人民政府"]),
        ("县农业农村局会同新湖乡", ["县农业农村局", "新湖乡"], []),
        ("桥头镇党委、政府", ["桥头镇党委", "桥头镇政府"], []),
        ("市商务局、卫生健康委等有关部门参加", ["市商务局", "卫生健康委"], []),
        ("各州（市）人民政府落实", [], ["各州（市）人民政府"]),
        ("县水利局（石桥镇政府配合）", ["县水利局", "石桥镇政府"], []),
        ("市司法局（市委依法治市办）", ["市司法局（市委依法治市办）"], []),
        ("各乡镇政府（街道办），县教育局", ["县教育局"], ["各乡镇政府（街道办）"]),
        ("市财政局等有关部门按职责分工负责", ["市财政局"], []),
        ("市公安局和市司法局", ["市公安局", "市司法局"], []),
        ("市发展和改革委员会", ["市发展和改革委员会"], []),
        ("县防汛抗旱指挥部成员单位、市直行政执法部门", [], ["县防汛抗旱指挥部成员单位", "市直行政执法部门"]),
        ("市教育局、财政局", ["市教育局", "财政局"], []),
    ],
)
def test_names_in_a_cell(tmp_path: Path, ledger: Ledger, cell: str, units: list[str], groups: list[str]) -> None:
    rows = [HEAD, ("1", "甲事。", cell, "2024年底前")]
    catalog, registry, _ = begin(ledger, tmp_path, *TITLE, rows)
    assert ([unit.name for unit in registry.units], [group.name for group in registry.groups]) == (units, groups)
    (task,) = catalog.tasks.values()
    assert len({*task.refs, *task.lead_refs, *task.joint_refs}) == len(units) + len(groups)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("市民政局牵头，市财政局、市审计局配合", {"市民政局": "牵头", "市财政局": "配合", "市审计局": "配合"}),
        ("市住建局（牵头）、市财政局（配合）、市水务局", {"市住建局": "牵头", "市财政局": "配合", "市水务局": "责任"}),
        ("牵头：市发改委\n配合：市财政局", {"市发改委": "牵头", "市财政局": "配合"}),
        ("市水利局（牵头），市林业局、市审计局（配合）", {"市水利局": "牵头", "市林业局": "配合", "市审计局": "配合"}),
        ("市公安局牵头，市司法局、市财政局", {"市公安局": "牵头", "市司法局": "责任", "市财政局": "责任"}),
        ("市公安局、市司法局", {"市公安局": "责任", "市司法局": "责任"}),
        ("市公安局、市司法局等有关部门参加", {"市公安局": "责任", "市司法局": "责任"}),
        ("市水利局（市审计局配合）", {"市水利局": "责任", "市审计局": "配合"}),
    ],
)
def test_who_leads_is_read_from_the_words_of_a_single_column(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, cell: str, parts: dict[str, str]
) -> None:
    rows = [HEAD, ("1", "甲事。", cell, "2024年底前"), ("2", "乙事。", "市档案局牵头", "2024年底前")]
    _, registry, _ = begin(ledger, tmp_path, *TITLE, rows)
    monkeypatch.chdir(tmp_path / "新")
    units = json.loads(ledger("who", "1", "--format", "json").out)["units"]
    words = {"lead": "牵头", "joint": "配合", "responsible": "责任"}
    assert {registry.unit[one["unit"]].name: words[one["part"]] for one in units} == parts
    assert ledger("validate").code == 0
    assert ledger("catalog", "verify", tmp_path / "件.docx").code == 0


def test_groups_without_members_are_warned_of(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, said = begin(ledger, tmp_path, *TITLE, [HEAD, ("1", "甲事。", "各县（区）人民政府", "2024年底前")])
    assert "“各县（区）人民政府”是一组单位" in said
    monkeypatch.chdir(tmp_path / "新")
    result = ledger("validate")
    assert result.code == 0
    assert "K515 组“各县（区）人民政府”没有成员" in result.out


def test_a_list_of_units_is_the_registry_and_what_it_lacks_is_told(tmp_path: Path, ledger: Ledger) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("单位名称", "简称", "层级", "上级", "组"),
        ("青山市财政局", "市财政局", "市直部门", None, None),
        ("青山县水利局", "县水利局", "县级部门", None, "各成员单位"),
        ("石桥镇人民政府", "石桥镇", "乡镇", "青山县水利局", "各成员单位"),
    ):
        sheet.append(row)
    book.save(tmp_path / "单位.xlsx")
    rows = [
        HEAD,
        ("1", "甲事。", "市财政局、县水利局、县气象局", "2024年底前"),
        ("2", "乙事。", "各成员单位、各镇政府", "2024年底前"),
    ]
    catalog, registry, said = begin(ledger, tmp_path, *TITLE, rows, more=("--units", str(tmp_path / "单位.xlsx")))
    assert [(unit.name, unit.level, unit.confirmed) for unit in registry.units] == [
        ("青山市财政局", "市", True),
        ("青山县水利局", "县", True),
        ("石桥镇人民政府", "乡镇", True),
        ("县气象局", "县", False),
    ]
    assert registry.units[2].parent == registry.units[1].id
    assert [(group.name, len(group.members or ())) for group in registry.groups] == [("各成员单位", 2), ("各镇政府", 0)]
    assert [len(task.refs) for task in catalog.tasks.values()] == [3, 2]
    assert "原件写着“县气象局”，单位表里没有" in said


@pytest.mark.parametrize(
    "lines",
    [
        (
            "一、主要任务",
            "1.建设中心。（牵头单位：市民政局；配合单位：市财政局；完成时限：2024年底前）",
            "2.保障用地。（市自然资源局牵头，市住建局负责，2025年6月底前完成）",
        ),
        (
            "一、主要任务",
            "1.建设中心。",
            "牵头单位：市民政局",
            "配合单位：市财政局",
            "完成时限：2024年底前",
            "2.保障用地。",
            "牵头单位：市自然资源局；责任单位：市住建局；完成时限：2025年6月底前完成",
        ),
        (
            "一、主要任务",
            "1.建设中心。",
            "（牵头单位：市民政局；配合单位：市财政局；完成时限：2024年底前）",
            "2.保障用地。",
            "（市自然资源局牵头，市住建局负责，2025年6月底前完成）",
        ),
    ],
)
def test_a_plan_in_prose(tmp_path: Path, ledger: Ledger, lines: tuple[str, ...]) -> None:
    intro = "为贯彻落实上级决策部署，制定本方案。"
    catalog, _, _ = begin(ledger, tmp_path, "养老服务分工方案", intro, *lines)
    assert catalog.head.title == "养老服务分工方案"
    assert [section.title for section in catalog.sections] == ["一、主要任务"]
    assert [(t.text, t.lead, t.units, t.joint) for t in catalog.tasks.values()] == [
        ("建设中心。", "市民政局", "", "市财政局"),
        ("保障用地。", "市自然资源局", "市住建局", ""),
    ]
    assert [[str(d.due) for d in t.duties] for t in catalog.tasks.values()] == [["2024-12-31"], ["2025-06-30"]]


def test_of_several_annexes_one_is_taken_and_the_others_are_named(tmp_path: Path, ledger: Ledger) -> None:
    def rows(text: str) -> Rows:
        return [HEAD, ("1", text, "市财政局", "2024年底前")]

    blocks = (
        "关于印发的通知",
        "附件1",
        "甲表",
        rows("甲事。"),
        "附件2",
        "乙表",
        rows("乙事。"),
        "附件3",
        "丙表",
        rows("丙事。"),
    )
    catalog, _, said = begin(ledger, tmp_path, *blocks)
    assert (catalog.head.title, texts(catalog)) == ("甲表", ["甲事。"])
    for number in (2, 3):
        assert f"文件里还有“附件{number}”，没有导入；要导入的，加 --annex {number}" in said
    assert "丙事" not in said
    (tmp_path / "三").mkdir()
    catalog, _, _ = begin(ledger, tmp_path / "三", *blocks, more=("--annex", "3"))
    assert (catalog.head.title, texts(catalog)) == ("丙表", ["丙事。"])
    result = ledger("init", tmp_path / "四", "--from", tmp_path / "件.docx", "--annex", "9")
    assert (result.code, "文件里没有“附件9”" in result.err) == (2, True)


def test_verify_finds_printed_cells_that_nobody_took_in_and_lists_rows_that_are_no_tasks(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [HEAD, ("1", "甲事。", "市财政局", "2024年底前"), ("备注", "说在表里的话。", "←", "←")]
    other = [("任务", "责任单位", "完成时限", "指标"), ("丙事。", "市审计局", "长期坚持", "")]
    begin(ledger, tmp_path, *TITLE, rows)
    monkeypatch.chdir(tmp_path / "新")
    result = ledger("catalog", "verify", tmp_path / "件.docx")
    assert (result.code, result.err) == (0, "")
    assert "原件表里的“说在表里的话。”不是任务，没有收入" in result.out
    result = ledger("catalog", "verify", document(tmp_path / "二.docx", *TITLE, rows, other))
    assert result.code == 1
    for words in ("丙事。", "市审计局", "长期坚持"):
        assert f"原件表里的“{words}”，任务目录里没有" in result.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--units", "a.xlsx"), "要与 --from 一起写"),
        (("--from", "没有.docx"), "没有找到“没有.docx”"),
        (("--from", "件.docx", "--period", "上半年"), "看不懂报送期编号“上半年”"),
        (("--from", "件.docx", "--due", "2024-07-10"), "要与 --period 一起写"),
        (("--from", "件.docx", "--units", "件.docx"), "单位表里没有“单位名称”这一栏"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    document(
        tmp_path / "件.docx", *TITLE, [("序号", "任务", "责任人员", "承办单位"), ("1", "甲事。", "甲", "市财政局")]
    )
    result = ledger("init", "新", *arguments)
    assert result.code == 2
    assert words in result.err
    assert not Path("新").exists()
