"""``open-issue``: an issue of another process is opened, called by a step that waits for it or just begun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from definitions.model.reference import issue
from definitions.model.steps.call import CallStep
from engine import State
from engine.effect import OpenIssue
from engine.event import Connect, Event, Forsake, Result
from engine.refusal import Invalid
from huying.database.tables import issues, stations
from huying.effects.kind import EffectKind
from huying.effects.outcome import give_back, let_happen, mark_done
from huying.house.house import House
from huying.issues.opening import Report, open_issue
from huying.outbox.claims import Errand
from huying.words.effects import WORDS


def _open_issue(house: House, errand: Errand[OpenIssue], now: datetime) -> None:
    """Open the issue for the same reporter at the same station; values that its definition does not know are left out."""
    effect = errand.effect
    if not _waited_for(house, errand):
        # the issue has moved on before anybody began
        mark_done(house, errand, now)
        return
    with house.database.reading() as opened:
        row = opened.execute(
            select(issues.c.reporter_id, stations.c.code)
            .join(stations, stations.c.id == issues.c.station_id)
            .where(issues.c.id == errand.issue_id)
        ).one()
    parent = issue(errand.issue_id)
    report = Report(
        definition=effect.definition,
        station=row.code,
        reporter=row.reporter_id,
        values={name: value for name, value in effect.values.items() if value is not None},
        channel="process",
        parent=parent if effect.visit is not None else None,
    )
    try:
        receipt = open_issue(house, report, request_id=f"effect-{errand.id}", now=now)
    except Invalid as wrong:
        raise ValueError(f"{effect.definition}: {'; '.join(e['en'] for e in wrong.errors.values())}") from wrong
    other = issue(receipt.issue_id)
    if effect.visit is not None:
        event: Event = Result(effect.visit, called=other, ended=False)
    else:
        event = Connect("started", other)
        let_happen(house, receipt.issue_id, Connect("origin", parent), f"effect-{errand.id}-origin", now)
    give_back(house, errand, event, "opened", now)
    if not _waited_for(house, errand):
        # it moved on while this one was being opened, and could not tell it
        forsaken = Forsake(parent, errand.number, _ends_with_it(house, errand))
        let_happen(house, receipt.issue_id, forsaken, f"effect-{errand.id}-forsaken", now)


def _waited_for(house: House, errand: Errand[OpenIssue]) -> bool:
    """Whether the visit that calls an issue is still there; of one that is only started, always."""
    if errand.effect.visit is None:
        return True
    with house.database.reading() as opened:
        state: State = opened.execute(select(issues.c.state).where(issues.c.id == errand.issue_id)).scalar_one()
    return state.visit(errand.effect.visit) is not None


def _ends_with_it(house: House, errand: Errand[OpenIssue]) -> bool:
    step = house.processes.process(errand.definition_version_id).definition.steps.get(errand.effect.step)
    return not isinstance(step, CallStep) or step.when_left == "cancel"


def _words(effect: OpenIssue, _whom: str) -> str:
    return f"{WORDS[OpenIssue].title.zh}：{effect.definition}"


OPEN_ISSUE = EffectKind(type=OpenIssue, carry=_open_issue, words=_words)
