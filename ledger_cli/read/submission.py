"""Bytes of a submission to its model, answer by answer: a faulty answer leaves the others whole (Y and S codes)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from ledger_cli.model.closest import did_you_mean
from ledger_cli.model.column import Shape
from ledger_cli.model.fault import Fault
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.finding import Finding, has_errors
from ledger_cli.model.heading import headings_of
from ledger_cli.model.shaped import answers as answer_adapter
from ledger_cli.model.shaped import submissions as submission_adapter
from ledger_cli.model.submission import (
    BESIDE,
    ENTRIES,
    FREE_TEXT,
    HEAD,
    Answer,
    Filing,
    Said,
    digits_of,
    says,
    task_number,
)
from ledger_cli.model.task_text import MARK, marked_digest
from ledger_cli.read.schema import Misfit, Misfitting, fitted
from ledger_cli.read.task_line import LostLine, lost_task_line
from ledger_cli.read.yaml.document import Document, read_document
from ledger_cli.read.yaml.walk import Vocabulary

HEADER = (*HEAD, ENTRIES)
_SYNONYMS = {
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


@dataclass(frozen=True, slots=True)
class _Words:
    """The keys of an answer, all that a submission of a shape may say, and what its keys are often mistaken for."""

    answer: tuple[str, ...]
    vocabulary: Vocabulary
    synonyms: Mapping[str, str]


@lru_cache
def _words(shape: Shape) -> _Words:
    answer = (*shape.keys, *BESIDE)
    own_words = frozenset((*(column.key for column in shape.filed if column.long), *FREE_TEXT))
    vocabulary = Vocabulary(frozenset((*HEADER, *answer)), own_words, frozenset({"佐证"}), room=20_000)
    synonyms = {name: column.key for column in reversed(shape.filed) for name in headings_of(column)}
    return _Words(answer, vocabulary, synonyms | _SYNONYMS)


_CODES = {Misfit.UNKNOWN_KEY: "S101", Misfit.MISSING_KEY: "S102", Misfit.WRONG_VALUE: "S103"}


@dataclass(slots=True)
class ReadSubmission:
    """A file's ``filing``, with the document that knows where everything stands, and what is wrong so far.

    ``shape`` has the columns that it was read with.
    """

    document: Document
    filing: Filing
    shape: Shape
    findings: list[Finding] = field(default_factory=list)

    @property
    def answers(self) -> dict[TaskNumber, Answer]:
        """The sound answers by task."""
        return self.filing.answers

    def told(self, faults: Iterable[Fault]) -> Iterator[Finding]:
        """The findings that faults of this file are, each with the answer that it stands in."""
        for fault in faults:
            found = self.document.told(fault)
            if fault.path[:1] == (ENTRIES,) and len(fault.path) > 1:
                key = str(fault.path[1])
                within = str(fault.path[2]) if len(fault.path) > 2 else None
                found = replace(found, entry=key, task=task_number(key, self.shape), field=within)
            yield found


def read_submission(data: bytes, file: str, shape: Shape) -> ReadSubmission:
    """Read one submission with the columns that its plan has; every fault is a finding, nothing is raised."""
    words = _words(shape)
    document = read_document(data, file, words.vocabulary)
    lost = lost_task_line(document.lines, HEADER, words.answer)
    if lost:
        return _head_alone(document, lost, shape)
    content = document.data
    if isinstance(content, dict):
        return _read_content(document, content, shape)
    read = ReadSubmission(document, Filing(file, whole=document.whole, listed=False), shape, list(document.findings))
    if document.whole or content is not None:
        if content is None:
            message, hint = "文件是空的", "用 ledger new 单位 生成填报模板。"
        else:
            message, hint = "文件读不出“单位”“报送期”“任务”三个栏目", "用 ledger new 单位 生成模板，对照着填写。"
        read.findings.append(document.report("S102", (1, 1), message, hint))
    return read


def _head_alone(document: Document, lost: LostLine, shape: Shape) -> ReadSubmission:
    """A submission whose tasks have no place: whose it is, and the one fault; nothing below the head is taken in."""
    above = "\n".join(document.lines[: lost.line]) + "\n"
    head = read_document(above.encode("utf-8", "surrogatepass"), document.file, _words(shape).vocabulary)
    content = head.data if isinstance(head.data, dict) else {}
    of_head = [found for found in head.findings if found not in head.of_characters]
    missing = [
        document.report("S102", (1, 1), f"文件里缺少“{key}”", f"补上“{key}: ”一行。")
        for key in HEADER[:2]
        if key not in content and not head.aside
    ]
    fault = document.report("S102", (lost.line + 1, 1), lost.message, lost.hint)
    filing = Filing(
        document.file,
        _text_or_none(content.get(HEADER[0])),
        _text_or_none(content.get(HEADER[1])),
        head=content,
        whole=head.whole and document.decoded,
        listed=False,
    )
    return ReadSubmission(head, filing, shape, [*document.of_characters, *of_head, *missing, fault])


def _text_or_none(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) else None


def _read_content(document: Document, content: dict[str, Any], shape: Shape) -> ReadSubmission:
    entries = content.get(ENTRIES)
    given = entries if isinstance(entries, dict) else {}
    of_text = list(_with_entries(document, shape, document.findings))
    model, misfits = fitted(content, submission_adapter(shape))
    answers: dict[str, Answer]
    if model is not None:
        unit, period, answers = model.unit, model.period, dict(model.answers)
    else:
        unit, period = (_text_or_none(content.get(key)) for key in HEADER[:2])
        each = {key: fitted(entry, answer_adapter(shape))[0] for key, entry in given.items()}
        answers = {key: answer for key, answer in each.items() if answer is not None}
    filing = Filing(
        document.file,
        unit,
        period,
        head={key: value for key, value in content.items() if key != ENTRIES},
        said=tuple(_said(document, shape, given, answers, of_text)),
        whole=document.whole,
        # No entry, and something that could not be read: it may have been the entries.
        listed=isinstance(entries, dict) and (bool(entries) or not has_errors(of_text)),
        untouched=_untouched(document, content, given, of_text),
        aside=_keys_aside(document),
    )
    read = ReadSubmission(document, filing, shape, of_text)
    known = [found for found in misfits if not (found.kind is Misfit.MISSING_KEY and document.aside)]
    of_shape = [_explained(found, shape) for found in known]
    for key, entry in given.items():
        if isinstance(entry, dict):
            of_shape.extend(_required(document, key, entry, shape))
    # A key at the margin below an answer was probably meant for it.
    read.findings.extend(_with_entries(document, shape, read.told(of_shape)))
    return read


def _said(
    document: Document, shape: Shape, given: dict[str, Any], answers: dict[str, Answer], findings: list[Finding]
) -> Iterator[Said]:
    lines = {key: line for key, line, _ in reversed(document.spans(ENTRIES))}
    marked = MARK in document.text  # spares most files the search
    hiding = {found.line for found in findings if found.rule.hides}
    for key, entry in given.items():
        number = task_number(key, shape)
        yield Said(
            key,
            number,
            digits_of(key) if number is None else None,
            entry,
            answers.get(key),
            lines.get(key, 1),
            (marked_digest(document.lines[lines[key] - 1]) or "") if marked and key in lines else "",
            frozenset(_cut(document, key, entry, hiding)) if document.aside or hiding else frozenset(),
        )


def _cut(document: Document, key: str, entry: Any, hiding: set[int]) -> Iterator[str]:
    """The columns of an entry that are empty only because their words were cut off or set aside."""
    for name, text in entry.items() if isinstance(entry, dict) else ():
        if isinstance(text, str) and not text.strip():
            line = document.place((ENTRIES, key, name), key=True)[0]
            if line in hiding or line - 1 in document.aside or line in document.aside:
                yield name


def _untouched(document: Document, content: dict[str, Any], given: dict[str, Any], findings: list[Finding]) -> bool:
    """Whether a file is a form that nobody has filled in: tasks, and not a word under any of them.

    Words that could not be read, were cut off or stand beside their place are words all the same.
    """
    if not given or document.aside or any(found.rule.hides for found in findings):
        return False
    beside = [text for key, text in content.items() if key not in HEADER]
    return not any(map(says, beside)) and all(
        isinstance(entry, dict) and not any(map(says, entry.values())) for entry in given.values()
    )


def _keys_aside(document: Document) -> frozenset[str]:
    return frozenset(key_aside(document, line) for line in document.aside if line < len(document.lines))


def _required(document: Document, key: str, given: dict[str, Any], shape: Shape) -> Iterator[Fault]:
    """S102 and S103 that depend on each other: the columns that must be there, or 不涉及, never both."""
    path = (ENTRIES, key)
    if "不涉及" in given:
        both = [name for name in shape.keys if name in given]
        if both:
            message = f"既写了“不涉及”，又写了“{'”“'.join(both)}”"
            hint = f"两样只留一样：不涉及的删去{shape.whole}，涉及的删去“不涉及”。"
            yield Fault("S103", (*path, "不涉及"), message, hint, at_key=True)
        return
    missing = [name for name in shape.required if name not in given]
    if not missing or _near_aside(document, key):
        return
    words = _words(shape)
    misspelt = {_meant(name, words.answer, words.synonyms) for name in given if name not in words.answer}
    if len(missing) == len(shape.required) > 1 and not misspelt:
        hint = f"在这项任务下面写上{shape.asked}，每栏冒号后写“|”再换行写正文；与本单位无关的写“不涉及: 理由”。"
        message = f"第{key}项任务下面缺少“{'”“'.join(missing)}”{shape.asked}"
        yield Fault("S102", path, message, hint, at_key=True)
        return
    for name in missing:
        if name in misspelt:
            continue
        column = shape.by_key[name]
        what = "|" if column.long else ""
        hint = f"在这项任务下面补上“{name}: {what}”和内容；与本单位无关的写“不涉及: 理由”。"
        if column.nil_allowed:
            hint = f"在这项任务下面补上“{name}: {what}”，没有的写“无”。"
        elif column.long:
            hint = f"在这项任务下面补上“{name}: |”和正文；与本单位无关的写“不涉及: 理由”。"
        yield Fault("S102", path, f"第{key}项任务缺少“{name}”", hint, at_key=True)


def _near_aside(document: Document, key: str) -> bool:
    """Whether lines within a task's entry could not be read, so that nothing can be called missing."""
    if not document.aside:
        return False
    return any(
        document.set_aside_within(first, last + 1) for entry, first, last in document.spans(ENTRIES) if entry == key
    )


