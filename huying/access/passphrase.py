"""Passphrases: the database knows only their hashes."""

from __future__ import annotations

import secrets
import threading
from functools import lru_cache

from pwdlib import PasswordHash

# argon2 takes 64 MiB and 0.14 s for each: more at once would only slow all of them down
_at_once = threading.BoundedSemaphore(2)


@lru_cache(maxsize=1)
def hasher() -> PasswordHash:
    """What hashes passphrases, and checks them: made at its first use, for it takes as long as a log-in."""
    return PasswordHash.recommended()


def hash_passphrase(passphrase: str) -> str:
    """What the database keeps of a passphrase."""
    return hasher().hash(passphrase)


def is_right(passphrase: str, known: str | None) -> bool:
    """Whether this is the passphrase of that hash; where there is none, the answer takes equally long."""
    with _at_once:
        right = hasher().verify(passphrase[:500], known or _nobody())
    return right and known is not None


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hash_passphrase(secrets.token_hex(8))
