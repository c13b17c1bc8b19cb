"""What a unit said in earlier periods, as the checks of the present one ask for it."""

from typing import Protocol

from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.obligation import Completions
from ledger_cli.model.submission import Answer


class Earlier(Protocol):
    """The earlier submissions of every unit; only sound answers are in it."""

    def answer(self, unit: str, task: TaskNumber) -> Answer | None:
        """The unit's answer to the task in the last period before this one."""

    def completions(self, unit: str, task: TaskNumber) -> Completions:
        """The completion dates of the task's duties from all periods before this one, by duty."""


class NothingEarlier:
    """The first period, or a file checked by itself."""

    def answer(self, unit: str, task: TaskNumber) -> Answer | None:  # noqa: ARG002 - as the protocol asks
        return None

    def completions(self, unit: str, task: TaskNumber) -> Completions:  # noqa: ARG002
        return {}
