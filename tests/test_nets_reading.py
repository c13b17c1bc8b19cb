"""What the readers of Word and Excel files hold back or carry on, as a clerk would notice it."""

from pathlib import Path

import pytest

from tests.conftest import Ledger, office_submission, write
from tests.packages import p, part, r, word_file
from tests.test_intake import HEAD, catalog_text, taken, texts_of, word
from tests.test_review import RECORD, merged, states
from tests.test_word_reader import NUMBERED, Related, cell, lines, read

DELETED = '<w:trPr><w:del w:id="1" w:author="甲"/></w:trPr>'

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


@pytest.mark.parametrize(
    ("kind", "count", "label"),
    [
        ("chineseCounting", 10, "十、"),
        ("chineseCounting", 11, "十一、"),
        ("chineseCounting", 20, "二十、"),
        ("chineseCounting", 34, "三十四、"),
        ("upperLetter", 2, "B、"),
        ("lowerLetter", 3, "c、"),
        ("lowerRoman", 4, "iv、"),
    ],
)
def test_lists_are_numbered_as_word_prints_them(kind: str, count: int, label: str) -> None:
    levels = list_of((kind, "%1、"))
    assert lines(read("".join(p(r("办"), properties=at(0)) for _ in range(count)), levels))[-1] == f"{label} 办"


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


# -- review records that a person has written in --------------------------------------------------


def said(action: str, content: str, *, by_hand: bool = False, time: str = "2024-08-01T09:00:00+08:00") -> str:
    """An event about the general office's answer to task 13, as the program writes it or as a person does."""
    if by_hand:
        fields = f"任务: 13\n  动作: {action}\n  时间: {time}\n  审核人: 李四\n  内容: {content}\n"
        return f"- 单位: zfbgt\n  {fields}"
    return f'- {{单位: "zfbgt", 任务: 13, 动作: {action}, 时间: {time}, 审核人: "张三", 内容: "{content}"}}\n'


@pytest.fixture
def content(bare: Path, ledger: Ledger) -> str:
    """The digest of the general office's answer to task 13, of which there is no review on record."""
    write(bare, "zfbgt.yaml", office_submission())
    assert ledger("accept", "zfbgt", "--task", "13").code == 0
    line = RECORD.read_text("utf-8").splitlines()[-1]
    RECORD.unlink()
    return line.partition('内容: "')[2][:16]


@pytest.mark.parametrize("hands", [(True, False), (False, True), (True, False, True), (False, True, False)])
def test_of_events_of_one_moment_the_last_in_the_file_decides_whoever_wrote_it(
    content: str, ledger: Ledger, hands: tuple[bool, ...]
) -> None:
    for last, standing in (("通过", "已通过"), ("退回", "退回")):
        others = "退回" if last == "通过" else "通过"
        actions = [*[others] * (len(hands) - 1), last]
        lines = [said(action, content, by_hand=hand) for action, hand in zip(actions, hands, strict=True)]
        RECORD.write_text("".join(lines), "utf-8")
        assert states(ledger)[13] == standing


def test_a_later_event_decides_though_it_stands_above_an_earlier_one_written_by_hand(
    content: str, ledger: Ledger
) -> None:
    later = said("退回", content, by_hand=True, time="2024-08-01T10:00:00+08:00")
    RECORD.write_text(later + said("通过", content) + said("撤回", content, by_hand=True), "utf-8")
    assert states(ledger)[13] == "退回"
    assert merged(ledger)["tasks"][12]["answers"][0]["review"]["actor"] == "李四"


def test_a_record_written_by_hand_and_indented_is_read_and_not_added_to(content: str, ledger: Ledger) -> None:
    by_hand = said("通过", content, by_hand=True)
    record = "".join(f"  {line}\n" for line in by_hand.splitlines())
    RECORD.write_text(record, "utf-8")
    assert states(ledger)[13] == "已通过"
    refused = ledger("accept", "zfbgt")
    assert refused.code == 2
    assert "每行一条" in refused.err
    assert RECORD.read_text("utf-8") == record


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_an_event_is_added_as_a_line_of_its_own_behind_what_a_person_left_without_a_line_end(
    content: str, ledger: Ledger, ending: str
) -> None:
    by_hand = said("退回", content, by_hand=True).rstrip("\n").replace("\n", ending)
    RECORD.write_bytes((f"# 手工{ending}" + by_hand).encode())
    assert ledger("accept", "zfbgt").code == 0
    assert states(ledger) == {13: "已通过", 19: "已通过", 35: "已通过"}
    lines = RECORD.read_bytes().decode().split(ending)
    assert [line[:3] for line in lines[7:]] == ["- {", "- {", "- {", ""]
    assert "\n" not in "".join(lines).replace("\r\n", "")


