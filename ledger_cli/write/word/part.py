"""One XML part of a Word template: taken apart into Jinja source, compiled once, rendered as a stream.

``{{ 名称 }}`` prints a value; ``{%p … %}``, ``{%tr … %}``, ``{%tc … %}`` and ``{%r … %}`` stand for the whole
paragraph, row, cell or run that holds them. Beyond docxtpl, ``{%vm 值 %}`` at the start of a cell merges it
with the cells below it as long as the value stays the same, ``{% cellbg 值 %}`` shades a cell with a colour of six
hexadecimal digits (docxtpl's tag), a value with line breaks becomes as many
paragraphs in the style of its own, and the rendered part is streamed instead of being parsed again.

Values are data: they are escaped, never markup and never a template. Templates run in Jinja's sandbox with
a short list of filters, and an unknown name is an error.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import Template, TemplateSyntaxError, Undefined
from lxml import etree
from markupsafe import Markup, escape

from ledger_cli.exits import CannotRun
from ledger_cli.write.word.markup import SPACE, TAG, around, gather, own_paragraph, span_of, to_xml, w, xml_text
from ledger_cli.write.word.once import PICTURE, drop_ids, drop_repeated_bookmarks
from ledger_cli.write.word.shown import is_clipped, is_hidden
from ledger_cli.write.word.template_fault import Tag, Unprintable, fault, run_reason, syntax_reason
from ledger_cli.write.word.template_grammar import (
    Environment,
    PrintBudget,
    check_size,
    expression_reason,
    statement_reason,
)
from ledger_cli.write.word.template_pairs import KEYWORD, check_pairs
from ledger_cli.write.word.template_table import LedgerFields, check_tables, tables_of

_HOLDER = {"tr": "tr", "tc": "tc", "p": "p", "r": "r"}
# Private-use characters that no template holds; they stand for tag n while the tree is turned into text.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_MARKER = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_LIVE = re.compile(rf"\{{(?=[{{%#{_OPEN}])")
_TAG_COUNT_LIMIT = 5_000
_ELEMENT_MARKER = re.compile(r'<ledger-tag n="(\d+)"\s*/>')


class Part:
    """A part, compiled; ``name`` is the template's, for messages. ``tables`` are its tables as they were edited.

    ``fields`` are what its tags call the columns of a ledger.
    ``hidden`` are the styles whose texts are not shown. Raises ``CannotRun`` where a tag is faulty or a table crooked.
    """

    def __init__(self, name: str, root: Any, fields: LedgerFields, hidden: frozenset[str] = frozenset()) -> None:
        self._name = name
        self._hidden = hidden
        self._answers = fields.answers
        self._environment = Environment()
        self._tags: list[Tag] = []
        self._code: dict[int, str] = {}
        self._joints: list[tuple[str, str]] = []
        # The source's lines are the tags: each tag's code begins with the only line break before the next.
        tree = etree.fromstring(etree.tostring(root))
        self.tables = tables_of(tree, fields)
        self._places = {cell.element: cell.place for table in self.tables for cell in table.cells}
        self._prepare(tree)
        self._order: list[int] = []
        source = self._source(tree)
        check_pairs(name, (self._tags[number] for number in self._order))
        self._template = self._compile(source)
        check_tables(name, self.tables)

    @property
    def has_tags(self) -> bool:
        """Whether the template's author wrote a tag in it; a comment is none."""
        return any(tag.text.startswith(("{{", "{%")) for tag in self._tags)

    @property
    def names_used(self) -> set[str]:
        """Every name that the tags mention."""
        return _names(self._tags)

    @property
    def names_printed(self) -> set[str]:
        """Every name that the tags print, apart from those that only conditions and loops mention."""
        return _names(tag for tag in self._tags if tag.text.startswith("{{"))

    # -- from the tree to source ------------------------------------------------------------------

    def _prepare(self, tree: Any) -> None:
        self._refuse_markers(tree)
        for stray in list(tree.iter(w("proofErr"), w("lastRenderedPageBreak"))):
            stray.getparent().remove(stray)
        drop_ids(tree)
        for named in tree.iter(w("tag"), w("alias")):
            self._attribute(named)
        for paragraph in list(tree.iter(w("p"))):
            self._paragraph(paragraph)
        drop_repeated_bookmarks(tree, self._loops)
        for picture in tree.iter(PICTURE):
            number = self._marked("{{\n _next_picture() }}").get("n")
            picture.set("id", f"{_OPEN}{number}{_CLOSE}")

    def _refuse_markers(self, tree: Any) -> None:
        """What stands for tags between the two steps must not come from outside."""
        xml = etree.tostring(tree, encoding="unicode")
        if _OPEN in xml or _CLOSE in xml or "ledger-tag" in xml:
            reason = f"模板“{self._name}”里有程序内部用的符号（U+E0F0、U+E0F1 或者 ledger-tag）"
            raise CannotRun(reason, "请在 Word 里删去这些符号，或者从随程序来的模板重新改起。")
        if xml.count("{{") + xml.count("{%") + xml.count("{#") > _TAG_COUNT_LIMIT:
            raise CannotRun(f"模板“{self._name}”里的记号太多，超过{_TAG_COUNT_LIMIT}个", "请删去多余的记号。")

    def _loops(self, element: Any) -> int:
        """How many more loops the tags in an element open than they close."""
        numbers = [element.get("n")] if element.tag == "ledger-tag" else _MARKER.findall(element.text or "")
        words = [match[1] for number in numbers if (match := KEYWORD.match(self._tags[int(number)].text))]
        return words.count("for") - words.count("endfor")

    def _attribute(self, named: Any) -> None:
        """Tags in the name of a content control, such as ``{{ 行.编号 }}|存在问题``."""
        value = named.get(w("val"), "")
        self._refuse_broken(value, "")
        for match in list(TAG.finditer(value)):
            if match.group().startswith("{{"):
                tag = Tag(match.group(), value)
                self._refuse(tag, expression_reason(self._environment, tag.text, match.group()[2:-2].strip()))
                code = "{{\n (" + match.group()[2:-2].strip() + ")|_name }}"
                marker = self._marked(code, tag)
                value = value.replace(match.group(), f"{_OPEN}{marker.get('n')}{_CLOSE}", 1)
        named.set(w("val"), value)

    def _paragraph(self, paragraph: Any) -> None:
        texts = [t for t in paragraph.iter(w("t")) if own_paragraph(t) is paragraph]
        whole = "".join(t.text or "" for t in texts)
        if "{" not in whole and "}" not in whole and "｛" not in whole:
            return
        place = self._place_of(paragraph)
        self._refuse_broken(whole, place)
        gather(texts)
        for text in texts:
            for match in list(TAG.finditer(text.text or "")):
                self._place(text, Tag(match.group(), whole, place), paragraph)

    def _place_of(self, paragraph: Any) -> str:
        """The cell that a paragraph stands in, in words; "" outside tables."""
        cell = next(paragraph.iterancestors(w("tc")), None)
        return self._places.get(cell, "") if cell is not None else ""

    def _refuse_broken(self, whole: str, place: str) -> None:
        rest = TAG.sub("", whole)
        for broken in ("｛｛", "｛%", "｛％", "{％", "｝｝", "{{", "{%", "}}", "%}", "{#"):
            if broken in rest:
                full_width = any(mark in broken for mark in "｛｝％")
                raise fault(self._name, Tag(broken, whole, place), "括号是全角的" if full_width else "括号没有成对")

    def _place(self, text: Any, tag: Tag, paragraph: Any) -> None:
        """Put tag ``tag`` of a text where it belongs: in the text, or in the stead of row, cell, paragraph or run."""
        number = len(self._tags)
        self._tags.append(tag)
        # A tag's code begins with the only line break of its source, and Word makes quotation marks curly.
        code = re.sub(r"\s", " ", tag.text).replace("“", '"').replace("”", '"').replace("‘", "'").replace("’", "'")
        kind = re.match(r"\{%-?\s*(tr|tc|p|r|vm|cellbg)\s+(.*?)-?%\}$", code, re.DOTALL)
        marker = f"{_OPEN}{number}{_CLOSE}"
        self._check_grammar(tag, code, kind)
        if code.startswith("{{"):
            if is_hidden(text, self._hidden):
                raise fault(self._name, tag, "它设成了隐藏文字，印出来看不见")
            if is_clipped(text) and any(column in code for column in self._answers):
                reason = "它所在的行是固定行高，长的文字印不全；在“表格属性”里把行高改成“最小值”"
                raise fault(self._name, tag, reason)
            self._code[number] = self._printed(code[2:-2], text, paragraph)
            text.text = (text.text or "").replace(tag.text, marker, 1)
            text.set(SPACE, "preserve")
        elif kind and kind[1] == "vm":
            self._merge_cell(number, kind[2].strip(), text, tag)
        elif kind and kind[1] == "cellbg":
            self._shade_cell(number, kind[2].strip(), text, tag)
        elif kind:
            holder = next((a for a in text.iterancestors() if a.tag == w(_HOLDER[kind[1]])), None)
            if holder is None or holder.getparent() is None:
                raise fault(self._name, tag, "它应当在表格里面")
            if "".join(t.text or "" for t in holder.iter(w("t"))).replace(tag.text, "", 1).strip():
                raise fault(self._name, tag, "它所在的整行（整段、整格）会被去掉，里面不能有别的文字")
            self._code[number] = "{%\n " + kind[2].strip() + " %}"
            holder.getparent().replace(holder, _element_marker(number))
        else:
            self._code[number] = code[:2] + "\n" + code[2:] if code.startswith("{%") else "{#\n#}"
            text.text = (text.text or "").replace(tag.text, marker, 1)

    def _check_grammar(self, tag: Tag, code: str, kind: re.Match[str] | None) -> None:
        """Refuse what no tag may say, before the template is put together."""
        if code.startswith("{{"):
            reason = expression_reason(self._environment, tag.text, code[2:-2].strip())
        elif kind and kind[1] in ("vm", "cellbg"):
            reason = expression_reason(self._environment, tag.text, kind[2].strip())
        elif code.startswith("{%"):
            statement = kind[2] if kind else code[2:-2].strip("-")
            reason = statement_reason(self._environment, tag.text, statement.strip())
        else:
            reason = ""
        self._refuse(tag, reason)

    def _refuse(self, tag: Tag, reason: str) -> None:
        if reason:
            raise fault(self._name, tag, reason)

    def _printed(self, expression: str, text: Any, paragraph: Any) -> str:
        """Code that prints a value; it knows the XML between two paragraphs of the value."""
        run = text.getparent()
        paragraph_style = to_xml(paragraph.find(w("pPr")))
        run_style = to_xml(run.find(w("rPr"))) if run.tag == w("r") else ""
        leave, enter = around(run)
        joint = f'</w:t></w:r>{leave}</w:p><w:p>{paragraph_style}{enter}<w:r>{run_style}<w:t xml:space="preserve">'
        tab = f'</w:t></w:r><w:r>{run_style}<w:tab/></w:r><w:r>{run_style}<w:t xml:space="preserve">'
        if (joint, tab) not in self._joints:
            self._joints.append((joint, tab))
        return "{{\n (" + expression.strip() + f")|_text({self._joints.index((joint, tab))}) }}}}"

    def _merge_cell(self, number: int, key: str, text: Any, tag: Tag) -> None:
        """Turn a cell with ``{%vm key %}`` into one that continues the cell above while the key is the same."""
        cell, properties = self._cell_of(text, tag)
        column = sum(span_of(left) for left in cell.itersiblings(w("tc"), preceding=True))
        for old in properties.findall(w("vMerge")):
            properties.remove(old)
        before = [properties.find(w(name)) for name in ("tcW", "gridSpan", "hMerge")]
        place = max((properties.index(e) + 1 for e in before if e is not None), default=0)
        self._code[number] = f'{{%\n if _starts({column}, {key}) %}}<w:vMerge w:val="restart"/>'
        properties.insert(place, _element_marker(number))
        properties.insert(place + 1, self._marked("{%\n else %}<w:vMerge/>{% endif %}", tag))
        # LibreOffice never breaks a row that has a cell with vertical text; the first cell's is enough.
        direction = properties.find(w("textDirection"))
        if direction is not None:
            code = f"{{%\n if _is_first({column}) %}}{_inert(to_xml(direction))}{{% endif %}}"
            properties.replace(direction, self._marked(code, tag))
        # The first of the merged cells holds the content; the others hold one empty paragraph.
        first = cell.find(w("p"))
        paragraph_style = _inert(to_xml(first.find(w("pPr")))) if first is not None else ""
        code = f"{{%\n if not _is_first({column}) %}}<w:p>{paragraph_style}</w:p>{{% else %}}"
        cell.insert(cell.index(properties) + 1, self._marked(code, tag))
        cell.append(self._marked("{%\n endif %}", tag))

    def _shade_cell(self, number: int, colour: str, text: Any, tag: Tag) -> None:
        """Give a cell with ``{% cellbg 值 %}`` the colour of the value; an empty value leaves it as it is."""
        _, properties = self._cell_of(text, tag)
        for old in properties.findall(w("shd")):
            properties.remove(old)
        earlier = ("tcW", "gridSpan", "hMerge", "vMerge", "tcBorders")
        places = [properties.index(e) + 1 for e in properties if e.tag in ("ledger-tag", *map(w, earlier))]
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{{{{ ({colour})|_colour }}}}"/>'
        self._code[number] = f"{{%\n if {colour} %}}{shade}{{% endif %}}"
        properties.insert(max(places, default=0), _element_marker(number))

    def _cell_of(self, text: Any, tag: Tag) -> tuple[Any, Any]:
        """The cell around a tag that speaks of the cell, and its properties; the tag is taken out of the text."""
        text.text = (text.text or "").replace(tag.text, "", 1)
        cell = next((a for a in text.iterancestors() if a.tag == w("tc")), None)
        if cell is None:
            raise fault(self._name, tag, "它应当在表格的单元格里")
        properties = cell.find(w("tcPr"))
        if properties is None:
            properties = etree.Element(w("tcPr"))
            cell.insert(0, properties)
        return cell, properties

    def _marked(self, code: str, tag: Tag = Tag("")) -> Any:  # noqa: B008 - a tag never changes
        """An element that stands for code which no tag of the template wrote itself."""
        self._tags.append(tag)
        self._code[len(self._tags) - 1] = code
        return _element_marker(len(self._tags) - 1)

    def _source(self, tree: Any) -> str:
        for table in tree.iter(w("tbl")):
            table.insert(0, self._marked("{%\n do _new_table() %}"))
        xml = etree.tostring(tree, encoding="unicode").replace("\n", " ")
        xml = _ELEMENT_MARKER.sub(lambda m: f"{_OPEN}{m[1]}{_CLOSE}", xml)
        self._order = [int(match[1]) for match in _MARKER.finditer(xml)]
        body = _MARKER.sub(lambda m: self._code[int(m[1])], _inert(xml))
        return "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>" + body

    def _tag_at(self, line: int) -> Tag:
        """The tag that begins on a line of the source; lines count from 1, the first holds no tag."""
        place = min(max(line - 2, 0), len(self._order) - 1)
        for number in reversed(self._order[: place + 1]):
            if self._tags[number].text:
                return self._tags[number]
        return Tag("")

    # -- from source to XML -----------------------------------------------------------------------

    def _compile(self, source: str) -> Template:
        environment = self._environment
        joints = self._joints

        def text(value: Any, joint: int) -> Markup:
            if isinstance(value, str):
                check_size(value, *joints[joint])
            elif not isinstance(value, int | float | Undefined | None):
                raise Unprintable
            return Markup(xml_text(value, *joints[joint]))  # noqa: S704 - xml_text escapes

        environment.filters |= {"_text": text, "_name": escape, "_colour": _colour}
        try:
            return environment.compiled(source)
        except TemplateSyntaxError as error:
            tag = self._tag_at(error.lineno)
            raise fault(self._name, tag, syntax_reason(tag.text)) from error

    def stream(self, context: Mapping[str, Any]) -> Iterator[str]:
        """The part's XML in pieces."""
        try:
            budget = PrintBudget(context)
            own = {**_merging(), "_next_picture": itertools.count(1).__next__, "_budget": budget}
            yield from budget.limited(self._name, self._template.generate({**context, **own}))
        except (CannotRun, GeneratorExit):
            raise
        except Exception as error:
            line = _template_line(error)
            if not line:
                raise
            tag = self._tag_at(line)
            raise fault(self._name, tag, run_reason(tag, error, context)) from error


