"""The registry (data/units.yaml): units in official order, and groups of units."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property

from pydantic import Field

from ledger_cli.model.fields import Flag, Record, Word, Words


def name_key(name: str) -> str:
    """The form in which names are compared: NFC, no blanks around or within, case ignored."""
    return "".join(unicodedata.normalize("NFC", name).split()).casefold()


class Unit(Record):
    id: Word = Field(alias="代码")
    name: Word = Field(alias="名称")
    short: Words = Field(default=(), alias="简称")
    level: Word = Field(alias="层级")
    parent: Word | None = Field(default=None, alias="上级")
    area_code: Word | None = Field(default=None, alias="行政区划代码")
    confirmed: Flag = Field(default=True, alias="已确认")
    note: Word | None = Field(default=None, alias="说明")

    @property
    def names(self) -> tuple[str, ...]:
        return (self.id, self.name, *self.short)


class Group(Record):
    """Units that a task names together; ``same_as`` takes another group's members, ``but`` leaves some of them out."""

    id: Word = Field(alias="代码")
    name: Word = Field(alias="名称")
    members: Words | None = Field(default=None, alias="成员")
    same_as: Word | None = Field(default=None, alias="同")
    but: Words = Field(default=(), alias="除")
    required: Flag = Field(default=True, alias="必报")
    note: Word | None = Field(default=None, alias="说明")


class Registry(Record):
    levels: Words = Field(default=("自治区", "市", "县"), alias="层级")
    units: tuple[Unit, ...] = Field(alias="单位")
    groups: tuple[Group, ...] = Field(default=(), alias="组")

    @cached_property
    def unit(self) -> dict[str, Unit]:
        """Units by id, in official order."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def order(self) -> dict[str, int]:
        return {unit.id: place for place, unit in enumerate(self.units)}

    @cached_property
    def group(self) -> dict[str, Group]:
        return {group.id: group for group in self.groups}

    @cached_property
    def _by_name(self) -> dict[str, Unit]:
        return {name_key(name): unit for unit in reversed(self.units) for name in unit.names}

    def find(self, name: str) -> Unit | None:
        """The unit of that id, full name or 简称."""
        return self._by_name.get(name_key(name))

    def full_names(self, names: Iterable[str]) -> tuple[str, ...]:
        """The full names of units that are named by id, name or 简称; a name that nobody has, as it is."""
        return tuple(unit.name if (unit := self.find(name)) else name for name in names)

    def members(self, group: Group) -> tuple[str, ...]:
        """Ids of a group's members, through ``same_as`` and nested groups, each once, in order given."""
        return tuple(dict.fromkeys(self._members(group, {group.id})))

    def _members(self, group: Group, seen: set[str]) -> Iterator[str]:
        left_out = {unit for ref in group.but for unit in self._named(ref, seen)}
        for ref in [group.same_as] if group.same_as else group.members or ():
            yield from (unit for unit in self._named(ref, seen) if unit not in left_out)

    def _named(self, ref: str, seen: set[str]) -> Iterator[str]:
        """The unit of that id, or the members of the group; none of a group within itself."""
        if ref in self.unit:
            yield ref
        elif ref in self.group and ref not in seen:
            yield from self._members(self.group[ref], {*seen, ref})

    def subordinates(self, unit: str) -> list[str]:
        """A unit and the units under it, at any depth, in official order."""
        under = {unit}
        # Registries list a city before its counties, but nothing obliges them to.
        grown = True
        while grown:
            more = {u.id for u in self.units if u.parent in under} - under
            under |= more
            grown = bool(more)
        return [u.id for u in self.units if u.id in under]
