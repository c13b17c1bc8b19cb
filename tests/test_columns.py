"""栏目: each column of each kind is in every output and comes back from both forms, so that none can be left out."""

import json
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from tests.conftest import REPOSITORY, Ledger
from tests.second_plan import fill

PLAN = {
    "章节": ("章节", "一、记号章节"),
    "序号": ("编号", "甲-1"),
    "工作任务": ("举措", "记号任务。"),
    "牵头领导": ("方案", "记号领导"),
    "牵头单位": ("牵头", "记号局"),
    "配合单位": ("配合", "配合局"),
    "责任单位": ("责任", "责任局"),
    "完成时限": ("时限", "记号时限"),
    "任务来源": ("方案", "记号来源"),
}
"""The plan's columns: what each means, and a mark that stands in it and nowhere else."""
FILED = {
    "推进情况": ("落实", "正文", "必填: true", "举办记号培训12期。"),
    "进度": ("填报", "百分比", "", "37%"),
    "是否完成": ("填报", "是否", "", "否"),
    "阶段": ("填报", "选项", "选项: [未开展, 推进中, 记号阶段]", "记号阶段"),
    "金额": ("填报", "数字", "单位: 万元", "4321"),
    "办结日期": ("填报", "日期", "", "2024-05-17"),
    "责任人": ("填报", "人名", "", "记号某某"),
    "成果": ("填报", "正文", "", "记号成果。"),
    "存在问题": ("问题", "正文", "必填: true, 可写无: true", "记号问题。"),
    "工作打算": ("打算", "正文", "必填: true, 可写无: true", "记号打算。"),
}
"""The units' columns: meaning, kind, what else, and a mark."""
UNITS = {"jhj": "记号局", "phj": "配合局", "zrj": "责任局"}


