"""Sentences that stand several times in one answer: some programs multiply a control's paragraphs when they save it.

They may come whole, one after the other, or one within the other, where a control held several runs.
"""

import re
from collections import Counter
from collections.abc import Iterable

from ledger_cli.intake.columns import bare

_LEAST, _TIMES = 8, 3
_LONG = 15
"""Characters from which a sentence counts within others too; shorter ones are phrases that any text repeats."""

_ENDS = re.compile(r"[。；！？;!?\n]+")


def repeated(texts: Iterable[str]) -> list[tuple[str, int]]:
    """Each sentence of eight characters or more that stands three times or more in the texts, and how often."""
    texts = list(texts)
    whole = "\0".join(map(bare, texts))
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for text in texts:
        for sentence in _ENDS.split(text):
            key = bare(sentence)
            if len(key) >= _LEAST:
                counts[key] += 1
                first.setdefault(key, sentence.strip())
    found = {key: whole.count(key) if len(key) >= _LONG else times for key, times in counts.items()}
    return [(first[key], times) for key, times in found.items() if times >= _TIMES]
