"""Connections to mail servers that stay open while a batch is sent: greeting, encryption and log-in cost more than a mail.

A line is used again only if it still answers; whatever goes wrong with a mail, its line is not used again.
"""

from __future__ import annotations

import contextlib
import smtplib
import threading
from collections import defaultdict
from typing import Any

from notifications.channels.deadline import within
from notifications.channels.plugin import TIMEOUT
from notifications.message import Smtp

#: Servers count the mails of a connection, and end one that has too many.
MAILS_OF_ONE = 20


class Client(smtplib.SMTP):
    """A client that knows whether it has begun to hand a mail over: from then on, the server may have it."""

    handed_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand it over."""
        self.handed_over = True
        return super().data(msg)


class TlsClient(Client, smtplib.SMTP_SSL):
    """The same, encrypted from the start."""


class MailLine:
    """An open connection, and how many mails went over it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.mails = 0

    @property
    def handed_over(self) -> bool:
        """Whether the server may have the mail that was tried last."""
        return self.client.handed_over

    def answers(self) -> bool:
        """Whether the other side is still there."""
        try:
            with within(TIMEOUT, lambda: self.client.sock):
                return self.client.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def end(self) -> None:
        """Say farewell; how that is taken does not matter."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.client.quit()
        with contextlib.suppress(OSError):
            self.client.close()


class MailLines:
    """The lines of one batch that nobody uses at the moment; safe between threads."""

    def __init__(self) -> None:
        self._free: dict[Smtp, list[MailLine]] = defaultdict(list)
        self._lock = threading.Lock()

    def take(self, server: Smtp) -> MailLine | None:
        """A line that is open already, if there is one."""
        with self._lock:
            free = self._free[server]
            return free.pop() if free else None

    def give_back(self, server: Smtp, line: MailLine) -> None:
        """Leave a line for the next mail, unless it has carried enough."""
        line.mails += 1
        line.client.handed_over = False
        if line.mails >= MAILS_OF_ONE:
            return line.end()
        with self._lock:
            self._free[server].append(line)

    def close(self) -> None:
        """End them all."""
        with self._lock:
            several = [line for free in self._free.values() for line in free]
            self._free.clear()
        for line in several:
            line.end()
