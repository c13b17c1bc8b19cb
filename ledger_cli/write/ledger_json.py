"""A ledger to JSON, in the form that scripts rely on."""

from typing import Any

from ledger_cli.model.column import Shape, as_json
from ledger_cli.model.fields import plain_number
from ledger_cli.model.ledger import PARTS_IN_DATA, Entry, Ledger, TaskRecord
from ledger_cli.model.review import ReviewState, Standing
from ledger_cli.model.shaped import value_of


def ledger_json(ledger: Ledger) -> dict[str, Any]:
    """The ledger as JSON data, in the form that scripts rely on."""
    total = ledger.coverage()
    return {
        "title": ledger.title,
        "period": ledger.period,
        "as_of": ledger.as_of.isoformat(),
        "tasks": [_task_json(record, ledger.shape) for record in ledger.records],
        "left_out": [
            {"unit": left.unit, "task": left.task, "file": left.file, "why": left.why} for left in ledger.left_out
        ],
        "withheld": [
            {"unit": held.unit, "task": held.task, "file": held.file, "review": _review_json(held.review)}
            for held in ledger.withheld
        ],
        "totals": {
            "tasks": total.tasks,
            "units": len(ledger.parties),
            "units_reported": total.units,
            "owed": total.owed,
            "reported": total.reported,
            "not_applicable": total.not_applicable,
            "faulty": total.faulty,
            "missing": total.missing,
            "withheld": total.withheld,
            "accepted": total.accepted,
            "rejected": total.rejected,
            "pending": total.pending,
            "provisional_units": [party.id for party in ledger.parties if not party.confirmed],
        },
    }


def _task_json(record: TaskRecord, shape: Shape) -> dict[str, Any]:
    made: dict[str, Any] = {
        "task": record.number,
        "section": record.section,
        "text": record.text,
        "units": record.units,
        "deadline": record.deadline,
        "assumed": list(record.gaps),
        "owing": list(record.owing),
        "invited": list(record.invited),
        "answers": [_entry_json(entry, shape) for entry in record.entries],
        "missing": list(record.missing),
    }
    if record.within:
        made["subsections"] = list(record.within)
    if not shape.seed:
        made["columns"] = {column.name: record.words(column) for column in shape.of_plan}
        made["lead"], made["joint"] = list(record.lead), list(record.joint)
    return made


def _entry_json(entry: Entry, shape: Shape) -> dict[str, Any]:
    answer = entry.answer
    made = {
        "unit": entry.unit,
        "file": entry.file,
        "line": entry.line,
        "progress": answer.progress,
        "problems": answer.problems,
        "plans": answer.plans,
        "not_applicable": answer.not_applicable,
        "met": {item: day.isoformat() for item, day in answer.met.items()},
        "figures": {item: plain_number(value) for item, value in answer.figures.items()},
        "evidence": list(answer.evidence),
        "review": _review_json(entry.review),
    }
    if answer.spoken_for:
        made["spoken_for"] = list(answer.spoken_for)
    if not shape.seed:
        values = {column: as_json(value_of(answer, column)) for column in shape.filed}
        if shape.has_parts:
            made["part"] = PARTS_IN_DATA[entry.part or "责任"]
        made["values"] = {column.name: value for column, value in values.items()}
        made |= {column.english: values[column] for column in shape.more if column.own_english}
    return made


def _review_json(review: ReviewState | None) -> dict[str, Any] | None:
    """How an answer stands; who said so, when and why; ``was`` is what a pending answer was before it changed."""
    if review is None:
        return None
    event = review.event
    return {
        "state": str(review.status),
        "actor": event.actor if event else None,
        "time": event.time.isoformat() if event else None,
        "reason": event.reason if event else None,
        "was": str(event.action) if event and review.status is Standing.PENDING else None,
    }
