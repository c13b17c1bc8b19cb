"""What the reader makes of Word files: figures keep their meaning, nothing is dropped, nothing crashes it."""

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ledger_cli.model.form import RETURNED, REVIEWER
from ledger_cli.read.office.tables import Cell, FilledDocument, Loss, UnreadableFile
from ledger_cli.read.office.word import read_word
from tests.conftest import PERIOD, Ledger
from tests.packages import cell_of, p, packed, part, r, strict, word_file

UP, DOWN = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
Related = Mapping[str, tuple[str, str, str | bytes]]
COMMENTS = ("comments", "WORD.comments+xml")


def read(body: str, related: Related | None = None) -> FilledDocument:
    return read_word(word_file(body, related))


def lines(document: FilledDocument) -> list[str]:
    return [line for block in document.blocks if isinstance(block, list) for line in block]


def cell(content: str, related: Related | None = None) -> Cell:
    """The one cell of a table with that content."""
    return read(cell_of(content), related).tables[0].rows[0][0]


def told(document: FilledDocument) -> list[tuple[str, str]]:
    return [(loss.kind, loss.words) for loss in document.losses]


# -- exponents and indices ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (r("新增5×10") + r("3", UP) + r("个"), "新增5×10³个"),
        (r("绿化120m") + r("2", UP), "绿化120m²"),
        (r("10") + r("−", UP) + r("3", UP), "10⁻³"),
        (r("10") + r("n", UP) + r("+1", UP), "10^(n+1)"),
        (r("10") + r("2.5", UP), "10^(2.5)"),
        (r("减排CO") + r("2", DOWN) + r("3吨"), "减排CO₂3吨"),
        (r("PM") + r("2.5", DOWN), "PM₂.₅"),
        (r("x") + r("max", DOWN), "x_(max)"),
        (r("Ca") + r("2+", UP), "Ca²⁺"),
        (r("面积10") + r("２", UP), "面积10²"),
        (r("½、¾、m²、m³、5‰、3×4、℃"), "½、¾、m²、m³、5‰、3×4、℃"),
        # Raised for looks: the marks of notes and ordinals.
        (r("1") + r("st", UP) + r(" 批，数据") + r("①", UP) + r("见表") + r("[1]", UP), "1st 批，数据①见表[1]"),
        (r("已办结") + r("*", UP) + r("，") + r(" ", UP) + r("3件"), "已办结*， 3件"),
        # Raised all together, with nothing on the line to be raised above.
        (r("完成3项", UP), "完成3项"),
        (r("3", '<w:vertAlign w:val="baseline"/>') + r("件"), "3件"),
    ],
)
def test_exponents_and_indices_keep_their_meaning(runs: str, text: str) -> None:
    assert lines(read(p(runs))) == [text]


STYLES = """<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="24"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="character" w:styleId="a1"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="a2"><w:basedOn w:val="a1"/></w:style>
<w:style w:type="paragraph" w:styleId="b1"><w:basedOn w:val="b2"/>
<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="b2"><w:basedOn w:val="b1"/></w:style>
<w:style w:type="character" w:styleId="a3"><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="a9"><w:name w:val="Placeholder Text"/></w:style>"""
STYLED = {"s": ("styles", "WORD.styles+xml", part("styles", STYLES))}


@pytest.mark.parametrize(
    ("paragraph", "text"),
    [
        (p(r("10"), r("3", '<w:rStyle w:val="a1"/>')), "10³"),
        (p(r("10"), r("3", '<w:rStyle w:val="a2"/>')), "10³"),
        (p(r("10"), r("3", '<w:rStyle w:val="a2"/><w:vertAlign w:val="baseline"/>')), "103"),
        (p(r("10", '<w:vertAlign w:val="baseline"/>'), r("3"), properties='<w:pStyle w:val="b2"/>'), "10³"),
        # How LibreOffice writes what a web page raises: moved and smaller. Moved alone is for looks.
        (p(r("10"), r("3", '<w:position w:val="8"/><w:sz w:val="19"/>')), "10³"),
        (p(r("CO"), r("2", '<w:position w:val="-8"/><w:sz w:val="19"/>')), "CO₂"),
        (p(r("10"), r("3", '<w:position w:val="8"/>')), "103"),
    ],
)
def test_styles_raise_and_lower_too(paragraph: str, text: str) -> None:
    assert lines(read(paragraph, STYLED)) == [text]


# -- equations ----------------------------------------------------------------------------------------


def m(name: str, *parts: str, properties: str = "") -> str:
    own = f"<m:{name}Pr>{properties}</m:{name}Pr>" if properties else ""
    return f"<m:{name}>{own}{''.join(parts)}</m:{name}>"


