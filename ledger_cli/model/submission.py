"""What one unit reports for one period: the model of submissions/<period>/<unit>.yaml."""

from decimal import Decimal

from pydantic import Field

from ledger_cli.model.fields import Day, Number, OptionalDay, OptionalWord, Prose, Proses, Record, Word

PROSE = ("具体落实情况", "存在问题", "工作打算")
FREE_TEXT = frozenset((*PROSE, "不涉及", "佐证"))
"""Keys whose values are the clerk's own words, where nothing may be cut, folded or converted."""


class Answer(Record):
    """A unit's answer to one task: three texts, or the reason why the task does not concern it."""

    progress: Prose | None = Field(default=None, alias="具体落实情况")
    problems: Prose | None = Field(default=None, alias="存在问题")
    plans: Prose | None = Field(default=None, alias="工作打算")
    not_applicable: Prose | None = Field(default=None, alias="不涉及")
    met: dict[str, Day] = Field(default_factory=dict, alias="完成")
    figures: dict[str, Number] = Field(default_factory=dict, alias="指标")
    evidence: Proses = Field(default=(), alias="佐证")
    waived: dict[str, Word] = Field(default_factory=dict, alias="忽略")

    @property
    def texts(self) -> tuple[str, str, str]:
        return (self.progress or "", self.problems or "", self.plans or "")

    @property
    def content(self) -> tuple[object, ...]:
        """All that a reader of the ledger sees; equal contents may be printed once."""
        return (
            *self.texts,
            self.not_applicable,
            tuple(self.met.items()),
            tuple(self.figures.items()),
            self.evidence,
        )


class Submission(Record):
    unit: Word = Field(alias="单位")
    period: Word = Field(alias="报送期")
    filed_on: OptionalDay = Field(default=None, alias="填报日期")
    filed_by: OptionalWord = Field(default=None, alias="填报人")
    checked_by: OptionalWord = Field(default=None, alias="审核人")
    phone: OptionalWord = Field(default=None, alias="联系电话")
    answers: dict[str, Answer] = Field(alias="任务")


def plain_number(value: Decimal) -> int | float:
    """A figure as JSON and YAML write it: whole numbers without a point."""
    return int(value) if value == value.to_integral_value() else float(value)
