"""Attacks on expressions: time, memory, length, and ways out; each is refused with words, or ends at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.expressions.expression import Expression, ExpressionError, Template
from definitions.expressions.functions import FILTERS, TESTS
from tests.effort import Done, modest
from tests.examples import examples

ISSUE: dict[str, object] = {
    "category": "lighting",
    "stars": 2,
    "urgent": True,
    "reply": None,
    "areas": ["思明", "湖里"],
    "subject": "  路灯不亮 ",
    "amount": 2.5,
    "result": "solved",
    "station": {"code": "XG", "level": {"name": "street"}},
}


#: Calls that an expression may make, from its source to its value; the dearest that is allowed makes about half of them.
MOST_CALLS = 3_000_000


def quick(do: Callable[[], Done]) -> Done:
    """What comes of something that may not do more than that."""
    return modest(do, MOST_CALLS)


ATTACKS = [
    # too much memory or time
    "'a' * 2000000000",
    "2000000000 * 'a'",
    "[1] * 2000000000",
    "stars * category",
    "2 ** 1000000000",
    "10 ** 10 ** 10",
    "'%0500000000d' % 1",
    "'%s' % category",
    "category.center(900000000)",
    "'{:>900000000}'.format(1)",
    "'{0.__class__}'.format(1)",
    "category | format(1)",
    "category | center(900000000)",
    "range(10 ** 9)",
    "range(9) | list",
    "lipsum(1000)",
    "cycler(1)",
    "category ~ category",
    "stars | pad(1000000)",
    "stars | pad(-1)",
    "1e999",
    "9" * 400,
    "1000000000000000000 * 1000000000000000000",
    "7 // 2",
    "7 % 2",
    "areas | map('upper') | list",
    "areas | join(areas)",
    "category | replace('l', 'llllllllllllllll')",
    "category | regex_replace('(a+)+$', 'b')",
    "category is match('(a+)+$')",
    "category | map(attribute='__class__')",
    "areas | sort",
    "areas | groupby('__class__')",
    "category | tojson",
    "category | xmlattr",
    "(a for a in areas)",
    "1" + " + 1" * 400,
    "1 * 9" + " * 9" * 400,
    "urgent" + " and urgent" * 250,
    "urgent if urgent else " * 80 + "urgent",
    "'" * 1999,
    '"' + "\\\\" * 900,
    "1_" * 900 + "1",
    "0x" + "f" * 1900,
    "1e" + "9" * 1900,
    "9" * 1990,
    "{{" * 900,
    "#" * 1900,
    "'\\x00'",
    "'\\x1b[31m'",
    "'\\u202e'",
    "'\\ud800'",
    "'\\N{RIGHT-TO-LEFT OVERRIDE}'",
    "station['" + "k" * 1000 + "']",
    "station['a' + 'b']",
    "station[category]",
    'times["__class__"]',
    "\u0660\u0661 + 1",
    "lambda x: x",
    "stars is defined is defined",
    "stars | default(__import__)",
    "1.real",
    "areas, areas",
    "category | indent(900000)",
    "category | wordwrap(1)",
    "category[0:1]",
    "category[::-1]",
    "[x for x in areas]",
    "+".join(["stars"] * 600),
    "(" * 900 + "1" + ")" * 900,
    "not " * 400 + "urgent",
    "-" * 900 + "1",
    "[" * 300 + "]" * 300,
    "stars if " * 150 + "1",
    "a" + ".a" * 900,
    "category" + " | upper" * 200,
    "category == '" + "x" * 2000 + "'",
    # ways out
    "category.__class__",
    "category['__class__']",
    "category['__cl' + 'ass__']",
    "station | attr('__class__')",
    "station._secret",
    "_",
    "__import__('os')",
    "''.__class__.__mro__[1].__subclasses__()",
    "self",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "super()",
    "caller()",
    "loop",
    "varargs",
    "context",
    "environment",
    "namespace()",
    "dict(a=1)",
    "joiner()",
    "url_for.__globals__",
    "station.items()",
    "station.keys",
    "station.update({'a': 1})",
    "areas.append(1)",
    "areas.append",
    "category.upper",
    "category()",
    "{'a': 1}",
    "{'a': 1}.a",
    "lambda: 1",
    "stars := 3",
    "stars = 3",
    "urgent; urgent",
    "urgent }} {{ urgent",
    "urgent %} {% set x = 1",
    "{{ urgent }}",
    "f'{stars}'",
    "category is sameas(category)",
    "category is callable",
    "stars is divisibleby(0)",
    "areas is defined(1)",
    "areas | join(attribute='__class__')",
    "areas | join(*areas)",
    "areas | join(**station)",
    "category | upper(1)",
    "category | default",
    "category | default(1, 2)",
    "category | default(self)",
    "category | default(value=1)",
    "self is defined",
    "self | default(1)",
    "_x is defined",
    "station.__class__ is defined",
    "station.__class__ | default(1)",
    "ｓｅｌｆ",
    "e\u0301tat",
    # nothing at all
    "",
    "   ",
    "and",
    "1 +",
    "stars == ",
    "'open",
    "(1",
    "1)",
    "\x00",
    "'\\d' == category or",
    "urgent if urgent",
    "!urgent",
    "urgent && urgent",
    "category = 'lighting'",
    "category == “lighting”",
]


@pytest.mark.parametrize("source", ATTACKS, ids=lambda source: repr(source[:30]))
def test_an_attack_is_refused_with_words_and_at_once(source: str) -> None:
    def attack() -> ExpressionError:
        with pytest.raises(ExpressionError) as refused:
            Expression.parse(source).evaluate(ISSUE)
        return refused.value

    refused = quick(attack)
    for texts in (refused.message, refused.remedy):
        assert texts["zh"]
        assert texts["en"]
        assert len(texts["zh"]) + len(texts["en"]) < 1000


def _nested(around: Callable[[Any], Any], levels: int) -> Any:
    inner: Any = "innermost"
    for _ in range(levels):
        inner = around(inner)
    return inner


#: As much as an issue can hold, and values that no form lets in.
LARGE: dict[str, Any] = {
    "text": "x" * 20_000,
    "doubled": "ab" * 10_000,
    "wide": "\u0390" * 9_000,
    "list": ["y" * 18] * 1_000,
    "longer": ["z"] * 1_001,
    "rows": [{"v": 1.5, "n": 10**18, "s": "t" * 1_000}] * 1_000,
    "huge": 10**5_000,
    "tiny": 1e-300,
    "double": 1e308,
    "nan": float("nan"),
    "infinite": float("inf"),
    "last_day": "9999-12-31",
    "deep": _nested(lambda inner: [inner], 5_000),
    "nest": _nested(lambda inner: {"k": inner}, 200),
    "urgent": True,
}


@pytest.mark.parametrize(
    "source",
    [
        "[" + ", ".join(["rows | sum('v')"] * 95) + "] | sum",
        "[" + ", ".join(["rows | max('s')"] * 95) + "] | length",
        "[" + ", ".join(["list | join"] * 130) + "] | length",
        "[" + ", ".join(["text | upper"] * 130) + "] | length",
        "[" + ", ".join(["text in doubled"] * 90) + "] | length",
        "[" + ", ".join(["'abababababababac' in doubled"] * 60) + "] | length",
        "[" + ", ".join(["rows | column('s')"] * 90) + "] | first | length",
        "[" + ", ".join(["'2026-02-11' | plus_days(1)"] * 65) + "] | length",
        "text" + " | upper | lower" * 17,
        "text" + " == text" * 150,
        "1" + " + 1" * 38,
        "(" * 39 + "1" + ")" * 39,
        "'" + "\\x41" * 400 + "'",
        "nest" + ".k" * 39,
        "0.1 + 0.2 == 0.3",
        "tiny | round(10)",
        "1000000000000000000 | round(10)",
        "deep | first | length",
    ],
    ids=lambda source: repr(source[:40]),
)
def test_as_much_as_is_allowed_ends_at_once(source: str) -> None:
    quick(lambda: Expression.parse(source).evaluate(LARGE))


@pytest.mark.parametrize(
    "source",
    [
        "text + text",
        "text + text == text",
        "list | join(text)",
        "[text, text] | join",
        "[text, text]",
        "wide | upper",
        "longer",
        "longer | join",
        "longer | first",
        "longer | count",
        "rows | sum('n')",
        "rows | sum('s')",
        "rows | column(text)",
        "huge",
        "huge + 1",
        "huge | pad(20)",
        "huge | money",
        "[huge] | max",
        "double * 10",
        "double | round",
        "-double",
        "nan | round",
        "nan + 1",
        "[nan, 1] | max",
        "infinite | money",
        "infinite - infinite",
        "1 | round(11)",
        "1 | round(-1)",
        "1 | round(true)",
        "last_day | plus_days(1)",
        "'2026-02-11' | plus_days(1000000000)",
        "'2026-02-11' | plus_days(-36600) | plus_days(-36600) | plus_days(-36600) | plus_days(-36600) | plus_days(-36600)"
        + " | plus_days(-36600)" * 20,
        "'0000-00-00' | year",
        "'2026-02-30' | month",
        "'2026-W07-3' | day",
        "'٢٠٢٦-02-11' | day",
        "'2026-02-11T' | day",
        "deep | join",
        "nest" + ".k" * 300,
    ],
    ids=lambda source: repr(source[:40]),
)
def test_more_than_that_is_refused_at_once(source: str) -> None:
    def attack() -> None:
        with pytest.raises(ExpressionError):
            Expression.parse(source).evaluate(LARGE)
        with pytest.raises(ExpressionError):
            Template.parse(f"{{{{ {source} }}}}").render(LARGE)

    quick(attack)


@pytest.mark.parametrize(
    "source",
    [
        "{% for x in areas %}{{ x }}{% endfor %}",
        "{% set x = 1 %}",
        "{% set x %}a{% endset %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block a %}{% endblock %}",
        "{% macro a() %}{% endmacro %}",
        "{% call a() %}{% endcall %}",
        "{% filter upper %}a{% endfilter %}",
        "{% with a = 1 %}{% endwith %}",
        "{% do 1 %}",
        "{% if urgent %}{% for x in areas %}{% endfor %}{% endif %}",
        "{% if urgent %}a",
        "{{ self }}",
        "{{ 'a' * 100 }}",
        "{{ lipsum() }}",
        "{{ category ~ category }}",
        "{% if urgent %}" * 60 + "{% endif %}" * 60,
        "{{ }}",
        "{{ nothing }}",
        "{{ areas }}",
        "{{ station }}",
        "{{ category",
        "x" * 2001,
        "{{ '\\x00' }}",
        "a\x00b",
        "{% if urgent %}{{ category }}" * 45 + "{% endif %}" * 45,
        "{% raw %}" * 200,
        "{#" * 900,
        "{{" * 900,
        "{%" * 900,
        "{% if urgent %}a" + "{% elif urgent %}b" * 120 + "{% endif %}",
    ],
    ids=lambda source: repr(source[:30]),
)
def test_a_text_holds_values_and_conditions_only(source: str) -> None:
    with pytest.raises(ExpressionError):
        Template.parse(source).render(ISSUE)


def test_results_are_bounded() -> None:
    long = {"a": "x" * 15_000, "b": ["y" * 9_000] * 3, "c": "z" * 20_001, "d": "\u0390" * 9_000}
    for source in ("a + a", "b | join", "c", "c | trim", "d | upper", "a + a == a", "c | lower | length > 1"):
        with pytest.raises(ExpressionError):
            Expression.parse(source).evaluate(long)
    with pytest.raises(ExpressionError):
        Template.parse("{{ a }}" * 200).render(long)


def test_objects_are_closed_even_if_somebody_passes_one_in() -> None:
    class Open:
        secret = "secret"

        def __call__(self) -> str:
            raise AssertionError("called")

        __html__ = __call__

    for source in ("thing.secret", "thing.secret | default('no')", "thing()", "thing | length", "thing + 1", "-thing"):
        try:
            assert Expression.parse(source).evaluate({"thing": Open()}) == "no"
        except ExpressionError:
            continue
    with pytest.raises(ExpressionError):
        Template.parse("{{ thing }}").render({"thing": Open()})


NAMES = st.sampled_from(["a", "b", "c", "d", "missing", "d.x", "d.y.z", "d['x']", "result", "self", "_p"])
LITERALS = st.sampled_from(["1", "0", "-3", "2.5", "'t'", "''", "true", "none", "[]", "[1, 'b']", "1000000000000"])
BINARY = ["+", "-", "*", "/", "==", "!=", "<", ">=", "in", "not in", "and", "or", "~", "**", "%", "//"]
SUFFIX = [
    f" | {name}"
    for name in [
        *FILTERS,
        "pad(3)",
        "default(1)",
        "join('-')",
        "pad(b)",
        "sum('x')",
        "max('y')",
        "count('x', 1)",
        "column('x')",
        "plus_days(c)",
        "days_between(a)",
        "round(2)",
    ]
] + [f" is {n}" for n in TESTS]


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda a, op, b: f"({a}) {op} ({b})", inner, st.sampled_from(BINARY), inner),
        st.builds(lambda a, s: f"({a}){s}", inner, st.sampled_from(SUFFIX)),
        st.builds(lambda a, b, c: f"({a} if {b} else {c})", inner, inner, inner),
        st.builds(lambda a: f"not ({a})", inner),
        st.builds(lambda a, b: f"[{a}, {b}]", inner, inner),
    )


EXPRESSIONS = st.recursive(NAMES | LITERALS, _grow, max_leaves=12)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.dates(),
    st.lists(st.integers() | st.text()),
    st.lists(st.fixed_dictionaries({"x": st.none() | st.integers() | st.floats() | st.text(), "y": st.text()})),
    st.dates().map(str),
)
CONTEXTS = st.fixed_dictionaries(
    {"a": SCALARS, "b": SCALARS, "c": SCALARS, "d": st.fixed_dictionaries({"x": SCALARS, "y": SCALARS})}
)


class Watched(dict[str, Any]):
    """Notes every path that is read."""

    def __init__(self, values: dict[str, Any], seen: set[str], path: str = "") -> None:
        super().__init__({k: Watched(v, seen, f"{path}{k}.") if isinstance(v, dict) else v for k, v in values.items()})
        self._seen, self._path = seen, path

    def __getitem__(self, key: str) -> Any:
        self._seen.add(self._path + key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._seen.add(self._path + key)
        return super().get(key, default)


@examples(400)
@given(EXPRESSIONS, CONTEXTS)
def test_nothing_but_expression_errors_and_nothing_read_that_is_not_named(source: str, values: dict[str, Any]) -> None:
    seen: set[str] = set()
    try:
        parsed = Expression.parse(source)
    except ExpressionError:
        return
    with contextlib.suppress(ExpressionError):
        parsed.evaluate(Watched(values, seen))
    assert seen <= parsed.names


@examples(400)
@given(st.text(alphabet="ab.|()[]{}'\"%#~*/+-<>=! \\\n01eif_andorslt,:", max_size=60))
def test_any_text_is_an_expression_or_an_expression_error(source: str) -> None:
    for kind, use in ((Expression, "evaluate"), (Template, "render")):
        with contextlib.suppress(ExpressionError):
            getattr(kind.parse(source), use)({"a": 1, "b": "b"})


@examples(200)
@given(EXPRESSIONS, CONTEXTS)
def test_texts_give_texts_or_expression_errors(source: str, values: dict[str, Any]) -> None:
    try:
        text = Template.parse(f"<{{{{ {source} }}}}{{% if {source} %}}y{{% endif %}}>").render(values)
    except ExpressionError:
        return
    assert text.startswith("<")
