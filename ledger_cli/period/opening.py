"""Starting a period from the one before: what is to be written, worked out before anything is.

Out come the edited data/tasks.yaml, a scaffold for each unit that has none yet, and what is worth telling: files
that are there already, and what of the last period could not be offered.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from ledger_cli.check.displacement import displacements
from ledger_cli.check.plan import check_catalog
from ledger_cli.exits import CannotRun
from ledger_cli.files import TASKS, UNITS, Files
from ledger_cli.gather.baselines import starting
from ledger_cli.gather.earlier import EarlierSubmissions, files_by_unit, periods_before
from ledger_cli.gather.merge import merge
from ledger_cli.gather.pipeline import as_of_date, check_period, chosen_period, submission_file
from ledger_cli.model.catalog import Period
from ledger_cli.model.finding import has_errors
from ledger_cli.model.ledger import Ledger, LeftOut
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.read.catalog import read_catalog
from ledger_cli.read.submission import read_submission
from ledger_cli.read.yaml.text import SIZE_LIMIT
from ledger_cli.write.catalog_edit import with_period
from ledger_cli.write.catalog_file import period_map
from ledger_cli.write.scaffold import Before, new_submission


@dataclass(slots=True)
class Opening:
    """``catalog`` is data/tasks.yaml before and after, ``contents`` the scaffolds by name, ``kept`` what is there.

    ``started`` are the files that remember what periods start with; they are written where there are none.
    ``offered`` counts the answers offered; ``unread`` are those of the last period that have errors, ``too_long``
    units whose answers would leave no room for new ones.
    """

    period: Period
    catalog: tuple[bytes, bytes]
    contents: dict[str, bytes] = field(default_factory=dict)
    started: dict[str, bytes] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    offered: int = 0
    unread: tuple[LeftOut, ...] = ()
    too_long: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether everything is there already."""
        return not self.contents and not self.started and self.catalog[0] == self.catalog[1]


def source_period(plan: Plan, period: Period, source: str | None) -> Period | None:
    """The period whose answers are offered: as asked for, else of those that began earlier the current or last one.

    None where nobody asked and none began earlier; raises ``CannotRun`` where the one asked for did not.
    """
    earlier = periods_before(plan, period)
    if source is None:
        current = (known for known in earlier if known.code == plan.catalog.current)
        return next(current, earlier[-1] if earlier else None)
    known = plan.catalog.period(chosen_period(plan.catalog, source))
    assert known is not None
    if known not in earlier:
        message = f"{known.name}（{known.start}开始）不早于{period.name}（{period.start}开始），不能当作上期"
        listed = "、".join(p.code for p in earlier)
        hint = f"--from 可以写{listed}。" if earlier else "没有更早的报送期，去掉 --from。"
        raise CannotRun(message, hint)
    return known


def years_missed(plan: Plan, period: Period) -> tuple[int, int] | None:
    """The plan's first and last year where a period lies wholly outside them; None where it does not.

    A plan that names no years itself has none that a period could miss.
    """
    head = plan.catalog.head
    dated = re.search(r"20\d\d", head.title) is not None
    first, last = plan.catalog.window
    early = (dated or head.start is not None) and period.end < first
    late = (dated or head.end is not None) and period.start > last
    return (first.year, last.year) if early or late else None


def prepare(files: Files, plan: Plan, period: Period, source: Period | None, today: date) -> Opening:
    """All that opening a period writes; raises ``CannotRun`` where data/tasks.yaml cannot be edited safely."""
    before = files.read(TASKS) or b""
    after = with_period(before, TASKS, period)
    if after is None:
        message = f"{TASKS} 里“当前报送期”“报送期”的写法不能自动改，没有改动"
        hint = f"请手工把“当前报送期”改成 {period.code}，在“报送期”下面加一行“  - {period_map(period)}”，再运行一次。"
        raise CannotRun(message, hint)
    opened = _checked_plan(after, plan)
    opening = Opening(period, (before, after))
    ledger = _last(files, plan, source, today) if source else None
    opening.unread = ledger.left_out if ledger else ()
    opening.started = _started(files, opened, dict.fromkeys((period.code, plan.catalog.current)), after)
    past = EarlierSubmissions(files, opened, period)
    for unit in opened.registry.units:
        if not opened.claims.by_unit[unit.id]:
            continue
        name = submission_file(files, opened, period.code, unit.id)
        if files.read(name) is not None:
            opening.kept.append(name)
            continue
        said = _before(opened, unit, source, ledger, past)
        text = new_submission(opened, unit, period, said).encode("utf-8")
        if len(text) > SIZE_LIMIT // 2:
            opening.too_long.append(unit.name)
            text = new_submission(opened, unit, period, Before("", met=said.met)).encode("utf-8")
        else:
            opening.offered += len(said.answers)
        opening.contents[name] = text
    return opening


def _checked_plan(data: bytes, plan: Plan) -> Plan:
    """The plan with the edited catalog; raises ``CannotRun`` where the new period is inconsistent (K508)."""
    catalog, document = read_catalog(data, TASKS)
    assert catalog is not None
    opened = Plan.of(catalog, plan.registry, plan.baselines)
    findings = list(map(document.told, check_catalog(catalog, opened.registry, opened.claims)))
    if has_errors(findings):
        first = next(found for found in findings if found.severity == "error")
        raise CannotRun(f"新的报送期登记不进去：{first.message}", first.hint)
    return opened


def _started(files: Files, plan: Plan, periods: Iterable[str], tasks: bytes) -> dict[str, bytes]:
    """What periods start with that nothing remembers; not where an answer was written for another text."""
    contents: dict[str, bytes] = {}
    for period in periods:
        if not plan.baseline(period).versions and not _displaced(files, plan, period):
            contents |= starting(period, tasks, files.read(UNITS) or b"")
    return {name: data for name, data in contents.items() if files.read(name) is None}


def _displaced(files: Files, plan: Plan, period: str) -> bool:
    names = files_by_unit(files, plan, period).values()
    shape = plan.catalog.shape
    return any(displacements(plan, read_submission(files.read(name) or b"", name, shape).filing) for name in names)


def _last(files: Files, plan: Plan, source: Period, today: date) -> Ledger:
    checked = check_period(files, plan, source.code, today)
    return merge(plan, source.code, checked, as_of_date(plan.catalog, source.code, today, None))


def _before(plan: Plan, unit: Unit, source: Period | None, ledger: Ledger | None, past: EarlierSubmissions) -> Before:
    answers = {
        record.number: entry.answer
        for record in (ledger.records if ledger else ())
        for entry in record.entries
        if entry.unit == unit.id
    }
    met = dict(_met(plan, unit, past))
    return Before(source.name if source else "", answers, met)


def _met(plan: Plan, unit: Unit, past: EarlierSubmissions) -> Iterator[tuple[str, date]]:
    for number in plan.claims.by_unit[unit.id]:
        for duty, completions in past.completions(unit.id, number).items():
            yield duty, completions[-1].day