def mr(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def frac(above: str, below: str) -> str:
    return m("f", f"<m:num>{above}</m:num>", f"<m:den>{below}</m:den>")


def e(content: str, name: str = "e") -> str:
    return f"<m:{name}>{content}</m:{name}>"


EQUATIONS = [
    (r("完成") + m("oMath", frac(mr("3"), mr("4"))) + r("的任务"), "完成3/4的任务"),
    (r("用时5") + m("oMath", frac(mr("3"), mr("4"))) + r("年"), "用时5又3/4年"),
    (m("oMath", mr("5"), frac(mr("3"), mr("4"))), "5又3/4"),
    (m("oMath", frac(mr("a+b"), mr("2c")), mr("x")), "((a+b)/(2c))x"),
    (m("oMath", mr("2+"), frac(mr("1"), mr("3"))), "2+1/3"),
    (m("oMath", m("sSup", e(mr("10")), e(mr("3"), "sup"))), "10³"),
    (m("oMath", m("sSup", e(mr("a+b")), e(mr("n"), "sup"))), "(a+b)^(n)"),
    (m("oMath", mr("2"), m("sSup", e(mr("3")), e(mr("2"), "sup"))), "2(3²)"),
    (r("共") + m("oMath", m("sSup", e(""), e(mr("3"), "sup"))), "共³"),
    (m("oMath", m("sSub", e(mr("x")), e(mr("i"), "sub"))), "x_(i)"),
    (m("oMath", m("sSubSup", e(mr("x")), e(mr("1"), "sub"), e(mr("2"), "sup"))), "x₁²"),
    (m("oMath", m("rad", e("", "deg"), e(mr("2")), properties='<m:degHide m:val="1"/>')), "√(2)"),
    (m("oMath", m("rad", e(mr("3"), "deg"), e(mr("8")))), "√[3](8)"),
    (m("oMath", m("d", e(mr("a")), e(mr("b")), properties='<m:begChr m:val="["/><m:endChr m:val="]"/>')), "[a|b]"),
    (
        m("oMath", m("nary", e(mr("i=1"), "sub"), e(mr("n"), "sup"), e(mr("x+1")), properties='<m:chr m:val="∑"/>')),
        "∑_(i=1)^(n)(x+1)",
    ),
    (m("oMath", m("bar", e(mr("x")), properties='<m:pos m:val="top"/>')), "x\u0304"),
    (m("oMath", m("acc", e(mr("y")))), "y\u0302"),
    (m("oMath", m("groupChr", e(mr("x+1")))), "(x+1)"),
    (m("oMath", m("rad", e(mr("3"), "deg"), e(mr("(a)(b)")))), "√[3]((a)(b))"),
    (m("oMath", m("func", e(mr("sin"), "fName"), e(mr("x")))), "sin(x)"),
    (m("oMath", m("limLow", e(mr("lim")), e(mr("x→0"), "lim"))), "lim_(x→0)"),
    (m("oMath", m("m", m("mr", e(mr("1")), e(mr("2"))), m("mr", e(mr("3")), e(mr("4"))))), "1，2；3，4"),
    (m("oMath", f'<w:del w:id="1">{mr("9")}</w:del><w:ins w:id="2">{mr("8")}</w:ins>', mr("%")), "8%"),
]


@pytest.mark.parametrize(("content", "text"), EQUATIONS)
def test_equations_become_text_that_says_the_same(content: str, text: str) -> None:
    document = read(p(content))
    assert lines(document) == [text]
    assert not document.losses


def test_an_equation_among_the_paragraphs_is_read() -> None:
    assert lines(read(p(r("如下：")) + m("oMathPara", m("oMath", frac(mr("3"), mr("4")))))) == ["如下：", "3/4"]


@pytest.mark.parametrize(
    ("content", "characters"),
    [
        (m("oMath", m("f", e(mr("5"), "num"), e(mr("2"), "den"), properties='<m:type m:val="noBar"/>')), "52"),
        (m("oMath", m("bar", e(mr("AB")), properties='<m:pos m:val="top"/>')), "AB"),
        (m("oMath", "<m:unknown><m:r><m:t>7</m:t></m:r></m:unknown>"), "7"),
        (m("oMath", mr("x"), '<m:r><w:sym w:font="Symbol" w:char="F061"/></m:r>'), "x"),
    ],
)
def test_an_equation_that_text_cannot_say_is_a_loss_with_its_characters(content: str, characters: str) -> None:
    document = read(p(r("约"), content, r("件")))
    assert lines(document) == ["约件"]
    assert told(document) == [("公式", characters)]


# -- fields -------------------------------------------------------------------------------------------


def field(instruction: str, result: str | None = None, data: str = "", *, end: bool = True) -> str:
    def mark(kind: str, inner: str = "") -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'

    separated = "" if result is None else mark("separate") + result
    words = f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>' if instruction else ""
    return mark("begin", data) + words + separated + (mark("end") if end else "")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (r("完成") + field(r" EQ \f(3,4) ") + r("以上"), "完成3/4以上"),
        (r("用时5") + field(r"EQ \F(3,4)") + r("年"), "用时5又3/4年"),
        (field(r"eq \f(3;4)"), "3/4"),
        (field(r"EQ \f(a+b,2)"), "(a+b)/2"),
        (field(r"EQ \r(3,8)"), "√[3](8)"),
        (field(r"EQ \r(,2)"), "√(2)"),
        (r("10") + field(r"EQ \s\up8(3)"), "10³"),
        (r("CO") + field(r"EQ \s\do4(2)"), "CO₂"),
        (field(r"EQ \b\bc\{(\f(1,2))"), "{1/2}"),
        (field(r"EQ \i\su(i=1,n,x)"), "∑_(i=1)^(n)x"),
        (field(r"EQ \o\ac(○,12)"), "⑫"),
        (field(r"EQ \* jc2 \* &quot;Font:宋体&quot; \* hps10 \o\ad(\s\up 9(péng),彭)") + r("阳县"), "彭（péng）阳县"),
        (field(r"EQ \x\to(x)"), "x\u0304"),
        (field(r"EQ \a\co2(1,2,3,4)"), "1，2；3，4"),
        (field(r"EQ \a(1,2)"), "1；2"),
        (field(r"EQ \l(a,b)"), "a，b"),
        (field(r"EQ \b(x)"), "(x)"),
        (field(r"EQ \b\bc\&lt;(x)"), "<x>"),
        (field(r"EQ \b\lc\[(x)"), "[x)"),
        (field(r"EQ \f(1;2)"), "1/2"),
        (field(r"EQ \f(1\,234,5)"), "(1,234)/5"),
        ('<w:fldSimple w:instr="EQ \\f(3,4)"/>', "3/4"),
        (field("EQ ", None) + r("后文"), "后文"),
        ("<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>EQ \\f(10</w:instrText></w:r>"
         f"<w:r><w:rPr>{UP}</w:rPr><w:instrText>3</w:instrText></w:r><w:r><w:instrText>,4)</w:instrText></w:r>"
         "<w:r><w:fldChar w:fldCharType='end'/></w:r>", "10³/4"),
        # The boxes and lists of old forms, and symbols, have no result.
        (field("FORMCHECKBOX", None, "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>") + r("是"), "☒是"),
        (field(" FORMCHECKBOX ", None, '<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>'), "☐"),
        (field(" FORMDROPDOWN ", None, '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="未完成"/>'
               '<w:listEntry w:val="已完成"/></w:ddList></w:ffData>'), "已完成"),
        (field(r' SYMBOL 254 \f "Wingdings" \s 12 ') + r("是"), "☑是"),
        # What stands behind a field that is never closed, or has no mark before its result.
        (r("前") + field(" PAGE ", None, end=False) + r("3月办结"), "前3月办结"),
        (r("前") + field(" PAGE ", r("7"), end=False) + r("页"), "前7页"),
        (field(" REF a ", None) + r("后文"), "后文"),
        ("<w:r><w:fldChar w:fldCharType='end'/></w:r>" + r("字"), "字"),
        (field(" IF ", None, end=False) + field(" MERGEFIELD x ", r("男"))
         + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("先生")
         + '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "先生"),
    ],
)  # fmt: skip
def test_fields_show_what_word_prints(content: str, text: str) -> None:
    assert lines(read(p(content))) == [text]


