"""An edited catalog misplaces nothing: an answer whose task has another text now is refused by name (K512)."""

import csv
import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document

from ledger_cli.check.displacement import displacements
from ledger_cli.edge.disk import Workspace, packaged
from ledger_cli.gather.plan import sound_plan
from ledger_cli.model.catalog import Task
from ledger_cli.model.column import SEED
from ledger_cli.model.form import Origin, plan_digest
from ledger_cli.model.submission import Submission
from ledger_cli.model.task_text import marked_digest, text_digest
from ledger_cli.read.submission import ReadSubmission, read_submission
from ledger_cli.write.form import form_rows
from ledger_cli.write.ledger_yaml import to_yaml
from ledger_cli.write.submission_file import to_submission_yaml
from tests.catalogs import MEMORY, TASKS, insert_task, remember, remove_task, reword
from tests.conftest import PERIOD, REPOSITORY, Ledger, answer, office_submission, write
from tests.ledgers import from_yaml
from tests.revisions import SECOND, new_repository

UNITS = ("sft", "xingqing", "yinchuan", "zfbgt")


@pytest.fixture
def edited(sample: Path) -> Path:
    """The samples, the plan that their period started with, and a catalog with a new task in front of task 4."""
    remember(sample)
    insert_task(sample, 4)
    return sample


def said() -> dict[str, dict[str, int]]:
    """What each sample says, and the number it says it under: 具体落实情况 or 不涉及 by unit."""
    found: dict[str, dict[str, int]] = {}
    for unit in UNITS:
        source = yaml.safe_load((REPOSITORY / f"{PERIOD}/{unit}.yaml").read_text("utf-8"))
        texts = ((entry.get("具体落实情况") or entry["不涉及"], number) for number, entry in source["任务"].items())
        found[unit] = {text.strip(): number for text, number in texts}
    return found


def digests(read: ReadSubmission) -> dict[str, str]:
    return {said.key: said.digest for said in read.filing.said if said.digest}


def findings(ledger: Ledger, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ledger("validate", "--format", "json", *arguments).out)["findings"]
    return [one for one in found if one["code"][0] not in "DW" and one["code"] != "K510"]


def words(path: str) -> str:
    """All words of a Word document, those in content controls too."""
    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode("utf-8")
    return html.unescape(re.sub("<[^>]+>", "", re.sub("</w:p>", "\n", xml)))


def merged(ledger: Ledger, code: int, *options: str) -> dict[str, Any]:
    result = ledger("merge", "-o", "out.json", "--force", *options)
    assert result.code == code, result.err
    data: dict[str, Any] = json.loads(Path("out.json").read_bytes())
    return data


# -- what is remembered -------------------------------------------------------------------------------


def test_a_digest_is_the_texts_words_and_nothing_else() -> None:
    # Written into files: another value would refuse every answer.
    assert text_digest("印发培训方案。") == "2a7777e9"
    assert text_digest(" 印发\n培训　方案。") == text_digest("印发培训方案。") != text_digest("印发培训办法。")
    assert text_digest("e\u0301") == text_digest("\u00e9")


def test_a_new_workspace_remembers_the_plan_it_starts_with(tmp_path: Path, ledger: Ledger) -> None:
    assert ledger("init", tmp_path / "新").code == 0
    assert (tmp_path / "新" / MEMORY).read_bytes() == packaged("data/tasks.yaml").read_bytes()
    assert (tmp_path / "新/periods/2024H1/units.yaml").read_bytes() == packaged("data/units.yaml").read_bytes()


def test_the_repository_remembers_the_texts_of_its_period() -> None:
    plan = sound_plan(Workspace(REPOSITORY))
    (version,) = plan.baseline("2024H1").versions
    assert {n: t.digest for n, t in version.items()} == {n: t.digest for n, t in plan.catalog.tasks.items()}


