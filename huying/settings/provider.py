"""Settings: the office's own provider of log-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from huying.settings.error import SettingError


def provider(environment: Mapping[str, str]) -> dict[str, Any]:
    """The provider of log-ins: all of it, or nothing."""
    names = ("HUYING_OIDC_ISSUER", "HUYING_OIDC_CLIENT_ID", "HUYING_OIDC_CLIENT_SECRET")
    given: dict[str, Any] = {
        name.removeprefix("HUYING_").lower(): environment[name] for name in names if environment.get(name)
    }
    if given and len(given) < len(names):
        raise SettingError(
            "HUYING_OIDC_…",
            f"{'、'.join(names)} 要么都写，要么都不写。",
            f"{', '.join(names)}: all of them, or none.",
        )
    issuer = urlsplit(given.get("oidc_issuer", "https://none.example"))
    here = issuer.scheme == "http" and issuer.hostname in ("127.0.0.1", "localhost")
    if not issuer.hostname or not (issuer.scheme == "https" or here):
        raise SettingError(
            "HUYING_OIDC_ISSUER", "应为 https:// 开头的地址。", "This is an address that begins with https://."
        )
    if environment.get("HUYING_OIDC_NAME"):
        given["oidc_name"] = environment["HUYING_OIDC_NAME"]
    return given