def test_text_behind_the_paragraph_of_an_open_field_is_text() -> None:
    assert lines(read(p(field(" IF ", None, end=False)) + p(r("后一段")))) == ["", "后一段"]


@pytest.mark.parametrize("instruction", [r"EQ \o(=,/)", r"EQ \f(3,4", r"EQ \q(1,2)", r"EQ \f(1)"])
def test_an_equation_field_that_text_cannot_say_is_told(instruction: str) -> None:
    document = read(p(r("约"), field(instruction), r("件")))
    assert lines(document) == ["约件"]
    assert told(document) == [("公式", instruction.removeprefix("EQ "))]


# -- prompts and choices ------------------------------------------------------------------------------

PLACEHOLDER = "<w:showingPlcHdr/>"


def control(content: str, properties: str = PLACEHOLDER) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


LIST = '<w:dropDownList><w:listItem w:displayText="选择一项。" w:value=""/></w:dropDownList>'
SHOWN_IN_STYLE = '<w:rStyle w:val="a9"/>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        # Words that only begin like a prompt.
        (control(r("点击率提升到3万次")), "点击率提升到3万次"),
        (control(r("请输入单位要求统一，已改")), "请输入单位要求统一，已改"),
        (control(r("Click-through rate rose to 3%")), "Click-through rate rose to 3%"),
        (control(r("选择一项工作重点推进")), "选择一项工作重点推进"),
        # Whole prompts: ours, Word's, WPS's.
        (control(r("点击此处填写")), ""),
        (control(r("单击或点击") + r("此处输入文字。")), ""),
        (control(r("单击此处输入文字。")), ""),
        (control(r("Click or tap here to enter text.")), ""),
        (control(r("单击或点击此处输入日期。")), ""),
        (control(r("选择一项。"), PLACEHOLDER + LIST), ""),
        (control(r("选择一项。"), LIST), ""),
        (control(r("已完成"), LIST), "已完成"),
        (control(r("2024年6月30日"), "<w:date/>"), "2024年6月30日"),
        (control(r("☒") + r("是"), ""), "☒是"),
        # A prompt left in front of words.
        (control(r("点击此处填写") + r("已办结3件")), "已办结3件"),
        (control(r("点击此处填写已办结")), "已办结"),
        (r("点击此处填写", SHOWN_IN_STYLE) + r("已办结"), "已办结"),
        # Nothing marks it as a prompt: the intake decides.
        (control(r("点击此处填写"), ""), "点击此处填写"),
        (control(r("点击此处填写"), '<w:showingPlcHdr w:val="0"/>'), "点击此处填写"),
        (r("点击此处填写已办结"), "点击此处填写已办结"),
    ],
)
def test_only_whole_prompts_are_no_text(content: str, text: str) -> None:
    assert cell(p(content), STYLED).text == text


