"""libyaml's messages in sentences a clerk understands."""

import yaml

from ledger_cli.model.rule import RULES
from ledger_cli.read.yaml.line_fault import LineFault

_BLOCK_HINT = "在栏名的冒号后写“|”，正文另起一行并多缩进两格，正文里就可以有任何符号。"
_INDENT_HINT = "栏名要与上下同级的栏名左对齐；正文各行要比栏名多缩进两格。"

SECOND_DOCUMENT = "文件里有第二个文档（---）"
SECOND_DOCUMENT_HINT = "“---”以后的内容另存为一个文件，或者删去“---”这一行。"

_STARTS = {
    '"': "正文以半角引号开头，引号后面又有字，读不下去",
    "'": "正文以半角引号开头，引号后面又有字，读不下去",
    "%": "正文不能直接以“%”开头",
    "@": "正文不能直接以“@”开头",
    "`": "正文不能直接以“`”开头",
    ">": "正文不能直接以“>”开头，这个符号有别的用处",
    "|": "“|”后面不能直接写字，正文要另起一行",
    "-": "正文不能直接以“- ”开头，这是列表的写法",
    "?": "正文不能直接以“? ”开头，这个符号有别的用处",
    "[": "正文以方括号“[”开头，被当成了列表",
    "{": "正文以花括号“{”开头，被当成了一组栏目",
    "]": "正文不能直接以“]”开头",
    "}": "正文不能直接以“}”开头",
    ",": "正文不能直接以“,”开头",
}
_MACHINERY = {"*": "引用", "&": "锚点", "!": "标签"}

_PROBLEMS = (
    ("mapping values are not allowed", "这一行里多了一个英文冒号，不知道哪一段是栏名", _BLOCK_HINT),
    ("could not find expected ':'", "这一行不在任何栏目里，多半是缩进不够或者栏名后少了冒号", _INDENT_HINT),
    ("did not find expected key", "这一行的缩进与上下不齐，读不出它属于哪一栏", _INDENT_HINT),
    ("did not find expected '-' indicator", "列表里混进了不是“- ”开头的行", _INDENT_HINT),
    ("block sequence entries", "正文不能直接以“- ”开头，这是列表的写法", _BLOCK_HINT),
    ("mapping keys are not allowed", "正文不能直接以“? ”开头，这个符号有别的用处", _BLOCK_HINT),
    ("cannot start any token", "这里的符号不能用来开头", _BLOCK_HINT),
    ("tab character", "缩进用了制表符（Tab）", RULES["Y004"].fix),
    (
        "unexpected end of stream",
        "引号没有成对，从这里到文件末尾都被当成了引号里的字",
        "补上另一半引号，或者" + _BLOCK_HINT,
    ),
    ("unexpected document indicator", "引号没有成对", "补上另一半引号，或者" + _BLOCK_HINT),
    ("',' or ']'", "方括号“[”没有成对，或者列表里少了逗号", "补上“]”；正文以方括号开头时，" + _BLOCK_HINT),
    ("',' or '}'", "花括号“{”没有成对，或者里面少了逗号", "补上“}”；正文以花括号开头时，" + _BLOCK_HINT),
    ("comment or line break", "“|”或“>”后面不能直接写字", _BLOCK_HINT),
    ("escape", "半角双引号里的反斜杠“\\”有特殊含义，这里认不出来", _BLOCK_HINT),
    ("expected node content", "这里的符号不能用来开头", _BLOCK_HINT),
    ("leading spaces", "“|”下面的空行缩进比正文还多", "删去空行里的空格。"),
)


def explain(error: yaml.MarkedYAMLError, lines: list[str]) -> LineFault:
    """The fault behind a libyaml error, at the place a clerk has to change."""
    problem = error.problem or ""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if error.context_mark and error.context in (
        "while scanning a quoted scalar",
        "while parsing a flow sequence",
        "while parsing a flow mapping",
        "while scanning a block scalar",
        "while scanning an anchor",
        "while scanning a tag",
        "while scanning a simple key",
    ):
        # The end of an open bracket or quote is wherever the parser gave up; its start is what to look at.
        line, column = error.context_mark.line, error.context_mark.column
    else:
        line, column = _last_words(lines, line, column)
    if "another document" in problem:
        return LineFault("Y006", line, column, SECOND_DOCUMENT, SECOND_DOCUMENT_HINT)
    value_at, first = _value_start(lines[line]) if line < len(lines) else (0, "")
    if first in _MACHINERY and ("alias" in problem or "anchor" in (error.context or "") or column <= value_at):
        return _machinery(line, value_at, first)
    if first in _STARTS and column >= value_at and "simple key" not in (error.context or ""):
        return LineFault("Y002", line, value_at, _STARTS[first], _BLOCK_HINT)
    for part, message, hint in _PROBLEMS:
        if part in problem:
            return LineFault("Y002", line, column, message, hint)
    return LineFault("Y002", line, column, "这里不合 YAML 的写法，读不下去", _BLOCK_HINT)


def _last_words(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """The place itself; where nothing is written, as behind the last word of a file, the end of what is before it."""
    place = min(line, len(lines) - 1)
    while place and (not lines[place].strip(" ") or lines[place].lstrip(" ").startswith("#")):
        place -= 1
    return (line, column) if place == line else (place, len(lines[place].rstrip(" ")))


def _machinery(line: int, column: int, char: str) -> LineFault:
    message = f"“{char}”开头的值会被当成{_MACHINERY[char]}，不能使用"
    return LineFault("Y006", line, column, message, _BLOCK_HINT)


def _value_start(line: str) -> tuple[int, str]:
    """Column and first character of the value behind the first ``: `` of a line."""
    colon = line.find(": ")
    if colon < 0:
        return 0, ""
    at = colon + 1
    while at < len(line) and line[at] == " ":
        at += 1
    return (at, line[at]) if at < len(line) else (0, "")
