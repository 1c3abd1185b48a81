"""Jinja2 in which a paper is filled: values are shown, chosen by and gone through, and nothing else can be done.

Jinja2's own sandbox lets methods be called and attributes of any object be read; a picture that stands in a paper leads to the whole program. Here
attributes are keys of plain dictionaries, nothing is called or calculated, and both the rounds and what comes out are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from docxtpl import InlineImage
from jinja2 import StrictUndefined, Template, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

#: All that a template may be made of. ``loop.index`` is the one name that is not a value.
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.For,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)
_FILTERS = frozenset({"default", "length"})
_LOOP = frozenset({"index", "first", "last", "length"})
#: So many rounds may one paper take, all loops together, and so many characters of XML may come out of one part of it.
MOST_ROUNDS, LONGEST = 20_000, 40_000_000


class RefusedTemplate(SecurityError):
    """A template uses something that papers may not use."""


class TooMuch(SecurityError):
    """A paper would be longer than anybody reads."""


class CountedList(list[Any]):
    """A list of a paper's values: whoever goes through it spends rounds of the paper's."""

    def __init__(self, values: list[Any], rounds: list[int]) -> None:
        super().__init__(values)
        self._rounds = rounds

    def __iter__(self) -> Iterator[Any]:
        for one in super().__iter__():
            self._rounds[0] -= 1
            if self._rounds[0] < 0:
                raise TooMuch("too many rounds")
            yield one


class _Bounded(Template):
    """A template that ends where it would come out too long."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        made: list[str] = []
        left = LONGEST
        for part in self.generate(*args, **kwargs):
            left -= len(part)
            if left < 0:
                raise TooMuch("too long")
            made.append(part)
        return "".join(made)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one paper; what is written in it is looked through before anything is rendered."""

    template_class = _Bounded
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=_shown, auto_reload=False)
        self.globals.clear()
        filters, tests = dict(self.filters), dict(self.tests)
        self.filters.clear()
        self.filters.update({name: filters[name] for name in _FILTERS})
        self.tests.clear()
        self.tests.update({name: tests[name] for name in ("eq", "ne", "lt", "gt", "le", "ge")})

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        tree = self.parse(source) if isinstance(source, str) else source
        refuse_unsafe(tree)
        return super().compile(tree, *args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        # what is not there is told by its own name, however far a template goes on from it
        return obj if isinstance(obj, Undefined) else self.undefined(name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.undefined(name=str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def refuse_unsafe(tree: nodes.Template) -> None:
    """``RefusedTemplate`` for one that is made of more than values, choices and lists gone through."""
    for node in tree.find_all(nodes.Node):
        if (offence := unsafe(node)) is not None:
            raise RefusedTemplate(offence)


def unsafe(node: nodes.Node) -> str | None:
    """What papers may not use, if this is it."""
    if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
        return type(node).__name__
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return f"|{node.name}"
    return node.attr if isinstance(node, nodes.Getattr) and node.attr.startswith("_") else None


def _shown(value: Any) -> Any:
    """What is printed: texts, numbers and pictures; nothing for what is absent."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | InlineImage | Undefined):
        raise RefusedTemplate(f"{type(value).__name__} in the place of a text")
    return value
