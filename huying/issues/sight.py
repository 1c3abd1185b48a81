"""Who looks, and how much of an issue they may see."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import Connection, select

from definitions.model.definition import Definition
from definitions.model.field import Field
from engine import State
from engine.rules.exclusion import concerned
from engine.rules.participation import involved, takes_part
from huying.access.viewer import Viewer, viewer
from huying.database.tables import deliveries, history
from huying.errors import NotFound
from huying.house.house import House
from huying.issues.record import Record, no_issue, record
from huying.issues.reporter import CONTACT


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see: ``inside`` names and internal remarks, ``private`` personal data, ``reporter`` who reported it.

    ``own``: it is their report. A department works on the matter, and is not told whose it is: it may be about themselves. ``roles``
    are those that they hold or have held in it; ``manages``: they are staff who look after it. ``follows``: somebody else's report that they
    follow because theirs is the same; ``party`` is who looks, where that is asked. ``contact``: the fields by which the reporter is reached.
    ``about_them``: it is about the reader or their department, and no private data of whoever raised it are for them.
    """

    inside: bool
    private: bool
    own: bool
    reporter: bool = False
    roles: frozenset[str] = frozenset()
    manages: bool = False
    follows: bool = False
    party: str = ""
    contact: tuple[Field, ...] = ()
    about_them: bool = False

    def shows(self, field: Field) -> bool:
        """Whether a field may be shown: private ones to those who work on the issue, ``seen by`` ones to those roles, all to their author."""
        if self.own:
            # who has only the number and its code is their own follower, and reads no personal data
            return self.private or not field.private
        if self.about_them and not field.open:
            return False
        if field.seen_by:
            return self.manages or not self.roles.isdisjoint(field.seen_by)
        if any(same_question(field, one) for one in self.contact):
            # a number names its owner: whoever is not told the one is not told the other
            return self.reporter
        return self.private or not field.private


#: Whoever has the number and its code: the course of their report, without names and personal data.
FOLLOWER = Sight(inside=False, private=False, own=True)


def sight(connection: Connection, person: Viewer, found: Record) -> Sight:
    """What this person may see of an issue; ``NotFound`` when that is nothing."""
    own = person.participant_id == found.reporter_id
    part = takes_part(found.state, person.actor)
    if _only_follows(found, person):
        return Sight(inside=False, private=False, own=False, follows=True, party=person.actor.party)
    looks_after = person.office or found.station_id in person.stations
    if not (part or looks_after or _acted(connection, person, found.id) or _told(connection, person, found.id)):
        raise no_issue()
    held, contact = holding(found.state), contact_of(found.definition)
    roles = frozenset(
        role for role, had in had_roles(found.definition, found.state).items() if had & person.actor.parties
    )
    # whom the definition shows the number, it shows whose it is
    shown = any(one.seen_by and (looks_after or not roles.isdisjoint(one.seen_by)) for one in contact)
    # the reporter of an issue may have a task in it of another kind too, say as a clerk
    works = not (person.actor.parties - _reporter(found.state)).isdisjoint(held)
    # whom the matter is about is not told who complained of them, whatever else they are told
    about_them = not own and not person.actor.parties.isdisjoint(concerned(found.definition, found.state))
    return Sight(
        inside=not own or works or looks_after,
        private=own or (works and not about_them),
        own=own,
        reporter=not about_them and (shown or sees_reporter(person, found.state)),
        roles=roles,
        manages=looks_after,
        contact=contact,
        about_them=about_them,
    )


def sees_reporter(person: Viewer, state: State) -> bool:
    """Whether somebody may know who reported an issue: the reporter, and who holds a role or has a task in it in person."""
    reporter = _reporter(state)
    return person.actor.party in reporter or person.actor.party in holding(state) - reporter


def _only_follows(found: Record, person: Viewer) -> bool:
    """Whether somebody has nothing else to do with an issue than that theirs is the same: the reporter is a stranger to them."""
    state = found.state
    if person.actor.party not in state.followers or person.office or found.station_id in person.stations:
        return False
    return not takes_part(replace(state, followers=()), person.actor)


def sight_of(house: House, issue_id: int, participant_id: int) -> Sight | None:
    """What this person may see of the issue in their own right, if anything."""
    try:
        with house.database.reading() as connection:
            return sight(connection, viewer(connection, participant_id), record(house, connection, issue_id, "zh"))
    except NotFound:
        return None


def may_see(house: House, issue_id: int, participant_id: int) -> bool:
    """Whether this person may see the issue in their own right."""
    return sight_of(house, issue_id, participant_id) is not None


def holding(state: State) -> set[str]:
    """The parties that hold a role or may act on an open task, other than as the reporter."""
    found = {party for given in state.roles.values() for party in given}
    found.update(party for item in state.items if item.role != "reporter" for party in item.candidates)
    return found


def had_roles(definition: Definition, state: State) -> dict[str, set[str]]:
    """Who has to do with an issue in which role: the parties that hold it, and those of whom a task in it is or was."""
    had: dict[str, set[str]] = {}
    for role, given in (*state.roles.items(), *state.relay.items()):
        had.setdefault(role, set()).update(given)
    for item in state.items:
        had.setdefault(item.role, set()).update(item.candidates)
    if state.answerable and (answering := definition.answerable_role()):
        had.setdefault(answering, set()).add(state.answerable)
    return had


def only_following(state: State) -> set[str]:
    """The parties that have nothing else to do with an issue than that theirs is the same: the reporter is a stranger to them."""
    return set(state.followers) - involved(replace(state, followers=()))


def contact_of(definition: Definition) -> tuple[Field, ...]:
    """How the reporter is reached, as far as the definition asks for it itself, and keeps it private."""
    asked = (definition.fields.get(name) for name in CONTACT)
    return tuple(field for field in asked if field is not None and (field.private or field.seen_by))


def same_question(field: Field, other: Field) -> bool:
    """Whether two fields ask the same of people."""
    return (field.type, field.title) == (other.type, other.title)


def _reporter(state: State) -> set[str]:
    return {state.facts.reporter} if state.facts else set()


def _told(connection: Connection, person: Viewer, issue_id: int) -> bool:
    """Whoever was told of an issue can open what the message is about."""
    query = select(deliveries.c.id).where(
        deliveries.c.issue_id == issue_id, deliveries.c.participant_id == person.participant_id
    )
    return connection.execute(query.limit(1)).first() is not None


def _acted(connection: Connection, person: Viewer, issue_id: int) -> bool:
    """Whether somebody has worked on it; whoever followed it and took theirs back has nothing to do with it any more."""
    query = select(history.c.kind).where(history.c.issue_id == issue_id, history.c.actor_id == person.participant_id)
    return has_acted(set(connection.execute(query.distinct()).scalars()))


def has_acted(kinds: set[str]) -> bool:
    """Whether what somebody did in an issue (the kinds of those events) is work on it."""
    return bool(kinds) and kinds.isdisjoint(_FOLLOWED)


#: What somebody did who followed an issue, or whose own was merged into it, and then took theirs back.
_FOLLOWED = frozenset({"follow", "withdraw"})
