"""The shipped catalog and registry against the issued document."""

import re
from pathlib import Path

import pytest

from ledger_cli.model.catalog import Catalog
from ledger_cli.model.plan import Plan
from ledger_cli.read.catalog import read_catalog, read_registry
from tests.conftest import REPOSITORY

SEED = (Path(__file__).parent / "fixtures" / "seed.txt").read_text("utf-8")
LOCAL_AND_ENFORCEMENT = "自治区各行政执法机关，各市、县（区）人民政府"


@pytest.fixture(scope="module")
def plan() -> Plan:
    catalog, _ = read_catalog((REPOSITORY / "data/tasks.yaml").read_bytes(), "data/tasks.yaml")
    registry, _ = read_registry((REPOSITORY / "data/units.yaml").read_bytes(), "data/units.yaml")
    assert catalog is not None
    assert registry is not None
    return Plan.of(catalog, registry)


@pytest.fixture(scope="module")
def catalog(plan: Plan) -> Catalog:
    return plan.catalog


def seed_rows() -> dict[int, tuple[str, str, str | None, str | None]]:
    """Section, text, units and deadline of each task as the seed has them; None where a cell is missing."""
    section = ""
    cells: dict[int, tuple[str, list[str]]] = {}
    for line in SEED.split("\n"):
        cell = line.strip(" \t")
        start = re.match(r"(\d{1,2})\.", cell)
        if start and int(start[1]) == len(cells) + 1:
            cells[len(cells) + 1] = (section, [cell])
        elif re.match(r"[一二三四五六]、", cell):
            section = cell
        elif cell and cells:
            cells[len(cells)][1].append(cell)
    rows = {}
    for number, (title, (text, *rest)) in cells.items():
        units = rest.pop(0) if rest and not re.match(r"长期坚持|20\d\d年", rest[0]) else None
        rows[number] = (title, text.partition(".")[2], units, "".join(rest) or None)
    return rows


SEED_ROWS = seed_rows()


def test_the_seed_has_43_tasks_in_six_sections() -> None:
    assert list(SEED_ROWS) == list(range(1, 44))
    assert len({row[0] for row in SEED_ROWS.values()}) == 6


@pytest.mark.parametrize("number", range(1, 44))
def test_a_task_is_verbatim(catalog: Catalog, number: int) -> None:
    task = catalog.tasks[number]
    section, text, units, deadline = SEED_ROWS[number]
    assert catalog.titles_of[number][0] == section
    assert task.text == text
    missing = [name for name, cell in (("责任单位", units), ("完成时限", deadline)) if cell is None]
    assert list(task.gaps) == missing
    if units is not None:
        assert task.units == units
    if deadline is not None:
        assert task.deadline == deadline


def test_nothing_in_the_seed_is_unaccounted_for(catalog: Catalog) -> None:
    rest = SEED
    for task in catalog.tasks.values():
        rest = rest.replace(f"{task.number}.{task.text}\n", "\n", 1)
    for section in catalog.sections:
        rest = rest.replace(section.title, "", 1)
    for units in sorted({task.units for task in catalog.tasks.values()}, key=len, reverse=True):
        rest = rest.replace(f"\t{units}\n", "\n")
    for deadline in sorted({task.deadline for task in catalog.tasks.values()}, key=len, reverse=True):
        first, bracket, more = deadline.partition("（")
        for form in (deadline, f"{first}\n{bracket}{more}"):
            rest = rest.replace(f"\t{form}\n", "\n")
    head = [catalog.head.annex, "《自治区提升行政执法质量三年行动实施方案", "（2023—2025年）》工作台账"]
    columns = ["任务举措", "责任单位", "完成时限", "具体落实情况", "存在问题", "工作打算"]
    assert [line.strip() for line in rest.split("\n") if line.strip()] == [*head, *columns]
    assert catalog.head.title == head[1] + head[2]


def test_the_gaps_are_those_of_the_source(catalog: Catalog) -> None:
    gaps = {task.number: task.gaps for task in catalog.tasks.values() if task.gaps}
    both = ("责任单位", "完成时限")
    assert gaps == {37: ("完成时限",), 39: both, 40: both, 41: ("责任单位",), 42: both, 43: both}
    assert all(catalog.tasks[number].units == LOCAL_AND_ENFORCEMENT for number in gaps)
    assert all(catalog.tasks[number].deadline == "长期坚持" for number in gaps)


