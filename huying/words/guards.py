"""Guards in words: a common one as a reader would say it, any other as it is written, with the titles of its fields."""

from __future__ import annotations

import re

from definitions.expressions.expression import Expression
from definitions.model.definition import Definition
from definitions.text import words
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
