"""A ledger as a Word template sees it: Chinese names, rows in order, equal answers under the units that gave them.

A text with several paragraphs has them separated by line breaks; the template engine makes them paragraphs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ledger_cli.model.catalog import begun
from ledger_cli.model.column import UNNUMBERED, Role, Shape, shown
from ledger_cli.model.fields import TaskNumber, plain_number
from ledger_cli.model.ledger import Coverage, Entry, Label, Ledger, LeftOut, Party, TaskRecord
from ledger_cli.model.obligation import of_occasion
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.review import ReviewState, Standing
from ledger_cli.model.shaped import value_of
from ledger_cli.model.submission import Answer
from ledger_cli.write.label import LABEL_FIELD

if TYPE_CHECKING:
    from ledger_cli.write.word.continuation import Rows

ASSUMED = "（推定）"
UNREPORTED = "（未报）"
FREE = "（由单位自定，没有报）"
FAULTY = "（有误，没有收入）"
_BESIDE_ANSWER = ("单位", "冒号", "短名", LABEL_FIELD)
PROVISIONAL_NOTE = "按登记名单统计，名单待印发机关确认"


@dataclass(frozen=True, slots=True)
class Layout:
    """What kind of document is made.

    ``blank`` prints the plan as issued, without answers or assumptions; ``single`` is one unit's own
    ledger, where the unit's name is not repeated; ``by_task`` makes one table a task; ``summary`` puts
    the coverage in front.
    """

    blank: bool = False
    single: bool = False
    by_task: bool = False
    summary: bool = True


def view(ledger: Ledger, layout: Layout, scope: str = "", rows: "Rows | None" = None) -> dict[str, Any]:
    """The variables of a template. ``scope`` is the line below the title: unit or section, and period.

    ``rows`` tells how the template lays out rows, so that long ones name their task and unit again.
    """
    tasks = []
    before: tuple[str, ...] = ()
    whole = _whole_files(ledger, layout)
    for record in ledger.records:
        task = _task(ledger, record, layout, whole.get(record.number, []))
        task["题"] = list(begun(before, record.titles))
        task["章首"] = bool(task["题"])
        if rows and not layout.blank:
            rows.continue_answers(task["答复"])
        before = record.titles
        tasks.append(task)
    return {
        "台账": {
            "附件": ledger.annex,
            "名称": ledger.title,
            "标题": title_lines(ledger.title),
            "报送期": ledger.period_name,
            "统计日期": chinese_day(ledger.as_of),
            "范围": scope,
        },
        "概况": summary(ledger) if layout.summary else None,
        "任务表": tasks,
        "表格": [{"行": table} for table in _tables(tasks, layout, rows, ledger.shape)],
    }


def title_lines(title: str) -> str:
    """A long title on two lines, broken before its bracket as in the issued document."""
    bracket = title.find("（")
    if len(title) <= 24 or bracket <= 0:
        return title
    return title[:bracket] + "\n" + title[bracket:]


def chinese_day(day: date) -> str:
    """A date as documents write it, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def task_numbers(numbers: Iterable[TaskNumber]) -> str:
    """Tasks' numbers as people write them, runs joined: 第1—3、5项."""
    runs: list[list[TaskNumber]] = []
    for number in numbers:
        last = runs[-1][-1] if runs else None
        if isinstance(last, int) and number == last + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "第" + "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs) + "项"


def part_line(plan: Plan, unit: Unit) -> str:
    """Which tasks the unit leads, and in which it cooperates; "" in a plan where nobody does."""
    if not plan.catalog.shape.has_parts:
        return ""
    claims = plan.claims.by_unit[unit.id].values()
    said = []
    for part, word in ((Role.LEAD, "牵头"), (Role.UNITS, "负责"), (Role.JOINT, "配合")):
        for required, more in ((True, ""), (False, "，由单位自定是否报送")):
            numbers = [claim.task for claim in claims if claim.part is part and claim.required is required]
            said += [f"{word}{task_numbers(numbers)}{more}"] if numbers else []
    return f"本单位{'；'.join(said)}。" if said else ""


