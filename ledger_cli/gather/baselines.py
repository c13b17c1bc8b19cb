"""The plans that periods started with: periods/<period>/tasks.yaml, read, and made when a period starts.

Where answers were moved to an edited catalog within a period, the versions before are tasks-1.yaml, tasks-2.yaml …
"""

import re
from collections.abc import Iterable, Mapping

from ledger_cli.files import PERIODS, Files
from ledger_cli.model.baseline import Baseline
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.finding import Finding
from ledger_cli.read.catalog import read_catalog

_NAME = re.compile(rf"{PERIODS}/([^/]+)/tasks(?:-([1-9]\d*))?\.yaml")


def baseline_name(period: str) -> str:
    """Where the tasks that a period started with are kept."""
    return f"{PERIODS}/{period}/tasks.yaml"


def starting(period: str, tasks: bytes, units: bytes) -> dict[str, bytes]:
    """The files that remember a catalog and a registry as what a period started with, by name."""
    return {baseline_name(period): tasks, f"{PERIODS}/{period}/units.yaml": units}


def former_name(period: str, names: Iterable[str]) -> str:
    """Where the tasks go that a period's answers were written for before they were moved; ``names`` are taken."""
    taken = set(names)
    number = 1
    while (name := f"{PERIODS}/{period}/tasks-{number}.yaml") in taken:
        number += 1
    return name


def former_names(period: str, names: Iterable[str]) -> list[str]:
    """Those of some names that hold what a period's answers were written for before they were moved."""
    matches = [match for name in names if (match := _NAME.fullmatch(name))]
    return [match[0] for match in matches if match[1] == period and match[2] is not None]


def _age(name: str) -> tuple[bool, int]:
    """The order of a period's versions, the last one first."""
    match = _NAME.fullmatch(name)
    assert match is not None
    return (match[2] is not None, -int(match[2] or 0))


def read_baselines(files: Files, catalog: Catalog, data: bytes) -> tuple[Mapping[str, Baseline], list[Finding]]:
    """What each period started with, as far as it is written down, and what cannot be read of it.

    ``data`` is what the catalog was read from.
    """
    known = {period.code for period in catalog.periods}
    versions: dict[str, list[str]] = {}
    for name in files.names(PERIODS):
        match = _NAME.fullmatch(name)
        if match and match[1] in known:
            versions.setdefault(match[1], []).append(name)
    baselines: dict[str, Baseline] = {}
    findings: list[Finding] = []
    for period, names in versions.items():
        tasks = []
        for name in sorted(names, key=_age):
            before = files.read(name) or b""
            if _sections(before) == _sections(data):  # as a rule: nothing to be read twice
                tasks.append(catalog.tasks)
                continue
            former, document = read_catalog(before, name)
            findings.extend(document.findings)
            tasks.extend([former.tasks] if former else [])
        baselines[period] = Baseline(tuple(tasks))
    return baselines, findings


def _sections(data: bytes) -> bytes:
    """The part of a catalog that has the tasks; all of it where that is not told at a glance."""
    start = data.find("\n章节:".encode())
    return data[start:] if start >= 0 else data
