"""Whose a filled file is and for which period: marks, print and names that disagree write nothing and name both."""

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from ledger_cli.intake.owner import units_in_name
from ledger_cli.model.column import SEED
from ledger_cli.read.catalog import read_registry
from ledger_cli.read.submission import read_submission
from tests.conftest import PERIOD, REPOSITORY, Ledger
from tests.test_intake import HEAD, catalog_text, codes, form_of, rewritten, taken, texts_of, word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def submissions(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "submissions").rglob("*.yaml"))


def filled_form(ledger: Ledger, unit: str, name: str, words: str = "办结三件。") -> Path:
    """A form of ours in Word, with the first cell filled in."""
    assert ledger("form", unit, "-o", name, "--force").code == 0
    path = Path(name).resolve()
    document = Document(str(path))
    text = next(t for t in document.element.body.iter(f"{W}t") if t.text == "点击此处填写")
    text.text = words
    document.save(str(path))
    return path


def print_as(path: Path, before: str, after: str) -> None:
    def change(tree: Any) -> None:
        for text in tree.iter(f"{W}t"):
            if before in (text.text or ""):
                text.text = text.text.replace(before, after)

    rewritten(path, change)


def paste(into: Path, other: Path) -> None:
    """The second document's content behind the first one's, as two forms pasted together."""
    document, pasted = Document(str(into)), Document(str(other))
    for element in list(pasted.element.body)[:-1]:
        document.element.body.insert(-1, element)
    document.save(str(into))


def refused(root: Path, ledger: Ledger, path: Path, *names: str) -> dict[str, Any]:
    """Nothing is written; one finding says what disagrees. Returns what is told of the file."""
    result, (file,) = taken(ledger, path)
    assert result.code == 1
    assert codes(file) == ["F605"]
    for name in names:
        assert name in file["findings"][0]["message"]
    assert file["written"] is None
    assert file["result"].startswith("未写入：")
    assert submissions(root) == []
    return file


def test_two_units_forms_in_one_file(bare: Path, ledger: Ledger) -> None:
    first, second = filled_form(ledger, "zfbgt", "a.docx"), filled_form(ledger, "gat", "b.docx")
    paste(first, second)
    assert refused(bare, ledger, first, "自治区人民政府办公厅", "自治区公安厅")["unit"] is None


def test_two_units_forms_in_one_workbook(bare: Path, ledger: Ledger) -> None:
    for unit, name in (("zfbgt", "a.xlsx"), ("gat", "b.xlsx")):
        assert ledger("form", unit, "-o", name).code == 0
    book = load_workbook("a.xlsx")
    other = load_workbook("b.xlsx").worksheets[0]
    sheet = book.create_sheet("第二份")
    for row in other.iter_rows():
        for cell in row:
            sheet.cell(cell.row, cell.column).value = cell.value
    sheet["E7"] = "办结三件。"
    book.save("a.xlsx")
    refused(bare, ledger, Path("a.xlsx"), "自治区人民政府办公厅", "自治区公安厅")


def test_two_periods_in_one_file(bare: Path, ledger: Ledger) -> None:
    first = filled_form(ledger, "zfbgt", "a.docx")
    assert ledger("open", "2024H2").code == 0
    for path in (bare / "submissions").rglob("*.yaml"):
        path.unlink()
    second = filled_form(ledger, "zfbgt", "b.docx")
    paste(first, second)
    refused(bare, ledger, first, "2024H1", "2024H2")


def test_the_hidden_mark_against_the_printed_unit(bare: Path, ledger: Ledger) -> None:
    form = filled_form(ledger, "zfbgt", "a.docx")
    print_as(form, "填报单位：自治区人民政府办公厅", "填报单位：公安厅")
    refused(bare, ledger, form, "自治区人民政府办公厅", "自治区公安厅")


def test_the_hidden_mark_against_the_printed_period(bare: Path, ledger: Ledger) -> None:
    form = filled_form(ledger, "zfbgt", "a.docx")
    print_as(form, "报送期：2024年上半年（2024H1）", "报送期：2023年下半年（2023H2）")
    refused(bare, ledger, form, "2024H1", "2023年下半年")


def test_the_hidden_mark_against_the_name_of_the_file(bare: Path, ledger: Ledger) -> None:
    form = filled_form(ledger, "zfbgt", "a.docx")
    refused(bare, ledger, form.rename(form.with_name("公安厅2024年上半年填报表.docx")), "政府办公厅", "自治区公安厅")


def test_the_hidden_mark_against_the_command_line(bare: Path, ledger: Ledger) -> None:
    form = filled_form(ledger, "zfbgt", "a.docx")
    result, (file,) = taken(ledger, form, "--unit", "公安厅")
    assert (result.code, codes(file)) == (1, ["F605"])
    assert submissions(bare) == []


def test_a_form_under_its_own_or_a_plain_name_is_taken(bare: Path, ledger: Ledger) -> None:
    for name in ("填报表（1）.docx", "政府办公厅.docx", "2024H1-zfbgt.docx"):
        form = filled_form(ledger, "zfbgt", "a.docx")
        result, (file,) = taken(ledger, form.rename(form.with_name(name)), "--dry-run")
        assert codes(file) == [], result.out
        assert file["unit"] == "zfbgt"


def test_a_form_of_a_period_that_is_not_registered_is_not_put_into_another(bare: Path, ledger: Ledger) -> None:
    assert ledger("open", "2024H2").code == 0
    form = filled_form(ledger, "zfbgt", "a.docx")
    tasks = bare / "data/tasks.yaml"
    tasks.write_bytes((REPOSITORY / "data/tasks.yaml").read_bytes())
    for path in (bare / "submissions").rglob("*.yaml"):
        path.unlink()
    result, (file,) = taken(ledger, form)
    assert (result.code, codes(file)) == (1, ["F604"])
    assert "2024H2" in file["findings"][0]["message"]
    assert submissions(bare) == []


