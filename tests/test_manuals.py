"""What the manuals say of the program is what the program says of itself."""

import pytest

from tests.manuals import MANUALS, PARTS, REPOSITORY, made


@pytest.mark.parametrize("name", MANUALS)
def test_the_tables_of_a_manual_are_those_of_the_code(name: str) -> None:
    text = (REPOSITORY / name).read_text("utf-8")
    assert text == made(text), "python -m tests.manuals writes them anew"


def test_every_part_is_in_a_manual() -> None:
    text = "".join((REPOSITORY / name).read_text("utf-8") for name in MANUALS)
    assert all(f"<!-- made: {part} -->" in text for part in PARTS)
