"""What changed between periods and revisions, and who changed what: told in the domain's words, nothing lost."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ledger_cli.model.catalog import Catalog
from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.revisions import History, new_repository, second_period

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def repository(bare: Path) -> History:
    """A workspace with the office's three answers, committed and tagged v1."""
    write(bare, "zfbgt.yaml", office_submission())
    repository = new_repository(bare)
    repository.commit("办公厅报送")
    repository.git("tag", "v1")
    return repository


def office(root: Path, texts: dict[int, str], name: str = "zfbgt.yaml") -> None:
    write(root, name, office_submission(tasks=texts))


def changes(ledger: Ledger, *arguments: str) -> list[dict[str, Any]]:
    result = ledger("diff", *arguments, "--format", "json")
    assert result.code == 0, result.err
    found: list[dict[str, Any]] = json.loads(result.out)["changes"]
    return found


def commits(ledger: Ledger, *arguments: str) -> list[dict[str, Any]]:
    result = ledger("log", *arguments, "--format", "json")
    assert result.code == 0, result.err
    found: list[dict[str, Any]] = json.loads(result.out)["commits"]
    return found


def places(entry: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(c["task"], c["kind"], c["field"]) for c in entry["changes"]]


# -- diff: revisions -------------------------------------------------------------------------------


def test_changed_new_and_withdrawn_answers(repository: History, ledger: Ledger) -> None:
    text = office_submission(tasks={13: answer("完成第13项的工作。", "尚有2件未办结。")})
    write(repository.root, "zfbgt.yaml", text[: text.index("  35:")])
    write(repository.root, "gat.yaml", f"单位: gat\n报送期: 2024H1\n任务:\n  1:\n{answer()}")
    found = changes(ledger, "v1")
    assert found == [
        {
            "unit": "gat", "task": 1, "period": "2024H1", "kind": "added", "field": None, "item": None, "before": None,
            "after": "具体落实情况：印发培训方案，办班三期。\n存在问题：无\n工作打算：下半年再办一期。",
        },
        {
            "unit": "zfbgt", "task": 13, "period": "2024H1", "kind": "changed", "field": "存在问题", "item": None,
            "before": "无", "after": "尚有2件未办结。",
        },
        {
            "unit": "zfbgt", "task": 35, "period": "2024H1", "kind": "removed", "field": None, "item": None,
            "before": "具体落实情况：完成第35项的工作。\n存在问题：无\n工作打算：下半年再办一期。", "after": None,
        },
    ]  # fmt: skip
    out = ledger("diff", "v1").out
    assert "存在问题：〔删：无〕〔增：尚有2件未办结。〕" in out
    assert "自治区人民政府办公厅　撤回" in out
    assert out.endswith("新报 1 条，撤回 1 条，修改 1 条。\n")
    assert changes(ledger, "v1", "--unit", "公安厅") == found[:1]
    assert changes(ledger, "v1", "--task", "35") == found[2:]


def test_duties_met_and_figures_moved(bare: Path, ledger: Ledger) -> None:
    more = '    完成: {{"3-1": {}}}\n    指标: {{"3-a": {}}}\n'
    repository = new_repository(bare)
    for met, figure in (("2024-06-20", "64.50"), ("2024-06-21", "66")):
        text = f"单位: gat\n报送期: 2024H1\n任务:\n  3:\n{answer()}"
        write(bare, "gat.yaml", text)
        repository.commit("没有办结")
        write(bare, "gat.yaml", text + more.format(met, figure))
        repository.commit("办结")
    found = changes(ledger, "HEAD~1..HEAD")
    assert [(c["field"], c["item"], c["before"], c["after"]) for c in found] == [
        ("完成", "3-1", None, "2024-06-21"),
        ("指标", "3-a", None, "66"),
    ]
    out = ledger("diff", "HEAD~2", "HEAD").out
    assert "完成 3-1 完成全员轮训：〔删：2024-06-20〕〔增：2024-06-21〕" in out
    assert "〔删：64.5〕〔增：66〕（+1.5学时）" in out
    assert out.endswith("修改 1 条，数值变动 1 项。\n")
    assert "办结 1 项" in ledger("diff", "HEAD~1", "HEAD").out


