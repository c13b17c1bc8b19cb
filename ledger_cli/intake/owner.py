"""Whose a filled file is, and for which period: what its hidden marks, its print and its name say.

Marks that name two units or two periods, or that say another one than the printed words or the file's name, are a
finding that names both (F605): the answers may be another unit's, so nothing of such a file is written. Where nothing
says whose it is, a person has to (F604).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ledger_cli.intake.columns import heading
from ledger_cli.model.column import Shape
from ledger_cli.model.finding import Finding, finding
from ledger_cli.model.form import Origin
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Registry, name_key
from ledger_cli.read.office.tables import FilledDocument

_BRACKETED = re.compile(r"[（(〔\[][^（）()〔〕\[\]]*[）)〕\]]")
# 责任单位： and its kin head a column of the plan; they never say who filled the form in.
_UNIT_LABEL = re.compile(r"(?<![任头合办属管])((?:填报|报送)?单位(?:名称)?)(?:（盖章）)?\s*[：:]\s*([^\s　]+)")
_PERIOD_LABEL = re.compile(r"报送期\s*[：:]\s*([^\s　]+)")
# A name goes on into that of an office below: 银川市司法局 is not 银川市.
_LONGER_NAME = re.compile(r"[一-鿿]{0,8}?(?:局|厅|委员会|办公室|总队|支队|大队|中心|街道|管委会|法院|检察院|公司|学校)")
_DOCUMENT_WORDS = re.compile(r"[的报台工落关贯填任行情推第年上下全汇表（(]")


_Place = tuple[int, int, str]
"""Where a unit's name stands in a file's name: first character, the one after the last, the unit's id."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The unit (None where nothing tells) and the period of a file; ``faults`` say why nothing may be written.

    ``single`` says that all answers are this one unit's, whatever their words begin with: the file carries our mark,
    says so in print, or the command line says so. A name of the file alone does not.
    """

    unit: str | None
    period: str | None
    single: bool = False
    faults: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that tells a unit or a period: ``where`` in words, ``what`` is an id or code, None for one unknown."""

    where: str
    what: str | None
    words: str


def owner_of(
    plan: Plan, document: FilledDocument, file: str, *, unit: str | None, period: str | None, ours: frozenset[str]
) -> Owner:
    """Whose the document is.

    ``unit`` and ``period`` are what the command line says, ``ours`` lines of our own forms that name periods without
    meaning the form's own.
    """
    origins = Origin.all_of(document.keywords)
    printed = [line for line in _printed(document, plan.catalog.shape) if line not in ours]
    marks = [Told("表内标记", o.unit if o.unit in plan.registry.unit else None, o.unit) for o in origins]
    labels = list(_labelled_units(plan.registry, printed, {told.what for told in marks}))
    asked = [Told("--unit", unit, unit)] if unit else []
    names = [Told("文件名", named, PurePosixPath(file).stem) for named in units_in_name(plan.registry, file)]
    signed = [] if labels else _signatures(plan.registry, printed)
    faults = [*_disagreement(plan, file, "单位", [*asked, *marks, *labels])]
    sure = {told.what for told in (*asked, *marks, *labels) if told.what} or {told.what for told in signed if told.what}
    if not faults and not asked and sure and names and not sure & {told.what for told in names}:
        # A signature may name a higher office; the name of the file then decides.
        faults += _conflict(file, "单位", [*_named(plan, [*marks, *labels, *signed]), *_named(plan, names)])
    if not faults and not asked and not marks and not labels and len(sure) > 1:
        faults += _conflict(file, "单位", _named(plan, signed))
    whose = next(iter(sure)) if len(sure) == 1 else None
    if whose is None and not faults and len(names) == 1:
        whose = names[0].what
    when, late = _period(plan, document, printed, file, period, origins)
    return Owner(whose, when, single=bool(asked or marks or labels), faults=(*faults, *late))