def test_a_control_around_a_cell_that_shows_its_prompt_is_empty_and_typed_words_are_not() -> None:
    def read_cell(words: str) -> str:
        table = f"<w:tbl><w:tr>{control(f'<w:tc>{p(r(words))}</w:tc>')}</w:tr></w:tbl>"
        return read(table).tables[0].rows[0][0].text

    assert read_cell("点击此处填写") == ""
    assert read_cell("点击率提升到3万次") == "点击率提升到3万次"


def test_the_prompts_that_a_document_defines_itself_are_known() -> None:
    entry = '<w:docPart><w:docPartPr><w:name w:val="X1"/></w:docPartPr><w:docPartBody>'
    glossary = part(
        "glossaryDocument", f"<w:docParts>{entry}{p(r('填写本季度情况'))}</w:docPartBody></w:docPart></w:docParts>"
    )
    related = {"g": ("glossaryDocument", "WORD.document.glossary+xml", glossary)}
    marked = PLACEHOLDER + '<w:placeholder><w:docPart w:val="X1"/></w:placeholder>'
    assert cell(p(control(r("填写本季度情况"), marked)), related).text == ""
    assert cell(p(control(r("填写本季度情况已完成"), marked)), related).text == "填写本季度情况已完成"


# -- symbols ------------------------------------------------------------------------------------------


def font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


@pytest.mark.parametrize(
    ("content", "text", "losses"),
    [
        (r("\uf0fe", font("Wingdings")) + r("已办"), "☑已办", []),
        (r("þ", font("Wingdings")) + r("已办"), "☑已办", []),
        (r("R", font("Wingdings 2")) + r("是") + r("£", font("Wingdings 2")) + r("否"), "☑是□否", []),
        (r("R", '<w:rStyle w:val="a3"/>') + r("是"), "☑是", []),
        (r("5") + r("m", font("Symbol")) + r("g≤") + r("\uf0a3", font("Symbol")), "5μg≤≤", []),
        (r("中文 ", font("Wingdings")), "中文 ", []),
        (r("A\uf021", font("Webdings")), "", ["Webdings 字体的第 65 号符号（A）", "Webdings 字体的第 33 号符号"]),
        (r("R", font("Arial")), "R", []),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "✓", []),
        ('<w:r><w:sym w:font="宋体" w:char="2611"/></w:r>', "☑", []),
        ('<w:r><w:sym w:font="Wingdings" w:char="xyz"/></w:r>' + r("字"), "字", ["Wingdings 字体的“xyz”号符号"]),
        ('<w:r><w:sym w:font="Wingdings"/></w:r>' + r("字"), "字", ["Wingdings 字体的“”号符号"]),
        ('<w:r><w:sym w:font="宋体" w:char="D800"/></w:r>', "", ["宋体 字体的第 0 号符号"]),
        ('<w:r><w:sym w:font="宋体" w:char="FFFFFFFFF"/></w:r>', "", ["宋体 字体的第 255 号符号"]),
    ],
)
def test_symbols_are_characters_or_are_told(content: str, text: str, losses: list[str]) -> None:
    document = read(p(content), STYLED)
    assert lines(document) == [text]
    assert told(document) == [("符号", words) for words in losses]


# -- drawings -----------------------------------------------------------------------------------------


def box(text: str) -> str:
    return f"<w:txbxContent>{p(r(text))}</w:txbxContent>"


def drawing(content: str, described: str = "") -> str:
    named = f'<wp:docPr id="1" name="a" descr="{described}"/>'
    return f"<w:r><w:drawing><wp:inline>{named}{content}</wp:inline></w:drawing></w:r>"


def alternative(choice: str, fallback: str | None) -> str:
    last = "" if fallback is None else f"<mc:Fallback>{fallback}</mc:Fallback>"
    return f'<mc:AlternateContent><mc:Choice Requires="wps">{choice}</mc:Choice>{last}</mc:AlternateContent>'


PICTURE = '<pic:pic><pic:nvPicPr><pic:cNvPr id="2" name="p" descr="{}"/></pic:nvPicPr><a:blip r:embed="x"/></pic:pic>'


def test_the_words_of_shapes_are_lines() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="艺术字的话"/></v:shape></w:pict></w:r>'
    shape = "<a:sp><a:txBody><a:p><a:r><a:t>形状</a:t></a:r><a:r><a:t>里的字</a:t></a:r></a:p></a:txBody></a:sp>"
    document = read(p(r("正文"), art, drawing(shape), drawing(f"<wps:wsp>{box('框里的字')}</wps:wsp>")))
    assert lines(document) == ["正文", "艺术字的话", "形状里的字", "框里的字"]
    assert not document.losses


