"""Bytes of a submission to its model, answer by answer: a faulty answer leaves the others whole (Y and S codes)."""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from ledger_cli.model.fields import NUMBER_LENGTH
from ledger_cli.model.finding import Finding
from ledger_cli.model.submission import FREE_TEXT, PROSE, Answer, Submission
from ledger_cli.model.task_text import MARK, marked_digest
from ledger_cli.read.document import Document, Path, read_document
from ledger_cli.read.schema import did_you_mean, validate
from ledger_cli.read.task_line import LostLine, lost_task_line
from ledger_cli.read.walk import Vocabulary

HEADER = ("单位", "报送期", "填报日期", "填报人", "审核人", "联系电话", "任务")
ANSWER = (*PROSE, "不涉及", "完成", "指标", "佐证", "忽略")
VOCABULARY = Vocabulary(frozenset((*HEADER, *ANSWER)), FREE_TEXT, FREE_TEXT.difference(PROSE, ("不涉及",)), room=20_000)

_SYNONYMS = {
    "落实情况": "具体落实情况",
    "落实": "具体落实情况",
    "进展情况": "具体落实情况",
    "进展": "具体落实情况",
    "工作进展": "具体落实情况",
    "完成情况": "具体落实情况",
    "问题": "存在问题",
    "存在的问题": "存在问题",
    "存在问题和不足": "存在问题",
    "主要问题": "存在问题",
    "打算": "工作打算",
    "下一步打算": "工作打算",
    "下一步工作": "工作打算",
    "下一步工作打算": "工作打算",
    "工作计划": "工作打算",
    "责任单位": "单位",
    "单位名称": "单位",
    "期间": "报送期",
    "报送时间": "填报日期",
    "日期": "填报日期",
    "电话": "联系电话",
    "证明材料": "佐证",
    "附件": "佐证",
    "不适用": "不涉及",
    "完成时间": "完成",
    "完成日期": "完成",
}

_HIDING = frozenset({"Y005", "Y009"})
"""Faults behind which a clerk's words stand that are in none of the values: a second answer, a text cut off."""

_OF_TEXT = frozenset({"Y001", "Y007", "Y008"})
"""Faults of a file's bytes and characters, whatever its layout is."""

_WHOLE: TypeAdapter[Submission] = TypeAdapter(Submission)
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


@dataclass(slots=True)
class ReadSubmission:
    """What a file says, as far as it could be read.

    ``given`` holds all entries under 任务 as they stand in the file, ``answers`` the sound ones, both by
    the key in the file; ``whole`` is false where the file could not be read to its end. ``digests`` are those
    of the tasks' texts that the answers were written for, where the lines of their keys say so.
    """

    file: str
    document: Document
    unit: str | None = None
    period: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return self.document.whole

    @property
    def untouched(self) -> bool:
        """Whether the file is a form that nobody has filled in: tasks, and not a word under any of them.

        Words that could not be read, were cut off or stand beside their place are words all the same.
        """
        if not self.given or self.document.aside or any(found.code in _HIDING for found in self.findings):
            return False
        beside = [text for key, text in self.document.data.items() if key not in HEADER]
        return not any(map(_says, beside)) and all(
            isinstance(given, dict) and not any(map(_says, given.values())) for given in self.given.values()
        )

    @property
    def signed(self) -> list[str]:
        """The keys of the head, beside unit and period, that say something: who filed, when."""
        content = self.document.data if isinstance(self.document.data, dict) else {}
        return [key for key in HEADER[2:-1] if _says(content.get(key))]

    def report(self, code: str, path: Path, message: str, hint: str, **more: Any) -> Finding:
        """A finding at the value of ``path``."""
        return self.document.report(code, self.document.place(path), message, hint, **more)


def _says(value: Any) -> bool:
    return bool(value) and bool(str(value).strip())


def read_submission(data: bytes, file: str) -> ReadSubmission:
    """Read one submission; every fault is a finding, nothing is raised."""
    document = read_document(data, file, VOCABULARY)
    lost = lost_task_line(document.lines, HEADER, ANSWER)
    if lost:
        return _head_alone(document, lost)
    read = ReadSubmission(file, document)
    content = document.data
    if isinstance(content, dict):
        _read_content(read, content)
    elif document.whole or content is not None:
        if content is None:
            message, hint = "文件是空的", "用 ledger new 单位 生成填报模板。"
        else:
            message, hint = "文件读不出“单位”“报送期”“任务”三个栏目", "用 ledger new 单位 生成模板，对照着填写。"
        read.findings.append(document.report("S102", (1, 1), message, hint))
    read.findings = [*_with_tasks(document, document.findings), *read.findings]
    return read


def _head_alone(document: Document, lost: LostLine) -> ReadSubmission:
    """A submission whose tasks have no place: whose it is, and the one fault; nothing below the head is taken in."""
    above = "\n".join(document.lines[: lost.line]) + "\n"
    head = read_document(above.encode("utf-8", "surrogatepass"), document.file, VOCABULARY)
    read = ReadSubmission(document.file, head)
    content = head.data if isinstance(head.data, dict) else {}
    read.unit, read.period = (_text_or_none(content.get(key)) for key in HEADER[:2])
    of_text = [found for found in document.findings if found.code in _OF_TEXT]
    of_head = [found for found in head.findings if found.code not in _OF_TEXT]
    missing = [
        document.report("S102", (1, 1), f"文件里缺少“{key}”", f"补上“{key}: ”一行。")
        for key in HEADER[:2]
        if key not in content and not head.aside
    ]
    fault = document.report("S102", (lost.line + 1, 1), lost.message, lost.hint)
    read.findings = [*of_text, *of_head, *missing, fault]
    head.whole = head.whole and not any(found.code == "Y001" for found in of_text)
    return read


