"""After a restore nothing is sent twice, nothing new is lost, and no number is given twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.refusal import Refusal
from huying.backups.copy import take
from huying.backups.quarantine import DROPPED, quarantine, release
from huying.database import tables as t
from huying.house.by import By
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
        said = connection.execute(select(t.deliveries.c.subject).where(t.deliveries.c.reason == DROPPED)).all()
    assert len(said) == dropped


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


def test_log_ins_and_one_time_links_are_void(lost: Town) -> None:
    with lost.house.database.reading() as connection:
        assert connection.execute(select(t.sessions)).all() == []
        open_links = select(t.action_links).where(t.action_links.c.expires_at > lost.clock.now)
        assert connection.execute(open_links).all() == []
