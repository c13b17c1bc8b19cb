"""Typer's own words in Chinese: help pages and usage errors, so that no clerk meets an English message."""

from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

HELP = "显示本说明。"


def _chinese_titles() -> None:
    # Imported here: rich costs 80 ms, and only a help page needs it. The titles are module constants that
    # Typer's documentation tells users to set.
    from typer import rich_utils  # noqa: PLC0415

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
    rich_utils.ENVVAR_STRING = "[环境变量：{}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"


class _ChineseHelp:
    """What commands and groups share: the usage line, the help option and the titles."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        words = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."}
        formatter.write_usage(ctx.command_path, " ".join(words.get(p, p) for p in pieces), prefix="用法：")

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = HELP
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _chinese_titles()
        for param in self.get_params(ctx):  # type: ignore[attr-defined]
            # Python's type names (<bool>, <str>) mean nothing to a clerk; the metavar says what goes there.
            shown = param.metavar if param.param_type_name == "option" else None
            param.display_type_rich = partial(_shown_type, shown)
        super().format_help(ctx, formatter)  # type: ignore[misc]


def _shown_type(shown: str | None, ctx: Any) -> str | None:  # noqa: ARG001 - as Typer calls it
    return shown


class ChineseCommand(_ChineseHelp, TyperCommand):
    """A command whose help is in Chinese."""


class ChineseGroup(_ChineseHelp, TyperGroup):
    """A group of commands whose help is in Chinese."""


def usage_error(error: typer.TyperException) -> str:
    """A usage error of Typer in a Chinese sentence; told by its class, since the messages are English."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "ledger"
    more = f"运行 {command} --help 查看用法。"
    if kind == "NoSuchOption":
        return _no_such_option(error, more)
    if kind == "MissingParameter":
        return f"缺少“{_parameter(error)}”。{more}"
    if kind == "BadParameter":
        return f"“{_parameter(error)}”的值不对。{more}"
    if kind == "BadOptionUsage":
        return f"选项“{error.option_name}”的用法不对，它后面要有一个值（或者不能有值）。{more}"  # type: ignore[attr-defined]
    message = error.format_message()
    if message.startswith("No such command"):
        name = message.split("'")[1] if "'" in message else ""
        from ledger_cli.model.closest import did_you_mean  # noqa: PLC0415

        commands = context.command.list_commands(context) if context else []
        meant = did_you_mean(name, commands)
        return f"没有“{name}”这个命令{f'，是不是 {meant}' if meant else ''}。{more}"
    if "unexpected extra argument" in message:
        extra = message[message.rfind("(") + 1 : message.rfind(")")]
        return f"多写了参数：{extra}。{more}"
    if message.startswith("Missing command"):
        return f"没有写命令。{more}"
    return f"命令写得不对。{more}"


def _no_such_option(error: Any, more: str) -> str:
    if error.option_name == "-C":
        return "“-C”要写在命令前面，例如 ledger -C 文件夹 validate。"
    hint = f"，是不是 {'、'.join(sorted(error.possibilities))}" if error.possibilities else ""
    return f"没有“{error.option_name}”这个选项{hint}。{more}"


def _parameter(error: typer.TyperException) -> str:
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "param_hint", "") or "参数")
    metavar = getattr(param, "metavar", None)
    options = [option for option in param.opts if option.startswith("-")]
    return options[-1] if options else (metavar or param.name or "参数")
