"""The plan that a period started with: which text stood under which number when its answers were written."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger_cli.model.catalog import Task
from ledger_cli.model.fields import TaskNumber


@dataclass(frozen=True, slots=True)
class Baseline:
    """The tasks that a period's answers were written for, by number; no versions where nothing remembers them.

    There are several, the last one first, where answers were moved to an edited catalog within the period.
    """

    versions: tuple[Mapping[TaskNumber, Task], ...] = ()

    def digests(self, number: TaskNumber) -> set[str]:
        """The texts that an unmarked answer may have been written for; of two nobody can tell which.

        A text that was only edited counts as it is now: whoever moved the answers has confirmed that they fit it.
        """
        found: set[str] = set()
        for version in self.versions:
            if number in version and not (found and self._edited(number, version)):
                found.add(version[number].digest)
        return found

    def _edited(self, number: TaskNumber, former: Mapping[TaskNumber, Task]) -> bool:
        """Whether a number stands for the same task as in a former version, as far as that can be told."""
        last = self.versions[0]
        if number not in last:
            return False
        was, now = former[number].digest, last[number].digest
        elsewhere = {task.digest for task in last.values()}, {task.digest for task in former.values()}
        return was == now or (was not in elsewhere[0] and now not in elsewhere[1])

    def task(self, digest: str) -> Task | None:
        """The task with that text."""
        return next((task for version in self.versions for task in version.values() if task.digest == digest), None)
