"""A submission to its YAML file in the canonical layout: block scalars that a clerk can read and edit."""

from collections.abc import Iterator, Mapping

from ledger_cli.emit import block, flow_list, is_plain, quoted, word
from ledger_cli.model.column import Shape, shown
from ledger_cli.model.fields import plain_number
from ledger_cli.model.shaped import value_of
from ledger_cli.model.submission import Answer, Submission, whole_number
from ledger_cli.model.task_text import digest_mark


def to_submission_yaml(submission: Submission, shape: Shape, digests: Mapping[str, str] | None = None) -> str:
    """The file's text; reading it gives the same submission.

    ``digests`` are those of the tasks' texts that the answers are for, by key; they are read back, too.
    """
    return "\n".join(_lines(submission, shape, digests or {})) + "\n"


def _lines(submission: Submission, shape: Shape, digests: Mapping[str, str]) -> Iterator[str]:
    yield f"单位: {word(submission.unit)}"
    yield f"报送期: {word(submission.period)}"
    for name, value in (
        ("填报日期", submission.filed_on),
        ("填报人", submission.filed_by),
        ("审核人", submission.checked_by),
        ("联系电话", submission.phone),
    ):
        if value is not None:
            yield f"{name}: {word(str(value))}"
    yield "任务:" if submission.answers else "任务: {}"
    for key, answer in sorted(submission.answers.items(), key=lambda item: _order(item[0])):
        yield f"  {word(key)}:" + (f"  {digest_mark(digests[key])}" if key in digests else "")
        yield from _answer(answer, shape)


def _order(key: str) -> tuple[bool, int, str]:
    return (not key.isdecimal(), whole_number(key) or 0, key)


def _answer(answer: Answer, shape: Shape) -> Iterator[str]:
    if answer.not_applicable is not None:
        yield from _text("不涉及", answer.not_applicable)
    for column in shape.filed:
        value = value_of(answer, column)
        if value is not None and column.long:
            yield from block(f"    {word(column.key)}: ", shown(column, value), 6, mark="|")
        elif value is not None:
            yield f"    {word(column.key)}: {word(shown(column, value))}"
    if answer.met:
        yield "    完成: {" + ", ".join(f"{quoted(item)}: {day}" for item, day in answer.met.items()) + "}"
    if answer.figures:
        items = ", ".join(f"{quoted(item)}: {plain_number(value)}" for item, value in answer.figures.items())
        yield f"    指标: {{{items}}}"
    if answer.evidence:
        yield "    佐证:"
        for item in answer.evidence:
            yield from block("      - ", item, 8, mark="|")
    if answer.spoken_for:
        yield f"    联合: {flow_list(answer.spoken_for)}"
    if answer.waived:
        yield "    忽略: {" + ", ".join(f"{code}: {quoted(why)}" for code, why in answer.waived.items()) + "}"


def _text(name: str, text: str) -> Iterator[str]:
    """A short text stays on its line where YAML reads it there to the letter."""
    if "\n" not in text and is_plain(text):
        yield f"    {name}: {text}"
    else:
        yield from block(f"    {name}: ", text, 6, mark="|")