def test_pictures_in_a_group_are_told_beside_its_text_boxes() -> None:
    shape = f'<wps:wsp><wps:cNvPr id="3" name="b" descr="说明框"/>{box("框里的字")}</wps:wsp>'
    group = f"<wpg:wgp>{shape}{PICTURE.format('现场照片')}{PICTURE.format('')}</wpg:wgp>"
    document = read(p(r("正文"), drawing(group, "组合")))
    assert lines(document) == ["正文", "框里的字"]
    assert told(document) == [("图片", "现场照片"), ("图片", "组合")]


def test_a_bare_line_is_decoration() -> None:
    document = read(p(r("正文"), drawing("<wps:wsp><wps:spPr/></wps:wsp>")))
    assert lines(document) == ["正文"]
    assert not document.losses


def test_charts_and_diagrams_are_told_with_their_words() -> None:
    words = "<a:p><a:r><a:t>上半年</a:t></a:r></a:p><c:cat><c:v>银川</c:v></c:cat>"
    related = {
        "c1": ("chart", "application/x", f'<c:chartSpace xmlns:c="urn:c" xmlns:a="urn:a">{words}</c:chartSpace>'),
        "d1": ("diagramData", "application/y", '<d xmlns:a="urn:a"><a:t>先培训</a:t><a:t>再考试</a:t></d>'),
        "c2": ("chart", "application/x", "<broken"),
    }
    content = '<c:chart r:id="c1"/>', '<dgm:relIds r:dm="d1" r:lo="x"/>', '<c:chart r:id="c2"/>', '<c:chart r:id="c9"/>'
    document = read(p(*map(drawing, content)), related)
    assert told(document) == [("图表", "上半年、银川"), ("SmartArt 图形", "先培训、再考试"), ("图表", ""), ("图表", "")]


def test_embedded_objects_are_told_and_not_their_pictures() -> None:
    def embedded(program: str) -> str:
        inner = f'<v:shape><v:imagedata r:id="i"/></v:shape><o:OLEObject ProgID="{program}"/>'
        return f"<w:r><w:object>{inner}</w:object></w:r>"

    document = read(p(embedded("Excel.Sheet.12"), embedded("Equation.3")))
    assert told(document) == [("嵌入对象", ""), ("公式", "")]


@pytest.mark.parametrize(
    ("content", "text", "kinds"),
    [
        (
            alternative(drawing(f"<wps:wsp>{box('新')}</wps:wsp>"), f"<w:r><w:pict>{box('旧')}</w:pict></w:r>"),
            "\n新",
            [],
        ),
        (alternative("<w:r><w:future/></w:r>", r("旧式的字")), "旧式的字", []),
        (alternative("<w:r><w:future/></w:r>", drawing(PICTURE.format(""))), "", ["图片"]),
        (alternative(r("新式的字"), None), "新式的字", []),
        ("<mc:AlternateContent/>" + r("字"), "字", []),
    ],
)
def test_one_branch_of_an_alternative_is_read(content: str, text: str, kinds: list[str]) -> None:
    document = read(p(content))
    assert "\n".join(lines(document)) == text
    assert [loss.kind for loss in document.losses] == kinds


def test_alternatives_among_paragraphs_rows_and_cells_are_read_once() -> None:
    one = f"<w:tc>{alternative(p(r('格')), p(r('旧')))}</w:tc>"
    table = f"<w:tbl>{alternative(f'<w:tr>{one}</w:tr>', '')}</w:tbl>"
    document = read(alternative(p(r("段")), p(r("旧"))) + table)
    assert lines(document) == ["段"]
    assert [[c.text for c in row] for row in document.tables[0].rows] == [["格"]]


def test_boxes_in_notes_and_boxes_are_read_once() -> None:
    inner = drawing(f"<wps:wsp>{box('内框')}</wps:wsp>")
    outer = drawing(f"<wps:wsp><w:txbxContent>{p(r('外框'), inner)}</w:txbxContent></wps:wsp>")
    both = alternative(outer, f"<w:r><w:pict>{box('旧')}</w:pict></w:r>")
    notes = part("footnotes", f'<w:footnote w:id="2">{p(r("注文"), both)}</w:footnote>')
    related = {"n": ("footnotes", "WORD.footnotes+xml", notes)}
    document = read(p(r("正文"), '<w:r><w:footnoteReference w:id="2"/></w:r>'), related)
    assert lines(document) == ["正文", "注：注文", "外框", "内框"]


def test_a_watermark_is_no_line_of_the_header() -> None:
    header = part("hdr", p(r("某厅"), '<w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r>'))
    document = read(p(r("正文")), {"h": ("header", "WORD.header+xml", header)})
    assert document.margin == ["某厅"]
    assert told(document) == [("艺术字", "内部资料")]


# -- comments -----------------------------------------------------------------------------------------


def comments(*each: tuple[str, str, str]) -> Related:
    made = "".join(
        f'<w:comment w:id="{number}" w:author="{author}">{p(r(words)) if words else ""}</w:comment>'
        for number, author, words in each
    )
    return {"c": (*COMMENTS, part("comments", made))}


