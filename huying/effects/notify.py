"""``notify``: another issue hears of something."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from definitions.model.reference import Reference, issue
from engine import State
from engine.effect import Notify
from engine.event import Absorb, Connect, Forsake, Result
from huying.database.tables import issue_links, issues
from huying.effects.kind import EffectKind
from huying.effects.outcome import let_happen, mark_done
from huying.effects.referral import survivor_of
from huying.house.house import House
from huying.outbox.claims import Errand


def _notify(house: House, errand: Errand[Notify], now: datetime) -> None:
    """Tell another issue: that the one it called has ended, that one was merged into it, or that one is linked with it."""
    effect = errand.effect
    other = Reference.parse(effect.issue).number
    this = issue(errand.issue_id)
    if effect.news == "ended":
        for visit in _calling(house, other, this):
            event = Result(visit, values=effect.values)
            let_happen(house, other, event, f"effect-{errand.id}", now)
    elif effect.news == "merged":
        # the issue that it was merged into may have been merged itself meanwhile
        survivor = survivor_of(house, other)
        if survivor is not None:
            let_happen(house, survivor, Absorb(this, effect.followers), f"effect-{errand.id}", now)
    elif effect.news == "forsaken":
        let_happen(house, other, Forsake(this, errand.number, effect.relation != "leave"), f"effect-{errand.id}", now)
    else:
        let_happen(house, other, Connect(effect.relation, this), f"effect-{errand.id}", now)
    mark_done(house, errand, now)


def _calling(house: House, issue_id: int, called: str) -> list[int]:
    """The visits of an issue that wait for the issue that they called."""
    with house.database.reading() as opened:
        state: State = opened.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        child = opened.execute(
            select(issue_links.c.kind).where(
                issue_links.c.issue_id == issue_id, issue_links.c.other_id == Reference.parse(called).number
            )
        ).first()
    waiting = [visit.number for visit in state.visits if visit.called == called]
    if not waiting and child is None and state.status == "open":
        # the child was quicker than the news that it exists: that comes first
        raise RuntimeError(f"issue {issue_id} does not know yet that it called {called}")
    return waiting


NOTIFY = EffectKind(type=Notify, carry=_notify)
