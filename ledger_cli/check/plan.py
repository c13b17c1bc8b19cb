"""Is the plan consistent in itself? The catalog and the registry against each other (K codes)."""

import re
from collections.abc import Iterator

from ledger_cli.model.catalog import Catalog, Task
from ledger_cli.model.finding import Finding
from ledger_cli.model.plan import Claims
from ledger_cli.model.registry import Registry, name_key
from ledger_cli.read.document import Document, Path
from ledger_cli.read.schema import did_you_mean

_FILE_NAME = re.compile(r"[\w-]+")
_LEVELS = {"自治区": 0, "市": 1, "县": 2}


def check_registry(registry: Registry, document: Document) -> Iterator[Finding]:
    """K502 to K504 of the units and groups."""
    yield from _names(registry, document)
    for place, unit in enumerate(registry.units):
        if not _FILE_NAME.fullmatch(unit.id):
            at = document.place(("单位", place, "代码"))
            hint = "代码用作文件名，只用字母、数字、汉字、横线和下划线。"
            yield document.report("K501", at, f"代码“{unit.id}”不能用作文件名", hint, unit=unit.id)
        if unit.parent is not None:
            yield from _parent(registry, document, place)
    for place, group in enumerate(registry.groups):
        path: Path = ("组", place)
        if (group.members is None) == (group.same_as is None):
            at = document.place((*path, "代码"))
            message = f"组“{group.name}”要写“成员”或者“同”，而且只写一样"
            yield document.report("K501", at, message, "列出成员，或者写“同: 另一组的代码”。")
        for field, refs in (("成员", group.members or ()), ("同", filter(None, [group.same_as]))):
            for number, ref in enumerate(refs):
                at = document.place((*path, field, number) if field == "成员" else (*path, field))
                if ref not in registry.unit and ref not in registry.group:
                    yield _unknown(document, at, ref, registry, f"组“{group.name}”的{field}")
                elif field == "同" and ref not in registry.group:
                    yield document.report("K501", at, f"“同”要写组的代码，“{ref}”是单位", "改写到“成员”里。")
        if _reaches_itself(registry, group.id):
            at = document.place((*path, "代码"))
            yield document.report("K504", at, f"组“{group.name}”绕了一圈又包含它自己", "改正“成员”或者“同”。")


def _names(registry: Registry, document: Document) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for place, unit in enumerate(registry.units):
        places: list[tuple[str, Path]] = [(unit.id, ("代码",)), (unit.name, ("名称",))]
        places += [(short, ("简称", number)) for number, short in enumerate(unit.short)]
        own: set[str] = set()
        for name, path in places:
            key = name_key(name)
            if key in seen and key not in own:
                at = document.place(("单位", place, *path))
                message = f"“{name}”已经是“{seen[key]}”的代码、名称或者简称"
                yield document.report("K503", at, message, "给其中一个换名，或者删去重复的简称。", unit=unit.id)
            seen.setdefault(key, unit.name)
            own.add(key)
    groups: dict[str, str] = {}
    for place, group in enumerate(registry.groups):
        for name, field in ((group.id, "代码"), (group.name, "名称")):
            key = name_key(name)
            other = seen.get(key) or groups.get(key)
            if other and other != group.name:
                at = document.place(("组", place, field))
                yield document.report("K503", at, f"“{name}”已经用于“{other}”", "给其中一个换名。")
            elif field == "代码" and key in groups:
                at = document.place(("组", place, field))
                yield document.report("K503", at, f"组“{name}”登记了两次", "删去其中一个。")
            groups.setdefault(key, group.name)


def _parent(registry: Registry, document: Document, place: int) -> Iterator[Finding]:
    unit = registry.units[place]
    at = document.place(("单位", place, "上级"))
    parent = registry.unit.get(unit.parent or "")
    if parent is None:
        yield _unknown(document, at, unit.parent or "", registry, f"“{unit.name}”的上级", groups=False)
        return
    above, seen = parent, {unit.id}
    while above.parent in registry.unit and above.id not in seen:
        seen.add(above.id)
        above = registry.unit[above.parent]
    if above.id in seen:
        message = f"“{unit.name}”的上级绕了一圈又回到它自己"
        yield document.report("K504", at, message, "改正其中一个单位的“上级”。", unit=unit.id)
    elif _LEVELS[parent.level] >= _LEVELS[unit.level]:
        same = "也" if parent.level == unit.level else ""
        message = f"“{unit.name}”是{unit.level}级，上级“{parent.name}”{same}是{parent.level}级"
        yield document.report("K504", at, message, "改正“上级”或者“层级”。", unit=unit.id)


def _reaches_itself(registry: Registry, start: str) -> bool:
    waiting, seen = [start], set[str]()
    while waiting:
        group = registry.group[waiting.pop()]
        for ref in (*(group.members or ()), *filter(None, [group.same_as])):
            if ref == start:
                return True
            if ref in registry.group and ref not in seen:
                seen.add(ref)
                waiting.append(ref)
    return False


def _unknown(
    document: Document, at: tuple[int, int], ref: str, registry: Registry, where: str, *, groups: bool = True
) -> Finding:
    known = [*registry.unit, *(registry.group if groups else ())]
    named = registry.find(ref)
    meant = named.id if named else did_you_mean(ref, known)
    hint = f"是不是“{meant}”？" if meant else "改成已登记的代码，或者先在登记册里加上。"
    return document.report("K502", at, f"{where}里的“{ref}”没有登记", hint)


