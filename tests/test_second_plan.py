"""A second ledger of another shape, from its issued attachment to the report, as an office plays it."""

import json
import shutil
from pathlib import Path

import docx
import openpyxl
import pytest

from ledger_cli.read.catalog import read_catalog, read_registry
from tests.conftest import Ledger
from tests.second_plan import (
    ANSWERED,
    BELOW,
    CELLS,
    HEAD,
    TASKS,
    UNITS,
    fill,
    issued,
    issued_workbook,
    table_texts,
)


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Ledger) -> Path:
    """A workspace made of the attachment; it is the current folder."""
    monkeypatch.chdir(tmp_path)
    result = ledger("init", "台账", "--from", issued(tmp_path / "附件.docx"), "--period", "2024H1")
    assert (result.code, result.err) == (0, ""), result.err
    monkeypatch.chdir(tmp_path / "台账")
    return tmp_path / "台账"


def answers(unit: str, *numbers: int) -> dict[str, str]:
    """What a unit writes into its form, a text of its own for each cell."""
    found: dict[str, str] = {}
    for number in numbers:
        values = (f"{unit}第{number}项的进展。", f"{number}0", "是", f"{unit}第{number}项的问题。")
        found |= {f"{number}|{column}": value for column, value in zip(ANSWERED, values, strict=True)}
    return found


def values(unit: str, number: int) -> dict[str, object]:
    """The same as JSON has it."""
    return dict(
        zip(ANSWERED, (f"{unit}第{number}项的进展。", number * 10, True, f"{unit}第{number}项的问题。"), strict=True)
    )


def play(ledger: Ledger, suffix: str = ".docx") -> None:
    """Forms out, filled in and taken in again, for three units."""
    for unit, numbers in (("smzj", (1,)), ("sczj", (1, 2)), ("sscjgj", (3,))):
        form = Path(f"{unit}{suffix}")
        result = ledger("form", unit, "-o", form)
        assert (result.code, result.err) == (0, ""), result.err
        if suffix == ".docx":
            fill(form, answers(unit, *numbers))
        else:
            fill_workbook(form, answers(unit, *numbers))
        result = ledger("intake", form)
        assert (result.code, result.err) == (0, ""), result.out + result.err


def fill_workbook(form: Path, given: dict[str, str]) -> None:
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    head = next(row for row in rows if any(cell.value == "推进情况" for cell in row))
    place = {str(cell.value): cell.column or 0 for cell in head if cell.value}
    for number in {key.partition("|")[0] for key in given}:
        row = next(row for row in rows if str(row[0].value) == number)
        for column in ANSWERED:
            value = given[f"{number}|{column}"]
            cell = sheet.cell(row[0].row or 0, place[column])
            cell.value = int(value) / 100 if column == "进度（%）" and "%" in cell.number_format else value
    book.save(form)


# -- the catalog -----------------------------------------------------------------------------------


def test_the_attachment_becomes_a_working_ledger(plan: Path, ledger: Ledger) -> None:
    catalog, _ = read_catalog((plan / "data/tasks.yaml").read_bytes(), "t")
    registry, _ = read_registry((plan / "data/units.yaml").read_bytes(), "u")
    assert catalog is not None
    assert registry is not None
    assert (catalog.head.annex, catalog.head.title) == ("附件2", "2024年全市重点工作任务台账")
    assert [
        (column.name, column.group or "", str(column.role), str(column.kind)) for column in catalog.shape.columns
    ] == [
        ("序号", "", "编号", "正文"),
        ("重点任务", "", "举措", "正文"),
        ("牵头领导", "", "方案", "正文"),
        ("牵头单位", "责任分工", "牵头", "正文"),
        ("配合单位", "责任分工", "配合", "正文"),
        ("完成时限", "", "时限", "正文"),
        ("推进情况", "", "落实", "正文"),
        ("进度（%）", "", "填报", "百分比"),
        ("是否完成", "", "填报", "是否"),
        ("存在问题", "", "问题", "正文"),
        ("备注", "", "方案", "正文"),
    ]
    assert [section.title for section in catalog.sections] == ["一、办好民生实事", "二、优化营商环境"]
    assert [(task.text, task.more.get("牵头领导"), task.more.get("备注", "")) for task in catalog.tasks.values()] == [
        (cells[1], cells[2], cells[10]) for cells in CELLS
    ]
    assert [(task.lead_refs, task.joint_refs) for task in catalog.tasks.values()] == [
        (("smzj",), ("sczj", "szfcxjsj")),
        (("szfcxjsj",), ("sczj",)),
        (("sscjgj",), ("sgaj", "sswj")),
    ]
    assert [[duty.when for duty in task.duties] for task in catalog.tasks.values()] == [
        ["2024-06-30前"],
        ["2024-12-31前"],
        ["每季末"],
    ]
    assert {unit.id: unit.name for unit in registry.units} == UNITS
    assert not any(unit.confirmed for unit in registry.units)
    assert ledger("validate").code == 0
    assert "一致" in ledger("catalog", "verify", plan.parent / "附件.docx").out


