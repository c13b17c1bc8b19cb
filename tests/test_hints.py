"""Hints about prose: what shows across units and periods, the office's settings, and the quality on labelled texts."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import quality
from ledger_cli.check.prose import likeness
from ledger_cli.check.prose.consistency import claims_finished, open_problem
from ledger_cli.check.prose.continuity import taken_up
from ledger_cli.check.prose.likeness import cluster
from ledger_cli.model.column import SEED
from ledger_cli.model.personal import masked, personal_data
from ledger_cli.model.prose import Likeness
from ledger_cli.model.rule import RULES
from ledger_cli.read.submission import read_submission
from ledger_cli.read.yaml.quick_texts import quick_texts
from tests import conftest
from tests.conftest import PERIOD, REPOSITORY, Ledger, answer, write

SHARED = "与公安机关建立移送台账，上半年交换清单2次，核对案卷110卷，发现应移未移的5件，全部补送。"


def hints(ledger: Ledger, *arguments: str) -> list[dict[str, Any]]:
    report = json.loads(ledger("validate", "--format", "json", "--select", "W,K509", *arguments).out)
    found: list[dict[str, Any]] = report["findings"]
    return found


def office_submission(tasks: dict[int, str] | None = None) -> str:
    """A sound submission of the general office, with a figure in each answer."""
    return conftest.office_submission(tasks=tasks).replace("项的工作。", "项的工作，检查3家。")


def report_of(root: Path, unit: str, progress: str, more: str = "", plans: str = "下半年再办一期。") -> None:
    """A unit's file with one answer, to task 22; what else it owes does not matter here."""
    text = f"单位: {unit}\n报送期: 2024H1\n任务:\n  22:\n{answer(progress, plans=plans)}{more}"
    write(root, f"{unit}.yaml", text)


def two_periods(root: Path) -> Path:
    """The folder of an earlier period, which is registered before the sample's."""
    tasks = root / "data/tasks.yaml"
    text = tasks.read_text("utf-8")
    earlier = "  - {编号: 2023H2, 名称: 2023年下半年, 开始: 2023-07-01, 结束: 2023-12-31, 报送截止: 2024-01-15}\n"
    tasks.write_text(text.replace("报送期:\n", "报送期:\n" + earlier, 1), "utf-8")
    folder = root / "submissions/2023H2"
    folder.mkdir()
    return folder


# -- across units ---------------------------------------------------------------------------------


def test_a_copy_is_told_to_both_with_the_two_quotes(bare: Path, ledger: Ledger) -> None:
    report_of(bare, "xingqing", "兴庆区" + SHARED)
    report_of(bare, "helan", "贺兰县" + SHARED.replace("全部补送", "已全部补送"))
    found = hints(ledger)
    assert [(f["code"], f["unit"], f["task"], f["line"], f["column"]) for f in found] == [
        ("W402", "helan", 22, 5, 13),
        ("W402", "xingqing", 22, 5, 13),
    ]
    assert "银川市兴庆区人民政府" in found[0]["message"]
    assert "本单位：“贺兰县与公安机关" in found[0]["hint"]
    assert "银川市兴庆区人民政府：“兴庆区与公安机关" in found[0]["hint"]


def test_the_same_frame_with_own_figures_is_no_copy(bare: Path, ledger: Ledger) -> None:
    report_of(bare, "xingqing", SHARED)
    report_of(bare, "helan", SHARED.replace("2次", "4次").replace("110", "36").replace("5件", "1件"))
    assert hints(ledger) == []


def test_a_joint_answer_is_told_only_to_who_does_not_declare_it(bare: Path, ledger: Ledger) -> None:
    declared = "    忽略: {W402: 与贺兰县联合报送}\n"
    report_of(bare, "xingqing", SHARED, declared)
    report_of(bare, "helan", SHARED)
    assert [f["unit"] for f in hints(ledger)] == ["helan"]
    report_of(bare, "helan", SHARED, declared)
    assert hints(ledger) == []


def test_many_copies_are_one_finding_each_and_name_one_unit(bare: Path, ledger: Ledger) -> None:
    for unit in ("xingqing", "xixia", "jinfeng", "helan"):
        report_of(bare, unit, SHARED)
    found = hints(ledger)
    assert [f["unit"] for f in found] == ["helan", "jinfeng", "xingqing", "xixia"]
    assert all("还有2个单位也是这样写的" in f["message"] for f in found)


