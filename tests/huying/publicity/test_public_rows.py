"""What is public is found alike in both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert

from huying.database import tables as t
from huying.house.by import By
from huying.publicity.credit import credit
from huying.publicity.open_rows import open_rows
from huying.publicity.publications import withdraw_publication
from huying.publicity.registers import close_register, open_register, opened_registers, public_registers_known
from huying.publicity.view import CaseFilter, case_choices, newest_change, public_of, published
from tests.huying.town import Town


def test_cases_are_sought_and_withdrawn(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    title = {"zh": "灯亮了", "en": "The lamp is lit"}
    with town.house.database.writing() as connection:
        handled = [one.written() for one in credit(connection, issue, town.reporter(issue))]
        row = {"key": "case-1", "issue_id": issue, "about_id": issue, "station_id": 1, "kind": "case", "days": 2}
        row |= {"title": title, "text": title, "matter": {"zh": "照明", "en": "Lighting"}, "credit": handled}
        row |= {"photos": [], "words": "灯亮了\nthe lamp is lit", "published_at": town.clock.now}
        connection.execute(insert(t.publications), row)
        late = datetime(2025, 12, 31, 17, tzinfo=UTC)
        connection.execute(insert(t.publications), {**row, "key": "case-2", "published_at": late, "words": "旧事"})
    find = {
        "words": CaseFilter(q="LAMP 灯"),
        "area": CaseFilter(area="350203", q="灯"),
        "kind": CaseFilter(matter="Lighting", q="灯"),
        "deputy": CaseFilter(deputy=town.people["deputy"], q="灯"),
    }
    for what, wanted in find.items():
        assert [one.id for one in published(town.house, "en", wanted)] == [1], what
    assert len(published(town.house, "zh", CaseFilter(year=2026))) == 2, (
        "the last evening of 2025 in London is 2026 here"
    )
    assert published(town.house, "zh", CaseFilter(q="100%")) == ()
    known = case_choices(town.house, "zh")
    assert (list(known.areas), known.matters, known.years) == (["350203"], ("照明",), (2026,))
    assert public_of(town.house, issue) == (1, 2)
    withdraw_publication(town.house, 1, "误发", By(town.people["office"], town.clock.now))
    assert public_of(town.house, issue) == (2,)
    assert newest_change(town.house) == town.clock.now


def test_registers_are_opened_read_and_closed(town: Town) -> None:
    town.report()
    by = By(town.people["office"], town.clock.now)
    for key, known in public_registers_known().items():
        open_register(town.house, key, [known.columns[0].key], by)
        open_register(town.house, key, [one.key for one in known.columns], by)
    opened = {one.register.key: one for one in opened_registers(town.house)}
    assert list(opened) == list(public_registers_known())
    for one in opened.values():
        rows = open_rows(town.house, one, "zh", town.clock.now)
        assert all(list(row.cells) == [column.key for column in one.columns] for row in rows)
    deputies = open_rows(town.house, opened["deputies"], "zh", town.clock.now)
    assert [row.cells["name"] for row in deputies] == ["王芳"]
    close_register(town.house, "deputies", by)
    assert "deputies" not in {one.register.key for one in opened_registers(town.house)}
