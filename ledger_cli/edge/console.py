"""Findings and tables to the terminal, as text or JSON. Whatever users wrote is printed as data, never as markup."""

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from ledger_cli.emit import json_text
from ledger_cli.exits import CannotRun
from ledger_cli.model.finding import Finding, abridged
from ledger_cli.model.rule import SEVERITY_WORDS

_EXCERPT_WIDTH = 72
_COLOURS = {"error": "31", "warning": "33", "info": "36"}
_MARKED = {"deleted": "31", "inserted": "32"}


def prepare_streams() -> None:
    """Let no character that the terminal's encoding lacks end the program; raises ``CannotRun`` where none hears."""
    if sys.stderr is None:  # closed by whoever started the program
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as it runs
    if sys.stdout is None:
        sys.stdout = sys.stderr
        raise CannotRun("标准输出已经关闭，结果没有地方显示，没有运行", "不要关闭标准输出；不想看的，转到一个文件里。")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def say(text: str = "", *, error: bool = False) -> None:
    """One line for the user."""
    print(_harmless(text), file=sys.stderr if error else sys.stdout)


def say_marked(pieces: Iterable[tuple[str, str]]) -> None:
    """One line of pieces, kind and text; what was deleted or inserted is coloured too on a terminal."""
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    shown = []
    for kind, text in pieces:
        shade = _MARKED.get(kind) if colour else None
        shown.append(f"\033[{shade}m{_harmless(text)}\033[0m" if shade else _harmless(text))
    print("".join(shown))


def write_json(data: Any) -> None:
    """JSON on standard output, always UTF-8, whatever the terminal's encoding."""
    print_bytes(json_text(data).encode("utf-8", "replace"))  # a file's name may hold bytes that are no UTF-8


def print_bytes(data: bytes) -> None:
    """Data in UTF-8 on standard output as it is."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
    else:
        sys.stdout.flush()
        buffer.write(data)
        buffer.flush()


def terminal_width() -> int:
    """Columns of the terminal; 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def width(text: str) -> int:
    """Columns that the text fills on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _harmless(text: str) -> str:
    """The text without characters that could steer the terminal; tabs become blanks."""
    if text.isprintable():
        return text
    return "".join(_harmless_char(char) for char in text)


def _harmless_char(char: str) -> str:
    if char == "\t":
        return " "
    if char == "\n" or char.isprintable() or unicodedata.category(char) == "Zs":
        return char
    return "�"


def finding_lines(found: Finding, *, colour: bool = False) -> list[str]:
    """A finding as printed: place, code and message; the line with a caret; the hint."""
    found = _discreet(found)
    place = f"{_harmless(found.file)}:{found.line}:{found.column}"
    head = f"{place} {found.code} {_harmless(found.message)}"
    if colour:
        shade = _COLOURS[found.severity]
        head = f"{place} \033[{shade};1m{found.code}\033[0m {_harmless(found.message)}"
    lines = [head]
    if found.excerpt.strip():
        before, shown = _window(found.excerpt, found.column - 1)
        number = str(found.line)
        lines.append(f"  {number} | {_harmless(shown)}")  # of a long line only what is shown
        lines.append(f"  {' ' * len(number)} | {' ' * before}^")
    if found.hint:
        lines.append(f"  提示：{_harmless(found.hint)}")
    return lines


def _discreet(found: Finding) -> Finding:
    """A finding as anybody may see it: whatever it quotes, no personal number in full."""
    from ledger_cli.model.personal import masked  # noqa: PLC0415 - most commands print no findings

    message, hint = masked(found.message), masked(found.hint)
    return replace(found, message=message, hint=hint, excerpt=_masked_line(found.excerpt))


@lru_cache(maxsize=8)
def _masked_line(excerpt: str) -> str:
    """A line without personal numbers; thousands of findings may stand in one long line."""
    from ledger_cli.model.personal import masked  # noqa: PLC0415 - most commands print no findings

    return masked(excerpt)


def _window(excerpt: str, column: int) -> tuple[int, str]:
    """The part of a line around a column, and the terminal columns before it."""
    column = min(column, len(excerpt))
    start, used = column, 0
    while start > 0 and (used := used + width(excerpt[start - 1])) <= _EXCERPT_WIDTH // 2:
        start -= 1
    stop, used = start, 0
    while stop < len(excerpt) and used < _EXCERPT_WIDTH:
        used += width(excerpt[stop])
        stop += 1
    shown = ("…" if start else "") + excerpt[start:stop] + ("…" if stop < len(excerpt) else "")
    return width(("…" if start else "") + excerpt[start:column]), shown


def print_findings(findings: Sequence[Finding], *, stream: TextIO | None = None) -> None:
    """Findings as text, most severe marked by colour where the stream is a terminal."""
    out = stream or sys.stdout
    colour = out.isatty() and not os.environ.get("NO_COLOR")
    for found in abridged(findings):
        print("\n".join(finding_lines(found, colour=colour)), file=out)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    severities: list[str] = [found.severity for found in findings]
    return {name: severities.count(name) for name in SEVERITY_WORDS}


def summary(files: int, findings: Sequence[Finding]) -> str:
    """One line that says what was checked and what was found."""
    number = counts(findings)
    if not any(number.values()):
        return f"检查了 {files} 份报送文件，没有发现问题。"
    parts = "，".join(f"{SEVERITY_WORDS[name]} {number[name]} 个" for name in SEVERITY_WORDS if number[name])
    return f"检查了 {files} 份报送文件：{parts}。"


def findings_json(files: int, findings: Sequence[Finding]) -> dict[str, Any]:
    """The JSON form of findings, as scripts rely on it; ``summary`` counts those too that are not listed."""
    number = counts(findings)
    return {
        "findings": [
            {
                "code": found.code,
                "severity": found.severity,
                "file": found.file,
                "line": found.line,
                "column": found.column,
                "unit": found.unit,
                "task": found.task,
                "message": found.message,
                "hint": found.hint,
            }
            for found in map(_discreet, abridged(findings))
        ],
        "summary": {
            "files": files,
            "errors": number["error"],
            "warnings": number["warning"],
            "infos": number["info"],
        },
    }


def print_columns(headings: Sequence[str], rows: Iterable[Sequence[str]], lead: int, other: int) -> None:
    """Rows of short cells in columns of fixed width: ``lead`` for the first, ``other`` for the rest."""
    for row in (headings, *rows):
        first, *rest = (_harmless(cell) for cell in row)
        say((_padded(first, lead) + "".join(" " * (other - width(cell)) + cell for cell in rest)).rstrip())


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = False) -> None:
    """A table on standard output; cells are plain text, with ``numbers`` all but the first flush right."""
    from rich import box  # noqa: PLC0415 - rich costs 80 ms that most commands do not need
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        flush = bool(numbers and place)
        table.add_column(Text(heading), overflow="fold", justify="right" if flush else "left", no_wrap=flush)
    for row in rows:
        table.add_row(*(Text(_harmless(cell)) for cell in row))
    console = Console(markup=False, highlight=False, emoji=False, legacy_windows=False)
    console.print(table)
