"""Many reviewers at once: of all judgements that were said to be done, which are on record?

python -m tests.fuzz.together [--processes N] [--each N]
"""

import argparse
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from ledger_cli.cli.app import run as run_command
from tests.conftest import REPOSITORY

_RECORD = Path("reviews/2024H1.yaml")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.together")
    parser.add_argument("--processes", type=int, default=50)
    parser.add_argument("--each", type=int, default=10, help="judgements of each process")
    options = parser.parse_args()
    os.environ["LEDGER_TODAY"] = "2024-08-01"
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name in ("data", "templates", "submissions", "periods"):
            shutil.copytree(REPOSITORY / name, name)
        pairs = _answers()
        children = [_start(number, pairs, options.each) for number in range(options.processes)]
        said = [line for child in children for line in _said(*child)]
        record = _RECORD.read_text("utf-8")
    done = [reason for code, reason, _ in said if code == 0]
    repeated = [reason for code, reason, text in said if code == 0 and "已经通过，没有改动" in text]
    missing = [reason for reason in done if f'"{reason}"' not in record and reason not in repeated]
    others = [text for code, _, text in said if code]
    print(f"judgements {len(said)}, said done {len(done)}, of these already so {len(repeated)}")
    print(f"on record {len(re.findall('^- ', record, re.MULTILINE))}, said done and missing {len(missing)}")
    print(f"refused {len(others)}: {others[:3]}")
    return 1 if missing or others else 0


def _answers() -> list[tuple[str, int]]:
    with redirect_stdout(io.StringIO()):
        assert run_command(["merge", "-o", "build/m.json"]) == 0
    tasks = json.loads(Path("build/m.json").read_text("utf-8"))["tasks"]
    return [(answer["unit"], task["task"]) for task in tasks for answer in task["answers"]]


def _start(number: int, pairs: list[tuple[str, int]], each: int) -> tuple[int, int]:
    """A reviewer's process: its number, and where it writes what it was told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    told = []
    chance = random.Random(number)  # noqa: S311
    for step, (unit, task) in enumerate(chance.sample(pairs, each)):
        reason = f"第{number}人第{step}次"
        stream = io.StringIO()
        with redirect_stdout(stream), redirect_stderr(stream):
            verb = chance.choice(("accept", "reject"))
            code = run_command([verb, unit, "--task", str(task), "--by", f"第{number}人", "--reason", reason])
        told.append((int(code), reason, stream.getvalue()))
    with os.fdopen(writing, "w") as pipe:
        json.dump(told, pipe)
    os._exit(0)


def _said(child: int, reading: int) -> list[tuple[int, str, str]]:
    with os.fdopen(reading) as pipe:
        told: list[tuple[int, str, str]] = json.loads(pipe.read())
    os.waitpid(child, 0)
    return told


if __name__ == "__main__":
    sys.exit(main())
