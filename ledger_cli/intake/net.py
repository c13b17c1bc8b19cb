"""The last net under intake: every word of the file is in an answer, in the form's own words, or quoted in a finding.

It does not trust the reader: the words come from ``office_words``, which understands nothing of forms.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ledger_cli.read.office.tables import Words

_ROOM = 2_000_000_000
"""Characters to look through for texts that are no line of what was kept; whatever comes after is told, unsought."""


def unaccounted(words: Iterable[Words], kept: Iterable[str], prompts: Iterable[str] = ()) -> Iterator[str]:
    """The texts that are not among ``kept``, each once; blanks, punctuation and shapes of characters do not count.

    ``prompts`` are words that nobody typed; they may stand anywhere in a text.
    """
    prompted = re.compile("|".join(map(re.escape, sorted(map(essence, prompts), key=len, reverse=True))) or r"\b\B")
    texts = list(kept)
    by_line = [[essence(line) for line in text.split("\n")] for text in texts]
    whole = "\0".join("".join(lines) for lines in by_line)
    exact = {line for lines in by_line for line in lines}
    letters = ""
    told: set[str] = set()
    room = _ROOM
    for one in words:
        key = essence(one.text, letters_only=one.formula)
        if not key or key in told or key in exact:
            continue
        room -= len(whole)
        if room > 0 and key in whole:
            continue
        if one.formula and room > 0:
            letters = letters or "\0".join(essence(text, letters_only=True) for text in texts)
            if key in letters:
                continue
        pieces = prompted.split(key)
        if room > 0 and len(pieces) > 1 and all(piece in whole for piece in pieces):
            continue
        told.add(key)
        yield one.text.strip()


@lru_cache(maxsize=4096)  # the catalog's texts are compared with each file
def essence(text: str, *, letters_only: bool = False) -> str:
    """Letters, digits and signs alone, in one form: 10³ and 103, ½ and 1⁄2, Ａ and A are the same.

    ``letters_only`` leaves signs out too, since a fraction or a root may be written out with more of them.
    """
    return unicodedata.normalize("NFKC", text).translate(_LETTERS if letters_only else _SIGNS)


class _Kept(dict[int, int | None]):
    """A translation that drops all characters but those of some categories; each is looked up once."""

    def __init__(self, categories: tuple[str, ...], dropped: str) -> None:
        super().__init__((ord(char), None) for char in dropped)
        self._categories = categories

    def __missing__(self, code: int) -> int | None:
        kept = code if unicodedata.category(chr(code)).startswith(self._categories) else None
        self[code] = kept
        return kept


# NFKC makes a fraction stroke of ½ and a minus of a raised one; the file may have neither.
_SIGNS = _Kept(("L", "N", "So", "Sm", "Sc"), "⁄−")
_LETTERS = _Kept(("L", "N"), "")