def _whole_files(ledger: Ledger, layout: Layout) -> dict[TaskNumber, list[LeftOut]]:
    """Files left out whole, by the first task that their unit answers for; a summary names them itself."""
    found: dict[TaskNumber, list[LeftOut]] = {}
    if not ledger.records or layout.summary or layout.single:
        return found
    for left in ledger.left_out:
        if left.task is None:
            concerned = (r.number for r in ledger.records if left.unit in (*r.owing, *r.invited))
            found.setdefault(next(concerned, ledger.records[0].number), []).append(left)
    return found


def _task(ledger: Ledger, record: TaskRecord, layout: Layout, whole: list[LeftOut]) -> dict[str, Any]:
    """A task's row; ``whole`` are the files to name below it that were left out whole."""
    shape = ledger.shape
    cells = {shape.tags[column.key]: record.words(column) for column in shape.of_plan if column.role is not Role.TEXT}
    before = shape.before_text(record.number, record.label)
    if layout.blank and record.label == UNNUMBERED:
        before = ""
        cells |= {shape.tags[column.key]: "" for column in shape.columns if column.role is Role.NUMBER}
    for key in record.gaps:
        cells[shape.tags[key]] = "" if layout.blank else cells[shape.tags[key]] + ASSUMED
    short = {party.id: party.short for party in ledger.parties}
    answers = [_answer(group, record.labels, layout, short, shape) for group in grouped(record.entries)]
    if layout.single and not answers and not layout.blank:
        answers = [{**_no_cells(shape), shape.tags[shape.main.key]: _no_answer(ledger, record)}]
    notes = [] if layout.blank else _review_notes(ledger, record, layout)
    notes += [] if layout.blank or layout.single else [_missing(ledger, record)]
    notes += [_left_out_line(ledger, left) for left in ledger.left_out if left.owed == record.number]
    notes += [_left_out_note(ledger, left) for left in whole]
    return {
        "章节": "\n".join(record.titles),
        "编号": record.number,
        "举措": record.text,
        **cells,
        "序": before,
        "号": shape.numbered(record.number, record.label),
        "灯": ledger.lights.get(record.number, ""),
        "答复": answers,
        "附注": "\n".join(note for note in notes if note),
    }


