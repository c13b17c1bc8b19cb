"""The shipped templates in the columns of a plan, as files to be edited in Word.

Such a file says in its core property ``keywords`` what it was made of, how wide its columns are and what its text was
then. As long as nobody has edited it, it follows the columns of the catalog; from the first edit on it is its owner's.
"""

import hashlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from lxml import etree

from ledger_cli.edge.disk import packaged
from ledger_cli.exits import CannotRun
from ledger_cli.model.catalog import Catalog
from ledger_cli.model.column import Column, Role, Shape
from ledger_cli.model.shaped import words_of
from ledger_cli.write.word.package_files import BODY, CORE, packed, unpacked
from ledger_cli.write.word.reshape import reshaped

_KEYWORDS = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords"
_MARK = re.compile(r"ledger-template ([\w-]+) ([0-9a-f]{16}) ?(.*)", re.DOTALL)
_ANSWERS = {Role.PROGRESS: 120, Role.PROBLEMS: 40, Role.PLANS: 40}
"""Characters that an answer may be expected to have."""
_LEAST = {Role.NUMBER: 1.5, Role.TEXT: 6.0, Role.UNITS: 4.0, Role.LEAD: 3.5, Role.JOINT: 3.5, Role.DEADLINE: 3.5}
_SHORT = 9
"""Characters for which a column that holds a word, a figure or a day has room."""


def shipped_names() -> list[str]:
    """The names of the templates that come with the program, without their suffix."""
    return sorted(file.stem for file in packaged("templates").glob("*.docx"))


def made_template(name: str, catalog: Catalog) -> bytes:
    """A shipped template in the columns of a catalog, each as wide as its content asks; the seed's as it is."""
    data = packaged(f"templates/{name}.docx").read_bytes()
    if catalog.shape.seed:
        return data
    widths = content_widths(catalog)
    files = unpacked(reshaped(data, _with(catalog.shape, widths)))
    shares = "|".join(f"{key}={width}" for key, width in widths.items())
    return packed(files | {CORE: _with_keywords(files[CORE], f"ledger-template {name} {_digest(files)} {shares}")})


def of_shape(name: str, data: bytes, shape: Shape) -> bytes:
    """What a template holds, in the columns of a ledger; one that somebody has edited, as it is.

    ``name`` is that of the file.
    """
    own = packaged("templates") / name
    if own.is_file() and own.read_bytes() == data:
        return data if shape.seed else reshaped(data, shape)
    made = _Made.of(data)
    if made is None:
        return data
    shipped = packaged(f"templates/{made.name}.docx").read_bytes()
    return shipped if shape.seed else reshaped(shipped, _with(shape, made.widths))


def is_untouched(name: str, data: bytes) -> bool:
    """Whether a template is as the program made it, so that nobody's work is lost with it."""
    own = packaged("templates") / name
    return (own.is_file() and own.read_bytes() == data) or _Made.of(data) is not None


def content_widths(catalog: Catalog) -> dict[str, Decimal]:
    """A share in percent for each column that has none, by the texts in it: twice as wide for four times the text."""
    tasks = list(catalog.tasks.values())
    rooms: dict[str, float] = {}
    for column in catalog.shape.columns:
        if column.width is None:
            lengths = [_length(words_of(task, column)) for task in tasks]
            rooms[column.key] = _room(column, sum(lengths) / max(len(lengths), 1))
    given = sum((column.width for column in catalog.shape.columns if column.width is not None), Decimal(0))
    left = max(100.0 - float(given), 10.0)
    return {key: Decimal(f"{left * room / sum(rooms.values()):.1f}") for key, room in rooms.items()}


def _room(column: Column, mean: float) -> float:
    """The side of the square that a column's texts fill, no less than its heading needs."""
    if column.role.filed:
        mean = _ANSWERS.get(column.role, 40) if column.long else _SHORT
    return max(sqrt(mean), min(len(column.name), 6) / 1.5, _LEAST.get(column.role, 2.5))


def _length(words: str) -> int:
    return max((len(line) for line in words.split("\n")), default=0)


def _with(shape: Shape, widths: Mapping[str, Decimal]) -> Shape:
    columns = [
        column if column.width is not None or column.key not in widths
        else column.model_copy(update={"width": widths[column.key]})
        for column in shape.columns
    ]  # fmt: skip
    return Shape(tuple(columns), shape.numbers, shape.parts_told)


@dataclass(frozen=True, slots=True)
class _Made:
    """What a template was made of that nobody has edited since: the shipped one, and the shares of its columns."""

    name: str
    widths: dict[str, Decimal]

    @classmethod
    def of(cls, data: bytes) -> "_Made | None":
        try:
            files = unpacked(data, (BODY, CORE))
            match = _MARK.match(etree.fromstring(files[CORE]).findtext(_KEYWORDS) or "")
        except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError):
            return None
        if match is None or match[2] != _digest(files) or match[1] not in shipped_names():
            return None
        shares = (share.rpartition("=") for share in match[3].split("|") if share)
        return cls(match[1], {key: Decimal(width) for key, _, width in shares if re.fullmatch(r"\d+\.\d", width)})


def _digest(files: Mapping[str, bytes]) -> str:
    return hashlib.sha256(files[BODY]).hexdigest()[:16]


def _with_keywords(core: bytes, words: str) -> bytes:
    tree = etree.fromstring(core)
    keywords = tree.find(_KEYWORDS)
    if keywords is None:
        keywords = etree.SubElement(tree, _KEYWORDS)
    keywords.text = words
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def known_template(name: str) -> str:
    """A shipped template's name as somebody writes it; raises ``CannotRun``."""
    stem = name.removesuffix(".docx")
    if stem not in shipped_names():
        raise CannotRun(f"程序没有名叫“{name}”的模板", f"可以写 {'、'.join(shipped_names())}。")
    return stem
