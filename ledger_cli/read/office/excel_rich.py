"""Texts of Excel cells whose characters are formatted one by one: exponents and symbols, which openpyxl drops."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger_cli.read.office.excel_values import decoded
from ledger_cli.read.office.namespaces import SHEET
from ledger_cli.read.office.package import Package
from ledger_cli.read.office.script import Piece, joined
from ledger_cli.read.office.symbols import is_symbol_font, symbols, unknown_symbol
from ledger_cli.read.office.tables import Loss

_FORMATTED = b"rPr"


@dataclass(slots=True)
class RichText:
    """A text with its exponents and symbols spelled out, and what no character says."""

    text: str
    losses: list[Loss] = field(default_factory=list)


def shared_rich_texts(package: Package, book: str) -> dict[int, RichText]:
    """The workbook's shared texts that mean more than their characters, by index."""
    found: dict[int, RichText] = {}
    for name in package.related(book, "sharedStrings")[:1]:
        if _FORMATTED not in package.data(name):
            continue
        items = (element for event, element in package.elements(name, [f"{SHEET}si"]) if event == "end")
        for place, item in enumerate(items):
            rich = rich_text(item)
            if rich is not None:
                found[place] = rich
    return found


def rich_text(element: Any) -> RichText | None:
    """The text of an ``si`` or ``is``; None where its characters say it all."""
    made = RichText("")
    pieces = list(_pieces(element, made.losses))
    spelled, typed = joined(pieces), "".join(text.text or "" for text in _texts(element))
    made.text = decoded(spelled)
    return made if made.losses or spelled != typed else None


def in_font(text: str, font: str | None) -> RichText:
    """A text all in one font, as it looks where that is one of symbols."""
    made = RichText(text)
    if font is not None and is_symbol_font(font):
        made.text = "".join(_shown(text, font, made.losses))
    return made


def _texts(element: Any) -> Iterator[Any]:
    yield from element.iterchildren(f"{SHEET}t")
    for run in element.iterchildren(f"{SHEET}r"):
        yield from run.iterchildren(f"{SHEET}t")


def _pieces(element: Any, losses: list[Loss]) -> Iterator[Piece]:
    yield from ((text.text or "", "") for text in element.iterchildren(f"{SHEET}t"))
    for run in element.iterchildren(f"{SHEET}r"):
        script, font = _value(run, "vertAlign"), _value(run, "rFont")
        for text in run.iterchildren(f"{SHEET}t"):
            words = text.text or ""
            yield "".join(_shown(words, font, losses)) if is_symbol_font(font) else words, script


def _shown(text: str, font: str, losses: list[Loss]) -> Iterator[str]:
    for char, shown in symbols(text, font):
        if shown is None:
            losses.append(Loss("符号", unknown_symbol(font, ord(char))))
        else:
            yield shown


def _value(run: Any, name: str) -> str:
    found = run.find(f"{SHEET}rPr/{SHEET}{name}")
    value = str(found.get("val", "")) if found is not None else ""
    return "" if value == "baseline" else value
