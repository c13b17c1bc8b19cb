"""Commands for the catalog of tasks: made from the attachment as it was issued."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger_cli.cli.chinese import ChineseCommand, ChineseGroup
from ledger_cli.cli.options import ForceOption, workspace_of
from ledger_cli.console import say
from ledger_cli.exits import CannotRun, ToolFault

if TYPE_CHECKING:
    from ledger_cli.attachment import Attachment
    from ledger_cli.model.catalog import Catalog
    from ledger_cli.model.registry import Registry
    from ledger_cli.read.tables import FilledDocument

_COMMENT = """工作台账的任务目录，由 ledger catalog import 从“{}”导入，请逐项核对以后再使用。
“举措”“责任单位”“完成时限”三栏照录原件，只去掉编号和换行；“责任主体”按登记册认定，
“时限要求”只从“完成时限”一栏得来：任务文字里的时限、指标没有录入，请对照原文补上。
“原件缺失”是原件里空着或者合并的单元格，所填的是推定值；确认后删去“原件缺失”即可。
改动后请运行 ledger validate。"""


def register_catalog(app: typer.Typer) -> None:
    """Add this module's group of commands to the app."""
    group = typer.Typer(cls=ChineseGroup, help="任务目录：从印发的附件导入。", no_args_is_help=True)
    group.command("import", cls=ChineseCommand)(import_attachment)
    app.add_typer(group, name="catalog")


def import_attachment(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="印发的附件，.docx 文件。")],
    output: Annotated[Path, typer.Option("-o", metavar="文件", help="写成的任务目录，如 data/tasks-new.yaml。")],
    force: ForceOption = False,
) -> None:
    """从印发的附件（Word 文件）导入任务，写成任务目录；认不出的逐一列出。"""
    from ledger_cli.attachment import read_attachment, to_catalog  # noqa: PLC0415
    from ledger_cli.outputs import Outputs  # noqa: PLC0415
    from ledger_cli.pipeline import read_plan  # noqa: PLC0415
    from ledger_cli.write.catalog_file import to_catalog_yaml  # noqa: PLC0415

    if output.suffix.lower() not in (".yaml", ".yml"):
        raise CannotRun(f"“{output.name}”不是 .yaml 文件", "文件名用 .yaml 结尾。")
    workspace = workspace_of(context)
    outputs = Outputs(workspace, force=force, sources=True)
    outputs.check(output)
    present = read_plan(workspace)
    if present.registry is None:
        raise CannotRun("登记册有错误，认不出责任单位", "运行 ledger validate 查看错误，改好再导入。")
    attachment = read_attachment(_document(file), present.registry)
    periods, current = ((), "待定") if present.catalog is None else (present.catalog.periods, present.catalog.current)
    catalog = to_catalog(attachment, periods, current)
    data = to_catalog_yaml(catalog, _COMMENT.format(" ".join(file.name.split()))).encode("utf-8")
    _check_readable(data, catalog, output.name)
    with outputs.file(output) as temporary:
        temporary.write_bytes(data)
    name = workspace.name_of(output)
    say(f"写好 {name}：{len(attachment.sections)} 个章节，{len(attachment.tasks)} 项任务。")
    _print_outcome(attachment, present.registry)
    if not periods:
        say("现有的任务目录读不出报送期，请补上“当前报送期”和“报送期”。")


def _document(file: Path) -> "FilledDocument":
    from ledger_cli.read.tables import UnreadableFile  # noqa: PLC0415
    from ledger_cli.read.word import read_word  # noqa: PLC0415

    try:
        return read_word(file.read_bytes())
    except FileNotFoundError:
        raise CannotRun(f"没有找到“{file}”", "核对文件名和所在的文件夹。") from None
    except OSError as error:
        raise CannotRun(f"“{file}”打不开（{error.strerror}）", "核对文件名，关闭正在打开它的程序。") from error
    except UnreadableFile as error:
        raise CannotRun(f"“{file.name}”：{error.message}", error.hint) from error


def _check_readable(data: bytes, catalog: "Catalog", name: str) -> None:
    """What people are to work on must read as it was meant; raises ``ToolFault``."""
    from ledger_cli.read.catalog import read_catalog  # noqa: PLC0415

    read, _ = read_catalog(data, name)
    if read != catalog:
        raise ToolFault("导入的任务目录读不回来")


def _print_outcome(attachment: "Attachment", registry: "Registry") -> None:
    from ledger_cli.read.schema import did_you_mean  # noqa: PLC0415
    from ledger_cli.write.view import task_numbers  # noqa: PLC0415

    for section in attachment.sections:
        say(f"  {section.title}：{task_numbers([task.number for task in section.tasks])}")
    if attachment.unresolved:
        names = [*(name for unit in registry.units for name in unit.names[1:]), *(g.name for g in registry.groups)]
        say("登记册里没有的责任单位，没有写进“责任主体”：")
        for unit, tasks in attachment.unresolved.items():
            meant = did_you_mean(unit, names)
            say(f"  “{unit}”：{task_numbers(tasks)}{f'（是不是“{meant}”？）' if meant else ''}")
    gaps = [task for task in attachment.tasks if task.gaps]
    if gaps:
        say("原件空着或者合并的单元格，按相邻任务推定，请确认：")
    for task in gaps:
        words = "；".join(f"{gap}推定为“{task.units if gap == '责任单位' else task.deadline}”" for gap in task.gaps)
        say(f"  第{task.number}项：{words}")
    if attachment.unparsed:
        say("没有写成“时限要求”的完成时限，请人工补上：")
    for number, words in attachment.unparsed:
        say(f"  第{number}项：“{words}”")
    if attachment.notes:
        say("其他请核对：")
    for note in attachment.notes:
        say(f"  {note}。")
    say("时限要求只从“完成时限”一栏得来；任务文字里的时限和指标，请对照原文补上。")