def test_a_faulty_answer_and_a_short_one_are_not_compared(bare: Path, ledger: Ledger) -> None:
    report_of(bare, "xingqing", "移送案件2件，立案2件。")
    report_of(bare, "helan", "移送案件2件，立案2件。")
    report_of(bare, "xixia", SHARED)
    write(bare, "jinfeng.yaml", f"单位: jinfeng\n报送期: 2024H1\n任务:\n  22:\n{answer(SHARED, problems='')}")
    assert hints(ledger) == []


def test_a_file_laid_out_plainly_is_scanned_to_the_letter() -> None:
    for path in (REPOSITORY / "submissions/2024H1").glob("*.yaml"):
        data = path.read_bytes()
        read = read_submission(data, path.name, SEED)
        for number, given in read.answers.items():
            slots = list(range(3))
            found = quick_texts(data, slots, {str(number): 0}, SEED.prose)
            if given.waived or not given.progress:
                assert found is None
            else:
                assert found is not None
                assert tuple(found[slot][0] for slot in slots) == given.texts
                places = [read.document.place(("任务", str(number), name)) for name in SEED.keys]
                assert [found[slot][1] for slot in slots] == places


@pytest.mark.parametrize("layout", ["|-", "|2", ">", '"', "deeper"])
def test_a_copy_is_found_however_it_is_laid_out(bare: Path, ledger: Ledger, layout: str) -> None:
    report_of(bare, "xingqing", SHARED)
    report_of(bare, "helan", SHARED)
    path = bare / PERIOD / "helan.yaml"
    block = f"具体落实情况: |\n      {SHARED}"
    other = {
        "|-": f"具体落实情况: |-\n      {SHARED}",
        "|2": f"具体落实情况: |2\n      {SHARED}",
        ">": f"具体落实情况: >-\n      {SHARED}",
        '"': f'具体落实情况: "{SHARED}"',
        "deeper": f"具体落实情况: |\n        {SHARED}",
    }
    text = path.read_text("utf-8")
    assert block in text
    path.write_text(text.replace(block, other[layout]), "utf-8")
    assert [(f["code"], f["unit"], f["line"], f["column"]) for f in hints(ledger)] == [
        ("W402", "helan", 5, 13),
        ("W402", "xingqing", 5, 13),
    ]


def test_processes_find_what_one_process_finds(bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    for unit in ("xingqing", "xixia", "helan"):
        report_of(bare, unit, SHARED)
    alone = hints(ledger)
    monkeypatch.setattr("ledger_cli.gather.workers._POOL_FROM", 1)
    monkeypatch.setattr("ledger_cli.gather.workers._processors", lambda: 2)
    assert hints(ledger) == alone != []


def test_a_merge_says_nothing_of_prose(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("待补充。")}))
    assert [f["code"] for f in hints(ledger)] == ["W401"]
    assert "W401" not in (result := ledger("merge")).out + result.err


@pytest.mark.parametrize(("more", "found"), [("件全结", 2), ("件全", 0)])
def test_copies_are_told_from_thirty_characters_on(bare: Path, ledger: Ledger, more: str, found: int) -> None:
    text = "与公安机关交换移送清单2次并核对案卷110卷发现应移5" + more
    assert len(text) == (30 if found else 29)
    report_of(bare, "xingqing", text)
    report_of(bare, "helan", text)
    assert [f["code"] for f in hints(ledger)] == ["W402"] * found
    report_of(bare, "xingqing", "兴庆区" + text)  # a unit's own name is none of them
    report_of(bare, "helan", "贺兰县" + text)
    assert [f["code"] for f in hints(ledger)] == ["W402"] * found


@pytest.mark.parametrize(("place", "found"), [(8, True), (9, False)])
def test_of_units_that_share_a_frame_eight_are_compared_with_later_ones(
    bare: Path, ledger: Ledger, place: int, found: bool
) -> None:
    """What bounds the work where everybody uses the same frame; a copy to the letter is found all the same."""
    units = ["dawukou", "guyuan", "haiyuan", "helan", "hongsibu", "huinong", "jinfeng", "jingyuan", "lingwu", "litong"]
    frame = "检查各类企业{}家次，发现突出问题{}个，已由主管科室逐一督促整改到位并登记备查。"
    texts = [frame.format(number, 2 * number) for number in range(21, 30)]
    copy = texts[place - 1].replace("逐一督促", "挨个督促")
    for unit, text in zip(units, [*texts, copy], strict=True):
        report_of(bare, unit, text)
    told = [units[place - 1], "litong"] if found else []
    assert [f["unit"] for f in hints(ledger) if f["code"] == "W402"] == sorted(told)
    report_of(bare, "litong", texts[place - 1])
    assert len([f for f in hints(ledger) if f["code"] == "W402"]) == 2


