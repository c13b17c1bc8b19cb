"""The comments of a Word document that somebody other than the program wrote."""

import re
from collections.abc import Iterable
from typing import Any

from ledger_cli.model.form import RETURNED
from ledger_cli.read.office.namespaces import W
from ledger_cli.read.office.word_text import Surroundings, story_lines

_REMARK = re.compile(rf"{RETURNED}\d+\. (?:第.+?项“.+?”|整份报送)：(.*)", re.DOTALL)


def comments_by_id(root: Any, front: Iterable[str], around: Surroundings) -> dict[str, str]:
    """Author and words of each comment in comments.xml by its id.

    Left out are those that a returned form came with. Their words stand on its front page, whose lines are
    ``front``; the author says nothing, for other programs change it and people keep it.
    """
    ours = {_bare(match[1]) for line in front if (match := _REMARK.fullmatch(line))}
    found: dict[str, str] = {}
    for comment in root.iter(f"{W}comment"):
        words = "\n".join(story_lines(comment, around)).strip()
        if words and _bare(words) in ours:
            continue
        author = comment.get(f"{W}author", "").strip()
        found[comment.get(f"{W}id", "")] = "：".join(part for part in (author, words) if part)
    return found


def _bare(text: str) -> str:
    return "".join(text.split())
