"""Texts as findings quote them: clipped, in one line, without anyone's numbers."""

from ledger_cli.model.clip import clipped
from ledger_cli.model.personal import masked

_LONGEST = 36


def cited(text: str, longest: int = _LONGEST) -> str:
    """The beginning of a text in quotation marks."""
    line = " ".join(text.split())
    # Masked before it is clipped: half a number shows too much of a person.
    line = masked(line[: 4 * longest])
    return f"“{clipped(line, longest)}”"


def side_by_side(own: str, own_text: str, other: str, other_text: str) -> str:
    """Two texts, each cited after its label."""
    return f"{own}：{cited(own_text)}；{other}：{cited(other_text)}"
