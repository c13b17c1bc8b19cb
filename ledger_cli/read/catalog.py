"""data/tasks.yaml and data/units.yaml to their models, checked like submissions are (Y codes and K501)."""

from typing import Any

from pydantic import BaseModel, TypeAdapter

from ledger_cli.model.catalog import Catalog, Duty, Head, Indicator, Period, Section, Task
from ledger_cli.model.registry import Group, Registry, Unit
from ledger_cli.read.schema import faults, fitted
from ledger_cli.read.yaml.document import Document, read_document
from ledger_cli.read.yaml.walk import Vocabulary


def _keys(*models: type[BaseModel]) -> frozenset[str]:
    return frozenset(str(info.alias) for model in models for info in model.model_fields.values())


_CATALOG_WORDS = Vocabulary(
    _keys(Catalog, Head, Period, Section, Task, Duty, Indicator),
    frozenset({"举措", "责任单位", "完成时限", "内容", "标题", "名称"}),
)
_REGISTRY_WORDS = Vocabulary(_keys(Registry, Unit, Group), frozenset({"名称", "简称"}), frozenset({"简称"}))


def read_catalog(data: bytes, file: str) -> tuple[Catalog | None, Document]:
    """The catalog, or None where it cannot be used, and its document with the findings."""
    return _read(data, file, _CATALOG_WORDS, Catalog)


def read_registry(data: bytes, file: str) -> tuple[Registry | None, Document]:
    """The registry, or None where it cannot be used, and its document with the findings."""
    return _read(data, file, _REGISTRY_WORDS, Registry)


def _read(data: bytes, file: str, words: Vocabulary, model: type[BaseModel]) -> tuple[Any, Document]:
    document = read_document(data, file, words)
    if document.data is None and document.findings:
        return None, document  # why nothing could be read is said; that nothing is there would be wrong
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    read, misfits = fitted(document.data, adapter)
    if not document.aside or not document.findings:
        document.findings.extend(map(document.told, faults(misfits, "K501")))
    usable = document.whole and not any(found.severity == "error" for found in document.findings)
    return (read if usable else None), document
