"""Is the plan consistent in itself? The catalog and the registry against each other (K codes)."""

import re
from collections.abc import Iterator, Sequence

from ledger_cli.model.catalog import Catalog, Task
from ledger_cli.model.closest import did_you_mean
from ledger_cli.model.fault import Fault, Path
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Claims
from ledger_cli.model.registry import Registry, Unit, name_key

_LISTED = 5
_FILE_NAME = re.compile(r"[\w-]+")


def check_registry(registry: Registry) -> Iterator[Fault]:
    """K502 to K504 of the units and groups."""
    yield from _names(registry)
    for place, unit in enumerate(registry.units):
        if not _FILE_NAME.fullmatch(unit.id):
            hint = "代码用作文件名，只用字母、数字、汉字、横线和下划线。"
            yield Fault("K501", ("单位", place, "代码"), f"代码“{unit.id}”不能用作文件名", hint, unit=unit.id)
        if unit.level not in registry.levels:
            message, hint = f"“层级”不能是“{unit.level}”", f"写其中之一：{'、'.join(registry.levels)}。"
            yield Fault("K501", ("单位", place, "层级"), message, hint, unit=unit.id)
        if unit.parent is not None:
            yield from _parent(registry, place)
    for place, group in enumerate(registry.groups):
        path: Path = ("组", place)
        if (group.members is None) == (group.same_as is None):
            message = f"组“{group.name}”要写“成员”或者“同”，而且只写一样"
            yield Fault("K501", (*path, "代码"), message, "列出成员，或者写“同: 另一组的代码”。")
        for field, refs in (("成员", group.members or ()), ("同", filter(None, [group.same_as])), ("除", group.but)):
            for number, ref in enumerate(refs):
                where = (*path, field) if field == "同" else (*path, field, number)
                if ref not in registry.unit and ref not in registry.group:
                    yield _unknown(where, ref, registry, f"组“{group.name}”的{field}")
                elif field == "同" and ref not in registry.group:
                    yield Fault("K501", where, f"“同”要写组的代码，“{ref}”是单位", "改写到“成员”里。")
        if _reaches_itself(registry, group.id):
            yield Fault("K504", (*path, "代码"), f"组“{group.name}”绕了一圈又包含它自己", "改正“成员”或者“同”。")


def _names(registry: Registry) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for place, unit in enumerate(registry.units):
        places: list[tuple[str, Path]] = [(unit.id, ("代码",)), (unit.name, ("名称",))]
        places += [(short, ("简称", number)) for number, short in enumerate(unit.short)]
        own: set[str] = set()
        for name, path in places:
            key = name_key(name)
            if key in seen and key not in own:
                message = f"“{name}”已经是“{seen[key]}”的代码、名称或者简称"
                yield Fault("K503", ("单位", place, *path), message, unit=unit.id)
            seen.setdefault(key, unit.name)
            own.add(key)
    groups: dict[str, str] = {}
    for place, group in enumerate(registry.groups):
        for name, field in ((group.id, "代码"), (group.name, "名称")):
            key = name_key(name)
            other = seen.get(key) or groups.get(key)
            if other and other != group.name:
                yield Fault("K503", ("组", place, field), f"“{name}”已经用于“{other}”", "给其中一个换名。")
            elif field == "代码" and key in groups:
                yield Fault("K503", ("组", place, field), f"组“{name}”登记了两次", "删去其中一个。")
            groups.setdefault(key, group.name)


def check_groups(registry: Registry, claims: Claims) -> Iterator[Fault]:
    """K515 of the registry: groups that tasks name and nobody is in."""
    for place, group in enumerate(registry.groups):
        tasks = claims.memberless.get(group.id)
        if tasks:
            more = "等" if len(tasks) > _LISTED else ""
            where = "、".join(f"第{number}项" for number in tasks[:_LISTED]) + more
            message = f"组“{group.name}”没有成员，承担的任务（{where}）没有人报"
            yield Fault("K515", ("组", place, "成员" if group.members is not None else "代码"), message)


