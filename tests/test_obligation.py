"""Duties and indicators against a calendar: every state, the day it changes, and whose duty it is."""

from datetime import date
from decimal import Decimal

import pytest

from ledger_cli.model.catalog import Catalog, Duty, Period, Task
from ledger_cli.model.obligation import Completion, Obligation, Reach, measurements, obligations
from ledger_cli.model.registry import Unit

WINDOW = (date(2023, 1, 1), date(2025, 12, 31))


def catalog(**head: str) -> Catalog:
    fields = {"附件": "附件2", "名称": "三年行动（2023—2025年）", **head}
    return Catalog.model_validate({"台账": fields, "当前报送期": "2024H1", "报送期": [], "章节": []})


CITY = Unit.model_validate({"代码": "yinchuan", "名称": "银川市人民政府", "层级": "市"})
REGION = Unit.model_validate({"代码": "sft", "名称": "自治区司法厅", "层级": "自治区"})


def period(code: str, start: str, end: str) -> Period:
    fields = {"编号": code, "名称": code, "开始": start, "结束": end, "报送截止": end}
    return Period.model_validate(fields)


H1 = period("2024H1", "2024-01-01", "2024-06-30")
H2 = period("2024H2", "2024-07-01", "2024-12-31")
LONG = period("2023-2025", "2023-07-01", "2025-06-30")
NEXT = period("2025H1", "2025-01-01", "2025-06-30")


def task(**duty: object) -> Task:
    fields = {"编号": 3, "举措": "培训。", "责任单位": "各市", "责任主体": ["yinchuan"], "完成时限": "长期坚持"}
    return Task.model_validate({**fields, "时限要求": [{"编号": "3-1", "内容": "完成轮训", **duty}]})


def of(
    duty: Task, as_of: str, *met: tuple[str, Period], unit: Unit = CITY, plan: Catalog | None = None
) -> list[Obligation]:
    done = {"3-1": [Completion(date.fromisoformat(day), when) for day, when in met]}
    return list(obligations(unit, duty, done, plan or catalog(), date.fromisoformat(as_of)))


def states(duty: Task, as_of: str, *met: tuple[str, Period]) -> list[tuple[str, str, str]]:
    return [(str(o.due), o.state.value, str(o.met)) for o in of(duty, as_of, *met)]


FIXED = task(截止="2024-06-30")
YEARLY = task(每年="01-15")
YEAR_END = task(每年="12-31")
YEAR_ENDS = ("2024-12-31", "2025-12-31")


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2024-05-30", "未到期"),  # 31 days before
        ("2024-05-31", "临近"),  # 30 days before
        ("2024-06-30", "临近"),  # the day itself is included
        ("2024-07-01", "逾期"),
    ],
)
def test_a_fixed_duty_by_the_day(as_of: str, state: str) -> None:
    assert states(FIXED, as_of) == [("2024-06-30", state, "None")]


def test_a_met_duty_is_in_time_or_late() -> None:
    assert states(FIXED, "2024-08-01", ("2024-06-30", H1)) == [("2024-06-30", "按期完成", "2024-06-30")]
    assert states(FIXED, "2024-08-01", ("2024-07-01", H2)) == [("2024-06-30", "逾期完成", "2024-07-01")]
    assert [o.days_over(date(2024, 8, 1)) for o in of(FIXED, "2024-08-01", ("2024-07-03", H2))] == [3]
    assert [o.days_over(date(2024, 7, 10)) for o in of(FIXED, "2024-07-10")] == [10]


def test_the_as_of_date_decides_and_not_what_became_known_later() -> None:
    assert states(FIXED, "2024-07-05", ("2024-07-10", H2)) == [("2024-06-30", "逾期", "None")]


def test_a_day_before_the_plan_meets_nothing() -> None:
    assert states(FIXED, "2024-07-05", ("2022-12-31", H1)) == [("2024-06-30", "逾期", "None")]


def test_a_day_counts_from_the_plans_first_day_to_the_day_that_is_counted_at() -> None:
    for day, state in (("2023-01-01", "按期完成"), ("2024-06-20", "按期完成"), ("2024-06-21", "临近")):
        assert states(FIXED, "2024-06-20", (day, H1))[0][1] == state
        named = {"3-1@2024": [Completion(date.fromisoformat(day), H1)]}
        found = obligations(CITY, YEAR_END, named, catalog(), date(2024, 6, 20))
        assert [str(o.due) for o in found if o.met] == (["2024-12-31"] if state == "按期完成" else [])


@pytest.mark.parametrize(
    ("due", "met", "year"),
    [
        ("06-30", "2024-01-20", 2024),
        ("06-30", "2023-12-31", 2024),  # due on the last day of the period that it was told in
        ("01-01", "2023-12-20", 2024),  # due on the first
        ("07-01", "2023-12-31", 2023),  # due the day after the period
    ],
)
def test_a_report_speaks_of_what_falls_due_from_the_first_to_the_last_day_of_its_period(
    due: str, met: str, year: int
) -> None:
    found = of(task(每年=due), "2024-12-31", (met, H1))
    assert [(str(o.due), str(o.met)) for o in found if o.met] == [(f"{year}-{due}", met)]


