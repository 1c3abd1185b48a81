"""The one expression language of the house: guards, computed values and texts.

Jinja2's syntax, parsed at load under an allow-list and compiled once under Jinja2's sandbox. An expression sees the plain
values that it is given and nothing else: no globals, no functions, no attributes of objects. It ends, quickly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NoReturn, cast

from jinja2 import nodes
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from definitions.expressions.arithmetic import ARITHMETIC
from definitions.expressions.error import ExpressionError, Missing
from definitions.expressions.functions import FILTERS, TESTS
from definitions.expressions.refusals import missing_name, too_complex
from definitions.expressions.syntax import parse_expression, parse_text
from definitions.expressions.values import MISSING, bounded_result, bounded_text, kind, shown

__all__ = ["Expression", "ExpressionError", "Template"]

Values = Mapping[str, object]


class _Undefined(Undefined):
    """Jinja2 makes one when a name is not there; making one is already the error."""

    def __init__(self, hint: object = None, obj: object = None, name: object = None, exc: object = None) -> None:
        raise Missing(str(name))


class _Environment(ImmutableSandboxedEnvironment):
    """Attributes are those of plain dictionaries, arithmetic is bounded, and nothing can be called."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        return ARITHMETIC[operator](left, right)

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        return ARITHMETIC[operator](0, arg)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A step of a path that must lead somewhere."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        raise Missing(attribute, obj if isinstance(obj, dict) else None)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A step of a path that may lead nowhere; the syntax check makes these for ``default`` and ``is defined``."""
        if isinstance(obj, Context):
            return obj.parent.get(argument, MISSING)
        return obj.get(argument, MISSING) if isinstance(obj, dict) else MISSING

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Let the error through; Jinja2 would compile a traceback for it first."""
        raise


#: Where a value was empty, in a text whose sentences are told apart; no text that is kept holds it (private use).
_GAP = "\ue000"
_marks_gaps: ContextVar[bool] = ContextVar("marks_gaps", default=False)
#: A sentence, with the mark that ends it: of Chinese wherever it stands, of English before a blank.
_SENTENCE = re.compile(r".+?(?:[。！？；\n]+[”）』」]?|[.!?;](?=\s|$)|$)", re.DOTALL)


def _shown(value: object) -> str:
    return _GAP if value is None and _marks_gaps.get() else shown(value)


def _environment() -> _Environment:
    environment = _Environment(undefined=_Undefined, keep_trailing_newline=True, optimized=False, cache_size=0)
    environment.globals.clear()
    environment.filters.clear()
    environment.filters.update(FILTERS)
    environment.tests.clear()
    environment.tests.update(TESTS)
    environment.finalize = _shown
    return environment


_ENVIRONMENT = _environment()
_RESULT = "result"
#: How all of them run; nothing that the syntax allows changes it.
_AS_EVER = EvalContext(_ENVIRONMENT)


class _Running(Context):
    """What one run reads and writes, made without what only templates of several blocks need."""

    def __init__(self, values: Values) -> None:
        self.parent = cast(dict[str, Any], values)
        self.vars = {}
        self.environment = _ENVIRONMENT
        self.eval_ctx = _AS_EVER
        self.exported_vars = set()
        self.name = None
        self.globals_keys = set()
        self.blocks = {}


Render = Callable[[Context], Any]


class _Compiled:
    """What expressions and texts have in common: a source, the names that it reads, and a compiled function.

    ``names`` are paths with every step, ``places`` where each first stands in the source (offsets from 0).
    """

    __slots__ = ("_render", "names", "places", "source")

    source: str
    names: frozenset[str]
    places: Mapping[str, int]
    _render: Render

    def __init__(self, source: str, places: Mapping[str, int], render: Render) -> None:
        values = (("source", source), ("names", frozenset(places)), ("places", places), ("_render", render))
        for slot, value in values:
            object.__setattr__(self, slot, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Compiled) and type(other) is type(self) and other.source == self.source

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.source))

    def _failed(self, error: Exception, values: Values) -> ExpressionError:
        """What went wrong, in words."""
        if isinstance(error, ExpressionError):
            return error
        if isinstance(error, Missing):
            return self._missing(error, values)
        return ExpressionError(
            "表达式里的值类型不合（也许有一项还没有填写），无法比较或计算。",
            "The values cannot be compared or calculated with (perhaps one is not filled in yet).",
        )

    def _missing(self, error: Missing, values: Values) -> ExpressionError:
        known = [name for name in (values if error.known is None else error.known) if isinstance(name, str)]
        places = (place for path, place in self.places.items() if path == error.name or path.endswith(f".{error.name}"))
        return missing_name(error.name, self.source, next(places, None), known)


class Expression(_Compiled):
    """A parsed expression; equal to another of the same source."""

    __slots__ = ()

    @staticmethod
    def parse(source: str) -> Expression:
        """The expression of a source text; ``ExpressionError`` if it is none, or does what is not allowed."""
        return _expression(source)

    def evaluate(self, context: Values) -> object:
        """The value in this context of plain values; ``ExpressionError``, and nothing else, if there is none."""
        try:
            running = _Running(context)
            for _ in self._render(running):
                pass
            value = running.vars[_RESULT]
        except Exception as error:
            raise self._failed(error, context) from None
        return bounded_result(value)

    def test(self, context: Values) -> bool:
        """Whether the guard holds; ``ExpressionError`` if it gives anything but true or false."""
        value = self.evaluate(context)
        if value is True or value is False:
            return bool(value)
        raise ExpressionError(
            f"条件应得出“是”或“否”，这里得出的是{kind(value, 'zh')}。",
            f"A condition must give true or false; this one gives {kind(value, 'en')}.",
        )

    def __reduce__(self) -> tuple[Callable[[str], Expression], tuple[str]]:
        return Expression.parse, (self.source,)


class Template(_Compiled):
    """A parsed text with expressions in it, such as ``{{ station.code }}-{{ sequence | pad(5) }}``."""

    __slots__ = ()

    @staticmethod
    def parse(source: str) -> Template:
        """The text of a source; ``ExpressionError`` if it holds more than ``{{ expression }}`` and ``{% if %}``."""
        return _template(source)

    def render(self, context: Values) -> str:
        """The text in this context of plain values, not escaped for any markup; ``ExpressionError`` if there is none."""
        text = ""
        try:
            for part in self._render(_Running(context)):
                text = bounded_text(text + part)
        except Exception as error:
            raise self._failed(error, context) from None
        return text

    def sentences(self, context: Values) -> str:
        """The text without the sentences in which a value is empty; ``ExpressionError`` as of ``render``."""
        token = _marks_gaps.set(True)
        try:
            text = self.render(context)
        finally:
            _marks_gaps.reset(token)
        if _GAP not in text:
            return text
        return "".join(one for one in _SENTENCE.findall(text) if _GAP not in one).strip()

    def __reduce__(self) -> tuple[Callable[[str], Template], tuple[str]]:
        return Template.parse, (self.source,)


@lru_cache(maxsize=2048)
def _expression(source: str) -> Expression:
    parsed = parse_expression(_ENVIRONMENT, source)
    assignment = nodes.Assign(nodes.Name(_RESULT, "store"), parsed.tree, lineno=1)
    return Expression(source, parsed.places, _compiled(nodes.Template([assignment], lineno=1)))


@lru_cache(maxsize=2048)
def _template(source: str) -> Template:
    parsed = parse_text(_ENVIRONMENT, source)
    return Template(source, parsed.places, _compiled(cast(nodes.Template, parsed.tree)))


def tree_of(compiled: Expression | Template) -> nodes.Node:
    """The tree of a source, made anew, for those who look at it without running it; a node's line is its offset in the source."""
    parse = parse_expression if isinstance(compiled, Expression) else parse_text
    return parse(_ENVIRONMENT, compiled.source).tree


def _compiled(tree: nodes.Template) -> Render:
    tree.set_environment(_ENVIRONMENT)
    try:
        return _ENVIRONMENT.from_string(tree).root_render_func
    except (RecursionError, MemoryError, SyntaxError):
        raise too_complex() from None
