"""Forms as JSON Schema."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from definitions.forms.form import check
from definitions.forms.schema import form_schema, prefect_answers, prefect_schema
from definitions.model.field import Field, ShortField

DEPARTMENTS = {"organisation:1": "城市管理局", "organisation:2": "供电公司"}
FILE = "file:" + "ab" * 32
NAMES = {
    **DEPARTMENTS,
    "participant:3": "陈海生",
    "area:2": "思明区",
    "station:1": "曙光社区联络站",
    "industry:law": "法律",
    "issue:9": "XG-2026-00001",
    FILE: "照片.png",
}
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
    ({"type": "money", "at least": 0}, 12.5, -1),
    ("date-time", "2026-11-27T14:30", "2026-11-27T14:30:00Z"),
    ("time", "14:30", "24:00"),
    ("person", "participant:3", "participant:4"),
    ({"type": "people", "at most": 1}, ["participant:3"], ["participant:3", "participant:4"]),
    ("area", "area:2", "area:9"),
    ("station", "station:1", 1),
    ("file", FILE, "file:1"),
    ("files", [FILE], "x"),
    ("issue", "issue:9", 9),
    ("place", {"address": "望海路", "longitude": 118.1, "latitude": 24.5}, {"street": "望海路"}),
    ("place", "望海路", 3),
    ({"type": "choice", "of": "industries"}, "law", "war"),
    ({"type": "choices", "of": "industries"}, ["law"], ["war"]),
    ({"type": "table", "at most": 1, "columns": {"a": "1..5"}}, [{"a": 1}], [{"a": 6}]),
    ({"type": "table", "at most": 1, "columns": {"a": "1..5"}}, [{"a": 1}], [{"a": 1}, {"a": 2}]),
    ({"type": "table", "columns": {"a": "integer"}}, [{"a": 1}], [{"b": 1}]),
]


@pytest.mark.parametrize(("written", "right", "wrong"), CASES)
def test_schema_and_check_agree(written: Any, right: Any, wrong: Any) -> None:
    fields = {"answer": _field.validate_python(written)}
    schema = form_schema(fields, "zh", NAMES)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for value, valid in ((right, True), (wrong, False)):
        assert validator.is_valid({"answer": value}) == valid
        assert bool(check(fields, {"answer": value}, required=True, known=NAMES.__contains__).errors) != valid


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
        "maxLength": 40,
    }
    assert schema["required"] == []


def test_unknown_names_are_refused_as_the_check_does() -> None:
    schema = form_schema({}, "zh", {})
    assert not jsonschema.Draft202012Validator(schema).is_valid({"surprise": 1})


CONDITIONAL = {
    "kind": {"type": "choice", "options": {"a": {"zh": "甲", "en": "A"}}},
    "copies": {"type": "integer", "default": 1},
    "reason": {"type": "text", "when": "kind == 'a'"},
    "phone": {"type": "phone", "required": "kind == 'a'"},
    "total": {"type": "money", "compute": "copies * 2", "unit": {"zh": "元"}},
    "rows": {"type": "table", "columns": {"cost": {"type": "money", "unit": {"zh": "元", "en": "yuan"}}}},
}


def test_conditions_are_told_and_computed_fields_are_not_asked_for() -> None:
    fields = {name: _field.validate_python(written) for name, written in CONDITIONAL.items()}
    schema = form_schema(fields, "zh", {})
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["required"] == ["kind", "rows"]
    assert schema["properties"]["reason"]["x-when"] == "kind == 'a'"
    assert schema["properties"]["reason"]["x-required"] is True
    assert schema["properties"]["phone"]["x-required"] == "kind == 'a'"
    assert schema["properties"]["copies"]["default"] == 1
    assert schema["properties"]["rows"]["items"]["properties"]["cost"]["x-unit"] == "元"
    assert "total" not in schema["properties"]


def test_without_a_register_references_are_still_a_schema() -> None:
    fields = {kind: _field.validate_python(kind) for kind in ("department", "people", "area", "station")}
    jsonschema.Draft202012Validator.check_schema(form_schema(fields, "zh", {}))


def test_the_form_for_prefect_uses_only_what_its_interface_draws() -> None:
    fields = {name: _field.validate_python(written) for name, written in CONDITIONAL.items()}
    schema = prefect_schema(fields, "en", {}, title="Reply")
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["properties"]["kind"]["enum"] == ["甲 A"]
    assert schema["properties"]["rows"]["items"] == {"$ref": "#/definitions/rows"}
    assert [one["position"] for one in schema["properties"].values()] == list(range(5))
    drawn = {"type", "title", "description", "default", "enum", "items", "position", "format", "minimum", "maximum"}
    assert {key for one in schema["properties"].values() for key in one} <= drawn
    entered = {"kind": "甲 A", "copies": 2, "reason": "x", "phone": "13800000000", "rows": [{"cost": 2.5}]}
    jsonschema.Draft7Validator(schema).validate(entered)
    answers = prefect_answers(fields, {}, entered)
    assert answers == {**entered, "kind": "a"}
    assert check(fields, answers, required=True, known=lambda _: False).errors == {}


def test_prefect_shows_titles_and_gets_back_what_they_stand_for() -> None:
    same = {"zh": "同名", "en": "Same"}
    options = {"a": {"zh": "甲", "en": "A"}, "b": {"zh": "乙"}, "c": same, "d": same, "e": {"zh": "a"}}
    rows = {"type": "table", "columns": {"kind": {"type": "choice", "options": options}}}
    written = {
        "kind": {"type": "choice", "options": options, "default": "a"},
        "kinds": {"type": "choices", "options": options},
        "lead": "department",
        "assist": "departments",
        "rows": rows,
        "words": "text",
    }
    fields = {name: _field.validate_python(one) for name, one in written.items()}
    schema = prefect_schema(fields, "zh", DEPARTMENTS)
    labels = ["甲 A", "乙", "同名 Same [c]", "同名 Same [d]", "a [e]"]
    kind = schema["properties"]["kind"]
    assert (kind["enum"], kind["default"]) == (labels, "甲 A")
    assert schema["properties"]["assist"]["items"]["enum"] == ["城市管理局", "供电公司"]
    entered = {
        "kind": "同名 Same [d]",
        "kinds": ["乙", "a [e]", "甲 A"],
        "lead": "供电公司",
        "assist": ["城市管理局"],
        "rows": [{"kind": "乙"}],
        "words": "甲 A",
    }
    jsonschema.Draft7Validator(schema).validate(entered)
    assert prefect_answers(fields, DEPARTMENTS, entered) == {
        "kind": "d",
        "kinds": ["b", "e", "a"],
        "lead": "organisation:2",
        "assist": ["organisation:1"],
        "rows": [{"kind": "b"}],
        "words": "甲 A",
    }
    for odd in ({"kind": ["x", 1]}, {"kind": None}, {"rows": "x"}, {"rows": [3]}, {"unknown": "甲 A"}, {"kind": "a"}):
        assert prefect_answers(fields, DEPARTMENTS, odd) == odd, "what is no title is left to the check"


def test_rules_stand_in_every_form_and_in_words_of_both_languages() -> None:
    begins = {"type": "date", "title": {"zh": "开始", "en": "Begins"}, "not before": "today"}
    ends = {"type": "date", "title": {"zh": "结束", "en": "Ends"}, "not before": ["begins", "2026-01-01"]}
    card = {
        "type": "text",
        "title": {"zh": "证件", "en": "Card"},
        "pattern": "id number",
        "unique": ["open", "station"],
    }
    plate = {"type": "text", "pattern": {"like": r"[A-Z]-\d+", "say": {"zh": "例如 A-1。", "en": "Such as A-1."}}}
    written = {"begins": begins, "ends": ends, "card": card, "plate": plate}
    fields = TypeAdapter(dict[str, ShortField]).validate_python(written)
    zh, en = (form_schema(fields, language, {})["properties"] for language in ("zh", "en"))
    assert zh["begins"]["x-not-before"] == ["today"]
    assert zh["begins"]["x-rules"] == "不早于今天"
    assert en["ends"]["x-rules"] == "not before “begins”; not before 2026-01-01"
    assert zh["card"]["x-unique"] == ["open", "station"]
    assert zh["card"]["x-rules"] == "填写居民身份证号码；在未办结的事项、同站的事项里不能重复"
    assert zh["plate"]["x-rules"] == "例如 A-1"
    for schema in (zh, prefect_schema(fields, "zh")["properties"]):
        jsonschema.validate("A-12", schema["plate"])
        jsonschema.validate("11010519491231002X", schema["card"])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate("A-12x", schema["plate"])
    assert "不早于今天" in prefect_schema(fields, "zh")["properties"]["begins"]["description"]
