"""One readable submission against the plan: unit, period, tasks, filled or not (C codes)."""

from collections.abc import Container, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

from ledger_cli.check.answer import AnswerAt, Calendar, check_answer
from ledger_cli.check.displacement import Displacement, displaced_fault
from ledger_cli.check.earlier import Earlier
from ledger_cli.check.prose.excuse import is_excuse
from ledger_cli.model.catalog import Period, Task
from ledger_cli.model.clip import clipped
from ledger_cli.model.closest import did_you_mean
from ledger_cli.model.column import Shape, how_to_write
from ledger_cli.model.fault import Fault
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.shaped import REFS_KEYS, words_of
from ledger_cli.model.submission import ENTRIES, Answer, Filing, Said, digits_of

_NOTHING = frozenset({"无", "没有", "暂无"})


def check_submission(
    plan: Plan, filing: Filing, as_of: date, earlier: Earlier, displaced: Mapping[str, Displacement]
) -> Iterator[Fault]:
    """All faults of one file against the plan; ``as_of`` is the date that duties are counted at.

    ``displaced`` are the answers that were written for another text than their task has now.
    """
    unit = plan.registry.find(filing.unit) if filing.unit else None
    period = plan.catalog.period(filing.period) if filing.period else None
    calendar = Calendar(plan.catalog, period, as_of, earlier)
    shape = plan.catalog.shape
    yield from _unit(plan, filing, unit)
    yield from _period(plan, filing, period)
    yield from _file_name(plan, filing, unit, period)
    named = plan.registry.find(PurePosixPath(filing.file).stem)
    # Whose tasks they are is unknown while the file's name and its 单位 disagree.
    misnamed = named is not None and named != unit
    if filing.untouched:  # no report, and no fault: the unit has not reported yet
        yield from _signed_only(filing, shape)
        return
    # What was written for a task that stands elsewhere now is not missing there.
    numbers: set[TaskNumber | None] = {found.now for found in displaced.values()}
    for said in filing.said:
        task = plan.catalog.tasks.get(said.number) if said.number else None
        if task is None:
            yield _unknown_task(plan, said)
            numbers.add(said.number or said.meant)  # 第35项 was meant for 35, which is then not missing
            continue
        numbers.add(task.number)
        if said.key in displaced:  # whatever else it says is said of another task
            yield displaced_fault(displaced[said.key], task)
            continue
        if unit and not misnamed and task.number not in plan.claims.by_unit[unit.id]:
            yield _not_owed(plan, said, unit, task)
        if isinstance(said.given, dict) and not (said.answer and shape.seed and _plainly_filled(said.answer)):
            yield from _not_filled(said, said.given, shape)
        if said.answer:
            yield from _spoken_for(plan, said, said.answer, unit, task)
            yield from check_answer(AnswerAt(said, said.answer, task, unit, shape), calendar)
    if unit and not misnamed and filing.listed:
        numbers.update(map(digits_of, filing.head))
        yield from _missing(plan, filing, unit, numbers)


def _signed_only(filing: Filing, shape: Shape) -> Iterator[Fault]:
    """C207 as a warning: somebody put a name or a date to a form without answers, perhaps saved the wrong one."""
    if not filing.signed:
        return
    message = f"填了“{'”“'.join(filing.signed)}”，各项任务都还没有填写，这份文件按“未报”统计"
    hint = f"核对是不是存错了文件；要报送的，逐项填写{shape.asked}，与本单位无关的任务改写“不涉及: 理由”。"
    yield Fault("C207", (filing.signed[0],), message, hint, at_key=True, severity="warning")


def _unit(plan: Plan, filing: Filing, unit: Unit | None) -> Iterator[Fault]:
    if filing.unit is None or unit:
        return
    if not filing.unit:
        yield Fault("C204", ("单位",), "没有写单位", "写单位的代码、全称或者简称。")
        return
    names = [name for known in plan.registry.units for name in known.names]
    meant = did_you_mean(filing.unit, names)
    hint = f"是不是“{meant}”？" if meant else ""
    yield Fault("C204", ("单位",), f"登记册里没有“{filing.unit}”这个单位", hint)


