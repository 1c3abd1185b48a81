"""Expressions: what they can say, and that they can do nothing else."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from definitions.expressions.expression import Expression, ExpressionError, Template
from tests.effort import modest

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


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("category == 'lighting'", True),
        ("category in ['road', 'lighting']", True),
        ("category not in ['road']", True),
        ("stars >= 1 and stars < 3 and not urgent", False),
        ("1 < stars <= 2", True),
        ("reply is none", True),
        ("reply is not filled", True),
        ("areas is filled", True),
        ("nothing is defined", False),
        ("station.nothing is defined", False),
        ("nothing.at.all is defined", False),
        ("station.code is defined", True),
        ("station.level.name", "street"),
        ("station['code']", "XG"),
        ("reply | default('无')", "无"),
        ("nothing.at.all | default(3)", 3),
        ("stars | default(0)", 2),
        ("stars * 2 + 1 - amount / 5", 4.5),
        ("-stars", -2),
        ("category + '!'", "lighting!"),
        ("subject | trim | length", 4),
        ("areas | join('、')", "思明、湖里"),
        ("areas | join", "思明、湖里"),
        ("category | upper | lower", "lighting"),
        ("stars | pad(3)", "002"),
        ("'a' if urgent else 'b'", "a"),
        ("result == 'solved'", True),
        ("stars is number and category is string", True),
        ("none is none and true and not false", True),
        ("'ight' in category", True),
    ],
)
def test_what_an_expression_says(source: str, value: object) -> None:
    assert Expression.parse(source).evaluate(ISSUE) == value


def test_a_guard_gives_true_or_false() -> None:
    assert Expression.parse("urgent").test(ISSUE) is True
    for source in ("stars", "category", "reply", "areas", "1", "category and urgent and stars"):
        with pytest.raises(ExpressionError, match="true or false"):
            Expression.parse(source).test(ISSUE)


def test_a_missing_name_is_an_error_that_knows_the_nearest() -> None:
    with pytest.raises(ExpressionError) as refused:
        Expression.parse("urgent and catgory == 'x'").evaluate(ISSUE)
    error = refused.value
    assert (error.message["zh"], error.remedy["zh"]) == ("没有名为“catgory”的内容。", "是不是“category”？")
    assert str(error) == "There is nothing named “catgory”. Did you mean “category”?"
    assert (error.position, error.length) == (11, 7)
    with pytest.raises(ExpressionError, match="“code”"):
        Expression.parse("station.cod").evaluate(ISSUE)


def test_a_wrong_word_or_sign_is_explained() -> None:
    with pytest.raises(ExpressionError, match="“upper”"):
        Expression.parse("category | uper")
    with pytest.raises(ExpressionError, match="==") as refused:
        Expression.parse("category = 'x'")
    assert refused.value.position == 9


def test_names_are_paths_with_every_step() -> None:
    names = Expression.parse("station.level.name == 'street' or stars | default(other) > limit.of").names
    assert names == {"station", "station.level", "station.level.name", "stars", "other", "limit", "limit.of"}
    text = Template.parse(
        "{{ a.b }}{% if c %}{{ d }}{% elif e is filled %}{{ f | pad(g) }}{% else %}{{ h['i'] }}{% endif %}"
    )
    assert text.names == {"a", "a.b", "c", "d", "e", "f", "g", "h", "h.i"}
    assert Template.parse("plain").names == frozenset()


def test_a_text_shows_values_as_offices_write_them() -> None:
    number = Template.parse("{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}")
    assert number.render({"station": {"code": "XG"}, "year": 2026, "sequence": 42}) == "XG-2026-00042"
    text = Template.parse(
        "{# a remark #}{{ reply }}|{{ 3.0 }}|{{ amount }}|{{ urgent }}|{% if stars < 3 %}差{% else %}好{% endif %}\n"
    )
    assert text.render(ISSUE) == "|3|2.5|true|差\n"


def test_expressions_are_frozen_compared_by_source_and_travel() -> None:
    guard = Expression.parse("stars > 1")
    assert guard == Expression.parse("stars > 1") != Expression.parse("stars>1")
    assert guard != Template.parse("stars > 1")
    assert str(guard) == "stars > 1"
    assert copy.deepcopy(guard) == pickle.loads(pickle.dumps(guard)) == guard
    assert len({guard, Expression.parse("stars > 1")}) == 1
    with pytest.raises(AttributeError):
        guard.source = "true"


def test_evaluating_changes_nothing() -> None:
    before = copy.deepcopy(ISSUE)
    for source in ("stars + 1", "areas | join", "nothing | default(1)"):
        Expression.parse(source).evaluate(ISSUE)
    assert before == ISSUE


def test_a_guard_makes_few_calls() -> None:
    guard = Expression.parse("category == 'lighting' and urgent and station.code in ['A', 'XG']")
    guard.test(ISSUE)
    modest(lambda: guard.test(ISSUE), most=50)


INVITED = "您好。请于 {{ day }} 到{{ place }}参加培训。{% if note is filled %}备注：{{ note }}。{% endif %}谢谢！"


@pytest.mark.parametrize(
    ("source", "values", "said"),
    [
        (
            INVITED,
            {"day": "2026-12-01", "place": "会议室", "note": "带笔"},
            "您好。请于 2026-12-01 到会议室参加培训。备注：带笔。谢谢！",
        ),
        (INVITED, {"day": None, "place": "会议室", "note": None}, "您好。谢谢！"),
        ("请于 {{ day }} 到场，{{ place }}。", {"day": None, "place": None}, ""),
        ("请于 {{ day | default('近期') }} 到场。", {"day": None}, "请于 近期 到场。"),
        ("Dear all. Please come on {{ day }}. Thank you.", {"day": None}, "Dear all. Thank you."),
        ("Cost: {{ cost }} yuan; see you.", {"cost": 2.5}, "Cost: 2.5 yuan; see you."),
    ],
)
def test_a_sentence_in_which_a_value_is_empty_is_left_out(source: str, values: dict[str, Any], said: str) -> None:
    template = Template.parse(source)
    assert template.sentences(values) == said
    assert "\ue000" not in template.render(values)
