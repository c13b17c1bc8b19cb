"""Commands that are killed, or find the disk full, at each thing that they change on disk.

python -m tests.fuzz.interrupted [COMMAND...] [--windows N] [--seed S]

A command's changes (files opened for writing, renamed, linked, deleted, folders made) are counted as Python tells them;
then it runs again and again and is stopped before one of them. After each run every file under its own name must be as
it was before, or as the whole command leaves it; what was there must still be there; and the command, run once more,
must do what it would have done, and clear away what the stopped one left. Ends with 1 where anything is otherwise.
"""

import argparse
import errno
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger_cli.cli.app import run as run_command
from ledger_cli.edge.replacing import PASSING
from tests.catalogs import insert_task
from tests.conftest import REPOSITORY

COMMANDS: dict[str, tuple[str, ...]] = {
    "init": ("init", "别处"),
    "new": ("new", "gat"),
    "new --all": ("new", "--all"),
    "form": ("form", "zfbgt", "-o", "build/表.docx"),
    "form .xlsx": ("form", "zfbgt", "-o", "build/表.xlsx"),
    "form --all": ("form", "--all", "-o", "build/表"),
    "intake": ("intake", "收/政府办公厅.docx", "收/兴庆区.docx", "--force"),
    "merge": ("merge", "--partial", "-o", "build/m.json"),
    "report": ("report", "--partial"),
    "report --split": ("report", "--partial", "--split", "section", "-o", "build/分册"),
    "brief": ("report", "--template", "brief", "--partial", "-o", "build/通报.docx"),
    "remind": ("remind", "-o", "build/提醒"),
    "accept": ("accept", "zfbgt", "--by", "李四"),
    "reject": ("reject", "sft", "--task", "3", "--reason", "再核实", "--by", "李四"),
    "reopen": ("reopen", "yinchuan", "--by", "李四"),
    "return": ("return", "yinchuan", "--task", "3", "--reason", "再核实", "--by", "李四", "-o", "build/退.docx"),
    "open": ("open", "2024H2"),
    "migrate": ("catalog", "migrate", "--write"),
    "import": ("catalog", "import", "收/附件2.docx", "-o", "build/tasks.yaml"),
    "diff": ("diff", "2023H2", "2024H1", "-o", "build/变化.docx"),
    "status": ("status", "-o", "build/s.csv"),
}
_FILE_SIZES = (0, 60, 500, 3_000, 12_000, 40_000)
"""Bytes after which a file cannot grow: six depths of a full disk."""
_CHANGING = frozenset({"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"})
_NEEDING_ROOM = frozenset({"open", "os.link", "os.mkdir"})
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:+-]+")
_UNCOMPARED = ("build/.lock", "build/.written.json")

Tree = dict[str, bytes]


@dataclass(slots=True)
class _Stops:
    """An audit hook that counts changes below a folder and acts before the one of that number."""

    root: str
    act: Callable[[str, int], None] = lambda _event, _number: None
    number: int = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._changes(event, arguments):
            return
        self.number += 1
        self.act(event, self.number)

    def _changes(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int) or not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return False
        elif event in _CHANGING:
            path = arguments[0]
        else:
            return False
        return os.path.abspath(os.fsdecode(path)).startswith(self.root)  # noqa: PTH100 - as early as it can be


