"""Review events to the lines of reviews/<period>.yaml, added behind what is there: no earlier byte ever changes."""

from collections.abc import Iterable

from ledger_cli.emit import quoted
from ledger_cli.model.catalog import Period
from ledger_cli.model.review import ReviewEvent

_HEADER = """# {name}（{code}）的审核记录，每行一条，由 ledger accept、reject、return、reopen 追加，只加不改。
# “内容”是答复的校验码，“举措”是任务原文的：文字改动以后，原来的通过或者退回就不再算数，重新列为待审。
"""


def appended(before: bytes | None, events: Iterable[ReviewEvent], period: Period) -> bytes:
    """The record's bytes with the events added; ``before`` is None where there is no record yet."""
    lines = "".join(event_line(event) + "\n" for event in events)
    if not before:
        return (_HEADER.format(name=period.name, code=period.code) + lines).encode("utf-8")
    ending = b"\r\n" if b"\r\n" in before else b"\n"
    between = b"" if before.endswith((b"\n", b"\r")) else ending
    return before + between + lines.encode("utf-8").replace(b"\n", ending)


def event_line(event: ReviewEvent) -> str:
    """An event on one line, as ``read.reviews`` takes it without YAML."""
    fields = [
        f"单位: {quoted(event.unit)}",
        f"任务: {event.task}",
        f"动作: {event.action}",
        f"时间: {event.time.isoformat()}",
        f"审核人: {quoted(event.actor)}",
        f"内容: {quoted(event.content)}",
    ]
    if event.task_text is not None:
        fields.append(f"举措: {quoted(event.task_text)}")
    if event.reason is not None:
        fields.append(f"理由: {quoted(event.reason)}")
    return "- {" + ", ".join(fields) + "}"
