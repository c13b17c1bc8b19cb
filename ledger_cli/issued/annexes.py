"""A document's annexes: each begins with a line that is its mark, 附件2."""

from collections.abc import Sequence

from ledger_cli.exits import CannotRun
from ledger_cli.issued.reader import ANNEX, ANNEX_AND_TITLE
from ledger_cli.read.office.tables import Table

Part = Sequence[list[str] | Table]


def annex_named(blocks: Part, annex: str | None) -> Part:
    """The blocks of the annex that is named, or all."""
    if annex is None:
        return blocks
    wanted = _bare(annex)
    for part in annexes(blocks):
        if (mark := annex_mark(part)) and mark in (wanted, f"附件{wanted}"):
            return part
    raise CannotRun(f"文件里没有“附件{wanted.removeprefix('附件')}”", "核对附件的编号，例如 --annex 2。")


def annex_mark(part: Part) -> str:
    """The mark of the annex that a part begins with; "" where it is none."""
    first = next((line.strip() for line in part[0] if line.strip()), "") if isinstance(part[0], list) else ""
    mark = ANNEX.match(first)
    return _bare(mark[1]) if mark else ""


def lines_of(block: list[str] | Table) -> list[str]:
    return block if isinstance(block, list) else [cell.text for row in block.rows for cell in row]


def holds(part: Part, text: str) -> bool:
    """Whether a text stands in a part."""
    words = _bare("".join(line for block in part for line in lines_of(block)))
    return _bare(text) in words


def _bare(text: str) -> str:
    return "".join(text.split())


def annexes(blocks: Part) -> list[list[list[str] | Table]]:
    """The document cut before each line that is the mark of an annex."""
    parts: list[list[list[str] | Table]] = [[]]
    for block in blocks:
        if isinstance(block, Table):
            parts[-1].append(block)
            continue
        run: list[str] = []
        for line in block:
            if ANNEX.fullmatch(line.strip()) or ANNEX_AND_TITLE.fullmatch(line.strip()):
                parts[-1].append(run)
                parts.append([])
                run = []
            run.append(line)
        parts[-1].append(run)
    return [part for part in parts if part]
