"""`ledger open`: a period registered, scaffolds that offer the last answers as comments, all of it or nothing."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_cli.model.column import SEED
from ledger_cli.model.period_code import period_of
from ledger_cli.model.submission import Answer
from ledger_cli.read.catalog import read_catalog
from ledger_cli.read.submission import read_submission
from ledger_cli.write.catalog_edit import with_period
from ledger_cli.write.scaffold import Before, new_submission
from tests.conftest import PERIOD, Ledger, answer, office_submission, write
from tests.test_faults import PLAN
from tests.test_report import body, text_of

TASKS = Path("data/tasks.yaml")
NEXT = Path("submissions/2024H2")
FIRST = "  - {编号: 2024H1, 名称: 2024年上半年, 开始: 2024-01-01, 结束: 2024-06-30, 报送截止: 2024-07-15}\n"
PERIODS = "报送期:\n" + FIRST
ADDED = "  - {编号: 2024H2, 名称: 2024年下半年, 开始: 2024-07-01, 结束: 2024-12-31, 报送截止: 2025-01-15}\n"


def files(root: Path) -> dict[str, bytes]:
    paths = [path for path in root.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


# -- what a code means --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name", "start", "end", "due"),
    [
        ("2024H1", "2024年上半年", "2024-01-01", "2024-06-30", "2024-07-15"),
        ("2024H2", "2024年下半年", "2024-07-01", "2024-12-31", "2025-01-15"),
        ("2025Q1", "2025年第一季度", "2025-01-01", "2025-03-31", "2025-04-15"),
        ("2025Q4", "2025年第四季度", "2025-10-01", "2025-12-31", "2026-01-15"),
        ("2025", "2025年", "2025-01-01", "2025-12-31", "2026-01-15"),
        ("2024-02", "2024年2月", "2024-02-01", "2024-02-29", "2024-03-15"),
        ("2023M12", "2023年12月", "2023-12-01", "2023-12-31", "2024-01-15"),
    ],
)
def test_name_and_dates_follow_from_the_code(code: str, name: str, start: str, end: str, due: str) -> None:
    period = period_of(code)
    assert period is not None
    days = [period.start, period.end, period.due]
    assert (period.code, period.name, *map(str, days)) == (code, name, start, end, due)


@pytest.mark.parametrize("code", ["2024H3", "2024Q5", "2024-13", "2024M00", "24H1", "2024h1", "三季度", "", "2024H1 "])
def test_other_codes_mean_nothing(code: str) -> None:
    assert period_of(code) is None


# -- the catalog --------------------------------------------------------------------------------------


def test_the_period_is_registered_and_current_and_not_a_byte_more(sample: Path, ledger: Ledger) -> None:
    before = TASKS.read_text("utf-8")
    result = ledger("open", "2024H2")
    assert result.code == 0
    assert "登记了2024年下半年（2024H2）：2024-07-01至2024-12-31，2025-01-15前报送" in result.out
    last = next(line for line in before.splitlines(keepends=True) if "编号: 2024H1" in line)
    wanted = before.replace("当前报送期: 2024H1\n", "当前报送期: 2024H2\n").replace(last, last + ADDED)
    assert TASKS.read_bytes() == wanted.encode("utf-8")
    assert len(list(NEXT.glob("*.yaml"))) == 62


LAYOUTS: dict[str, Callable[[str], str]] = {
    "crlf": (lambda text: text.replace("\n", "\r\n")),
    "bom": (lambda text: "\ufeff" + text),
    "comments": (lambda text: re.sub(r"(当前报送期: 2024H1|截止: 2024-07-15})\n", r"\1   # 备注\n  # 再一行\n", text)),
    "quoted": (lambda text: text.replace("当前报送期: 2024H1", '当前报送期: "2024H1"')),
    "not-indented": (lambda text: text.replace("\n  - {编号: 2024H1", "\n- {编号: 2024H1")),
    "flow-list": (lambda text: re.sub(r"报送期:\n  - (\{编号: 2024H1.*\})\n", r"报送期: [\1]\n", text)),
    "flow-list-of-lines": (
        lambda text: re.sub(r"报送期:\n  - (\{编号: 2024H1.*\})\n", r"报送期: [\n  \1,\n  ]\n", text)
    ),
    "block-maps": (
        lambda text: re.sub(
            r"  - \{(编号: 2024H1), (名.*), (开.*), (结.*), (报.*)\}\n",
            r"  - \1\n    \2\n    \3\n    \4\n    \5\n",
            text,
        )
    ),
    "map-of-lines": (lambda text: text.replace("名称: 2024年上半年, ", "名称: 2024年上半年,\n     ")),
    "last-in-the-file": (lambda text: text.replace(PERIODS, "").rstrip("\n") + "\n" + PERIODS.rstrip("\n")),
}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_the_catalog_keeps_its_layout(sample: Path, ledger: Ledger, layout: str) -> None:
    text = TASKS.read_text("utf-8")
    changed = LAYOUTS[layout](text)
    assert changed != text
    TASKS.write_bytes(changed.encode("utf-8"))
    assert ledger("validate").code == 0
    assert ledger("open", "2024H2").code == 0
    catalog, document = read_catalog(TASKS.read_bytes(), "data/tasks.yaml")
    assert catalog is not None
    assert document.findings == []
    assert [period.code for period in catalog.periods] == ["2024H1", "2024H2"]
    assert catalog.current == "2024H2"
    # Taking out what was put in gives the old file.
    now = TASKS.read_bytes().decode("utf-8")
    item = ADDED.strip()[2:]
    assert item in now
    back = re.sub(rf"(\r?\n[ ]*- |, ){re.escape(item)}", "", now, count=1)
    assert re.sub(r'(当前报送期: "?)2024H2', r"\g<1>2024H1", back) == changed


def test_a_layout_that_cannot_be_edited_is_told_with_what_to_write(sample: Path, ledger: Ledger) -> None:
    text = TASKS.read_text("utf-8").replace("当前报送期: 2024H1", "当前报送期: >-\n  2024H1")
    TASKS.write_text(text, "utf-8")
    before = files(sample)
    result = ledger("open", "2024H2")
    assert result.code == 2
    assert ADDED.strip() in result.err
    assert files(sample) == before


words = st.text(st.sampled_from("年报期2024H1-:#{}[],\"' \n"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(words, words)
def test_an_edit_reads_as_expected_or_is_refused(comment: str, more: str) -> None:
    period = period_of("2024H2")
    assert period is not None
    data = (
        "台账: {附件: 附件2, 名称: 台账}\n"
        f"当前报送期: 2024H1 # {comment.replace(chr(10), ' ')}\n"
        f"报送期:\n  - {{编号: 2024H1, 名称: 上半年{more}, 开始: 2024-01-01, 结束: 2024-06-30, 报送截止: 2024-07-15}}\n"
        "章节: []\n"
    ).encode()
    catalog, _ = read_catalog(data, "t")
    edited = with_period(data, "t", period)
    if catalog is None:
        assert edited is None
    elif edited is not None:
        now, _ = read_catalog(edited, "t")
        assert now is not None
        assert now.periods == (*catalog.periods, period)
        assert now.current == "2024H2"
        assert now.sections == catalog.sections


# -- the options --------------------------------------------------------------------------------------


def test_another_code_needs_a_name_and_dates(sample: Path, ledger: Ledger) -> None:
    refused = ledger("open", "专项1")
    assert refused.code == 2
    assert "--name、--start、--end" in refused.err
    given_all = ["--name", "专项督查", "--start", "2024-08-01", "--end", "2024年8月31日", "--due", "2024-09-05"]
    assert ledger("open", "专项1", *given_all).code == 0
    item = "{编号: 专项1, 名称: 专项督查, 开始: 2024-08-01, 结束: 2024-08-31, 报送截止: 2024-09-05}"
    assert item in TASKS.read_text("utf-8")
    assert "专项督查" in Path("submissions/专项1/sft.yaml").read_text("utf-8")


def test_options_override_what_the_code_says(sample: Path, ledger: Ledger) -> None:
    assert ledger("open", "2024H2", "--name", "下半年", "--end", "2024-11-30").code == 0
    item = "{编号: 2024H2, 名称: 下半年, 开始: 2024-07-01, 结束: 2024-11-30, 报送截止: 2024-12-15}"
    assert item in TASKS.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2024h2"], "是不是“2024H2”"),
        (["2024H2", "--end", "2024-06-01"], "结束早于开始"),
        (["2024H2", "--due", "2024-06-01"], "报送截止早于开始"),
        (["2024H2", "--due", "下周"], "--due 的“下周”不是日期"),
        (["2024H2", "--from", "2023H2"], "没有“2023H2”这个报送期"),
        (["2024H2", "--from", "2024H2"], "没有“2024H2”这个报送期"),
        (
            ["2023H2", "--from", "2024H1"],
            "不早于2023年下半年（2023-07-01开始），不能当作上期。没有更早的报送期，去掉 --from",
        ),
        (["2099H2"], "2099年下半年（2099-07-01至2099-12-31）不在方案的年份（2023年至2025年）以内"),
        (["1900"], "不在方案的年份（2023年至2025年）以内"),
        (["2026H1"], "用 --start 和 --end 写明起止日期"),
        (["2026H1", "--start", "2026-01-01"], "不在方案的年份"),
        (["2022", "--end", "2022-12-31"], "不在方案的年份"),
        (["2024H1", "--name", "别的"], "与选项不一致"),
        (["../x", "--name", "甲", "--start", "2024-07-01", "--end", "2024-07-02"], "不能用作文件夹名"),
        (["2024H2", "--name", "甲\u200b"], "Word 存不下"),
        ([], "缺少“报送期”"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence_and_writes_nothing(
    sample: Path, ledger: Ledger, arguments: list[str], said: str
) -> None:
    before = files(sample)
    result = ledger("open", *arguments)
    assert result.code == 2
    assert said in result.err
    assert len(result.err.splitlines()) == 1
    assert files(sample) == before
    assert not (sample / "submissions/2024H2").exists()


def test_the_first_period_becomes_current_again(sample: Path, ledger: Ledger) -> None:
    ledger("open", "2024H2")
    before = files(sample)
    result = ledger("open", "2024H1")
    assert result.code == 0
    assert "当前报送期由 2024H2 改成 2024H1" in result.out
    assert "已有的 4 份没有改动" in result.out
    assert "没有更早的报送期" in result.out
    now = files(sample)
    assert {name: now[name] for name in before if name.startswith("submissions/")}.items() <= before.items()
    assert "上期" not in (sample / PERIOD / "gat.yaml").read_text("utf-8")


@pytest.mark.parametrize("code", ["2023H2", "2024Q1"])
def test_a_period_before_all_others_or_beside_the_first_is_opened(sample: Path, ledger: Ledger, code: str) -> None:
    result = ledger("open", code)
    assert result.code == 0
    assert f"当前报送期由 2024H1 改成 {code}" in result.out
    assert "写在注释里" not in result.out
    assert "上期" not in Path(f"submissions/{code}/sft.yaml").read_text("utf-8")


def test_the_last_answers_before_a_period_are_offered_where_the_current_ones_are_later(
    sample: Path, ledger: Ledger
) -> None:
    ledger("open", "2025H1")
    assert "2024年上半年的 128 条答复写在注释里" in ledger("open", "2024H2").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["2026H1", "--start", "2026-01-01", "--end", "2026-06-30"],
        ["2025H2", "--end", "2026-02-28"],
        ["2025-12"],
        ["2023"],
    ],
)
def test_a_period_that_touches_the_plans_years_or_is_dated_by_hand_is_opened(
    sample: Path, ledger: Ledger, arguments: list[str]
) -> None:
    assert ledger("open", *arguments).code == 0


def test_a_plan_that_names_no_years_misses_none(sample: Path, ledger: Ledger) -> None:
    text = TASKS.read_text("utf-8").replace("方案（2023—2025年）", "方案")
    TASKS.write_text(text.replace("  开始: 2023-01-01\n  结束: 2025-12-31\n", "", 1), "utf-8")
    assert ledger("open", "2031H1").code == 0


def test_a_faulty_plan_is_not_edited(sample: Path, ledger: Ledger) -> None:
    TASKS.write_text(TASKS.read_text("utf-8").replace("责任主体: [sft]", "责任主体: [sfx]"), "utf-8")
    result = ledger("open", "2024H2")
    assert result.code == 2
    assert "ledger validate" in result.err


# -- the scaffolds ------------------------------------------------------------------------------------


def test_last_answers_stand_as_comments_and_nothing_of_them_is_an_answer(sample: Path, ledger: Ledger) -> None:
    assert "128 条答复写在注释里" in ledger("open", "2024H2").out
    for unit in ("sft", "zfbgt", "yinchuan", "xingqing"):
        old = read_submission((sample / PERIOD / f"{unit}.yaml").read_bytes(), "a", SEED)
        data = (sample / NEXT / f"{unit}.yaml").read_bytes()
        text = data.decode("utf-8")
        for given_answer in old.answers.values():
            for words_given in (*given_answer.texts, given_answer.not_applicable or ""):
                for line in words_given.splitlines():
                    assert line.rstrip() in text
        read = read_submission(data, "b", SEED)
        assert read.findings == []
        assert read.filing.untouched
        assert all(not any(str(value).strip() for value in said.given.values()) for said in read.filing.said)
    assert "  # 上期（2024年上半年）具体落实情况：" in text
    assert "  # 以前已报完成：3-1 完成全员轮训（2024-06-14，不必再填）" in text


def test_a_scaffold_filled_in_below_the_comments_is_sound(sample: Path, ledger: Ledger) -> None:
    ledger("open", "2024H2")
    path = NEXT / "zfbgt.yaml"
    path.write_text(re.sub(r"^      $", "      已办结三件。", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    assert ledger("validate", path).code == 0


def test_the_last_answers_are_in_a_form_where_nobody_has_filled_the_scaffold_in(sample: Path, ledger: Ledger) -> None:
    assert ledger("open", "2024H2").code == 0
    assert ledger("form", "zfbgt", "--prefill", "-o", "表.docx").code == 0
    answers = read_submission((sample / PERIOD / "zfbgt.yaml").read_bytes(), "x", SEED).answers
    assert (answers[19].progress or "").split("\n")[0] in text_of(body(Path("表.docx")))


@pytest.mark.parametrize("filled", ["zfbgt.yaml", "政府办公厅.yaml"])
def test_of_two_files_of_a_unit_the_one_that_says_something_is_shown(bare: Path, ledger: Ledger, filled: str) -> None:
    assert ledger("new", "zfbgt").code == 0
    blank = (bare / PERIOD / "zfbgt.yaml").read_bytes()
    for name in ("zfbgt.yaml", "政府办公厅.yaml"):
        write(bare, name, office_submission() if name == filled else blank)
    assert ledger("form", "zfbgt", "--prefill", "-o", "表.docx").code == 0
    assert "完成第19项的工作。" in text_of(body(Path("表.docx")))


def test_a_unit_without_answers_gets_the_usual_scaffold(sample: Path, ledger: Ledger) -> None:
    ledger("open", "2024H2")
    text = (NEXT / "gat.yaml").read_text("utf-8")
    assert "上期" not in text
    (NEXT / "gat.yaml").unlink()
    ledger("new", "gat")
    assert (NEXT / "gat.yaml").read_text("utf-8") == text


hostile = st.text(st.sampled_from("字a:：-#|>{}[]\"' \t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\u3000"), max_size=40)


@settings(max_examples=200, deadline=None)
@given(hostile, hostile, st.none() | hostile)
def test_whatever_was_said_before_stays_a_comment(progress: str, problems: str, excuse: str | None) -> None:
    said = Answer.model_construct(
        progress=f"旧{progress}\n单位: gat", problems=problems, plans="  35:", not_applicable=excuse, met={}
    )
    unit = PLAN.registry.unit["zfbgt"]
    period = period_of("2024H2")
    assert period is not None
    before = Before("上半年", {13: said, 35: said}, {})
    text = new_submission(PLAN, unit, period, before)
    plain = new_submission(PLAN, unit, period)
    kept = [line for line in re.split("[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]", text) if not re.match(" *#", line)]
    assert kept == [line for line in plain.split("\n") if not re.match(" *#", line)]
    given, expected = (read_submission(one.encode(), "a", SEED).filing.said for one in (text, plain))
    assert [(said.key, said.given) for said in given] == [(said.key, said.given) for said in expected]


def test_faulty_answers_are_not_offered_and_are_named(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={19: answer(progress="无"), 13: answer("这条带出来。")}))
    write(bare, "sft.yaml", "单位: sft\n报送期: 2024H1\n任务: 「坏的\n  - x: [\n")
    result = ledger("open", "2024H2")
    assert result.code == 0
    assert "自治区人民政府办公厅第19项" in result.err
    assert "自治区司法厅整份" in result.err
    text = (NEXT / "zfbgt.yaml").read_text("utf-8")
    assert "这条带出来。" in text
    assert text.count("# 上期（2024年上半年）具体落实情况") == 2


def test_answers_too_long_to_repeat_are_left_out_and_told(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer("长" * 400_000)}))
    result = ledger("open", "2024H2")
    assert result.code == 0
    assert "上期内容太长，没有带出：自治区人民政府办公厅" in result.err
    assert (NEXT / "zfbgt.yaml").stat().st_size < 20_000


def test_duties_met_in_any_earlier_period_are_listed(sample: Path, ledger: Ledger) -> None:
    ledger("open", "2024H2")
    assert ledger("open", "2025H1").code == 0
    text = Path("submissions/2025H1/xingqing.yaml").read_text("utf-8")
    assert "以前已报完成：3-1 完成全员轮训（2024-06-14，不必再填）" in text
    assert "# 上期（" not in text.partition("任务:")[2]
    assert ledger("open", "2025H2", "--from", "2024H1").code == 0
    assert "  # 上期（2024年上半年）" in Path("submissions/2025H2/xingqing.yaml").read_text("utf-8")


# -- all or nothing -----------------------------------------------------------------------------------


def test_files_that_are_there_are_left_and_named(sample: Path, ledger: Ledger) -> None:
    NEXT.mkdir()
    (NEXT / "司法厅.yaml").write_text("单位: sft\n", "utf-8")
    result = ledger("open", "2024H2")
    assert result.code == 0
    assert "生成了 61 份" in result.out
    assert "已有的 1 份没有改动：submissions/2024H2/司法厅.yaml" in result.out
    assert not (NEXT / "sft.yaml").exists()


def test_a_second_time_there_is_nothing_to_do(sample: Path, ledger: Ledger) -> None:
    ledger("open", "2024H2")
    before = files(sample)
    result = ledger("open", "2024H2")
    assert result.code == 0
    assert "没有要做的" in result.out
    assert files(sample) == before
    (NEXT / "sft.yaml").unlink()
    again = ledger("open", "2024H2")
    assert "生成了 1 份" in again.out
    assert files(sample) == before


def test_a_registered_period_becomes_current(sample: Path, ledger: Ledger) -> None:
    line = next(line for line in TASKS.read_text("utf-8").splitlines(keepends=True) if "编号: 2024H1" in line)
    TASKS.write_text(TASKS.read_text("utf-8").replace(line, line + ADDED), "utf-8")
    before = TASKS.read_text("utf-8")
    result = ledger("open", "2024H2")
    assert "登记了" not in result.out
    assert "当前报送期由 2024H1 改成 2024H2" in result.out
    assert TASKS.read_text("utf-8") == before.replace("当前报送期: 2024H1", "当前报送期: 2024H2")


def test_a_failure_leaves_nothing_behind(sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(sample)

    def fail(self: Path, target: Path) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "replace", fail)
    result = ledger("open", "2024H2")
    assert result.code == 2
    assert files(sample) == before
    assert not NEXT.exists()
    monkeypatch.undo()
    monkeypatch.chdir(sample)
    NEXT.mkdir()
    (NEXT / "sft.yaml").mkdir()  # a folder where a file belongs
    assert ledger("open", "2024H2").code == 2
    assert files(sample) == before


def test_a_catalog_changed_meanwhile_is_not_overwritten(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ledger_cli.period import opening

    def prepare_slowly(*arguments: object, **_: object) -> object:
        prepared = original(*arguments)  # type: ignore[arg-type]
        TASKS.write_bytes(TASKS.read_bytes() + b"# more\n")
        return prepared

    original = opening.prepare
    monkeypatch.setattr("ledger_cli.cli.period.prepare", prepare_slowly)
    result = ledger("open", "2024H2")
    assert result.code == 2
    assert "刚刚被别人改过" in result.err
    assert TASKS.read_bytes().endswith(b"# more\n")
    assert not NEXT.exists()


def test_the_days_of_a_period_are_days() -> None:
    period = period_of("2024H2")
    assert period is not None
    assert (period.start, period.due) == (date(2024, 7, 1), date(2025, 1, 15))


def test_a_file_of_a_period_that_nobody_registered_takes_nothing_from_the_answers_offered(
    sample: Path, ledger: Ledger
) -> None:
    ahead = sample / "submissions/2030H1/sft.yaml"
    ahead.parent.mkdir()
    ahead.write_text((sample / PERIOD / "sft.yaml").read_text("utf-8").replace("2024H1", "2030H1"), "utf-8")
    result = ledger("open", "2024H2")
    assert (result.code, result.err) == (0, "")
    assert "没有" not in result.out
    assert "2024年上半年的 128 条答复写在注释里" in result.out
    assert "# 上期（2024年上半年）具体落实情况：" in (sample / NEXT / "sft.yaml").read_text("utf-8")
