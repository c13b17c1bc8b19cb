"""Text to YAML scalars that read back to the letter: the one place that knows what YAML takes for what."""

import json
import re
from collections.abc import Iterator


def quoted(text: str) -> str:
    """A scalar on one line; JSON's double quotes are YAML's, whatever the text holds."""
    return json.dumps(text, ensure_ascii=False)


# What a literal block keeps to the letter: no line that is blank, begins or ends in white space.
_BLOCK_SAFE = re.compile(r"(?:[^\s](?:[^\n]*[^\s])?)(?:\n[^\s](?:[^\n]*[^\s])?)*")


def prose(key: str, text: str, indent: int, mark: str = "|-") -> Iterator[str]:
    """A key with prose as a literal block where that keeps every character, else quoted."""
    if _BLOCK_SAFE.fullmatch(text):
        yield key + mark
        yield from (" " * indent + line for line in text.split("\n"))
    else:
        yield key + quoted(text)
