"""Damaged submissions, catalogs, registries, settings and review records."""

import random
from collections.abc import Callable
from pathlib import Path

from ledger_cli.cli.app import run as run_command
from ledger_cli.intake.net import essence
from tests.conftest import REPOSITORY, answer, office_submission
from tests.fuzz.trial import Case, Reader, findings_of, flipped

_PIECES = (
    *"\t\u00a0\u3000\u200b\ufeff\u2028\x00\x07\x1b\x85：，。“”‘’｛｝［］＃－？＆＊！｜＞:,-?{}[]&*!|>%@`'\"#~=",
    " #", ": ", "- ", "---\n", "...\n", "&a ", "*a", "!!int ", "!!python/object:os.system ", "<<: *a", "%YAML 1.3\n",
    "\n", "\n\n", "\r", "\r\n", "  ", "{" * 60, "[" * 3_000, "\n? ", "|2-\n", ">+\n", "''", '""', "\\", '"\\x00"',
    "\ue000", "𠮷", "é", "\U000e0041", "单位:", "任务:", "报送期:", "编号:", "3:", "具体落实情况:", "不涉及:", "忽略:",
)  # fmt: skip
_VALUES = (
    "9" * 5_000, "0" * 5_000 + "1", "1e400", "-1e400", ".inf", ".nan", "0x1F", "0o17", "1_000", "12:30:45",
    "2024-02-30", "9999-12-31", "0000-00-00", "-5", "１２", "²", "no", "~", "null", "[]", "{}", "[[[1]]]",
    "{a: {b: c}}", "|", ">-", "'", '"', "甲" * 3_000, "true", "2024H1", "sft", "[sft, sft]", "[no-such]",
    "../../etc", "{% x %}", "{{ 7*7 }}",
    "[red]x[/red]", "%s%n", "\\ud800", '"\\ud800"', "=1+1", "<w:p/>", "3.0", "3-1", "{3: 甲, 3: 乙}",
)  # fmt: skip


