"""How an authenticator becomes somebody's second factor: a drawing to scan, the secret to type, and the first code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from definitions.text import Said
from huying.access.passkey_site import passkey_site
from huying.access.second_factor import WrongCode, provisioning
from portal.frame.qr import qr_code
from portal.frame.reception import Reception


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where the form goes, whose authenticator it is, with which secret, where they go afterwards, what was wrong with the last code, and
    why a passkey was refused that would do instead, or the passphrase beside it."""

    action: str
    login: str
    house: str
    secret: str
    following: str
    wrong: WrongCode | None = None
    refused: Mapping[str, str] | None = None


def authenticator_page(at: Reception, of: Enrolment) -> Response:
    """The page."""
    label = Said("给验证器 App 扫的二维码", "The code to scan with an authenticator").of(at.language)
    address = provisioning(of.secret, of.login, of.house)
    drawn = qr_code(address, label)
    spaced = " ".join(of.secret[place : place + 4] for place in range(0, len(of.secret), 4))
    site = passkey_site(at.here.config.portal_url)
    status = 401 if of.wrong or of.refused else 200
    values = {"of": of, "qr": drawn, "spaced": spaced, "address": address, "site": site, "refused": of.refused}
    return at.page("authenticator.html", status, back=of.action, **values)
