"""Templates that strangers made: what they may not do is refused by name with exit 2, and nothing is written."""

import re
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn

from ledger_cli.write import template_grammar
from tests.conftest import Ledger, Result
from tests.test_template_edits import PROBLEMS, refused, reworded, run

DOCUMENT = "word/document.xml"
_ENGLISH = re.compile(r"[A-Z][a-z]+Error|Traceback|expected|argument|undefined|invalid|Fault")


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def told(result: Result) -> str:
    """The one Chinese line of a refusal."""
    assert result.code == 2, (result.code, result.err + result.out)
    (line,) = result.err.strip().splitlines()
    assert not _ENGLISH.search(line), line
    return line


# -- what tags may say ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ 'a'.ljust(2000000000) }}", "不能调用“ljust(……)”"),
        ("{{ 行.存在问题.zfill(2000000000) }}", "不能调用“zfill(……)”"),
        ("{{ '%2000000000d' % 1 }}", "不能用“%”"),
        ("{{ '{:>2000000000}'.format(1) }}", "不能调用“format(……)”"),
        ("{{ '\\t'.expandtabs(2000000000) }}", "不能调用“expandtabs(……)”"),
        ("{{ 'a' * 2000000000 }}", "只用于数字"),
        ("{{ 行.存在问题 * 2000000000 }}", "只用于不太大的数字"),
        ("{{ [0] * 2000000000 }}", "只用于不太大的数字"),
        ("{{ 行.存在问题 ~ 行.存在问题 }}", "不能用“~”"),
        ("{{ 9 ** 9 ** 9 }}", "不能用“**”"),
        ("{{ 999999999 * 999999999 * 999999999 * 9 }}", "只用于不太大的数字"),
        ("{% for 甲 in range(2000000000) %}{% endfor %}", "不能调用“range(……)”"),
        ("{{ 1.5|round(1000000000, 'ceil') }}", "只用于不太大的数字"),
        ("{%+ set 甲 = 1 %}", "可以用 if、for、else、endif、endfor"),
        ("{% include 'x' %}", "不认识“include”"),
        ("{% macro 甲() %}{% endmacro %}", "不认识“macro”"),
        ("{% for 甲 in 表格 recursive %}{% endfor %}", "写法不对"),
        ("{% else 甲 %}", "else 后面不能再写别的"),
        ("{{ _next_picture() }}", "不能用下划线开头的名称“_next_picture”"),
        ("{{ 行 ) | upper, ( 行 }}", "括号没有成对"),
        ("{{ 行.存在问题|join(*表格) }}", "不能用“*”"),
        ("{{ 行 }}", "不是文字，是一组内容"),
        ("{{ 行.items }}", "不是文字，是一组内容"),
        ("{{ " + "(" * 200 + "1" + ")" * 200 + " }}", "括号套了12层以上"),
        ("{{ " + "not " * 240 + "1 }}", "写得太复杂"),
        ("{{ 行" + ".甲" * 400 + " }}", "写得太复杂"),
        ("{{ " + "9" * 900 + " }}", "数字太长，最多15位"),
        ("{{ " + "9" * 3900 + " }}", "太长，最多1000个字"),
        ("{{ " + "9" * 5000 + " }}", "括号没有成对"),
        ("{{ '" + "字" * 1100 + "' }}", "太长，最多1000个字"),
        ("{{ '\\x00' }}", "控制字符"),
        ("{{ '\\ud800' }}", "控制字符"),
        ("{{ 行.存在问题\x90 }}", "写法不对"),
        ("{% if 1 %}" * 13 + "{% endif %}" * 13, "套了12层以上"),
    ],
    ids=lambda value: value[:24],
)
def test_a_tag_that_would_do_more_than_print_is_refused(sample: Path, ledger: Ledger, tag: str, said: str) -> None:
    started = time.monotonic()
    line = refused(run(sample, ledger, reworded(PROBLEMS, tag)))
    assert said in line
    assert "里第6行“存在问题”那一格的“" in line
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "tag",
    [
        "{{ 行.存在问题 }}{% if loop.first and not loop.last %}{% elif 行.单位 in ('甲', '乙') %}{% endif %}",
        "{{ 行['存在问题'] }}{{ loop.index + 1 - 1 }}",
        "{{ loop.cycle('甲', '乙') }}{{ 行.存在问题 }}",
        "{{ 行.存在问题 | trim | default('无') }}{# 说明 #}",
        "{{ (行.编号 * 100 / 37) | round(1) }}：{{ 行.存在问题 }}{{ '' if 行.编号 is defined else '' }}",
    ],
)
def test_what_is_documented_and_its_like_still_work(sample: Path, ledger: Ledger, tag: str) -> None:
    result = run(sample, ledger, reworded(PROBLEMS, tag), "--task", "13")
    assert result.code in (0, 2), result.err
    assert "有误" not in result.err
    assert "写法" not in result.err


def nested(depth: int, inner: str) -> str:
    """A tag text whose loops repeat each other."""
    loops = "".join(f"{{% for 甲{n} in 表格[0].行 %}}" for n in range(depth))
    return loops + inner + "{% endfor %}" * depth


def test_loops_within_loops_end_without_any_output(sample: Path, ledger: Ledger) -> None:
    started = time.monotonic()
    line = refused(run(sample, ledger, reworded(PROBLEMS, nested(8, ""))))
    assert "模板生成的内容太多，已经停下" in line
    assert "{% for 甲" in line
    assert time.monotonic() - started < 20


def test_output_out_of_all_proportion_is_stopped(sample: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_grammar, "OUTPUT_LIMIT", 2_000_000)
    growing = "{{ " + " | ".join(["行.存在问题", *["replace('', 行.具体落实情况)"] * 5]) + " }}"
    for tag in (nested(2, "字" * 900), growing):
        line = refused(run(sample, ledger, reworded(PROBLEMS, tag)))
        assert "内容太多，已经停下" in line


def test_a_name_or_attribute_that_reads_as_a_tag_is_no_code(sample: Path, ledger: Ledger) -> None:
    def edit(document: Any) -> None:
        mark = document.element.body.makeelement(qn("w:bookmarkStart"), {qn("w:id"): "7", qn("w:name"): "{{ 1/0 }}"})
        end = document.element.body.makeelement(qn("w:bookmarkEnd"), {qn("w:id"): "7"})
        document.paragraphs[0]._p.append(mark)
        document.paragraphs[0]._p.append(end)

    result = run(sample, ledger, edit)
    assert result.code == 0, result.err
    assert b"1/0" in parts_of(Path("out.docx"))[DOCUMENT]


def test_a_symbol_that_the_program_uses_itself_is_refused(sample: Path, ledger: Ledger) -> None:
    assert "程序内部用的符号" in refused(run(sample, ledger, reworded("存在问题", "\ue0f03\ue0f1")))
