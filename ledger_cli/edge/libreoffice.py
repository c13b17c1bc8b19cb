"""Documents to PDF, and old formats to those of today, through LibreOffice."""

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
# A document may name pictures and style sheets elsewhere. Nothing is fetched for it and no macro is run: links are
# blocked, and whatever asks the network all the same is sent to a port where nobody listens.
_SETTINGS = {
    "Office.Common/Security/Scripting": {"BlockUntrustedRefererLinks": "true", "DisableMacrosExecution": "true"},
    "Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
        "ooInetNoProxy": "",
    },
}
_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}</oor:items>
"""
_SHEETS = ("xlsx", "csv", "ods")
_CALC = ("libsclo.so", "libsclo.dylib", "sclo.dll")
_ALIASES = {
    ("仿宋", "仿宋_GB2312", "FangSong", "楷体", "楷体_GB2312", "宋体", "SimSun", "方正小标宋简体"): (
        "Noto Serif CJK SC",
        "Noto Sans CJK SC",
    ),
    ("黑体", "SimHei"): ("Noto Sans CJK SC",),
}


class NoOffice(CannotRun):
    """LibreOffice, or its part for such documents, is not installed."""


class NoCalc(NoOffice):
    """LibreOffice is installed without its part for sheets."""


def find_office() -> str | None:
    """LibreOffice's command, where it is installed."""
    usual = (
        r"C:\\Program Files\\LibreOffice\\program\\soffice.exe",
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    )
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in usual if Path(path).is_file()), None)


def no_office() -> NoOffice:
    """The error where LibreOffice is not installed."""
    return NoOffice(
        "没有找到 LibreOffice，不能生成 PDF",
        "安装 LibreOffice 后再试；或者不用 --pdf，用 Word、WPS 打开文档另存为 PDF。",
    )


def to_pdf(documents: Sequence[Path], folder: Path, *, seconds: float) -> list[Path]:
    """Convert documents to PDF files in ``folder``; raises ``CannotRun`` where that cannot be done."""
    return convert(documents, folder, "pdf", seconds=seconds)


def convert_bytes(data: bytes, suffix: str, kind: str, reader: str = "", *, seconds: float = 120) -> bytes:
    """A document of a kind that its suffix tells as one of another kind; raises ``CannotRun``.

    ``reader`` names LibreOffice's import filter where the suffix does not settle it.
    """
    with tempfile.TemporaryDirectory(prefix="ledger-office-") as folder:
        source, made = Path(folder) / f"document{suffix}", Path(folder) / "made"
        source.write_bytes(data)
        made.mkdir()
        (result,) = convert([source], made, kind, seconds=seconds, reader=reader)
        return result.read_bytes()


def convert(documents: Sequence[Path], folder: Path, kind: str, *, seconds: float, reader: str = "") -> list[Path]:
    """Convert documents to files of another kind (a suffix) in ``folder``; raises ``CannotRun``.

    Nothing is fetched for them. ``reader`` names LibreOffice's import filter; without it LibreOffice chooses.
    """
    office = find_office()
    if office is None:
        raise no_office()
    with tempfile.TemporaryDirectory(prefix="ledger-office-") as profile:
        fonts = Path(profile) / "fonts.conf"
        fonts.write_text(_FONTS.format(aliases=_alias_xml()), "utf-8")
        settings = Path(profile) / "profile/user/registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_REGISTRY.format(items=_settings_xml()), "utf-8")
        environment = dict(os.environ)
        if os.name == "posix":
            environment["FONTCONFIG_FILE"] = str(fonts)
        command = [
            office,
            f"-env:UserInstallation={Path(profile).as_uri()}/profile",
            "--headless",
            *([f"--infilter={reader}"] if reader else []),
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            *map(str, documents),
        ]
        _run(command, environment, seconds)
    written = [folder / f"{document.stem}.{kind}" for document in documents]
    lost = [path.name for path in written if not path.is_file()]
    if lost and kind in _SHEETS and not _has_calc(Path(office)):
        raise NoCalc("LibreOffice 没有装表格部分（Calc）", "安装 LibreOffice 的 Calc 后再试。")
    if lost:
        raise CannotRun(f"LibreOffice 没有生成 {'、'.join(lost)}", "用 Word 或者 WPS 打开文档另存为 PDF。")
    return written


def _has_calc(office: Path) -> bool:
    """Whether the part for sheets lies where LibreOffice keeps its parts."""
    program = office.resolve().parent
    return any((folder / name).is_file() for folder in (program, program.parent / "Frameworks") for name in _CALC)


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


def _settings_xml() -> str:
    return "".join(
        f'  <item oor:path="/org.openoffice.{path}">{_setting_xml(name, value)}</item>\n'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )


def _setting_xml(name: str, value: str) -> str:
    return f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'


def _alias_xml() -> str:
    lines: list[str] = []
    for families, substitutes in _ALIASES.items():
        accepted = "".join(f"<family>{name}</family>" for name in substitutes)
        lines += [
            f'  <alias binding="same"><family>{family}</family><accept>{accepted}</accept></alias>\n'
            for family in families
        ]
    return "".join(lines)
