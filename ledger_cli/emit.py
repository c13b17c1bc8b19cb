"""Data to text that reads back to the letter: JSON, and the scalars of YAML."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_PLAIN_FIRST = "《（〔"
_PLAIN = "-/.+%（）〔〕《》“”‘’，。；、：！？—…·"


def json_text(data: Any) -> str:
    """JSON as people and scripts read it, with a line break at its end."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def quoted(text: str) -> str:
    """A scalar on one line; JSON's double quotes are YAML's, whatever the text holds."""
    return json.dumps(text, ensure_ascii=False)


# What a literal block keeps to the letter: no line that is blank, begins or ends in white space.
_BLOCK_SAFE = re.compile(r"(?:[^\s](?:[^\n]*[^\s])?)(?:\n[^\s](?:[^\n]*[^\s])?)*")


def block(key: str, text: str, indent: int, mark: str = "|-") -> Iterator[str]:
    """A key with prose as a literal block where that keeps every character, else quoted."""
    if _BLOCK_SAFE.fullmatch(text):
        yield key + mark
        yield from (" " * indent + line for line in text.split("\n"))
    else:
        yield key + quoted(text)


def word(text: str) -> str:
    """A scalar on one line, in quotes where anything in it could mean something to YAML."""
    return text if is_plain(text) else quoted(text)


def flow_map(fields: Iterable[tuple[str, str]]) -> str:
    """A map on one line; its values are scalars as they are to stand."""
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields) + "}"


def flow_list(items: Iterable[str]) -> str:
    """A list of words on one line."""
    return "[" + ", ".join(word(item) for item in items) + "]"


def is_plain(text: str) -> bool:
    """Whether a scalar may stand without quotes."""
    starts_plain = text[:1].isalnum() or text.startswith(tuple(_PLAIN_FIRST))
    return starts_plain and text != "null" and all(char.isalnum() or char in _PLAIN for char in text)
