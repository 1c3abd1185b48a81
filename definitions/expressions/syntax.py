"""The syntax of expressions: Jinja2's parser, and an allow-list over its tree.

A tree that passes holds nothing but literals, names, attribute paths, comparisons, logic, arithmetic, conditional
expressions, and the filters and tests of ``expression_functions``. What is not listed is refused, so a new node kind of
Jinja2 is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError
from jinja2.parser import Parser

from definitions.expressions.error import LONGEST_SOURCE, ExpressionError
from definitions.expressions.functions import ARGUMENTS, FILTERS, FORGIVING, TESTS
from definitions.expressions.refusals import (
    OTHERWISE,
    REFUSED,
    mistake,
    not_well_formed,
    refused_name,
    too_complex,
    unknown_word,
    wrong_arguments,
)
from definitions.expressions.tokens import Tokens, code_of, tokens_of
from definitions.expressions.values import LARGEST_NUMBER
from definitions.source.characters import REFUSED as REFUSED_CHARACTERS
from definitions.text import Said

#: The deepest tree, and the most nodes in one.
DEEPEST = 40
MOST_NODES = 400

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}", re.ASCII)
# in brackets a key of a record may be a path of keys, as in times['handle.reply']
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,159}", re.ASCII)
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree that passed the allow-list, and the names that it reads: every step of their paths, with the first place of each."""

    tree: nodes.Node
    places: Mapping[str, int]


def parse_expression(environment: Environment, source: str) -> Parsed:
    """The tree of a single expression; ``ExpressionError`` if it is not one, or does what is not allowed."""

    def parse(parser: Parser) -> nodes.Node:
        tree = parser.parse_expression()
        if not parser.stream.eos:
            rest = parser.stream.current
            raise TemplateSyntaxError(f"unexpected '{rest.value}'", rest.lineno)
        return tree

    return _Checked(environment, source, texts=False).parsed(parse)


def parse_text(environment: Environment, source: str) -> Parsed:
    """The tree of a text with ``{{ expression }}`` and ``{% if %}``; ``ExpressionError`` if it holds anything else."""
    return _Checked(environment, source, texts=True).parsed(Parser.parse)


