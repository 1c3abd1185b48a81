"""Forms as JSON Schema."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from definitions.field import Field, ShortField
from definitions.form import check
from definitions.form_schema import form_schema

DEPARTMENTS = {"organisation:1": "城市管理局", "organisation:2": "供电公司"}
_field: TypeAdapter[Field] = TypeAdapter(ShortField)

CASES: list[tuple[Any, Any, Any]] = [
    ("text", "灯", 5),
    ("long text", "一\n二", ["x"]),
    ("1..5", 3, 6),
    ("number", 2.5, "two"),
    ("date", "2026-11-27", ["2026-11-27"]),
    ("yes/no", True, "perhaps"),
    ({"type": "choice", "options": {"a": {"zh": "甲"}, "b": {"zh": "乙"}}}, "a", "c"),
    ({"type": "choices", "options": {"a": {"zh": "甲"}, "b": {"zh": "乙"}}}, ["a", "b"], ["c"]),
    ("department", "organisation:1", "organisation:9"),
    ("departments", ["organisation:2"], ["organisation:9"]),
]


@pytest.mark.parametrize(("written", "right", "wrong"), CASES)
def test_schema_and_check_agree(written: Any, right: Any, wrong: Any) -> None:
    fields = {"answer": _field.validate_python(written)}
    schema = form_schema(fields, "zh", DEPARTMENTS)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for value, valid in ((right, True), (wrong, False)):
        assert validator.is_valid({"answer": value}) == valid
        assert bool(check(fields, {"answer": value}, required=True, known=DEPARTMENTS.__contains__).errors) != valid


def test_titles_come_in_the_readers_language_and_private_fields_are_marked() -> None:
    field = Field(
        type="phone", title={"zh": "电话", "en": "Phone"}, help={"zh": "可不填"}, private=True, required=False
    )
    schema = form_schema({"phone": field}, "en", {})
    assert schema["properties"]["phone"] == {
        "title": "Phone",
        "description": "可不填",
        "x-private": True,
        "type": "string",
        "maxLength": 26,
    }
    assert schema["required"] == []


def test_unknown_names_are_refused_as_the_check_does() -> None:
    schema = form_schema({}, "zh", {})
    assert not jsonschema.Draft202012Validator(schema).is_valid({"surprise": 1})
