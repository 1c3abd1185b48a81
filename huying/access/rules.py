"""What an office asks of those who sign in: how long a log-in may stand idle, which passphrases are taken, and of whom a second factor is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from huying.access.policy import ALONE, BESIDE_A_SECOND_FACTOR, PassphraseRules

#: Whose screens show what is private of many people.
_AT_DESKS = ("staff", "administrator")


@dataclass(frozen=True, slots=True)
class AccountRules:
    """``second_factor_for``: the kinds of people who do not come in without one. A log-in ends when it was idle so long, and after ``lasts``."""

    desk_idle: timedelta = timedelta(minutes=30)
    idle: timedelta = timedelta(hours=8)
    lasts: timedelta = timedelta(hours=12)
    strict: bool = False
    second_factor_for: frozenset[str] = frozenset()

    def idle_of(self, kind: str) -> timedelta:
        """How long a log-in of this kind of person may stand idle."""
        return self.desk_idle if kind in _AT_DESKS else self.idle

    def passphrases(self, *, second_factor: bool) -> PassphraseRules:
        """Which passphrases are taken."""
        return PassphraseRules(BESIDE_A_SECOND_FACTOR if second_factor else ALONE, self.strict)