def _parent(registry: Registry, place: int) -> Iterator[Fault]:
    unit = registry.units[place]
    parent = registry.unit.get(unit.parent or "")
    if parent is None:
        yield _unknown(("单位", place, "上级"), unit.parent or "", registry, f"“{unit.name}”的上级", groups=False)
        return
    above, seen = parent, {unit.id}
    while above.parent in registry.unit and above.id not in seen:
        seen.add(above.id)
        above = registry.unit[above.parent]
    if above.id in seen:
        message = f"“{unit.name}”的上级绕了一圈又回到它自己"
        yield Fault("K504", ("单位", place, "上级"), message, "改正其中一个单位的“上级”。", unit=unit.id)
    elif _depth(registry, parent) >= _depth(registry, unit) >= 0:
        same = "也" if parent.level == unit.level else ""
        message = f"“{unit.name}”是{unit.level}级，上级“{parent.name}”{same}是{parent.level}级"
        yield Fault("K504", ("单位", place, "上级"), message, "改正“上级”或者“层级”。", unit=unit.id)


def _depth(registry: Registry, unit: Unit) -> int:
    """How far below the top a unit is; -1 where its level is unknown."""
    return registry.levels.index(unit.level) if unit.level in registry.levels else -1


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


def _unknown(path: Path, ref: str, registry: Registry, where: str, *, groups: bool = True) -> Fault:
    known = [*registry.unit, *(registry.group if groups else ())]
    named = registry.find(ref)
    meant = named.id if named else did_you_mean(ref, known)
    hint = f"是不是“{meant}”？" if meant else "改成已登记的代码，或者先在登记册里加上。"
    return Fault("K502", path, f"{where}里的“{ref}”没有登记", hint)


def check_catalog(catalog: Catalog, registry: Registry | None, claims: Claims | None) -> Iterator[Fault]:
    """K502, K505 to K508 and K510 of the sections, tasks, duties and periods."""
    yield from _periods(catalog)
    if not catalog.tasks:
        yield Fault("K505", ("章节",), "任务目录里没有任务", "至少登记一个章节和一项任务。", at_key=True)
    seen = set[TaskNumber]()
    expected = 1
    for placed in catalog.placed:
        task, path = placed.task, placed.path
        if isinstance(task.number, str):
            if task.number in seen:
                message = f"任务编号“{task.number}”用了两次"
                yield Fault("K505", (*path, "编号"), message, "给其中一项换一个编号。", task=task.number)
        elif task.number != expected:
            message = f"任务编号是{task.number}，按次序应是{expected}"
            hint = "编号从1起连续，不跳号、不重复；补上缺的任务或者改正编号。"
            yield Fault("K505", (*path, "编号"), message, hint, task=task.number)
        expected = task.number + 1 if isinstance(task.number, int) else expected
        seen.add(task.number)
        if registry and claims:
            yield from _members(path, task, registry, claims)
        yield from _task(catalog, path, task, registry)


def _task(catalog: Catalog, path: Path, task: Task, registry: Registry | None) -> Iterator[Fault]:
    number = task.number
    named = task.refs or task.lead_refs or task.joint_refs
    if not named and (catalog.shape.seed or not (task.units or task.lead or task.joint)):
        message = f"第{number}项任务没有责任主体"
        yield Fault("K506", (*path, "责任主体"), message, "写上单位或者组的代码。", at_key=True, task=number)
    if task.gaps:
        message = f"第{number}项任务的{'、'.join(task.gaps)}原件为空，所填的是推定值"
        yield Fault("K510", (*path, "原件缺失"), message, "确认无误后删去“原件缺失”。", task=number, at_key=True)
    yield from _duties(catalog, path, task, registry.levels if registry else ())