def reference(number: str) -> str:
    return f'<w:r><w:commentReference w:id="{number}"/></w:r>'


def test_comments_of_anyone_are_told_with_their_author() -> None:
    given = comments(("1", "甲", "请核实"), ("2", REVIEWER, "已按要求改好"), ("3", "", "无名"), ("4", "乙", ""))
    found = cell(p(r("办结"), *map(reference, "1234")), given)
    assert found.losses == [
        Loss("批注", "甲：请核实"),
        Loss("批注", f"{REVIEWER}：已按要求改好"),
        Loss("批注", "无名"),
        Loss("批注", "乙"),
    ]


def test_the_remarks_of_a_returned_form_are_ours_whoever_they_are_by() -> None:
    front = p(r(f"{RETURNED}1. 第5项“存在问题”：数字与第3项：不一致")) + p(r(f"{RETURNED}2. 整份报送：请盖章"))
    given = comments(("1", REVIEWER, "数字与第3项：不一致"), ("2", "作者", "请盖章"), ("3", REVIEWER, "不一致"))
    document = read(front + p(r("字"), *map(reference, "123")), given)
    assert told(document) == [("批注", f"{REVIEWER}：不一致")]


@pytest.mark.parametrize(
    "body",
    [
        p(r("字"), '<w:commentRangeStart w:id="1"/>'),
        p(r("字"), f'<w:del w:id="9">{reference("1")}</w:del>'),
        p(reference("1")),
        p(r("字")),
    ],
)
def test_a_comment_anchored_anywhere_is_told_once(body: str) -> None:
    assert told(read(body, comments(("1", "甲", "请核实")))) == [("批注", "甲：请核实")]


# -- documents inserted whole -------------------------------------------------------------------------

PAGE = (
    '<!DOCTYPE html><html><head><meta charset="gb2312"><style>x</style></head><body><p>网页的<b>字</b>&amp;</p>'
    "<table><tr><td>1</td><td>二</td></tr></table></body></html>"
)
ARCHIVE = "MIME-Version: 1.0\nContent-Type: text/html; charset=gb2312\n\n<p>字</p>"


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("text/plain", "甲\n乙", ["甲", "乙"]),
        ("text/plain", "甲\n乙".encode("gb18030"), ["甲", "乙"]),
        ("text/html", PAGE.encode("gb2312"), ["网页的字&", "1\t二"]),
        ("application/xhtml+xml", "<html><body>字<br/>又</body></html>", ["字", "又"]),
        ("message/rfc822", ARCHIVE.encode("gb2312"), ["字"]),
        ("WORD.document.main+xml", word_file(p(r("里面的字"))), ["里面的字"]),
    ],
)  # fmt: skip
def test_a_document_inserted_whole_is_lines(kind: str, content: bytes, expected: list[str]) -> None:
    related = {"k": ("aFChunk", kind, content)}
    assert lines(read('<w:altChunk r:id="k"/>', related)) == expected
    assert cell('<w:altChunk r:id="k"/>', related).lines == expected


def test_a_ledger_inserted_whole_keeps_its_tables_and_losses() -> None:
    inner = word_file(p(r("前言")) + cell_of(p(r("格"))) + p(drawing(PICTURE.format("图"))))
    document = read(p(r("外")) + '<w:altChunk r:id="k"/>', {"k": ("aFChunk", "WORD.document.main+xml", inner)})
    assert lines(document) == ["外", "前言", ""]
    assert document.tables[0].rows[0][0].text == "格"
    assert told(document) == [("图片", "图")]


def test_what_cannot_be_inserted_is_told_by_name() -> None:
    related: Related = {
        "k": ("aFChunk", "application/rtf", r"{\rtf1 x}"),
        "z": ("aFChunk", "application/x", b"PK\x03\x04"),
    }
    document = read('<w:altChunk r:id="k"/><w:altChunk r:id="z"/><w:altChunk r:id="no"/><w:subDoc r:id="k"/>', related)
    assert told(document) == [("嵌入文档", "k.bin"), ("嵌入文档", "z.bin"), ("嵌入文档", ""), ("嵌入文档", "k.bin")]


# -- parts and packages -------------------------------------------------------------------------------

NUMBERING = part(
    "numbering",
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="{0}"><w:start w:val="{1}"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>',
)
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def numbering(depth: str, start: str) -> Related:
    # Two braces pairs are all that the part has to fill.
    return {"n": ("numbering", "WORD.numbering+xml", NUMBERING.replace("{0}", depth).replace("{1}", start))}


def test_parts_are_found_by_relation_whatever_they_are_called() -> None:
    notes = part(
        "endnotes", f'<w:endnote w:id="2">{p(r("尾注"))}</w:endnote><w:endnote w:id="3">{p(r("孤注"))}</w:endnote>'
    )
    related = {
        **numbering("0", "1"),
        **STYLED,
        **comments(("1", "甲", "批语")),
        "e": ("endnotes", "WORD.endnotes+xml", notes),
        "f": ("footer", "WORD.footer+xml", part("ftr", p(r("页脚")))),
    }
    body = p(r("办"), '<w:r><w:endnoteReference w:id="2"/></w:r>', reference("1"), properties=NUMBERED)
    document = read(body + p(r("10"), r("3", '<w:rStyle w:val="a1"/>')), related)
    assert lines(document) == ["1、 办", "注：尾注", "10³"]
    assert document.margin == ["页脚"]
    assert told(document) == [("脚注", "孤注"), ("批注", "甲：批语")]


