"""Bytes of a file to its text, with what is wrong with its encoding and its characters (Y001, Y007, Y008)."""

import codecs
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes. Forty-three tasks of three texts of 3,000 characters each make about 1.2 MB."""

# What XML 1.0 cannot hold, then what it holds but nobody can see: line and paragraph separators, zero-width
# space, word joiner, byte order mark, bidirectional controls, soft hyphen, and the replacement character,
# which stands where a word was already lost. Joiners (U+200C, U+200D) and variation selectors stay: emoji
# and some scripts need them.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\uffff\ud800-\udfff]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0010fffe\U0010ffff]"
)

_NAMES = {
    0x00: "空字符",
    0x08: "退格符",
    0x0B: "纵向制表符",
    0x0C: "换页符",
    0x1B: "控制字符 ESC",
    0x7F: "删除符",
    0x85: "换行控制符 NEL",
    0xAD: "软连字符",
    0x200B: "零宽空格",
    0x200E: "从左到右标记",
    0x200F: "从右到左标记",
    0x2028: "行分隔符",
    0x2029: "段落分隔符",
    0x2060: "零宽连接符",
    0xFEFF: "零宽不换行空格",
    0xFFFC: "对象占位符",
    0xFFFD: "替换符“�”，原来的字已经丢失",
}


@dataclass(frozen=True, slots=True)
class TextFault:
    """A fault of the text itself, at a character offset."""

    code: str
    offset: int
    message: str
    hint: str


def name_of(char: str) -> str:
    """The character as users can look it up: Chinese name where there is one, and the code point."""
    known = _NAMES.get(ord(char))
    if known is None:
        known = "控制字符" if unicodedata.category(char) == "Cc" else "不可见字符"
    return f"{known}（U+{ord(char):04X}）"


_OFFICE_PARTS = (
    (b"word/", "Word 文件", ".docx"),
    (b"xl/", "Excel 文件", ".xlsx"),
    (b"ppt/", "PowerPoint 文件", ".pptx"),
)
_SIGNATURES = (
    (b"%PDF-", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"{\\rtf", "RTF 文件（Word 另存的一种格式）"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILL_IN = "用 ledger new 单位 生成报送文件，把内容填进去"


def not_text(data: bytes) -> tuple[str, str] | None:
    """What a file is that is no text at all, by its first bytes, and what to do with it; None for a text."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        for part, kind, suffix in _OFFICE_PARTS:
            if part in data:
                return kind, f"把扩展名改回 {suffix}，用 ledger intake 收入；或者{_FILL_IN}。"
        return "压缩包", "先解压；里面是 Word、Excel 文件的，用 ledger intake 收入。"
    if data.startswith(_OLD_OFFICE):
        advice = "用 Word、Excel 或者 WPS 打开，另存为 .docx、.xlsx，再用 ledger intake 收入"
        return "旧格式的 Word、Excel 文件（.doc、.xls）", f"{advice}；或者{_FILL_IN}。"
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind, f"{_FILL_IN}。"
    return None


class LineStarts:
    """Where the lines of a text begin, to place any number of offsets in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] = []

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 0."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, line ends as LF, or None where it has none that could be read, and its faults.

    ``whole`` is false where some of the bytes are no text, or not in the encoding that they should be in.
    """

    text: str | None
    faults: list[TextFault]
    whole: bool = True


def decode(data: bytes) -> Decoded:
    """A file's bytes as text.

    A file that is not UTF-8 gets Y001 and is read in the likely encoding, so that its other faults
    can be told in the same run; a file over the size limit gets Y008 and no text, as does with Y001 one that is
    a Word or Excel file, a picture or the like under another name.
    """
    foreign = not_text(data)
    if foreign:
        kind, hint = foreign
        blank = " " if kind[0].isascii() else ""
        message = f"这是{blank}{kind}，只是改了扩展名，里面的字读不出来，没有收入"
        return Decoded(None, [TextFault("Y001", 0, message, hint)], whole=False)
    if len(data) > SIZE_LIMIT:
        size = f"{len(data) / 1024 / 1024:.1f} MB"
        message = f"文件有 {size}，超过 {SIZE_LIMIT // 1024 // 1024} MB，没有读取"
        fault = TextFault("Y008", 0, message, "检查是否误存了别的内容，或者粘贴了图片。")
        return Decoded(None, [fault], whole=False)
    faults: list[TextFault] = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guessed, fault = _guess(data, error)
        faults.append(fault)
        if guessed is None:
            return Decoded(None, faults, whole=False)
        text = guessed
    whole = not faults
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    faults.extend(unprintable(text))
    return Decoded(text, faults, whole)


def _guess(data: bytes, error: UnicodeDecodeError) -> tuple[str | None, TextFault]:
    advice = "用记事本打开，选“另存为”，编码选“UTF-8”，保存后再检查。"
    for bom, codec, name in (
        (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
        (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    ):
        if data.startswith(bom):
            try:
                return data.decode(codec), _not_utf8(name, 0, advice)
            except UnicodeDecodeError:
                return None, _not_utf8(name, 0, advice)
    if data[1:2] == b"\0" or data[:1] == b"\0":
        return None, _not_utf8("UTF-16", 0, advice)
    replaced = data.decode("utf-8-sig", errors="replace")
    broken = replaced.count("\ufffd")
    sound = sum(ord(char) > 0x7F for char in replaced) - broken
    offset = len(data[: error.start].decode("utf-8-sig", errors="replace"))
    if broken > sound:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            # Lines agree in both encodings; the first foreign character is the first not in ASCII.
            first = next((i for i, char in enumerate(text) if ord(char) > 0x7F), 0)
            if not _binary(text):
                return text, _not_utf8("GBK（GB18030）", first, advice)
        if _binary(replaced):
            message = "这不是文本文件，里面的字读不出来，没有收入"
            return None, TextFault("Y001", 0, message, f"{_FILL_IN}。")
    message = "文件是 UTF-8 编码，但是有损坏的字节，这里的字已经认不出来"
    hint = "从原稿重新复制这一处文字；文件若是从别处传来的，请对方重发。"
    # The damage is told here once; blanks in its place keep every later offset and spare a second finding.
    return replaced.replace("\ufffd", " "), TextFault("Y001", offset, message, hint)


def _binary(text: str) -> bool:
    """Whether so much of a text is control characters that it never was one."""
    start = text[:4096]
    return sum(unicodedata.category(char) == "Cc" and char not in "\t\n\r" for char in start) * 20 > len(start)


def _not_utf8(name: str, offset: int, advice: str) -> TextFault:
    return TextFault("Y001", offset, f"文件不是 UTF-8 编码，看来是 {name}", advice)


def unprintable(text: str) -> Iterator[TextFault]:
    """Y007 for each run of characters that Word cannot hold or nobody can see."""
    # Ordinary text is cleared by one call; tab, line break and full-width blank are no faults.
    if text.replace("\n", " ").replace("\t", " ").replace("\u3000", " ").isprintable():
        return
    last = -2
    for match in UNPRINTABLE.finditer(text):
        if match.start() != last + 1 or text[match.start()] != text[last]:
            message = f"有{name_of(match.group())}，Word 存不下或者看不见"
            hint = "删去这个字符；看不见时，把它前后的字一起删掉重打。"
            yield TextFault("Y007", match.start(), message, hint)
        last = match.start()
