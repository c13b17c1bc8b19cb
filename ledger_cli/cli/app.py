"""The program's entry: the app with its common options, and the one place where outcomes become exit codes."""

import gc
import os
import re
import sys
import traceback
import warnings
from pathlib import Path
from typing import Annotated

import typer

from ledger_cli import __version__
from ledger_cli.cli.shared.chinese import usage_error
from ledger_cli.cli.shared.fault import log_fault
from ledger_cli.cli.shared.lazy import LazyCommand, lazy_group
from ledger_cli.edge.console import prepare_streams, say
from ledger_cli.edge.disk import why
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.files import printable_name

_ENDLESS = re.compile(r"([^“”，。；：、\s]{40})[^“”，。；：、\s]{200,}([^“”，。；：、\s]{20})")

# In the order of help. A line is the first sentence of its command's docstring, so that help loads no command.
COMMANDS = {
    "todo": LazyCommand("lookup", "列出一个单位承担的全部任务，以及是点名承担还是随组承担。"),
    "who": LazyCommand("lookup", "列出一项任务的全部责任单位，以及依据。"),
    "new": LazyCommand("start", "生成待填的报送文件，任务原文写在注释里；已有的文件不会被覆盖。"),
    "validate": LazyCommand("validate", "检查报送文件、任务目录和登记册，一次列出全部问题；只读。"),
    "rule": LazyCommand("rule", "解释检查结果里的代码：是什么、为什么、怎么改；不写代码时列出全部。"),
    "form": LazyCommand("forms", "生成 Word 或 Excel 填报表，发给单位填写。"),
    "return": LazyCommand("forms", "退回一个单位的填报表：有问题的格子加批注，首页列出要改的地方。", "send_back"),
    "intake": LazyCommand("intake", "收入填好的 Word、Excel 表，写成报送文件；逐行说明怎样对上任务。"),
    "init": LazyCommand("start", "新建台账文件夹，含任务目录、登记册和模板；不覆盖文件。"),
    "merge": LazyCommand("merge", "把全部报送文件汇总成一本台账；有错误时不汇总，并列出错误。"),
    "open": LazyCommand("period", "开始新的报送期：登记并设为当前，生成报送文件，附上期答复供对照。", "open_period"),
    "remind": LazyCommand("remind", "为欠报、逾期的单位各写一份提醒；不欠的不写。"),
    "report": LazyCommand("report", "生成 Word 台账；样式在 templates 里的模板中，用 Word 或 WPS 修改。"),
    "accept": LazyCommand("review", "审核通过一个单位、一项任务或者全部的答复；文字有改动的，通过失效。"),
    "reject": LazyCommand("review", "退回一个单位对一项任务的答复；单位改好重报以后，自动重新列为待审。"),
    "reopen": LazyCommand("review", "撤回对一个单位的审核，不论是通过还是退回，答复重新列为待审。"),
    "diff": LazyCommand("diff", "列出两个报送期或者两个版本之间的变化，可以写成 Word 的变化情况表。"),
    "log": LazyCommand("log", "列出一个单位的答复是谁、什么时候改的。"),
    "status": LazyCommand("status", "查看谁报了、谁没报，哪些时限要求逾期、临近。"),
    "catalog": LazyCommand("catalog", "任务目录：从附件导入，与附件逐格对照；改动以后，答复跟着任务走。", "group"),
    "template": LazyCommand("template", "按方案的栏目写出 Word 模板，供在 Word 里修改。"),
}

app = typer.Typer(
    cls=lazy_group(COMMANDS),
    help="工作台账：检查各单位的报送文件，汇总成一本台账，生成 Word 文档。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _show_version(show: bool) -> None:
    if show:
        say(f"ledger {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "-C", metavar="文件夹", envvar="LEDGER_WORKSPACE", help="台账所在的文件夹；不写时从当前文件夹向上找。"
        ),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="显示版本号。")
    ] = False,
) -> None:
    context.obj = workspace


def main() -> None:
    """Run the command line; every way it can end has its exit code here."""
    # Thousands of nodes and cells are made and kept; collecting them again and again finds nothing.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    # What fails while things are cleared away, or what a library warns of, is no user's concern, in no language.
    sys.unraisablehook = lambda _: None
    warnings.simplefilter("ignore")
    try:
        prepare_streams()
    except CannotRun as error:
        say(f"{error.message}。{error.hint}", error=True)
        sys.exit(Exit.CANNOT_RUN)
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except OSError as error:
        code = _unheard(error)
    sys.exit(code)


def _unheard(error: OSError) -> int:
    """The end where what is said cannot be printed, nor perhaps that it cannot."""
    try:
        code = _stopped_by(error)
    except OSError:
        code = Exit.CANNOT_RUN
    # What is left in the buffers would be tried again at the end, and complained of in English.
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    return code


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing but the code leaves this function."""
    try:
        code = app(arguments, prog_name="ledger", standalone_mode=False)
    except CannotRun as error:
        say(_shortened(f"{error.message}。{error.hint}"), error=True)
        return Exit.CANNOT_RUN
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
        else:
            say(_shortened(usage_error(error)), error=True)
        return Exit.CANNOT_RUN
    except (KeyboardInterrupt, typer.Abort):
        say("已中断。", error=True)
        return Exit.CANNOT_RUN
    except OSError as error:
        return _stopped_by(error)
    except Exception:  # noqa: BLE001 - whatever it is, users get one line and a log, never a traceback
        say(log_fault(traceback.format_exc()), error=True)
        return Exit.FAULT
    return code if isinstance(code, int) else Exit.CLEAN


def _shortened(sentence: str) -> str:
    """A sentence without the middle of an argument of hundreds of characters that it repeats."""
    return _ENDLESS.sub(r"\1……\2", sentence)


def _stopped_by(error: OSError) -> int:
    """What the system refused: a full disk, a pipe that nobody reads any more, a place without permission."""
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()  # the reader of a pipe has gone; the interpreter's own complaint would be noise
        return Exit.CLEAN
    if error.errno is None:  # raised by a library, not by the system
        say(log_fault("".join(traceback.format_exception(error))), error=True)
        return Exit.FAULT
    where = f"“{printable_name(str(error.filename))}”" if error.filename else "输出的内容"
    say(f"{where}没有写出或者读不了（{why(error)}）。检查磁盘的空间和权限，再运行一次。", error=True)
    return Exit.CANNOT_RUN
