"""Reading from git: every file as committed, and each way it can fail as one clear sentence."""

import gc
import os
import pickle
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger_cli.edge.disk import Workspace
from ledger_cli.edge.git import Repository, Revision
from ledger_cli.edge.git_objects import Objects
from ledger_cli.exits import CannotRun
from ledger_cli.files import SUBMISSIONS, TASKS
from tests.conftest import PERIOD, Ledger, office_submission, write
from tests.revisions import History, need_git, new_repository

READERS = (["validate"], ["merge", "-o", "out.json"], ["report", "-o", "out.docx"], ["todo", "sft"], ["who", "3"])


@pytest.fixture
def committed(sample: Path) -> History:
    """The sample workspace in a subfolder of a repository, with one commit, tagged v1."""
    top = sample.parent / "执法 台账"
    top.mkdir()
    shutil.move(sample, top / "work 一")
    os.chdir(top / "work 一")
    repository = new_repository(top)
    (top / "别的.txt").write_text("与台账无关", "utf-8")
    repository.commit("第一次")
    repository.git("tag", "-a", "v1", "-m", "一稿")
    return History(Path.cwd(), 1)


def said(result: object) -> str:
    assert getattr(result, "code") == 2  # noqa: B009 - any command's result
    text = str(getattr(result, "err"))  # noqa: B009
    assert len(text.splitlines()) == 1, text
    assert "fatal" not in text
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("revision", ["HEAD", "v1", "main", "HEAD^{commit}", "v1~0", ":/第一"])
def test_every_kind_of_name_gives_the_files_as_committed(committed: History, revision: str) -> None:
    workspace = Workspace.find(committed.root)
    before = {name: workspace.read(name) for name in workspace.names(SUBMISSIONS)}
    write(committed.root, "zfbgt.yaml", office_submission())
    (committed.root / PERIOD / "sft.yaml").unlink()
    files = Revision(workspace, revision)
    assert {name: files.read(name) for name in files.names(SUBMISSIONS)} == before
    assert files.names("没有") == []
    assert files.read("没有.yaml") is None
    assert files.read("data") is None


def test_a_workspace_with_odd_names_detached_and_renamed(committed: History) -> None:
    folder = committed.root / PERIOD
    (folder / "sft.yaml").rename(folder / "自治区 司法厅.yaml")
    odd = os.fsdecode(b"submissions/2024H1/\xc4\xea\xff.yaml")
    (committed.root / odd).write_bytes(b"x")
    (folder / 'a"b\\c.yaml').write_bytes(b"y")
    (folder / "连接.yaml").symlink_to("zfbgt.yaml")
    committed.commit("改名")
    committed.git("checkout", "-q", "--detach", "HEAD")
    files = Revision(Workspace.find(committed.root), "HEAD")
    names = files.names(SUBMISSIONS)
    assert f"{PERIOD}/自治区 司法厅.yaml" in names
    assert f"{PERIOD}/sft.yaml" not in names
    assert files.read(odd) == b"x"
    assert files.read(f'{PERIOD}/a"b\\c.yaml') == b"y"
    assert f"{PERIOD}/连接.yaml" not in names


def test_names_that_are_not_utf8_end_no_command(committed: History, ledger: Ledger) -> None:
    (committed.root / os.fsdecode(b"submissions/2024H1/\xc4\xea.yaml")).write_bytes(b"x")
    committed.commit("乱码文件名")
    for arguments in (["validate"], ["validate", "--format", "json"]):
        assert ledger(*arguments, "--at", "HEAD").code == 1
    for output in ([], ["--format", "json"], ["-o", "a.docx"], ["-o", "a.json"]):
        assert ledger("diff", "v1", "HEAD", *output).code == 0
    assert ledger("log", "sft", "--format", "json").code == 0


def test_catalog_and_registry_come_from_the_revision_too(committed: History, ledger: Ledger) -> None:
    path = committed.root / TASKS
    path.write_text(path.read_text("utf-8").replace("按照全国行政执法人员培训", "按照新的培训"), "utf-8")
    assert "按照新的培训" in ledger("who", "3").out
    assert "按照全国行政执法人员培训" in ledger("who", "3", "--at", "HEAD").out
    path.write_text("坏了", "utf-8")
    for arguments in READERS:
        assert ledger(*arguments, "--at", "v1").code == 0, arguments
    assert path.read_text("utf-8") == "坏了"


