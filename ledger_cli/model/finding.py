"""A finding: one fault of one place in one file, as a value.

Findings are what every step returns beside its result; exceptions mean that the program cannot run.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.rule import RULES, Family, KeptOut, Rule, Severity

_TOLD = 100
"""Findings of one code in one file that are listed; more come of one mistake made throughout."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. ``line`` and ``column`` count from 1, columns in characters; ``excerpt`` is the line.

    ``task`` is the task's number where the finding concerns one, ``entry`` the key of the answer that it stands in, as
    the file has it, so that a partial merge knows what to leave out, and ``field`` the key within; ``unit`` is the
    unit's id where it is known.
    """

    code: str
    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = "error"
    unit: str | None = None
    task: TaskNumber | None = None
    excerpt: str = ""
    entry: str | None = None
    field: str | None = None

    @property
    def rule(self) -> Rule:
        return RULES[self.code]

    @property
    def in_words(self) -> str:
        """Line, code and message, as they stand in a sentence about its file."""
        return f"第{self.line}行 {self.code} {self.message}"

    @property
    def keeps_file_out(self) -> bool:
        """Whether it is an error for which no answer of its file can be taken."""
        scope = self.rule.keeps_out
        whole = scope is KeptOut.FILE or (scope is KeptOut.PLACE and self.entry is None)
        return whole and self.severity == "error"

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.code, self.message)


def finding(code: str, file: str, at: tuple[int, int], message: str, hint: str = "", **more: Any) -> Finding:
    """A finding with the severity of its rule, unless another is given (C203 of an optional task).

    Without a hint for the case it gets its rule's remedy. ``more`` are its other fields by name.
    """
    severity = more.pop("severity", None) or RULES[code].severity
    return Finding(code, file, *at, message, hint or RULES[code].fix, severity, **more)


def of_unit(findings: Iterable[Finding], unit: str | None) -> list[Finding]:
    """The same findings, each with the unit they are about."""
    return [replace(f, unit=unit) for f in findings]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file, line, column and code, each said once."""
    return sorted(set(findings), key=lambda f: f.sort_key)


def abridged(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as people are told them: of one code in one file the first hundred, and how many more there are.

    Findings of filled forms (F) stay all, since the words that they quote stand nowhere else.
    """
    kept: list[Finding] = []
    number: Counter[tuple[str, str]] = Counter()
    first_omitted: dict[tuple[str, str], tuple[int, Finding]] = {}
    for found in findings:
        kind = (found.file, found.code)
        number[kind] += 1
        if number[kind] <= _TOLD or found.rule.family is Family.FORM:
            kept.append(found)
        elif kind not in first_omitted:
            first_omitted[kind] = (len(kept), found)
            kept.append(found)
    for kind, (place, found) in first_omitted.items():
        message = f"这个文件里还有{number[kind] - _TOLD}处 {found.code}，从这里起不再逐一列出"
        hint = "先改好上面列出的，再检查一次。"
        kept[place] = replace(found, message=message, hint=hint, excerpt="", task=None, entry=None, field=None)
    return kept


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    return [found for found in findings if found.severity == "error"]


def summed_up(what: str, errors: Sequence[Finding]) -> str:
    """How many errors something has, and the first with its place; there is one at least."""
    first = errors[0]
    return f"{what}有{len(errors)}处错误，第一处是 {first.file}:{first.line}:{first.column} {first.message}"


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(f.severity == "error" for f in findings)
