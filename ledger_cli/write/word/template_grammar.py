"""What a tag of a Word template may say, and how much a template may make: an allow-list and a budget.

Templates come from strangers. Each tag is parsed by itself before anything is printed, so that it can be nothing but
one value, condition or loop; methods are never called and texts never multiplied. What is left can still repeat
itself in loops within loops, so each part has a budget of steps and of output.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Template, TemplateSyntaxError, nodes, pass_context
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ledger_cli.exits import CannotRun
from ledger_cli.write.word.template_fault import FILTERS, TooMuch, Unknown, syntax_reason, unknown_filter, unknown_test

_STEPS, _STEPS_EACH = 20_000, 10
"""Repetitions of all loops in a part together, and more for each value there is to print."""

_OUTPUT, _OUTPUT_EACH = 10_000_000, 4_000
"""Characters of a rendered part, and more for each value there is to print; its own characters may come ten times."""

_TEXT_LIMIT = 3_000_000
"""Characters of one printed value, and of one text in the document; of ten million bytes most programs read none."""

_TAG_LIMIT = 1_000
_DEPTH_LIMIT = 12
_SYNTAX_LIMIT = 60  # levels of a syntax tree; a chain of twelve filters has about fifteen
_CHARS_PER_STEP = 200
_NUMBER_LIMIT = 10**15
_PRECISION_LIMIT = 10

_TESTS = ("defined", "undefined", "none", "number", "string", "odd", "even")
_LOOP_CALLS = ("cycle", "changed")
_ALLOWED = (
    nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div,
    nodes.Filter, nodes.Test, nodes.CondExpr, nodes.Keyword,
)  # fmt: skip
_SIGNS = {nodes.Concat: "~", nodes.Mod: "%", nodes.Pow: "**", nodes.FloorDiv: "//", nodes.Dict: "{ }"}
_ARITHMETIC = frozenset("+-*/")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_HIDDEN = re.compile(r"(?<!\w)_\w*")
_LONG_NUMBER = re.compile(r"[\d_]{16,}")
_STATEMENT = re.compile(r"(if|elif|for|else|endif|endfor)\b(.*)", re.DOTALL)
_KNOWN = "这里只能取各栏的值，用 ==、!=、>、<、in 比较，用 and、or、not 连接，“|”后面用列出的处理"


class Environment(ImmutableSandboxedEnvironment):
    """Jinja without names of its own: few filters and tests, and arithmetic on numbers alone."""

    intercepted_binops = _ARITHMETIC

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=Unknown, extensions=["jinja2.ext.do"], cache_size=0)
        self.globals = {}
        self.filters = {name: _measured(name) for name in FILTERS} | {"_counted": _counted}
        self.tests = {name: self.tests[name] for name in _TESTS}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        for value in (left, right):
            if isinstance(value, Unknown):
                str(value)  # says which name does not exist
            if not isinstance(value, int | float) or abs(value) > _NUMBER_LIMIT:
                raise ArithmeticError(operator)
        return super().call_binop(context, operator, left, right)

    def compiled(self, source: str) -> Template:
        """The template, its loops counted; raises ``TemplateSyntaxError``."""
        tree = self.parse(source)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None, lineno=loop.lineno)
        return self.from_string(tree)


class PrintBudget:
    """What a part may still spend, by how much there is to print: steps of its loops, and characters."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        values, characters = _amount(context)
        self._steps = _STEPS + _STEPS_EACH * values
        self._output = _OUTPUT + _OUTPUT_EACH * values + 10 * characters

    def spend(self, steps: int) -> None:
        """Raises ``TooMuch`` where there are not as many left; a filter on a long text takes several."""
        self._steps -= steps
        if self._steps < 0:
            raise TooMuch

    def limited(self, name: str, pieces: Iterator[str]) -> Iterator[str]:
        """The pieces of a part; raises ``CannotRun`` where they are too many. ``name`` is the template's."""
        left, text = self._output, 0
        for piece in pieces:
            size = len(piece)
            left -= size
            text = size if "<" in piece else text + size
            if left < 0 or text > _TEXT_LIMIT:
                hint = "检查里面的 for 是不是套错了、重复了，在 Word 里改正这个模板。"
                raise CannotRun(f"模板“{name}”生成的内容太多，已经停下", hint)
            yield piece


