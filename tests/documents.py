"""Every kind of document the program writes, as the commands that write them."""

import base64
import io
from itertools import count
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from tests.conftest import Ledger
from tests.revisions import second_period
from tests.test_excel import repacked

# Each by the template it is made from, and what is special about it.
DOCUMENTS = {
    "ledger": ["report"],
    "ledger, blank": ["report", "--blank"],
    "ledger, split": ["report", "--split", "section", "--section", "1"],
    "index": ["report", "--split", "task", "--task", "19"],
    "compact": ["report", "--template", "compact"],
    "unit": ["report", "--unit", "sft"],
    "brief": ["report", "--template", "brief"],
    "notice": ["remind", "--docx", "--unit", "fgw"],
    "changes": ["diff", "2024H1", "2024H2"],
    "form": ["form", "sft"],
    "form, prefilled": ["form", "sft", "--prefill"],
    "form, returned": ["return", "xingqing", "--reason", "请核对", "--task", "5"],
    "form, returned as a whole": ["return", "sft", "--reason", "请核对"],
}
WORKBOOKS = {
    "form": ["form", "sft"],
    "form, prefilled": ["form", "sft", "--prefill"],
    "ledger": ["merge"],
    "status": ["status"],
    "changes": ["diff", "2024H1", "2024H2"],
}


def write_documents(root: Path, ledger: Ledger, arguments: list[str], suffix: str = ".docx") -> list[Path]:
    """What a command of the lists above writes; ``root`` is the workspace and the current folder."""
    if arguments[0] == "diff":
        second_period(root)
    folder = {"--split", "--docx"} & set(arguments)
    result = ledger(*arguments, "-o", "out" if folder else f"out{suffix}")
    assert result.code == 0, result.err
    written = sorted([*Path().glob(f"out{suffix}"), *Path("out").glob(f"*{suffix}")])
    assert written
    return written


def as_of_earlier_versions(template: bytes) -> bytes:
    """A template with the fault that those of earlier versions have: a pitch that is outside the schema."""
    return repacked(template, fontTable=(b'<w:pitch w:val="default"/>', b'<w:pitch w:val="auto"/>'))


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def save_as_word_does(template: Path) -> None:
    """Put into a template what Word writes by itself: ids of paragraphs, rows and content controls, bookmarks where
    something was edited or pasted; and a picture into each paragraph with a tag.
    """
    document = Document(str(template))
    body = document.element.body
    numbers = count(1)
    for element in [*body.iter(qn("w:p")), *body.iter(qn("w:tr"))]:
        element.set("{http://schemas.microsoft.com/office/word/2010/wordml}paraId", f"{0x10000000 + next(numbers):08X}")
    for properties in body.iter(qn("w:sdtPr")):
        properties.find(qn("w:tag")).addnext(parse_xml(f'<w:id {nsdecls("w")} w:val="{next(numbers)}"/>'))
    tagged = next(element for element in body.iter(qn("w:p")) if "{%" in Paragraph(element, document._body).text)
    tagged.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="0" w:name="_GoBack"/>'))
    body.sectPr.addprevious(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="0"/>'))
    for number, element in enumerate(body.iter(qn("w:p")), 1):
        paragraph = Paragraph(element, document._body)
        if "{{" in paragraph.text:
            paragraph.add_run().add_picture(io.BytesIO(PNG))
        element.append(parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="_Toc{number}"/>'))
        element.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))
    document.save(str(template))
