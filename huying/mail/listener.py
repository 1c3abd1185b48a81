"""Where mail servers hand mail over, by LMTP or SMTP: strangers' addresses are refused at once, and what is taken is kept before it is said to be.

While the database is away nothing is taken: the server before us keeps it, and comes again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from huying.house.house import House
from huying.mail.arrival import MailEnvelope, take
from huying.mail.plan import MailPlan
from huying.mail.recipient import recipient

_log = logging.getLogger("huying.mail")
_MOST_RECIPIENTS = 100
#: So many mails are kept at the same time; more wait for their turn.
_AT_ONCE = 4
#: Longer lines than the standard allows are sent, and hurt nobody.
_LONGEST_LINE = 64 * 1024
#: So long a mail may take that is being handed over while the house stops.
_PATIENCE = 20.0
_LATER = "451 4.3.0 Try again later"


class _Handler:
    """What the house answers."""

    def __init__(self, house: House, plan: MailPlan, clock: Callable[[], datetime], *, each: bool) -> None:
        self._house, self._plan, self._clock, self._each = house, plan, clock, each
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether there is somebody of this address."""
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            known = await asyncio.to_thread(self._knows, address)
        except Exception as error:
            # whatever is wrong here is no fault of the mail
            _log.warning("an address could not be looked up: %s", type(error).__name__)
            return _LATER
        if not known:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail; of LMTP there is an answer for each recipient."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        around = MailEnvelope(envelope.mail_from or "", tuple(envelope.rcpt_tos))
        async with self._turns:
            try:
                await asyncio.to_thread(take, self._house, raw, around, self._clock())
                said = "250 2.0.0 Kept"
            except Exception as error:
                _log.warning("a mail could not be kept: %s", type(error).__name__)
                said = _LATER
        return "\r\n".join([said] * (len(envelope.rcpt_tos) if self._each else 1))

    def _knows(self, address: str) -> bool:
        with self._house.database.reading() as connection:
            return recipient(self._house, connection, self._plan, address) is not None


class _Lmtp(LMTP):
    line_length_limit = _LONGEST_LINE


class _Smtp(SMTP):
    line_length_limit = _LONGEST_LINE


class MailListener:
    """Listens where a setting says: ``lmtp://127.0.0.1:8024``, ``smtp://…`` or ``lmtp:///run/huying/lmtp.sock``."""

    def __init__(self, house: House, plan: MailPlan, address: str, clock: Callable[[], datetime]) -> None:
        self._house, self._plan, self._clock = house, plan, clock
        self._parts = urlsplit(address)
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Begin to listen; at which port (0: at a socket in a folder). ``OSError`` if that cannot be."""
        loop = asyncio.get_running_loop()
        if self._parts.netloc:
            self._server = await loop.create_server(self._protocol, self._parts.hostname, self._parts.port or 0)
            return int(self._server.sockets[0].getsockname()[1])
        place = Path(self._parts.path)
        with contextlib.suppress(FileNotFoundError):
            # of one that died
            place.unlink()
        self._server = await loop.create_unix_server(self._protocol, str(place))
        os.chmod(place, 0o660)
        return 0

    async def stop(self) -> None:
        """Take nothing new."""
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._server.wait_closed(), _PATIENCE)

    def _protocol(self) -> Any:
        by_lmtp = self._parts.scheme == "lmtp"
        handler = _Handler(self._house, self._plan, self._clock, each=by_lmtp)
        return (_Lmtp if by_lmtp else _Smtp)(
            handler,
            data_size_limit=self._plan.largest,
            enable_SMTPUTF8=True,
            hostname=self._plan.domain or "localhost",
            ident="Huying",
            loop=asyncio.get_running_loop(),
        )


async def listen(listener: MailListener, ready: Callable[[int], None]) -> None:
    """Listen until this process is asked to end."""
    # the library writes addresses of people into its log
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    ended = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, ended.set)
    ready(await listener.start())
    await ended.wait()
    await listener.stop()