def check_catalog(
    catalog: Catalog, document: Document, registry: Registry | None, claims: Claims | None
) -> Iterator[Finding]:
    """K502, K505 to K508 and K510 of the sections, tasks, duties and periods."""
    yield from _periods(catalog, document)
    if not catalog.tasks:
        at = document.place(("章节",), key=True)
        yield document.report("K505", at, "任务目录里没有任务", "至少登记一个章节和一项任务。")
    expected = 1
    for section_at, section in enumerate(catalog.sections):
        for task_at, task in enumerate(section.tasks):
            path: Path = ("章节", section_at, "任务", task_at)
            if task.number != expected:
                at = document.place((*path, "编号"))
                message = f"任务编号是{task.number}，按次序应是{expected}"
                hint = "编号从1起连续，不跳号、不重复；补上缺的任务或者改正编号。"
                yield document.report("K505", at, message, hint, task=task.number)
            expected = task.number + 1
            if registry and claims:
                yield from _members(document, path, task, registry, claims)
            yield from _task(catalog, document, path, task)


def _task(catalog: Catalog, document: Document, path: Path, task: Task) -> Iterator[Finding]:
    number = task.number
    if not task.refs:
        at = document.place((*path, "责任主体"), key=True)
        yield document.report("K506", at, f"第{number}项任务没有责任主体", "写上单位或者组的代码。", task=number)
    if task.gaps:
        at = document.place((*path, "原件缺失"), key=True)
        message = f"第{number}项任务的{'、'.join(task.gaps)}原件为空，所填的是推定值"
        yield document.report("K510", at, message, "确认无误后删去“原件缺失”。", task=number)
    yield from _duties(catalog, document, path, task)


def _members(document: Document, path: Path, task: Task, registry: Registry, claims: Claims) -> Iterator[Finding]:
    for place, ref in enumerate(task.refs):
        if ref not in registry.unit and ref not in registry.group:
            at = document.place((*path, "责任主体", place))
            yield _unknown(document, at, ref, registry, f"第{task.number}项任务的责任主体")
    if not claims.by_task.get(task.number) and any(ref in registry.group for ref in task.refs):
        at = document.place((*path, "责任主体"), key=True)
        message = f"第{task.number}项任务的责任主体里没有一个单位"
        yield document.report("K506", at, message, "所写的组没有成员，请在登记册里补上。", task=task.number)


def _duties(catalog: Catalog, document: Document, path: Path, task: Task) -> Iterator[Finding]:
    seen: set[str] = set()
    start, end = catalog.window
    for field, bounds in (("时限要求", task.duties), ("指标", task.indicators)):
        for place, bound in enumerate(bounds):
            where: Path = (*path, field, place)
            at = document.place((*where, "编号"))
            if not re.fullmatch(rf"{task.number}-[0-9a-z]+", bound.id):
                hint = f"写成“{task.number}-1”或者“{task.number}-a”的样子。"
                message = f"编号“{bound.id}”与任务编号{task.number}对不上"
                yield document.report("K507", at, message, hint, task=task.number)
            if bound.id in seen:
                message = f"编号“{bound.id}”用了两次"
                yield document.report("K507", at, message, "给其中一条换一个编号。", task=task.number)
            seen.add(bound.id)
            for level in bound.levels:
                if level not in _LEVELS:
                    at_level = document.place((*where, "层级"))
                    message = f"没有“{level}”这个层级"
                    yield document.report("K507", at_level, message, "写自治区、市或者县。", task=task.number)
    for place, duty in enumerate(task.duties):
        where = (*path, "时限要求", place)
        kinds = duty.kinds
        if len(kinds) != 1:
            at = document.place((*where, "编号"))
            given = f"同时写了{'、'.join(kinds)}" if kinds else "没有写时间"
            hint = "截止、每年、触发、适时四种只写一种。"
            yield document.report("K507", at, f"时限要求“{duty.id}”{given}", hint, task=task.number)
        for field, day in (("截止", duty.due), ("触发日期", duty.event_date)):
            if day and not start <= day <= end:
                at = document.place((*where, field))
                message = f"{day}不在方案的年限（{start}至{end}）之内"
                yield document.report("K507", at, message, "核对年份。", task=task.number)
        if duty.event_date and not duty.event:
            at = document.place((*where, "触发日期"))
            yield document.report("K507", at, "有触发日期，没有写触发的事", "补上“触发”。", task=task.number)
        if duty.within and not duty.event:
            at = document.place((*where, "期限天数"))
            hint = "只有“触发”的要求才写期限天数；别的删去这一栏。"
            yield document.report("K507", at, "有期限天数，没有写触发的事", hint, task=task.number)


def _periods(catalog: Catalog, document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, period in enumerate(catalog.periods):
        path: Path = ("报送期", place)
        if not _FILE_NAME.fullmatch(period.code):
            at = document.place((*path, "编号"))
            hint = "编号用作文件夹名，只用字母、数字、汉字、横线和下划线，例如 2024H1。"
            yield document.report("K508", at, f"报送期编号“{period.code}”不能用作文件夹名", hint)
        if period.code in seen:
            at = document.place((*path, "编号"))
            yield document.report("K508", at, f"报送期“{period.code}”登记了两次", "删去其中一个。")
        seen.add(period.code)
        if period.end < period.start:
            at = document.place((*path, "结束"))
            yield document.report("K508", at, f"报送期“{period.code}”的结束早于开始", "核对日期。")
        elif period.due < period.start:
            at = document.place((*path, "报送截止"))
            yield document.report("K508", at, f"报送期“{period.code}”的报送截止早于开始", "核对日期。")
    if not catalog.periods:
        at = document.place(("报送期",), key=True)
        yield document.report("K508", at, "没有登记报送期", "至少登记一个报送期。")
    elif catalog.current not in seen:
        at = document.place(("当前报送期",))
        message = f"当前报送期“{catalog.current}”没有登记"
        yield document.report("K508", at, message, f"已登记的是{'、'.join(seen)}。")
