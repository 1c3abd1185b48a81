"""Pages of a large city: none asks the database more because there is more in it, and none becomes long."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.portal.crowded_portal import OPEN, CrowdedPortal, crowded

__all__ = ["crowded"]

#: Statements that a page may send to the database, however many issues and stations there are; and the bytes that it may be long.
STATEMENTS, BYTES = 45, 200_000


@pytest.mark.parametrize(
    ("login", "page"),
    [
        (None, "/"),
        (None, "/report/contact-station"),
        (None, "/stations"),
        ("clerk1", "/tasks"),
        ("clerk1", "/issues"),
        ("clerk1", "/issues?q=路灯"),
        ("deputy1", "/tasks"),
        ("deputy1", "/issues?q=路灯"),
        ("office", "/issues"),
        ("office", "/issues?q=电梯 停运"),
        ("office", "/issues?q=厦禾路"),
        ("office", "/board"),
        ("office", "/board?region=350201"),
    ],
)
def test_a_page_costs_no_more_because_there_is_more(crowded: CrowdedPortal, login: str | None, page: str) -> None:
    visitor = crowded.visitor(login)
    visitor.see(page)
    sent: list[str] = []

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    reader = crowded.city.house.database._reader
    event.listen(reader, "before_cursor_execute", note)
    text = visitor.see(page)
    event.remove(reader, "before_cursor_execute", note)
    assert len(sent) <= STATEMENTS, "\n".join(sent)
    assert len(text.encode()) <= BYTES


def test_the_city_is_as_large_as_it_says(crowded: CrowdedPortal) -> None:
    assert len(crowded.city.stations) == 442
    assert len(crowded.city.towns) == 38
    assert crowded.crowd.last >= OPEN
