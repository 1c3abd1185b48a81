"""The syntax of expressions: Jinja2's parser, and an allow-list over its tree.

A tree that passes holds nothing but literals, names, attribute paths, comparisons, logic, arithmetic, conditional
expressions, and the filters and tests of ``expression_functions``. What is not listed is refused, so a new node kind of
Jinja2 is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError
from jinja2.parser import Parser

from definitions.expression_error import LONGEST_SOURCE, ExpressionError
from definitions.expression_functions import ARGUMENTS, FILTERS, FORGIVING, LARGEST_NUMBER, TESTS
from definitions.finding import nearest

#: The deepest tree, and the most nodes in one.
DEEPEST = 40
MOST_NODES = 400

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}", re.ASCII)
# names that Jinja2's compiler binds itself
_RESERVED = frozenset({"self", "super", "caller", "loop", "varargs", "kwargs", "namespace", "context", "environment"})

_PLAIN = (
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.Neg,
    nodes.List,
    nodes.Tuple,
)
_TEXT = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If)

_REFUSED: dict[type[nodes.Node], tuple[str, str]] = {
    nodes.Call: ("不能调用函数。", "Functions cannot be called."),
    nodes.For: ("不能使用循环。", "Loops are not allowed."),
    nodes.Assign: ("不能使用 set。", "“set” is not allowed."),
    nodes.Concat: ("不能使用“~”，请用“+”连接文字。", "“~” is not allowed; join texts with “+”."),
    nodes.Pow: ("不能使用乘方“**”。", "“**” is not allowed."),
    nodes.Mod: ("不能使用“%”。", "“%” is not allowed."),
    nodes.FloorDiv: ("不能使用“//”。", "“//” is not allowed."),
    nodes.Slice: ("不能截取片段。", "Slices are not allowed."),
    nodes.Dict: ("不能写“{ }”。", "“{ }” is not allowed."),
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree that passed the allow-list, and the names that it reads, with every step of their paths."""

    tree: nodes.Node
    names: frozenset[str]


