"""Files as clerks get them wrong, and what they are told: the examples in tests/faults.

A file's name begins with the code it is about, or with ``good``. Below it expected.txt lists every finding: line and
column, code, task (- for none) and sentence; then what a partial merge leaves out, where it leaves something out. All
are submissions of the general office (zfbgt), which owes tasks 13, 19 and 35.
"""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_cli.edge.disk import Workspace
from ledger_cli.gather.merge import merge
from ledger_cli.gather.plan import hint_settings
from ledger_cli.gather.submission import check_file
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan
from ledger_cli.model.prose import HintSettings
from ledger_cli.model.rule import RULES
from ledger_cli.read.catalog import read_catalog, read_registry
from tests.conftest import REPOSITORY, answer, office_submission

FAULTS = Path(__file__).parent / "faults"
EXPECTED = {
    name: told
    for name, _, told in (
        block.partition("\n") for block in (FAULTS / "expected.txt").read_text("utf-8").strip("\n").split("\n\n")
    )
}


def load_plan() -> Plan:
    catalog, _ = read_catalog((REPOSITORY / "data/tasks.yaml").read_bytes(), "data/tasks.yaml")
    registry, _ = read_registry((REPOSITORY / "data/units.yaml").read_bytes(), "data/units.yaml")
    assert catalog is not None
    assert registry is not None
    return Plan.of(catalog, registry)


PLAN = load_plan()
HINTS, _ = hint_settings(Workspace(REPOSITORY))


def check(
    data: bytes | str, file: str = "submissions/2024H1/zfbgt.yaml", hints: HintSettings | None = None
) -> CheckedFile:
    content = data if isinstance(data, bytes) else data.encode("utf-8")
    return check_file(PLAN, file, content, date(2024, 7, 15), hints=hints)


def told(checked: CheckedFile) -> str:
    """What expected.txt has below a file's name."""
    lines = [
        f"  {found.line}:{found.column} {found.code} {found.task or '-'} {found.message}" for found in checked.findings
    ]
    left_out = merge(PLAN, "2024H1", [checked], date(2024, 7, 15)).left_out
    scope = ["整份文件" if left.task is None else f"“{left.task}”" for left in left_out]
    return "\n".join([*lines, *([f"  不收入：{'、'.join(scope)}"] if scope else [])])