def key_aside(document: Document, line: int) -> str:
    """What stands before the colon in a line (from 0) that could not be read."""
    return document.lines[line].strip().split(":")[0].strip("\"' ")


def _meant(name: str, known: tuple[str, ...], synonyms: Mapping[str, str]) -> str | None:
    return synonyms.get(name) or did_you_mean(name, known)


def _explained(found: Misfitting, shape: Shape) -> Fault:
    """The fault with a hint that knows this kind of file."""
    code = _CODES[found.kind]
    if found.kind is not Misfit.UNKNOWN_KEY:
        return found.fault(code)
    words = _words(shape)
    within = len(found.path) > 1
    if not within and found.name.isdecimal():
        return found.fault(code, "任务编号要写在“任务:”下面，并比它多缩进两格。")
    if not within and found.name in words.answer:
        return found.fault(code, f"“{found.name}”要写在任务编号下面，并比它多缩进两格。")
    meant = _meant(found.name, words.answer if within else HEADER, words.synonyms)
    return found.fault(code, f"是不是“{meant}”？" if meant else "")


def _with_entries(document: Document, shape: Shape, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding that does not say so with the answer among whose lines it stands."""
    spans = document.spans(ENTRIES)
    firsts = [first for _, first, _ in spans]
    for found in findings:
        if found.entry is not None:
            yield found
            continue
        # A value may end on the line of the next key: the later entry wins.
        place = bisect_right(firsts, found.line) - 1
        if place >= 0 and found.line <= spans[place][2]:
            key = spans[place][0]
            if found.line - 1 in document.aside:  # the line of the next task may be what could not be read
                behind = key_aside(document, found.line - 1)
                key = behind if task_number(behind, shape) else key
            inside = [name for name, first, last in document.spans(ENTRIES, key) if first <= found.line <= last]
            yield replace(found, entry=key, task=task_number(key, shape), field=inside[-1] if inside else None)
        else:
            yield found
