"""A status to JSON data and to the rows of CSV tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger_cli.model.clip import clipped
from ledger_cli.model.fields import TaskNumber, plain_number
from ledger_cli.model.ledger import PARTS_IN_DATA, Coverage, Outcome
from ledger_cli.model.obligation import Measurement, Obligation, State
from ledger_cli.model.status import Status

COVERAGE_HEADINGS = ("应报", "已报", "有误", "未报", "不涉及")
REVIEW_HEADINGS = ("已通过", "退回", "待审")
STATE_HEADINGS = tuple(state.value for state in State)
SIGNS = {Outcome.REPORTED: "报", Outcome.FAULTY: "误", Outcome.MISSING: "缺", Outcome.NOT_APPLICABLE: "免"}
"""One sign a cell of the matrix: full-width everywhere, told apart without colour."""


REJECTED_SIGN = "退"
"""The sign of an answer that was sent back; until it is changed it counts as reported."""


def sign(status: Status, number: TaskNumber, unit: str) -> str:
    """What became of a unit's answer to a task as one sign; "" where it owes none."""
    outcome = status.outcomes[number].get(unit)
    state = status.reviews[number].get(unit)
    if outcome is None:
        return ""
    return REJECTED_SIGN if state and state.rejected else SIGNS[outcome]


def _words(status: Status, number: TaskNumber, unit: str) -> str:
    """The same in words."""
    state = status.reviews[number].get(unit)
    return state.status.value if state and state.rejected else str(status.outcomes[number].get(unit, ""))


def legend(status: Status) -> str:
    """What the signs mean."""
    signs = {sign: outcome.value for outcome, sign in SIGNS.items()}
    if status.ledger.reviewed:
        signs[REJECTED_SIGN] = "退回"
    return "，".join(f"“{sign}”{name}" for sign, name in signs.items()) + "，空白为不承担。"


def status_json(status: Status) -> dict[str, Any]:
    """The status as JSON data, in the form that scripts rely on."""
    parties = {party.id: party for party in status.ledger.parties}
    return {
        "as_of": status.as_of.isoformat(),
        "period": status.ledger.period,
        "coverage": [
            {"unit": unit, **_coverage_json(status, coverage), "confirmed": parties[unit].confirmed}
            for unit, coverage in status.coverage.items()
        ],
        "sections": [
            {"section": title, **_coverage_json(status, status.ledger.coverage(records))}
            for title, records in status.sections.items()
        ],
        "obligations": [_obligation_json(status, obligation) for obligation in status.obligations],
        "indicators": [_measurement_json(measurement) for measurement in status.measurements],
        "provisional_units": [party.id for party in status.provisional],
    }


def _coverage_json(status: Status, coverage: Coverage) -> dict[str, int]:
    counts = {
        "owed": coverage.owed,
        "reported": coverage.reported,
        "faulty": coverage.faulty,
        "missing": coverage.missing,
        "not_applicable": coverage.not_applicable,
    }
    if status.ledger.reviewed:
        counts |= {"accepted": coverage.accepted, "rejected": coverage.rejected, "pending": coverage.pending}
    return counts


def _obligation_json(status: Status, obligation: Obligation) -> dict[str, Any]:
    return {
        "unit": obligation.unit,
        **(
            {"part": PARTS_IN_DATA[status.records[obligation.task].part(obligation.unit)]}
            if status.ledger.shape.has_parts
            else {}
        ),
        "task": obligation.task,
        "id": obligation.id,
        "what": obligation.what,
        "due": obligation.due.isoformat() if obligation.due else None,
        "state": obligation.state.value,
        "met": obligation.met.isoformat() if obligation.met else None,
        "days_over": max(0, obligation.days_over(status.as_of)),
    }


def _measurement_json(measurement: Measurement) -> dict[str, Any]:
    return {
        "unit": measurement.unit,
        "task": measurement.task,
        "id": measurement.id,
        "value": None if measurement.value is None else plain_number(measurement.value),
        "minimum": None if measurement.minimum is None else plain_number(measurement.minimum),
        "state": measurement.reach.value,
    }


def coverage_headings(status: Status) -> tuple[str, ...]:
    """The counts that are shown: those of the review only where the period is reviewed."""
    return (*COVERAGE_HEADINGS, *REVIEW_HEADINGS) if status.ledger.reviewed else COVERAGE_HEADINGS


def coverage_cells(status: Status, coverage: Coverage) -> list[str]:
    """The counts under ``coverage_headings``."""
    counts = [coverage.owed, coverage.reported, coverage.faulty, coverage.missing, coverage.not_applicable]
    if status.ledger.reviewed:
        counts += [coverage.accepted, coverage.rejected, coverage.pending]
    return [str(count) for count in counts]


def state_cells(states: Mapping[State, int]) -> list[str]:
    """The counts under ``STATE_HEADINGS``."""
    return [str(states.get(state, 0)) for state in State]


def unit_table(status: Status) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Headings and a row a unit: coverage and obligations by state."""
    headings = ("代码", "单位", *coverage_headings(status), *STATE_HEADINGS, "名单")
    return headings, (
        [
            party.id,
            party.name,
            *coverage_cells(status, status.coverage[party.id]),
            *state_cells(status.states(status.of_unit(party.id))),
            "已确认" if party.confirmed else "待确认",
        ]
        for party in status.owing
    )


def obligation_table(status: Status) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Headings and a row an obligation."""
    names = {party.id: party.name for party in status.ledger.parties}
    headings = ("代码", "单位", "任务", "时限要求", "内容", "截止", "状态", "完成日期", "超期天数")
    return headings, (
        [
            o.unit,
            names[o.unit],
            str(o.task),
            o.id,
            o.what,
            str(o.due or ""),
            o.state.value,
            str(o.met or ""),
            str(max(0, o.days_over(status.as_of)) or ""),
        ]
        for o in status.obligations
    )


def matrix_table(status: Status) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Headings and a row a unit with what became of its answer to each task; empty where it owes none."""
    numbers = list(status.outcomes)
    headings = ("代码", "单位", *(str(number) for number in numbers))
    return headings, (
        [party.id, party.name, *(_words(status, number, party.id) for number in numbers)] for party in status.owing
    )


def light_table(status: Status) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Headings and a row a task: its light, and how many units are overdue and near."""
    headings = ("编号", "任务", "灯", "逾期", "临近")
    return headings, (
        [
            str(record.number),
            clipped(record.text, 24),
            status.lights.get(record.number, "—"),
            *(str(len(_units(status, record.number, state))) for state in (State.OVERDUE, State.NEAR)),
        ]
        for record in status.ledger.records
    )


def _units(status: Status, number: TaskNumber, state: State) -> set[str]:
    return {o.unit for o in status.obligations if o.task == number and o.state is state}
