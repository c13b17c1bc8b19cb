"""A finding: one fault of one place in one file, as a value.

Findings are what every step returns beside its result; exceptions mean that the program cannot run.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from ledger_cli.model.rule import RULES

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. ``line`` and ``column`` count from 1, columns in characters; ``excerpt`` is the line.

    ``task`` is the task's number where the finding concerns one answer, so that a partial merge
    knows what to leave out; ``unit`` is the unit's id where it is known. ``detail`` is an item
    within the answer (a duty's or an indicator's id) where the finding is about one.
    """

    code: str
    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = "error"
    unit: str | None = None
    task: int | None = None
    excerpt: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.code, self.message)


def finding(
    code: str,
    file: str,
    at: tuple[int, int],
    message: str,
    hint: str = "",
    *,
    severity: Severity | None = None,
    unit: str | None = None,
    task: int | None = None,
    excerpt: str = "",
) -> Finding:
    """A finding with the severity of its rule, unless another is given (C203 of an optional task)."""
    line, column = at
    return Finding(code, file, line, column, message, hint, severity or RULES[code].severity, unit, task, excerpt)


def of_unit(findings: Iterable[Finding], unit: str | None) -> list[Finding]:
    """The same findings, each with the unit they are about."""
    return [replace(f, unit=unit) for f in findings]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file, line, column and code, each said once."""
    return sorted(set(findings), key=lambda f: f.sort_key)


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(f.severity == "error" for f in findings)
