"""An answer beside the same unit's answer of the last period (W403, W407)."""

import re

_BLANK = re.compile(r"[\s\W_]+")
_CLAUSE = re.compile(r"[^，。；：！？、,.;:!?“”‘’\"'（）()\[\]《》\s]+")
# Pairs of characters that any two answers share, whatever they are about.
_COMMON = re.compile(
    r"行政|执法|监督|工作|人员|部门|单位|开展|推进|加强|完善|落实|完成|组织|建立|制定|进一步|继续|继|续|不断|切实|"
    r"提高|提升|规范|情况|问题|制度|机制|管理|服务|司法|年底前?|年内|下半年|上半年|[一二三四]季度|[\d十]+月底?前?|"
    r"全区|全市|全县|全厅|各地|各级|自治区|乡镇|街道|方案|任务|力争|确保|争取|计划|拟|将|再|并|[的了和与及对在以等]"
)
_FEWEST_PAIRS = 6
# Plans that need not show within half a year.
_LATER = re.compile("明年|后年|次年|20[0-9]{2}年|长期|适时|视情|待")


def unchanged(before: str, now: str) -> bool:
    """Whether a text is word for word the one of the last period; marks and blanks do not count."""
    if before == now:
        return True
    return abs(len(before) - len(now)) < 20 and _BLANK.sub("", before) == _BLANK.sub("", now)


def taken_up(plan: str, answer: str, task_text: str) -> bool:
    """Whether an answer has anything to do with what was planned; a plan too short or too general is never missed.

    The measure is pairs of neighbouring characters that are the plan's own: not the task's, and not such as every
    answer has. One shared pair is enough: this hint would rather say nothing than be wrong.
    """
    if _LATER.search(plan):
        return True
    own = _pairs(plan) - _all_pairs(task_text)
    return len(own) < _FEWEST_PAIRS or any(pair in answer for pair in own)


def _pairs(text: str) -> set[str]:
    found: set[str] = set()
    for clause in _CLAUSE.findall(text):
        for part in _COMMON.sub(" ", clause).split():
            found |= _all_pairs(part)
    return found


def _all_pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}