@pytest.fixture
def plan(bare: Path) -> Path:
    """A workspace with a column of each kind and one task; all that its answer says is in columns."""
    columns = [f"  - {{名称: {name}, 作用: {role}}}" for name, (role, _) in PLAN.items()]
    for name, (role, kind, more, _) in FILED.items():
        extra = f", {more}" if more else ""
        columns.append(f"  - {{名称: {name}, 作用: {role}, 种类: {kind}{extra}}}")
    task = [f"        {name}: {mark}" for name, (role, mark) in PLAN.items() if role not in ("章节", "编号")]
    lines = [
        "台账: {附件: 附件9, 名称: 记号台账, 开始: 2024-01-01, 结束: 2024-12-31}",
        "栏目:",
        *columns,
        "当前报送期: 2024H1",
        "报送期:",
        "  - {编号: 2024H1, 名称: 2024年上半年, 开始: 2024-01-01, 结束: 2024-06-30, 报送截止: 2024-07-15}",
        "章节:",
        "  - 标题: 一、记号章节",
        "    任务:",
        "      - 编号: 甲-1",
        *task,
    ]
    (bare / "data/tasks.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    units = "".join(f"  - {{代码: {code}, 名称: {name}, 层级: 市}}\n" for code, name in UNITS.items())
    (bare / "data/units.yaml").write_text(f"单位:\n{units}", "utf-8")
    answer = "".join(f"    {name}: {mark}\n" for name, (*_, mark) in FILED.items())
    (bare / "submissions/2024H1/jhj.yaml").write_text(f"单位: jhj\n报送期: 2024H1\n任务:\n  甲-1:\n{answer}", "utf-8")
    return bare


def words_of_word(path: Path) -> str:
    body = docx.Document(str(path)).element.body
    return "\n".join("".join(text.text or "" for text in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def words_of_excel(path: Path) -> str:
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def test_nothing_is_wrong_with_it(plan: Path, ledger: Ledger) -> None:
    result = ledger("validate")
    assert (result.code, result.err) == (0, "")
    assert "没有发现问题" in result.out


@pytest.mark.parametrize(
    ("arguments", "name", "parts"),
    [
        (("merge",), "m.yaml", (PLAN, FILED)),
        (("merge",), "m.json", (PLAN, FILED)),
        (("merge",), "m.csv", (PLAN, FILED)),
        (("report",), "ledger.docx", (PLAN, FILED)),
        (("report", "--template", "compact"), "compact.docx", (PLAN, FILED)),
        (("report", "--unit", "jhj"), "unit.docx", (PLAN, FILED)),
        (("report", "--task", "甲-1"), "task.docx", (PLAN, FILED)),
        (("report", "--blank"), "blank.docx", (PLAN,)),
        (("form", "jhj"), "form.docx", (PLAN,)),
        (("form", "jhj", "--prefill"), "pre.docx", (PLAN, FILED)),
        (("form", "jhj", "--prefill"), "pre.xlsx", (PLAN, FILED)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_mark_is_in_every_output(
    plan: Path, ledger: Ledger, arguments: tuple[str, ...], name: str, parts: tuple[dict[str, tuple[str, ...]], ...]
) -> None:
    result = ledger(*arguments, "-o", name)
    assert (result.code, result.err) == (0, ""), result.err
    path = plan / name
    read = {".docx": words_of_word, ".xlsx": words_of_excel}.get(path.suffix, lambda p: p.read_text("utf-8-sig"))
    words = read(path)
    structured = path.suffix in (".json", ".yaml")
    for part in parts:
        for column, (*_, mark) in part.items():
            shown = {"37%": ("37", "0.37"), "否": ("false", "否"), "4321": ("4321",)}.get(mark, (mark,))
            assert any(one in words for one in (mark, *shown)), (name, column)
            if not (structured or name == "compact.docx" or column in ("章节", "序号")):
                assert column in words, (name, column)


def test_json_has_the_values_in_their_kinds(plan: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "m.json").code == 0
    answer = json.loads((plan / "m.json").read_text("utf-8"))["tasks"][0]["answers"][0]
    assert answer["values"] == {
        "推进情况": "举办记号培训12期。",
        "进度": 37,
        "是否完成": False,
        "阶段": "记号阶段",
        "金额": 4321,
        "办结日期": "2024-05-17",
        "责任人": "记号某某",
        "成果": "记号成果。",
        "存在问题": "记号问题。",
        "工作打算": "记号打算。",
    }
    assert (answer["progress"], answer["problems"], answer["plans"]) == (
        "举办记号培训12期。",
        "记号问题。",
        "记号打算。",
    )


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_every_mark_comes_back_from_the_forms(plan: Path, ledger: Ledger, suffix: str) -> None:
    submission = plan / "submissions/2024H1/jhj.yaml"
    before = json.loads(ledger("merge", "-o", "a.json").out and (plan / "a.json").read_text("utf-8"))["tasks"]
    assert ledger("form", "jhj", "--prefill", "-o", f"form{suffix}").code == 0
    assert "没有变化" in ledger("intake", f"form{suffix}").out
    submission.unlink()
    result = ledger("intake", f"form{suffix}", "--force")
    assert (result.code, result.err) == (0, ""), result.out + result.err
    assert ledger("merge", "-o", "b.json").code == 0
    after = json.loads((plan / "b.json").read_text("utf-8"))["tasks"]
    for task in (*before, *after):
        for answer in task["answers"]:
            answer.pop("line")
    assert after == before


@pytest.mark.parametrize("column", [name for name, (_, kind, *_) in FILED.items() if kind != "正文"])
def test_a_value_of_another_kind_is_told_in_the_file_and_in_the_form(plan: Path, ledger: Ledger, column: str) -> None:
    mark = FILED[column][-1]
    submission = plan / "submissions/2024H1/jhj.yaml"
    bad = "第一行\\n第二行" if column == "责任人" else "大概"
    text = submission.read_text("utf-8").replace(f"    {column}: {mark}\n", f'    {column}: "{bad}"\n')
    submission.write_text(text, "utf-8")
    found = json.loads(ledger("validate", "--format", "json").out)["findings"]
    assert [(f["code"], f["task"]) for f in found] == [("S103", "甲-1")]
    form = plan / "form.docx"
    submission.unlink()
    assert ledger("form", "jhj", "-o", form).code == 0
    fill(form, {"甲-1|推进情况": "举办培训3期。", f"甲-1|{column}": mark if column == "责任人" else "大概"})
    told = ledger("intake", form)
    assert ("F607" in told.out + told.err) is (column != "责任人")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("{名称: 进度, 作用: 填报, 种类: 百分比}", "{名称: 牵头领导, 作用: 填报}"), "写了两次"),
        (("作用: 举措", "作用: 方案"), "没有一栏的作用是“举措”"),
        (("作用: 时限", "作用: 编号"), "的作用都是“编号”"),
        (("种类: 选项, 选项: [未开展, 推进中, 记号阶段]", "种类: 选项"), "没有列出选项"),
        (("{名称: 牵头领导, 作用: 方案}", "{名称: 牵头领导, 作用: 方案, 种类: 日期}"), "由方案定，不写种类"),
        (("{名称: 成果, 作用: 填报, 种类: 正文}", "{名称: 指标, 作用: 填报}"), "另有用处"),
        (("{名称: 任务来源, 作用: 方案}", "{名称: 任务来源, 作用: 方案, 宽: -3}"), "不是正数"),
    ],
)
def test_columns_that_make_no_table_are_told_at_their_place(
    plan: Path, ledger: Ledger, change: tuple[str, str], words: str
) -> None:
    tasks = plan / "data/tasks.yaml"
    text = tasks.read_text("utf-8")
    assert change[0] in text
    tasks.write_text(text.replace(*change, 1), "utf-8")
    result = ledger("validate")
    assert result.code == 1
    assert "K514" in result.out
    assert words in result.out


def test_two_columns_of_the_plan_may_be_called_alike_where_their_keys_differ(plan: Path, ledger: Ledger) -> None:
    tasks = plan / "data/tasks.yaml"
    text = tasks.read_text("utf-8").replace(
        "{名称: 任务来源, 作用: 方案}", "{名称: 牵头领导, 键: 另一位领导, 作用: 方案}"
    )
    tasks.write_text(text.replace("        任务来源: 记号来源", "        另一位领导: 记号来源"), "utf-8")
    assert ledger("validate").code == 0
    assert ledger("report", "-o", "r.docx").code == 0
    words = words_of_word(plan / "r.docx")
    assert "记号领导" in words
    assert "记号来源" in words


def test_without_the_key_the_seven_columns_hold(sample: Path, ledger: Ledger) -> None:
    assert "栏目" not in (REPOSITORY / "data/tasks.yaml").read_text("utf-8")
    assert ledger("merge", "--partial", "-o", "m.json").code in (0, 1)
    task = json.loads((sample / "m.json").read_text("utf-8"))["tasks"][0]
    assert not {"columns", "lead", "joint"} & set(task)
    assert all("values" not in answer and "part" not in answer for answer in task["answers"])
