"""Effects in words for staff: what is carried out, for whom, and why. A reporter is never named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from definitions.model.reference import participant
from definitions.text import words
from engine.effect import Effect
from flows import ports
from huying.access import parties
from huying.effects.kinds import kind_of
from huying.house.house import House
from huying.outbox.claims import Errand


def described(house: House, claimed: Sequence[Errand[Effect]], now: datetime) -> list[ports.ShownEffect]:
    """The effects as the dispatcher shows them."""
    named = {party for errand in claimed for party in errand.effect.parties}
    with house.database.reading() as connection:
        names = parties.names(connection, named)
    return [_described(house, errand, names, now) for errand in claimed]


def _described(house: House, errand: Errand[Effect], names: Mapping[str, str], now: datetime) -> ports.ShownEffect:
    effect, kind = errand.effect, kind_of(errand.effect)
    reporter = participant(errand.reporter_id)
    role = words(house.processes.process(errand.definition_version_id).definition.role_title("reporter"), "zh")
    whom = "、".join(role if party == reporter else names[party] for party in effect.parties if party in names)
    return ports.ShownEffect(
        id=errand.id,
        issue_id=errand.issue_id,
        number=errand.number,
        sequence=errand.sequence,
        step=kind.place(effect),
        words=kind.words(effect, whom),
        attempts=errand.attempts,
        run_id=errand.run_id,
        waited=(now - errand.since).total_seconds() if errand.since else 0.0,
        system=effect.connection or "",
    )
