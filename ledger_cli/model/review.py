"""Acceptances and rejections: events bound to an answer's content, and the states that follow from them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ledger_cli.model.fields import Numbered, OptionalWord, Record, TaskNumber, Word, plain_number, refuse, task_order
from ledger_cli.model.submission import Answer

_DIGEST = re.compile(r"[0-9a-f]{16}")
_TEXT_DIGEST = re.compile(r"[0-9a-f]{8}")
_LINE_END = re.compile(r"[ \t]+$", re.MULTILINE)


class Action(StrEnum):
    """What a reviewer did."""

    ACCEPT = "通过"
    REJECT = "退回"
    REOPEN = "撤回"


_ACTIONS = {str(action): action for action in Action}


class Standing(StrEnum):
    """How an answer stands in review; the values are what users read and scripts rely on."""

    ACCEPTED = "已通过"
    REJECTED = "退回"
    PENDING = "待审"


def _action(value: Any) -> Any:
    action = _ACTIONS.get(value.strip()) if isinstance(value, str) else None
    if action is None:
        shown = f"没有“{value}”这个动作" if isinstance(value, str) else "动作应是一个词"
        raise refuse(shown, "写通过、退回或者撤回。")
    return action


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        shown = f"“{value}”不是带时区的时间" if isinstance(value, str) else "时间应是一个值"
        raise refuse(shown, "写成 2024-07-20T09:30:00+08:00 的样子。")
    return moment


def _digest(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else ""
    if not _DIGEST.fullmatch(text):
        raise refuse("内容的校验码应是16位十六进制数", "校验码由程序填写；改坏了的，删去这一条，重新审核。")
    return text


def _text_digest(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else ""
    if not _TEXT_DIGEST.fullmatch(text):
        raise refuse("任务原文的校验码应是8位十六进制数", "校验码由程序填写；改坏了的，删去这一条，重新审核。")
    return text


class ReviewEvent(Record):
    """One act of one reviewer. ``content`` is the digest of the answer it was about; it is never changed later.

    ``task_text`` is that of the task's text, None in records from before it was kept.
    """

    unit: Word = Field(alias="单位")
    task: Numbered = Field(alias="任务")
    action: Annotated[Action, BeforeValidator(_action)] = Field(alias="动作")
    time: Annotated[datetime, BeforeValidator(_moment)] = Field(alias="时间")
    actor: Word = Field(alias="审核人")
    content: Annotated[str, BeforeValidator(_digest)] = Field(alias="内容")
    task_text: Annotated[str, BeforeValidator(_text_digest)] | None = Field(default=None, alias="举措")
    reason: OptionalWord = Field(default=None, alias="理由")


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How an answer stands, and the last event about it; of a pending answer, what it was before.

    ``reworded`` is set where it is pending because the task's own text is another one now.
    """

    status: Standing
    event: ReviewEvent | None = None
    reworded: bool = False

    @property
    def accepted(self) -> bool:
        return self.status is Standing.ACCEPTED

    @property
    def rejected(self) -> bool:
        return self.status is Standing.REJECTED

    @property
    def judged(self) -> bool:
        """Whether a reviewer's word on the answer as it reads now stands."""
        return self.status is not Standing.PENDING

    @property
    def why(self) -> str:
        """Why an answer is pending, or what the reviewer said; "" where there is nothing to add."""
        if self.event is None:
            return ""
        if self.status is not Standing.PENDING:
            return self.event.reason or ""
        if self.reworded:
            return "任务原文有改动"
        done = {Action.ACCEPT: "通过以后有改动", Action.REJECT: "退回以后有改动", Action.REOPEN: "审核已撤回"}
        return done[self.event.action]


class Reviews:
    """All events of a period in the order of its record; ``texts`` has the digests of the tasks' texts by number."""

    def __init__(self, events: Iterable[ReviewEvent] = (), texts: Mapping[TaskNumber, str] | None = None) -> None:
        self.events = tuple(events)
        self._texts = texts or {}
        self._last: dict[tuple[str, TaskNumber], ReviewEvent] = {}
        for event in self.events:
            known = self._last.get((event.unit, event.task))
            # Of two events of one moment the later line counts.
            if known is None or event.time >= known.time:
                self._last[event.unit, event.task] = event

    def __bool__(self) -> bool:
        return bool(self.events)

    def last(self, unit: str, task: TaskNumber) -> ReviewEvent | None:
        """The event that decides about an answer."""
        return self._last.get((unit, task))

    def of_unit(self, unit: str) -> dict[TaskNumber, ReviewEvent]:
        """The deciding events of a unit by task, in the tasks' order."""
        tasks = sorted((task for owner, task in self._last if owner == unit), key=task_order)
        return {task: self._last[unit, task] for task in tasks}

    def state(self, unit: str, task: TaskNumber, answer: Answer) -> ReviewState:
        """How an answer stands: what was said of it counts as long as it and its task read as they did then."""
        event = self.last(unit, task)
        if event is None or event.action is Action.REOPEN or event.content != answer_digest(answer):
            return ReviewState(Standing.PENDING, event)
        if event.task_text is not None and event.task_text != self._texts.get(task, event.task_text):
            return ReviewState(Standing.PENDING, event, reworded=True)
        return ReviewState(Standing.ACCEPTED if event.action is Action.ACCEPT else Standing.REJECTED, event)

    def rejections(self, unit: str, answers: Mapping[TaskNumber, Answer]) -> dict[TaskNumber, ReviewEvent]:
        """The rejections of a unit's answers that still stand, by task."""
        return {
            task: event
            for task, event in self.of_unit(unit).items()
            if task in answers and self.state(unit, task, answers[task]).status is Standing.REJECTED
        }


def answer_digest(answer: Answer) -> str:
    """Sixteen digits that change with what a reader sees of an answer, and with nothing else.

    The order of keys, the layout of the file, blanks at line ends and waived hints do not count.
    """
    content: list[object] = [
        *(_seen(text) for text in answer.texts),
        None if answer.not_applicable is None else _seen(answer.not_applicable),
        sorted((item, day.isoformat()) for item, day in answer.met.items()),
        sorted((item, plain_number(value)) for item, value in answer.figures.items()),
        [_seen(item) for item in answer.evidence],
    ]
    if answer.spoken_for:
        content.append(["联合", *sorted(answer.spoken_for)])
    if answer.more:  # where a plan has no columns of its own, nothing is different from what was said before
        content.append(sorted((key, _seen(str(value))) for key, value in answer.more.items()))
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _seen(text: str) -> str:
    return _LINE_END.sub("", text)
