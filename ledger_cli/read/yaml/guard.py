"""What must be known of a text before it is composed: no machinery of YAML (Y006), no deep nesting (Y008).

libyaml's composer recurses in C: 50,000 open brackets end the whole process. Its event stream does not
recurse, so a text that could nest deeply, or could hold an anchor, alias, tag, directive or second
document, is first read as events. Ordinary files are cleared by two counts and two searches.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ledger_cli.read.yaml.line_fault import LineFault
from ledger_cli.read.yaml.words import SECOND_DOCUMENT, SECOND_DOCUMENT_HINT

DEPTH_LIMIT = 32
_BRACKETS = 500
_DOCUMENTS = 100
# How nesting without brackets shows: much indentation, or several marks of structure side by side.
_NESTING = (" " * 64, "- -", "? ?", "- ?", "? -")
_DEEP_INDENT = re.compile(r"^[ \-?]{64}", re.MULTILINE)
_LINES = ("\n---", "\n...", "\n%")
# The mark first, then what stands before it: a search that begins with any blank would stop at every word.
_MARK = re.compile(r"[&*!](?<=[\s\[{,:\-?][&*!])\S")
_HINT = "正文以这个符号开头时，在栏名的冒号后写“|”，正文另起一行并多缩进两格。"


def suspicious(text: str) -> bool:
    """Whether the events have to be read before the text is composed.

    The searches are slow on a long text, so each waits for a substring that it cannot match without.
    """
    if text.count("[") + text.count("{") > _BRACKETS:
        return True
    if any(mark in text for mark in _NESTING) and _DEEP_INDENT.search(text):
        return True
    if text[:1] in ("-", ".", "%", "&", "*", "!") or any(line in text for line in _LINES):
        return True
    return _MARK.search(text) is not None


def guard(text: str) -> tuple[list[LineFault], bool]:
    """Faults of machinery and depth, and whether the text may be composed.

    Where the events break off, the composer stops at the same place and tells the syntax fault.
    """
    if not suspicious(text):
        return [], True
    faults: list[LineFault] = []
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
                if depth > DEPTH_LIMIT:
                    mark: Any = event.start_mark
                    message = f"括号或缩进套了{DEPTH_LIMIT}层以上，没有再读下去"
                    hint = "正文改写在“|”的下一行；不需要的括号删去。"
                    faults.append(LineFault("Y008", mark.line, mark.column, message, hint))
                    return faults, False
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > _DOCUMENTS:
                    return faults, False
            faults.extend(_machinery(event, documents))
    except yaml.YAMLError:
        pass
    return faults, True


def _machinery(event: Any, documents: int) -> Iterator[LineFault]:
    line, column = event.start_mark.line, event.start_mark.column
    if isinstance(event, yaml.DocumentStartEvent):
        if event.version or event.tags:
            yield LineFault("Y006", 0, 0, "“%”开头的指令不能使用", "删去以“%”开头的行。")
        if documents == 2:
            yield LineFault("Y006", line, column, SECOND_DOCUMENT, SECOND_DOCUMENT_HINT)
    elif isinstance(event, yaml.AliasEvent):
        yield LineFault("Y006", line, column, f"“*{event.anchor}”是引用，不能使用", _HINT)
    elif isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
        if event.anchor:
            yield LineFault("Y006", line, column, f"“&{event.anchor}”是锚点，不能使用", _HINT)
        if event.tag:
            yield LineFault("Y006", line, column, f"“{event.tag}”是标签，不能使用", _HINT)
