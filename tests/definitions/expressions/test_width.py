"""Signs of the Chinese keyboard in expressions are put right where they can be meant in one way, and texts in quotes stay as they are."""

from __future__ import annotations

import pytest

from definitions.expressions.width import plain_expression, plain_text


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("amount ＞ 2000", "amount > 2000"),
        ("amount ＞＝ ２０００", "amount >= 2000"),
        ("amount ≥ 2000", "amount >= 2000"),
        ("kind ＝＝ “water”", "kind == 'water'"),
        ("kind = 'water'", "kind == 'water'"),
        ("kind ≠ ‘水，电’", "kind != '水，电'"),
        ("（a or b） and c", "(a or b) and c"),
        ("kind in [“a”，“b”、“c”]", "kind in ['a', 'b', 'c']"),
        ("a ＋ b × 2", "a + b * 2"),
        ("urgent 并且 amount > 3", "urgent and amount > 3"),
        ("not　urgent", "not urgent"),
        ("urgent AND NOT done", "urgent and not done"),
        ("name ｜ length", "name | length"),
        ("kind == '（＞＝），“水”'", "kind == '（＞＝），“水”'"),
        ("amount >= 2000 and kind != 'a'", "amount >= 2000 and kind != 'a'"),
    ],
)
def test_an_expression_is_written_in_plain_signs(written: str, plain: str) -> None:
    assert plain_expression(written) == plain
    assert plain_expression(plain) == plain


def test_of_a_text_only_its_expressions_are() -> None:
    assert plain_text("（{{ kind ｜ default（“无”） }}），共") == "（{{ kind | default('无') }}），共"


def test_a_quote_that_is_not_closed_is_left_to_people() -> None:
    assert plain_expression("kind == “water") == "kind == “water"
