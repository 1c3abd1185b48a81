"""What a person may do with an issue beside acting on their tasks: what the kernel says is possible, in one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from definitions.action import BACK
from definitions.definition import Reopening
from definitions.text import words
from engine import Actor
from engine.available import Handing, Moving, Taking, handings, movings, takings
from engine.promising import held_by_chaser
from engine.state import State, WorkItem
from huying.directory import RegisterDirectory
from huying.house import House
from huying.views.record import Record, record
from huying.views.sight import sight, viewer


@dataclass(frozen=True, slots=True)
class ItemPossible:
    """An open task, what may be done with it, and for other people's: by whom it is held, in words."""

    item: int
    step: str
    title: str
    handings: tuple[Handing, ...]


@dataclass(frozen=True, slots=True)
class PossibleView:
    """``takings`` are for whoever takes part, ``movings`` for staff; ``steps`` are where staff may move the issue; ``promises`` those to settle."""

    takings: tuple[Taking, ...]
    movings: tuple[Moving, ...]
    items: tuple[ItemPossible, ...]
    steps: tuple[tuple[str, str], ...]
    promises: tuple[int, ...]
    incidents: tuple[tuple[int, str], ...]
    suspended: bool
    reopening: Reopening | None


def possible_view(house: House, issue_id: int, participant_id: int, language: str, now: datetime) -> PossibleView:
    """What this person may do; ``NotFound`` for what they may not see."""
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, language)
        person = viewer(connection, participant_id)
        seen = sight(connection, person, found)
        actor = Actor(person.actor.party, person.actor.parties, oversees=True, manages=seen.manages)
        directory = RegisterDirectory(connection, found.process.calendar, now, files=house.files, issue=found.id)
        items = tuple(
            _item(found, item, handings(found.process, found.state, item, actor, now, directory), language)
            for item in found.state.items
            if not item.done
        )
        taken = takings(found.process, found.state, actor, now, directory)
    moved = movings(found.state, actor)
    return PossibleView(
        takings=taken,
        movings=moved,
        items=tuple(one for one in items if one.handings or moved),
        steps=_steps(found, language) if moved else (),
        promises=_promises(found, actor),
        incidents=tuple((v.number, v.incident) for v in found.state.visits if v.incident) if moved else (),
        suspended=found.state.suspended,
        reopening=found.definition.reopen if "reopen" in taken else None,
    )


def _item(found: Record, item: WorkItem, possible: tuple[Handing, ...], language: str) -> ItemPossible:
    step = found.definition.steps[item.step]
    return ItemPossible(item.number, item.step, words(step.title, language, item.step), possible)


def _steps(found: Record, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, words(step.title, language, key)) for key, step in found.definition.steps.items() if key != BACK)


def _promises(found: Record, actor: Actor) -> tuple[int, ...]:
    state: State = found.state
    return tuple(
        made.number
        for made in state.promises
        if made.status != "kept" and (actor.manages or held_by_chaser(found.process, state, made, actor.parties))
    )
