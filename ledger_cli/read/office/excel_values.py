"""The values of Excel cells as people see them: numbers, dates and texts by their formats."""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from openpyxl.utils.datetime import from_excel

# Formats that Chinese Excel keeps under these numbers without spelling them out; openpyxl takes them for General.
_CHINESE_DAYS = frozenset((*range(27, 37), *range(50, 59)))
_CHINESE_MONTHS = frozenset((27, 36, 50, 52, 57))
_NUMBER = re.compile(r'(?:"([^"]*)")?(#,##)?(0+)(\.0+)?(%?)(?:"([^"]*)")?')
_QUANTIZABLE = 10**15
_LONGEST_FORMAT = 255  # Excel takes no longer one
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|_.|\*.|\\(?=.)")
# How Excel writes a carriage return, and a text that looks like such a code; openpyxl leaves them.
_CODE = re.compile("_x000D_|_x005F_(?=x)")
_QUOTED = re.compile(r'"[^"]*"')


def cell_text(cell: Any, formula: str | None) -> str:
    """A value as people see it, lines separated by line breaks."""
    value = cell.value
    if value is None:
        return f"={formula.removeprefix('_xlfn.')}" if formula else ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        kind = cell.style_array.numFmtId
        if kind not in _CHINESE_DAYS:
            return _number(value, cell.number_format)
        epoch = cell.parent.parent.epoch
        return _moment(from_excel(value, epoch), "yyyy" if kind in _CHINESE_MONTHS else "d")
    if isinstance(value, date | time):
        return _moment(value, cell.number_format)
    return decoded(str(value))


def decoded(text: str) -> str:
    """A text without Excel's codes for characters, its line breaks in one spelling."""
    text = _CODE.sub(lambda code: "\r" if code[0] == "_x000D_" else "_", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float, code: str) -> str:
    """A number by its format where that is a common one: digits, thousands, percent, a word before or behind."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    parts, percent = _format(code)
    if not parts or abs(number) > _QUANTIZABLE:
        rounded = number if number == number.to_integral_value() else Decimal(f"{value:.15g}")
        return _plain(rounded * 100 if percent else rounded) + percent
    before, thousands, whole, fraction, percent, after = parts
    places = max(0, len(fraction) - 1)
    scaled = (number * 100 if percent else number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits = f"{scaled:,f}" if thousands else f"{scaled:f}"
    return f"{before}{digits.zfill(len(whole) + len(fraction))}{percent}{after}"


@lru_cache(maxsize=1024)
def _format(code: str) -> tuple[tuple[str, ...], str]:
    """The parts of a common format for numbers, none of any other, and its percent sign."""
    if len(code) > _LONGEST_FORMAT:
        return (), ""
    match = _NUMBER.fullmatch(_NOT_SHOWN.sub("", code.partition(";")[0]).strip())
    return (match.groups("") if match else ()), "%" if "%" in _QUOTED.sub("", code) else ""


def _plain(number: Decimal) -> str:
    """Digits without exponent and closing zeros."""
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _moment(value: Any, code: str) -> str:
    """A date or time; a month where the format shows no day."""
    if isinstance(value, datetime):
        if value.time() != time():
            return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
        value = value.date()
    if not isinstance(value, date):
        return str(value).removesuffix(":00")
    shown = _QUOTED.sub("", _NOT_SHOWN.sub("", code[:_LONGEST_FORMAT])).lower()
    return value.isoformat() if "d" in shown or "y" not in shown else f"{value.year}年{value.month}月"
