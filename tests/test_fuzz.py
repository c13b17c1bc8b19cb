"""Files changed at random, the same ones every time: every command ends as it should, and no words are lost."""

from pathlib import Path

import pytest

from tests.fuzz.readers import READERS
from tests.fuzz.trial import Case, Reader, prepared

_SEED = 20240701
_FEW = range(10)
_CHUNKS = [range(start, start + 50) for start in range(0, 200, 50)]


@pytest.mark.parametrize(
    "numbers",
    [_FEW, *(pytest.param(chunk, marks=pytest.mark.slow) for chunk in _CHUNKS)],
    ids=lambda numbers: f"{numbers.start}-{numbers.stop}",
)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_no_damaged_file_is_a_fault_of_the_program(tmp_path: Path, reader: Reader, numbers: range) -> None:
    trial = prepared(reader, tmp_path)
    refused = 0
    for number, verdict in trial.verdicts(_SEED, numbers):
        assert not verdict.faults, (reader.name, number)
        assert not verdict.english, (reader.name, number)
        assert not verdict.lost, (reader.name, number)
        refused += verdict.refused
    assert refused > 0 or numbers is _FEW


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_an_undamaged_file_is_read(tmp_path: Path, reader: Reader) -> None:
    trial = prepared(reader, tmp_path)
    case = trial.case(_SEED, 0)
    place = trial.pristine / case.name
    verdict = trial.play(Case(case.name, place.read_bytes(), case.commands))
    assert (verdict.faults, verdict.refused) == ([], False)


def test_a_lost_text_a_fault_and_an_english_word_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger_cli.intake import rows
    from ledger_cli.intake.answer_cells import cell_texts
    from ledger_cli.read.office import word

    reader = next(reader for reader in READERS if reader.name == "word")
    trial = prepared(reader, tmp_path)
    form = (trial.pristine / "表.docx").read_bytes()
    case = Case("表.docx", form, trial.case(_SEED, 0).commands, ("辛类系统常有中断",))
    assert trial.play(case).lost == []
    with monkeypatch.context() as patched:
        patched.setattr(rows, "unaccounted", lambda *_: ())
        patched.setattr(rows, "cell_texts", lambda answers: cell_texts(answers) | {"存在问题": ""})
        assert trial.play(case).lost == ["辛类系统常有中断"]
    monkeypatch.setattr(word, "Package", None)
    verdict = trial.play(case)
    assert verdict.faults
