"""Files that were made, or went wrong, so as to cost much: the work grows with their size and no faster."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from ledger_cli.edge.console import finding_lines
from ledger_cli.model.finding import abridged, finding
from ledger_cli.read.yaml.document import Document
from tests.conftest import Ledger, write

HEAD = "单位: gat\n报送期: 2024H1\n任务:\n"
UNKNOWN = [f"  {number}:\n    具体落实情况: 做\n" for number in range(100, 4100)]
TABS = [f"\t{number}:\n\t\t具体落实情况: 做\n" for number in range(1, 2001)]


@pytest.mark.parametrize("entries", [UNKNOWN, TABS], ids=["unknown tasks", "tabs"])
def test_places_are_looked_up_once_and_not_once_a_key(
    bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, entries: list[str]
) -> None:
    calls: list[tuple[str, ...]] = []
    original = Document._spans_at

    def counted(self: Document, path: tuple[str, ...]) -> list[tuple[str, int, int]]:
        calls.append(path)
        return original(self, path)

    monkeypatch.setattr(Document, "_spans_at", counted)
    write(bare, "gat.yaml", HEAD + "".join(entries))
    assert ledger("validate").code == 1
    assert calls.count(("任务",)) < 5


def test_each_fault_stands_once_and_at_its_task(bare: Path, ledger: Ledger) -> None:
    write(bare, "gat.yaml", HEAD + "".join(TABS[:3]) + "  5:\n    具体落实情况: 做\n")
    lines = ledger("validate").out.split("\n")
    assert len({line for line in lines if "Y004" in line}) == sum("Y004" in line for line in lines)


@pytest.mark.parametrize("column", [1, 50_000, 100_000, 100_009])
def test_the_line_shown_is_a_piece_around_the_fault(column: int) -> None:
    found = finding("Y003", "a.yaml", (1, column), "全角冒号", excerpt="长" * 100_000)
    shown = finding_lines(found)
    assert all(len(line) < 200 for line in shown)
    assert shown[2].rstrip().endswith("^")


LONG = "9" * 5000


@pytest.mark.parametrize(
    "command", [["validate"], ["merge", "--partial", "-o", "m.json"], ["status"], ["report", "--partial"]]
)
@pytest.mark.parametrize(
    "file",
    [
        HEAD + f"  {LONG}:\n    不涉及: 无此职责\n",
        HEAD + "  3:\n" + "".join(f"    {n}: 好的\n" for n in ("具体落实情况", "存在问题", "工作打算"))
        + f'    指标: {{"3-a": {LONG}}}\n',
        HEAD + "  3:\n" + "".join(f"    {n}: 好的\n" for n in ("具体落实情况", "存在问题", "工作打算"))
        + '    指标: {"3-a": 64.12345678901234567}\n',
    ],
    ids=["key", "figure", "fraction"],
)  # fmt: skip
def test_a_number_of_thousands_of_digits_is_a_finding(
    sample: Path, ledger: Ledger, file: str, command: list[str]
) -> None:
    write(sample, "gat.yaml", file)
    result = ledger(*command)
    assert result.code in (0, 1), result.err
    if command == ["validate"] and "指标" in file:
        assert "数字太长，超过15位" in result.out
    if "m.json" in command:
        assert "Infinity" not in Path("m.json").read_text("utf-8")


@pytest.mark.parametrize("figure", ["64.1234567890123", "0.123456789012345"])
def test_a_figure_of_fifteen_digits_keeps_them_all(sample: Path, ledger: Ledger, figure: str) -> None:
    path = sample / "submissions/2024H1/sft.yaml"
    text = path.read_text("utf-8")
    given = text.partition('指标: {"3-a": ')[2].partition("}")[0]
    path.write_text(text.replace(f'"3-a": {given}', f'"3-a": {figure}'), "utf-8")
    assert ledger("merge", "-o", "m.json").code == 0
    assert figure in Path("m.json").read_text("utf-8")
    assert ledger("merge", "-o", "m.yaml").code == 0
    assert figure in Path("m.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["who", LONG], ["report", "--task", LONG], ["report", "--section", LONG], ["status", "--task", LONG],
        ["todo", LONG], ["rule", LONG], [LONG], ["validate", f"--{LONG}"], ["merge", LONG],
        ["validate", "--period", LONG], ["status", "--as-of", LONG], ["accept", "sft", "--task", LONG],
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)  # fmt: skip
def test_so_is_one_as_an_argument(sample: Path, ledger: Ledger, arguments: list[str]) -> None:
    result = ledger(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err
    assert len(result.err.strip().split("\n")) == 1
    assert len(result.err) < 300


def test_full_width_signs_make_no_formula() -> None:
    from ledger_cli.write.spreadsheet import csv_bytes

    assert csv_bytes(["甲"], [["＝1+1"], ["＠SUM"], ["－3"], ["增长3%"]]).decode("utf-8-sig").split("\r\n") == [
        "甲", "'＝1+1", "'＠SUM", "'－3", "增长3%", "",
    ]  # fmt: skip


@pytest.mark.parametrize("before", ["    佐证:\n      - 甲\n", "    具体落实情况: |\n      甲\n", "    工作打算: 乙\n"])
@pytest.mark.parametrize(
    ("line", "column"), [("　　存在问题：无", 7), ("　　指标：{“3-a”: 3}", 5), ("\t存在问题：无", 6), ("　－ 乙", 2)]
)
def test_a_fault_behind_odd_indentation_stands_where_it_is(
    bare: Path, ledger: Ledger, before: str, line: str, column: int
) -> None:
    write(bare, "gat.yaml", f"{HEAD}  3:\n{before}{line}\n")
    number = 5 + before.count("\n")
    result = ledger("validate")
    assert f"gat.yaml:{number}:{column} Y003" in result.out or line.startswith("　－")


def test_a_catalog_that_is_too_large_is_one_sentence(bare: Path, ledger: Ledger) -> None:
    path = bare / "data/tasks.yaml"
    path.write_text(path.read_text("utf-8") + "#" + "长" * 800_000 + "\n", "utf-8")
    result = ledger("validate")
    assert result.out.count("data/tasks.yaml:") == 1
    assert "Y008" in result.out


def test_thousands_of_faults_in_one_line_are_printed_from_pieces_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger_cli.edge import console
    from ledger_cli.model import personal

    seen: list[str] = []
    original, masked = console._harmless_char, personal.masked
    whole: list[str] = []

    def watched_char(char: str) -> str:
        seen.append(char)
        return original(char)

    def watched_line(text: str) -> str:
        whole.append(text)
        return masked(text)

    monkeypatch.setattr(console, "_harmless_char", watched_char)
    monkeypatch.setattr(personal, "masked", watched_line)
    line = "好\x07" * 5000 + "联系电话13800138000"
    shown = [finding_lines(finding("Y007", "a.yaml", (1, n), "有字符", excerpt=line)) for n in range(2, 10_000, 100)]
    assert len(seen) < 100 * 100
    assert whole.count(line) == 1
    assert all("\x07" not in part for lines in shown for part in lines)


def many(line: str, size: int = 400_000) -> str:
    """Lines of one kind, numbered, up to a number of characters."""
    return "".join(line.format(number) for number in range(size // (len(line) + 3)))


@pytest.mark.parametrize(
    ("lines", "code", "told"),
    [
        (many("  {}:\n"), "Y008", "栏目和内容有20000处以上，没有读取"),
        ("  3:\n" + many("    k{}: a\n"), "Y008", "栏目和内容有20000处以上，没有读取"),
        (many("  {}: &a b\n"), "Y008", "错误有2000处以上，没有再读下去"),
        (many("\u00a0\u00a0{}:\n", 30_000), "Y008", "错误有2000处以上，没有再读下去"),
        ("  3:\n    具体落实情况: " + "a\u200b" * 100_000 + "\n", "Y008", "错误有2000处以上，没有再读下去"),
        ("---\n" * 1_000, "Y006", "第二个文档"),
    ],
    ids=["tasks", "keys", "anchors", "blanks", "invisible", "documents"],
)
def test_a_file_of_too_many_things_is_not_read_and_not_merged(
    bare: Path, ledger: Ledger, lines: str, code: str, told: str
) -> None:
    write(bare, "gat.yaml", HEAD + lines)
    result = ledger("validate")
    assert result.code == 1
    assert any(code in line and told in line for line in result.out.split("\n"))
    assert ledger("merge", "--partial", "-o", "m.json").code == 0
    merged = json.loads(Path("m.json").read_text("utf-8"))
    assert [(left["unit"], left["task"]) for left in merged["left_out"]] == [("gat", None)]


def test_faults_of_one_kind_in_one_file_are_counted_and_not_all_listed(bare: Path, ledger: Ledger) -> None:
    write(bare, "gat.yaml", HEAD + "".join(UNKNOWN[:300]) + "  5:\n    具体落实情况: 做\n")
    write(bare, "sft.yaml", HEAD.replace("gat", "sft") + "".join(UNKNOWN[:2]))
    result = ledger("validate", "--select", "C201")
    lines = [line for line in result.out.split("\n") if "gat.yaml" in line]
    assert len(lines) == 101
    assert lines[-1] == "submissions/2024H1/gat.yaml:204:3 C201 这个文件里还有200处 C201，从这里起不再逐一列出"
    assert "错误 302 个" in result.out
    found = json.loads(ledger("validate", "--select", "C201", "--format", "json").out)
    assert len(found["findings"]) == 103
    assert found["summary"]["errors"] == 302


def test_no_words_of_a_form_are_left_out_of_a_long_list() -> None:
    findings = [finding("F601", "a.docx", (number, 1), f"“第{number}句”没有归处") for number in range(1, 500)]
    assert abridged(findings) == findings


def test_a_file_in_utf_32_is_told_as_such(bare: Path, ledger: Ledger) -> None:
    write(bare, "gat.yaml", (HEAD + "  3:\n    不涉及: 无此职责\n").encode("utf-32"))
    result = ledger("validate")
    assert "Y001 文件不是 UTF-8 编码，看来是 UTF-32" in result.out
    assert "Y007" not in result.out


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in pairwise("abcdefghi")
)


@pytest.mark.parametrize("name", ["submissions/2024H1/gat.yaml", "data/hints.yaml", "data/units.yaml"])
def test_aliases_that_stand_for_aliases_are_not_followed(bare: Path, ledger: Ledger, name: str) -> None:
    (bare / name).write_text(BOMB, "utf-8")
    result = ledger("validate")
    assert result.code == 1
    assert "Y006" in result.out
    assert "Y008" in result.out
