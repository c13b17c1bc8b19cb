"""`ledger validate` as users meet it: what is checked, how it is told, how it ends."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PERIOD, Ledger, answer, office_submission, write


def findings(out: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(out)["findings"]
    return found


def test_the_sample_has_no_errors(sample: Path, ledger: Ledger) -> None:
    result = ledger("validate", "--format", "json")
    assert result.code == 0
    report = json.loads(result.out)
    assert report["summary"] == {"files": 4, "errors": 0, "warnings": 2, "infos": 6}
    assert [f["task"] for f in report["findings"] if f["code"] == "K510"] == [37, 39, 40, 41, 42, 43]


def test_the_sample_has_one_duty_met_and_one_missed(sample: Path, ledger: Ledger) -> None:
    missed = [f for f in findings(ledger("validate", "--format", "json").out) if f["code"] == "D301"]
    assert [(f["unit"], f["task"]) for f in missed] == [("xingqing", 11)]
    assert '"11-1"' in (sample / PERIOD / "yinchuan.yaml").read_text("utf-8")


def test_a_finding_shows_place_line_caret_and_hint(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("  35:", "  44:"))
    result = ledger("validate", "--select", "C201")
    assert result.code == 1
    assert result.out.splitlines() == [
        "submissions/2024H1/zfbgt.yaml:18:3 C201 第44项任务不存在，任务目录里是第1项至第43项",
        "  18 |   44:",
        "     |   ^",
        "  提示：核对编号，只写数字；ledger todo 单位 可以列出本单位的任务。",
        "检查了 1 份报送文件：错误 1 个。",
    ]


def test_the_caret_stands_below_the_character_whatever_its_width(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("单位: zfbgt", "单位：zfbgt"))
    lines = ledger("validate", "--select", "Y003").out.splitlines()
    assert lines[1] == "  1 | 单位：zfbgt"
    assert lines[2] == "    |     ^"


def test_findings_of_all_files_come_sorted_in_one_run(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("  35:", "  44:"))
    write(bare, "gat.yaml", b"\xd6\xd0\xce\xc4\xc4\xda\xc8\xdd")
    write(bare, "sft.yaml", "单位: sft\n\t报送期: 2024H1\n")
    result = ledger("validate", "--format", "json")
    found = [f for f in findings(result.out) if f["severity"] == "error"]
    places = [(f["file"], f["line"], f["column"]) for f in found]
    assert places == sorted(places)
    assert {f["file"].rpartition("/")[2] for f in found} == {"zfbgt.yaml", "gat.yaml", "sft.yaml"}


def test_two_files_of_one_unit_are_both_told(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    write(bare, "政府办公厅.yaml", office_submission())
    found = findings(ledger("validate", "--format", "json", "--select", "C208").out)
    assert [f["file"].rpartition("/")[2] for f in found] == ["zfbgt.yaml", "政府办公厅.yaml"]


def test_copies_and_strange_extensions_are_not_overlooked(bare: Path, ledger: Ledger) -> None:
    for name in ("zfbgt (1).yaml", "zfbgt.yaml.txt", "gat.yml"):
        write(bare, name, office_submission())
    (bare / PERIOD / "~$zfbgt.yaml").write_text("x")
    found = findings(ledger("validate", "--format", "json", "--select", "C206").out)
    assert {f["file"].rpartition("/")[2] for f in found} == {"zfbgt (1).yaml", "zfbgt.yaml.txt", "gat.yml"}


def test_a_form_nobody_filled_in_is_no_rival_and_hides_no_word_file(bare: Path, ledger: Ledger) -> None:
    arguments = ("validate", "--format", "json", "--select", "C206,C208")
    assert ledger("new", "zfbgt").code == 0
    write(bare, "政府办公厅.docx", b"")
    (found,) = findings(ledger(*arguments).out)
    assert (found["code"], found["unit"], found["file"]) == ("C206", "zfbgt", f"{PERIOD}/政府办公厅.docx")
    write(bare, "政府办公厅.yaml", office_submission())
    assert findings(ledger(*arguments).out) == []
    write(bare, "zfbgt.yaml", office_submission())
    assert [f["code"] for f in findings(ledger(*arguments).out)] == ["C208", "C208"]


def test_a_file_in_no_periods_folder_is_told(bare: Path, ledger: Ledger) -> None:
    write(bare, "../zfbgt.yaml", office_submission())
    (found,) = findings(ledger("validate", "--format", "json", "--select", "C206").out)
    assert (found["file"], found["message"]) == (
        "submissions/zfbgt.yaml",
        "文件不在报送期的文件夹里，文件里写的报送期是“2024H1”",
    )


def test_a_file_in_another_periods_folder_is_no_rival(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    write(bare, "../2024H2/zfbgt.yaml", office_submission())
    found = findings(ledger("validate", "--format", "json", "--select", "C206,C208").out)
    assert [(f["code"], f["file"]) for f in found] == [("C206", "submissions/2024H2/zfbgt.yaml")]


def test_files_in_an_unknown_periods_folder_are_not_overlooked(bare: Path, ledger: Ledger) -> None:
    stray = bare / "submissions/2024h1/zfbgt.yaml"
    stray.parent.mkdir()
    stray.write_text(office_submission(), "utf-8")
    assert [f["file"] for f in findings(ledger("validate", "--format", "json", "--select", "C206").out)] == [
        "submissions/2024h1/zfbgt.yaml"
    ]


def test_an_optional_task_left_out_is_a_warning(bare: Path, ledger: Ledger) -> None:
    write(bare, "gat.yaml", "单位: gat\n报送期: 2024H1\n任务:\n  1:\n" + answer())
    found = findings(ledger("validate", "--format", "json", "--select", "C203").out)
    severity = {f["task"]: f["severity"] for f in found}
    assert severity[16] == severity[19] == "warning"
    assert severity[2] == "error"


def test_duties_are_counted_at_the_as_of_date(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission())
    assert not findings(ledger("validate", "--format", "json", "--select", "D").out)
    late = findings(ledger("validate", "--format", "json", "--select", "D", "--as-of", "2025-01-01").out)
    assert [(f["code"], f["task"]) for f in late] == [("D301", 19)]


def test_a_closed_period_is_counted_at_its_deadline(
    bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = office_submission(tasks={19: answer() + '    完成: {"19-1": 2024-07-20}\n'})
    write(bare, "zfbgt.yaml", text)
    monkeypatch.setenv("LEDGER_TODAY", "2026-01-01")
    assert [f["code"] for f in findings(ledger("validate", "--format", "json", "--select", "D").out)] == ["D302"]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2022-12-31", "“19-1”的完成日期2022-12-31早于方案开始的2023-01-01"),
        ("2023-01-01", None),
        ("2024-07-15", None),
        ("2024-07-16", "“19-1”的完成日期2024-07-16晚于统计日期2024-07-15"),
    ],
)
def test_a_day_from_the_plans_first_to_the_one_counted_at_is_possible(
    bare: Path, ledger: Ledger, day: str, said: str | None
) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer() + f'    完成: {{"19-1": {day}}}\n'}))
    found = findings(ledger("validate", "--format", "json", "--select", "D").out)
    assert [(f["code"], f["message"]) for f in found] == ([("D302", said)] if said else [])


def test_a_yearly_duty_due_on_the_periods_first_day_is_asked_for_in_that_period(bare: Path, ledger: Ledger) -> None:
    tasks = bare / "data/tasks.yaml"
    text = tasks.read_text("utf-8")
    for due, asked in (("01-01", ["D301"]), ("12-31", [])):
        old = '{编号: "19-1", 内容: '
        assert text.count(old) == 1
        line = next(line for line in text.splitlines() if old in line)
        new = line.replace("截止: 2024-12-31", f'每年: "{due}"')
        assert new != line
        tasks.write_text(text.replace(line, new), "utf-8")
        write(bare, "zfbgt.yaml", office_submission())
        assert [f["code"] for f in findings(ledger("validate", "--format", "json", "--select", "D301").out)] == asked


def test_a_form_with_one_line_that_cannot_be_read_is_told_of_its_empty_tasks_too(bare: Path, ledger: Ledger) -> None:
    assert ledger("new", "zfbgt").code == 0
    path = bare / PERIOD / "zfbgt.yaml"
    text = path.read_text("utf-8")
    filled = text.replace("具体落实情况: |\n      \n", '具体落实情况: "两个确立"学习\n', 1)
    assert filled != text
    path.write_text(filled, "utf-8")
    found = findings(ledger("validate", "--format", "json", "--select", "Y,C").out)
    assert {(f["code"], f["task"]) for f in found} >= {("Y002", 13), ("C207", 19), ("C207", 35)}


def test_a_waived_hint_is_not_told(bare: Path, ledger: Ledger) -> None:
    waived = answer() + "    忽略: {D301: 评估经同意延后}\n"
    write(bare, "zfbgt.yaml", office_submission(tasks={19: waived}))
    result = ledger("validate", "--format", "json", "--select", "D", "--as-of", "2025-01-01")
    assert findings(result.out) == []


def test_select_ignore_and_strict(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("存在问题: |\n      无", "存在问题: 一\n      二", 1))
    assert ledger("validate").code == 0
    assert ledger("validate", "--strict").code == 1
    assert ledger("validate", "--strict", "--ignore", "Y010,W405").code == 0
    assert ledger("validate", "--select", "Z9").code == 2


def test_one_file_can_be_checked_by_its_path(sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    write(sample, "zfbgt.yaml", office_submission().replace("  35:", "  44:"))
    monkeypatch.chdir(sample / PERIOD)
    result = ledger("validate", "zfbgt.yaml", "--format", "json")
    assert {f["file"] for f in findings(result.out) if f["code"] != "K510"} == {"submissions/2024H1/zfbgt.yaml"}
    assert json.loads(result.out)["summary"]["files"] == 1
    assert ledger("validate", "nowhere.yaml").code == 2


def test_validate_never_writes(sample: Path, ledger: Ledger) -> None:
    before = {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()}
    ledger("validate")
    assert {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()} == before


def test_validate_imports_no_word_library(sample: Path) -> None:
    code = (
        "import sys; from ledger_cli.cli.app import run; run(['validate']);"
        "sys.exit(bool({'docx', 'lxml', 'jinja2', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


CATALOG_FAULTS = [
    ("K501", "units.yaml", "{代码: fgw, 名称", "{代碼: fgw, 名称"),
    ("K501", "tasks.yaml", "        完成时限: 2024年底前\n", ""),
    ("K502", "units.yaml", "[fgw, gxt,", "[fgww, gxt,"),
    ("K502", "tasks.yaml", "责任主体: [sft]", "责任主体: [sftt]"),
    ("K502", "units.yaml", '上级: guyuan, 行政区划代码: "640425"', '上级: nowhere, 行政区划代码: "640425"'),
    ("K503", "units.yaml", "简称: [公安厅]", "简称: [公安厅, 司法厅]"),
    ("K503", "units.yaml", "代码: gat,", "代码: sft,"),
    ("K504", "units.yaml", '层级: 市, 行政区划代码: "640100"', '层级: 市, 上级: xingqing, 行政区划代码: "640100"'),
    ("K504", "units.yaml", '上级: yinchuan, 行政区划代码: "640105"', '上级: xingqing, 行政区划代码: "640105"'),
    ("K504", "units.yaml", '层级: 市, 行政区划代码: "640200"', '层级: 市, 上级: yinchuan, 行政区划代码: "640200"'),
    ("K504", "units.yaml", '层级: 市, 行政区划代码: "640200"', '层级: 市, 上级: helan, 行政区划代码: "640200"'),
    ("K504", "units.yaml", "同: enforcement", "同: relevant"),
    ("K505", "tasks.yaml", "编号: 24\n", "编号: 25\n"),
    ("K506", "tasks.yaml", "责任主体: [sft]", "责任主体: []"),
    ("K507", "tasks.yaml", "截止: 2025-12-31}", "截止: 2026-12-31}"),
    ("K507", "tasks.yaml", '编号: "11-1"', '编号: "12-1"'),
    ("K507", "tasks.yaml", "适时: true}", "适时: true, 截止: 2024-01-01}"),
    ("K508", "tasks.yaml", "当前报送期: 2024H1", "当前报送期: 2024H2"),
    ("K508", "tasks.yaml", "结束: 2024-06-30, 报送", "结束: 2023-06-30, 报送"),
    ("K508", "tasks.yaml", "报送截止: 2024-07-15", "报送截止: 2023-12-31"),
    ("Y005", "tasks.yaml", "当前报送期: 2024H1", "当前报送期: 2024H1\n当前报送期: 2024H1"),
    ("Y003", "tasks.yaml", "当前报送期: 2024H1", "当前报送期：2024H1"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "file", "old", "new"), CATALOG_FAULTS)
def test_a_faulty_plan_is_told_with_its_place(
    sample: Path, ledger: Ledger, code: str, file: str, old: str, new: str
) -> None:
    path = sample / "data" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    result = ledger("validate", "--format", "json")
    assert result.code == 1
    found = [f for f in findings(result.out) if f["code"] == code and f["file"] == f"data/{file}"]
    assert found
    assert any(abs(f["line"] - line) <= 7 for f in found)
    refused = ledger("merge")
    assert refused.code == 1
    assert code in refused.err
    assert ledger("todo", "sft").code == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("报送截止: 2024-07-15", "报送截止: 2024-01-01"),
        ("结束: 2024-06-30", "结束: 2024-01-01"),
        ('上级: yinchuan, 行政区划代码: "640105"', '上级: shizuishan, 行政区划代码: "640105"'),
        ('层级: 市, 行政区划代码: "640200"', '层级: 市, 上级: fgw, 行政区划代码: "640200"'),
    ],
    ids=["due on the first day", "a period of one day", "county under a city", "city under a department"],
)
def test_what_only_looks_odd_in_a_plan_is_no_fault(sample: Path, ledger: Ledger, old: str, new: str) -> None:
    for name in ("tasks.yaml", "units.yaml"):
        path = sample / "data" / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert not findings(ledger("validate", "--format", "json", "--select", "K504,K508").out)


def test_a_unit_is_told_by_its_own_level_and_that_of_the_unit_above_it(sample: Path, ledger: Ledger) -> None:
    path = sample / "data/units.yaml"
    text = path.read_text("utf-8")
    county = text.replace('上级: yinchuan, 行政区划代码: "640105"', '上级: xingqing, 行政区划代码: "640105"')
    city = text.replace('层级: 市, 行政区划代码: "640200"', '层级: 市, 上级: helan, 行政区划代码: "640200"')
    for changed, message in (
        (county, "“银川市西夏区人民政府”是县级，上级“银川市兴庆区人民政府”也是县级"),
        (city, "“石嘴山市人民政府”是市级，上级“银川市贺兰县人民政府”是县级"),
    ):
        path.write_text(changed, "utf-8")
        (found,) = findings(ledger("validate", "--format", "json", "--select", "K504").out)
        assert found["message"] == message


def test_a_faulty_plan_does_not_hide_what_the_files_show(sample: Path, ledger: Ledger) -> None:
    tasks = sample / "data/tasks.yaml"
    tasks.write_text(tasks.read_text("utf-8").replace("责任主体: [sft]", "责任主体: []", 1), "utf-8")
    write(sample, "zfbgt.yaml", office_submission().replace("存在问题", "存在问提", 1))
    codes = {f["code"] for f in findings(ledger("validate", "--format", "json").out)}
    assert {"K506", "S101"} <= codes


# -- files that are something else, or lack a line ----------------------------------------------------


def errors(ledger: Ledger) -> list[tuple[str, str, str]]:
    told = findings(ledger("validate", "--format", "json").out)
    return [(f["code"], f["message"], f["hint"]) for f in told if f["severity"] == "error"]


@pytest.mark.parametrize(
    ("content", "kind", "advice"),
    [
        (
            b"PK\x03\x04....word/document.xml" + bytes(range(256)) * 40,
            " Word 文件",
            "改回 .docx，用 ledger intake 收入",
        ),
        (b"PK\x03\x04....xl/workbook.xml" + bytes(range(256)) * 40, " Excel 文件", "改回 .xlsx，用 ledger intake 收入"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9000), "旧格式的 Word、Excel 文件", "另存为 .docx"),
        (b"PK\x03\x04photo" + bytes(range(256)), "压缩包", "先解压"),
        (b"%PDF-1.7\n\xe2\xe3", " PDF 文件", "ledger new"),
        (b"\x89PNG\r\n\x1a\n\0\0", "图片", "ledger new"),
    ],
)
def test_a_file_that_is_no_text_is_one_sentence(
    bare: Path, ledger: Ledger, content: bytes, kind: str, advice: str
) -> None:
    write(bare, "zfbgt.yaml", content)
    ((code, message, hint),) = errors(ledger)
    assert code == "Y001"
    assert message.startswith(f"这是{kind}")
    assert message.endswith("只是改了扩展名，里面的字读不出来，没有收入")
    assert advice in hint
    assert ledger("merge", "--partial").code == 0


def test_a_real_form_under_the_wrong_suffix_is_named_however_large(sample: Path, ledger: Ledger) -> None:
    assert ledger("form", "sft", "--prefill", "-o", "form.docx").code == 0
    write(sample, "sft.yaml", Path("form.docx").read_bytes() + b"\0" * 3_000_000)
    ((code, message, _),) = errors(ledger)
    assert (code, message) == ("Y001", "这是 Word 文件，只是改了扩展名，里面的字读不出来，没有收入")


def test_noise_is_no_text_and_one_sentence(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", bytes(range(1, 256)) * 40)
    ((code, message, _),) = errors(ledger)
    assert (code, message) == ("Y001", "这不是文本文件，里面的字读不出来，没有收入")


def test_a_lost_line_of_the_tasks_is_one_fault_and_nothing_of_the_file_is_merged(sample: Path, ledger: Ledger) -> None:
    path = sample / PERIOD / "sft.yaml"
    whole = path.read_text("utf-8")
    lost = whole.replace("任务:\n", "", 1)
    for text in (lost, re.sub(r"^  ", "", lost, flags=re.MULTILINE), re.sub("填报日期:.*", "填报日期:", lost)):
        path.write_text(text, "utf-8")
        ((code, message, hint),) = errors(ledger)
        assert (code, message) == ("S102", "少了“任务:”这一行，从“1”起的各项任务都没有收入")
        assert "在这一行上面补上一行“任务:”，顶格写" in hint
        (found,) = [f for f in findings(ledger("validate", "--format", "json").out) if f["code"] == "S102"]
        assert text.splitlines()[found["line"] - 1].strip() == "1:"
        assert found["unit"] == "sft"
        merged = ledger("merge", "--partial", "-o", "out.json", "--force")
        assert merged.code == 0
        data = json.loads(Path("out.json").read_bytes())
        assert [(left["unit"], left["task"]) for left in data["left_out"]] == [("sft", None)]
        assert all(a["unit"] != "sft" for task in data["tasks"] for a in task["answers"])
    # The hint taken at its word mends the file.
    path.write_text(lost, "utf-8")
    lines = lost.splitlines(keepends=True)
    lines.insert(found["line"] - 1, "任务:\n")
    path.write_text("".join(lines), "utf-8")
    assert errors(ledger) == []


def test_a_line_that_says_something_else_is_no_lost_line(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("任务:", "任务列表:", 1))
    assert "没有“任务列表”这个栏目" in [message for _, message, _ in errors(ledger)]
    first = f"13:\n{answer()}"
    write(bare, "zfbgt.yaml", office_submission().replace("任务:\n", f"{first}任务:\n").replace(f"  {first}", ""))
    assert not any("少了“任务:”" in message for _, message, _ in errors(ledger))


def test_a_label_in_lenticular_brackets_begins_a_text(bare: Path, ledger: Ledger) -> None:
    text = office_submission(tasks={35: "    不涉及: 【说明】本单位无此职责，见附件\n"})
    text = text.replace(
        "具体落实情况: |\n      完成第13项的工作。", "具体落实情况: 【重点】印发清单，检查3次：已办结。"
    )
    write(bare, "zfbgt.yaml", text.replace("存在问题: |\n      无", "存在问题: 【说明，无】", 1))
    assert ledger("validate").code == 0
    ledger("merge", "-o", "out.json")
    tasks = json.loads(Path("out.json").read_bytes())["tasks"]
    (given,) = tasks[12]["answers"]
    assert (given["progress"], given["problems"]) == ("【重点】印发清单，检查3次：已办结。", "【说明，无】")
    (excused,) = tasks[34]["answers"]
    assert excused["not_applicable"] == "【说明】本单位无此职责，见附件"


@pytest.mark.parametrize("others", ["", "无", "暂无。", "不涉及"])
@pytest.mark.parametrize(
    "excuse",
    [
        "不涉及",
        "不涉及。",
        "不涉及，本单位无此职责。",
        "本单位不涉及此项工作。",
        "与本单位无关",
        "该项工作与我局职责无关，由司法厅负责",
    ],
)
def test_an_excuse_in_the_text_is_a_warning_that_says_how_to_write_it(
    bare: Path, ledger: Ledger, excuse: str, others: str
) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer(excuse, others, others)}))
    result = ledger("validate")
    assert result.code == 0
    assert f"W409 第35项任务的“具体落实情况”写的是“{excuse}”，会按“已报”统计" in result.out
    assert "改写一行“不涉及: 理由”" in result.out
    assert ledger("merge").code == 0


@pytest.mark.parametrize(
    "report",
    [
        "不涉及审批权限的3个事项，5月已由市里直接办结。",
        "不涉及行政处罚的事项已全部办结",
        "印发清单，不涉及的已注明。",
        "与本单位无关的事项已移交，其余12项办结。" * 3,
    ],
)
def test_a_report_that_begins_like_an_excuse_is_none(bare: Path, ledger: Ledger, report: str) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer(report, "无", "无")}))
    assert "W409" not in ledger("validate").out
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer(report, "", "无")}))
    assert "第35项任务的“存在问题”没有填写" in ledger("validate").out


def test_an_excuse_with_a_problem_of_its_own_is_a_report(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("不涉及。", "接口标准不一致。")}))
    assert "W409" not in ledger("validate").out


def test_a_waived_excuse_leaves_empty_columns_a_fault(bare: Path, ledger: Ledger) -> None:
    waived = answer("不涉及。", "", "") + "    忽略: {W409: 已与印发机关商定}\n"
    write(bare, "zfbgt.yaml", office_submission(tasks={35: waived}))
    result = ledger("validate")
    assert result.code == 1
    assert "W409" not in result.out
