"""Who owes what: the tasks' 责任主体 resolved against the registry, with the route of each claim."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ledger_cli.model.baseline import Baseline
from ledger_cli.model.catalog import Catalog, Filing, Task
from ledger_cli.model.column import Role, Shape
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.registry import Registry
from ledger_cli.model.unit_names import UnitNames

PARTS = (Role.UNITS, Role.LEAD, Role.JOINT)
"""What a unit's part in a task may be: it is responsible, leads, or cooperates."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One unit's duty to report on one task.

    ``via`` names the routes: the unit itself where the task names it, then the groups that hold it, in the
    task's order. It is optional (``required`` false) where every route is an optional group, or where another unit
    reports for all. ``part`` says by which column it is the unit's.
    """

    unit: str
    task: TaskNumber
    via: tuple[str, ...]
    required: bool
    part: Role = Role.UNITS


@dataclass(frozen=True, slots=True)
class _Route:
    """One unit or group that a task names, in the column of a part."""

    ref: str
    part: Role
    owes: bool


class Claims:
    """All claims of a plan, by task in registry order and by unit in catalog order.

    Whom a column names is what its ids say (责任主体 and the like), else what its words say; ``unknown`` has the names
    by task and column that nobody in the registry has, ``memberless`` the tasks by group that has no members.
    """

    def __init__(self, catalog: Catalog, registry: Registry) -> None:
        self.by_task: dict[TaskNumber, dict[str, Claim]] = {}
        self.by_unit: dict[str, dict[TaskNumber, Claim]] = {unit.id: {} for unit in registry.units}
        self.unknown: dict[TaskNumber, list[tuple[str, str]]] = {}
        self.memberless: dict[str, list[TaskNumber]] = {}
        self._names: UnitNames | None = None
        members = {group.id: registry.members(group) for group in registry.groups}
        for task in catalog.tasks.values():
            found: dict[str, list[_Route]] = {}
            routes: dict[str, _Route] = {}
            for route in self._routes(catalog, registry, task):
                routes.setdefault(route.ref, route)
                if not members.get(route.ref, True):
                    self.memberless.setdefault(route.ref, []).append(task.number)
            for route in sorted(routes.values(), key=lambda route: route.ref not in registry.unit):
                for unit in (route.ref,) if route.ref in registry.unit else members.get(route.ref, ()):
                    found.setdefault(unit, []).append(route)
            claims = {
                unit: self._claim(registry, unit, task.number, found[unit])
                for unit in sorted(found, key=registry.order.__getitem__)
            }
            self.by_task[task.number] = claims
            for unit, claim in claims.items():
                self.by_unit[unit][task.number] = claim

    def _routes(self, catalog: Catalog, registry: Registry, task: Task) -> Iterator[_Route]:
        """Whom a task names, in the order of its columns; under 牵头 the lead, else the first named, alone owes."""
        parts = [(part, self._refs(catalog.shape, registry, task, part)) for part in PARTS]
        by_lead = (task.filing or catalog.head.filing) is Filing.LEAD
        lead = any(refs for part, refs in parts if part is Role.LEAD)
        first = True
        for part, refs in parts:
            for ref in refs:
                yield _Route(ref, part, not by_lead or (part is Role.LEAD if lead else first))
                first = False

    def _refs(self, shape: Shape, registry: Registry, task: Task, part: Role) -> tuple[str, ...]:
        given, words = {
            Role.UNITS: (task.refs, task.units),
            Role.LEAD: (task.lead_refs, task.lead),
            Role.JOINT: (task.joint_refs, task.joint),
        }[part]
        told = part is Role.UNITS and bool(task.lead_refs or task.joint_refs) and not shape.of(Role.LEAD)
        if given or not words or shape.seed or told:
            return given
        self._names = self._names or UnitNames(registry)
        refs, unknown = self._names.resolve(words)
        if unknown:
            self.unknown.setdefault(task.number, []).extend((shape.key(part), name) for name in unknown)
        return refs

    def _claim(self, registry: Registry, unit: str, task: TaskNumber, routes: list[_Route]) -> Claim:
        required = any(r.owes and (r.ref in registry.unit or registry.group[r.ref].required) for r in routes)
        part = min((route.part for route in routes), key=(Role.LEAD, Role.UNITS, Role.JOINT).index)
        return Claim(unit, task, tuple(dict.fromkeys(route.ref for route in routes)), required, part)


@dataclass(frozen=True, slots=True)
class Plan:
    """A sound catalog and registry, with who owes what, and the plans that periods started with, by period."""

    catalog: Catalog
    registry: Registry
    claims: Claims
    baselines: Mapping[str, Baseline] = field(default_factory=dict)

    @classmethod
    def of(cls, catalog: Catalog, registry: Registry, baselines: Mapping[str, Baseline] | None = None) -> "Plan":
        return cls(catalog, registry, Claims(catalog, registry), baselines or {})

    def baseline(self, period: str | None) -> Baseline:
        """What a period started with; nothing where nobody wrote that down."""
        return self.baselines.get(period or "", _FORGOTTEN)


_FORGOTTEN = Baseline()
