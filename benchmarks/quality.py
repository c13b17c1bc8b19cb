"""Precision and recall of the hints on labelled texts, and every text that was judged wrongly.

In: benchmarks/labelled/W401.yaml, W402.yaml and W404.yaml, invented and labelled by hand; the packaged settings.
Out: a table on standard output. Every fourth item of a file was left alone while the rules were tuned; its
figures stand apart.

    python benchmarks/quality.py
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ledger_cli.check.prose.file import own_names
from ledger_cli.check.prose.likeness import cluster
from ledger_cli.check.prose.wording import Wording
from ledger_cli.edge.disk import Workspace
from ledger_cli.gather.plan import hint_settings, sound_plan
from ledger_cli.model.personal import personal_data

LABELLED = Path(__file__).resolve().parent / "labelled"
REPOSITORY = LABELLED.parent.parent


@dataclass(frozen=True, slots=True)
class Judged:
    """One item: whether it should be told, whether it is, and its words."""

    unseen: bool
    expected: bool
    told: bool
    words: str


@dataclass(frozen=True, slots=True)
class Score:
    """``precision`` is the share of what is told that should be, ``recall`` of what should be told that is."""

    items: int
    precision: float
    recall: float

    @classmethod
    def of(cls, judged: list[Judged]) -> "Score":
        right = sum(item.expected and item.told for item in judged)
        told, expected = sum(item.told for item in judged), sum(item.expected for item in judged)
        return cls(len(judged), right / told if told else 1.0, right / expected if expected else 1.0)


def main() -> None:
    print(f"{'code':6}{'items':>18}{'number':>8}{'precision':>11}{'recall':>8}")
    wrong: list[str] = []
    for code, judge in JUDGES.items():
        judged = list(judge())
        for name, chosen in (("all", judged), ("unseen in tuning", [item for item in judged if item.unseen])):
            score = Score.of(chosen)
            print(f"{code:6}{name:>18}{score.items:8}{score.precision:11.3f}{score.recall:8.3f}")
        wrong += [
            f"{code} {'漏报' if item.expected else '误报'} {item.words}"
            for item in judged
            if item.expected != item.told
        ]
    print("\n".join(["", f"judged wrongly: {len(wrong)}", *wrong]))


def says_nothing() -> Iterator[Judged]:
    plan, settings = sound_plan(Workspace(REPOSITORY)), _settings()
    words = Wording(settings)
    for place, item in enumerate(_items("W401")):
        text = item.get("空") or item["实"]
        told = words.says_nothing(text, plan.catalog.tasks[item["任务"]].text)
        yield Judged(place % 4 == 3, "空" in item, bool(told), text)


def alike() -> Iterator[Judged]:
    registry, settings = sound_plan(Workspace(REPOSITORY)).registry, _settings()
    for place, item in enumerate(_items("W402")):
        for label in ("雷同", "不同"):
            if label in item:
                pair = (item["甲"], item[label])
                names = [own_names(registry, registry.unit[unit]) for unit, _ in pair]
                texts = [text for _, text in pair]
                told = bool(cluster(texts, settings.likeness, names))
                yield Judged(place % 4 == 3, label == "雷同", told, " | ".join(texts))


def personal() -> Iterator[Judged]:
    for place, item in enumerate(_items("W404")):
        ((label, text),) = item.items()
        yield Judged(place % 4 == 3, label == "有", bool(personal_data(text)), text)


JUDGES: dict[str, Callable[[], Iterator[Judged]]] = {"W401": says_nothing, "W402": alike, "W404": personal}


def _settings() -> Any:
    settings, _ = hint_settings(Workspace(REPOSITORY))
    assert settings is not None
    return settings


def _items(code: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = yaml.safe_load((LABELLED / f"{code}.yaml").read_text("utf-8"))
    return items


if __name__ == "__main__":
    main()
