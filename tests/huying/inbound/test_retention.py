"""What came in is kept as long as the rules say, and goes with its issue and with whoever sent it; what waits for a person stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huying.chores.expiry import housekeep
from huying.house.orphans import named
from huying.privacy.erasure import erase_issue, erase_person
from huying.privacy.rules import PERSONAL
from tests.huying.mail.post import Post, letter
from tests.huying.town import Town


@pytest.fixture
def post(town: Town, tmp_path: Path) -> Post:
    """The post room of the town."""
    return Post(town, tmp_path / "mailbox")


def _is_empty(row: Any) -> bool:
    blank = (row.sender, row.sender_name, row.recipients, row.subject, row.text, row.whole, row.files, row.raw)
    return row.emptied_at is not None and not any(blank)


def test_what_was_settled_goes_when_its_time_is_over_and_what_waits_stays(post: Post) -> None:
    post.became(letter())
    post.became(letter(proved=None))
    house, digests = post.town.house, [row.raw["digest"] for row in post.rows()]
    assert set(digests) <= set(named(house))
    assert housekeep(house, post.town.clock.now + timedelta(days=89))["letters"] == 0
    assert housekeep(house, post.town.clock.now + timedelta(days=92))["letters"] == 1
    opened, held = post.rows()
    assert _is_empty(opened)
    assert (held.state, held.subject) == ("tray", "路灯不亮")
    # the bytes lie there until nobody has named them for a week
    assert digests[0] not in set(named(house))
    assert digests[1] in set(named(house))


def test_an_erased_issue_takes_its_letters_with_it(post: Post) -> None:
    row = post.became(letter())
    house = post.town.house
    assert house.store.get(row.raw["digest"]) is not None
    with house.database.writing() as connection:
        erase_issue(house, connection, row.issue_id, PERSONAL, post.town.clock.now)
    assert _is_empty(post.rows()[0])
    assert house.store.get(row.raw["digest"]) is None


def test_whoever_is_erased_takes_what_they_sent_with_them(post: Post) -> None:
    row = post.became(letter())
    with post.town.house.database.writing() as connection:
        erase_person(connection, row.participant_id, post.town.clock.now)
    assert _is_empty(post.rows()[0])
