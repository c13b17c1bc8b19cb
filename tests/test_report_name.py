"""Where `ledger report` writes when nobody says where: a part never takes the place of the whole ledger."""

import re
from pathlib import Path

import pytest
from docx import Document

from ledger_cli.cli.shared.report_name import file_name
from tests.conftest import REPOSITORY, Ledger, answer, write
from tests.revisions import new_repository, second_period

COMPACT_HEAD = ["填报单位", "具体落实情况", "存在问题", "工作打算"]


def written(ledger: Ledger, *options: str) -> str:
    """The document that a run without -o wrote, as the command names it."""
    result = ledger("report", *options)
    assert result.code == 0, result.err
    match = re.match(r"写好 (build/.+?)：(?:\d|空白|情况)", result.out)
    assert match
    assert Path(match[1]).exists()
    return match[1].removeprefix("build/")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["--unit", "银川"], "银川市人民政府.docx"),
        (["--under", "银川市"], "银川市及所辖.docx"),
        (["--section", "2"], "第二节.docx"),
        (["--section", "二"], "第二节.docx"),
        (["--task", "19"], "第19项.docx"),
        (["--section", "1", "--unit", "sft"], "自治区司法厅_第一节.docx"),
        (["--template", "compact"], "台账（compact）.docx"),
        (["--task", "3", "--template", "compact"], "第3项（compact）.docx"),
        (["--blank"], "空白台账.docx"),
        (["--blank", "--section", "6"], "空白台账_第六节.docx"),
        (["--template", "brief"], "情况通报.docx"),
        (["--template", "brief", "--under", "银川"], "情况通报_银川市及所辖.docx"),
        (["--split", "section"], "split-section"),
        (["--split", "task", "--section", "2"], "split-task（第二节）"),
    ],
)
def test_a_part_has_a_file_of_its_own_and_the_whole_ledger_stays(
    sample: Path, ledger: Ledger, options: list[str], name: str
) -> None:
    assert written(ledger) == "ledger.docx"
    whole = Path("build/ledger.docx").read_bytes()
    assert written(ledger, *options) == name
    assert Path("build/ledger.docx").read_bytes() == whole
    assert written(ledger) == "ledger.docx"


def test_another_period_and_accepted_answers_have_files_of_their_own(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    ledger("accept", "sft")
    assert written(ledger) == "ledger.docx"
    assert written(ledger, "--period", "2024H1") == "ledger.docx"
    assert written(ledger, "--period", "2024H2") == "台账（2024年下半年）.docx"
    assert written(ledger, "--accepted-only") == "台账（只列已通过）.docx"
    assert written(ledger, "--unit", "sft", "--accepted-only") == "自治区司法厅（只列已通过）.docx"
    assert written(ledger, "--unit", "sft", "--period", "2024H2") == "自治区司法厅（2024年下半年）.docx"


def test_an_earlier_version_has_a_file_of_its_own(sample: Path, ledger: Ledger) -> None:
    new_repository(sample).commit("第一版")
    assert written(ledger, "--at", "HEAD") == "台账（版本HEAD）.docx"
    assert not Path("build/ledger.docx").exists()


def test_a_part_that_a_person_edited_is_not_replaced(sample: Path, ledger: Ledger) -> None:
    written(ledger, "--task", "19")
    path = Path("build/第19项.docx")
    document = Document(str(path))
    document.add_paragraph("领导批示")
    document.save(str(path))
    kept = path.read_bytes()
    result = ledger("report", "--task", "19")
    assert result.code == 2
    assert "第19项.docx" in result.err
    assert path.read_bytes() == kept


def test_a_units_name_that_windows_takes_for_a_path_becomes_a_file(sample: Path, ledger: Ledger) -> None:
    units = Path("data/units.yaml")
    units.write_text(units.read_text("utf-8").replace("名称: 自治区司法厅", '名称: "司法厅/法制办: 一处."'), "utf-8")
    assert written(ledger, "--unit", "sft") == "司法厅／法制办： 一处.docx"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('a\\b/c:d*e?f"g<h>i|j', "a＼b／c：d＊e？f＂g＜h＞i｜j"),
        ("某单位. .", "某单位"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Lpt1", "_Lpt1"),
        ("控\x07制", "控制"),
        ("", "_"),
        ("...", "_"),
    ],
)
def test_names_that_windows_refuses_are_changed(text: str, name: str) -> None:
    assert file_name(text) == name


def test_long_names_stay_apart() -> None:
    long = "自治区" * 40
    one, other = file_name(long + "甲"), file_name(long + "乙")
    assert one != other
    assert len(one.encode("utf-16-le")) / 2 <= 80
    assert len(f"{one}.docx".encode()) <= 255


# -- which layout -----------------------------------------------------------------------------------


def many_units(root: Path) -> None:
    """Seven units of Yinchuan with answers of their own to task 23; to task 34 three answer."""
    for number, unit in enumerate(("yinchuan", "xingqing", "xixia", "jinfeng", "yongning", "helan", "lingwu")):
        text = f"单位: {unit}\n报送期: 2024H1\n任务:\n  23:\n{answer(f'办了第{number}件事。')}"
        if number < 3:
            text += f"  34:\n{answer(f'又办了第{number}件事。')}"
        write(root, f"{unit}.yaml", text)


def heads(name: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in Document(name).tables for row in table.rows[:2]]


def test_the_number_of_answers_to_a_task_chooses_the_layout_of_a_part_too(bare: Path, ledger: Ledger) -> None:
    many_units(bare)
    for options, compact in (
        (["--task", "23"], True),
        (["--task", "34"], False),
        (["--section", "5"], False),
        ([], True),
        (["--under", "银川"], True),
    ):
        result = ledger("report", "--partial", "-o", "out.docx", "--force", *options)
        assert result.code == 0, result.err
        said = "按紧凑版式（单位多）排印；要七栏版式的，加 --template ledger。"
        assert (said in result.out) is compact
        assert ("按七栏版式排印；要紧凑版式的，加 --template compact。" in result.out) is not compact
        assert (COMPACT_HEAD in heads("out.docx")) is compact


def test_a_layout_that_was_asked_for_is_not_explained(bare: Path, ledger: Ledger) -> None:
    many_units(bare)
    for options in (["--template", "ledger"], ["--unit", "xixia"], ["--blank"]):
        result = ledger("report", "--partial", "-o", "out.docx", "--force", "--task", "23", *options)
        assert "版式" not in result.out
        assert COMPACT_HEAD not in heads("out.docx")


def test_a_split_says_how_many_documents_have_which_layout(bare: Path, ledger: Ledger) -> None:
    many_units(bare)
    result = ledger("report", "--partial", "--split", "task", "-o", "parts")
    assert "其中 1 份按紧凑版式（单位多），42 份按七栏版式" in result.out
    assert COMPACT_HEAD in heads("parts/task-23.docx")
    assert COMPACT_HEAD not in heads("parts/task-34.docx")
    assert "都按七栏版式排印" in ledger("report", "--partial", "--split", "task", "--task", "34").out


def test_the_manual_names_what_the_command_writes() -> None:
    manual = (REPOSITORY / "README.zh-CN.md").read_text("utf-8")
    for name in ("银川市及所辖.docx", "第二节.docx", "第19项.docx", "空白台账.docx", "情况通报.docx"):
        assert name in manual