class _Checked:
    """One pass over a tree: refuses what is not listed, collects the names, and marks what may be missing."""

    def __init__(self, environment: Environment, source: str, *, texts: bool) -> None:
        self._environment = environment
        self._source = source
        self._texts = texts
        self._allowed = _PLAIN + _TEXT if texts else _PLAIN
        self._tokens = Tokens(source, (), ())
        self._places: dict[str, int] = {}
        self._count = 0

    def parsed(self, parse: Callable[[Parser], nodes.Node]) -> Parsed:
        if len(self._source) > LONGEST_SOURCE:
            raise ExpressionError(
                f"表达式超过 {LONGEST_SOURCE} 个字符。", f"The expression is longer than {LONGEST_SOURCE} characters."
            )
        if not self._source.strip():
            raise ExpressionError(
                "表达式是空的。",
                "The expression is empty.",
                0,
                remedy=Said("请写出内容，或删去这一项。", "Write one, or remove the key."),
            )
        try:
            self._tokens = tokens_of(self._environment, self._source, texts=self._texts)
            self._source = self._tokens.source
            parser = Parser(self._environment, "")
            parser.stream = self._tokens.stream()
            return Parsed(self._node(parse(parser), 0), self._places)
        except TemplateSyntaxError as error:
            raise self._syntax(error) from None
        except RecursionError:
            raise too_complex() from None

    def _node(self, node: nodes.Node, depth: int) -> nodes.Node:
        """The node as it is compiled; its children are checked and put in place."""
        self._count += 1
        if depth > DEEPEST or self._count > MOST_NODES:
            raise too_complex()
        if isinstance(node, nodes.Const | nodes.TemplateData):
            return self._constant(node)
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            return self._path(node, forgiving=False)
        if isinstance(node, nodes.Filter | nodes.Test):
            return self._call(node, depth)
        if isinstance(node, nodes.CondExpr):
            self._need_else(node)
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

    def _need_else(self, node: nodes.CondExpr) -> None:
        if node.expr2 is None:
            raise self._error(
                "“if” 之后还要写 “else”。",
                "“if” needs an “else”.",
                "if",
                node.lineno,
                Said("例如 'a' if urgent else 'b'。", "For example 'a' if urgent else 'b'."),
            )

    def _constant(self, node: nodes.Const | nodes.TemplateData) -> nodes.Node:
        value = node.data if isinstance(node, nodes.TemplateData) else node.value
        if isinstance(value, int | float) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            raise ExpressionError("数字过大。", "The number is too large.", node.lineno)
        # an escape such as '\\x00' would smuggle in what no source may hold
        if isinstance(value, str) and (hidden := REFUSED_CHARACTERS.search(value)):
            code = f"U+{ord(hidden[0]):04X}"
            raise ExpressionError(
                f"这里有不能使用的字符（{code}）。",
                f"There is a character here that is not allowed ({code}).",
                node.lineno,
                remedy=Said("请删去。", "Remove it."),
            )
        if isinstance(node, nodes.Const) and not (value is None or isinstance(value, bool | int | float | str)):
            raise self._not_allowed(node)
        return node

    def _call(self, node: nodes.Filter | nodes.Test, depth: int) -> nodes.Node:
        what = Said("函数", "function") if isinstance(node, nodes.Filter) else Said("判断", "test")
        known = FILTERS if isinstance(node, nodes.Filter) else TESTS
        place = self._tokens.find(node.name.split(".")[0], node.lineno)
        position = place.offset if place else node.lineno
        if node.name not in known:
            raise unknown_word(node.name, known, what, position)
        fewest, most = ARGUMENTS.get(node.name, (0, 0))
        if node.kwargs or node.dyn_args or node.dyn_kwargs or not fewest <= len(node.args) <= most:
            raise wrong_arguments(node.name, fewest, most, position)
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
        names = [name for name, _ in steps]
        for end, (_, offset) in enumerate(steps, 1):
            self._places.setdefault(".".join(names[:end]), offset)
        built: nodes.Expr = nodes.ContextReference() if forgiving else nodes.Name(names[0], "load")
        for name in names if forgiving else names[1:]:
            built = nodes.Getitem(built, nodes.Const(name), "load") if forgiving else nodes.Getattr(built, name, "load")
        built.set_lineno(steps[0][1])
        return built

    def _steps(self, node: nodes.Expr) -> list[tuple[str, int]]:
        """The names of a path, each with its offset."""
        steps: list[tuple[str, int]] = []
        while not isinstance(node, nodes.Name):
            if isinstance(node, nodes.Getattr):
                place = self._tokens.find(node.attr, node.lineno)
                offset = place.offset if place else node.lineno
                steps.append((self._name(node.attr, _NAME, offset), offset))
            elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
                # behind the quote
                offset = node.arg.lineno + 1
                steps.append((self._name(node.arg.value, _KEY, offset), offset))
            else:
                raise self._not_allowed(node)
            node = node.node
            if len(steps) > DEEPEST or not isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
                raise self._not_allowed(node)
        if node.ctx != "load" or node.name in _RESERVED:
            raise refused_name(node.name, node.lineno)
        return [(self._name(node.name, _NAME, node.lineno), node.lineno), *reversed(steps)]

    def _name(self, name: object, pattern: re.Pattern[str], position: int) -> str:
        if not isinstance(name, str) or not pattern.fullmatch(name):
            raise refused_name(str(name), position)
        return name

    def _not_allowed(self, node: nodes.Node) -> ExpressionError:
        refused = next((REFUSED[kind] for kind in REFUSED if isinstance(node, kind)), None)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
            refused = REFUSED[nodes.Slice]
        if refused is None:
            message, remedy = OTHERWISE
            return self._error(*message, "", node.lineno, remedy)
        sign, message, remedy = refused
        return self._error(*message, sign, node.lineno, remedy)

    def _error(self, zh: str, en: str, sign: str, offset: int | None, remedy: Said) -> ExpressionError:
        """An error at the first such sign from an offset on, or at whatever begins there."""
        place = self._tokens.find(sign, offset or 0) or (self._tokens.at(offset) if offset is not None else None)
        if place is None:
            return ExpressionError(zh, en, remedy=remedy)
        return ExpressionError(zh, en, place.offset, max(1, len(place.text.rstrip())), remedy=remedy)

    def _syntax(self, error: TemplateSyntaxError) -> ExpressionError:
        typed = mistake(code_of(self._source, texts=self._texts), texts=self._texts)
        if typed:
            return typed
        place = self._tokens.at(error.lineno)
        return not_well_formed(error.message or "", error.lineno, len(place.text.rstrip()) if place else 1)
