"""Word files made by hand, part by part, for what no program would write on request."""

import io
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": W,
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "http://purl.oclc.org/ooxml/officeDocument/math",
}
"""The namespaces of the strict variant."""


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(content)}</w:p>"


def cell_of(*content: str) -> str:
    """A table of one cell."""
    return f"<w:tbl><w:tr><w:tc>{''.join(content)}</w:tc></w:tr></w:tbl>"


def part(root: str, content: str) -> str:
    """The XML of a part with all namespaces declared."""
    return f"<w:{root} {NAMESPACES}>{content}</w:{root}>"


def word_file(
    body: str,
    related: Mapping[str, tuple[str, str, str | bytes]] | None = None,
    main: str = f"{_WORD}.document.main+xml",
) -> bytes:
    """A Word file with that body. ``related`` has parts by relation id: relation type, content type, content."""
    parts: dict[str, str | bytes] = {"inner/the text.xml": part("document", f"<w:body>{body}</w:body>")}
    types = [f'<Override PartName="/inner/the text.xml" ContentType="{main}"/>']
    relations = []
    for name, (kind, content_type, content) in (related or {}).items():
        kind_uri = kind if ":" in kind else f"{_OFFICE}/{kind}"
        parts[f"inner/{name}.bin"] = content
        types.append(f'<Override PartName="/inner/{name}.bin" ContentType="{content_type.replace("WORD", _WORD)}"/>')
        relations.append(f'<Relationship Id="{name}" Type="{kind_uri}" Target="{name}.bin"/>')
    parts["[Content_Types].xml"] = f'<Types xmlns="{_PACKAGE}/content-types">{"".join(types)}</Types>'
    parts["_rels/.rels"] = _relations(
        [f'<Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="inner/the%20text.xml"/>']
    )
    parts["inner/_rels/the text.xml.rels"] = _relations(relations)
    return packed(parts)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a zip file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def strict(data: bytes) -> bytes:
    """A file with the namespaces and relation types of the strict variant."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, content in parts.items():
        for before, after in STRICT.items():
            content = content.replace(before.encode(), after.encode())  # noqa: PLW2901
        parts[name] = content
    return packed(parts)


def _relations(relations: list[str]) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(relations)}</Relationships>'
