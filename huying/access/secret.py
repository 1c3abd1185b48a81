"""Secrets of people that the house has to read again, such as that of an authenticator: the one place where they are made unreadable to whoever
gets hold of the database.

They are not yet: a kept secret says by its beginning how it was kept, so that encryption comes in here without touching anything else.
"""

from __future__ import annotations

_PLAIN = "plain:"


def kept_secret(secret: str) -> str:
    """What the database keeps."""
    return _PLAIN + secret


def read_secret(kept: str) -> str:
    """The secret itself; ``ValueError`` for one that was kept in a way that this program does not know."""
    if not kept.startswith(_PLAIN):
        raise ValueError("this secret was kept in a way that is not known here")
    return kept.removeprefix(_PLAIN)