def units_in_name(registry: Registry, file: str) -> list[str]:
    """The units that a file's name names, each once; a place within another one named stands for itself alone.

    A name that goes on into that of another office (银川市司法局) names nobody who is registered.
    """
    stem = PurePosixPath(file).stem
    exact = registry.find(stem)
    if exact:
        return [exact.id]
    key = name_key(stem)
    found: list[_Place] = []
    for unit in registry.units:
        for name in unit.names:
            found += [(at.start(), at.end(), unit.id) for at in _occurrences(key, name_key(name))]
    longest = [one for one in found if not any(_within(one, other) for other in found)]
    alone = [one for one in longest if not any(_overlap(one, other) for other in longest)]
    ids = dict.fromkeys(unit for _, end, unit in sorted(alone) if not _goes_on(key[end:]))
    above = {parent for unit in ids if (parent := registry.unit[unit].parent)}
    return [unit for unit in ids if unit not in above]


def _occurrences(text: str, name: str) -> Iterator[re.Match[str]]:
    if name.isascii():
        yield from re.finditer(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text)
    elif len(name) > 2:
        yield from re.finditer(re.escape(name), text)


def _within(one: _Place, other: _Place) -> bool:
    return other[2] != one[2] and other[:2] != one[:2] and other[0] <= one[0] and one[1] <= other[1]


def _overlap(one: _Place, other: _Place) -> bool:
    """Whether two names share characters: 银川市人民政府 and 政府办公厅 in 银川市人民政府办公厅, which is neither."""
    return one[2] != other[2] and one[0] < other[1] and other[0] < one[1]


def _goes_on(rest: str) -> bool:
    longer = _LONGER_NAME.match(rest)
    return longer is not None and not _DOCUMENT_WORDS.search(longer[0])


def _printed(document: FilledDocument, shape: Shape) -> Iterator[str]:
    """The lines outside the tables, and cells that hold a label: a sheet has its head in cells."""
    for block in document.blocks:
        if isinstance(block, list):
            yield from block
    yield from document.margin
    for table in document.tables:
        above = True
        for row in table.rows:
            above = above and heading(row, shape, announced=True) is None
            for cell in row:
                text = cell.text.strip()
                if _UNIT_LABEL.match(text) or _PERIOD_LABEL.match(text) or (above and cell is row[0]):
                    yield from cell.lines


def _labelled_units(registry: Registry, lines: Iterable[str], marked: set[str | None]) -> Iterator[Told]:
    seen = set()
    for line in lines:
        for match in _UNIT_LABEL.finditer(line):
            words = _BRACKETED.sub("", match[2]).rstrip("。；，;,") or match[2]
            known = registry.find(words)
            # A division may sign for its office: 司法厅法治处 stays the office's where the mark says so.
            within = (unit for unit in marked if unit and any(n in words for n in registry.unit[unit].names))
            unit = known.id if known else next(within, None)
            if unit is None and match[1] == "单位":
                continue  # 单位：万元
            if (unit, words) not in seen:
                seen.add((unit, words))
                yield Told("填报单位一栏", unit, words)


def _signatures(registry: Registry, lines: Iterable[str]) -> list[Told]:
    """Lines that are a unit's name and nothing else."""
    found = dict.fromkeys(known.id for line in lines if (known := registry.find(line.strip())))
    return [Told("文件里", unit, registry.unit[unit].name) for unit in found]


def _named(plan: Plan, tolds: Iterable[Told]) -> list[tuple[str, str]]:
    """Where each stands, and the name or words."""
    return [(t.where, plan.registry.unit[t.what].name if t.what in plan.registry.unit else t.words) for t in tolds]


