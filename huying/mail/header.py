"""Headers of a mail made text: encoded words as clients really write them, raw eight-bit text, and addresses. Nothing here raises.

Python's newer parser of headers fails on what anybody can send (``docs/en/threats.md``), so the old one is asked for the raw lines alone.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from quopri import decodestring
from urllib.parse import unquote_to_bytes

from huying.mail.charset import clean, text_of

#: No header of a letter is longer; what is beyond is not read.
_LONGEST = 20_000
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,4000})\?=")
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@]{1,64}@[^\s<>()\[\]\\,;:\"@]{1,253}")
_NAMED = re.compile(r"<\s*([^<>\s]{1,320})\s*>")
_ID = re.compile(r"<([^<>\s]{1,900})>")
#: ``name=value``, ``name*=charset''value`` and ``name*0*=`` of Content-Type and Content-Disposition.
_PARAMETER = re.compile(
    r";\s*([a-z-]{1,20})(?:\*(\d{1,2}))?(\*)?\s*=\s*(?:\"((?:[^\"\\]|\\.){0,4000})\"|([^;\s]{0,4000}))", re.I
)
#: So many references are looked at: the last are the nearest.
_REFERENCES = 50


@dataclass(frozen=True, slots=True)
class MailParty:
    """Somebody in a header: an address in lower case, empty if there is none that could be one, and the name beside it."""

    address: str
    name: str = ""


def raw_lines(message: Message, name: str) -> tuple[str, ...]:
    """All headers of a name as they stand, the topmost first; bytes beyond ASCII are surrogates."""
    wanted = name.lower()
    return tuple(str(value)[:_LONGEST] for key, value in message.raw_items() if key.lower() == wanted)


def line_of(message: Message, name: str) -> str:
    """The topmost header of a name as one line of text; empty if there is none."""
    found = raw_lines(message, name)
    return decoded(found[0]) if found else ""


def decoded(raw: str) -> str:
    """A header's value as one line of text."""
    plain = raw.replace("\r", "").replace("\n", "")
    return " ".join(clean("".join(_pieces(plain))).split())


def _pieces(raw: str) -> Iterator[str]:
    """Text between encoded words, and words: those that stand side by side in one charset are one run of bytes, as some clients cut characters."""
    at, held, claimed = 0, b"", ""
    for word in _WORD.finditer(raw):
        between = raw[at : word.start()]
        if between.strip() or word[1].lower() != claimed:
            yield text_of(held, claimed)
            held, claimed = b"", word[1].lower()
        if between.strip() or (at == 0 and between):
            yield _unencoded(between)
        held += _bytes(word[2].lower(), word[3])
        at = word.end()
    yield text_of(held, claimed)
    yield _unencoded(raw[at:])


def _bytes(way: str, text: str) -> bytes:
    if way == "q":
        return decodestring(text.replace("_", " ").encode("ascii", "replace"))
    sound = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        return b64decode(sound + "=" * (-len(sound) % 4))
    except (binascii.Error, ValueError):
        # one sign too many: what came before it is sound
        return b64decode(sound[: len(sound) // 4 * 4])


def _unencoded(text: str) -> str:
    """Text outside encoded words: ASCII as it should be, or raw bytes."""
    return text_of(text.encode("utf-8", "surrogateescape"))


def party(raw: str) -> MailParty:
    """The first address of a header; the name is what stands before it."""
    text = decoded(raw)
    named = _NAMED.search(text)
    if named:
        name = text[: named.start()].strip().strip("\"'").strip()
        return MailParty(_sound(named[1]), name.replace('\\"', '"')[:200])
    found = _ADDRESS.search(text)
    return MailParty(_sound(found[0]) if found else "")


def addresses_in(raw: str) -> tuple[str, ...]:
    """All addresses of a header, each once."""
    return tuple(dict.fromkeys(one for found in _ADDRESS.findall(decoded(raw)) if (one := _sound(found))))


def _sound(text: str) -> str:
    """An address in lower case; empty if it is none."""
    plain = text.strip().strip(".").lower()
    return plain if _ADDRESS.fullmatch(plain) and ".." not in plain and len(plain) <= 320 else ""


def identifiers(raw: str) -> tuple[str, ...]:
    """The Message-IDs of a header, the nearest first."""
    return tuple(reversed(_ID.findall(clean(raw.encode("utf-8", "replace").decode())[-_LONGEST:])[-_REFERENCES:]))


def parameters(raw: str) -> dict[str, str]:
    """What a header such as Content-Type says beside its value: names in lower case, values decoded however they are written."""
    parts: dict[str, list[tuple[int, str, bool]]] = {}
    for name, number, star, quoted, bare in _PARAMETER.findall(raw.replace("\r", "").replace("\n", "")):
        parts.setdefault(name.lower(), []).append((int(number or 0), quoted or bare, bool(star)))
    return {name: _value(sorted(found)) for name, found in parts.items()}


def _value(found: list[tuple[int, str, bool]]) -> str:
    if any(star for _, _, star in found):
        return _extended(found)
    text = "".join(value for _, value, _ in found)
    return decoded(text.replace('\\"', '"').replace("\\\\", "\\"))


def _extended(found: list[tuple[int, str, bool]]) -> str:
    """RFC 2231: a charset before the first part, and percent signs in those with a star."""
    claimed, held = "", b""
    for place, (_, value, star) in enumerate(found):
        said = value
        if star and place == 0 and said.count("'") >= 2:
            claimed, _, said = said.split("'", 2)
        raw = said.encode("utf-8", "surrogateescape")
        held += unquote_to_bytes(raw) if star else raw
    return " ".join(text_of(held, claimed).split())