# -- groups of texts ------------------------------------------------------------------------------


def test_texts_are_grouped_with_those_they_nearly_equal() -> None:
    other = "乡镇检测手段不足，殡葬、农药等专业性强的事项接得住但办不好，有4个乡镇案卷由县局代写。"
    changed = SHARED.replace("全部补送", "全部补送完毕")
    assert cluster([SHARED, other, changed, "无", other + "请求支持。"], Likeness()) == [[0, 2], [1, 4]]


def test_a_text_is_compared_with_a_few_leaders_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    plainly = likeness.likeness

    def counted(*arguments: Any) -> float:
        nonlocal calls
        calls += 1
        return plainly(*arguments)

    monkeypatch.setattr(likeness, "likeness", counted)
    frames = [
        f"检查企业{n}家，发现问题{n * 7}个，整改{n * 5}个，立案查处{n * 3}起，罚款{n * 11}万元。"
        for n in range(100, 500)
    ]
    assert cluster(frames, Likeness()) == []
    assert calls <= 40 * len(frames)
    calls = 0
    (everyone,) = cluster([SHARED] * 400, Likeness())
    assert len(everyone) == 400
    assert calls < 400


# -- across periods -------------------------------------------------------------------------------


def test_an_unchanged_answer_is_told_while_the_duty_is_open(bare: Path, ledger: Ledger) -> None:
    earlier = two_periods(bare)
    for folder in (bare / "submissions/2024H1", earlier):
        text = office_submission(tasks={19: answer("走访乡镇28个，座谈执法队员190人。")})
        (folder / "zfbgt.yaml").write_text(text.replace("2024H1", folder.name), "utf-8")
    found = {f["task"]: f for f in hints(ledger) if f["code"] == "W403"}
    assert 19 in found
    assert found[19]["hint"].count("“走访乡镇28个，座谈执法队员190人。”") == 2
    met = (
        answer("走访乡镇28个，座谈执法队员190人。")
        + '    完成: {"19-1": 2024-06-01, "19-2": 2024-06-01, "19-3": 2024-06-01}\n'
    )
    write(bare, "zfbgt.yaml", office_submission(tasks={19: met}))
    assert 19 not in {f["task"] for f in hints(ledger) if f["code"] == "W403"}


def test_a_plan_of_the_last_period_that_nobody_took_up_is_told(bare: Path, ledger: Ledger) -> None:
    earlier = two_periods(bare)
    planned = office_submission(tasks={35: answer(plans="聘请高校信息专家编写元数据词典，赴浙江考察电子证照。")})
    (earlier / "zfbgt.yaml").write_text(planned.replace("2024H1", "2023H2"), "utf-8")
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("比对系统字段642个，试跑数据5.6万条。")}))
    (found,) = [f for f in hints(ledger) if f["code"] == "W407"]
    assert "上期打算：“聘请高校信息专家" in found["hint"]
    assert "本期落实：“比对系统字段" in found["hint"]
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("元数据词典编成初稿，收词1200条。")}))
    assert not [f for f in hints(ledger) if f["code"] == "W407"]


@pytest.mark.parametrize(
    ("plan", "missed"), [("聘请高校专家授课。", True), ("聘请高校专家授。", True), ("聘请高校专家。", False)]
)
def test_a_plan_of_fewer_than_seven_characters_of_its_own_is_not_missed(
    bare: Path, ledger: Ledger, plan: str, missed: bool
) -> None:
    earlier = two_periods(bare)
    planned = office_submission(tasks={35: answer(plans=plan)})
    (earlier / "zfbgt.yaml").write_text(planned.replace("2024H1", "2023H2"), "utf-8")
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("比对系统字段642个，试跑数据5.6万条。")}))
    assert [f["task"] for f in hints(ledger) if f["code"] == "W407"] == ([35] if missed else [])


def test_a_plan_for_later_years_is_not_missed() -> None:
    assert taken_up("明年聘请高校信息专家编写元数据词典。", "比对字段642个。", "")
    assert not taken_up("聘请高校信息专家编写元数据词典。", "比对字段642个。", "")


