"""Types of expressions: what comes out, and what cannot be right, found without running them."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.checks.expressions import problems_in, problems_in_condition
from definitions.expressions.expression import Expression, ExpressionError, Template
from definitions.expressions.functions import FILTERS, TESTS
from definitions.model.field import RESERVED, Field
from definitions.types.filters import FILTER_KINDS
from definitions.types.inference import condition_type, result_type
from definitions.types.kinds import HOUSE, NUMBERING, kinds_of
from tests.examples import examples

OPTIONS = {"lighting": {"zh": "照明", "en": "Lighting"}, "road": {"zh": "道路", "en": "Road"}}
FIELDS: dict[str, Any] = {
    "subject": {"type": "text"},
    "lead-unit": {"type": "department"},
    "stars": {"type": "integer"},
    "amount": {"type": "money"},
    "due": {"type": "date"},
    "visit": {"type": "date-time"},
    "urgent": {"type": "yes/no"},
    "category": {"type": "choice", "options": OPTIONS},
    "industry": {"type": "choice", "of": "industries"},
    "tags": {"type": "choices", "options": OPTIONS},
    "areas": {"type": "departments"},
    "place": {"type": "place"},
    "items": {
        "type": "table",
        "columns": {
            "name": {"type": "text"},
            "unit-price": {"type": "money"},
            "kind": {"type": "choice", "options": OPTIONS},
        },
    },
}
KINDS = kinds_of({name: Field.model_validate(field) for name, field in FIELDS.items()})


@pytest.mark.parametrize(
    ("source", "sort"),
    [
        ("subject", "text"),
        ("lead_unit", "text"),
        ("stars + 1", "number"),
        ("amount / 2 - stars * -1", "number"),
        ("subject + '。'", "text"),
        ("urgent and stars > 3 or not subject", "yes/no"),
        ("due", "date"),
        ("due | plus_days(5)", "date"),
        ("visit | plus_days(stars)", "date-time"),
        ("due | days_between(today)", "number"),
        ("visit | year", "number"),
        ("tags", "list"),
        ("tags | first", "text"),
        ("areas | join", "text"),
        ("items | sum('unit-price')", "number"),
        ("items | sum('unit_price')", "number"),
        ("items | max('name')", "text"),
        ("items | column('unit-price') | min", "number"),
        ("items | count('kind', 'road')", "number"),
        ("items | length", "number"),
        ("items | last", "record"),
        ("place", "record"),
        ("place.longitude", "number"),
        ("issue.opened_on", "date"),
        ("times['study.reply']", "number"),
        ("times.study + votes.agree + promises.open", "number"),
        ("rung.deputy", "text"),
        ("none", "empty"),
        ("stars if urgent else none", "number"),
        ("stars if urgent else subject", "unknown"),
        ("stars | default(0)", "number"),
        ("[1, 2] | sum", "number"),
        ("subject is filled", "yes/no"),
        ("'ight' in subject", "yes/no"),
        ("category == 'road' and category in ['road', 'lighting'] and 'road' in tags", "yes/no"),
        ("industry == 'law'", "yes/no"),
        ("due < today and due > '2026-02-11' and visit < '2026-02-11T10:00'", "yes/no"),
        ("due == none", "yes/no"),
        ("1 < stars <= 5", "yes/no"),
        ("nothing_known is none", "yes/no"),
    ],
)
def test_the_kind_of_what_comes_out_is_known(source: str, sort: str) -> None:
    typed = result_type(Expression.parse(source), {**KINDS, "nothing_known": KINDS["subject"]})
    assert typed.kind.sort == sort
    assert typed.mismatches == ()


@pytest.mark.parametrize(
    ("source", "rule", "meant", "remedy"),
    [
        ("subject == 3", "type-mismatch", "3", "quotes"),
        ("stars > '2'", "type-mismatch", "'2'", "quotes"),
        ("3 == subject", "type-mismatch", "3", "quotes"),
        ("1 < stars < '5'", "type-mismatch", "'5'", "quotes"),
        ("stars in [1, 2, '3']", "type-mismatch", "'3'", "quotes"),
        ("urgent > 1", "type-mismatch", "1", "one kind"),
        ("stars in urgent", "type-mismatch", "urgent", "list"),
        ("stars in subject", "type-mismatch", "stars", "list"),
        ("category == 'lightning'", "unknown-option", "'lightning'", "“lighting”"),
        ("'roda' == category", "unknown-option", "'roda'", "“road”"),
        ("category in ['road', 'x']", "unknown-option", "'x'", "lighting, road"),
        ("'x' in tags", "unknown-option", "'x'", "lighting, road"),
        ("items | count('kind', 'raod') > 1", "unknown-option", "'raod'", "“road”"),
        ("issue.stage == 'closur'", "unknown-option", "'closur'", "“closure”"),
        ("category == road", "unknown-name", "road", "quotes: 'road'"),
        ("catgory == 'road'", "unknown-name", "catgory", "“category”"),
        ("lead-unit is filled", "unknown-name", "lead-unit", "“lead_unit”"),
        ("subjetc is filled", "unknown-name", "subjetc", "“subject”"),
        ("issue.nmber == 'x'", "unknown-name", "nmber", "“number”"),
        ("place.adress == ''", "unknown-name", "adress", "“address”"),
        ("items | sum('unit-prize') > 3", "unknown-name", "'unit-prize'", "“unit_price”"),
        ("subject.name == 'a'", "type-mismatch", "name", "subject alone"),
        ("items.name == 'a'", "type-mismatch", "name", "items | column('name')"),
        ("due == '11.2.2026'", "type-mismatch", "'11.2.2026'", "'2026-02-11'"),
        ("due + 5 == today", "type-mismatch", "due", "plus_days"),
        ("today - due > 3", "type-mismatch", "today", "days_between"),
        ("subject + stars == 'a'", "type-mismatch", "subject", "{{ a }}{{ b }}"),
        ("items + 1 == 2", "type-mismatch", "items", "sum"),
        ("-subject == 1", "type-mismatch", "subject", "number"),
        ("stars | upper == 'A'", "type-mismatch", "upper", "a text"),
        ("items | sum > 3", "type-mismatch", "sum", "unit_price"),
        ("items | sum('name') > 3", "type-mismatch", "sum", "another column"),
        ("areas | sum('name') > 3", "type-mismatch", "sum", "without brackets"),
        ("due | plus_days('3') == today", "type-mismatch", "plus_days", "a number"),
        ("stars and urgent", "type-mismatch", "stars", "comparison"),
        ("urgent or subject | trim", "type-mismatch", "subject", "comparison"),
        ("stars", "not-a-condition", "stars", "comparison"),
        ("subject | length", "not-a-condition", "subject | length", "comparison"),
    ],
)
def test_what_cannot_be_right_is_found_at_its_place(source: str, rule: str, meant: str, remedy: str) -> None:
    found = condition_type(Expression.parse(source), KINDS).mismatches
    assert [mismatch.rule for mismatch in found] == [rule]
    (mismatch,) = found
    assert source[mismatch.position : mismatch.position + mismatch.length] == meant
    assert remedy in mismatch.remedy["en"]
    assert mismatch.message["zh"]
    assert mismatch.remedy["zh"]


def test_all_faults_are_found_in_the_order_of_the_text() -> None:
    text = Template.parse(
        "{{ items }}{% if urgnt %}{{ issue }}{% else %}{{ stars + 'a' }}{% endif %}{{ areas | join }}"
    )
    found = result_type(text, KINDS).mismatches
    assert [(one.rule, text.source[one.position : one.position + one.length]) for one in found] == [
        ("type-mismatch", "items"),
        ("unknown-name", "urgnt"),
        ("type-mismatch", "issue"),
        ("type-mismatch", "'a'"),
    ]


def test_checks_get_them_as_problems() -> None:
    guard = Expression.parse("stars + 1")
    assert list(problems_in(("fields", "sum", "compute"), guard, KINDS)) == []
    (problem,) = problems_in_condition(("intake", "register", "when"), guard, KINDS)
    assert (problem.rule, problem.path, problem.position, problem.length) == (
        "not-a-condition",
        ("intake", "register", "when"),
        0,
        9,
    )


def test_every_function_and_every_name_of_the_house_has_a_type() -> None:
    assert set(FILTER_KINDS) == set(FILTERS)
    assert set(HOUSE) == set(RESERVED)


def test_the_number_of_an_issue_has_names_of_its_own() -> None:
    right = Template.parse("{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}")
    wrong = Template.parse("{{ station.cod }}-{{ subject }}-{{ sequence }}")
    assert result_type(right, NUMBERING).mismatches == ()
    assert [one.rule for one in result_type(wrong, NUMBERING).mismatches] == ["unknown-name"] * 2


NAMES = st.sampled_from([*(name.replace("-", "_") for name in FIELDS), "today", "issue.number", "1", "'road'", "none"])
SUFFIXES = [f" | {name}" for name in FILTERS] + [f" is {name}" for name in TESTS] + [" | sum('unit-price')"]


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "==", "<", "in", "and", "or"])
    return st.one_of(
        st.builds(lambda a, op, b: f"({a}) {op} ({b})", inner, operators, inner),
        st.builds(lambda a, suffix: f"({a}){suffix}", inner, st.sampled_from(SUFFIXES)),
        st.builds(lambda a, b, c: f"({a} if {b} else [{c}])", inner, inner, inner),
    )


VALUES: dict[str, Any] = {
    "subject": "路灯",
    "lead_unit": "organisation:1",
    "stars": 2,
    "amount": 2.5,
    "due": "2026-02-11",
    "visit": "2026-02-11T10:00",
    "urgent": True,
    "category": "road",
    "industry": "law",
    "tags": ("road",),
    "areas": ("organisation:1",),
    "place": {"address": "望海路", "longitude": 118.1, "latitude": 24.5},
    "items": ({"name": "灯", "unit-price": 12.5, "kind": "road"},),
    "today": "2026-02-11",
    "issue": {"number": "XG-1"},
}
_SORTS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "date": (str,),
    "date-time": (str,),
    "number": (int, float),
    "yes/no": (bool,),
    "list": (list, tuple),
    "record": (dict,),
    "empty": (type(None),),
}


@examples(300)
@given(st.recursive(NAMES, _grow, max_leaves=6))
def test_where_nothing_is_wrong_the_value_is_of_the_kind_that_was_said(source: str) -> None:
    try:
        expression = Expression.parse(source)
    except ExpressionError:
        return
    typed = result_type(expression, KINDS)
    with contextlib.suppress(ExpressionError):
        value = expression.evaluate(VALUES)
        if not typed.mismatches and typed.kind.sort != "unknown" and value is not None:
            assert isinstance(value, _SORTS[typed.kind.sort])
