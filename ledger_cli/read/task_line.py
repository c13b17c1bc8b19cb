"""The lines of a submission to the place where its line ``任务:`` is missing, if it is.

Without that line forty task numbers are forty unknown keys, or a syntax fault each: one fault, told once.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

_KEY = re.compile(r"[\"“']?(?P<key>[^\s\"“”':：#]{1,20})[\"”']?[ \u3000]*[:：]")
_NUMBER = re.compile(r"第?[0-9０-９]{1,3}项?")
_TASKS = "任务"


@dataclass(frozen=True, slots=True)
class LostLine:
    """The line (from 0) of the first task, before which ``任务:`` belongs; what is wrong and what to do."""

    line: int
    message: str
    hint: str


def lost_task_line(lines: Sequence[str], header: Collection[str], columns: Collection[str]) -> LostLine | None:
    """Where task numbers, or the columns of an answer, follow the head at once and no line says ``任务:``.

    A line in its place that says something else is no lost line: it is an unknown key, and told as one.
    """
    keys = _keys(lines)
    for line, column, key in keys:
        if key == _TASKS and not column:
            following = next(keys, None)
            return _flush(lines[line], *following) if following else None
        if key not in header:
            return None if any(map(_says_tasks, lines)) else _without_tasks(line, column, key, columns)
    return None


def _says_tasks(line: str) -> bool:
    match = _KEY.match(line)
    return match is not None and match["key"] == _TASKS


def _without_tasks(line: int, column: int, key: str, columns: Collection[str]) -> LostLine | None:
    if _NUMBER.fullmatch(key):
        hint = "在这一行上面补上一行“任务:”，顶格写"
        more = "。" if column else "；下面各行前面都多加两个空格。"
        return LostLine(line, f"少了“任务:”这一行，从“{key}”起的各项任务都没有收入", hint + more)
    if key not in columns:
        return None
    message = f"少了“任务:”和任务编号这两行，“{key}”等栏不知道是哪一项任务的，没有收入"
    hint = "在这一行上面补上顶格的“任务:”，再补一行任务编号（前面两个空格）；各栏前面四个空格，正文六个空格。"
    return LostLine(line, message, hint)


def _flush(tasks: str, line: int, column: int, key: str) -> LostLine | None:
    """Task numbers at the margin, like the line ``tasks`` above them."""
    says_more = tasks.replace("：", ":").partition(":")[2].partition("#")[0].strip()
    if column or says_more or not _NUMBER.fullmatch(key):
        return None
    message = f"任务编号没有比“任务:”多缩进两格，从“{key}”起的各项任务都没有收入"
    return LostLine(line, message, "从这一行起，各行前面都多加两个空格。")


def _keys(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Line, column and key of the lines that begin with one, comments passed over, up to the first that does not."""
    for number, line in enumerate(lines):
        body = line.lstrip(" \t\u3000")
        if not body or body.startswith("#"):
            continue
        match = _KEY.match(body)
        if match is None:
            return
        yield number, len(line) - len(body), match["key"]
