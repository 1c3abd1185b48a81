"""The envelope of a file: its bytes in blocks, sealed by a key of its own, which is sealed in turn by the ring and stands before them.

``HYF1``, the length of the sealed key (2 bytes), the sealed key, and then blocks of 64 KiB by AES-256-GCM. A block is bound to its number and to
whether it is the last: one that is missing, doubled, moved or cut off is found. The key is bound to the name under which the file lies: a file that
was put into another one's place does not open. A new key of the ring seals the file's key anew; the blocks stay as they are.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huying.keys.ring import Ring, Sealed, key_of

BLOCK = 64 * 1024
_MARK = b"HYF1"
_TAG = 16
_PURPOSE = "file"


def is_sealed(content: bytes) -> bool:
    """Whether bytes that lie somewhere are such an envelope. No kind of file that is taken begins so."""
    return content.startswith(_MARK)


def sealed(ring: Ring, name: str, plain: bytes) -> bytes:
    """The envelope of a file that is to lie under a name."""
    key = AESGCM.generate_key(256)
    return _head(ring, name, key) + _blocks(key, plain)


def opened(ring: Ring, name: str, content: bytes) -> bytes:
    """What is in an envelope; ``Sealed`` if its key is not on the ring, or it is not what was put under this name."""
    wrapped, at = _wrapped(name, content)
    cipher = AESGCM(ring.open(_PURPOSE, wrapped, name))
    found, number = bytearray(), 0
    while True:
        block = content[at : at + BLOCK + _TAG]
        at += len(block)
        last = at >= len(content)
        try:
            found += cipher.decrypt(_nonce(number, last), block, None)
        except (InvalidTag, ValueError):
            raise Sealed(name, None) from None
        number += 1
        if last:
            return bytes(found)


def resealed(ring: Ring, name: str, content: bytes) -> bytes:
    """The same file with its key sealed by the ring's newest key."""
    wrapped, at = _wrapped(name, content)
    return _head(ring, name, ring.open(_PURPOSE, wrapped, name)) + content[at:]


def key_id(content: bytes) -> str | None:
    """Which key of the ring opens an envelope, told by its beginning (256 bytes do); ``None`` for what is none."""
    start = len(_MARK) + 2
    return key_of(content[start:256].decode("ascii", errors="replace")) if is_sealed(content) else None


def _head(ring: Ring, name: str, key: bytes) -> bytes:
    wrapped = ring.seal(_PURPOSE, key, name).encode()
    return _MARK + len(wrapped).to_bytes(2, "big") + wrapped


def _wrapped(name: str, content: bytes) -> tuple[str, int]:
    """The sealed key, and where the blocks begin."""
    start = len(_MARK) + 2
    end = start + int.from_bytes(content[len(_MARK) : start], "big")
    if not is_sealed(content) or len(content) < end:
        raise Sealed(name, None)
    return content[start:end].decode("ascii", errors="replace"), end


def _blocks(key: bytes, plain: bytes) -> bytes:
    cipher, made = AESGCM(key), bytearray()
    # an empty file has one empty block
    starts = range(0, max(len(plain), 1), BLOCK)
    for number, start in enumerate(starts):
        last = start + BLOCK >= len(plain)
        made += cipher.encrypt(_nonce(number, last), plain[start : start + BLOCK], None)
    return bytes(made)


def _nonce(number: int, last: bool) -> bytes:
    # the key seals this one file: a number is never used twice
    return number.to_bytes(11, "big") + bytes([last])
