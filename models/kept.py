"""How nouns with words in them are kept: as a skeleton of JSON in which a token stands for each word, with all words sealed in one piece at its end.

``{"kind": "comment", "text": "§t0", "§": "KEY.SEALED"}``; of several nouns the piece is the last of the list. The token of a text is ``§t`` and its
place among the words, that of anything else ``§o``; of a text by which others are counted, its digest follows. When the key is destroyed, texts read
as erased, and anything else as not filled in.
"""

from __future__ import annotations

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Raw
from msgspec.json import Decoder
from sqlalchemy.engine import Dialect

from engine.codec import encode
from models.sealed import Seals

MARK, TEXT, OTHER = "§", "t", "o"
ERASED = "已删除 erased"
_TOKEN = re.compile(rf'"{MARK}([{TEXT}{OTHER}])(\d+)(?:\.[0-9a-f]+)?"')
_PIECE = f'"{MARK}":"'
_NONCE = 12
_KEYS = "huying_data_keys"
_raws = Decoder(list[Raw]).decode
_GONE = {TEXT: f'"{ERASED}"', OTHER: "null"}


class KeptNouns(str):
    """Nouns as they are kept already."""

    __slots__ = ()


class DataKeys(Protocol):
    """The data keys of a database."""

    def cipher(self, key_id: str) -> AESGCM | None:
        """What seals and opens by this key; ``None`` once it is destroyed."""


class Changed(Exception):
    """A sealed piece that does not open though its key is there."""


@dataclass(frozen=True, slots=True)
class SealedPiece:
    """Where words are sealed: by which key, and in which column."""

    key_id: str
    cipher: AESGCM
    column: str

    def seal(self, words: Sequence[Any]) -> str:
        """The words in their order, as one text."""
        nonce = os.urandom(_NONCE)
        made = nonce + self.cipher.encrypt(nonce, encode(words), _place(self.key_id, self.column))
        return f"{self.key_id}.{urlsafe_b64encode(made).decode()}"


def attach_keys(dialect: Dialect, keys: DataKeys) -> None:
    """Let the nouns of a database be opened by these keys."""
    setattr(dialect, _KEYS, keys)


def counted(ring: Seals, name: str, value: Any) -> str:
    """By what a sealed value of a field is found again, by whoever has the same one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = Decimal(str(value)).normalize()
    return ring.mac("counted", f"{name} {value}")[:16]


def keys_of(dialect: Dialect) -> DataKeys:
    """The data keys of a database."""
    keys: DataKeys = getattr(dialect, _KEYS)
    return keys


def reader(dialect: Dialect, column: str, decode: Callable[[str], Any]) -> Callable[[str | None], Any]:
    """How nouns are read from a column: with their words, or what stands for them once erased; ``None`` from a row that is not there."""

    def read(kept: str | None) -> Any:
        if kept is None:
            return None
        at = kept.rfind(_PIECE)
        return decode(kept if at < 0 else _restored(dialect, column, kept, at))

    return read


def _restored(dialect: Dialect, column: str, kept: str, at: int) -> str:
    piece = kept[at + len(_PIECE) : kept.index('"', at + len(_PIECE))]
    key_id, _, sealed = piece.partition(".")
    several = kept.startswith("[")
    skeleton = kept[:at].rstrip(" {," if several else " ,") + ("]" if several else "}")
    words = opened(dialect, column, key_id, sealed)
    if words is None:
        return _TOKEN.sub(lambda token: _GONE[token[1]], skeleton)
    return _TOKEN.sub(lambda token: words[int(token[2])], skeleton)


def opened(dialect: Dialect, column: str, key_id: str, sealed: str) -> list[str] | None:
    """The words of a piece as JSON, each by itself; ``None`` once its key is destroyed."""
    cipher = keys_of(dialect).cipher(key_id)
    if cipher is None:
        return None
    made = urlsafe_b64decode(sealed)
    try:
        plain = cipher.decrypt(made[:_NONCE], made[_NONCE:], _place(key_id, column))
    except InvalidTag:
        raise Changed(f"{column} 的密文被改动过。 What is sealed in {column} was changed.") from None
    return [bytes(one).decode() for one in _raws(plain)]


def _place(key_id: str, column: str) -> bytes:
    return f"{column}:{key_id}".encode()
