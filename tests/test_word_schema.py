"""Word is stricter than LibreOffice: the children of properties stand in the order of ECMA-376, ids occur once.

These tests need no program beside Python; tests/test_open_xml.py asks Microsoft's validator about the whole schema.
What is held here alone: relations that lead somewhere, ids that occur once, styles that are defined.
"""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from lxml import etree

from tests.conftest import REPOSITORY, Ledger
from tests.documents import DOCUMENTS, as_of_earlier_versions, save_as_word_does, write_documents
from tests.second_plan import write_everything

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

# The sequences of ECMA-376 part 1 (wml.xsd): CT_PPr, CT_RPr (EG_RPrBase), CT_TcPr, CT_TblPr, CT_SdtPr, CT_SectPr.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark "
    "headers cellIns cellDel cellMerge tcPrChange",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex equation comboBox "
    "date docPartObj docPartList dropDownList picture richText text citation group bibliography",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
}
ONCE = [
    (f"{W}id", f"{W}val"), (f"{W}bookmarkStart", f"{W}id"), (f"{W}bookmarkStart", f"{W}name"),
    (f"{W}bookmarkEnd", f"{W}id"), (f"{W}comment", f"{W}id"), (f"{WP}docPr", "id"), (f"{W}p", f"{W14}paraId"),
    (f"{W}tr", f"{W14}paraId"),
]  # fmt: skip
PITCHES = {"fixed", "variable", "default"}  # ST_Pitch
TR_PROPERTIES = {"cantSplit", "tblHeader"}  # a choice without order; these are all that the documents use


def parts(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as package:
        assert len(set(package.namelist())) == len(package.namelist())
        xml = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        return {name: etree.fromstring(package.read(name)) for name in xml}


def check(path: Path) -> None:
    found = parts(path)
    for name, root in found.items():
        for kind, order in ORDER.items():
            places = {f"{W}{child}": place for place, child in enumerate(order.split())}
            for element in root.iter(f"{W}{kind}"):
                tags = [child.tag for child in element]
                assert set(tags) <= set(places), (name, kind, tags)
                assert [places[tag] for tag in tags] == sorted(places[tag] for tag in tags), (name, kind, tags)
        for row in root.iter(f"{W}trPr"):
            assert {child.tag.removeprefix(W) for child in row} <= TR_PROPERTIES
        for cell in root.iter(f"{W}tc"):
            assert cell[-1].tag == f"{W}p"
            assert [child.tag for child in cell].count(f"{W}tcPr") <= 1
            assert cell.find(f"{W}tcPr") is None or cell[0].tag == f"{W}tcPr"
        for kind, attribute in ONCE:
            values = [value for e in root.iter(kind) if (value := e.get(attribute)) is not None]
            assert len(values) == len(set(values)), (name, kind, attribute)
        starts, ends = ({e.get(f"{W}id") for e in root.iter(f"{W}bookmark{end}")} for end in ("Start", "End"))
        assert starts == ends
        assert {pitch.get(f"{W}val") for pitch in root.iter(f"{W}pitch")} <= PITCHES
    with zipfile.ZipFile(path) as package:
        relations(found, set(package.namelist()))
    styles(found)


def styles(found: dict[str, Any]) -> None:
    """Every style that is named is defined."""
    defined = {style.get(f"{W}styleId") for style in found["word/styles.xml"].iter(f"{W}style")}
    names = ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
    for name, root in found.items():
        for used in root.iter(*(f"{W}{kind}" for kind in names)):
            assert used.get(f"{W}val") in defined, (name, used.get(f"{W}val"))


def relations(found: dict[str, Any], names: set[str]) -> None:
    """Every relationship leads to a part, every r:id in the body to a relationship."""
    known = {e.get("Id"): e.get("Target") for e in found["word/_rels/document.xml.rels"]}
    for target in known.values():
        assert f"word/{target}" in names or str(target).startswith(("http", "/", ".."))
    space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    for element in found["word/document.xml"].iter():
        assert element.get(space) is None or element.get(space) in known


@pytest.mark.parametrize("template", sorted(p.name for p in (REPOSITORY / "templates").glob("*.docx")))
def test_templates_follow_the_schema(template: str) -> None:
    check(REPOSITORY / "templates" / template)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_documents_follow_the_schema(sample: Path, ledger: Ledger, kind: str) -> None:
    for path in write_documents(sample, ledger, DOCUMENTS[kind]):
        check(path)


def test_every_template_has_its_document() -> None:
    templates = {path.stem for path in (REPOSITORY / "templates").glob("*.docx")}
    assert {kind.split(",")[0] for kind in DOCUMENTS} == templates


def test_a_template_of_an_earlier_version_makes_documents_that_follow_the_schema(sample: Path, ledger: Ledger) -> None:
    template = sample / "templates/form.docx"
    template.write_bytes(as_of_earlier_versions(template.read_bytes()))
    for path in write_documents(sample, ledger, DOCUMENTS["form, returned"]):
        check(path)


@pytest.mark.parametrize("kind", ["ledger", "compact", "brief", "changes", "form, prefilled", "form, returned"])
def test_what_word_leaves_in_a_template_stands_once_in_a_document(sample: Path, ledger: Ledger, kind: str) -> None:
    save_as_word_does(sample / f"templates/{kind.split(',', maxsplit=1)[0]}.docx")
    for path in write_documents(sample, ledger, DOCUMENTS[kind]):
        check(path)
        document = parts(path)["word/document.xml"]
        names = {mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")}
        assert "_Toc1" in names  # stands above the loops, where a table of contents may lead to it
        assert len(list(document.iter(f"{WP}docPr"))) > 1


def test_comments_take_the_styles_a_template_has(sample: Path, ledger: Ledger) -> None:
    """Word knows built-in styles by name; in Chinese Word and in WPS their ids are letters or numbers."""
    template = Document(str(sample / "templates/form.docx"))
    kinds = {"annotation text": WD_STYLE_TYPE.PARAGRAPH, "annotation reference": WD_STYLE_TYPE.CHARACTER}
    for id_, (name, kind) in zip(("a3", "a4"), kinds.items(), strict=True):
        template.styles.add_style(name, kind, builtin=True).element.set(f"{W}styleId", id_)
    template.save(str(sample / "templates/form.docx"))
    (path,) = write_documents(sample, ledger, DOCUMENTS["form, returned"])
    check(path)
    found = parts(path)
    used = {style.get(f"{W}val") for style in found["word/comments.xml"].iter(f"{W}pStyle", f"{W}rStyle")}
    assert used == {"a3", "a4"}
    names = [name.get(f"{W}val") for name in found["word/styles.xml"].iter(f"{W}name")]
    assert len(names) == len(set(names))


def test_documents_of_another_shape_follow_the_schema(tmp_path: Path, ledger: Ledger) -> None:
    for path in write_everything(tmp_path, ledger):
        if path.suffix == ".docx":
            check(path)
