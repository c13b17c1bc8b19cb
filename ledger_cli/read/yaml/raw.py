"""What can be told from the raw lines of a YAML file: mistyped punctuation and indentation (Y003, Y004, Y009).

YAML reads a full-width colon or a full-width blank as ordinary text, so that the fault shows far from
its place or not at all. This pass is taken only where a file does not parse or parses into something odd.
It returns the faults and a mended copy of the text in which later checks can go on; the copy is never
written anywhere. Line numbers of the copy are those of the original, columns differ by ``shifts``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger_cli.model.clip import clipped
from ledger_cli.read.yaml.line_fault import LineFault

ODD_BLANKS = "\t\u3000\u00a0\u2000-\u200a\u202f\u205f"
_BLANK_NAMES = {"\t": "制表符（Tab）", "\u3000": "全角空格", "\u00a0": "不换行空格"}
_PREFIX = re.compile(f"[ {ODD_BLANKS}]*")
_KEY = re.compile(
    r"(?P<item>- +)?(?P<quote>[\"“]?)(?P<key>[^\s\"“”'#:：\[\]{}｛｝,，]{1,20})[\"”]?(?P<gap>[ \u3000]*)"
    r"(?P<colon>[:：])(?P<rest>.*)",
    re.DOTALL,
)
_BLOCK = re.compile(r"[|｜>](?P<marks>[+\-0-9]{0,2})[ \t]*(?P<comment>#.*)?$")
_NUMBER_KEY = re.compile(r"第?[0-9０-９]{1,3}项?")
_HASH = re.compile(r"(?:^|(?<=[ \t]))#")


@dataclass(slots=True)
class RawReading:
    """The faults, the mended text, and per line where and by how much the mended columns moved."""

    faults: list[LineFault] = field(default_factory=list)
    text: str = ""
    shifts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Block:
    """An open block scalar: the indentation of its key and, from its first line on, of its text."""

    key: int
    text: int | None = None


class _Scanner:
    """One pass over the lines; holds the open block and the last key."""

    def __init__(self, known: frozenset[str], free_text: frozenset[str], lists: frozenset[str]) -> None:
        self.known = known
        self.free_text = free_text
        self.lists = lists
        self.reading = RawReading()
        self.block: _Block | None = None
        self.open_value: int | None = None  # indentation of a key whose plain value may run on
        self.own_words: int | None = None  # indentation of the last key, where its value is free text
        self.usual: dict[str, int] = {}  # indentation at which a key stood before
        self.last_key = (0, False)  # indentation of the last key and whether others stand below it

    def fault(self, code: str, line: int, column: int, message: str, hint: str) -> None:
        self.reading.faults.append(LineFault(code, line, column, message, hint))

    def shift(self, line: int, column: int, by: int) -> None:
        if by:
            self.reading.shifts.setdefault(line, []).append((column, by))

    def is_known(self, key: str) -> bool:
        return key in self.known or bool(_NUMBER_KEY.fullmatch(key))

    def line(self, number: int, line: str) -> str:
        """The line, mended; its faults are noted."""
        blank = _PREFIX.match(line)
        prefix = blank.group() if blank else ""
        body = line[len(prefix) :]
        if not body:
            return ""
        spaces = len(line) - len(line.lstrip(" "))
        odd = prefix.strip(" ") != ""
        key = _KEY.match(body)
        known = bool(key and self.is_known(key["key"]))
        if self.block is not None:
            if spaces >= (self.block.text or self.block.key + 1):
                self.block.text = self.block.text or spaces
                return line
            if odd and not known:
                return self._indent(number, prefix, body, self.block.text or self.block.key + 2)
            if spaces > self.block.key and not known and not body.startswith("#"):
                return line  # text indented less than its first line: the parser says so
            self.block = None
        if body.startswith("#"):
            if self.own_words is not None and spaces > self.own_words:
                self._cut(number, spaces, body)
            return line
        indent = len(prefix)
        if odd:
            indent = self._guess_indent(prefix, key["key"] if key and known else None)
            line = self._indent(number, prefix, body, indent)
        elif self.open_value is not None and indent > self.open_value and not known:
            return line  # a plain value that runs on
        start = len(line) - len(body)
        return line[:start] + self._structure(number, (len(prefix), start), body, indent, key, known=known)

    def _indent(self, number: int, prefix: str, body: str, indent: int) -> str:
        place, char = next((i, c) for i, c in enumerate(prefix) if c != " ")
        name = _BLANK_NAMES.get(char, "特殊空白")
        self.fault("Y004", number, place, f"行首的缩进用了{name}", "")
        self.shift(number, 0, indent - len(prefix))
        return " " * indent + body

    def _guess_indent(self, prefix: str, key: str | None) -> int:
        if key is not None:
            kind = "0" if _NUMBER_KEY.fullmatch(key) else key
            indent, opens = self.last_key
            return self.usual.get(kind, indent + 2 if opens else indent)
        # As wide as it looks: a full-width blank fills two columns, a Tab moves on by one level.
        return sum(2 if char in "\t\u3000" else 1 for char in prefix)

    def _structure(
        self, number: int, places: tuple[int, int], body: str, indent: int, key: re.Match[str] | None, *, known: bool
    ) -> str:
        """The line without its indentation, mended; ``places`` is where it begins in the file and the mended copy."""
        at, start = places
        self.open_value = None
        if body.startswith("－"):
            self.fault("Y003", number, at, "列表的减号“－”是全角的", "改成半角减号加空格“- ”。")
            self.shift(number, start + 1, 1)
            return "- " + body[1:].lstrip(" \u3000")
        if not key:
            return body
        colon = key.start("colon")
        rest = key["rest"]
        if key["colon"] == "：":
            if not known and ": " in rest:
                return body
            self.fault("Y003", number, at + colon, f"“{key['key']}”后面的冒号是全角的", "改成半角冒号加一个空格“: ”。")
        elif rest and rest[0] not in " \t" and known:
            self.fault("Y003", number, at + colon, f"“{key['key']}”的冒号后面少了空格", "冒号后面加一个空格。")
        elif not known:
            self.open_value = indent
            return body
        if key["quote"] == "“":
            self.fault("Y003", number, at + key.start("quote"), "引号“”是全角的", '改成半角引号"，或者不用引号。')
        kind = "0" if _NUMBER_KEY.fullmatch(key["key"]) else key["key"]
        self.usual.setdefault(kind, indent)
        self.own_words = indent if key["key"] in self.free_text else None
        value = rest.lstrip(" \t\u3000")
        comment = ""
        if value.startswith("#") and key["key"] not in self.free_text:
            value, comment = "", rest  # behind 单位 or a task's number a comment is no value
        self.last_key = (indent, not value)
        head = body[: key.start("quote")] + key["key"] + ":"
        if key["quote"]:
            head = body[: key.start("quote")] + '"' + key["key"] + '":'
        value_at = at + len(body) - len(value)
        mended = head + (" " + self._value(number, value_at, value, key["key"], indent) if value else comment)
        self.shift(number, start + colon + 1, len(mended) - len(body) if value else 0)
        return mended

    def _value(self, number: int, at: int, value: str, key: str, indent: int) -> str:
        """The value after a key's colon, mended; opens a block where one starts."""
        block = _BLOCK.match(value)
        if block:
            self.block = _Block(indent)
            if value[0] == "｜":
                self.fault("Y003", number, at, "竖线“｜”是全角的", "改成半角竖线“|”。")
            if block["comment"] and key in self.free_text:
                self._cut(number, at + block.start("comment"), block["comment"])
            return "|" + block["marks"] if value[0] == "｜" else value
        self.open_value = indent
        if value[0] in "[{｛" or (value[0] == "【" and self._list_meant(key, value)):
            return self._flow(number, at, value)
        if key in self.free_text:
            if value[0] not in "\"'":
                hash_at = _HASH.search(value)
                if hash_at:
                    self._cut(number, at + hash_at.start(), value[hash_at.start() :])
        elif value[0] == "“" and value.rstrip().endswith("”"):
            self.fault("Y003", number, at, "引号“”是全角的", '改成半角引号"，或者不用引号。')
            text = value.rstrip()
            return '"' + text[1:-1] + '"' + value[len(text) :]
        return value

    def _list_meant(self, key: str, value: str) -> bool:
        """Whether a value in 【】 stands for a list: a text may well begin with 【重点】, and YAML reads it as such."""
        if key in self.free_text - self.lists:
            return False
        return _HASH.split(value)[0].rstrip().endswith("】")

    def _flow(self, number: int, at: int, value: str) -> str:
        """A list or mapping in brackets: full-width marks outside quotes and titles are faults."""
        mended = list(value)
        for place, char, half in full_width_marks(value):
            self.fault("Y003", number, at + place, f"方括号、花括号里的“{char}”是全角的", f"改成半角的“{half}”。")
            mended[place] = half + " " if half in ",:" and value[place + 1 : place + 2] != " " else half
        return "".join(mended)

    def _cut(self, number: int, at: int, lost: str) -> None:
        self.fault("Y009", number, at, *cut_off(lost))