def test_what_is_no_change(repository: History, ledger: Ledger) -> None:
    path = repository.root / PERIOD / "zfbgt.yaml"
    text = path.read_text("utf-8").replace("单位: zfbgt", "单位: 政府办公厅\n填报人: 王五")
    path.with_name("自治区人民政府办公厅.yaml").write_text(text.replace("工作。\n", "工作。  　\n\n"), "utf-8")
    path.unlink()
    ledger("new", "gat")
    assert changes(ledger, "v1") == []
    assert ledger("diff", "v1").out.endswith("没有变化。\n")


def test_from_answer_to_not_applicable(repository: History, ledger: Ledger) -> None:
    office(repository.root, {13: "    不涉及: 职责已经划转\n"})
    out = ledger("diff", "HEAD").out
    assert "改报不涉及" in out
    assert "不涉及：〔增：职责已经划转〕" in out


@pytest.mark.parametrize(
    "broken",
    [
        "单位: zfbgt\n报送期: 2024H1\n任务:\n  13: [\n",
        "单位：zfbgt\n报送期: 2024H1\n任务:\n  13:\n" + answer(),
        office_submission("gat"),
        office_submission().encode("gbk"),
        "",
    ],
    ids=["syntax", "colon", "another unit", "encoding", "empty"],
)
@pytest.mark.parametrize("late", [True, False])
def test_a_file_that_cannot_be_read_is_never_withdrawn(
    repository: History, ledger: Ledger, broken: str | bytes, late: bool
) -> None:
    write(repository.root, "zfbgt.yaml", broken)
    if not late:
        repository.commit("写坏了")
        office(repository.root, {})
    result = ledger("diff", "HEAD", "--format", "json")
    data = json.loads(result.out)
    assert data["changes"] == []
    assert "zfbgt" in [left["unit"] for left in data["not_comparable"]]
    assert all(left["why"] for left in data["not_comparable"])
    assert "无法比较" in ledger("diff", "HEAD").out


def test_one_answer_that_cannot_be_read_leaves_the_others(repository: History, ledger: Ledger) -> None:
    text = office_submission(tasks={19: answer("第19项也改了。")})
    write(repository.root, "zfbgt.yaml", text.replace("    工作打算: |", "    工作打算: 甲 #乙\n    多余: |", 1))
    data = json.loads(ledger("diff", "HEAD", "--format", "json").out)
    assert [c["task"] for c in data["changes"]] == [19]
    assert [left["task"] for left in data["not_comparable"]] == [13]


def test_an_unknown_file_makes_nobody_withdrawn(repository: History, ledger: Ledger) -> None:
    (repository.root / PERIOD / "zfbgt.yaml").rename(repository.root / PERIOD / "新建文档.yaml")
    write(repository.root, "新建文档.yaml", "单位: 办事处\n报送期: 2024H1\n任务:\n  13:\n" + answer())
    data = json.loads(ledger("diff", "HEAD", "--format", "json").out)
    assert data["changes"] == []
    assert {left["unit"] for left in data["not_comparable"]} == {"zfbgt", "新建文档"}


def misplace(root: Path, old: str, new: str, said: str | None = None) -> None:
    """Move a folder of submissions; ``said`` is the period that the files then say."""
    folder = root / "submissions" / new
    (root / "submissions" / old).rename(folder)
    for path in folder.glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("报送期: 2024H1", f"报送期: {said or '2024H1'}"), "utf-8")


