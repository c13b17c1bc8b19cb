"""A fault of a text, before it is a finding of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineFault:
    """Code, line and column (both from 0), what is wrong and what to do."""

    code: str
    line: int
    column: int
    message: str
    hint: str
