"""Forms changed at random: intake ends as it should, and no words are lost."""

from pathlib import Path

from tests.conftest import Ledger
from tests.fuzz_office import filled_forms, run


def test_no_changed_form_ends_intake_in_a_fault(bare: Path, ledger: Ledger) -> None:
    counts = run(60, 20240701, filled_forms(), bare)
    assert counts["cases"] == 60
    assert counts["read"] > 20
    assert counts["faults"] == 0
    assert counts["lost"] == 0
