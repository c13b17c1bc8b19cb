"""A template's file before any library opens it: an ordinary .docx that runs, fetches and includes nothing.

What a template holds goes out in every document made from it, so macros, outside templates, linked pictures and
objects, and fields that fetch are refused by name. Raises ``CannotRun`` throughout.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger_cli.exits import CannotRun
from ledger_cli.read.office.package import WORD, Package
from ledger_cli.read.office.tables import UnreadableFile
from ledger_cli.write.word.markup import TAG, w

FILE_LIMIT = 32 * 1024 * 1024
"""Bytes of a template; those that come with the program have less than a thousandth."""

MAIN = "word/document.xml"
_RESAVE = "用 Word 打开并另存为 .docx 再试。"
_WORDPROCESSING = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_UNFILLED = {"footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}
_RELATIONS = {
    "attachedTemplate": ("附加了别的模板", "在 Word 的“加载项—模板”里改回 Normal，再保存"),
    "aFChunk": ("包含另一个文件（altChunk）", "把那一部分的文字复制进来，再删去它"),
    "subDocument": ("包含子文档", "把子文档的文字复制进来，再删去它"),
    "vbaProject": ("带有宏", "另存为不带宏的 .docx"),
    "control": ("带有 ActiveX 控件", "删去这个控件"),
    "image": ("链接了外面的图片", "删去这张图片，或者直接插入图片文件"),
    "oleObject": ("链接了外面的对象", "删去这个对象，或者改成文字、图片"),
    "mailMergeSource": ("连着邮件合并的数据源", "在“邮件”里改回普通 Word 文档"),
}
_INSIDE = ("aFChunk", "vbaProject", "control")  # refused although what they refer to is in the file itself
_FETCHING = re.compile(
    r"\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|RD|MACROBUTTON)\b", re.IGNORECASE
)


def template_data(path: Path) -> bytes:
    """The bytes of a template's file, looked through; raises ``FileNotFoundError`` where there is none."""
    if path.exists() and not path.is_file():
        raise CannotRun(f"模板“{path.name}”不是普通文件", "把它移到别处，换成用 Word 保存的 .docx 文件。")
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise CannotRun(f"模板“{path.name}”太大，没有读取", "删去里面的大图片，另存为 .docx 再试。")
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise CannotRun(f"模板“{path.name}”打不开", "检查文件是否被别的程序占用，有没有读取权限。") from error
    try:
        _look_through(Package(data, WORD), path.name)
    except UnreadableFile as error:
        raise CannotRun(f"模板“{path.name}”不能用：{error.message}", _RESAVE) from error
    return data


def _look_through(package: Package, name: str) -> None:
    if package.has_macros or any(part.lower().endswith("vbaproject.bin") for part in package.names()):
        raise CannotRun(f"模板“{name}”带有宏，没有使用", "另存为不带宏的 .docx 再试。")
    for part in package.names():
        package.safe(part)
    if package.main != MAIN or package.kind(MAIN) != f"{_WORDPROCESSING}.document.main+xml":
        raise CannotRun(f"模板“{name}”的结构不是 Word 普通文档（.docx）的样子，没有使用", _RESAVE)
    for part in ("", *package.names()):
        for relation in package.relations(part):
            if (relation.external and relation.kind != "hyperlink") or relation.kind in _INSIDE:
                what, cure = _RELATIONS.get(relation.kind, ("引用了外面的文件", "删去引用外面文件的内容"))
                shown = f"“{relation.target[:80]}”" if relation.external else ""
                raise CannotRun(f"模板“{name}”{what}{shown}，没有使用", f"{cure}，再试。")
            if not relation.external and relation.target not in package:
                raise CannotRun(f"模板“{name}”缺少它要用的部分“{relation.target[:80]}”，没有使用", _RESAVE)
    for part in package.names():
        if part.endswith((".xml", ".rels")) or package.kind(part).endswith("xml"):
            _look_at(package.xml(part), name)


def _look_at(root: Any, name: str) -> None:
    """Refuse what a part fetches, and tags where none is filled in."""
    for instruction in _instructions(root):
        if fetching := _FETCHING.match(instruction):
            raise CannotRun(f"模板“{name}”里有取外面内容的域“{fetching[1].upper()}”，没有使用", "删去这个域，再试。")
    where = next((words for kind, words in _UNFILLED.items() if root.tag == w(kind)), "")
    if where:
        for paragraph in root.iter(w("p")):
            if tag := TAG.search("".join(text.text or "" for text in paragraph.iter(w("t")))):
                hint = "把它移到正文、页眉或者页脚里。"
                raise CannotRun(f"模板“{name}”的{where}里有记号“{tag[0][:60]}”，那里的记号不会填写", hint)


def _instructions(root: Any) -> Iterator[str]:
    """The instruction of each field; Word may split one over several runs, and put fields into fields."""
    for simple in root.iter(w("fldSimple")):
        yield simple.get(w("instr")) or ""
    open_fields: list[str] = []
    for element in root.iter(w("fldChar"), w("instrText")):
        if element.tag == w("instrText"):
            if not open_fields:
                open_fields.append("")
            open_fields[-1] += element.text or ""
        elif element.get(w("fldCharType")) == "begin":
            open_fields.append("")
        elif open_fields and element.get(w("fldCharType")) in ("separate", "end"):
            yield open_fields.pop()
            if element.get(w("fldCharType")) == "separate":
                open_fields.append("")
    yield from open_fields
