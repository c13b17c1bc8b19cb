"""Office files made to cost much, and files broken in every way: told in a sentence, and the others are taken in."""

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, Ledger
from tests.hostile import COSTLY, costly, ledger_table, row, workbook
from tests.packages import packed, r, word_file
from tests.test_intake import texts_of
from tests.test_intake_batch import ledger_file

TOLD = {
    "tiny paragraphs": "文件里有 350000 个段落，多得不正常，没有读取",
    "rows": "多得不正常，没有读取",
    "footnotes": "文件里有 9000 条脚注",
    "comments": "文件里有 9000 条批注",
    "styles based on each other": "文件里有 15000 种样式",
    "a page inserted for ever": "个段落，多得不正常",
    "documents in documents": "份插入的文档，多得不正常",
    "a label of a million letters": "自动编号的格式长得不正常",
    "nested tables": "表格套了 12 层以上",
    "nested controls": "内容控件套了 12 层以上",
    "open fields": "域套了 20 层以上",
    "sheets": "文件里有 700 张工作表，多得不正常",
    "a far cell": "文件里有 1999900 个单元格",
    "merged areas": "处合并单元格，多得不正常",
    "a shared text of a million letters": "文件里的文字超过 20000000 字",
    "a package of 100,000 parts": "个部件，多得不正常",
}

# A file that costs without bound ends the process instead of the machine; what each costs, benchmarks/hostile.py shows.
_COMMAND = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from ledger_cli.cli.app import run
print("ENDED", run(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="no limits on this system")
@pytest.mark.parametrize("name", [name for name in COSTLY if name not in TOLD])
def test_a_small_file_does_not_cost_without_bound(bare: Path, name: str) -> None:
    suffix = "zip" if name.startswith("a zip") else "xlsx" if b"xl/workbook" in costly(name) else "docx"
    Path(f"台账.{suffix}").write_bytes(costly(name))
    arguments = [sys.executable, "-c", _COMMAND, "intake", "--unit", "zfbgt", f"台账.{suffix}"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    assert done.stdout.rstrip().endswith(("ENDED 0", "ENDED 1")), (done.returncode, done.stderr[-300:])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "told"), TOLD.items())
def test_what_is_too_much_is_said_and_the_others_go_on(bare: Path, ledger: Ledger, name: str, told: str) -> None:
    suffix = "xlsx" if b"xl/workbook" in costly(name) else "docx"
    ledger_file(bare, Path("收/台账.docx"))
    Path(f"收/一.{suffix}").write_bytes(costly(name))
    result = ledger("intake", "收")
    assert result.code == 1
    (line,) = (line for line in result.out.splitlines() if "F604" in line)
    assert told in line
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


def test_the_format_of_a_cell_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger_cli.read.office import excel_values

    code = '[a]"' * 50_000
    excel_values._format.cache_clear()
    assert [excel_values._number(n, code) for n in range(3)] == ["0", "1", "2"]
    assert [excel_values._number(n, "0.00%") for n in range(3)] == ["0.00%", "100.00%", "200.00%"]
    assert excel_values._format.cache_info().misses == 2


def test_a_zip_of_too_many_files_is_told(bare: Path, ledger: Ledger) -> None:
    Path("收.zip").write_bytes(costly("a zip of 100,000 files"))
    result = ledger("intake", "收.zip")
    assert result.code == 1
    assert "压缩包里的文件超过20000个" in result.out


_LONG = "9" * 5_000


def _with(part_name: str, *changes: tuple[str, str]) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        text = parts[part_name].decode()
        for before, after in changes:
            assert before in text, before
            text = text.replace(before, after, 1)
        parts[part_name] = text.encode("utf-8", "surrogatepass")

    return change


