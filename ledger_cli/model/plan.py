"""Who owes what: the tasks' 责任主体 resolved against the registry, with the route of each claim."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger_cli.model.baseline import Baseline
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.registry import Registry


@dataclass(frozen=True, slots=True)
class Claim:
    """One unit's duty to report on one task.

    ``via`` names the routes: the unit itself where the task names it, then the groups that hold it, in the
    task's order. It is optional (``required`` false) where every route is an optional group.
    """

    unit: str
    task: int
    via: tuple[str, ...]
    required: bool


class Claims:
    """All claims of a plan, by task in registry order and by unit in catalog order."""

    def __init__(self, catalog: Catalog, registry: Registry) -> None:
        self.by_task: dict[int, dict[str, Claim]] = {}
        self.by_unit: dict[str, dict[int, Claim]] = {unit.id: {} for unit in registry.units}
        members = {group.id: registry.members(group) for group in registry.groups}
        for task in catalog.tasks.values():
            routes: dict[str, list[str]] = {}
            required: set[str] = set()
            for ref in sorted(dict.fromkeys(task.refs), key=lambda ref: ref not in registry.unit):
                group = registry.group.get(ref)
                for unit in (ref,) if ref in registry.unit else members.get(ref, ()):
                    routes.setdefault(unit, []).append(ref)
                    if group is None or ref in registry.unit or group.required:
                        required.add(unit)
            claims = {
                unit: Claim(unit, task.number, tuple(routes[unit]), unit in required)
                for unit in sorted(routes, key=registry.order.__getitem__)
            }
            self.by_task[task.number] = claims
            for unit, claim in claims.items():
                self.by_unit[unit][task.number] = claim


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
