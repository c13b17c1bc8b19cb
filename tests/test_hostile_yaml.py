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
