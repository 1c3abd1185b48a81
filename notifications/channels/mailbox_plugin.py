"""Mail into a folder of this machine, as an Apprise plugin of ours: the way out of a house without a mail server.

The folder is laid out as a Maildir, so that mail programs can read it. A file's name is made of the message's key: a repeat
replaces what was there, so each message is in it once.
"""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from notifications.channels.mime import identifier, is_mail_address, mail
from notifications.channels.plugin import Plugin
from notifications.message import ACCEPTED, DeliveryResult, Mailbox, OutgoingMessage, permanent, temporary


class MailboxPlugin(Plugin):
    """One mail, written as one file."""

    service_name = "Huying mailbox"
    secure_protocol = "huying-mailbox"

    def __init__(self, message: OutgoingMessage, to: str, box: Mailbox, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.to, self.box = to, box

    def attempt(self) -> DeliveryResult:
        """Write the mail; a reader sees all of it or nothing."""
        if not is_mail_address(self.to):
            return permanent("邮箱地址不正确。", "This is not a mail address", self.to)
        content = mail(self.message, self.to, self.box.from_address, datetime.now(UTC)).as_bytes()
        try:
            _put(self.box.folder, file_name(self.message.key), content)
        except OSError as error:
            return temporary("写不进本地邮箱。", "The local mailbox cannot be written", error.strerror or error)
        return ACCEPTED


def file_name(key: str) -> str:
    """The name of the file that holds the message with this key."""
    return f"{identifier(key)}.eml"


def _put(folder: Path, name: str, content: bytes) -> None:
    for part in ("tmp", "new", "cur"):
        # messages hold personal links: nobody else on this machine may read them
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / "tmp" / f"{os.getpid()}.{threading.get_ident()}.{name}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, folder / "new" / name)
