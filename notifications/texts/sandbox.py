"""Jinja2 with nearly everything taken away: templates show values and choose by them, and can do nothing else.

Jinja2's own sandbox stops escapes, but no denial of service, and lets methods of plain values be called. Here nothing can be
called, calculated, repeated or joined, so a template ends at once and its output is bounded by its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

#: All that a template may be made of.
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Block,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
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


class Refused(SecurityError):
    """A template uses something that messages may not use; the words say what and where."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Attributes are keys of plain dictionaries, and nothing can be called."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        raise Refused("messages do not calculate")

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        raise Refused("messages do not calculate")

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def sandbox(loader: BaseLoader, *, html: bool) -> ImmutableSandboxedEnvironment:
    """An environment for plain text, or for HTML with every value escaped."""
    made = _Sandbox(
        loader=loader,
        autoescape=html,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.clear()
    made.filters.clear()
    made.filters.update({"lines": _lines, "quoted": _quoted, "listed": _listed, "linked": _linked})
    made.tests.clear()
    return made


def refuse_unsafe(ast: nodes.Template, name: str) -> None:
    """Raise ``Refused`` for a template made of more than values, blocks and choices."""
    for node in ast.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            raise Refused(f"{name}, line {node.lineno}: messages may not use {type(node).__name__}")


def _shown(value: Any) -> Any:
    """What is printed: text and numbers, and nothing for what is absent."""
    if value is None:
        return ""
    if isinstance(value, str | int | Undefined):
        return value
    raise Refused(f"messages show text, not {type(value).__name__}")


def _lines(value: str) -> Markup:
    """Text of several lines, for HTML."""
    return Markup("<br>\n").join(escape(line) for line in value.splitlines())


def _quoted(value: str) -> str:
    """Text of several lines, each marked as somebody's words, for plain text."""
    return "\n".join(f"> {line}".rstrip() for line in value.splitlines())


def _listed(entries: Sequence[Mapping[str, str]]) -> str:
    """Entries of a number, a subject, what is the matter and a link, for plain text: numbered, with an empty line between them."""
    return "\n\n".join(
        f"{place}. {one['number']} {one['subject']}\n   {one['what']}\n   {one['link']}"
        for place, one in enumerate(entries, start=1)
    )


def _linked(entries: Sequence[Mapping[str, str]]) -> Markup:
    """The same for HTML: number and subject are the link."""
    line = Markup(
        '<li style="margin:0 0 12px;overflow-wrap:anywhere"><a href="{link}" style="color:#0b5cad">{number} {subject}</a><br>\n{what}</li>'
    )
    return Markup("\n").join(line.format_map(one) for one in entries)
