"""Passphrases: the database knows only their hashes."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

#: What OWASP asks of argon2id at least: memory in KiB, passes, lanes.
_MEMORY, _PASSES, _LANES = 19 * 1024, 2, 1
#: More characters than this are no passphrase, but an attempt to keep us busy.
LONGEST = 200
# each takes a core for a while: more at once would only slow all of them down
_at_once = threading.BoundedSemaphore(2)


class PassphraseCheck(NamedTuple):
    """Whether a passphrase is right, and its hash by the parameters of today where the kept one was made by others."""

    right: bool
    renewed: str | None


@lru_cache(maxsize=1)
def hasher() -> PasswordHash:
    """What hashes passphrases, and checks them: made at its first use, for it takes as long as a log-in."""
    return PasswordHash((Argon2Hasher(time_cost=_PASSES, memory_cost=_MEMORY, parallelism=_LANES),))


def plainly(passphrase: str) -> str:
    """The passphrase as it is compared: an input method may write its letters full width, or a letter and its accent apart."""
    return unicodedata.normalize("NFKC", passphrase[: LONGEST + 1])


def hash_passphrase(passphrase: str) -> str:
    """What the database keeps of a passphrase."""
    with _at_once:
        return hasher().hash(plainly(passphrase))


def check(passphrase: str, known: str | None) -> PassphraseCheck:
    """Whether this is the passphrase of that hash; where there is none, the answer takes equally long."""
    expected = known or _nobody(hasher())
    with _at_once:
        right, renewed = hasher().verify_and_update(plainly(passphrase), expected)
    return PassphraseCheck(right and known is not None, renewed if known else None)


def is_right(passphrase: str, known: str | None) -> bool:
    """Whether this is the passphrase of that hash."""
    return check(passphrase, known).right


@lru_cache(maxsize=1)
def _nobody(hashed_by: PasswordHash) -> str:
    # of nobody's passphrase, by the parameters of today: known by heart for as long as they hold
    return hashed_by.hash(secrets.token_hex(8))
