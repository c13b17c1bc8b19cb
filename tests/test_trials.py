"""What people tried and stumbled over, each held by a test in the users' terms."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.test_intake import HEAD, catalog_text, taken, texts_of, word


def partial(ledger: Ledger) -> dict[str, Any]:
    assert ledger("merge", "--partial", "-o", "out.json", "--force").code == 0
    data: dict[str, Any] = json.loads(Path("out.json").read_bytes())
    return data


@pytest.mark.parametrize("tasks", ["第13项已经办结3件", "\n  - 编号: 13\n    具体落实情况: 办结3件"])
def test_a_file_without_a_list_of_tasks_is_named_as_left_out(bare: Path, ledger: Ledger, tasks: str) -> None:
    write(bare, "zfbgt.yaml", f"单位: zfbgt\n报送期: 2024H1\n任务: {tasks}\n")
    data = partial(ledger)
    assert [(left["unit"], left["task"]) for left in data["left_out"]] == [("zfbgt", None)]
    assert data["totals"]["faulty"] == 3


@pytest.mark.parametrize("key", ["013", "第13项", "１３"])
def test_a_task_number_typed_oddly_is_counted_as_faulty(bare: Path, ledger: Ledger, key: str) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("  13:", f"  {key}:"))
    data = partial(ledger)
    assert [left["task"] for left in data["left_out"]] == [13]
    assert "zfbgt" not in data["tasks"][12]["missing"]


def test_a_plan_without_its_years_takes_them_from_the_title(sample: Path, ledger: Ledger) -> None:
    tasks = sample / "data/tasks.yaml"
    text = tasks.read_text("utf-8").replace("  开始: 2023-01-01\n  结束: 2025-12-31\n", "", 1)
    tasks.write_text(text, "utf-8")
    assert ledger("validate").code == 0


@pytest.mark.parametrize("code", ["../../esc", "2024/H1", ".."])
def test_a_period_that_is_no_folder_name_is_a_fault(bare: Path, ledger: Ledger, code: str) -> None:
    tasks = bare / "data/tasks.yaml"
    tasks.write_text(tasks.read_text("utf-8").replace("2024H1", code), "utf-8")
    assert "K508" in ledger("validate").out
    assert ledger("new", "gat").code == 2
    assert not list(bare.parent.rglob("gat.yaml"))


@pytest.mark.parametrize("output", ["data/tasks.yaml", "submissions/2024H1/x.yaml", "templates/x.yaml"])
def test_no_output_is_written_among_the_sources(sample: Path, ledger: Ledger, output: str) -> None:
    before = (sample / "data/tasks.yaml").read_bytes()
    assert ledger("merge", "-o", output, "--force").code == 2
    assert ledger("report", "--split", "unit", "-o", "submissions", "--force").code == 2
    assert (sample / "data/tasks.yaml").read_bytes() == before


def test_a_unit_that_reports_under_its_name_gets_no_second_file(bare: Path, ledger: Ledger) -> None:
    path = write(bare, "政府办公厅.yaml", office_submission(tasks={13: answer("原来的字。")}))
    assert ledger("new", "zfbgt").code == 2
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "新的字。", "无", "无"]]).save("政府办公厅.docx")
    assert ledger("intake", "政府办公厅.docx").code == 1
    assert "原来的字。" in path.read_text("utf-8")
    assert [p.name for p in (bare / PERIOD).iterdir()] == ["政府办公厅.yaml"]


def test_checking_the_whole_folder_leaves_out_what_was_generated(sample: Path, ledger: Ledger) -> None:
    ledger("merge")
    assert ledger("validate", ".").code == 0


def test_a_form_that_names_two_units_is_nobodys(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]
    word(rows, ("填报单位：自治区人民政府办公厅", "填报单位：自治区司法厅")).save("表.docx")
    result, (file,) = taken(ledger, "表.docx")
    assert result.code == 1
    assert [f["code"] for f in file["findings"]] == ["F605"]
    assert not list((bare / PERIOD).iterdir())


def test_a_text_over_three_columns_is_taken_once(bare: Path, ledger: Ledger) -> None:
    document = word([HEAD, ["13." + catalog_text(bare, 13), "", "", "一段话。", "", ""]])
    document.tables[0].cell(1, 3).merge(document.tables[0].cell(1, 5))
    document.save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["13"] == {"落实": "一段话。", "问题": None, "打算": None, "不涉及": None}
    assert "S102" in [f["code"] for f in file["findings"]]


def test_a_task_twice_in_one_table_is_told(bare: Path, ledger: Ledger) -> None:
    row = ["13." + catalog_text(bare, 13), "", ""]
    word([HEAD, [*row, "第一处。", "无", "无"], [*row, "第二处。", "无", "无"]]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    (found,) = [f for f in file["findings"] if f["code"].startswith("F")]
    assert found["code"] == "F602"
    assert "第一处。" in found["message"]
    assert "第二处。" in found["message"]
    assert not (bare / PERIOD / "zfbgt.yaml").exists()


def test_number_cells_as_offices_write_them(bare: Path, ledger: Ledger) -> None:
    head = ["序号", "工作任务", "落实情况", "存在问题", "工作打算"]
    rows = [
        [n, catalog_text(bare, t), f"落实{t}", "无", "无"] for n, t in (("13、", 13), ("（19）", 19), ("三十五", 35))
    ]
    word([head, *rows]).save("政府办公厅.docx")
    result, (file,) = taken(ledger, "政府办公厅.docx")
    assert result.code == 0, result.out
    assert [row["task"] for row in file["rows"]] == [13, 19, 35]


def test_reasons_and_places_that_cannot_be_used_are_told_in_chinese(sample: Path, ledger: Ledger) -> None:
    assert ledger("return", "sft", "--reason", "x\x08y").code == 2
    assert ledger("init", "").code == 2
    Path("mine.yaml").write_text("x", "utf-8")
    told = ledger("init", "mine.yaml/deep")
    assert told.code == 2
    assert "directory" not in told.err


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("填报人：某某　另有两项口头汇报", "另有两项口头汇报"),
        ("填报日期：七月初", "填报日期：七月初"),
        ("单位：政府办公厅　请先阅第三项", "请先阅第三项"),
        ("填写办法：本厅另有说明", "填写办法：本厅另有说明"),
    ],
)
def test_words_beside_a_signature_are_told(bare: Path, ledger: Ledger, line: str, lost: str) -> None:
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]], (), (line,)).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert lost in " ".join(f["message"] for f in file["findings"] if f["code"] == "F601")


def test_even_a_forced_intake_loses_no_faulty_answer(bare: Path, ledger: Ledger) -> None:
    path = write(bare, "zfbgt.yaml", office_submission().replace("存在问题", "存在问提", 1))
    before = path.read_bytes()
    word([HEAD, ["35." + catalog_text(bare, 35), "", "", "新的字。", "无", "无"]]).save("政府办公厅.docx")
    result = ledger("intake", "政府办公厅.docx", "--force")
    assert result.code == 1
    assert "第13项" in result.err
    assert path.read_bytes() == before
