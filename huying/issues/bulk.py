"""What staff do with issues outside the rules: with many at once, splitting one in two, and passing on messages from other systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from definitions.model.reference import issue
from engine.event import Connect, Event, Message, Reassign
from engine.refusal import Invalid, NotAllowed, Refusal, Unavailable
from huying.database.tables import issues, stations, work_items
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import Receipt, change
from huying.issues.deeds import happen
from huying.issues.opening import Report, open_issue
from huying.issues.sight import sight_of

#: More issues than this are not moved by one request.
MOST_IN_BULK = 500


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of a move of many issues: ``done`` and ``refused`` (with the reason in each language) together are all that were asked for."""

    done: tuple[int, ...]
    refused: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """How many issues it was about."""
        return len(self.done) + len(self.refused)


def in_bulk(house: House, issue_ids: Sequence[int], event_of: Callable[[int], Event], by: By) -> Bulk:
    """Let the same thing happen to many issues; each succeeds or is refused by itself, and a repeat does nothing twice."""
    several = list(dict.fromkeys(issue_ids))
    if len(several) > MOST_IN_BULK:
        raise NotFound(f"一次最多处理 {MOST_IN_BULK} 件。", f"At most {MOST_IN_BULK} issues at once.")
    done: list[int] = []
    refused: dict[int, Mapping[str, str]] = {}
    for number in several:
        try:
            happen(house, number, event_of(number), by.part(f".{number}"))
            done.append(number)
        except Refusal as refusal:
            refused[number] = _in_words(refusal)
    return Bulk(tuple(done), refused)


def reassignment(house: House, issue_id: int, to: str, reason: str) -> Reassign:
    """Give the one open task of an issue to others; ``Unavailable`` where there is none, or more than one."""
    query = select(work_items.c.number).where(work_items.c.issue_id == issue_id, work_items.c.status == "open")
    with house.database.reading() as connection:
        items = connection.execute(query.where(work_items.c.kind == "task").limit(2)).scalars().all()
    if not items:
        raise Unavailable("现在没有可以改派的任务。", "There is no task now that could be given to others.")
    if len(items) > 1:
        raise Unavailable(
            "同时有几项任务，请打开这件事项分别改派。",
            "It has several tasks; open the issue and give each of them to others.",
        )
    return Reassign((to,), reason, item=items[0])


def _in_words(refusal: Refusal) -> Mapping[str, str]:
    """Why not; of a form with errors, the first of them."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    return next(iter(errors.values()), refusal.message)


def split(
    house: House, issue_id: int, values: Mapping[str, Any], by: By, *, reason: str, definition: str | None = None
) -> Receipt:
    """Open another issue of the same reporter and station for a part of this one; the two know of each other."""
    sight = sight_of(house, issue_id, by.somebody)
    if sight is None or not sight.manages or by.alone:
        raise NotAllowed
    with house.database.reading() as connection:
        row = connection.execute(
            select(issues.c.reporter_id, issues.c.definition_version_id, issues.c.channel, stations.c.code)
            .join(stations, stations.c.id == issues.c.station_id)
            .where(issues.c.id == issue_id)
        ).one()
    key = definition or house.processes.process(row.definition_version_id).definition.id
    part = Report(
        definition=key, station=row.code, reporter=row.reporter_id, values=values, channel=row.channel, split=True
    )
    receipt = open_issue(house, part, request_id=f"split-{by.request_id}", now=by.now)
    this, other = issue(issue_id), issue(receipt.issue_id)
    happen(house, issue_id, Connect("split", other, reason), by.part(".to"))
    happen(house, receipt.issue_id, Connect("split-from", this, reason), by.part(".from"))
    return receipt


def receive(house: House, number: str, message: Message, sender: str, by: By) -> Receipt:
    """Pass a message of another system (a connection's key) on to the issue of this number."""
    with house.database.reading() as connection:
        issue_id = connection.execute(select(issues.c.id).where(issues.c.number == number)).scalar_one_or_none()
    if issue_id is None:
        raise NotFound(f"没有编号为“{number}”的事项。", f"There is no issue “{number}”.")
    return change(house, issue_id, message, replace(by, request_id=f"{sender}-{by.request_id}"))
