"""Reading the operator's setting of a mail server. Participants never give such an address."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from notifications.channels.mime import sender_of
from notifications.message import Smtp

_MODES = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("plain", 25)}


def mail_server(url: str, from_address: str) -> Smtp:
    """The server of ``smtp://USER:PASSWORD@HOST:587`` (STARTTLS), ``smtps://`` (TLS) or ``smtp+plain://`` (no encryption).

    ``ValueError`` for anything else; its words never hold the URL, which may hold a password.
    """
    try:
        parts = urlsplit(url)
        given = parts.port
    except ValueError:
        raise ValueError("主机名或端口不对。 The host or the port is wrong.") from None
    if parts.scheme not in _MODES or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(
            "应为 smtp://、smtps:// 或 smtp+plain:// 加主机名。 This is smtp://, smtps:// or smtp+plain:// and a host."
        )
    secure, port = _MODES[parts.scheme]
    sender_of(from_address)
    return Smtp(
        host=parts.hostname,
        port=given or port,
        secure=secure,  # type: ignore[arg-type]
        from_address=from_address,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
