"""The edge to git: revisions to commits, commits to files and their bytes.

Everything is read through the ``git`` program: ``rev-parse`` for names, ``rev-list`` for the commits of a
folder, and one ``cat-file --batch`` for all objects. Trees and commits are taken apart here, from the object
store itself, where no setting of the user's, no quoting and no rename detection comes between. Nothing is
written, nothing fetched, and no command touches the work tree or the index.
"""

import os
import re
import subprocess
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path

from ledger_cli.edge.disk import Workspace
from ledger_cli.exits import CannotRun
from ledger_cli.files import READ_LIMIT, TASKS

_FOLDER, _PLAIN = 0o040000, 0o100000
_KIND = 0o170000
_CHUNK = 1 << 20
# What names another repository or alters what objects mean stays outside; where configuration is found does not.
_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_FIXED = {
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    # A partial clone would fetch what it lacks, whichever of the two its git knows.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return kept | _FIXED


def _no_git() -> CannotRun:
    return CannotRun("没有找到 git，不能读取以前的版本", "请先安装 git；不查看以前的版本时不需要它。")


def _damaged() -> CannotRun:
    return CannotRun("git 仓库里缺少要读的内容，可能没有下载完整，或者已经损坏", "重新克隆一份完整的仓库再试。")


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


class Objects:
    """Reads objects by id through one process, which is started when needed and never shared with a fork."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def __getstate__(self) -> dict[str, object]:
        return {"_root": self._root, "_process": None, "_owner": 0}

    def read(self, identifier: str, limit: int | None = None) -> tuple[str, bytes]:
        """Type and content of an object, cut at ``limit`` bytes; raises ``CannotRun`` where it is missing."""
        found = self.find(identifier, limit)
        if found is None:
            raise _damaged()
        return found

    def find(self, identifier: str, limit: int | None = None) -> tuple[str, bytes] | None:
        """The same, or None where there is no such object."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(identifier.encode("ascii") + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
        except OSError as error:
            raise _damaged() from error
        if not header:
            raise _damaged()
        if len(header) != 3:
            return None
        size = int(header[2])
        data = process.stdout.read(size if limit is None else min(size, limit))
        unread = size - len(data)
        while unread > 0 and (skipped := process.stdout.read(min(unread, _CHUNK))):
            unread -= len(skipped)
        if process.stdout.read(1) != b"\n":
            raise _damaged()
        return header[1].decode("ascii"), data

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._owner != os.getpid():
            try:
                self._process = subprocess.Popen(
                    ["git", "cat-file", "--batch"],  # noqa: S607 - whichever git the user has
                    cwd=self._root,
                    env=_environment(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise _no_git() from error
            self._owner = os.getpid()
            weakref.finalize(self, _end, self._process, self._owner)
        return self._process


def _end(process: "subprocess.Popen[bytes]", owner: int) -> None:
    """Let the reader end: without input it has nothing more to do."""
    if owner != os.getpid():
        return
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


@dataclass(slots=True)
class _Tree:
    """One folder's entries: files by name, folders by name, both to object ids."""

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)


class Repository:
    """The repository that a workspace lies in, perhaps in a folder below its top."""

    def __init__(self, workspace: Workspace) -> None:
        self.root = workspace.root
        self._objects = Objects(self.root)
        self._trees: dict[str, _Tree] = {}
        shallow, _, prefix = self._run("rev-parse", "--is-shallow-repository", "--show-prefix").partition(b"\n")
        self.shallow = shallow == b"true"
        self._folder = _name(prefix.removesuffix(b"\n")).strip("/")

    def _git(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        command = ["git", *arguments]
        try:
            return subprocess.run(command, cwd=self.root, env=_environment(), capture_output=True, check=False)
        except OSError as error:
            raise _no_git() from error

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
                found = _headers(read[1])["object"][0]
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
            raise _damaged()
        headers = _headers(data)
        message = data.partition(b"\n\n")[2]
        encoding = headers.get("encoding", ["utf-8"])[0]
        author, when = _signature(_decoded(_header_bytes(data, b"author"), encoding))
        lines = _decoded(message, encoding).strip().splitlines()
        return Commit(identifier, headers["tree"][0], tuple(parents), author, when, lines[0] if lines else "")

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

    def _tree(self, identifier: str) -> _Tree:
        if identifier not in self._trees:
            _, data = self._objects.read(identifier)
            self._trees[identifier] = _entries(data, len(identifier) // 2)
        return self._trees[identifier]

    def blob(self, identifier: str) -> bytes:
        """A file's bytes, at most a byte over the limit."""
        return self._objects.read(identifier, READ_LIMIT)[1]


def _unspeakable(revision: str) -> bool:
    """Whether git would take it for an option, or no line of input could hold it."""
    return not revision.strip() or revision.startswith("-") or any(ord(char) < 32 for char in revision)


def _entries(data: bytes, size: int) -> _Tree:
    """A tree object's entries; symbolic links and submodules hold no text of the workspace."""
    tree = _Tree()
    at = 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        identifier = data[end + 1 : end + 1 + size].hex()
        kind = int(mode, 8) & _KIND
        if kind == _FOLDER:
            tree.folders[_name(name)] = identifier
        elif kind == _PLAIN:
            tree.files[_name(name)] = identifier
        at = end + 1 + size
    return tree


def _name(data: bytes) -> str:
    """A file name as the disk gives it: what is no UTF-8 is carried along unharmed."""
    return data.decode("utf-8", errors="surrogateescape")


def _headers(data: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in data.partition(b"\n\n")[0].split(b"\n"):
        key, _, value = line.decode("utf-8", errors="replace").partition(" ")
        found.setdefault(key, []).append(value)
    return found


def _header_bytes(data: bytes, key: bytes) -> bytes:
    lines = data.partition(b"\n\n")[0].split(b"\n")
    return next((line[len(key) + 1 :] for line in lines if line.startswith(key + b" ")), b"")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", errors="replace")


def _signature(text: str) -> tuple[str, datetime]:
    """Name and time of ``Name <address> seconds zone``; what other programs garbled becomes the first of 1970."""
    name, _, rest = text.partition("<")
    seconds, _, zone = rest.rpartition(">")[2].strip().partition(" ")
    try:
        minutes = int(zone[-4:-2] or 0) * 60 + int(zone[-2:] or 0)
        place = timezone(timedelta(minutes=-minutes if zone.startswith("-") else minutes))
        return name.strip(), datetime.fromtimestamp(int(seconds), place)
    except (ValueError, OverflowError, OSError):
        return name.strip(), datetime.fromtimestamp(0, UTC)


def user_name(root: Path) -> str | None:
    """The name that git signs with in a folder; None without git or without a name."""
    try:
        command = ["git", "config", "user.name"]
        done = subprocess.run(command, cwd=root, env=_environment(), capture_output=True, check=False)
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
