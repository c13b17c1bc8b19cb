"""What the readers of Word and Excel files hold back or carry on, as a clerk would notice it."""

from pathlib import Path

import pytest

from tests.conftest import Ledger
from tests.packages import p, part, r, word_file
from tests.test_word_reader import NUMBERED, Related, lines, read

# -- lists of Word ------------------------------------------------------------------------------------


def list_of(*levels: tuple[str, str]) -> Related:
    """A list with these number formats and texts, one a level."""
    content = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(levels)
    )
    instance = '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    definition = f'<w:abstractNum w:abstractNumId="1">{content}</w:abstractNum>{instance}'
    return {"n": ("numbering", "WORD.numbering+xml", part("numbering", definition))}


def at(depth: int) -> str:
    return NUMBERED.replace('"0"', f'"{depth}"')


def test_numbers_below_an_item_begin_anew_with_each_item() -> None:
    levels = list_of(("chineseCounting", "%1、"), ("decimal", "%2."), ("decimal", "%2.%3"))
    order = [0, 1, 1, 2, 2, 1, 2, 0, 1, 2, 0, 2]
    expected = ["一、", "1.", "2.", "2.1", "2.2", "3.", "3.1", "二、", "1.", "1.1", "三、", "1.1"]
    assert lines(read("".join(p(r("办"), properties=at(depth)) for depth in order), levels)) == [
        f"{number} 办" for number in expected
    ]


def test_a_list_goes_on_counting_behind_the_items_below_it_and_plain_paragraphs() -> None:
    levels = list_of(("decimal", "%1."), ("bullet", "-"))
    body = [p(r("甲"), properties=at(0)), p(r("乙"), properties=at(1)), p(r("丙")), p(r("丁"), properties=at(0))]
    assert lines(read("".join(body), levels)) == ["1. 甲", "- 乙", "丙", "2. 丁"]


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [("decimal", "%1.", "1. ", "3. "), ("bullet", "•", "• ", "• "), ("bullet", "□", "□ ", "□ ")],
)
def test_an_empty_paragraph_of_a_list_says_nothing_and_counts_as_in_word(
    kind: str, text: str, first: str, last: str
) -> None:
    body = p(r("甲"), properties=NUMBERED) + p(r(" "), properties=NUMBERED) + p(r("乙"), properties=NUMBERED)
    assert lines(read(body, list_of((kind, text)))) == [f"{first}甲", " ", f"{last}乙"]


@pytest.mark.parametrize("level", [("decimal", "%1."), ("bullet", "•")])
def test_a_cell_that_holds_no_more_than_a_number_or_bullet_is_no_answer(
    bare: Path, ledger: Ledger, level: tuple[str, str]
) -> None:
    columns = ("具体落实情况", "存在问题", "工作打算")
    head = "".join(f"<w:tc>{p(r(name))}</w:tc>" for name in ("序号", *columns))
    filled = [p(r("13")), p(r("办结三件。"), properties=NUMBERED), p(properties=NUMBERED), p(r("再办两件。"))]
    row = "".join(f"<w:tc>{paragraph}</w:tc>" for paragraph in filled)
    body = f"<w:tbl><w:tr>{head}</w:tr><w:tr>{row}</w:tr></w:tbl>"
    Path("政府办公厅.docx").write_bytes(word_file(body, list_of(level)))
    assert "第13项任务缺少“存在问题”" in ledger("intake", "政府办公厅.docx").out
