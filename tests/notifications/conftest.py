"""Real places to send to: a mail server, a web server, a mailbox; and messages to send."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications import LINK, OutgoingMessage, Smtp
from tests.patience import within

SENDER = "呼应 Huying <noreply@office.example>"


@pytest.fixture
def context() -> dict[str, Any]:
    """All values that a message may show; an optional one is there as ``None``."""
    return {
        "issue": {"number": "XG-2026-00042", "subject": "路灯不亮", "title": "活动站诉求办理", "station": "东门活动室"},
        "event": "task",
        "step": "登记受理",
        "action": None,
        "actor": None,
        "due": "11月27日（周五）前",
        "day": "12月1日（周二）",
        "link": LINK,
        "recipient": {"name": "张三"},
        "said": None,
        "note": None,
        "resolution": None,
        "follow_code": None,
    }


def message(key: str = "42.3.0.7.1.task", **fields: Any) -> OutgoingMessage:
    """A message with everything in it."""
    parts = {
        "subject": "【待办】登记受理 · 11月27日（周五）前 · 路灯不亮",
        "text": "请办理。\nhttps://office.example/t/abc\n",
        "html": "<p>请办理。</p>\n",
    }
    return OutgoingMessage(key=key, **{**parts, **fields})


@pytest.fixture
def letter() -> Callable[..., OutgoingMessage]:
    """Makes messages."""
    return message


@dataclass
class MailSink:
    """What a mail server has taken, and what it refuses: replies by the command that they answer."""

    server: Smtp
    envelopes: list[Envelope] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    connections: Counter[object] = field(default_factory=Counter)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails, parsed."""
        return [message_from_bytes(e.content or b"", EmailMessage, policy=default) for e in self.envelopes]  # type: ignore[arg-type]


class _MailHandler:
    def __init__(self, sink: MailSink) -> None:
        self.refusals, self.envelopes, self.connections = sink.refusals, sink.envelopes, sink.connections

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.connections[session.peer] += 1
        if self.connections[session.peer] > int(self.refusals.get("many", 1000)):
            return "421 Too many mails on this connection"
        return self.refusals.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.refusals.get("RCPT", "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = self.refusals.get("DATA", "250 OK")
        if said.startswith("250"):
            self.envelopes.append(envelope)
        return said

    async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:
        if "idle" in self.refusals and server.transport is not None:
            server.transport.close()
        return "250 OK"


MailServer = Callable[..., AbstractContextManager[MailSink]]


@contextmanager
def mail_sink(
    port: int, *, host: str = "127.0.0.1", options: dict[str, Any] | None = None, **server: Any
) -> Iterator[MailSink]:
    """A mail server on a thread; ``options`` are aiosmtpd's, ``server`` are fields of ``Smtp``."""
    fields = {"host": host, "port": port, "secure": "plain", "from_address": SENDER, **server}
    sink = MailSink(Smtp(**fields))
    controller = Controller(
        _MailHandler(sink),
        hostname="127.0.0.1",
        port=port,
        ready_timeout=within(10),
        **(options or {}),
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@pytest.fixture
def mail_server(free_port: int) -> Iterator[MailSink]:
    """A mail server that takes everything, without encryption."""
    with mail_sink(free_port) as sink:
        yield sink


@dataclass
class Post:
    """One request that a web server got."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass
class WebSink:
    """What a web server got, and what it answers: ``/status/N`` answers N, all else 204."""

    port: int
    posts: list[Post] = field(default_factory=list)

    def url(self, path: str = "/hook", host: str = "127.0.0.1") -> str:
        """An address of it."""
        return f"http://{host}:{self.port}{path}"


@contextmanager
def web_sink(wrap: Callable[[ThreadingHTTPServer], None] | None = None) -> Iterator[WebSink]:
    """A web server on a thread; ``wrap`` may put TLS around its socket."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            sink.posts.append(Post(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = int(self.path.removeprefix("/status/")) if self.path.startswith("/status/") else 204
            self.send_response(status)
            if 300 <= status <= 399:
                self.send_header("Location", f"http://127.0.0.1:{sink.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing to the terminal."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that breaks off is part of some tests."""

    server = Server(("127.0.0.1", 0), Handler)
    sink = WebSink(int(server.server_address[1]))
    if wrap is not None:
        wrap(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def web_server() -> Iterator[WebSink]:
    """A web server of this machine."""
    with web_sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate for ``localhost``, which is its own authority, in one file."""
    return _certificate(tmp_path_factory.mktemp("tls") / "localhost.pem")


def _certificate(file: Path) -> Path:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return file