def test_what_is_unsure_is_listed_and_written_down(tmp_path: Path, ledger: Ledger) -> None:
    said = ledger("init", tmp_path / "新", "--from", issued(tmp_path / "附件.docx")).out
    for words in (
        "第一个报送期暂定为2024年下半年",
        "“6月底前”按2024年6月30日计",
        '指标: {编号: "2-a"',
        "“注：本表每季度报送一次。”",
        "6 家",
    ):
        assert words in said
        assert words in (tmp_path / "新/data/tasks.yaml").read_text("utf-8") or words == "6 家"


def test_a_table_in_excel_makes_the_same_plan(plan: Path, tmp_path: Path, ledger: Ledger) -> None:
    result = ledger("init", tmp_path / "表", "--from", issued_workbook(tmp_path / "附件.xlsx"), "--period", "2024H1")
    assert (result.code, result.err) == (0, ""), result.err
    catalogs = [read_catalog((root / "data/tasks.yaml").read_bytes(), "t")[0] for root in (plan, tmp_path / "表")]
    assert catalogs[0] == catalogs[1]


def test_the_blank_gives_the_issued_table_back(plan: Path, ledger: Ledger) -> None:
    assert ledger("report", "--blank", "-o", "blank.docx").code == 0
    expected = [list(HEAD), [below or above for above, below in zip(HEAD, BELOW, strict=True)]]
    expected += [[*row] if len(row) > 1 else [row[0]] * len(HEAD) for row in TASKS]
    assert table_texts(Path("blank.docx")) == expected


def test_verify_tells_every_cell_that_differs(plan: Path, ledger: Ledger) -> None:
    tasks = plan / "data/tasks.yaml"
    text = tasks.read_text("utf-8")
    for before, after in (
        ("新建社区食堂20个", "新建社区食堂2个"),
        ("牵头领导: 李强", "牵头领导: 李刚"),
        ("备注: 省级考核", "备注: 市级考核"),
    ):
        assert before in text
        text = text.replace(before, after)
    tasks.write_text(text, "utf-8")
    result = ledger("catalog", "verify", plan.parent / "附件.docx")
    assert result.code == 1
    assert "第1项“重点任务”：原件“新建社区食堂20个。”，任务目录“新建社区食堂2个。”" in result.out
    assert "第2项“牵头领导”：原件“李强”，任务目录“李刚”" in result.out
    assert "第1项“备注”：原件“省级考核”" in result.out
    assert "6 处不同" in result.out  # and three cells of the paper are nowhere


def test_verify_tells_tasks_that_stand_on_one_side_only(plan: Path, ledger: Ledger) -> None:
    tasks = plan / "data/tasks.yaml"
    text = tasks.read_text("utf-8")
    place = text.index("      - 编号: 3\n")
    tasks.write_text(
        text[:place] + "      - 编号: 3\n        重点任务: 另一件事。\n        牵头单位: 市公安局\n", "utf-8"
    )
    with tasks.open("a", encoding="utf-8") as file:
        file.write("      - 编号: 4\n        重点任务: 多出来的事。\n        牵头单位: 市公安局\n")
    changed = ledger("catalog", "verify", plan.parent / "附件.docx")
    assert "第4项：原件里没有这一项（多出来的事。）" in changed.out
    assert "第3项“重点任务”：原件“企业开办一日办结。”，任务目录“另一件事。”" in changed.out
    tasks.write_text(text[: text.index("  - 标题: 二、")], "utf-8")
    lacking = ledger("catalog", "verify", plan.parent / "附件.docx")
    assert (changed.code, lacking.code) == (1, 1)
    assert "第3项：任务目录里没有这一项（企业开办一日办结。）" in lacking.out