def _amount(context: Mapping[str, Any]) -> tuple[int, int]:
    """How many values there are to print, and how many characters in them; what stands at two places counts once."""
    values = characters = 0
    seen: set[int] = set()
    waiting: list[Any] = [context]
    while waiting:
        holder = waiting.pop()
        held = holder.values() if isinstance(holder, Mapping) else holder
        values += len(held)
        for value in held:
            if type(value) is str:
                characters += len(value)
            elif isinstance(value, dict | list | tuple) and id(value) not in seen:
                seen.add(id(value))
                waiting.append(value)
    return values, characters


@pass_context
def _counted(context: Context, values: Any) -> Any:
    """What a loop goes through, paid for."""
    context["_budget"].spend(len(values))
    return values


def _measured(name: str) -> Any:
    """A filter that pays for the texts it goes through, and makes none that is out of all proportion."""
    inner = JINJA_FILTERS[name]
    if getattr(inner, "jinja_pass_arg", None) is None:

        @pass_context
        def plain(context: Context, value: Any, *arguments: Any, **named: Any) -> Any:
            _pay(context, name, value, arguments, named)
            return inner(value, *arguments, **named)

        return plain

    @pass_context
    def informed(context: Context, value: Any, *arguments: Any, **named: Any) -> Any:
        _pay(context, name, value, arguments, named)
        about = context.environment if name in ("first", "last") else context.eval_ctx
        return inner(about, value, *arguments, **named)

    return informed


