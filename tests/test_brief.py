"""The circular on progress and the reminders, as the office sends them out."""

import re
import zipfile
from pathlib import Path

import pytest
from docx import Document

from tests.conftest import PERIOD, Ledger, answer, office_submission, write


def paragraphs(path: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def tables(path: Path) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(str(path)).tables]


def brief(ledger: Ledger, *arguments: str) -> Path:
    result = ledger("report", "--template", "brief", "-o", "brief.docx", "--force", *arguments)
    assert result.code == 0, result.err
    return Path("brief.docx")


# -- the circular -------------------------------------------------------------------------------------


def test_the_sentences_carry_the_counts_of_the_status(sample: Path, ledger: Ledger) -> None:
    text = "\n".join(paragraphs(brief(ledger)))
    assert "《自治区提升行政执法质量三年行动实施方案\n（2023—2025年）》落实情况通报" in text
    assert "统计至2024年7月15日" in text
    assert "本期共有43项任务、62家责任单位，应报2282条。" in text
    assert "已报126条，不涉及2条，有误未收入0条，未报2154条；已报和不涉及合计占应报的5.6%。" in text
    assert "4家单位已报齐，0家单位报了一部分或者有误，58家单位一条未报。" in text
    assert "已报齐的单位：自治区政府办公厅、司法厅、银川市、兴庆区。" in text
    assert "名单待印发机关确认" in text


def test_overdue_duties_are_listed_with_their_words_and_units(sample: Path, ledger: Ledger) -> None:
    rows = tables(brief(ledger))[1]
    assert rows[0] == ["任务", "时限要求", "截止日期", "逾期", "单位"]
    trained = next(row for row in rows if row[1] == "完成全员轮训")
    assert trained == ["3", "完成全员轮训", "2024年6月30日", "逾期15天", "58家：一条未报的58家单位"]
    reviewed = next(row for row in rows if row[1] == "开展行政执法证件年审")
    assert reviewed[4] == "61家：承担这项要求的全部单位"
    assert (
        next(row for row in rows if row[1] == "开展行政执法人员年度考核")[4]
        == "60家：一条未报的58家单位，以及银川市、兴庆区"
    )


def test_a_duty_met_late_is_told_apart_from_an_overdue_one(sample: Path, ledger: Ledger) -> None:
    path = sample / PERIOD / "yinchuan.yaml"
    path.write_text(path.read_text("utf-8").replace('"3-1": 2024-06-25', '"3-1": 2024-07-05'), "utf-8")
    (late,) = [table for table in tables(brief(ledger)) if "单位（完成日期）" in table[0]]
    assert late[1] == ["3", "完成全员轮训", "2024年6月30日", "银川市（2024年7月5日）"]


def test_shared_problems_are_quoted_with_their_units(bare: Path, ledger: Ledger) -> None:
    shared = "执法人员流动性大，新进人员业务不熟，办案质量参差不齐，培训跟不上需要。"
    head = "单位: {}\n报送期: 2024H1\n任务:\n"
    for unit, progress in (("guyuan", "印发方案，办班三期。"), ("xiji", "组织考试两场。"), ("longde", "上门走访。")):
        problems = shared if unit != "longde" else "经费没有列入预算，装备老化。"
        text = head.format(unit) + f"  2:\n{answer(progress, problems)}"
        write(bare, f"{unit}.yaml", text)
    text = "\n".join(paragraphs(brief(ledger)))
    assert "1. 2家：固原市、西吉县（第2项，文字相同）：" in text
    assert f"“{shared}”" in text
    assert "装备老化" not in text


def test_what_was_left_out_is_named_with_its_reason(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("完成第19项的工作。", "无"))
    path = brief(ledger)
    assert "没有收入的有1处内容，连同原因列在第五部分。" in "\n".join(paragraphs(path))
    (left,) = [table for table in tables(path) if table[0] == ["单位", "内容", "原因"]]
    assert left[1][:2] == ["自治区人民政府办公厅", "第19项"]
    assert "C207" in left[1][2]


def test_the_picture_has_a_sign_and_a_shade_for_every_answer(sample: Path, ledger: Ledger) -> None:
    from lxml import etree

    path = brief(ledger)
    blocks = [table for table in tables(path) if table[0][0].startswith("单位　")]
    assert [block[0][1] for block in blocks] == ["1", "23"]
    assert {len(row) for block in blocks for row in block} == {23}
    mine = next(row for row in blocks[0] if row[0] == "兴庆区")
    assert mine[1:18] == [*"报" * 16, "免"]
    silent = next(row for row in blocks[0] if row[0] == "教育厅")
    assert silent[1:19] == [*"缺" * 15, "", "缺", ""]
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    shades: dict[str, set[str]] = {}
    for cell in root.iter(f"{w}tc"):
        shade = cell.find(f"{w}tcPr/{w}shd")
        text = "".join(t.text or "" for t in cell.iter(f"{w}t"))
        shades.setdefault(text, set()).add(shade.get(f"{w}fill", "") if shade is not None else "")
    assert shades["缺"] == {"A6A6A6"}
    assert shades["免"] == {"F2F2F2"}
    assert shades["报"] == {""}


