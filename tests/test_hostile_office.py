"""Office files made to cost much, and files broken in every way: told in a sentence, and the others are taken in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Ledger
from tests.hostile import COSTLY, costly
from tests.test_intake import texts_of
from tests.test_intake_batch import ledger_file

_SECONDS, _MEGABYTES = 6, 300  # three at most on a computer of its own
_COMMAND = """
import resource, sys
from ledger_cli.cli.app import run
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
code = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"\\nCOST {code} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}")
"""


@pytest.mark.parametrize("name", COSTLY)
def test_a_small_file_costs_little(bare: Path, name: str) -> None:
    suffix = "zip" if name.startswith("a zip") else "xlsx" if b"xl/workbook" in costly(name) else "docx"
    Path(f"台账.{suffix}").write_bytes(costly(name))
    arguments = [sys.executable, "-c", _COMMAND, "intake", "--unit", "zfbgt", f"台账.{suffix}"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    assert "COST" in done.stdout, (done.returncode, done.stderr[-300:])
    code, seconds, megabytes = done.stdout.rpartition("COST ")[2].split()
    assert code in ("0", "1")
    assert float(seconds) < _SECONDS
    assert float(megabytes) < _MEGABYTES


@pytest.mark.parametrize(
    ("name", "told"),
    {
        "tiny paragraphs": "文件里有 350000 个段落，多得不正常，没有读取",
        "rows": "多得不正常，没有读取",
        "footnotes": "文件里有 9000 条脚注",
        "comments": "文件里有 9000 条批注",
        "styles based on each other": "文件里有 15000 种样式",
        "a page inserted for ever": "个段落，多得不正常",
        "documents in documents": "份插入的文档，多得不正常",
        "a label of a million letters": "自动编号的格式长得不正常",
        "nested tables": "表格套了 12 层以上",
        "nested controls": "内容控件套了 12 层以上",
        "open fields": "域套了 20 层以上",
        "a far cell": "文件里有 1999900 个单元格",
        "merged areas": "处合并单元格，多得不正常",
        "a shared text of a million letters": "文件里的文字超过 20000000 字",
        "a package of 100,000 parts": "个部件，多得不正常",
    }.items(),
)
def test_what_is_too_much_is_said_and_the_others_go_on(bare: Path, ledger: Ledger, name: str, told: str) -> None:
    suffix = "xlsx" if b"xl/workbook" in costly(name) else "docx"
    ledger_file(bare, Path("收/台账.docx"))
    Path(f"收/一.{suffix}").write_bytes(costly(name))
    result = ledger("intake", "收")
    assert result.code == 1
    (line,) = (line for line in result.out.splitlines() if "F604" in line)
    assert told in line
    assert texts_of(bare)["13"]["落实"] == "办结三件。"


def test_a_zip_of_too_many_files_is_told(bare: Path, ledger: Ledger) -> None:
    Path("收.zip").write_bytes(costly("a zip of 100,000 files"))
    result = ledger("intake", "收.zip")
    assert result.code == 1
    assert "压缩包里的文件超过20000个" in result.out
