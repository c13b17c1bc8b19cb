"""Microsoft's validator on every kind of file the program writes: what it finds, Word may want to repair.

``make validator`` installs it; without it these tests are skipped on a desk and fail in CI.
"""

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docx import Document

from benchmarks import generate
from tests.conftest import REPOSITORY, Ledger, answer, office_submission, write
from tests.documents import DOCUMENTS, WORKBOOKS, as_of_earlier_versions, save_as_word_does, write_documents
from tests.second_plan import write_everything
from tests.test_excel import repacked
from tests.test_pdf import need

VALIDATOR = shutil.which("ooxml-validator", path=REPOSITORY / "node_modules/.bin")
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _validator() -> None:
    need(VALIDATOR, "the Open XML validator", "; make validator installs it")


def faults(*paths: Path) -> list[str]:
    """What the validator says against the files: file, part, place and fault."""
    with ThreadPoolExecutor() as pool:
        return [fault for found in pool.map(_faults, paths) for fault in found]


def _faults(path: Path) -> list[str]:
    assert VALIDATOR is not None
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}  # it runs without ICU, too
    done = subprocess.run([VALIDATOR, path], env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    result = json.loads(done.stdout)
    assert result["ok"] == (done.returncode == 0)
    return [f"{path.name} {e['path']} {e['xPath']} {e['description']}" for e in result["errors"]]


def test_the_validator_knows_a_fault_from_a_sound_file(tmp_path: Path) -> None:
    form = REPOSITORY / "templates/form.docx"
    broken = tmp_path / "broken.docx"
    broken.write_bytes(repacked(form.read_bytes(), **{"word/document.xml": (b'w:header="851"', b'w:header="no"')}))
    assert faults(form) == []
    assert faults(broken)


def test_templates_are_valid() -> None:
    assert faults(*sorted((REPOSITORY / "templates").glob("*.docx"))) == []


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_documents_are_valid(sample: Path, ledger: Ledger, kind: str) -> None:
    assert faults(*write_documents(sample, ledger, DOCUMENTS[kind])) == []


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_workbooks_are_valid(sample: Path, ledger: Ledger, kind: str) -> None:
    assert faults(*write_documents(sample, ledger, WORKBOOKS[kind], ".xlsx")) == []


def test_documents_of_all_units_are_valid(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    generate.make(tmp_path / "all", 62, seed=7)
    monkeypatch.chdir(tmp_path / "all")
    for name in ("ledger", "brief"):
        assert ledger("report", "--template", name, "-o", f"{name}.docx").code == 0
    assert faults(*Path().glob("*.docx")) == []


def test_documents_without_any_answer_are_valid(bare: Path, ledger: Ledger) -> None:
    for name in ("ledger", "compact", "brief"):
        assert ledger("report", "--template", name, "-o", f"{name}.docx").code == 0
    assert faults(*Path().glob("*.docx")) == []


ODD = (
    "=SUM(A1) &amp; <w:br/> ]]> “引号” '单' {{ 行 }} {% if %} ｛｛", "表\t制表\t\t尾", "_x0041_ _x000D_",
    "😀👨‍👩‍👧‍👦🇨🇳 𠮷𡈽 e\u0301", "长" * 5000 + "x" * 5000, *(f"第{number}段。" for number in range(1000)),
)  # fmt: skip


def test_odd_words_and_names_are_valid(bare: Path, ledger: Ledger) -> None:
    registry = bare / "data/units.yaml"
    named = registry.read_text("utf-8").replace("名称: 自治区人民政府办公厅,", "名称: '办公厅<研发&\"测试\">',")
    registry.write_text(named, "utf-8")
    write(bare, "zfbgt.yaml", office_submission(tasks={13: answer("\n".join(ODD), "😀" * 300, "A" * 20000)}))
    odd = "<请&核对>😀𠮷=1"
    commands = (
        ["report"], ["report", "--template", "compact"], ["report", "--template", "brief"],
        ["report", "--unit", "zfbgt"], ["form", "zfbgt", "--prefill"],
        ["return", "zfbgt", "--task", "13", "--reason", odd],
    )  # fmt: skip
    for number, command in enumerate(commands):
        assert ledger(*command, "-o", f"{number}.docx").code == 0
    assert ledger("form", "zfbgt", "--prefill", "-o", "form.xlsx").code == 0
    assert faults(*Path().glob("*.docx"), Path("form.xlsx")) == []


def test_documents_from_a_template_that_word_saved_are_valid(sample: Path, ledger: Ledger) -> None:
    for name in ("ledger", "form"):
        save_as_word_does(sample / f"templates/{name}.docx")
    assert ledger("report", "-o", "report.docx").code == 0
    assert ledger("return", "sft", "--task", "5", "--reason", "请核对", "-o", "back.docx").code == 0
    assert faults(*Path().glob("*.docx")) == []


def test_documents_from_a_template_of_an_earlier_version_are_valid(sample: Path, ledger: Ledger) -> None:
    for name in ("ledger", "form"):
        template = sample / f"templates/{name}.docx"
        template.write_bytes(as_of_earlier_versions(template.read_bytes()))
        edited = Document(str(template))
        edited.sections[0].header.paragraphs[0].text = "内部资料"
        edited.add_paragraph("完").runs[0].bold = True
        edited.save(str(template))
    assert ledger("report", "-o", "report.docx").code == 0
    assert ledger("form", "sft", "-o", "form.docx").code == 0
    assert ledger("return", "sft", "--task", "5", "--reason", "请核对", "-o", "back.docx").code == 0
    assert faults(*Path().glob("*.docx")) == []


def test_documents_of_another_shape_are_valid(tmp_path: Path, ledger: Ledger) -> None:
    assert faults(*write_everything(tmp_path, ledger)) == []
