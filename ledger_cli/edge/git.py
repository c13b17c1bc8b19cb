"""The edge to git: revisions to commits, commits to files and their bytes.

Everything is read through the ``git`` program: ``rev-parse`` for names, ``rev-list`` for the commits of a
folder, and one ``cat-file --batch`` for all objects. Nothing is written, nothing fetched, and no command touches
the work tree or the index.
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ledger_cli.edge.disk import Workspace
from ledger_cli.edge.git_objects import (
    Objects,
    Tree,
    damaged,
    decoded,
    entries,
    environment,
    header_bytes,
    headers,
    name_of,
    no_git,
    signature,
)
from ledger_cli.exits import CannotRun
from ledger_cli.files import READ_LIMIT, TASKS


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. ``when`` is the author's own date and time; ``parents`` are the nearest commits before it
    among those that it was listed with.
    """

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    when: datetime
    subject: str


class Repository:
    """The repository that a workspace lies in, perhaps in a folder below its top."""

    def __init__(self, workspace: Workspace) -> None:
        self.root = workspace.root
        self._objects = Objects(self.root)
        self._trees: dict[str, Tree] = {}
        shallow, _, prefix = self._run("rev-parse", "--is-shallow-repository", "--show-prefix").partition(b"\n")
        self.shallow = shallow == b"true"
        self._folder = name_of(prefix.removesuffix(b"\n")).strip("/")

    def _git(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        command = ["git", *arguments]
        try:
            return subprocess.run(command, cwd=self.root, env=environment(), capture_output=True, check=False)
        except OSError as error:
            raise no_git() from error

    def _run(self, *arguments: str) -> bytes:
        """The output of a git command that only an unreadable repository can make fail."""
        done = self._git(*arguments)
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode("utf-8", errors="replace")
        if "not a git repository" in said:
            hint = "以前的版本只有用 git 管理的台账才有；在台账的文件夹里运行 git init 并提交，以后就有了。"
            raise CannotRun(f"“{self.root}”不在 git 仓库里，没有以前的版本", hint)
        if "dubious ownership" in said or "unsafe repository" in said:
            named = re.search(r"'(.+?)'", said)
            top = named[1] if named else self.root
            hint = f'确认它可靠后，运行 git config --global --add safe.directory "{top}"，然后再试。'
            raise CannotRun(f"“{top}”属于别的用户，git 出于安全考虑不读它", hint)
        raise CannotRun("git 读不了这个仓库", "在台账的文件夹里运行 git status 查看原因；git 太旧的请更新。")

    def commit_of(self, revision: str) -> str:
        """The commit that a name stands for; raises ``CannotRun`` where there is none."""
        found = None if _unspeakable(revision) else self._find(revision)
        # A whole id is taken by its looks, so there may be nothing behind it.
        read = self._objects.find(found) if found else None
        if found is not None and read is not None:
            while read[0] == "tag":
                found = headers(read[1])["object"][0]
                read = self._objects.read(found)
            if read[0] == "commit":
                return found
            raise CannotRun(f"“{revision}”在 git 里不是一个版本", "写提交、标签或者分支的名称，例如 HEAD~1。")
        if self._find("HEAD") is None:
            raise CannotRun("这个 git 仓库里还没有任何提交", "先用 git add 和 git commit 提交一次。")
        if self.shallow:
            hint = "运行 git fetch --unshallow 取回全部历史再试。"
            raise CannotRun(f"git 里没有“{revision}”这个版本；这里只有最近一段历史（浅克隆）", hint)
        raise CannotRun(f"git 里没有“{revision}”这个版本", "用 git log 查看已有的版本。")

    def has(self, revision: str) -> bool:
        """Whether a name stands for anything in git."""
        return not _unspeakable(revision) and self._find(revision) is not None

    def _find(self, revision: str) -> str | None:
        done = self._git("rev-parse", "--verify", "--quiet", revision)
        return done.stdout.decode("ascii").strip() or None if done.returncode == 0 else None

    def commit(self, identifier: str, parents: Iterable[str] = ()) -> Commit:
        """A commit by its id."""
        kind, data = self._objects.read(identifier)
        if kind != "commit":
            raise damaged()
        named = headers(data)
        message = data.partition(b"\n\n")[2]
        encoding = named.get("encoding", ["utf-8"])[0]
        author, when = signature(decoded(header_bytes(data, b"author"), encoding))
        lines = decoded(message, encoding).strip().splitlines()
        return Commit(identifier, named["tree"][0], tuple(parents), author, when, lines[0] if lines else "")

    def commits(self, start: str, folder: str) -> Iterator[Commit]:
        """The commits from ``start`` back that changed a folder of the workspace, newest first, and all merges."""
        listed = self._run("rev-list", "--parents", "--date-order", "--full-history", start, "--", folder)
        for line in listed.decode("ascii").splitlines():
            identifier, *parents = line.split()
            yield self.commit(identifier, parents)

    @cached_property
    def edge(self) -> frozenset[str]:
        """The oldest commits of a shallow clone: their parents are not here."""
        if not self.shallow:
            return frozenset()
        named = self._run("rev-parse", "--git-path", "shallow").removesuffix(b"\n")
        try:
            return frozenset((self.root / os.fsdecode(named)).read_text("ascii").split())
        except OSError:
            return frozenset()

    def files(self, tree: str, folder: str) -> dict[str, str]:
        """Names (below the workspace) and blob ids of the files below a folder of the workspace, sorted."""
        found: dict[str, str] = {}
        top = self._descend(tree, f"{self._folder}/{folder}")
        waiting = [(folder, top)] if top else []
        while waiting:
            path, identifier = waiting.pop()
            entries = self._tree(identifier)
            found.update((f"{path}/{name}", blob) for name, blob in entries.files.items())
            waiting.extend((f"{path}/{name}", below) for name, below in entries.folders.items())
        return dict(sorted(found.items()))

    def file(self, tree: str, name: str) -> str | None:
        """The blob id of one file of the workspace."""
        folder, _, own = f"{self._folder}/{name}".rpartition("/")
        parent = self._descend(tree, folder)
        return self._tree(parent).files.get(own) if parent else None

    def _descend(self, tree: str, path: str) -> str | None:
        found: str | None = tree
        for part in path.split("/"):
            if part and found is not None:
                found = self._tree(found).folders.get(part)
        return found

    def _tree(self, identifier: str) -> Tree:
        if identifier not in self._trees:
            _, data = self._objects.read(identifier)
            self._trees[identifier] = entries(data, len(identifier) // 2)
        return self._trees[identifier]

    def blob(self, identifier: str) -> bytes:
        """A file's bytes, at most a byte over the limit."""
        return self._objects.read(identifier, READ_LIMIT)[1]


def _unspeakable(revision: str) -> bool:
    """Whether git would take it for an option, or no line of input could hold it."""
    return not revision.strip() or revision.startswith("-") or any(ord(char) < 32 for char in revision)


def user_name(root: Path) -> str | None:
    """The name that git signs with in a folder; None without git or without a name."""
    try:
        command = ["git", "config", "user.name"]
        done = subprocess.run(command, cwd=root, env=environment(), capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout.decode("utf-8", errors="replace").strip() or None


class Revision:
    """The workspace as of a git revision; it can be handed to other processes."""

    def __init__(self, workspace: Workspace, revision: str) -> None:
        self.root = workspace.root
        self.repository = Repository(workspace)
        self.commit = self.repository.commit(self.repository.commit_of(revision))
        self._found: dict[str, str | None] = {}
        if self.repository.file(self.commit.tree, TASKS) is None:
            hint = "换一个晚些的版本；用 git log 查看已有的版本。"
            raise CannotRun(f"“{revision}”这个版本里还没有台账（没有 {TASKS}）", hint)

    def read(self, name: str) -> bytes | None:
        """A file's bytes as committed; None where the revision has no such file."""
        if name not in self._found:
            self._found[name] = self.repository.file(self.commit.tree, name)
        blob = self._found[name]
        return None if blob is None else self.repository.blob(blob)

    def oddity(self, name: str) -> str:  # noqa: ARG002 - git holds files alone
        return ""

    def names(self, folder: str) -> list[str]:
        """All files below a folder, sorted."""
        listed = self.repository.files(self.commit.tree, folder)
        self._found.update(listed)
        return list(listed)

    def same(self, other: "Revision", name: str) -> bool:
        """Whether two revisions of one repository hold the same file under a name."""
        mine, theirs = self.repository.file(self.commit.tree, name), other.repository.file(other.commit.tree, name)
        return mine == theirs
