"""Exit codes and the one exception that means "cannot run"."""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ends; scripts rely on the numbers."""

    CLEAN = 0
    FINDINGS = 1
    CANNOT_RUN = 2
    FAULT = 3


class CannotRun(Exception):
    """The command cannot do what was asked, and why, in a Chinese sentence for the user (exit 2)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ToolFault(Exception):
    """The program found itself at fault, as when a document it wrote lacks a word (exit 3)."""