# -- the period ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_a_period_is_played_from_forms_to_the_report(plan: Path, ledger: Ledger, suffix: str) -> None:
    play(ledger, suffix)
    assert ledger("validate", "--format", "json").code == 0
    assert ledger("merge", "-o", "build/m.json").code == 0
    data = json.loads(Path("build/m.json").read_text("utf-8"))
    merged = {(t["task"], e["unit"]): (e["part"], e["values"]) for t in data["tasks"] for e in t["answers"]}
    parts = {(1, "smzj"): "lead", (1, "sczj"): "joint", (2, "sczj"): "joint", (3, "sscjgj"): "lead"}
    assert merged == {(number, unit): (part, values(unit, number)) for (number, unit), part in parts.items()}
    result = ledger("report", "-o", "report.docx")
    assert (result.code, result.err) == (0, "")
    rows = [row for row in table_texts(Path("report.docx")) if "市财政局〔配合〕：" in row[6]]
    assert [(row[0], row[6].partition("：")[2], row[7], row[8], row[9]) for row in rows] == [
        (str(number), f"sczj第{number}项的进展。", f"{number}0%", "是", f"sczj第{number}项的问题。")
        for number in (1, 2)
    ]
    assert ledger("intake", "report.docx").out.count("没有变化") == 3


def test_a_consolidated_ledger_under_one_units_name_is_not_all_that_units(plan: Path, ledger: Ledger) -> None:
    play(ledger)
    assert ledger("report", "-o", "report.docx").code == 0
    report = docx.Document("report.docx")
    report.core_properties.keywords = ""
    report.save("市财政局.docx")
    result = ledger("intake", "市财政局.docx")
    assert result.out.count("没有变化") == 3
    assert "smzj第1项" not in Path("submissions/2024H1/sczj.yaml").read_text("utf-8")


def test_who_leads_and_who_cooperates_is_said_everywhere(plan: Path, ledger: Ledger) -> None:
    assert "牵头" in ledger("who", "1").out
    assert "配合" in ledger("todo", "市财政局").out
    by_unit = ledger("status", "--unit", "市财政局").out
    assert "身份" in by_unit
    assert "配合" in by_unit
    assert ledger("remind", "-o", "催报", "--unit", "市财政局").code == 0
    assert "第1项（配合）" in next(Path("催报").glob("*.txt")).read_text("utf-8-sig")
    assert ledger("form", "市住房城乡建设局", "-o", "form.docx").code == 0
    words = "\n".join(p.text for p in docx.Document("form.docx").paragraphs)
    assert "本单位牵头第2项；配合第1项。" in words


def test_under_the_lead_the_others_are_invited_and_the_lead_speaks_for_them(plan: Path, ledger: Ledger) -> None:
    tasks = plan / "data/tasks.yaml"
    tasks.write_text(tasks.read_text("utf-8").replace("  名称: 2024年", "  报送方式: 牵头\n  名称: 2024年", 1), "utf-8")
    claims = json.loads(ledger("who", "1", "--format", "json").out)["units"]
    assert {claim["unit"]: claim["required"] for claim in claims} == {"smzj": True, "sczj": False, "szfcxjsj": False}
    play(ledger)
    path = Path("submissions/2024H1/smzj.yaml")
    path.write_text(path.read_text("utf-8").rstrip("\n") + "\n    联合: [sczj, 市住房城乡建设局]\n", "utf-8")
    told = json.loads(ledger("validate", "--format", "json").out)
    assert not [found for found in told["findings"] if found["code"] in ("C210", "S101", "C203")]
    assert ledger("report", "-o", "report.docx").code == 0
    cell = next(row[6] for row in table_texts(Path("report.docx")) if "市民政局〔牵头〕" in row[6])
    assert "联合报送：市财政局、市住房城乡建设局" in cell
    status = json.loads(ledger("status", "--format", "json").out)
    missing = {unit["unit"]: unit["missing"] for unit in status["coverage"]}
    assert missing == {"smzj": 0, "szfcxjsj": 1, "sscjgj": 0, "sczj": 0}


def test_lights_follow_from_the_duties(plan: Path, ledger: Ledger) -> None:
    data = json.loads(ledger("status", "--lights", "--format", "json", "--as-of", "2024-06-10").out)
    assert data["lights"] == [{"task": 1, "light": "黄"}, {"task": 2, "light": "绿"}, {"task": 3, "light": "红"}]
    assert "lights" not in json.loads(ledger("status", "--format", "json").out)
    template = docx.Document("templates/ledger.docx")
    for cell in {c for t in template.tables for row in t.rows for c in row.cells if "{{ 行.举措" in c.text}:
        cell.add_paragraph("灯：{{ 行.灯 }}")
    template.save("templates/ledger.docx")
    play(ledger)
    assert ledger("report", "-o", "report.docx", "--as-of", "2024-06-10").code == 0
    assert "灯：黄" in table_texts(Path("report.docx"))[3][1]


