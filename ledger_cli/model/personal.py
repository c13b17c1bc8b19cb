"""Text to the personal numbers in it (W404): identity cards, mobile phones and bank cards, by form and check digit."""

import re
from dataclasses import dataclass
from datetime import date

# Bytes of UTF-8 with each digit as 0 and all else as x; blanks and hyphens, which may part a number, are dropped.
_SHAPES = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x78 for byte in range(256))
_PARTING = b" -\xc2\xa0"
_ELEVEN = b"0" * 11
_RUN = re.compile(r"(?<![0-9A-Za-z.*-])[0-9](?:[ \u00a0-]?[0-9]){9,}[xX]?(?![0-9A-Za-z*]|\.[0-9])")
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ＋", "0123456789Xx+")
_PARTED = re.compile(r"[ \u00a0-]")
_MOBILE = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}")
# UnionPay, Visa, MasterCard; other schemes are not issued to persons in China.
_CARD = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|43\d{13,14}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|[78]1|82")
# Words right before a number that make it the number of a thing.
_THING = re.compile(
    r"(?:编号|文号|单号|案号|字号|代码|证号|登记号|注册号|批号|流水号|序号|条码|条形码|工单|订单|NO\.?|No\.?|第)[:：为是]?\s*$"
)
_PERSON_AFTER_ALL = re.compile(r"身份证号[:：为是]?\s*$")
# Words right after a number that make it an amount.
_AMOUNT = re.compile(r"\s*(?:万|亿|元|条|件|人|次|平方|立方|公里|亩|吨|号(?!码)|户|家|[%％./])")
_PLACES = {"身份证号": (3, 2), "手机号": (3, 2), "银行卡号": (4, 2)}


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal number: its kind, and where it stands in the text (from 0, the end excluded)."""

    kind: str
    start: int
    end: int
    masked: str


def may_hold_personal_data(text: str) -> bool:
    """Whether a text holds eleven digits in a row or a full-width digit; quick, for a whole file at once."""
    if _ELEVEN in text.encode("utf-8", "surrogatepass").translate(_SHAPES, _PARTING):
        return True
    # Every number that is looked for has a 0 or a 1 in it, but for a few bank cards.
    return "１" in text or "０" in text


def personal_data(text: str) -> list[Personal]:
    """The personal numbers of a text, in order."""
    if not may_hold_personal_data(text):
        return []
    plain = text.translate(_NARROW)  # one character for one: places stay
    found = []
    for match in _RUN.finditer(plain):
        start, end = match.span()
        if plain[start:end].startswith("86") and plain[max(0, start - 1) : start] == "+":
            start += 2 + (not plain[start + 2].isdigit())
        kind = _kind(plain, start, end)
        if kind:
            found.append(Personal(kind, start, end, _mask(text[start:end], *_PLACES[kind])))
    return found


def masked(text: str) -> str:
    """The text with its personal numbers masked; as long as before, so that places in it stay."""
    for personal in reversed(personal_data(text)):
        text = text[: personal.start] + personal.masked + text[personal.end :]
    return text


def _kind(text: str, start: int, end: int) -> str | None:
    number = _PARTED.sub("", text[start:end])
    before = text[max(0, start - 8) : start]
    thing = _THING.search(before) and not _PERSON_AFTER_ALL.search(before)
    if len(number) == 18 and not thing and _is_identity_card(number.upper()):
        return "身份证号"
    if not number.isdigit() or thing or _AMOUNT.match(text, end):
        return None
    if _MOBILE.fullmatch(number):
        return "手机号"
    return "银行卡号" if _CARD.fullmatch(number) and _luhn(number) else None


def _is_identity_card(number: str) -> bool:
    """GB 11643: province, a birthday that was, and the check character of ISO 7064 MOD 11-2."""
    if not _PROVINCES.match(number) or not number[:17].isdigit():
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    if not 1900 <= born.year <= 2099:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return number[17] == "10X98765432"[total % 11]


def _luhn(number: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _mask(number: str, first: int, last: int) -> str:
    """All digits but the first and the last few as asterisks; the marks between them stay."""
    digits = [at for at, char in enumerate(number) if char.isalnum()]
    hidden = set(digits[first:-last])
    return "".join("*" if at in hidden else char for at, char in enumerate(number))
