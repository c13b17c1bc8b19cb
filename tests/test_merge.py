"""`ledger merge`: order, completeness, what is left out and how it is named, and the three formats."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_cli.gather.merge import accepted_only
from ledger_cli.model.ledger import Entry, Label, LeftOut, Party, TaskRecord
from ledger_cli.model.ledger import Ledger as LedgerModel
from ledger_cli.model.submission import Answer
from ledger_cli.read.yaml.text import UNPRINTABLE
from ledger_cli.write.ledger_file import WRITERS
from ledger_cli.write.ledger_yaml import to_yaml
from tests.catalogs import insert_task, remember, reword
from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.ledgers import from_yaml


def merged(ledger: Ledger, *options: str) -> dict[str, Any]:
    result = ledger("merge", "-o", "out.json", "--force", *options)
    assert result.code == 0, result.err
    data: dict[str, Any] = json.loads(Path("out.json").read_bytes())
    return data


def test_every_text_of_the_sample_is_in_the_ledger(sample: Path, ledger: Ledger) -> None:
    data = merged(ledger)
    found = {(a["unit"], t["task"]): a for t in data["tasks"] for a in t["answers"]}
    given = 0
    for path in (sample / PERIOD).glob("*.yaml"):
        source = yaml.safe_load(path.read_text("utf-8"))
        for number, entry in source["任务"].items():
            merged_answer = found[source["单位"], number]
            for key, name in (("具体落实情况", "progress"), ("存在问题", "problems"), ("工作打算", "plans")):
                assert (merged_answer[name] or "") == str(entry.get(key, "")).strip()
            assert merged_answer["not_applicable"] == entry.get("不涉及")
            given += 1
    assert given == len(found) == 128


def test_tasks_come_in_catalog_order_and_units_in_registry_order(sample: Path, ledger: Ledger) -> None:
    data = merged(ledger)
    assert [task["task"] for task in data["tasks"]] == list(range(1, 44))
    assert [a["unit"] for a in data["tasks"][18]["answers"]] == ["zfbgt", "sft", "yinchuan", "xingqing"]
    assert data["tasks"][18]["missing"][:3] == ["xixia", "jinfeng", "yongning"]


def test_an_answer_names_its_file_and_line(sample: Path, ledger: Ledger) -> None:
    for task in merged(ledger)["tasks"]:
        for given_answer in task["answers"]:
            lines = (sample / given_answer["file"]).read_text("utf-8").splitlines()
            assert lines[given_answer["line"] - 1].strip() == f"{task['task']}:"


def test_missing_names_the_units_that_owe_and_did_not_report(sample: Path, ledger: Ledger) -> None:
    data = merged(ledger)
    task24, task35 = data["tasks"][23], data["tasks"][34]
    assert task24["missing"] == task35["missing"] == []
    assert len(data["tasks"][0]["missing"]) == 58
    # 16 and 19 are free for the enforcement agencies: nobody of them is missing.
    assert "gat" not in data["tasks"][15]["missing"]
    assert "haiyuan" in data["tasks"][15]["missing"]


def test_errors_refuse_the_merge_and_leave_no_file(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer(progress="无")}))
    result = ledger("merge", "-o", "out.json")
    assert result.code == 1
    assert "C207" in result.err
    assert "--partial" in result.err
    assert not (bare / "out.json").exists()


def test_partial_leaves_out_one_answer_and_names_it(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer(progress="无")}))
    data = merged(ledger, "--partial")
    units = {task["task"]: [a["unit"] for a in task["answers"]] for task in data["tasks"]}
    assert units[13] == units[35] == ["zfbgt"]
    assert units[19] == []
    (left,) = data["left_out"]
    assert (left["unit"], left["task"]) == ("zfbgt", 19)
    assert "C207" in left["why"]
    assert "zfbgt" not in data["tasks"][18]["missing"]
    assert data["totals"]["faulty"] == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (office_submission().replace("存在问题: |\n      无", '存在问题: "两个"学习', 1), "Y002"),
        (office_submission().encode("gbk"), "Y001"),
        (office_submission().replace("单位: zfbgt", "单位: gat"), "C206"),
        (office_submission().replace("报送期: 2024H1", "报送期: 2023H1"), "C205"),
    ],
)
def test_partial_leaves_out_a_file_that_cannot_be_read_or_placed(
    sample: Path, ledger: Ledger, text: str | bytes, code: str
) -> None:
    write(sample, "zfbgt.yaml", text)
    data = merged(ledger, "--partial")
    (left,) = data["left_out"]
    assert left["task"] is None
    assert code in left["why"]
    assert all(a["unit"] != "zfbgt" for task in data["tasks"] for a in task["answers"])
    assert data["totals"]["reported"] + data["totals"]["not_applicable"] == 125


@pytest.mark.parametrize("number", [13, 19, 35])
@pytest.mark.parametrize("line", ["  {}：", "\t{}:", "  {}: 已办结，详见附件。\n  {}:"])
def test_a_fault_on_an_answers_own_first_line_leaves_out_that_answer_alone(
    bare: Path, ledger: Ledger, line: str, number: int
) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace(f"  {number}:", line.replace("{}", str(number)), 1))
    data = merged(ledger, "--partial")
    assert [left["task"] for left in data["left_out"]] == [number]
    assert [task["task"] for task in data["tasks"] if task["answers"]] == [n for n in (13, 19, 35) if n != number]


@pytest.mark.parametrize("number", [13, 19, 35])
@pytest.mark.parametrize("said", ["：已办结。", ": {具体落实情况：印发清单, 存在问题: 无, 工作打算: 无}"])
def test_a_faulty_answer_of_one_line_is_left_out_alone(bare: Path, ledger: Ledger, said: str, number: int) -> None:
    text = office_submission(tasks={number: ""}).replace(f"  {number}:", f"  {number}{said}")
    write(bare, "zfbgt.yaml", text)
    data = merged(ledger, "--partial")
    assert [left["task"] for left in data["left_out"]] == [number]
    assert [task["task"] for task in data["tasks"] if task["answers"]] == [n for n in (13, 19, 35) if n != number]


def test_partial_leaves_out_both_rivals(sample: Path, ledger: Ledger) -> None:
    write(sample, "政府办公厅.yaml", office_submission())
    data = merged(ledger, "--partial")
    assert [(left["unit"], left["task"]) for left in data["left_out"]] == [("zfbgt", None)] * 2


def test_partial_names_an_answer_under_a_number_that_does_not_exist(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission() + "  44:\n" + answer("不该丢的字。"))
    (left,) = merged(ledger, "--partial")["left_out"]
    assert left["task"] == 44


def test_whatever_is_left_out_has_a_row_in_the_csv(bare: Path, ledger: Ledger) -> None:
    text = office_submission(tasks={19: answer(progress="无")}) + "  44:\n" + answer() + "  其他:\n" + answer()
    write(bare, "zfbgt.yaml", text)
    write(bare, "gat.yaml", "单位: gat\n报送期: 2024H1\n任务: {1: *x}\n")
    assert ledger("merge", "--partial", "-o", "out.csv").code == 0
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_bytes().decode("utf-8-sig"))))
    faulty = [(row["编号"], row["填报单位"], row["文件"]) for row in rows if row["状态"] == "有误"]
    office = "自治区人民政府办公厅"
    assert faulty == [
        ("19", office, f"{PERIOD}/zfbgt.yaml"),
        ("44", office, f"{PERIOD}/zfbgt.yaml"),
        ("其他", office, f"{PERIOD}/zfbgt.yaml"),
        ("", "自治区公安厅", f"{PERIOD}/gat.yaml"),
    ]


def test_the_csv_of_accepted_answers_has_one_row_for_each_that_is_not_shown(sample: Path, ledger: Ledger) -> None:
    assert ledger("accept", "sft").code == 0
    assert ledger("merge", "-o", "out.yaml").code == 0
    one = accepted_only(from_yaml(Path("out.yaml").read_text("utf-8")))
    rows = list(csv.DictReader(io.StringIO(WRITERS[".csv"](one).decode("utf-8-sig"))))
    held = [(int(row["编号"]), row["文件"]) for row in rows if row["状态"] == "未通过审核"]
    assert sorted(held) == sorted((each.task, each.file) for each in one.withheld)


def test_the_csv_lists_what_was_written_for_another_text_at_the_task_it_was_written_for(
    sample: Path, ledger: Ledger
) -> None:
    remember(sample)
    insert_task(sample, 14)
    assert ledger("merge", "--partial", "-o", "out.csv").code == 0
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_bytes().decode("utf-8-sig"))))
    office = [(row["编号"], row["状态"]) for row in rows if row["填报单位"] == "自治区人民政府办公厅"]
    assert office == [("13", "已报"), ("20", "有误"), ("36", "有误")]


def test_the_yaml_keeps_that_an_answer_is_pending_since_its_tasks_text_changed(sample: Path, ledger: Ledger) -> None:
    assert ledger("accept", "zfbgt").code == 0
    reword(sample, "举措: 推进自治区行政执法监督平台", "举措: 推动自治区行政执法监督平台")
    assert ledger("merge", "-o", "out.yaml").code == 0
    text = Path("out.yaml").read_text("utf-8")
    read = from_yaml(text)
    reviews = [entry.review for record in read.records for entry in record.entries if entry.review]
    assert [review.why for review in reviews if review.reworded] == ["任务原文有改动"]
    assert to_yaml(read) == text


def test_all_units_are_counted_and_those_that_answered(sample: Path, ledger: Ledger) -> None:
    totals = merged(ledger)["totals"]
    assert (totals["tasks"], totals["units"], totals["units_reported"]) == (43, 62, 4)


def test_a_unit_whose_file_cannot_be_read_is_not_missing_as_well(bare: Path, ledger: Ledger) -> None:
    write(bare, "sft.yaml", "单位: sft\n报送期: 2024H1\n任务: {1: *x}\n")
    data = merged(ledger, "--partial")
    assert not [task["task"] for task in data["tasks"] if "sft" in task["missing"]]
    assert (data["totals"]["faulty"], data["totals"]["units_reported"]) == (43, 0)


def test_a_file_that_names_two_units_is_that_ones_who_has_no_other(bare: Path, ledger: Ledger) -> None:
    """The general office has filed; what bears its name and says another unit is the other's."""
    write(bare, "zfbgt.yaml", office_submission())
    write(bare, "政府办公厅.yaml", office_submission("gat"))
    data = merged(ledger, "--partial")
    assert [(left["unit"], left["task"]) for left in data["left_out"]] == [("gat", None)]
    assert data["totals"]["reported"] == 3
    (bare / PERIOD / "zfbgt.yaml").unlink()
    assert [left["unit"] for left in merged(ledger, "--partial")["left_out"]] == ["zfbgt"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("具体落实情况: |\n      \n", "具体落实情况: # 办结三件\n", 1),
        lambda text: text + "备注: 办结三件\n",
    ],
    ids=["cut off", "beside"],
)
def test_a_form_with_words_that_are_in_no_column_is_not_taken_for_an_empty_one(
    bare: Path, ledger: Ledger, change: Callable[[str], str]
) -> None:
    assert ledger("new", "zfbgt").code == 0
    path = bare / PERIOD / "zfbgt.yaml"
    text = path.read_text("utf-8")
    assert merged(ledger)["totals"]["faulty"] == 0
    assert change(text) != text
    path.write_text(change(text), "utf-8")
    data = merged(ledger, "--partial")
    assert data["totals"]["faulty"] == 3
    assert {left["unit"] for left in data["left_out"]} == {"zfbgt"}


