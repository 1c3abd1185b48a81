"""Texts of an issue that not all may read who may see it, by whose they are: remarks, questions and answers, ``seen by`` fields, and what is shown
to those who have the same matter.

An audience is a row of its own in the index, and what stands in it is hashed. Its number holds that of the issue and who it is, so that the newest
come first, and a question is narrowed to what somebody may read before anything is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from definitions.model.definition import Definition
from engine import change as c
from engine.event import Attach, Comment
from engine.state import State
from huying.house.history import HistoryEntry
from huying.issues.sight import Sight, had_roles
from huying.issues.views.storyteller import said_with
from huying.issues.views.timeline import shown
from huying.search.entry import IssueText, Source, joined, passages, tokens_of
from huying.search.letters import numbers, split, veiled

#: So many audiences an issue has at most.
AUDIENCES = 256
#: Who works on it or looks after it; whoever reported it; whoever has the same matter; from ``ROLES`` on, each set of roles that alone see something.
INSIDE, REPORTER, FOLLOWERS, ROLES = 0, 1, 2, 3

_COLLEAGUE = Sight(inside=True, private=True, own=False)
_OWNER = Sight(inside=False, private=True, own=True)
_FOLLOWER = Sight(inside=False, private=False, own=False, follows=True)


@dataclass(frozen=True, slots=True)
class Shared:
    """What stands in the index for one audience: its tokens, and the parties that belong to it, where no other row says so."""

    tokens: tuple[str, ...]
    readers: frozenset[str] = frozenset()


def row_of(issue: int, audience: int) -> int:
    """The row of an audience of an issue."""
    return issue * AUDIENCES + audience


def rows_of(issue: int) -> range:
    """The rows of all audiences of an issue."""
    return range(row_of(issue, 0), row_of(issue + 1, 0))


def shared(source: Source, secret: str) -> Mapping[int, Shared]:
    """What an issue holds for each audience, by its row."""
    texts: dict[int, list[list[str]]] = {}
    for audience, passage in shared_texts(source):
        texts.setdefault(audience, []).append(tokens_of(passage, secret))
    if source.state.followers:
        heads = [*(numbers(number) for number in source.numbers), split(source.subject)]
        texts[FOLLOWERS] = [*heads, *texts.get(FOLLOWERS, ())]
    had = had_roles(source.definition, source.state)
    of_roles = dict(enumerate(_sets_of_roles(source.definition), ROLES))
    return {
        row_of(source.id, audience): Shared(
            tuple(veiled(secret, joined(said))),
            frozenset(party for role in of_roles.get(audience, ()) for party in had.get(role, ())),
        )
        for audience, said in texts.items()
    }


def shared_texts(source: Source) -> Iterator[tuple[int, IssueText]]:
    """Those texts, each with an audience that may read it."""
    sets = {roles: audience for audience, roles in enumerate(_sets_of_roles(source.definition), ROLES)}
    alike = source.definition.alike
    for passage in passages(source.definition, source.state):
        field = source.definition.data[passage.field]
        if field.seen_by and (audience := sets.get(frozenset(field.seen_by))) is not None:
            yield audience, passage
        elif passage.reach == "open" and source.state.followers and alike and passage.field in alike.show:
            yield FOLLOWERS, passage
    yield from _written(source)


def _sets_of_roles(definition: Definition) -> list[frozenset[str]]:
    """The sets of roles that alone see something, in an order of their own."""
    found = {frozenset(field.seen_by) for field in definition.data.values() if field.seen_by}
    return sorted(found, key=sorted)[: AUDIENCES - ROLES]


def _written(source: Source) -> Iterator[tuple[int, IssueText]]:
    """What was written in the course of an issue, and does not stand in its fields now."""
    reporter = source.state.facts.reporter if source.state.facts else ""
    for entry in source.history:
        for text in (*_texts_of(entry, _COLLEAGUE), *_answers(source.definition, source.state, entry.changes)):
            yield INSIDE, text
        if shown(entry, _OWNER, reporter):
            for text in (*_texts_of(entry, _OWNER), *_answers(source.definition, source.state, entry.changes)):
                yield REPORTER, text
        # the reporter is a stranger to whoever has the same matter, to whom also what stands in the fields is shown in the course alone
        if source.state.followers and entry.actor != reporter and shown(entry, _FOLLOWER, reporter):
            for text in (*_texts_of(entry, _FOLLOWER), *_answers(source.definition, State(), entry.changes)):
                yield FOLLOWERS, text


def _texts_of(entry: HistoryEntry, sight: Sight) -> Iterator[IssueText]:
    event = entry.event
    if isinstance(event, Attach):
        text: str | None = event.name
    elif isinstance(event, Comment):
        text = event.text
    else:
        text = said_with(event, inside=sight.inside)
    if text:
        yield IssueText("", text, "shared", "long text", event.kind)


def _answers(definition: Definition, state: State, changes: Iterable[c.Change]) -> Iterator[IssueText]:
    """What was answered before something else was."""
    for change in changes:
        for name, value in change.values.items() if isinstance(change, c.ItemDone) else ():
            field = definition.data.get(name)
            if field and field.open and field.type in ("text", "long text") and value and value != state.data.get(name):
                yield IssueText(name, str(value), "shared", field.type)
