"""A filled file to its document, by what the file is and not by what it is called.

Word and Excel files of today are read as they are. Old formats, OpenDocument, RTF and web pages are turned into
these by a converter that the caller may give. Whatever else it is, is told in a sentence.
"""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from ledger_cli.edge.libreoffice import NoCalc, NoOffice, convert_bytes
from ledger_cli.exits import CannotRun
from ledger_cli.read.office.budget import open_package
from ledger_cli.read.office.inserted import archived_page, decoded
from ledger_cli.read.office.ole import SIGNATURE, OleFile
from ledger_cli.read.office.package import EXCEL, WORD, Package
from ledger_cli.read.office.tables import FilledDocument, UnreadableFile
from ledger_cli.read.office.word import KINDS as WORD_KINDS
from ledger_cli.read.office.word import read_word

Convert = Callable[[bytes, str, str, str], bytes]
"""Turns a document (its bytes, its suffix) into a kind, ``docx`` or ``xlsx``, with the named import filter.

Raises ``CannotRun``, ``NoOffice`` where there is no converter.
"""


SUFFIXES = (
    *(".docx", ".dotx", ".docm", ".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ott"),
    *(".xlsx", ".xltx", ".xlsm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".ots", ".htm", ".html", ".mht"),
)
"""What the files are usually called that can be read, or refused with a reason, in a folder of all sorts of files."""


@dataclass(frozen=True, slots=True)
class _Foreign:
    """A format that has to be converted: what to call it, its suffix, what to make of it, with which filter."""

    name: str
    suffix: str
    kind: str
    reader: str = ""


_WORD_97 = _Foreign("旧版 Word（.doc、.wps）文件", ".doc", "docx")
_EXCEL_97 = _Foreign("旧版 Excel（.xls、.et）文件", ".xls", "xlsx")
_BINARY_SHEETS = _Foreign("Excel 二进制工作簿（.xlsb）", ".xlsb", "xlsx")
_RTF = _Foreign("RTF 文件", ".rtf", "docx")
# A page's tables go through the word processor: the sheet program would turn 007 and 2024-07 into numbers and days.
_PAGE = _Foreign("网页文件", ".html", "docx", "HTML (StarWriter)")
_WORD_2003 = _Foreign("Word 2003 的 XML 文件", ".xml", "docx", "MS Word 2003 XML")
_EXCEL_2003 = _Foreign("Excel 2003 的 XML 表格", ".xml", "xlsx", "MS Excel 2003 XML")
_OPEN_DOCUMENTS = {
    "text": _Foreign("OpenDocument 文档（.odt）", ".odt", "docx"),
    "text-template": _Foreign("OpenDocument 文档模板（.ott）", ".ott", "docx"),
    "spreadsheet": _Foreign("OpenDocument 表格（.ods）", ".ods", "xlsx"),
    "spreadsheet-template": _Foreign("OpenDocument 表格模板（.ots）", ".ots", "xlsx"),
}

_EMPTY = "文件是空的，一个字也没有"
_RESEND = "请对方重新发一份。"
_COPY = "把内容复制到填报表里，再收填报表。"
_REFUSED = {
    "password": ("文件加了密码，打不开", "请对方去掉密码再发；知道密码的，打开以后去掉密码另存。"),
    "damaged": ("这是旧版 Office 文件，已经损坏", _RESEND),
    "other office": ("这是 Office 文件，但不是 Word、Excel 文件", f"请对方发 Word 或者 Excel 文件；或者{_COPY}"),
    "pdf": ("这是 PDF 文件，不能直接收", f"请对方发 Word 文件；没有的，{_COPY}"),
    "picture": ("这是图片，文字在图里，不能直接收", "请对方发 Word 文件；没有的，把文字录进填报表，再收填报表。"),
    "archive": ("这是压缩包，里面不是一个 Word、Excel 文件", "解压以后收里面的文件。"),
    "flat": ("这是存成 XML 的 Word、Excel 文件", "用 Word 或者 Excel 打开，另存为 .docx 或者 .xlsx 再试。"),
    "text": ("这是纯文本文件，里面没有表格", f"请对方发 Word 文件；或者{_COPY}"),
    "unknown": ("这不是 Word、Excel 文件，或者文件已经损坏", "请对方重发，或者用 Word 打开另存为 .docx。"),
}
"""Why a file cannot be read, and what to do, by what it is."""

_NO_OFFICE_FILES = frozenset({"pdf", "picture", "archive", "text", "other office"})

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_HEAD = 8192
_UNTYPED = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_REFERENCES = re.compile(r"<\?xml[^>]*>|</?(?:meta|link|base|iframe|frame|embed)\b[^>]*>", re.IGNORECASE)


def read_filled(data: bytes, name: str, convert: Convert = convert_bytes) -> FilledDocument:
    """The document in a file's bytes; raises ``UnreadableFile``.

    ``name`` is used only for the wording where the file does not tell what it is.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise UnreadableFile(_EMPTY, _RESEND)
    if data.startswith(SIGNATURE):
        return _read_ole(data, convert)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _read_archive(data, name, convert)
    if data[:1024].lstrip().startswith(b"%PDF"):
        raise _refusal("pdf")
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP" or (data[:2] == b"BM" and data[6:10] == bytes(4)):
        raise _refusal("picture")
    if data.startswith(_ARCHIVES):
        raise _refusal("archive")
    if data.lstrip().startswith(b"{\\rtf"):
        return _read_foreign(data, _RTF, convert)
    return _read_marked_up(data, convert)


def _read_ole(data: bytes, convert: Convert) -> FilledDocument:
    file = OleFile.of(data)
    if "EncryptedPackage" in file.streams:
        raise _refusal("password")
    kinds = {"WordDocument": _WORD_97, "Workbook": _EXCEL_97, "Book": _EXCEL_97}
    kind = next((kind for stream, kind in kinds.items() if stream in file.streams), None)
    if kind is None:
        raise _refusal("other office" if file.streams else "damaged")
    try:
        return _read_foreign(data, kind, convert)
    except UnreadableFile as error:
        # Excel sets a password of its own to protect a workbook's structure; LibreOffice knows it.
        raise (_refusal("password") if file.is_encrypted else error) from error


def _read_archive(data: bytes, name: str, convert: Convert) -> FilledDocument:
    try:
        with open_package(data) as archive:
            names = set(archive.namelist())
            kind = _open_document(archive) if "mimetype" in names else None
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile lets through what zlib, struct and lzma raise
        raise _refusal("unknown") from error
    if kind is not None:
        return _read_foreign(data, kind, convert)
    if "[Content_Types].xml" not in names:
        raise _refusal("archive")
    package = Package(data, EXCEL if name.lower().endswith((".xlsx", ".et", ".xls")) else WORD)
    content = package.kind(package.main)
    if "spreadsheetml" in content or "ms-excel" in content:
        if "sheet.binary" in content:
            return _read_foreign(data, _BINARY_SHEETS, convert)
        return _read_excel(data)
    if content in WORD_KINDS or "ms-word" in content or not package.main:
        return read_word(data)
    raise _refusal("other office")


def _open_document(archive: zipfile.ZipFile) -> _Foreign | None:
    """The kind of an OpenDocument file; None where it is none. One with a password is refused."""
    with archive.open("mimetype") as part:
        family = part.read(200).decode("ascii", "replace").strip()
    prefix = "application/vnd.oasis.opendocument."
    if not family.startswith(prefix):
        return None
    if "META-INF/manifest.xml" in archive.namelist():
        with archive.open("META-INF/manifest.xml") as part:
            if b"encryption-data" in part.read(1 << 20):
                raise _refusal("password")
    kind = _OPEN_DOCUMENTS.get(family.removeprefix(prefix))
    if kind is None:
        raise _refusal("other office")
    return kind


def _read_marked_up(data: bytes, convert: Convert) -> FilledDocument:
    """XML of Office 2003, web pages whatever they are called, and what is neither."""
    page = archived_page(data)
    text = page if page is not None else decoded(data)
    head = text[:_HEAD].lstrip("\ufeff \t\r\n").lower()
    if head.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in head and "<html" not in head:
            return _read_foreign(data, _EXCEL_2003, convert)
        if "schemas.microsoft.com/office/word/2003/wordml" in head:
            return _read_foreign(data, _WORD_2003, convert)
        if "schemas.microsoft.com/office/2006/xmlpackage" in head:
            raise _refusal("flat")
        if any(f"<{tag}" in head for tag in ("html", "!doctype html", "table", "body", "meta", "div", "p>")):
            return _read_foreign(_plain_page(text), _PAGE, convert)
    raise _refusal("unknown" if _UNTYPED.search(head) else "text")


def _plain_page(page: str) -> bytes:
    """A page in UTF-8 without what names its encoding or refers elsewhere; pictures stay, and are told."""
    return b'<meta charset="utf-8">' + _REFERENCES.sub("", page.lstrip("\ufeff")).encode("utf-8", "replace")


def _read_excel(data: bytes) -> FilledDocument:
    from ledger_cli.read.office.excel import read_excel  # noqa: PLC0415 - openpyxl is slow to load

    return read_excel(data)


def _read_foreign(data: bytes, foreign: _Foreign, convert: Convert) -> FilledDocument:
    program = EXCEL if foreign.kind == "xlsx" else WORD
    save = f"用 {program.name} 或者 WPS 打开，另存为 {program.suffix} 再收"
    try:
        made = convert(data, foreign.suffix, foreign.kind, foreign.reader)
    except NoCalc as error:
        message = f"这是{foreign.name}，而这台电脑的 LibreOffice 没有装表格部分（Calc），不能直接收"
        raise UnreadableFile(message, f"装上 LibreOffice 的 Calc 再收；或者{save}。") from error
    except NoOffice as error:
        message = f"这是{foreign.name}，要先装 LibreOffice 才能直接收"
        raise UnreadableFile(message, f"装上 LibreOffice 再收；或者{save}。") from error
    except CannotRun as error:
        message = f"这是{foreign.name}，LibreOffice 没有打开它，多半是加了密码或者已经损坏"
        raise UnreadableFile(message, f"{save}。") from error
    return read_word(made) if foreign.kind == "docx" else _read_excel(made)


def _refusal(what: str) -> UnreadableFile:
    return UnreadableFile(*_REFUSED[what], foreign=what in _NO_OFFICE_FILES)
