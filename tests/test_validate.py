"""`ledger validate` as users meet it: what is checked, how it is told, how it ends."""

import json
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
    ("K504", "units.yaml", "同: enforcement", "同: relevant"),
    ("K505", "tasks.yaml", "编号: 24\n", "编号: 25\n"),
    ("K506", "tasks.yaml", "责任主体: [sft]", "责任主体: []"),
    ("K507", "tasks.yaml", "截止: 2025-12-31}", "截止: 2026-12-31}"),
    ("K507", "tasks.yaml", '编号: "11-1"', '编号: "12-1"'),
    ("K507", "tasks.yaml", "适时: true}", "适时: true, 截止: 2024-01-01}"),
    ("K508", "tasks.yaml", "当前报送期: 2024H1", "当前报送期: 2024H2"),
    ("K508", "tasks.yaml", "结束: 2024-06-30, 报送", "结束: 2023-06-30, 报送"),
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


def test_a_faulty_plan_does_not_hide_what_the_files_show(sample: Path, ledger: Ledger) -> None:
    tasks = sample / "data/tasks.yaml"
    tasks.write_text(tasks.read_text("utf-8").replace("责任主体: [sft]", "责任主体: []", 1), "utf-8")
    write(sample, "zfbgt.yaml", office_submission().replace("存在问题", "存在问提", 1))
    codes = {f["code"] for f in findings(ledger("validate", "--format", "json").out)}
    assert {"K506", "S101"} <= codes
