"""Filled forms with something wrong in them."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl.cell.cell import MergedCell

from ledger_cli.cli.app import run as run_command
from ledger_cli.intake.net import essence
from tests.fuzz.trial import Case, Reader, flipped
from tests.packages import packed, unpacked

_Change = Callable[[random.Random, Any], None]
_Edit = Callable[[random.Random, bytes], bytes]
_TEXTS = (
    "甲类文书已经评查三百件", "乙类问题尚有两处", "丙类打算下半年推开",
    "丁类培训办了四期", "戊类经费没有着落", "己类考核年底完成",
    "庚类证件换发一新", "辛类系统常有中断", "壬类平台明年升级",
)  # fmt: skip
"""What the forms' answers say, three to a task."""


def _damages(name: str, edited: _Edit) -> Callable[[random.Random], Case]:
    """Cases of the filled form of that name: in half of them all words stay in it."""

    def case(chance: random.Random) -> Case:
        form = Path(name).read_bytes()
        keeps = chance.random() < 0.5
        changed = edited(chance, form) if keeps else _damaged(chance, form)
        texts = tuple(words for words in _TEXTS if keeps and _holds(changed, words))
        return Case(name, changed, (("intake", "--unit", "zfbgt", "--format", "json", name),), texts)

    return case


def _lost(case: Case, printed: str) -> list[str]:
    if "F604" in printed:
        return []
    written = "".join(path.read_text("utf-8") for path in Path("submissions").rglob("*.yaml"))
    there = essence(printed + written)
    return [words for words in case.texts if essence(words) not in there]


def _holds(data: bytes, words: str) -> bool:
    spellings = (words.encode(), words.encode("ascii", "xmlcharrefreplace"))
    return any(spelling in part for part in unpacked(data).values() for spelling in spellings)


def _moved(chance: random.Random, data: bytes) -> bytes:
    """The form with elements around the words moved, doubled or taken away, but no words."""
    parts = unpacked(data)
    name = next(name for name in ("word/document.xml", "xl/worksheets/sheet1.xml") if name in parts)
    root = etree.fromstring(parts[name])
    kinds = ("p", "r", "tc", "tr", "sdt", "c", "row")
    for _ in range(chance.randint(1, 4)):
        found = [e for e in root.iter() if isinstance(e.tag, str) and etree.QName(e).localname in kinds]
        chance.choice((_move, _double, _unwrap))(chance, chance.choice(found))
    parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return packed(parts)


def _move(chance: random.Random, element: Any) -> None:
    siblings = list(element.getparent())
    element.getparent().insert(chance.randrange(len(siblings)), element)


def _double(chance: random.Random, element: Any) -> None:
    element.addnext(etree.fromstring(etree.tostring(element)))


def _unwrap(chance: random.Random, element: Any) -> None:
    for child in element:
        element.addprevious(child)
    parent: Any = element.getparent()
    parent.remove(element)


def _damaged(chance: random.Random, data: bytes) -> bytes:
    """The form with bytes of the zip or of a part changed, a part cut short, or attributes set to anything."""
    if chance.random() < 0.3:
        return flipped(chance, data, 10)
    parts = unpacked(data)
    name = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    kind = chance.randrange(4)
    if kind == 0:
        parts[name] = parts[name][: chance.randrange(len(parts[name]))]
    elif kind == 1:
        parts[name] = flipped(chance, parts[name], 10)
    elif kind == 2:
        del parts[name]
    else:
        root = etree.fromstring(parts[name])
        for _ in range(chance.randint(1, 5)):
            element = chance.choice([e for e in root.iter() if isinstance(e.tag, str)])
            value = chance.choice(("", "-1", "x", "9" * 5_000, "2147483648", "１", "²", "\u2028", "true", "A0"))
            for key in element.keys() or ["x"]:
                if chance.random() < 0.7:
                    element.set(key, value)
            parent = element.getparent()
            if chance.random() < 0.3 and parent is not None:
                parent.remove(element)
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return packed(parts)


def _rearranged(chance: random.Random, data: bytes) -> bytes:
    """A workbook with texts in other cells, rows, sheets and comments, as people leave them."""
    from openpyxl import load_workbook
    from openpyxl.comments import Comment

    if chance.random() < 0.2:
        return _moved(chance, data)
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    for _ in range(chance.randint(1, 4)):
        filled = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        one, other = chance.choice(filled), chance.choice(filled)
        kind = chance.randrange(8)
        if kind == 0:
            one.value, other.value = other.value, one.value
        elif kind == 1:
            place = sheet.cell(chance.randint(1, sheet.max_row + 3), chance.randint(1, sheet.max_column + 2))
            if not place.value and not isinstance(place, MergedCell):
                place.value, one.value = one.value, None
        elif kind == 2:
            sheet.insert_rows(chance.randint(1, sheet.max_row))
        elif kind == 3:
            sheet.insert_cols(chance.randint(1, sheet.max_column))
        elif kind == 4:
            one.comment, one.value = Comment(one.value, "甲"), None
        elif kind == 5:
            book.create_sheet().cell(chance.randint(1, 9), chance.randint(1, 9)).value = one.value
            one.value = None
        elif kind == 6:
            sheet.row_dimensions[one.row].hidden = True
        elif sheet.merged_cells.ranges:
            sheet.unmerge_cells(str(chance.choice(sorted(sheet.merged_cells.ranges, key=str))))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill_word() -> None:
    """A form of the general office in Word with answers."""
    assert run_command(["form", "zfbgt", "-o", "表.docx"]) == 0
    document = unpacked(Path("表.docx").read_bytes())
    text = document["word/document.xml"].decode()
    for words in _TEXTS:
        text = text.replace("点击此处填写", words, 1)
    document["word/document.xml"] = text.replace("<w:showingPlcHdr/>", "").encode()
    Path("表.docx").write_bytes(packed(document))


def _fill_excel() -> None:
    """The same in Excel."""
    from openpyxl import load_workbook

    assert run_command(["form", "zfbgt", "-o", "表.xlsx"]) == 0
    book = load_workbook("表.xlsx")
    sheet = book.worksheets[0]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "具体落实情况" for cell in row))
    first = next(cell for cell in heads if cell.value == "具体落实情况")
    for place, words in enumerate(_TEXTS):
        sheet.cell(first.row + 1 + place // 3, first.column + place % 3).value = words
    book.save("表.xlsx")


READERS = (
    Reader("word", _fill_word, _damages("表.docx", _moved), _lost),
    Reader("excel", _fill_excel, _damages("表.xlsx", _rearranged), _lost),
)
