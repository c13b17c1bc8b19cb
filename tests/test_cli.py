"""Commands that look up and start things, and how every command ends: codes, Chinese, never a traceback."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ledger_cli.model.rule import RULES
from tests.conftest import PERIOD, REPOSITORY, Ledger, office_submission, write

COMMANDS = [
    *("init", "todo", "who", "new", "validate", "rule", "merge", "report", "status", "remind", "diff", "log"),
    *("form", "intake", "return", "catalog", "accept", "reject", "reopen", "open", "template"),
]


def test_todo_says_what_is_owed_and_by_which_route(bare: Path, ledger: Ledger) -> None:
    for name in ("sft", "自治区司法厅", "司法厅"):
        data = json.loads(ledger("todo", name, "--format", "json").out)
        assert data["unit"] == "sft"
        assert len(data["tasks"]) == 43
        assert data["tasks"][2] == {"task": 3, "via": ["sft", "enforcement"], "required": True}
    text = ledger("todo", "政府办公厅").out
    assert "承担 3 项任务" in text
    assert "点名" in text


def test_todo_tells_optional_tasks(bare: Path, ledger: Ledger) -> None:
    tasks = json.loads(ledger("todo", "gat", "--format", "json").out)["tasks"]
    assert [t["task"] for t in tasks if not t["required"]] == [16, 19]


def test_who_lists_the_units_in_official_order(bare: Path, ledger: Ledger) -> None:
    data = json.loads(ledger("who", "19", "--format", "json").out)
    assert data["task"] == 19
    assert [u["unit"] for u in data["units"]][:2] == ["zfbgt", "fgw"]
    assert data["units"][0] == {"unit": "zfbgt", "via": ["zfbgt"], "required": True}
    assert "名单待印发机关确认" in ledger("who", "1").out
    assert "待印发机关确认" not in ledger("who", "24").out


def test_an_unknown_unit_or_task_gets_a_suggestion(bare: Path, ledger: Ledger) -> None:
    result = ledger("todo", "司法庁")
    assert result.code == 2
    assert "是不是“司法厅”" in result.err
    for wrong in ("44", "三", "0", "3.0"):
        assert ledger("who", wrong).code == 2


def test_new_makes_a_form_that_holds_every_task_and_its_text(bare: Path, ledger: Ledger) -> None:
    result = ledger("new", "司法厅", "兴庆区")
    assert result.code == 0
    text = (bare / PERIOD / "sft.yaml").read_text("utf-8")
    catalog = (bare / "data/tasks.yaml").read_text("utf-8")
    for task in re.findall(r"举措: (.*)", catalog):
        assert task in text
    assert "3-1 完成全员轮训（2024-06-30前）" in text
    assert (bare / PERIOD / "xingqing.yaml").exists()


@pytest.mark.parametrize("start", [["new", "--all"], ["open", "2024H2"]])
def test_forms_that_nobody_filled_in_are_no_fault_and_count_as_not_reported(
    bare: Path, ledger: Ledger, start: list[str]
) -> None:
    assert ledger(*start).code == 0
    checked = ledger("validate", "--format", "json", "--ignore", "K")
    assert json.loads(checked.out) == {
        "findings": [],
        "summary": {"files": 62, "errors": 0, "warnings": 0, "infos": 0},
    }
    told = ledger("validate", "--ignore", "K")
    assert told.code == 0
    assert told.out == "检查了 62 份报送文件，没有发现问题。\n其中 62 份还没有填写，按“未报”统计。\n"
    merged = ledger("merge", "-o", "out.json")
    assert (merged.code, merged.err) == (0, "")
    data = json.loads((bare / "out.json").read_bytes())
    assert data["left_out"] == []
    assert "zfbgt" in data["tasks"][12]["missing"]
    assert data["totals"]["missing"] == data["totals"]["owed"] == 2282
    reported = ledger("report")
    assert reported.code == 0
    assert "未报 2282 条" in reported.out
    counted = json.loads(ledger("status", "--format", "json").out)["coverage"]
    assert all(row["missing"] == row["owed"] for row in counted)


def test_one_answer_makes_the_blank_ones_beside_it_faults_again(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    path = bare / PERIOD / "zfbgt.yaml"
    path.write_text(
        re.sub(r"^      $", "      已办结三件。", path.read_text("utf-8"), count=3, flags=re.MULTILINE), "utf-8"
    )
    result = ledger("validate")
    assert result.code == 1
    assert "第19项任务没有填写" in result.out
    assert "第35项任务没有填写" in result.out
    assert "还没有填写，按“未报”统计" not in result.out


def test_a_form_with_a_name_and_a_date_alone_stops_nothing_and_is_told(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    path = bare / PERIOD / "zfbgt.yaml"
    path.write_text(path.read_text("utf-8").replace("填报日期:", "填报日期: 2024-07-05\n填报人: 张三"), "utf-8")
    result = ledger("validate")
    assert result.code == 0
    assert "C207 填了“填报日期”“填报人”，各项任务都还没有填写，这份文件按“未报”统计" in result.out
    assert ledger("merge").code == 0


def test_a_blank_form_under_a_wrong_name_or_unit_is_still_told(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    text = (bare / PERIOD / "zfbgt.yaml").read_text("utf-8")
    write(bare, "gat.yaml", text)
    write(bare, "sft.yaml", text.replace("单位: zfbgt", "单位: 司法庁"))
    found = json.loads(ledger("validate", "--format", "json", "--ignore", "K").out)["findings"]
    assert [(f["code"], Path(f["file"]).name) for f in found] == [("C206", "gat.yaml"), ("C204", "sft.yaml")]


@pytest.mark.parametrize("filled", ["zfbgt.yaml", "政府办公厅.yaml"])
def test_a_blank_form_beside_the_answers_of_its_unit_is_no_rival(bare: Path, ledger: Ledger, filled: str) -> None:
    ledger("new", "zfbgt")
    blank = (bare / PERIOD / "zfbgt.yaml").read_text("utf-8")
    for name in ("zfbgt.yaml", "政府办公厅.yaml"):
        write(bare, name, office_submission() if name == filled else blank)
    assert ledger("validate").code == 0
    assert "已报 3 条" in ledger("merge").out
    # What the unit said is found again whichever of the two holds it.
    assert ledger("return", "zfbgt", "--task", "13", "--reason", "请补充", "-o", "back.docx").code == 0
    assert "完成第13项的工作。" in zipfile.ZipFile("back.docx").read("word/document.xml").decode("utf-8")
    assert ledger("open", "2024H2").code == 0
    assert "完成第13项的工作。" in Path("submissions/2024H2/zfbgt.yaml").read_text("utf-8")


def test_words_that_a_blank_form_hides_are_not_passed_over(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    path = bare / PERIOD / "zfbgt.yaml"
    blank = path.read_text("utf-8")
    cut = blank.replace("    具体落实情况: |\n", "    具体落实情况: # 已办结三件\n", 1)
    twice = blank + "  13:\n    具体落实情况: |\n      已办结三件。\n"
    aside = blank.replace("      \n", '      \n    备注: "两个确立"学习\n', 1)
    beside = blank + "备注: |\n  第13项已办结三件。\n"
    for text in (cut, twice, aside, beside):
        path.write_text(text, "utf-8")
        assert ledger("validate").code == 1
        ledger("merge", "--partial", "-o", "out.json")
        left = json.loads((bare / "out.json").read_bytes())["left_out"]
        assert left, text


def test_a_word_file_beside_a_blank_form_is_all_that_the_unit_sent(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    write(bare, "政府办公厅.docx", b"PK")
    result = ledger("validate")
    assert result.code == 1
    assert "自治区人民政府办公厅的内容没有收入" in result.out
    assert "ledger intake submissions/2024H1/政府办公厅.docx" in result.out


def test_a_form_filled_in_at_its_blanks_is_sound(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    path = bare / PERIOD / "zfbgt.yaml"
    filled = re.sub(r"^      $", "      已办结三件。", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(filled, "utf-8")
    assert ledger("validate").code == 0


def test_new_makes_those_that_a_killed_command_did_not(bare: Path, ledger: Ledger) -> None:
    assert ledger("new", "gat").code == 0
    assert ledger("new", "gat", "fgw").code == 0
    assert (bare / PERIOD / "fgw.yaml").exists()
    write(bare, "gat.yaml", "改过")
    assert ledger("new", "gat", "gxt").code == 2
    assert not (bare / PERIOD / "gxt.yaml").exists()


def test_new_never_overwrites(sample: Path, ledger: Ledger) -> None:
    before = (sample / PERIOD / "sft.yaml").read_bytes()
    result = ledger("new", "sft", "gat")
    assert result.code == 2
    assert (sample / PERIOD / "sft.yaml").read_bytes() == before
    assert not (sample / PERIOD / "gat.yaml").exists()
    assert ledger("new").code == 2
    assert ledger("new", "--all").code == 0
    assert len(list((sample / PERIOD).glob("*.yaml"))) == 62
    assert (sample / PERIOD / "sft.yaml").read_bytes() == before


def test_init_makes_a_workspace_that_works(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "新台账"
    assert ledger("init", root).code == 0
    assert (root / "data/tasks.yaml").read_bytes() == (REPOSITORY / "data/tasks.yaml").read_bytes()
    assert ledger("-C", root, "validate").code == 0
    monkeypatch.setenv("LEDGER_WORKSPACE", str(root))
    assert ledger("report", "--blank", "-o", tmp_path / "blank.docx").code == 0
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert ledger("init", root).code == 2
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_init_touches_nothing_where_one_of_its_files_is(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "units/data").mkdir(parents=True)
    (tmp_path / "units/data/units.yaml").write_text("单位: []\n", "utf-8")
    assert ledger("init", tmp_path / "units").code == 2
    assert [p.name for p in (tmp_path / "units").rglob("*") if p.is_file()] == ["units.yaml"]


def test_rule_explains_every_code(ledger: Ledger) -> None:
    listed = ledger("rule").out
    for code, rule in RULES.items():
        assert code in listed
        told = ledger("rule", code.lower())
        assert told.code == 0
        assert rule.title in told.out
        assert rule.fix in told.out
    assert ledger("rule", "C999").code == 2


def test_the_workspace_is_found_from_a_folder_below(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample / PERIOD)
    assert ledger("validate").code == 0
    monkeypatch.chdir("/")
    outside = ledger("validate")
    assert outside.code == 2
    assert "ledger init" in outside.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--foo"], ["nonsense"], ["todo"], ["todo", "a", "b"], ["validate", "--period"],
        ["validate", "--period", "2099"],
        ["validate", "--as-of", "2024-13-01"], ["validate", "--format", "xml"], ["validate", "--format", "sarif"],
        ["merge", "-C", "."], ["report", "--split"], ["report", "-o", "x.pdf"], [],
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_chinese(sample: Path, ledger: Ledger, arguments: list[str]) -> None:
    result = ledger(*arguments)
    assert result.code == 2
    said = result.err + result.out
    assert re.search("[一-鿿]{4}", said)
    for english in ("Usage", "Error", "Missing", "such", "Traceback", "Invalid", "requires"):
        assert english not in said


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_chinese(ledger: Ledger, command: str) -> None:
    result = ledger(*filter(None, [command, "--help"]))
    assert result.code == 0
    words = set(re.findall(r"[A-Za-z]{4,}", result.out))
    known = {
        "ledger",
        "LEDGER",
        "WORKSPACE",
        "Word",
        "Office",
        "LibreOffice",
        "Excel",
        "xlsx",
        "HEAD",
        "docx",
        "yaml",
        "json",
        "text",
        "ACTOR",
    }
    options = set(re.findall(r"--([a-z-]+)", result.out))
    values = {
        "import",
        "migrate",
        "verify",
        "section",
        "task",
        "unit",
        "compact",
        "templates",
        "version",
        "todo",
        *COMMANDS,
    }
    values |= {"overdue", "missing", "faulty"}
    assert words - known - values - {part for option in options for part in option.split("-")} == set()
    assert "…" not in result.out


def test_a_fault_of_the_tool_is_one_line_and_a_log(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken inside")

    (sample / "build").mkdir()
    monkeypatch.setattr("ledger_cli.gather.pipeline.check_all", fail)
    result = ledger("validate")
    assert result.code == 3
    assert len(result.err.splitlines()) == 1
    assert "Traceback" not in result.err
    assert "broken inside" in (sample / "build/ledger-error.log").read_text("utf-8")


def test_a_narrow_encoding_ends_no_command(sample: Path) -> None:
    write(sample, "zfbgt.yaml", office_submission().replace("无", "😀\u200b无", 1))
    environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "ledger_cli", "validate"]
    done = subprocess.run(command, cwd=sample, env=environment, capture_output=True, check=False)
    assert done.returncode == 1
    assert "零宽空格" in done.stdout.decode("gbk")
    as_json = subprocess.run(
        [*command, "--format", "json"], cwd=sample, env=environment, capture_output=True, check=False
    )
    assert json.loads(as_json.stdout.decode("utf-8"))["summary"]["errors"] == 1


def test_texts_are_printed_as_data(bare: Path, ledger: Ledger) -> None:
    text = office_submission().replace("  35:", "    [bold]备注[/red]: \x1b[31m\n  35:")
    write(bare, "zfbgt.yaml", text)
    result = ledger("validate")
    assert "[bold]备注[/red]" in result.out
    assert "\x1b" not in result.out


def test_json_findings_have_the_agreed_keys(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("  35:", "  44:"))
    (first, *_), summary = json.loads(ledger("validate", "--format", "json", "--select", "C201").out).values()
    assert first == {
        "code": "C201",
        "severity": "error",
        "file": "submissions/2024H1/zfbgt.yaml",
        "line": 18,
        "column": 3,
        "unit": "zfbgt",
        "task": 44,
        "message": first["message"],
        "hint": first["hint"],
    }
    assert summary == {"files": 1, "errors": 1, "warnings": 0, "infos": 0}


def test_many_files_are_checked_in_processes_with_the_same_result(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger("new", "--all")
    one = ledger("validate", "--format", "json")
    monkeypatch.setattr("ledger_cli.gather.workers._POOL_FROM", 10)
    monkeypatch.setattr("ledger_cli.gather.workers._processors", lambda: 2)
    assert ledger("validate", "--format", "json") == one
