"""Field types shared by the models: every YAML scalar arrives as text and is converted here, or refused.

A refusal is a ``PydanticCustomError`` of type ``ledger`` whose message is the Chinese sentence users read
and whose context carries the hint.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:-|/|月)(\d{1,2})日?")
# No leading zero, separator or exponent: 0640, 1_000 and 1e3 are slips of the pen, not numbers.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_TASK = re.compile(r"[^\s:：|#\"'“”\[\]{},&*!%@`]{1,20}")
_WHOLE = re.compile(r"[1-9]\d*", re.ASCII)


def refuse(message: str, hint: str) -> PydanticCustomError:
    """The error that a validator raises; the text may hold braces, so it travels as context."""
    return PydanticCustomError("ledger", "{message}", {"message": message, "hint": hint})


def _text_only(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    raise refuse("这里应是一个值，却成了一组内容", "去掉花括号、方括号和下一级缩进，直接写值。")


DIGITS = 15
"""Digits of a figure, leading zeros apart; so many every program that reads our JSON keeps, in binary numbers too."""

NO_KEY = "\x00"
"""What the name of a field begins with that no file can give; no text that can be read holds it (Y007)."""

TaskNumber = int | str
"""What tells a task from others: a whole number, or a short text such as 2024-01."""

NUMBER_LENGTH = 9
"""Digits of a task's number; Python refuses to read numbers of several thousands."""


def plain_number(value: Decimal) -> int | float:
    """A figure as JSON and YAML write it: whole numbers without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def parse_day(text: str) -> date | None:
    """A day written as 2024-06-30, 2024/6/30, 2024.6.30 or 2024年6月30日; None for anything else."""
    match = _DAY.fullmatch(text.strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    text = _text_only(value)
    day = parse_day(text)
    if day is None and _DAY.fullmatch(text):
        raise refuse(f"没有{text}这一天", "核对月份和日子。")
    if day is None:
        raise refuse(f"“{text}”不是日期", "写成 2024-06-30 的样子。")
    return day


def _month_day(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    text = _text_only(value)
    match = _MONTH_DAY.fullmatch(text)
    if match:
        month, day = int(match[1]), int(match[2])
        try:
            date(2023, month, day)  # a common year: a duty due each year cannot fall on 29 February
        except ValueError:
            pass
        else:
            return (month, day)
    raise refuse(f"“{text}”不是每年都有的月日", "写成 01-15 的样子。")


LAST_DAY = 31
"""The day of a month that stands for its last one, however many it has."""


def _day_of_month(value: Any) -> Any:
    if isinstance(value, int):
        return value
    text = _text_only(value)
    if text == "末":
        return LAST_DAY
    if re.fullmatch(r"[0-9]{1,2}", text, re.ASCII) and 1 <= int(text) <= LAST_DAY:
        return int(text)
    raise refuse(f"“{text}”不是月里的日子", "写 1 到 31 的数字，月末、季末写“末”。")


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    text = _text_only(value)
    if not _NUMBER.fullmatch(text):
        raise refuse(f"“{text}”不是数字", "只写半角数字，如 64 或 5.2，不带单位、逗号和多余的零。")
    if len(text.lstrip("-").replace(".", "").lstrip("0")) > DIGITS:
        raise refuse(f"数字太长，超过{DIGITS}位", "核对是不是多打了数字；数字只写半角，不带单位。")
    return Decimal(text)


def _whole(value: Any) -> Any:
    if isinstance(value, int):
        return value
    text = _text_only(value)
    if not _WHOLE.fullmatch(text):
        raise refuse(f"“{text}”不是编号", "只写半角数字，如 3。")
    if len(text) > NUMBER_LENGTH:
        raise refuse(f"编号太长，超过{NUMBER_LENGTH}位", "核对编号，只写半角数字，如 3。")
    return int(text)


def _task(value: Any) -> Any:
    """The number of a task: a whole one, or else a short text in one piece."""
    if isinstance(value, int):
        return value
    text = _text_only(value)
    if re.fullmatch(r"[0-9]+", text, re.ASCII):
        return _whole(text)
    if not _TASK.fullmatch(text):
        raise refuse(
            f"“{text}”不是编号",
            "写 3、1.2、2024-01、（一）这样的编号，不超过20个字，中间不空格，不用冒号、竖线、井号。",
        )
    return text


def task_order(number: TaskNumber | None) -> tuple[bool, int, str]:
    """What numbers are sorted by where no catalog says their order: whole ones first."""
    return (True, 0, number) if isinstance(number, str) else (False, number or 0, "")


def _flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    text = _text_only(value)
    if text in ("true", "是"):
        return True
    if text in ("false", "否"):
        return False
    raise refuse(f"“{text}”不是“是”或“否”", "写 true（是）或者 false（否）。")


def _prose(value: Any) -> Any:
    if not isinstance(value, str):
        raise refuse(
            "正文被当成了一组内容",
            "正文以 {、[、- 开头或者下面又有“栏名:”时会这样；在冒号后写“|”，正文另起一行并多缩进两格。",
        )
    # The indentation of a first paragraph (U+3000) is the author's; only YAML's own edges go.
    return value.strip(" \t\n")


def _listed(value: Any) -> Any:
    """A single text where a list is expected is a list of one."""
    return [value] if isinstance(value, str) and value else value


def blank_is_none(value: Any) -> Any:
    """Nothing for a blank text; anything else as it is."""
    return None if isinstance(value, str) and not value.strip() else value


Word = Annotated[str, BeforeValidator(_text_only)]
Prose = Annotated[str, BeforeValidator(_prose)]
Day = Annotated[date, BeforeValidator(_day)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day)]
DayOfMonth = Annotated[int, BeforeValidator(_day_of_month)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
Numbered = Annotated[int | str, BeforeValidator(_task)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]
Proses = Annotated[tuple[Prose, ...], BeforeValidator(_listed)]


OptionalWord = Annotated[Word | None, BeforeValidator(blank_is_none)]
OptionalDay = Annotated[Day | None, BeforeValidator(blank_is_none)]


class Record(BaseModel):
    """A frozen model whose keys are the Chinese ones of the files."""

    model_config = ConfigDict(extra="forbid", frozen=True)