def test_templates_and_the_strict_variant_are_read() -> None:
    body = p(r("10"), r("3", UP), m("oMath", frac(mr("3"), mr("4"))), reference("1"))
    template = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
    for data in (
        word_file(body, comments(("1", "甲", "批语")), template),
        strict(word_file(body, comments(("1", "甲", "批语")))),
    ):
        document = read_word(data)
        assert lines(document) == ["10³(3/4)"]
        assert told(document) == [("批注", "甲：批语")]


def test_words_that_look_like_a_namespace_stay_as_typed() -> None:
    words = "见 http://purl.oclc.org/ooxml/wordprocessingml/main"
    assert lines(read_word(strict(word_file(p(r(words)))))) == [words]


def test_tables_within_a_cell_are_tables_and_lines() -> None:
    nested = f"<w:tbl><w:tr><w:tc>{p(r('培训'))}</w:tc><w:tc>{p(r('3期'), reference('1'))}</w:tc></w:tr></w:tbl>"
    outer = cell(p(r("见下表")) + nested + p(), comments(("1", "甲", "核")))
    assert outer.lines == ["见下表", "培训\t3期", ""]
    assert [[c.text for c in row] for table in outer.tables for row in table.rows] == [["培训", "3期"]]
    assert outer.losses == [Loss("批注", "甲：核")]


@pytest.mark.parametrize("depth", ["0", "-1", "9" * 5000, "x", "²"])
@pytest.mark.parametrize("start", ["1", "-1", "9" * 5000, "4294967296", "x", "²", ""])
def test_malformed_numbers_of_lists_do_no_harm(depth: str, start: str) -> None:
    (line,) = lines(read(p(r("办"), properties=NUMBERED), numbering(depth, start)))
    assert line.endswith("办")


@pytest.mark.parametrize("kind", ["upperLetter", "upperRoman", "chineseCounting", "decimalFullWidth", "none", "x"])
def test_lists_that_begin_at_zero_or_high_up_are_numbered(kind: str) -> None:
    for start in ("0", "32767"):
        part_of = numbering("0", start)["n"]
        related = {"n": (*part_of[:2], str(part_of[2]).replace('"decimal"', f'"{kind}"'))}
        assert lines(read(p(r("办"), properties=NUMBERED), related))[0].endswith("办")


@pytest.mark.parametrize("value", ["9" * 5000, "-1", "x", "²", "4294967296"])
def test_malformed_spans_do_no_harm(value: str) -> None:
    row = f'<w:trPr><w:gridBefore w:val="{value}"/></w:trPr>'
    table = f'<w:tbl><w:tr>{row}<w:tc><w:tcPr><w:gridSpan w:val="{value}"/></w:tcPr>{p(r("格"))}</w:tc></w:tr></w:tbl>'
    (only,) = read(table).tables[0].rows[0]
    assert (only.text, only.column, only.span) == ("格", 0, 1)


def test_styles_based_on_each_other_do_no_harm() -> None:
    assert lines(read(p(r("甲"), properties='<w:pStyle w:val="b1"/>'), STYLED)) == ["甲"]


def outcome(data: bytes) -> FilledDocument | UnreadableFile:
    try:
        return read_word(data)
    except UnreadableFile as error:
        return error


@pytest.mark.parametrize("kind", ["styles", "numbering", "comments", "footnotes", "header", "glossaryDocument"])
@pytest.mark.parametrize("content", ["", "<w:x", "<x/>", "\x00\xff", "<!DOCTYPE x><x/>"])
def test_a_damaged_part_makes_the_file_unreadable_or_is_passed_over(kind: str, content: str) -> None:
    data = word_file(p(r("字")), {"d": (kind, f"WORD.{kind}+xml", content)})
    read_or_refused = outcome(data)
    if isinstance(read_or_refused, UnreadableFile):
        assert read_or_refused.message.endswith(("损坏", "没有读取"))
        assert read_or_refused.hint.endswith("。")
    else:
        assert lines(read_or_refused) == ["字"]


def test_a_file_of_nothing_but_depth_is_unreadable() -> None:
    deep = "<w:sdt><w:sdtContent>" * 20_000
    with pytest.raises(UnreadableFile):
        read(deep + "</w:sdtContent></w:sdt>" * 20_000)