# -- one answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("已完成。", True),
        ("本项任务已全部完成，印发文件3份。", True),
        ("该项工作已按期完成；共办班3期。", True),
        ("已完成第一期培训。", False),
        ("全员轮训已完成，资料正在归档。", False),
        ("6月完成初稿，已完成整改12项。", False),
        ("尚未完成。", False),
        ("截至目前该项工作任务目前已经按要求完成工作任务完毕。", True),
        ("甲截至目前该项工作任务目前已经按要求完成工作任务完毕。", False),
        ("各县区乡镇街道的轮训和考试任务已全部完成。", False),
    ],
)
def test_only_a_claim_about_the_whole_task_is_one(text: str, finished: bool) -> None:
    assert bool(claims_finished(text)) is finished


def test_a_solved_problem_is_not_open() -> None:
    assert open_problem("街道样本偏少。")
    for text in ("无", "暂无。", "没有突出问题", "发现的3个问题均已整改。"):
        assert not open_problem(text)


def test_no_finding_shows_a_whole_number(bare: Path, ledger: Ledger) -> None:
    number = "640104198001010013"
    text = f"当事人李某，身份证{number}，无证经营。"
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer(text, problems="联系人13909510001。", plans="无")}))
    for output in ("text", "json", "github", "sarif"):
        result = ledger("validate", "--select", "W", "--format", output)
        assert number not in result.out
        assert "13909510001" not in result.out
    codes = [f["code"] for f in hints(ledger)]
    assert codes.count("W404") == 2


def test_numbers_are_masked_in_place() -> None:
    text = "李某 138 0951 0001，卡号6222022900000123452。"
    (phone, *_) = personal_data(text)
    assert text[phone.start : phone.end] == "138 0951 0001"
    assert len(masked(text)) == len(text)
    assert "138 **** **01" in masked(text)


@pytest.mark.parametrize("code", ["W401", "W404", "W405", "W406", "W408"])
def test_each_hint_is_waived_by_its_answer(bare: Path, ledger: Ledger, code: str) -> None:
    example = next((REPOSITORY / "tests/faults").glob(f"{code}-*.yaml")).read_text("utf-8")
    write(bare, "zfbgt.yaml", example)
    (found,) = hints(ledger)
    assert found["code"] == code
    before = f"  {found['task']}:\n"
    write(bare, "zfbgt.yaml", example.replace(before, f"{before}    忽略: {{{code}: 经核实无误}}\n"))
    assert hints(ledger) == []


# -- the office's settings ------------------------------------------------------------------------


def settings(root: Path, text: str) -> None:
    (root / "data/hints.yaml").write_text(text, "utf-8")


def test_the_office_switches_a_code_off_and_adds_its_own_phrases(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("撸起袖子，踔厉奋发。")}))
    assert hints(ledger) == []
    settings(bare, "套话: [撸起袖子, 踔厉奋发]\n")
    assert [f["code"] for f in hints(ledger)] == ["W401"]
    settings(bare, "停用: [W401]\n套话: [撸起袖子, 踔厉奋发]\n")
    assert hints(ledger) == []


def test_what_the_settings_do_not_say_is_as_packaged(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("待补充。")}))
    for text in ("", "# 全用自带的\n", "雷同: {最短字数: 40}\n"):
        settings(bare, text)
        assert [f["code"] for f in hints(ledger)] == ["W401"]
    (bare / "data/hints.yaml").unlink()
    assert [f["code"] for f in hints(ledger)] == ["W401"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("停用: [W402, C203]\n", 1),
        ("停用:\n雷同: {相似度: 120}\n", 2),
        ("占位: [待补充]\n雷同: {最短字数: 三十}\n", 2),
        ("套画: [高度重视]\n", 1),
        ("套话:\n  - 高度重视\n  - \n", 2),
        ("- 套话\n", 1),
    ],
)
def test_faulty_settings_are_told_with_their_place(bare: Path, ledger: Ledger, text: str, line: int) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("待补充。")}))
    settings(bare, text)
    found = hints(ledger)
    assert [(f["code"], f["file"], f["line"]) for f in found] == [("K509", "data/hints.yaml", line)]
    assert ledger("validate").code == 1
    assert ledger("merge").code == 0


