"""Rows that run over several pages: the task and the unit are named again beside the text, which stays whole."""

import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from ledger_cli.edge.libreoffice import find_office
from tests.conftest import Ledger, answer, write
from tests.test_pdf import need

UNITS = {
    "yinchuan": ("银川市人民政府", "银川市"),
    "xingqing": ("银川市兴庆区人民政府", "兴庆区"),
    "xixia": ("银川市西夏区人民政府", "西夏区"),
    "jinfeng": ("银川市金凤区人民政府", "金凤区"),
}
TASK = 23


def long_text(seed: int, sentences: int = 50) -> str:
    """A text of about two pages in the seven columns."""
    return "".join(f"第{seed * 1000 + n}次检查了现场并且当场提出了整改意见。" for n in range(sentences))


def submit(root: Path, texts: dict[str, str], task: int = TASK) -> None:
    for unit, text in texts.items():
        write(root, f"{unit}.yaml", f"单位: {unit}\n报送期: 2024H1\n任务:\n  {task}:\n{answer(text)}")


@pytest.fixture
def long(bare: Path) -> dict[str, str]:
    """Four units with long answers, each its own."""
    texts = {unit: long_text(number) for number, unit in enumerate(UNITS)}
    submit(bare, texts)
    return texts


def lines_of(cell: Any) -> list[str]:
    lines = []
    for paragraph in cell.iter(qn("w:p")):
        marks = {qn("w:br"): "\n"}
        whole = "".join(marks.get(e.tag) or e.text or "" for e in paragraph.iter(qn("w:t"), qn("w:br")))
        lines += whole.split("\n")
    return lines


def rows(ledger: Ledger, *options: str, task: int = TASK) -> list[list[list[str]]]:
    """The rows of the ledger's table, a list of lines each cell."""
    result = ledger("report", "--partial", "--task", str(task), "-o", "out.docx", "--force", *options)
    assert result.code == 0, result.err
    table = Document("out.docx").tables[-1]._tbl
    return [[lines_of(cell) for cell in row.iterchildren(qn("w:tc"))] for row in table.iter(qn("w:tr"))]


def labels(cell: list[str]) -> list[str]:
    return [line for line in cell if line.startswith("（续）")]


def test_beside_a_long_answer_the_seven_columns_name_task_and_unit_again(long: dict[str, str], ledger: Ledger) -> None:
    _, *found = rows(ledger, "--template", "ledger")
    answers = found[: len(UNITS)]
    for row, (unit, (name, short)) in zip(answers, UNITS.items(), strict=True):
        assert row[1][0].startswith(f"{TASK}.")
        assert row[2] != [""]
        assert "\n".join(row[4]) == f"{name}：{long[unit]}"
        assert len(labels(row[1])) >= 3
        assert set(labels(row[1])) == {f"（续）第{TASK}项　{short}"}


def test_beside_a_long_answer_the_compact_layout_names_the_unit_again(long: dict[str, str], ledger: Ledger) -> None:
    found = rows(ledger, "--template", "compact")[2 : 2 + len(UNITS)]
    for row, (unit, (name, short)) in zip(found, UNITS.items(), strict=True):
        assert row[0][0] == name
        assert row[1] == [long[unit]]
        assert len(labels(row[0])) >= 2
        assert set(labels(row[0])) == {f"（续）{short}"}
        assert set(row[0]) == {name, "", f"（续）{short}"}


def test_one_units_own_ledger_names_the_task_again(long: dict[str, str], ledger: Ledger) -> None:
    _, row, *_ = rows(ledger, "--unit", "银川市")
    assert set(labels(row[1])) == {f"（续）第{TASK}项"}


def test_equal_long_answers_are_labelled_with_how_many_units_gave_them(bare: Path, ledger: Ledger) -> None:
    submit(bare, dict.fromkeys(UNITS, long_text(1)))
    _, row, *_ = rows(ledger, "--template", "ledger")
    assert set(labels(row[1])) == {f"（续）第{TASK}项　银川市等4家"}


def test_short_answers_stay_under_one_merged_cell_without_labels(bare: Path, ledger: Ledger) -> None:
    submit(bare, {unit: f"办了第{n}件事。" for n, unit in enumerate(UNITS)})
    _, first, *others = rows(ledger, "--template", "ledger", "--under", "银川市")
    assert first[1][0].startswith(f"{TASK}.")
    assert all(row[1] == [""] for row in others)
    for template in ("ledger", "compact"):
        found = rows(ledger, "--template", template, "--under", "银川市")
        assert not any(labels(cell) for row in found for cell in row)


