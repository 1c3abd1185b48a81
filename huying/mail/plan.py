"""How mail comes in: as the settings say, made values for whoever takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: The channel on which matters come in by mail.
MAIL: Literal["mail"] = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPlan:
    """``domain``: of our addresses. ``servers``: whose word about senders counts. ``largest``: in bytes. ``address``: that of the mailbox that is
    read, where one is; ``mailbox``: where it is. ``own``: the address from which our mail goes out."""

    domain: str = ""
    servers: tuple[str, ...] = ()
    largest: int = 25 * 1024 * 1024
    address: str = ""
    mailbox: str | None = field(default=None, repr=False)
    own: str = ""

    @property
    def takes(self) -> bool:
        """Whether any mail comes in."""
        return bool(self.domain or self.mailbox)

    @property
    def sent_from(self) -> str:
        """The domain of our own Message-IDs."""
        return self.own.rpartition("@")[2].lower()
