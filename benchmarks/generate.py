"""Makes a workspace of any number of units with answers of real length.

In: the repository's catalog, registry, templates and sample submissions; a number of units and a seed.
Out: a folder with data/, templates/ and submissions/2024H1/, one file a unit with every task it owes, in which
``ledger validate`` finds no errors. The same number and seed give the same bytes.

    python benchmarks/generate.py DIR --units 62 [--seed 7]
"""

import argparse
import random
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ledger_cli.edge.disk import Workspace
from ledger_cli.gather.plan import sound_plan
from ledger_cli.model.catalog import Duty, Task
from ledger_cli.model.column import SEED
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan
from ledger_cli.model.registry import Unit

REPOSITORY = Path(__file__).resolve().parent.parent
PERIOD = "2024H1"
FEWEST = 12
"""Units that the catalog names one by one; without them it would not be sound."""

LENGTHS = {"具体落实情况": (200, 450), "存在问题": (60, 120), "工作打算": (60, 120)}
PARAGRAPHS = {"具体落实情况": 3, "存在问题": 1, "工作打算": 1}

_SENTENCE = re.compile(r"[^。\n]+。[”）]?")
# Counts and amounts; not the numbers of dates, hours, shares and documents.
_NUMBER = re.compile(r"(?<![\d〔.])\d+(?![\d.]*[年月日时%〕])")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a workspace of N units with answers of real length.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--units", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if options.units < FEWEST:
        sys.exit(f"--units must be at least {FEWEST}: the catalog names that many units one by one")
    make(options.folder, options.units, options.seed)


def make(folder: Path, number: int, seed: int) -> None:
    """Write the workspace; files of an earlier run with the same names are replaced."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REPOSITORY / "data/tasks.yaml", folder / "data/tasks.yaml")
    shutil.copytree(REPOSITORY / "templates", folder / "templates", dirs_exist_ok=True)
    registry = registry_of(number)
    text = yaml.safe_dump(registry, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110)
    (folder / "data/units.yaml").write_text(text, "utf-8")
    plan = sound_plan(Workspace(folder))
    words = Words.of_samples(random.Random(seed))
    submissions = folder / "submissions" / PERIOD
    submissions.mkdir(parents=True, exist_ok=True)
    for unit in plan.registry.units:
        content = "\n".join(submission(plan, unit, words)) + "\n"
        (submissions / f"{unit.id}.yaml").write_text(content, "utf-8")


def registry_of(number: int) -> dict[str, Any]:
    """The repository's registry cut to ``number`` units, or with as many more local governments."""
    text = (REPOSITORY / "data/units.yaml").read_text("utf-8")
    registry: dict[str, Any] = yaml.load(text, Loader=yaml.CBaseLoader)
    owing = sound_plan(Workspace(REPOSITORY)).claims.by_unit
    kept = [unit for unit in registry["单位"] if owing[unit["代码"]]][:number]
    known = {unit["代码"] for unit in kept}
    for group in registry["组"]:
        if "成员" in group:
            group["成员"] = [member for member in group["成员"] if member in known]
    local = next(group for group in registry["组"] if group["代码"] == "local")
    for place in range(len(kept) + 1, number + 1):
        unit = {"代码": f"extra{place:04}", "名称": f"样例单位{place}人民政府", "层级": "县", "已确认": "true"}
        kept.append(unit)
        local["成员"].append(unit["代码"])
    return {"单位": kept, "组": registry["组"]}


