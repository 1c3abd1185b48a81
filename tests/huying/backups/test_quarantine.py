"""After a restore nothing is sent twice, nothing new is lost, and no number is given twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from engine.books.books import Series
from engine.refusal import Refusal
from huying.backups.copy import take
from huying.backups.quarantine import DROPPED, hold, quarantine, release
from huying.database import tables as t
from huying.house.by import By
from huying.house.house import House
from huying.register.books import HouseBooks
from tests.huying.backups.site import Elsewhere, letters, work
from tests.huying.town import Town


@pytest.fixture
def lost(town: Town, folder: Path, elsewhere: Elsewhere, tmp_path: Path) -> Town:
    """A town whose house burned down some days after the backup; until then it sent messages, and reminded of a period that had run out."""
    issue = town.report()
    town.act(issue, "clerk", "accept")
    made = take(town.house, folder, town.clock)
    town.clock.move(hours=1)
    work(town, tmp_path / "box")
    town.report(subject="备份之后的事")
    town.clock.move(days=6)
    work(town, tmp_path / "box")
    elsewhere.restored(made, town)
    return elsewhere.town(town)


def test_nothing_leaves_the_house_until_somebody_has_looked(lost: Town, tmp_path: Path) -> None:
    before = letters(tmp_path / "box")
    assert before
    work(lost, tmp_path / "box")
    assert letters(tmp_path / "box") == before


def test_released_what_is_new_is_sent_and_nothing_twice(lost: Town, tmp_path: Path) -> None:
    before = letters(tmp_path / "box")
    lost.clock.move(minutes=5)
    lost.report(subject="恢复之后的事")
    work(lost, tmp_path / "box")
    with lost.house.database.reading() as connection:
        held = quarantine(connection)
    assert held is not None
    assert held.doubtful
    assert held.certain
    sent, dropped = release(lost.house, again=False, by=By(lost.people["office"], lost.clock.now))
    assert (sent, dropped) == (held.certain, len(held.doubtful))
    work(lost, tmp_path / "box")
    after = letters(tmp_path / "box")
    assert len(after) == len(before) + held.certain
    with lost.house.database.reading() as connection:
        reasons = connection.execute(select(t.deliveries.c.reason)).scalars().all()
    assert reasons.count(DROPPED) == dropped


def test_the_office_may_have_all_of_it_sent(lost: Town, tmp_path: Path) -> None:
    before = letters(tmp_path / "box")
    lost.clock.move(minutes=5)
    work(lost, tmp_path / "box")
    sent, dropped = release(lost.house, again=True, by=By(lost.people["office"], lost.clock.now))
    assert (sent > 0, dropped) == (True, 0)
    lost.clock.move(hours=2)
    work(lost, tmp_path / "box")
    # what waited at the backup has the key that it had, and whoever knows it already sees no second one
    assert len(letters(tmp_path / "box")) > len(before)


def test_it_is_released_once(lost: Town) -> None:
    by = By(lost.people["office"], lost.clock.now)
    release(lost.house, again=False, by=by)
    with pytest.raises(Refusal, match="somebody has released"):
        release(lost.house, again=True, by=by)
    with lost.house.database.reading() as connection:
        assert quarantine(connection) is None


def test_no_number_is_given_twice(lost: Town) -> None:
    number, _ = lost.number_and_code(lost.report(subject="恢复之后的事"))
    assert number == "XG-2026-01002"


def _letter(town: Town, sequence: int) -> None:
    """A letter of the office gets the next number of its series."""
    row = {
        "series": "letters",
        "station": "XG",
        "year": 2026,
        "sequence": sequence,
        "number": f"厦〔2026〕{sequence}号",
    }
    issue = town.report()
    with town.house.database.writing() as connection:
        connection.execute(
            insert(t.given_numbers), {**row, "issue_id": issue, "field": "document", "given_at": town.clock.now}
        )


def _next(house: House, series: str, year: int = 2026) -> int:
    with house.database.reading() as connection:
        return HouseBooks(connection).last(Series(series, "XG", year)) + 1


def test_a_paper_gets_no_number_that_another_may_have_been_given_since_the_backup(
    town: Town, folder: Path, elsewhere: Elsewhere
) -> None:
    _letter(town, 1)
    _letter(town, 2)
    made = take(town.house, folder, town.clock)
    town.clock.move(hours=1)
    _letter(town, 3)
    elsewhere.restored(made, town)
    again = elsewhere.town(town)
    # one that was used first since the backup is no other
    assert (_next(again.house, "letters"), _next(again.house, "replies")) == (1003, 1001)
    assert _next(again.house, "letters", 2027) == 1, "of the next year none can have been given"
    again.clock.move(minutes=5)
    _letter(again, 1003)
    assert _next(again.house, "letters") == 1004


def test_restored_twice_numbers_go_beyond_those_of_the_first_time(
    town: Town, folder: Path, elsewhere: Elsewhere
) -> None:
    _letter(town, 1)
    made = take(town.house, folder, town.clock)
    town.clock.move(hours=1)
    elsewhere.restored(made, town)
    again = elsewhere.town(town)
    with again.house.database.writing() as connection:
        hold(connection, "another", again.clock.now, again.clock.now, 1000)
    assert _next(again.house, "letters") == 2002


def test_numbers_of_the_new_year_jump_where_it_begins_in_the_house(town: Town) -> None:
    last_evening = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    first_night = last_evening + timedelta(hours=2)
    with town.house.database.writing() as connection:
        hold(connection, "backup", last_evening, first_night, 1000)
    assert _next(town.house, "letters", 2027) == 1001


def test_log_ins_and_one_time_links_are_void(lost: Town) -> None:
    with lost.house.database.reading() as connection:
        assert connection.execute(select(t.sessions)).all() == []
        open_links = select(t.action_links).where(t.action_links.c.expires_at > lost.clock.now)
        assert connection.execute(open_links).all() == []
