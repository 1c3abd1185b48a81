"""Time stamps of somebody else over the heads of the house (RFC 3161): that one was there at a moment, and what it said, is then known outside.

What comes back is looked at before it is kept: that it was given, and is over this very text and this very question. Whose signature it is anybody
asks who has the authority's certificate: ``openssl ts -verify -data DAY.txt -in DAY.tsr -CAfile ca.pem``.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import httpx
from pyasn1.codec.der import decoder, encoder
from pyasn1.error import PyAsn1Error
from pyasn1.type.univ import Integer, ObjectIdentifier, OctetString
from pyasn1_modules import rfc3161, rfc5652

_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_GIVEN = (0, 1)
_TIMEOUT, _LARGEST = 30.0, 100_000
_ASKED, _TOLD = "application/timestamp-query", "application/timestamp-reply"


class NoStamp(Exception):
    """No time stamp was given, or not over this; its text says why in Chinese and English."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What an authority said: when, of which digest (SHA-256), and in answer to which question."""

    at: datetime
    digest: bytes
    nonce: int


def ask(url: str, text: str) -> bytes:
    """Have a text stamped by the authority at an address; its answer as it came. ``NoStamp`` if none is to be had."""
    digest, nonce = hashlib.sha256(text.encode()).digest(), secrets.randbits(63) | 1
    headers = {"Content-Type": _ASKED, "Accept": _TOLD}
    try:
        with httpx.stream("POST", url, content=request(digest, nonce), headers=headers, timeout=_TIMEOUT) as answer:
            answer.raise_for_status()
            content = b""
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > _LARGEST:
                    raise NoStamp("时间戳服务的回答太长。 The answer of the time-stamping authority is too long.")
    except httpx.HTTPError as error:
        why = type(error).__name__
        raise NoStamp(f"时间戳服务没有应答（{why}）。 The time-stamping authority did not answer ({why}).") from None
    said = read(content)
    if (said.digest, said.nonce) != (digest, nonce):
        raise NoStamp("时间戳不是对这份签名的。 The time stamp is over something else.")
    return content


def request(digest: bytes, nonce: int) -> bytes:
    """The question, in DER: a stamp over a digest, with the certificate of whoever gives it."""
    asked = rfc3161.TimeStampReq()
    asked["version"] = 1
    asked["messageImprint"]["hashAlgorithm"]["algorithm"] = _SHA256
    asked["messageImprint"]["hashedMessage"] = digest
    asked["nonce"] = nonce
    asked["certReq"] = True
    return bytes(encoder.encode(asked))


def read(content: bytes) -> TimeStamp:
    """What an answer says; ``NoStamp`` if it refuses, or is no answer of the kind."""
    try:
        answer, rest = decoder.decode(content, asn1Spec=rfc3161.TimeStampResp())
        status = int(answer["status"]["status"])
        if status not in _GIVEN:
            raise NoStamp(f"时间戳服务拒绝了（{status}）。 The time-stamping authority refused ({status}).")
        signed, _ = decoder.decode(answer["timeStampToken"]["content"], asn1Spec=rfc5652.SignedData())
        told, _ = decoder.decode(bytes(signed["encapContentInfo"]["eContent"]), asn1Spec=rfc3161.TSTInfo())
        imprint = told["messageImprint"]
        if rest or imprint["hashAlgorithm"]["algorithm"] != _SHA256:
            raise NoStamp(_UNREADABLE)
        nonce = told["nonce"]
        return TimeStamp(
            told["genTime"].asDateTime,
            bytes(OctetString(imprint["hashedMessage"])),
            int(Integer(nonce)) if nonce.isValue else 0,
        )
    except (PyAsn1Error, ValueError):
        raise NoStamp(_UNREADABLE) from None


def fits(content: bytes, text: str) -> bool:
    """Whether a kept answer is a stamp over this text."""
    try:
        return read(content).digest == hashlib.sha256(text.encode()).digest()
    except NoStamp:
        return False


_UNREADABLE = "时间戳服务的回答读不懂。 The answer is no time stamp."