def test_changes_between_two_states_name_the_plans_columns(plan: Path, ledger: Ledger) -> None:
    play(ledger)
    assert ledger("open", "2024H2").code == 0
    shutil.copy("submissions/2024H1/smzj.yaml", "submissions/2024H2/smzj.yaml")
    path = Path("submissions/2024H2/smzj.yaml")
    path.write_text(
        path.read_text("utf-8").replace("2024H1", "2024H2").replace("10%", "80%").replace("进展。", "新进展。"), "utf-8"
    )
    data = json.loads(ledger("diff", "2024H1", "2024H2", "--format", "json").out)
    changed = {(c["field"], c["before"], c["after"]) for c in data["changes"] if c["kind"] == "changed"}
    assert changed == {("推进情况", "smzj第1项的进展。", "smzj第1项的新进展。"), ("进度（%）", "10%", "80%")}


# -- a column more ---------------------------------------------------------------------------------


def test_a_column_of_the_plan_is_a_line_in_the_catalog_and_nothing_else(plan: Path, ledger: Ledger) -> None:
    tasks = plan / "data/tasks.yaml"
    text = tasks.read_text("utf-8")
    line = "  - {名称: 牵头领导, 作用: 方案}\n"
    assert line in text
    text = text.replace(line, line + "  - {名称: 任务来源, 作用: 方案}\n")
    text = text.replace("        牵头领导: 王明\n", "        牵头领导: 王明\n        任务来源: 市委一号文件\n", 1)
    tasks.write_text(text, "utf-8")
    play(ledger)
    for arguments, name in (
        (("report",), "report.docx"),
        (("report", "--blank"), "blank.docx"),
        (("report", "--template", "compact"), "compact.docx"),
        (("report", "--unit", "smzj"), "unit.docx"),
        (("form", "smzj"), "form.docx"),
    ):
        assert ledger(*arguments, "-o", name, "--force").code == 0
        words = "\n".join(cell.text for t in docx.Document(name).tables for row in t.rows for cell in row.cells)
        assert "任务来源" in words, name
        assert "市委一号文件" in words, name


def test_a_template_that_was_edited_stays_its_owners(plan: Path, ledger: Ledger) -> None:
    template = docx.Document("templates/ledger.docx")
    template.paragraphs[0].add_run("（送审稿）")
    template.save("templates/ledger.docx")
    edited = Path("templates/ledger.docx").read_bytes()
    result = ledger("template", "ledger")
    assert result.code == 2
    assert "没有覆盖" in result.err
    assert Path("templates/ledger.docx").read_bytes() == edited
    play(ledger)
    assert ledger("report", "-o", "report.docx").code == 0
    assert any("（送审稿）" in p.text for p in docx.Document("report.docx").paragraphs)
    assert ledger("report", "--blank", "-o", "blank.docx").code == 0
    assert ledger("template", "ledger", "--force").code == 0
    assert ledger("template", "compact").code == 0  # nobody has touched it


def test_a_column_taken_out_of_the_rows_or_of_one_kind_of_them_is_told_by_its_name(plan: Path, ledger: Ledger) -> None:
    kept = shutil.copy("templates/ledger.docx", "kept.docx")
    template = docx.Document("templates/ledger.docx")
    for table in template.tables:
        for row in table.rows:
            for cell in row.cells:
                if "行.牵头领导" in cell.text:
                    for paragraph in cell.paragraphs:
                        for run in paragraph.runs:
                            run.text = ""
    template.save("templates/ledger.docx")
    play(ledger)
    result = ledger("report", "-o", "report.docx")
    assert result.code == 0
    assert "“牵头领导”" in result.err
    shutil.copy(kept, "templates/ledger.docx")
    template = docx.Document("templates/ledger.docx")
    cell = next(c for t in template.tables for row in t.rows for c in row.cells if "行.牵头领导" in c.text)
    cell.paragraphs[0].clear()
    template.save("templates/ledger.docx")
    for submission in Path("submissions/2024H1").glob("*.yaml"):
        submission.unlink()  # a task that nobody answered is a row of its own
    result = ledger("report", "-o", "report.docx", "--force")
    assert result.code == 2
    assert "没有“牵头领导”，别的行有" in result.err
