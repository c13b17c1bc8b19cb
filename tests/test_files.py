"""The world around the program: other commands at the same time, killed ones, odd files and names, full disks."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from ledger_cli.edge import replacing
from ledger_cli.edge.disk import Workspace
from ledger_cli.edge.lock import locked
from ledger_cli.edge.outputs import Outputs, write_new
from ledger_cli.exits import CannotRun
from ledger_cli.files import printable_name
from tests.conftest import PERIOD, Ledger, office_submission, write

POSIX = pytest.mark.skipif(os.name != "posix", reason="no such files on this system")


def command(*arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    """The program as a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "ledger_cli", *arguments], **options)


# -- several at once ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_reviewers_at_the_same_time_lose_nothing(sample: Path) -> None:
    tasks = range(1, 13)
    quiet = subprocess.DEVNULL
    runs = {n: command("accept", "sft", "--task", str(n), "--by", "甲", stdout=quiet, stderr=quiet) for n in tasks}
    assert {n: run.wait(timeout=120) for n, run in runs.items()} == dict.fromkeys(tasks, 0)
    record = (sample / "reviews/2024H1.yaml").read_text("utf-8")
    assert {n for n in tasks if f"任务: {n}," in record} == set(tasks)


def test_the_lock_lets_one_in_at_a_time(bare: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def enter() -> None:
        with locked(bare):
            inside.append(1)
            most.append(len(inside))
            threading.Event().wait(0.02)
            inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1


def test_whoever_waits_too_long_is_told(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import sys, pathlib\nfrom ledger_cli.edge.lock import locked\n"
        "with locked(pathlib.Path('.')):\n    print('held', flush=True)\n    sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    monkeypatch.setattr("ledger_cli.edge.lock._WAIT", 0.2)
    with pytest.raises(CannotRun, match="别的 ledger 命令正在写"), locked(bare):
        pass
    holder.communicate(b"")
    with locked(bare):
        pass


def test_what_another_command_wrote_meanwhile_is_no_persons_work(bare: Path) -> None:
    first, second = (Outputs(Workspace(bare)) for _ in range(2))
    for outputs, text in ((first, b"one"), (second, b"two"), (first, b"three")):
        with outputs.file(bare / "build/ledger.docx") as temporary:
            temporary.write_bytes(text)
    (bare / "build/ledger.docx").write_bytes(b"edited")
    with pytest.raises(CannotRun, match="有人改过"), second.file(bare / "build/ledger.docx"):
        pass


class Killed(BaseException):
    """The end of a command, whatever it was about to do."""


@pytest.mark.parametrize("moved", [False, True])
def test_a_file_written_by_a_killed_command_is_no_persons_work(
    bare: Path, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    path = bare / "build/ledger.docx"

    def write_it(text: bytes) -> None:
        with Outputs(Workspace(bare)).file(path) as temporary:
            temporary.write_bytes(text)

    original = Path.replace

    def killed(self: Path, target: Path) -> None:
        if target == path and not moved:
            raise Killed
        original(self, target)
        if target == path:
            raise Killed

    write_it(b"first")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(Killed):
            write_it(b"second")
    assert path.read_bytes() == (b"second" if moved else b"first")
    write_it(b"third")
    assert path.read_bytes() == b"third"
    path.write_bytes(b"edited")
    with pytest.raises(CannotRun, match="有人改过"):
        write_it(b"fourth")


def test_what_a_person_edited_is_not_known_because_it_was_overwritten_by_force(bare: Path) -> None:
    path = bare / "build/ledger.docx"
    path.parent.mkdir()
    path.write_bytes(b"edited")
    outputs = Outputs(Workspace(bare), force=True)
    with outputs.file(path) as temporary:
        temporary.write_bytes(b"written")
    path.write_bytes(b"edited")
    with pytest.raises(CannotRun, match="有人改过"):
        Outputs(Workspace(bare)).check(path)


def test_a_new_workspace_of_which_a_killed_command_made_a_part_is_completed(tmp_path: Path, ledger: Ledger) -> None:
    assert ledger("init", tmp_path / "a").code == 0
    (tmp_path / "a/templates/brief.docx").unlink()
    assert ledger("init", tmp_path / "a").code == 0
    assert (tmp_path / "a/templates/brief.docx").exists()
    assert ledger("init", tmp_path / "a").code == 2
    (tmp_path / "a/templates/brief.docx").unlink()
    (tmp_path / "a/data/tasks.yaml").write_text("改过", "utf-8")
    assert ledger("init", tmp_path / "a").code == 2
    assert not (tmp_path / "a/templates/brief.docx").exists()


# -- killed and full ------------------------------------------------------------------------------------


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_file_that_is_written_half_never_stands_under_its_name(
    bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "write_bytes", no_space)
    for arguments in (["new", "zfbgt"], ["new", "--all"], ["open", "2024H2"], ["merge"]):
        result = ledger(*arguments)
        assert result.code == 2, result
        assert "磁盘满了" in result.err
    assert not [path for path in bare.rglob("*") if path.is_file() and "submissions" in path.parts]
    assert not list(bare.rglob(".ledger-*"))


def test_what_a_killed_command_left_is_cleared_by_the_next(bare: Path, ledger: Ledger) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder = bare / PERIOD
    left = folder / f"{replacing.PASSING}{ended.pid}-1234.yaml"
    running = folder / f"{replacing.PASSING}{os.getppid()}-1234.yaml"
    for path in (left, running):
        path.write_text("单位: zfb", "utf-8")
    assert ledger("new", "zfbgt").code == 0
    if os.name == "posix":
        assert not left.exists()
    assert running.exists()
    assert ledger("validate").code == 0


def test_two_who_make_the_same_file_do_not_overwrite_each_other(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bare / PERIOD / "zfbgt.yaml"
    original = replacing.passing_file

    def late(folder: Path, suffix: str = "") -> Path:
        path.write_text("别人刚写的", "utf-8")
        return original(folder, suffix)

    monkeypatch.setattr(replacing, "passing_file", late)
    with pytest.raises(CannotRun, match="已经有"):
        write_new(bare, {f"{PERIOD}/zfbgt.yaml": b"x"})
    assert path.read_text("utf-8") == "别人刚写的"


@POSIX
@pytest.mark.parametrize("arguments", [["rule"], ["todo", "sft"], ["validate", "--format", "json"]])
def test_a_full_disk_behind_the_standard_output(sample: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ledger_cli", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert "磁盘满了" in done.stderr.decode()
    assert "Error" not in done.stderr.decode()


@POSIX
def test_a_closed_standard_output(sample: Path) -> None:
    program = f'exec "{sys.executable}" -m ledger_cli merge >&-'
    done = subprocess.run(["/bin/sh", "-c", program], stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert "标准输出已经关闭" in done.stderr.decode()
    assert not (sample / "build/ledger.yaml").exists()


@POSIX
def test_the_log_of_a_fault_follows_no_link(bare: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = bare / "victim.txt"
    victim.write_text("原来的字", "utf-8")
    (bare / "build").mkdir()
    (bare / "build/ledger-error.log").symlink_to(victim)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    monkeypatch.setattr("ledger_cli.cli.lookup.sound_plan", broken)
    assert ledger("todo", "sft").code == 3
    assert victim.read_text("utf-8") == "原来的字"
    assert "fault" in (bare / "build/ledger-error.log").read_text("utf-8")


# -- odd files and names --------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("arguments", [["validate"], ["merge"], ["status"], ["report"], ["remind"]])
def test_a_pipe_among_the_submissions_does_not_wait(sample: Path, ledger: Ledger, arguments: list[str]) -> None:
    os.mkfifo(sample / PERIOD / "gat.yaml")
    result = ledger(*arguments)
    assert result.code in (0, 1)
    if arguments == ["validate"]:
        assert "gat.yaml:1:1 C206 这个文件是管道或者设备" in result.out


@POSIX
@pytest.mark.parametrize("name", ["data/tasks.yaml", "data/units.yaml", "data/hints.yaml", "reviews/2024H1.yaml"])
def test_a_pipe_in_place_of_a_source(sample: Path, ledger: Ledger, name: str) -> None:
    path = sample / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    result = ledger("-C", sample, "validate")
    assert result.code == 2
    assert "没有读取" in result.err or "没有找到" in result.err


@POSIX
def test_a_pipe_as_output(sample: Path, ledger: Ledger) -> None:
    os.mkfifo(sample / "out.json")
    result = ledger("merge", "-o", "out.json", "--force")
    assert result.code == 2
    assert "管道" in result.err


@POSIX
def test_a_link_out_of_the_workspace_is_not_read(sample: Path, ledger: Ledger, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(office_submission(), "utf-8")
    (sample / PERIOD / "zfbgt.yaml").unlink()
    (sample / PERIOD / "zfbgt.yaml").symlink_to(secret)
    result = ledger("validate")
    assert result.code == 1
    assert "zfbgt.yaml:1:1 C206 这个文件是一个链接，通到台账文件夹以外，没有读取" in result.out
    assert "完成第13项的工作" not in ledger("merge", "--partial").out


@POSIX
def test_a_linked_folder_is_no_empty_folder(sample: Path, ledger: Ledger, tmp_path: Path) -> None:
    (sample / PERIOD).rename(tmp_path / "elsewhere")
    (sample / PERIOD).symlink_to(tmp_path / "elsewhere")
    result = ledger("status")
    assert result.code == 2
    assert "是一个链接" in result.err


def test_a_folder_that_cannot_be_opened_is_no_empty_folder(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.scandir

    def refuse(path: Any = ".") -> Any:
        if str(path).endswith("2024H1"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for arguments in (["validate"], ["status"], ["merge"], ["report"]):
        result = ledger(*arguments)
        assert result.code == 2, result
        assert "打不开（没有权限）" in result.err


@POSIX
@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("银川市".encode("gbk") + b".yaml", "银川市.yaml"),
        (b"\x1b[31mgat.yaml", "�[31mgat.yaml"),
        (b"ga\nt.yaml", "ga�t.yaml"),
        ("司\u202e法厅.yaml".encode(), "司�法厅.yaml"),
        (b"\xff\xfe.yaml", "��.yaml"),
    ],
)
@pytest.mark.parametrize("arguments", [["validate"], ["merge", "--partial"], ["report", "--partial"], ["remind"]])
def test_a_name_that_nobody_can_print(
    sample: Path, ledger: Ledger, raw: bytes, shown: str, arguments: list[str]
) -> None:
    folder = os.fsencode(sample / PERIOD)
    with open(folder + b"/" + raw, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(office_submission().encode())
    result = ledger(*arguments)
    assert result.code in (0, 1), result
    assert "\x1b" not in result.out + result.err
    if arguments == ["validate"]:
        assert f"{shown}:1:1 C206 文件名里有不能显示的字符" in result.out


def test_names_as_they_are_printed() -> None:
    assert printable_name("submissions/2024H1/司法厅　（终稿）.yaml") == "submissions/2024H1/司法厅　（终稿）.yaml"
    assert printable_name("a\x07b") == "a�b"


@POSIX
def test_a_file_with_an_unprintable_name_is_taken_in_harmlessly(bare: Path, ledger: Ledger) -> None:
    write(bare, "../../坏\x1b[2J.docx", b"x")
    result = ledger("intake", next(bare.glob("坏*")))
    assert result.code == 1
    assert "\x1b" not in result.out + result.err


# -- links and folders that lead nowhere ----------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
@pytest.mark.parametrize("command", [["validate"], ["merge"], ["status"], ["report", "--partial"], ["accept", "sft"]])
@pytest.mark.parametrize("target", ["fgw.yaml", "nothing.yaml"], ids=["circle", "dangling"])
def test_a_link_that_leads_nowhere_is_a_finding_of_its_file(
    sample: Path, ledger: Ledger, command: list[str], target: str
) -> None:
    (sample / PERIOD / "fgw.yaml").symlink_to(target)
    result = ledger(*command)
    assert result.code in (0, 1), result
    if command in (["validate"], ["merge"]):
        assert result.code == 1
        assert "fgw.yaml:1:1 C206 这个文件是一个链接，打不开" in result.out + result.err


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
@pytest.mark.parametrize("name", ["data/hints.yaml", "reviews/2024H1.yaml", "periods/2024H1/tasks.yaml", "build"])
def test_a_source_that_is_a_circle_of_links_is_said(sample: Path, ledger: Ledger, name: str) -> None:
    place = sample / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(place.name)
    for command in (["validate"], ["accept", "sft"], ["merge"]):
        result = ledger(*command)
        assert result.code in (0, 1, 2), result
        assert "内部出错" not in result.err
    assert "链接绕成了圈" in ledger("merge" if name == "build" else "validate").err or name.startswith("reviews")


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
def test_a_circle_of_links_as_output_or_workspace(sample: Path, ledger: Ledger) -> None:
    Path("o.yaml").symlink_to("o.yaml")
    assert ledger("merge", "-o", "o.yaml").code in (0, 2)
    Path("w").symlink_to("w")
    for command in (["-C", "w", "status"], ["remind", "-o", "w"], ["form", "zfbgt", "-o", "w/a.docx"]):
        result = ledger(*command)
        assert result.code == 2, result
        assert "内部出错" not in result.err


@pytest.mark.parametrize("name", [f"{PERIOD}/fgw.yaml", "data/hints.yaml"])
def test_a_folder_in_place_of_a_file_is_said(sample: Path, ledger: Ledger, name: str) -> None:
    (sample / name).unlink(missing_ok=True)
    (sample / name).mkdir(parents=True)
    result = ledger("validate")
    assert "是文件夹，不是文件" in result.out + result.err
    assert result.code in (1, 2)


@pytest.mark.skipif(os.name != "posix", reason="other names are not allowed there")
@pytest.mark.parametrize("name", [b"\xd6\xd0.docx", b"a\x1b.docx", "a\u202e.docx".encode(), "a\ufeff.docx".encode()])
def test_an_attachment_with_an_unprintable_name_is_imported(sample: Path, ledger: Ledger, name: bytes) -> None:
    assert ledger("report", "--blank", "-o", "blank.docx").code == 0
    odd = Path(os.fsdecode(name))
    Path("blank.docx").rename(odd)
    assert ledger("catalog", "import", odd, "-o", "new.yaml").code in (0, 1)
    assert "任务" in Path("new.yaml").read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
@pytest.mark.parametrize("arguments", [["validate"], ["zzz"], ["todo", "x"], ["merge", "-o", "m.json"]])
def test_where_nothing_can_be_said_the_exit_code_says_so(sample: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "ledger_cli", *arguments]
        ended = subprocess.run(command, stdout=full, stderr=full, check=False)
    assert ended.returncode == 2


def test_opening_tells_the_period_that_was_current_until_then(sample: Path) -> None:
    command = [sys.executable, "-m", "ledger_cli", "open"]
    codes = ("2024H2", "2025H1", "2025H2", "2024Q3")
    running = [subprocess.Popen([*command, code], stdout=subprocess.PIPE, text=True) for code in codes]
    said = "".join(process.communicate()[0] for process in running)
    steps = re.findall(r"当前报送期由 (\w+) 改成 (\w+)", said)
    assert sorted(after for _, after in steps) == sorted(codes)
    assert len({before for before, _ in steps}) == len(codes)  # each came after another, in some order
