"""What people do to a file at the same moment they do one after the other."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest

from engine.refusal import Unavailable
from huying.files import deeds
from huying.files.deeds import OfLine, correct, enter
from huying.files.entries import entries
from huying.files.entry import EntryMatter, FilePeriod
from huying.house.by import By
from tests.huying.town import Town

MATTER = EntryMatter(kind="inspection", day="2026-11-18", title="视察燃气管道改造工地")


def test_of_two_who_correct_a_line_at_once_the_second_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    person, office = town.people["deputy"], By(town.people["office"], town.clock.now)
    line = OfLine(person, 2026, enter(town.house, person, MATTER, (), office))
    replaced, pool, others = deeds.replace_line, ThreadPoolExecutor(1), list[Future[None]]()

    def meanwhile(*of: Any) -> None:
        # the line has been read and found standing; now somebody else comes
        monkeypatch.setattr(deeds, "replace_line", replaced)
        others.append(pool.submit(correct, town.house, line, MATTER, "也记错了", office))
        wait(others, timeout=1)
        replaced(*of)

    monkeypatch.setattr(deeds, "replace_line", meanwhile)
    correct(town.house, line, MATTER, "记错了", office)
    assert [type(one.exception()) for one in others] == [Unavailable]
    found = entries(town.house, person, FilePeriod.of_year(2026))
    assert [one.state for one in found].count("confirmed") == 1
