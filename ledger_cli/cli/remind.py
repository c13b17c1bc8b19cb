"""The command that writes reminders: one notice a unit that owes something."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ledger_cli.cli.shared.merged import PROVISIONAL, tell_personal_texts
from ledger_cli.cli.shared.options import (
    AsOfOption,
    AtOption,
    ForceOption,
    PeriodOption,
    day_option,
    files_of,
    find_unit,
    today,
    workspace_of,
)
from ledger_cli.edge.console import print_table, say
from ledger_cli.edge.disk import shipped_template
from ledger_cli.edge.outputs import Outputs
from ledger_cli.gather.count import narrow
from ledger_cli.gather.pipeline import build_status
from ledger_cli.model.status import Status
from ledger_cli.write.notice import Notice, notices
from ledger_cli.write.word.blame import settled
from ledger_cli.write.word.readback import expect_words
from ledger_cli.write.word.render import render
from ledger_cli.write.word.template import WordTemplate


def remind(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("-o", metavar="文件夹", help="提醒写到哪个文件夹。")] = None,
    docx: Annotated[bool, typer.Option("--docx", help="另外各写一份 Word 文件。")] = False,
    unit: Annotated[str | None, typer.Option("--unit", metavar="单位", help="只提醒一个单位。")] = None,
    force: ForceOption = False,
    period: PeriodOption = None,
    as_of: AsOfOption = None,
    at: AtOption = None,
) -> None:
    """为欠报、逾期的单位各写一份提醒；不欠的不写。"""
    workspace = workspace_of(context)
    # A reminder is read on the day it is written: it counts the days until then, after the deadline too.
    day = day_option(as_of) or today()
    plan, status = build_status(files_of(workspace, at), period=period, today=today(), as_of=day)
    if unit is not None:
        status = narrow(status, units=[find_unit(plan, unit).id])
    folder = output or workspace.path(f"build/remind-{status.ledger.period}")
    written = list(notices(status))
    nobody = "没有单位欠报，没有要提醒的。" if unit is None else f"{find_unit(plan, unit).name}没有欠报、逾期的事项。"
    if not written and not folder.exists():
        say(nobody)
        return
    removed: list[str] = []
    with Outputs(workspace, force=force).folder(folder, removed, others=unit is not None) as temporary:
        for notice in written:
            # Notepad on Windows takes a file for GBK unless it starts with the byte order mark.
            (temporary / f"{notice.unit.id}.txt").write_text(notice.text, "utf-8-sig", newline="\r\n")
        if docx:
            _write_documents(workspace.template("notice"), status, written, temporary)
    if not written:
        say(nobody)
    _say_written(workspace.name_of(folder), status, written, removed, docx=docx)


def _write_documents(template_file: Path, status: Status, written: list[Notice], folder: Path) -> None:
    template = WordTemplate(template_file)
    for notice in written:
        path = folder / f"{notice.unit.id}.docx"
        title, context = f"填报提醒（{notice.unit.name}）", notice.context

        def make(used: WordTemplate, path: Path = path, title: str = title, context: Any = context) -> None:
            render(used, context, path, title=title, day=status.as_of)
            expect_words(path, context, used.names_used)

        settled(template, shipped_template("notice"), make)


def _say_written(name: str, status: Status, written: list[Notice], removed: list[str], *, docx: bool) -> None:
    if written:
        print_table(("单位", "事项"), ((n.unit.name, "；".join(title for title, _ in n.parts)) for n in written))
        kinds = "文字和 Word 各一份" if docx else "文字"
        say(f"写好 {name}：{len(written)} 家单位的提醒（{kinds}），可以直接粘贴发送。")
    tell_personal_texts((notice.unit.name, item) for notice in written for _, items in notice.parts for item in items)
    if removed:
        say(f"删去了上次生成而这次没有的 {len(removed)} 份：{'、'.join(removed)}。")
    if any(not notice.unit.confirmed for notice in written):
        say(f"{PROVISIONAL}。")
    if written and status.as_of > status.due:
        say(f"报送截止日期 {status.due} 已经过了 {(status.as_of - status.due).days} 天。")
