"""What is held of people is listed whole: no table that names a person or an issue is forgotten, and every column of a copy has words."""

from __future__ import annotations

import re

from sqlalchemy import Table

from huying.privacy.columns import COLUMNS
from huying.privacy.holdings import BY_TABLE, HOLDINGS
from models import metadata

#: Columns that hold a reference such as ``participant:5``, or the id of an issue without a foreign key.
_PARTY = re.compile(r"^party$")
_LOOSE = {"issue_id", "other_id", "person_id", "about_id", "by_id", "on_behalf_id"}
#: Which name other things by such a column.
_OTHERS = {("audit", "object")}


def _people(table: Table) -> set[str]:
    referred = {
        column.name for column in table.columns for key in column.foreign_keys if key.column.table.name == "participant"
    }
    loose = {column.name for column in table.columns if column.name in _LOOSE - {"issue_id", "other_id"}}
    return referred | loose


def _issues(table: Table) -> set[str]:
    referred = {
        column.name for column in table.columns for key in column.foreign_keys if key.column.table.name == "issue"
    }
    return referred | {column.name for column in table.columns if column.name in {"issue_id", "other_id"}}


def test_every_table_that_names_a_person_or_an_issue_is_listed_with_those_columns() -> None:
    forgotten: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        parties = {column.name for column in table.columns if _PARTY.match(column.name)}
        wanted = _people(table) | _issues(table) | parties
        listed = BY_TABLE.get(table.name)
        known = {*listed.person, *listed.issue, listed.party} if listed else set()
        if wanted - known:
            forgotten[table.name] = wanted - known
    assert forgotten == {}, "name them in huying/privacy/holdings.py, or say there why they are not given"


def test_what_is_listed_is_there() -> None:
    for one in HOLDINGS:
        columns = set(metadata.tables[one.table].columns.keys())
        named = {*one.person, *one.issue, *([one.party] if one.party else [])}
        assert named <= columns, one.table
        assert one.title.zh
        assert one.title.en
    assert len(BY_TABLE) == len(HOLDINGS)


def test_every_column_of_a_copy_has_words_and_none_is_a_secret() -> None:
    for one in HOLDINGS:
        if not one.given or not (one.person or one.party):
            continue
        for column in metadata.tables[one.table].columns:
            if column.name in one.without:
                continue
            assert column.name in COLUMNS, f"{one.table}.{column.name}"
            assert not re.search(r"secret|token|hash|passphrase$|credential", column.name), f"{one.table}.{column.name}"
