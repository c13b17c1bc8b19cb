"""Changes in the domain's words: as rows of one answer each, as lines of text, and as JSON.

``rows`` is what the text and the Word document share; texts are never shortened in it. ``lines`` leaves out
the long stretches that stayed, marked with ……; whatever was deleted or inserted is printed whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ledger_cli.compare.answers import (
    EXCUSE,
    Change,
    Comparison,
    Counts,
    Unread,
    column_text,
    columns_text,
    count,
    is_met,
    is_moved,
    moved_by,
    told,
)
from ledger_cli.compare.redline import Piece, redline
from ledger_cli.exits import ToolFault
from ledger_cli.model.clip import clipped
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.obligation import of_occasion
from ledger_cli.model.plan import Plan

_NEAR = 12
"""Characters of an unchanged stretch that are printed beside a change."""
_MARKS = {"deleted": "删", "inserted": "增"}
_CLIP = 30


@dataclass(frozen=True, slots=True)
class ChangePart:
    """One column's change: what it is called, its pieces, and a remark that is nobody's words.

    What appeared or vanished whole has no ``label``; its ``columns`` are their names and words, as in its pieces.
    """

    label: str
    pieces: tuple[Piece, ...]
    remark: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """All changes of one answer, or of one task of the catalog (``unit`` None); ``what`` sums them up."""

    period: str | None
    task: TaskNumber | None
    unit: str | None
    what: str
    parts: tuple[ChangePart, ...]


class Names:
    """What units, tasks, duties and figures are called, by the later plan or else the earlier."""

    def __init__(self, before: Plan, after: Plan) -> None:
        self._plans = (after, before)

    def unit(self, identifier: str | None) -> str:
        if identifier is None:
            return "任务目录"
        known = (plan.registry.unit.get(identifier) for plan in self._plans)
        return next((unit.name for unit in known if unit), identifier)

    def task(self, number: TaskNumber | None) -> str:
        known = (plan.catalog.tasks.get(number or 0) for plan in self._plans)
        return next((task.text for task in known if task), "")

    def item(self, number: TaskNumber | None, item: str | None) -> tuple[str, str]:
        """A duty's or an indicator's content, and the indicator's unit of measure."""
        for plan in self._plans:
            task = plan.catalog.tasks.get(number or 0)
            for duty in task.duties if task else ():
                if duty.id == of_occasion(item or "")[0]:
                    return duty.what, ""
            for indicator in task.indicators if task else ():
                if indicator.id == item:
                    return indicator.what, indicator.measure
        return "", ""


def rows(found: Comparison, names: Names) -> list[Row]:
    """The changes gathered by answer, in their order; raises ``ToolFault`` where a word would be lost.

    Units that have not reported yet have no rows: ``silent_line`` names them.
    """
    gathered = []
    for (period, task, unit), group in groupby(told(found), key=lambda change: change.place):
        members = list(group)
        parts = tuple(_part(change, names) for change in members)
        gathered.append(Row(period, task, unit, _what(members, found), parts))
    return gathered


def _part(change: Change, names: Names) -> ChangePart:
    pieces = tuple(redline(change.before or "", change.after or ""))
    before = "".join(piece.text for piece in pieces if piece.kind != "inserted")
    after = "".join(piece.text for piece in pieces if piece.kind != "deleted")
    whole = change.before or change.after if change.columns else ""
    if (before, after) != (change.before or "", change.after or "") or columns_text(change.columns) != whole:
        raise ToolFault("比较文字时丢了字")
    content, measure = names.item(change.task, change.item) if change.item else ("", "")
    label = " ".join(part for part in (change.field, change.item, content) if part)
    remark = ""
    if is_moved(change):
        by = moved_by(change.before, change.after)
        remark = f"（{by}{measure}）" if by else measure
    return ChangePart(label, pieces, remark, change.columns)


def _what(changes: Sequence[Change], found: Comparison) -> str:
    first = changes[0]
    if first.unit is None:
        return {"added": "新增任务", "removed": "删去任务", "changed": "任务改动"}[first.kind]
    if first.kind != "changed":
        return "新报" if first.kind == "added" else _gone(found)
    words: dict[str, None] = {}
    for change in changes:
        if change.field == EXCUSE and change.before is None:
            words["改报不涉及"] = None
        elif change.field == EXCUSE and change.after is None:
            words["由不涉及改为填报"] = None
        elif is_met(change):
            words["办结"] = None
        elif is_moved(change):
            words["数值变动"] = None
        else:
            words["修改"] = None
    return "、".join(words)


def _gone(found: Comparison) -> str:
    """What it is called that an answer is there no more: between periods nothing was taken back."""
    return "撤回" if found.silent is None else "本期未报"


# -- text -----------------------------------------------------------------------------------------


def lines(found: Sequence[Row], names: Names) -> Iterator[list[Piece]]:
    """Lines to print, each as pieces: what was deleted and inserted is bracketed, so that no colour is needed."""
    several = len({row.period for row in found if row.period}) > 1
    for (period, task), group in groupby(found, key=lambda row: (row.period, row.task)):
        when = f"【{period}】" if several and period else ""
        yield [Piece("same", f"{when}第{task}项　{clipped(names.task(task), _CLIP)}")]
        for row in group:
            yield [Piece("same", f"  {names.unit(row.unit)}　{row.what}")]
            for part in row.parts:
                yield part_line(part, 4)