def _inert(xml: str) -> str:
    """XML in which nothing reads as a tag: names and attributes of a stranger's template are no code."""
    return _LIVE.sub("&#123;", xml)


def _names(tags: Iterable[Tag]) -> set[str]:
    words = " ".join(re.sub(r"'[^']*'|\"[^\"]*\"", "", tag.text) for tag in tags)
    return set(re.findall(r"[^\W\d]\w*", words))


def _colour(value: Any) -> str:
    """A colour as six hexadecimal digits; anything else is no colour."""
    text = str(value).lstrip("#").upper()
    return text if re.fullmatch("[0-9A-F]{6}", text) else "auto"


def _merging() -> dict[str, Any]:
    """The functions behind {%vm%}: per grid column, the key of the row above and whether this row starts anew."""
    last: dict[int, Any] = {}
    first: dict[int, bool] = {}

    def new_table() -> None:
        last.clear()

    def starts(column: int, key: Any) -> bool:
        hash(key)  # an unknown name says so on the first row already
        first[column] = column not in last or last[column] != key
        last[column] = key
        return first[column]

    return {"_new_table": new_table, "_starts": starts, "_is_first": first.__getitem__}


def _template_line(error: BaseException) -> int:
    """The line of the template source at which an error arose; 0 where it arose elsewhere."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _element_marker(number: int) -> Any:
    return etree.Element("ledger-tag", n=str(number))