def _text_or_none(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) else None


def task_number(key: str) -> int | None:
    """The number that a key under 任务 stands for; None where it is no plain number."""
    plain = key.isdecimal() and key.isascii() and not key.startswith("0") and len(key) <= NUMBER_LENGTH
    return int(key) if plain else None


def digits_of(key: str) -> list[int]:
    """The number that stands in a key, such as 第35项, 035 or ３５."""
    digits = "".join(char for char in key if char.isdecimal())
    return [int(digits)] if digits and len(digits) < 5 else []


def _read_content(read: ReadSubmission, content: dict[str, Any]) -> None:
    document = read.document
    entries = content.get("任务")
    read.given = entries if isinstance(entries, dict) else {}
    read.digests = _digests(document)
    model, findings = validate(document, content, _WHOLE)
    if model is not None:
        read.unit, read.period, read.answers = model.unit, model.period, dict(model.answers)
    else:
        read.findings.extend(_explained(document, findings))
        read.unit, read.period = (_text_or_none(content.get(key)) for key in HEADER[:2])
        for key, given in read.given.items():
            sound, _ = validate(document, given, _ANSWER, ("任务", key))
            if sound is not None:
                read.answers[key] = sound
    for key, given in read.given.items():
        if isinstance(given, dict):
            read.findings.extend(_required(read, key, given))


def _digests(document: Document) -> dict[str, str]:
    if MARK not in document.text:  # spares most files the search
        return {}
    lines = document.lines
    marked = {key: marked_digest(lines[line - 1]) for key, line, _ in reversed(document.spans("任务"))}
    return {key: digest for key, digest in marked.items() if digest}


def _required(read: ReadSubmission, key: str, given: dict[str, Any]) -> list[Finding]:
    """S102 and S103 that depend on each other: three texts, or 不涉及, never both."""
    path = ("任务", key)
    number = task_number(key)
    if "不涉及" in given:
        both = [name for name in PROSE if name in given]
        if not both:
            return []
        at = read.document.place((*path, "不涉及"), key=True)
        message = f"既写了“不涉及”，又写了“{'”“'.join(both)}”"
        hint = "两样只留一样：不涉及的删去三栏，涉及的删去“不涉及”。"
        return [read.document.report("S103", at, message, hint, task=number)]
    missing = [name for name in PROSE if name not in given]
    if not missing or _near_aside(read.document, key):
        return []
    misspelt = {_meant(name, ANSWER) for name in given if name not in ANSWER}
    at = read.document.place(path, key=True)
    if len(missing) == len(PROSE) and not misspelt:
        hint = "在这项任务下面写上三栏，每栏冒号后写“|”再换行写正文；与本单位无关的写“不涉及: 理由”。"
        message = f"第{key}项任务下面缺少“具体落实情况”“存在问题”“工作打算”三栏"
        return [read.document.report("S102", at, message, hint, task=number)]
    found = []
    for name in missing:
        if name in misspelt:
            continue
        hint = f"在这项任务下面补上“{name}: |”，没有的写“无”。"
        if name == PROSE[0]:
            hint = f"在这项任务下面补上“{name}: |”和正文；与本单位无关的写“不涉及: 理由”。"
        found.append(read.document.report("S102", at, f"第{key}项任务缺少“{name}”", hint, task=number))
    return found


def column_at(document: Document, task: int | None, line: int) -> str | None:
    """The column of an answer (one of the three texts) that a line of the file belongs to."""
    found = None
    for key, first, last in document.spans("任务", str(task)):
        if key in PROSE and first <= line <= last:
            found = key
    return found


def _near_aside(document: Document, key: str) -> bool:
    """Whether lines within a task's entry could not be read, so that nothing can be called missing."""
    if not document.aside:
        return False
    return any(
        document.set_aside_within(first, last + 1) for entry, first, last in document.spans("任务") if entry == key
    )


def key_aside(document: Document, line: int) -> str:
    """What stands before the colon in a line (from 0) that could not be read."""
    return document.lines[line].strip().split(":")[0].strip("\"' ")


def _meant(name: str, known: tuple[str, ...]) -> str | None:
    return _SYNONYMS.get(name) or did_you_mean(name, known)


def _explained(document: Document, findings: list[Finding]) -> list[Finding]:
    """Findings of the model with the task they concern and with hints that know this kind of file."""
    explained = []
    for found in _with_tasks(document, findings):
        if found.code == "S102" and document.aside:
            continue
        explained.append(_unknown_key(found) if found.code == "S101" else found)
    return explained


def _unknown_key(found: Finding) -> Finding:
    name = found.message[len("没有“") : found.message.index("”这个栏目")]
    if found.task is None and name.isdecimal():
        return replace(found, hint="任务编号要写在“任务:”下面，并比它多缩进两格。")
    if found.task is None and name in ANSWER:
        return replace(found, hint=f"“{name}”要写在任务编号下面，并比它多缩进两格。")
    meant = _meant(name, HEADER if found.task is None else ANSWER)
    return replace(found, hint=f"是不是“{meant}”？") if meant else found


def _with_tasks(document: Document, findings: list[Finding]) -> list[Finding]:
    """Each finding with the number of the task among whose lines it stands."""
    if not findings:
        return []
    spans = document.spans("任务")
    firsts = [first for _, first, _ in spans]
    placed = []
    for found in findings:
        task = found.task
        # A value may end on the line of the next key: the later entry wins.
        place = bisect_right(firsts, found.line) - 1
        if place >= 0 and found.line <= spans[place][2]:
            task = task_number(spans[place][0])
            if found.line - 1 in document.aside:  # the line of the next task may be what could not be read
                task = task_number(key_aside(document, found.line - 1)) or task
        placed.append(replace(found, task=task))
    return placed
