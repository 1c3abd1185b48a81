"""Why something failed, in a few words for staff, without private data."""

from __future__ import annotations

from engine.refusal import Invalid, Refusal
from huying.connections.calls import CallFailed
from huying.words.mask import mask

_LONGEST = 300


def reason_of(error: BaseException) -> str:
    """What went wrong, on one line: of a refusal its words, of anything else its kind and its first line, addresses and long numbers masked."""
    if isinstance(error, Invalid):
        said = "；".join(f"{name}：{message['zh']}" for name, message in error.errors.items())
        return mask(said or error.message["zh"])[:_LONGEST]
    if isinstance(error, Refusal):
        return mask(error.message["zh"])[:_LONGEST]
    # a database's further lines repeat the values, which are not for everybody
    said = next(iter(str(getattr(error, "orig", None) or error).splitlines()), "")
    if isinstance(error, CallFailed):
        return in_short(said)
    return in_short(f"{type(error).__name__}: {said}".rstrip(": "))


def in_short(said: str) -> str:
    """The first line of what was said of a failure, masked."""
    return mask(next(iter(said.strip().splitlines()), ""))[:_LONGEST]