def test_a_report_of_one_task_names_what_is_left_out_of_it_and_nothing_else(bare: Path, ledger: Ledger) -> None:
    """Task 24 is the department of justice's alone."""
    report = ("report", "--task", "24", "--partial", "--force", "-o", "out.docx")
    broken = "单位: {}\n报送期: 2024H1\n任务: {{1: *x}}\n"
    write(bare, "gat.yaml", broken.format("gat"))
    assert "有误" not in ledger(*report).out
    write(bare, "sft.yaml", broken.format("sft"))
    assert "有误未收入 1 条" in ledger(*report).out
    (bare / PERIOD / "sft.yaml").unlink()
    write(bare, "某单位.yaml", broken.format("某单位"))
    assert "有误未收入 0 条" in ledger(*report).out


def test_a_report_of_one_task_names_in_full_who_answered_it_without_owing_it(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission() + "  24:\n" + answer())
    assert ledger("report", "--task", "24", "--partial", "-o", "out.docx").code == 0
    cells = [cell.text for table in Document("out.docx").tables for row in table.rows for cell in row.cells]
    assert any("有误未收入：自治区人民政府办公厅（" in text for text in cells)


def test_one_units_ledger_lists_what_is_left_to_the_unit(bare: Path, ledger: Ledger) -> None:
    assert ledger("report", "--unit", "gat", "-o", "out.docx").code == 0
    rows = [[cell.text for cell in row.cells] for table in Document("out.docx").tables for row in table.rows]
    free = [row for row in rows if any("由单位自定" in text for text in row)]
    assert len(free) == 2