@dataclass(slots=True)
class Play:
    """One command in a workspace of its own."""

    name: str
    pristine: Path
    work: Path
    before: Tree = field(init=False)
    after: Tree = field(init=False)
    changes: int = 0
    wrong: list[str] = field(default_factory=list)
    left: int = 0
    """Stopped runs after which something lay about until the next."""

    def __post_init__(self) -> None:
        self.before = _tree(self.pristine)
        self._fresh()
        reading, writing = os.pipe()
        code, said = self._run(lambda stops: os.write(writing, str(stops.number).encode()))
        os.close(writing)
        self.changes = int(os.read(reading, 20))
        os.close(reading)
        if code not in (0, 1):
            self.wrong.append(f"{self.name} does not run: {said}")
        self.after = _tree(self.work)

    def killed(self, number: int) -> None:
        """Kill it before its change of that number."""

        def kill(_event: str, at: int) -> None:
            if at == number:
                os.kill(os.getpid(), signal.SIGKILL)

        self._fresh()
        self._run(act=kill)
        self._check(f"killed before change {number}")

    def full(self, number: int) -> None:
        """Let there be no room from its change of that number on."""

        def refuse(event: str, at: int) -> None:
            if at >= number and event in _NEEDING_ROOM:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x")

        self._fresh()
        code, said = self._run(act=refuse)
        self._told(f"full from change {number}", code, said)

    def short(self, size: int) -> None:
        """Let no file be longer than that."""
        self._fresh()
        code, said = self._run(before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
        self._told(f"no file over {size} bytes", code, said)

    def _fresh(self) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.pristine, self.work, symlinks=True)

    def _run(
        self,
        done: Callable[[_Stops], object] = lambda _: None,
        *,
        act: Callable[[str, int], None] = lambda _event, _number: None,
        before: Callable[[], object] = lambda: None,
    ) -> tuple[int, str]:
        """Exit code, or minus the signal, and what was printed, of the command in a process of its own."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            stream = io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", write_through=True)
            os.chdir(self.work)
            stops = _Stops(str(self.work), act)
            sys.addaudithook(stops)
            before()
            with redirect_stdout(stream), redirect_stderr(stream):
                code = run_command(list(COMMANDS[self.name]))
            done(stops)
            stream.seek(0)
            os.write(writing, stream.read()[-2_000:].encode())
            os._exit(code)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read().decode("utf-8", "replace")
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), said

    def _told(self, how: str, code: int, said: str) -> None:
        if code not in (0, 1, 2) or "Traceback" in said:
            self.wrong.append(f"{self.name}, {how}: exit {code}, {said.strip()[-300:]}")
        if litter := _litter(self.work):
            self.wrong.append(f"{self.name}, {how}: left {litter[:3]}")
        if code == 2 and _differs(_tree(self.work), self.before) and self.name not in _PIECEMEAL:
            self.wrong.append(
                f"{self.name}, {how}: exit 2 and yet changed {_differs(_tree(self.work), self.before)[:3]}"
            )
        self._check(how)

    def _check(self, how: str) -> None:
        tree = _tree(self.work)
        for name, data in tree.items():
            if name not in _UNCOMPARED and _timeless(data) not in self._whole(name):
                self.wrong.append(f"{self.name}, {how}: {name} is neither as before nor as after")
        if gone := [name for name in self.before if name not in tree and name in self.after]:
            self.wrong.append(f"{self.name}, {how}: {gone[:3]} gone")
        if "build/.written.json" in tree:
            json.loads(tree["build/.written.json"])
        self.left += bool(_litter(self.work))
        code, said = self._run()
        if code not in (0, 1, 2):
            self.wrong.append(f"{self.name}, {how}, run again: exit {code}, {said.strip()[-300:]}")
        if other := _differs(_tree(self.work), self.after):
            self.wrong.append(f"{self.name}, {how}, run again: exit {code}, {other[:3]} differ; {said.strip()[-300:]}")
        if litter := _litter(self.work):
            self.wrong.append(f"{self.name}, {how}, run again: left {litter[:3]}")

    def _whole(self, name: str) -> list[bytes]:
        return [_timeless(tree[name]) for tree in (self.before, self.after) if name in tree]


_PIECEMEAL = ("report --split", "form --all", "remind", "intake", "return")
"""Commands that write several files one after the other, each whole: what is written before the disk is full stays."""


def _timeless(data: bytes) -> bytes:
    return _TIME.sub(b"T", data)


def _differs(one: Tree, other: Tree) -> list[str]:
    """Names of files that only one of the trees has, or both with different contents."""
    names = sorted((one.keys() | other.keys()).difference(_UNCOMPARED))
    return [n for n in names if n not in one or n not in other or _timeless(one[n]) != _timeless(other[n])]


def _tree(root: Path) -> Tree:
    """Files under their own names."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(part.startswith(PASSING) for part in path.relative_to(root).parts)
    }


