"""What our own form looks like: its marks, headings and standing words, by which it is known when it comes back."""

import hashlib
import re
from dataclasses import dataclass

from ledger_cli.model.catalog import Period
from ledger_cli.model.column import Shape, columns_in_words, how_to_write
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit

PROMPT = "点击此处填写"
"""What stands in an answer cell of our form until somebody fills it in."""

UNIT_HEADING, STANDING, REVIEW = "填报单位", "报送情况", "审核情况"
"""Headings of our own ledger in Excel: whose an answer is, what became of it, how it stands in review."""
STANDINGS = frozenset(("已报", "不涉及", "未报", "有误", "未通过审核", "已通过", "退回", "待审"))
"""All that stands under the last two."""
KEY, STATUS = "键", "状态"
"""Headings of our own sheet: the tasks' numbers, hidden, and the clerk's own mark of progress."""
FILLED, NOT_APPLICABLE = "已填报", "不涉及"
"""What a clerk may choose under ``STATUS``."""

RETURNED = "退回修改　"
"""What each line begins with that we put in front of a form sent back for correction."""
REVIEWER = "退回意见"
"""The author of the comments in such a form."""


_MARK = re.compile(r"ledger-form ([a-z0-9_-]+) (\S+)(?: ([0-9a-f]{16}))?(?: plan:([0-9a-f]{8}))?")


def instructions(shape: Shape) -> tuple[str, ...]:
    """What stands above the table of a form, a line each."""
    names = "".join(f"“{column.name}”" for column in shape.filed)
    count = columns_in_words(len(shape.filed))
    nil = [column.name for column in shape.filed if column.nil_allowed]
    none = "没有问题或者打算的写“无”" if shape.seed else f"{'、'.join(nil)}没有的写“无”" if nil else ""
    others = "另两栏" if len(shape.filed) == 3 else "别的栏"
    excuse = f"与本单位无关的任务，在“{shape.main.name}”里写“不涉及：”和理由，{others}留空。"
    typed = [f"“{column.name}”{how_to_write(column)}" for column in shape.filed if not column.long]
    return (
        f"填写办法：只填{names}{count}，其余各栏请勿改动；可以分段。",
        *([f"{'；'.join(typed)}。"] if typed else []),
        f"{none}；{excuse}" if none else excuse,
        "填好后把这个文件直接发回，不要另存为别的格式，不要增删行、列。",
    )


def prefill_note(period: Period) -> str:
    """What a form says that was prefilled from an earlier period; when it comes back, this is no text of the unit's."""
    return f"表中已填的是{period.name}的内容，请改成本期情况。"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose form it is, and the digest of the submission it was prefilled from, if it was.

    ``plan`` is the digest of the tasks that it prints (``plan_digest``), "" in forms from before it was kept.
    """

    unit: str
    period: str
    digest: str = ""
    plan: str = ""

    def __str__(self) -> str:
        marks = (self.digest, f"plan:{self.plan}" if self.plan else "")
        return " ".join(("ledger-form", self.unit, self.period, *filter(None, marks)))

    @classmethod
    def of(cls, keywords: str) -> "Origin | None":
        """The origin in a document's keywords; None where it is no form of ours."""
        return next(iter(cls.all_of(keywords)), None)

    @classmethod
    def all_of(cls, keywords: str) -> "list[Origin]":
        """Every origin in the keywords: programs that join documents may join these too."""
        return [cls(match[1], match[2], match[3] or "", match[4] or "") for match in _MARK.finditer(keywords)]


_REPORT = re.compile(r"ledger-report (\S+)")


def report_mark(period: str) -> str:
    """What a report of ours carries as its keywords, so that it is known for one when it comes in again."""
    return f"ledger-report {period}"


def reported_period(keywords: str) -> str | None:
    """The period of a report of ours; None where the keywords are no such document's."""
    match = _REPORT.search(keywords)
    return match[1] if match else None


def digest(data: bytes) -> str:
    """Sixteen digits that tell one submission file from another."""
    return hashlib.sha256(data).hexdigest()[:16]


def plan_digest(plan: Plan, unit: Unit) -> str:
    """Eight digits that change with the numbers or the texts of the tasks that a unit owes."""
    owed = "\n".join(f"{number} {plan.catalog.tasks[number].digest}" for number in plan.claims.by_unit[unit.id])
    return hashlib.sha256(owed.encode("utf-8")).hexdigest()[:8]
