"""Some texts of a submission straight from its lines, where it is written plainly; ten times as quick as a parser.

In: a file's bytes and the slots wanted. Out: each text as the parser would give it, with the place of its value; or
None where anything is not laid out as ``ledger new`` does it, or where an answer waives a hint:
then the file has to be read in full.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

_TASK = re.compile(r"  ([^\s\"':#]+):")
_INDENT = "      "

PlacedText = tuple[str, tuple[int, int], str]
"""A text, line and column (from 1) of its value, and the words of that line."""


def quick_texts(
    data: bytes, slots: Iterable[int], tasks: Mapping[str, int], columns: Sequence[str]
) -> dict[int, PlacedText] | None:
    """The texts at the slots; a slot is the task's place times three, plus the place of the column in ``columns``.

    ``tasks`` has the places of the tasks by their keys.
    """
    places = {f"    {name}: |": place for place, name in enumerate(columns)}
    try:
        lines = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        return None
    wanted = set(slots)
    found: dict[int, PlacedText] = {}
    task = -1
    for number, line in enumerate(lines):
        if line[:2] != "  " or line.startswith(_INDENT):
            continue
        match = _TASK.fullmatch(line)
        if match:
            task = tasks.get(match[1], -1)
        elif task < 0:
            continue
        elif line.startswith("    忽略") and any(3 * task + place in wanted for place in range(3)):
            return None
        elif line in places and (slot := 3 * task + places[line]) in wanted:
            text = _block(lines, number + 1)
            if text is None or slot in found:
                return None
            found[slot] = (text, (number + 1, len(line)), line)
    return found if len(found) == len(wanted) else None


def _block(lines: list[str], start: int) -> str | None:
    """The literal block from a line on; None where its first line is indented unlike the others."""
    first = lines[start] if start < len(lines) else ""
    if not first.startswith(_INDENT) or first[len(_INDENT) : len(_INDENT) + 1] in ("", " ", "\t"):
        return None
    block = []
    for line in lines[start:]:
        if line.startswith(_INDENT):
            block.append(line[len(_INDENT) :])
        elif line.strip(" "):
            break
        else:
            block.append("")
    return "\n".join(block).strip(" \t\n")
