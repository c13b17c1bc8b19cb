"""What a clerk wrote in the cells of an answer: without our form's prompts, with its mark of progress, 不涉及 apart."""

import re

from ledger_cli.model.form import NOT_APPLICABLE, PROMPT
from ledger_cli.model.submission import PROSE
from ledger_cli.read.office.tables import Cell

_NOT_APPLICABLE = re.compile(r"不涉及[：:，,。]?\s*", re.DOTALL)


def cell_texts(answers: dict[str, Cell | None]) -> dict[str, str]:
    """The text of each column. One cell over several columns is one text; the others are then missing."""
    texts = {name: cell.text.strip("\n") if cell and not cell.continued else "" for name, cell in answers.items()}
    for first, other in ((0, 1), (0, 2), (1, 2)):
        if answers.get(PROSE[first]) is answers.get(PROSE[other]) and PROSE[other] in texts:
            texts[PROSE[other]] = ""
    return texts


def without_prompt(text: str, *, beside_words: bool) -> str:
    """A cell's text without the prompt of our form; in the form itself it may be left ``beside_words`` typed there."""
    stripped = text.strip()
    if stripped == PROMPT:
        return ""
    left_there = beside_words and (stripped.startswith(PROMPT) or stripped.endswith(PROMPT))
    return stripped.removeprefix(PROMPT).removesuffix(PROMPT).strip() if left_there else text


def mark_not_applicable(texts: dict[str, str]) -> bool:
    """Put the mark 不涉及 into the texts; False where one of the others says something, which contradicts it."""
    if any(texts.get(name, "").strip() not in ("", "无") for name in PROSE[1:]):
        return False
    reason = _NOT_APPLICABLE.sub("", texts.get(PROSE[0], "").strip(), count=1)
    texts[PROSE[0]] = f"{NOT_APPLICABLE}：{reason}"
    return True


def split_not_applicable(texts: dict[str, str]) -> dict[str, str]:
    """Texts with 不涉及 and its reason in the stead of the three columns, where the first says so alone."""
    progress = texts.get(PROSE[0], "")
    match = _NOT_APPLICABLE.match(progress.strip())
    others = [texts.get(name, "").strip() for name in PROSE[1:]]
    if match and all(other in ("", "无") for other in others):
        reason = progress.strip()[match.end() :].strip()
        return {NOT_APPLICABLE: reason}
    return texts