def test_owed_is_the_sum_of_its_parts(sample: Path, ledger: Ledger) -> None:
    write(sample, "zfbgt.yaml", office_submission(tasks={19: answer(progress="无")}))
    totals = merged(ledger, "--partial")["totals"]
    parts = totals["reported"] + totals["not_applicable"] + totals["faulty"] + totals["missing"]
    assert totals["owed"] == parts


def test_equal_inputs_give_equal_bytes(sample: Path, ledger: Ledger) -> None:
    for suffix in ("yaml", "json", "csv"):
        ledger("merge", "-o", f"a.{suffix}")
        ledger("merge", "-o", f"b.{suffix}")
        assert (sample / f"a.{suffix}").read_bytes() == (sample / f"b.{suffix}").read_bytes()


def test_the_csv_opens_in_excel_and_has_a_row_an_answer(sample: Path, ledger: Ledger) -> None:
    ledger("merge", "-o", "out.csv")
    data = (sample / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["状态"] for row in rows].count("已报") == 126
    assert [row["状态"] for row in rows].count("不涉及") == 2
    assert [row["状态"] for row in rows].count("未报") == 2154


def test_an_edited_output_is_not_replaced_without_force(sample: Path, ledger: Ledger) -> None:
    path = sample / "build/ledger.yaml"
    assert ledger("merge").code == 0
    assert ledger("merge").code == 0
    path.write_text(path.read_text("utf-8") + "# 人工备注\n", "utf-8")
    refused = ledger("merge")
    assert refused.code == 2
    assert "--force" in refused.err
    assert path.read_text("utf-8").endswith("# 人工备注\n")
    assert ledger("merge", "--force").code == 0


