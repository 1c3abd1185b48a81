"""The ring: keys that seal what is private, of which the newest one seals and all of them open, and one that lasts, from which keys of digests come.

Nothing is sealed by a key of the ring itself, but by one that is derived from it for a purpose (HKDF-SHA256), with AES-256-GCM. What is sealed is
bound to its place: moved to another one it does not open. Keys that seal can be changed (``with_new``); the lasting one makes blind indexes, digests
and chains, which would all have to be made anew.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: How what is sealed begins; a later form has another number.
_FORM = "v1"
_LENGTH, _NONCE = 32, 12
_KEY = re.compile(r"key:([0-9a-f]{8}):(\d{4}-\d\d-\d\d):([\w-]{43})", re.ASCII)
_LASTING = re.compile(r"lasting:([0-9a-f]{8}):([\w-]{43})", re.ASCII)
#: So often does a process look whether the ring that it holds was changed, in seconds.
_LOOKED_AT = 1.0


class WrongRing(ValueError):
    """What was given is no ring."""


class Sealed(Exception):
    """What does not open; ``key`` is the id of the key that is missing, or ``None`` where the key is there and the place or the text is another."""

    def __init__(self, place: str, key: str | None) -> None:
        super().__init__(place, key)
        self.place, self.key = place, key

    def __str__(self) -> str:
        if self.key is not None:
            return f"钥匙串里没有 {self.key}，{self.place} 读不出。 {self.place} is sealed by {self.key}, which is not in the ring."
        return (
            f"{self.place} 的密文被改动或移动过。 What is sealed in {self.place} was changed, or moved from elsewhere."
        )


@dataclass(frozen=True, slots=True)
class RingKey:
    """A key that seals: its id is the beginning of its digest, so that a mistyped one is known."""

    id: str
    made_on: date
    secret: bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """What a ring holds: keys that seal, the newest last, and the lasting one."""

    sealing: tuple[RingKey, ...]
    lasting: bytes

    @property
    def lasting_id(self) -> str:
        """By what the lasting one is known."""
        return _id_of(self.lasting)

    def with_new(self, made_on: date) -> Keys:
        """The same with one more, which seals from now on."""
        return Keys((*self.sealing, _new_key(made_on)), self.lasting)

    def without(self, key_id: str) -> Keys:
        """The same without a key by which nothing is sealed any more; the one that seals stays."""
        return Keys((*(key for key in self.sealing[:-1] if key.id != key_id), self.sealing[-1]), self.lasting)

    def written(self) -> str:
        """As it is kept, a key a line."""
        keys = (f"key:{key.id}:{key.made_on.isoformat()}:{_text_of(key.secret)}\n" for key in self.sealing)
        return f"lasting:{self.lasting_id}:{_text_of(self.lasting)}\n{''.join(keys)}"


def new_keys(made_on: date) -> Keys:
    """A ring for a house that has none."""
    return Keys((_new_key(made_on),), secrets.token_bytes(_LENGTH))


def read_keys(text: str) -> Keys:
    """The ring that was written; lines that begin with ``#`` are remarks. ``WrongRing`` for anything else."""
    words = [word for line in text.splitlines() if not line.lstrip().startswith("#") for word in line.split()]
    sealing, lasting = [], []
    for word in words:
        if found := _KEY.fullmatch(word):
            sealing.append(RingKey(found[1], _day(found[2]), _secret(found[1], found[3])))
        elif found := _LASTING.fullmatch(word):
            lasting.append(_secret(found[1], found[2]))
        else:
            raise WrongRing
    if not sealing or len(lasting) != 1:
        raise WrongRing
    return Keys(tuple(sealing), lasting[0])


class Ring:
    """A ring in use. ``again`` gives it as it is now, or ``None`` while it is as it was: another process may have put a new key on it."""

    #: After so many seconds every process seals by a key that was put on the ring.
    SEEN_AFTER = 2 * _LOOKED_AT

    def __init__(self, keys: Keys, again: Callable[[], Keys | None] | None = None) -> None:
        self._again = again
        self._looked_at = time.monotonic()
        self._take(keys)

    def _take(self, keys: Keys) -> None:
        self._keys = keys
        self._by_id = {key.id: key.secret for key in keys.sealing}

    @property
    def keys(self) -> Keys:
        """What it holds."""
        return self._keys

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys that open, the newest last."""
        return tuple(self._by_id)

    @property
    def active(self) -> str:
        """The id of the key that seals."""
        return self._keys.sealing[-1].id

    def look_again(self) -> None:
        """Take the ring as it is now."""
        self._looked_at = time.monotonic()
        found = self._again() if self._again is not None else None
        if found is not None:
            self._take(found)

    def sub_key(self, purpose: str) -> bytes:
        """32 bytes for digests, chains and signatures of one purpose; the same for as long as the house lives."""
        return _derived(self._keys.lasting, purpose)

    def mac(self, purpose: str, text: str) -> str:
        """A digest of 16 bytes, as hex, that nobody can make without the ring: for looking up what is not to be read."""
        return hmac.digest(self.sub_key(purpose), text.encode(), "sha256")[:16].hex()

    def seal(self, purpose: str, plain: bytes, place: str) -> str:
        """``v1:KEY:…``, which opens for this purpose at this place alone."""
        if self._again is not None and time.monotonic() - self._looked_at > _LOOKED_AT:
            self.look_again()
        key = self._keys.sealing[-1]
        nonce = os.urandom(_NONCE)
        made = nonce + _cipher(key.secret, purpose).encrypt(nonce, plain, place.encode())
        return f"{_FORM}:{key.id}:{_text_of(made)}"

    def open(self, purpose: str, sealed: str, place: str) -> bytes:
        """What was sealed; ``Sealed`` if the key is missing, or the text is not what was sealed for this purpose and place."""
        form, _, rest = sealed.partition(":")
        key_id, _, text = rest.partition(":")
        if form != _FORM:
            raise Sealed(place, None)
        if key_id not in self._by_id:
            self.look_again()
        secret = self._by_id.get(key_id)
        if secret is None:
            raise Sealed(place, key_id)
        try:
            made = _bytes_of(text)
            return _cipher(secret, purpose).decrypt(made[:_NONCE], made[_NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise Sealed(place, None) from None


def key_of(sealed: str) -> str | None:
    """The id of the key by which something is sealed; ``None`` for what is not sealed."""
    form, _, rest = sealed.partition(":")
    return rest.partition(":")[0] if form == _FORM else None


@lru_cache(maxsize=256)
def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_LENGTH, salt=None, info=f"huying {purpose}".encode()).derive(secret)


@lru_cache(maxsize=256)
def _cipher(secret: bytes, purpose: str) -> AESGCM:
    return AESGCM(_derived(secret, f"seal {purpose}"))


def _new_key(made_on: date) -> RingKey:
    secret = secrets.token_bytes(_LENGTH)
    return RingKey(_id_of(secret), made_on, secret)


def _id_of(secret: bytes) -> str:
    return hashlib.sha256(b"huying key " + secret).hexdigest()[:8]


def _secret(key_id: str, text: str) -> bytes:
    secret = _bytes_of(text)
    if _id_of(secret) != key_id:
        raise WrongRing
    return secret


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongRing from None


def _text_of(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
