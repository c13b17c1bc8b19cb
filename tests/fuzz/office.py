"""Filled forms with something wrong in them, by the thousand, through ``ledger intake``: none may end it in a fault.

python -m tests.fuzz_office CASES [SEED]   # in a copy of the workspace's data and templates
"""

import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from lxml import etree

from ledger_cli.cli.app import run as run_command
from ledger_cli.intake.net import essence
from tests.packages import packed

_SLOW = 2.0
_Change = Callable[[random.Random, Any], None]


def run(cases: int, seed: int, forms: list[bytes], folder: Path) -> Counter[str]:
    """Change each of the forms at random, so many times in all, and take it in; the current folder is a workspace.

    Counts ``cases``, ``faults`` (exit codes but 0, 1, 2), ``slow`` (over two seconds), ``read`` (taken or told) and
    ``lost``: texts of a form whose elements were only moved, doubled or unwrapped that no output has.
    """
    counts: Counter[str] = Counter()
    chance = random.Random(seed)  # noqa: S311
    for number in range(cases):
        form = forms[number % len(forms)]
        keeps = chance.random() < 0.5
        changed = _moved(chance, form) if keeps else _damaged(chance, form)
        name = folder / ("表.xlsx" if b"xl/workbook" in form else "表.docx")
        name.write_bytes(changed)
        counts["cases"] += 1
        started = time.perf_counter()
        code, output = _taken(name)
        counts["slow"] += time.perf_counter() - started > _SLOW
        counts["read"] += "F604" not in output
        if code not in (0, 1, 2):
            counts["faults"] += 1
            (folder / f"fault-{seed}-{number}{name.suffix}").write_bytes(changed)
        elif keeps and "F604" not in output:
            written = "".join(path.read_text("utf-8") for path in Path("submissions").rglob("*.yaml"))
            there = essence(output + written)
            lost = [words for words in ANSWERS if essence(words) not in there and _holds(changed, words)]
            counts["lost"] += len(lost)
            if lost:
                (folder / f"lost-{seed}-{number}{name.suffix}").write_bytes(changed)
    return counts


ANSWERS = ("甲类文书已经评查三百件", "乙类培训办了四期", "丙类问题整改完毕", "丁类打算下半年推开")
"""What the forms' answers say."""


def _taken(name: Path) -> tuple[int, str]:
    for path in Path("submissions").rglob("*.yaml"):
        path.unlink()
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(stream):
        code = run_command(["intake", "--unit", "zfbgt", "--format", "json", str(name)])
    return code, stream.getvalue()


def _holds(data: bytes, words: str) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return any(words.encode() in package.read(name) for name in package.namelist())


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _moved(chance: random.Random, data: bytes) -> bytes:
    """The form with elements around the words moved, doubled or taken away, but no words."""
    parts = _parts(data)
    name = next(name for name in ("word/document.xml", "xl/worksheets/sheet1.xml") if name in parts)
    root = etree.fromstring(parts[name])
    kinds = ("p", "r", "tc", "tr", "sdt", "c", "row")
    for _ in range(chance.randint(1, 4)):
        found = [e for e in root.iter() if isinstance(e.tag, str) and etree.QName(e).localname in kinds]
        chance.choice((_move, _double, _unwrap))(chance, chance.choice(found))
    parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return packed(parts)


def _move(chance: random.Random, element: Any) -> None:
    siblings = list(element.getparent())
    element.getparent().insert(chance.randrange(len(siblings)), element)


def _double(chance: random.Random, element: Any) -> None:
    element.addnext(etree.fromstring(etree.tostring(element)))


def _unwrap(chance: random.Random, element: Any) -> None:
    for child in element:
        element.addprevious(child)
    parent: Any = element.getparent()
    parent.remove(element)


def _damaged(chance: random.Random, data: bytes) -> bytes:
    """The form with bytes of the zip or of a part changed, a part cut short, or attributes set to anything."""
    if chance.random() < 0.3:
        return _flipped(chance, data)
    parts = _parts(data)
    name = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    kind = chance.randrange(4)
    if kind == 0:
        parts[name] = parts[name][: chance.randrange(len(parts[name]))]
    elif kind == 1:
        parts[name] = _flipped(chance, parts[name])
    elif kind == 2:
        del parts[name]
    else:
        root = etree.fromstring(parts[name])
        for _ in range(chance.randint(1, 5)):
            element = chance.choice([e for e in root.iter() if isinstance(e.tag, str)])
            value = chance.choice(("", "-1", "x", "9" * 5_000, "2147483648", "１", "²", "\u2028", "true", "A0"))
            for key in element.keys() or ["x"]:
                if chance.random() < 0.7:
                    element.set(key, value)
            parent = element.getparent()
            if chance.random() < 0.3 and parent is not None:
                parent.remove(element)
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return packed(parts)


def _flipped(chance: random.Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 10)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def filled_forms() -> list[bytes]:
    """A form of the general office as Word and as Excel files, with answers; the current folder is a workspace."""
    from openpyxl import load_workbook

    for suffix in ("docx", "xlsx"):
        assert run_command(["form", "zfbgt", "-o", f"fuzz.{suffix}"]) == 0
    document = _parts(Path("fuzz.docx").read_bytes())
    text = document["word/document.xml"].decode()
    for words in ANSWERS:
        text = text.replace("点击此处填写", words, 1)
    document["word/document.xml"] = text.replace("<w:showingPlcHdr/>", "").encode()
    book = load_workbook("fuzz.xlsx")
    sheet = book.worksheets[0]
    heads = next(row for row in sheet.iter_rows() if any(cell.value == "具体落实情况" for cell in row))
    first = next(cell for cell in heads if cell.value == "具体落实情况")
    for place, words in enumerate(ANSWERS):
        sheet.cell(first.row + 1 + place // 3, first.column + place % 3).value = words
    book.save("fuzz.xlsx")
    return [packed(document), Path("fuzz.xlsx").read_bytes()]


if __name__ == "__main__":
    print(dict(run(int(sys.argv[1]), int((sys.argv[2:] or ["1"])[0]), filled_forms(), Path())))
