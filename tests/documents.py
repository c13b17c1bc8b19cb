"""Every kind of document the program writes, as the commands that write them."""

from pathlib import Path

from tests.conftest import Ledger
from tests.revisions import second_period
from tests.test_excel import repacked

# Each by the template it is made from, and what is special about it.
DOCUMENTS = {
    "ledger": ["report"],
    "ledger, blank": ["report", "--blank"],
    "ledger, split": ["report", "--split", "section", "--section", "1"],
    "index": ["report", "--split", "task", "--task", "19"],
    "compact": ["report", "--template", "compact"],
    "unit": ["report", "--unit", "sft"],
    "brief": ["report", "--template", "brief"],
    "notice": ["remind", "--docx", "--unit", "fgw"],
    "changes": ["diff", "2024H1", "2024H2"],
    "form": ["form", "sft"],
    "form, prefilled": ["form", "sft", "--prefill"],
    "form, returned": ["return", "xingqing", "--reason", "请核对", "--task", "5"],
    "form, returned as a whole": ["return", "sft", "--reason", "请核对"],
}
WORKBOOKS = {"form": ["form", "sft"], "form, prefilled": ["form", "sft", "--prefill"]}


def write_documents(root: Path, ledger: Ledger, arguments: list[str], suffix: str = ".docx") -> list[Path]:
    """What a command of the lists above writes; ``root`` is the workspace and the current folder."""
    if arguments[0] == "diff":
        second_period(root)
    folder = {"--split", "--docx"} & set(arguments)
    result = ledger(*arguments, "-o", "out" if folder else f"out{suffix}")
    assert result.code == 0, result.err
    written = sorted([*Path().glob(f"out{suffix}"), *Path("out").glob(f"*{suffix}")])
    assert written
    return written


def as_of_earlier_versions(template: bytes) -> bytes:
    """A template with the fault that those of earlier versions have: a pitch that is outside the schema."""
    return repacked(template, fontTable=(b'<w:pitch w:val="default"/>', b'<w:pitch w:val="auto"/>'))