def test_a_second_report_on_the_very_due_date_corrects_the_first_and_a_later_one_meets_the_next() -> None:
    for day, expected in (
        ("2024-01-15", {"2024-01-15": "2024-01-15"}),
        ("2024-01-16", {"2024-01-15": "2024-01-10", "2025-01-15": "2024-01-16"}),
    ):
        found = of(YEARLY, "2024-12-31", ("2024-01-10", NEXT), (day, H2))
        assert {str(o.due): str(o.met) for o in found if o.met} == expected


def test_a_yearly_duty_that_falls_due_on_the_day_of_issue_is_owed() -> None:
    for issued, first in (("2024-01-15", "2024-01-15"), ("2024-01-16", "2025-01-15")):
        assert str(of(YEARLY, "2024-07-15", plan=catalog(印发日期=issued))[0].due) == first


def test_a_later_report_corrects_the_earlier() -> None:
    assert states(FIXED, "2024-12-31", ("2024-06-20", H1), ("2024-07-20", H2))[0][1] == "逾期完成"


def test_a_yearly_duty_is_unrolled_over_the_plan() -> None:
    assert states(YEARLY, "2024-07-15", ("2024-01-10", H1)) == [
        ("2023-01-15", "逾期", "None"),
        ("2024-01-15", "按期完成", "2024-01-10"),
        ("2025-01-15", "未到期", "None"),
    ]


QUARTERLY = task(每季="末")
MONTHLY = task(每月="31")


def test_duties_of_each_quarter_and_month_fall_due_on_its_last_day_however_long_it_is() -> None:
    plan = catalog(印发日期="2024-02-10")
    assert [str(o.due) for o in of(QUARTERLY, "2024-07-15", plan=plan)][:3] == [
        "2024-03-31",
        "2024-06-30",
        "2024-09-30",
    ]
    assert [str(o.due) for o in of(MONTHLY, "2024-07-15", plan=plan)][:3] == ["2024-02-29", "2024-03-31", "2024-04-30"]
    assert [str(o.due) for o in of(task(每季="15"), "2024-07-15", plan=plan)][:2] == ["2024-03-15", "2024-06-15"]
    assert [o.occasion for o in of(QUARTERLY, "2024-07-15", plan=plan)][:2] == ["2024-03", "2024-06"]


@pytest.mark.parametrize(
    ("met", "expected"),
    [
        ([("2024-03-20", H1)], {"2024-03-31": "2024-03-20"}),
        ([("2024-04-05", H1)], {"2024-06-30": "2024-04-05"}),  # what is late names its time
        ([("2024-07-05", H1)], {"2024-06-30": "2024-07-05"}),  # told after the period's last date
        ([("2024-03-20", H1), ("2024-03-20", H2)], {"2024-03-31": "2024-03-20"}),  # repeated
    ],
)
def test_a_day_without_a_time_meets_the_next_quarter_of_its_period(
    met: list[tuple[str, Period]], expected: dict[str, str]
) -> None:
    assert {str(o.due): str(o.met) for o in of(QUARTERLY, "2024-12-31", *met) if o.met} == expected


def test_a_day_with_its_month_meets_that_quarter() -> None:
    done = {"3-1@2024-03": [Completion(date(2024, 4, 5), H1)]}
    found = list(obligations(CITY, QUARTERLY, done, catalog(), date(2024, 7, 15)))
    assert [(str(o.due), o.state.value) for o in found if o.met] == [("2024-03-31", "逾期完成")]
    assert found[-1].key == "3-1@2025-12"


def test_nothing_is_owed_that_fell_due_before_the_plan_was_issued() -> None:
    issued = catalog(印发日期="2023-11-10")
    assert [str(o.due) for o in of(YEARLY, "2024-07-15", plan=issued)] == ["2024-01-15", "2025-01-15"]


@pytest.mark.parametrize(
    ("duty", "met", "expected"),
    [
        (YEARLY, [("2024-02-01", H1)], {"2024-01-15": "2024-02-01"}),  # late in the period
        (YEARLY, [("2023-12-28", H1)], {"2024-01-15": "2023-12-28"}),  # ready before the year began
        (YEARLY, [("2023-07-16", H1)], {"2024-01-15": "2023-07-16"}),  # half a year before, to the day
        (YEARLY, [("2023-07-15", H1)], {"2023-01-15": "2023-07-15"}),  # a day more than that
        (YEARLY, [("2023-01-10", H1)], {"2023-01-15": "2023-01-10"}),  # told late, of the year before
        (YEARLY, [("2024-12-20", LONG)], {"2025-01-15": "2024-12-20"}),  # the nearer of two in the period
        (YEARLY, [("2024-08-20", H2)], {"2024-01-15": "2024-08-20"}),  # half a year late
        (YEARLY, [("2024-01-10", H1), ("2024-01-10", H2)], {"2024-01-15": "2024-01-10"}),  # repeated
        (YEARLY, [("2024-01-10", H1), ("2024-12-28", H2)], {"2024-01-15": "2024-01-10", "2025-01-15": "2024-12-28"}),
        (YEARLY, [("2024-01-10", H1), ("2025-01-09", NEXT)], {"2024-01-15": "2024-01-10", "2025-01-15": "2025-01-09"}),
        (YEAR_END, [("2024-05-06", H1)], {"2024-12-31": "2024-05-06"}),  # early in the year
        (YEAR_END, [("2025-01-08", H2)], {"2024-12-31": "2025-01-08"}),  # late, told with the old period
        (
            YEAR_END,
            [("2024-11-01", H2), ("2025-03-01", NEXT)],
            {"2024-12-31": "2024-11-01", "2025-12-31": "2025-03-01"},
        ),
    ],
)
def test_a_day_meets_the_year_it_speaks_of(duty: Task, met: list[tuple[str, Period]], expected: dict[str, str]) -> None:
    found = {str(o.due): str(o.met) for o in of(duty, "2025-06-30", *met) if o.met}
    assert found == expected