@pytest.mark.parametrize("said", [None, "2024h1", "三季度"])
def test_a_misplaced_folder_is_never_withdrawn(repository: History, ledger: Ledger, said: str | None) -> None:
    ledger("new", "gat")
    repository.commit("公安厅还没有填")
    misplace(repository.root, "2024H1", "2024h1", said)
    repository.commit("改了文件夹的名称")
    for arguments in (["HEAD~1", "HEAD"], ["HEAD~1"], ["HEAD", "HEAD~1"]):
        data = json.loads(ledger("diff", *arguments, "--format", "json").out)
        assert data["changes"] == []
        assert [(left["unit"], left["file"]) for left in data["not_comparable"]] == [
            ("zfbgt", "submissions/2024h1/zfbgt.yaml")
        ]
    out = ledger("diff", "HEAD~1", "HEAD").out
    assert "撤回" not in out
    assert out.endswith("能比较的答复没有变化；有 1 处无法比较。\n")
    for options in ([], ["--period", "2024H1"], ["--task", "13"]):
        entry = commits(ledger, "zfbgt", *options)[0]
        assert (entry["subject"], entry["changes"]) == ("改了文件夹的名称", [])
        assert [left["file"] for left in entry["not_comparable"]] == ["submissions/2024h1/zfbgt.yaml"]
    assert "（submissions/2024h1/zfbgt.yaml）这一版没有读进来：第" in ledger("log", "zfbgt").out


def test_moved_back_and_changed_meanwhile(repository: History, ledger: Ledger) -> None:
    misplace(repository.root, "2024H1", "2024h1")
    repository.commit("改了文件夹的名称")
    misplace(repository.root, "2024h1", "2024H1")
    office(repository.root, {13: answer("改过的第13项。")})
    repository.commit("改了回来")
    back, away, first = commits(ledger, "zfbgt")
    assert places(back) == [(13, "changed", "具体落实情况")]
    assert (places(away), len(places(first))) == ([], 3)


def test_a_misplaced_file_beside_the_unit_s_own_leaves_it_comparable(repository: History, ledger: Ledger) -> None:
    ledger("open", "2024H2")
    repository.commit("登记第二期")
    early = repository.root / "submissions/2025H1/zfbgt.yaml"
    early.parent.mkdir()
    early.write_text(office_submission().replace("2024H1", "2025H1"), "utf-8")
    office(repository.root, {13: answer("改过的第13项。")})
    data = json.loads(ledger("diff", "HEAD", "--format", "json").out)
    assert [(c["task"], c["field"]) for c in data["changes"]] == [(13, "具体落实情况")]
    # It could be of either period, and is named once.
    assert [(left["file"], left["period"]) for left in data["not_comparable"]] == [
        ("submissions/2025H1/zfbgt.yaml", None)
    ]
    uncommitted = commits(ledger, "zfbgt")[0]
    assert places(uncommitted) == [(13, "changed", "具体落实情况")]
    assert [left["file"] for left in uncommitted["not_comparable"]] == ["submissions/2025H1/zfbgt.yaml"]


def test_two_files_of_one_unit_cannot_be_compared(repository: History, ledger: Ledger) -> None:
    office(repository.root, {13: answer("改过的第13项。")}, "政府办公厅.yaml")
    data = json.loads(ledger("diff", "HEAD", "--format", "json").out)
    assert data["changes"] == []
    assert [left["file"] for left in data["not_comparable"]] == [f"{PERIOD}/zfbgt.yaml", f"{PERIOD}/政府办公厅.yaml"]


def test_nobody_says_that_nothing_changed_where_not_all_could_be_compared(repository: History, ledger: Ledger) -> None:
    write(repository.root, "zfbgt.yaml", "单位: zfbgt\n报送期: 2024H1\n任务:\n  13: [\n")
    assert ledger("diff", "HEAD").out.endswith("能比较的答复没有变化；有 1 处无法比较。\n")


def test_the_columns_of_a_new_or_gone_answer_stand_at_one_depth(repository: History, ledger: Ledger) -> None:
    text = answer("甲。\n存在问题：不是栏目。", "乙。", "丙。\n丁。")
    write(repository.root, "gat.yaml", f"单位: gat\n报送期: 2024H1\n任务:\n  1:\n{text}")
    shown = """\
    具体落实情况：
      甲。
      存在问题：不是栏目。
    存在问题：乙。
    工作打算：
      丙。
      丁。
"""
    assert f"　新报\n{shown}" in ledger("diff", "HEAD").out
    repository.commit("公安厅报送")
    assert f"　新报\n{shown}" in ledger("log", "gat", "--task", "1").out
    assert f"　撤回\n{shown}" in ledger("diff", "HEAD", "v1").out


