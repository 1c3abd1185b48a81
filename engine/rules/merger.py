"""Merging: into which issue another may be merged, and how what is said of a merged one arrives at the one that goes on.

Refused is what would leave nobody at work: an issue merged into itself, into one that is closed, or into one that waits for it or for which it
waits.
"""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model.reference import refers_to
from definitions.text import Said
from engine.change import FollowersJoined, FollowersLeft, Linked, Unlinked
from engine.directory import Actor, OtherIssue
from engine.draft import Draft
from engine.effect import Notify, Referral
from engine.event import Absorb, Attach, Comment, Urge, Withdraw
from engine.refusal import Invalid
from engine.state import Link, Party

#: Longer chains of callers are not followed: there are none, but for a circle in old data.
_LONGEST_CHAIN = 50


def merge_into(draft: Draft, into: str, field: str = "into") -> None:
    """Link this issue with the one that goes on in its place, and send its people there; ``Invalid`` names the field and says why not."""
    facts = draft.state.facts
    assert facts is not None
    why = _objection(draft, into)
    if why is not None:
        raise Invalid({field: {"zh": why.zh, "en": why.en}})
    draft.record(Linked(Link(kind="merged", issue=into)))
    draft.effect(Notify(issue=into, news="merged", followers=(facts.reporter, *draft.state.followers)))


def _objection(draft: Draft, into: str) -> Said | None:
    """Why this issue may not be merged into another."""
    other = draft.directory.issue(into) if refers_to(into, "issue") else None
    facts = draft.state.facts
    if other is None or facts is None:
        return Said("没有这件事项。", "There is no such issue.")
    number = other.number
    if number == facts.number:
        return Said(
            "不能并入自己：这就是要并入的那一件，照常办理。",
            "An issue cannot be merged into itself: this is the one that goes on.",
        )
    if not other.open:
        return _closed(draft, other)
    if any(above.number == number for above in _callers(draft, facts.parent)):
        return Said(
            f"“{number}”正在等本件的结果，不能并入；请先办结本件。",
            f"“{number}” waits for this issue, which cannot be merged into it; please close this one first.",
        )
    if any(above.number == facts.number for above in _callers(draft, other.caller)):
        return Said(
            f"“{number}”是为办理本件而另开的，本件在等它的结果，不能并入。",
            f"“{number}” was opened for this issue, which waits for it and cannot be merged into it.",
        )
    return None


def _closed(draft: Draft, other: OtherIssue) -> Said:
    survivor = draft.directory.issue(other.survivor) if other.survivor else None
    if survivor is not None:
        return Said(
            f"“{other.number}”已并入“{survivor.number}”，请直接并入“{survivor.number}”。",
            f"“{other.number}” was merged into “{survivor.number}”; please merge into that one.",
        )
    return Said(
        f"“{other.number}”已经办结，没有人在办；请选一件在办的，或先把它重新办理。",
        f"“{other.number}” is closed, and nobody works on it; please choose an open one, or reopen it first.",
    )


def _callers(draft: Draft, above: Party | None) -> Iterator[OtherIssue]:
    """The issues that wait for this one: the one that called it, the one that called that …"""
    for _ in range(_LONGEST_CHAIN):
        caller = draft.directory.issue(above) if above else None
        if caller is None:
            return
        yield caller
        above = caller.caller


def absorb(draft: Draft, event: Absorb, actor: Actor | None) -> None:
    """Another issue was merged into this one: its people follow this one from now on, and hear of it if it was closed meanwhile."""
    draft.record(Linked(Link(kind="absorbed", issue=event.issue)))
    reporter = draft.state.facts.reporter if draft.state.facts else None
    new = tuple(party for party in event.followers if party != reporter and party not in draft.state.followers)
    if new:
        draft.record(FollowersJoined(new))
        draft.tell("merged" if draft.state.status == "open" else "closed", new)


def part_again(draft: Draft) -> None:
    """A merged issue that is taken up again goes its own way: what is said of it is said of it alone."""
    for link in draft.state.links:
        if link.kind == "merged":
            draft.record(Unlinked(link))


def refer(draft: Draft, event: Comment | Attach | Urge | Withdraw, actor: Actor) -> bool:
    """Have what was said of a merged issue said of the one that goes on in its place; ``False`` if this one was not merged.

    Inside only: the reporter of the other issue is somebody else.
    """
    survivor = draft.state.survivor
    if survivor is None:
        return False
    draft.effect(Referral(issue=survivor, by=actor.party, event=_inside(event)))
    return True


def _inside(event: Comment | Attach | Urge | Withdraw) -> Comment | Attach | Urge | Withdraw:
    match event:
        case Comment(text=text):
            return Comment(text)
        case Attach():
            return Attach(event.name, event.media_type, event.size, event.digest, public=False)
        case _:
            return event


def follow_no_more(draft: Draft, actor: Actor) -> bool:
    """Whoever follows the issue because theirs was merged into it takes theirs back: they hear no more; ``False`` if they do not follow."""
    if actor.party not in draft.state.followers:
        return False
    draft.record(FollowersLeft((actor.party,)))
    return True
