"""PDF files beside the documents that a command wrote."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger_cli.outputs import Outputs

_SECONDS_A_PAGE = 2.0


def need_office() -> None:
    """Raise ``CannotRun`` where LibreOffice is missing; asked before any work is done."""
    from ledger_cli.write.pdf import find_office, no_office  # noqa: PLC0415

    if find_office() is None:
        raise no_office()


def write_pdf(outputs: "Outputs", documents: Iterable[Path], folder: Path, pages: int) -> None:
    """PDF files beside the documents; they appear when all are made."""
    import tempfile  # noqa: PLC0415

    from ledger_cli.write.pdf import to_pdf  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="ledger-pdf-") as temporary:
        for made in to_pdf(list(documents), Path(temporary), seconds=120 + pages * _SECONDS_A_PAGE):
            with outputs.file(folder / made.name) as target:
                target.write_bytes(made.read_bytes())
