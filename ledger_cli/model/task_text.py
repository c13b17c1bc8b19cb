"""What a task says, as a digest: an answer that carries it is known to belong to that text, whatever its number.

In a submission the digest stands behind the task's key, as a comment that nobody has to read.
"""

import hashlib
import re
import unicodedata

MARK = "原文校验"
"""The word that a task's digest follows."""

_KEY = r"""\s*(?:"[^"]*"|'[^']*'|[^\s:：#"']+)\s*[:：]"""
_MARK = re.compile(rf"{_KEY}\s*#\s*{MARK}[\s:：]*([0-9a-f]{{8}})(?![0-9A-Za-z])")


def text_digest(text: str) -> str:
    """Eight digits that change with a task's words; blanks, line breaks and forms of one character do not count."""
    plain = "".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def digest_mark(digest: str) -> str:
    """The comment behind a task's key that says which text the answer below it is for."""
    return f"# {MARK} {digest}，请保留"


def marked_digest(line: str) -> str | None:
    """The digest on a key's line; None where there is none, or none that a program wrote."""
    match = _MARK.match(line)
    return match[1] if match else None
