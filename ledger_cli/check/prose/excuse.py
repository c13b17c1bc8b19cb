"""A text that says only that the task does not concern the unit, which has a key of its own (W409)."""

import re

from ledger_cli.model.prose import is_none

_LONGEST = 60
"""Characters of such a text with its reason."""
_ONE_CLAUSE = 24
"""Characters of one that goes on without a stop, as 与本单位无关联 does."""

_OPENING = re.compile(
    r"(?:(?:此|该|本|这)(?:项|条)?(?:工作|任务|事项|举措)?)?"
    r"(?:(?:与|同|和)(?:本|我)(?:单位|部门|厅|局|委|办|市|县|区|地区)(?:职责|职能|工作)?(?:无关|没有关系|不相关)"
    r"|(?:(?:本|我)(?:单位|部门|厅|局|委|办|市|县|区|地区))?(?:均|暂|都)?不涉及)"
    r"(?:(?:此|该|本|这)(?:项|条)?(?:工作|任务|事项|职责|职能|业务|内容)*)?"
)
_STOP = re.compile(r"[，。；：、,.;:!！（(\s]|\Z")
# What the clerk did is no excuse, however it begins.
_DONE = re.compile("已|完成|开展|办结|印发|推进|落实")
_EDGES = " \t\n\u3000"


def is_excuse(progress: str, problems: str, plans: str) -> bool:
    """Whether an answer's texts say that the task does not concern the unit, and nothing else.

    The first begins with 不涉及, 本单位不涉及 or 与本单位无关 and stops there, or gives a short reason; the others are
    empty, 无 or say the same.
    """
    return _excuses(progress) and all(not text.strip() or is_none(text) or _excuses(text) for text in (problems, plans))


def _excuses(text: str) -> bool:
    said = text.strip(_EDGES)
    opening = _OPENING.match(said) if len(said) <= _LONGEST else None
    if opening is None:
        return False
    if _STOP.match(said, opening.end()):
        return True
    clause = said.rstrip("。.！!")
    return len(clause) <= _ONE_CLAUSE and not _DONE.search(clause) and not re.search(r"[，。；：,;:\n]", clause)
