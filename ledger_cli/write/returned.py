"""A unit's form sent back for correction: its own texts, Word comments on the cells in question, a list in front."""

import io
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt
from docx.text.run import Run

from ledger_cli.exits import ToolFault
from ledger_cli.model.catalog import Period
from ledger_cli.model.column import Shape
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.form import RETURNED, REVIEWER, Origin
from ledger_cli.write.form import write_form
from ledger_cli.write.word.markup import SPACE, w
from ledger_cli.write.word.render import write_package

_NOTE_STYLE = "说明"
# The ids that python-docx writes into comments, and what Word calls the styles behind them.
_COMMENT_STYLES = {
    "CommentText": ("annotation text", WD_STYLE_TYPE.PARAGRAPH),
    "CommentReference": ("annotation reference", WD_STYLE_TYPE.CHARACTER),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be corrected: a task's column (None: the whole submission), and why."""

    task: TaskNumber | None
    column: str
    words: str


def write_returned(
    template: Path,
    context: dict[str, Any],
    path: Path,
    origin: Origin,
    period: Period,
    remarks: Sequence[Remark],
    *,
    shape: Shape,
    shipped: Path | None = None,
) -> None:
    """The form with its remarks as a Word document; where a remark finds no place, raises as ``write_form`` does."""
    write_form(
        template,
        context,
        path,
        origin,
        period,
        lambda form: _remark(form, period, remarks),
        shape=shape,
        shipped=shipped,
    )


def _remark(path: Path, period: Period, remarks: Sequence[Remark]) -> None:
    """Put the remarks into a form; raises ``ToolFault`` where one finds no place."""
    document = Document(io.BytesIO(path.read_bytes()))
    body = document.element.body
    cells = {tag: control for control in body.iter(w("sdt")) if (tag := _tag(control))}
    placed = [remark for remark in remarks if remark.task is not None]
    for remark in placed:
        control = cells.get(f"{remark.task}|{remark.column}")
        if control is None or next(control.iter(w("r")), None) is None:
            raise ToolFault(f"退回表里没有第{remark.task}项“{remark.column}”这一格")
        comment = document.add_comment(_runs(document, control), text=remark.words, author=REVIEWER, initials="审")
        # The moment of writing would make equal inputs give unequal files.
        moment = datetime(period.due.year, period.due.month, period.due.day, tzinfo=UTC)
        comment._comment_elm.set(w("date"), moment.strftime("%Y-%m-%dT%H:%M:%SZ"))  # noqa: SLF001
    if placed:
        _define_comment_styles(document)
    _front_page(document, remarks)
    buffer = io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        write_package({name: package.read(name) for name in package.namelist()}, path)


def _tag(control: Any) -> str | None:
    found = control.find(f"{w('sdtPr')}/{w('tag')}")
    return found.get(w("val")) if found is not None else None


def _runs(document: Any, control: Any) -> list[Run]:
    """The first and last run of a control, between which the comment stands."""
    runs = [Run(element, document._body) for element in control.iter(w("r"))]  # noqa: SLF001
    return [runs[0], runs[-1]]


def _define_comment_styles(document: Any) -> None:
    """Give the document the styles its comments are written in; python-docx only names them.

    A template that was saved with comments has them already, in Chinese Word under ids of its own.
    """
    known = {style.name: style.style_id for style in document.styles}
    ids = {
        id_: id_ if id_ in known.values() else known.get(name) or _add_style(document, id_, name, kind)
        for id_, (name, kind) in _COMMENT_STYLES.items()
    }
    for root in (document.element.body, document.part._comments_part.element):  # noqa: SLF001
        for named in root.iter(w("pStyle"), w("rStyle")):
            if (id_ := named.get(w("val"))) in ids:
                named.set(w("val"), ids[id_])


def _add_style(document: Any, id_: str, name: str, kind: WD_STYLE_TYPE) -> str:
    """Define a built-in style as Word does: comments in the default text, their marks at 10.5 points."""
    style = document.styles.add_style(name, kind, builtin=True)
    style.element.set(w("styleId"), id_)
    style.priority, style.unhide_when_used = 99, True
    if kind is WD_STYLE_TYPE.PARAGRAPH:
        style.base_style = document.styles.default(kind)
    else:
        style.hidden, style.font.size = True, Pt(10.5)
    return id_


def _front_page(document: Any, remarks: Sequence[Remark]) -> None:
    """The list of remarks before everything else; the form begins on a new page."""
    first = document.element.body[0]
    note = next((p for p in document.paragraphs if p.style is not None and p.style.name == _NOTE_STYLE), None)
    if note is None:
        raise ToolFault(f"填报表里没有样式是“{_NOTE_STYLE}”的段落，退回的理由没有地方写")
    for number, remark in enumerate(remarks, 1):
        place = f"第{remark.task}项“{remark.column}”" if remark.task is not None else "整份报送"
        first.addprevious(_line(note, f"{RETURNED}{number}. {place}：{remark.words}"))
    first.addprevious(_line(note, f"{RETURNED}请逐条修改后，把这个文件发回；有批注的格子就是要改的地方。"))
    document.paragraphs[len(remarks) + 1].paragraph_format.page_break_before = True


def _line(model: Any, text: str) -> Any:
    """A paragraph in the style of another."""
    element = deepcopy(model._p)  # noqa: SLF001
    for child in list(element):
        if child.tag != w("pPr"):
            element.remove(child)
    run = element.makeelement(w("r"), {})
    words = run.makeelement(w("t"), {SPACE: "preserve"})
    words.text = text
    run.append(words)
    element.append(run)
    return element
