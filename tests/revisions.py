"""Real git repositories for the tests, and a second period; git is required where CI=true."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import PERIOD

SECOND = "  - {编号: 2024H2, 名称: 2024年下半年, 开始: 2024-07-01, 结束: 2024-12-31, 报送截止: 2025-01-15}\n"


@dataclass
class History:
    """A repository whose commits have fixed names and dates, an hour apart."""

    root: Path
    _hour: int = field(default=0)

    def git(self, *arguments: str | Path, author: str = "张三", check: bool = True) -> str:
        day = f"2024-07-05T{self._hour // 60:02}:{self._hour % 60:02}:00+0800"
        identity = {
            "GIT_AUTHOR_NAME": author,
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "李四",
            "GIT_COMMITTER_EMAIL": "c@example.org",
            "GIT_AUTHOR_DATE": day,
            "GIT_COMMITTER_DATE": day,
        }
        command = ["git", *(str(argument) for argument in arguments)]
        environment = {**os.environ, **identity}
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, check=False)
        assert not check or done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, subject: str, author: str = "张三") -> str:
        """Commit all that is there; the short hash."""
        self._hour += 1
        self.git("add", "-A", ".")
        self.git("commit", "-q", "-m", subject, author=author)
        return self.git("rev-parse", "--short=7", "HEAD")

    def merge(self, branch: str, subject: str, replace: dict[Path, str] | None = None) -> None:
        """Merge a branch; ``replace`` is what the merge itself makes of some files."""
        self._hour += 1
        self.git("merge", "--no-ff", "--no-commit", branch, check=False)
        for path, text in (replace or {}).items():
            path.write_text(text, "utf-8")
        self.git("add", "-A", ".")
        self.git("commit", "-q", "-m", subject)


def need_git() -> None:
    if shutil.which("git") is None:
        assert os.environ.get("CI") != "true", "git is required"
        pytest.skip("git is not installed")


def new_repository(root: Path) -> History:
    need_git()
    repository = History(root)
    repository.git("init", "-q", "-b", "main")
    return repository


def second_period(root: Path) -> None:
    """Register 2024H2 and file the office's and the department's answers again, with some words changed."""
    path = root / "data/tasks.yaml"
    first = "报送截止: 2024-07-15}\n"
    path.write_text(path.read_text("utf-8").replace(first, first + SECOND, 1), "utf-8")
    folder = root / "submissions/2024H2"
    folder.mkdir()
    for name, old, new in (("sft.yaml", "尚有600余名", "尚有120余名"), ("zfbgt.yaml", "3月至5月", "3月至9月")):
        text = (root / PERIOD / name).read_text("utf-8").replace("报送期: 2024H1", "报送期: 2024H2")
        (folder / name).write_text(text.replace(old, new), "utf-8")
