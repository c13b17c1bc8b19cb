"""What the hints cost: `ledger validate` without them, without W402 and with all, and where everybody copies.

In: the numbers of units and of runs. Out: a table on standard output, with the growth from the fewest units to the
most. Workspaces are made in a temporary directory by generate.py; ``copies`` is one in which every county files
the words of one, the worst case for W402. Whole processes are timed, in turn, as bench.py does.

    python benchmarks/hints.py [--units 62 620 3200] [--runs 3]
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CODES = [f"W40{number}" for number in range(1, 9)]
OFF = {"no hints": CODES, "without W402": ["W402"], "all hints": []}
COPIED = "xingqing"


def main() -> None:
    parser = argparse.ArgumentParser(description="Time ledger validate with and without the hints.")
    parser.add_argument("--units", type=int, nargs="+", default=[62, 620, 3200])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    measured: dict[tuple[str, str], dict[int, float]] = {}
    for number in options.units:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            subprocess.run([sys.executable, str(HERE / "generate.py"), folder, "--units", str(number)], check=True)
            for kind in ("own words", "copies"):
                if kind == "copies":
                    copy(place)
                samples: dict[str, list[float]] = {name: [] for name in OFF}
                for _ in range(options.runs):
                    for name, codes in OFF.items():
                        (place / "data/hints.yaml").write_text(f"停用: [{', '.join(codes)}]\n", "utf-8")
                        samples[name].append(seconds(place))
                for name, taken in samples.items():
                    measured.setdefault((kind, name), {})[number] = statistics.median(taken)
    print("\n".join(table(measured)))


def copy(place: Path) -> None:
    """Every county's file becomes that of one, but for the unit's name; counties owe the same tasks."""
    folder = place / "submissions/2024H1"
    text = (folder / f"{COPIED}.yaml").read_text("utf-8")
    tasks = keys_of(text)
    for path in folder.glob("*.yaml"):
        if keys_of(path.read_text("utf-8")) == tasks:
            path.write_text(text.replace(f"单位: {COPIED}", f"单位: {path.stem}"), "utf-8")


def keys_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line[:2] == "  " and line[2:3].isdigit()]


def seconds(place: Path) -> float:
    """One run of ledger validate from its start to its end; findings are no failure."""
    environment = {**os.environ, "LEDGER_TODAY": "2024-08-01"}
    start = time.perf_counter()
    command = [sys.executable, "-m", "ledger_cli", "-C", str(place), "validate", "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=False)
    if done.returncode > 1:
        sys.exit(f"{' '.join(command)} ended with exit code {done.returncode}")
    return time.perf_counter() - start


def table(measured: dict[tuple[str, str], dict[int, float]]) -> list[str]:
    lines = [f"{'workspace':12}{'validate':16}{'units':>7}{'median s':>10}{'to no hints':>13}"]
    for (kind, name), taken in measured.items():
        bare = measured[kind, OFF_NAME]
        lines += [f"{kind:12}{name:16}{n:7}{taken[n]:10.3f}{taken[n] / bare[n]:13.2f}" for n in taken]
        few, many = min(taken), max(taken)
        if few < many:
            exponent = math.log(taken[many] / taken[few]) / math.log(many / few)
            lines.append(f"{kind:12}{name:16} growth {exponent:.2f}")
    return lines


OFF_NAME = "no hints"


if __name__ == "__main__":
    main()
