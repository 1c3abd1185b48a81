"""A recount of the files by a program of its own: it folds the kernel's changes into states, and reads nothing that files are made with."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from definitions.model.reference import Reference
from engine.change import Change, Closed, ItemDone, ItemOpened, Linked, MadeAnswerable, Reopened, RoleGiven, Unlinked
from engine.evolve import evolve
from engine.state import State
from huying.database import tables as t
from huying.house.house import House

SOLVED = ("solved", "answered")


def recount(house: House) -> Iterator[tuple[int, str, int]]:
    """Whose, of which kind, of which issue: each matter once for each person and kind."""
    with house.database.reading() as connection:
        ids = list(connection.execute(select(t.issues.c.id).order_by(t.issues.c.id)).scalars())
        query = select(t.history.c.issue_id, t.history.c.changes).order_by(t.history.c.issue_id, t.history.c.sequence)
        told: dict[int, list[tuple[Change, ...]]] = {one: [] for one in ids}
        for issue, changes in connection.execute(query):
            told[issue].append(changes)
    found, into = dict[int, set[tuple[str, str]]](), dict[int, int]()
    for issue in ids:
        found[issue], merged = _one(told[issue])
        if merged:
            into[issue] = Reference.parse(merged).number
    best: dict[tuple[int, int, str], tuple[int, int]] = {}
    for issue in ids:
        root, depth = issue, 0
        while root in into:
            root, depth = into[root], depth + 1
        for party, kind in found[issue]:
            mine = (root, Reference.parse(party).number, kind)
            best[mine] = min(best.get(mine, (99, 0)), (depth, issue))
    for (_, person, kind), (_, issue) in best.items():
        yield person, kind, issue


def _one(events: list[tuple[Change, ...]]) -> tuple[set[tuple[str, str]], str | None]:
    state, credits, settled = State(), set[tuple[str, str]](), set[tuple[str, str]]()
    merged: str | None = None
    for changes in events:
        doers: set[str] = set()
        asked = False
        for change in changes:
            match change:
                case MadeAnswerable(party=party):
                    credits.add((party, "taken-on"))
                case RoleGiven(role=role, rung=rung) if rung and state.rungs.get(role, rung) != rung:
                    credits |= {(party, "handed-up") for party in state.roles[role]}
                case ItemDone(by=by, behalf=behalf):
                    doers.add(behalf or by)
                case ItemOpened(item=item):
                    asked = asked or (
                        item.kind == "task" and any(c.startswith("organisation") for c in item.candidates)
                    )
                case Linked(link=link) if link.kind == "merged":
                    merged = link.issue
                case Unlinked(link=link) if link.kind == "merged":
                    merged = None
                case Closed(resolution=how):
                    links = {party for given in state.relay.values() for party in given}
                    holders = links | ({state.answerable} if state.answerable else set())
                    settled = {(party, "issue") for party in holders} if how in SOLVED else set()
                case Reopened():
                    settled = set()
            state = evolve(state, change)
        at_work = {state.answerable} | {p for role in state.rungs for p in state.roles.get(role, ())}
        if asked:
            credits |= {(party, "coordinated") for party in doers & at_work if party}
    return {one for one in credits | settled if one[0].startswith("participant")}, merged
