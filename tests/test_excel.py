"""Forms as Excel sheets: written, read back, and read as clerks and other programs leave them."""

import contextlib
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font

from ledger_cli.exits import CannotRun
from ledger_cli.model.catalog import Period
from ledger_cli.model.column import SEED
from ledger_cli.model.form import Origin
from ledger_cli.read.office.excel import read_excel
from ledger_cli.read.office.tables import Cell, FilledDocument, Loss, UnreadableFile
from ledger_cli.write.form_xlsx import write_form_xlsx
from tests.packages import strict

ORIGIN = Origin("sft", "2024H1", "0123456789abcdef")
PERIOD = Period.model_validate(
    {"编号": "2024H1", "名称": "上半年", "开始": "2024-01-01", "结束": "2024-06-30", "报送截止": "2024-07-15"}
)
ACTIVE = "=HYPERLINK(1)", "+1", "-办班三期", "@SUM(A1)", "#N/A", "007", "_x0041_", "_x000D_", "'引号"


def task(number: int, *texts: str) -> dict[str, Any]:
    """A row of the form."""
    fixed = {"序": "3.", "章节": "一、总则", "举措": "推进普法。", "责任单位": "司法厅", "完成时限": "2024年底"}
    return {"编号": number, **fixed, **dict(zip(SEED.keys, texts or ("", "", ""), strict=True))}