def _members(path: Path, task: Task, registry: Registry, claims: Claims) -> Iterator[Fault]:
    named = {"责任主体": task.refs, "牵头主体": task.lead_refs, "配合主体": task.joint_refs}
    for field, refs in named.items():
        for place, ref in enumerate(refs):
            if ref not in registry.unit and ref not in registry.group:
                yield _unknown((*path, field, place), ref, registry, f"第{task.number}项任务的{field}")
    for field, name in claims.unknown.get(task.number, ()):
        yield _unknown((*path, field), name, registry, f"第{task.number}项任务的“{field}”")
    words = (task.units or task.lead or task.joint) and not any(named.values()) and task.number not in claims.unknown
    if not claims.by_task.get(task.number) and words:
        message = f"第{task.number}项任务的责任主体里没有一个单位"
        hint = "写明单位，或者用“责任主体”“牵头主体”列出代码。"
        yield Fault("K506", (*path, "责任主体"), message, hint, at_key=True, task=task.number)


def _duties(catalog: Catalog, path: Path, task: Task, levels: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    start, end = catalog.window
    for field, bounds in (("时限要求", task.duties), ("指标", task.indicators)):
        for place, bound in enumerate(bounds):
            where: Path = (*path, field, place)
            if not re.fullmatch(rf"{re.escape(str(task.number))}-[0-9a-z]+", bound.id):
                hint = f"写成“{task.number}-1”或者“{task.number}-a”的样子。"
                message = f"编号“{bound.id}”与任务编号{task.number}对不上"
                yield Fault("K507", (*where, "编号"), message, hint, task=task.number)
            if bound.id in seen:
                message = f"编号“{bound.id}”用了两次"
                yield Fault("K507", (*where, "编号"), message, "给其中一条换一个编号。", task=task.number)
            seen.add(bound.id)
            for level in bound.levels:
                if levels and level not in levels:
                    message = f"没有“{level}”这个层级"
                    hint = f"写{'、'.join(levels[:-1])}或者{levels[-1]}。"
                    yield Fault("K507", (*where, "层级"), message, hint, task=task.number)
    for place, duty in enumerate(task.duties):
        where = (*path, "时限要求", place)
        kinds = duty.kinds
        if len(kinds) != 1:
            given = f"同时写了{'、'.join(kinds)}" if kinds else "没有写时间"
            hint = "截止、每年、每季、每月、触发、适时六种只写一种。"
            yield Fault("K507", (*where, "编号"), f"时限要求“{duty.id}”{given}", hint, task=task.number)
        for field, day in (("截止", duty.due), ("触发日期", duty.event_date)):
            if day and not start <= day <= end:
                message = f"{day}不在方案的年限（{start}至{end}）之内"
                yield Fault("K507", (*where, field), message, "核对年份。", task=task.number)
        if duty.event_date and not duty.event:
            yield Fault("K507", (*where, "触发日期"), "有触发日期，没有写触发的事", "补上“触发”。", task=task.number)
        if duty.within and not duty.event:
            hint = "只有“触发”的要求才写期限天数；别的删去这一栏。"
            yield Fault("K507", (*where, "期限天数"), "有期限天数，没有写触发的事", hint, task=task.number)


def _periods(catalog: Catalog) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, period in enumerate(catalog.periods):
        path: Path = ("报送期", place)
        if not _FILE_NAME.fullmatch(period.code):
            hint = "编号用作文件夹名，只用字母、数字、汉字、横线和下划线，例如 2024H1。"
            yield Fault("K508", (*path, "编号"), f"报送期编号“{period.code}”不能用作文件夹名", hint)
        if period.code in seen:
            yield Fault("K508", (*path, "编号"), f"报送期“{period.code}”登记了两次", "删去其中一个。")
        seen.add(period.code)
        if period.end < period.start:
            yield Fault("K508", (*path, "结束"), f"报送期“{period.code}”的结束早于开始", "核对日期。")
        elif period.due < period.start:
            yield Fault("K508", (*path, "报送截止"), f"报送期“{period.code}”的报送截止早于开始", "核对日期。")
    if not catalog.periods:
        yield Fault("K508", ("报送期",), "没有登记报送期", "至少登记一个报送期。", at_key=True)
    elif catalog.current not in seen:
        message = f"当前报送期“{catalog.current}”没有登记"
        yield Fault("K508", ("当前报送期",), message, f"已登记的是{'、'.join(seen)}。")
