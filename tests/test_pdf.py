"""What LibreOffice makes of the documents; without it these tests are skipped on a desk and fail in CI."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from docx import Document

from ledger_cli.edge.libreoffice import find_office
from tests.conftest import PERIOD, Ledger


def need(program: str | None, name: str, remedy: str = "") -> None:
    if program is None:
        reason = f"{name} is not installed{remedy}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.office
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


@pytest.mark.parametrize(
    ("options", "written"),
    [
        (["-o", "out.docx"], "out.docx"),
        (["--split", "section", "-o", "parts"], "parts/section-1.docx"),
        (["--template", "brief", "-o", "out.docx"], "out.docx"),
        (["--unit", "sft", "-o", "out.docx"], "out.docx"),
    ],
)
def test_without_libreoffice_the_word_file_is_written_and_the_missing_pdf_told(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, options: list[str], written: str
) -> None:
    monkeypatch.setattr("ledger_cli.cli.shared.pdf.find_office", lambda: None)
    result = ledger("report", "--pdf", *options)
    assert result.code == 2
    assert "写好 " in result.out
    assert result.err.strip().startswith("没有找到 LibreOffice，没有生成 PDF，Word 文件已经写好。")
    assert "以前生成" not in result.err
    assert Document(written).tables
    assert not list(Path().rglob("*.pdf"))


def test_a_pdf_of_an_earlier_run_is_not_taken_for_this_ones(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger_cli.cli.shared.pdf.find_office", lambda: None)
    Path("out.pdf").write_bytes(b"")
    result = ledger("report", "--pdf", "-o", "out.docx")
    assert result.code == 2
    assert "旁边的 out.pdf 是以前生成的" in result.err


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
