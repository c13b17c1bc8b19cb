"""Word templates with Jinja tags: a .docx file opened once, its parts compiled, the rest carried over as it is.

The tags follow docxtpl's conventions, so that people who know them can edit a template in Word or WPS;
``ledger_cli.write.part`` says which there are.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from lxml import etree

from ledger_cli.exits import CannotRun
from ledger_cli.model.column import SEED, Shape
from ledger_cli.write.word.continuation import Rows
from ledger_cli.write.word.made_template import of_shape
from ledger_cli.write.word.markup import w
from ledger_cli.write.word.measure import style_types
from ledger_cli.write.word.part import Part
from ledger_cli.write.word.shown import hidden_styles
from ledger_cli.write.word.template_package import template_data
from ledger_cli.write.word.template_table import LedgerFields, TemplateTable

_PITCHES = ("fixed", "variable", "default")


class WordTemplate:
    """A template file, compiled. ``name`` is what messages call it, ``data`` what the file holds.

    A template that is as it came with the program is taken in the columns of the ledger.
    """

    def __init__(self, path: Path, shape: Shape = SEED) -> None:
        self.name = path.name
        self.shape = shape
        self.fields = LedgerFields.of(shape)
        try:
            self.data = template_data(path)
        except FileNotFoundError:
            known = "、".join(sorted(other.stem for other in path.parent.glob("*.docx") if other.stem[:1] not in "~."))
            again = "在别处运行 ledger init 新文件夹，把里面的 templates 复制过来。"
            raise CannotRun(f"没有找到模板“{path.stem}”", f"已有的模板是：{known}。" if known else again) from None
        self.data = of_shape(self.name, self.data, shape)
        self._parts: dict[str, Part] = {}
        with self._sound():
            self._document = Document(io.BytesIO(self.data))
            self._font_tables = _font_tables(self._document)
            body = self._document.part
            hidden = hidden_styles(self._document.styles.element)
            self._parts[str(body.partname)] = Part(self.name, body.element, self.fields, hidden)
            for part in body.package.iter_parts():
                if part.content_type.endswith(("header+xml", "footer+xml")):
                    self._parts[str(part.partname)] = Part(self.name, part.element, self.fields, hidden)
        self._refuse_without_tags()

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Whatever a library or a part of ours meets in a template that no program of Word's kind writes.

        The file is a stranger's, and its faults are without number: each is the template's, none the program's.
        """
        try:
            yield
        except CannotRun:
            raise
        except Exception as error:
            message = f"模板“{self.name}”里有不合 Word 格式的内容，读不了"
            hint = "用 Word 打开并另存为 .docx 再试；还不行的，从随程序来的模板重新改起。"
            raise CannotRun(message, hint) from error

    def _refuse_without_tags(self) -> None:
        """A document that would print the same whatever the ledger holds is no template."""
        body = self._parts[str(self._document.part.partname)]
        if body.has_tags:
            return
        elsewhere = any(part.has_tags for part in self._parts.values())
        what = "正文里没有一个记号，只有页眉、页脚里有" if elsewhere else "这个模板里没有一个记号"
        message = f"模板“{self.name}”用不了：{what}，印不出台账的内容"
        raise CannotRun(message, "复制 templates 里的 ledger.docx 再改，保留 {{ 行.存在问题 }} 这样的记号。")

    @property
    def names_used(self) -> set[str]:
        """Every name and attribute that the tags mention."""
        return {name for part in self._parts.values() for name in part.names_used}

    @cached_property
    def rows(self) -> Rows:
        """How the rows of a ledger are laid out."""
        with self._sound():
            return Rows.of(self.tables, self.fields, style_types(self._document.styles.element))

    @property
    def names_printed(self) -> set[str]:
        """Those of them that the tags print."""
        return {name for part in self._parts.values() for name in part.names_printed}

    @property
    def tables(self) -> list[TemplateTable]:
        """The tables of the body, as they were edited."""
        return self._parts[str(self._document.part.partname)].tables

    def package(self, properties: Mapping[str, Any]) -> dict[str, bytes]:
        """The other files of the document by name, with the core properties set to ours and a valid font table."""
        with self._sound():
            core = self._document.core_properties
            for key, value in properties.items():
                setattr(core, key, value)
            buffer = io.BytesIO()
            self._document.save(buffer)
        with zipfile.ZipFile(buffer) as package:
            return {name: package.read(name) for name in package.namelist()} | self._font_tables

    def streams(self, context: Mapping[str, Any]) -> dict[str, Iterator[str]]:
        """The rendered XML of each part that holds tags, by part name without the leading slash."""
        main = str(self._document.part.partname)
        return {
            name.lstrip("/"): part.stream(context) if name == main else self._whole(part.stream(context))
            for name, part in self._parts.items()
        }

    def _whole(self, pieces: Iterator[str]) -> Iterator[str]:
        """A header or footer, which nobody reads back; raises ``CannotRun`` where Word would have to repair it."""
        xml = "".join(pieces)
        try:
            etree.fromstring(xml.encode("utf-8"))
        except etree.XMLSyntaxError as error:
            message = f"用模板“{self.name}”印不出完整的页眉、页脚：记号的开头和结尾不在同一段、同一格"
            raise CannotRun(message, "请在 Word 里改正页眉、页脚里的记号。") from error
        yield xml


def _font_tables(document: Any) -> dict[str, bytes]:
    """The font tables that hold a pitch which the schema does not know, mended, by part name.

    Templates of earlier versions said ``auto``; what people made of them says so still.
    """
    mended = {}
    for part in document.part.package.iter_parts():
        if part.content_type.endswith("fontTable+xml"):
            table = parse_xml(part.blob)
            wrong = [pitch for pitch in table.iter(w("pitch")) if pitch.get(w("val")) not in _PITCHES]
            for pitch in wrong:
                pitch.set(w("val"), "default")
            if wrong:
                mended[str(part.partname).lstrip("/")] = etree.tostring(
                    table, xml_declaration=True, encoding="UTF-8", standalone=True
                )
    return mended