def part_line(part: ChangePart, indent: int) -> list[Piece]:
    """One column's change; the text's own line breaks are kept and indented."""
    blanks = " " * indent
    inner = f"\n{blanks}  "
    if not part.label:
        # A whole answer needs no brackets: its row says that it is new, or gone.
        text = f"\n{blanks}".join(column_text(*column).replace("\n", inner) for column in part.columns)
        return [Piece("same", blanks), Piece(part.pieces[0].kind, text)]
    shown = [_marked(piece) for piece in elided(part.pieces)]
    remark = [Piece("same", part.remark)] if part.remark else []
    label = Piece("same", f"{blanks}{part.label}：")
    return [label, *(Piece(p.kind, p.text.replace("\n", inner)) for p in shown), *remark]


def _marked(piece: Piece) -> Piece:
    if piece.kind == "same":
        return piece
    text = piece.text if piece.text.strip("\n") else "分段"
    return Piece(piece.kind, f"〔{_MARKS[piece.kind]}：{text}〕")


def elided(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, long unchanged ones cut to what stands beside a change."""
    shown = []
    for place, piece in enumerate(pieces):
        text = piece.text
        start = _NEAR if place else 0
        stop = _NEAR if place < len(pieces) - 1 else 0
        if piece.kind == "same" and len(text) > start + stop + 4:
            text = text[:start] + "……" + text[len(text) - stop :]
        shown.append(Piece(piece.kind, text))
    return shown


def quote(row: Row, length: int = 40) -> str:
    """The first words that changed, in a line."""
    pieces = [piece for part in row.parts for piece in part.pieces if piece.kind != "same"]
    if not row.parts[0].label:
        name = row.parts[0].columns[0][0] if row.unit and row.parts[0].columns else EXCUSE
        text = pieces[0].text if name == EXCUSE else pieces[0].text.removeprefix(f"{name}：")
        return clipped(" ".join(text.split()), length)
    return clipped("".join(_marked(piece).text for piece in pieces[:2]).replace("\n", " "), length)


def counts_sentence(found: Comparison) -> str:
    """One sentence with the counts; what could not be compared is counted too."""
    # Of what could not be compared nobody knows whether it changed.
    same = "能比较的答复没有变化" if found.unread else "没有变化"
    sentence = _counted(count(found), _gone(found)) or ("" if found.silent else same)
    silent = f"{len(found.silent)} 家单位本期还没有报送" if found.silent else ""
    unread = f"有 {len(found.unread)} 处无法比较" if found.unread else ""
    return "；".join(part for part in (sentence, silent, unread) if part) + "。"


def _counted(number: Counts, gone: str) -> str:
    amounts = [
        (number.added, f"新报 {number.added} 条"),
        (number.removed, f"{gone} {number.removed} 条"),
        (number.changed, f"修改 {number.changed} 条"),
        (number.met, f"办结 {number.met} 项"),
        (number.figures, f"数值变动 {number.figures} 项"),
        (number.tasks, f"任务目录改动 {number.tasks} 项"),
    ]
    return "，".join(words for amount, words in amounts if amount)


def silent_line(found: Comparison, names: Names) -> str:
    """The units that have not reported yet for the later period; empty where there are none."""
    if not found.silent:
        return ""
    return f"上期报过、本期还没有报送的单位：{'、'.join(names.unit(unit) for unit in found.silent)}。"


def unread_line(unread: Unread, names: Names) -> str:
    """What could not be compared, and why."""
    return f"{unread_name(unread, names)}：{unread.why}"


def unread_name(unread: Unread, names: Names) -> str:
    where = "" if unread.task is None else f"第{unread.task}项" if isinstance(unread.task, int) else f"“{unread.task}”"
    return f"{names.unit(unread.unit)}{where}" + (f"（{unread.file}）" if unread.file else "")


# -- JSON -----------------------------------------------------------------------------------------


def changes_json(found: Comparison, before: str, after: str) -> dict[str, Any]:
    """A comparison as JSON data, in the form that scripts rely on."""
    number = count(found)
    return {
        "from": before,
        "to": after,
        "changes": [change_json(change) for change in found.changes],
        "not_comparable": [unread_json(unread) for unread in found.unread],
        "not_reported": list(found.silent or ()),
        "summary": {
            "added": number.added,
            "removed": number.removed,
            "changed": number.changed,
            "duties_met": number.met,
            "figures_moved": number.figures,
            "tasks_changed": number.tasks,
            "not_comparable": len(found.unread),
        },
    }


def change_json(change: Change) -> dict[str, Any]:
    return {
        "unit": change.unit,
        "task": change.task,
        "period": change.period,
        "kind": change.kind,
        "field": change.field,
        "item": change.item,
        "before": change.before,
        "after": change.after,
    }


def unread_json(unread: Unread) -> dict[str, Any]:
    return {
        "unit": unread.unit,
        "task": unread.task,
        "period": unread.period,
        "file": unread.file or None,
        "why": unread.why,
    }