def _litter(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in root.rglob(f"{PASSING}*")]


def prepare(root: Path) -> None:
    """A workspace in which every command has something to do."""
    for name in ("data", "templates", "submissions", "periods"):
        shutil.copytree(REPOSITORY / name, root / name)
    with chdir(root), redirect_stdout(io.StringIO()):
        Path("收").mkdir()
        steps = (
            ("form", "zfbgt", "--prefill", "-o", "收/政府办公厅.docx"),
            ("form", "xingqing", "--prefill", "-o", "收/兴庆区.docx"),
            ("report", "--blank", "-o", "收/附件2.docx"),
            ("accept", "yinchuan", "--by", "王五"),
        )
        for step in steps:
            assert run_command(list(step)) in (0, 1), step
        for unit in ("zfbgt", "xingqing"):
            path = Path(f"submissions/2024H1/{unit}.yaml")
            head, key, rest = path.read_text("utf-8").partition("具体落实情况: |")
            path.write_text(head + key + rest.replace("。", "；另见附表。", 1), "utf-8")
        shutil.rmtree("build", ignore_errors=True)
        shutil.copytree("submissions/2024H1", "submissions/2023H2")
        for path in Path("submissions/2023H2").iterdir():
            path.write_text(path.read_text("utf-8").replace("2024H1", "2023H2").replace("期", "批", 9), "utf-8")
        catalog = Path("data/tasks.yaml")
        text = catalog.read_text("utf-8")
        period = "  - {编号: 2023H2, 名称: 2023年下半年, 开始: 2023-07-01, 结束: 2023-12-31, 报送截止: 2024-01-15}\n"
        text = text.replace("报送期:\n", f"报送期:\n{period}", 1)
        catalog.write_text(text, "utf-8")


def prepare_migration(root: Path) -> None:
    """The same where a task was put into the catalog after the answers had been written."""
    prepare(root)
    insert_task(root, 4)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.interrupted")
    parser.add_argument("commands", nargs="*", help=f"of {', '.join(COMMANDS)}")
    parser.add_argument("--windows", type=int, default=15, help="kills of each command at most, and full disks")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ["LEDGER_TODAY"] = "2024-08-01"
    wrong = 0
    print(f"{'command':16}{'changes':>8}{'kills':>7}{'left':>6}{'full':>6}{'short':>6}{'wrong':>6}")
    for name in options.commands or COMMANDS:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            (prepare_migration if name == "migrate" else prepare)(root / "pristine")
            play = Play(name, root / "pristine", root / "work")
            numbers = range(1, play.changes + 1)
            chance = random.Random(f"{options.seed} {name}")  # noqa: S311
            chosen = sorted(chance.sample(numbers, min(options.windows, len(numbers))))
            for number in chosen:
                play.killed(number)
            for number in chosen[:: max(1, len(chosen) // 6)][:6]:
                play.full(number)
            sizes = _FILE_SIZES if options.windows >= len(_FILE_SIZES) else _FILE_SIZES[:: 6 // options.windows]
            for size in sizes:
                play.short(size)
            counts = (play.changes, len(chosen), play.left, min(6, len(chosen)), len(sizes), len(play.wrong))
            print(
                f"{name:16}" + "".join(f"{n:>{w}}" for n, w in zip(counts, (8, 7, 6, 6, 6, 6), strict=True)), flush=True
            )
            for line in play.wrong:
                print(f"  {line}", flush=True)
            wrong += len(play.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
