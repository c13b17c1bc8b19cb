"""Commands that are killed or find the disk full: nothing is half written, and the next run does what is left to do."""

import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.fuzz.interrupted import COMMANDS

_TRIED = (
    "init",
    "new --all",
    "form .xlsx",
    "form --all",
    "intake",
    "merge",
    "report --split",
    "accept",
    "open",
    "migrate",
)


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be forked there")
@pytest.mark.slow
@pytest.mark.parametrize("name", _TRIED)
def test_a_stopped_command_leaves_whole_files_and_runs_again(name: str) -> None:
    assert name in COMMANDS
    command = [sys.executable, "-m", "tests.fuzz.interrupted", "--windows", "2", "--seed", "5", name]
    tried = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert tried.stdout.split()[-1] == "0"
