"""What a clerk wrote in the cells of an answer: without our form's prompts, with its mark of progress, 不涉及 apart."""

import re
from itertools import combinations

from ledger_cli.model.column import Shape
from ledger_cli.model.form import NOT_APPLICABLE, PROMPT
from ledger_cli.read.office.tables import Cell

_NOT_APPLICABLE = re.compile(r"不涉及[：:，,。]?\s*", re.DOTALL)


def cell_texts(answers: dict[str, Cell | None]) -> dict[str, str]:
    """The text of each column. One cell over several columns is one text; the others are then missing."""
    texts = {name: cell.text.strip("\n") if cell and not cell.continued else "" for name, cell in answers.items()}
    for first, other in combinations(answers, 2):
        if answers[first] is answers[other]:
            texts[other] = ""
    return texts


def without_prompt(text: str, *, beside_words: bool) -> str:
    """A cell's text without the prompt of our form; in the form itself it may be left ``beside_words`` typed there."""
    stripped = text.strip()
    if stripped == PROMPT:
        return ""
    left_there = beside_words and (stripped.startswith(PROMPT) or stripped.endswith(PROMPT))
    return stripped.removeprefix(PROMPT).removesuffix(PROMPT).strip() if left_there else text


def mark_not_applicable(texts: dict[str, str], shape: Shape) -> bool:
    """Put the mark 不涉及 into the texts; False where one of the others says something, which contradicts it."""
    main = shape.main.key
    if any(text.strip() not in ("", "无") for name, text in texts.items() if name != main):
        return False
    reason = _NOT_APPLICABLE.sub("", texts.get(main, "").strip(), count=1)
    texts[main] = f"{NOT_APPLICABLE}：{reason}"
    return True


def split_not_applicable(texts: dict[str, str], shape: Shape) -> dict[str, str]:
    """Texts with 不涉及 and its reason in the stead of the columns, where the main one says so alone."""
    progress = texts.get(shape.main.key, "")
    match = _NOT_APPLICABLE.match(progress.strip())
    others = [text.strip() for name, text in texts.items() if name != shape.main.key]
    if match and all(other in ("", "无") for other in others):
        reason = progress.strip()[match.end() :].strip()
        return {NOT_APPLICABLE: reason}
    return texts
