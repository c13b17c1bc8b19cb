"""The prompts of content controls, taken out of a document before it is read: what nobody has typed is no text.

Word marks a control that shows its prompt. Other programs leave that mark standing when somebody has typed over
the prompt or behind it, so only whole prompts that are known count, and the words around them stay.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from ledger_cli.model.form import PROMPT
from ledger_cli.read.office.namespaces import W
from ledger_cli.read.office.tables import UnreadableFile
from ledger_cli.read.office.word_markup import is_on, value
from ledger_cli.read.office.word_styles import Styles

KNOWN = (
    PROMPT,
    "单击或点击此处输入文字。",
    "单击或点击此处输入文字",
    "单击此处输入文字。",
    "单击此处输入文字",
    "点击此处输入文字。",
    "点击此处输入文字",
    "点击或单击此处输入文字。",
    "点击或点击此处输入文字。",
    "单击或点击此处输入日期。",
    "单击此处输入日期。",
    "点击此处输入日期。",
    "单击或点击以输入日期。",
    "选择一项。",
    "选择构建基块。",
    "选择一个构建基块。",
    "输入要重复的任何内容，包括其他内容控件。您还可以在表格行周围插入此控件，以便重复表格的某些部分。",
    "Click or tap here to enter text.",
    "Click here to enter text.",
    "Click or tap to enter a date.",
    "Click here to enter a date.",
    "Choose an item.",
    "Choose a building block.",
)
"""Our own prompt, and those that Word and WPS put into a control by themselves."""

_STOPS = "。. 　\t\n"
_WHOLE = frozenset(words.rstrip(_STOPS) for words in KNOWN)
_LEADING = re.compile(r"\s*(?:" + "|".join(map(re.escape, sorted(KNOWN, key=len, reverse=True))) + ")")
_UNREAD = {f"{W}del", f"{W}moveFrom", f"{W}sdtPr"}
_DEEPEST = 12  # content controls in each other
_LISTS = (f"{W}dropDownList", f"{W}comboBox")


def remove_prompts(root: Any, styles: Styles, own: dict[str, str]) -> None:
    """Take the prompts out of a story of the document, in place.

    ``own`` has the prompts that the document itself defines, by name.
    """
    if root.xpath(f"boolean(.//w:sdt[count(ancestor::w:sdt) >= {_DEEPEST}])", namespaces={"w": W.strip("{}")}):
        raise UnreadableFile(f"文件里的内容控件套了 {_DEEPEST} 层以上，没有读取", "把文字复制到填报表里，再收填报表。")
    for control in root.iter(f"{W}sdt"):
        properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
        if properties is None or content is None:
            continue
        if is_on(properties, "showingPlcHdr"):
            _clear(list(_texts(content)), own.get(value(properties, "placeholder/docPart")))
        elif any(child.tag in _LISTS for child in properties):
            texts = list(_texts(content))
            if _is_whole(_words(texts)):
                _cut(texts, len(_words(texts)))
    for runs in _prompt_runs(root, styles):
        _clear([text for run in runs for text in _texts(run)], None)


def document_prompts(glossary: Any) -> dict[str, str]:
    """The prompts in a document's glossary, which may be None, by the name that its controls use."""
    if glossary is None:
        return {}
    parts = glossary.iter(f"{W}docPart")
    bodies = ((value(part, "docPartPr/name"), part.find(f"{W}docPartBody")) for part in parts)
    return {name: _words(list(_texts(body))).strip() for name, body in bodies if name and body is not None}


def _prompt_runs(root: Any, styles: Styles) -> Iterator[list[Any]]:
    """Neighbouring runs in the style of prompts."""
    parents = {run.getparent(): None for run in root.iter(f"{W}r") if run.find(f"{W}rPr/{W}rStyle") is not None}
    for parent in parents:
        runs = (child for child in parent if child.tag == f"{W}r")
        for is_prompt, group in groupby(runs, styles.is_prompt):
            if is_prompt:
                yield list(group)


def _texts(element: Any) -> Iterator[Any]:
    """The text elements below an element that count after all changes are accepted."""
    for child in element:
        if child.tag == f"{W}t":
            yield child
        elif child.tag not in _UNREAD:
            yield from _texts(child)


def _words(texts: list[Any]) -> str:
    return "".join(text.text or "" for text in texts)


def _is_whole(words: str) -> bool:
    return words.strip().rstrip(_STOPS) in _WHOLE


def _clear(texts: list[Any], own: str | None) -> None:
    """Empty the texts where they are a prompt, or cut off the one that was left in front of words."""
    words = _words(texts)
    leading = _LEADING.match(words)
    if _is_whole(words) or (own and words.strip() == own):
        _cut(texts, len(words))
    elif leading:
        _cut(texts, leading.end())


def _cut(texts: list[Any], count: int) -> None:
    """Remove characters from the front of texts that follow each other."""
    for text in texts:
        words = text.text or ""
        text.text = words[count:]
        count -= min(count, len(words))