def write(path: Path, *rows: dict[str, Any]) -> bytes:
    """The form of those rows, as bytes."""
    form = {"单位": "司法厅", "报送期": "上半年（2024H1）", "截止": "2024年7月15日", "说明": "只填三栏。\n发回。"}
    context = {"台账": {"附件": "附件", "名称": "任务台账"}, "表": {**form, "行": list(rows)}}
    write_form_xlsx(context, SEED, path, ORIGIN, PERIOD)
    return path.read_bytes()


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, **changes: tuple[bytes, bytes]) -> bytes:
    """The package with words replaced in the parts whose names contain the keys."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for key, (before, after) in changes.items():
                if key in name:
                    assert before in part
                    part = part.replace(before, after)
            new.writestr(name, part)
    return stream.getvalue()


def sheet_of(book: Workbook) -> Any:
    return book.worksheets[0]


def cells(document: FilledDocument) -> list[Cell]:
    return [cell for table in document.tables for row in table.rows for cell in row]


def texts(document: FilledDocument) -> list[list[str]]:
    return [[cell.text for cell in row] for table in document.tables for row in table.rows]


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_excel(data)
    assert caught.value.hint.endswith("。")
    return caught.value.message


def test_what_is_written_is_read_with_its_tags(tmp_path: Path) -> None:
    data = write(tmp_path / "a.xlsx", task(3, "办班三期。\n\n　　培训百人。", "无", "再办一期。"), task(12))
    document = read_excel(data)
    assert Origin.of(document.keywords) == ORIGIN
    tagged = {cell.tag: cell.text for cell in cells(document) if cell.tag}
    assert {tag: text for tag, text in tagged.items() if tag.partition("|")[2] in SEED.keys} == {
        "3|具体落实情况": "办班三期。\n\n　　培训百人。",
        "3|存在问题": "无",
        "3|工作打算": "再办一期。",
        **{f"12|{name}": "" for name in SEED.keys},
    }
    rows = texts(document)
    assert rows[1][0] == "填报单位：司法厅"
    assert rows[4] == ["章节", "任务举措", "责任单位", "完成时限", *SEED.keys, "状态"]
    assert rows[5][:4] == ["一、总则", "3.推进普法。", "司法厅", "2024年底"]
    assert [cell.column for cell in document.tables[0].rows[5]] == list(range(7))
    assert not document.losses


def test_equal_inputs_give_equal_bytes_and_no_author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(tmp_path / "a.xlsx", task(3, *"甲乙丙"))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert write(tmp_path / "b.xlsx", task(3, *"甲乙丙")) == first
    book = load_workbook(io.BytesIO(first))
    assert book.properties.creator in ("", None)
    assert book.properties.modified == book.properties.created == datetime(2024, 7, 15)  # noqa: DTZ001
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert not any(b"openpyxl" in package.read(name).lower() for name in package.namelist())
        assert {info.date_time[0] for info in package.infolist()} == {1980}


def test_fonts_list_their_properties_in_the_order_of_the_schema(tmp_path: Path) -> None:
    write(tmp_path / "form.xlsx", task(4))
    with zipfile.ZipFile(tmp_path / "form.xlsx") as package:
        styles = etree.fromstring(package.read("xl/styles.xml"))
    order = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme"
    fonts = [[etree.QName(child).localname for child in font] for font in styles[1]]
    assert max(fonts, key=len) == ["sz", "color", "name", "family", "scheme"]
    for names in fonts:
        assert names == sorted(names, key=order.split().index)


def test_only_the_answers_are_open(tmp_path: Path) -> None:
    sheet: Any = sheet_of(load_workbook(io.BytesIO(write(tmp_path / "a.xlsx", task(3)))))
    assert sheet.protection.sheet
    assert not sheet.protection.password
    unlocked = [cell.coordinate for row in sheet for cell in row if not cell.protection.locked]
    assert unlocked == ["E6", "F6", "G6", "H6"]
    assert sheet.column_dimensions["I"].hidden
    assert sheet["I6"].value == 3
    assert sheet.freeze_panes == "A6"
    assert sheet.print_title_rows == "$5:$5"
    assert [(str(v.sqref), v.formula1) for v in sheet.data_validations.dataValidation] == [("H6", '"已填报,不涉及"')]


@pytest.mark.parametrize("text", ACTIVE)
def test_texts_are_never_formulas(tmp_path: Path, text: str) -> None:
    data = write(tmp_path / "a.xlsx", task(3, text, text, ""))
    assert sheet_of(load_workbook(io.BytesIO(data)))["E6"].data_type == "s"
    assert {cell.tag: cell.text for cell in cells(read_excel(data)) if cell.tag}["3|具体落实情况"] == text


def test_a_text_too_long_for_a_cell_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", task(3, "字" * 32_767, "", ""))
    with pytest.raises(CannotRun, match="第7项任务的“存在问题”"):
        write(tmp_path / "b.xlsx", task(7, "", "𠮷" * 16_384, ""))
    assert not (tmp_path / "b.xlsx").exists()


def test_marks_that_are_set_and_comments_in_the_form_are_kept(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(write(tmp_path / "a.xlsx", task(3), task(4))))
    sheet = sheet_of(book)
    sheet["H6"] = "已填报"
    sheet["F7"].comment = Comment("请核对", "甲")
    document = read_excel(saved(book))
    first, second = document.tables[0].rows[-2:]
    assert [cell.text for cell in first][-1] == "已填报"
    assert first[-1].tag == "3|状态"
    assert [cell.losses for cell in second if cell.tag == "4|存在问题"] == [[Loss("批注", "请核对")]]


def test_values_are_read_as_people_see_them() -> None:
    shown = [
        (3.0, "General", "3"), (0.1 + 0.2, "General", "0.3"), (1e17, "General", "1" + "0" * 17),
        (True, "General", "TRUE"),
        (0.125, "0%", "13%"), (0.125, "0.0%", "12.5%"), (0.125, "#0.##%", "12.5%"), (1234.5, "#,##0.00", "1,234.50"),
        (3, '0"期"', "3期"), (7, "000", "007"), (-2.5, "0.0_ ", "-2.5"),
        (date(2024, 6, 30), "yyyy/m/d", "2024-06-30"), (date(2024, 6, 1), 'yyyy"年"m"月"', "2024年6月"),
        (date(2024, 6, 30), '[$-804]yyyy"年"m"月"d"日";@', "2024-06-30"),
        (datetime(2024, 6, 30, 9, 5), "yyyy-mm-dd hh:mm", "2024-06-30 09:05"),  # noqa: DTZ001
        (date(2024, 6, 30), 'm"月"', "2024-06-30"), (12.5, '#0.##"%"', "12.5"), (3.5, "0.00;[Red]-0.00", "3.50"),
        ("一_x000D_\n二\n三", "General", "一\n二\n三"),
    ]  # fmt: skip
    book = Workbook()
    for row, (value, code, _) in enumerate(shown, 1):
        cell = sheet_of(book).cell(row, 1)
        cell.value = value
        cell.number_format = code
    assert texts(read_excel(saved(book))) == [[text] for _, _, text in shown]


def test_of_a_formula_the_result_is_read() -> None:
    book = Workbook()
    sheet_of(book).append([5, "件"])
    with_formula = repacked(saved(book), sheet1=(b"<v>5</v>", b"<f>2+3</f><v>5</v>"))
    assert texts(read_excel(with_formula)) == [["5", "件"]]


def test_dates_in_formats_that_chinese_excel_does_not_spell_out() -> None:
    book = Workbook()
    sheet_of(book)["A1"] = 45473
    sheet_of(book)["A1"].number_format = "0.00"
    assert texts(read_excel(saved(book))) == [["45473.00"]]
    for kind, text in ((b"31", "2024-06-30"), (b"57", "2024年6月")):
        data = repacked(saved(book), styles=(b'numFmtId="2"', b'numFmtId="%b"' % kind))
        assert texts(read_excel(data)) == [[text]]


def test_shared_strings_as_excel_writes_them() -> None:
    book = Workbook()
    sheet_of(book)["A1"] = 0
    runs = "<r><t>办班</t></r><r><rPr><b/></rPr><t>三期_x000D_\n百人_x005F_x0041_</t></r>"
    runs += '<rPh sb="0" eb="1"><t>音</t></rPh>'
    data = repacked(saved(book), sheet1=(b't="n"', b't="s"'))
    assert texts(read_excel(with_shared_strings(data, runs))) == [["办班三期\n百人_x0041_"]]


def test_merged_cells() -> None:
    book = Workbook()
    sheet = sheet_of(book)
    for row in (["题", None, None], ["甲", "乙", "丙"], [None, "丁", "戊"]):
        sheet.append(row)
    for area in ("A1:C1", "A2:A3"):
        sheet.merge_cells(area)
    vast = (b"</mergeCells>", b'<mergeCell ref="E1:XFD1048576"/></mergeCells>')
    rows = read_excel(repacked(saved(book), sheet1=vast)).tables[0].rows
    assert [(cell.text, cell.column, cell.span) for cell in rows[0]] == [("题", 0, 3)]
    assert [(cell.text, cell.continued) for cell in rows[2]] == [("", True), ("丁", False), ("戊", False)]


def test_what_a_text_cannot_hold_is_named() -> None:
    book = Workbook()
    sheet = sheet_of(book)
    sheet.title = "附表"
    for row in ([1, 2], ["=A1+B1", '=DISPIMG("ID_1",1)']):
        sheet.append(row)
    sheet["D9"].comment = Comment("表外的批注", "甲")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1))
    sheet.add_chart(chart, "F1")
    sheet.oddFooter.center.text = "联系人：甲"
    hidden: Any = book.create_sheet("隐藏")
    hidden["B2"] = "也要读"
    hidden.sheet_state = "hidden"
    book.create_chartsheet("图").add_chart(BarChart())
    document = read_excel(saved(book))
    assert [cell.losses for cell in document.tables[0].rows[1]] == [[Loss("公式", "=A1+B1")], [Loss("图片", "附表")]]
    assert document.losses == [Loss("批注", "表外的批注"), Loss("图片", "附表"), Loss("图片", "图")]
    assert texts(document)[-1] == ["", "也要读"]
    assert document.margin == ["联系人：甲"]


def test_an_ampersand_in_a_header_is_a_letter() -> None:
    book = Workbook()
    sheet_of(book)["A1"] = "甲"
    sheet_of(book).oddHeader.left.text = "甲&&乙 &P"
    sheet_of(book).oddHeader.right.text = "丙&&R"
    assert read_excel(saved(book)).margin == ["甲&乙", "丙&R"]


def test_a_formula_that_gives_no_characters_is_an_empty_cell() -> None:
    book = Workbook()
    sheet_of(book)["A1"] = '=IF(1,"","甲")'
    sheet_of(book)["B1"] = "乙"
    data = saved(book)
    assert [cell.losses for cell in cells(read_excel(data))] == [[Loss("公式", '=IF(1,"","甲")')], []]
    (only, _) = cells(read_excel(repacked(data, sheet1=(b'<c r="A1"><f>', b'<c r="A1" t="str"><f>'))))
    assert (only.text, only.losses) == ("", [])


def test_comments_on_our_own_cells_are_kept(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(write(tmp_path / "a.xlsx", task(3))))
    sheet_of(book)["H6"].comment = Comment("状态没有选", "甲")
    sheet_of(book)["I6"].comment = Comment("这一列删不掉", "甲")
    row = read_excel(saved(book)).tables[0].rows[-1]
    assert [loss.words for cell in row for loss in cell.losses] == ["状态没有选", "这一列删不掉"]


def test_a_column_that_only_bears_the_name_of_our_own_is_read() -> None:
    book = Workbook()
    for row in (["键", "事项"], ["甲", "办班"]):
        sheet_of(book).append(row)
    assert texts(read_excel(saved(book))) == [["键", "事项"], ["甲", "办班"]]


def test_a_thread_of_comments_is_read_whole_and_not_its_notice() -> None:
    book = Workbook()
    sheet_of(book)["A1"] = "甲"
    sheet_of(book)["A1"].comment = Comment("[线程批注] 这个版本看不到", "tc")
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    relation = f'<Relationship Id="t" Type="{kind}" Target="/xl/threadedComments/t1.xml"/></Relationships>'.encode()
    stream = io.BytesIO(repacked(saved(book), **{"sheets/_rels": (b"</Relationships>", relation)}))
    thread = "".join(f'<threadedComment ref="A1"><text>{words}</text></threadedComment>' for words in ("核对", "已改"))
    with zipfile.ZipFile(stream, "a") as package:
        main = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
        package.writestr("xl/threadedComments/t1.xml", f'<ThreadedComments xmlns="{main}">{thread}</ThreadedComments>')
    assert [cell.losses for cell in cells(read_excel(stream.getvalue()))] == [[Loss("批注", "核对\n已改")]]


RUNS = (
    "<r><t>产值5×10</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>3</t></r><r><t>，CO</t></r>"
    "<r><rPr><vertAlign val='subscript'/></rPr><t>2</t></r><r><rPr><rFont val='Wingdings 2'/></rPr><t>R</t></r>"
    "<r><rPr><rFont val='Webdings'/></rPr><t>A</t></r>"
)


def with_runs(runs: str, *, shared: bool) -> bytes:
    """A workbook with one cell of formatted runs, as Excel shares it or as other programs write it in place."""
    book = Workbook()
    sheet_of(book)["A1"] = 0
    value = b'"n"><v>0</v>'
    if not shared:
        return repacked(saved(book), sheet1=(value, f'"inlineStr"><is>{runs}</is>'.encode()))
    return with_shared_strings(repacked(saved(book), sheet1=(b't="n"', b't="s"')), runs)


def with_shared_strings(data: bytes, item: str) -> bytes:
    """The workbook with a part of one shared string."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    stream = io.BytesIO(repacked(data, Content_Types=(b"</Types>", override)))
    with zipfile.ZipFile(stream, "a") as package:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}"><si>{item}</si></sst>')
    return stream.getvalue()


