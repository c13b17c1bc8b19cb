"""Composed nodes to dicts, lists and text, in one walk that misses no lost word (Y005, Y006, Y007, Y009, Y010)."""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from ledger_cli.read.yaml.guard import DEPTH_LIMIT
from ledger_cli.read.yaml.line_fault import LineFault
from ledger_cli.read.yaml.raw import cut_off
from ledger_cli.read.yaml.recover import TooManyNodes
from ledger_cli.read.yaml.text import UNPRINTABLE, LineStarts, name_of

# A comment indented like text; ordinary ones stand at the margin, of a task or of its columns.
_DEEP_COMMENT = "     #"
_FULL_WIDTH_STARTS = frozenset("｜“－｛［【")
_KEY_WITHIN = re.compile(r"(?:^|\s)[^\s:：]{1,12}[:：]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The keys of one kind of file, those whose values are a clerk's own words, and of these the lists.

    ``room`` is how many keys and values such a file may have.
    """

    keys: frozenset[str]
    free_text: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    room: int = 100_000


@dataclass(slots=True)
class Walk:
    """One walk over one text. ``odd`` is set where only the raw lines can tell what was meant."""

    text: str
    vocabulary: Vocabulary
    faults: list[LineFault] = field(default_factory=list)
    odd: bool = False
    _starts: LineStarts = field(init=False)
    _room: int = field(init=False)

    def __post_init__(self) -> None:
        self._starts = LineStarts(self.text)
        self._room = self.vocabulary.room

    def data(self, root: yaml.Node | None) -> Any:
        """The text's data; None for an empty text. Every scalar is a str, "" where nothing is written.

        Raises ``TooManyNodes``.
        """
        self.odd = _DEEP_COMMENT in self.text
        return None if root is None else self._node(root, 0)

    def _node(self, node: Any, depth: int) -> Any:
        self._room -= 1
        if self._room < 0:  # aliases of aliases stand for more than there is
            raise TooManyNodes
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if depth > DEPTH_LIMIT:
            message = f"括号或缩进套了{DEPTH_LIMIT}层以上，没有再读下去"
            self._fault("Y008", node, message, "正文改写在“|”的下一行；不需要的括号删去。")
            return ""
        if isinstance(node, yaml.SequenceNode):
            self._flow(node)
            return [self._node(item, depth + 1) for item in node.value]
        self._flow(node)
        data: dict[str, Any] = {}
        known, free_text = self.vocabulary.keys, self.vocabulary.free_text
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                self._fault("Y002", key_node, "花括号、方括号不能用作栏名", "正文以括号开头时，改用“|”块。")
            elif key in data:
                self._duplicate(node, key_node)
            elif key == "<<":
                self._fault("Y006", key_node, "“<<”是合并键，不能使用", "把要用的内容照写一遍。")
            else:
                if key in free_text:
                    self._free_text(key_node, value_node)
                elif key not in known and not key.isascii():
                    self.odd = True
                data[key] = self._node(value_node, depth + 1)
        return data

    def _scalar(self, node: yaml.ScalarNode) -> str:
        value: str = node.value
        if not node.style:
            if value in ("~", "null"):
                return ""  # nobody writes these as words; not filled
            spread = node.start_mark.line != node.end_mark.line
            if value[:1] in _FULL_WIDTH_STARTS or (spread and _KEY_WITHIN.search(value)):
                self.odd = True
        elif node.style == '"':
            found = UNPRINTABLE.search(value)
            # Typed as such it was told with its place and blanked; here it was written as an escape.
            if found:
                message = f"引号里用反斜杠写了{name_of(found.group())}，Word 存不下或者看不见"
                self._fault("Y007", node, message, "删去这个字符。")
        return value

    def _fault(self, code: str, node: yaml.Node, message: str, hint: str) -> None:
        mark = node.start_mark
        self.faults.append(LineFault(code, mark.line, mark.column, message, hint))

    def _duplicate(self, mapping: yaml.MappingNode, key_node: yaml.ScalarNode) -> None:
        first = next(key for key, _ in mapping.value if key.value == key_node.value)
        line = first.start_mark.line + 1
        message = f"“{key_node.value}”写了两次，第{line}行已经有了"
        self._fault("Y005", key_node, message, f"把两处内容合并到第{line}行那一处，删去这一处。")

    def _flow(self, node: yaml.CollectionNode) -> None:
        if node.flow_style and "，" in self.text[node.start_mark.index : node.end_mark.index]:
            self.odd = True

    def _free_text(self, key: yaml.Node, value: yaml.Node) -> None:
        """Y009 and Y010 for one value of a clerk's words, or a list of them."""
        start, end = value.start_mark, value.end_mark
        if isinstance(value, yaml.SequenceNode):
            for item in value.value:
                self._free_text(item, item)
            if value.flow_style:
                self._rest(end.index)
        elif isinstance(value, yaml.ScalarNode):
            if value.style in ("|", ">"):
                if not self.text.startswith("|\n", start.index):
                    self._rest(start.index, skip="|>+-0123456789")
                folded = value.style == ">" and end.line - start.line > 2
            else:
                self._rest(end.index if value.value or value.style else key.end_mark.index)
                folded = start.line != end.line and bool(value.value)
            if folded:
                message = "这里的几行文字会被并成一段，换行变成空格"
                hint = "在栏名的冒号后写“|”，正文另起一行并多缩进两格，分段就会保留。"
                self._fault("Y010", value, message, hint)

    def _rest(self, index: int, skip: str = ":,]}") -> None:
        """Y009 where the rest of the line, after ``skip`` and blanks, is a comment."""
        stop = self.text.find("\n", index)
        rest = self.text[index:] if stop < 0 else self.text[index:stop]
        comment = rest.lstrip(skip + " \t")
        if comment.startswith("#"):
            at = index + len(rest) - len(comment)
            message, hint = cut_off(comment)
            self.faults.append(LineFault("Y009", *self._starts.at(at), message, hint))
