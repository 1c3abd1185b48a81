"""What is public is found alike in both kinds of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, update

from huying.database import tables as t
from huying.house.by import By
from huying.publicity.credit import credit
from huying.publicity.open_rows import KEPT, OpenRowsKept, open_rows
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


def test_rows_are_made_once_a_minute_however_often_they_are_read(town: Town) -> None:
    by = By(town.people["office"], town.clock.now)
    open_register(town.house, "deputies", ["name"], by)
    (opened,) = opened_registers(town.house)
    kept, now = OpenRowsKept(town.house), town.clock.now
    first = kept.rows(opened, "zh", now)
    with town.house.database.writing() as connection:
        connection.execute(update(t.participants).where(t.participants.c.name == "王芳").values(name="王方"))
    assert kept.rows(opened, "zh", now + KEPT - timedelta(seconds=1)) is first
    assert [row.cells["name"] for row in kept.rows(opened, "zh", now + KEPT)] == ["王方"]
    otherwise = replace(opened, columns=())
    assert [row.cells for row in kept.rows(otherwise, "zh", now + KEPT)] == [{}], "what was closed is gone at once"


def test_who_has_left_a_station_is_listed_there_no_more(town: Town) -> None:
    open_register(town.house, "deputies", ["name", "stations"], By(town.people["office"], town.clock.now))
    (opened,) = opened_registers(town.house)
    today = town.house.day_of(town.clock.now)
    own = t.memberships.c.participant_id == town.people["deputy"]
    for until, listed in ((today, ["王芳"]), (today - timedelta(days=1), [])):
        with town.house.database.writing() as connection:
            connection.execute(update(t.memberships).where(own).values(until=until))
        assert [row.cells["name"] for row in open_rows(town.house, opened, "zh", town.clock.now)] == listed


def test_a_department_is_credited_for_whom_it_had_on_that_day(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    day = town.house.day_of(town.clock.now)
    own = t.memberships.c.participant_id == town.people["lighting"]
    spans: dict[str, tuple[date | None, date | None]] = {
        "left before": (None, day - timedelta(days=1)),
        "came since": (day + timedelta(days=1), None),
        "left since": (None, day),
    }
    found = {}
    for what, (since, until) in spans.items():
        with town.house.database.writing() as connection:
            connection.execute(update(t.memberships).where(own).values(since=since, until=until))
            handled = credit(connection, issue, town.reporter(issue))
        found[what] = "城市管理局" in [one.zh for one in handled]
    assert found == {"left before": False, "came since": False, "left since": True}
