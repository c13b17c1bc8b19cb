"""What the tasks of an issued document are called here: by the numbers that it prints, where these tell them apart."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from ledger_cli.model.fields import TaskNumber

_NUMBER = re.compile(r"[（(第]?\s*(\d{1,3})\s*(?:[.．、:：)）项]|\s|$)\s*")
_PREFIX = re.compile(
    r"(?:[（(]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）]|\d{1,3}(?:\.\d{1,2})+\s*[.．、]?|\d{1,3}\s*[.．、:：)）]|"
    r"\d{4}-\d{1,3}\s*[.．、]?|第\s*\d{1,3}\s*项\s*[:：]?)\s*"
)
_PLAIN = re.compile(r"[^\s:：|#\"'“”\[\]{},&*!%@`]{1,20}")


def split_number(text: str, expected: Iterable[int]) -> tuple[str, str]:
    """What a text begins with as its number, and the rest; an expected number even where 2025年 follows its dot."""
    for number in expected:
        match = re.match(rf"[（(第]?\s*0?{number}\s*(?:[.．、:：)）]|项|\s|$)\s*", text)
        if match:
            return match.group(), text[match.end() :]
    match = _PREFIX.match(text) or _NUMBER.match(text)
    if match and match.group().strip() and not text[match.end() :][:1].isdigit():
        return match.group(), text[match.end() :]
    return "", text


def whole(label: str) -> int | None:
    """The whole number that a label is, in brackets or with a mark behind it or not."""
    match = _NUMBER.fullmatch(label.strip())
    return int(match[1]) if match else None


def numbered(labels: Sequence[str], merged: AbstractSet[int] = frozenset()) -> tuple[list[TaskNumber], Iterator[str]]:
    """A number for each task by its printed label ("" for none), and what is odd about the labels, in sentences.

    ``merged`` are the places of those whose number is that of the one above. Whole numbers stay where they rise; labels
    of another kind, such as 2024-01, where all of them differ. Else the tasks are counted.
    """
    bare = [label.strip().rstrip(".．、:：") for label in labels]
    texts = [label for label in bare if whole(label) is None]
    if len(texts) == len(bare) == len(set(bare)) and all(map(_PLAIN.fullmatch, bare)):
        return list(bare), iter(())
    found: list[TaskNumber] = []
    notes: list[str] = []
    last = 0
    for place, label in enumerate(labels):
        expected, printed = last + 1, whole(label)
        number = printed if printed is not None and printed >= expected else expected
        if place in merged:
            number = expected
        elif printed is None:
            notes.append(f"第{number}项原件没有编号，按先后编定" if not label.strip() else _odd(label, number))
        elif printed != expected:
            notes.append(f"原件编号不连续：应是{expected}的地方写着{printed}，编为第{number}项")
        found.append(number)
        last = number
    return found, iter(notes)


def _odd(label: str, number: int) -> str:
    return f"原件编号是“{label.strip()}”，编为第{number}项"
