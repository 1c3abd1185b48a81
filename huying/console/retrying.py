"""Having what failed of an issue tried again: failed automatic steps by the kernel, given-up effects by the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from engine.event import Retry
from engine.refusal import NotAllowed, Unavailable
from huying.acting import happen
from huying.console.desk import VIA, Desk, manages
from huying.house import House
from huying.tables import incidents, issues, outbox
from huying.views.record import record


def retry(house: House, desk: Desk, issue_id: int, request_id: str, now: datetime) -> str:
    """What is tried again, in words; a ``Refusal`` when nothing has failed."""
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, "zh")
    if not manages(house, desk, found):
        raise NotAllowed
    failed = [visit.number for visit in found.state.visits if visit.incident]
    for visit in failed:
        happen(
            house,
            issue_id,
            Retry(visit, "通过 Prefect 控制台"),
            actor_id=desk.participant_id,
            request_id=f"{request_id}-{visit}",
            now=now,
            via=VIA,
        )
    again = _effects(house, issue_id, now)
    if not failed and not again:
        if found.state.status == "closed":
            raise Unavailable(
                "事项已办结，没有可以重试的；需要继续办理的，请在门户中重开。",
                "The issue is closed and nothing has failed; to go on with it, reopen it in the portal.",
            )
        raise Unavailable("没有办理失败的事项，不需要重试。", "Nothing has failed; there is nothing to retry.")
    with house.database.writing() as connection:
        stuck = incidents.c.issue_id == issue_id, incidents.c.status == "open"
        connection.execute(update(incidents).where(*stuck).values(status="retrying", changed_at=now))
    return f"已重试：自动步骤 {len(failed)} 个，事项 {again} 项。 Tried again: {len(failed)} steps, {again} effects."


def _effects(house: House, issue_id: int, now: datetime) -> int:
    """Have the outbox carry out again what it gave up; how many. Those of a failed step were decided anew by the kernel, and are not meant."""
    with house.database.writing() as connection:
        query = select(outbox.c.id, outbox.c.payload).where(outbox.c.issue_id == issue_id, outbox.c.status == "failed")
        given_up = [row.id for row in connection.execute(query) if row.payload.get("visit") is None]
        if given_up:
            free = {"status": "pending", "attempts": 0, "available_at": now, "error": None}
            connection.execute(update(outbox).where(outbox.c.id.in_(given_up)).values(free))
            # what is shown of it changes though the issue did not
            connection.execute(update(issues).where(issues.c.id == issue_id).values(shown_version=0))
    return len(given_up)
