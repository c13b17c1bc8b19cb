"""Whether each if and for of a template has its end; told here because Jinja names only the end of the file."""

import re
from collections.abc import Iterable

from ledger_cli.write.word.template_fault import Tag, fault

KEYWORD = re.compile(r"\{%-?\s*(?:tr|tc|p|r)?\s*(\w+)")
"""The word that a tag of conditions and loops begins with."""

_CLOSERS = {"if": "endif", "for": "endfor"}
_NESTING_LIMIT = 12  # Python compiles no more than twenty loops within each other


def check_pairs(name: str, tags: Iterable[Tag]) -> None:
    """Raise ``CannotRun`` unless every if and for of these tags, in order, has its end. ``name``: the template's."""
    open_tags: list[tuple[str, Tag]] = []
    for tag in tags:
        match = KEYWORD.match(tag.text)
        if not match or tag.text.lstrip("{%- ").startswith(("vm ", "cellbg ")):
            continue
        word = match[1]
        if word in _CLOSERS:
            open_tags.append((word, tag))
            if len(open_tags) > _NESTING_LIMIT:
                raise fault(name, tag, f"if 和 for 套了{_NESTING_LIMIT}层以上，请写简单些")
        elif word in _CLOSERS.values():
            if not open_tags:
                raise fault(name, tag, f"前面没有与它配对的 {word[3:]}")
            opener, opened = open_tags.pop()
            if _CLOSERS[opener] != word:
                raise fault(name, opened, f"后面没有与它配对的 {_CLOSERS[opener]}，先遇到了“{tag.text}”")
        elif not open_tags:  # else and elif, the only words that are left
            raise fault(name, tag, "前面没有与它配对的 if")
    if open_tags:
        word, tag = open_tags[-1]
        raise fault(name, tag, f"后面没有与它配对的 {_CLOSERS[word]}")
