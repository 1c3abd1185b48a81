"""iCalendar (RFC 5545, with the names of RFC 7986): events written so that every phone reads them. Pure text; it knows nothing of issues.

Lines end with CR LF and are folded at 75 octets, never within a character; texts are escaped; nothing depends on the moment of writing,
so the same events make the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LONGEST = 75
_PRODUCT = "-//Huying//Deadlines//ZH"
#: How often a phone should look again.
_REFRESH = "PT1H"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
# a calendar must have a component; this one says nothing
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something on a day (``begins`` is a date) or at a time (an aware datetime); ``ends`` is the first day or moment after it.

    ``uid`` stays the same for ever; ``sequence`` grows, and ``modified`` (aware) is later, when something that matters has changed. ``tentative``
    events may still move; ``busy`` ones take the person's time. ``alarm`` is how long before the beginning to remind.
    """

    uid: str
    summary: str
    begins: date
    modified: datetime
    ends: date | None = None
    sequence: int = 0
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    tentative: bool = False
    busy: bool = False
    alarm: timedelta | None = None


def calendar_text(name: str, events: Iterable[Event]) -> str:
    """The calendar of this name."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
    ]
    components = [line for event in events for line in _event(event)]
    return "".join(f"{folded(line)}\r\n" for line in (*lines, *(components or _NOTHING), "END:VCALENDAR"))


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    # without a METHOD, DTSTAMP says when the event was last revised, as LAST-MODIFIED does
    yield f"DTSTAMP:{_utc(event.modified)}"
    yield f"LAST-MODIFIED:{_utc(event.modified)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART{_when(event.begins)}"
    if event.ends is not None:
        yield f"DTEND{_when(event.ends)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{_CONTROL.sub('', event.url)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(map(escaped, event.categories))}"
    yield f"STATUS:{'TENTATIVE' if event.tentative else 'CONFIRMED'}"
    yield f"TRANSP:{'OPAQUE' if event.busy else 'TRANSPARENT'}"
    yield "CLASS:PRIVATE"
    if event.alarm is not None:
        yield from _alarm(event.alarm, event.summary)
    yield "END:VEVENT"


def _alarm(before: timedelta, text: str) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escaped(text)}"
    yield f"TRIGGER:-{_length(before)}"
    yield "END:VALARM"


def escaped(text: str) -> str:
    """A text as a property's value: no control characters but line breaks, which are written ``\\n``."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for char, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(char, written)
    return plain


def folded(line: str) -> str:
    """A line cut into pieces of at most 75 octets each, the blank before a continued one included."""
    pieces, piece, octets = list[str](), "", 0
    for char in line:
        length = len(char.encode())
        if octets + length > _LONGEST:
            pieces.append(piece)
            # the blank that continues a line is one of its octets
            piece, octets = "", 1
        piece += char
        octets += length
    return "\r\n ".join([*pieces, piece])


def _when(moment: date) -> str:
    if isinstance(moment, datetime):
        return f":{_utc(moment)}"
    return f";VALUE=DATE:{moment:%Y%m%d}"


def _utc(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise ValueError("a moment must have a time zone")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _length(length: timedelta) -> str:
    """A duration: whole days, else hours and minutes."""
    minutes = int(length.total_seconds()) // 60
    if minutes % (24 * 60) == 0:
        return f"P{minutes // (24 * 60)}D"
    hours, rest = divmod(minutes, 60)
    return f"PT{hours}H" + (f"{rest}M" if rest else "")
