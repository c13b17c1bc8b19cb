"""The steps of ``ledger report`` behind the merge, each timed inside one process.

In: a workspace of generate.py, and a template's name or nothing for the default layout.
Out: the document, and the seconds of each step as lines; ``render`` is what compares with the line that
floor.py prints, from the ledger in memory to the finished file:

    compile 0.030   the template taken apart and compiled
    render 0.250    the ledger as the template's variables, and these streamed into the file
    check 0.300     the file read back and compared with the ledger

    python benchmarks/steps.py DIR -o FILE [--template ledger]
"""

import argparse
import time
from datetime import date
from pathlib import Path

from ledger_cli.edge.disk import Workspace
from ledger_cli.gather.pipeline import build_ledger
from ledger_cli.write.report import Reporter, job_for
from ledger_cli.write.view import view
from ledger_cli.write.word.readback import compare, read_back
from ledger_cli.write.word.render import render

_FIELDS = frozenset({"具体落实情况", "存在问题", "工作打算", "举措", "责任单位", "完成时限"})


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the steps of ledger report behind the merge.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE", required=True)
    parser.add_argument("--template")
    options = parser.parse_args()
    workspace = Workspace.find(options.folder, exact=True)
    ledger = build_ledger(workspace, period=None, today=date(2024, 8, 1)).ledger
    if ledger is None:
        parser.error(f"{options.folder} has errors; run ledger validate there")
    job = job_for(ledger, template=options.template)
    marks = [time.perf_counter()]
    template = Reporter(workspace.template).template(job.template)
    marks.append(time.perf_counter())
    context = view(ledger, job.layout, job.scope, template.rows)
    render(template, context, options.output, title=ledger.title, day=ledger.as_of)
    marks.append(time.perf_counter())
    del context
    compare(read_back(options.output), ledger, fields=_FIELDS & template.names_used)
    marks.append(time.perf_counter())
    for name, before, after in zip(("compile", "render", "check"), marks, marks[1:], strict=False):
        print(f"{name} {after - before:.4f}")


if __name__ == "__main__":
    main()
