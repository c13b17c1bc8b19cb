"""Edits that an office makes to data/tasks.yaml, and what a workspace remembers of the catalog before them."""

import re
import shutil
from pathlib import Path

TASKS = Path("data/tasks.yaml")
MEMORY = Path("periods/2024H1/tasks.yaml")
_NEW = """      - 编号: {}
        举措: 建立行政执法人员退出机制，清理不合格人员。
        责任单位: 自治区各行政执法机关，各市、县（区）人民政府
        责任主体: [enforcement, local]
        完成时限: 长期坚持
        时限要求:
          - {{编号: "{}-1", 内容: 清理不合格人员, 截止: 2024-06-30}}

"""


def remember(root: Path) -> None:
    """What `ledger init` writes: the plan that the period starts with."""
    (root / MEMORY).parent.mkdir(parents=True, exist_ok=True)
    for name in ("tasks", "units"):
        shutil.copy(root / f"data/{name}.yaml", root / f"periods/2024H1/{name}.yaml")


def insert_task(root: Path, number: int) -> None:
    """A new task in front of one; that one and all behind it get the next number, ids of duties too."""
    _renumber(root, number, 1, _NEW.format(number, number))


def remove_task(root: Path, number: int) -> None:
    """A task taken out; all behind it move up."""
    text = (root / TASKS).read_text("utf-8")
    start, end = text.index(f"      - 编号: {number}\n"), text.index(f"      - 编号: {number + 1}\n")
    (root / TASKS).write_text(text[:start] + text[end:], "utf-8")
    _renumber(root, number + 1, -1, "")


def _renumber(root: Path, first: int, by: int, before: str) -> None:
    text = (root / TASKS).read_text("utf-8")
    start = text.index(f"      - 编号: {first}\n")
    rest = re.sub(r"- 编号: (\d+)", lambda m: f"- 编号: {int(m[1]) + by}", text[start:])
    rest = re.sub(r'编号: "(\d+)-', lambda m: f'编号: "{int(m[1]) + by}-', rest)
    (root / TASKS).write_text(text[:start] + before + rest, "utf-8")


def reword(root: Path, before: str, after: str) -> None:
    """Some words of the catalog replaced by others."""
    text = (root / TASKS).read_text("utf-8")
    assert text.count(before) == 1
    (root / TASKS).write_text(text.replace(before, after), "utf-8")
