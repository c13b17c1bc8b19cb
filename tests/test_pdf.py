"""What LibreOffice makes of the documents; without it these tests are skipped on a desk and fail in CI."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from ledger_cli.write.pdf import find_office
from tests.conftest import PERIOD, Ledger


def need(program: str | None, name: str, remedy: str = "") -> None:
    if program is None:
        reason = f"{name} is not installed{remedy}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.parametrize("options", [[], ["--blank"], ["--unit", "sft"], ["--template", "compact", "--task", "3"]])
def test_documents_become_pdf(sample: Path, ledger: Ledger, options: list[str]) -> None:
    need(find_office(), "LibreOffice")
    need(shutil.which("pdftotext"), "pdftotext")
    result = ledger("report", "--pdf", "-o", "out.docx", *options)
    assert result.code == 0, result.err
    pages = subprocess.run(["pdftotext", "-layout", "out.pdf", "-"], capture_output=True, check=True).stdout.decode()
    *first_to_last, _ = pages.split("\f")
    for number, page in enumerate(first_to_last, 1):
        assert re.search(rf"—\s*{number}\s*—", page)
        if number > 1 + (options == []):
            assert "具体落实情况" in page  # the head of the table is repeated
    estimate = int(result.out.split("约 ")[1].split(" 页")[0])
    assert 0.6 <= estimate / len(first_to_last) <= 1.7


def test_without_libreoffice_the_command_says_so_and_writes_nothing(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger_cli.write.pdf.find_office", lambda: None)
    result = ledger("report", "--pdf", "-o", "out.docx")
    assert result.code == 2
    assert "LibreOffice" in result.err
    assert not Path("out.docx").exists()


def test_an_outside_reader_finds_every_sentence(sample: Path, ledger: Ledger) -> None:
    need(shutil.which("pandoc"), "pandoc")
    assert ledger("report", "-o", "out.docx").code == 0
    text = subprocess.run(
        ["pandoc", "out.docx", "-t", "plain", "--wrap=none"], capture_output=True, check=True
    ).stdout.decode()
    flat = re.sub(r"[\s|+=:-]", "", text)
    for path in (sample / PERIOD).glob("*.yaml"):
        for entry in yaml.safe_load(path.read_text("utf-8"))["任务"].values():
            for name in ("具体落实情况", "存在问题", "工作打算", "不涉及"):
                for sentence in re.split(r"(?<=。)|\n", str(entry.get(name, ""))):
                    assert re.sub(r"[\s|+=:-]", "", sentence) in flat
