"""Sending one message to one address through Apprise, and saying what became of it.

Who a message goes to, and whether it is tried again, is decided elsewhere; nothing here knows a database.
"""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import Any

from apprise import Apprise, AppriseAsset, PersistentStoreMode
from apprise.plugins import N_MGR

from notifications.channels.kinds import KINDS
from notifications.channels.mail_lines import MailLines
from notifications.channels.mailbox_plugin import MailboxPlugin
from notifications.channels.platforms.template import NO_TEMPLATES
from notifications.channels.plugin import Ear, Plugin, outcome
from notifications.channels.smtp_plugin import SmtpPlugin
from notifications.channels.webhook_plugin import WebhookPlugin
from notifications.message import (
    AccountAddress,
    Address,
    DeliveryResult,
    MailAddress,
    Mailbox,
    OutgoingMessage,
    Transports,
    permanent,
    temporary,
)

_PLUGINS: tuple[type[Plugin], ...] = tuple(
    dict.fromkeys((MailboxPlugin, SmtpPlugin, WebhookPlugin, *(kind.plugin for kind in KINDS.values())))
)
_loading = threading.Lock()


def deliver(
    message: OutgoingMessage, address: Address, transports: Transports, lines: MailLines | None = None
) -> DeliveryResult:
    """Try once to send the message; failures are results, not errors. ``lines``: connections that a batch keeps open."""
    warm()
    try:
        # a dictionary of typed fields: no address of a person is ever read as an Apprise URL
        plugin = Apprise.instantiate(
            _fields(message, address, transports, lines), asset=_asset(), suppress_exceptions=False
        )
        if not isinstance(plugin, Plugin):
            return permanent("通知组件不可用。", "Apprise did not make the plugin")
        return outcome(plugin)
    except Exception as error:
        # one message's fault must not harm the others of its batch; the type alone, since words may hold secrets
        return temporary("发送时出现内部错误。", "An internal error while sending", type(error).__name__)


def warm() -> None:
    """Give Apprise our plugins, and leave only ours switched on, whatever else this process has loaded."""
    with _loading:
        _load()


@lru_cache(maxsize=1)
def _load() -> None:
    manager: Any = N_MGR
    # told that an empty folder is all there is, Apprise 2.0.1 does not load its 160 plugins, of which we use none: they take a second
    # or two, one of them warns of its age, and all can be talked into sending elsewhere
    with TemporaryDirectory() as nothing:
        manager.load_modules(path=nothing)
    for plugin in _PLUGINS:
        manager.add(plugin)
    manager.enable_only(*(str(plugin.secure_protocol) for plugin in _PLUGINS))
    logger = logging.getLogger("apprise")
    # below this level Apprise logs whole messages, and the fields that plugins are made of
    logger.setLevel(logging.WARNING)
    logger.addHandler(Ear(logging.WARNING))


@lru_cache(maxsize=1)
def _asset() -> Any:
    asset: Any = AppriseAsset(storage_mode=PersistentStoreMode.MEMORY)
    asset.app_id = "Huying"
    asset.http_redirects = False
    asset.interpret_emojis = False
    return asset


def _fields(
    message: OutgoingMessage, address: Address, transports: Transports, lines: MailLines | None
) -> dict[str, Any]:
    if isinstance(address, AccountAddress):
        kind = KINDS[address.kind]
        given = kind.given(address.target, address.credential)
        if kind.templates is not None:
            given["templates"] = address.templates or NO_TEMPLATES
        return {"schema": kind.plugin.secure_protocol, "message": message, **given}
    if not isinstance(address, MailAddress):
        allow = transports.allow_private
        return {"schema": WebhookPlugin.secure_protocol, "message": message, "to": address, "allow_private": allow}
    if isinstance(transports.mail, Mailbox):
        return {
            "schema": MailboxPlugin.secure_protocol,
            "message": message,
            "to": address.email,
            "box": transports.mail,
        }
    fields = {"message": message, "to": address.email, "server": transports.mail, "lines": lines}
    return {"schema": SmtpPlugin.secure_protocol, **fields}
