"""A look at an issue: who looks, in which language, at which moment, and by what right; how much they see is decided by ``sight``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Look:
    """``person`` is a participant's id; ``by_code``: they have shown number and code alone, and read no personal data."""

    person: int
    language: str
    now: datetime
    by_code: bool = False
