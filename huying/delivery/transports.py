"""The ways out of the house that the settings name."""

from __future__ import annotations

from huying.settings import SettingError, Settings
from notifications import Mailbox, Transports, mail_server


def transports(settings: Settings) -> Transports:
    """A mail server if one is set, else the local mailbox; ``SettingError`` for an address that names none."""
    try:
        mail = mail_server(settings.smtp_url, settings.mail_from) if settings.smtp_url else Mailbox(settings.mailbox)
    except ValueError as error:
        # a sentence in Chinese, and one in English
        zh, _, en = str(error).partition("。 ")
        raise SettingError("HUYING_SMTP_URL / HUYING_MAIL_FROM", f"{zh}。", en or zh) from None
    answered_at = settings.mail_reply_to or settings.mail_domain
    return Transports(mail=mail, allow_private=settings.allow_private_webhooks, answered_at=answered_at)
