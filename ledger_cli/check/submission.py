"""One readable submission against the plan: unit, period, tasks, filled or not (C codes)."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

from ledger_cli.check.answer import AnswerAt, Calendar, check_answer
from ledger_cli.check.displacement import Displacement, displaced_finding
from ledger_cli.check.earlier import Earlier
from ledger_cli.check.hints.excuse import is_excuse
from ledger_cli.model.catalog import Period, Task
from ledger_cli.model.finding import Finding
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.submission import PROSE, Answer
from ledger_cli.read.schema import did_you_mean
from ledger_cli.read.submission import ReadSubmission, digits_of, key_aside, task_number

_NOTHING = frozenset({"无", "没有", "暂无"})


def check_submission(
    plan: Plan, read: ReadSubmission, as_of: date, earlier: Earlier, displaced: Mapping[str, Displacement]
) -> Iterator[Finding]:
    """All findings of one file against the plan; ``as_of`` is the date that duties are counted at.

    ``displaced`` are the answers that were written for another text than their task has now.
    """
    unit = plan.registry.find(read.unit) if read.unit else None
    period = plan.catalog.period(read.period) if read.period else None
    calendar = Calendar(plan.catalog, period, as_of, earlier)
    yield from _unit(plan, read, unit)
    yield from _period(plan, read, period)
    yield from _file_name(plan, read, unit, period)
    named = plan.registry.find(PurePosixPath(read.file).stem)
    # Whose tasks they are is unknown while the file's name and its 单位 disagree.
    misnamed = named is not None and named != unit
    if read.untouched:  # no report, and no fault: the unit has not reported yet
        yield from _signed_only(read)
        return
    # What was written for a task that stands elsewhere now is not missing there.
    numbers = {found.now for found in displaced.values() if found.now}
    for key, given in read.given.items():
        number = task_number(key)
        task = plan.catalog.tasks.get(number) if number else None
        if number is None or task is None:
            yield _unknown_task(plan, read, key)
            numbers.update(digits_of(key))  # 第35项 was meant for 35, which is then not missing
            continue
        numbers.add(number)
        if key in displaced:  # whatever else it says is said of another task
            yield displaced_finding(read, displaced[key], task)
            continue
        if unit and not misnamed and number not in plan.claims.by_unit[unit.id]:
            yield _not_owed(read, key, unit, task)
        answer = read.answers.get(key)
        if isinstance(given, dict) and not (answer and _plainly_filled(answer)):
            yield from _not_filled(read, key, number, given)
        if answer:
            yield from check_answer(AnswerAt(read, key, task, unit), calendar)
    if unit and not misnamed and not _placeless(read):
        numbers.update(number for key in read.document.data for number in digits_of(key))
        yield from _missing(plan, read, unit, numbers)


def _signed_only(read: ReadSubmission) -> Iterator[Finding]:
    """C207 as a warning: somebody put a name or a date to a form without answers, perhaps saved the wrong one."""
    if not read.signed:
        return
    at = read.document.place((read.signed[0],), key=True)
    message = f"填了“{'”“'.join(read.signed)}”，各项任务都还没有填写，这份文件按“未报”统计"
    hint = "核对是不是存错了文件；要报送的，逐项填写三栏，与本单位无关的任务改写“不涉及: 理由”。"
    yield read.document.report("C207", at, message, hint, severity="warning")


def _placeless(read: ReadSubmission) -> bool:
    """Whether the list of tasks itself is missing or wrong: one fault, not forty missing tasks."""
    content = read.document.data
    return not isinstance(content, dict) or not isinstance(content.get("任务"), dict)


def _unit(plan: Plan, read: ReadSubmission, unit: Unit | None) -> Iterator[Finding]:
    if read.unit is None or unit:
        return
    if not read.unit:
        yield read.report("C204", ("单位",), "没有写单位", "写单位的代码、全称或者简称。")
        return
    names = [name for known in plan.registry.units for name in known.names]
    meant = did_you_mean(read.unit, names)
    hint = f"是不是“{meant}”？" if meant else "写登记册（data/units.yaml）里的代码、全称或者简称。"
    yield read.report("C204", ("单位",), f"登记册里没有“{read.unit}”这个单位", hint)


def _period(plan: Plan, read: ReadSubmission, period: Period | None) -> Iterator[Finding]:
    if read.period is None or period:
        return
    known = [p.code for p in plan.catalog.periods]
    meant = did_you_mean(read.period, known)
    hint = f"是不是“{meant}”？" if meant else f"已登记的报送期是{'、'.join(known)}。"
    message = f"没有“{read.period}”这个报送期" if read.period else "没有写报送期"
    yield read.report("C205", ("报送期",), message, hint)


def _file_name(plan: Plan, read: ReadSubmission, unit: Unit | None, period: Period | None) -> Iterator[Finding]:
    """C206: the name of the file, and of its folder below submissions/, against what it says."""
    path = PurePosixPath(read.file)
    if path.suffix != ".yaml":
        hint = f"文件名改成“{unit.id if unit else path.stem}.yaml”。"
        yield read.report("C206", (), f"文件的扩展名是“{path.suffix}”，应是“.yaml”", hint)
    named = plan.registry.find(path.name.split(".")[0] if path.suffix != ".yaml" else path.stem)
    if unit and named != unit:
        whose = f"是{named.name}的" if named else "不是单位的代码或者名称"
        message = f"文件名“{path.stem}”{whose}，文件里写的单位是{unit.name}"
        yield read.report("C206", ("单位",), message, f"文件名改成“{unit.id}.yaml”，或者改正文件里的单位。")
    if path.parts[:1] == ("submissions",):
        folder = path.parts[1] if len(path.parts) == 3 else ""
        if period and folder != period.code:
            where = f"文件夹是“{folder}”" if folder else "文件不在报送期的文件夹里"
            message = f"{where}，文件里写的报送期是“{period.code}”"
            hint = f"文件应放在 submissions/{period.code}/ 里，或者改正文件里的报送期。"
            yield read.report("C206", ("报送期",), message, hint)


def _unknown_task(plan: Plan, read: ReadSubmission, key: str) -> Finding:
    number = next(iter(digits_of(key)), None)
    at = read.document.place(("任务", key), key=True)
    last = max(plan.catalog.tasks, default=0)
    if task_number(key) is not None:
        message = f"第{key}项任务不存在，任务目录里是第1项至第{last}项"
        hint = "核对编号，只写数字；ledger todo 单位 可以列出本单位的任务。"
    else:
        message = f"“{key}”不是任务编号"
        hint = f"是不是“{number}”？编号只写半角数字。" if number in plan.catalog.tasks else "编号只写半角数字，例如 3。"
    return read.document.report("C201", at, message, hint, task=task_number(key))


def _not_owed(read: ReadSubmission, key: str, unit: Unit, task: Task) -> Finding:
    at = read.document.place(("任务", key), key=True)
    message = f"{unit.name}不承担第{key}项任务，责任单位是：{task.units}"
    hint = f"核对编号；ledger todo {unit.id} 可以列出本单位的任务。"
    return read.document.report("C202", at, message, hint, task=task.number)


def _missing(plan: Plan, read: ReadSubmission, unit: Unit, numbers: set[int]) -> Iterator[Finding]:
    aside = {key_aside(read.document, line) for line in read.document.aside}
    at = read.document.place(("任务",), key=True)
    for number, claim in plan.claims.by_unit[unit.id].items():
        if number in numbers or str(number) in aside:
            continue
        task = plan.catalog.tasks[number]
        words = task.text if len(task.text) <= 20 else task.text[:20] + "……"
        if claim.required:
            hint = f"在“任务:”下面补上“{number}:”和三栏内容；与本单位无关的写“不涉及: 理由”。"
            yield read.document.report("C203", at, f"漏报第{number}项任务（{words}）", hint, task=number)
        else:
            message = f"没有报第{number}项任务（{words}），这项由有关单位报送"
            hint = "与本单位有关的请补报；无关的可以不管，或者写“不涉及: 理由”。"
            yield read.document.report("C203", at, message, hint, task=number, severity="warning")


def _plainly_filled(answer: Answer) -> bool:
    """Whether three texts stand there and the first is too long to be a mere 无: nothing more to ask."""
    return bool(answer.problems and answer.plans and answer.progress and len(answer.progress) > 8)


def _not_filled(read: ReadSubmission, key: str, number: int, given: dict[str, object]) -> Iterator[Finding]:
    """C207: empty texts, and 无 where something must have been done; a wholly empty answer is one finding."""
    texts = {name: given[name] for name in (*PROSE, "不涉及") if isinstance(given.get(name), str)}
    empty = [name for name, text in texts.items() if not str(text).strip()]
    skip = {name for name in empty if _cut_off(read, key, name)}
    if is_excuse(*(str(texts.get(name, "")) for name in PROSE)) and "W409" not in str(given.get("忽略", "")):
        skip.update(PROSE[1:])  # what is wrong there is the way 不涉及 is said: one fault, told as W409
    where = {name: ("任务", key, name) for name in texts}
    if len(empty) >= len(PROSE) and not skip:
        hint = "填上三栏内容；与本单位无关的，删去三栏，改写“不涉及: 理由”。"
        yield read.report("C207", where[empty[0]], f"第{key}项任务没有填写", hint, task=number)
        return
    for name in empty:
        if name in skip:
            continue
        if name == PROSE[0]:
            hint = "写清做了什么；与本单位无关的，删去三栏，改写“不涉及: 理由”。"
        elif name == "不涉及":
            hint = "写明理由，例如“不涉及: 本单位无此项职责”。"
        else:
            hint = f"写上{name}；没有的写“无”。"
        yield read.report("C207", where[name], f"第{key}项任务的“{name}”没有填写", hint, task=number)
    for name, hint in (
        (PROSE[0], "写清做了什么；与本单位无关的，删去三栏，改写“不涉及: 理由”。"),
        ("不涉及", "写明理由，例如“不涉及: 本单位无此项职责”。"),
    ):
        said = str(texts.get(name, "")).strip().strip("。；;.")
        if said in _NOTHING:
            message = f"第{key}项任务的“{name}”只写了“{said}”"
            yield read.report("C207", where[name], message, hint, task=number)


def _cut_off(read: ReadSubmission, key: str, name: str) -> bool:
    """Whether the text is empty only because it was cut off (Y009) or set aside; one fault is said once."""
    line = read.document.place(("任务", key, name), key=True)[0]
    if line in read.document.aside:  # the one below the key, which is numbered from 1
        return True
    return any(f.code == "Y009" and f.line == line for f in read.findings)
