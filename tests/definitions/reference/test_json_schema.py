"""The JSON Schema is fresh, valid, and agrees with the loader about what is shipped."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from definitions.loader import library
from definitions.reference.json_schema import FILE, definition_schema, rendered
from definitions.source.tree import read

_FILES = [*library(), Path(__file__).parents[1] / "office.yaml"]


def test_the_committed_schema_is_fresh() -> None:
    assert FILE.read_text("utf-8") == rendered(), "renew it with: python -m definitions.reference"


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.parent.name)
def test_sound_definitions_fit_the_schema(path: Path) -> None:
    validator = jsonschema.Draft202012Validator(definition_schema())
    validator.check_schema(definition_schema())
    assert [error.message for error in validator.iter_errors(read(path.read_bytes(), path.name).plain())] == []


def test_an_unknown_key_does_not_fit_the_schema() -> None:
    body = read((Path(__file__).parents[1] / "office.yaml").read_bytes(), "office.yaml").plain()
    body["intake"]["register"]["witin"] = "1 day"
    assert list(jsonschema.Draft202012Validator(definition_schema()).iter_errors(body))