def test_the_circular_is_the_same_for_the_same_inputs(sample: Path, ledger: Ledger) -> None:
    assert brief(ledger).read_bytes() == brief(ledger).read_bytes()


def test_a_circular_on_one_city(sample: Path, ledger: Ledger) -> None:
    text = "\n".join(paragraphs(brief(ledger, "--under", "银川市")))
    assert "7家责任单位" in text
    assert "自治区政府办公厅" not in text
    assert "待印发机关确认" not in text


@pytest.mark.parametrize("option", [["--blank"], ["--split", "unit"]])
def test_a_circular_is_neither_blank_nor_split(sample: Path, ledger: Ledger, option: list[str]) -> None:
    result = ledger("report", "--template", "brief", *option)
    assert result.code == 2
    assert "情况通报" in result.err


def test_what_units_wrote_is_no_markup(bare: Path, ledger: Ledger) -> None:
    hostile = "{{ 台账.名称 }} {% cellbg 1 %} <w:p/> & \"引号\" 'x' %s {0}，这一处问题两家都写了同样的话。"
    for unit in ("guyuan", "xiji"):
        write(bare, f"{unit}.yaml", f"单位: {unit}\n报送期: 2024H1\n任务:\n  2:\n{answer('走访。', hostile)}")
    assert f"“{hostile}”" in paragraphs(brief(ledger))


# -- reminders ----------------------------------------------------------------------------------------