@pytest.mark.parametrize("error", [RecursionError, KeyError, TypeError, MemoryError])
def test_whatever_goes_wrong_the_file_is_unreadable(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("ledger_cli.read.office.word.remove_prompts", fail)
    read_or_refused = outcome(word_file(p(r("字"))))
    assert isinstance(read_or_refused, UnreadableFile)
    assert read_or_refused.message == "Word 文件的内容已经损坏"


def test_flipped_bytes_never_crash_the_reader() -> None:
    """Stored, not packed, so that the damage reaches the XML."""
    whole = word_file(
        p(r("办"), reference("1"), m("oMath", frac(mr("3"), mr("4"))), properties=NUMBERED)
        + cell_of(p(control(r("甲")))),
        {**numbering("0", "1"), **STYLED, **comments(("1", "甲", "批语"))},
    )
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    chance = random.Random(7)  # noqa: S311
    for _ in range(400):
        name = chance.choice(list(parts))
        at = chance.randrange(len(parts[name]))
        damaged = bytes([chance.randrange(256)])
        data = packed({**parts, name: parts[name][:at] + damaged + parts[name][at + 1 :]})
        read_or_refused = outcome(data)
        assert isinstance(read_or_refused, FilledDocument) or read_or_refused.hint.endswith("。")


# -- nothing is lost ----------------------------------------------------------------------------------


def everything(document: FilledDocument) -> str:
    texts = [c.text for table in document.tables for row in table.rows for c in row]
    losses = [loss.words for table in document.tables for row in table.rows for c in row for loss in c.losses]
    return "\n".join([*lines(document), *texts, *losses, *document.margin, *(loss.words for loss in document.losses)])


# Each makes content of two words, both of which have to be found again.
MAKERS: list[Callable[[str, str], str]] = [
    lambda one, two: r(one) + r(two, UP),
    lambda one, two: r(one) + r(two, DOWN),
    lambda one, two: r(one, font("Wingdings")) + r(two, UP),
    lambda one, two: drawing(f"<wps:wsp>{box(one)}</wps:wsp>{PICTURE.format(two)}"),
    lambda one, two: r(one) + f'<w:r><w:pict><v:shape><v:textpath string="{two}"/></v:shape></w:pict></w:r>',
    lambda one, two: alternative(drawing(f"<wps:wsp>{box(one + two)}</wps:wsp>"), "<w:r><w:pict/></w:r>"),
    lambda one, two: alternative("<w:r><w:future/></w:r>", r(one)) + r(two),
    lambda one, two: field(" PAGE ", r(one), end=False) + r(two),
    lambda one, two: field(" REF a ", None) + r(one) + field(" PAGE ", r(two)),
    lambda one, two: field(f"EQ \\f({one},{two})"),
    lambda one, two: field(f"EQ \\o({one},{two})"),
    lambda one, two: field(f"EQ \\f({one},{two}", None, end=False),
    lambda one, two: control(r("点击此处填写") + r(one)) + control(r(two)),
    lambda one, two: m("oMath", frac(mr(one), mr(two)), mr("x")),
    lambda one, two: m("oMath", m("bar", e(mr(one + two)), properties='<m:pos m:val="top"/>')),
]


def test_every_letter_typed_is_in_the_document_or_in_a_loss() -> None:
    """Letters that are each used once, in random runs, boxes, fields, equations and comments."""
    chance = random.Random(20240630)  # noqa: S311
    for _ in range(200):
        count = chance.randint(1, 12)
        alphabet = "".join(chr(0x4E00 + n) for n in range(6 * count))
        words = [alphabet[start : start + 2] for start in range(0, len(alphabet), 2)]
        runs = [chance.choice(MAKERS)(words.pop(), words.pop()) for _ in range(count)]
        notes = [(str(number), "甲", word) for number, word in enumerate(words)]
        runs += [reference(number) for number, _, _ in notes if chance.random() < 0.5]
        chance.shuffle(runs)
        cut = chance.randint(0, len(runs))
        body = p(*runs[:cut]) + cell_of(p(*runs[cut:]))
        missing = set(alphabet) - set(everything(read(body, comments(*notes))))
        assert not missing, body


# -- as the clerk meets it ----------------------------------------------------------------------------


def test_intake_writes_the_figures_and_tells_the_comments(bare: Path, ledger: Ledger) -> None:
    marks = [
        r("产值5×10") + r("3", UP) + r("万元，完成") + field(r"EQ \f(3,4)"),
        control(r("点击率提升到3万次")) + reference("1"),
        r("核实") + field(r"EQ \o(=,/)"),
    ]
    columns = ("具体落实情况", "存在问题", "工作打算")
    head = "".join(f"<w:tc>{p(r(name))}</w:tc>" for name in ("序号", *columns))
    row = "".join(f"<w:tc>{p(content)}</w:tc>" for content in (r("13"), *marks))
    body = f"<w:tbl><w:tr>{head}</w:tr><w:tr>{row}</w:tr></w:tbl>"
    Path("政府办公厅.docx").write_bytes(word_file(body, comments(("1", REVIEWER, "此数待核"))))
    result = ledger("intake", "政府办公厅.docx")
    assert "Traceback" not in result.err
    assert f"批注“{REVIEWER}：此数待核”" in result.out
    assert "公式“\\o(=,/)”" in result.out
    text = (bare / PERIOD / "zfbgt.yaml").read_text("utf-8")
    assert "产值5×10³万元，完成3/4" in text
    assert "点击率提升到3万次" in text
