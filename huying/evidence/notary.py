"""The notary: makes and checks what only the house can make, by keys of its ring that lie apart from the database."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from huying.database.connections import Database
from huying.keys.ring import Ring
from models.sealed import NoRing, ring_of


class Notary:
    """Seals for the house itself by a secret key, and signs for everybody: whoever has the public key can check a signature alone.

    ``sub_key`` gives 32 bytes for a purpose, always the same ones.
    """

    def __init__(self, sub_key: Callable[[str], bytes]) -> None:
        self._chain = sub_key("chain")
        self._signer = Ed25519PrivateKey.from_private_bytes(sub_key("heads"))

    def mac(self, about: str, text: str) -> str:
        """64 hexadecimal characters, which nobody makes without the ring."""
        return hmac.digest(self._chain, f"{about}\n{text}".encode(), "sha256").hex()

    def is_mac(self, mac: str, about: str, text: str) -> bool:
        """Whether it was made here of this text."""
        return hmac.compare_digest(mac, self.mac(about, text))

    def key_of(self, place: str) -> bytes:
        """The 32 bytes by which what stands at one place is hashed: told of one place, they say nothing of any other."""
        return hmac.digest(self._chain, f"leaf\n{place}".encode(), "sha256")

    def leaf(self, place: str, said: bytes) -> bytes:
        """What is kept of what stands at a place: it tells nobody what that is, and fits nothing else."""
        return hmac.digest(self.key_of(place), said, "sha256")

    @property
    def public_key(self) -> str:
        """What is handed out, as 64 hexadecimal characters."""
        return self._signer.public_key().public_bytes_raw().hex()

    def sign(self, text: str | bytes) -> str:
        """A signature (Ed25519) as 128 hexadecimal characters."""
        return self._signer.sign(_bytes_of(text)).hex()


def notary_of(database: Database) -> Notary:
    """The notary of a house, by its ring; ``NoRing`` where a database was opened without one."""
    if database.ring is None:
        raise NoRing
    return Notary(database.ring.sub_key)


def notary_in(connection: Connection) -> Notary:
    """The same of the house to which a connection belongs."""
    ring = ring_of(connection.dialect)
    if not isinstance(ring, Ring):
        raise NoRing
    return Notary(ring.sub_key)


def is_signed(public_key: str, text: str | bytes, signature: str) -> bool:
    """Whether the owner of the public key has signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), _bytes_of(text))
    except (InvalidSignature, ValueError):
        return False
    return True


def digest_of_text(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _bytes_of(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
