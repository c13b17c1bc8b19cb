"""The ledger, the status and the changes as Excel files: what stands in which cell, and that it comes back."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.revisions import second_period


def sheets(path: Path | str) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def records(path: Path | str) -> list[dict[str, Any]]:
    """The rows of the sections' sheets by heading."""
    found = []
    for rows in sheets(path).values():
        if "报送情况" in rows[0]:
            found += [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return found


def test_every_answer_is_a_row_and_who_owes_one_too(sample: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "m.xlsx").code == 0
    assert ledger("merge", "-o", "m.json").code == 0
    data = json.loads((sample / "m.json").read_text("utf-8"))
    rows = records(sample / "m.xlsx")
    assert len(rows) == data["totals"]["owed"]
    names = {row["填报单位"] for row in rows}
    assert len(names) == data["totals"]["units"]
    for task in data["tasks"]:
        own = [row for row in rows if row["编号"] == str(task["task"])]
        assert {row["任务举措"] for row in own} == {task["text"]}
        said = [row for row in own if row["报送情况"] in ("已报", "不涉及")]
        assert len(said) == len(task["answers"])
        for one, row in zip(task["answers"], said, strict=True):
            words = row["具体落实情况"]
            assert words.startswith(one["progress"].strip() if one["progress"] else f"不涉及：{one['not_applicable']}")
            assert (row["存在问题"] or "") == (one["problems"] or "").strip()
    coverage = sheets(sample / "m.xlsx")["填报情况"]
    assert coverage[-1][:7] == [
        "合计",
        43,
        *(data["totals"][k] for k in ("owed", "reported", "not_applicable", "faulty", "missing")),
    ]


def test_the_same_ledger_is_the_same_file(sample: Path, ledger: Ledger) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert ledger("merge", "-o", name).code == 0
        assert ledger("status", "-o", f"s{name}").code == 0
    assert (sample / "a.xlsx").read_bytes() == (sample / "b.xlsx").read_bytes()
    assert (sample / "sa.xlsx").read_bytes() == (sample / "sb.xlsx").read_bytes()


def test_a_sheet_can_be_read_sorted_and_printed(sample: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "m.xlsx").code == 0
    for sheet in openpyxl.load_workbook("m.xlsx").worksheets:
        assert sheet.freeze_panes == "A2"
        assert str(sheet.auto_filter.ref).startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert all(cell.alignment.wrap_text for cell in sheet[2])
        assert all((sheet.row_dimensions[row].height or 0) >= 14 for row in range(2, sheet.max_row + 1))


def test_texts_that_look_like_formulas_stay_texts(bare: Path, ledger: Ledger) -> None:
    texts = ["=1+1", "+甲", "-乙", "@丙"]
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer("\n".join(texts), "=SUM(A1)", "-无")}))
    assert ledger("merge", "-o", "m.xlsx").code == 0
    book = openpyxl.load_workbook("m.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {"=SUM(A1)", "-无", "\n".join(texts)} <= {cell.value for cell in cells}


def test_the_sheet_comes_back_as_it_went_and_a_changed_cell_to_its_unit(sample: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "m.xlsx").code == 0
    result = ledger("intake", "m.xlsx")
    assert (result.code, result.err) == (0, ""), result.out + result.err
    assert result.out.count("没有变化") == 4
    book = openpyxl.load_workbook("m.xlsx")
    place = next(
        (sheet, row)
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=2)
        if row[5].value == "自治区司法厅" and row[0].value == "3"
    )
    place[1][8].value = "改过的问题。"
    book.save("m.xlsx")
    before = {path.name: path.read_bytes() for path in (sample / PERIOD).glob("*.yaml")}
    assert ledger("intake", "m.xlsx", "--force").code == 0
    after = {path.name: path.read_bytes() for path in (sample / PERIOD).glob("*.yaml")}
    assert [name for name in before if before[name] != after[name]] == ["sft.yaml"]
    assert "改过的问题。" in after["sft.yaml"].decode()


def test_words_in_the_column_of_standings_are_told(sample: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "m.xlsx").code == 0
    book = openpyxl.load_workbook("m.xlsx")
    sheet = book.worksheets[0]
    sheet.cell(2, 7).value = "请再核一次"
    book.save("m.xlsx")
    result = ledger("intake", "m.xlsx", "--dry-run")
    assert "请再核一次" in result.out + result.err


def test_a_text_longer_than_a_cell_is_refused_and_nothing_is_written(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer("长" * 40_000)}))
    result = ledger("merge", "-o", "m.xlsx")
    assert result.code == 2
    assert "Excel 的一格最多存 32767 字" in result.err
    assert not Path("m.xlsx").exists()


def test_the_status_has_a_sheet_for_units_duties_tasks_and_the_matrix(sample: Path, ledger: Ledger) -> None:
    assert ledger("status", "-o", "s.xlsx").code == 0
    data = json.loads(ledger("status", "--format", "json").out)
    found = sheets("s.xlsx")
    assert list(found) == ["各单位", "时限要求", "各项任务", "对照表"]
    assert {row[0]: row[2] for row in found["各单位"][1:]} == {unit["unit"]: unit["owed"] for unit in data["coverage"]}
    assert len(found["时限要求"]) - 1 == len(data["obligations"])
    assert len(found["各项任务"]) - 1 == 43
    assert len(found["对照表"][0]) == 45


def test_changes_have_a_row_each_with_all_words(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    assert ledger("diff", "2024H1", "2024H2", "-o", "d.xlsx").code == 0
    data = json.loads(ledger("diff", "2024H1", "2024H2", "--format", "json").out)
    silent = set(data["not_reported"])
    told = [change for change in data["changes"] if change["unit"] not in silent]
    rows = sheets("d.xlsx")["变化"]
    assert len(rows) - 1 == len(told) > 0
    for change, row in zip(told, rows[1:], strict=True):
        assert ((change["before"] or "") == (row[5] or "")) or change["field"] is None
        assert (row[6] or "").startswith(change["after"] or "") or change["field"] is None


@pytest.mark.parametrize(
    "arguments", [("merge", "-o", "m.xlsb"), ("status", "-o", "s.xls"), ("diff", "a", "b", "-o", "d.csv")]
)
def test_other_suffixes_are_refused(sample: Path, ledger: Ledger, arguments: tuple[str, ...]) -> None:
    assert ledger(*arguments).code == 2
