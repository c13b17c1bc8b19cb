"""Files that were made, or went wrong, so as to cost much: the work grows with their size and no faster."""

from pathlib import Path

import pytest

from ledger_cli.console import finding_lines
from ledger_cli.model.finding import finding
from ledger_cli.read.document import Document
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


def test_a_figure_of_fifteen_digits_keeps_them_all(sample: Path, ledger: Ledger) -> None:
    path = sample / "submissions/2024H1/sft.yaml"
    text = path.read_text("utf-8")
    figure = text.partition('指标: {"3-a": ')[2].partition("}")[0]
    path.write_text(text.replace(f'"3-a": {figure}', '"3-a": 64.1234567890123'), "utf-8")
    assert ledger("merge", "-o", "m.json").code == 0
    assert "64.1234567890123" in Path("m.json").read_text("utf-8")
    assert ledger("merge", "-o", "m.yaml").code == 0
    assert "64.1234567890123" in Path("m.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["who", LONG], ["report", "--task", LONG], ["report", "--section", LONG], ["status", "--task", LONG],
        ["todo", LONG], ["validate", "--period", LONG], ["status", "--as-of", LONG], ["accept", "sft", "--task", LONG],
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)  # fmt: skip
def test_so_is_one_as_an_argument(sample: Path, ledger: Ledger, arguments: list[str]) -> None:
    result = ledger(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err


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
    from ledger_cli import console
    from ledger_cli.check.hints import personal

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
