"""What the three texts of one answer say of each other (W406, W408)."""

import re

from ledger_cli.model.prose import is_none

_LAST_CLAUSE = re.compile(r"[^，。；！？、,;!?\s]+\Z")
_LONGEST = 30
# Only a clause that speaks of the task as a whole: 已完成第一期 or 整改已完成12项 are parts of one.
_FINISHED = re.compile(
    r"(?:目前|现|截至目前|现阶段)?(?:本项|该项|此项|这项|本|该|此)?(?:任务|工作任务|工作|事项|目标任务|各项任务|各项工作)?"
    r"(?:目前|现|均|都)?(?:"
    r"已经?(?:全部|全面|圆满|如期|按期|按时|按要求)?(?:完成|办结|落实到位|完成任务|完成工作任务)(?:任务|完毕)?"
    r"|(?:全部|全面|圆满|如期|按期|按时)(?:完成|办结|落实到位)(?:任务)?"
    r")了?"
)
_ENDINGS = ("完成", "办结", "落实到位", "完成任务", "完毕", "完成了", "完成工作任务")
_ENDS = "，。；！？、,;!? \n"
_SOLVED = re.compile(
    r"已(?:经|全部|均|于[^，。；]{1,12}|协调|得到)?(?:解决|整改|改正|纠正|销号|克服|补齐|补足|配齐|到位|完成整改)"
    r"|均已(?:解决|整改|改正)|现已|得到解决|整改(?:完毕|已完成|到位)"
)
_UNSOLVED = re.compile(
    r"未(?:能)?(?:解决|整改|完成)|没有(?:解决|整改)|剩余|其余[^，。；]{0,8}正在|正在(?:整改|解决)|仍|尚|还有"
)


def claims_finished(progress: str) -> str | None:
    """The clause by which a text says that the whole task is finished."""
    for word in _ENDINGS:
        at = progress.find(word)
        while at >= 0:
            end = at + len(word)
            # Nearly every text has 完成 in it; only where it ends a clause can the whole task be meant.
            if progress[end : end + 1] in _ENDS:
                clause = _LAST_CLAUSE.search(progress, max(0, end - _LONGEST), end)
                if clause and _FINISHED.fullmatch(clause.group()):
                    return clause.group()
            at = progress.find(word, end)
    return None


def open_problem(problems: str) -> bool:
    """Whether a text names a problem that is not said to be solved."""
    if not problems or is_none(problems):
        return False
    return not _SOLVED.search(problems) or _UNSOLVED.search(problems) is not None
