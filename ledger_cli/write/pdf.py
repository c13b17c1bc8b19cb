"""Documents to PDF through LibreOffice."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ledger_cli.exits import CannotRun

# Word names fonts that Linux machines lack. LibreOffice then looks for a substitute character by character,
# which takes it five times as long; an alias settles it once.
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
{aliases}</fontconfig>
"""
_ALIASES = {
    ("仿宋", "仿宋_GB2312", "FangSong", "楷体", "楷体_GB2312", "宋体", "SimSun", "方正小标宋简体"): (
        "Noto Serif CJK SC",
        "Noto Sans CJK SC",
    ),
    ("黑体", "SimHei"): ("Noto Sans CJK SC",),
}


def find_office() -> str | None:
    """LibreOffice's command, where it is installed."""
    usual = (
        r"C:\\Program Files\\LibreOffice\\program\\soffice.exe",
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    )
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in usual if Path(path).is_file()), None)


def no_office() -> CannotRun:
    """The error where LibreOffice is not installed."""
    return CannotRun(
        "没有找到 LibreOffice，不能生成 PDF",
        "安装 LibreOffice 后再试；或者不用 --pdf，用 Word、WPS 打开文档另存为 PDF。",
    )


def to_pdf(documents: Sequence[Path], folder: Path, *, seconds: float) -> list[Path]:
    """Convert documents to PDF files in ``folder``; raises ``CannotRun`` where that cannot be done."""
    return convert(documents, folder, "pdf", seconds=seconds)


def convert(documents: Sequence[Path], folder: Path, kind: str, *, seconds: float) -> list[Path]:
    """Convert documents to files of another kind (a suffix) in ``folder``; raises ``CannotRun``."""
    office = find_office()
    if office is None:
        raise no_office()
    with tempfile.TemporaryDirectory(prefix="ledger-office-") as profile:
        fonts = Path(profile) / "fonts.conf"
        fonts.write_text(_FONTS.format(aliases=_alias_xml()), "utf-8")
        environment = dict(os.environ)
        if os.name == "posix":
            environment["FONTCONFIG_FILE"] = str(fonts)
        command = [
            office,
            f"-env:UserInstallation={Path(profile).as_uri()}/profile",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            *map(str, documents),
        ]
        _run(command, environment, seconds)
    written = [folder / f"{document.stem}.{kind}" for document in documents]
    lost = [path.name for path in written if not path.is_file()]
    if lost:
        raise CannotRun(f"LibreOffice 没有生成 {'、'.join(lost)}", "用 Word 或者 WPS 打开文档另存为 PDF。")
    return written


def _run(command: list[str], environment: dict[str, str], seconds: float) -> None:
    """Run LibreOffice; where it takes too long, end it and the processes it started."""
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError as error:
        raise CannotRun(f"LibreOffice 启动不了（{error.strerror}）", "重新安装 LibreOffice 后再试。") from error
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise CannotRun(
            f"LibreOffice 用了 {seconds:.0f} 秒还没有转完",
            "用 --split section 或 --split task 分成几份再转，或者用 Word 打开文档另存为 PDF。",
        ) from error
    finally:
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()


def _alias_xml() -> str:
    lines: list[str] = []
    for families, substitutes in _ALIASES.items():
        accepted = "".join(f"<family>{name}</family>" for name in substitutes)
        lines += [
            f'  <alias binding="same"><family>{family}</family><accept>{accepted}</accept></alias>\n'
            for family in families
        ]
    return "".join(lines)