def test_two_units_that_sign_one_ledger(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]
    word(rows, (), ("自治区司法厅", "自治区公安厅")).save("台账.docx")
    assert refused(bare, ledger, Path("台账.docx"), "自治区司法厅", "自治区公安厅")["unit"] is None


def test_the_command_line_says_whose_a_ledger_is_that_another_unit_signed(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]
    word(rows, (), ("自治区司法厅",)).save("台账.docx")
    _, (file,) = taken(ledger, "台账.docx", "--unit", "政府办公厅")
    assert (file["unit"], codes(file)) == ("zfbgt", ["F601"])
    assert "自治区司法厅" in file["findings"][0]["message"]
    assert submissions(bare) == ["zfbgt.yaml"]


def test_a_ledger_whose_name_names_two_units_is_nobodys(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["1." + catalog_text(bare, 1), "", "", "落实", "无", "无"]]
    word(rows).save("司法厅、公安厅台账.docx")
    result, (file,) = taken(ledger, "司法厅、公安厅台账.docx")
    assert (result.code, file["unit"], codes(file)) == (1, None, ["F604"])
    assert submissions(bare) == []


def test_an_answer_that_names_another_unit_stays_in_the_form_it_stands_in(bare: Path, ledger: Ledger) -> None:
    form = filled_form(ledger, "zfbgt", "a.docx", "公安厅：已移送线索3件。")
    taken(ledger, form)
    assert texts_of(bare)["13"]["落实"] == "公安厅：已移送线索3件。"
    assert submissions(bare) == ["zfbgt.yaml"]


@pytest.mark.parametrize("head", ["填报单位：政府办公厅", ""])
def test_so_does_one_in_a_ledger_of_its_own_making(bare: Path, ledger: Ledger, head: str) -> None:
    rows = [
        HEAD,
        ["13." + catalog_text(bare, 13), "", "", "公安厅：已移送线索3件。", "无", "无"],
        ["19." + catalog_text(bare, 19), "", "", "走访28个乡镇。", "无", "无"],
    ]
    word(rows, (head,)).save("政府办公厅.docx")
    taken(ledger, "政府办公厅.docx")
    assert submissions(bare) == ["zfbgt.yaml"]
    assert texts_of(bare)["13"]["落实"] == "公安厅：已移送线索3件。"


def test_a_consolidated_ledger_named_after_a_city_goes_to_its_units(sample: Path, ledger: Ledger) -> None:
    assert ledger("report", "--under", "银川市", "-o", "银川市及所辖.docx").code == 0
    before = {u: (sample / PERIOD / f"{u}.yaml").read_bytes() for u in ("yinchuan", "xingqing")}
    result, (file,) = taken(ledger, "银川市及所辖.docx")
    assert result.code == 0, file["findings"]
    assert {u: (sample / PERIOD / f"{u}.yaml").read_bytes() for u in before} == before


def test_a_unit_of_measure_is_no_unit(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["13." + catalog_text(bare, 13), "", "", "落实", "无", "无"]]
    word(rows, ("单位：万元",)).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx")
    assert file["unit"] == "zfbgt"
    assert codes(file) == ["F601"]


def test_the_period_that_a_title_names_is_the_files(sample: Path, ledger: Ledger) -> None:
    assert ledger("open", "2024H2").code == 0
    rows = [HEAD, ["13." + catalog_text(sample, 13), "", "", "落实", "无", "无"]]
    word(rows, ("政府办公厅2024年上半年落实情况",)).save("政府办公厅.docx")
    _, (file,) = taken(ledger, "政府办公厅.docx", "--dry-run")
    assert file["period"] == "2024H1"


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("司法厅.docx", ["sft"]),
        ("银川市兴庆区2024年上半年台账.docx", ["xingqing"]),
        ("银川市司法局.docx", []),
        ("银川市人民政府办公厅台账.docx", []),
        ("关于报送自治区政府办公厅台账的函.docx", ["zfbgt"]),
        ("司法厅、公安厅.docx", ["sft", "gat"]),
        ("form-2024H1-sft.docx", ["sft"]),
        ("aggregate.docx", []),
        ("银川市上报兴庆区.docx", ["xingqing"]),
        ("台账.docx", []),
    ],
)
def test_units_that_a_file_name_names(name: str, units: list[str]) -> None:
    registry, _ = read_registry((REPOSITORY / "data/units.yaml").read_bytes(), "u")
    assert registry is not None
    assert units_in_name(registry, name) == units


def test_a_file_named_after_an_office_below_is_nobodys(bare: Path, ledger: Ledger) -> None:
    rows = [HEAD, ["1." + catalog_text(bare, 1), "", "", "落实", "无", "无"]]
    word(rows).save("银川市司法局.docx")
    result, (file,) = taken(ledger, "银川市司法局.docx")
    assert (result.code, codes(file)) == (1, ["F604"])


def test_a_prefilled_form_of_ours_reads_as_before(sample: Path, ledger: Ledger) -> None:
    form = form_of(ledger, "sft", "sft.docx")
    result, (file,) = taken(ledger, form)
    assert (result.code, file["unit"], file["period"], file["result"]) == (0, "sft", "2024H1", "未变")
    assert read_submission((sample / PERIOD / "sft.yaml").read_bytes(), "x", SEED).answers
