"""An authenticator in software, as browsers speak with it: options come and answers go as JSON."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor  # type: ignore[import-untyped]
from soft_webauthn import SoftWebauthnDevice  # type: ignore[import-untyped]

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")


class SoftPasskey:
    """A device with one passkey; ``verifies``: it checks its owner's face or finger, and says so."""

    def __init__(self, *, verifies: bool = True) -> None:
        self.device: Any = SoftWebauthnDevice()
        self.flags = _PRESENT | (_VERIFIED if verifies else 0)

    def made(self, options: str, origin: str) -> str:
        """The answer to a question to make a passkey."""
        asked = json.loads(options)
        asked = {
            **asked,
            "challenge": _bytes(asked["challenge"]),
            "user": {**asked["user"], "id": _bytes(asked["user"]["id"])},
        }
        found = self.device.create({"publicKey": asked}, origin)
        kept = cbor.decode(found["response"]["attestationObject"])
        # no other part of it is signed
        kept["authData"] = kept["authData"][:32] + bytes([self.flags | _WITH_KEY]) + kept["authData"][33:]
        client = found["response"]["clientDataJSON"]
        return self._written({"clientDataJSON": _text(client), "attestationObject": _text(cbor.encode(kept))})

    def shown(self, options: str, origin: str, *, handle: str | None = None) -> str:
        """The answer to a question to show it; ``handle``: another than its own, as a liar would say."""
        asked = json.loads(options)
        asked = {**asked, "challenge": _bytes(asked["challenge"])}
        found = self.device.get({"publicKey": asked}, origin)["response"]
        client = found["clientDataJSON"]
        known = found["authenticatorData"][:32] + bytes([self.flags]) + found["authenticatorData"][33:]
        digest = hashes.Hash(hashes.SHA256())
        digest.update(client)
        signature = self.device.private_key.sign(known + digest.finalize(), ec.ECDSA(hashes.SHA256()))
        own = _text(self.device.user_handle)
        return self._written(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(known),
                "signature": _text(signature),
                "userHandle": own if handle is None else handle,
            }
        )

    def _written(self, response: dict[str, str]) -> str:
        key = _text(self.device.credential_id)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})