def _period(plan: Plan, filing: Filing, period: Period | None) -> Iterator[Fault]:
    if filing.period is None or period:
        return
    known = [p.code for p in plan.catalog.periods]
    meant = did_you_mean(filing.period, known)
    hint = f"是不是“{meant}”？" if meant else f"已登记的报送期是{'、'.join(known)}。"
    message = f"没有“{filing.period}”这个报送期" if filing.period else "没有写报送期"
    yield Fault("C205", ("报送期",), message, hint)


def _file_name(plan: Plan, filing: Filing, unit: Unit | None, period: Period | None) -> Iterator[Fault]:
    """C206: the name of the file, and of its folder below submissions/, against what it says."""
    path = PurePosixPath(filing.file)
    if path.suffix != ".yaml":
        hint = f"文件名改成“{unit.id if unit else path.stem}.yaml”。"
        yield Fault("C206", (), f"文件的扩展名是“{path.suffix}”，应是“.yaml”", hint)
    named = plan.registry.find(path.name.split(".")[0] if path.suffix != ".yaml" else path.stem)
    if unit and named != unit:
        whose = f"是{named.name}的" if named else "不是单位的代码或者名称"
        message = f"文件名“{path.stem}”{whose}，文件里写的单位是{unit.name}"
        yield Fault("C206", ("单位",), message, f"文件名改成“{unit.id}.yaml”，或者改正文件里的单位。")
    if path.parts[:1] == ("submissions",):
        folder = path.parts[1] if len(path.parts) == 3 else ""
        if period and folder != period.code:
            where = f"文件夹是“{folder}”" if folder else "文件不在报送期的文件夹里"
            message = f"{where}，文件里写的报送期是“{period.code}”"
            hint = f"文件应放在 submissions/{period.code}/ 里，或者改正文件里的报送期。"
            yield Fault("C206", ("报送期",), message, hint)


def _unknown_task(plan: Plan, said: Said) -> Fault:
    if said.number is not None:
        message = f"第{said.key}项任务不存在，任务目录里是{plan.catalog.span}"
        hint = "核对编号，只写数字；ledger todo 单位 可以列出本单位的任务。"
    else:
        known = said.meant in plan.catalog.tasks
        message = f"“{said.key}”不是任务编号"
        hint = f"是不是“{said.meant}”？编号只写半角数字。" if known else "编号只写半角数字，例如 3。"
    return Fault("C201", said.path, message, hint, at_key=True)


def _not_owed(plan: Plan, said: Said, unit: Unit, task: Task) -> Fault:
    columns = (column for column in plan.catalog.shape.beside if column.role in REFS_KEYS and words_of(task, column))
    owners = "；".join(f"{column.name}是：{words_of(task, column)}" for column in columns)
    message = f"{unit.name}不承担第{said.key}项任务，{owners}"
    hint = f"核对编号；ledger todo {unit.id} 可以列出本单位的任务。"
    return Fault("C202", said.path, message, hint, at_key=True)


def _spoken_for(plan: Plan, said: Said, answer: Answer, unit: Unit | None, task: Task) -> Iterator[Fault]:
    """C210: units that an answer is given for too and that have no part in the task, or owe one of their own."""
    claims = plan.claims.by_task[task.number]
    for place, name in enumerate(answer.spoken_for):
        path = (*said.path, "联合", place)
        other = plan.registry.find(name)
        if other is None:
            meant = did_you_mean(name, [n for known in plan.registry.units for n in known.names])
            yield Fault("C210", path, f"登记册里没有“{name}”这个单位", f"是不是“{meant}”？" if meant else "")
        elif other == unit:
            yield Fault("C210", path, "“联合”里写的是本单位", "只写一并报送的其他单位。")
        elif other.id not in claims:
            yield Fault("C210", path, f"{other.name}不承担第{said.key}项任务", "核对单位；不承担的删去。")
        elif claims[other.id].required:
            message = f"第{said.key}项任务各单位各自报送，{other.name}仍要自己报送"
            yield Fault("C210", path, message, "请对方照样报送；由牵头单位统一报送的任务，才由牵头单位代报。")


