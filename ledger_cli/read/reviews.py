"""Bytes of reviews/<period>.yaml to review events with their places (Y codes and K511).

The program writes an event a line, always in one form. Such lines are taken as they are, which keeps a record of
ten thousand events quick; whatever else stands there (a line that a person wrote) is read as any YAML file is.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from ledger_cli.model.fault import Fault
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.review import ReviewEvent
from ledger_cli.read.schema import faults, fitted
from ledger_cli.read.yaml.document import Document, read_document
from ledger_cli.read.yaml.text import UNPRINTABLE
from ledger_cli.read.yaml.walk import Vocabulary

CODE = "K511"
_EVENT: TypeAdapter[ReviewEvent] = TypeAdapter(ReviewEvent)
_KEYS = frozenset(str(info.alias) for info in ReviewEvent.model_fields.values())
_VOCABULARY = Vocabulary(_KEYS, frozenset({"理由"}))
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(
    rf"- \{{单位: (?P<单位>{_QUOTED}), 任务: (?P<任务>[1-9]\d*), 动作: (?P<动作>通过|退回|撤回), "
    rf"时间: (?P<时间>[\dT:+-]+), 审核人: (?P<审核人>{_QUOTED}), "
    rf"内容: (?P<内容>{_QUOTED})(?:, 举措: (?P<举措>{_QUOTED}))?(?:, 理由: (?P<理由>{_QUOTED}))?\}}",
    re.ASCII,
)
_CONFLICT = re.compile(r"<{7}(?: |$)|={7}$|>{7}(?: |$)|\|{7}(?: |$)")
_FORM = "每行写一条，顶格写，形如 - {单位: sft, 任务: 3, 动作: 通过, 时间: …, 审核人: …, 内容: …}，由程序填写。"


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event with line and column of its unit and its task."""

    event: ReviewEvent
    unit_at: tuple[int, int]
    task_at: tuple[int, int]


@dataclass(slots=True)
class ReadReviews:
    """What a record says, as far as it could be read; events in the order of the file."""

    file: str
    events: list[PlacedEvent] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def report(self, at: tuple[int, int], message: str, hint: str, **more: Any) -> Finding:
        """K511 at a place of the file."""
        excerpt = self.lines[at[0] - 1] if at[0] <= len(self.lines) else ""
        return finding(CODE, self.file, at, message, hint, excerpt=excerpt, **more)

    def told(self, fault: Fault) -> Finding:
        """The finding that a fault of an event is; its path is the event's place among ``events``, then the key."""
        place, key = fault.path
        event = self.events[int(place)]
        at = event.task_at if key == "任务" else event.unit_at
        return self.report(at, fault.message, fault.hint, severity=fault.severity, task=fault.task)


def read_reviews(data: bytes, file: str) -> ReadReviews:
    """Read one record; every fault is a finding, nothing is raised."""
    read = ReadReviews(file)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        _read_rest(read, read_document(data, file, _VOCABULARY))
        return read
    read.lines = text.split("\n")
    rest = [_take(read, number, line) for number, line in enumerate(read.lines, 1)]
    if any(line.strip() and not line.startswith("#") for line in rest):
        _read_rest(read, read_document("\n".join(rest).encode(), file, _VOCABULARY))
        read.events.sort(key=lambda placed: placed.unit_at)
    return read


def _take(read: ReadReviews, number: int, line: str) -> str:
    """Take in a line of the program's own form; others are handed back, to be read as YAML."""
    if not line.startswith("- {"):
        if _CONFLICT.match(line):
            if not read.findings:
                hint = "删去以 <<<<<<<、=======、>>>>>>> 开头的行，其余各行都保留。"
                read.findings.append(read.report((number, 1), "两个人的审核记录还没有合并好", hint))
            return ""
        return line
    match = _LINE.fullmatch(line)
    event = _event(match) if match else None
    if match is None or event is None:
        return line
    read.events.append(
        PlacedEvent(event, (number, match.start("单位") + 1), (number, match.start("任务") + 1)),
    )
    return ""


def _event(match: re.Match[str]) -> ReviewEvent | None:
    try:
        values = {key: _unquoted(value) for key, value in match.groupdict().items() if value is not None}
        # Typed as such or written as an escape: either way the document's reader says where and what it is.
        if UNPRINTABLE.search("".join(values.values())):
            return None
        return _EVENT.validate_python(values)
    except (ValueError, ValidationError):
        return None


def _unquoted(value: str) -> str:
    if value[0] != '"':
        return value
    return str(json.loads(value)) if "\\" in value else value[1:-1]


def _at_margin(root: yaml.Node) -> bool:
    """Whether the list's items begin at the margin, as the program's own lines do."""
    return root.start_mark.column == 0 and not (isinstance(root, yaml.SequenceNode) and root.flow_style)


def _read_rest(read: ReadReviews, document: Document) -> None:
    read.lines = read.lines or document.lines
    read.findings.extend(document.findings)
    content = document.data
    if content is not None and not isinstance(content, list):
        if not document.findings:
            read.findings.append(read.report((1, 1), "审核记录应是一个列表", _FORM))
        return
    if read.events and document.root and not _at_margin(document.root):
        at = document.place(())
        read.findings.append(read.report(at, "这里的写法与其余每行一条的记录连不起来", _FORM))
    for place, item in enumerate(content or ()):
        at = document.place((place,))
        if not isinstance(item, dict):
            read.findings.append(read.report(at, "这里不是一条审核记录", _FORM))
            continue
        event, misfits = fitted(item, _EVENT, (place,), whole="这条审核记录")
        read.findings.extend(map(document.told, faults(misfits, CODE)))
        if event is not None:
            places = document.place((place, "单位")), document.place((place, "任务"))
            read.events.append(PlacedEvent(event, *places))
