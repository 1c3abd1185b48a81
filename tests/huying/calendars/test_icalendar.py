"""iCalendar as RFC 5545 wants it, read by a strict reader of our own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.calendars.icalendar import Event, calendar_text, escaped, folded

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
EVENT = Event(uid="task-1-2@huying.example", summary="到期：代表研究", begins=date(2026, 11, 27), modified=AT)
#: name *(";" param) ":" value; a value holds no control characters but HTAB (RFC 5545, 3.1).
_LINE = re.compile(r"[A-Z0-9-]+(;[A-Z0-9-]+=[^\x00-\x08\x0a-\x1f\x7f\";:,]+)*:[^\x00-\x08\x0a-\x1f\x7f]*")
_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def unfolded(text: str) -> list[str]:
    """The content lines of a calendar, after checking every rule about lines."""
    raw = text.encode()
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines.pop() == ""
    assert [line for line in lines if not _LINE.fullmatch(line)] == []
    return lines


def events(text: str) -> list[dict[str, str]]:
    """The properties of each event by name, with its alarm's after ``ALARM-``; components are nested as they must be."""
    found: list[dict[str, str]] = []
    open_: list[str] = []
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            open_.append(value)
            if value == "VEVENT":
                assert open_ == ["VCALENDAR", "VEVENT"]
                found.append({})
        elif name == "END":
            assert open_.pop() == value
        elif open_[-1] in ("VEVENT", "VALARM"):
            key = name if open_[-1] == "VEVENT" else f"ALARM-{name}"
            assert key not in found[-1], f"{key} twice"
            found[-1][key] = value
    assert open_ == []
    return found


def plain(value: str) -> str:
    """A TEXT value as it was meant (RFC 5545, 3.3.11)."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_a_calendar_says_its_version_its_maker_and_its_name() -> None:
    lines = unfolded(calendar_text("呼应：我的期限", [EVENT]))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN", "NAME:呼应：我的期限", "X-WR-CALNAME:呼应：我的期限"} <= set(lines)
    assert any(line.startswith("PRODID:-//") for line in lines)


def test_an_event_has_what_the_standard_requires_once() -> None:
    [event] = events(calendar_text("x", [EVENT]))
    assert event["UID"] == "task-1-2@huying.example"
    assert event["DTSTAMP"] == event["LAST-MODIFIED"] == "20261123T013000Z"
    assert event["SEQUENCE"] == "0"
    assert event["DTSTART;VALUE=DATE"] == "20261127"
    assert event["STATUS"] == "CONFIRMED"
    assert plain(event["SUMMARY"]) == "到期：代表研究"


def test_moments_are_in_utc_and_a_naive_one_is_an_error() -> None:
    begins = datetime(2026, 11, 27, 15, 30, tzinfo=timezone(timedelta(hours=8)))
    [event] = events(calendar_text("x", [replace(EVENT, begins=begins, ends=begins + timedelta(hours=2))]))
    assert (event["DTSTART"], event["DTEND"]) == ("20261127T073000Z", "20261127T093000Z")
    with pytest.raises(ValueError, match="time zone"):
        calendar_text("x", [replace(EVENT, begins=begins.replace(tzinfo=None))])


def test_a_tentative_busy_event_with_an_alarm_says_all_of_it() -> None:
    wanted = replace(
        EVENT, tentative=True, busy=True, sequence=7, alarm=timedelta(hours=15), categories=("期限", "a,b")
    )
    [event] = events(calendar_text("x", [wanted]))
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("TENTATIVE", "OPAQUE", "7")
    assert (event["ALARM-ACTION"], event["ALARM-TRIGGER"]) == ("DISPLAY", "-PT15H")
    assert event["ALARM-DESCRIPTION"] == event["SUMMARY"]
    assert event["CATEGORIES"] == "期限,a\\,b"


@pytest.mark.parametrize(
    ("length", "written"),
    [(timedelta(days=1), "-P1D"), (timedelta(hours=15), "-PT15H"), (timedelta(hours=1, minutes=30), "-PT1H30M")],
)
def test_alarms_are_so_long_before(length: timedelta, written: str) -> None:
    [event] = events(calendar_text("x", [replace(EVENT, alarm=length)]))
    assert event["ALARM-TRIGGER"] == written


def test_a_calendar_without_events_still_has_a_component() -> None:
    text = calendar_text("x", [])
    assert events(text) == []
    assert "BEGIN:VTIMEZONE" in unfolded(text)


def test_the_same_events_make_the_same_text() -> None:
    assert calendar_text("x", [EVENT]) == calendar_text("x", [EVENT])


@given(_TEXT)
def test_any_text_comes_back_without_its_control_characters(text: str) -> None:
    [event] = events(calendar_text("x", [replace(EVENT, summary=text, description=f"d{text}")]))
    wanted = re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert plain(event["SUMMARY"]) == wanted
    assert plain(event["DESCRIPTION"]) == f"d{wanted}"


@given(_TEXT.map(lambda text: re.sub("[\r\n]", "", text)))
def test_folding_loses_nothing_and_cuts_no_character(line: str) -> None:
    cut = folded(line)
    assert cut.replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in cut.split("\r\n"))


def test_a_line_of_75_octets_is_left_whole() -> None:
    assert folded("x" * 75) == "x" * 75
    assert folded("x" * 76) == "x" * 75 + "\r\n x"
    assert folded("期" * 26) == "期" * 25 + "\r\n 期"


def test_a_text_cannot_begin_another_property() -> None:
    assert escaped("a\r\nATTENDEE:x;y,z\\") == "a\\nATTENDEE:x\\;y\\,z\\\\"
