"""PDF files beside the documents that a command wrote."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from ledger_cli.edge.libreoffice import find_office, to_pdf
from ledger_cli.edge.outputs import Outputs
from ledger_cli.exits import CannotRun

_SECONDS_A_PAGE = 2.0


def check_pdf(outputs: Outputs, document: Path) -> None:
    """Raise ``CannotRun`` where the PDF file beside a document must not be replaced; asked before any work is done."""
    outputs.check(document.with_suffix(".pdf"))


def write_pdf(outputs: Outputs, documents: Iterable[Path], folder: Path, pages: int) -> None:
    """PDF files beside the documents, which are written already; they appear when all are made.

    Raises ``CannotRun`` where LibreOffice is missing or fails. The documents stay: they need no LibreOffice.
    """
    documents = list(documents)
    if find_office() is None:
        stale = [path.with_suffix(".pdf").name for path in documents if path.with_suffix(".pdf").exists()]
        older = f"旁边的 {stale[0]} {'等' if len(stale) > 1 else ''}是以前生成的。" if stale else ""
        raise CannotRun(
            "没有找到 LibreOffice，没有生成 PDF，Word 文件已经写好",
            f"可以用 Word、WPS 打开它另存为 PDF；或者安装 LibreOffice 后再运行一次。{older}",
        )
    with tempfile.TemporaryDirectory(prefix="ledger-pdf-") as temporary:
        for made in to_pdf(documents, Path(temporary), seconds=120 + pages * _SECONDS_A_PAGE):
            with outputs.file(folder / made.name) as target:
                target.write_bytes(made.read_bytes())
