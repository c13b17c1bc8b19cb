"""Templates edited by somebody who knows neither Word's markup nor the tags."""

import random
import re
from pathlib import Path

from docx import Document

from ledger_cli.intake.net import essence
from tests.conftest import answer, office_submission
from tests.fuzz.trial import Case, Reader
from tests.packages import packed, unpacked

_PIECES = (
    *"{}%#|.,:()[]'\"“”｛｝％｜_-+*/~=<>0 \n\t\v", "{{", "}}", "{%", "%}", "{#", "#}", "{%tr ", "{%p ", "{%tc ", "{%r ",
    "{%vm ", "{% cellbg ", " if ", " for ", " in ", " else ", " elif ", " endif ", " endfor ", " set ", " do ", " not ",
    " is ", "|upper", "|join('、')", "|replace('', '甲')", "|first", "|length", "|int", "|round(2)", "|default('无')",
    "行", "表格", "任务", "loop", ".存在问题", "[0]", "__class__", "&amp;", "&lt;", "9" * 40, "(" * 40, "\ue0f0", "𠮷",
)  # fmt: skip
_COMMANDS = {
    "ledger": ("report", "--template", "ledger", "-o", "build/out.docx"),
    "compact": ("report", "--template", "compact", "-o", "build/out.docx"),
    "unit": ("report", "--unit", "zfbgt", "-o", "build/out.docx"),
    "brief": ("report", "--template", "brief", "-o", "build/out.docx"),
    "form": ("form", "zfbgt", "-o", "build/out.docx"),
    "notice": ("remind", "--docx", "--unit", "zfbgt", "-o", "build/out"),
}
_ELEMENTS = re.compile(
    r"<(/?)w:(?:tc|tr|tbl|p|r|t|tcPr|pPr|rPr|tblGrid|gridSpan|trPr|sdt|sdtPr|sdtContent|tag)\b[^>]*>"
)


def _reworded_tag(xml: str, chance: random.Random) -> str:
    """One tag with a piece put in, taken out or doubled."""
    found = chance.choice(list(re.finditer(r"\{[{%].*?[}%]\}", xml)))
    tag, at = found[0], chance.randrange(len(found[0]) + 1)
    until = min(len(tag), at + chance.randrange(4))
    new = chance.choice(
        (
            tag[:at] + chance.choice(_PIECES) + tag[at:],
            tag[:at] + tag[until:],
            tag + tag,
            tag[:at] + tag[at:until] + tag[at:],
        )
    )
    new = new.replace("\v", "&#11;")
    return xml[: found.start()] + new + xml[found.end() :]


def _other_element(xml: str, chance: random.Random) -> str:
    """One element of tables and texts taken out with its content, emptied of attributes, doubled or cut open."""
    found = chance.choice(list(_ELEMENTS.finditer(xml)))
    kind = re.match(r"</?w:(\w+)", found[0])
    assert kind is not None
    whole = re.compile(rf"<w:{kind[1]}\b[^>]*?(?:/>|>.*?</w:{kind[1]}>)", re.DOTALL).search(xml, found.start())
    if whole is None or chance.random() < 0.1:
        return xml[: found.start()] + xml[found.end() :]
    bare = re.sub(r'="[^"]*"', lambda match: chance.choice(('=""', '="abc"', match[0])), whole[0], count=1)
    new = chance.choice(("", whole[0] * 2, bare))
    return xml[: whole.start()] + new + xml[whole.end() :]


def _damaged(chance: random.Random) -> Case:
    name = chance.choice(list(_COMMANDS))
    place = f"templates/{name}.docx"
    parts = unpacked(Path(place).read_bytes())
    xml = parts["word/document.xml"].decode()
    for _ in range(chance.randint(1, 3)):
        xml = chance.choice((_reworded_tag, _reworded_tag, _other_element))(xml, chance)
    parts["word/document.xml"] = xml.encode("utf-8", "replace")
    return Case(place, packed(parts), (_COMMANDS[name],), _TEXTS if name in _LEDGERS else ())


_TEXTS = ("甲类文书已经评查三百件", "乙类问题整改完毕", "丙类打算下半年推开")
_LEDGERS = ("ledger", "compact", "unit")
"""Templates that print every answer."""
_NAMED = "文档里没有这些内容"
"""Said of columns that a template does not print at all."""


def _prepare() -> None:
    answers = {13: answer(*_TEXTS)}
    Path("submissions/2024H1/zfbgt.yaml").write_text(office_submission(tasks=answers), "utf-8")


def _lost(case: Case, printed: str) -> list[str]:
    """Texts of the answers that a document which was made does not hold; each must open, too."""
    made = Path("build/out.docx")
    if not made.exists():
        return []
    there = essence(
        "\n".join(cell.text for table in Document(str(made)).tables for row in table.rows for cell in row.cells)
    )
    return [text for text in case.texts if essence(text) not in there and _NAMED not in printed]


READERS = (Reader("template", _prepare, _damaged, _lost),)
