"""Characters of symbol fonts as Unicode: what a run in Wingdings or Symbol shows, and no character says.

Such a font shows its own picture at each place of an ordinary alphabet, so that an a in Symbol is an alpha.
Word stores the place either as that ordinary character or 0xF000 above it.
"""

from collections.abc import Iterator

_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SMALL_GREEK = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
_SYMBOL = {
    **dict(enumerate("!∀#∃%&∋()∗+,−./0123456789:;<=>?≅" + _GREEK + "[∴]⊥_‾" + _SMALL_GREEK + "{|}∼", 0x21)),
    **dict(enumerate("€ϒ′≤/∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…", 0xA0)),
    **dict(enumerate("ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑", 0xC0)),
    0xBF: "↵", 0xF1: "〉", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS = {
    0x22: "✂", 0x23: "✁", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x37: "⌨", 0x3E: "✇", 0x3F: "✍",
    0x41: "✌", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4C: "☹", 0x4E: "☠", 0x4F: "⚐", 0x51: "✈",
    0x52: "☼", 0x54: "❄", 0x56: "✞", 0x58: "✠", 0x59: "✡", 0x5A: "☪", 0x5B: "☯",
    **dict(enumerate("♈♉♊♋♌♍♎♏♐♑♒♓", 0x5E)),
    **dict(enumerate("●❍■□", 0x6C)), **dict(enumerate("❑❒⬧⧫◆❖⬥⌧", 0x71)), 0x7A: "⌘", 0x7C: "✿", 0x7D: "❝", 0x7E: "❞",
    **dict(enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿", 0x80)),
    0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "□", 0xAA: "✦", 0xAB: "★", 0xAC: "✶",
    0xAD: "✴", 0xAE: "✹", 0xAF: "✵", 0xB5: "✪", 0xB6: "✰", 0xD5: "⌫", 0xD6: "⌦", 0xD8: "➢",
    **dict(enumerate("←→↑↓↖↗↙↘", 0xDF)), 0xE8: "➔", **dict(enumerate("⇦⇨⇧⇩", 0xEF)),
    **dict(enumerate("✗✓☒☑", 0xFB)),
}  # fmt: skip
_WINGDINGS_2 = {
    **dict(enumerate("✗✓☒☑☒☒", 0x4F)), **dict(enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿", 0x69)),
    0xA2: "■", 0xA3: "□",
}  # fmt: skip
_WINGDINGS_3 = {**dict(enumerate("←→↑↓", 0x21)), **dict(enumerate("▲▼△▽◀▶◁▷", 0x70))}
_WEBDINGS = {0x33: "◀", 0x34: "▶", 0x35: "▲", 0x36: "▼", 0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"}
_FONTS: dict[str, dict[int, str]] = {
    "symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS, "mt extra": {}, "marlett": {}, "zapfdingbats": {},
}  # fmt: skip
_PRIVATE = range(0xE000, 0xF900)


def is_symbol_font(font: str | None) -> bool:
    """Whether a font shows symbols where others show letters."""
    return font is not None and font.lower() in _FONTS


def symbol(font: str, code: int) -> str | None:
    """What a font shows at a place; None where no character says it.

    A place outside the private area, in a font that is no symbol font, is the character itself.
    """
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if code in _PRIVATE or (is_symbol_font(font) and place <= 0xFF):
        return _FONTS.get(font.lower(), {}).get(place)
    printable = 0x20 <= code < 0xD800 or 0xF900 <= code <= 0x10FFFF
    return chr(code) if printable else None


def symbols(text: str, font: str) -> Iterator[tuple[str, str | None]]:
    """Each character typed in a symbol font, and what it shows; letters the font lacks stay themselves."""
    for char in text:
        code = ord(char)
        shown = 0x21 <= code <= 0x7E or 0xA1 <= code <= 0xFF or 0xF000 <= code <= 0xF0FF
        yield char, symbol(font, code) if shown else char


def unknown_symbol(font: str, code: int) -> str:
    """The words that name a symbol which no character says."""
    typed = chr(code) if 0x21 <= code <= 0x7E or 0xA1 <= code <= 0xFF else ""
    return f"{font} 字体的第 {code & 0xFF} 号符号" + (f"（{typed}）" if typed else "")
