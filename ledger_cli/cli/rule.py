"""The command that says what a code means."""

from typing import Annotated

import typer

from ledger_cli.edge.console import print_table, say
from ledger_cli.exits import CannotRun
from ledger_cli.model.closest import did_you_mean
from ledger_cli.model.rule import KEPT_OUT_WORDS, RULES, SEVERITY_WORDS


def rule(
    code: Annotated[str | None, typer.Argument(metavar="代码", help="检查结果里的代码，如 C203。")] = None,
) -> None:
    """解释检查结果里的代码：是什么、为什么、怎么改；不写代码时列出全部。"""
    if code is None:
        print_table(
            ("代码", "级别", "含义"),
            ((r.code, SEVERITY_WORDS[r.severity], r.title) for r in RULES.values()),
        )
        return
    found = RULES.get(code.strip().upper())
    if found is None:
        meant = did_you_mean(code.strip().upper(), RULES)
        raise CannotRun(f"没有“{code}”这个代码", f"是不是 {meant}？" if meant else "ledger rule 可以列出全部代码。")
    say(f"{found.code}　{found.title}（{SEVERITY_WORDS[found.severity]}）")
    say(f"名称：{found.name}")
    say(f"为什么：{found.why}")
    say(f"影响：{KEPT_OUT_WORDS[found.keeps_out]}{'；写明理由的，可以用“忽略”停用' if found.waivable else ''}。")
    say(f"怎么改：{found.fix}")
