"""Automatic numbers and bullets of Word paragraphs as text: what Word prints and no run holds."""

from dataclasses import dataclass, field
from typing import Any

from ledger_cli.read.office.namespaces import W
from ledger_cli.read.office.symbols import is_symbol_font, symbol
from ledger_cli.read.office.tables import UnreadableFile
from ledger_cli.read.office.word_markup import whole

_DIGITS = "零一二三四五六七八九"
_LEVEL = f"{W}lvl"
_MOST, _DEEPEST = 32_767, 8  # the highest number and level that Word knows
_LONGEST = 100  # characters of a label; Word takes 31
_LETTERS, _ROMANS = 780, 3_999  # where Word begins with A again, and where Roman numerals end
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: number format, text with %1 … %9, first number, what follows the number."""

    kind: str
    text: str
    start: int
    suffix: str


@dataclass(slots=True)
class Numbering:
    """The lists of a document; it counts as paragraphs are read in order."""

    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, numbering: Any, styles: Any) -> "Numbering":
        """The lists of numbering.xml and the styles that use them; both may be None."""
        made = cls()
        if numbering is not None:
            abstract = {
                definition.get(f"{W}abstractNumId"): {
                    whole(level.get(f"{W}ilvl", "0"), 0, _DEEPEST): _level(level)
                    for level in definition.iterchildren(_LEVEL)
                }
                for definition in numbering.iterchildren(f"{W}abstractNum")
            }
            for instance in numbering.iterchildren(f"{W}num"):
                made.lists[instance.get(f"{W}numId", "")] = _instance(instance, abstract)
        if styles is not None:
            for style in styles.iterchildren(f"{W}style"):
                used = _reference(style.find(f"{W}pPr"))
                if used:
                    made.styles[style.get(f"{W}styleId", "")] = used
        return made

    def label(self, paragraph: Any) -> str:
        """The number or bullet before a paragraph, with what separates it; empty where there is none."""
        if not self.lists:
            return ""
        properties = paragraph.find(f"{W}pPr")
        used = _reference(properties)
        if used is None and properties is not None:
            style = properties.find(f"{W}pStyle")
            used = self.styles.get(style.get(f"{W}val", "")) if style is not None else None
        if used is None or used[0] == "0":
            return ""
        number, depth = used
        levels = self.lists.get(number, {})
        level = levels.get(depth)
        if level is None or level.kind == "none":
            return ""
        counts = self._counts.setdefault(number, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.kind == "bullet":
            return "• " if level.text and ord(level.text[0]) >= 0xE000 else f"{level.text} "
        text = level.text
        for place in range(9):
            if f"%{place + 1}" in text:
                outer = levels.get(place, level)
                text = text.replace(f"%{place + 1}", _number(outer.kind, counts.get(place, outer.start)))
        return text + {"tab": " ", "space": " ", "nothing": ""}.get(level.suffix, " ")


def _reference(properties: Any) -> tuple[str, int] | None:
    """The list and level that paragraph properties name."""
    if properties is None:
        return None
    number = properties.find(f"{W}numPr/{W}numId")
    depth = properties.find(f"{W}numPr/{W}ilvl")
    if number is None:
        return None
    return number.get(f"{W}val", "0"), whole(depth.get(f"{W}val", "0"), 0, _DEEPEST) if depth is not None else 0


def _level(level: Any) -> Level:
    def value(name: str, default: str) -> str:
        found = level.find(f"{W}{name}")
        return str(found.get(f"{W}val", default)) if found is not None else default

    kind, text = value("numFmt", "decimal"), value("lvlText", "")
    if len(text) > _LONGEST:
        raise UnreadableFile("文件里有一个自动编号的格式长得不正常，没有读取", "去掉自动编号，另存一份再收。")
    fonts = level.find(f"{W}rPr/{W}rFonts")
    if kind == "bullet" and text and fonts is not None:
        text = _bullet(text[0], fonts.get(f"{W}ascii", ""))
    return Level(kind, text, whole(value("start", "1"), 1, _MOST), value("suff", "tab"))


def _bullet(char: str, font: str) -> str:
    """What the bullet of a symbol font shows: a box that is ticked says something."""
    if not is_symbol_font(font):
        return char
    return symbol(font, ord(char)) or "•"


def _instance(instance: Any, abstract: dict[Any, dict[int, Level]]) -> dict[int, Level]:
    reference = instance.find(f"{W}abstractNumId")
    levels = dict(abstract.get(reference.get(f"{W}val"), {})) if reference is not None else {}
    for override in instance.iterchildren(f"{W}lvlOverride"):
        depth = whole(override.get(f"{W}ilvl", "0"), 0, _DEEPEST)
        own, start = override.find(_LEVEL), override.find(f"{W}startOverride")
        if own is not None:
            levels[depth] = _level(own)
        elif start is not None and depth in levels:
            old = levels[depth]
            levels[depth] = Level(old.kind, old.text, whole(start.get(f"{W}val", "1"), 1, _MOST), old.suffix)
    return levels


def _number(kind: str, value: int) -> str:
    if kind in (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseCounting",
    ):
        return chinese_number(value)
    if kind in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if kind == "decimalZero":
        return f"{value:02}"
    if kind in ("upperLetter", "lowerLetter") and value <= _LETTERS:
        letter = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if kind == "upperLetter" else letter.lower()
    if kind in ("upperRoman", "lowerRoman") and value <= _ROMANS:
        return _roman(value) if kind == "upperRoman" else _roman(value).lower()
    if kind == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value))
    return str(value)


def chinese_number(value: int) -> str:
    """A whole number below a hundred in Chinese numerals; in digits from there on."""
    if value < 10:
        return _DIGITS[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
    return str(value)


def _roman(value: int) -> str:
    text = ""
    for size, numeral in _ROMAN:
        count, value = divmod(value, size)
        text += numeral * count
    return text