@dataclass
class Words:
    """The sentences of the sample submissions by field, and what was written of them already.

    ``used`` holds, by task and field, the longest sentences of each answer: no two answers to one task are made of
    the same, which would be copies of each other in another order.
    """

    chance: random.Random
    sentences: dict[str, list[str]]
    written: set[str] = field(default_factory=set)
    used: set[tuple[str, str, frozenset[str]]] = field(default_factory=set)

    @classmethod
    def of_samples(cls, source: random.Random) -> "Words":
        found: dict[str, list[str]] = {name: [] for name in SEED.keys}
        for path in sorted((REPOSITORY / "submissions" / PERIOD).glob("*.yaml")):
            answers = yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)["任务"]
            for answer in answers.values():
                for name in SEED.keys:
                    found[name] += _SENTENCE.findall(answer.get(name, ""))
        return cls(source, found)

    def paragraphs(self, name: str, number: TaskNumber) -> list[str]:
        """A text for one field of an answer to a task that no other answer has, in paragraphs."""
        while True:
            sentences = self._sentences(name)
            made_of = (str(number), name, frozenset(s[:8] for s in sorted(sentences, key=len)[-3:]))
            if (whole := "".join(sentences)) not in self.written and made_of not in self.used:
                self.written.add(whole)
                self.used.add(made_of)
                return self._broken(sentences, self.chance.randint(1, PARAGRAPHS[name]))

    def _sentences(self, name: str) -> list[str]:
        """Shuffled sentences, together as long as this field's texts are; the last is cut at a comma to fit."""
        low, high = LENGTHS[name]
        target = max(self.chance.randint(low, high), self.chance.randint(low, high))  # few people write little
        chosen: list[str] = []
        length = 0
        for sentence in self.chance.sample(self.sentences[name], len(self.sentences[name])):
            varied = _NUMBER.sub(self._other_number, sentence)
            if length + len(varied) > high:
                varied = varied[: high - length - 1].rpartition("，")[0] + "。"
            if len(varied) > 1:
                chosen.append(varied)
                length += len(varied)
            if length >= target:
                break
        return chosen

    def _other_number(self, match: re.Match[str]) -> str:
        digits = len(match.group())
        return str(self.chance.randint(10 ** (digits - 1), 10**digits - 1))

    def _broken(self, sentences: list[str], number: int) -> list[str]:
        breaks = sorted(self.chance.sample(range(1, len(sentences)), min(number, len(sentences)) - 1))
        return ["".join(sentences[a:b]) for a, b in zip([0, *breaks], [*breaks, len(sentences)], strict=True)]


def submission(plan: Plan, unit: Unit, words: Words) -> Iterator[str]:
    """The lines of one unit's file."""
    yield "# 样例：内容为测速而生成，不代表任何单位的真实工作情况。"
    yield f"单位: {unit.id}"
    yield f"报送期: {PERIOD}"
    yield "填报日期: 2024-07-05"
    yield "任务:"
    for number in plan.claims.by_unit[unit.id]:
        yield f"  {number}:"
        for name in SEED.keys:
            yield f"    {name}: |"
            yield from (f"      {paragraph}" for paragraph in words.paragraphs(name, number))
        yield from details(plan, unit, plan.catalog.tasks[number], words.chance)


def details(plan: Plan, unit: Unit, task: Task, source: random.Random) -> Iterator[str]:
    """Completion dates for all that fell due, a figure for each indicator, evidence for some answers."""
    met = {duty.id: days[-1] for duty in task.duties if duty.binds(unit.level) and (days := _due(plan, duty))}
    if met:
        yield "    完成: {" + ", ".join(f'"{item}": {day}' for item, day in met.items()) + "}"
    figures = {i.id: i.minimum or 1 for i in task.indicators if i.binds(unit.level)}
    if figures:
        yield "    指标: {" + ", ".join(f'"{item}": {value}' for item, value in figures.items()) + "}"
    if source.random() < 0.25:
        yield f"    佐证: [关于第{task.number}项任务落实情况的报告（〔2024〕{source.randint(1, 99)}号）]"


def _due(plan: Plan, duty: Duty) -> list[date]:
    """The dates on which a duty fell due up to the filing deadline."""
    period = plan.catalog.period(PERIOD)
    assert period is not None
    first, last = plan.catalog.window
    return list(duty.due_dates(period.start if duty.recurring else first, min(period.due, last)))


if __name__ == "__main__":
    main()