def test_processes_read_a_revision_with_the_same_result(
    committed: History, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = ledger("validate", "--format", "json", "--at", "HEAD")
    monkeypatch.setattr("ledger_cli.gather.workers._POOL_FROM", 2)
    monkeypatch.setattr("ledger_cli.gather.workers._processors", lambda: 2)
    assert ledger("validate", "--format", "json", "--at", "HEAD") == one
    files = Revision(Workspace.find(committed.root), "HEAD")
    whole = files.read(TASKS)
    assert pickle.loads(pickle.dumps(files)).read(TASKS) == whole  # noqa: S301 - what it wrote itself


def test_the_reading_process_ends(committed: History) -> None:
    objects = Objects(committed.root)
    assert objects.find("0" * 40) is None
    process = objects._running()
    assert process.poll() is None
    del objects
    gc.collect()
    assert process.poll() == 0


def test_a_large_file_is_read_to_the_limit_and_the_next_one_whole(
    committed: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    (committed.root / PERIOD / "大.yaml").write_bytes(b"a" * 5000)
    committed.commit("大文件")
    monkeypatch.setattr("ledger_cli.edge.git.READ_LIMIT", 100)
    monkeypatch.setattr("ledger_cli.edge.git_objects._CHUNK", 64)
    files = Revision(Workspace.find(committed.root), "HEAD")
    assert files.read(f"{PERIOD}/大.yaml") == b"a" * 100
    monkeypatch.setattr("ledger_cli.edge.git.READ_LIMIT", 1 << 20)
    assert files.read(TASKS) == (committed.root / TASKS).read_bytes()


def test_git_variables_of_a_hook_lead_nowhere_else(
    committed: History, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = ledger("todo", "sft", "--at", "HEAD").out
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert ledger("todo", "sft", "--at", "HEAD").out == before


def test_users_settings_change_nothing(
    committed: History, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = [ledger("log", "sft").out, ledger("diff", "v1", "--format", "json").out]
    config = tmp_path / "config"
    config.write_text(
        "[core]\nquotepath=true\npager=false\n[color]\nui=always\n[log]\nshowSignature=true\ndiffMerges=combined\n"
        "[diff]\nrenames=copies\nnoprefix=true\n[i18n]\nlogOutputEncoding=GBK\n",
        "utf-8",
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert [ledger("log", "sft").out, ledger("diff", "v1", "--format", "json").out] == before


def test_reading_leaves_the_repository_as_it_was(committed: History, ledger: Ledger) -> None:
    top = committed.root.parent / ".git"

    def state() -> dict[Path, tuple[int, bytes]]:
        return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in top.rglob("*") if p.is_file()}

    before = state()
    for arguments in (["diff", "v1"], ["log", "sft"], ["validate", "--at", "HEAD"]):
        assert ledger(*arguments).code == 0
    assert state() == before


@pytest.mark.parametrize(
    "revision", ["nowhere", "HEAD~9", "--help", "", " ", "a\tb", "HEAD:data/tasks.yaml", "0" * 40, "HEAD..main", "@{1}"]
)
def test_an_unknown_revision_is_one_sentence(committed: History, ledger: Ledger, revision: str) -> None:
    for arguments in READERS if revision == "nowhere" else READERS[:1]:
        assert "版本" in said(ledger(*arguments, f"--at={revision}"))


def test_a_shallow_clone_says_so(committed: History, ledger: Ledger, tmp_path: Path) -> None:
    write(committed.root, "zfbgt.yaml", office_submission())
    committed.commit("第二次")
    clone = tmp_path / "clone"
    committed.git("clone", "-q", "--depth", "1", f"file://{committed.root.parent}", clone)
    work = clone / "work 一"
    assert ledger("-C", work, "validate", "--at", "HEAD").code == 0
    text = said(ledger("-C", work, "validate", "--at", "HEAD~1"))
    assert "浅克隆" in text
    assert "git fetch --unshallow" in text


def test_without_git_all_else_works(committed: History, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(committed.root))
    for arguments in (*READERS, ["diff", "v1"], ["log", "sft"]):
        at = [] if arguments[0] in ("diff", "log") else ["--at", "HEAD"]
        assert "没有找到 git" in said(ledger(*arguments, *at))
    assert ledger("validate").code == 0


def test_outside_a_repository(sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    need_git()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(sample.parent))
    for arguments in (["validate", "--at", "HEAD"], ["diff", "HEAD"], ["log", "sft"]):
        assert "不在 git 仓库里" in said(ledger(*arguments))


def test_a_repository_of_somebody_else(committed: History, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger_cli.edge.git_objects._FIXED", {"LC_ALL": "C", "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    text = said(ledger("validate", "--at", "HEAD"))
    assert "属于别的用户" in text
    assert f'safe.directory "{committed.root.parent}"' in text


def test_a_repository_without_commits(sample: Path, ledger: Ledger) -> None:
    new_repository(sample)
    for arguments in (["validate", "--at", "HEAD"], ["diff", "HEAD"], ["log", "sft"]):
        assert "还没有任何提交" in said(ledger(*arguments))


def test_a_revision_before_the_workspace(sample: Path, ledger: Ledger) -> None:
    repository = new_repository(sample)
    repository.git("commit", "-q", "--allow-empty", "-m", "空")
    repository.commit("台账")
    assert ledger("validate", "--at", "HEAD").code == 0
    assert "这个版本里还没有台账" in said(ledger("validate", "--at", "HEAD~1"))
    assert "这个版本里还没有台账" in said(ledger("diff", "HEAD~1"))


def test_a_damaged_repository(committed: History, ledger: Ledger) -> None:
    blob = committed.git("rev-parse", f"HEAD:./{PERIOD}/sft.yaml")
    (committed.root.parent / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert "缺少要读的内容" in said(ledger("validate", "--at", "HEAD"))
    (committed.root.parent / ".git/HEAD").write_text("ref: \n", "utf-8")
    said(ledger("validate", "--at", "HEAD"))


def test_commit_messages_in_other_encodings(committed: History) -> None:
    tree = committed.git("rev-parse", "HEAD^{tree}")
    who = "王五 <w@x> 1720000000 +0530"
    raw = f"tree {tree}\nauthor {who}\ncommitter {who}\nencoding GBK\n\n改稿\n"
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    done = subprocess.run(command, cwd=committed.root, input=raw.encode("gbk"), capture_output=True, check=True)
    commit = Repository(Workspace.find(committed.root)).commit(done.stdout.decode().strip())
    assert (commit.author, commit.subject) == ("王五", "改稿")
    assert commit.when.isoformat() == "2024-07-03T15:16:40+05:30"


def test_a_fault_is_told_when_read_in_the_program(committed: History) -> None:
    with pytest.raises(CannotRun):
        Repository(Workspace.find(committed.root)).commit("0" * 40)
