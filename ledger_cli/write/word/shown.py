"""Whether a text of a template is shown on the page: hidden runs, rows and styles, rows too low for it."""

from typing import Any

from ledger_cli.read.office.word_markup import is_on
from ledger_cli.write.word.markup import w


def is_hidden(text: Any, styles: frozenset[str]) -> bool:
    """Whether a ``w:t`` is hidden by its run, its row or one of ``styles``."""
    run = text.getparent()
    if run.find(f"{w('rPr')}/{w('vanish')}") is not None:
        return is_on(run.find(w("rPr")), "vanish")
    if any(is_on(row.find(w("trPr")), "hidden") for row in text.iterancestors(w("tr"))):
        return True
    paragraph = next(text.iterancestors(w("p")), None)
    named = [run.find(f"{w('rPr')}/{w('rStyle')}")]
    if paragraph is not None:
        named.append(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))
    return any(style is not None and style.get(w("val")) in styles for style in named)


def is_clipped(text: Any) -> bool:
    """Whether a ``w:t`` stands in a row of exact height, which shows no more of it than fits."""
    heights = (row.find(f"{w('trPr')}/{w('trHeight')}") for row in text.iterancestors(w("tr")))
    return any(height is not None and height.get(w("hRule")) == "exact" for height in heights)


def hidden_styles(styles: Any) -> frozenset[str]:
    """The ids of the styles whose texts are hidden, by themselves or by what they are based on."""
    known = {style.get(w("styleId"), ""): style for style in styles.iterchildren(w("style"))}
    return frozenset(name for name in known if _hides(known, name))


def _hides(known: dict[str, Any], name: str) -> bool:
    for _ in range(len(known)):  # damaged files base styles on each other
        style = known.get(name)
        if style is None:
            return False
        if style.find(f"{w('rPr')}/{w('vanish')}") is not None:
            return is_on(style.find(w("rPr")), "vanish")
        base = style.find(w("basedOn"))
        name = base.get(w("val"), "") if base is not None else ""
    return False
