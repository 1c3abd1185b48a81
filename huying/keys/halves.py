"""A ring as two halves on paper: each alone is noise, both together are the ring."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32decode, b32encode

from huying.keys.ring import WrongRing

_LETTERS, _A_LINE = 5, 10


def halved(text: str) -> tuple[str, str]:
    """Two halves in groups of letters that people can type; each ends in a check of the whole."""
    plain = text.encode() + _check(text.encode())
    pad = secrets.token_bytes(len(plain))
    return _written(pad), _written(bytes(a ^ b for a, b in zip(plain, pad, strict=True)))


def joined(first: str, second: str) -> str:
    """The ring that was halved, in whatever order; ``WrongRing`` if one letter of them is wrong."""
    try:
        one, other = (b32decode(_padded("".join(half.split()).upper())) for half in (first, second))
        plain = bytes(a ^ b for a, b in zip(one, other, strict=True))
        text, check = plain[:-8], plain[-8:]
        if check != _check(text):
            raise WrongRing
        return text.decode()
    except ValueError:
        raise WrongRing from None


def _check(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()[:8]


def _written(content: bytes) -> str:
    letters = b32encode(content).decode().rstrip("=")
    groups = [letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS)]
    return "\n".join(" ".join(groups[at : at + _A_LINE]) for at in range(0, len(groups), _A_LINE))


def _padded(letters: str) -> str:
    return letters + "=" * (-len(letters) % 8)
