"""The command that writes a Word template in the plan's columns, for people to edit."""

from pathlib import Path
from typing import Annotated

import typer

from ledger_cli.cli.shared.options import ForceOption, workspace_of
from ledger_cli.cli.shared.suffixes import known_suffix
from ledger_cli.edge.console import say
from ledger_cli.edge.outputs import Outputs
from ledger_cli.gather.plan import sound_plan
from ledger_cli.write.word.made_template import is_untouched, known_template, made_template


def template(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="模板", help="模板的名字，如 ledger、compact、form。")] = "ledger",
    output: Annotated[
        Path | None, typer.Option("-o", metavar="文件", help="写到哪里；不写时是 templates 里的同名文件。")
    ] = None,
    force: ForceOption = False,
) -> None:
    """按方案的栏目写出 Word 模板，供在 Word 里修改。"""
    known = known_template(name)
    workspace = workspace_of(context)
    target = output or workspace.path(f"templates/{known}.docx")
    known_suffix(target, [".docx"])
    plan = sound_plan(workspace)
    # What nobody has edited is made anew; what somebody has worked on is not replaced unasked.
    untouched = target.is_file() and is_untouched(target.name, target.read_bytes())
    outputs = Outputs(workspace, force=force or untouched, sources=True, asked=force)
    outputs.check(target)
    with outputs.file(target) as temporary:
        temporary.write_bytes(made_template(known, plan.catalog))
    columns = "、".join(column.name for column in plan.catalog.shape.columns)
    say(f"写好 {workspace.name_of(target)}，栏目：{columns}。")
    say("可以在 Word 里改文字、字体、列宽；{{ }}、{% %} 这样的记号是取值的地方，移动时整个移动。")
