"""A plan of another shape than the packaged one, as its office issued it: two rows of headings, who leads and who
cooperates, a percentage, a yes or no, sections as merged rows."""

from collections.abc import Sequence
from pathlib import Path

import docx
from docx.oxml.ns import qn
from openpyxl import Workbook

from tests.conftest import Ledger

HEAD = (
    "序号",
    "重点任务",
    "牵头领导",
    "责任分工",
    "责任分工",
    "完成时限",
    "推进情况",
    "进度（%）",
    "是否完成",
    "存在问题",
    "备注",
)
BELOW = ("", "", "", "牵头单位", "配合单位", "", "", "", "", "", "")
TASKS: Sequence[tuple[str, ...]] = (
    ("一、办好民生实事",),
    (
        "1",
        "新建社区食堂20个。",
        "王明",
        "市民政局",
        "市财政局、市住房城乡建设局",
        "6月底前",
        "",
        "",
        "",
        "",
        "省级考核",
    ),
    (
        "2",
        "改造老旧小区86个，惠及居民不少于9000户。",
        "李强",
        "市住房城乡建设局",
        "市财政局",
        "2024年12月",
        "",
        "",
        "",
        "",
        "",
    ),
    ("二、优化营商环境",),
    ("3", "企业开办一日办结。", "王明", "市市场监管局", "市公安局、市税务局", "每季度末", "", "", "", "", ""),
)
CELLS = [row for row in TASKS if len(row) > 1]
ANSWERED = ("推进情况", "进度（%）", "是否完成", "存在问题")
UNITS = {
    "smzj": "市民政局",
    "szfcxjsj": "市住房城乡建设局",
    "sscjgj": "市市场监管局",
    "sczj": "市财政局",
    "sgaj": "市公安局",
    "sswj": "市税务局",
}


def issued(path: Path) -> Path:
    """The attachment as a Word document."""
    document = docx.Document()
    for line in ("附件2", "2024年全市重点工作任务台账", "填报单位：            填报时间："):
        document.add_paragraph(line)
    table = document.add_table(2 + len(TASKS), len(HEAD))
    for row, texts in zip(table.rows, (HEAD, BELOW, *TASKS), strict=True):
        cells = row.cells
        if len(texts) == 1:
            cells[0].merge(cells[-1])
        for cell, text in zip(cells, texts, strict=False):
            cell.text = text
    for place, below in enumerate(BELOW):
        if not below:
            table.cell(0, place).merge(table.cell(1, place)).text = HEAD[place]
    table.cell(0, 3).merge(table.cell(0, 4)).text = "责任分工"
    document.add_paragraph("注：本表每季度报送一次。")
    document.save(str(path))
    return path


def issued_workbook(path: Path) -> Path:
    """The same table in Excel, under a title merged over it and a line about who fills it in."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["附件2"])
    sheet.append(["2024年全市重点工作任务台账"])
    sheet.append(["填报单位：", None, None, None, None, None, "填报人："])
    for row in (HEAD, BELOW, *TASKS):
        sheet.append([text or None for text in row])
    width = len(HEAD)
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=width)
    sheet.merge_cells(start_row=3, end_row=3, start_column=1, end_column=6)
    sheet.merge_cells(start_row=3, end_row=3, start_column=7, end_column=width)
    sheet.merge_cells(start_row=4, end_row=4, start_column=4, end_column=5)
    for place, below in enumerate(BELOW, 1):
        if not below:
            sheet.merge_cells(start_row=4, end_row=5, start_column=place, end_column=place)
    for place, row in enumerate(TASKS, 6):
        if len(row) == 1:
            sheet.merge_cells(start_row=place, end_row=place, start_column=1, end_column=width)
    book.save(path)
    return path


def fill(form: Path, answers: dict[str, str]) -> None:
    """Write into a form's controls by their tags, such as 1|推进情况."""
    document = docx.Document(str(form))
    left = dict(answers)
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        text = left.pop(tag.get(qn("w:val")), None)
        if text is not None:
            runs = list(control.iter(qn("w:t")))
            runs[0].text = text
            for other in runs[1:]:
                other.text = ""
    assert not left, left
    document.save(str(form))


def table_texts(path: Path) -> list[list[str]]:
    """The rows of a document's last table, a merged cell once for each place that it fills."""
    return [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[-1].rows]


def write_everything(folder: Path, ledger: Ledger) -> list[Path]:
    """Every kind of document of the plan, its templates too, from a workspace that is made in ``folder``."""
    root = folder / "台账"
    assert ledger("init", root, "--from", issued(folder / "附件.docx"), "--period", "2024H1").code == 0
    for unit, number in (("smzj", 1), ("sscjgj", 3)):
        assert ledger("-C", root, "form", unit, "-o", root / f"{unit}.docx").code == 0
        fill(root / f"{unit}.docx", {f"{number}|推进情况": "办成了3件。\n还在办2件。", f"{number}|进度（%）": "50%"})
        ledger("-C", root, "intake", root / f"{unit}.docx")
    commands = {
        "report.docx": ("report", "--partial"),
        "blank.docx": ("report", "--blank"),
        "compact.docx": ("report", "--partial", "--template", "compact"),
        "unit.docx": ("report", "--partial", "--unit", "smzj"),
        "brief.docx": ("report", "--template", "brief"),
        "form.docx": ("form", "sczj"),
        "prefilled.docx": ("form", "smzj", "--prefill"),
        "form.xlsx": ("form", "smzj", "--prefill"),
    }
    for name, arguments in commands.items():
        result = ledger("-C", root, *arguments, "-o", root / name)
        assert result.code in (0, 1), result.err
    return [*(root / name for name in commands), *(root / "templates").glob("*.docx")]
