"""Who changed which answer of a unit when: the commits that touched its files, each compared with those before it.

Commits and files come from git; here it is decided which versions of a unit's files stand beside each other.
Nothing here prints, and nothing is written.
"""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from ledger_cli.compare.answers import Change, Comparison, Side, Unread, compare_answers
from ledger_cli.compare.sides import each_once, period_side
from ledger_cli.edge.disk import Workspace
from ledger_cli.edge.git import Commit, Repository
from ledger_cli.files import FOREIGN, SUBMISSIONS, folder_of, is_submission
from ledger_cli.gather.submission import check_file, compare_files
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What one commit did to a unit's answers; ``commit`` None is what is not committed yet.

    ``files`` are those that it touched; ``oldest`` marks the first commit of a shallow clone, of which nobody
    can tell what it changed.
    """

    commit: Commit | None
    files: tuple[str, ...]
    changes: tuple[Change, ...]
    unread: tuple[Unread, ...]
    oldest: bool = False


@dataclass(frozen=True, slots=True)
class UnitLog:
    """A unit's entries, newest first; ``shallow`` where earlier history is not in this clone."""

    entries: tuple[LogEntry, ...]
    shallow: bool


_Version = dict[str, str]
_Known = dict[str, Side]


@dataclass(slots=True)
class _State:
    """A unit's files at a commit, and its answers by period: each as it could last be read."""

    version: _Version = field(default_factory=dict)
    known: _Known = field(default_factory=dict)


def unit_log(workspace: Workspace, plan: Plan, unit: str, *, task: TaskNumber | None, period: str | None) -> UnitLog:
    """The history of a unit's answers in git; raises ``CannotRun`` where there is no git to read."""
    repository = Repository(workspace)
    head = repository.commit_of("HEAD")
    reader = _Reader(workspace, repository, plan, unit, head)
    states: dict[str, _State] = {}
    entries: list[LogEntry] = []
    for commit in reversed(list(repository.commits(head, SUBMISSIONS))):
        parents = [states[parent] for parent in commit.parents if parent in states]
        version = reader.committed(commit)
        unchanged = next((parent for parent in parents if parent.version == version), None)
        if unchanged is not None or not (version or parents):
            states[commit.id] = unchanged or _State()
            continue
        entry, states[commit.id] = reader.entry(commit, version, parents or [_State()])
        if commit.id in repository.edge:
            entry = replace(entry, changes=(), oldest=True)
        if len(parents) < 2 or entry.changes or entry.unread:
            entries.append(entry)
    # The newest commit of the folder stands for HEAD, which may have changed other files since.
    last = next(reversed(states.values())) if states else _State()
    entry, _ = reader.entry(None, reader.uncommitted(), [last])
    if entry.changes or entry.unread:
        entries.append(entry)
    entries = [_selected(entry, task, period) for entry in reversed(entries)]
    kept = (entry for entry in entries if _concerns(entry, task, period))
    return UnitLog(tuple(kept), repository.shallow)


def _selected(entry: LogEntry, task: TaskNumber | None, period: str | None) -> LogEntry:
    return replace(
        entry,
        changes=tuple(c for c in entry.changes if task in (None, c.task) and period in (None, c.period)),
        unread=tuple(
            u
            for u in entry.unread
            if (task is None or u.task in (None, task)) and (period is None or u.period in (None, period))
        ),
    )


def _concerns(entry: LogEntry, task: TaskNumber | None, period: str | None) -> bool:
    if entry.changes or entry.unread:
        return True
    if task is None:
        return period is None or any(folder_of(name) == period for name in entry.files)
    return entry.oldest


class _Reader:
    """Reads the versions of a unit's files; each is parsed once."""

    def __init__(self, workspace: Workspace, repository: Repository, plan: Plan, unit: str, head: str) -> None:
        self._workspace = workspace
        self._head = head
        self._repository = repository
        self._plan = plan
        self._unit = unit
        self._codes = {period.code for period in plan.catalog.periods}
        self._checked: dict[tuple[str, str], CheckedFile] = {}
        self._disk: dict[str, bytes] = {}
        self._named: dict[str, bool | None] = {}

    def committed(self, commit: Commit) -> _Version:
        return self._own(self._repository.files(commit.tree, SUBMISSIONS))

    def uncommitted(self) -> _Version:
        """The unit's files on disk, by the ids that git would give them."""
        found = {}
        for name in self._workspace.names(SUBMISSIONS):
            data = self._workspace.read(name) if self._maybe_own(name) else None
            if data is not None:
                found[name] = self._blob_id(data)
                self._disk[found[name]] = data
        return self._own(found)

    def _blob_id(self, data: bytes) -> str:
        kind = "sha256" if len(self._head) > 40 else "sha1"
        return hashlib.new(kind, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()

    def _maybe_own(self, name: str) -> bool:
        """Whether a file is the unit's by its name, or nobody's by it."""
        if name not in self._named:
            if not is_submission(name) or PurePosixPath(name).suffix.lower() in FOREIGN:
                self._named[name] = False
            else:
                named = self._plan.registry.find(PurePosixPath(name).stem)
                self._named[name] = None if named is None else named.id == self._unit
        return self._named[name] is not False

    def _own(self, files: _Version) -> _Version:
        """The files of the unit: by their names, or where these name nobody by what they say."""
        return {
            name: blob
            for name, blob in files.items()
            if self._maybe_own(name) and (self._named[name] or self._read(name, blob).unit == self._unit)
        }

    def _read(self, name: str, blob: str) -> CheckedFile:
        if (name, blob) not in self._checked:
            data = self._disk[blob] if blob in self._disk else self._repository.blob(blob)
            # No finding that depends on the day is looked at here.
            self._checked[name, blob] = check_file(self._plan, name, data, self._plan.catalog.window[1])
        return replace(self._checked[name, blob])

    def entry(self, commit: Commit | None, version: _Version, parents: list[_State]) -> tuple[LogEntry, _State]:
        """What a version changed against all its parents, and the state it leaves."""
        touched = {
            name
            for name in version.keys() | parents[0].version.keys()
            if all(version.get(name) != parent.version.get(name) for parent in parents)
        }
        changes: list[Change] = []
        unread: list[Unread] = []
        known: _Known = {}
        for period in sorted(self._codes):
            now = self._side(version, period)
            befores = [parent.known.get(period, Side()) for parent in parents]
            found = [compare_answers(before, now, period, self._plan.registry.order) for before in befores]
            changes.extend(change for change in found[0].changes if all(_among(change, other) for other in found[1:]))
            unread.extend(one for one in found[0].unread if one.file in touched)
            known[period] = _carried(now, befores[0])
        entry = LogEntry(commit, tuple(sorted(touched)), tuple(changes), tuple(each_once(unread)))
        return entry, _State(version, known)

    def _side(self, version: _Version, period: str) -> Side:
        others = self._codes - {period}
        files = [self._read(name, blob) for name, blob in version.items() if folder_of(name) not in others]
        return period_side(compare_files(files), self._plan, period, self._codes)


def _among(change: Change, other: Comparison) -> bool:
    """Whether a merge changed against another parent too what it changed against the first."""
    return any(
        change.place == theirs.place
        and (None in (change.field, theirs.field) or (change.field, change.item) == (theirs.field, theirs.item))
        for theirs in other.changes
    )


def _carried(now: Side, before: Side) -> Side:
    """The answers that are known after a version: those it has, and for what it made unreadable those before."""
    lost = now.apart
    kept = {place: answer for place, answer in before.answers.items() if place in lost or (place[0], None) in lost}
    return Side(now.shape, {**kept, **now.answers})
