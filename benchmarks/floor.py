"""Bare programs that do the least a command must do; the times of the real ones are told as multiples of theirs.

In: a workspace of generate.py; for ``zip`` and ``docxtpl`` with build/ledger.json, which ``ledger merge -o`` wrote.
Out: ``validate`` says how many answers it read; ``zip`` and ``docxtpl`` write a Word document with the seven-column
table and print the seconds of that step alone, without the reading of the JSON, as a line ``render 0.123``.

    python benchmarks/floor.py DIR validate
    python benchmarks/floor.py DIR zip|docxtpl -o FILE

Nothing here is imported from ledger_cli, and each program imports only what it uses.
"""

import argparse
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HEADINGS = ("", "任务举措", "责任单位", "完成时限", "具体落实情况", "存在问题", "工作打算")
MERGED = 4
"""Columns that a task's rows share: section, task, units and deadline."""

Row = tuple[bool, tuple[str, ...]]
"""Whether a task begins here, and the seven cells; those that the task's rows share are empty further down."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Run one of the bare programs that commands are compared with.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("program", choices=("validate", "zip", "docxtpl"))
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.program == "validate":
        print(f"{read_all(options.folder)} answers")
        return
    if options.output is None:
        parser.error(f"{options.program} needs -o FILE")
    data = json.loads((options.folder / "build/ledger.json").read_text("utf-8"))
    render = write_zip if options.program == "zip" else docxtpl_renderer()
    start = time.perf_counter()
    rows = render(data, options.output)
    print(f"render {time.perf_counter() - start:.4f}")
    print(f"{rows} rows")


# -- P: one compose, one walk, one model ----------------------------------------------------------


def read_all(folder: Path) -> int:
    """Read every submission through libyaml into data, places and a model; the number of answers."""
    import yaml
    from pydantic import BaseModel, Field, TypeAdapter

    class Answer(BaseModel):
        progress: str | None = Field(default=None, alias="具体落实情况")
        problems: str | None = Field(default=None, alias="存在问题")
        plans: str | None = Field(default=None, alias="工作打算")
        not_applicable: str | None = Field(default=None, alias="不涉及")
        met: dict[str, str] = Field(default_factory=dict, alias="完成")
        figures: dict[str, str] = Field(default_factory=dict, alias="指标")
        evidence: list[str] = Field(default_factory=list, alias="佐证")

    class Submission(BaseModel):
        unit: str = Field(alias="单位")
        period: str = Field(alias="报送期")
        filed_on: str | None = Field(default=None, alias="填报日期")
        answers: dict[str, Answer] = Field(alias="任务")

    def walk(node: Any) -> tuple[Any, Any]:
        """A node as data, and the place of each of its values in the same shape."""
        if isinstance(node, yaml.ScalarNode):
            return node.value, node.start_mark
        if isinstance(node, yaml.SequenceNode):
            both = [walk(item) for item in node.value]
            return [data for data, _ in both], [place for _, place in both]
        data: dict[str, Any] = {}
        places: dict[str, Any] = {}
        for key, value in node.value:
            data[key.value], places[key.value] = walk(value)
        return data, places

    model = TypeAdapter(Submission)
    answers = 0
    for path in sorted((folder / "submissions").rglob("*.yaml")):
        data, _ = walk(yaml.compose(path.read_bytes(), Loader=yaml.CBaseLoader))
        answers += len(model.validate_python(data).answers)
    return answers


# -- the rows of the table ------------------------------------------------------------------------


def rows_of(ledger: dict[str, Any]) -> Iterator[Row]:
    """The rows of the seven-column table, one an answer."""
    section = ""
    for task in ledger["tasks"]:
        title = task["section"] if task["section"] != section else ""
        section = task["section"]
        head = (title, f"{task['task']}.{task['text']}", task["units"], task["deadline"])
        for place, answer in enumerate(task["answers"]):
            done = f"{answer['unit']}：{answer['progress'] or '不涉及：' + (answer['not_applicable'] or '')}"
            cells = ("\n".join((done, *extras(answer))), answer["problems"] or "", answer["plans"] or "")
            yield (not place, (*(head if not place else ("",) * MERGED), *cells))


def extras(answer: dict[str, Any]) -> Iterator[str]:
    """A line each for completion dates, figures and evidence, where there are any."""
    for name in ("met", "figures"):
        if answer[name]:
            yield "；".join(f"{item}（{value}）" for item, value in answer[name].items())
    if answer["evidence"]:
        yield "佐证：" + "；".join(answer["evidence"])


# -- S: the rows as strings, straight into the zip ------------------------------------------------

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OPEN_XML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OPEN_XML}.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
}
_JOINT = '</w:t></w:r></w:p><w:p><w:r><w:t xml:space="preserve">'
_LEVEL = 4
_BLOCK = 50
"""Rows in one call to the compressor."""


def write_zip(data: dict[str, Any], path: Path) -> int:
    """Write the document; the number of rows."""
    number = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as package:
        for name, content in _PARTS.items():
            package.writestr(name, content)
        with package.open("word/document.xml", "w") as part:
            part.write(f'<w:document xmlns:w="{_W}"><w:body><w:tbl>'.encode())
            part.write(row_xml((True, HEADINGS)).encode())
            block = []
            for row in rows_of(data):
                number += 1
                block.append(row_xml(row))
                if len(block) == _BLOCK:
                    part.write("".join(block).encode())
                    block.clear()
            part.write("".join(block).encode())
            part.write(b"</w:tbl><w:p/><w:sectPr/></w:body></w:document>")
    return number


def row_xml(row: Row) -> str:
    starts, cells = row
    merge = '<w:vMerge w:val="restart"/>' if starts else "<w:vMerge/>"
    return (
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{merge if column < MERGED else ""}</w:tcPr>'
            f'<w:p><w:r><w:t xml:space="preserve">{escaped(cell)}</w:t></w:r></w:p></w:tc>'
            for column, cell in enumerate(cells)
        )
        + "</w:tr>"
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", _JOINT)


# -- docxtpl --------------------------------------------------------------------------------------


def docxtpl_renderer() -> Callable[[dict[str, Any], Path], int]:
    """A function that renders the rows through docxtpl, from a template with one row in a loop."""
    import docx
    from docxtpl import DocxTemplate

    document = docx.Document()
    table = document.add_table(rows=4, cols=len(HEADINGS))
    for column, heading in enumerate(HEADINGS):
        table.cell(0, column).text = heading
        table.cell(2, column).text = f"{{{{ row[{column}] }}}}"
    table.cell(1, 0).text = "{%tr for row in rows %}"
    table.cell(3, 0).text = "{%tr endfor %}"
    source = io.BytesIO()
    document.save(source)

    def render(data: dict[str, Any], path: Path) -> int:
        source.seek(0)
        rows = [cells for _, cells in rows_of(data)]
        template = DocxTemplate(source)
        template.render({"rows": rows}, autoescape=True)
        template.save(path)
        return len(rows)

    return render


if __name__ == "__main__":
    main()