def test_changes_of_the_catalog_come_first(repository: History, ledger: Ledger) -> None:
    path = repository.root / "data/tasks.yaml"
    text = path.read_text("utf-8").replace(
        '{编号: "3-1", 内容: 完成全员轮训, 截止: 2024-06-30', '{编号: "3-1", 内容: 完成全员轮训, 截止: 2024-07-31'
    )
    assert "2024-07-31" in text
    path.write_text(text.replace("下限: 60", "下限: 50"), "utf-8")
    office(repository.root, {13: answer("改过的第13项。")})
    found = changes(ledger, "v1")
    assert [(c["unit"], c["task"], c["field"], c["item"]) for c in found] == [
        (None, 3, "时限要求", "3-1"),
        (None, 3, "指标", "3-a"),
        ("zfbgt", 13, "具体落实情况", None),
    ]
    assert "2024-07-31" in found[0]["after"]
    assert ledger("diff", "v1").out.endswith("修改 1 条，任务目录改动 1 项。\n")


def test_every_register_of_a_task_is_compared(repository: History, ledger: Ledger) -> None:
    from ledger_cli.compare.catalogs import compare_catalogs
    from ledger_cli.read.catalog import read_catalog

    catalog, _ = read_catalog((repository.root / "data/tasks.yaml").read_bytes(), "tasks.yaml")
    assert catalog is not None
    first, *others = catalog.sections
    shorter = Catalog.model_construct(**{**dict(catalog), "sections": (first, *others[:-1])})
    removed = compare_catalogs(catalog, shorter)
    assert [c.task for c in removed] == list(range(37, 44))
    assert {c.kind for c in removed} == {"removed"}
    assert "完成时限：长期坚持" in str(removed[0].before)


def test_two_revisions_without_looking_at_the_files(repository: History, ledger: Ledger) -> None:
    office(repository.root, {13: answer("改过的第13项。")})
    second = repository.commit("改稿")
    (repository.root / "data/tasks.yaml").write_text("坏了", "utf-8")
    for arguments in (["v1..HEAD"], ["v1", second], ["v1.."], ["HEAD~1", "main"]):
        assert [c["task"] for c in changes(ledger, *arguments)] == [13]
    assert [c["after"] for c in changes(ledger, "HEAD..v1")] == ["完成第13项的工作。"]
    for wrong in (["v1...HEAD"], ["HEAD", "nowhere"], ["v1..HEAD", "--period", "2030H1"], ["v1", "--at", "HEAD"]):
        assert ledger("diff", *wrong).code == 2
    assert "三个" in ledger("diff", "v1...HEAD").err
    assert "现在的文件" in ledger("diff", "v1").err


# -- diff: periods ---------------------------------------------------------------------------------


