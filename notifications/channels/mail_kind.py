"""A mail server of the office's own as a sender, beside the one of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.text import Said
from notifications.channels.mail_server import mail_server
from notifications.channels.sender_kind import AskedField, SenderKind
from notifications.channels.smtp_plugin import SmtpPlugin
from notifications.message import Smtp


def _credential(fields: Mapping[str, str], secret: Mapping[str, str]) -> Smtp:
    return mail_server(secret["url"], fields["from"])


def _given(target: str, server: Smtp) -> dict[str, Any]:
    return {"to": target, "server": server}


MAIL_KIND = SenderKind(
    key="smtp",
    channel="mail",
    title=Said("邮件服务器", "Mail server"),
    plugin=SmtpPlugin,
    credential=_credential,
    given=_given,
    asks=(
        AskedField(
            name="url",
            title=Said("服务器", "Server"),
            hint=Said("smtp://用户:口令@主机:587", "smtp://USER:PASSWORD@HOST:587"),
            secret=True,
        ),
        AskedField(
            name="from",
            title=Said("发件人", "From"),
            hint=Said("名称 <地址>", "Name <address>"),
        ),
    ),
)
