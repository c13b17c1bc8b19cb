"""Catalogs and answers with the columns of a ledger: the keys that their files have, and what may stand under each.

For each shape there are models that know its keys, made once. What they read becomes an ordinary ``Task`` or
``Answer``: the attributes that every plan has, and in ``more`` the columns that only this one has.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, create_model

from ledger_cli.model.catalog import Catalog, Section, Task
from ledger_cli.model.column import PROSE_ROLES, Column, Role, Shape, Value, value_type
from ledger_cli.model.fields import NO_KEY, Prose, Record, Word, Words, blank_is_none
from ledger_cli.model.registry import Registry
from ledger_cli.model.submission import Answer, Submission

_OF_ANSWER = dict(zip(PROSE_ROLES, ("progress", "problems", "plans"), strict=True))
_OF_TASK = {Role.TEXT: "text", Role.UNITS: "units", Role.LEAD: "lead", Role.JOINT: "joint", Role.DEADLINE: "deadline"}
_REFS = {Role.UNITS: "refs", Role.LEAD: "lead_refs", Role.JOINT: "joint_refs"}
REFS_KEYS = {Role.UNITS: "责任主体", Role.LEAD: "牵头主体", Role.JOINT: "配合主体"}
"""What the ids of the units and groups stand under that the column of a role names."""
_LEVELS = 5  # sections within sections
_KEPT = 64  # shapes whose models are remembered


def refs_of(task: Task, role: Role) -> tuple[str, ...]:
    """The ids of the units and groups that the column of a role names."""
    found: tuple[str, ...] = getattr(task, _REFS[role])
    return found


def with_names(answer: Answer, registry: Registry) -> Answer:
    """An answer with the full names of the units that it is given for."""
    if not answer.spoken_for:
        return answer
    return answer.model_copy(update={"spoken_for": registry.full_names(answer.spoken_for)})


@lru_cache(_KEPT)
def submissions(shape: Shape) -> TypeAdapter[Submission]:
    """What reads whole submissions."""
    if shape.seed:
        return TypeAdapter(Submission)
    listed: Any = (dict[str, _answer(shape)], Field(alias="任务"))  # type: ignore[misc]
    return TypeAdapter(_plain(create_model("Submission", __base__=Submission, answers=listed), Submission))


@lru_cache(_KEPT)
def answers(shape: Shape) -> TypeAdapter[Answer]:
    """What reads single answers."""
    return TypeAdapter(Answer if shape.seed else _answer(shape))


@lru_cache(_KEPT)
def catalogs(shape: Shape) -> TypeAdapter[Catalog]:
    """What reads catalogs that have these columns."""
    if shape.seed:
        return TypeAdapter(Catalog)
    tasks: Any = (tuple[_task(shape), ...], Field(default=(), alias="任务"))  # type: ignore[misc]
    within: Any = (tuple[()], Field(default=(), alias="章节"))
    for _ in range(_LEVELS):
        section = _plain(create_model("Section", __base__=Section, tasks=tasks, sections=within), Section)
        within = (tuple[section, ...], Field(default=(), alias="章节"))  # type: ignore[valid-type]
    sections: Any = (tuple[section, ...], Field(alias="章节"))  # type: ignore[valid-type]
    return TypeAdapter(_plain(create_model("Catalog", __base__=Catalog, sections=sections), Catalog))


def given(answer: Answer, shape: Shape) -> dict[str, Any]:
    """What an answer says, by the keys of its file, the columns first."""
    found: dict[str, Any] = {column.key: value_of(answer, column) for column in shape.filed}
    for name, info in Answer.model_fields.items():
        if name not in (*_OF_ANSWER.values(), "more"):
            found[str(info.alias)] = getattr(answer, name)
    return {key: value for key, value in found.items() if value is not None and value not in ({}, ())}


def value_of(answer: Answer, column: Column) -> Value | None:
    """What an answer says in a column that the units fill in."""
    name = _OF_ANSWER.get(column.role)
    value: Value | None = getattr(answer, name) if name else answer.more.get(column.key)
    return value


def words_of(task: Task, column: Column) -> str:
    """The plan's words in one of its columns, apart from section and number."""
    name = _OF_TASK.get(column.role)
    return str(getattr(task, name) if name else task.more.get(column.key, ""))


def more_words(task: Task, shape: Shape) -> dict[str, str]:
    """The plan's words in the columns that not every plan has, by key."""
    own = [column for column in shape.of_plan if column.role in (Role.LEAD, Role.JOINT, Role.PLAN)]
    return {column.key: words for column in own if (words := words_of(task, column))}


def _answer(shape: Shape) -> Any:
    fields: dict[str, Any] = {
        name: (Prose | None, Field(default=None, alias=shape.key(role) or NO_KEY + name))
        for role, name in _OF_ANSWER.items()
    }
    fields |= _more(shape.more, value_type)
    return _plain(create_model("Answer", __base__=Answer, **fields), Answer, shape.more)


def _task(shape: Shape) -> Any:
    text = Annotated[Word, BeforeValidator(_blank_is_empty)]
    fields: dict[str, Any] = {
        name: (text, Field(default="", alias=shape.key(role) or NO_KEY + name))
        for role, name in _OF_TASK.items()
        if role is not Role.TEXT
    }
    fields["text"] = (Word, Field(alias=shape.key(Role.TEXT)))
    for role, name in _REFS.items():
        fields[name] = (Words, Field(default=(), alias=REFS_KEYS[role]))
    cells = tuple(shape.key(role) for role in (Role.UNITS, Role.LEAD, Role.JOINT, Role.DEADLINE) if shape.of(role))
    missing: Any = tuple[Literal[cells], ...] if cells else tuple[()]  # type: ignore[valid-type]
    fields["gaps"] = (missing, Field(default=(), alias="原件缺失"))
    own = [column for column in shape.of_plan if column.role is Role.PLAN]
    fields |= _more(own, lambda _: Annotated[text, Field()])
    return _plain(create_model("Task", __base__=Task, **fields), Task, own)


def _more(columns: Sequence[Column], kind: Callable[[Column], Any]) -> dict[str, Any]:
    return {
        f"more_{place}": (kind(column) | None, Field(default=None, alias=column.key))
        for place, column in enumerate(columns)
    }


def _plain(model: Any, base: type[Record], columns: Sequence[Column] = ()) -> Any:
    """A model that reads as ``model`` does, and gives instances of ``base``."""

    def converted(read: Any) -> Any:
        fields = {name: getattr(read, name) for name in base.model_fields}
        if columns:
            values = {column.key: getattr(read, f"more_{place}") for place, column in enumerate(columns)}
            fields["more"] = {key: value for key, value in values.items() if value not in (None, "")}
        return base.model_construct(None, **fields)

    return Annotated[model, AfterValidator(converted)]


def _blank_is_empty(value: Any) -> Any:
    return "" if blank_is_none(value) is None else value
