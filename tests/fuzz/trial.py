"""One damaged file, the commands that read it, and what became of them."""

import io
import json
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from ledger_cli.cli.app import run as run_command
from tests.conftest import REPOSITORY

_ENGLISH = re.compile(
    r"Traceback|[A-Z][a-z]+(?:Error|Exception|Warning)\b"
    r"|\b(?:expected|unexpected|undefined|invalid|argument|found|cannot|could|while|mapping|parser|not well-formed)\b"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A damaged file in its place, and the commands that read it, the same for the same number."""

    name: str
    data: bytes
    commands: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...] = ()
    """Texts of the file that must be in what was written, or told."""


@dataclass(slots=True)
class Verdict:
    """What became of a case."""

    faults: list[str] = field(default_factory=list)
    """Commands that ended with another exit code than 0, 1 and 2, or told a fault of the program."""
    english: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    refused: bool = False
    """Whether the last command did not do what it was told."""
    seconds: float = 0.0
    """Processor time of the dearest command."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of the program: how its workspace is made, its file damaged, and its loss of words found."""

    name: str
    prepare: Callable[[], None]
    """Makes, in a workspace with catalog, registry and templates as the current folder, what the cases need."""
    damage: Callable[[random.Random], Case]
    lost: Callable[[Case, str], list[str]] = lambda _case, _printed: []
    """The texts of a case that are neither in the files written nor told in what was printed."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A reader with the workspace that every case starts from."""

    reader: Reader
    pristine: Path
    work: Path

    def case(self, seed: int, number: int) -> Case:
        with chdir(self.pristine):
            return self.reader.damage(random.Random(f"{self.reader.name} {seed} {number}"))  # noqa: S311

    def play(self, case: Case) -> Verdict:
        """Put the case's file in its place in a copy of the workspace and run its commands there."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.pristine, self.work)
        place = self.work / case.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(case.data)
        verdict = Verdict()
        printed = []
        with chdir(self.work):
            for command in case.commands:
                started = time.process_time()
                code, output = _output_of(command)
                verdict.seconds = max(verdict.seconds, time.process_time() - started)
                verdict.refused = code != 0
                printed.append(output)
                if code not in (0, 1, 2) or "ledger-error" in output:
                    verdict.faults.append(f"{' '.join(command)}: {output.strip()[-300:]}")
                verdict.english += [match[0] for match in _ENGLISH.finditer(_said(output))]
            verdict.lost = self.reader.lost(case, "".join(printed))
        return verdict

    def verdicts(self, seed: int, numbers: range) -> Iterator[tuple[int, Verdict]]:
        """Cases of a seed, one after the other in this process."""
        for number in numbers:
            yield number, self.play(self.case(seed, number))


def prepared(reader: Reader, folder: Path) -> Trial:
    """A reader's trial in a folder of its own."""
    pristine = folder / "pristine"
    for name in ("data", "templates"):
        shutil.copytree(REPOSITORY / name, pristine / name)
    (pristine / "submissions/2024H1").mkdir(parents=True)
    with chdir(pristine), redirect_stdout(io.StringIO()):
        reader.prepare()
    return Trial(reader, pristine, folder / "work")


def flipped(chance: random.Random, data: bytes, most: int) -> bytes:
    """Data with one to ``most`` of its bytes changed."""
    made = bytearray(data)
    for _ in range(chance.randint(1, most)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def _output_of(command: tuple[str, ...]) -> tuple[int, str]:
    """Exit code and everything printed."""
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", write_through=True)
    with redirect_stdout(stream), redirect_stderr(stream):
        code = run_command(list(command))
    stream.seek(0)
    return code, stream.read()


def _said(output: str) -> str:
    """What the program said itself: without the lines it shows of the file, names of files and quoted words."""
    lines = [line for line in output.split("\n") if not re.match(r" +\d+ \| ", line)]
    return re.sub(r"“[^”]*”|[\w/.-]+\.(?:ya?ml|docx|xlsx)\b", "", "\n".join(lines))


def findings_of(printed: str) -> list[dict[str, object]]:
    """All findings in what commands printed as JSON, one document after the other."""
    decoder = json.JSONDecoder()
    found: list[dict[str, object]] = []
    at = printed.find("{\n")
    while at >= 0:
        try:
            data, end = decoder.raw_decode(printed, at)
        except ValueError:
            end = at + 1
        else:
            found += data.get("findings", [])
        at = printed.find("{\n", end)
    return found
