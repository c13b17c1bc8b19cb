"""A new plan from its issued document: the catalog, a registry to begin with, and what people have to look at."""

from dataclasses import dataclass
from datetime import date

from ledger_cli.issued.attachment import Attachment, read_attachment, to_catalog
from ledger_cli.issued.registry import draft_of_list, draft_of_names, with_found
from ledger_cli.model.catalog import Catalog, Period
from ledger_cli.model.period_code import period_of
from ledger_cli.model.registry import Registry
from ledger_cli.read.office.tables import FilledDocument

_NOBODY = Registry.model_construct(units=(), groups=())


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a workspace begins with. ``doubts`` are about the units, those about the tasks are in ``attachment``."""

    attachment: Attachment
    catalog: Catalog
    registry: Registry
    doubts: list[str]


def new_plan(
    document: FilledDocument, units: FilledDocument | None, *, annex: str | None, period: Period | None, today: date
) -> NewPlan:
    """The plan in a document, with the units of a list or those that it names itself; raises ``CannotRun``.

    Without a period the first one is guessed, and it is said.
    """
    draft = draft_of_names(read_attachment(document, _NOBODY, annex=annex)) if units is None else draft_of_list(units)
    attachment = read_attachment(document, draft.registry, annex=annex)
    if attachment.unresolved:
        draft = with_found(draft, attachment.unresolved)
        attachment = read_attachment(document, draft.registry, annex=annex)
    doubts = list(draft.doubts)
    if period is None:
        period = first_period(to_catalog(attachment, (), ""), today)
        doubts.append(f"第一个报送期暂定为{period.name}（{period.start}至{period.end}，{period.due}前报送）")
    catalog = to_catalog(attachment, (period,), period.code)
    return NewPlan(attachment, catalog, draft.registry, doubts)


def first_period(catalog: Catalog, today: date) -> Period:
    """The half-year that today lies in, or the first of a plan that is over or not yet begun."""
    start, end = catalog.head.start, catalog.head.end
    day = today if start is None or end is None or start <= today <= end else start
    period = period_of(f"{day.year}H{1 if day.month <= 6 else 2}")
    assert period is not None
    return period