_MAIN = "word/document.xml"
_PARAGRAPH = "<w:p>"
_ODD: dict[str, Callable[[dict[str, bytes]], Any]] = {
    "no main part": lambda parts: parts.pop(_MAIN),
    "bad symbol": _with(_MAIN, (_PARAGRAPH, '<w:p><w:r><w:sym w:font="Wingdings" w:char="XYZ"/></w:r>')),
    "long symbol": _with(_MAIN, (_PARAGRAPH, f'<w:p><w:r><w:sym w:font="Wingdings" w:char="{_LONG}"/></w:r>')),
    "long span": _with(_MAIN, ("<w:tcPr>", f'<w:tcPr><w:gridSpan w:val="{_LONG}"/>')),
    "long list": _with(
        _MAIN,
        (_PARAGRAPH, f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{_LONG}"/><w:numId w:val="{_LONG}"/></w:numPr></w:pPr>'),
    ),
    "long style": _with(_MAIN, (_PARAGRAPH, f'<w:p><w:pPr><w:pStyle w:val="{_LONG}"/></w:pPr>')),
    "long tag": _with(
        _MAIN,
        (
            "<w:tc>",
            f'<w:tc><w:p><w:sdt><w:sdtPr><w:tag w:val="{_LONG}|具体落实情况"/></w:sdtPr>'
            "<w:sdtContent><w:r><w:t>字</w:t></w:r></w:sdtContent></w:sdt></w:p>",
        ),
    ),
    "long number": _with(_MAIN, (_PARAGRAPH, f"<w:p><w:r><w:t>{_LONG}．一</w:t></w:r>")),
    "surrogate": _with(_MAIN, (_PARAGRAPH, "<w:p><w:r><w:t>\ud800</w:t></w:r>")),
    "control character": _with(_MAIN, (_PARAGRAPH, "<w:p><w:r><w:t>\x01</w:t></w:r>")),
    "reference to a control character": _with(_MAIN, (_PARAGRAPH, "<w:p><w:r><w:t>&#1;</w:t></w:r>")),
    "wrong namespace": _with(_MAIN, ("wordprocessingml/2006/main", "wordprocessingml/1999/main")),
    "document type": _with(_MAIN, ("<w:document", '<!DOCTYPE a [<!ENTITY b "c">]><w:document')),
    "cut short": lambda parts: parts.update({_MAIN: parts[_MAIN][: len(parts[_MAIN]) // 2]}),
    "no body": _with(_MAIN, ("<w:body>", "<w:bodies>"), ("</w:body>", "</w:bodies>")),
    "empty part": lambda parts: parts.update({_MAIN: b""}),
}


def _zip_with(data: bytes, place: int, value: int) -> bytes:
    """A zip with two bytes of the main part's headers changed: the local one, and its copy in the directory."""
    made = bytearray(data)
    name = _MAIN.encode()
    local, central = data.index(name) - 30, data.rindex(name) - 46
    struct.pack_into("<H", made, local + place, value)
    struct.pack_into("<H", made, central + place + 2, value)
    return bytes(made)


def test_no_broken_form_ends_a_batch(bare: Path, ledger: Ledger) -> None:
    sound = ledger_file(bare, Path("收/台账.docx"))
    data = sound.read_bytes()
    for name, change in _ODD.items():
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {part: package.read(part) for part in package.namelist()}
        change(parts)
        Path(f"收/{name}.docx").write_bytes(packed(parts))
    for name, place, value in (("zip version", 4, 999), ("compression", 8, 77), ("LZMA", 8, 14), ("bzip2", 8, 12)):
        Path(f"收/{name}.docx").write_bytes(_zip_with(data, place, value))
    for name, cell in {
        "row": f'<row r="{_LONG}"><c><v>1</v></c></row>',
        "column": f'<row><c r="A{_LONG}"><v>1</v></c></row>',
        "style": f'<row><c s="{_LONG}"><v>1</v></c></row>',
        "shared": f'<row><c t="s"><v>{_LONG}</v></c></row>',
        "value": f"<row><c><v>{_LONG}</v></c></row>",
        "serial": '<row><c t="d"><v>x</v></c></row>',
    }.items():
        Path(f"收/{name}.xlsx").write_bytes(workbook(f"<sheetData>{cell}</sheetData>"))
    result = ledger("intake", "收", "--format", "json")
    assert result.code == 1, result.err
    files = {Path(file["file"]).name: file for file in json.loads(result.out)["files"]}
    assert len(files) == len(_ODD) + 11
    assert all(file["result"] for file in files.values())
    for name in ("no main part", "surrogate", "control character", "document type", "cut short", "LZMA", "compression"):
        assert [found["code"] for found in files[f"{name}.docx"]["findings"]] == ["F604"], name
    for name in ("row", "column", "shared"):
        assert [found["code"] for found in files[f"{name}.xlsx"]["findings"]] == ["F604"], name


def test_words_outside_any_paragraph_are_told(bare: Path, ledger: Ledger) -> None:
    Path("台账.docx").write_bytes(word_file(ledger_table(row("一", "二", "三", "四")) + r("段落外面的一句话")))
    assert "段落外面的一句话" in ledger("intake", "--unit", "zfbgt", "台账.docx").out