def test_a_reminder_says_what_is_missing_overdue_and_until_when(sample: Path, ledger: Ledger) -> None:
    result = ledger("remind", "--as-of", "2024-07-10")
    assert result.code == 0
    assert "61 家单位的提醒" in result.out
    text = (sample / "build/remind-2024H1/fgw.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    lines = text.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "自治区发展和改革委员会："
    assert "统计至2024年7月10日" in lines[1]
    assert "一、未报34项（全部没有报）" in lines
    assert "第1—15、17、20—23、25—27、30、32、34、36—43项" in lines
    assert "第3项　完成全员轮训，应于2024年6月30日前完成，已逾期10天" in lines
    assert lines[-3:] == ["请于2024年7月15日前报送（还有5天）。", "2024年7月10日", ""]


def test_who_owes_nothing_gets_no_reminder(sample: Path, ledger: Ledger) -> None:
    ledger("remind")
    written = {path.stem for path in (sample / "build/remind-2024H1").iterdir()}
    assert "zfbgt" not in written
    assert {"fgw", "yinchuan"} <= written
    result = ledger("remind", "--unit", "政府办公厅", "-o", "elsewhere")
    assert result.code == 0
    assert "自治区人民政府办公厅没有欠报、逾期的事项" in result.out
    assert not Path("elsewhere").exists()


def test_a_faulty_answer_is_reminded_with_its_reason(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission().replace("完成第19项的工作。", "无"))
    ledger("remind", "--unit", "zfbgt")
    text = (bare / "build/remind-2024H1/zfbgt.txt").read_text("utf-8-sig")
    assert "有误没有收入1处，请改正后重报" in text
    assert "第19项　加强对赋权乡镇" in text
    assert "C207" in text


def test_after_the_deadline_it_counts_the_days_until_today(sample: Path, ledger: Ledger) -> None:
    result = ledger("remind", "--unit", "fgw")  # today is 1 August
    assert "报送截止日期 2024-07-15 已经过了 17 天" in result.out
    text = (sample / "build/remind-2024H1/fgw.txt").read_text("utf-8-sig")
    assert "报送截止日期是2024年7月15日，已经超过17天，请尽快报送。" in text
    assert "第3项　完成全员轮训，应于2024年6月30日前完成，已逾期32天" in text
    assert text.endswith("2024年8月1日\n")


def test_a_yearly_duty_of_a_past_year_can_be_reported_by_its_year(sample: Path, ledger: Ledger) -> None:
    ledger("remind", "--unit", "yinchuan")
    path = sample / "build/remind-2024H1/yinchuan.txt"
    told = path.read_text("utf-8-sig")
    assert "开展行政执法证件年审（2023年度），应于2023年12月31日前完成，已逾期214天" in told
    assert "@" not in told
    filed = sample / PERIOD / "yinchuan.yaml"
    text = filed.read_text("utf-8").replace("11月底前完成年审并公布注销名单。", "完成年审。", 1)
    filed.write_text(text.replace("完成年审。\n", '完成年审。\n    完成: {"6-1@2023": 2024-02-01}\n', 1), "utf-8")
    assert ledger("validate").code == 0
    ledger("remind", "--unit", "yinchuan")
    assert "证件年审" not in path.read_text("utf-8-sig")
    assert ledger("report", "--unit", "yinchuan", "-o", "u.docx").code == 0
    shown = "".join(cell for table in tables(Path("u.docx")) for row in table for cell in row)
    assert "已完成：开展行政执法证件年审（2023年）（2024年2月1日）" in shown
    filed.write_text(filed.read_text("utf-8").replace("6-1@2023", "6-1@2099"), "utf-8")
    assert "C209" in ledger("validate").out


def test_who_has_reported_everything_is_asked_for_the_completion_date_and_never_to_report(
    sample: Path, ledger: Ledger
) -> None:
    ledger("remind", "--unit", "yinchuan", "--docx")
    folder = sample / "build/remind-2024H1"
    text = (folder / "yinchuan.txt").read_text("utf-8-sig")
    assert "条，已完成的请补报完成日期" in text
    assert "填报表的“完成日期”一栏" in text
    assert text.splitlines()[-2:] == ["请尽快办理，并回复办理情况。", "2024年8月1日"]
    for words in (text, "\n".join(paragraphs(folder / "yinchuan.docx"))):
        assert "报送截止" not in words
        assert "请尽快报送" not in words
        assert "前报送" not in words
        assert not re.search(r"\d-\d|完成: |\{", words)


def test_a_missing_or_rejected_answer_is_to_be_reported_a_faulty_one_to_be_corrected(
    bare: Path, ledger: Ledger
) -> None:
    def closing() -> str:
        ledger("remind", "--unit", "zfbgt")
        return (bare / "build/remind-2024H1/zfbgt.txt").read_text("utf-8-sig").splitlines()[-2]

    assert closing().endswith("请尽快报送。")
    write(bare, "zfbgt.yaml", office_submission())
    ledger("reject", "zfbgt", "--task", "19", "--reason", "请补充", "--by", "张三")
    assert closing().endswith("请尽快报送。")
    ledger("reopen", "zfbgt", "--by", "张三")
    write(bare, "zfbgt.yaml", office_submission().replace("完成第13项的工作。", "无"))
    assert closing() == "报送截止日期是2024年7月15日，已经超过17天，请尽快改正重报。"


def test_the_word_reminder_has_the_same_words(sample: Path, ledger: Ledger) -> None:
    ledger("remind", "--docx", "--unit", "yinchuan")
    folder = sample / "build/remind-2024H1"
    shown = "".join("".join(paragraphs(folder / "yinchuan.docx")).split())
    for line in (folder / "yinchuan.txt").read_text("utf-8-sig").splitlines():
        assert "".join(line.split()) in shown


def test_reminders_of_an_earlier_run_do_not_stay(bare: Path, ledger: Ledger) -> None:
    ledger("remind")
    write(bare, "zfbgt.yaml", office_submission())
    result = ledger("remind")
    assert "删去了上次生成而这次没有的 1 份：zfbgt.txt" in result.out
    assert not (bare / "build/remind-2024H1/zfbgt.txt").exists()


def test_a_reminder_for_one_unit_leaves_the_others(sample: Path, ledger: Ledger) -> None:
    ledger("remind", "--docx")
    before = sorted(path.name for path in (sample / "build/remind-2024H1").iterdir())
    ledger("remind", "--unit", "fgw")
    assert sorted(path.name for path in (sample / "build/remind-2024H1").iterdir()) == before


def test_a_reminder_that_somebody_edited_is_kept(sample: Path, ledger: Ledger) -> None:
    ledger("remind", "--unit", "fgw")
    path = sample / "build/remind-2024H1/fgw.txt"
    path.write_text("改过", "utf-8")
    assert ledger("remind", "--unit", "fgw").code == 2
    assert path.read_text("utf-8") == "改过"


# -- with reviews -------------------------------------------------------------------------------------


def test_what_was_sent_back_is_in_the_circular_the_matrix_and_the_reminder(sample: Path, ledger: Ledger) -> None:
    reason = "请写明人数，{{ 不是 }}套话。"
    assert ledger("reject", "zfbgt", "--task", "19", "--reason", reason, "--by", "张三").code == 0
    path = brief(ledger)
    text = "\n".join(paragraphs(path))
    assert "审核情况：已通过0条，退回1条，待审127条。" in text
    assert f"退回待改的答复：自治区政府办公厅第19项（{reason}）。" in text
    assert "“退”退回" in text
    picture = next(table for table in tables(path) if table[0][0].startswith("单位　"))
    assert picture[1][19] == "退"
    assert "退" in ledger("status", "--matrix", "--unit", "zfbgt").out
    ledger("remind", "--unit", "zfbgt", "--docx")
    notice = (sample / "build/remind-2024H1/zfbgt.txt").read_text("utf-8-sig")
    assert "一、退回1项，请修改后重报" in notice
    assert f"退回理由：{reason}" in notice


# -- parts, rounding, contents without a place --------------------------------------------------------


def test_a_circular_on_a_part_says_so_and_counts_that_part(sample: Path, ledger: Ledger) -> None:
    text = "\n".join(paragraphs(brief(ledger, "--task", "24")))
    assert "第24项（2024年上半年，统计至" in text
    assert "1家责任单位" in text
    assert "待印发机关确认" not in text
    assert "银川市人民政府及所辖单位（2024年上半年" in "\n".join(paragraphs(brief(ledger, "--under", "银川市")))
    assert "1 家单位中 1 家有答复" in ledger("status", "--task", "24").out


def test_a_share_is_never_rounded_to_all() -> None:
    from ledger_cli.model.ledger import Coverage
    from ledger_cli.write.brief import _share

    def share(reported: int, owed: int) -> str:
        return _share(Coverage(1, reported, 0, 0, owed - reported, 1))

    assert [share(n, 2282) for n in (2282, 2281, 1, 0)] == ["100.0%", "99.9%", "0.1%", "0%"]


def test_content_for_a_task_that_is_not_owed_is_told_without_contradiction(bare: Path, ledger: Ledger) -> None:
    write(bare, "zfbgt.yaml", office_submission() + f"  1:\n{answer()}")
    path = brief(ledger)
    text = "\n".join(paragraphs(path))
    assert "有误未收入0条" in text
    assert "没有收入的有1处内容" in text
    assert "已报齐的单位：自治区政府办公厅" not in text
    ledger("remind", "--unit", "zfbgt")
    assert "有误没有收入1处" in (bare / "build/remind-2024H1/zfbgt.txt").read_text("utf-8-sig")


def test_near_equal_problems_are_one_and_none_is_no_problem(bare: Path, ledger: Ledger) -> None:
    frame = "{}的执法人员流动性大，新进人员业务不熟，办案质量参差不齐，{}，培训跟不上需要。"
    told = {
        "guyuan": frame.format("固原市", "卷宗装订不规范"),
        "xiji": frame.format("西吉县", "卷宗装订不够规范"),
        "longde": "没有发现问题",
        "jingyuan": "没有发现问题",
        "pengyang": "——",
        "yuanzhou": "——",
    }
    for unit, problems in told.items():
        write(bare, f"{unit}.yaml", f"单位: {unit}\n报送期: 2024H1\n任务:\n  2:\n{answer('上门走访。', problems)}")
    text = "\n".join(paragraphs(brief(ledger)))
    assert "相同或者相近的问题有1个" in text
    assert "1. 2家：固原市、西吉县（第2项，文字相近）：" in text
    assert f"“{told['guyuan']}”" in text


def test_personal_numbers_are_told_when_a_document_is_made(sample: Path, ledger: Ledger) -> None:
    path = sample / PERIOD / "zfbgt.yaml"
    text = path.read_text("utf-8").replace("8月补做两市调研", "联系人13812345678，8月补做两市调研")
    path.write_text(text, "utf-8")
    told = ledger("report", "-o", "a.docx").err
    assert "1 处个人信息（W404）：自治区人民政府办公厅第19项（手机号138******78）" in told
    assert "13812345678" not in told
    assert "W404" not in ledger("report", "--template", "brief", "-o", "b.docx").err  # which does not quote it
    ledger("reject", "zfbgt", "--task", "13", "--reason", "请致电13812345678", "--by", "张三")
    assert "退回的理由（手机号138******78）" in ledger("report", "--template", "brief", "-o", "b.docx").err
    assert "手机号138******78" in ledger("remind", "--unit", "zfbgt").err
    path.write_text(text.replace("  35:", "    忽略: {W404: 公开的值班电话}\n  35:"), "utf-8")
    assert "W404" not in ledger("report", "-o", "a.docx").err
