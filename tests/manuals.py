"""The parts of the manuals that are made from the code: ``python -m tests.manuals`` writes them anew.

A part stands between two comments that name it. tests/test_manuals.py holds that each is as it is made here.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from ledger_cli.model.rule import KEPT_OUT_WORDS, RULES, SEVERITY_WORDS, Family, KeptOut, Rule

REPOSITORY = Path(__file__).resolve().parent.parent
_PART = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_FOR_CLERKS = (Family.TEXT, Family.SHAPE, Family.CONTENT, Family.DUTY)
_KEEPS_OUT = {
    KeptOut.ALL: "everything",
    KeptOut.FILE: "the file",
    KeptOut.PLACE: "the answer, or outside of answers the file",
    KeptOut.ANSWER: "the answer",
    KeptOut.NOTHING: "nothing",
}


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return "\n".join([_row(*heads), _row(*("---" for _ in heads)), *(_row(*row) for row in rows)]) + "\n"


def _chinese(families: tuple[Family, ...]) -> str:
    rows = [
        (rule.code, SEVERITY_WORDS[rule.severity], rule.title, rule.fix, KEPT_OUT_WORDS[rule.keeps_out])
        for rule in RULES.values()
        if rule.family in families
    ]
    return _table(("代码", "级别", "意思", "怎么改", "影响"), rows)


def _hints() -> str:
    rows = [(rule.code, rule.title, rule.fix) for rule in RULES.values() if rule.family is Family.PROSE]
    return _table(("代码", "意思", "怎么改"), rows)


def _english() -> str:
    return _table(
        ("code", "fault", "severity", "an error keeps out", "waivable"), [_in_english(r) for r in RULES.values()]
    )


def _in_english(rule: Rule) -> tuple[str, ...]:
    out = _KEEPS_OUT[rule.keeps_out] if rule.severity == "error" else ""
    return (rule.code, rule.name, rule.severity, out, "yes" if rule.waivable else "")


PARTS: dict[str, Callable[[], str]] = {
    "rules": _english,
    "rules-for-clerks": lambda: _chinese(_FOR_CLERKS),
    "hints": _hints,
    "rules-for-the-office": lambda: _chinese((Family.PLAN, Family.FORM)),
}
MANUALS = ("README.md", "README.zh-CN.md")


def made(text: str) -> str:
    """A manual with its parts as they are made from the code."""
    return _PART.sub(lambda match: match[1] + PARTS[match["name"]]() + match[3], text)


def main() -> None:
    for name in MANUALS:
        path = REPOSITORY / name
        path.write_text(made(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
