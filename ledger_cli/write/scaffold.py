"""New files for people to fill in: a submission with its tasks as comments, a workspace from the packaged catalog."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ledger_cli.edge.disk import packaged
from ledger_cli.emit import word
from ledger_cli.files import HINTS, SUBMISSIONS, TASKS, UNITS, submission_name
from ledger_cli.gather.baselines import starting
from ledger_cli.model.catalog import Period, Task, begun
from ledger_cli.model.column import Shape, how_to_write, shown
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit
from ledger_cli.model.shaped import value_of, words_of
from ledger_cli.model.submission import Answer
from ledger_cli.model.task_text import digest_mark

# Reviewers on two branches both add lines at the end of one record: git keeps the lines of both.
_GITATTRIBUTES = "*.yaml text eol=lf\nreviews/*.yaml merge=union\n*.docx binary\n"
_GITIGNORE = "build/\n~$*\n.~*\n"


@dataclass(frozen=True, slots=True)
class Before:
    """What a unit said before: its answers of the period ``name`` by task, and when it met which duties, by duty."""

    name: str
    answers: Mapping[TaskNumber, Answer] = field(default_factory=dict)
    met: Mapping[str, date] = field(default_factory=dict)


def new_submission(plan: Plan, unit: Unit, period: Period, before: Before | None = None) -> str:
    """The text of an unfilled submission: all the unit's tasks, each below its text as a comment.

    What the unit said before stands there as comments too, to be looked at and never to be read as an answer.
    """
    return "\n".join(_physical(_lines(plan, unit, period, before))) + "\n"


def _physical(lines: Iterable[str]) -> Iterator[str]:
    """Lines of the file: whatever the catalog's or an old answer's words hold, none gets out of its comment."""
    for line in lines:
        first, *rest = line.splitlines() or [""]
        yield first.rstrip() if rest else first
        blanks = " " * (len(line) - len(line.lstrip(" ")))
        yield from (f"{blanks}#   {more}".rstrip() for more in rest)


def _lines(plan: Plan, unit: Unit, period: Period, before: Before | None) -> Iterator[str]:
    claims = plan.claims.by_unit[unit.id]
    yield f"# {unit.name}　{period.name}　共{len(claims)}项任务，{period.due}前报送"
    yield "#"
    yield "# 填写办法："
    yield "# 1. 在“|”的下一行写正文，每行前面保留六个空格（半角）；另起一段就另起一行，前面也是六个空格。"
    shape = plan.catalog.shape
    yield f"# 2. {_what_to_fill(shape)}"
    yield f"# 3. 与本单位无关的任务，删去{shape.whole}，改写一行“    不涉及: 理由”。"
    yield "# 4. 以“#”开头的行是说明，不会进入台账，可以保留。"
    yield f"# 5. 写好后运行 ledger validate {submission_name(period.code, unit.id)} 检查。"
    if before and before.answers:
        yield f"# 6. “上期（{before.name}）”开头的是上期报送的内容，只供对照，不会进入台账；本期情况请写在“|”下面。"
    yield ""
    yield f"单位: {unit.id}"
    yield f"报送期: {period.code}"
    yield "填报日期:"
    yield "任务:"
    already: tuple[str, ...] = ()
    for number, claim in claims.items():
        task = plan.catalog.tasks[number]
        titles = plan.catalog.titles_of[number]
        yield from (f"  # ==== {title} ====" for title in begun(already, titles))
        already = titles
        yield f"  # {number}.{task.text}"
        for column in shape.of_plan:
            words = words_of(task, column) if column in shape.beside else ""
            if words:
                yield f"  # {column.name}：{words}"
        yield from _extras(task, unit, shape)
        if before:
            yield from _said_before(task, unit, before, shape)
        if not claim.required:
            yield "  # 这一项由有关单位报送；与本单位无关的，可以整项删去。"
        yield f"  {number}:  {digest_mark(task.digest)}"
        for column in shape.filed:
            if column.long:
                yield f"    {word(column.key)}: |"
                yield "      "
            else:
                yield f"    {word(column.key)}:"


def _said_before(task: Task, unit: Unit, before: Before, shape: Shape) -> Iterator[str]:
    answer = before.answers.get(task.number)
    texts = {column.key: shown(column, value_of(answer, column)) for column in shape.filed} if answer else {}
    for name, text in (*texts.items(), ("不涉及", answer.not_applicable if answer else "")):
        if text:
            yield f"  # 上期（{before.name}）{name}：{text}"
    for duty in task.duties:
        if duty.id in before.met and duty.binds(unit.level):
            again = f"{duty.kinds[0]}都要报" if duty.recurring else "不必再填"
            yield f"  # 以前已报完成：{duty.id} {duty.what}（{before.met[duty.id]}，{again}）"


def _extras(task: Task, unit: Unit, shape: Shape) -> Iterator[str]:
    duties = [duty for duty in task.duties if duty.binds(unit.level)]
    if duties:
        listed = "；".join(f"{duty.id} {duty.what}（{duty.when}）" for duty in duties)
        yield f"  # 时限要求：{listed}"
    dated = [duty for duty in duties if duty.due or duty.recurring or duty.event_date]
    if dated:
        yield f'  # 已完成的，在{shape.asked}之后加一行“    完成: {{"{dated[0].id}": 完成日期}}”'
    often = next((duty for duty in dated if duty.quarterly or duty.monthly), None)
    if often:
        yield f'  # 每季、每月的要求，编号后面写明哪一次，如“"{often.id}@2024-06": 完成日期”'
    for indicator in task.indicators:
        if indicator.binds(unit.level):
            bound = f"不低于{indicator.minimum}{indicator.measure}" if indicator.minimum is not None else ""
            yield f"  # 指标：{indicator.id} {indicator.what}（{bound}）"
            yield f'  # 有数的，在{shape.asked}之后加一行“    指标: {{"{indicator.id}": 数字}}”'


def _what_to_fill(shape: Shape) -> str:
    """Which columns there are to fill in, and how."""
    nil = "、".join(column.key for column in shape.filed if column.nil_allowed)
    asked = f"{shape.asked}都要写" if len(shape.required) == len(shape.filed) else _listed(shape)
    typed = "".join(f"“{c.key}”{how_to_write(c)}。" for c in shape.filed if not c.long)
    return (f"{asked}，{nil}没有的写“无”。" if nil else f"{asked}。") + typed


def _listed(shape: Shape) -> str:
    return "、".join(f"“{key}”" for key in shape.required) + "一定要写，其余各栏有就写"


def new_workspace(period: str, tasks: bytes, units: bytes, templates: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a new workspace by name: data, templates, what its period starts with, what git needs to know.

    ``templates`` are the Word files by name.
    """
    contents = {TASKS: tasks, UNITS: units, HINTS: packaged(HINTS).read_bytes()}
    contents |= {f"templates/{name}": data for name, data in templates.items()}
    contents[f"{SUBMISSIONS}/{period}/.gitkeep"] = b""
    contents |= starting(period, tasks, units)
    contents[".gitattributes"] = _GITATTRIBUTES.encode()
    contents[".gitignore"] = _GITIGNORE.encode()
    return contents