def parse_expression(environment: Environment, source: str) -> Parsed:
    """The tree of a single expression; ``ExpressionError`` if it is not one, or does what is not allowed."""

    def parse() -> nodes.Node:
        parser = Parser(environment, source, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateSyntaxError("chunk after expression", parser.stream.current.lineno)
        return tree

    return _Checked(source, texts=False).parsed(parse)


def parse_text(environment: Environment, source: str) -> Parsed:
    """The tree of a text with ``{{ expression }}`` and ``{% if %}``; ``ExpressionError`` if it holds anything else."""
    return _Checked(source, texts=True).parsed(lambda: environment.parse(source))


class _Checked:
    """One pass over a tree: refuses what is not listed, collects the names, and marks what may be missing."""

    def __init__(self, source: str, *, texts: bool) -> None:
        self._source = source
        self._allowed = _PLAIN + _TEXT if texts else _PLAIN
        self._names: set[str] = set()
        self._count = 0

    def parsed(self, parse: Callable[[], nodes.Node]) -> Parsed:
        if len(self._source) > LONGEST_SOURCE:
            raise ExpressionError(
                f"表达式超过 {LONGEST_SOURCE} 个字符。", f"The expression is longer than {LONGEST_SOURCE} characters."
            )
        if not self._source.strip():
            raise ExpressionError("表达式是空的。", "The expression is empty.", 0)
        try:
            return Parsed(self._node(parse(), 0), frozenset(self._names))
        except TemplateSyntaxError as error:
            raise self._syntax(error.message or "") from None
        except RecursionError:
            raise self._too_deep() from None

    def _node(self, node: nodes.Node, depth: int) -> nodes.Node:
        """The node as it is compiled; its children are checked and put in place."""
        self._count += 1
        if depth > DEEPEST or self._count > MOST_NODES:
            raise self._too_deep()
        if isinstance(node, nodes.Const):
            return self._constant(node)
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            return self._path(node, forgiving=False)
        if isinstance(node, nodes.Filter | nodes.Test):
            return self._call(node, depth)
        if isinstance(node, nodes.CondExpr):
            if node.expr2 is None:
                raise self._error("“if” 之后还要写 “else”。", "“if” needs an “else”.", "if")
        elif not isinstance(node, self._allowed):
            raise self._not_allowed(node)
        return self._children(node, depth)

    def _children(self, node: nodes.Node, depth: int) -> nodes.Node:
        for name, value in list(node.iter_fields()):
            if isinstance(value, list):
                setattr(node, name, [self._node(v, depth + 1) if isinstance(v, nodes.Node) else v for v in value])
            elif isinstance(value, nodes.Node):
                setattr(node, name, self._node(value, depth + 1))
        return node

    def _constant(self, node: nodes.Const) -> nodes.Const:
        value = node.value
        if isinstance(value, int | float) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            raise ExpressionError("数字过大。", "The number is too large.")
        if not (value is None or isinstance(value, bool | int | float | str)):
            raise self._not_allowed(node)
        return node

    def _call(self, node: nodes.Filter | nodes.Test, depth: int) -> nodes.Node:
        what = ("函数", "filter") if isinstance(node, nodes.Filter) else ("判断", "test")
        known = FILTERS if isinstance(node, nodes.Filter) else TESTS
        if node.name not in known:
            raise self._unknown(node.name, known, *what)
        fewest, most = ARGUMENTS.get(node.name, (0, 0))
        if node.kwargs or node.dyn_args or node.dyn_kwargs or not fewest <= len(node.args) <= most:
            raise self._error(
                f"{node.name} 的参数不对。", f"“{node.name}” has the wrong number of arguments.", node.name
            )
        subject = node.node
        if node.name in FORGIVING and isinstance(subject, nodes.Name | nodes.Getattr | nodes.Getitem):
            node.node = self._path(subject, forgiving=True)
        elif subject is not None:
            node.node = cast(nodes.Expr, self._node(subject, depth + 1))
        node.args = [cast(nodes.Expr, self._node(argument, depth + 1)) for argument in node.args]
        return node

    def _path(self, node: nodes.Expr, *, forgiving: bool) -> nodes.Expr:
        """A path made of strict steps (``Getattr``), or of steps that may lead nowhere (``Getitem``)."""
        steps = self._steps(node)
        for end in range(1, len(steps) + 1):
            self._names.add(".".join(steps[:end]))
        built: nodes.Expr = nodes.ContextReference() if forgiving else nodes.Name(steps[0], "load")
        if forgiving:
            for step in steps:
                built = nodes.Getitem(built, nodes.Const(step), "load")
        else:
            for step in steps[1:]:
                built = nodes.Getattr(built, step, "load")
        built.set_lineno(node.lineno)
        return built

    def _steps(self, node: nodes.Expr) -> list[str]:
        steps: list[str] = []
        while not isinstance(node, nodes.Name):
            if isinstance(node, nodes.Getattr):
                step: object = node.attr
            elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
                step = node.arg.value
            else:
                raise self._not_allowed(node)
            steps.append(self._name(step))
            node = node.node
            if len(steps) > DEEPEST or not isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
                raise self._not_allowed(node)
        if node.ctx != "load" or node.name in _RESERVED:
            raise self._refused_name(node.name)
        return [self._name(node.name), *reversed(steps)]

    def _name(self, name: object) -> str:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise self._refused_name(str(name))
        return name

    def _refused_name(self, name: str) -> ExpressionError:
        return self._error(
            f"不能使用名称“{name[:40]}”；名称以字母开头，只含字母、数字和下划线。",
            f"The name “{name[:40]}” is not allowed; names start with a letter and hold letters, digits and underscores.",
            name,
        )

    def _unknown(self, name: str, known: Iterable[str], zh: str, en: str) -> ExpressionError:
        names = list(known)
        near = nearest(name, names)
        hint = (f"是不是“{near}”？", f"Did you mean “{near}”?") if near else ("", "")
        listed = "、".join(names), ", ".join(names)
        return self._error(
            f"没有名为“{name[:40]}”的{zh}。{hint[0]}可用的有：{listed[0]}。",
            f"There is no {en} “{name[:40]}”. {hint[1]} There are: {listed[1]}.".replace("  ", " "),
            name,
        )

    def _not_allowed(self, node: nodes.Node) -> ExpressionError:
        zh, en = _REFUSED.get(type(node), ("这种写法不允许。", "This is not allowed in an expression."))
        return ExpressionError(zh, en)

    def _too_deep(self) -> ExpressionError:
        return ExpressionError("表达式过于复杂，请拆开写。", "The expression is too complex; split it up.")

    def _error(self, zh: str, en: str, word: str) -> ExpressionError:
        return ExpressionError(zh, en, position_of(word, self._source))

    def _syntax(self, problem: str) -> ExpressionError:
        for pattern, zh, en in _MISTAKES:
            if found := re.search(pattern, self._source):
                return ExpressionError(
                    f"表达式写法有误：{zh}", f"The expression is not well formed: {en}", found.start()
                )
        return ExpressionError(
            "表达式写法有误，请检查括号、引号和比较符号。",
            f"The expression is not well formed: {problem[:200]}.",
        )


# what office workers type where the language wants another sign
_MISTAKES: tuple[tuple[str, str, str], ...] = (
    (r"[“”‘’]", "请用半角引号。", "use plain quotes."),
    (r"[＝＞＜（），！]", "请用半角符号。", "use half-width signs."),
    (r"&&", "请用 and 代替“&&”。", "write “and” for “&&”."),
    (r"\|\|", "请用 or 代替“||”。", "write “or” for “||”."),
    (r"<>", "不等于请写“!=”。", "write “!=” for “<>”."),
    (r"(?<![=!<>])=(?!=)", "比较是否相等请写“==”。", "compare with “==”."),
    (r"!(?!=)", "请用 not 代替“!”。", "write “not” for “!”."),
)


def position_of(word: str, source: str) -> int | None:
    """Where a word first stands in a source; ``None`` if it does not."""
    found = re.search(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])", source)
    return found.start() if found else None
