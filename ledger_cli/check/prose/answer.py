"""One sound answer to the hints about its prose (W401, W403, W405 to W409)."""

from collections.abc import Iterator

from ledger_cli.check.answer import AnswerAt
from ledger_cli.check.prose.consistency import claims_finished, open_problem
from ledger_cli.check.prose.excuse import is_excuse
from ledger_cli.check.prose.figures import asked_for, has_figure
from ledger_cli.check.prose.quote import cited, side_by_side
from ledger_cli.check.prose.wording import wording
from ledger_cli.model.column import PROSE_ROLES, Role
from ledger_cli.model.fault import Fault
from ledger_cli.model.prose import HintSettings, is_none
from ledger_cli.model.submission import Answer


def hints_of(where: AnswerAt, before: Answer | None, settings: HintSettings, *, duty_open: bool) -> Iterator[Fault]:
    """The hints of an answer with texts. ``before`` is what the unit answered in the last period.

    ``duty_open`` says whether the task leaves the unit something to do. One fault is said once: of what says nothing it
    is not said as well that it has no figure.
    """
    if not where.answer.progress:
        return
    for found in _all(where, before, settings, duty_open=duty_open):
        if settings.on(found.code) and found.code not in where.answer.waived:
            yield found


def _all(where: AnswerAt, before: Answer | None, settings: HintSettings, *, duty_open: bool) -> Iterator[Fault]:
    if is_excuse(*where.answer.texts):
        key = where.shape.key(Role.PROGRESS)
        message = f"第{where.key}项任务的“{key}”写的是{cited(where.answer.progress or '')}，会按“已报”统计"
        yield where.at_value("W409", (key,), message)
        return
    words = wording(settings)
    task_text = where.task.text
    judged = (
        (role, words.says_nothing(text, task_text, progress=role is Role.PROGRESS))
        for role, text in zip(PROSE_ROLES, where.answer.texts, strict=True)
        if where.shape.of(role)
    )
    empty = {role: why for role, why in judged if why}
    problem = Role.PROBLEMS not in empty and open_problem(where.answer.problems or "")
    planned = where.shape.of(Role.PLANS) is not None
    planless = problem and planned and (Role.PLANS in empty or is_none(where.answer.plans or ""))
    for role, why in empty.items():
        if not (planless and role is Role.PLANS):
            yield _says_nothing(where, role, why)
    if planless:
        yield _no_plan(where)
    if Role.PROGRESS in empty:
        return
    yield from _figure(where, settings)
    finished = claims_finished(where.answer.progress or "") if problem else None
    if finished:
        problems = cited(where.answer.problems or "")
        key = where.shape.key(Role.PROGRESS)
        message = f"第{where.key}项任务的“{key}”说“{finished}”，又写着没有解决的问题{problems}"
        yield where.at_value("W408", (where.shape.key(Role.PROBLEMS),), message)
    if before and before.progress:
        yield from _since(where, before, duty_open=duty_open)


def _says_nothing(where: AnswerAt, role: Role, why: str) -> Fault:
    name = where.shape.key(role)
    text = dict(zip(PROSE_ROLES, where.answer.texts, strict=True))[role]
    what = {"占位文字": "只有占位文字", "任务原文": "只是照抄任务原文", "套话": "只有套话"}[why]
    asked = {
        Role.PROGRESS: "写清做了什么、什么时候、多少；确实没有进展的，写明原因。",
        Role.PROBLEMS: "写清是什么问题、出在哪里；没有问题的写“无”。",
        Role.PLANS: "写清要做什么、什么时候做完；没有打算的写“无”。",
    }[role]
    return where.at_value("W401", (name,), f"第{where.key}项任务的“{name}”{what}{cited(text)}", asked)


def _no_plan(where: AnswerAt) -> Fault:
    problems, plans = where.answer.problems or "", where.answer.plans or ""
    asked, key = where.shape.key(Role.PROBLEMS), where.shape.key(Role.PLANS)
    message = f"第{where.key}项任务写了{asked}{cited(problems)}，{key}却是{cited(plans)}"
    return where.at_value("W406", (key,), message, f"在{key}里写明这个问题怎样解决、什么时候解决。")


def _figure(where: AnswerAt, settings: HintSettings) -> Iterator[Fault]:
    indicators = [indicator for indicator in where.task.indicators if where.binds(indicator)]
    asked = asked_for(where.task, indicators, settings)
    if asked is None or has_figure(where.answer):
        return
    key = where.shape.key(Role.PROGRESS)
    if indicators:
        message = f"第{where.key}项任务有指标“{asked}”，“{key}”里没有数：{cited(where.answer.progress or '')}"
        hint = f'在正文里写明数量，或者写“指标: {{"{indicators[0].id}": 数字}}”。'
    else:
        message = f"第{where.key}项任务写着“{asked}”，“{key}”里没有数：{cited(where.answer.progress or '')}"
        hint = "在正文里写明数量。"
    yield where.at_value("W405", (key,), message, hint)


def _since(where: AnswerAt, before: Answer, *, duty_open: bool) -> Iterator[Fault]:
    from ledger_cli.check.prose.continuity import taken_up, unchanged  # noqa: PLC0415 - a first period has none before

    answer, key = where.answer, where.shape.key(Role.PROGRESS)
    if unchanged(before.progress or "", answer.progress or ""):
        if duty_open:
            message = f"第{where.key}项任务的“{key}”与上一报送期一字不差，而任务还没有办完"
            quotes = side_by_side("上期", before.progress or "", "本期", answer.progress or "")
            yield where.at_value("W403", (key,), message, f"{quotes}。写本期的进展；没有进展的，写明原因。")
        return
    plans = before.plans or ""
    if plans and not is_none(plans) and not taken_up(plans, "\n".join(answer.texts), where.task.text):
        message = f"第{where.key}项任务上一报送期的打算，这一期没有交代"
        quotes = side_by_side("上期打算", plans, "本期落实", answer.progress or "")
        yield where.at_value("W407", (key,), message, f"{quotes}。写明上期的打算办得怎样；没有办的，说明原因。")
