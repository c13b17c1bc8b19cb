"""The long run: as many cases as one has time for, each in a process of its own, so that its cost can be told.

python -m tests.fuzz [READER...] [--cases N] [--seed S] [--only NUMBER]

Files of cases that went wrong are kept in build/fuzz/. Ends with 1 where there are any.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.readers import READERS
from tests.fuzz.trial import Case, Reader, Trial, prepared

_SECONDS = 2.0
_MEGABYTES = 300
_PATIENCE = 120
"""Seconds after which a case is ended."""
_WRONG = ("faults", "english", "lost", "slow", "large", "hung")
_COLUMNS = {"reader": 12, "cases": 8, "refused": 9} | dict.fromkeys(_WRONG, 9)
_KEPT = Path("build/fuzz").resolve()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("readers", nargs="*", choices=[reader.name for reader in READERS] + [[]])
    parser.add_argument("--cases", type=int, default=1000, help="of each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="one case again, by its number")
    options = parser.parse_args()
    numbers = range(options.cases) if options.only is None else range(options.only, options.only + 1)
    os.environ["LEDGER_TODAY"] = "2024-08-01"
    _KEPT.mkdir(parents=True, exist_ok=True)
    wrong = 0
    print("".join(f"{name:>{width}}" for name, width in _COLUMNS.items()))
    for reader in READERS:
        if not options.readers or reader.name in options.readers:
            counts = _run(reader, options.seed, numbers)
            cells = [reader.name, *(counts[name] for name in list(_COLUMNS)[1:])]
            print("".join(f"{cell:>{width}}" for cell, width in zip(cells, _COLUMNS.values(), strict=True)))
            wrong += sum(counts[name] for name in _WRONG)
    return 1 if wrong else 0


def _run(reader: Reader, seed: int, numbers: range) -> Counter[str]:
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        trial = prepared(reader, Path(folder))
        trial.play(Case("data/.none", b"", trial.case(seed, 0).commands))  # what commands load is loaded once
        for number in numbers:
            case = trial.case(seed, number)
            told = _apart(trial, case)
            counts["cases"] += 1
            counts["refused"] += bool(told.get("refused"))
            wrong = [name for name in _WRONG if told.get(name)]
            for name in wrong:
                counts[name] += 1
            if wrong:
                kept = _KEPT / f"{reader.name}-{seed}-{number}{Path(case.name).suffix}"
                kept.write_bytes(case.data)
                details = json.dumps({name: told[name] for name in wrong}, ensure_ascii=False)
                print(f"  {kept.name} {case.name} {case.commands} {details}", file=sys.stderr)
    return counts


def _apart(trial: Trial, case: Case) -> dict[str, object]:
    """A case played in a process of its own, with what it cost."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(_PATIENCE)
        with os.fdopen(writing, "w") as pipe:
            json.dump(asdict(trial.play(case)), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status, used = os.wait4(child, 0)
    if status != 0 or not text:
        return {"hung": status}
    told: dict[str, object] = json.loads(text)
    seconds, megabytes = float(str(told["seconds"])), used.ru_maxrss / 1024
    return told | {"slow": seconds if seconds > _SECONDS else 0, "large": megabytes if megabytes > _MEGABYTES else 0}


if __name__ == "__main__":
    sys.exit(main())
