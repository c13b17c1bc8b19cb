"""The review records of a workspace: reviews/<period>.yaml read and checked, and added to.

A record that cannot be relied on is findings for ``validate`` and a refusal for everything that needs it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from ledger_cli.check.reviews import check_reviews
from ledger_cli.edge.disk import Workspace
from ledger_cli.edge.lock import locked
from ledger_cli.edge.outputs import rewrite
from ledger_cli.exits import CannotRun
from ledger_cli.files import READ_LIMIT, REVIEWS, Files, review_name
from ledger_cli.gather.review_lines import appended
from ledger_cli.model.catalog import Period
from ledger_cli.model.finding import Finding, errors_of, finding, has_errors, in_order, summed_up
from ledger_cli.model.plan import Plan
from ledger_cli.model.review import ReviewEvent, Reviews
from ledger_cli.read.reviews import read_reviews


def read_record(files: Files, plan: Plan, period: str) -> tuple[Reviews, list[Finding]]:
    """A period's reviews and what is wrong with their record; no reviews where there is no record."""
    data = files.read(review_name(period))
    if data is None:
        return Reviews(), []
    if len(data) >= READ_LIMIT:  # the rest was not read, and an event that nobody sees is worse than none
        hint = "只保留还在审核的那些行；以前的行另存到 reviews 以外的地方。"
        return Reviews(), [finding("K511", review_name(period), (1, 1), "审核记录超过16 MB，读不完", hint)]
    return _checked(data, review_name(period), plan)


def _checked(data: bytes, name: str, plan: Plan) -> tuple[Reviews, list[Finding]]:
    read = read_reviews(data, name)
    reviews, faults = check_reviews([placed.event for placed in read.events], plan)
    return reviews, in_order([*read.findings, *map(read.told, faults)])


def sound_record(files: Files, plan: Plan, period: str) -> Reviews:
    """A period's reviews; raises ``CannotRun`` where the record is faulty."""
    reviews, findings = read_record(files, plan, period)
    if errors := errors_of(findings):
        raise CannotRun(summed_up("审核记录", errors), "运行 ledger validate 查看全部错误，改好再试。")
    return reviews


def record_findings(files: Files, plan: Plan, period: str, names: Sequence[str] | None = None) -> Iterator[Finding]:
    """What is wrong with the records named, or with a period's own and those that belong to no period."""
    for name in files.names(REVIEWS) if names is None else names:
        path = PurePosixPath(name)
        if path.suffix.lower() not in (".yaml", ".yml") or path.name.startswith("."):
            continue
        known = plan.catalog.period(path.stem)
        if known is None or name != review_name(path.stem):
            listed = "、".join(p.code for p in plan.catalog.periods)
            hint = f"审核记录应是 reviews/报送期.yaml，已登记的报送期是{listed}。"
            yield finding("K511", name, (1, 1), f"“{path.name}”不是任何报送期的审核记录，里面的审核不会生效", hint)
        elif names is not None or known.code == period:
            yield from read_record(files, plan, known.code)[1]


def add_events(
    workspace: Workspace, plan: Plan, period: Period, make: Callable[[Reviews], Iterable[ReviewEvent]]
) -> tuple[ReviewEvent, ...]:
    """Add events, each with its task's present text, to a period's record; returns them.

    ``make`` gets the record as nobody else can change it meanwhile. Raises ``CannotRun`` where the record would not
    read as it did, and they.
    """
    tasks = plan.catalog.tasks
    name = review_name(period.code)
    with locked(workspace.root):
        known = sound_record(workspace, plan, period.code)
        new = tuple(event.model_copy(update={"task_text": tasks[event.task].digest}) for event in make(known))
        before = workspace.read(name)
        after = appended(before, new, period)
        read, findings = _checked(after, name, plan)
        if has_errors(findings) or read.events != known.events + new:
            hint = "把手工改过的地方改回每行一条，以“- {”开头。"
            raise CannotRun(f"{name} 不是每行一条的样子，加不进新的记录", hint)
        rewrite(workspace.path(name), before, after)
    return new
