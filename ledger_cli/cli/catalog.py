"""Commands for the catalog of tasks: made from the attachment as it was issued, and answers moved to a changed one."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.check.displacement import excerpts
from ledger_cli.cli.shared.chinese import ChineseCommand, ChineseGroup
from ledger_cli.cli.shared.issued import (
    AnnexOption,
    check_readable,
    counted,
    issued_document,
    outcome_lines,
    read_issued,
)
from ledger_cli.cli.shared.options import ForceOption, PeriodOption, find_task, workspace_of
from ledger_cli.cli.shared.suffixes import known_suffix
from ledger_cli.edge.console import say
from ledger_cli.edge.outputs import Outputs, rewrite_all
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.files import printable_name
from ledger_cli.gather.pipeline import chosen_period
from ledger_cli.gather.plan import read_plan, sound_plan
from ledger_cli.issued.attachment import read_attachment, to_catalog
from ledger_cli.issued.verification import Difference, verify
from ledger_cli.model.clip import clipped
from ledger_cli.model.fields import TaskNumber, task_order
from ledger_cli.model.plan import Plan
from ledger_cli.period.migration import Migration, Placed, periods_changed
from ledger_cli.period.migration import migrate as plan_migration
from ledger_cli.write.catalog_file import to_catalog_yaml

_COMMENT = """工作台账的任务目录，由 ledger catalog import 从“{}”导入，请逐项核对以后再使用。
各栏照录原件，只去掉编号和换行；“责任主体”“牵头主体”“配合主体”按登记册认定。
“时限要求”只从完成时限一栏得来：任务文字里的时限、指标没有录入，请对照原文补上。
“原件缺失”是原件里空着的单元格，所填的是推定值；确认后删去“原件缺失”即可。
改动后请运行 ledger validate。"""


def import_attachment(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="印发的附件，Word 或者 Excel 文件。")],
    output: Annotated[Path, typer.Option("-o", metavar="文件", help="写成的任务目录，如 data/tasks-new.yaml。")],
    annex: AnnexOption = None,
    force: ForceOption = False,
) -> None:
    """从印发的附件（Word、Excel 文件）导入任务，写成任务目录；认不出的逐一列出。"""
    known_suffix(output, [".yaml", ".yml"])
    workspace = workspace_of(context)
    outputs = Outputs(workspace, force=force, sources=True)
    outputs.check(output)
    present = read_plan(workspace)
    if present.registry is None:
        raise CannotRun("登记册有错误，认不出责任单位", "运行 ledger validate 查看错误，改好再导入。")
    attachment = read_issued(file, present.registry, annex)
    periods, current = ((), "待定") if present.catalog is None else (present.catalog.periods, present.catalog.current)
    catalog = to_catalog(attachment, periods, current)
    data = to_catalog_yaml(catalog, _COMMENT.format(" ".join(printable_name(file.name).split()))).encode("utf-8")
    check_readable(data, None, catalog, None)
    with outputs.file(output) as temporary:
        temporary.write_bytes(data)
    say(f"写好 {workspace.name_of(output)}：{counted(attachment)}。")
    for line in outcome_lines(attachment, present.registry):
        say(line)
    if not periods:
        say("现有的任务目录读不出报送期，请补上“当前报送期”和“报送期”。")


def verify_catalog(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="印发的附件，Word 或者 Excel 文件。")],
    annex: AnnexOption = None,
) -> None:
    """把任务目录和印发的附件逐格对照，列出不同的地方；有不同的，退出码是 1。"""
    plan = sound_plan(workspace_of(context))
    document = issued_document(file)
    attachment = read_attachment(document, plan.registry, annex=annex)
    found = verify(document, attachment, plan.catalog)
    for words in attachment.left:
        say(f"原件表里的“{clipped(words, 40)}”不是任务，没有收入。")
    for difference in found.differences:
        say(_difference_line(difference))
    if found.differences:
        say(f"对照了 {found.tasks} 项任务、{found.cells} 格：{len(found.differences)} 处不同。")
        raise typer.Exit(Exit.FINDINGS)
    say(f"对照了 {found.tasks} 项任务、{found.cells} 格，任务目录与原件一致。")


def _difference_line(difference: Difference) -> str:
    where = f"第{difference.task}项" if difference.task is not None else ""
    if difference.task is None and not difference.where:
        return f"原件表里的“{clipped(difference.issued, 40)}”，任务目录里没有。"
    if not difference.where:
        one = difference.issued or difference.catalog
        return f"{where}：{'任务目录' if difference.issued else '原件'}里没有这一项（{clipped(one, 30)}）。"
    column = f"“{difference.where}”"
    if not difference.issued or not difference.catalog:
        empty, other, words = ("原件", "任务目录", difference.catalog) if not difference.issued else (
            "任务目录", "原件", difference.issued
        )  # fmt: skip
        return f"{where}{column}：{empty}为空，{other}是“{clipped(words, 40)}”。"
    issued, ours = excerpts(difference.issued, difference.catalog)
    return f"{where}{column}：原件“{issued}”，任务目录“{ours}”。"


def migrate(
    context: typer.Context,
    period: PeriodOption = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="编号", help="对这一项的答复核对过了，仍然合乎改过的原文；可以写几次。"),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="写入；不写时只列出要做什么。")] = False,
) -> None:
    """任务目录改动以后，把答复移到原文现在的编号下面。"""
    workspace = workspace_of(context)
    plan = sound_plan(workspace)
    known = plan.catalog.period(chosen_period(plan.catalog, period))
    assert known is not None
    kept = {find_task(plan, text) for text in keep or ()}
    migration = plan_migration(workspace, plan, known, kept)
    _check_kept(migration, kept)
    if write:
        rewrite_all(workspace.root, migration.contents)
    _print_migration(plan, migration, done=write)
    others = periods_changed(plan, known)
    if others:
        codes = "、".join(other.code for other in others)
        say(f"报送期 {codes} 开始时的任务目录也与现在的不同，加 --period 查看。")
    if not migration.settled:
        raise typer.Exit(Exit.FINDINGS)


def _check_kept(migration: Migration, kept: set[TaskNumber]) -> None:
    """Refuse to confirm what is not there to be confirmed."""
    for number in sorted(kept, key=task_order):
        moved = next((p.found for p in (*migration.moved, *migration.refused) if p.found.number == number), None)
        if moved and moved.now:
            message = f"第{number}项的答复不用 --keep 确认：它的原文没有改，现在是第{moved.now}项"
            raise CannotRun(message, f"去掉 --keep {number}，答复会移到第{moved.now}项下面。")


def _print_migration(plan: Plan, migration: Migration, *, done: bool) -> None:
    code = migration.period.code
    where = f"{migration.period.name}（{code}）"
    for line in _migration_lines(plan, migration):
        say(line)
    if migration.refused or migration.unread:
        say("不能自动处理的：", error=True)
    refused: dict[tuple[TaskNumber, str], list[str]] = {}
    for placed in migration.refused:
        refused.setdefault((placed.found.number, placed.why), []).append(placed.file)
    for (number, reason), files in sorted(refused.items(), key=lambda item: (task_order(item[0][0]), item[0][1])):
        say(f"  第{number}项（{'、'.join(files)}）：{reason}。", error=True)
    for file, reason in migration.unread:
        say(f"  {file}：{reason}。先改正这份文件，再运行一次。", error=True)
    if not migration.contents:
        say(f"{where}没有要移动的答复。" if migration.settled else f"{where}没有可以写入的。")
        return
    moved, kept = len(migration.moved), len(migration.kept)
    counted = "，".join(part for part in (f"移动 {moved} 条答复" * bool(moved), f"确认 {kept} 条" * bool(kept)) if part)
    say(f"{where}：{'已' if done else '将'}{counted or '更新记下的任务目录'}。")
    if migration.remembered:
        say(f"{'已' if done else '将'}把现在的任务目录记为这一期的（periods/{code}/tasks.yaml）。")
    elif not migration.settled:
        say("还有没有处理完的，记下的任务目录暂不更新。")
    say("请运行 ledger validate 再检查一次。" if done else "以上还没有写入；核对无误以后，加 --write 再运行一次。")


def _migration_lines(plan: Plan, migration: Migration) -> Iterator[str]:
    """What becomes of the answers, a line for each task."""
    groups = (("换了编号的，答复跟着移：", migration.moved), ("原文有修改、已经确认的：", migration.kept))
    for title, group in (*groups, ("原文有修改，要核对答复的：", migration.doubtful)):
        if group:
            yield title
            yield from _task_lines(plan, group)
    doubtful = {p.found.number for p in migration.doubtful if p.found.number in plan.catalog.tasks}
    changed = sorted(doubtful, key=task_order)
    if changed:
        options = " ".join(f"--keep {number}" for number in changed)
        yield f"  核对以后，答复仍然合适的，加 {options}；不合适的，先改答复。"


def _task_lines(plan: Plan, placed: Iterable[Placed]) -> Iterator[str]:
    groups: dict[tuple[TaskNumber, TaskNumber, str], list[Placed]] = {}
    for one in placed:
        groups.setdefault((one.found.number, one.found.now or 0, one.found.digest or ""), []).append(one)
    for (number, now, _), members in sorted(
        groups.items(), key=lambda item: (task_order(item[0][0]), task_order(item[0][1]), item[0][2])
    ):
        found, task = members[0].found, plan.catalog.tasks.get(number)
        files = "、".join(Path(one.file).stem for one in members[:5]) + ("等" if len(members) > 5 else "")
        if now:
            (words,) = excerpts(plan.catalog.tasks[now].text)
            what = f"第{number}项 → 第{now}项（{words}）"
        elif task is None:
            what = f"第{number}项：任务目录里已经没有，答复要移到哪里或者删去，请手工改"
        elif found.before is None:
            what = f"第{number}项：看不出是对哪一条填报的，现在是“{next(excerpts(task.text))}”"
        else:
            then, words = excerpts(found.before.text, task.text)
            what = f"第{number}项：填报时“{then}”，现在“{words}”"
        yield f"  {what}：{len(members)} 家单位（{files}）"


group = typer.Typer(
    cls=ChineseGroup,
    help="任务目录：从附件导入，与附件逐格对照；改动以后，答复跟着任务走。",
    no_args_is_help=True,
    add_completion=False,
)
group.command("import", cls=ChineseCommand)(import_attachment)
group.command("verify", cls=ChineseCommand)(verify_catalog)
group.command("migrate", cls=ChineseCommand)(migrate)