def test_two_records_not_yet_merged_are_told_once(content: str, ledger: Ledger) -> None:
    both = [said("通过", content), "=======\n", said("退回", content, by_hand=True)]
    RECORD.write_text("".join(["<<<<<<< HEAD\n", *both, ">>>>>>> b\n"]), "utf-8")
    assert ledger("validate").out.count("还没有合并好") == 1


def test_an_event_that_would_not_read_as_it_was_meant_is_not_written(
    content: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last net: no record is known that makes the writer's lines read otherwise."""
    monkeypatch.setattr("ledger_cli.gather.reviews.appended", lambda *_: said("退回", content).encode())
    assert ledger("accept", "zfbgt", "--task", "13").code == 2
    assert not RECORD.exists()


# -- characters that nobody sees ------------------------------------------------------------------


def test_a_character_that_nobody_sees_is_told_once_however_often_it_stands_in_a_cell(
    bare: Path, ledger: Ledger
) -> None:
    words = "办\u200b结\u200b三件，\n\u200b另有\ufeff两件。"
    word([HEAD, ["13." + catalog_text(bare, 13), "", "", words, "无", "无"]]).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["13"]["落实"] == "办结三件，\n另有两件。"
    messages = [found["message"] for found in file["findings"] if found["code"] == "F603"]
    assert ["U+200B" in message for message in messages] == [True, False]
    assert ["U+FEFF" in message for message in messages] == [False, True]


def test_characters_that_nobody_sees_are_taken_out_of_tables_within_cells(bare: Path, ledger: Ledger) -> None:
    outer = word([["台账"]])
    inner = outer.tables[0].cell(0, 0).add_table(2, 6)
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "办结\u200b三件。", "无", "无"]]
    for row, texts in zip(inner.rows, rows, strict=True):
        for place, text in zip(row.cells, texts, strict=True):
            place.text = text
    outer.save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


def test_a_header_names_the_unit_though_a_character_that_nobody_sees_is_in_the_name(bare: Path, ledger: Ledger) -> None:
    document = word([HEAD, ["13." + catalog_text(bare, 13), "", "", "办结三件。", "无", "无"]])
    document.sections[0].header.paragraphs[0].text = "填报单位：自治区人民政府\u200b办公厅"
    document.save("台账.docx")
    _, (file,) = taken(ledger, "台账.docx")
    assert file["unit"] == "zfbgt"


def test_a_row_of_a_table_within_a_cell_is_one_line_however_many_paragraphs_are_in_it() -> None:
    row = f"<w:tr><w:tc>{p(r('甲'))}{p(r('乙'))}</w:tc><w:tc>{p(r('3期'))}</w:tc></w:tr>"
    assert cell(f"{p(r('见'))}<w:tbl>{row}</w:tbl>{p(r('完'))}").lines == ["见", "甲 乙\t3期", "完"]


def test_a_row_deleted_in_a_tracked_change_is_not_read() -> None:
    rows = [f"<w:tr>{mark}<w:tc>{p(r(text))}</w:tc></w:tr>" for mark, text in (("", "留"), (DELETED, "删"), ("", "用"))]
    document = read(f"<w:tbl>{''.join(rows)}</w:tbl>")
    assert [[cell.text for cell in row] for row in document.tables[0].rows] == [["留"], ["用"]]
    assert document.revised


def test_a_cell_merged_into_the_one_before_it_continues_it() -> None:
    cells = [("", "甲"), ('<w:hMerge w:val="restart"/>', "乙"), ("<w:hMerge/>", ""), ("", "丙")]
    row = "".join(f"<w:tc><w:tcPr>{merge}</w:tcPr>{p(r(text))}</w:tc>" for merge, text in cells)
    (found,) = read(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>").tables[0].rows
    assert [(cell.text, cell.continued) for cell in found] == [
        ("甲", False), ("乙", False), ("", True), ("丙", False)
    ]  # fmt: skip


def test_a_mark_around_a_cell_holds_whatever_else_stands_between() -> None:
    inner = f"<w:tc>{p(r('无'))}</w:tc>"
    for between in (
        inner,
        f"<w:customXml>{inner}</w:customXml>",
        f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>",
    ):
        mark = '<w:sdtPr><w:tag w:val="13|存在问题"/></w:sdtPr>'
        row = f"<w:tr><w:sdt>{mark}<w:sdtContent>{between}</w:sdtContent></w:sdt></w:tr>"
        (found,) = read(f"<w:tbl>{row}</w:tbl>").tables[0].rows
        assert [(cell.text, cell.tag) for cell in found] == [("无", "13|存在问题")]
