"""Answers to a changed catalog: which task each was written for, and the files in which it stands below that task.

Everything is worked out before anything is written. An answer moves with its text; one whose text was edited
stays until somebody has confirmed that it still fits; nothing takes the place of another answer.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ledger_cli.check.displacement import Displacement, displacements, moved_item, new_ids
from ledger_cli.files import PERIODS, SUBMISSIONS, TASKS, Files, folder_of, is_submission
from ledger_cli.gather.baselines import baseline_name, former_name, former_names
from ledger_cli.model.catalog import Period, Task
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.finding import errors_of
from ledger_cli.model.plan import Plan
from ledger_cli.model.rule import Family
from ledger_cli.model.submission import Filing
from ledger_cli.read.submission import read_submission
from ledger_cli.write.submission_edit import Rekeyed, rekeyed


@dataclass(frozen=True, slots=True)
class Placed:
    """One displaced answer of a file; ``why`` says why it cannot be moved, "" where nothing stands against it."""

    file: str
    found: Displacement
    why: str = ""


@dataclass(slots=True)
class Migration:
    """What is to become of a period's displaced answers.

    ``moved`` go with their text to another number, ``kept`` stay as confirmed, ``doubtful`` wait for somebody to say
    whether they fit, ``refused`` are in the way of each other or of the program. ``unread`` are files that cannot be
    read, with the reason. ``contents`` are all files that change, before and after; what the period started with is
    among them (``remembered``) once nothing is left to do.
    """

    period: Period
    moved: list[Placed] = field(default_factory=list)
    kept: list[Placed] = field(default_factory=list)
    doubtful: list[Placed] = field(default_factory=list)
    refused: list[Placed] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    contents: dict[str, tuple[bytes | None, bytes]] = field(default_factory=dict)
    remembered: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing is left that a person has to decide."""
        return not (self.doubtful or self.refused or self.unread)


def migrate(files: Files, plan: Plan, period: Period, keep: Collection[TaskNumber] = ()) -> Migration:
    """What moves a period's answers to the catalog as it is; ``keep`` are tasks whose answers fit the edited text."""
    migration = Migration(period)
    for name in files.names(f"{SUBMISSIONS}/{period.code}"):
        if is_submission(name) and folder_of(name) == period.code and name.endswith(".yaml"):
            _file(migration, plan, name, files.read(name) or b"", keep)
    if migration.settled:
        _remember(migration, files, plan)
    return migration


def _file(migration: Migration, plan: Plan, name: str, data: bytes, keep: Collection[TaskNumber]) -> None:
    read = read_submission(data, name, plan.catalog.shape)
    faults = [found for found in errors_of(read.findings) if found.rule.family is Family.TEXT]
    if faults or read.filing.period != migration.period.code:
        first = faults[0].in_words if faults else ""
        migration.unread.append((name, first or f"文件里写的报送期不是“{migration.period.code}”"))
        return
    written = displacements(plan, read.filing)
    # A task that nothing is written under yet goes along, so that it is in nobody's way.
    present = displacements(plan, read.filing, unfilled=True)
    entries = dict(_entries(plan, present, keep))
    refused = _refused(read.filing, present, entries)
    entries = {key: entry for key, entry in entries.items() if key not in refused}
    after = rekeyed(data, read, entries) if entries else data
    if after is None:
        refused |= dict.fromkeys(entries, "写法特殊，不能自动改，请手工改")
    elif after != data:
        migration.contents[name] = (data, after)
    for key, found in written.items():
        if key in refused:
            migration.refused.append(Placed(name, found, refused[key]))
        elif key not in entries:
            migration.doubtful.append(Placed(name, found))
        else:
            (migration.moved if found.now else migration.kept).append(Placed(name, found))


def _entries(
    plan: Plan, present: Mapping[str, Displacement], keep: Collection[TaskNumber]
) -> Iterator[tuple[str, Rekeyed]]:
    tasks = plan.catalog.tasks
    for key, found in present.items():
        if found.now and found.before:
            yield key, Rekeyed(tasks[found.now], new_ids(found.before, tasks[found.now]))
        elif found.number in keep and found.number in tasks:
            task = tasks[found.number]
            yield key, Rekeyed(task, {bound.id: bound.id for bound in (*task.duties, *task.indicators)})


def _refused(filing: Filing, present: Mapping[str, Displacement], entries: Mapping[str, Rekeyed]) -> dict[str, str]:
    """Why some entries cannot move: an id that has no counterpart, or a number that is not free."""
    refused: dict[str, str] = {}
    given = {said.key: said.given for said in filing.said}
    for key, entry in entries.items():
        lost = [item for item in _items(given[key]) if moved_item(item, entry.ids) is None]
        if lost and present[key].now:
            refused[key] = f"“{'”“'.join(lost)}”在第{entry.number}项的时限要求、指标里对不上，请手工改"
    while True:
        leaving = entries.keys() - refused.keys()
        wanted = Counter(str(entries[key].number) for key in leaving)
        staying = given.keys() - leaving
        blocked = {key for key in leaving if (to := str(entries[key].number)) in staying or wanted[to] > 1}
        if not blocked:
            return refused
        refused |= {key: _in_the_way(str(entries[key].number), present) for key in blocked}


def _in_the_way(number: str, present: Mapping[str, Displacement]) -> str:
    if number in present:
        return f"第{number}项原来的答复还没有移走，先处理它"
    return f"第{number}项下面已经有答复，请手工合到一处"


def _items(given: object) -> list[str]:
    """The ids that an answer names under 完成 and 指标."""
    parts = [given.get(name) for name in ("完成", "指标")] if isinstance(given, dict) else []
    return [item for part in parts if isinstance(part, dict) for item in part]


def _remember(migration: Migration, files: Files, plan: Plan) -> None:
    """Take the catalog as it is for what the period started with, and keep what was taken for it so far."""
    code = migration.period.code
    versions = plan.baseline(code).versions
    if versions and _texts(versions[0]) == _texts(plan.catalog.tasks):
        return
    name = baseline_name(code)
    before = files.read(name)
    former = former_names(code, files.names(f"{PERIODS}/{code}"))
    # A command that was killed may have kept it already.
    if before is not None and not any(files.read(other) == before for other in former):
        migration.contents[former_name(code, former)] = (None, before)
    migration.contents[name] = (before, files.read(TASKS) or b"")
    migration.remembered = True


def _texts(tasks: Mapping[TaskNumber, Task]) -> dict[TaskNumber, str]:
    return {number: task.digest for number, task in tasks.items()}


def periods_changed(plan: Plan, besides: Period) -> list[Period]:
    """The other periods that started with other tasks than the catalog has now."""
    return [
        period
        for period in plan.catalog.periods
        if period != besides
        and (versions := plan.baseline(period.code).versions)
        and _texts(versions[0]) != _texts(plan.catalog.tasks)
    ]
