"""Times the commands against the floors, all in one run, and prints the ratios.

In: the numbers of units and of runs. Out: a table on standard output. Workspaces are made in a temporary
directory by generate.py and removed. Every command is a process of its own, timed from its start to its end;
the commands take turns, so that a slow moment of the machine falls on all of them. This program imports
nothing large: a child's peak memory is never told as less than its parent's.

    python benchmarks/bench.py [--units 62 620] [--runs 5]

Linux or macOS; pinning to cores on Linux only.
"""

import argparse
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
TODAY = "2024-08-01"
PINNED_FROM = 200
"""Units from which ``validate`` is run on one core and on two; below, it uses one process anyway."""

HELLO = """import typer

app = typer.Typer(add_completion=False)


@app.command()
def hello(name: str) -> None:
    \"\"\"Say hello.\"\"\"
    typer.echo(f"Hello {name}")


app()
"""


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the table. ``floors`` are the names of the lines it is compared with.

    Each line with seconds that the program prints (``render 0.123``) makes a further line of the table; the
    program itself is one only where ``whole`` says so.
    """

    name: str
    arguments: tuple[str, ...]
    floors: tuple[str, ...] = ()
    cores: int = 0
    whole: bool = True


@dataclass(slots=True)
class Samples:
    """What was measured of one line: seconds of each run, largest peak in MB (0 for a step)."""

    floors: tuple[str, ...]
    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


Table = dict[str, Samples]

_STEP = re.compile(r"^(\w+) (\d+\.\d+)$", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the ledger's commands against bare programs.")
    parser.add_argument("--units", type=int, nargs="+", default=[62, 620], metavar="N")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    tables: dict[int, Table] = {}
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as temporary:
        for number in sorted(set(options.units)):
            folder = Path(temporary) / str(number)
            say(f"{number} units: generating")
            prepare(folder, number)
            tables[number] = times(folder, number, options.runs)
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {version}, {os.cpu_count()} cores, median of {options.runs} runs\n")
    print("\n".join(table_lines(tables)))
    if len(tables) > 1:
        print("\n" + "\n".join(growth_lines(tables)))


def say(text: str) -> None:
    """Progress, apart from the table."""
    print(text, file=sys.stderr, flush=True)


# -- what is run ----------------------------------------------------------------------------------


def program(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(HERE / name), *arguments)


def ledger(folder: Path, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "ledger_cli", "-C", str(folder), *arguments)


def prepare(folder: Path, number: int) -> None:
    """A workspace, the merged JSON that two floors read, and the hello-world app."""
    run(program("generate.py", str(folder), "--units", str(number)))
    run(ledger(folder, "merge", "-o", str(folder / "build/ledger.json")))
    (folder / "hello.py").write_text(HELLO, "utf-8")


def commands(folder: Path, number: int) -> Iterator[Command]:
    """The lines of the table, floors before what is compared with them."""

    def out(name: str) -> str:
        return str(folder / "build" / name)

    place = str(folder)
    yield Command("P", program("floor.py", place, "validate"))
    yield Command("ledger validate", ledger(folder, "validate"), ("P",))
    if number >= PINNED_FROM:
        yield from (
            Command(f"ledger validate, {cores} core{'s' * (cores > 1)}", ledger(folder, "validate"), ("P",), cores)
            for cores in (1, 2)
            if cores <= available_cores()
        )
    yield Command("ledger merge", ledger(folder, "merge"), ("P",))
    yield Command("S", program("floor.py", place, "zip", "-o", out("floor.docx")))
    yield Command("docxtpl", program("floor.py", place, "docxtpl", "-o", out("docxtpl.docx")), ("S",))
    seven = ("--template", "ledger")
    for name, template in (("ledger report", ()), ("ledger report --template ledger", seven)):
        target = ("-o", out(f"{len(template)}.docx"))
        yield Command(name, ledger(folder, "report", *template, *target), ("S", "docxtpl"))
        yield Command(name, program("steps.py", place, *template, "-o", out("steps.docx")), whole=False)
    yield Command("hello", (sys.executable, str(folder / "hello.py"), "--help"))
    yield Command("ledger --help", ledger(folder, "--help"), ("hello",))


def times(folder: Path, number: int, runs: int) -> Table:
    """Run all commands in turn, ``runs`` times."""
    table: Table = {}
    chosen = list(commands(folder, number))
    for turn in range(1, runs + 1):
        say(f"{number} units: run {turn} of {runs}")
        for command in chosen:
            with pinned(command.cores):
                seconds, megabytes, printed = run(command.arguments)
            note(table, command, seconds, megabytes, printed)
    return table


def note(table: Table, command: Command, seconds: float, megabytes: float, printed: str) -> None:
    """Add one run to the table."""
    if command.whole:
        samples = table.setdefault(command.name, Samples(command.floors))
        samples.seconds.append(seconds)
        samples.megabytes = max(samples.megabytes, megabytes)
    for step, spent in _STEP.findall(printed):
        floors = ("S: render",) if step == "render" and command.name != "S" else ()
        table.setdefault(f"{command.name}: {step}", Samples(floors)).seconds.append(float(spent))


def run(arguments: Sequence[str]) -> tuple[float, float, str]:
    """Seconds, peak megabytes and output of a process; ends this program where the process fails."""
    environment = {**os.environ, "LEDGER_TODAY": TODAY}
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode("utf-8", errors="replace")
    if process.returncode:
        sys.exit(f"{' '.join(arguments)}\nended with exit code {process.returncode}:\n{printed}")
    # Linux tells kilobytes, macOS bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return seconds, usage.ru_maxrss / unit, printed


def available_cores() -> int:
    """Cores that processes can be pinned to; 0 where they cannot."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0


@contextmanager
def pinned(cores: int) -> Iterator[None]:
    """Children of the block run on that many cores; 0 leaves them alone."""
    if not cores:
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


# -- what is printed ------------------------------------------------------------------------------

_WIDTH = 42


def table_lines(tables: dict[int, Table]) -> Iterator[str]:
    yield f"{'command':{_WIDTH}} {'units':>6} {'median s':>9} {'peak MB':>8}  ratio"
    for number, table in tables.items():
        yield "-" * (_WIDTH + 40)
        for name, samples in table.items():
            peak = f"{samples.megabytes:8.0f}" if samples.megabytes else " " * 8
            ratios = ", ".join(f"{samples.median / table[floor].median:.2f} {short(floor)}" for floor in samples.floors)
            yield f"{name:{_WIDTH}} {number:6} {samples.median:9.3f} {peak}  {ratios}".rstrip()


def short(floor: str) -> str:
    return floor.partition(":")[0]


def growth_lines(tables: dict[int, Table]) -> Iterator[str]:
    """How the time grows with the units: 1.00 is linear."""
    few, many = min(tables), max(tables)
    yield f"{f'growth from {few} to {many} units':{_WIDTH}} exponent"
    for name, samples in tables[few].items():
        if name in tables[many] and "hello" not in (name, *samples.floors):
            exponent = math.log(tables[many][name].median / samples.median) / math.log(many / few)
            yield f"{name:{_WIDTH}} {exponent:8.2f}"


if __name__ == "__main__":
    main()
