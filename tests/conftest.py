"""What every test stands on: a fenced world, a copy of the workspace, and the command line in this process."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger_cli.cli.app import run

REPOSITORY = Path(__file__).resolve().parent.parent
PERIOD = "submissions/2024H1"


EVERYTHING = "true" in (os.environ.get("CI"), os.environ.get("ALL_TESTS"))
"""Whether the long trials run, too: in CI and with make test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trials that take seconds each are passed over where somebody is at work on something else, and say so."""
    if not EVERYTHING:
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="takes seconds: runs in CI and with ALL_TESTS=true"))


@pytest.fixture(autouse=True)
def _fence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the developer's home, git configuration, workspace or calendar."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LEDGER_TODAY", "2024-08-01")
    for name in ("LEDGER_WORKSPACE", "LEDGER_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(home)


@dataclass(frozen=True)
class Result:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Ledger = Callable[..., Result]


@pytest.fixture
def ledger(capfd: pytest.CaptureFixture[str]) -> Ledger:
    """Run a command of the program in this process."""

    def call(*arguments: str | Path) -> Result:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with the real catalog, registry and templates, and no submissions; it is the current folder."""
    root = tmp_path / "work"
    for name in ("data", "templates"):
        shutil.copytree(REPOSITORY / name, root / name)
    (root / PERIOD).mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def sample(bare: Path) -> Path:
    """The same with the sample submissions of four units."""
    for path in (REPOSITORY / PERIOD).glob("*.yaml"):
        shutil.copy(path, bare / PERIOD / path.name)
    return bare


def answer(progress: str = "印发培训方案，办班三期。", problems: str = "无", plans: str = "下半年再办一期。") -> str:
    """The three texts of an answer as blocks, at their place below a task number."""
    texts = {"具体落实情况": progress, "存在问题": problems, "工作打算": plans}
    lines = []
    for name, text in texts.items():
        lines.append(f"    {name}: |")
        lines.extend(f"      {line}" for line in text.split("\n"))
    return "\n".join(lines) + "\n"


OFFICE_TASKS = (13, 19, 35)


def office_submission(unit: str = "zfbgt", tasks: dict[int, str] | None = None) -> str:
    """A sound submission of the general office, which owes three tasks."""
    answers = {number: answer(f"完成第{number}项的工作。") for number in OFFICE_TASKS} | (tasks or {})
    head = f"单位: {unit}\n报送期: 2024H1\n任务:\n"
    return head + "".join(f"  {number}:\n{text}" for number, text in answers.items())


def write(root: Path, name: str, text: str | bytes) -> Path:
    """A submission file in the sample period."""
    path = root / PERIOD / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path
