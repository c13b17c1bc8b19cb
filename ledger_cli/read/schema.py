"""Data to a model: pydantic's errors become misfits, in the users' words; what kind of file it is says their codes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ledger_cli.model.fault import Fault, Path

_SHAPES = {
    "dict_type": "这里应是若干下级栏目",
    "model_type": "这里应是若干下级栏目",
    "model_attributes_type": "这里应是若干下级栏目",
    "tuple_type": "这里应是一个列表",
    "list_type": "这里应是一个列表",
}
_SHAPE_HINTS = {
    "dict_type": '冒号后换行，下级栏目各占一行并多缩进两格；一行写完时用半角花括号，例如 {"3-1": 2024-06-20}。',
    "tuple_type": "一行写完时用半角方括号和半角逗号，例如 [甲, 乙]；或者每项一行，以“- ”开头。",
}


class Misfit(Enum):
    """How data can fail to be what its model says."""

    UNKNOWN_KEY = "unknown key"
    MISSING_KEY = "missing key"
    WRONG_VALUE = "wrong value"


@dataclass(frozen=True, slots=True)
class Misfitting:
    """One misfit at a path; ``name`` is the key that is unknown or missing, or that has the value."""

    kind: Misfit
    name: str
    path: Path
    message: str
    hint: str

    def fault(self, code: str, hint: str = "") -> Fault:
        """The fault that it is in a kind of file; an unknown key is told at itself, a missing one at its owner."""
        return Fault(code, self.path, self.message, hint or self.hint, at_key=self.kind is not Misfit.WRONG_VALUE)


def fitted(
    data: Any, adapter: TypeAdapter[Any], path: Path = (), *, whole: str = "文件里"
) -> tuple[Any, list[Misfitting]]:
    """The model of ``data``, or None, and the misfits; ``path`` is where the data stands in its file.

    ``whole`` is what a missing key of the data itself is said to be missing from.
    """
    try:
        return adapter.validate_python(data), []
    except ValidationError as error:
        return None, [_misfit(detail, path, whole) for detail in error.errors(include_url=False)]


def faults(misfits: Iterable[Misfitting], codes: Mapping[Misfit, str] | str) -> Iterator[Fault]:
    """The faults that misfits are, by their kinds, or all under one code."""
    for found in misfits:
        yield found.fault(codes if isinstance(codes, str) else codes[found.kind])


def _misfit(detail: Any, path: Path, whole: str) -> Misfitting:
    kind: str = detail["type"]
    # Pydantic marks what it says of a dict's key.
    where: Path = (*path, *(part for part in detail["loc"] if part != "[key]"))
    name = _name(where)
    if kind == "missing":
        owner = _name(where[:-1])
        inside = f"“{owner}”下面" if owner else whole
        hint = f"补上“{name}: ”一行。"
        return Misfitting(Misfit.MISSING_KEY, name, where[:-1], f"{inside}缺少“{name}”", hint)
    if kind == "extra_forbidden":
        hint = "删去这一栏，或者把内容移到已有的栏目里。"
        return Misfitting(Misfit.UNKNOWN_KEY, name, where, f"没有“{name}”这个栏目", hint)
    return Misfitting(Misfit.WRONG_VALUE, name, where, *_wrong(kind, name, detail, where))


def _name(path: Path) -> str:
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "")


def _wrong(kind: str, name: str, detail: Any, path: Path) -> tuple[str, str]:
    """What is wrong with a value, and what to do."""
    if kind == "ledger":
        context = detail["ctx"]
        return f"“{name}”：{context['message']}", context["hint"]
    if kind in _SHAPES:
        if detail["input"] == "" and len(path) == 1:
            message = f"“{name}”下面没有内容"
        else:
            message = f"“{name}”：{_SHAPES[kind]}" if name else f"文件读不出栏目，{_SHAPES[kind]}"
        return message, _SHAPE_HINTS["tuple_type" if kind in ("tuple_type", "list_type") else "dict_type"]
    if kind == "literal_error":
        expected = detail["ctx"]["expected"].replace("'", "").replace(" or ", "、").replace(", ", "、")
        return f"“{name}”不能是“{detail['input']}”", f"写其中之一：{expected}。"
    return f"“{name}”的内容形式不对", "对照样例改正。"
