"""Values in words, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from definitions.model.field import Field, ShortField
from huying.house.kept import keep
from huying.issues.sight import FOLLOWER, Sight
from huying.register.names import names
from huying.shelf.folder import Folder
from huying.shelf.store import Store
from huying.words.values import references_in, value_in_words, values_in_words
from tests.huying.town import PIXEL
from tests.template import migrated

_field: TypeAdapter[Field] = TypeAdapter(ShortField)
NAMES = {
    "organisation:1": "城市管理局",
    "participant:3": "陈海生",
    "area:2": "思明区",
    "station:1": "曙光社区联络站",
    "issue:9": "XG-2026-00001",
    "industry:law": "法律",
    "file:" + "ab" * 32: "照片.png",
}
TABLE = {
    "type": "table",
    "columns": {
        "what": {"type": "text", "title": {"zh": "用途", "en": "For"}},
        "cost": {"type": "money", "title": {"zh": "金额", "en": "Cost"}},
    },
}
SAID: list[tuple[Any, Any, str, str]] = [
    ("money", 1234567.5, "¥1,234,567.50", "¥1,234,567.50"),
    ({"type": "money", "currency": "CHF"}, -2.0, "-CHF 2.00", "-CHF 2.00"),
    ({"type": "number", "unit": {"zh": "平方米", "en": "m²"}}, 2.5, "2.5 平方米", "2.5 m²"),
    ("integer", 3, "3", "3"),
    ("date", "2026-11-27", "2026年11月27日（周五）", "Fri 27 November 2026"),
    ("date-time", "2026-11-27T14:30", "2026年11月27日（周五） 14:30", "Fri 27 November 2026 14:30"),
    ("time", "14:30", "14:30", "14:30"),
    ("yes/no", False, "否", "No"),
    ("people", ("participant:3", "participant:4"), "陈海生、participant:4", "陈海生, participant:4"),
    ("area", "area:2", "思明区", "思明区"),
    ("station", "station:1", "曙光社区联络站", "曙光社区联络站"),
    ("issue", "issue:9", "XG-2026-00001", "XG-2026-00001"),
    ("files", ("file:" + "ab" * 32,), "照片.png", "照片.png"),
    ({"type": "choices", "of": "industries"}, ("law", "war"), "法律、war", "法律, war"),
    ("place", {"address": "望海路", "longitude": 118.1, "latitude": 24.5}, "望海路", "望海路"),
    ("place", {"address": "", "longitude": 118.1, "latitude": 24.5}, "118.1, 24.5", "118.1, 24.5"),
    (
        TABLE,
        ({"what": "桌子", "cost": 300.0}, {"what": "椅子", "cost": None}),
        "1. 用途：桌子；金额：¥300.00\n2. 用途：椅子",
        "1. For: 桌子; Cost: ¥300.00\n2. For: 椅子",
    ),
]


@pytest.mark.parametrize(("written", "value", "zh", "en"), SAID)
def test_each_type_is_said_in_both_languages(written: Any, value: Any, zh: str, en: str) -> None:
    field = _field.validate_python(written)
    assert value_in_words(field, value, NAMES, "zh") == zh
    assert value_in_words(field, value, NAMES, "en") == en


def test_a_table_and_files_can_be_drawn_as_what_they_are() -> None:
    fields = {"rows": _field.validate_python(TABLE), "photo": _field.validate_python("file")}
    data = {"rows": ({"what": "桌子", "cost": 300.0},), "photo": "file:" + "ab" * 32}
    table, photo = values_in_words(fields, data, NAMES, "zh", private=False)
    assert (table.columns, table.rows) == (("用途", "金额"), (("桌子", "¥300.00"),))
    assert (photo.files[0].digest, photo.files[0].name) == ("ab" * 32, "照片.png")


def test_private_fields_and_those_for_some_roles_are_shown_to_nobody_else() -> None:
    fields = {
        "subject": Field(type="text"),
        "phone": Field(type="phone", private=True),
        "verdict": Field(type="text", seen_by=("deputy",)),
    }
    data = {"subject": "路灯", "phone": "13800000000", "verdict": "满意"}

    def read(sight: Sight) -> list[str]:
        shown = values_in_words(fields, data, {}, "zh", private=sight.private, shows=sight.shows)
        return [value.name for value in shown]

    assert read(FOLLOWER) == ["subject", "verdict"]
    assert read(Sight(inside=True, private=True, own=False)) == ["subject", "phone"]
    assert read(Sight(inside=True, private=True, own=False, roles=frozenset({"deputy"}))) == list(fields)
    assert read(Sight(inside=False, private=True, own=True)) == list(fields)
    assert [value.name for value in values_in_words(fields, data, {}, "zh", private=False)] == ["subject"]


def test_everything_that_data_refers_to_is_found_and_named(tmp_path: Path) -> None:
    table: dict[str, Any] = {"type": "table", "columns": {"who": "person", "trade": {"type": "choice", "of": "levels"}}}
    written: dict[str, Any] = {
        "rows": table,
        "at": "area",
        "photo": "file",
        "trade": {"type": "choices", "of": "industries"},
    }
    fields = {name: _field.validate_python(one) for name, one in written.items()}
    files = Store(Folder(tmp_path / "files"))
    kept = keep(files, "照片.png", PIXEL)
    rows = ({"who": "participant:1", "trade": "city"}, {"who": None, "trade": None})
    data = {"rows": rows, "at": "area:1", "photo": kept.reference, "trade": ("law",)}
    wanted = references_in(fields, data)
    assert wanted == {"participant:1", "level:city", "area:1", kept.reference, "industry:law"}
    database = migrated(tmp_path / "empty.db")
    with database.reading() as connection:
        found = names(connection, wanted | {"issue:1", "station:1"}, "zh", files)
    database.close()
    assert found == {kept.reference: "照片.png", "level:city": "市人大代表"}
