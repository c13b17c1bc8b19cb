"""The lines around the tables: a signature, labels, notes of our own; what is none of these has no place."""

import re
from datetime import date

from ledger_cli.intake.columns import bare
from ledger_cli.intake.own_report import is_note
from ledger_cli.model.fields import parse_day
from ledger_cli.model.form import RETURNED
from ledger_cli.model.plan import Plan

_SIGNED = re.compile(r"(填报人|审核人|联系电话|填报日期)[：:]\s*([^\s　：:]*)")
# What a head or foot may say besides: whose form it is and until when, a stamp, a page number, a date.
_LABELLED = re.compile(r"(填报单位|报送单位|单位名称|单位|报送期|截止)(?:（盖章）)?[：:]\s*([^\s　]*)|请于(\S*)前报送")
_KNOWN_LINE = re.compile(
    r"附件|填报人|审核人|联系电话|填报日期|[—\-–]\s*\d{1,4}\s*[—\-–]|[—\-–]*|（?单位）?（盖章）|（盖章）"
)
_PAGE_NUMBER = re.compile(r"第?\s*\d{1,4}\s*页?")
DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
"""A line that is nothing but a date, as below a signature."""


class LinesAround:
    """Reads such lines; ``header`` collects the names, date and telephone of a signature.

    ``known`` are lines of our own forms, ``report`` says that the document carries the mark of our own reports;
    ``unit`` is the one unit that the document is from, where it is of one.
    """

    def __init__(self, plan: Plan, known: frozenset[str], *, report: bool, unit: str | None) -> None:
        self.plan = plan
        self.unit = unit
        self.known = {bare(line) for line in known}
        self.report = report
        self.header: dict[str, str] = {}
        self._sections = {bare(title) for placed in plan.catalog.placed for title in placed.titles}

    def rest(self, line: str, *, margin: bool = False) -> str:
        """What of a line has no place; "" where all of it is understood. In a ``margin`` pages are numbered,
        in our own reports answers are counted.
        """
        words = bare(line)
        ours = (
            not words
            or self._is_own_name(line)
            or ((margin or self.report) and _PAGE_NUMBER.fullmatch(words) is not None)
            or line.startswith(RETURNED)
            or words in self.known
            or is_note(line, self.plan.registry, ours=self.report)
            or (self.report and self.is_section(line))
        )
        rest = "" if ours else _LABELLED.sub(self._label, self._signed(line)).strip()
        return "" if _KNOWN_LINE.fullmatch(rest) or self._is_own_day(rest) else rest

    def _is_own_name(self, line: str) -> bool:
        unit = self.plan.registry.find(line.strip())
        return unit is not None and self.unit in (None, unit.id)

    def _is_own_day(self, text: str) -> bool:
        """Whether a date is one that the form or its signature has anyway."""
        day = parse_day(text)
        signed = parse_day(self.header.get("填报日期", ""))
        return day is not None and (day == signed or self._is_due(day))

    def _is_due(self, day: date | None) -> bool:
        return any(day == period.due for period in self.plan.catalog.periods)

    def is_section(self, text: str) -> bool:
        """Whether a text is the title of a section."""
        return bare(text) in self._sections

    def _label(self, match: re.Match[str]) -> str:
        """Nothing for a label whose word is understood; else the whole, to be told."""
        name, value, until = match.groups("")
        word = re.sub(r"[（(][^（）()]*[）)]", "", value)
        if not name:
            known = self._is_due(parse_day(until))
        elif name == "报送期":
            known = any(word in (period.code, period.name) for period in self.plan.catalog.periods)
        elif name == "截止":
            known = self._is_due(parse_day(word))
        else:
            known = self.plan.registry.find(word) is not None
        return "" if known or not (value or until) else match.group()

    def _signed(self, line: str) -> str:
        """The line without a signature's words, which are taken into the header."""

        def take(match: re.Match[str]) -> str:
            name, value = match.groups()
            if value and (name != "填报日期" or parse_day(value)):
                return "" if self.header.setdefault(name, value) == value else match.group()
            return match.group() if value else ""

        return _SIGNED.sub(take, line)