def test_a_new_workspace_has_the_settings(tmp_path: Path, ledger: Ledger) -> None:
    assert ledger("init", tmp_path / "new").code == 0
    assert (tmp_path / "new/data/hints.yaml").read_bytes() == (REPOSITORY / "data/hints.yaml").read_bytes()


def test_every_hint_is_a_warning_and_checked() -> None:
    codes = {code for code in RULES if code[0] == "W"}
    assert codes == {f"W40{n}" for n in range(1, 10)}
    assert all(RULES[code].severity == "warning" for code in codes)


def test_the_sample_gets_no_hint(sample: Path, ledger: Ledger) -> None:
    assert hints(ledger) == []


# -- quality --------------------------------------------------------------------------------------

FLOORS = {"W401": (0.97, 0.9), "W402": (0.97, 0.92), "W404": (0.97, 0.97)}


@pytest.mark.parametrize("code", sorted(FLOORS))
def test_quality_on_labelled_texts(code: str) -> None:
    judged = list(quality.JUDGES[code]())
    score = quality.Score.of(judged)
    precision, recall = FLOORS[code]
    assert score.items >= {"W401": 90, "W402": 120, "W404": 60}[code]
    assert score.precision >= precision
    assert score.recall >= recall
    expected = sum(item.expected for item in judged)
    assert 0.35 <= expected / len(judged) <= 0.6


def test_every_labelled_file_is_judged() -> None:
    assert sorted(path.stem for path in quality.LABELLED.glob("*.yaml")) == sorted(quality.JUDGES)


# -- what a trial found -------------------------------------------------------------------------------

COUNTED = (
    "{}印发轮训方案，分三批组织培训。{}课程覆盖处罚法、执法礼仪和文书制作。{}共有326名执法人员参训，人均64学时。"
    "{}组织闭卷考试，合格率98.5%。{}对5名不合格人员安排补考，6月底前全部结业。"
)
MARKS = (
    ["一是", "二是", "三是", "四是", "五是"],
    ["1.", "2.", "3.", "4.", "5."],
    ["（一）", "（二）", "（三）", "（四）", "（五）"],
)


@pytest.mark.parametrize("marks", MARKS, ids=["words", "digits", "brackets"])
def test_a_copy_is_found_however_its_sentences_are_counted(bare: Path, ledger: Ledger, marks: list[str]) -> None:
    report_of(bare, "xingqing", COUNTED.format(*[""] * 5))
    report_of(bare, "xixia", COUNTED.format(*marks))
    assert "W402" in _codes(ledger)


def _codes(ledger: Ledger) -> set[str]:
    return {str(found["code"]) for found in json.loads(ledger("validate", "--format", "json").out)["findings"]}


@pytest.mark.parametrize(
    "problem", ["师资不足。", "人手不足。", "编制不足。", "经费保障不足。", "培训覆盖面不够。", "衔接不畅。"]
)
def test_a_problem_in_few_words_is_a_problem(bare: Path, ledger: Ledger, problem: str) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={35: answer("完成字段比对642个。", problem, "四季度补齐。")}))
    assert not _codes(ledger) & {"W401", "W406"}


def test_a_comment_beside_a_word_of_the_settings_is_a_comment(bare: Path, ledger: Ledger) -> None:
    path = bare / "data/hints.yaml"
    text = path.read_text("utf-8").replace("  - 待补充\n", "  - 待补充  # 新加\n", 1)
    path.write_text(text, "utf-8")
    assert not {code for code in _codes(ledger) if code[0] in "YK"} - {"K510"}
    path.write_text(text.replace("  - 待完善", "  -待完善", 1), "utf-8")
    result = ledger("validate", "--select", "W")
    assert "文字提示（W 开头）这一次没有检查" in result.out
    path.write_text(text.replace("  - 待补充  # 新加", "  -待补充", 1), "utf-8")
    assert "减号后面没有空格" in ledger("validate").out


def test_no_finding_shows_a_personal_number_in_full(bare: Path, ledger: Ledger) -> None:
    text = (
        office_submission()
        .replace("单位: zfbgt", "单位：zfbgt")
        .replace("报送期: 2024H1", "报送期: 2024H1 # 电话13909511234")
    )
    text = text.replace("填报日期", "x") + "13909511234: 1\n填报人：13909511234\n"
    write(bare, "zfbgt.yaml", text)
    for arguments in (("validate",), ("validate", "--format", "json")):
        assert "13909511234" not in ledger(*arguments).out
