"""Changes marked as a Chinese reader would mark them: the rules, each with an example, and the two laws."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger_cli.compare.redline import redline


def marked(before: str, after: str) -> str:
    marks = {"same": "{}", "deleted": "〔删：{}〕", "inserted": "〔增：{}〕"}
    return "".join(marks[piece.kind].replace("{}", piece.text) for piece in redline(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        # Numbers change whole, with their decimals, separators and per cent signs.
        ("合格率96.4%。", "合格率98.04%。", "合格率〔删：96.4%〕〔增：98.04%〕。"),
        ("受理申请1284人", "受理申请1,285人", "受理申请〔删：1284〕〔增：1,285〕人"),
        ("完成于2024-06-20", "完成于2024-06-21", "完成于〔删：2024-06-20〕〔增：2024-06-21〕"),
        # So do runs of Latin letters, but not what stands beside them.
        ("使用OCR识别", "使用OFD识别", "使用〔删：OCR〕〔增：OFD〕识别"),
        # One or two equal characters between two changes join them.
        ("4月至5月讲课14场", "3月至6月讲课20场", "〔删：4月至5〕〔增：3月至6〕月讲课〔删：14〕〔增：20〕场"),
        # A whole sentence stays whole; an added one is added with its own mark, not its neighbour's.
        ("已完成。", "已完成。下半年继续抓好落实。", "已完成。〔增：下半年继续抓好落实。〕"),
        ("甲方案已经印发。乙方案正在起草。", "甲方案已经印发。", "甲方案已经印发。〔删：乙方案正在起草。〕"),
        # An item of a list goes with the mark after it; the last one with the mark before it.
        ("律师、公证、司法鉴定四类", "律师、司法鉴定四类", "律师、〔删：公证、〕司法鉴定四类"),
        ("覆盖律师、公证、仲裁", "覆盖律师、公证", "覆盖律师、公证〔删：、仲裁〕"),
        ("网课上线。", "网课上线，点击12万次。", "网课上线〔增：，点击12万次〕。"),
        # Paragraphs.
        ("第一段。\n第三段。", "第一段。\n第二段。\n第三段。", "第一段。\n〔增：第二段。\n〕第三段。"),
        ("第一段。第二段。", "第一段。\n第二段。", "第一段。〔增：\n〕第二段。"),
        # What is mostly different is told as old and new.
        (
            "印发培训方案，办班三期。",
            "组织了两次现场观摩，覆盖全部乡镇。",
            "〔删：印发培训方案，办班三期。〕〔增：组织了两次现场观摩，覆盖全部乡镇。〕",
        ),
        ("无", "街道一级样本偏少。", "〔删：无〕〔增：街道一级样本偏少。〕"),
        ("", "新写的。", "〔增：新写的。〕"),
        ("删去的。", "", "〔删：删去的。〕"),
        ("没有变的。", "没有变的。", "没有变的。"),
        # A rewritten sentence does not blur the sentences around it.
        (
            "课程按高频事项设置。两期培训中有27人由他人代训。下半年继续。",
            "课程按高频事项设置。全部参训人员均本人到场签到。下半年继续。",
            "课程按高频事项设置。〔删：两期培训中有27人由他人代训。〕〔增：全部参训人员均本人到场签到。〕下半年继续。",
        ),
        (
            "尚有600余名执法人员因病、借调等原因未参训；互动和实操内容占比不足两成。",
            "尚有120余名执法人员因病、借调等原因未参训；互动和实操内容占比已提高到四成。",
            "尚有〔删：600〕〔增：120〕余名执法人员因病、借调等原因未参训；互动和实操内容占比〔删：不足两〕〔增：已提高到四〕成。",
        ),
    ],
)  # fmt: skip
def test_changes_read_well(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


words = st.text(st.sampled_from("的了一二三，。、；\n 12.%ab　（）"), max_size=60)


@settings(max_examples=300, deadline=None)
@given(words, words)
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = redline(before, after)
    assert "".join(p.text for p in pieces if p.kind != "inserted") == before
    assert "".join(p.text for p in pieces if p.kind != "deleted") == after
    assert all(p.text for p in pieces)
    assert all(a.kind != b.kind for a, b in pairwise(pieces))
    if before == after:
        assert all(p.kind == "same" for p in pieces)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("的" * 6000, "了的" * 3000),
        ("的" * 200_000, "的" * 199_999 + "了"),
        ("的了" * 50_000, "了的" * 49_000),
        ("1," * 50_000, "2," * 50_000),
        ("\n" * 100_000, "\n" * 99_000 + "完"),
        ("已办结三件。" * 20_000, "已办结四件。" * 20_000),
    ],
    ids=["5000", "edge", "shifted", "digits", "lines", "sentences"],
)
def test_hostile_texts_take_no_long_time(before: str, after: str) -> None:
    start = time.perf_counter()
    redline(before, after)
    assert time.perf_counter() - start < 2