TASK_WIDTH, ANSWER_WIDTH = (3515 / 20 - 10.8) / 10.5, (3288 / 20 - 10.8) / 10.5
"""Chinese characters in a line of the columns 任务举措 and 具体落实情况."""

RAGGED = "\n".join(["十六个字的一段话比一行多出一点。"] * 11)
"""Twice as high as its characters tell."""


def height(lines: list[str], width: float) -> int:
    return sum(math.ceil(len(line) / width) for line in lines)


def merged_cells(found: list[list[list[str]]]) -> list[list[list[list[str]]]]:
    """The rows under each cell of a task, which is in the first of them."""
    cells: list[list[list[list[str]]]] = []
    for row in found:
        if row[1] != [""]:
            cells.append([])
        cells[-1].append(row)
    return cells


@pytest.mark.parametrize(
    "sizes",
    [
        *((1, 50, 1, 50), (50, 1, 1, 50), (50, 1, 1, 1), (6, 6, 6, 6), (1, 1, 12, 3), (20, 9, 20, 9)),
        *((0, size, 1, 1) for size in range(40, 52)),
    ],
)
def test_a_label_never_stands_beside_the_answer_of_another_unit(
    bare: Path, ledger: Ledger, sizes: tuple[int, ...]
) -> None:
    task = 3  # its text is long, so that short answers stay under the cell of the one before
    texts = [long_text(n, size) or RAGGED for n, size in enumerate(sizes)]
    submit(bare, dict(zip(UNITS, texts, strict=True)), task)
    _, *found = rows(ledger, "--template", "ledger", "--under", "银川市", task=task)
    short = dict(UNITS.values())
    labelled = set()
    for cell in merged_cells(found[: len(UNITS)]):
        below, line = height(cell[0][1][:1], TASK_WIDTH), 0
        for row in cell:
            unit = short[row[4][0].partition("：")[0]]
            end = line + height(row[4], ANSWER_WIDTH)
            beside = {words for at, words in enumerate(cell[0][1][1:], below) if line <= at < end and words}
            assert beside <= {f"（续）第{task}项", f"（续）第{task}项　{unit}"}
            labelled |= {unit} if f"（续）第{task}项　{unit}" in beside else set()
            line = end
    assert labelled >= {unit for unit, size in zip(short.values(), sizes, strict=True) if size >= 40}


def test_the_blank_ledger_has_no_labels(bare: Path, ledger: Ledger) -> None:
    assert not any(labels(cell) for row in rows(ledger, "--blank") for cell in row)


def without_labels(root: Path) -> None:
    """The templates as workspaces of before have them."""
    for name in ("ledger", "compact"):
        path = root / f"templates/{name}.docx"
        document = Document(str(path))
        for text in document.element.body.iter(qn("w:t")):
            text.text = re.sub(r"\{\{ \w+\.续 \}\}", "", text.text or "")
        document.save(str(path))


def test_a_template_without_labels_prints_the_task_again(bare: Path, long: dict[str, str], ledger: Ledger) -> None:
    without_labels(bare)
    _, *found = rows(ledger, "--template", "ledger")
    assert all(row[1][0].startswith(f"{TASK}.") and not labels(row[1]) for row in found[: len(UNITS)])


def pages(template: str) -> list[str]:
    subprocess.run(["pdftotext", "-layout", f"{template}.pdf", "out.txt"], check=True)
    return Path("out.txt").read_text("utf-8").split("\f")[:-1]


@pytest.mark.office
@pytest.mark.parametrize("template", ["ledger", "compact"])
def test_every_page_names_task_and_unit_and_there_are_no_more_pages(
    bare: Path, long: dict[str, str], ledger: Ledger, template: str
) -> None:
    need(find_office(), "LibreOffice")
    need(shutil.which("pdftotext"), "pdftotext")
    options = ["--partial", "--task", str(TASK), "--template", template, "--pdf", "-o", f"{template}.docx"]
    assert ledger("report", *options).code == 0
    labelled = pages(template)
    assert len(labelled) >= 4
    for page in labelled:
        assert re.search(rf"{TASK}\.|第\s*{TASK}\s*项", page)
        assert "整改意见" not in page or any(short in page for _, short in UNITS.values())
    without_labels(bare)
    assert ledger("report", *options, "--force").code == 0
    assert len(pages(template)) == len(labelled)
