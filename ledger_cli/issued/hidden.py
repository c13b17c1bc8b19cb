"""Duties and figures that stand in a task's text: proposed for the catalog, with the words that they come from."""

import re
from collections.abc import Iterator

from ledger_cli.emit import quoted, word
from ledger_cli.model.fields import TaskNumber
from ledger_cli.read.deadlines import timed

_PART = re.compile(r"[^，。；;：\n]+")
_FIGURE = re.compile(
    r"(?:不少于|不低于|不得少于|不得低于|至少|达到)(?P<value>\d+(?:\.\d+)?)"
    r"(?P<measure>%|％|个百分点|学时|课时|小时|人次|万元|亿元|万吨|公里|平方米|万亩|[个名人次家件项场元吨亩户处座])"
)
_SURE_TIME = re.compile(r"每年|每季|每月|\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号]|[底末])|年?[底末])")
_BARE = ("", "每年", "每季", "每季度", "每月", "每半年", "全年", "原则上")
"""What says nothing by itself of what is counted."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def hidden_duties(number: TaskNumber, text: str, have: int) -> Iterator[tuple[str, str]]:
    """What a task's text may ask by a date or a figure: its words, and the record that would say so in the catalog.

    ``have`` is how many duties the task has already.
    """
    letters = iter(_LETTERS)
    for part in _PART.findall("".join(text.split())):
        time = timed(part) if _SURE_TIME.search(part) else None
        if time is not None:
            have += 1
            kind, value, words = time
            shown = "{:02}-{:02}".format(*value) if isinstance(value, tuple) else str(value)
            own = f"内容: {word(words or part)}, {kind}: {word(shown)}"
            yield part, f"时限要求: {{编号: {quoted(f'{number}-{have}')}, {own}, 出处: 举措}}"
        for found, letter in zip(_FIGURE.finditer(part), letters, strict=False):
            before = part[: found.start()]
            what, measure = word(part if before in _BARE else before), word(found["measure"])
            own = f"内容: {what}, 下限: {found['value']}, 单位: {measure}"
            yield part, f"指标: {{编号: {quoted(f'{number}-{letter}')}, {own}, 出处: 举措}}"
