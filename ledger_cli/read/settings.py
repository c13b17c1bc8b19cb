"""data/hints.yaml to the settings of the hints, checked like the catalog is (Y codes and K509)."""

from typing import Any

from pydantic import TypeAdapter

from ledger_cli.model.prose import HintSettings, Likeness
from ledger_cli.read.schema import faults, fitted
from ledger_cli.read.yaml.document import Document, read_document
from ledger_cli.read.yaml.walk import Vocabulary

_WORDS = Vocabulary(
    frozenset(str(info.alias) for model in (HintSettings, Likeness) for info in model.model_fields.values()),
    # Lists of words, no prose: a comment beside one is a comment.
    frozenset(),
)
_SETTINGS: TypeAdapter[Any] = TypeAdapter(HintSettings)


def read_hints(data: bytes, file: str) -> tuple[HintSettings | None, Document]:
    """The settings, or None where they cannot be used, and the document with the findings; an empty file has none."""
    document = read_document(data, file, _WORDS)
    content = {} if document.data is None and document.whole else document.data
    read, misfits = fitted(content, _SETTINGS)
    if not document.aside or not document.findings:
        document.findings.extend(map(document.told, faults(misfits, "K509")))
    usable = document.whole and not any(found.severity == "error" for found in document.findings)
    return (read if usable else None), document