def test_an_event_bound_duty_waits_for_its_event() -> None:
    waiting = task(触发="国务院条例出台")
    assert states(waiting, "2025-12-31") == [("None", "待触发", "None")]
    dated = task(触发="国务院条例出台", 触发日期="2024-09-01")
    assert states(dated, "2024-08-31") == [("None", "待触发", "None")]
    assert states(dated, "2024-09-01") == [("2024-09-01", "临近", "None")]
    assert states(dated, "2024-09-02") == [("2024-09-01", "逾期", "None")]
    assert states(dated, "2024-12-31", ("2024-09-20", H2)) == [("2024-09-01", "逾期完成", "2024-09-20")]


def test_an_event_may_give_days() -> None:
    dated = task(触发="国务院条例出台", 触发日期="2024-09-01", 期限天数="60")
    assert states(dated, "2024-09-02") == [("2024-10-31", "未到期", "None")]
    assert states(dated, "2024-11-01") == [("2024-10-31", "逾期", "None")]


def test_a_day_before_the_issue_stays_due_where_the_plan_names_it() -> None:
    issued = catalog(印发日期="2023-11-10")
    early = task(截止="2023-09-30")
    assert [(str(o.due), o.state.value) for o in of(early, "2024-01-01", plan=issued)] == [("2023-09-30", "逾期")]
    event = task(触发="国务院条例出台", 触发日期="2023-10-01")
    assert [(str(o.due), o.state.value) for o in of(event, "2024-01-01", plan=issued)] == [("2023-10-01", "逾期")]
    over = catalog(印发日期="2025-12-01")
    assert of(YEARLY, "2025-12-31", plan=over) == []


def test_a_day_of_a_year_that_was_not_owed_meets_no_later_year() -> None:
    issued = catalog(印发日期="2023-11-10")
    found = of(YEARLY, "2024-07-15", ("2023-01-10", H1), plan=issued)
    assert [(str(o.due), o.state.value) for o in found] == [("2024-01-15", "逾期"), ("2025-01-15", "未到期")]


def test_the_year_can_be_named() -> None:
    done = {"3-1@2023": [Completion(date(2024, 2, 1), H1)], "3-1": [Completion(date(2024, 5, 1), H1)]}
    found = obligations(CITY, YEAR_END, done, catalog(), date(2024, 7, 15))
    assert [(str(o.due), o.state.value, str(o.met)) for o in found] == [
        ("2023-12-31", "逾期完成", "2024-02-01"),
        ("2024-12-31", "按期完成", "2024-05-01"),
        ("2025-12-31", "未到期", "None"),
    ]


def test_a_duty_in_due_course_stays_open_until_it_is_met() -> None:
    sometime = task(适时="true")
    assert states(sometime, "2025-12-31") == [("None", "长期", "None")]
    assert states(sometime, "2025-12-31", ("2024-05-01", H1)) == [("None", "按期完成", "2024-05-01")]


def test_a_duty_binds_its_levels_only() -> None:
    regional = task(截止="2023-12-31", 层级="自治区")
    assert of(regional, "2024-07-15") == []
    assert [o.unit for o in of(regional, "2024-07-15", unit=REGION)] == ["sft"]


def test_figures_against_their_bounds() -> None:
    fields = FIXED.model_dump(by_alias=True)
    fields["指标"] = [{"编号": "3-a", "内容": "学时", "下限": "60", "单位": "学时"}]
    trained = Task.model_validate(fields)
    reached = [
        [m.reach for m in measurements(CITY, trained, figures)]
        for figures in ({"3-a": Decimal(60)}, {"3-a": Decimal("59.5")}, {})
    ]
    assert reached == [[Reach.REACHED], [Reach.BELOW], [Reach.UNKNOWN]]


def test_the_last_day_of_the_year_is_included() -> None:
    duty = Duty.model_validate({"编号": "3-1", "内容": "清理", "截止": "2025-12-31"})
    assert list(duty.due_dates(*WINDOW)) == [date(2025, 12, 31)]
