"""A sample of all mutants, each run against the tests that reach it; the same code and seed give the same sample.

python -m tests.mutation [--sample N] [--seed S] [--only PATH...] [--again] [--children N] [--floor PERCENT]

Survivors are listed, with their diffs in build/mutation/survivors.diff; --again runs only those of the last run whose
diffs are still the same. Strings are told apart: one with Chinese in it is mostly a message, another is a key or a name
of XML. Ends with 0 whatever the rate is, unless it is below --floor.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path

from mutmut.__main__ import create_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import copy_src_dir, walk_mutatable_files

_COPY = Path("mutants")
_KEPT = Path("build/mutation")
_SURVIVORS = _KEPT / "survivors.json"
_COLUMNS = {"": 34, "mutants": 9, "sampled": 9, "killed": 9, "timeout": 9, "survived": 10, "no tests": 10, "rate": 8}
_KILLED = ("killed", "timeout", "segfault", "suspicious")
"""A mutant that ends its process in any way is noticed."""
_LITERAL = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'")
_CHINESE = re.compile(r"[一-鿿]")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--sample", type=int, default=400, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="modules or folders, such as ledger_cli/intake/rows.py")
    parser.add_argument("--again", action="store_true", help="only the survivors of the last run")
    parser.add_argument("--children", type=int, default=2, help="how many processes")
    parser.add_argument("--floor", type=float, default=0, help="the rate in percent below which the run fails")
    options = parser.parse_args()
    _KEPT.mkdir(parents=True, exist_ok=True)
    paths = _mutated(options.children)
    names = [name for name in sorted(paths) if _within(paths[name], options.only)]
    population = Counter(paths[name] for name in names)
    if options.again:
        last: dict[str, str] = json.loads(_SURVIVORS.read_text("utf-8"))
        names = [name for name in names if name in last and _diff(name, paths[name]) == last[name]]
        print(f"{len(names)} of the last {len(last)} survivors are still there to be killed")
    elif 0 < options.sample < len(names):
        names = random.Random(options.seed).sample(names, options.sample)  # noqa: S311 - no secret is drawn
    if not names:
        return 0
    if not _ran(names, options.children):
        return 1
    return 1 if _told(names, paths, population) < options.floor else 0


def _mutated(children: int) -> dict[str, str]:
    """All mutants with the paths of their modules, written into a copy of the package."""
    for name in ("tests", "data", "templates", "submissions"):
        shutil.rmtree(_COPY / name, ignore_errors=True)  # what has been renamed since would still be there
    with (_KEPT / "run.log").open("w", encoding="utf-8") as log, redirect_stdout(log):
        copy_src_dir()
        create_mutants(children)
    return {name: str(path) for path in walk_mutatable_files() for name in _statuses(path)}


def _statuses(path: Path | str) -> dict[str, str]:
    data = SourceFileMutationData(path=path)
    data.load()
    return {name: status_by_exit_code[code] for name, code in data.exit_code_by_key.items()}


def _within(path: str, only: Iterable[str]) -> bool:
    return not only or any(Path(path).is_relative_to(place) for place in only)


def _ran(names: list[str], children: int) -> bool:
    """Whether mutmut could run; it does so in a process that has not imported the tests it is to copy."""
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    command = [mutmut, "run", "--max-children", str(children), *names]
    log = _KEPT / "run.log"
    print(f"{len(names)} mutants; what goes on is in {log}", flush=True)
    with tempfile.TemporaryDirectory() as folder, log.open("ab") as output:
        environment = os.environ | {"TMPDIR": folder}
        done = subprocess.run(command, stdout=output, stderr=output, env=environment, check=False)
    if done.returncode:
        print(*log.read_text("utf-8", "replace").splitlines()[-40:], sep="\n", file=sys.stderr)
    return done.returncode == 0


def _told(names: list[str], paths: dict[str, str], population: Counter[str]) -> float:
    """The rate in percent, after the tables and the survivors are printed."""
    statuses = {name: status for path in {paths[name] for name in names} for name, status in _statuses(path).items()}
    diffs = {name: _diff(name, paths[name]) for name in names}
    groups = {path: [name for name in names if paths[name] == path] for path in sorted(population)}
    kinds = {kind: [name for name in names if _kind(diffs[name]) == kind] for kind in ("code", "strings", "Chinese")}
    print("".join(f"{name:>{width}}" for name, width in _COLUMNS.items()))
    for title, group in [*groups.items(), *kinds.items(), ("all", names)]:
        counts = Counter(statuses[name] for name in group)
        killed = sum(counts[status] for status in _KILLED)
        mutants = population[title] if title in groups else population.total() if title == "all" else ""
        rate = f"{100 * killed / len(group):.1f}%" if group else ""
        cells = [title, mutants, len(group), killed, counts["timeout"], counts["survived"], counts["no tests"], rate]
        print("".join(f"{cell:>{width}}" for cell, width in zip(cells, _COLUMNS.values(), strict=True)))
    survivors = {name: diffs[name] for name in sorted(names) if statuses[name] not in _KILLED}
    for name, diff in survivors.items():
        print(f"{statuses[name]}: {name}  {_short(diff)}")
    _SURVIVORS.write_text(json.dumps(survivors, ensure_ascii=False, indent=1), "utf-8")
    listed = "\n".join(f"# {name}: {statuses[name]}\n{diff}\n" for name, diff in survivors.items())
    _SURVIVORS.with_suffix(".diff").write_text(listed, "utf-8")
    print(f"{len(survivors)} survivors: {_SURVIVORS.with_suffix('.diff')}")
    return 100 - 100 * len(survivors) / len(names)


def _diff(name: str, path: str) -> str:
    return get_diff_for_mutant(name, path=path)


def _changed(diff: str) -> tuple[str, str]:
    lines = diff.splitlines()[2:]
    was, became = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return was, became


def _short(diff: str) -> str:
    was, became = _changed(diff)
    return f"{was}  =>  {became}"


def _kind(diff: str) -> str:
    """What a mutant changes: code, a string, or a string with Chinese in it."""
    was, became = _changed(diff)
    if _LITERAL.sub('""', was) != _LITERAL.sub('""', became):
        return "code"
    pairs = zip(_LITERAL.findall(was), _LITERAL.findall(became), strict=True)
    return "Chinese" if any(old != new and _CHINESE.search(old) for old, new in pairs) else "strings"


if __name__ == "__main__":
    sys.exit(main())
