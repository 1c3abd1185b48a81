"""What scoring needs to know of an entry of a file: facts, and no words of it."""

from __future__ import annotations

from datetime import date

from engine.noun import Noun

#: Parts of those who were not there: they count only where a table says what their part is worth.
AWAY = frozenset({"excused", "absent"})


class ScoredEntry(Noun, frozen=True, kw_only=True):
    """One event in the file of a person, a delegation or a station.

    ``key`` tells it from every other; ``part``: what was done in it (lead, co-signer, attended, excused, absent …); ``number``: of what was counted
    in it (households, voters); ``marks``: what became of it later (accepted, key, excellent); ``matter``: what it is about, so that the same thing
    told of twice is known; ``signers``: how many signed, all together.
    """

    key: str
    kind: str
    day: date
    part: str = ""
    half_days: int = 1
    number: int = 1
    level: str = ""
    marks: tuple[str, ...] = ()
    matter: str = ""
    signers: int = 1
    evidence: bool = False
