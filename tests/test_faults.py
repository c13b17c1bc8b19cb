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