def test_two_periods(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    found = changes(ledger, "2024H1", "2024H2")
    assert changes(ledger, "2024H2") == found
    changed = [(c["unit"], c["task"], c["field"], c["period"]) for c in found if c["kind"] == "changed"]
    assert changed == [("sft", 3, "存在问题", "2024H2"), ("zfbgt", 19, "具体落实情况", "2024H2")]
    out = ledger("diff", "2024H2").out
    assert "尚有〔删：600〕〔增：120〕余名" in out
    # Who has not reported yet has withdrawn nothing.
    assert "本期还没有报送的单位：银川市人民政府、银川市兴庆区人民政府。" in out
    assert out.endswith("修改 2 条；2 家单位本期还没有报送。\n")
    assert "撤回" not in out


def test_an_answer_that_the_later_period_lacks(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    path = sample / "submissions/2024H2/zfbgt.yaml"
    path.write_text(path.read_text("utf-8").partition("  35:")[0], "utf-8")
    assert "自治区人民政府办公厅　本期未报" in ledger("diff", "2024H2", "--unit", "zfbgt").out


def test_after_opening_a_period_nobody_has_withdrawn_anything(sample: Path, ledger: Ledger) -> None:
    assert ledger("open", "2024H2").code == 0
    out = ledger("diff", "2024H2").out
    assert out.count("\n") == 3
    assert "本期还没有报送的单位：自治区人民政府办公厅、自治区司法厅、银川市人民政府、银川市兴庆区人民政府。" in out
    assert out.endswith("4 家单位本期还没有报送。\n")
    data = json.loads(ledger("diff", "2024H2", "--format", "json").out)
    assert data["not_reported"] == ["zfbgt", "sft", "yinchuan", "xingqing"]
    assert data["summary"]["removed"] == 0
    path = sample / "submissions/2024H2/zfbgt.yaml"
    path.write_text(office_submission().replace("2024H1", "2024H2"), "utf-8")
    out = ledger("diff", "2024H2").out
    assert "修改 3 条；3 家单位本期还没有报送。" in out


def test_a_form_filled_in_under_a_strange_name_is_nobodys_silence(sample: Path, ledger: Ledger) -> None:
    ledger("open", "2024H2")
    text = office_submission("办事处").replace("2024H1", "2024H2")
    (sample / "submissions/2024H2/新建文档.yaml").write_text(text, "utf-8")
    data = json.loads(ledger("diff", "2024H2", "--format", "json").out)
    assert (data["changes"], data["not_reported"]) == ([], [])
    assert "zfbgt" in [left["unit"] for left in data["not_comparable"]]


def test_a_misplaced_folder_of_the_later_period_is_nobodys_silence(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    (sample / "submissions/2024H2").rename(sample / "submissions/2024下半年")
    data = json.loads(ledger("diff", "2024H2", "--format", "json").out)
    assert data["not_reported"] == ["yinchuan", "xingqing"]
    assert [(left["unit"], left["period"]) for left in data["not_comparable"]] == [
        ("zfbgt", "2024H2"),
        ("sft", "2024H2"),
    ]
    assert {change["unit"] for change in data["changes"]} == {"yinchuan", "xingqing"}


def test_wrong_sides_are_told(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    new_repository(sample).commit("都在")
    for arguments, words in (
        (["2024H1"], "第一个报送期"),
        (["2024H1", "HEAD"], "两样不能相比"),
        (["HEAD", "2024H1"], "两样不能相比"),
        (["2024H1", "2024H1"], "两边都是"),
        (["2024H1", "2024H2", "--period", "2024H1"], "--period"),
        (["2024H3"], "不是已登记的报送期"),
        (["2024H2", "-o", "a.pdf"], ".docx"),
        (["2024H2", "-o", "submissions/a.docx"], "原始资料"),
        (["2024H2", "--unit", "司法庁"], "是不是"),
    ):
        result = ledger("diff", *arguments)
        assert (result.code, words in result.err) == (2, True), (arguments, result.err)


def test_a_period_goes_before_a_git_name_and_says_so(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    repository = new_repository(sample)
    repository.commit("都在")
    assert ledger("diff", "2024H1", "2024H2").err == ""
    repository.git("tag", "2024H1")
    result = ledger("diff", "2024H1", "2024H2")
    assert "“2024H1”既是报送期，也是 git 里的名称" in result.err
    assert "尚有〔删：600〕" in result.out
    assert changes(ledger, "refs/tags/2024H1") == []
    (sample / PERIOD / "sft.yaml").unlink()
    assert "尚有〔删：600〕" in ledger("diff", "2024H2", "--at", "HEAD").out


def test_periods_need_no_git(sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    second_period(sample)
    monkeypatch.setenv("PATH", str(sample))
    result = ledger("diff", "2024H1", "2024H2")
    assert (result.code, result.err) == (0, "")


# -- 变化情况表 --------------------------------------------------------------------------------------


def cells(path: Path) -> list[list[str]]:
    """The table's rows; struck text in 〔删：〕, underlined text in 〔增：〕."""
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return [["\n".join(map(marked, cell.iter(f"{W}p"))) for cell in row.iter(f"{W}tc")] for row in root.iter(f"{W}tr")]


def marked(paragraph: Any) -> str:
    shown = ""
    for run in paragraph.iter(f"{W}r"):
        text = "".join(t.text or "" for t in run.iter(f"{W}t"))
        if run.find(f"{W}rPr/{W}strike") is not None:
            text = f"〔删：{text}〕"
        elif run.find(f"{W}rPr/{W}u") is not None:
            text = f"〔增：{text}〕"
        shown += text
    return shown


def test_the_table_of_changes(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    path = sample / "submissions/2024H2/zfbgt.yaml"
    text = path.read_text("utf-8").replace("已补录。\n", "已补录。\n      另有<新>的一段 & 十字：{{ 台账 }}。\n")
    path.write_text(text, "utf-8")
    assert ledger("diff", "2024H2", "-o", "build/a.docx").code == 0
    head, *rows = cells(Path("build/a.docx"))
    assert head == ["任务", "单位", "变化", "内容"]
    assert [row[1:3] for row in rows] == [
        ["自治区司法厅", "修改"],
        ["自治区人民政府办公厅", "修改"],
        ["自治区人民政府办公厅", "修改"],
    ]
    assert rows[0][0].startswith("3.按照全国")
    before = re.search(r"尚有600.*", (sample / PERIOD / "sft.yaml").read_text("utf-8"))
    assert before is not None
    assert rows[0][3] == "存在问题：" + before[0].replace("600", "〔删：600〕〔增：120〕")
    assert "〔增：↵〕\n〔增：另有<新>的一段 & 十字：{{ 台账 }}。〕" in rows[1][3]
    first = Path("build/a.docx").read_bytes()
    assert ledger("diff", "2024H2", "-o", "build/b.docx").code == 0
    assert Path("build/b.docx").read_bytes() == first
    Path("build/b.docx").write_bytes(b"edited")
    assert ledger("diff", "2024H2", "-o", "build/b.docx").code == 2
    assert ledger("diff", "2024H2", "-o", "build/b.docx", "--force").code == 0


def test_whole_answers_and_what_cannot_be_compared_are_in_the_table(repository: History, ledger: Ledger) -> None:
    office(repository.root, {19: "    不涉及: 已划转\n", 35: "    具体落实情况: |\n      甲\n    存在问题: 无\n"})
    write(repository.root, "gat.yaml", f"单位: gat\n报送期: 2024H1\n任务:\n  1:\n{answer('甲。' * 900)}")
    (repository.root / "templates/changes.docx").unlink()
    assert ledger("diff", "HEAD", "-o", "a.docx").code == 0
    rows = cells(Path("a.docx"))
    assert rows[1][2] == "新报"
    assert rows[1][3].count("甲。") == 900
    assert rows[2][2] == "修改、改报不涉及"
    assert "〔删：完成第19项的工作。〕" in rows[2][3]
    with zipfile.ZipFile("a.docx") as package:
        body = package.read("word/document.xml").decode("utf-8")
    assert "自治区人民政府办公厅第35项" in body
    assert ledger("diff", "v1", "HEAD", "-o", "none.docx").code == 0
    with zipfile.ZipFile("none.docx") as package:
        assert "没有变化。" in package.read("word/document.xml").decode("utf-8")


def test_a_template_that_loses_words_is_told_and_nothing_is_written(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    path = sample / "templates/changes.docx"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace("{{ 字.文 }}".encode(), "{{ 字.类 }}".encode())
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    result = ledger("diff", "2024H2", "-o", "a.docx")
    assert (result.code, Path("a.docx").exists()) == (2, False)
    assert "用模板“changes.docx”印不出完整的内容" in result.err
    assert "缺少第 1 行的文字" in result.err


def test_the_json_file_is_what_is_printed(sample: Path, ledger: Ledger) -> None:
    second_period(sample)
    assert ledger("diff", "2024H2", "-o", "a.json").code == 0
    assert Path("a.json").read_bytes().decode("utf-8") == ledger("diff", "2024H2", "--format", "json").out


# -- log -------------------------------------------------------------------------------------------


def test_who_changed_what_and_when(repository: History, ledger: Ledger) -> None:
    office(repository.root, {13: answer("完成第13项的工作。", "尚有2件未办结。")})
    write(repository.root, "gat.yaml", f"单位: gat\n报送期: 2024H1\n任务:\n  1:\n{answer()}")
    short = repository.commit("补充存在问题", author="赵六")
    (repository.root / "README.md").write_text("无关", "utf-8")
    repository.commit("无关的提交")
    office(repository.root, {35: answer("还没有提交的。")})
    found = commits(ledger, "政府办公厅")
    assert [entry["subject"] for entry in found] == [None, "补充存在问题", "办公厅报送"]
    assert places(found[1]) == [(13, "changed", "存在问题")]
    assert (found[1]["author"], found[1]["date"]) == ("赵六", "2024-07-05T00:02:00+08:00")
    assert [place[:2] for place in places(found[2])] == [(13, "added"), (19, "added"), (35, "added")]
    out = ledger("log", "zfbgt").out
    assert out.startswith("尚未提交\n  第13项　修改（存在问题）")
    assert (
        f"2024-07-05 00:02　赵六　{short}　补充存在问题\n  第13项　修改（存在问题）：〔删：无〕〔增：尚有2件未办结。〕"
        in out
    )
    only = ledger("log", "zfbgt", "--task", "35").out
    assert "补充存在问题" not in only
    assert "〔增：还没有提交的。〕" in only


def test_a_renamed_file_and_a_second_period_are_followed(repository: History, ledger: Ledger) -> None:
    folder = repository.root / PERIOD
    (folder / "zfbgt.yaml").rename(folder / "自治区人民政府办公厅.yaml")
    repository.commit("改文件名")
    office(repository.root, {19: answer("改过的第19项。")}, "自治区人民政府办公厅.yaml")
    repository.commit("改了第19项")
    second = "submissions/2024H2/政府办公厅.yaml"
    path = repository.root / "data/tasks.yaml"
    text = path.read_text("utf-8")
    line = next(line for line in text.splitlines() if "编号: 2024H1" in line)
    path.write_text(text.replace(line, f"{line}\n{line.replace('2024H1', '2024H2')}"), "utf-8")
    (repository.root / second).parent.mkdir()
    (repository.root / second).write_text(office_submission().replace("2024H1", "2024H2"), "utf-8")
    repository.commit("第二期")
    found = commits(ledger, "zfbgt", "--task", "19")
    assert [(e["subject"], places(e)) for e in found] == [
        ("第二期", [(19, "added", None)]),
        ("改了第19项", [(19, "changed", "具体落实情况")]),
        ("办公厅报送", [(19, "added", None)]),
    ]
    assert "答复没有变化" in ledger("log", "zfbgt").out
    assert [e["subject"] for e in commits(ledger, "zfbgt", "--period", "2024H2")] == ["第二期"]


def branches(repository: History) -> None:
    """Two branches: one changes task 13, the other task 19."""
    repository.git("checkout", "-q", "-b", "分支")
    office(repository.root, {19: answer("分支上改了第19项。")})
    repository.commit("分支改第19项")
    repository.git("checkout", "-q", "main")
    office(repository.root, {13: answer("主线上改了第13项。")})
    repository.commit("主线改第13项")


def test_a_merge_owns_only_what_it_changed_itself(repository: History, ledger: Ledger) -> None:
    branches(repository)
    path = repository.root / PERIOD / "zfbgt.yaml"
    both = {13: answer("主线上改了第13项。"), 19: answer("分支上改了第19项。")}
    repository.merge("分支", "合并", {path: office_submission(tasks=both)})
    expected = ["主线改第13项", "分支改第19项", "办公厅报送"]
    assert [e["subject"] for e in commits(ledger, "zfbgt")] == expected
    assert [e["subject"] for e in commits(ledger, "zfbgt", "--task", "19")] == expected[1:]


def test_a_merge_that_changes_more_than_its_parents_did(repository: History, ledger: Ledger) -> None:
    branches(repository)
    path = repository.root / PERIOD / "zfbgt.yaml"
    texts = {13: answer("主线上改了第13项。"), 19: answer("分支上改了第19项。"), 35: answer("合并时夹带的第35项。")}
    repository.merge("分支", "夹带", {path: office_submission(tasks=texts)})
    found = commits(ledger, "zfbgt")
    assert found[0]["subject"] == "夹带"
    assert places(found[0]) == [(35, "changed", "具体落实情况")]


def test_a_version_that_cannot_be_read_is_named_and_hides_no_change(repository: History, ledger: Ledger) -> None:
    write(repository.root, "zfbgt.yaml", "单位: zfbgt\n报送期: 2024H1\n任务:\n  13: [\n")
    repository.commit("写坏了")
    office(repository.root, {13: answer("改好以后的第13项。")})
    repository.commit("改好了")
    mended, broken, first = commits(ledger, "zfbgt")
    assert places(mended) == [(13, "changed", "具体落实情况")]
    assert mended["changes"][0]["before"] == "完成第13项的工作。"
    assert (places(broken), broken["not_comparable"][0]["unit"]) == ([], "zfbgt")
    assert "这一版没有读进来" in ledger("log", "zfbgt").out
    assert len(places(first)) == 3


def test_a_shallow_clone_blames_nobody_for_what_was_there(repository: History, ledger: Ledger, tmp_path: Path) -> None:
    office(repository.root, {13: answer("第二稿。")})
    repository.commit("第二稿")
    office(repository.root, {13: answer("第三稿。")})
    repository.commit("第三稿")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "2", f"file://{repository.root}", clone)
    out = ledger("-C", clone, "log", "zfbgt").out
    assert "第三稿" in out
    assert "新报" not in out
    assert "更早的历史不在这里" in out
    assert "git fetch --unshallow" in out
    data = json.loads(ledger("-C", clone, "log", "zfbgt", "--format", "json").out)
    assert data["shallow"] is True
    assert [entry["oldest"] for entry in data["commits"]] == [False, True]


def test_a_workspace_in_a_subfolder(repository: History, ledger: Ledger, tmp_path: Path) -> None:
    work = repository.root / "二级 文件夹"
    work.mkdir()
    for name in ("data", "submissions"):
        (repository.root / name).rename(work / name)
    repository.commit("移到下级文件夹")
    text = office_submission(tasks={13: answer("搬家以后改的。")})
    (work / PERIOD / "zfbgt.yaml").write_text(text, "utf-8")
    repository.commit("改稿")
    found = json.loads(ledger("-C", work, "log", "zfbgt", "--format", "json").out)["commits"]
    assert places(found[0]) == [(13, "changed", "具体落实情况")]
    assert ledger("-C", work, "diff", "HEAD~1..HEAD").out.endswith("修改 1 条。\n")


def test_nothing_in_git_is_a_sentence(repository: History, ledger: Ledger) -> None:
    result = ledger("log", "公安厅")
    assert (result.code, result.out) == (0, "自治区公安厅在 git 里没有改动记录。\n")
    assert ledger("log", "nobody").code == 2
    assert ledger("log", "gat", "--task", "99").code == 2
    assert ledger("log", "gat", "--period", "2030H1").code == 2


def test_texts_are_printed_as_data(repository: History, ledger: Ledger) -> None:
    office(repository.root, {13: answer("[bold]甲[/bold] {0} %s")})
    repository.commit("[red]改\x1b[31m稿")
    for arguments in (["diff", "v1"], ["log", "zfbgt"]):
        out = ledger(*arguments).out
        assert "[bold]甲[/bold] {0} %s" in out
        assert "\x1b" not in out
