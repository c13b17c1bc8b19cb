"""Small Office files that cost much to read: each as bytes, by what is odd about it."""

import io
import random
import zipfile
from collections.abc import Callable

from tests.packages import NAMESPACES, p, packed, part, r, word_file

_NUMBERING = ("numbering", "WORD.numbering+xml")
_STYLES = ("styles", "WORD.styles+xml")
_NOTES = ("footnotes", "WORD.footnotes+xml")
_COMMENTS = ("comments", "WORD.comments+xml")
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEADS = ("任务举措", "具体落实情况", "存在问题", "工作打算")


def ledger_table(rows: str) -> str:
    """A table with the heads of a ledger."""
    head = "".join(f"<w:tc>{p(r(words))}</w:tc>" for words in _HEADS)
    return f"<w:tbl><w:tr>{head}</w:tr>{rows}</w:tbl>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{p(r(words))}</w:tc>' for words in cells)}</w:tr>"


def nested(outer: str, inner: str, end: str, depth: int) -> str:
    return outer * depth + inner + end * depth


def workbook(sheet: str, strings: str = "", sheets: int = 1) -> bytes:
    """A workbook of equal sheets."""
    numbers = range(1, sheets + 1)
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="s{n}"/>' for n in numbers)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_KINDS}.sheet.main+xml"/>'
        + "".join(f'<Override PartName="/xl/s{n}.xml" ContentType="{_SHEET_KINDS}.worksheet+xml"/>' for n in numbers)
        + f'<Override PartName="/xl/strings.xml" ContentType="{_SHEET_KINDS}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(f'<Relationship Id="s{n}" Type="{_OFFICE}/worksheet" Target="s{n}.xml"/>' for n in numbers)
        + f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="strings.xml"/></Relationships>',
        "xl/strings.xml": f'<sst xmlns="{_SHEETS}">{strings}</sst>',
        **{f"xl/s{n}.xml": f'<worksheet xmlns="{_SHEETS}">{sheet}</worksheet>' for n in numbers},
    }
    return packed_tightly(parts)