def test_every_example_is_expected() -> None:
    assert sorted(EXPECTED) == sorted(path.stem for path in FAULTS.glob("*.yaml"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_example_gets_its_findings_in_their_words_at_their_places(name: str) -> None:
    checked = check((FAULTS / f"{name}.yaml").read_bytes(), hints=HINTS)
    assert told(checked) == EXPECTED[name]
    code = name.partition("-")[0]
    assert code in ("good", "many") or code in {found.code for found in checked.findings}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_users_read_is_plain_chinese(name: str) -> None:
    for found in check((FAULTS / f"{name}.yaml").read_bytes(), hints=HINTS).findings:
        assert found.hint
        for sentence in (found.message, found.hint):
            plain = sentence.replace("ledger", "").replace("yaml", "").replace("YAML", "")
            assert "expected" not in plain
            assert "while" not in plain
            assert "Input" not in plain
            assert any("一" <= char <= "鿿" for char in plain)


def test_every_single_file_rule_has_an_example() -> None:
    shown = {name.partition("-")[0] for name in EXPECTED}
    rules = {code for code, rule in RULES.items() if code[0] in "YSCDW"}
    across = {"C208", "D301"}  # two files; sft's tasks, in test_validate.py
    across |= {"W402", "W403", "W407"}  # two units, two periods, in test_hints.py
    assert rules - across <= shown


@pytest.mark.parametrize("name", [name for name in sorted(EXPECTED) if name.startswith("good")])
def test_good_texts_are_read_to_the_letter(name: str) -> None:
    checked = check((FAULTS / f"{name}.yaml").read_bytes())
    text = (FAULTS / f"{name}.yaml").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    for read in checked.answers.values():
        for value in filter(None, read.texts):
            for paragraph in value.split("\n"):
                assert f"      {paragraph}\n" in text or f" {paragraph}\n" in text


WORDS = (
    "- 无 [1] {待补充} %5 @x *x &x !x >60 | \"两个确立\" 'x' 已完成: 60 #3 "
    "<b>&amp;</b> {{ x }} NO 0640 12:30 2024-06-31"
)


def test_a_block_keeps_whatever_is_typed_in_it() -> None:
    checked = check(office_submission(tasks={13: answer(problems=WORDS)}))
    assert checked.findings == []
    assert checked.answers[13].problems == WORDS


@pytest.mark.parametrize("value", ["NO", "off", "0640", "12:30", "1_000", "2024-06-30", "2024-06-31", "1.0", "true"])
def test_plain_scalars_stay_text(value: str) -> None:
    text = office_submission().replace("存在问题: |\n      无", f"存在问题: {value}", 1)
    checked = check(text)
    assert checked.findings == []
    assert checked.answers[13].problems == value


def test_paragraphs_stay_paragraphs() -> None:
    typed = "第一段。\n\n　　第二段。\n第三段。"
    checked = check(office_submission(tasks={13: answer(typed)}))
    assert checked.answers[13].progress == typed


def test_one_run_tells_the_faults_of_every_answer() -> None:
    text = office_submission(tasks={13: answer(problems=""), 19: answer(progress="无")})
    text = text.replace("工作打算", "工作打祘", 1)
    assert [(f.code, f.task) for f in check(text).findings] == [("C207", 13), ("S101", 13), ("C207", 19)]


def test_a_broken_line_hides_nothing_below_it() -> None:
    text = office_submission(tasks={35: answer(progress="无")})
    text = text.replace("存在问题: |\n      无", '存在问题: "两个确立"学习', 1).replace("单位: zfbgt", "单位：zfbgt")
    assert [(f.code, f.task) for f in check(text).findings] == [("Y003", None), ("Y002", 13), ("C207", 35)]


def test_did_you_mean() -> None:
    hints = {
        "单位: 政府办公庁": "政府办公厅",
        "单位: zfbgtt": "zfbgt",
    }
    for line, meant in hints.items():
        (found,) = [f for f in check(office_submission().replace("单位: zfbgt", line)).findings if f.code == "C204"]
        assert meant in found.hint
    (found,) = check(office_submission().replace("  35:", "  第35项:")).findings
    assert "35" in found.hint
    (found,) = check(office_submission().replace("工作打算", "下一步打算", 1)).findings
    assert "工作打算" in found.hint


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? "])
def test_deep_nesting_is_a_finding_and_no_crash(opening: str) -> None:
    checked = check(f"单位: zfbgt\n任务: {opening * 50_000}\n")
    assert {found.code for found in checked.findings} & {"Y008", "Y002"}
    assert not checked.whole


def test_deep_indentation_is_a_finding_and_no_crash() -> None:
    text = "\n".join(" " * depth + "a:" for depth in range(2_000))
    assert "Y008" in {found.code for found in check(text).findings}


def test_a_file_beyond_the_size_limit_is_not_read() -> None:
    checked = check(office_submission() + "# " + "一" * 1_000_000)
    assert [found.code for found in checked.findings] == ["Y008"]


def test_lone_surrogates_and_stray_bytes_are_encoding_faults() -> None:
    assert [f.code for f in check(office_submission().encode() + b"\xed\xa0\x80").findings] == ["Y001"]
    assert [f.code for f in check(b"\xff\xfe\x00").findings][:1] == ["Y001"]


def test_the_likely_encoding_is_named() -> None:
    (gbk,) = check(office_submission().encode("gbk")).findings
    assert "GBK" in gbk.message
    (utf16,) = check(office_submission().encode("utf-16")).findings
    assert "UTF-16" in utf16.message


def test_faults_of_a_gbk_file_are_told_in_the_same_run() -> None:
    text = office_submission(tasks={13: answer(problems="")})
    assert [found.code for found in check(text.encode("gbk")).findings] == ["Y001", "C207"]


PIECES = [
    *"：，\"'[]{}#|>%@`~-?&*!\t\n\r\0｜－“”",
    *(" #", "- ", "? ", "&a ", "*a ", "!x ", "---\n", "...\n", "<<: ", ": ", "\u3000", "\u00a0", "\u2028", "\ufeff"),
    *("任务:", "单位: ", "  13:", "    存在问题: ", "null", "      "),
]
SOUND = office_submission()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(SOUND)), st.integers(0, 25), st.sampled_from(PIECES) | st.text(max_size=3)),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_typed_gets_findings_and_never_a_crash(edits: list[tuple[int, int, str]]) -> None:
    text = SOUND
    for at, deleted, inserted in edits:
        text = text[:at] + inserted + text[at + deleted :]
    checked = check(text.encode("utf-8", "surrogatepass"))
    for found in checked.findings:
        assert found.message
        assert found.line >= 1
        assert found.column >= 1


