"""`ledger catalog migrate`: answers follow their tasks' texts through an edited catalog, all of them or none."""

import errno
import json
import re
from pathlib import Path
from typing import Any

import pytest

from ledger_cli.edge import outputs, replacing
from ledger_cli.edge.disk import Workspace
from ledger_cli.edge.outputs import rewrite_all
from ledger_cli.exits import CannotRun
from ledger_cli.gather.plan import sound_plan
from ledger_cli.model.column import SEED
from ledger_cli.read.submission import read_submission
from ledger_cli.write import submission_edit
from ledger_cli.write.line_edit import with_edits
from tests.catalogs import MEMORY, TASKS, insert_task, remember, remove_task, reword
from tests.conftest import PERIOD, Ledger, answer, office_submission, write

FORMER = Path("periods/2024H1/tasks-1.yaml")


@pytest.fixture
def edited(sample: Path) -> Path:
    """The samples, the plan that their period started with, and a catalog with a new task in front of task 4."""
    remember(sample)
    insert_task(sample, 4)
    return sample


def files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file())
    return {
        name: path.read_bytes() for path in found if not (name := path.relative_to(root).as_posix()).startswith("build")
    }


def codes(ledger: Ledger) -> set[str]:
    found: list[dict[str, Any]] = json.loads(ledger("validate", "--format", "json").out)["findings"]
    return {one["code"] for one in found if one["severity"] == "error"}


def answers(ledger: Ledger) -> dict[tuple[str, str], dict[str, Any]]:
    """What the merged ledger shows, by unit and the task's text, without where it stands."""
    ledger("merge", "--partial", "-o", "out.json", "--force")
    data = json.loads(Path("out.json").read_bytes())
    kept = ("progress", "problems", "plans", "not_applicable", "evidence")
    return {
        (one["unit"], task["text"]): {name: one[name] for name in kept} | {"met": [*one["met"].values()]}
        for task in data["tasks"]
        for one in task["answers"]
    }


def test_it_only_says_until_it_is_told_to_write(edited: Path, ledger: Ledger) -> None:
    before = files(edited)
    result = ledger("catalog", "migrate")
    assert result.code == 0
    assert (
        "  第4项 → 第5项（上级业务部门要加强对下级业务部门培训工作……）：3 家单位（sft、xingqing、yinchuan）"
        in result.out
    )
    assert "2024年上半年（2024H1）：将移动 119 条答复。" in result.out
    assert "以上还没有写入" in result.out
    assert files(edited) == before


def test_answers_stand_below_their_own_text_again(sample: Path, ledger: Ledger) -> None:
    shown = answers(ledger)
    remember(sample)
    insert_task(sample, 4)
    memory = (sample / MEMORY).read_bytes()
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 0
    assert "已移动 119 条答复" in result.out
    assert answers(ledger) == shown
    assert codes(ledger) == {"C203"}  # the new task is owed, and nobody has answered it
    assert (sample / MEMORY).read_bytes() == (sample / TASKS).read_bytes()
    assert (sample / FORMER).read_bytes() == memory
    assert "没有要移动的答复" in ledger("catalog", "migrate", "--write").out


def test_nothing_but_keys_marks_and_ids_changes(edited: Path, ledger: Ledger) -> None:
    before = (edited / PERIOD / "sft.yaml").read_text("utf-8")
    ledger("catalog", "migrate", "--write")
    after = (edited / PERIOD / "sft.yaml").read_text("utf-8")
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    for old, new in ((old, new) for old, new in pairs if old != new):
        if re.fullmatch(r"  \d+:", old):
            assert re.fullmatch(rf"  {int(old.strip(' :')) + 1}:  # 原文校验 [0-9a-f]{{8}}，请保留", new)
        else:
            number = re.search(r'"(\d+)-', old)
            assert number
            assert new == old.replace(f'"{number[1]}-', f'"{int(number[1]) + 1}-')
    assert '    完成: {"10-1": 2023-11-30, "10-2": 2023-12-08}' in after
    assert '    指标: {"39-a": 6.2}' in after


