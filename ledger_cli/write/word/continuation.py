"""Labels beside a long text that name its task and unit again, so that a reader finds both on the next page too.

Word repeats nothing but a table's head at the top of a page, and nobody knows where its pages end. So the texts stay
whole, and the cell beside them, which would be empty from the second page on, says now and then what they belong to:
（续）第3项　银川市. Where cells of a task are merged over many answers, the merging starts anew before it is a page
high, and with it the task is printed again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ledger_cli.write.label import LABEL_FIELD, MARK
from ledger_cli.write.word.measure import Room, Type, room_of
from ledger_cli.write.word.template_table import LedgerFields, TemplateCell, TemplateTable

_EVERY = 10
"""Lines between two labels."""

_APART = 2
"""Empty lines that a label keeps from what stands above it, at least."""

_SURE = 0.95
"""The share of an estimated height that texts fill surely; a label must not make a row taller."""

_LEAST, _MOST = 0.8, 1.25
"""Shares of an estimated height between which the real one lies surely: fonts and line breaks differ."""

_TALL = 180.0
"""Points of text, somewhat less than half a page, from which on cells beside them are worth printing again."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A cell of a template's row: the fields that it prints, and the room that it has."""

    fields: tuple[str, ...]
    room: Room

    def text(self, values: dict[str, Any]) -> str:
        if len(self.fields) == 1:
            return str(values.get(self.fields[0], ""))
        return "".join([str(values.get(name, "")) for name in self.fields])

    def height(self, values: dict[str, Any]) -> float:
        return self.room.least_height(self.text(values))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a template: the columns of the plan, those of the answers, and the one that prints labels."""

    plan: tuple[_Column, ...]
    texts: tuple[_Column, ...]
    label: _Column | None

    def height(self, values: dict[str, Any]) -> float:
        """Points that a row fills at least."""
        return max((column.height(values) for column in self.texts), default=0.0)

    def most(self, values: dict[str, Any]) -> float:
        """Points that it fills at most."""
        texts = ((column.room, column.text(values)) for column in self.texts)
        return max((room.height(text) * _MOST + 2 * room.type.pitch for room, text in texts), default=0.0)


@dataclass(frozen=True, slots=True)
class _Span:
    """Words for the labels that stand between two heights, in points from the top of a cell."""

    start: float
    end: float
    words: str


@dataclass(frozen=True, slots=True)
class Rows:
    """How a template lays out the rows of a ledger, by what the tags call them; empty where it has none.

    ``rows`` are the rows of 表.行, ``answers`` those of 任务.答复, ``notes`` the rows of 表.行 with 附注.
    """

    rows: _Row | None = None
    answers: _Row | None = None
    notes: _Row | None = None

    @classmethod
    def of(cls, tables: Iterable[TemplateTable], fields: LedgerFields, types: dict[str, Type]) -> "Rows":
        found: dict[str, _Row] = {}
        for row in (row for table in tables if table.of_ledger for row in table.rows):
            names = set(row.printed)
            kind = "notes" if "附注" in names else "rows" if "任务格" in row.merged_by else "answers"
            if kind == "notes" or names.intersection(fields.answers):
                found.setdefault(kind, _row(row.cells, fields, types))
        return cls(**found)

    def continue_answers(self, answers: Sequence[dict[str, Any]]) -> None:
        """Set the labels of a task's answers, which each have a row; its head names the task on every page."""
        row = self.answers
        if row is None or row.label is None:
            return
        for answer in answers:
            height = row.height(answer)
            spans = [_Span(0.0, height, MARK + answer["短名"])]
            answer[LABEL_FIELD] = _labels(row.label, answer, height, spans)

    def continue_task(self, rows: Sequence[dict[str, Any]]) -> None:
        """Set the labels of the rows of a task whose cells are merged, and where its merging starts anew."""
        if self.rows is None or not rows:
            return
        heights = [self._kind(row).height(row) for row in rows]
        plan = max((column.height(rows[0]) for column in self.rows.plan), default=0.0)
        for number, (first, last) in enumerate(_blocks(heights, plan)):
            for row in rows[first:last]:
                row["任务格"] = (row["编号"], number)
            if self.rows.label is not None and sum(heights[first:last]) >= _TALL:
                spans = self._spans(rows[first:last], heights[first:last])
                rows[first][LABEL_FIELD] = _labels(self.rows.label, rows[first], sum(heights[first:last]), spans)

    def _kind(self, row: dict[str, Any]) -> _Row:
        kind = (self.notes if row["附注"] else None) or self.rows
        assert kind is not None
        return kind

    def _spans(self, rows: Sequence[dict[str, Any]], heights: Sequence[float]) -> list[_Span]:
        """Where beside rows under one merged cell whose text stands surely; anywhere it is the task's."""
        task = f"{MARK}第{rows[0]['编号']}项"
        spans = []
        most = least = 0.0
        for row, height in zip(rows, heights, strict=True):
            least += height
            last = row is rows[-1]
            if row["短名"]:
                spans.append(_Span(most, least if last else least * _LEAST, f"{task}　{row['短名']}"))
            most += 0.0 if last else self._kind(row).most(row)
        return [*spans, _Span(0.0, least, task)]


def _row(cells: Iterable[TemplateCell], known: LedgerFields, types: dict[str, Type]) -> _Row:
    plan: list[_Column] = []
    texts: list[_Column] = []
    label = None
    for cell in cells:
        fields = tuple(cell.printed)
        column = _Column(tuple(name for name in fields if name != LABEL_FIELD), room_of(cell.element, types))
        if LABEL_FIELD in fields:
            label = column
        if {*known.plan, "编号", "序"}.intersection(fields):
            plan.append(column)
        elif "章节" not in fields:  # the section's title stands upright
            texts.append(column)
    return _Row(tuple(plan), tuple(texts), label)


def _blocks(heights: Sequence[float], plan: float) -> list[tuple[int, int]]:
    """Rows to be merged with each other, as places from and to.

    A new block starts beside a tall text or behind one, where neither block then is lower than the plan's cells,
    which are printed in each.
    """
    starts, height, rest = [0], heights[0], sum(heights[1:])
    for place, own in enumerate(heights[1:], 1):
        tall = height >= _TALL or own >= _TALL
        if tall and height >= plan and rest >= plan:
            starts.append(place)
            height = 0.0
        height += own
        rest -= own
    return list(zip(starts, [*starts[1:], len(heights)], strict=True))


def _labels(column: _Column, values: dict[str, Any], height: float, spans: Sequence[_Span]) -> str:
    """The paragraph that follows a cell's own text beside texts of that height: labels, lines apart from each other.

    Each says what the first of the ``spans`` says that it lies in. "" where there is no room for one.
    """
    if not column.room.width:
        return ""
    pitch = column.room.type.pitch
    own = column.room.lines(column.text(values))
    labels: list[tuple[int, str]] = []
    end = int(height * _SURE / pitch)
    while end > own + _APART:
        start, label = _label_ending_at(end, column.room, spans)
        if start < own + _APART:
            break
        labels.append((start, label))
        end = start - _EVERY
    at = own
    text = ""
    for start, label in reversed(labels):
        text += ("\v" if text else "\n") + "\v" * (start - at) + label
        at = start + column.room.lines(label)
    return text


def _label_ending_at(end: int, room: Room, spans: Sequence[_Span]) -> tuple[int, str]:
    """The label that ends above a line of its cell, and the line at which it starts."""
    for span in spans:
        start = end - room.lines(span.words)
        if span.start <= start * room.type.pitch and end * room.type.pitch <= span.end:
            break
    return start, span.words
