"""The whole program in one file: files → plan → checked submissions → ledger.

Commands are shells around these steps. Nothing here prints, and nothing is written.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import PurePosixPath

from ledger_cli.exits import CannotRun
from ledger_cli.files import REVIEWS, Files, folder_of, review_name, submission_name
from ledger_cli.gather.count import stated_dates, status_of
from ledger_cli.gather.earlier import EarlierSubmissions, files_by_unit
from ledger_cli.gather.merge import accepted_only as only_accepted
from ledger_cli.gather.merge import merge, select
from ledger_cli.gather.plan import PlanReading, read_plan, sound_plan
from ledger_cli.gather.reviews import record_findings, sound_record
from ledger_cli.gather.workers import check_all, submissions_of
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.checked import CheckedFile
from ledger_cli.model.finding import Finding, has_errors, in_order
from ledger_cli.model.ledger import Ledger
from ledger_cli.model.plan import Plan
from ledger_cli.model.status import Status


@dataclass(slots=True)
class Checked:
    """All files of one run with all findings, those of the plan included, in order."""

    files: list[CheckedFile]
    findings: list[Finding] = field(default_factory=list)


def submission_file(files: Files, plan: Plan, period: str, unit: str) -> str:
    """The file of a unit's submission: the one that is there under any of its names, else where it belongs."""
    return files_by_unit(files, plan, period).get(unit) or submission_name(period, unit)


def check_workspace(
    files: Files,
    *,
    period: str | None,
    today: date,
    as_of: date | None = None,
    names: Sequence[str] | None = None,
) -> Checked:
    """All findings: of the plan and the hints' settings, of the period's submissions and reviews or the files named."""
    from ledger_cli.gather.plan import hint_settings  # noqa: PLC0415 - other commands do not hint

    reading = read_plan(files)
    hints, of_hints = hint_settings(files)
    of_plan = [*reading.findings, *of_hints]
    records = None if names is None else [name for name in names if name.startswith(f"{REVIEWS}/")]
    if names is None:
        names = _default_names(files, reading, period)
    else:  # who checks one file is not told of the plan's assumptions, only of what breaks the check
        of_plan = [found for found in of_plan if found.severity != "info"]
        names = [name for name in names if not name.startswith(f"{REVIEWS}/")]
    checked = check_all(files, reading.plan, names, today=today, as_of=as_of, hints=hints, shape=reading.shape)
    of_reviews: Iterable[Finding] = ()
    if reading.plan:
        of_reviews = record_findings(files, reading.plan, chosen_period(reading.plan.catalog, period), records)
    findings = chain(of_plan, of_reviews, *(file.findings for file in checked))
    return Checked(checked, in_order(findings))


def _default_names(files: Files, reading: PlanReading, period: str | None) -> list[str]:
    if reading.catalog is None:
        # Without periods there is no current one; the files can still be read for what they show.
        return submissions_of(files, "", ())
    code = chosen_period(reading.catalog, period)
    return submissions_of(files, code, (p.code for p in reading.catalog.periods))


def chosen_period(catalog: Catalog, period: str | None) -> str:
    """The period asked for, or the current one; raises ``CannotRun`` where it is not registered."""
    if period is not None and catalog.period(period) is None:
        known = "、".join(p.code for p in catalog.periods)
        raise CannotRun(f"没有“{period}”这个报送期", f"已登记的报送期是{known}。")
    return period or catalog.current


def as_of_date(catalog: Catalog, period: str, today: date, as_of: date | None) -> date:
    """The date that figures are counted at: as given, or today until the filing deadline has passed."""
    known = catalog.period(period)
    return as_of or (known.as_of(today) if known else today)


@dataclass(slots=True)
class Merged:
    """The ledger, or None where errors refused it, with what was checked."""

    ledger: Ledger | None
    plan: Plan | None
    checked: Checked


