"""The settings of the hints about prose (data/hints.yaml): what counts as empty, as alike, as asking for figures."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from ledger_cli.model.fields import Record, Whole, Words, refuse
from ledger_cli.model.rule import PROSE_CODES


def _percentage(value: int) -> int:
    if not 50 <= value <= 100:
        raise refuse(f"“{value}”不在50到100之间", "写50到100之间的整数，如 90。")
    return value


def _hint_codes(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value not in PROSE_CODES:
            raise refuse(f"“{value}”不是提示的代码", f"可以停用的是：{'、'.join(sorted(PROSE_CODES))}。")
    return values


def _no_blank(values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(values):
        raise refuse("有一条是空的", "删去空的一条，或者补上文字。")
    for value in values:
        if value.startswith("-") or " -" in value:
            raise refuse(f"“{value}”里的减号后面没有空格", "每条一行，减号后面空一格再写词语。")
    return values


def _blank_is_empty(value: Any) -> Any:
    return () if isinstance(value, str) and not value.strip() else value


Percentage = Annotated[Whole, AfterValidator(_percentage)]
Codes = Annotated[Words, BeforeValidator(_blank_is_empty), AfterValidator(_hint_codes)]
Phrases = Annotated[Words, BeforeValidator(_blank_is_empty), AfterValidator(_no_blank)]


class Likeness(Record):
    """When two texts are alike (W402): from that share of equal characters on; shorter texts are not compared."""

    similarity: Percentage = Field(default=88, alias="相似度")
    shortest: Whole = Field(default=30, alias="最短字数")


class HintSettings(Record):
    """``phrases`` are empty words; ``asking`` are the words by which a task asks for a count.

    ``off`` are codes that the office has switched off. ``remainder`` is how many characters must be left of a
    text without its empty words for it to say something.
    """

    off: Codes = Field(default=(), alias="停用")
    placeholders: Phrases = Field(default=(), alias="占位")
    phrases: Phrases = Field(default=(), alias="套话")
    remainder: Whole = Field(default=4, alias="余字")
    likeness: Likeness = Field(default_factory=Likeness, alias="雷同")
    asking: Phrases = Field(default=(), alias="要数字")

    @property
    def silent(self) -> bool:
        """Whether every code is off."""
        return set(self.off) >= PROSE_CODES

    def on(self, code: str) -> bool:
        return code not in self.off

    def over(self, base: "HintSettings") -> "HintSettings":
        """These settings, and the base's where this file says nothing."""
        return base.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


_NONE = re.compile(
    r"(?:暂时|目前|暂|尚|本期)?(?:无|没有发现|没有|未发现|尚未发现|不存在|未见)(?:明显|突出|较大|重大|其他|新)?的?(?:存在)?"
    r"(?:问题|困难|不足|打算|计划|变化)?"
)
_EDGES = " \t\n\u3000。．.；;，,！!、"


def is_none(text: str) -> bool:
    """Whether a text says that there is nothing: 无, 暂无问题 and their like."""
    return len(text) < 16 and _NONE.fullmatch(text.strip(_EDGES)) is not None
