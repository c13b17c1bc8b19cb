"""``ledger diff``: what changed between two periods or revisions, as text, JSON or the 变化情况表."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.options import (
    AtOption,
    ForceOption,
    FormatOption,
    check_format,
    files_of,
    find_task,
    find_unit,
    today,
    workspace_of,
)
from ledger_cli.cli.shared.suffixes import known_suffix
from ledger_cli.compare.answers import Comparison
from ledger_cli.compare.sides import Stand, compare_periods, compare_revisions, narrowed
from ledger_cli.edge.console import say, say_marked, write_json
from ledger_cli.edge.disk import Workspace, shipped_template
from ledger_cli.edge.git import Repository, Revision
from ledger_cli.edge.outputs import Outputs
from ledger_cli.emit import json_text
from ledger_cli.exits import CannotRun
from ledger_cli.gather.plan import read_plan
from ledger_cli.model.catalog import Catalog, Period
from ledger_cli.write.changes import Names, changes_json, counts_sentence, lines, rows, silent_line, unread_line
from ledger_cli.write.changes_table import write_changes

_ON_DISK = "现在的文件"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a comparison is between, in the user's words, and its result."""

    before: str
    after: str
    scope: str
    found: Comparison
    stands: tuple[Stand, Stand]


def diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="从", help="报送期或者 git 的版本，如 HEAD~3；或写 甲..乙。")],
    after: Annotated[
        str | None, typer.Argument(metavar="到", help="不写时，报送期与上一期比，版本与现在的文件比。")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="单位", help="只看一个单位。")] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="编号", help="只看一项任务。")] = None,
    output: FormatOption = "text",
    file: Annotated[
        Path | None, typer.Option("-o", metavar="文件", help="写成 .docx（变化情况表）或者 .json 文件。")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="报送期", help="比较两个版本时，只比这个报送期。")
    ] = None,
    force: ForceOption = False,
    at: AtOption = None,
) -> None:
    """列出两个报送期或者两个版本之间的变化，可以写成 Word 的变化情况表。"""
    check_format(output)
    workspace = workspace_of(context)
    outputs = Outputs(workspace, force=force)
    if file is not None:
        known_suffix(
            file, [".docx", ".xlsx", ".json"], "变化情况表用 .docx 或者 .xlsx 结尾，给程序用的数据用 .json 结尾。"
        )
        outputs.check(file)
    asked = _compare(workspace, before, after, period, at)
    plan = asked.stands[1].plan
    chosen = (None if unit is None else find_unit(plan, unit).id, None if task is None else find_task(plan, task))
    found = narrowed(asked.found, *chosen)
    if file is not None:
        with outputs.file(file) as temporary:
            _write(workspace, file, temporary, asked, found)
        _say_closing(f"写好 {workspace.name_of(file)}：", found)
    elif output == "json":
        write_json(changes_json(found, asked.before, asked.after))
    else:
        _print_changes(asked, found)


def _compare(workspace: Workspace, first: str, second: str | None, period: str | None, at: str | None) -> _Asked:
    """Find out what is to be compared: periods go before revisions of the same name."""
    if second is None and ".." in first:
        first, _, second = (part.strip() for part in first.partition(".."))
        if second.startswith("."):
            raise CannotRun(
                "两个版本之间写两个点，不是三个", f"例如 ledger diff {first or 'HEAD~1'}..{second[1:] or 'HEAD'}。"
            )
        first, second = first or "HEAD", second or "HEAD"
    known = _periods(workspace, at)
    codes = [one.code for one in known]
    periods = [name for name in (first, second) if name in codes]
    if periods and len(periods) < (1 if second is None else 2):
        other = second if periods == [first] else first
        hint = f"两边都写报送期（{'、'.join(codes)}），或者都写版本；只看一个报送期用 --period。"
        raise CannotRun(f"“{periods[0]}”是报送期，“{other}”不是，两样不能相比", hint)
    if not periods:
        if at is not None:
            raise CannotRun("比较两个版本时不能再用 --at", "去掉 --at。")
        return _revisions(workspace, first, second, period, codes)
    if period is not None:
        raise CannotRun("比较两个报送期时不能再用 --period", "去掉 --period。")
    _tell_namesakes(workspace, periods)
    if second is None:
        place = codes.index(first)
        if place == 0:
            raise CannotRun(
                f"“{first}”是第一个报送期，没有上一期可比", f"写出两个报送期，例如 ledger diff {first} 另一期。"
            )
        first, second = codes[place - 1], first
    return _two_periods(workspace, known[codes.index(first)], known[codes.index(second)], at)