def test_opening_remembers_both_periods_and_overwrites_neither(sample: Path, ledger: Ledger) -> None:
    before = (sample / TASKS).read_bytes()
    result = ledger("open", "2024H2")
    assert "记下了任务目录现在的样子：periods/2024H2/tasks.yaml、periods/2024H1/tasks.yaml。" in result.out
    after = (sample / TASKS).read_bytes()
    assert before != after == (sample / "periods/2024H2/tasks.yaml").read_bytes() == (sample / MEMORY).read_bytes()
    reword(sample, "建立行政执法工作年度报告制度", "健全行政执法工作年度报告制度")
    assert "没有要做的" in ledger("open", "2024H2").out
    assert (sample / MEMORY).read_bytes() == after


def test_opening_remembers_nothing_that_an_answer_contradicts(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("  19:\n", "  19:  # 原文校验 00000000，请保留\n"))
    assert "记下了任务目录现在的样子：periods/2024H2/tasks.yaml。" in ledger("open", "2024H2").out
    assert not (bare / MEMORY).exists()


def test_a_memory_that_cannot_be_read_is_told_and_nothing_is_taken_for_sound(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    (sample / MEMORY).write_text("台账: [\n", "utf-8")
    assert {(one["file"], one["code"]) for one in findings(ledger)} == {("periods/2024H1/tasks.yaml", "Y002")}
    result = ledger("status")
    assert result.code == 2
    assert "periods/2024H1/tasks.yaml:" in result.err


def test_the_memory_is_no_submission_and_no_place_for_outputs(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    assert ledger("validate", ".", "--ignore", "D,W").code == 0
    result = ledger("merge", "-o", "periods/2024H1/x.json")
    assert (result.code, Path("periods/2024H1/x.json").exists()) == (2, False)


def test_a_scaffold_says_which_texts_it_is_for(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    path = bare / PERIOD / "zfbgt.yaml"
    plan = sound_plan(Workspace(bare))
    marks = {str(number): plan.catalog.tasks[number].digest for number in (13, 19, 35)}
    assert digests(read_submission(path.read_bytes(), "zfbgt", SEED)) == marks
    assert f"\n  19:  # 原文校验 {marks['19']}，请保留\n" in path.read_text("utf-8")
    assert [one["code"] for one in findings(ledger)] == []  # untouched, as without the marks


@pytest.mark.parametrize("key", ["19:", '"19":', "'19' :", "19：", "　19:"])
def test_the_mark_is_read_behind_any_key(key: str) -> None:
    assert marked_digest(f"  {key}  # 原文校验 1a2b3c4d，请保留") == "1a2b3c4d"
    assert marked_digest(f"  {key}  #原文校验：1a2b3c4d") == "1a2b3c4d"


@pytest.mark.parametrize(
    "line",
    [
        "19:",
        "19: # 原文校验 1A2B3C4D",
        "19: # 原文校验 1a2b3c4",
        "19: # 原文校验 1a2b3c4d5",
        "19: 原文校验 1a2b3c4d",
        '19: {不涉及: "# 原文校验 1a2b3c4d"}',
    ],
)
def test_what_no_program_wrote_is_no_mark(line: str) -> None:
    assert marked_digest(line) is None


def test_a_mark_is_no_word_of_a_text_and_none_is_read_from_one() -> None:
    text = office_submission(tasks={19: answer("第一行\n19:  # 原文校验 1a2b3c4d\n第三行")})
    read = read_submission(text.encode(), "zfbgt", SEED)
    assert (digests(read), read.findings) == ({}, [])


@pytest.mark.parametrize(
    ("sound", "faulty", "code"),
    [
        ("    存在问题: |\n      无\n", "    存在问题：无\n", "Y003"),
        ("    具体落实情况: |\n", "    落实的情况：|\n", "Y003"),
        ("    具体落实情况: |\n", "\t具体落实情况: |\n", "Y004"),
    ],
)
def test_a_fault_below_a_marked_key_is_told_where_it_is(
    bare: Path, ledger: Ledger, sound: str, faulty: str, code: str
) -> None:
    plain = office_submission().replace(sound, faulty, 1)
    write(bare, "zfbgt.yaml", plain)
    expected = [(one["code"], one["line"], one["column"]) for one in findings(ledger)]
    digest = sound_plan(Workspace(bare)).catalog.tasks[13].digest
    write(bare, "zfbgt.yaml", plain.replace("  13:\n", f"  13:  # 原文校验 {digest}，请保留\n"))
    assert [(one["code"], one["line"], one["column"]) for one in findings(ledger)] == expected
    assert code in {one[0] for one in expected}


def test_a_submission_written_with_digests_reads_back_with_them() -> None:
    read = read_submission(office_submission().encode(), "zfbgt", SEED)
    submission = Submission.model_validate(read.document.data)
    text = to_submission_yaml(submission, SEED, {"13": "1a2b3c4d", "35": "0000ffff"})
    again = read_submission(text.encode(), "zfbgt", SEED)
    assert (again.answers, digests(again)) == (read.answers, {"13": "1a2b3c4d", "35": "0000ffff"})
    assert to_submission_yaml(submission, SEED) == "".join(
        line.partition("  #")[0].rstrip("\n") + "\n" for line in text.splitlines()
    )


# -- a task in front of others ------------------------------------------------------------------------


def test_every_answer_behind_a_new_task_is_named_and_no_other_is(edited: Path, ledger: Ledger) -> None:
    found = findings(ledger)
    assert {one["code"] for one in found} == {"K512"}
    expected = {(unit, number) for unit, texts in said().items() for number in texts.values() if number >= 4}
    assert {(one["unit"], one["task"]) for one in found} == expected
    lines = {unit: (edited / f"{PERIOD}/{unit}.yaml").read_text("utf-8").splitlines() for unit in UNITS}
    assert all(lines[one["unit"]][one["line"] - 1].strip() == f"{one['task']}:" for one in found)
    one = next(one for one in found if (one["unit"], one["task"]) == ("sft", 4))
    assert one["message"] == (
        "第4项任务的原文已经不是填报时的那一条（填报时：“上级业务部门要加强对下级业务部门培训工作……”；"
        "现在：“建立行政执法人员退出机制，清理不合格人员……”），原来的第4项现在是第5项"
    )
    assert one["hint"] == "运行 ledger catalog migrate，把这条答复移到第5项下面。"


def test_without_a_memory_everything_is_as_it_was(sample: Path, ledger: Ledger) -> None:
    insert_task(sample, 4)
    assert "K512" not in {one["code"] for one in findings(ledger)}


def test_the_merge_goes_on_with_the_others(edited: Path, ledger: Ledger) -> None:
    known = said()
    data = merged(ledger, 1)
    shown = {(task["task"], one["unit"]) for task in data["tasks"] for one in task["answers"]}
    expected = {(number, unit) for unit, texts in known.items() for number in texts.values() if number < 4}
    assert shown == expected
    left = {(one["unit"], one["task"]) for one in data["left_out"]}
    assert left == {(unit, number) for unit, texts in known.items() for number in texts.values() if number >= 4}
    assert all("K512 第" in one["why"] for one in data["left_out"])
    # Counted at the task that each was written for: of the new one nothing is there yet.
    assert data["totals"]["faulty"] == len(left)
    assert {unit for unit in UNITS if unit in data["tasks"][3]["missing"]} == {"sft", "xingqing", "yinchuan"}
    assert not set(UNITS) & set(data["tasks"][43]["missing"])
    told = ledger("merge", "-o", "out.json", "--force").err
    assert "略去了" in told
    assert "自治区司法厅第4项" in told
    assert merged(ledger, 0, "--partial")["tasks"] == data["tasks"]


def test_an_error_of_a_units_own_refuses_as_ever(edited: Path, ledger: Ledger) -> None:
    path = edited / PERIOD / "sft.yaml"
    path.write_text(path.read_text("utf-8").replace("    存在问题: |", "    存在的问题: |", 1), "utf-8")
    result = ledger("merge", "-o", "out.json")
    assert (result.code, Path("out.json").exists()) == (1, False)


def test_no_output_shows_an_answer_below_another_task(edited: Path, ledger: Ledger) -> None:
    texts = {text: number for by_text in said().values() for text, number in by_text.items()}
    late = [text for text, number in texts.items() if number >= 4]
    ledger("merge", "-o", "out.csv")
    rows = list(csv.reader(io.StringIO(Path("out.csv").read_text("utf-8-sig"))))
    assert not [row for row in rows for text in late if text in row]
    result = ledger("report", "-o", "out.docx")
    assert result.code == 1
    assert "写好 out.docx" in result.out
    shown = words("out.docx")
    assert not [text for text in late if text.split("\n")[0] in shown]
    early = next(text for text, number in said()["sft"].items() if number == 2)
    assert early.split("\n")[0] in shown
    assert ledger("report", "--section", "1", "-o", "part.docx").code == 1
    assert ledger("report", "--partial", "-o", "all.docx").code == 0


def test_the_status_counts_them_as_faulty_and_their_dates_for_nobody(edited: Path, ledger: Ledger) -> None:
    data = json.loads(ledger("status", "--format", "json").out)
    counts = {row["unit"]: row for row in data["coverage"]}
    assert (counts["sft"]["faulty"], counts["sft"]["missing"], counts["sft"]["owed"]) == (40, 1, 44)
    assert (counts["zfbgt"]["faulty"], counts["zfbgt"]["missing"]) == (3, 0)
    # 8-1 of old stands under 8 in the files; the task 8 of now has another duty, which nobody has met.
    met = [row for row in data["obligations"] if row["unit"] == "sft" and row["task"] >= 4 and row["met"]]
    assert met == []
    told = ledger("status", "--unit", "sft", "--task", "44").out
    assert "有误" in told


def test_a_reminder_names_the_task_that_an_answer_was_written_for(edited: Path, ledger: Ledger) -> None:
    assert ledger("remind", "--unit", "sft").code == 0
    text = Path("build/remind-2024H1/sft.txt").read_text("utf-8-sig")
    assert re.search("第5项　上级业务部门.*K512 第4项任务的原文已经不是填报时的那一条", text)


def test_the_ledger_reads_back_with_what_was_left_out(edited: Path, ledger: Ledger) -> None:
    ledger("merge", "-o", "out.yaml")
    text = Path("out.yaml").read_text("utf-8")
    back = from_yaml(text)
    assert to_yaml(back) == text
    assert {left.meant for left in back.left_out if left.unit == "zfbgt"} == {14, 20, 36}


def test_no_form_and_no_scaffold_shows_an_answer_below_another_task(edited: Path, ledger: Ledger) -> None:
    result = ledger("form", "sft", "--prefill", "-o", "sft.docx")
    assert "没有填入自治区司法厅2024年上半年的 40 条答复：第4—43项，任务的原文已经不是填报时的（K512）。" in result.err
    assert "ledger catalog migrate --period 2024H1" in result.err
    shown = words("sft.docx")
    late = [text.split("\n")[0] for text, number in said()["sft"].items() if number >= 4]
    assert not [text for text in late if text in shown]
    assert next(text for text, number in said()["sft"].items() if number == 3).split("\n")[0] in shown
    result = ledger("open", "2024H2")
    assert "自治区司法厅第4项（submissions/2024H1/sft.yaml" in result.err
    assert "K512" in result.err
    scaffold = Path("submissions/2024H2/sft.yaml").read_text("utf-8")
    assert not [text for text in late if text in scaffold]


def test_a_form_of_another_answer_is_not_put_beside_them(edited: Path, ledger: Ledger) -> None:
    ledger("form", "zfbgt", "-o", "zfbgt.docx")
    document = Document("zfbgt.docx")
    table = next(table for table in document.tables if len(table.rows) > 3)
    table.rows[2].cells[-3].paragraphs[0].add_run("印发实施方案，办班三期。")
    document.save("zfbgt.docx")
    before = Path(f"{PERIOD}/zfbgt.yaml").read_bytes()
    result = ledger("intake", "zfbgt.docx", "--force")
    assert "任务原文已经不是填报时的（K512），先运行 ledger catalog migrate" in result.out + result.err
    assert Path(f"{PERIOD}/zfbgt.yaml").read_bytes() == before


def test_what_is_displaced_cannot_be_accepted(edited: Path, ledger: Ledger) -> None:
    result = ledger("accept", "sft", "--task", "5", "--by", "张三")
    assert result.code == 2
    assert "K512" in result.err
    ledger("accept", "sft", "--by", "张三")
    assert Path("reviews/2024H1.yaml").read_text("utf-8").count("动作: 通过") == 3


# -- a task edited, a task taken out ------------------------------------------------------------------


def test_one_texts_edit_concerns_the_answers_to_that_task(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    reword(sample, "建立行政执法工作年度报告制度", "健全行政执法工作年度报告制度")
    found = findings(ledger)
    assert {(one["code"], one["task"]) for one in found} == {("K512", 30)}
    assert {one["unit"] for one in found} == {"sft", "xingqing", "yinchuan"}
    assert "ledger catalog migrate --keep 30 --write" in found[0]["hint"]
    assert "填报时：“建立行政" in found[0]["message"]
    assert "现在是第" not in found[0]["message"]


def test_an_edit_deep_in_a_text_is_shown_where_it_is(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    reword(sample, "确保执法队伍忠诚干净担当", "确保执法队伍忠诚干净有为")
    assert "忠诚干净担当。”；现在：“……" in findings(ledger)[0]["message"]


@pytest.mark.parametrize("blank", ["\u3000", " "])
def test_blanks_in_a_text_do_not_matter(sample: Path, ledger: Ledger, blank: str) -> None:
    remember(sample)
    reword(sample, "建立行政执法工作年度报告制度，", f"建立行政执法工作{blank}年度报告制度，")
    assert findings(ledger) == []


def test_a_number_that_is_gone_stays_an_unknown_task(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    remove_task(sample, 42)
    found = {(one["unit"], one["task"], one["code"]) for one in findings(ledger)}
    assert found == {(u, n, c) for u in UNITS[:3] for n, c in ((42, "K512"), (43, "C201"))}


def test_an_answer_that_nobody_gave_is_not_told(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    empty = "".join(f"    {name}: |\n      \n" for name in ("具体落实情况", "存在问题", "工作打算"))
    write(sample, "zfbgt.yaml", office_submission(tasks={19: empty}))
    insert_task(sample, 4)
    found = [(one["code"], one["task"]) for one in findings(ledger, f"{PERIOD}/zfbgt.yaml")]
    assert ("K512", 19) not in found
    assert ("K512", 13) in found


# -- the answer's own memory --------------------------------------------------------------------------


def _office(root: Path, mark: str) -> None:
    write(root, "zfbgt.yaml", office_submission().replace("  19:\n", f"  19:  {mark}\n"))


def test_what_an_answer_says_itself_goes_before_what_the_period_started_with(bare: Path, ledger: Ledger) -> None:
    remember(bare)
    old = sound_plan(Workspace(bare)).catalog.tasks[19]
    reword(bare, old.text, "全新的任务。")
    new = text_digest("全新的任务。")
    _office(bare, f"# 原文校验 {new}，请保留")
    assert findings(ledger) == []
    _office(bare, f"# 原文校验 {old.digest}，请保留")
    assert [(one["code"], one["task"]) for one in findings(ledger)] == [("K512", 19)]


@pytest.mark.parametrize("mark", ["", "# 原文校验", "# 原文校验 zzzzzzzz", "# 原文校验 1a2b", "# 已核对"])
def test_where_it_says_nothing_the_period_counts(bare: Path, ledger: Ledger, mark: str) -> None:
    remember(bare)
    _office(bare, mark)
    assert findings(ledger) == []
    reword(bare, sound_plan(Workspace(bare)).catalog.tasks[19].text, "全新的任务。")
    (found,) = findings(ledger)
    assert (found["code"], found["task"], found["line"]) == ("K512", 19, 11)


def test_its_own_mark_counts_where_the_workspace_remembers_nothing(bare: Path, ledger: Ledger) -> None:
    ledger("new", "zfbgt")
    path = bare / PERIOD / "zfbgt.yaml"
    filled = re.sub(r"(    具体落实情况: \|\n) +\n", r"\1      印发方案，办班三期。\n", path.read_text("utf-8"))
    filled = re.sub(r"(    (?:存在问题|工作打算): \|\n) +\n", r"\1      无\n", filled)
    path.write_text(filled, "utf-8")
    assert findings(ledger) == []
    insert_task(bare, 14)
    found = findings(ledger)
    assert [(one["code"], one["task"]) for one in found] == [("K512", 19), ("K512", 35)]
    assert "原来的第19项现在是第20项" in found[0]["message"]


# -- other periods ------------------------------------------------------------------------------------


@pytest.fixture
def later(edited: Path) -> Path:
    """The next period, whose catalog has the new task; the samples are of the period before."""
    text = (edited / TASKS).read_text("utf-8").replace("报送期:\n", f"报送期:\n{SECOND}")
    (edited / TASKS).write_text(text.replace("当前报送期: 2024H1", "当前报送期: 2024H2"), "utf-8")
    (edited / "submissions/2024H2").mkdir()
    return edited


def test_an_earlier_completion_counts_for_its_own_text(later: Path, ledger: Ledger) -> None:
    rows = json.loads(ledger("status", "--format", "json", "--as-of", "2024-12-01").out)["obligations"]
    found = {(row["task"], row["id"]): row["met"] for row in rows if row["unit"] == "sft" and row["met"]}
    # 9-1 was reported for what is task 10 now; the 9-1 of now is another duty, which nobody reported on.
    assert found[10, "10-1"] == "2023-11-30"
    assert (9, "9-2") not in found
    assert found[9, "9-1"] == "2023-12-18"
    assert (4, "4-1") not in found


def test_an_answer_that_nobody_gave_takes_no_earlier_ones_place(later: Path, ledger: Ledger) -> None:
    """What was written under 9 is task 10's now, and nothing is written under 10."""
    path = later / PERIOD / "sft.yaml"
    before, _, rest = path.read_text("utf-8").partition("\n  10:\n")
    after = rest.partition("\n  11:\n")[2]
    path.write_text(f"{before}\n  10:\n{answer('', '', '')}  11:\n{after}", "utf-8")
    rows = json.loads(ledger("status", "--format", "json", "--as-of", "2024-12-01").out)["obligations"]
    assert [row["met"] for row in rows if (row["unit"], row["id"]) == ("sft", "10-1")] == ["2023-11-30"]


def test_an_earlier_completion_does_not_count_for_another_task(later: Path, ledger: Ledger) -> None:
    text = (later / TASKS).read_text("utf-8")
    task = sound_plan(Workspace(later)).catalog.tasks[9]
    (later / TASKS).write_text(text.replace(task.text, "全新的任务。"), "utf-8")
    rows = json.loads(ledger("status", "--format", "json", "--as-of", "2024-12-01").out)["obligations"]
    assert [row["met"] for row in rows if (row["unit"], row["id"]) == ("sft", "9-1")] == [None]


def test_periods_are_compared_without_what_is_displaced(later: Path, ledger: Ledger) -> None:
    write(later, "../2024H2/zfbgt.yaml", office_submission(tasks={}).replace("2024H1", "2024H2"))
    found = json.loads(ledger("diff", "2024H1", "2024H2", "--unit", "zfbgt", "--format", "json").out)
    assert {(one["task"], one["kind"]) for one in found["changes"]} <= {(13, "added"), (19, "added"), (35, "added")}
    assert {one["task"] for one in found["not_comparable"]} == {14, 20, 36}


def test_revisions_are_compared_by_the_tasks_texts(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    repository = new_repository(sample)
    repository.commit("填报")
    insert_task(sample, 4)
    found = json.loads(ledger("diff", "HEAD", "--format", "json").out)
    assert [one for one in found["changes"] if one["unit"]] == []
    assert {one["task"] for one in found["not_comparable"]} == set(range(5, 45))
    assert ledger("catalog", "migrate", "--write").code == 0
    repository.commit("插入一项任务")
    found = json.loads(ledger("diff", "HEAD~1..HEAD", "--format", "json").out)
    assert [one for one in found["changes"] if one["unit"]] == []
    assert found["not_comparable"] == []


def test_what_nobody_filled_in_is_not_missed_when_its_task_is_gone(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer("", "", "")}))
    new_repository(bare).commit("填报")
    remove_task(bare, 19)
    found = json.loads(ledger("diff", "HEAD", "--format", "json").out)
    assert 19 not in [one["task"] for one in found["not_comparable"]]


def test_a_log_shows_no_version_below_another_task(sample: Path, ledger: Ledger) -> None:
    remember(sample)
    repository = new_repository(sample)
    repository.commit("填报")
    insert_task(sample, 4)
    ledger("catalog", "migrate", "--write")
    repository.commit("插入一项任务")
    told = ledger("log", "sft", "--task", "5").out
    fourth, fifth = (next(t for t, n in said()["sft"].items() if n == number) for number in (4, 5))
    assert fifth[:12] not in told
    assert fourth[:12] in told  # moved there
    assert "这一版没有读进来：第39行 K512" in told


# -- forms --------------------------------------------------------------------------------------------


def test_a_form_bears_the_digest_of_its_tasks(bare: Path, ledger: Ledger) -> None:
    plan = sound_plan(Workspace(bare))
    unit = plan.registry.unit["zfbgt"]
    ledger("form", "zfbgt", "-o", "a.docx")
    origin = Origin.of(Document("a.docx").core_properties.keywords)
    assert origin == Origin("zfbgt", "2024H1", "", plan_digest(plan, unit))
    assert len(form_rows(plan, unit, {})) == 3
    insert_task(bare, 4)
    changed = sound_plan(Workspace(bare))
    assert plan_digest(changed, unit) != plan_digest(plan, unit)


@pytest.mark.parametrize("text", ["ledger-form sft 2024H1", "ledger-form sft 2024H1 0123456789abcdef",
                                  "ledger-form sft 2024H1 plan:1a2b3c4d",
                                  "ledger-form sft 2024H1 0123456789abcdef plan:1a2b3c4d"])  # fmt: skip
def test_old_and_new_marks_of_forms_are_read(text: str) -> None:
    assert str(Origin.of(text)) == text


def test_what_a_form_brings_says_which_texts_it_is_for(bare: Path, ledger: Ledger) -> None:
    ledger("form", "zfbgt", "-o", "zfbgt.docx")
    document = Document("zfbgt.docx")
    table = next(table for table in document.tables if len(table.rows) > 3)
    table.rows[-1].cells[-3].paragraphs[0].add_run("印发实施方案，办班三期。")
    document.save("zfbgt.docx")
    ledger("intake", "zfbgt.docx")
    plan = sound_plan(Workspace(bare))
    read = read_submission((bare / PERIOD / "zfbgt.yaml").read_bytes(), "zfbgt", SEED)
    assert digests(read) == {"35": plan.catalog.tasks[35].digest}
    assert displacements(plan, read.filing) == {}


def test_a_task_knows_its_digest() -> None:
    task = sound_plan(Workspace(REPOSITORY)).catalog.tasks[3]
    assert isinstance(task, Task)
    assert task.digest == text_digest(task.text)
    assert re.fullmatch("[0-9a-f]{8}", task.digest)
