"""Templates that strangers made: what they may not do is refused by name with exit 2, and nothing is written."""

import os
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.shared import Pt

from ledger_cli.write.word import part
from tests.conftest import Ledger, Result
from tests.packages import packed, unpacked
from tests.revisions import second_period
from tests.test_template_edits import PROBLEMS, refused, reworded, run

DOCUMENT = "word/document.xml"
_ENGLISH = re.compile(r"[A-Z][a-z]+Error|Traceback|expected|argument|undefined|invalid|Fault")


def told(result: Result) -> str:
    """The one Chinese line of a refusal."""
    assert result.code == 2, (result.code, result.err + result.out)
    (line,) = result.err.strip().splitlines()
    assert not _ENGLISH.search(line), line
    return line


# -- what tags may say ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ 'a'.ljust(2000000000) }}", "不能调用“ljust(……)”"),
        ("{{ 行.存在问题.zfill(2000000000) }}", "不能调用“zfill(……)”"),
        ("{{ '%2000000000d' % 1 }}", "不能用“%”"),
        ("{{ '{:>2000000000}'.format(1) }}", "不能调用“format(……)”"),
        ("{{ '\\t'.expandtabs(2000000000) }}", "不能调用“expandtabs(……)”"),
        ("{{ 'a' * 2000000000 }}", "只用于数字"),
        ("{{ 行.存在问题 * 2000000000 }}", "只用于不太大的数字"),
        ("{{ [0] * 2000000000 }}", "只用于不太大的数字"),
        ("{{ 行.存在问题 ~ 行.存在问题 }}", "不能用“~”"),
        ("{{ 9 ** 9 ** 9 }}", "不能用“**”"),
        ("{{ 999999999 * 999999999 * 999999999 * 9 }}", "只用于不太大的数字"),
        ("{% for 甲 in range(2000000000) %}{% endfor %}", "不能调用“range(……)”"),
        ("{{ 1.5|round(1000000000, 'ceil') }}", "只用于不太大的数字"),
        ("{%+ set 甲 = 1 %}", "可以用 if、for、else、endif、endfor"),
        ("{% include 'x' %}", "不认识“include”"),
        ("{% macro 甲() %}{% endmacro %}", "不认识“macro”"),
        ("{% for 甲 in 表格 recursive %}{% endfor %}", "写法不对"),
        ("{% else 甲 %}", "else 后面不能再写别的"),
        ("{{ _next_picture() }}", "不能用下划线开头的名称“_next_picture”"),
        ("{{ 行 ) | upper, ( 行 }}", "括号没有成对"),
        ("{{ 行.存在问题|join(*表格) }}", "不能用“*”"),
        ("{{ 行 }}", "不是文字，是一组内容"),
        ("{{ 行.items }}", "不是文字，是一组内容"),
        ("{{ " + "(" * 200 + "1" + ")" * 200 + " }}", "括号套了12层以上"),
        ("{{ " + "not " * 240 + "1 }}", "写得太复杂"),
        ("{{ 行" + ".甲" * 400 + " }}", "写得太复杂"),
        ("{{ " + "9" * 900 + " }}", "数字太长，最多15位"),
        ("{{ " + "9" * 3900 + " }}", "太长，最多1000个字"),
        ("{{ " + "9" * 5000 + " }}", "括号没有成对"),
        ("{{ '" + "字" * 1100 + "' }}", "太长，最多1000个字"),
        ("{{ '\\x00' }}", "控制字符"),
        ("{{ '\\ud800' }}", "控制字符"),
        ("{{ 行.存在问题\x90 }}", "写法不对"),
        ("{% if 1 %}" * 13 + "{% endif %}" * 13, "套了12层以上"),
    ],
    ids=lambda value: value[:24],
)
def test_a_tag_that_would_do_more_than_print_is_refused(sample: Path, ledger: Ledger, tag: str, said: str) -> None:
    line = refused(run(sample, ledger, reworded(PROBLEMS, tag)))
    assert said in line
    assert "里第6行“存在问题”那一格的“" in line


