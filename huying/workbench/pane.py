"""An issue beside its list: what is waited for, what was said last, the facts, who works on it, and its latest course."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from definitions.text import LISTED, words
from huying.access.viewer import Look
from huying.database.tables import issues
from huying.house.house import House
from huying.issues.record import record
from huying.issues.views.events import TimelineEntry
from huying.issues.views.issue import IssueView, issue_view, known_people
from huying.issues.views.marks import SENT_BACK, URGED
from huying.issues.views.possible import PossibleView, possible_view
from huying.words.mask import mask
from huying.words.values import Value
from huying.workbench.attention import follows
from huying.workbench.line import Marks, Tag, tags

_LATEST = 8
#: So many notes stand over the facts: the last word, and the one before.
_SAID = 2


#: An entry of the timeline, with its day.
Dated = tuple[str, TimelineEntry]


@dataclass(frozen=True, slots=True)
class Pane:
    """What stands beside the list. ``said`` are the last words of those who acted, the latest first; ``again``: with it, the issue was sent back.

    ``course``: with their days. ``values`` are masked unless they were asked for (``shown``); ``masked`` tells that something is.
    """

    issue: IssueView
    possible: PossibleView
    tags: tuple[Tag, ...]
    said: tuple[Dated, ...]
    again: bool
    values: tuple[Value, ...]
    masked: bool
    roles: tuple[tuple[str, str], ...]
    course: tuple[Dated, ...]
    followed: bool


def pane_view(house: House, issue_id: int, look: Look, *, shown: bool = False) -> Pane:
    """The issue as this person sees it; ``NotFound`` if it is not for them."""
    seen = issue_view(house, issue_id, look)
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, look.language)
        marks = Marks(
            *connection.execute(select(URGED, SENT_BACK).select_from(issues).where(issues.c.id == issue_id)).one()
        )
        known = known_people(connection, found, look.language, house.store)
    zone = found.process.calendar.zone
    roles = tuple(
        (
            words(found.definition.role_title(role), look.language, role),
            LISTED.of(look.language).join(map(known.name, given)),
        )
        for role, given in found.state.roles.items()
        if given and seen.inside
    )
    latest = tuple((f"{one.at.astimezone(zone):%m-%d}", one) for one in reversed(seen.timeline))
    values = seen.values if shown else tuple(_masked(value) for value in seen.values)
    return Pane(
        issue=seen,
        possible=possible_view(house, issue_id, look),
        tags=tags(found.state, look.language, marks),
        said=tuple(one for one in latest if one[1].notes and one[1].kind == "act")[:_SAID],
        again=marks.sent_back,
        values=values,
        masked=values != seen.values,
        roles=roles,
        course=latest[:_LATEST],
        followed=follows(house, issue_id, look.person),
    )


def _masked(value: Value) -> Value:
    return replace(value, text=mask(value.text)) if value.private else value
