"""Lists that people keep at hand under a name: their own, and those that colleagues share with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, insert, literal, or_, select

from engine.refusal import Invalid, NotAllowed
from huying.access.viewer import BlankViewer, blanks_of, viewer
from huying.database.tables import organisations, participants, saved_views
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House

#: More lists of one person than this would be no help; a longer address says nothing that a list understands.
MOST, _LONGEST_TITLE, _LONGEST_QUERY = 30, 60, 2000


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list under a name; ``query`` is what its address says. ``owner`` is empty for one's own."""

    id: int
    title: str
    query: str
    shared: bool
    owner: str


def saved_views_of(house: House, participant_id: int) -> tuple[SavedView, ...]:
    """The lists that somebody has at hand: first their own, then what is shared with them."""
    with house.database.reading() as connection:
        person = viewer(connection, participant_id)
        rows = connection.execute(_at_hand(person.office, bool(person.stations)), blanks_of(person)).all()
    return tuple(
        SavedView(row.id, row.title, row.query, row.shared, "" if row.owner_id == participant_id else row.name)
        for row in rows
    )


@cache
def _at_hand(office: bool, somewhere: bool) -> Select[Any]:
    """Asked on every page of the staff: put together once for the office, for who serves ``somewhere``, and for all others."""
    v, who = saved_views.c, BlankViewer(office)
    shared = _colleagues(who) if office or somewhere else literal(False)
    return (
        select(v.id, v.title, v.query, v.shared, v.owner_id, participants.c.name)
        .join(participants, participants.c.id == v.owner_id)
        .where(or_(v.owner_id == who.participant_id, and_(v.shared, shared)))
        .order_by(v.owner_id != who.participant_id, v.title, v.id)
        .limit(2 * MOST)
    )


def _colleagues(who: BlankViewer) -> ColumnElement[bool]:
    """That the owner serves in the office, or looks after a station where this person does; the office sees what all staff share."""
    if who.office:
        return literal(True)
    m, owner = serving.c, saved_views.c.owner_id
    offices = select(organisations.c.id).where(organisations.c.kind == "office")
    serves = or_(
        and_(m.station_id.in_(who.stations), m.function.in_(("clerk", "head"))), m.organisation_id.in_(offices)
    )
    return exists().where(m.participant_id == owner, serves)


def save_view(house: House, title: str, query: str, by: By, *, shared: bool = False) -> int:
    """Keep a list under a name (the same name again replaces it); only staff share theirs."""
    title = " ".join(title.split())
    if not title or len(title) > _LONGEST_TITLE:
        raise Invalid({"title": _TITLE})
    if len(query) > _LONGEST_QUERY:
        raise Invalid({"title": _TOO_MUCH})
    with house.database.writing() as connection:
        if shared and not viewer(connection, by.somebody).staff:
            raise NotAllowed
        own = saved_views.c.owner_id == by.somebody
        connection.execute(delete(saved_views).where(own, saved_views.c.title == title))
        if _number(connection, own) >= MOST:
            raise Invalid({"title": _ENOUGH})
        row = {"owner_id": by.somebody, "title": title, "query": query, "shared": shared, "saved_at": by.now}
        return int(connection.execute(insert(saved_views).returning(saved_views.c.id), row).scalar_one())


def _number(connection: Connection, which: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(saved_views).where(which)).scalar_one())


def drop_view(house: House, view: int, by: By) -> None:
    """Do away with a list of one's own."""
    own = saved_views.c.owner_id == by.somebody, saved_views.c.id == view
    with house.database.writing() as connection:
        if not connection.execute(delete(saved_views).where(*own)).rowcount:
            raise NotFound(
                "没有这个常用筛选，或者它是别人的。", "There is no such saved list, or it is somebody else's."
            )


_TITLE = {
    "zh": "请给常用筛选起个名字，不超过 60 个字。",
    "en": "Give the saved list a name of at most 60 characters.",
}
_TOO_MUCH = {"zh": "筛选条件太长，请减少几项。", "en": "This is narrowed by too much; take something away."}
_ENOUGH = {
    "zh": f"最多保存 {MOST} 个常用筛选，请先删去不用的。",
    "en": f"You can keep {MOST} lists; do away with one that you no longer use.",
}
