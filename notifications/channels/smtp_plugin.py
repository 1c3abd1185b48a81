"""Mail to a server, as an Apprise plugin of ours.

Apprise's own mail plugin makes a new Message-ID for each attempt, derives the plain text from the HTML, mails the sender where
the recipient's address is wrong, and tells the reason of a failure to the debug log only.
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from notifications.channels.deadline import ATTEMPT, within
from notifications.channels.mail_lines import Client, MailLine, MailLines, TlsClient
from notifications.channels.mime import is_mail_address, mail, sender_of
from notifications.channels.plugin import TIMEOUT, Plugin
from notifications.channels.smtp_refusal import refusal
from notifications.message import ACCEPTED, DeliveryResult, OutgoingMessage, Smtp, permanent, temporary


class SmtpPlugin(Plugin):
    """One mail, over a line of its batch or a connection of its own."""

    service_name = "Huying mail"
    secure_protocol = "huying-mail"

    def __init__(
        self, message: OutgoingMessage, to: str, server: Smtp, lines: MailLines | None = None, **fields: Any
    ) -> None:
        super().__init__(message, **fields)
        self.to, self.server, self.lines = to, server, lines

    def attempt(self) -> DeliveryResult:
        """Hand the mail to the server; refuses addresses that are none, and those under ``.invalid``, before asking it."""
        if not is_mail_address(self.to):
            return permanent("邮箱地址不正确。", "This is not a mail address", self.to)
        if self.to.lower().endswith(".invalid"):
            return permanent("此人没有登记邮箱。", "This person has left no mail address")
        with _slots(self.server):
            return self._tried()

    def _tried(self) -> DeliveryResult:
        place = f"{self.server.host}:{self.server.port}"
        try:
            self._send()
        except smtplib.SMTPException as error:
            return refusal(error, place)
        except ssl.SSLError as error:
            why = getattr(error, "verify_message", "") or error.reason
            return temporary(f"与邮件服务器 {place} 的加密连接失败。", "TLS with the mail server failed", why)
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            return temporary(f"连不上邮件服务器 {place}。", "The mail server cannot be reached", why)
        return ACCEPTED

    def _send(self) -> None:
        line = self._open_line()
        if line is not None:
            try:
                return self._over(line)
            except smtplib.SMTPRecipientsRefused:
                raise
            except (smtplib.SMTPException, OSError):
                # a server that has had enough of a line ends it now or then; on another it takes the mail, or says again why not
                if line.handed_over:
                    raise
        self._over(MailLine(_connect(self.server, self._sender().rpartition("@")[2])), fresh=True)

    def _open_line(self) -> MailLine | None:
        """A line that is open already and still answers."""
        while self.lines is not None and (line := self.lines.take(self.server)) is not None:
            if line.answers():
                return line
            line.end()
        return None

    def _over(self, line: MailLine, *, fresh: bool = False) -> None:
        made = mail(self.message, self.to, self.server.from_address, datetime.now(UTC))
        try:
            with within(ATTEMPT, lambda: line.client.sock):
                if fresh:
                    _begin(line.client, self.server)
                line.client.send_message(made, self._returned_to(), [self.to])
        except BaseException:
            line.end()
            raise
        if self.lines is None:
            line.end()
        else:
            self.lines.give_back(self.server, line)

    def _sender(self) -> str:
        return sender_of(self.server.from_address)[1]

    def _returned_to(self) -> str:
        """Where the mail comes back: at an address of its own, if that is of the sender's domain; servers refuse to send for others."""
        sender, own = self._sender(), self.message.return_path
        same = own.rpartition("@")[2].lower() == sender.rpartition("@")[2].lower()
        return own if own and same else sender


def _begin(client: smtplib.SMTP, server: Smtp) -> None:
    if server.secure == "starttls":
        client.starttls(context=_tls(server.ca_file))
    if server.user and server.password:
        client.login(server.user, server.password)


def _connect(server: Smtp, domain: str) -> Client:
    """A connection; it greets by the sender's domain, since asking for this machine's full name can take long without a name server."""
    if server.secure == "tls":
        return TlsClient(server.host, server.port, domain, timeout=TIMEOUT, context=_tls(server.ca_file))
    return Client(server.host, server.port, domain, timeout=TIMEOUT)


@lru_cache(maxsize=8)
def _tls(ca_file: Path | None) -> ssl.SSLContext:
    """Reading the authorities' certificates takes longer than sending a mail: do it once."""
    return ssl.create_default_context(cafile=ca_file)


def _slots(server: Smtp) -> BoundedSemaphore:
    return _semaphore(server.host, server.port, server.user, server.connections)


@lru_cache(maxsize=64)
def _semaphore(host: str, port: int, user: str | None, connections: int) -> BoundedSemaphore:
    """Mail servers refuse clients that open too many connections: one limit for each account."""
    return BoundedSemaphore(connections)
