"""A status as the circular on progress (情况通报) sees it: sentences, lists, quotes, a picture of coverage.

Every sentence is built from counts, names and dates; what units wrote is quoted, never rephrased.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ledger_cli.model.fields import TaskNumber, task_order
from ledger_cli.model.ledger import Coverage, Ledger, LeftOut, Outcome, Party
from ledger_cli.model.obligation import NEAR_DAYS, Obligation, State
from ledger_cli.model.prose import is_none
from ledger_cli.model.status import Status
from ledger_cli.write.status import REJECTED_SIGN, SIGNS, legend, sign
from ledger_cli.write.view import PROVISIONAL_NOTE, chinese_day, coverage_row, title_lines

Grouping = Callable[[Sequence[tuple[str, str]]], list[list[int]]]
"""Units' ids and texts to the groups of two or more that are nearly equal, as places in the sequence."""

PICTURE_COLUMNS = 22
"""Tasks side by side in the picture of coverage; the template's table has as many columns."""

_FEW = 10
"""Units that reported nothing are named again in every list up to so many."""

_SHADES = {
    SIGNS[Outcome.NOT_APPLICABLE]: "F2F2F2",
    SIGNS[Outcome.FAULTY]: "D9D9D9",
    REJECTED_SIGN: "D9D9D9",
    SIGNS[Outcome.MISSING]: "A6A6A6",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One unit's words on one task."""

    unit: str
    task: TaskNumber
    text: str


@dataclass(frozen=True, slots=True)
class SharedProblem:
    """A problem that several units report: the words of the first, and who else says the same or nearly so."""

    quote: str
    units: tuple[str, ...]
    tasks: tuple[TaskNumber, ...]
    exact: bool


def shared_problems(ledger: Ledger, near: Grouping) -> list[SharedProblem]:
    """The problems that two units or more report in equal or near-equal words, those of most units first.

    ``near`` groups different texts by likeness; equal ones belong together however short they are.
    """
    told: dict[str, list[Told]] = {}
    for record in ledger.records:
        for entry in record.entries:
            problems = entry.answer.problems or ""
            if any(char.isalnum() for char in problems) and not is_none(problems):
                told.setdefault("".join(problems.split()), []).append(Told(entry.unit, record.number, problems))
    equal = list(told.values())
    together = near([(same[0].unit, same[0].text) for same in equal])
    alone = set(range(len(equal))) - {place for places in together for place in places}
    order = {party.id: place for place, party in enumerate(ledger.parties)}
    found = []
    for places in [*together, *([place] for place in sorted(alone))]:
        saying = sorted(
            (one for place in places for one in equal[place]), key=lambda t: (order[t.unit], task_order(t.task))
        )
        units = tuple(dict.fromkeys(one.unit for one in saying))
        if len(units) > 1:
            tasks = tuple(sorted({one.task for one in saying}, key=task_order))
            found.append(SharedProblem(saying[0].text, units, tasks, exact=len(places) == 1))
    return sorted(found, key=lambda problem: (-len(problem.units), [*map(task_order, problem.tasks)]))


def brief_context(status: Status, problems: Sequence[SharedProblem], scope: str = "") -> dict[str, Any]:
    """The variables of templates/brief.docx; ``scope`` names the part that it is about, "" where it is the whole."""
    ledger = status.ledger
    names = {party.id: party.name for party in ledger.parties}
    short = {party.id: party.short for party in ledger.parties}
    return {
        "台账": {"附件": ledger.annex, "名称": ledger.title, "标题": title_lines(_title(ledger))},
        "通报": {
            "范围": f"{scope}（{ledger.period_name}，统计至{chinese_day(status.as_of)}）",
            "总体": "\n".join(_overall(status)),
            "章节": [coverage_row(t, ledger.coverage(records)) for t, records in status.sections.items()],
            "合计": coverage_row("合计", ledger.coverage()),
            "要求": "\n".join(_duties(status)),
            "逾期": [_duty_row(status, group) for group in status.together(State.OVERDUE)],
            "临近": [_duty_row(status, group) for group in status.together(State.NEAR)],
            "补办": [_duty_row(status, group) for group in status.together(State.MET_LATE)],
            "共性概述": _shared_sentence(problems),
            "共性": [_problem_row(number, problem, short) for number, problem in enumerate(problems, 1)],
            "未收入": [_left_out(left, names) for left in ledger.left_out],
            "单位": [_unit_row(status, party) for party in status.owing],
            "图": list(_picture(status)),
            "图例": legend(status),
            "说明": "\n".join(_notes(status)),
        },
    }


def _title(ledger: Ledger) -> str:
    return f"{ledger.title.removesuffix('工作台账')}落实情况通报"


def _overall(status: Status) -> Iterator[str]:
    ledger, total = status.ledger, status.ledger.coverage()
    coverage = status.coverage
    yield (
        f"本期共有{total.tasks}项任务、{len(coverage)}家责任单位，应报{total.owed}条。"
        f"统计至{chinese_day(status.as_of)}，已报{total.reported}条，不涉及{total.not_applicable}条，"
        f"有误未收入{total.faulty}条，未报{total.missing}条；已报和不涉及合计占应报的{_share(total)}。"
    )
    faulty = {left.unit for left in ledger.left_out}
    complete = [
        p for p in status.owing if not coverage[p.id].missing and not coverage[p.id].faulty and p.id not in faulty
    ]
    silent = _silent(status)
    partial = len(coverage) - len(complete) - len(silent)
    yield f"{len(complete)}家单位已报齐，{partial}家单位报了一部分或者有误，{len(silent)}家单位一条未报。"
    if complete:
        yield f"已报齐的单位：{_names(complete)}。"
    if silent:
        yield f"一条未报的单位：{_names(silent)}。"
    if ledger.reviewed:
        yield f"审核情况：已通过{total.accepted}条，退回{total.rejected}条，待审{total.pending}条。"
        sent_back = {p.short: status.rejected(p.id) for p in status.owing if status.coverage[p.id].rejected}
        if sent_back:
            listed = "；".join(
                name + "、".join(f"第{number}项（{state.why}）" for number, state in states.items())
                for name, states in sent_back.items()
            )
            yield f"退回待改的答复：{listed}。"
    if ledger.left_out:
        files = sum(left.task is None for left in ledger.left_out)
        places = len(ledger.left_out) - files
        counted = [f"{files}份文件"] * bool(files) + [f"{places}处内容"] * bool(places)
        yield f"没有收入的有{'、'.join(counted)}，连同原因列在第五部分。"


def _share(coverage: Coverage) -> str:
    """The share of answers; rounded down, and up only from nothing, so that 100% and 0% mean all and none."""
    answered = coverage.reported + coverage.not_applicable
    if not coverage.owed or not answered:
        return "0%"
    tenths = max(1, answered * 1000 // coverage.owed)
    return f"{tenths // 10}.{tenths % 10}%"


def _names(parties: Sequence[Party]) -> str:
    return "、".join(party.short for party in parties)


def _duties(status: Status) -> Iterator[str]:
    states = status.states()
    dated = [state for state in State if states[state]]
    if not dated:
        yield "本期没有登记的时限要求。"
        return
    near = f"临近到期（{NEAR_DAYS}日内）"
    words = {state: near if state is State.NEAR else state.value for state in State}
    listed = "，".join(f"{words[state]}{states[state]}条" for state in dated)
    often = any("-" in obligation.occasion for obligation in status.obligations)
    yield f"按任务、单位和{'每次到期' if often else '年度'}计，时限要求共{sum(states.values())}条：{listed}。"
    late = {o.unit for o in status.overdue()}
    if late:
        yield f"有逾期要求的单位{len(late)}家，逐条列于下表；逾期天数算到统计日期。"
    else:
        yield "没有逾期的要求。"


def _duty_row(status: Status, group: Sequence[Obligation]) -> dict[str, Any]:
    first = group[0]
    assert first.due is not None
    over = first.days_over(status.as_of)
    met_late = first.state is State.MET_LATE
    return {
        "任务": first.task,
        "内容": first.what,
        "截止": chinese_day(first.due),
        "天数": "" if met_late else f"逾期{over}天" if over > 0 else f"还有{-over}天" if over else "当天到期",
        "单位": _late_units(status, group) if met_late else f"{len(group)}家：{_open_units(status, group)}",
    }


def _late_units(status: Status, group: Sequence[Obligation]) -> str:
    short = {party.id: party.short for party in status.ledger.parties}
    return "、".join(f"{short[o.unit]}（{chinese_day(o.met)}）" for o in group if o.met)


def _open_units(status: Status, group: Sequence[Obligation]) -> str:
    """The units by name; all that the duty binds in one word, and so those that reported nothing, named before."""
    silent = _silent(status)
    units = {obligation.unit for obligation in group}
    first = group[0]
    bound = sum((o.task, o.id, o.due) == (first.task, first.id, first.due) for o in status.obligations)
    if len(group) == bound > _FEW:
        return "承担这项要求的全部单位"
    if len(silent) <= _FEW or not units.issuperset(party.id for party in silent):
        return _names([party for party in status.owing if party.id in units])
    others = [party for party in status.owing if party.id in units - {party.id for party in silent}]
    return f"一条未报的{len(silent)}家单位" + (f"，以及{_names(others)}" if others else "")


def _silent(status: Status) -> list[Party]:
    return [party for party in status.owing if status.coverage[party.id].missing == status.coverage[party.id].owed]


def _shared_sentence(problems: Sequence[SharedProblem]) -> str:
    if not problems:
        return "各单位反映的问题中，没有两家以上单位文字相同或者相近的。"
    return (
        f"两家以上单位反映的相同或者相近的问题有{len(problems)}个，引原文如下（文字相近的，引排在最前的单位的原文）。"
    )


def _problem_row(number: int, problem: SharedProblem, short: dict[str, str]) -> dict[str, Any]:
    units = "、".join(short[unit] for unit in problem.units)
    tasks = "、".join(str(task) for task in problem.tasks)
    return {
        "序号": number,
        "原文": problem.quote,
        "任务": tasks,
        "单位": f"{len(problem.units)}家：{units}",
        "相同": "文字相同" if problem.exact else "文字相近",
    }


def _left_out(left: LeftOut, names: dict[str, str]) -> dict[str, str]:
    where = "整份文件" if left.task is None else f"第{left.task}项" if isinstance(left.task, int) else f"“{left.task}”"
    return {"单位": names.get(left.unit, left.unit), "内容": where, "原因": left.why, "文件": left.file}


def _unit_row(status: Status, party: Party) -> dict[str, Any]:
    states = status.states(status.of_unit(party.id))
    row = coverage_row(party.name + ("" if party.confirmed else "（待确认）"), status.coverage[party.id])
    del row["答复比"]
    return {**row, "逾期": states[State.OVERDUE], "临近": states[State.NEAR]}


def _picture(status: Status) -> Iterator[dict[str, Any]]:
    """Blocks of so many tasks: their numbers, and a row a unit with a sign and a shade for each."""
    numbers = list(status.outcomes)
    for at in range(0, len(numbers), PICTURE_COLUMNS):
        block = numbers[at : at + PICTURE_COLUMNS]
        padding = [""] * (PICTURE_COLUMNS - len(block))
        rows = []
        for party in status.owing:
            signs = [*(sign(status, number, party.id) for number in block), *padding]
            rows.append({"单位": party.short, "格": [{"字": s, "底色": _SHADES.get(s, "")} for s in signs]})
        yield {"续": at > 0, "编号": [*block, *padding], "行": rows}


def _notes(status: Status) -> Iterator[str]:
    gaps = [record.number for record in status.ledger.records if record.gaps]
    if gaps:
        listed = "、".join(str(number) for number in gaps)
        yield f"第{listed}项任务的责任单位或者完成时限在原件中为空，按推定的单位和时限统计。"
    if status.provisional:
        yield f"{PROVISIONAL_NOTE}。待确认的单位（{len(status.provisional)}家）：{_names(status.provisional)}。"
