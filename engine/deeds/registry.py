"""Every deed, one a line. Pages, programs, scenarios and histories read them here; whatever is offered stands in this order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from engine.deeds import (
    action,
    answer,
    attachment,
    cancellation,
    claim,
    comment,
    deadline,
    deferral,
    deferral_end,
    delegation,
    extension,
    follow,
    merger,
    move,
    option,
    promise_broken,
    promise_kept,
    question,
    reassignment,
    release,
    relocation,
    reopen,
    reply,
    resumption,
    retry,
    signer,
    skip,
    split,
    supervision,
    supply,
    suspension,
    transfer,
    urge,
    withdrawal,
)
from engine.deeds.deed import Deed, Gesture, Prospect
from engine.event import Event

DEEDS: tuple[Deed, ...] = (
    action.DEED,
    option.DEED,
    claim.DEED,
    release.DEED,
    delegation.DEED,
    transfer.DEED,
    reply.DEED,
    question.DEED,
    answer.DEED,
    signer.DEED,
    extension.DEED,
    deferral.DEED,
    deferral_end.DEED,
    comment.DEED,
    attachment.DEED,
    withdrawal.DEED,
    urge.DEED,
    follow.DEED,
    reopen.DEED,
    promise_kept.DEED,
    promise_broken.DEED,
    move.DEED,
    relocation.DEED,
    reassignment.DEED,
    suspension.DEED,
    resumption.DEED,
    cancellation.DEED,
    merger.DEED,
    split.DEED,
    supervision.DEED,
    deadline.DEED,
    retry.DEED,
    skip.DEED,
    supply.DEED,
)

BY_EVENT: Mapping[type[Event], Deed] = {deed.event: deed for deed in DEEDS}
BY_KIND: Mapping[str, Deed] = {deed.kind: deed for deed in DEEDS}
#: The gestures by their name on pages, and by their words in scenarios.
BY_FORM: Mapping[str, Gesture] = {one.form: one for deed in DEEDS for one in deed.gestures if one.form}
BY_WORD: Mapping[str, Gesture] = {word: one for deed in DEEDS for one in deed.gestures for word in one.told}


def gestures(place: Literal["item", "issue", "staff"]) -> Iterator[Gesture]:
    """Those that are offered in a place."""
    return (one for deed in DEEDS for one in deed.gestures if one.place == place)


def offered(place: Literal["item", "issue", "staff"], prospect: Prospect) -> tuple[str, ...]:
    """What of a place is possible, by name."""
    return tuple(one.key for one in gestures(place) if one.offered is not None and one.offered(prospect))
