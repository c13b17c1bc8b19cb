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
from ledger_cli.cli.catalog import register_catalog
from ledger_cli.cli.chinese import ChineseGroup, usage_error
from ledger_cli.cli.clerk import register_clerk
from ledger_cli.cli.diff import register_diff
from ledger_cli.cli.fault import log_fault
from ledger_cli.cli.forms import register_forms
from ledger_cli.cli.intake import register_intake
from ledger_cli.cli.log import register_log
from ledger_cli.cli.office import register_office
from ledger_cli.cli.period import register_period
from ledger_cli.cli.remind import register_remind
from ledger_cli.cli.report import register_report
from ledger_cli.cli.review import register_review
from ledger_cli.cli.status import register_status
from ledger_cli.console import prepare_streams, say
from ledger_cli.exits import CannotRun, Exit
from ledger_cli.workspace import printable_name, why

_ENDLESS = re.compile(r"([^“”，。；：、\s]{40})[^“”，。；：、\s]{200,}([^“”，。；：、\s]{20})")

app = typer.Typer(
    cls=ChineseGroup,
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


register_catalog(app)
register_clerk(app)
register_forms(app)
register_intake(app)
register_office(app)
register_period(app)
register_remind(app)
register_report(app)
register_review(app)
register_diff(app)
register_log(app)
register_status(app)


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