def cut_off(lost: str) -> tuple[str, str]:
    """Message and hint of Y009 for the words behind ``#``."""
    shown = lost.strip()
    shown = clipped(shown, 24)
    return (
        f"从“{shown}”起会被当成注释丢掉",
        "在栏名的冒号后写“|”，整段正文另起一行并多缩进两格，“#”就会保留。",
    )


_HALF = {"：": ":", "，": ",", "｛": "{", "｝": "}", "【": "[", "】": "]", "“": '"', "”": '"'}
_TITLE_OPEN, _TITLE_CLOSE = "《（〔〈(", "》）〕〉)"


def full_width_marks(flow: str) -> Iterator[tuple[int, str, str]]:
    """Full-width marks that stand where a flow list or mapping needs half-width ones.

    Marks inside half-width quotes, titles and brackets (《》（）〔〕) belong to the text, and so do pairs of 【】 in
    what does not begin with one. “ ” count only where they stand for quotes, that is next to a mark of structure.
    """
    curly = False
    for place, char in _outside_titles(flow):
        if char == "“":
            curly = flow[0] in "{｛" and flow[:place].rstrip(" ")[-1:] in "{｛,，:："
            if curly:
                yield place, char, _HALF[char]
        elif char == "”":
            if curly:
                yield place, char, _HALF[char]
            curly = False
        elif char in _HALF and not curly:
            yield place, char, _HALF[char]


def _outside_titles(flow: str) -> Iterator[tuple[int, str]]:
    """The characters, with their places, that are in no half-width quotes, titles and brackets, up to a comment."""
    quote = ""
    title = labels = 0
    for place, char in enumerate(flow):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in _TITLE_OPEN:
            title += 1
        elif char in _TITLE_CLOSE:
            title = max(0, title - 1)
        elif title:
            continue
        elif char == "【" and flow[0] != "【":
            labels += 1
        elif char == "】" and labels:
            labels -= 1
        elif char == "#" and flow[place - 1 : place] == " ":
            return
        else:
            yield place, char


def scan(text: str, known: frozenset[str], free_text: frozenset[str], lists: frozenset[str]) -> RawReading:
    """Faults of the raw lines and the mended copy; the keys of this kind of file are those of its ``Vocabulary``."""
    scanner = _Scanner(known, free_text, lists)
    mended = [scanner.line(number, line) for number, line in enumerate(text.split("\n"))]
    scanner.reading.text = "\n".join(mended)
    return scanner.reading
