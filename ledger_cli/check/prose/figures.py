"""An answer to whether it has the figure that its task asks for (W405)."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ledger_cli.model.catalog import Bound, Task
from ledger_cli.model.prose import HintSettings
from ledger_cli.model.submission import Answer

# Not the numbers of years, months, days and documents; 2024年6月 and 〔2024〕12号 count nothing.
_DIGITS = re.compile(r"(?<![\d.〔\[（(第])\d+(?:\.\d+)?(?![\d.]|\s*(?:年|月|日|号|[〕\]]))")
_WORDS = re.compile(
    r"[一二三四五六七八九十百千万两半几数多][一二三四五六七八九十百千万两]*余?"
    r"(?:成|名|人|个|项|次|期|场|件|家|份|级|轮|批|类|学时|小时|课时|户|处|条|部|套|支|卷|起|台|辆|元|倍|分之)"
    r"|百分之|全覆盖|全部|全员|均已|逐一|逐项"
)
_NOT_BEGUN = re.compile(
    r"尚未|还未|未启动|未开展|未开始|没有开展|没有启动|尚不|暂不|暂缓|不具备|待.{0,12}(?:后|部署|统一|印发|出台)"
)


def asked_for(task: Task, binding: Iterable[Bound], settings: HintSettings) -> str | None:
    """What a task asks a figure for: an indicator's content, or the words in its text; None where it asks for none."""
    indicator = next(iter(binding), None)
    return indicator.what if indicator else _asking(task.text, settings.asking)


@lru_cache(maxsize=512)
def _asking(text: str, asking: tuple[str, ...]) -> str | None:
    return next((words for words in asking if words in text), None)


def has_figure(answer: Answer) -> bool:
    """Whether an answer states a figure, in its text or under 指标, or says that nothing could be counted yet."""
    progress = answer.progress or ""
    said = _DIGITS.search(progress) or _WORDS.search(progress) or _NOT_BEGUN.search(progress)
    return bool(answer.figures or said)
