"""For whom the console acts: Prefect's pages know no persons, so one account of the register stands for the staff who work there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.refusal import NotAllowed
from engine.state import State, WorkItem
from huying.access.viewer import viewer
from huying.database.tables import participants
from huying.errors import NotFound
from huying.house.house import House
from huying.issues.record import Record
from huying.issues.sight import sight

#: What the history says of a thing that was done on Prefect's pages.
VIA = "console"


@dataclass(frozen=True, slots=True)
class Desk:
    """The account in whose name the console acts."""

    participant_id: int


class NoDesk(NotAllowed):
    """No account was named for the console, or there is none of that name."""

    def __init__(self, login: str | None) -> None:
        said = f"“{login}”" if login else ""
        self.message = {
            "zh": f"控制台账号{said}未设置或不存在，请用 HUYING_CONSOLE_LOGIN 指定一个工作人员账号。",
            "en": f"The console's account {said} is not set or unknown; name one of the staff in HUYING_CONSOLE_LOGIN.",
        }
        Exception.__init__(self, self.message["en"])


def desk_of(house: House, login: str | None) -> Desk:
    """The desk of the account with that login; ``NoDesk`` when there is no such account in service."""
    query = select(participants.c.id).where(participants.c.login == login, participants.c.active)
    with house.database.reading() as connection:
        found = connection.execute(query).scalar_one_or_none() if login else None
    if found is None:
        raise NoDesk(login)
    return Desk(int(found))


def manages(house: House, desk: Desk, found: Record) -> bool:
    """Whether the desk looks after the issue."""
    try:
        with house.database.reading() as connection:
            return sight(connection, viewer(connection, desk.participant_id), found).manages
    except NotFound:
        return False


def staff_parties(found: Record) -> frozenset[str]:
    """The staff who hold an open task of the issue: whoever looks after it may act in their place."""
    return frozenset(party for item in _staff_items(found, found.state) for party in item.candidates)


def _staff_items(found: Record, state: State) -> tuple[WorkItem, ...]:
    roles = {key for key, role in found.definition.roles.items() if role.staff_of is not None}
    return tuple(item for item in state.items if not item.done and item.role in roles)
