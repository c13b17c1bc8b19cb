"""data/tasks.yaml and data/units.yaml to their models, checked like submissions are (Y codes and K501)."""

from functools import lru_cache
from typing import Any

from pydantic import BaseModel, TypeAdapter

from ledger_cli.model.catalog import Catalog, Duty, Head, Indicator, Period, Section, Task
from ledger_cli.model.column import SEED, Column, Role, Shape
from ledger_cli.model.registry import Group, Registry, Unit
from ledger_cli.model.shape_fault import shape_faults
from ledger_cli.model.shaped import REFS_KEYS, catalogs
from ledger_cli.read.schema import faults, fitted
from ledger_cli.read.yaml.document import Document, read_document
from ledger_cli.read.yaml.walk import Vocabulary


def _keys(*models: type[BaseModel]) -> frozenset[str]:
    return frozenset(str(info.alias) for model in models for info in model.model_fields.values())


_VERBATIM = frozenset({"内容", "标题", "名称"})
_TEXT_ROLES = (Role.TEXT, Role.UNITS, Role.LEAD, Role.JOINT, Role.DEADLINE, Role.PLAN)
_REGISTRY_WORDS = Vocabulary(_keys(Registry, Unit, Group), frozenset({"名称", "简称"}), frozenset({"简称"}))
_COLUMNS: TypeAdapter[tuple[Column, ...]] = TypeAdapter(tuple[Column, ...])


@lru_cache
def _catalog_words(shape: Shape) -> Vocabulary:
    own = {column.key for column in shape.columns if column.role in _TEXT_ROLES}
    known = _keys(Catalog, Head, Period, Section, Task, Duty, Indicator, Column)
    return Vocabulary(known | own | frozenset(REFS_KEYS.values()), frozenset(own | _VERBATIM))


def read_catalog(data: bytes, file: str) -> tuple[Catalog | None, Document]:
    """The catalog, or None where it cannot be used, and its document with the findings."""
    document = read_document(data, file, _catalog_words(SEED))
    given = document.data.get("栏目") if isinstance(document.data, dict) else None
    if given is None:
        return _fitted(document, catalogs(SEED))
    columns, misfits = fitted(given, _COLUMNS, ("栏目",))
    of_columns = [*faults(misfits, "K501")] or list(shape_faults(columns))
    if of_columns:
        # What stands under the tasks cannot be judged before it is known which columns there are.
        document.findings.extend(map(document.told, of_columns))
        return None, document
    shape = Shape(columns)
    return _fitted(read_document(data, file, _catalog_words(shape)), catalogs(shape))


def read_registry(data: bytes, file: str) -> tuple[Registry | None, Document]:
    """The registry, or None where it cannot be used, and its document with the findings."""
    return _fitted(read_document(data, file, _REGISTRY_WORDS), TypeAdapter(Registry))


def _fitted(document: Document, adapter: TypeAdapter[Any]) -> tuple[Any, Document]:
    if document.data is None and document.findings:
        return None, document  # why nothing could be read is said; that nothing is there would be wrong
    read, misfits = fitted(document.data, adapter)
    if not document.aside or not document.findings:
        document.findings.extend(map(document.told, faults(misfits, "K501")))
    usable = document.whole and not any(found.severity == "error" for found in document.findings)
    return (read if usable else None), document