@pytest.mark.parametrize(
    "tag",
    [
        "{{ 行.存在问题 }}{% if loop.first and not loop.last %}{% elif 行.单位 in ('甲', '乙') %}{% endif %}",
        "{{ 行['存在问题'] }}{{ loop.index + 1 - 1 }}",
        "{{ loop.cycle('甲', '乙') }}{{ 行.存在问题 }}",
        "{{ 行.存在问题 | trim | default('无') }}{# 说明 #}",
        "{{ 行.没有的 | default('无') }}：{{ 行.存在问题 }}",
        "{{ [行.存在问题, 行.存在问题 | length] | first | upper | lower }}",
        "{{{ 行.编号 }}：{{ 行.存在问题 }}".replace("{{{", "{ {{"),
        "{{ (行.编号 * 100 / 37) | round(1) }}：{{ 行.存在问题 }}{{ '' if 行.编号 is defined else '' }}",
    ],
)
def test_what_is_documented_and_its_like_still_work(sample: Path, ledger: Ledger, tag: str) -> None:
    result = run(sample, ledger, reworded(PROBLEMS, tag), "--task", "13")
    assert result.code in (0, 2), result.err
    assert "有误" not in result.err
    assert "写法" not in result.err


def nested(depth: int, inner: str) -> str:
    """A tag text whose loops repeat each other."""
    loops = "".join(f"{{% for 甲{n} in 表格[0].行 %}}" for n in range(depth))
    return loops + inner + "{% endfor %}" * depth