@pytest.mark.parametrize(
    ("number", "refs"),
    [
        (3, "enforcement sft local"),
        (6, "sft enforcement local"),
        (13, "fgw zfbgt scjgt enforcement local"),
        (15, "gxt scjgt enforcement local"),
        (16, "sft relevant local"),
        (18, "zjt scjgt sthjt whlyt jtyst yjglt nynct sft local"),
        (19, "sft zfbgt relevant local"),
        (22, "gat sft enforcement local"),
        (24, "sft"),
        (35, "sft zfbgt"),
    ],
)
def test_responsible_units_are_resolved_in_the_order_of_the_source(catalog: Catalog, number: int, refs: str) -> None:
    assert " ".join(catalog.tasks[number].refs) == refs


DUTIES = {
    "3-1": "2024-06-30", "3-2": "2024-06-30", "8-1": "2023-12-31", "9-1": "2023-12-31", "9-2": "2023-12-31",
    "11-1": "2024-06-30", "16-1": "2024-12-31", "17-1": "2025-12-31", "19-1": "2024-12-31", "19-2": "2025-12-31",
    "19-3": "2025-12-31", "28-1": "2024-12-31", "36-1": "2025-12-31",
    "6-1": (12, 31), "7-1": (12, 31), "30-1": (1, 15), "30-2": (1, 15), "30-3": (1, 15), "31-1": (3, 31),
    "43-1": (12, 31),
    "8-3": "触发", "18-1": "触发", "24-1": "触发", "42-1": "触发", "8-2": "适时", "9-3": "适时",
}  # fmt: skip


def test_every_dated_yearly_event_bound_and_due_course_duty_is_registered(catalog: Catalog) -> None:
    found: dict[str, object] = {}
    for task in catalog.tasks.values():
        for duty in task.duties:
            assert len(duty.kinds) == 1
            found[duty.id] = str(duty.due) if duty.due else duty.yearly or duty.kinds[0]
    assert found == DUTIES


def test_every_threshold_is_registered(catalog: Catalog) -> None:
    found = {i.id: (str(i.minimum), i.measure) for task in catalog.tasks.values() for i in task.indicators}
    assert found == {
        "3-a": ("60", "学时"),
        "13-a": ("100", "%"),
        "17-a": ("5", "年"),
        "19-a": ("1", "次"),
        "28-a": ("4", "级"),
        "38-a": ("5", "%"),
    }


def test_duties_of_task_9_bind_their_level_only(catalog: Catalog) -> None:
    levels = {duty.id: duty.levels for duty in catalog.tasks[9].duties}
    assert levels == {"9-1": ("自治区",), "9-2": ("自治区",), "9-3": ("市", "县")}


def test_duties_hidden_in_the_text_say_so(catalog: Catalog) -> None:
    hidden = {duty.id for task in catalog.tasks.values() for duty in task.duties if duty.source == "举措"}
    assert {"3-2", "6-1", "24-1", "30-1", "31-1"} <= hidden
    assert "3-1" not in hidden


def test_the_registry_has_the_named_departments_and_all_local_governments(plan: Plan) -> None:
    units = plan.registry.units
    confirmed = [unit.id for unit in units if unit.confirmed]
    assert " ".join(confirmed[:12]) == "zfbgt fgw gxt gat sft zjt sthjt whlyt jtyst yjglt nynct scjgt"
    local = [unit for unit in units if unit.level != "自治区"]
    assert [unit.level for unit in local].count("市") == 5
    assert [unit.level for unit in local].count("县") == 22
    assert all(unit.area_code and unit.area_code.startswith("64") for unit in local)
    parents = {unit.parent for unit in local if unit.level == "县"}
    assert parents == {"yinchuan", "shizuishan", "wuzhong", "guyuan", "zhongwei"}
    below = " ".join(plan.registry.subordinates("yinchuan"))
    assert below == "yinchuan xingqing xixia jinfeng yongning helan lingwu"


def test_who_owes_what_follows_names_and_groups(plan: Plan) -> None:
    owed = {unit: len(claims) for unit, claims in plan.claims.by_unit.items()}
    assert owed["sft"] == 43
    assert owed["zfbgt"] == 3
    assert owed["haiyuan"] == 41
    claim = plan.claims.by_task[3]["sft"]
    assert (claim.via, claim.required) == (("sft", "enforcement"), True)
    assert not plan.claims.by_task[16]["gat"].required
    assert plan.claims.by_task[16]["sft"].required


def test_provisional_units_are_not_confirmed(plan: Plan) -> None:
    provisional = {unit.id for unit in plan.registry.units if not unit.confirmed}
    assert provisional
    assert provisional <= set(plan.registry.members(plan.registry.group["enforcement"]))
