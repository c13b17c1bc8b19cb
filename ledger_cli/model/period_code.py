"""What a period's code says: 2024H2, 2025Q1, 2025, 2024-07 and 2024M07 to a name and dates."""

import re
from datetime import date, timedelta

from ledger_cli.model.catalog import Period

FILING_DAYS = 15
"""Days after the end of a period by which its reports are due, where nobody says otherwise."""

_CODE = re.compile(r"(?P<year>(?:19|20)\d\d)(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?:-|M)(?P<month>0[1-9]|1[0-2]))?")
_HALVES = ("上半年", "下半年")
_QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def period_of(code: str) -> Period | None:
    """The period that a code means; None where it is of no known form."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    year = int(match["year"])
    if match["half"]:
        half = int(match["half"])
        return new_period(code, f"{year}年{_HALVES[half - 1]}", *_months(year, half * 6 - 5, 6))
    if match["quarter"]:
        quarter = int(match["quarter"])
        return new_period(code, f"{year}年{_QUARTERS[quarter - 1]}", *_months(year, quarter * 3 - 2, 3))
    if match["month"]:
        month = int(match["month"])
        return new_period(code, f"{year}年{month}月", *_months(year, month, 1))
    return new_period(code, f"{year}年", *_months(year, 1, 12))


def new_period(code: str, name: str, start: date, end: date, due: date | None = None) -> Period:
    """A period; its reports are due ``FILING_DAYS`` after its end unless a day is given."""
    due = due or end + timedelta(days=FILING_DAYS)
    return Period.model_validate({"编号": code, "名称": name, "开始": start, "结束": end, "报送截止": due})


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    """First and last day of some months in a row."""
    after = first + count
    following = date(year + (after > 12), (after - 1) % 12 + 1, 1)
    return date(year, first, 1), following - timedelta(days=1)