def build_ledger(
    files: Files,
    *,
    period: str | None,
    today: date,
    as_of: date | None = None,
    partial: bool = False,
    accepted_only: bool = False,
    concerning: Callable[[Plan], Iterable[str]] | None = None,
) -> Merged:
    """Check the period's submissions and merge them; on errors only ``partial`` gives a ledger.

    Answers whose task has another text now (K512) are left out and named, and refuse nothing.
    ``concerning`` names the units that the outcome is about: the errors of others then refuse nothing.
    ``accepted_only`` leaves the answers that reviewers have not accepted out of the ledger's records.
    """
    reading = read_plan(files)
    if reading.plan is None:
        return Merged(None, None, Checked([], reading.findings))
    plan = reading.plan
    code = chosen_period(plan.catalog, period)
    checked = check_period(files, plan, code, today, as_of)
    if concerning is not None:
        # A file whose unit is unknown could be anyone's, so it concerns everyone.
        units = {*concerning(plan), None}
        checked = [file for file in checked if file.unit in units]
    findings = in_order(chain(reading.findings, *(file.findings for file in checked)))
    outcome = Checked(checked, findings)
    if has_errors(found for found in findings if found.rule.refuses) and not partial:
        return Merged(None, plan, outcome)
    reviews = sound_record(files, plan, code)
    if accepted_only and not reviews:
        hint = "先用 ledger accept 单位 审核，或者去掉 --accepted-only。"
        raise CannotRun(f"{code} 还没有审核记录（{review_name(code)}），分不出哪些答复已经通过", hint)
    ledger = merge(plan, code, checked, as_of_date(plan.catalog, code, today, as_of), reviews)
    return Merged(only_accepted(ledger) if accepted_only else ledger, plan, outcome)


def unit_ledger(files: Files, plan: Plan, period: str, unit: str, *, today: date) -> Ledger:
    """One unit's part of the period's ledger, with how its answers stand in review and what was left out.

    All files are checked as for the whole ledger: another's may claim to be the unit's, too.
    """
    checked = check_period(files, plan, period, today)
    reviews = sound_record(files, plan, period)
    whole = merge(plan, period, checked, as_of_date(plan.catalog, period, today, None), reviews)
    left_out = tuple(left for left in whole.left_out if unit in (left.unit, _named_unit(plan, left.file)))
    return replace(select(whole, units=[unit]), left_out=left_out)


def _named_unit(plan: Plan, name: str) -> str | None:
    found = plan.registry.find(PurePosixPath(name).name.split(".")[0])
    return found.id if found else None


def check_period(files: Files, plan: Plan, code: str, today: date, as_of: date | None = None) -> list[CheckedFile]:
    """The files that may be of a period, checked, with their answers: its own, and those in no period's folder."""
    names = submissions_of(files, code, (p.code for p in plan.catalog.periods))
    checked = check_all(files, plan, names, today=today, as_of=as_of, with_answers=True)
    return [file for file in checked if not _of_another_period(plan, file)]


def _of_another_period(plan: Plan, file: CheckedFile) -> bool:
    """Whether folder and file agree on a period that is not registered (yet): it says nothing about this one."""
    return file.period is not None and file.period == folder_of(file.file) and plan.catalog.period(file.period) is None


def build_status(files: Files, *, period: str | None, today: date, as_of: date | None = None) -> tuple[Plan, Status]:
    """How a period stands; faulty answers count as 有误 and stop nothing. Raises ``CannotRun`` without a sound plan."""
    plan = sound_plan(files)
    code = chosen_period(plan.catalog, period)
    checked = check_period(files, plan, code, today, as_of)
    reviews = sound_record(files, plan, code)
    ledger = merge(plan, code, checked, as_of_date(plan.catalog, code, today, as_of), reviews)
    return plan, status_of(plan, ledger, stated_dates(plan, checked), earlier_than(files, plan, code))


def earlier_than(files: Files, plan: Plan, period: str) -> EarlierSubmissions:
    """What the units reported in the periods before a registered one."""
    known = plan.catalog.period(period)
    assert known is not None
    return EarlierSubmissions(files, plan, known)


def blank_ledger(plan: Plan, period: str | None, today: date, as_of: date | None) -> Ledger:
    """The ledger as issued: every task, no answer, nobody missing yet."""
    code = chosen_period(plan.catalog, period)
    return merge(plan, code, (), as_of_date(plan.catalog, code, today, as_of))