def _periods(workspace: Workspace, at: str | None) -> list[Period]:
    """The registered periods in order of time; none where the catalog cannot be read."""
    try:
        catalog = read_plan(files_of(workspace, at)).catalog
    except CannotRun:
        if at is not None:
            raise
        return []  # two revisions can be compared without the files that are there now
    return _by_time(catalog) if catalog else []


def _tell_namesakes(workspace: Workspace, periods: Sequence[str]) -> None:
    """Say so where git has a name that is also a period's: nobody should wonder which was meant."""
    try:
        repository = Repository(workspace)
        both = [name for name in dict.fromkeys(periods) if repository.has(name)]
    except CannotRun:
        return
    if both:
        names = "、".join(f"“{name}”" for name in both)
        say(
            f"注意：{names}既是报送期，也是 git 里的名称，这里按报送期比较；要按版本比较，写 refs/tags/ 加名称。",
            error=True,
        )


def _two_periods(workspace: Workspace, before: Period, after: Period, at: str | None) -> _Asked:
    if before == after:
        raise CannotRun(f"两边都是“{before.code}”，没有可比的", "写两个不同的报送期。")
    stand = Stand.of(files_of(workspace, at), at or _ON_DISK)
    found = compare_periods(stand, before.code, after.code, today())
    scope = f"{before.name}（{before.code}）与{after.name}（{after.code}）相比"
    return _Asked(before.code, after.code, scope, found, (stand, stand))


def _revisions(workspace: Workspace, first: str, second: str | None, period: str | None, codes: list[str]) -> _Asked:
    stands, names = [], []
    for name in (first, second):
        if name is None:
            stands.append(Stand.of(workspace, _ON_DISK))
            names.append(_ON_DISK)
            continue
        try:
            revision = Revision(workspace, name)
        except CannotRun as error:
            registered = f"“{name}”不是已登记的报送期（{'、'.join(codes)}）" if codes else f"“{name}”不是报送期"
            raise CannotRun(f"{registered}，按版本也读不了：{error.message}", error.hint) from error
        stands.append(Stand.of(revision, f"“{name}”这个版本"))
        names.append(f"{name}（{revision.commit.id[:7]}，{revision.commit.when:%Y-%m-%d}）")
    before, after = stands
    known = list(dict.fromkeys(one.code for stand in stands for one in _by_time(stand.plan.catalog)))
    if period is not None and period not in known:
        raise CannotRun(f"没有“{period}”这个报送期", f"两个版本里登记的报送期是{'、'.join(known)}。")
    found = compare_revisions(before, after, [period] if period else known, today())
    scope = f"{names[0]}与{names[1]}相比" + (f"，报送期 {period}" if period else "")
    return _Asked(first, second or _ON_DISK, scope, found, (before, after))


def _by_time(catalog: Catalog) -> list[Period]:
    return sorted(catalog.periods, key=lambda period: period.start)


def _print_changes(asked: _Asked, found: Comparison) -> None:
    names = Names(*(stand.plan for stand in asked.stands))
    say(f"{asked.scope}：")
    for line in lines(rows(found, names), names):
        say_marked(line)
    if silent := silent_line(found, names):
        say(silent)
    _print_unread(found, names)
    _say_closing("", found)


def _say_closing(lead: str, found: Comparison) -> None:
    say(lead + counts_sentence(found))


def _print_unread(found: Comparison, names: Names) -> None:
    if found.unread:
        say("无法比较的，改正以后再比：")
    for unread in found.unread:
        say(f"  {unread_line(unread, names)}")


def _write(workspace: Workspace, file: Path, temporary: Path, asked: _Asked, found: Comparison) -> None:
    if file.suffix.lower() == ".json":
        text = json_text(changes_json(found, asked.before, asked.after))
        temporary.write_bytes(text.encode("utf-8", "replace"))
        return

    plan = asked.stands[1].plan
    names = Names(*(stand.plan for stand in asked.stands))
    day = max(period.due for period in plan.catalog.periods)
    if file.suffix.lower() == ".xlsx":
        from ledger_cli.write.tables_xlsx import changes_workbook  # noqa: PLC0415 - openpyxl is slow to load

        temporary.write_bytes(changes_workbook(found, names, plan.catalog.head.title, asked.scope, day))
        return
    template, shipped = workspace.template("changes"), shipped_template("changes")
    write_changes(template, found, names, plan, asked.scope, temporary, day=day, shipped=shipped)
