"""What somebody may find: the statements that look words up, by how far those words reach; put together once for each shape of a list."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Exists, Integer, Select, String, and_, bindparam, exists, or_, select, true

from huying.access.viewer import BlankViewer
from huying.database.tables import issues, search_parties, search_readers
from huying.issues.views.filter import ListShape
from huying.search.audience import AUDIENCES, FOLLOWERS, INSIDE, REPORTER, ROLES
from huying.search.entry import Reach
from huying.search.words import hits, shared_hits

#: Left blank beside what a list leaves: who looks, in person, and their other parties; what is looked for, and how many are wanted.
_PARTY: Any = bindparam("party", type_=String())
_OTHERS: Any = bindparam("others", type_=String(), expanding=True)
_MOST: Any = bindparam("most", type_=Integer())


@lru_cache(512)
def found_by(shape: ListShape, reach: Reach) -> Select[Any]:
    """The issues found by words of this reach, or (``shared``) the passages, the newest first."""
    if reach == "shared":
        hit = shared_hits(sqlite=shape.sqlite)
        place, joined, may = hit.c.passage, issues.c.id == hit.c.passage // AUDIENCES, _belongs(shape, hit.c.passage)
    else:
        hit = hits(sqlite=shape.sqlite)
        place, joined, may = hit.c.issue_id, issues.c.id == hit.c.issue_id, _may(shape, reach, hit.c.issue_id)
    query = select(place).select_from(hit).join(issues, joined).where(may, *shape.narrowed())
    return query.order_by(place.desc()).limit(_MOST)


def sees(shape: ListShape, issue: ColumnElement[int], *, followers: bool = False) -> ColumnElement[bool]:
    """Whether the person may see an issue, and read what nobody needs a part in it for; ``followers`` may see it too."""
    if shape.office:
        return true()
    at_theirs = _at_theirs(shape)
    if shape.filter.cared_for:
        return at_theirs
    follows = exists().where(search_parties.c.issue_id == issue, search_parties.c.party == _PARTY)
    return or_(at_theirs, _concerned(shape, issue), *([follows] if followers else []))


def _at_theirs(shape: ListShape) -> ColumnElement[bool]:
    at_theirs: ColumnElement[bool] = issues.c.station_id.in_(BlankViewer(shape.office).stations)
    return at_theirs


def _concerned(shape: ListShape, issue: ColumnElement[int]) -> Exists:
    """That a party of theirs has to do with the issue, and not only as a follower."""
    return exists().where(
        search_parties.c.issue_id == issue,
        search_parties.c.party.in_(BlankViewer(shape.office).parties),
        ~search_parties.c.follows,
    )


def _may(shape: ListShape, reach: Reach, issue: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the person may find an issue by words of this reach: what ``issues/sight`` says of one, said of all."""
    if reach == "open":
        return sees(shape, issue)
    of_issue = exists().where(search_parties.c.issue_id == issue, search_parties.c.holds)
    if reach == "reporter":
        return _cared_for(shape, of_issue.where(search_parties.c.party == _PARTY))
    return _cared_for(shape, of_issue.where(search_parties.c.party.in_(BlankViewer(shape.office).parties)))


def _belongs(shape: ListShape, passage: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the person belongs to the audience of a row."""
    who = BlankViewer(shape.office)
    own, issue, audience = issues.c.reporter_id == who.participant_id, issues.c.id, passage % AUDIENCES
    staff = true() if shape.office else _at_theirs(shape)
    # whoever reported it reads what is written inside only if another party of theirs works on it
    works = exists().where(
        search_parties.c.issue_id == issue, search_parties.c.holds, search_parties.c.party.in_(_OTHERS)
    )
    follows = exists().where(
        search_parties.c.issue_id == issue, search_parties.c.party == _PARTY, search_parties.c.follows
    )
    reads = exists().where(search_readers.c.passage == passage, search_readers.c.party.in_(who.parties))
    return _cared_for(
        shape,
        or_(
            and_(audience == INSIDE, or_(staff, and_(_concerned(shape, issue), or_(~own, works)))),
            and_(audience == REPORTER, own),
            and_(audience == FOLLOWERS, follows),
            and_(audience >= ROLES, or_(staff, own, reads)),
        ),
    )


def _cared_for(shape: ListShape, found: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same, of the issues alone that they look after where only those are asked for."""
    return and_(found, _at_theirs(shape)) if shape.filter.cared_for and not shape.office else found
