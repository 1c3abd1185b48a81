"""Having what failed of an issue tried again: failed automatic steps by the kernel, given-up effects by the outbox."""

from __future__ import annotations

from sqlalchemy import select

from definitions.text import Said
from engine.event import TryAgain
from engine.refusal import NotAllowed, Unavailable
from huying.console.desk import Desk, manages
from huying.database.tables import incidents
from huying.house.by import By
from huying.house.house import House
from huying.incidents.remedy import right
from huying.issues.deeds import happen
from huying.issues.record import record

REASON = "通过 Prefect 控制台"


def retry(house: House, desk: Desk, issue_id: int, by: By) -> Said:
    """What is tried again, in words; a ``Refusal`` when nothing has failed."""
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, "zh")
    if not manages(house, desk, found):
        raise NotAllowed
    failed = [visit.number for visit in found.state.visits if visit.incident]
    for visit in failed:
        happen(house, issue_id, TryAgain(visit, REASON), by.part(f"-{visit}"))
    again = _others(house, issue_id, by)
    if not failed and not again:
        if found.state.status == "closed":
            raise Unavailable(
                "事项已办结，没有可以重试的；需要继续办理的，请在门户中重开。",
                "The issue is closed and nothing has failed; to go on with it, reopen it in the portal.",
            )
        raise Unavailable("没有办理失败的事项，不需要重试。", "Nothing has failed; there is nothing to retry.")
    return Said(
        f"已重试：自动步骤 {len(failed)} 个，事项 {again} 项。", f"Tried again: {len(failed)} steps, {again} effects."
    )


def _others(house: House, issue_id: int, by: By) -> int:
    """Have everything else that failed carried out again: effects for which no step waits, messages, deadlines; how many."""
    mine = incidents.c.issue_id == issue_id, incidents.c.status == "open", incidents.c.visit.is_(None)
    with house.database.reading() as connection:
        several = list(connection.execute(select(incidents.c.id).where(*mine).order_by(incidents.c.id)).scalars())
    if not several:
        return 0
    return right(house, several, "retry", REASON, by).done
