"""变化情况表: the changes as a Word document, deleted text struck through, inserted text underlined.

Nothing is shortened. What was written is read back and compared with what was to be written.
"""

import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from ledger_cli.compare.answers import Comparison
from ledger_cli.compare.redline import Piece
from ledger_cli.exits import ToolFault
from ledger_cli.model.clip import clipped
from ledger_cli.model.plan import Plan
from ledger_cli.write.changes import ChangePart, Names, Row, counts_sentence, rows, silent_line, unread_line
from ledger_cli.write.view import title_lines
from ledger_cli.write.word.blame import settled
from ledger_cli.write.word.markup import w
from ledger_cli.write.word.render import render
from ledger_cli.write.word.template import WordTemplate

BREAK = "↵"
"""Stands where a line break itself was deleted or inserted."""
_KINDS = {"same": "同", "deleted": "删", "inserted": "增"}
_Run = dict[str, str]


def write_changes(
    template: Path,
    found: Comparison,
    names: Names,
    plan: Plan,
    scope: str,
    path: Path,
    *,
    day: date,
    shipped: Path | None = None,
) -> int:
    """Write the document and return its number of rows; where it lacks a word, raises as ``settled`` does.

    ``scope`` says what was compared with what, ``day`` becomes the document's date.
    """
    table = rows(found, names)
    title = plan.catalog.head.title
    several = len({row.period for row in table if row.period}) > 1
    content = [_row(row, names, several=several) for row in table]
    context = {
        "台账": {"名称": title, "标题": title_lines(title)},
        "变化": {
            "范围": _printable(scope),
            "概况": counts_sentence(found),
            "行": content,
            "未报": silent_line(found, names),
            "未比较": [_printable(unread_line(unread, names)) for unread in found.unread],
        },
    }

    def make(used: WordTemplate) -> None:
        render(used, context, path, title=f"{title}变化情况表", day=day)
        _read_back(path, ("".join(run["文"] for line in row["段落"] for run in line) for row in content))

    settled(WordTemplate(template), shipped, make)
    return len(table)


def _row(row: Row, names: Names, *, several: bool) -> dict[str, Any]:
    unit = names.unit(row.unit)
    return {
        "任务": f"{row.task}.{clipped(names.task(row.task), 24)}",
        "单位": f"{unit}\n（{row.period}）" if several and row.period else unit,
        "变化": row.what,
        "段落": [line for part in row.parts for line in _paragraphs(part)],
    }


def _paragraphs(part: ChangePart) -> list[list[_Run]]:
    """A column's change as paragraphs of runs."""
    paragraphs: list[list[_Run]] = [[]]
    if part.label:
        paragraphs[0].append({"类": "题", "文": f"{part.label}："})
    whole = len(part.pieces) == 1
    for piece in part.pieces:
        first, *others = piece.text.split("\n")
        paragraphs[-1].extend(_run(piece, first))
        for text in others:
            if piece.kind != "same" and not whole:
                paragraphs[-1].extend(_run(piece, BREAK))
            paragraphs.append(_run(piece, text))
    if part.remark:
        paragraphs[-1].append({"类": "同", "文": part.remark})
    return paragraphs


def _run(piece: Piece, text: str) -> list[_Run]:
    return [{"类": _KINDS[piece.kind], "文": text}] if text else []


def _printable(text: str) -> str:
    """The text without what XML cannot hold, such as the odd bytes of a file's name."""
    return "".join("�" if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)


def _read_back(path: Path, expected: Iterable[str]) -> None:
    """Raise ``ToolFault`` unless every row's content stands in a row of the document, in order and whole."""
    try:
        with zipfile.ZipFile(path) as package:
            root = etree.fromstring(package.read("word/document.xml"), etree.XMLParser(huge_tree=True))
    except (etree.XMLSyntaxError, zipfile.BadZipFile, KeyError) as error:
        raise ToolFault("写出的变化情况表读不回来") from error
    written = iter([_text(row) for row in root.iter(w("tr"))])
    for place, text in enumerate(expected, 1):
        if not any(text in row for row in written):
            raise ToolFault(f"写出的变化情况表里缺少第 {place} 行的文字，或者有字不一致")


def _text(row: Any) -> str:
    return "".join("\t" if part.tag == w("tab") else part.text or "" for part in row.iter(w("t"), w("tab")))
