"""Our own report taken in again: its notes are no answers, and what it prints with an answer is no prose.

A report prints completion dates, figures and evidence as lines below what was done. Read as prose they would double
with each round.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ledger_cli.model.fields import parse_day
from ledger_cli.model.form import UNIT_HEADING
from ledger_cli.model.ledger import Label
from ledger_cli.model.registry import Registry
from ledger_cli.model.submission import Answer
from ledger_cli.write.label import MARK
from ledger_cli.write.view import FAULTY, FREE, UNREPORTED, extras

_COUNTED = re.compile(r"(?:未报|未通过审核、没有列出|全部任务未报的单位|待确认的单位)（\d+家）：(.*)", re.DOTALL)
_WORDED = ("有误未收入：", "整份未收入：", "审核情况：", "只列出已通过的答复，没有列出的有")
_WITHHELD = re.compile(r"（(?:待审|退回)，没有列出）")
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_HEAD = re.compile(
    rf"填报情况（截至{_DAY}，\d+家单位中\d+家有答复）|.{{0,60}}（.{{2,20}}，截至{_DAY}）|"
    rf"填报单位：[^\s　]*[\s　]*报送期：[^\s　]*，截至{_DAY}|\d+/\d+|"
    r"第[\d、—]+项任务的责任单位或者完成时限原件为空，所列为推定，以“（推定）”标明。"
)
_SUMMARY = {
    "章节",
    "任务数",
    "应报",
    "已报",
    "不涉及",
    "有误",
    "未报",
    "答复/应报",
    "合计",
    "序号",
    UNIT_HEADING,
    "说明",
}
_LABEL = re.compile(rf"{MARK}(?:第\S+?项[\s　]*)?(.*?)(?:等\d+家)?")
_ITEM = re.compile(r"(.*)（(\d{4}年\d{1,2}月\d{1,2}日)）")
_RECURRING = re.compile(r"(.*)（(\d{4})年(?:(\d{1,2})月)?）")


def is_stand_in(text: str) -> bool:
    """Whether an answer's cell says that there is no answer."""
    return text.strip() in (UNREPORTED, FREE, FAULTY) or _WITHHELD.fullmatch(text.strip()) is not None


def is_note(text: str, registry: Registry, *, ours: bool) -> bool:
    """Whether all lines of a text are notes that our reports print below a task or in front.

    Those with words of people in them count only in a document that carries our mark (``ours``).
    """
    return all(_is_note_line(line.strip(), registry, ours=ours) for line in text.strip().split("\n"))


def _is_note_line(line: str, registry: Registry, *, ours: bool) -> bool:
    counted = _COUNTED.fullmatch(line.split("。", 1)[-1] if ours else line)
    if counted:
        names = (re.sub(r"（[^（）]*）", "", name) for name in counted[1].rstrip("。").split("、"))
        return all(registry.find(name) for name in names)
    return ours and (line.startswith(_WORDED) or line in _SUMMARY or _HEAD.fullmatch(line) is not None)


def is_label(line: str, registry: Registry) -> bool:
    """Whether a line names task and unit again beside a long text, as our reports do: （续）第3项　银川市人民政府."""
    match = _LABEL.fullmatch(line.strip())
    names = re.sub(r"〔[^〔〕]*〕", "", match[1]) if match else ""
    return match is not None and all(registry.find(name) for name in names.split("、") if name)


def without_extras(progress: str, answer: Answer, labels: dict[str, Label]) -> str:
    """What was done, without the lines that a report adds to it from the answer's dates, figures and evidence."""
    lines = progress.split("\n")
    for extra in reversed(extras(answer, labels)):
        added = extra.split("\n")
        if lines[-len(added) :] == added:
            del lines[-len(added) :]
    return "\n".join(lines)


def parse_extras(progress: str, labels: dict[str, Label]) -> tuple[str, dict[str, Any]]:
    """What was done, and the dates, figures, evidence and units spoken for that a report printed below it.

    A line that does not read as a report prints it stays where it is.
    """
    lines = progress.split("\n")
    found: dict[str, Any] = {}
    for key, prefix, parse in (
        ("联合", "联合报送：", lambda items: tuple("；".join(items).split("、"))),
        ("佐证", "佐证：", tuple),
        ("指标", "指标：", lambda items: _figures(items, labels)),
        ("完成", "已完成：", lambda items: _met(items, labels)),
    ):
        if len(lines) > 1 and lines[-1].startswith(prefix):
            value = parse(lines[-1].removeprefix(prefix).split("；"))
            if not value:
                break
            found[key] = value
            lines.pop()
    return "\n".join(lines), found


def _met(items: Iterable[str], labels: dict[str, Label]) -> dict[str, date]:
    found: dict[str, date] = {}
    for item in items:
        match = _ITEM.fullmatch(item)
        day = parse_day(match[2]) if match else None
        duty = _id(match[1], labels) if match else ""
        if day is None or not duty:
            return {}
        found[duty] = day
    return found


def _figures(items: Iterable[str], labels: dict[str, Label]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for item in items:
        what, _, shown = item.rpartition(" ")
        known = _id(what, labels)
        number = shown.removesuffix(labels[known.partition("@")[0]].measure) if known else ""
        if not re.fullmatch(r"-?\d+(?:\.\d+)?", number):
            return {}
        found[known] = Decimal(number)
    return found


def _id(what: str, labels: dict[str, Label]) -> str:
    """The id of a duty or an indicator by what it is called, with its year; "" where it is not just one."""
    named = [item for item, label in labels.items() if label.what == what]
    again = _RECURRING.fullmatch(what)
    if not named and again:
        time = f"{again[2]}-{int(again[3]):02}" if again[3] else again[2]
        named = [f"{item}@{time}" for item, label in labels.items() if label.what == again[1]]
    return named[0] if len(named) == 1 else ""
