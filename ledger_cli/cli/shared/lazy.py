"""A group of commands that are loaded when they are called: its help needs but the table of their names and lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from ledger_cli.cli.shared.chinese import ChineseCommand, ChineseGroup


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command: the module below ledger_cli.cli that has it, its line in the help, and its function.

    Without ``name`` the function is called as the command is. A group of commands is a ``typer.Typer`` in its stead.
    """

    module: str
    line: str
    name: str = ""


def lazy_group(entries: Mapping[str, LazyCommand]) -> type[TyperGroup]:
    """The class of a group with these commands, in this order."""

    class LazyGroup(ChineseGroup):
        _listing = False

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as Typer calls it
            return list(entries)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as Typer calls it
            entry = entries.get(cmd_name)
            if entry is None:
                return None
            return TyperCommand(cmd_name, help=entry.line) if self._listing else loaded(cmd_name, entry)

        def format_help(self, ctx: Any, formatter: Any) -> None:
            self._listing = True
            super().format_help(ctx, formatter)

    return LazyGroup


def loaded(name: str, entry: LazyCommand) -> Any:
    """The command, with its module."""
    found = getattr(import_module(f"ledger_cli.cli.{entry.module}"), entry.name or name)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
        alone.command(name, cls=ChineseCommand)(found)
        found = alone
    command = get_command(found)
    command.name = name
    return command