def test_rules_explain_themselves() -> None:
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    for code, rule in RULES.items():
        assert rule.code == code
        assert rule.title
        assert rule.why
        assert rule.fix


# -- indentation that is no row of blanks ---------------------------------------------------------


def places(text: str) -> list[tuple[str, int, TaskNumber | None]]:
    """Code, line and task of each finding of the general office's submission."""
    return [(found.code, found.line, found.task) for found in check(text).findings]


def read_as_sound(text: str) -> bool:
    """Whether all that was typed is read as it is in the sound submission, though the blanks were told."""
    return check(text).answers == check(SOUND).answers


@pytest.mark.parametrize(
    ("typed", "meant", "line", "task"),
    [
        ("任务:\n\t13:", "任务:\n  13:", 4, 13),
        ("  13:\n\t\t具体", "  13:\n    具体", 5, 13),
        ("情况: |\n\t\t\t完成第13", "情况: |\n      完成第13", 6, 13),
        ("。\n　19:", "。\n  19:", 11, 19),
        ("。\n\t35:", "。\n  35:", 18, 35),
        ("19:\n　　　具体", "19:\n    具体", 12, 19),
    ],
    ids=["first task", "first column", "first words", "task", "last task", "column"],
)
def test_a_line_behind_tabs_or_wide_blanks_is_read_where_its_kin_stands(
    typed: str, meant: str, line: int, task: int
) -> None:
    assert SOUND.count(meant) == 1
    text = SOUND.replace(meant, typed)
    assert places(text) == [("Y004", line, task)]
    assert read_as_sound(text)


def test_a_file_all_in_tabs_gets_no_other_fault_than_the_tabs() -> None:
    text = SOUND.replace("      ", "\t\t\t").replace("    ", "\t\t").replace("  ", "\t")
    assert places(text) == [("Y004", line, 13 + (line > 10) * 6 + (line > 17) * 16) for line in range(4, 25)]
    assert read_as_sound(text)


def test_a_column_behind_a_tab_stands_where_most_do_though_one_task_is_indented_further() -> None:
    head, begin, rest = SOUND.partition("  19:\n")
    further, end, last = rest.partition("  35:\n")
    further = "".join(f"  {line}\n" for line in further.splitlines())
    text = head + begin + further + end + last.replace("    工作打算", "\t工作打算")
    assert places(text) == [("Y004", 23, 35)]
    assert read_as_sound(text)


def test_words_behind_tabs_stay_in_their_block_however_far_it_is_indented() -> None:
    text = SOUND.replace("      完成第13项的工作。\n", "        完成第13项的工作。\n\t\t又办了一期。\n")
    assert places(text) == [("Y004", 7, 13)]
    assert check(text).answers[13].progress == "完成第13项的工作。\n又办了一期。"


def test_an_unknown_column_behind_wide_blanks_is_told_where_it_seems_to_stand() -> None:
    text = office_submission(tasks={13: answer(plans="甲").replace("|\n      甲", "甲") + "　　主要做法: 无\n"})
    assert places(text) == [("Y004", 10, 13), ("S101", 10, 13)]


def test_marks_in_the_words_are_no_faults_where_a_line_elsewhere_is_behind_a_tab() -> None:
    words = "完成三件。\n存在问题：不多，“三统一”：已办。\n工作打算："
    text = office_submission(tasks={13: answer(words)}).replace("  35:", "\t35:")
    assert places(text) == [("Y004", 20, 35)]
    assert check(text).answers[13].progress == words


def test_words_indented_less_than_the_first_get_one_fault_whatever_marks_they_hold() -> None:
    text = SOUND.replace("      完成第13项的工作。\n", "        完成第13项的工作。\n      牵头单位：司法厅\n")
    assert places(text) == [("Y002", 7, 13)]


