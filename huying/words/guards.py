"""Guards in words: a common one as a reader would say it, any other as it is written, with the titles of its fields."""

from __future__ import annotations

import re

from definitions.expressions.expression import Expression
from definitions.model.definition import Definition
from definitions.model.step import Branch
from definitions.text import COLON, Said, words
from huying.locale import translations

_IS = re.compile(r"^\s*(\w+)\s*==\s*'([^']*)'\s*$")
_IS_FILLED = re.compile(r"^\s*(\w+)\s+is\s+filled\s*$")
#: A name in an expression: not in quotes, not after a point.
_NAME = re.compile(r"'[^']*'|(?<![.\w])[A-Za-z_]\w*")


def guard_words(definition: Definition, guard: Expression, language: str) -> str:
    """The condition for readers of a language."""
    _ = translations(language).gettext
    source = str(guard)
    named = _IS.match(source) or _IS_FILLED.match(source)
    field = definition.data.get(named[1]) if named else None
    if named is None or field is None:
        return _with_titles(definition, source, language)
    title = words(field.title, language, named[1])
    if named.re is _IS_FILLED:
        return _("%(field)s is filled in") % {"field": title}
    value = words(field.options.get(named[2]), language, named[2])
    return _("%(field)s: %(value)s") % {"field": title, "value": value}


def _with_titles(definition: Definition, source: str, language: str) -> str:
    """An expression with the titles of fields where it names them; what stands in quotes stays."""
    titles = {name.replace("-", "_"): words(field.title, language, name) for name, field in definition.data.items()}
    return _NAME.sub(lambda found: titles.get(found[0], found[0]), source)


def branch_words(definition: Definition, branch: Branch, language: str, between: str) -> tuple[str, ...]:
    """The conditions of a branch: its guard, and each cell of its row, with this ``between`` the values of a cell."""
    guard = (guard_words(definition, branch.when, language),) if branch.when else ()
    return (*guard, *(_cell(definition, name, value, language, between) for name, value in branch.if_.items()))


def _cell(definition: Definition, name: str, value: object, language: str, between: str) -> str:
    field = definition.data.get(name)
    options = field.options if field else {}
    several = value if isinstance(value, list | tuple) else [value]
    said = between.join(words(options.get(str(one)), language, _value(one, language)) for one in several)
    return f"{words(field.title if field else None, language, name)}{COLON.of(language)}{said}"


def _value(value: object, language: str) -> str:
    if isinstance(value, bool):
        return (Said("是", "yes") if value else Said("否", "no")).of(language)
    return str(value)
