"""--force never loses what a person made: the file that it replaces is laid by."""

from pathlib import Path

from tests.conftest import PERIOD, Ledger, office_submission, write


def laid_by() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path("build/backup").glob("*")}


def test_an_edited_report_is_laid_by_once(sample: Path, ledger: Ledger) -> None:
    assert ledger("merge", "-o", "out.csv").code == 0
    Path("out.csv").write_text("有人写的字", "utf-8")
    assert ledger("merge", "-o", "out.csv").code == 2
    result = ledger("merge", "-o", "out.csv", "--force")
    assert result.code == 0
    ((name, data),) = laid_by().items()
    assert data.decode() == "有人写的字"
    assert f"原来的文件留在 build/backup/{name}。" in result.err
    Path("out.csv").write_text("有人写的字", "utf-8")
    assert ledger("merge", "-o", "out.csv", "--force").code == 0
    assert len(laid_by()) == 1


def test_what_the_program_wrote_itself_is_not(sample: Path, ledger: Ledger) -> None:
    for _ in range(2):
        result = ledger("merge", "-o", "out.csv", "--force")
        assert (result.code, result.err) == (0, "")
    assert not laid_by()


def test_a_folders_edited_files_are_laid_by(sample: Path, ledger: Ledger) -> None:
    assert ledger("remind", "-o", "提醒", "--unit", "教育厅").code == 0
    notice = next(Path("提醒").glob("*.txt"))
    notice.write_text("改过的提醒", "utf-8")
    assert ledger("remind", "-o", "提醒", "--unit", "教育厅", "--force").code == 0
    assert [data.decode() for data in laid_by().values()] == ["改过的提醒"]


def test_a_submission_that_is_replaced_by_force_is_laid_by_and_one_that_is_brought_up_to_date_is_not(
    bare: Path, ledger: Ledger
) -> None:
    path = write(bare, "zfbgt.yaml", office_submission())
    before = path.read_bytes()
    assert ledger("form", "zfbgt", "--prefill", "-o", "form.docx").code == 0
    assert ledger("form", "zfbgt", "--prefill", "-o", "form.xlsx").code == 0
    assert ledger("intake", "form.docx").code == 0
    assert not laid_by()
    path.write_bytes(before.replace("完成第13项的工作".encode(), "另有进展".encode()))
    changed = path.read_bytes()
    assert ledger("intake", "form.docx").code == 1  # not the file that the form was made from
    assert ledger("intake", "form.docx", "--force").code == 0
    assert list(laid_by().values()) == [changed]
    assert (bare / PERIOD / "zfbgt.yaml").read_bytes() != changed