def packed_tightly(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def members(count: int, content_types: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        if content_types:
            package.writestr("[Content_Types].xml", content_types)
        for number in range(count):
            package.writestr(f"{number}", b"")
    return stream.getvalue()


def _list_of(kind: str, start: str, text: str = "%1.") -> str:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
    return part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )


def _numbered(count: int, kind: str, start: str, text: str = "%1.") -> bytes:
    paragraph = p(r("一"), properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    return word_file(paragraph * count, {"n": (*_NUMBERING, _list_of(kind, start, text))})


def _notes(count: int, references: int) -> bytes:
    notes = "".join(f'<w:footnote w:id="{n}">{p(r("注" * 40))}</w:footnote>' for n in range(count))
    body = "".join(f'<w:p><w:r><w:footnoteReference w:id="{n % count}"/></w:r></w:p>' for n in range(references))
    return word_file(body, {"f": (*_NOTES, part("footnotes", notes))})


def _comments(count: int) -> bytes:
    comments = "".join(f'<w:comment w:id="{n}" w:author="甲">{p(r(f"意见{n}"))}</w:comment>' for n in range(count))
    return word_file(p(r("正文")), {"c": (*_COMMENTS, part("comments", comments))})


def _styles(count: int) -> bytes:
    styles = "".join(
        f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/><w:rPr><w:b/></w:rPr></w:style>' for n in range(count)
    )
    body = "".join(p(r("字", f'<w:rStyle w:val="s{n}"/>')) for n in range(count))
    return word_file(body, {"s": (*_STYLES, part("styles", styles))})


def _chunks(count: int) -> bytes:
    page = "<html>" + "<p>网页里的一段话</p>" * 5_000
    return word_file('<w:altChunk r:id="h"/>' * count, {"h": ("aFChunk", "text/html", page)})


def _charts(count: int) -> bytes:
    words = "".join(f"<c:v>数{n}</c:v>" for n in range(5_000))
    chart = f"<c:chart {NAMESPACES}>{words}</c:chart>"
    drawing = '<w:p><w:r><w:drawing><c:chart r:id="k"/></w:drawing></w:r></w:p>'
    return word_file(drawing * count, {"k": ("chart", "application/x+xml", chart)})


def _chained_documents() -> bytes:
    made = word_file(p(r("最里层")) * 200)
    for _ in range(4):
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        made = word_file('<w:altChunk r:id="d"/>' * 40, {"d": ("aFChunk", kind, made)})
    return made


def _cells(rows: int, columns: int, cell: str) -> str:
    return f"<sheetData>{('<row>' + cell * columns + '</row>') * rows}</sheetData>"


def _merged(count: int) -> str:
    areas = (f'<mergeCell ref="A{n}:CV{n}"/>' for n in range(1, count))
    return f"<mergeCells>{''.join(areas)}</mergeCells>"


_ATTRIBUTES = '<w:x w:a="" w:b="" w:c=""/>'
_MOVED = r("一", '<w:position w:val="6"/>')
_VALUE = "<c><v>1</v></c>"
_SHARED = '<c t="s"><v>0</v></c>'
_FIELD = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_CONTROL = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"

COSTLY: dict[str, Callable[[], bytes]] = {
    "tiny paragraphs": lambda: word_file("<w:p/>" * 350_000),
    "paragraphs with a letter": lambda: word_file(
        "".join(f"<w:p><w:r><w:t>{n}</w:t></w:r></w:p>" for n in range(90_000))
    ),
    "paragraphs, just allowed": lambda: word_file(
        "".join(f"<w:p><w:r><w:t>{n}</w:t></w:r></w:p>" for n in range(39_000))
    ),
    "paragraphs of words, just allowed": lambda: word_file(
        "".join(p(r(f"第{n}段没有归处的话")) for n in range(39_000))
    ),
    "empty runs": lambda: word_file(f"<w:p>{'<w:r/>' * 2_000_000}</w:p>"),
    "empty runs, just allowed": lambda: word_file(f"<w:p>{'<w:r/>' * 190_000}</w:p>"),
    "unknown elements": lambda: word_file(f"<w:p>{'<w:x/>' * 1_400_000}</w:p>"),
    "attributes": lambda: word_file(f"<w:p>{_ATTRIBUTES * 300_000}</w:p>"),
    "moved runs": lambda: word_file(f"<w:p>{_MOVED * 30_000}</w:p>"),
    "text boxes": lambda: word_file(
        f"<w:p>{'<w:pict><w:txbxContent><w:p><w:r/></w:p></w:txbxContent></w:pict>' * 38_000}</w:p>"
    ),
    "one long text": lambda: word_file(p(r("字" * 9_000_000))),
    "a text of many megabytes": lambda: word_file("".join(p(r("ab" * 450_000)) for _ in range(60))),
    "rows": lambda: word_file(ledger_table(row("一", "二", "三", "四") * 25_000)),
    "rows, just allowed": lambda: word_file(
        ledger_table("".join(row(f"任务{n}", f"做了{n}", "无", "无") for n in range(7_900)))
    ),
    "tagged rows": lambda: word_file(
        ledger_table(
            "".join(
                f'<w:tr><w:sdt><w:sdtPr><w:tag w:val="13|具体落实情况"/></w:sdtPr><w:sdtContent>'
                f"<w:tc>{p(r(f'做了{n}'))}</w:tc></w:sdtContent></w:sdt></w:tr>"
                for n in range(7_900)
            )
        )
    ),
    "nested tables": lambda: word_file(
        nested("<w:tbl><w:tr><w:tc>", p(r("里" * 50_000)), "</w:tc></w:tr></w:tbl>", 70)
    ),
    "nested controls": lambda: word_file(nested(_CONTROL, p(r("里")) * 20_000, "</w:sdtContent></w:sdt>", 100)),
    "very deep": lambda: word_file(nested("<w:x>", p(r("里")), "</w:x>", 300_000)),
    "open fields": lambda: word_file(f"<w:p>{_FIELD * 20_000}{r('字') * 20_000}</w:p>"),
    "alternatives": lambda: word_file(
        f"<w:p>{nested('<mc:AlternateContent><mc:Choice>', '<w:x/>' * 90_000, '</mc:Choice></mc:AlternateContent>', 80)}</w:p>"  # noqa: E501
    ),
    "numbers from two thousand millions": lambda: _numbered(20_000, "upperLetter", "2000000000"),
    "letters": lambda: _numbered(20_000, "lowerLetter", "32767", "%1%1%1%1%1%1%1%1%1"),
    "Roman numbers": lambda: _numbered(20_000, "upperRoman", "32767", "%1%1%1%1%1%1%1%1%1"),
    "a label of a million letters": lambda: _numbered(20_000, "decimal", "1", "%1" + "长" * 1_000_000),
    "footnotes": lambda: _notes(9_000, 9_000),
    "a footnote referred to for ever": lambda: word_file(
        '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' * 50_000,
        {"f": (*_NOTES, part("footnotes", f'<w:footnote w:id="1">{p(r("注" * 1_000_000))}</w:footnote>'))},
    ),
    "comments": lambda: _comments(9_000),
    "styles based on each other": lambda: _styles(15_000),
    "a page inserted for ever": lambda: _chunks(5_000),
    "a chart shown for ever": lambda: _charts(20_000),
    "documents in documents": _chained_documents,
    "a sheet of 19,000 × 100": lambda: workbook(_cells(19_000, 100, _VALUE)),
    "a far cell": lambda: workbook(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="19999"><c r="CV19999"><v>1</v></c></row></sheetData>'
    ),
    "cells, just allowed": lambda: workbook(_cells(4_000, 45, _VALUE)),
    "empty rows": lambda: workbook(f"<sheetData>{'<row/>' * 1_000_000}{'<row>' + _VALUE + '</row>'}</sheetData>"),
    "sheets": lambda: workbook(_cells(100, 20, _VALUE), sheets=700),
    "a shared text of a million letters": lambda: workbook(
        _cells(1_000, 90, _SHARED), f"<si><t>{'字' * 1_000_000}</t></si>"
    ),
    "shared texts": lambda: workbook(_cells(2, 2, _SHARED), "<si><t>字</t></si>" * 700_000),
    "merged areas": lambda: workbook(_cells(10, 3, _VALUE) + _merged(200_000)),
    "a package of 100,000 parts": lambda: members(100_000, f'<Types xmlns="{_PACKAGE}/content-types"/>'),
    "a zip of 100,000 files": lambda: members(100_000),
}
"""Each within a megabyte, or a few: what it is made of, and how."""


def costly(name: str) -> bytes:
    """One of these, with so much noise in its parts that they are not packed suspiciously well."""
    made = COSTLY[name]()
    noise = random.Random(name)  # noqa: S311
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        if len(package.namelist()) > 1_000:
            return made
        parts = {part: package.read(part) for part in package.namelist()}
    for part_name, content in parts.items():
        if len(content) > 500_000 and content.startswith(b"<"):
            parts[part_name] = content + f"<!--{noise.randbytes(len(content) // 250).hex()}-->".encode()
    return packed(parts)
