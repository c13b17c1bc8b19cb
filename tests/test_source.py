"""What a file is, is told by its content: old formats are converted, the rest is named in a sentence."""

import base64
import http.server
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from ledger_cli.edge.libreoffice import NoCalc, NoOffice, convert_bytes, find_office
from ledger_cli.exits import CannotRun
from ledger_cli.intake.source import read_filled
from ledger_cli.read.office.tables import FilledDocument, UnreadableFile
from tests.conftest import PERIOD, Ledger
from tests.packages import p, packed, r, strict, word_file
from tests.test_pdf import need

Made = Callable[[bytes, str, str, str], bytes]


def no_converter(_data: bytes, _suffix: str, _kind: str, _reader: str) -> bytes:
    raise NoOffice("没有", "没有。")


def words(document: FilledDocument) -> str:
    lines = [line for block in document.blocks if isinstance(block, list) for line in block]
    return "\n".join([*lines, *(cell.text for table in document.tables for row in table.rows for cell in row)]).strip()


def refusal(data: bytes, name: str = "表.docx", convert: Made = no_converter) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_filled(data, name, convert)
    assert caught.value.hint.endswith("。")
    return f"{caught.value.message}｜{caught.value.hint}"


def sheet(*values: str) -> bytes:
    book = Workbook()
    active = book.active
    assert active is not None
    active.append(list(values))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def letter(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def office(data: bytes, suffix: str, kind: str, reader: str = "") -> bytes:
    need(find_office(), "LibreOffice")
    return convert_bytes(data, suffix, kind, reader)


@pytest.mark.parametrize("name", ["表.wps", "表.doc", "表.xls", "表.et", "表.xlsx", "表", "表.yaml"])
def test_files_of_today_are_read_under_any_name(name: str) -> None:
    template = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
    for data in (word_file(p(r("甲"))), word_file(p(r("甲")), main=template), strict(word_file(p(r("甲"))))):
        assert words(read_filled(data, name, no_converter)) == "甲"
    for data in (sheet("甲"), strict(sheet("甲"))):
        assert words(read_filled(data, name, no_converter)) == "甲"


def ole(*streams: str, content: bytes = b"") -> bytes:
    """A compound file with those streams at its top, as [MS-CFB] lays it out."""
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF

    def numbers(*values: int) -> bytes:
        return b"".join(value.to_bytes(4, "little") for value in values)

    def entry(name: str, right: int, child: int, start: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        body = text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + b"\2\1" + numbers(none, right, child)
        return body + bytes(36) + numbers(start, 512, 0)

    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10)
    header += numbers(1, 1, 0, 4096, end, 0, end, 0, 0, *[free] * 108)
    table = numbers(0xFFFFFFFD, 2, end, end).ljust(512, b"\xff")
    made = [entry("Root Entry", none, 1 if streams else none, end)]
    made += [entry(name, place + 1 if place < len(streams) else none, none, 3) for place, name in enumerate(streams, 1)]
    entries = b"".join(made).ljust(1024, b"\0")
    return header + table + entries + content.ljust(512, b"\0")


ENCRYPTED_WORD = b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x01"
PASSWORD_BOOK = b"\x09\x08\x02\0\0\0" + b"\x2f\0\x02\0\0\0"


def unopened(_data: bytes, _suffix: str, _kind: str, _reader: str) -> bytes:
    raise CannotRun("LibreOffice 没有生成", "x。")


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "空的"),
        (b"\r\n", "空的"),
        (b"%PDF-1.7 x", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (b"BM\x36\0\0\0\0\0\0\0", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (packed({"a.txt": "x"}), "压缩包"),
        ("BMI 指标：你好".encode(), "纯文本"),
        ("PK 赛：你好".encode(), "纯文本"),
        ("单位: sft\n".encode("gb18030"), "纯文本"),
        (b"\x01\x02\x03\xfe", "不是 Word、Excel"),
        (b"PK\x03\x04 broken", "损坏"),
        (ole("PowerPoint Document"), "不是 Word、Excel"),
        (ole(), "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "损坏"),
        (ole("EncryptedPackage", "EncryptionInfo"), "加了密码"),
        (ole("WordDocument", content=ENCRYPTED_WORD), "加了密码"),
        (ole("Workbook", content=PASSWORD_BOOK), "加了密码"),
        (ole("WordDocument"), "旧版 Word（.doc、.wps）文件，要先装 LibreOffice"),
        (ole("1Table", "WordDocument"), "旧版 Word（.doc、.wps）文件，要先装 LibreOffice"),
        (ole("Workbook"), "旧版 Excel（.xls、.et）文件，要先装 LibreOffice"),
        (ole("Book"), "另存为 .xlsx"),
        (b"{\\rtf1 x}", "RTF 文件，要先装 LibreOffice"),
        (b"<html><body>x", "网页文件，要先装 LibreOffice"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument 文档（.odt），要先装"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument 表格（.ods），要先装"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.presentation"}), "不是 Word、Excel"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text",
                 "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "加了密码"),
        (word_file(p(), main="application/vnd.ms-word.document.macroEnabled.main+xml"), "带宏"),
        (word_file(p(), main="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
         "不是 Word、Excel"),
        (b'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>', "XML"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(data: bytes, part: str) -> None:
    for name in ("表.docx", "表.doc", "表.xls"):
        assert part in refusal(data, name)


def test_streams_are_looked_for_at_the_top_and_a_loop_in_the_directory_ends() -> None:
    data = ole("A", "B")
    looped = data.replace(b"\2\0\0\0", b"\1\0\0\0")
    assert "不是 Word、Excel" in refusal(data)
    assert refusal(looped)


def test_libreoffice_without_its_sheets_and_files_it_cannot_open_are_told() -> None:
    def no_sheets(_data: bytes, _suffix: str, _kind: str, _reader: str) -> bytes:
        raise NoCalc("x", "x。")

    assert "没有装表格部分（Calc）" in refusal(ole("Workbook"), convert=no_sheets)
    assert "加了密码或者已经损坏" in refusal(ole("Workbook"), convert=unopened)
    assert "文件加了密码" in refusal(ole("Workbook", content=PASSWORD_BOOK), convert=unopened)


def test_an_intake_without_libreoffice_says_so(bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger_cli.edge.libreoffice.find_office", lambda: None)
    Path("表.et").write_bytes(ole("Workbook"))
    result = ledger("intake", "表.et")
    assert result.code == 1
    assert "这是旧版 Excel（.xls、.et）文件，要先装 LibreOffice 才能直接收" in result.out


WORD_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument '
    'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>甲乙</w:t></w:r></w:p>'
    "</w:body></w:wordDocument>"
)
EXCEL_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook '
    'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="a"><Table><Row><Cell><Data ss:Type="String">甲乙</Data></Cell></Row></Table></Worksheet>'
    "</Workbook>"
)
PAGE = (
    '<html><head><meta charset="gb2312"></head><body>{}<table><tr><td>007</td><td>2024-07</td>'
    "<td>10<sup>3</sup></td></tr></table>"
)
ARCHIVE = (
    b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html\n\n%b\n--b--\n'
)


@pytest.mark.office
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (WORD_2003.encode(), "甲乙"),
        (EXCEL_2003.encode(), "甲乙"),
        (PAGE.format("甲").encode("gb2312"), "甲\n\n007\n2024-07\n10³"),
        (b"\xef\xbb\xbf" + PAGE.format("甲").encode(), "甲\n\n007\n2024-07\n10³"),
        (ARCHIVE % PAGE.format("甲").encode("gb2312"), "甲\n\n007\n2024-07\n10³"),
        (rb"{\rtf1\ansi\ansicpg936 5x10{\super 3}\par}", "5x10³"),
    ],
)
def test_pages_rtf_and_xml_of_2003_are_read_under_any_name(data: bytes, text: str) -> None:
    need(find_office(), "LibreOffice")
    assert words(read_filled(data, "表.doc")).replace("\n\n\n", "\n\n") == text


@pytest.mark.office
@pytest.mark.parametrize(("first", "second"), [("doc", "docx"), ("odt", "docx"), ("xls", "xlsx"), ("ods", "xlsx")])
def test_old_and_open_formats_are_read_under_any_name(first: str, second: str) -> None:
    data = sheet("甲乙", "007") if second == "xlsx" else letter("甲乙")
    old = office(data, f".{second}", first)
    assert words(read_filled(old, "表.docx")).startswith("甲乙")


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The addresses that somebody asked a server on this machine for; the first is the server's own."""
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(PICTURE)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        requests.append(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield requests
        server.shutdown()
        thread.join()


@pytest.mark.office
def test_nothing_is_fetched_for_a_page(asked: list[str]) -> None:
    need(find_office(), "LibreOffice")
    (server,) = asked
    page = (
        f'<html><head><link rel="stylesheet" href="{server}/a.css"><base href="{server}/"></head><body>'
        f'<p>甲<img src="{server}/b.png"><img src="c.png"></p><iframe src="{server}/d"></iframe>'
        f'<table background="{server}/e.png"><tr><td>乙</td></tr></table></body></html>'
    )
    document = read_filled(page.encode(), "表.doc")
    assert asked == [server]
    assert {loss.kind for loss in document.losses} == {"图片"}
    # Without taking links out of the page the converter must not follow them either.
    convert_bytes(page.encode(), ".html", "docx", "HTML (StarWriter)")
    rtf = rf'{{\rtf1 x{{\field{{\*\fldinst INCLUDEPICTURE "{server}/f.png"}}{{\fldrslt y}}}}}}'
    convert_bytes(rtf.encode(), ".rtf", "docx")
    assert asked == [server]


@pytest.mark.office
def test_no_file_of_this_machine_is_put_into_what_is_converted(tmp_path: Path) -> None:
    need(find_office(), "LibreOffice")
    secret = tmp_path / "secret.png"
    secret.write_bytes(PICTURE)
    page = f'<html><body><p>甲<img src="{secret.as_uri()}"></p></body></html>'.encode()
    assert b"/Subtype/Image" not in convert_bytes(page, ".html", "pdf", "HTML (StarWriter)")


@pytest.mark.office
def test_a_ledger_saved_as_a_page_and_named_xls_is_taken_in(bare: Path, ledger: Ledger) -> None:
    need(find_office(), "LibreOffice")
    head = "".join(f"<th>{name}</th>" for name in ("序号", "具体落实情况", "存在问题", "工作打算"))
    row = "<td>13</td><td>产值5×10<sup>3</sup>万元，文号007</td><td>无</td><td>再办</td>"
    page = f'<html><meta charset="gb2312"><table border=1><tr>{head}</tr><tr>{row}</tr></table></html>'
    Path("政府办公厅.xls").write_bytes(page.encode("gb2312"))
    ledger("intake", "政府办公厅.xls")
    assert "产值5×10³万元，文号007" in (bare / PERIOD / "zfbgt.yaml").read_text("utf-8")


def test_a_document_saved_as_docx_but_named_doc_needs_no_converter(
    bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger_cli.edge.libreoffice.find_office", lambda: None)
    document = Document()
    table = document.add_table(2, 4)
    for cell, text in zip(
        table._cells, ("序号", "具体落实情况", "存在问题", "工作打算", "13", "办结", "无", "再办"), strict=True
    ):
        cell.text = text
    document.save("政府办公厅.doc")
    ledger("intake", "政府办公厅.doc")
    assert "办结" in (bare / PERIOD / "zfbgt.yaml").read_text("utf-8")
