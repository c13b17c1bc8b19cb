"""What is wrong with a tag of a Word template, in Chinese: Jinja's own messages never reach a user."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from jinja2.exceptions import SecurityError

from ledger_cli.exits import CannotRun
from ledger_cli.model.clip import clipped
from ledger_cli.model.closest import did_you_mean

FILTERS = {
    "upper": ("变大写", "upper"),
    "lower": ("变小写", "lower"),
    "length": ("字数或者个数", "length"),
    "join": ("连成一串", "join('、')"),
    "first": ("第一个", "first"),
    "last": ("最后一个", "last"),
    "default": ("没有时代用", "default('无')"),
    "trim": ("去掉两头空白", "trim"),
    "replace": ("替换", "replace('旧', '新')"),
    "round": ("四舍五入，只用于数字", "round(1)"),
    "int": ("取整数", "int"),
}
"""The filters that templates may use: what each does, and how it is written."""

_FULL_WIDTH = dict(zip("｜（）．，＝＞＜｛｝％", "|().,=><{}%", strict=True))


class TooMuch(Exception):
    """A tag made more than any document holds."""


class Unprintable(Exception):
    """A value that is no text and no number, such as a list, stands where one is printed."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it stands in the template, the text of its paragraph, and its cell, for messages."""

    text: str
    paragraph: str = ""
    place: str = ""


def fault(name: str, tag: Tag, reason: str) -> CannotRun:
    """The error of a faulty template: the cell, the tag, its paragraph and what to do."""
    shown = clipped(tag.paragraph, 60)
    return CannotRun(
        f"模板“{name}”里{tag.place}的“{tag.text}”有误：{reason}",
        f"它所在的段落是“{shown}”，请在 Word 里改正这个模板。",
    )


class Unknown(StrictUndefined):
    """A name that does not exist; using it says so, with the names that do."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_name is None:
            return "取不到值，前面的内容是空的"
        name = str(self._undefined_name)
        if isinstance(self._undefined_obj, Mapping):
            known = [str(key) for key in self._undefined_obj]
            meant = did_you_mean(name, known)
            asked = f"是不是“{meant}”？" if meant else ""
            return f"没有“{name}”这一栏，{asked}这里可以用的有：{'、'.join(known)}"
        return f"没有“{name}”这个名称"

    def __round__(self, *_: Any) -> Any:
        raise UndefinedError(self._undefined_message)


def syntax_reason(text: str) -> str:
    """Why a tag cannot be parsed."""
    wide = next((mark for mark in re.sub(r"'[^']*'|\"[^\"]*\"", "", text) if mark in _FULL_WIDTH), None)
    if wide:
        return f"“{wide}”是全角的，要换成半角的“{_FULL_WIDTH[wide]}”"
    return "写法不对，取值写成 {{ 行.存在问题 }} 的样子"


def run_reason(tag: Tag, error: Exception, names: Iterable[str]) -> str:
    """Why a tag cannot be printed; ``names`` are those that the template can take values from."""
    if isinstance(error, UndefinedError):
        reason = str(error.message)
        if reason.endswith("这个名称"):
            reason += f"；可以从{'、'.join(names)}取值，或者用 for 里的名称"
        return reason
    if isinstance(error, TooMuch):
        return "模板生成的内容太多，已经停下；检查里面的 for 是不是套错了、重复了"
    if isinstance(error, Unprintable):
        return "这里不是文字，是一组内容，不能直接印；用 for 逐个取，再写出是哪一栏"
    if isinstance(error, SecurityError):
        return "不能这样取值，只能取各栏的内容"
    if isinstance(error, ArithmeticError):
        return "这里算不了，加减乘除和 round 只用于不太大的数字"
    used = [word for word in re.findall(r"\|\s*(\w+)", tag.text) if word in FILTERS]
    if used:
        shown = "；".join(f"{word}（{FILTERS[word][0]}）写成 | {FILTERS[word][1]}" for word in dict.fromkeys(used))
        return f"“|”后面的处理在这里用不上，或者括号里写得不对：{shown}"
    return "这个写法不能执行"


def unknown_filter(name: str) -> str:
    """Why a filter is refused."""
    known = "、".join(f"{name}（{meaning}）" for name, (meaning, _) in FILTERS.items())
    return f"没有“{name}”这种处理，“|”后面可以用的有：{known}"


def unknown_test(name: str) -> str:
    """Why a test, the word behind ``is``, is refused."""
    return f"没有“{name}”这种判断，比较用 ==、!=、>、<"
