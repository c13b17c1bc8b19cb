"""Several files for one unit and period: which is taken, and why; where nothing tells, none is.

Equal ones are taken once. Of different ones that is taken whose name says that it is final, or that was saved last,
as long as the two do not contradict each other.
"""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from ledger_cli.intake.drafts import Draft, Taking
from ledger_cli.model.fields import TaskNumber
from ledger_cli.model.plan import Plan

_FINAL = re.compile(r"终稿|定稿|最终|正式|最新")
_NOT_FINAL = re.compile(r"(?:非|不是|未)(?:终稿|定稿|最终|正式|最新)")

_Rival = tuple[Taking, Draft]


def settle_rivals(plan: Plan, takings: Iterable[Taking]) -> None:
    """Refuse the drafts of all but one of the files that give a unit's answers, each with the reason."""
    claims: dict[tuple[str, str], list[_Rival]] = {}
    for taking in takings:
        for draft in taking.drafts:
            claims.setdefault((draft.unit, draft.period), []).append((taking, draft))
    for rivals in claims.values():
        if len(rivals) > 1:
            _settle(plan, rivals)


def _settle(plan: Plan, rivals: list[_Rival]) -> None:
    kept: list[_Rival] = []
    # Of equal ones that stands for all whose name says that it is final, or that was saved last.
    for taking, draft in sorted(rivals, key=lambda rival: (_is_final(rival[0].file), rival[0].saved), reverse=True):
        first = next((other for other in kept if _same(other[1], draft)), None)
        if first is None:
            kept.append((taking, draft))
        else:
            draft.same_as = first[0].file
    different = [rival for rival in rivals if not rival[1].same_as]
    if len(different) < 2:
        return
    chosen, why = _chosen(plan, different)
    unit = plan.registry.unit[rivals[0][1].unit].name
    listed = "、".join(f"“{PurePosixPath(taking.file).name}”" for taking, _ in different)
    for _, draft in rivals:
        if chosen is None:
            draft.refused = f"{unit}有{len(different)}份不同的表：{listed}，{why}；留下该收的一份，再收一次"
        elif draft is chosen[1]:
            draft.chosen = f"{unit}有{len(different)}份不同的表，取这一份：{why}"
        elif draft.same_as != chosen[0].file:
            draft.refused = f"{unit}有{len(different)}份不同的表，取了“{PurePosixPath(chosen[0].file).name}”：{why}"
            draft.same_as = ""


def _same(one: Draft, other: Draft) -> bool:
    return _plain(one) == _plain(other)


def _plain(draft: Draft) -> dict[TaskNumber, dict[str, str]]:
    return {
        number: {name: "".join(text.split()) for name, text in texts.items() if text.strip()}
        for number, texts in draft.texts.items()
    }


def _chosen(plan: Plan, rivals: list[_Rival]) -> tuple[_Rival | None, str]:
    final = [rival for rival in rivals if _is_final(rival[0].file)]
    latest = _latest(plan, rivals)
    if len(final) > 1:
        return None, "不止一份的文件名写着终稿"
    if final and latest and final[0] is not latest:
        return None, f"文件名写着终稿的不是保存得最晚的“{PurePosixPath(latest[0].file).name}”"
    if final:
        return final[0], "文件名写着是终稿"
    if latest:
        return latest, f"它保存得最晚（{latest[0].saved[:16].replace('T', ' ')}）"
    return None, "分不出哪一份是终稿"


def _is_final(file: str) -> bool:
    stem = _NOT_FINAL.sub("", PurePosixPath(file).stem)
    return _FINAL.search(stem) is not None


def _latest(plan: Plan, rivals: list[_Rival]) -> _Rival | None:
    """The one saved after all others, where each says when it was saved by somebody."""
    moments = []
    for taking, draft in rivals:
        period = plan.catalog.period(draft.period)
        # What our form states before anybody has saved it says nothing.
        untouched = period is not None and taking.saved.startswith(f"{period.due}T00:00:00")
        if not taking.saved or untouched:
            return None
        moments.append(taking.saved)
    last = max(moments)
    return rivals[moments.index(last)] if moments.count(last) == 1 else None
