"""An Office Open XML file (.docx, .xlsx) as parts, content types and relations, for both readers.

Each part is read with a limit on size and parsed without entities. The namespaces of the strict variant
(ISO/IEC 29500-1) are turned into the transitional ones, so that the readers meet only these. Parts are found by
relation and content type, never by the name of a file.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ledger_cli.read.office.budget import Budget, TooMuch, open_package
from ledger_cli.read.office.tables import UnreadableFile

PART_LIMIT = 64 * 1024 * 1024
"""Bytes of one part, unpacked."""

_RATIO_LIMIT = 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION_ID = f"{{{_OFFICE}}}id"
# No program that writes Office files declares a document type. The second spelling is UTF-16.
_DOCTYPES = (b"<!DOCTYPE", b"\0".join(bytes([byte]) for byte in b"<!DOCTYPE"))
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_STRICT = "http://purl.oclc.org/ooxml/"
_STRICT_PREFIX = re.compile(rf"{_STRICT}(\w+)/")
# What zipfile and lxml raise for a part that is cut short, overwritten, encrypted or no XML.
_DAMAGED = (
    etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError,
    ValueError,
)  # fmt: skip
_PARSING: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


@dataclass(frozen=True, slots=True)
class Program:
    """The program that a file belongs to, as messages name it: its name, the suffix of its files and of old ones."""

    name: str
    suffix: str
    old: str

    @property
    def repair(self) -> str:
        return f"用 {self.name} 打开并修复，另存为 {self.suffix} 再试。"

    @property
    def resave(self) -> str:
        return f"用 {self.name} 或者 WPS 打开，另存为 {self.suffix} 再试。"

    def broken(self) -> UnreadableFile:
        """The error of a file whose content is damaged."""
        return UnreadableFile(f"{self.name} 文件的内容已经损坏", self.repair)


WORD = Program("Word", ".docx", ".doc、.wps")
EXCEL = Program("Excel", ".xlsx", ".xls、.et")


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the reference's id, the last word of its type, the part's name or an address."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of a file by name; raises ``UnreadableFile`` where it is no package, or a dangerous one.

    ``budget`` is what may still be read, where the file stands in another one. Each part is parsed once: a reader that
    changes a part's tree changes it for all.
    """

    def __init__(self, data: bytes, program: Program, budget: Budget | None = None) -> None:
        self.program = program
        self.budget = budget or Budget()
        self._counted: set[str] = set()
        self._roots: dict[str, Any] = {}
        self._relations: dict[str, list[Relation]] = {}
        if data.startswith(_OLE):
            raise UnreadableFile(f"这是旧版 {program.old} 文件，或者是加了密码的文件", f"先去掉密码。{program.resave}")
        try:
            self._zip = open_package(data)
            self._infos = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
            types = self.xml(_TYPES)
        except (*_DAMAGED, KeyError) as error:
            raise UnreadableFile(
                f"这不是 {program.name} 文件，或者文件已经损坏",
                f"请对方重发，或者用 {program.name} 打开另存为 {program.suffix}。",
            ) from error
        self._defaults: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        for element in types:
            kind = str(element.get("ContentType", ""))
            if element.get("PartName") is not None:
                self._kinds[str(element.get("PartName")).lstrip("/")] = kind
            else:
                self._defaults[str(element.get("Extension", "")).lower()] = kind

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def names(self) -> list[str]:
        """The names of all parts, as they are stored."""
        return list(self._infos)

    def kind(self, name: str) -> str:
        """The content type of a part; empty where the file does not tell."""
        return self._kinds.get(name) or self._defaults.get(name.rpartition(".")[2].lower(), "")

    @cached_property
    def main(self) -> str:
        """The part that the file is about; empty where it names none that exists."""
        named = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        typed = [name for name, kind in self._kinds.items() if ".main+xml" in kind]
        return next((name for name in (*named, *typed) if name in self._infos), "")

    @property
    def has_macros(self) -> bool:
        """Whether the file may carry macros; embedded ones that may do not count, for they are never opened."""
        kinds = (self.kind(self.main), *self._kinds.values())
        return any("macroEnabled.main" in kind or kind.endswith(".vbaProject") for kind in kinds)

    def data(self, name: str) -> bytes:
        """The bytes of a part; raises ``UnreadableFile`` where it is damaged, missing or too large."""
        info = self._infos.get(name)
        if info is None:
            raise self.program.broken()
        if info.file_size > PART_LIMIT or info.file_size > _RATIO_LIMIT * max(info.compress_size, 4096):
            raise self._too_large()
        if name not in self._counted and not self.budget.read(info.file_size):
            raise self._too_large()
        self._counted.add(name)
        try:
            with self._zip.open(info) as part:
                return part.read(PART_LIMIT + 1)
        except Exception as error:  # zipfile lets through what zlib, struct and lzma raise
            raise self.program.broken() from error

    def xml(self, name: str) -> Any:
        """The root of a part in transitional namespaces; raises ``UnreadableFile`` where it is no XML."""
        if name not in self._roots:
            self._roots[name] = self._parsed(self.data(name))
        return self._roots[name]

    def forget(self) -> None:
        """Let go of the parts that were parsed; they are parsed again where they are asked for."""
        self._roots.clear()

    def safe(self, name: str) -> bytes:
        """The bytes of a part for another reader: without entities, XML in transitional namespaces.

        Raises ``UnreadableFile`` as ``xml`` does.
        """
        data = self.data(name)
        _refuse_entities(data, self.program)
        is_xml = name.endswith((".xml", ".rels")) or self.kind(name).endswith("xml")
        if not (is_xml and _needs_turning(data)):
            return data
        return bytes(etree.tostring(self._parsed(data), xml_declaration=True, encoding="UTF-8", standalone=True))

    def _too_large(self) -> UnreadableFile:
        return UnreadableFile("文件解压后大得不正常，没有读取", f"请对方用 {self.program.name} 重新保存一份再发。")

    def _parsed(self, data: bytes) -> Any:
        _refuse_entities(data, self.program)
        self.budget.mark_up(data)
        try:
            root = etree.fromstring(data, etree.XMLParser(**_PARSING))
        except _DAMAGED as error:
            raise self.program.broken() from error
        root = _turned(root) if _needs_turning(data) else root
        self.budget.meet_all(root)
        return root

    def stories(self, wanted: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
        """Name and root of each wanted part that is XML and can be read; raises ``TooMuch``."""
        for name in self._infos:
            if name.endswith(".xml") and wanted(name):
                try:
                    yield name, self.xml(name)
                except TooMuch:
                    raise
                except UnreadableFile:
                    continue  # whoever needs this part says that it is damaged

    def elements(self, name: str, wanted: list[str]) -> Iterator[tuple[str, Any]]:
        """The start and end of those elements of a large part, each forgotten once it has been seen."""
        data = self.safe(name)
        self.budget.mark_up(data)
        stream = io.BytesIO(data)
        for event, element in etree.iterparse(stream, events=("start", "end"), tag=wanted, **_PARSING):
            yield event, element
            if event == "end":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def relations(self, name: str) -> list[Relation]:
        """What a part refers to, in order; ``""`` is the package itself."""
        if name not in self._relations:
            self._relations[name] = list(self._related(name))
        return self._relations[name]

    def _related(self, name: str) -> Iterator[Relation]:
        folder, _, leaf = name.rpartition("/")
        file = posixpath.join(folder, "_rels", f"{leaf}.rels")
        for element in self.xml(file) if file in self._infos else ():
            target = str(element.get("Target", ""))
            external = element.get("TargetMode") == "External"
            path = target if external else self._resolved(folder, target)
            kind = str(element.get("Type", "")).rpartition("/")[2]
            yield Relation(str(element.get("Id", "")), kind, path, external)

    def _resolved(self, folder: str, target: str) -> str:
        """The name of the part that a relation means, which some programs write with escapes."""
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        return path if path in self._infos else unquote(path)

    def related(self, name: str, kind: str) -> list[str]:
        """The names of the parts of a kind, such as ``comments``, that a part refers to.

        Where it refers to none, the parts of that content type.
        """
        named = [r.target for r in self.relations(name) if r.kind == kind and r.target in self._infos]
        typed = [part for part, own in self._kinds.items() if own.endswith(f".{kind}+xml") and part in self._infos]
        return list(dict.fromkeys(named or typed))

    def core_property(self, name: str) -> str:
        """A core property, such as ``keywords``; empty where it cannot be read, for a file is about more than that."""
        for part in self.related("", "core-properties"):
            try:
                root = self.xml(part)
            except UnreadableFile:
                continue
            found = next((e for e in root if str(e.tag).endswith(f"}}{name}")), None)
            return (found.text or "") if found is not None else ""
        return ""


def _refuse_entities(data: bytes, program: Program) -> None:
    if any(doctype in data for doctype in _DOCTYPES):
        raise UnreadableFile("文件里声明了外部内容，没有读取", program.resave)


def _needs_turning(data: bytes) -> bool:
    return _STRICT.encode() in data or data.startswith(_UTF_16)


def _turned(root: Any) -> Any:
    """The tree with the strict variant's namespaces and relation types in their transitional spelling."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if _STRICT in element.tag:
            element.tag = _spelled(element.tag)
        for key, value in element.attrib.items():
            if _STRICT in key:
                del element.attrib[key]
                element.set(_spelled(key), value)
            elif key == "Type" and value.startswith(_STRICT):
                element.set(key, _spelled(value))
    return root


def _spelled(name: str) -> str:
    return _STRICT_PREFIX.sub(r"http://schemas.openxmlformats.org/\1/2006/", name)
