"""Who owes what and what is due, as a reviewer asks for it: counts, tables, matrix, data, exit codes."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PERIOD, Ledger, answer, office_submission, write


def data(ledger: Ledger, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ledger("status", "--format", "json", *arguments).out)
    return found


def unit(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in found["coverage"] if row["unit"] == name)


def test_coverage_counts_every_answer_once(sample: Path, ledger: Ledger) -> None:
    found = data(ledger)
    assert found["period"] == "2024H1"
    assert found["as_of"] == "2024-07-15"
    for row in found["coverage"]:
        assert row["owed"] == row["reported"] + row["faulty"] + row["missing"] + row["not_applicable"]
    counts = {"owed": 43, "reported": 43, "faulty": 0, "missing": 0, "not_applicable": 0}
    assert unit(found, "sft") == {"unit": "sft", **counts, "confirmed": True}
    assert unit(found, "xingqing")["not_applicable"] == 2
    assert unit(found, "fgw")["missing"] == unit(found, "fgw")["owed"] == 34
    assert not next(row for row in found["coverage"] if row["unit"] == "jyt")["confirmed"]
    assert sum(row["owed"] for row in found["sections"]) == sum(row["owed"] for row in found["coverage"])


def test_a_faulty_answer_and_an_unreadable_file_are_faulty_not_missing(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("完成第19项的工作。", "无"))
    write(bare, "sft.yaml", "单位: sft\n报送期: 2024H1\n任务: {1: *x}\n")
    found = data(ledger)
    office = unit(found, "zfbgt")
    assert (office["owed"], office["reported"], office["faulty"], office["missing"]) == (3, 2, 1, 0)
    assert unit(found, "sft")["faulty"] == unit(found, "sft")["owed"] == 43


def test_an_unreadable_file_is_faulty_for_what_its_unit_must_report_and_no_more(bare: Path, ledger: Ledger) -> None:
    """The public security department may report two tasks beside those that it has to."""
    must = unit(data(ledger), "gat")["missing"]
    assert must == 34
    write(bare, "gat.yaml", "单位: gat\n报送期: 2024H1\n任务: {1: *x}\n")
    found = unit(data(ledger), "gat")
    assert (found["owed"], found["faulty"], found["missing"], found["reported"]) == (must, must, 0, 0)


def test_an_answer_to_a_task_left_to_the_unit_counts_once_it_is_given(bare: Path, ledger: Ledger) -> None:
    text = f"单位: gat\n报送期: 2024H1\n任务:\n  16:\n{answer()}"
    write(bare, "gat.yaml", text)
    found = unit(data(ledger), "gat")
    assert (found["owed"], found["faulty"], found["missing"], found["reported"]) == (35, 0, 34, 1)
    write(bare, "gat.yaml", text.replace("印发培训方案，办班三期。", "无"))
    found = unit(data(ledger), "gat")
    assert (found["owed"], found["faulty"], found["missing"], found["reported"]) == (35, 1, 34, 0)


def test_reviews_are_counted_once_each_where_only_accepted_answers_are_shown(sample: Path, ledger: Ledger) -> None:
    ledger("accept", "sft")
    ledger("reject", "zfbgt", "--task", "19", "--reason", "太短")
    for options in ([], ["--accepted-only"]):
        shown = ledger("report", "-o", "out.docx", "--force", *options).out
        assert "已通过 43 条，退回 1 条，待审 84 条" in shown


def test_a_reviewed_period_says_so_though_no_answer_is_accepted(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    ledger("reject", "zfbgt", "--task", "13", "--reason", "太短")
    shown = ledger("report", "-o", "out.docx", "--accepted-only").out
    assert "审核：已通过 0 条，退回 1 条，待审 2 条" in shown


def test_of_one_task_only_those_are_listed_who_owe_it_or_answered(bare: Path, ledger: Ledger) -> None:
    """Task 16 is left to the departments themselves; only the department of justice has to."""
    listed = [row["unit"] for row in data(ledger, "--task", "16")["coverage"]]
    assert {"sft", "yinchuan"} < set(listed)
    assert not {"gat", "fgw"} & set(listed)
    write(bare, "gat.yaml", f"单位: gat\n报送期: 2024H1\n任务:\n  16:\n{answer()}")
    assert {row["unit"] for row in data(ledger, "--task", "16")["coverage"]} == {*listed, "gat"}


def test_a_duty_met_late_is_overdue_no_more(bare: Path, ledger: Ledger) -> None:
    arguments = ("status", "--unit", "zfbgt", "--as-of", "2025-01-10", "--fail-on", "overdue")
    write(bare, "zfbgt.yaml", office_submission())
    assert ledger(*arguments).code == 1
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer() + '    完成: {"19-1": 2025-01-05}\n'}))
    assert ledger(*arguments).code == 0
    (row,) = [row for row in data(ledger, *arguments[1:5])["obligations"] if row["id"] == "19-1"]
    assert (row["state"], row["days_over"]) == ("逾期完成", 5)


def test_dates_in_a_file_that_is_nobodys_do_not_count(bare: Path, ledger: Ledger) -> None:
    text = office_submission(tasks={19: answer() + '    完成: {"19-1": 2024-06-20}\n'})
    for names, state in ((("zfbgt",), "按期完成"), (("zfbgt", "政府办公厅"), "未到期")):
        for name in names:
            write(bare, f"{name}.yaml", text)
        rows = [row for row in data(ledger)["obligations"] if row["unit"] == "zfbgt" and row["id"] == "19-1"]
        assert [row["state"] for row in rows] == [state]


def test_the_duties_of_a_task_are_listed_by_their_dates(sample: Path, ledger: Ledger) -> None:
    found = re.findall(r"第30项 (30-\d)：[^\n]*?（(\d{4})-", ledger("status", "--duties").out)
    assert found == [(f"30-{number}", year) for year in ("2024", "2025") for number in (1, 2, 3)] or found == [
        (f"30-{number}", "2024") for number in (1, 2, 3)
    ]


def test_an_answer_that_is_not_owed_counts_for_nobody(bare: Path, ledger: Ledger) -> None:
    text = office_submission() + "  1:\n    具体落实情况: |\n      学习。\n    存在问题: 无\n    工作打算: 无\n"
    write(bare, "zfbgt.yaml", text)
    assert unit(data(ledger), "zfbgt")["owed"] == 3


def test_an_answer_that_a_unit_is_free_to_give_counts_once_it_is_given(bare: Path, ledger: Ledger) -> None:
    counts = {"owed": 0, "reported": 0, "faulty": 0, "missing": 0, "not_applicable": 0}
    assert not [row for row in data(ledger, "--task", "19")["coverage"] if row["unit"] == "gat"]
    write(bare, "gat.yaml", office_submission("gat"))
    assert unit(data(ledger, "--task", "19"), "gat") == {
        "unit": "gat", **counts, "owed": 1, "reported": 1, "confirmed": True
    }  # fmt: skip
    write(bare, "gat.yaml", office_submission("gat", {19: answer("无")}))
    assert unit(data(ledger, "--task", "19"), "gat") == {
        "unit": "gat", **counts, "owed": 1, "faulty": 1, "confirmed": True
    }  # fmt: skip


def test_an_unfilled_form_is_missing(bare: Path, ledger: Ledger) -> None:
    assert ledger("new", "zfbgt").code == 0
    assert unit(data(ledger), "zfbgt")["missing"] == 3


def test_obligations_carry_their_state_and_date(sample: Path, ledger: Ledger) -> None:
    rows = [row for row in data(ledger)["obligations"] if row["unit"] == "yinchuan" and row["task"] == 3]
    assert [(row["id"], row["due"], row["state"], row["met"]) for row in rows] == [
        ("3-1", "2024-06-30", "按期完成", "2024-06-25"),
        ("3-2", "2024-06-30", "按期完成", "2024-06-28"),
    ]
    silent = [row for row in data(ledger)["obligations"] if row["unit"] == "fgw" and row["task"] == 3]
    assert [(row["id"], row["state"], row["days_over"]) for row in silent] == [("3-1", "逾期", 15), ("3-2", "逾期", 15)]
    soon = data(ledger, "--as-of", "2024-06-10")["obligations"]
    assert {row["state"] for row in soon if row["id"] == "3-1" and row["unit"] == "fgw"} == {"临近"}


def test_who_does_not_owe_a_task_has_none_of_its_duties(sample: Path, ledger: Ledger) -> None:
    found = data(ledger)["obligations"]
    assert not [row for row in found if row["unit"] == "xingqing" and row["task"] == 17]  # 不涉及
    assert not [row for row in found if row["unit"] == "yinchuan" and row["id"] == "9-1"]  # of the region's level
    assert [row for row in found if row["unit"] == "yinchuan" and row["id"] == "9-3"]


def test_figures_are_listed_with_their_bounds(sample: Path, ledger: Ledger) -> None:
    rows = [row for row in data(ledger)["indicators"] if row["unit"] == "yinchuan" and row["id"] == "3-a"]
    assert rows == [{"unit": "yinchuan", "task": 3, "id": "3-a", "value": 62, "minimum": 60, "state": "达标"}]


def test_the_terminal_shows_counts_states_and_that_the_list_is_provisional(sample: Path, ledger: Ledger) -> None:
    result = ledger("status")
    assert result.code == 0
    assert "应报 2282 条，已报 126 条，不涉及 2 条，未报 2154 条" in result.out
    assert "名单待印发机关确认" in result.out
    for word in ("逾期", "临近", "待触发", "长期", "合计", "司法厅", "（待确认）"):
        assert word in result.out
    assert "名单待印发机关确认" not in ledger("status", "--unit", "sft").out


def test_one_unit_and_one_task(sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    mine = ledger("status", "--unit", "银川市").out
    assert "银川市人民政府" in mine
    assert "按期完成（2024-06-25）" in mine
    assert "62学时" in mine
    theirs = ledger("status", "--task", "24").out
    assert "自治区司法厅" in theirs
    assert "待触发" in theirs
    assert ledger("status", "--unit", "没有").code == 2


def test_duties_name_the_units_that_are_late(sample: Path, ledger: Ledger) -> None:
    out = ledger("status", "--duties").out
    assert "第3项 3-1：完成全员轮训（2024-06-30，逾期15天），58家：" in out
    assert "临近，还有20天" in ledger("status", "--duties", "--as-of", "2024-06-10").out


def test_the_matrix_fits_eighty_columns_and_has_a_sign_a_cell(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger_cli.edge.console import width

    monkeypatch.setenv("COLUMNS", "80")
    lines = ledger("status", "--matrix").out.splitlines()[2:]
    assert all(
        width(line) <= 80 for line in lines if not line.startswith(("一、", "二、", "三、", "四、", "五、", "六、"))
    )
    first = next(line for line in lines if line.startswith("司法厅"))
    assert first.split() == ["司法厅", *"报" * 7]
    assert any(line.startswith("兴庆区") and "免" in line for line in lines)
    assert any(line.startswith("教育厅") and "缺" in line for line in lines)
    monkeypatch.setenv("COLUMNS", "300")
    assert any(line.count("报") >= 41 for line in ledger("status", "--matrix").out.splitlines())


def test_csv_is_for_excel(sample: Path, ledger: Ledger) -> None:
    assert ledger("status", "-o", "build/status.csv").code == 0
    raw = Path("build/status.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    (mine,) = [row for row in rows if row["代码"] == "sft"]
    assert (mine["应报"], mine["已报"], mine["按期完成"]) == ("43", "43", "11")
    duties = list(csv.DictReader(io.StringIO(ledger("status", "--duties", "--format", "csv").out.lstrip("\ufeff"))))
    assert {row["状态"] for row in duties} >= {"逾期", "按期完成", "待触发"}
    matrix = list(csv.DictReader(io.StringIO(ledger("status", "--matrix", "--format", "csv").out.lstrip("\ufeff"))))
    assert matrix[0]["13"] == "已报"
    assert matrix[0]["1"] == ""


def test_the_matrix_says_of_reviews_only_which_answers_were_sent_back(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    ledger("accept", "zfbgt", "--task", "13")
    ledger("reject", "zfbgt", "--task", "19", "--reason", "太短")
    matrix = list(csv.DictReader(io.StringIO(ledger("status", "--matrix", "--format", "csv").out.lstrip("\ufeff"))))
    (office,) = [row for row in matrix if row["代码"] == "zfbgt"]
    assert [office[number] for number in ("13", "19", "35")] == ["已报", "退回", "已报"]
    shown = [line for line in ledger("status", "--matrix").out.splitlines() if line.startswith("自治区政府办公厅")]
    assert [sign for line in shown for sign in line.split()[1:]] == ["报", "退", "报"]


def test_days_are_given_for_what_is_over_its_date_and_nothing_else(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    for as_of, days in (("2024-12-31", ""), ("2025-01-01", "1")):
        out = ledger("status", "--duties", "--format", "csv", "--unit", "zfbgt", "--as-of", as_of).out
        rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
        assert [row["超期天数"] for row in rows if row["时限要求"] == "19-1"] == [days]


def test_exit_codes(sample: Path, ledger: Ledger) -> None:
    assert ledger("status").code == 0
    assert ledger("status", "--fail-on", "missing").code == 1
    assert ledger("status", "--unit", "zfbgt", "--fail-on", "missing,overdue").code == 0
    assert ledger("status", "--unit", "fgw", "--fail-on", "overdue").code == 1
    wrong = ledger("status", "--fail-on", "late")
    assert wrong.code == 2
    assert "overdue" in wrong.err


def test_status_reads_and_never_writes(sample: Path, ledger: Ledger) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in sample.rglob("*"))
    for arguments in ((), ("--matrix",), ("--duties",), ("--format", "json")):
        ledger("status", *arguments)
    assert sorted((path, path.stat().st_mtime_ns) for path in sample.rglob("*")) == before


def _second_period(root: Path) -> None:
    path = root / "data/tasks.yaml"
    line = "  - {编号: 2024H2, 名称: 2024年下半年, 开始: 2024-07-01, 结束: 2024-12-31, 报送截止: 2025-01-15}\n"
    text = path.read_text("utf-8").replace("报送截止: 2024-07-15}\n", "报送截止: 2024-07-15}\n" + line)
    path.write_text(text, "utf-8")
    (root / "submissions/2024H2").mkdir()


def test_a_day_reported_in_an_earlier_period_counts_later(sample: Path, ledger: Ledger) -> None:
    _second_period(sample)
    late = (sample / PERIOD / "yinchuan.yaml").read_text("utf-8").replace("2024H1", "2024H2")
    late = late.replace('{"3-1": 2024-06-25, "3-2": 2024-06-28}', '{"3-2": 2024-07-20}')
    (sample / "submissions/2024H2/yinchuan.yaml").write_text(late, "utf-8")
    rows = data(ledger, "--period", "2024H2", "--as-of", "2024-12-31", "--unit", "yinchuan", "--task", "3")[
        "obligations"
    ]
    assert [(row["id"], row["state"], row["met"], row["days_over"]) for row in rows] == [
        ("3-1", "按期完成", "2024-06-25", 0),
        ("3-2", "逾期完成", "2024-07-20", 20),
    ]


@pytest.mark.parametrize(("day", "state"), [("2024-07-15", "按期完成"), ("2024-07-16", "未到期")])
def test_a_duty_met_on_the_very_day_that_is_counted_at_is_met(bare: Path, ledger: Ledger, day: str, state: str) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer() + f'    完成: {{"19-1": {day}}}\n'}))
    (row,) = [row for row in data(ledger)["obligations"] if row["unit"] == "zfbgt" and row["id"] == "19-1"]
    assert (row["state"], row["met"]) == (state, day if state == "按期完成" else None)


def test_a_duty_met_before_is_no_longer_asked_for(sample: Path, ledger: Ledger) -> None:
    _second_period(sample)
    text = office_submission().replace("2024H1", "2024H2")
    (sample / "submissions/2024H2/zfbgt.yaml").write_text(text, "utf-8")
    arguments = ("validate", "--period", "2024H2", "--as-of", "2025-01-10", "--select", "D301", "--format", "json")
    asked = [found["task"] for found in json.loads(ledger(*arguments).out)["findings"]]
    assert asked == [19]
    first = (sample / PERIOD / "zfbgt.yaml").read_text("utf-8")
    first = first.replace("  35:", '    完成: {"19-1": 2024-06-20}\n  35:')
    (sample / PERIOD / "zfbgt.yaml").write_text(first, "utf-8")
    assert json.loads(ledger(*arguments).out)["findings"] == []


def test_dates_in_an_answer_with_a_fault_elsewhere_still_count(sample: Path, ledger: Ledger) -> None:
    path = sample / PERIOD / "yinchuan.yaml"
    path.write_text(path.read_text("utf-8").replace('"3-1": 2024-06-25', '"3-1": 2024-09-25'), "utf-8")
    found = data(ledger, "--unit", "yinchuan", "--task", "3")
    assert found["coverage"][0]["faulty"] == 1
    assert {row["id"]: row["state"] for row in found["obligations"]} == {"3-1": "逾期", "3-2": "按期完成"}


def test_fail_on_faulty(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", "单位: zfbgt\n报送期: 2024H1\n任务: {1: *x}\n")
    assert ledger("status", "--unit", "zfbgt", "--fail-on", "missing").code == 0
    assert ledger("status", "--unit", "zfbgt", "--fail-on", "faulty").code == 1


def test_no_word_of_the_catalog_gets_out_of_a_scaffolds_comments(bare: Path, ledger: Ledger) -> None:
    path = bare / "data/tasks.yaml"
    text = path.read_text("utf-8").replace("完成时限: 长期坚持\n", '完成时限: "长期\\n坚持到底"\n', 1)
    path.write_text(text, "utf-8")
    assert ledger("new", "fgw").code == 0
    lines = (bare / PERIOD / "fgw.yaml").read_text("utf-8").splitlines()
    assert "  #   坚持到底" in lines
    assert all(line.lstrip().startswith("#") for line in lines if "坚持" in line)