def test_an_unknown_suffix_is_refused(sample: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "out.pdf").code == 2
    assert ledger("merge", "-o", "out.xls").code == 2
    assert list(sample.glob("out.*")) == []


def test_the_ledger_of_a_git_revision(sample: Path, ledger: Ledger) -> None:
    import subprocess

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=测试", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=sample, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    write(sample, "zfbgt.yaml", office_submission())
    now, before = merged(ledger), merged(ledger, "--at", "HEAD")
    texts = [data["tasks"][12]["answers"][0]["progress"] for data in (now, before)]
    assert texts[0] == "完成第13项的工作。"
    assert texts[1] != texts[0]
    assert ledger("merge", "--at", "nowhere").code == 2


# -- the YAML form gives the same ledger back, whatever the texts -----------------------------------

printable = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")).filter(lambda c: not UNPRINTABLE.match(c))
    | st.sampled_from("\n\t #:|>-'\"{}[]&*!%@`，。：“”　"),
    max_size=60,
)
prose = printable.map(lambda text: text.strip(" \t\n")).filter(bool)


def ledger_with(texts: tuple[str, str, str], reason: str | None, evidence: tuple[str, ...]) -> LedgerModel:
    answered = Answer.model_validate(
        {"具体落实情况": texts[0], "存在问题": texts[1], "工作打算": texts[2], "佐证": evidence}
        if reason is None
        else {"不涉及": reason}
    )
    record = TaskRecord(
        number=3,
        section=texts[2],
        text=texts[0],
        units=texts[1],
        deadline="长期坚持",
        gaps=("完成时限",),
        owing=("sft", "gat"),
        invited=("fgw",),
        entries=(Entry("sft", texts[1], "submissions/2024H1/sft.yaml", 12, answered),),
        missing=("gat",),
        labels={"3-1": Label(texts[0]), "3-a": Label("学时", texts[1])},
    )
    parties = (Party("sft", texts[0], texts[1], confirmed=True), Party("gat", "公安厅", "公安", confirmed=False))
    left = (LeftOut("gat", "x.yaml", None, texts[2]), LeftOut("sft", "y.yaml", "第三项", "w"))
    return LedgerModel("附件2", texts[0], "2024H1", "上半年", date(2024, 7, 15), (record,), left, parties)