@pytest.mark.slow
@pytest.mark.parametrize(
    "tag",
    [
        nested(8, ""),
        nested(2, "字" * 900),
        nested(3, "{{ 甲0.存在问题 }}"),
        "{{ " + " | ".join(["行.存在问题", *["replace('', 行.具体落实情况)"] * 5]) + " }}",
        "{{ 行.具体落实情况" + "|join('，')" * 30 + " }}",
    ],
    ids=["steps", "loops of text", "loops of values", "replacements", "joints"],
)
def test_what_is_out_of_all_proportion_is_stopped(sample: Path, ledger: Ledger, tag: str) -> None:
    tracemalloc.start()
    line = refused(run(sample, ledger, reworded(PROBLEMS, tag)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "内容太多，已经停下" in line
    assert peak < 150_000_000


def test_a_text_longer_than_others_can_read_is_not_written(sample: Path, ledger: Ledger) -> None:
    path = sample / "templates/ledger.docx"
    document = Document(str(path))
    document.paragraphs[0].add_run(
        "{% for 甲 in 任务表 %}{% for 乙 in 任务表 %}" + "字" * 1_700 + "{% endfor %}{% endfor %}"
    )
    document.save(str(path))
    line = told(ledger("report", "-o", "x.docx"))
    assert "生成的内容太多" in line


@pytest.mark.parametrize("where", ["w:r", "w:tr"])
@pytest.mark.parametrize(("value", "hidden"), [(None, True), ("1", True), ("0", False)])
def test_a_tag_in_hidden_text_is_refused(
    sample: Path, ledger: Ledger, where: str, value: str | None, hidden: bool
) -> None:
    def hide(document: Any) -> None:
        text = next(t for t in document.element.body.iter(qn("w:t")) if PROBLEMS in (t.text or ""))
        holder = next(text.iterancestors(qn(where)))
        properties = holder.find(qn(f"{where}Pr"))
        if properties is None:
            properties = holder.makeelement(qn(f"{where}Pr"), {})
            holder.insert(0, properties)
        attributes = {} if value is None else {qn("w:val"): value}
        properties.append(properties.makeelement(qn("w:vanish" if where == "w:r" else "w:hidden"), attributes))

    result = run(sample, ledger, hide)
    if hidden:
        assert "它设成了隐藏文字，印出来看不见" in told(result)
    else:
        assert result.code == 0


def test_a_tag_in_a_hidden_style_is_refused(sample: Path, ledger: Ledger) -> None:
    def hide(document: Any) -> None:
        text = next(t for t in document.element.body.iter(qn("w:t")) if PROBLEMS in (t.text or ""))
        paragraph = next(text.iterancestors(qn("w:p")))
        name = paragraph.find(qn("w:pPr")).find(qn("w:pStyle")).get(qn("w:val"))
        style = next(s for s in document.styles if s.style_id == name)
        style.font.hidden = True

    assert "它设成了隐藏文字" in told(run(sample, ledger, hide))


def test_a_row_too_low_for_its_text_is_refused(sample: Path, ledger: Ledger) -> None:
    def lower(document: Any) -> None:
        row = next(row for table in document.tables for row in table.rows if PROBLEMS in row.cells[-2].text)
        row.height, row.height_rule = Pt(20), WD_ROW_HEIGHT_RULE.EXACTLY

    assert "它所在的行是固定行高，长的文字印不全" in told(run(sample, ledger, lower))


def test_a_name_or_attribute_that_reads_as_a_tag_is_no_code(sample: Path, ledger: Ledger) -> None:
    def edit(document: Any) -> None:
        mark = document.element.body.makeelement(qn("w:bookmarkStart"), {qn("w:id"): "7", qn("w:name"): "{{ 1/0 }}"})
        end = document.element.body.makeelement(qn("w:bookmarkEnd"), {qn("w:id"): "7"})
        document.paragraphs[0]._p.append(mark)
        document.paragraphs[0]._p.append(end)

    result = run(sample, ledger, edit)
    assert result.code == 0, result.err
    assert b"1/0" in unpacked(Path("out.docx").read_bytes())[DOCUMENT]


def test_a_symbol_that_the_program_uses_itself_is_refused(sample: Path, ledger: Ledger) -> None:
    assert "程序内部用的符号" in refused(run(sample, ledger, reworded("存在问题", "\ue0f03\ue0f1")))


# -- what a template's file may hold ----------------------------------------------------------------

TEMPLATE = Path("templates/本厅.docx")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
Change = Callable[[dict[str, bytes]], None]


def with_parts(root: Path, ledger: Ledger, change: Change, name: str = "ledger") -> Result:
    """A report with a template of which the parts were changed."""
    parts = unpacked((root / f"templates/{name}.docx").read_bytes())
    change(parts)
    TEMPLATE.write_bytes(packed(parts))
    return ledger("report", "--template", "本厅", "-o", "out.docx")


def related(kind: str, target: str, *, external: bool = True, of: str = RELATIONS) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        mode = ' TargetMode="External"' if external else ""
        relation = f'<Relationship Id="x1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        parts[of] = parts.get(of, empty).replace(b"</Relationships>", relation.encode())
        if not external:
            parts[f"word/{target}"] = b"x"
            parts[TYPES] = parts[TYPES].replace(b"</Types>", b'<Default Extension="bin" ContentType="x/x"/></Types>')

    return change


def replaced(part: str, before: str, after: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        assert before.encode() in parts[part]
        parts[part] = parts[part].replace(before.encode(), after.encode(), 1)

    return change


def without_tags(parts: dict[str, bytes]) -> None:
    parts[DOCUMENT] = re.sub(rb"\{[{%].*?[}%]\}", b"", parts[DOCUMENT])


def tags_in_the_footer_only(parts: dict[str, bytes]) -> None:
    without_tags(parts)
    footer = next(name for name in parts if "footer" in name and name.endswith(".xml"))
    parts[footer] = parts[footer].replace(b"</w:p>", "<w:r><w:t>{{ 台账.名称 }}</w:t></w:r></w:p>".encode(), 1)


def moved_main(parts: dict[str, bytes]) -> None:
    for name in (DOCUMENT, RELATIONS):
        parts[name.replace("document", "text")] = parts.pop(name)
    for name in (TYPES, "_rels/.rels"):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/text.xml")


def footnote(parts: dict[str, bytes]) -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = f'<w:footnotes xmlns:w="{w}"><w:p><w:r><w:t>{{{{ 台账.名称 }}}}</w:t></w:r></w:p></w:footnotes>'
    parts["word/footnotes.xml"] = note.encode()


def field(instruction: str) -> Change:
    pieces = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in instruction)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return replaced(DOCUMENT, "</w:pPr>", f"</w:pPr>{begin}{pieces}{end}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replaced(TYPES, "openxmlformats-officedocument.wordprocessingml.document.main+xml",
                  "ms-word.document.macroEnabled.main+xml"), "带有宏，没有使用"),
        (related("vbaProject", "vbaProject.bin", external=False), "带有宏"),
        (related("vbaProject", "other.bin", external=False), "带有宏"),
        (related("attachedTemplate", "http://bad.example/x.dotm", of="word/_rels/settings.xml.rels"),
         "附加了别的模板“http://bad.example/x.dotm”"),
        (related("image", "http://bad.example/x.png"), "链接了外面的图片“http://bad.example/x.png”"),
        (related("oleObject", "file://server/x.xlsx"), "链接了外面的对象“file://server/x.xlsx”"),
        (related("frame", "http://bad.example/"), "引用了外面的文件“http://bad.example/”"),
        (related("aFChunk", "chunk.bin", external=False), "包含另一个文件（altChunk）"),
        (related("control", "control.bin", external=False), "带有 ActiveX 控件"),
        (field("DDEAUTO c:\\\\x"), "取外面内容的域“DDEAUTO”"),
        (field(" INCLUDETEXT x"), "取外面内容的域“INCLUDETEXT”"),
        (without_tags, "这个模板里没有一个记号"),
        (tags_in_the_footer_only, "正文里没有一个记号，只有页眉、页脚里有"),
        (footnote, "脚注里有记号“{{ 台账.名称 }}”，那里的记号不会填写"),
        (moved_main, "结构不是 Word 普通文档"),
        (replaced(TYPES, "document.main+xml", "template.main+xml"), "结构不是 Word 普通文档"),
        (replaced(TYPES, "document.main+xml", "styles+xml"), "结构不是 Word 普通文档"),
        (replaced(TYPES, "styles+xml", "footer+xml"), "不合 Word 格式"),
        (replaced(DOCUMENT, "<w:document", '<!DOCTYPE x [<!ENTITY a "b">]><w:document'), "声明了外部内容"),
        (replaced(DOCUMENT, "{{ 行.存在问题 }}", "{{ 行.\x00存在问题 }}"), "内容已经损坏"),
        (replaced(DOCUMENT, "{{ 行.存在问题 }}", "{{ 行.&#1;存在问题 }}"), "内容已经损坏"),
        (lambda parts: parts.pop("word/styles.xml"), "缺少它要用的部分“word/styles.xml”"),
        (lambda parts: parts.pop(TYPES), "内容已经损坏"),
        (lambda parts: parts.pop(DOCUMENT), "结构不是 Word 普通文档"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_plain_template_is_refused_by_name(
    sample: Path, ledger: Ledger, change: Change, said: str
) -> None:
    line = told(with_parts(sample, ledger, change))
    assert "模板“本厅.docx”" in line
    assert said in line
    assert not Path("out.docx").exists()


def test_a_link_to_a_page_is_no_fault(sample: Path, ledger: Ledger) -> None:
    assert with_parts(sample, ledger, related("hyperlink", "https://www.example.com/")).code == 0


def crossed_footer(parts: dict[str, bytes]) -> None:
    """A condition that begins in one kind of element and ends in another."""
    footer = next(name for name in parts if "footer" in name and name.endswith(".xml"))
    first, second = (f"<w:r><w:t>{{% {tag} %}}</w:t></w:r>" for tag in ("if not 台账.标题", "endif"))
    added = f"<w:p>{first}</w:p><w:p><w:hyperlink>{second}</w:hyperlink></w:p></w:ftr>"
    parts[footer] = parts[footer].replace(b"</w:ftr>", added.encode())


def test_a_footer_that_word_would_repair_is_told(sample: Path, ledger: Ledger) -> None:
    line = told(with_parts(sample, ledger, crossed_footer))
    assert "用模板“本厅.docx”印不出完整的页眉、页脚" in line
    assert not Path("out.docx").exists()


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_template_cut_short_is_told(sample: Path, ledger: Ledger, share: float) -> None:
    data = Path("templates/ledger.docx").read_bytes()
    TEMPLATE.write_bytes(data[: int(len(data) * share)])
    assert "文件已经损坏" in told(ledger("report", "--template", "本厅", "-o", "out.docx"))


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(40 * 1024 * 1024)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
@pytest.mark.parametrize(
    ("make", "said"), [(pipe, "不是普通文件"), (device, "不是普通文件"), (Path.mkdir, "不是普通文件"), (huge, "太大")]
)
def test_what_is_no_file_of_usual_size_is_not_read(
    sample: Path, ledger: Ledger, make: Callable[[Path], None], said: str
) -> None:
    make(TEMPLATE)
    assert said in told(ledger("report", "--template", "本厅", "-o", "out.docx"))


# -- the other documents ----------------------------------------------------------------------------

EXTRA_STYLE = "说明"


def without_style(document: Any) -> None:
    """The paragraphs in the style take the usual one, as when somebody formats the page anew."""
    for paragraph in document.paragraphs:
        if paragraph.style.name == EXTRA_STYLE:
            paragraph.style = document.styles["Normal"]
    style = document.styles[EXTRA_STYLE].element
    style.getparent().remove(style)


def text_changed(before: str, after: str) -> Callable[[Any], None]:
    def edit(document: Any) -> None:
        texts = [text for text in document.element.body.iter(qn("w:t")) if text.text and before in text.text]
        assert texts
        for text in texts:
            text.text = text.text.replace(before, after)

    return edit


def without_controls(document: Any) -> None:
    for mark in list(document.element.body.iter(qn("w:tag"))):
        mark.getparent().remove(mark)


FORM = ["form", "zfbgt", "-o", "x.docx"]
RETURN = ["return", "zfbgt", "--task", "13", "--reason", "请补充", "-o", "x.docx"]
REMIND = ["remind", "--docx", "-o", "x.docx"]
DIFF = ["diff", "2024H2", "-o", "x.docx"]


@pytest.mark.parametrize(
    ("command", "name", "edit", "said"),
    [
        (RETURN, "form", without_style, "没有样式是“说明”的段落"),
        (RETURN, "form", without_controls, "没有第13项"),
        (RETURN, "form", text_changed("{{ 行.举措 }}", "任务"), "没有“举措”"),
        (FORM, "form", text_changed("{{ 行.存在问题 }}", ""), "没有“存在问题”"),
        (FORM, "form", text_changed("{{ 行.举措 }}", "{{ 行.举措|upper|first }}"), "缺少“"),
        (FORM, "form", text_changed("{%p if 行.存在问题 %}", "{{ 行.存在问题"), "括号没有成对"),
        (REMIND, "notice", text_changed("{{ 部分.内容 }}", "{{ 部分.内容|first }}"), "缺少“"),
        (DIFF, "changes", text_changed("{{ 字.文 }}", "{{ 字.类 }}"), "缺少第 1 行的文字"),
    ],
)
def test_an_edit_that_loses_something_is_blamed_on_the_template(
    sample: Path, ledger: Ledger, command: list[str], name: str, edit: Callable[[Any], None], said: str
) -> None:
    if command is DIFF:
        second_period(sample)
    path = sample / f"templates/{name}.docx"
    document = Document(str(path))
    edit(document)
    document.save(str(path))
    line = told(ledger(*command))
    assert f"模板“{name}.docx”" in line
    assert said in line
    assert not Path("x.docx").exists()


def test_a_fault_of_the_program_is_not_blamed_on_an_edited_form(
    sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sample / "templates/form.docx"
    document = Document(str(path))
    text_changed("任务举措", "工作任务")(document)
    document.save(str(path))
    assert ledger(*FORM).code == 0
    monkeypatch.setattr(part, "xml_text", lambda value, *_: "" if "印发" in str(value) else str(value))
    assert ledger(*FORM, "--prefill", "--force").code == 3
