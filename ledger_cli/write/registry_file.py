"""A registry to data/units.yaml, a unit or a group a line."""

from collections.abc import Iterable, Iterator

from ledger_cli.emit import flow_list, flow_map, word
from ledger_cli.model.registry import Group, Registry, Unit


def to_registry_yaml(registry: Registry, comment: str) -> str:
    """The file's text, below ``comment``, whose lines get their # here; reading it gives the same registry."""
    lines = [f"# {line}".rstrip() for line in comment.split("\n")]
    lines += ["", f"层级: {flow_list(registry.levels)}", "", "单位:" if registry.units else "单位: []"]
    lines.extend(f"  - {flow_map(_unit(unit))}" for unit in registry.units)
    if registry.groups:
        lines += ["", "组:"]
        lines.extend(f"  - {flow_map(_group(group))}" for group in registry.groups)
    return "\n".join(lines) + "\n"


def _unit(unit: Unit) -> Iterator[tuple[str, str]]:
    yield from (("代码", word(unit.id)), ("名称", word(unit.name)))
    if unit.short:
        yield "简称", flow_list(unit.short)
    yield "层级", word(unit.level)
    yield from _given((("上级", unit.parent), ("行政区划代码", unit.area_code)))
    if not unit.confirmed:
        yield "已确认", "false"
    yield from _given((("说明", unit.note),))


def _group(group: Group) -> Iterator[tuple[str, str]]:
    yield from (("代码", word(group.id)), ("名称", word(group.name)))
    if group.members is not None:
        yield "成员", flow_list(group.members)
    yield from _given((("同", group.same_as),))
    if group.but:
        yield "除", flow_list(group.but)
    if not group.required:
        yield "必报", "false"
    yield from _given((("说明", group.note),))


def _given(fields: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    return ((name, word(value)) for name, value in fields if value is not None)