def _missing(plan: Plan, filing: Filing, unit: Unit, numbers: Container[TaskNumber | None]) -> Iterator[Fault]:
    for number, claim in plan.claims.by_unit[unit.id].items():
        if number in numbers or str(number) in filing.aside:
            continue
        task = plan.catalog.tasks[number]
        words = clipped(task.text, 20)
        if claim.required:
            message = f"漏报第{number}项任务（{words}）"
            hint = f"在“任务:”下面补上“{number}:”和{plan.catalog.shape.asked}内容；与本单位无关的写“不涉及: 理由”。"
            yield Fault("C203", (ENTRIES,), message, hint, at_key=True, task=number)
        else:
            message = f"没有报第{number}项任务（{words}），这项由有关单位报送"
            hint = "与本单位有关的请补报；无关的可以不管，或者写“不涉及: 理由”。"
            yield Fault("C203", (ENTRIES,), message, hint, at_key=True, task=number, severity="warning")


def _plainly_filled(answer: Answer) -> bool:
    """Whether the seed's three texts stand there and the first is too long to be a mere 无: nothing more to ask."""
    return bool(answer.problems and answer.plans and answer.progress and len(answer.progress) > 8)


def _not_filled(said: Said, given: dict[str, object], shape: Shape) -> Iterator[Fault]:
    """C207: empty texts, and 无 where something must have been done; a wholly empty answer is one finding."""
    texts = {name: str(given[name]) for name in (*shape.keys, "不涉及") if isinstance(given.get(name), str)}
    empty = [name for name in (*shape.required, "不涉及") if name in texts and not texts[name].strip()]
    skip = said.cut.intersection(empty)  # one fault is said once
    if _excused(given, shape):
        skip |= set(shape.prose[1:])  # what is wrong there is the way 不涉及 is said: one fault, told as W409
    clear = f"写清做了什么；与本单位无关的，删去{shape.whole}，改写“不涉及: 理由”。"
    reason = "写明理由，例如“不涉及: 本单位无此项职责”。"
    where = {name: (*said.path, name) for name in texts}
    blank = not any(text.strip() for text in texts.values())
    if blank and empty and len(empty) >= len(shape.required) and not skip:
        hint = f"填上{shape.asked}内容；与本单位无关的，删去{shape.whole}，改写“不涉及: 理由”。"
        yield Fault("C207", where[empty[0]], f"第{said.key}项任务没有填写", hint)
        return
    for name in empty:
        if name in skip:
            continue
        column = shape.by_key.get(name)
        if column is None:
            hint = reason
        elif column.nil_allowed:
            hint = f"写上{name}；没有的写“无”。"
        else:
            hint = clear if column.long else f"{how_to_write(column)}；与本单位无关的，改写“不涉及: 理由”。"
        yield Fault("C207", where[name], f"第{said.key}项任务的“{name}”没有填写", hint)
    told = {column.key: clear for column in shape.filed if column.required and column.long and not column.nil_allowed}
    for name, hint in (*told.items(), ("不涉及", reason)):
        words = texts.get(name, "").strip().strip("。；;.")
        if words in _NOTHING:
            message = f"第{said.key}项任务的“{name}”只写了“{words}”"
            yield Fault("C207", where[name], message, hint)


def _excused(given: dict[str, object], shape: Shape) -> bool:
    """Whether the three texts say in prose that the task is not the unit's (W409), and nobody waived that."""
    texts = (given.get(name) if name else "" for name in shape.prose)
    return is_excuse(*(text if isinstance(text, str) else "" for text in texts)) and "W409" not in str(
        given.get("忽略", "")
    )