@pytest.mark.parametrize("shared", [True, False])
def test_exponents_and_symbols_in_a_cell_keep_their_meaning(*, shared: bool) -> None:
    document = read_excel(with_runs(RUNS, shared=shared))
    (cell,) = cells(document)
    assert cell.text == "产值5×10³，CO₂☑"
    assert cell.losses == [Loss("符号", "Webdings 字体的第 65 号符号（A）")]
    plain = "<r><rPr><vertAlign val='baseline'/></rPr><t>一_x000D_&#10;二</t></r><r><t>3</t></r>"
    plain += "<rPh sb='0' eb='1'><t>音</t></rPh>"
    assert texts(read_excel(with_runs(plain, shared=shared))) == [["一\n二3"]]


def test_a_cell_in_a_symbol_font_shows_its_symbol() -> None:
    book = Workbook()
    for place, name in (("A1", "Wingdings 2"), ("B1", "宋体"), ("C1", "Webdings")):
        sheet_of(book)[place] = "R"
        sheet_of(book)[place].font = Font(name=name)
    document = read_excel(saved(book))
    assert texts(document) == [["☑", "R", ""]]
    assert [cell.losses for cell in cells(document)][2] == [Loss("符号", "Webdings 字体的第 82 号符号（R）")]


def test_templates_and_the_strict_variant_are_read(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.xlsx", task(3, "办班三期。", "无", "再办。"))
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
    template = repacked(whole, Content_Types=(kind + b"sheet.main+xml", kind + b"template.main+xml"))
    expected = read_excel(whole)
    for data in (template, strict(whole)):
        document = read_excel(data)
        assert texts(document) == texts(expected)
        assert document.keywords == expected.keywords
    assert texts(read_excel(strict(with_runs(RUNS, shared=True)))) == [["产值5×10³，CO₂☑"]]


def test_an_empty_workbook_has_no_tables() -> None:
    assert read_excel(saved(Workbook())).blocks == []


@pytest.mark.parametrize("place", ["A20001", "CW1"])
def test_too_large_a_sheet_is_refused_and_empty_formatted_cells_are_not(place: str) -> None:
    book = Workbook()
    sheet_of(book)["A1"] = "甲"
    sheet_of(book)[place].number_format = "0"
    assert texts(read_excel(saved(book))) == [["甲"]]
    sheet_of(book)[place] = "乙"
    assert "20000 行" in refusal(saved(book))


def test_overlapping_areas_and_disordered_rows_are_refused() -> None:
    book = Workbook()
    sheet_of(book).append(["甲", "乙"])
    sheet_of(book).append(["丙", "丁"])
    sheet_of(book).merge_cells("A1:B2")
    data = saved(book)
    end = b"</mergeCells>"
    assert "重叠" in refusal(repacked(data, sheet1=(end, b'<mergeCell ref="A1:B2"/>' + end)))
    assert "损坏" in refusal(repacked(data, sheet1=(b'<row r="2"', b'<row r="1"')))


def test_bombs_macros_and_entities_are_refused() -> None:
    data = saved(Workbook())
    closing = b"</worksheet>"
    assert "大得不正常" in refusal(repacked(data, sheet1=(closing, b" " * 5_000_000 + closing)))
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert "带宏" in refusal(repacked(data, Content_Types=(plain, macro)))
    assert "外部内容" in refusal(repacked(data, sheet1=(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')))


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.xlsx", task(3, *"甲乙丙"))
    document = repacked(whole, Content_Types=(b"spreadsheetml.sheet.main", b"wordprocessingml.document.main"))
    assert "旧版 .xls" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    assert refusal(document) == "这不是 Excel 工作簿"
    for data in (b"", b"PK\x03\x04", b"<html>", whole[:-40], whole[: len(whole) // 2]):
        assert refusal(data) == "这不是 Excel 文件，或者文件已经损坏"
    for part in ("sheet1", "styles", "xl/workbook.xml"):
        refusal(repacked(whole, **{part: (b"</", b"<")}))


def test_flipped_bytes_never_crash_the_reader(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.xlsx", task(3, *"甲乙丙"))
    for at in range(0, len(whole), 97):
        with contextlib.suppress(UnreadableFile):
            read_excel(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