@settings(max_examples=150, deadline=None)
@given(st.tuples(prose, prose, prose), st.none() | prose, st.lists(prose, max_size=2).map(tuple))
def test_the_yaml_reads_back_to_the_same_ledger(
    texts: tuple[str, str, str], reason: str | None, evidence: tuple[str, ...]
) -> None:
    one = ledger_with(texts, reason, evidence)
    assert from_yaml(to_yaml(one)) == one


def test_the_sample_reads_back_to_the_same_ledger(sample: Path, ledger: Ledger) -> None:
    assert ledger("merge").code == 0
    text = (sample / "build/ledger.yaml").read_text("utf-8")
    assert to_yaml(from_yaml(text)) == text


def test_dates_and_figures_survive_the_yaml() -> None:
    given_answer = Answer.model_validate(
        {
            "具体落实情况": "一",
            "存在问题": "无",
            "工作打算": "无",
            "完成": {"3-1": "2024-06-20"},
            "指标": {"3-a": "64.50"},
        }
    )
    one = ledger_with(("一", "二", "三"), None, ())
    record = replace(one.records[0], entries=(Entry("sft", "司法厅", "f.yaml", 3, given_answer),))
    answer_back = from_yaml(to_yaml(replace(one, records=(record,)))).records[0].entries[0].answer
    assert answer_back.met == {"3-1": date(2024, 6, 20)}
    assert answer_back.figures == {"3-a": Decimal("64.50")}


def test_a_cell_that_excel_would_calculate_is_shown_as_text() -> None:
    one = ledger_with(('=HYPERLINK("x")', "-1", "好"), None, ())
    rows = list(csv.reader(io.StringIO(WRITERS[".csv"](one).decode("utf-8-sig"))))
    assert rows[1][7] == '\'=HYPERLINK("x")'
    assert rows[1][8] == "'-1"


def test_a_renamed_copy_harms_neither_the_file_it_was_made_from_nor_goes_unnamed(sample: Path, ledger: Ledger) -> None:
    text = (sample / PERIOD / "yinchuan.yaml").read_text("utf-8")
    write(sample, "shizuishan.yaml", text)
    assert ledger("merge", "-o", "l.json", "--partial").code == 0
    data = json.loads(Path("l.json").read_text("utf-8"))
    assert [(left["unit"], left["task"]) for left in data["left_out"]] == [("shizuishan", None)]
    assert "C206" in data["left_out"][0]["why"]
    assert all("yinchuan" in {answer["unit"] for answer in task["answers"]} for task in data["tasks"][:3])


def test_a_file_for_a_period_that_is_not_registered_yet_says_nothing_about_this_one(
    sample: Path, ledger: Ledger
) -> None:
    early = sample / "submissions/2024H2"
    early.mkdir()
    text = (sample / PERIOD / "zfbgt.yaml").read_text("utf-8").replace("2024H1", "2024H2")
    (early / "fgw.yaml").write_text(text.replace("单位: zfbgt", "单位: fgw"), "utf-8")
    assert ledger("merge", "-o", "l.json").code == 0
    data = json.loads(Path("l.json").read_text("utf-8"))
    assert data["left_out"] == []
    assert "fgw" in data["tasks"][0]["missing"]
    assert "C205" in ledger("validate").out


def test_a_file_that_names_two_units_is_counted_for_the_one_that_has_sent_no_other(bare: Path, ledger: Ledger) -> None:
    write(bare, "政府办公厅.yaml", office_submission())
    write(bare, "zfbgt.yaml", office_submission("gat"))
    data = merged(ledger, "--partial")
    assert [(left["unit"], left["file"]) for left in data["left_out"]] == [("gat", f"{PERIOD}/zfbgt.yaml")]
    assert [a["unit"] for a in data["tasks"][12]["answers"]] == ["zfbgt"]
    assert not [task["task"] for task in data["tasks"] if "gat" in task["missing"]]