def _pay(context: Context, name: str, value: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    size = len(value) if isinstance(value, str | list | tuple) else 0
    if name == "round" and any(isinstance(a, int) and abs(a) > _PRECISION_LIMIT for a in (*arguments, *named.values())):
        raise ArithmeticError(name)
    if name in ("replace", "join"):
        texts = [argument for argument in (*arguments, *named.values()) if isinstance(argument, str)]
        size *= 1 + max(map(len, texts), default=0)
        if name == "join" and isinstance(value, list | tuple):
            size += sum(len(item) for item in value if isinstance(item, str))
        if size > _TEXT_LIMIT and name == "replace":
            # Few replacements in a long text are none of the growth that is meant here.
            size = len(value) + sum(map(len, texts)) * value.count(texts[0] if texts else "")
    if size > _TEXT_LIMIT:
        raise TooMuch
    context["_budget"].spend(size // _CHARS_PER_STEP)


def check_size(value: str, *joints: str) -> None:
    """Raise ``TooMuch`` where a printed value is out of all proportion; ``joints`` stand for its breaks and tabs."""
    if len(value) > _CHARS_PER_STEP:
        breaks = sum(value.count(mark) * len(joint) for mark, joint in zip("\n\t", joints, strict=True))
        if len(value) + breaks > _TEXT_LIMIT:
            raise TooMuch


def expression_reason(environment: Environment, tag: str, expression: str) -> str:
    """What is wrong with a value in a tag, in words that follow the tag; "" where nothing is."""
    return _reason(environment, tag, expression, f"{{{{ {expression} }}}}")


def statement_reason(environment: Environment, tag: str, statement: str) -> str:
    """What is wrong with a condition or a loop, as above."""
    known = _STATEMENT.fullmatch(statement)
    if known is None:
        word = re.match(r"\w*", statement)
        return f"不认识“{word[0] if word and word[0] else statement[:10]}”，可以用 if、for、else、endif、endfor"
    kind, rest = known[1], known[2].strip()
    if kind in ("else", "endif", "endfor"):
        return f"{kind} 后面不能再写别的" if rest else ""
    ending = "for" if kind == "for" else "if"
    return _reason(environment, tag, rest, f"{{% {ending} {rest} %}}{{% end{ending} %}}")


def _reason(environment: Environment, tag: str, code: str, source: str) -> str:
    if reason := _shape_reason(code):
        return reason
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError:
        return syntax_reason(tag)
    except (RecursionError, MemoryError, ValueError, OverflowError):
        return "写得太复杂，程序读不了，请写简单些"
    return next(_faults(tree), "")


def _shape_reason(code: str) -> str:
    """What is to be known of a tag before Jinja reads it."""
    if len(code) > _TAG_LIMIT:
        return f"这个记号太长，最多{_TAG_LIMIT}个字"
    bare = _QUOTED.sub("", code)
    depth = 0
    for char in bare:
        depth += (char in "([{") - (char in ")]}")
        if depth > _DEPTH_LIMIT:
            return f"括号套了{_DEPTH_LIMIT}层以上，请写简单些"
        if depth < 0:
            break
    if depth:
        return "括号没有成对"
    if hidden := _HIDDEN.search(bare):
        return f"不能用下划线开头的名称“{hidden[0]}”，只能取各栏的内容"
    return "里面的数字太长，最多15位" if _LONG_NUMBER.search(bare) else ""


def _faults(tree: nodes.Template) -> Iterator[str]:
    """Why a parsed tag is refused."""
    waiting: list[tuple[nodes.Node, int]] = [(child, 0) for child in _roots(tree)]
    if not waiting:
        yield syntax_reason("")
    while waiting:
        node, depth = waiting.pop()
        if depth > _SYNTAX_LIMIT:
            yield "写得太复杂，程序读不了，请写简单些"
        yield from _node_faults(node)
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def _roots(tree: nodes.Template) -> list[nodes.Node]:
    """The expressions of the one thing that a tag may be; none where it is several, or another."""
    if len(tree.body) != 1:
        return []
    (only,) = tree.body
    if isinstance(only, nodes.Output) and len(only.nodes) == 1:
        return list(only.nodes)
    if isinstance(only, nodes.If):
        return [only.test]
    if isinstance(only, nodes.For) and not only.recursive:
        return [only.target, only.iter, *([only.test] if only.test else [])]
    return []


def _of_loop(called: nodes.Node) -> bool:
    """Whether a call is ``loop.cycle`` or ``loop.changed``; the name ``loop`` cannot be given to anything else."""
    if not isinstance(called, nodes.Getattr) or called.attr not in _LOOP_CALLS:
        return False
    return isinstance(called.node, nodes.Name) and called.node.name == "loop"


def _node_faults(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call):
        called = node.node
        if not _of_loop(called):
            name = getattr(called, "attr", getattr(called, "name", ""))
            yield f"记号里不能调用“{name}(……)”；{_KNOWN}"
    elif not isinstance(node, _ALLOWED):
        sign = next((f"用“{sign}”" for kind, sign in _SIGNS.items() if isinstance(node, kind)), "这样写")
        yield f"记号里不能{sign}；{_KNOWN}"
    elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
        yield unknown_filter(node.name)
    elif isinstance(node, nodes.Test) and node.name not in _TESTS:
        yield unknown_test(node.name)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        if any(unicodedata.category(char) in ("Cc", "Cs", "Cn") and char not in "\n\t" for char in node.value):
            yield "引号里有文档不能有的控制字符"
    elif isinstance(node, nodes.BinExpr) and any(
        isinstance(side, nodes.Const) and not isinstance(side.value, int | float) for side in (node.left, node.right)
    ):
        yield f"加减乘除只用于数字，不用于文字；{_KNOWN}"
    if isinstance(node, nodes.Filter) and (node.dyn_args is not None or node.dyn_kwargs is not None):
        yield f"记号里不能用“*”；{_KNOWN}"