@pytest.mark.parametrize("before", ["|\n      乙", "乙"])
def test_an_unknown_column_with_a_wide_colon_is_told_behind_words_of_any_kind(before: str) -> None:
    text = SOUND.replace("存在问题: |\n      无\n", f"存在问题: {before}\n    主要做法：无\n", 1)
    line = 8 + before.count("\n")
    assert places(text) == [("S101", line, 13), ("Y003", line, 13)]


# -- what is read behind a line that does not parse -----------------------------------------------


@pytest.mark.parametrize("end", ["佐证: [", "佐证: [\n", "指标: {\n\n", "佐证: [\n    # 没有写完\n"])
def test_a_bracket_left_open_on_the_last_line_hides_nothing_above_it(end: str) -> None:
    text = office_submission(tasks={13: answer(progress="无")}) + "    " + end
    assert places(text) == [("C207", 5, 13), ("Y002", 25, 35)]
    assert {key: read.progress for key, read in check(text).answers.items()} == {
        13: "无",
        19: "完成第19项的工作。",
        35: "完成第35项的工作。",
    }


def test_words_below_a_line_that_belongs_to_no_column_are_still_read() -> None:
    text = office_submission(tasks={13: answer("甲\n乙\n丙")}).replace("      乙\n", "    乙\n")
    assert places(text) == [("Y002", 7, 13)]
    assert check(text).answers[13].progress == "甲\n\n丙"


def test_a_column_that_does_not_parse_goes_with_its_words_and_no_other() -> None:
    text = SOUND.replace("    存在问题: |\n      无", '    存在问题: "两个确立"学习\n      已办: 三件', 1)
    assert places(text) == [("Y002", 7, 13)]
    assert check(text).answers[13].texts == ("完成第13项的工作。", "", "下半年再办一期。")


def test_a_last_column_that_does_not_parse_is_not_told_missing() -> None:
    columns = answer(problems="甲", plans="乙").replace("存在问题: |\n      甲", "存在问题: 无")
    text = office_submission(tasks={13: columns.replace("工作打算: |\n      乙", '工作打算: "两个确立"学习')})
    assert places(text) == [("Y002", 8, 13)]


def test_a_task_that_does_not_parse_goes_with_its_columns_and_is_not_told_missing() -> None:
    text = SOUND.replace("  19:\n", "  19: 已办: 三件\n")
    assert places(text) == [("Y002", 11, 19)]
    assert list(check(text).answers) == [13, 35]


def test_what_stands_below_a_line_of_hyphens_is_not_told_missing() -> None:
    assert places(SOUND.replace("  19:", "---\n  19:")) == [("Y006", 11, 13)]


def test_a_unit_that_cannot_be_read_is_not_told_missing_where_the_line_of_the_tasks_is() -> None:
    text = SOUND.replace("单位: zfbgt\n", '单位: "办公"厅\n').replace("任务:\n", "")
    assert places(text) == [("Y002", 1, None), ("S102", 3, None)]
    assert places(SOUND.replace("单位: zfbgt\n", "").replace("任务:\n", "")) == [("S102", 1, None), ("S102", 2, None)]


@pytest.mark.parametrize("said", ["无", "无；", "无;", "无.", "没有。", "暂无。"])
def test_none_is_no_progress_whatever_mark_ends_it(said: str) -> None:
    assert places(office_submission(tasks={13: answer(said)})) == [("C207", 5, 13)]


def test_of_an_answer_with_words_cut_off_the_other_columns_are_told_one_by_one() -> None:
    text = office_submission(tasks={13: "    具体落实情况: # 办结三件\n    存在问题:\n    工作打算:\n"})
    assert places(text) == [("Y009", 5, 13), ("C207", 6, 13), ("C207", 7, 13)]


# -- characters that nobody sees ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "columns"),
    [
        ("甲\u200b\u200b\u200b乙", [8]),
        ("甲\u200b乙\u200b丙", [8, 10]),
        ("甲\u200b\ufeff\ufeff\u200b乙", [8, 9, 11]),
        ("甲\u200b\n\u200b乙", [8, 7]),
    ],
    ids=["a row of one", "apart", "a row of two kinds", "on two lines"],
)
def test_equal_characters_side_by_side_that_nobody_sees_are_told_once(typed: str, columns: list[int]) -> None:
    found = check(office_submission(tasks={19: answer(typed)})).findings
    assert [(f.code, f.task, f.column) for f in found] == [("Y007", 19, column) for column in columns]
