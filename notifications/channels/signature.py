"""Signing webhooks after the Standard Webhooks convention, so that receivers can check them with ready-made libraries."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

_PREFIX = "whsec_"


def signature(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """``v1,`` and the HMAC-SHA256 over identifier, timestamp (seconds) and body, in base64."""
    signed = f"{identifier}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    """The bytes of ``whsec_`` and base64; any other secret as it is written."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
