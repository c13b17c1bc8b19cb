"""What somebody probably meant who wrote a word that nobody knows."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was probably meant to be."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - most runs have nothing to ask

    close = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=50)
    return close[0] if close else None
