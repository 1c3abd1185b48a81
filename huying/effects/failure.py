"""What becomes of an effect that could not be carried out: it is tried again, ever later; in the end it is given up and becomes an incident.

That it is given up, that the visit waiting for it learns so, and the incident are one transaction.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from definitions.model.retry import Retry
from engine import Outcome
from engine.effect import Effect
from engine.event import Result
from engine.refusal import Refusal
from huying.database.tables import history, incidents, issues, outbox
from huying.effects.kinds import kind_of
from huying.house.by import By
from huying.house.house import House
from huying.incidents.opening import Failed, open_incident
from huying.incidents.reason import in_short
from huying.issues.decision import change
from huying.outbox.claims import Errand, errand


def not_carried(
    house: House, failing: Errand[Effect], reason: str, now: datetime, jitter: Callable[[], float] = random.random
) -> bool:
    """Have an effect tried again later, or give it up; whether it was given up.

    ``failing.attempts`` counts the tries before this one, ``jitter`` gives 0..1.
    """
    why = in_short(reason)
    wait = _rule(house, failing).wait(failing.attempts + 1, jitter())
    if wait is not None:
        _put_off(house, failing, why, now, now + wait)
        return False
    if failing.effect.visit is not None:
        _tell_visit(house, failing, failing.effect.visit, why, now)
        return True
    with house.database.writing() as connection:
        _hold(connection, failing.issue_id)
        if _give_up(connection, failing.id, why):
            open_incident(connection, _failed(failing, why), now)
    return True


def failed(house: House, effect_id: int, attempts: int, reason: str, now: datetime) -> bool:
    """The same of an effect by its id, after so many tries before."""
    return not_carried(house, replace(errand(house, effect_id), attempts=attempts), reason, now)


def _rule(house: House, failing: Errand[Effect]) -> Retry:
    definition = house.processes.process(failing.definition_version_id).definition
    return kind_of(failing.effect).retry(definition, failing.effect)


def _put_off(house: House, failing: Errand[Effect], reason: str, now: datetime, again_at: datetime) -> None:
    """To be tried again then; an incident that is being tried again says how far that has come."""
    with house.database.writing() as connection:
        waiting = outbox.c.id == failing.id, outbox.c.status == "pending"
        connection.execute(update(outbox).where(*waiting).values(available_at=again_at, error=reason))
        tried = incidents.c.what == "effect", incidents.c.what_id == failing.id, incidents.c.status == "retrying"
        said = {"reason": reason, "attempts": failing.attempts + 1, "changed_at": now}
        connection.execute(update(incidents).where(*tried).values(**said))


def _hold(connection: Connection, issue_id: int) -> None:
    """Keep others from changing the issue until this transaction ends: the issue first, then what failed, then the incident."""
    connection.execute(select(issues.c.id).where(issues.c.id == issue_id).with_for_update())


def _give_up(connection: Connection, effect_id: int, reason: str) -> bool:
    """An effect is not tried any more; ``False`` if it has been carried out, given up or left out meanwhile."""
    waiting = outbox.c.id == effect_id, outbox.c.status == "pending"
    given_up = update(outbox).where(*waiting).values(status="failed", error=reason)
    return connection.execute(given_up).rowcount == 1


def _tell_visit(house: House, failing: Errand[Effect], visit: int, reason: str, now: datetime) -> None:
    """The visit goes the way that the definition has for it, or stands with an incident; an issue that has gone on needs neither."""

    def also(connection: Connection, outcome: Outcome) -> None:
        stands = outcome.state.visit(visit)
        if _give_up(connection, failing.id, reason) and stands is not None and stands.incident is not None:
            open_incident(connection, _failed(failing, reason), now)

    key = f"effect-{failing.id}-failed-{_times_tried_again(house, failing)}"
    try:
        change(house, failing.issue_id, Result(visit, failed=reason), By(None, now, key), also=also)
    except Refusal as refusal:
        if refusal.code not in ("gone", "unavailable"):
            raise
        # nobody waits for it any more: that it was given up stays on record, and nobody has to do anything about it
        with house.database.writing() as connection:
            _give_up(connection, failing.id, reason)


def _times_tried_again(house: House, failing: Errand[Effect]) -> int:
    """How often staff have had things of the issue tried again: each time, the same effect may be given up anew."""
    query = select(func.count()).where(history.c.issue_id == failing.issue_id, history.c.kind == "retry")
    with house.database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def _failed(failing: Errand[Effect], reason: str) -> Failed:
    return Failed(
        what="effect",
        what_id=failing.id,
        kind=failing.effect.kind,
        reason=reason,
        attempts=failing.attempts + 1,
        issue_id=failing.issue_id,
        visit=failing.effect.visit,
        step=failing.effect.step or "",
    )