def _odd_piece(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    piece: str = chance.choice(_PIECES)
    return text[:at] + piece * chance.choice((1, 1, 1, 2, 50)) + text[at:]


def _odd_value(chance: random.Random, text: str) -> str:
    """The value after a colon replaced."""
    colons = [at for at, char in enumerate(text) if char == ":" and text[at + 1 : at + 2] in (" ", "\n")]
    if not colons:
        return text
    at = chance.choice(colons) + 1
    end = min((found for sign in "\n,}" if (found := text.find(sign, at)) >= 0), default=len(text))
    return f"{text[:at]} {chance.choice(_VALUES)}{text[end:]}"


def _odd_key(chance: random.Random, text: str) -> str:
    """The word before a colon replaced."""
    colons = [at for at, char in enumerate(text) if char == ":"]
    if not colons:
        return text
    at = chance.choice(colons)
    start = max(text.rfind(sign, 0, at) for sign in "\n {,") + 1
    return text[:start] + chance.choice(_VALUES) + text[at:]


def _odd_line(chance: random.Random, text: str) -> str:
    """A line deleted, doubled, moved, indented otherwise or begun with a piece."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    line = lines[at]
    kind = chance.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(chance.randrange(len(lines)), line)
    elif kind == 2:
        lines.insert(chance.randrange(len(lines)), lines.pop(at))
    elif kind == 3:
        lines[at] = chance.choice(("", " ", "   ", "\t", "　　", "\u00a0 ", "        ")) + line.lstrip()
    else:
        lines[at] = chance.choice(_PIECES) + line
    return "\n".join(lines)


def _many_lines(chance: random.Random, text: str) -> str:
    """A stretch of lines repeated until the text is large."""
    lines = text.split("\n")
    start = chance.randrange(len(lines))
    stretch = lines[start : start + chance.randrange(1, 8)]
    times = max(1, 20_000 // (len("\n".join(stretch)) + 1))
    return "\n".join(lines[:start] + stretch * times + lines[start:])


def _one_line(chance: random.Random, text: str) -> str:
    """Line ends taken out or replaced."""
    return text.replace("\n", chance.choice(("", " ", "\r", "\r\n", "\u2028", "\x85", ", ")))


_TEXT_CHANGES: tuple[Callable[[random.Random, str], str], ...] = (
    *(_odd_piece,) * 4, *(_odd_value,) * 4, *(_odd_key,) * 3, *(_odd_line,) * 4, _many_lines, _one_line,
)  # fmt: skip


def damaged(chance: random.Random, data: bytes) -> bytes:
    """A YAML file with one to three things wrong in its text, its encoding or its bytes."""
    text = data.decode()
    for _ in range(chance.randint(1, 3)):
        text = chance.choice(_TEXT_CHANGES)(chance, text)
    kind = chance.random()
    if kind < 0.05:
        return text.encode(chance.choice(("utf-16", "utf-32", "utf-8-sig", "gb18030", "big5")), "replace")
    made = text.encode("utf-8", "surrogatepass")
    if kind < 0.12:
        return made[: chance.randrange(len(made) + 1)]
    return flipped(chance, made, 6) if kind < 0.2 and made else made


# -- submissions ------------------------------------------------------------------------------------

_TEXTS = ("甲类文书已经评查三百件", "乙类培训办了四期", "丙类问题整改完毕", "丁类打算下半年推开", "戊类证件换发一新")
_SUBMISSION = "submissions/2024H1/zfbgt.yaml"


def _submit() -> None:
    answers = {
        13: answer(_TEXTS[0], _TEXTS[2], _TEXTS[3]) + "    完成: {}\n    佐证: [关于评查的通知]\n",
        19: answer(f"{_TEXTS[1]}。\n另有一段。", "无", "下半年再办一期。") + "    忽略: {W402: 与市局联合报送}\n",
        35: f"    不涉及: {_TEXTS[4]}\n",
    }
    Path(_SUBMISSION).write_text(office_submission(tasks=answers), "utf-8")


def _damaged_submission(chance: random.Random) -> Case:
    data = damaged(chance, Path(_SUBMISSION).read_bytes())
    held = data.decode("utf-8", "replace")
    return Case(
        _SUBMISSION,
        data,
        (("merge", "--partial", "-o", "build/m.json"), ("validate", "--format", "json")),
        tuple(text for text in _TEXTS if text in held),
    )


def _lost_from_submission(case: Case, printed: str) -> list[str]:
    """Texts of a file without any finding that are not in the merged ledger."""
    if any(found["file"] == case.name for found in findings_of(printed)):
        return []
    merged = Path("build/m.json")
    there = essence(merged.read_text("utf-8")) if merged.exists() else ""
    return [text for text in case.texts if essence(text) not in there]


# -- what the issuing office keeps ------------------------------------------------------------------

_SAMPLES = ("sft", "zfbgt", "yinchuan", "xingqing")
_READING = (
    *(("validate",),) * 6, ("validate", "--format", "json"), ("status",), ("status", "--format", "json"),
    ("merge", "--partial", "-o", "build/m.json"),
    ("todo", "sft"), ("who", "3"), ("report", "--partial"), ("report", "--blank", "-o", "build/b.docx"),
    ("report", "--template", "brief", "--partial", "-o", "build/k.docx"), ("form", "zfbgt", "-o", "build/f.docx"),
    ("form", "zfbgt", "-o", "build/f.xlsx"), ("remind",), ("open", "2024H2"), ("new", "--all"), ("accept", "sft"),
    ("reject", "sft", "--task", "3", "--reason", "再核实"), ("reopen", "sft"), ("return", "sft", "--task", "3"),
    ("catalog", "migrate"), ("catalog", "migrate", "--write"), ("diff", "2024H1", "2024H2"),
)  # fmt: skip


def _with_samples() -> None:
    for name in _SAMPLES:
        _copy(f"submissions/2024H1/{name}.yaml")
    _copy("periods/2024H1/tasks.yaml")
    _copy("periods/2024H1/units.yaml")


def _copy(name: str) -> None:
    place = Path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes((REPOSITORY / name).read_bytes())


def _damages(*names: str) -> Callable[[random.Random], Case]:
    """Cases that damage one of some files and run one of the commands that read it."""

    def case(chance: random.Random) -> Case:
        name = chance.choice(names)
        data = damaged(chance, Path(name).read_bytes())
        return Case(name, data, (chance.choice(_READING),))

    return case


def _with_reviews() -> None:
    _with_samples()
    for command in (["accept", "zfbgt"], ["accept", "sft", "--task", "3"]):
        assert run_command([*command, "--by", "李四"]) == 0
    assert (
        run_command(["reject", "yinchuan", "--task", "3", "--reason", "数字再核实：三期还是四期", "--by", "王五"]) == 0
    )


READERS = (
    Reader("submission", _submit, _damaged_submission, _lost_from_submission),
    Reader(
        "plan",
        _with_samples,
        _damages("data/tasks.yaml", "data/units.yaml", "periods/2024H1/tasks.yaml", "periods/2024H1/units.yaml"),
    ),
    Reader("settings", _with_samples, _damages("data/hints.yaml")),
    Reader("review", _with_reviews, _damages("reviews/2024H1.yaml")),
)
