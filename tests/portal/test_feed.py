"""The calendar on somebody's phone: made and revoked on a page, read without a log-in."""

from __future__ import annotations

import re

from httpx import Response

from tests.huying.calendars.test_icalendar import events, plain
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain as words

_ADDRESS = re.compile(r'value="http://testserver(/feed/[\w-]{43}\.ics)"')


def _make(town: PortalTown, login: str = "clerk", **entries: str) -> str:
    """The path of a new address."""
    page = town.visitor(login).send("/my/calendar", "/my/calendar", entries)
    found = _ADDRESS.search(page)
    assert found, page
    return found[1]


def _read(town: PortalTown, path: str, **headers: str) -> Response:
    """What a phone reads, which knows nothing but the address."""
    answer: Response = town.visitor().http.get(path, headers=headers)
    return answer


def test_a_person_makes_an_address_and_a_phone_reads_it_without_a_log_in(town: PortalTown) -> None:
    issue = town.report()
    answer = _read(town, _make(town))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    [event] = events(answer.content.decode())
    assert plain(event["SUMMARY"]) == "到期：受理登记，XG-2026-00001"
    assert event["URL"] == f"http://testserver/tasks/{issue}/{town.item(issue, town.party('clerk'))}"
    assert "路灯不亮" not in answer.text


def test_the_address_logs_nobody_in(town: PortalTown) -> None:
    town.report()
    path = _make(town)
    phone = town.visitor()
    answer = phone.http.get(path)
    assert "huying_session" not in answer.headers.get("set-cookie", "")
    event = events(answer.content.decode())[0]
    assert phone.http.get(event["URL"], follow_redirects=False).headers["location"].startswith("/login")


def test_the_subject_is_said_if_the_person_wants_it(town: PortalTown) -> None:
    town.report()
    assert "路灯不亮" in _read(town, _make(town, subjects="yes")).text


def test_what_has_not_changed_is_not_sent_again_and_what_has_is(town: PortalTown) -> None:
    issue = town.report()
    path = _make(town)
    first = _read(town, path)
    again = _read(town, path, **{"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    town.act(issue, "clerk", "accept")
    later = _read(town, path, **{"if-none-match": first.headers["etag"]})
    assert later.status_code == 200
    assert events(later.text) == []


def test_a_revoked_address_and_one_that_never_was_are_told_in_the_same_words(town: PortalTown) -> None:
    path = _make(town)
    other = _make(town, "clerk2")
    town.visitor("clerk").send("/my/calendar", "/my/calendar/revoke")
    revoked, unknown = _read(town, path), _read(town, f"/feed/{'x' * 43}.ics")
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert words(revoked.text) == words(unknown.text)
    assert _read(town, other).status_code == 200
    for odd in ("/feed/.ics", "/feed/..%2f.ics", f"/feed/{'y' * 5000}.ics", "/feed/%00.ics"):
        assert _read(town, odd).status_code == 404


def test_renewing_shows_another_address_and_the_one_before_is_gone(town: PortalTown) -> None:
    first = _make(town)
    second = _make(town)
    assert first != second
    assert _read(town, first).status_code == 404
    assert _read(town, second).status_code == 200


def test_the_page_never_shows_an_address_twice_and_says_when_it_was_read(town: PortalTown) -> None:
    path = _make(town)
    clerk = town.visitor("clerk")
    page = clerk.see("/my/calendar")
    assert "/feed/" not in page
    assert "还没有读取过" in page
    _read(town, path)
    assert "2026年11月23日 09:30" in clerk.see("/my/calendar")


def test_nobody_reads_an_address_without_end(town: PortalTown) -> None:
    path = _make(town)
    other = _make(town, "deputy")
    answers = [_read(town, path).status_code for _ in range(25)]
    assert answers == [200] * 20 + [429] * 5
    refused = _read(town, path)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert _read(town, other).status_code == 200
    town.clock.move(minutes=1)
    assert _read(town, path).status_code == 200
