"""What ``ledger report`` calls a document of its own accord: the whole ledger of today, or a part by its name.

Nothing but the whole ledger is ever called ledger.docx, so that a part cannot take its place.
"""

import hashlib
import re
from dataclasses import dataclass

from ledger_cli.cli.shared.options import find_task, find_unit
from ledger_cli.cli.shared.scope import Scope, section_place
from ledger_cli.model.plan import Plan
from ledger_cli.read.office.numbering import chinese_number

WHOLE = "build/ledger.docx"

_FORBIDDEN = str.maketrans('\\/:*?"<>|', "＼／：＊？＂＜＞｜")
"""What no name on Windows may hold, and the full-width character that looks alike."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?")
_LONGEST = 60
"""Characters of a name; with its folder and suffix well below what Windows and zip archives hold."""


@dataclass(frozen=True, slots=True)
class ReportName:
    """The options that decide what a document is about; each that was given has its place in the name."""

    scope: Scope
    template: str | None = None
    blank: bool = False
    circular: bool = False
    period: str | None = None
    accepted_only: bool = False
    at: str | None = None
    split: str | None = None

    @property
    def of_whole(self) -> bool:
        """Whether no option asks for less or other than the whole ledger; the period is the plan's to judge."""
        chosen = (self.template, self.blank, self.circular, self.accepted_only, self.at, self.split)
        return not any(chosen) and not self.scope.of_units and not self.scope.of_tasks

    def path(self, plan: Plan) -> str:
        """The document's name below the workspace, or the folder's with ``split``; raises ``CannotRun``."""
        parts, variants = list(self._parts(plan)), self._variants(plan)
        if self.split:
            inside = ["，".join([*parts, *variants])] if parts or variants else []
            return "build/" + file_name(_with_variants(f"split-{self.split}", inside))
        if not parts and not variants:
            return WHOLE
        return f"build/{file_name(_with_variants('_'.join(parts) or '台账', variants))}.docx"

    def _parts(self, plan: Plan) -> list[str]:
        parts = ["空白台账"] if self.blank else ["情况通报"] if self.circular else []
        scope = self.scope
        if scope.unit is not None:
            parts.append(find_unit(plan, scope.unit).name)
        if scope.under is not None:
            city = find_unit(plan, scope.under)
            parts.append((city.short[0] if city.short else city.name) + "及所辖")
        if scope.section is not None:
            parts.append(f"第{chinese_number(section_place(plan, scope.section) + 1)}节")
        if scope.task is not None:
            parts.append(f"第{find_task(plan, scope.task)}项")
        return parts

    def _variants(self, plan: Plan) -> list[str]:
        variants = []
        if self.period is not None and self.period != plan.catalog.current:
            known = plan.catalog.period(self.period)
            variants.append(known.name if known else self.period)
        if self.accepted_only:
            variants.append("只列已通过")
        if self.at is not None:
            variants.append(f"版本{self.at}")
        if self.template is not None and not (self.circular and _stem(self.template) == "brief"):
            variants.append(_stem(self.template))
        return variants


def file_name(text: str) -> str:
    """The text as a file's name that Windows takes, without a suffix; a name too long keeps its difference."""
    name = _CONTROL.sub("", text.translate(_FORBIDDEN)).strip().rstrip(". ")
    if len(name) > _LONGEST:
        digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
        name = f"{name[:_LONGEST].rstrip('. ')}～{digest}"
    return f"_{name}" if not name or _DEVICES.fullmatch(name) else name


def _with_variants(text: str, variants: list[str]) -> str:
    return f"{text}（{'，'.join(variants)}）" if variants else text


def _stem(template: str) -> str:
    return template.removesuffix(".docx")