def _disagreement(plan: Plan, file: str, kind: str, tolds: list[Told]) -> Iterator[Finding]:
    """F605 where these name more than one unit, F604 where the one named is not registered."""
    tolds = _answered(tolds)
    if len({told.what for told in tolds}) > 1:
        yield from _conflict(file, kind, _named(plan, tolds))
    elif tolds and tolds[0].what is None:
        message = f"登记册里没有{tolds[0].where}写的{kind}“{tolds[0].words}”，没有收入"
        yield finding("F604", file, (1, 1), message, "核对是哪个单位的，用 --unit 写明，或者在表里改正后再收。")


def _answered(tolds: list[Told]) -> list[Told]:
    """Without those that name nothing registered, where the command line says what is meant."""
    asked = bool(tolds) and tolds[0].where.startswith("--")
    return [told for told in tolds if told.what or not asked]


def _conflict(file: str, kind: str, named: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    listed = "，".join(f"{where}是“{name}”" for where, name in dict.fromkeys(named))
    message = f"这个文件的{kind}前后不一：{listed}；分不清是谁的，没有写入"
    if kind == "报送期":
        message = f"这个文件的报送期前后不一：{listed}；没有写入"
    yield finding("F605", file, (1, 1), message, "两份表贴在一起的，分开存成两个文件；写错了的，改正后再收。")


def _period(
    plan: Plan, document: FilledDocument, printed: list[str], file: str, asked: str | None, origins: list[Origin]
) -> tuple[str | None, list[Finding]]:
    """The period that the file tells, and why nothing may be written; None where it tells none."""
    known = {period.code for period in plan.catalog.periods}
    tolds = [Told("--period", asked, asked)] if asked else []
    tolds += [Told("表内标记", o.period if o.period in known else None, o.period) for o in origins]
    tolds += [
        Told("报送期一栏", _period_named(plan, match[1]), match[1])
        for line in printed
        for match in _PERIOD_LABEL.finditer(line)
    ]
    tolds = _answered(tolds)
    if len({told.what for told in tolds}) > 1:
        return None, list(_conflict(file, "报送期", [(t.where, t.what or t.words) for t in tolds]))
    if tolds:
        if tolds[0].what is None:
            message = f"任务目录里没有{tolds[0].where}写的报送期“{tolds[0].words}”，没有收入"
            hint = f"已登记的报送期是{'、'.join(p.code for p in plan.catalog.periods)}；核对后用 --period 写明。"
            return None, [finding("F604", file, (1, 1), message, hint)]
        return tolds[0].what, []
    mentioned = dict.fromkeys(
        p for line in _title_lines(plan, document) if (p := _period_named(plan, line, loose=True))
    )
    if not mentioned:
        named = _period_named(plan, PurePosixPath(file).stem, loose=True)
        mentioned = dict.fromkeys([named] if named else [])
    if len(mentioned) > 1:
        return None, list(_conflict(file, "报送期", [("标题里", code) for code in mentioned]))
    return next(iter(mentioned), None), []


def _title_lines(plan: Plan, document: FilledDocument) -> list[str]:
    """What stands above the first table, or in the first rows of a sheet, without the plan's own title."""
    first = document.blocks[0] if document.blocks else []
    lines = (
        first if isinstance(first, list) else [ln for row in first.rows[:3] for cell in row[:1] for ln in cell.lines]
    )
    title = plan.catalog.head.title
    own = (title, *title.partition("（")[::2])
    for words in own:
        lines = [line.replace(words, "") for line in lines] if words else lines
    return lines


def _period_named(plan: Plan, words: str, *, loose: bool = False) -> str | None:
    """The period whose code or name stands in the words, the longest of them; 2024年 stands in 2024年上半年.

    ``loose``: a year alone does not count, since 2024年工作台账 is what any of its periods may be called.
    """
    found = [
        (len(name), period.code)
        for period in plan.catalog.periods
        for name in (period.code, period.name)
        if not (loose and re.fullmatch(r"\d{4}年?(?:度)?", name))
        and re.search(rf"(?<![0-9A-Za-z]){re.escape(name)}(?![0-9A-Za-z])", words)
    ]
    return max(found)[1] if found else None
