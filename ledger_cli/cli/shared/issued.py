"""An issued attachment as commands take it in: the file, what was read from it, and what people have to look at."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.edge.disk import why
from ledger_cli.exits import CannotRun, ToolFault
from ledger_cli.files import TASKS, UNITS
from ledger_cli.intake.net import unaccounted
from ledger_cli.intake.source import read_filled
from ledger_cli.issued.attachment import Attachment, read_attachment
from ledger_cli.model.catalog import Catalog, Section, Task
from ledger_cli.model.closest import did_you_mean
from ledger_cli.model.heading import HEADINGS
from ledger_cli.model.registry import Registry
from ledger_cli.read.catalog import read_catalog, read_registry
from ledger_cli.read.office.tables import FilledDocument, UnreadableFile
from ledger_cli.read.printable import make_printable
from ledger_cli.write.view import task_numbers

AnnexOption = Annotated[
    str | None, typer.Option("--annex", metavar="编号", help="有几个附件的，取哪一个，如 2；不写取第一个有任务表的。")
]


def read_issued(file: Path, registry: Registry | None, annex: str | None) -> Attachment:
    """What is in an issued document; words of it that are in nothing that was read are among the notes."""
    document = issued_document(file)
    attachment = read_attachment(document, registry, annex=annex)
    return attachment if annex else with_unused(document, attachment)


def with_unused(document: FilledDocument, attachment: Attachment) -> Attachment:
    """The attachment, the texts of its document that are in nothing that was read told among its notes."""
    unused = [f"没有收入的文字：“{words}”" for words in _unused_words(document, attachment)]
    return replace(attachment, notes=[*attachment.notes, *unused])


def issued_document(file: Path) -> FilledDocument:
    """The document in a file of any office program; raises ``CannotRun``."""
    try:
        document = read_filled(file.read_bytes(), file.name)
    except FileNotFoundError:
        raise CannotRun(f"没有找到“{file}”", "核对文件名和所在的文件夹。") from None
    except OSError as error:
        raise CannotRun(f"“{file}”打不开（{why(error)}）", "核对文件名，关闭正在打开它的程序。") from error
    except UnreadableFile as error:
        raise CannotRun(f"“{file.name}”：{error.message}", error.hint) from error
    make_printable(document)
    return document


def _unused_words(document: FilledDocument, attachment: Attachment) -> list[str]:
    """The texts of a document that are in nothing that was read from it, nor told: what people have to look at."""
    head = attachment.head
    headings = (name for names in HEADINGS.values() for name in names)
    kept = [head.annex, head.title, head.document or "", *attachment.notes, *headings, *attachment.printed]
    kept += [words for _, words in attachment.unparsed]
    for task, titles in attachment.placed:
        kept += [*titles, f"{task.number}.{task.text}", f"{task.label}{task.text}", str(task.number), task.label]
        kept += [task.units, task.lead, task.joint, task.deadline, *task.more.values()]
    return [words for words in unaccounted(document.words, kept) if not words.isdecimal()]


def check_readable(tasks: bytes, units: bytes | None, catalog: Catalog, registry: Registry | None) -> None:
    """What people are to work on must read as it was meant; raises ``ToolFault``."""
    read, _ = read_catalog(tasks, TASKS)
    if read != catalog:
        raise ToolFault("导入的任务目录读不回来")
    if units is not None and read_registry(units, UNITS)[0] != registry:
        raise ToolFault("登记册读不回来")


def counted(attachment: Attachment) -> str:
    """How much there is."""
    return f"{len(attachment.sections)} 个章节，{len(attachment.tasks)} 项任务"


def outcome_lines(attachment: Attachment, registry: Registry | None) -> Iterator[str]:
    """What was read and what people have to look at, line by line."""
    if attachment.columns is not None:
        given = (f"{column.name}（{column.role}）" for column in attachment.columns if not column.added)
        yield f"原件的栏：{'、'.join(given)}。"
        filed = [column.name for column in attachment.columns if column.role.filed]
        yield f"由单位填报的栏：{'、'.join(filed)}。"
    for section in attachment.sections:
        yield from _section_lines(section, "  ")
    yield from _doubts(attachment, registry)
    yield from _left_to_people(attachment)


def _section_lines(section: Section, indent: str) -> Iterator[str]:
    numbers = task_numbers([task.number for task in section.tasks]) if section.tasks else ""
    yield f"{indent}{section.title}{'：' * bool(numbers)}{numbers}"
    for within in section.sections:
        yield from _section_lines(within, indent + "  ")


def _doubts(attachment: Attachment, registry: Registry | None) -> Iterator[str]:
    if attachment.unresolved:
        units, groups = (registry.units, registry.groups) if registry else ((), ())
        names = [*(name for unit in units for name in unit.names[1:]), *(group.name for group in groups)]
        yield "登记册里没有的责任单位，没有写进“责任主体”："
        for unit, tasks in attachment.unresolved.items():
            meant = did_you_mean(unit, names)
            yield f"  “{unit}”：{task_numbers(tasks)}{f'（是不是“{meant}”？）' if meant else ''}"
    gaps = [task for task in attachment.tasks if task.gaps]
    if gaps:
        yield "原件空着的单元格，按相邻任务推定，请确认："
    for task in gaps:
        yield f"  第{task.number}项：{'；'.join(f'{gap}推定为“{_assumed(task, gap)}”' for gap in task.gaps)}"


def _assumed(task: Task, gap: str) -> str:
    return task.units if gap == "责任单位" else task.deadline


def _left_to_people(attachment: Attachment) -> Iterator[str]:
    if attachment.unparsed:
        yield "没有写成“时限要求”的完成时限，请人工补上："
    for number, words in attachment.unparsed:
        yield f"  第{number}项：“{words}”"
    unparsed = {number for number, _ in attachment.unparsed}
    undated = [task.number for task in attachment.tasks if not task.duties and task.number not in unparsed]
    if undated and attachment.columns is not None and len(undated) < len(attachment.tasks):
        yield f"没有时限要求的任务（长期坚持、持续推进等）：{task_numbers(undated)}。"
    if attachment.hidden:
        yield "任务文字里像是还有时限、指标，没有录入；核对以后，合适的照抄到任务目录里："
    for number, words, record in attachment.hidden:
        yield f"  第{number}项：“{words}”，{record}"
    if attachment.notes:
        yield "其他请核对："
    for note in attachment.notes:
        yield f"  {note}。"
    if not attachment.hidden:
        yield "时限要求只从完成时限一栏得来；任务文字里的时限和指标，请对照原文补上。"