def grouped(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries with equal answers together, in the order of the first unit of each."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.answer.content, []).append(entry)
    return list(groups.values())


def _no_cells(shape: Shape) -> dict[str, str]:
    """What a row says of an answer where there is none."""
    return dict.fromkeys((*_BESIDE_ANSWER, *(shape.tags[key] for key in shape.keys)), "")


def _answer(
    group: list[Entry], labels: dict[str, Label], layout: Layout, short: dict[str, str], shape: Shape
) -> dict[str, str]:
    answer, name = group[0].answer, short.get(group[0].unit, group[0].name)
    return {
        LABEL_FIELD: "",
        "单位": "" if layout.single else "、".join(signed(entry) for entry in group),
        "冒号": "" if layout.single else "：",
        **{shape.tags[key]: text for key, text in answer_cells(answer, shape, labels).items()},
        "短名": "" if layout.single else name if len(group) == 1 else f"{name}等{len(group)}家",
    }


def signed(entry: Entry) -> str:
    """The name that an answer stands under, with the unit's part and how it stands in review, where there are such."""
    marks = (entry.part, str(entry.review.status) if entry.review else "")
    return entry.name + "".join(f"〔{mark}〕" for mark in marks if mark)


def answer_cells(answer: Answer, shape: Shape, labels: dict[str, Label]) -> dict[str, str]:
    """What is printed of an answer, by column.

    In the main column dates, figures and evidence follow what was done; or it says why it does not concern the unit.
    """
    cells = {column.key: shown(column, value_of(answer, column)) for column in shape.filed}
    main = shape.main.key
    done = cells[main] if answer.not_applicable is None else f"不涉及：{answer.not_applicable}"
    cells[main] = "\n".join(line for line in (done, *extras(answer, labels)) if line)
    return cells


def extras(answer: Answer, labels: dict[str, Label]) -> list[str]:
    """A line each for completion dates, figures, evidence and the units spoken for, where there are any."""
    lines = []
    if answer.met:
        met = (f"{_label(labels, item).what}（{chinese_day(day)}）" for item, day in answer.met.items())
        lines.append("已完成：" + "；".join(met))
    if answer.figures:
        figures = ((_label(labels, item), plain_number(value)) for item, value in answer.figures.items())
        lines.append("指标：" + "；".join(f"{label.what} {value}{label.measure}" for label, value in figures))
    if answer.evidence:
        lines.append("佐证：" + "；".join(answer.evidence))
    if answer.spoken_for:
        lines.append("联合报送：" + "、".join(answer.spoken_for))
    return lines


def _label(labels: dict[str, Label], item: str) -> Label:
    name, occasion = of_occasion(item)
    known = labels.get(name)
    if known is None:
        return Label(item)
    year, _, month = occasion.partition("-")
    time = f"（{year}年{int(month)}月）" if month else f"（{year}年）"
    return Label(f"{known.what}{time}", known.measure) if year else known


def _no_answer(ledger: Ledger, record: TaskRecord) -> str:
    """What one unit's ledger says where its answer would stand."""
    held = [held for held in ledger.withheld if held.task == record.number]
    if held:
        return f"（{held[0].review.status}，没有列出）"
    if any(left.owed in (None, record.number) for left in ledger.left_out):
        return FAULTY
    return UNREPORTED if record.missing else FREE


def _review_notes(ledger: Ledger, record: TaskRecord, layout: Layout) -> list[str]:
    """Below a task: how one unit's answer stands, or whose answers are not shown and why."""
    if layout.single:
        states = [entry.review for entry in record.entries if entry.review]
        states += [h.review for h in ledger.withheld if h.task == record.number and h.review.event]
        return [f"审核情况：{review_text(state)}" for state in states]
    held = [held for held in ledger.withheld if held.task == record.number]
    if not held:
        return []
    short = {party.id: party.short for party in ledger.parties}
    listed = "、".join(f"{short.get(one.unit, one.unit)}（{one.review.status}）" for one in held)
    return [f"未通过审核、没有列出（{len(held)}家）：{listed}"]


def review_text(state: ReviewState) -> str:
    """How an answer stands, who said so and when, and why."""
    event = state.event
    if event is None:
        return str(state.status)
    if state.status is Standing.PENDING:
        return f"{state.status}（{state.why}）"
    said = f"{state.status}（{event.actor}，{chinese_day(event.time.date())}）"
    return f"{said}：{event.reason}" if event.reason else said


def _missing(ledger: Ledger, record: TaskRecord) -> str:
    if not record.missing:
        return ""
    short = {party.id: party.short for party in ledger.parties}
    return f"未报（{len(record.missing)}家）：" + "、".join(short[unit] for unit in record.missing)


def _left_out_line(ledger: Ledger, left: LeftOut) -> str:
    return f"有误未收入：{_name(ledger.parties, left.unit)}（{left.why}）"


def _name(parties: Iterable[Party], unit: str) -> str:
    return next((party.name for party in parties if party.id == unit), unit)


def _tables(
    tasks: list[dict[str, Any]], layout: Layout, rows: "Rows | None", shape: Shape
) -> Iterator[list[dict[str, Any]]]:
    """The rows of each table; a row's 章节格 and 任务格 tell which merged cells it belongs to."""
    table: list[dict[str, Any]] = []
    for task in tasks:
        answers = task["答复"] or ([] if task["附注"] else [_no_cells(shape)])
        # Merged cells never reach beyond a table, and in large ledgers a table is one task.
        shared = {**task, "附注": "", "题": [], "任务格": task["编号"], "章节格": task["章节"]}
        own = [{**shared, **answer} for answer in answers]
        if task["附注"]:
            own.append({**shared, **_no_cells(shape), "附注": task["附注"]})
        own[0]["题"] = task["题"]
        if rows and not layout.blank:
            rows.continue_task(own)
        table += own
        if layout.by_task:
            yield table
            table = []
    if table:
        yield table


def summary(ledger: Ledger) -> dict[str, Any]:
    """Who reported, by section, and what readers have to know about the figures."""
    sections: dict[str, list[TaskRecord]] = {}
    for record in ledger.records:
        sections.setdefault(record.section, []).append(record)
    rows = [coverage_row(title, ledger.coverage(records)) for title, records in sections.items()]
    total = ledger.coverage()
    heard = ledger.answering | {left.unit for left in ledger.left_out} | {held.unit for held in ledger.withheld}
    silent = [p.short for p in ledger.parties if p.id not in heard]
    provisional = [party.short for party in ledger.parties if not party.confirmed]
    gaps = [record.number for record in ledger.records if record.gaps]
    notes = []
    if silent:
        notes.append(f"全部任务未报的单位（{len(silent)}家）：" + "、".join(silent))
    notes += [_left_out_note(ledger, left) for left in ledger.left_out]
    notes += _review_summary(ledger, total)
    if gaps:
        listed = "、".join(str(number) for number in gaps)
        notes.append(f"第{listed}项任务的责任单位或者完成时限原件为空，所列为推定，以“{ASSUMED}”标明。")
    if provisional:
        notes.append(f"{PROVISIONAL_NOTE}。待确认的单位（{len(provisional)}家）：" + "、".join(provisional))
    return {
        "章节": rows,
        "合计": coverage_row("合计", total),
        "单位数": len(ledger.parties),
        "已报单位数": total.units,
        "说明": "\n".join(notes),
    }


def _review_summary(ledger: Ledger, total: Coverage) -> list[str]:
    if not ledger.reviewed:
        return []
    notes = [f"审核情况：{total.accepted}条已通过，{total.rejected}条退回，{total.pending}条待审。"]
    if ledger.withheld:
        listed = "；".join(_withheld(ledger))
        notes.append(f"只列出已通过的答复，没有列出的有{len(ledger.withheld)}条：{listed}。")
    return notes


def _withheld(ledger: Ledger) -> Iterator[str]:
    """Each unit's answers that are not shown, by how they stand; in one word where none of the unit's is shown."""
    of_unit: dict[str, dict[Standing, list[TaskNumber]]] = {}
    for held in ledger.withheld:
        of_unit.setdefault(held.unit, {}).setdefault(held.review.status, []).append(held.task)
    short = {party.id: party.short for party in ledger.parties}
    for unit, of_status in of_unit.items():
        whole = len(of_status) == 1 and unit not in ledger.answering
        for status, tasks in of_status.items():
            which = f"的{len(tasks)}条答复都是" if whole and len(tasks) > 1 else task_numbers(tasks)
            yield f"{short.get(unit, unit)}{which}{status}"


def _left_out_note(ledger: Ledger, left: LeftOut) -> str:
    name = _name(ledger.parties, left.unit)
    if left.task is None:
        return f"整份未收入：{name}（{left.file}：{left.why}）"
    where = f"第{left.task}项" if isinstance(left.task, int) else f"“{left.task}”"
    return f"有误未收入：{name}{where}（{left.why}）"


def coverage_row(title: str, coverage: Coverage) -> dict[str, Any]:
    """A row of a coverage table by the columns' Chinese names."""
    rate = f"{coverage.reported + coverage.not_applicable}/{coverage.owed}" if coverage.owed else ""
    return {
        "标题": title,
        "任务数": coverage.tasks,
        "应报": coverage.owed,
        "已报": coverage.reported,
        "不涉及": coverage.not_applicable,
        "有误": coverage.faulty,
        "未报": coverage.missing,
        "答复比": rate,
    }