def test_line_ends_order_mark_quotes_and_comments_stay(bare: Path, ledger: Ledger) -> None:
    remember(bare)
    text = office_submission().replace("  19:\n", "  '19' :   # 已核对\n").replace("  35:\n", '  "35":\n')
    write(bare, "zfbgt.yaml", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    insert_task(bare, 14)
    assert ledger("catalog", "migrate", "--write").code == 0
    data = (bare / PERIOD / "zfbgt.yaml").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") == text.count("\n")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert any(re.fullmatch(r"  '20':  # 原文校验 [0-9a-f]{8}，请保留 # 已核对", line) for line in lines)
    assert any(re.fullmatch(r'  "36":  # 原文校验 [0-9a-f]{8}，请保留', line) for line in lines)
    assert "  13:" in lines


def test_a_scaffolds_comments_follow(bare: Path, ledger: Ledger) -> None:
    remember(bare)
    ledger("new", "sft")
    insert_task(bare, 4)
    path = bare / PERIOD / "sft.yaml"
    assert ledger("catalog", "migrate", "--write").code == 0
    migrated = path.read_text("utf-8")
    path.unlink()
    ledger("new", "sft")
    fresh = path.read_text("utf-8")
    start, stop = fresh.index("  # 4."), fresh.index("  # 5.")
    assert migrated.splitlines()[1:] == (fresh[:start] + fresh[stop:]).splitlines()[1:]


def test_an_edited_text_waits_until_somebody_confirms_it(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    reword(sample, "建立行政执法工作年度报告制度", "健全行政执法工作年度报告制度")
    before = files(sample)
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 1
    assert "原文有修改，要核对答复的：" in result.out
    assert "第30项：填报时“建立行政执法工作年度报告制度，结合行政执……”，现在“健全行政" in result.out
    assert "加 --keep 30" in result.out
    assert files(sample) == before
    assert ledger("catalog", "migrate", "--keep", "30", "--write").code == 0
    assert codes(ledger) == set()
    digest = sound_plan(Workspace(sample)).catalog.tasks[30].digest
    assert f"  30:  # 原文校验 {digest}，请保留\n" in (sample / PERIOD / "sft.yaml").read_text("utf-8")
    # Whoever writes without a mark is believed from now on: it is still the same task.
    path = sample / PERIOD / "sft.yaml"
    path.write_text(re.sub("  # 原文校验.*", "", path.read_text("utf-8")), "utf-8")
    assert codes(ledger) == set()


def test_what_is_done_stays_done_while_the_rest_waits(edited: Path, ledger: Ledger) -> None:
    memory = (edited / MEMORY).read_bytes()
    reword(edited, "建立行政执法工作年度报告制度", "健全行政执法工作年度报告制度")
    result = ledger("catalog", "migrate", "--write")
    assert (result.code, (edited / MEMORY).read_bytes()) == (1, memory)
    assert "记下的任务目录暂不更新" in result.out
    # What stood behind 30 has moved; 30 waits, in the way of 29, which is in the way of 28 …
    assert "第29项（submissions/2024H1/sft.yaml、" in result.err
    assert "第30项原来的答复还没有移走，先处理它" in result.err
    found = json.loads(ledger("validate", "--format", "json").out)["findings"]
    left = {(one["unit"], one["task"]) for one in found if one["code"] == "K512"}
    assert {number for _, number in left if number >= 4} == set(range(4, 31))


def test_a_removed_task_is_named_and_the_others_move_up(bare: Path, ledger: Ledger) -> None:
    remember(bare)
    write(bare, "zfbgt.yaml", office_submission())
    remove_task(bare, 19)
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 1
    assert "第19项：填报时“" in result.out
    read = read_submission((bare / PERIOD / "zfbgt.yaml").read_bytes(), "zfbgt", SEED)
    assert [said.key for said in read.filing.said] == ["13", "19", "34"]


def test_a_number_that_is_taken_is_refused_by_name(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    remember(bare)
    digests = {n: t.digest for n, t in sound_plan(Workspace(bare)).catalog.tasks.items()}
    text = office_submission(tasks={20: answer("新的第20项。")})
    insert_task(bare, 14)
    current = sound_plan(Workspace(bare)).catalog.tasks[20].digest
    assert current == digests[19]
    write(bare, "zfbgt.yaml", text.replace("  20:\n", f"  20:  # 原文校验 {current}，请保留\n"))
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 1
    assert f"  第19项（{PERIOD}/zfbgt.yaml）：第20项下面已经有答复，请手工合到一处。" in result.err
    read = read_submission((bare / PERIOD / "zfbgt.yaml").read_bytes(), "zfbgt", SEED)
    given = {said.key: said.given for said in read.filing.said}
    assert [*given] == ["13", "19", "36", "20"]
    assert given["19"]["具体落实情况"] == "完成第19项的工作。\n"
    assert given["20"]["具体落实情况"] == "新的第20项。\n"


def test_a_duty_that_the_task_no_longer_has_is_refused_by_name(edited: Path, ledger: Ledger) -> None:
    text = (edited / TASKS).read_text("utf-8")
    line = next(line for line in text.splitlines() if '"12-1"' in line)
    (edited / TASKS).write_text(text.replace(line, line.replace("内容: ", "内容: 再次")), "utf-8")
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 1
    assert "“11-1”在第12项的时限要求、指标里对不上，请手工改。" in result.err
    assert f"  第11项（{PERIOD}/sft.yaml、{PERIOD}/yinchuan.yaml）" in result.err
    assert "  11:\n" in (edited / PERIOD / "sft.yaml").read_text("utf-8")


def test_a_file_with_faults_is_named_and_left(edited: Path, ledger: Ledger) -> None:
    path = edited / PERIOD / "sft.yaml"
    path.write_text(path.read_text("utf-8").replace("    存在问题: |", "    存在问题：|", 1), "utf-8")
    before = path.read_bytes()
    memory = (edited / MEMORY).read_bytes()
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 1
    assert f"{PERIOD}/sft.yaml：第" in result.err
    assert "Y003" in result.err
    assert (path.read_bytes(), (edited / MEMORY).read_bytes()) == (before, memory)


def test_an_answer_on_its_keys_line_is_refused(bare: Path, ledger: Ledger) -> None:
    remember(bare)
    write(
        bare, "zfbgt.yaml", office_submission(tasks={35: ""}).replace("  35:\n", "  35: {不涉及: 本单位无此项职责}\n")
    )
    before = (bare / PERIOD / "zfbgt.yaml").read_bytes()
    insert_task(bare, 14)
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 1
    assert "写法特殊，不能自动改" in result.err
    assert (bare / PERIOD / "zfbgt.yaml").read_bytes() == before


def test_an_edit_that_does_not_read_as_meant_is_not_written(
    edited: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        submission_edit, "with_edits", lambda data, edits: with_edits(data, edits).replace("自查评估".encode(), b"")
    )
    before = files(edited)
    assert "自查评估".encode() in before[f"{PERIOD}/sft.yaml"]
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 1
    assert f"{PERIOD}/sft.yaml" in result.err
    assert (edited / PERIOD / "sft.yaml").read_bytes() == before[f"{PERIOD}/sft.yaml"]


def test_an_unmarked_answer_that_comes_late_is_not_guessed_at(edited: Path, ledger: Ledger) -> None:
    path = edited / PERIOD / "zfbgt.yaml"
    late = path.read_bytes()
    path.unlink()
    assert ledger("catalog", "migrate", "--write").code == 0
    path.write_bytes(late)
    found = [
        one for one in json.loads(ledger("validate", "--format", "json").out)["findings"] if one["unit"] == "zfbgt"
    ]
    told = [one["message"] for one in found if one["code"] == "K512"]
    assert len(told) == 3
    assert told[0].startswith("第13项任务的原文在本期改过，看不出这条答复是对哪一条填报的（现在是“")
    assert "看不出是对哪一条填报的" in ledger("catalog", "migrate").out
    assert ledger("catalog", "migrate", "--keep", "13", "--keep", "19", "--keep", "35", "--write").code == 0
    assert "K512" not in codes(ledger)


def test_what_has_only_moved_needs_no_confirmation(edited: Path, ledger: Ledger) -> None:
    before = files(edited)
    result = ledger("catalog", "migrate", "--keep", "4", "--write")
    assert (result.code, files(edited)) == (2, before)
    assert (
        result.err == "第4项的答复不用 --keep 确认：它的原文没有改，现在是第5项。去掉 --keep 4，答复会移到第5项下面。\n"
    )


def test_other_periods_are_pointed_at_and_can_be_asked_for(edited: Path, ledger: Ledger) -> None:
    assert ledger("open", "2024H2").code == 0
    result = ledger("catalog", "migrate")
    assert "报送期 2024H1 开始时的任务目录也与现在的不同，加 --period 查看。" in result.out
    assert ledger("catalog", "migrate", "--period", "2024H1", "--write").code == 0
    assert "2024H1 开始时" not in ledger("catalog", "migrate").out


def test_an_edit_before_anybody_reports_is_taken_over(bare: Path, ledger: Ledger) -> None:
    remember(bare)
    insert_task(bare, 4)
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 0
    assert "已把现在的任务目录记为这一期的（periods/2024H1/tasks.yaml）。" in result.out
    assert (bare / MEMORY).read_bytes() == (bare / TASKS).read_bytes()


def test_all_files_or_none(edited: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(edited)
    real = replacing.take_place

    def failing(temporary: Path, path: Path) -> None:
        if path.name == "yinchuan.yaml":
            raise CannotRun("“yinchuan.yaml”正被别的程序占用，没有写入")
        real(temporary, path)

    monkeypatch.setattr(outputs, "take_place", failing)
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 2
    assert "正被别的程序占用" in result.err
    assert files(edited) == before


def test_a_full_disk_is_met_before_anything_is_replaced(
    edited: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(edited)
    real = Path.write_bytes
    written: list[Path] = []

    def full(self: Path, data: bytes) -> int:
        written.append(self)
        if len(written) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    result = ledger("catalog", "migrate", "--write")
    assert result.code == 2
    assert "磁盘满了" in result.err
    assert files(edited) == before


def test_a_former_plan_is_kept_once(edited: Path, ledger: Ledger) -> None:
    """A command that was killed after it had kept the plan keeps no second copy when it runs again."""
    kept = edited / "periods/2024H1/tasks-1.yaml"
    kept.write_bytes((edited / MEMORY).read_bytes())
    assert ledger("catalog", "migrate", "--write").code == 0
    assert not (edited / "periods/2024H1/tasks-2.yaml").exists()


def test_a_file_changed_meanwhile_stops_the_others(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"old")
    contents = {"a": (b"old", b"new"), "c": (None, b"new"), "b": (b"other", b"new")}
    with pytest.raises(CannotRun):
        rewrite_all(tmp_path, contents)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {"a": b"old", "b": b"old"}
