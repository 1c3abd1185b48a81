"""The seven characters of a short address: read aloud, typed by hand and printed small, they are not mistaken for one another."""

from __future__ import annotations

import secrets

#: Crockford's base 32: without I, L, O and U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 7
#: What people write for what they read.
_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A code that nobody can guess from another: there are 34 thousand million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """The code that somebody means, small letters and dashes forgiven; ``None`` if it is none."""
    if len(text) > 2 * LENGTH:
        return None
    meant = text.upper().replace("-", "").replace(" ", "").translate(_MEANT)
    return meant if len(meant) == LENGTH and set(meant) <= set(ALPHABET) else None
