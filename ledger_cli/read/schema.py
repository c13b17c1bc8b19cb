"""A document's data to a model: pydantic's errors become findings at their places, in the users' words."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ledger_cli.model.finding import Finding
from ledger_cli.read.document import Document, Path

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


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was probably meant to be."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - most runs have nothing to ask

    close = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=50)
    return close[0] if close else None


def validate(
    document: Document,
    data: Any,
    adapter: TypeAdapter[Any],
    path: Path = (),
    *,
    codes: Callable[[str], str] = lambda code: code,
) -> tuple[Any, list[Finding]]:
    """The model of ``data``, or None, and the findings; ``path`` is where the data stands in the document.

    ``codes`` maps S101, S102 and S103 to the codes of the kind of file (K501 for the catalog).
    """
    try:
        return adapter.validate_python(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_translate(document, detail, path, codes) for detail in details]


def _translate(document: Document, detail: Any, path: Path, codes: Callable[[str], str]) -> Finding:
    kind: str = detail["type"]
    where: Path = (*path, *_own_steps(detail["loc"]))
    name = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
    if kind == "missing":
        return _missing(document, where, name, codes)
    at = document.place(where)
    if kind == "extra_forbidden":
        at = document.place(where, key=True)
        hint = "删去这一栏，或者把内容移到已有的栏目里。"
        return document.report(codes("S101"), at, f"没有“{name}”这个栏目", hint)
    if kind == "ledger":
        context = detail["ctx"]
        return document.report(codes("S103"), at, f"“{name}”：{context['message']}", context["hint"])
    if kind in _SHAPES:
        given = detail["input"]
        if given == "" and len(where) == 1:
            message = f"“{name}”下面没有内容"
        else:
            message = f"“{name}”：{_SHAPES[kind]}" if name else f"文件读不出栏目，{_SHAPES[kind]}"
        hint = _SHAPE_HINTS["tuple_type" if kind in ("tuple_type", "list_type") else "dict_type"]
        return document.report(codes("S103"), at, message, hint)
    if kind == "literal_error":
        expected = detail["ctx"]["expected"].replace("'", "").replace(" or ", "、").replace(", ", "、")
        message = f"“{name}”不能是“{detail['input']}”"
        return document.report(codes("S103"), at, message, f"写其中之一：{expected}。")
    return document.report(codes("S103"), at, f"“{name}”的内容形式不对", "对照样例改正。")


def _own_steps(loc: tuple[str | int, ...]) -> Path:
    """Pydantic's location without the marks it adds for a dict's key."""
    return tuple(part for part in loc if part != "[key]")


def _missing(document: Document, where: Path, name: str, codes: Callable[[str], str]) -> Finding:
    at = document.place(where[:-1], key=True)
    owner = next((str(part) for part in reversed(where[:-1]) if isinstance(part, str)), "")
    inside = f"“{owner}”下面" if owner else "文件里"
    return document.report(codes("S102"), at, f"{inside}缺少“{name}”", f"补上“{name}: ”一行。")
