"""The files that the issuing office keeps to a plan: the catalog, the registry, what periods started with, settings."""

from dataclasses import dataclass

from ledger_cli.check.plan import check_catalog, check_groups, check_registry
from ledger_cli.edge.disk import packaged
from ledger_cli.exits import CannotRun
from ledger_cli.files import HINTS, TASKS, UNITS, Files
from ledger_cli.gather.baselines import read_baselines
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.column import SEED, Shape
from ledger_cli.model.finding import Finding, errors_of, has_errors, in_order, summed_up
from ledger_cli.model.plan import Claims, Plan
from ledger_cli.model.prose import HintSettings
from ledger_cli.model.registry import Registry
from ledger_cli.read.catalog import read_catalog, read_registry
from ledger_cli.read.settings import read_hints


@dataclass(slots=True)
class PlanReading:
    """The catalog and the registry as far as they could be read; ``plan`` only where both are sound."""

    catalog: Catalog | None
    registry: Registry | None
    plan: Plan | None
    findings: list[Finding]

    @property
    def shape(self) -> Shape:
        """The columns, as far as they are known."""
        return self.catalog.shape if self.catalog else SEED


def read_plan(files: Files) -> PlanReading:
    """Read and check data/tasks.yaml and data/units.yaml, and read what the periods started with."""
    tasks, units = files.read(TASKS), files.read(UNITS)
    if tasks is None:
        raise CannotRun(f"没有找到 {TASKS}", "新建台账用 ledger init 文件夹。")
    if units is None:
        raise CannotRun(f"没有找到 {UNITS}", "登记册应与任务目录放在一起；ledger init 会生成一份。")
    catalog, catalog_document = read_catalog(tasks, TASKS)
    registry, registry_document = read_registry(units, UNITS)
    findings = [*catalog_document.findings, *registry_document.findings]
    if registry:
        findings.extend(map(registry_document.told, check_registry(registry)))
    sound_registry = registry if not has_errors(f for f in findings if f.file == UNITS) else None
    plan = None
    if catalog:
        claims = Claims(catalog, sound_registry) if sound_registry else None
        findings.extend(map(catalog_document.told, check_catalog(catalog, sound_registry, claims)))
        if sound_registry and claims:
            findings.extend(map(registry_document.told, check_groups(sound_registry, claims)))
        baselines, of_baselines = read_baselines(files, catalog, tasks)
        findings.extend(of_baselines)
        if sound_registry and claims and not has_errors(findings):
            plan = Plan(catalog, sound_registry, claims, baselines)
    return PlanReading(catalog, registry, plan, in_order(findings))


def sound_plan(files: Files) -> Plan:
    """The plan, for commands that only look things up; raises ``CannotRun`` where it is faulty."""
    reading = read_plan(files)
    if reading.plan is None:
        message = summed_up("任务目录或者登记册", errors_of(reading.findings))
        raise CannotRun(message, "运行 ledger validate 查看全部错误。")
    return reading.plan


def hint_settings(files: Files) -> tuple[HintSettings | None, list[Finding]]:
    """The settings, the packaged ones for what data/hints.yaml does not say; None and findings where it is faulty."""
    data = files.read(HINTS)
    if data is None:
        return _packaged(), []
    own, document = read_hints(data, HINTS)
    if own is None:
        return None, document.findings
    complete = own.model_fields_set >= set(HintSettings.model_fields)
    return own if complete else own.over(_packaged()), document.findings


def _packaged() -> HintSettings:
    settings, _ = read_hints(packaged(HINTS).read_bytes(), HINTS)
    assert settings is not None
    return settings
