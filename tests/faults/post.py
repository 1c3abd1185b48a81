"""The world outside: a mail server and another system, each with moods. Both keep what they were given, by its key."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import orjson

Mood = Literal[
    "well", "closed", "busy", "full", "hanging", "hanging after the mail", "gone after the mail", "gone before it"
]


@dataclass
class Post:
    """A mail server; ``mails`` holds what it took, by Message-ID, whether or not it could say so."""

    port: int = 0
    mood: Mood = "well"
    mails: dict[str, list[str]] = field(default_factory=dict)
    moods: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, content: bytes) -> None:
        """Keep a mail."""
        mail = message_from_bytes(content)
        with self.lock:
            self.mails.setdefault(str(mail["Message-ID"]), []).append(f"{mail['To']} {mail['Subject']}")


@dataclass
class System:
    """Another system: it keeps the bodies that it was sent, by idempotency key."""

    port: int = 0
    calls: dict[str, list[bytes]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def post() -> Iterator[Post]:
    """A mail server on a port of its own."""
    made = Post()

    class Handler(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            with suppress(OSError):
                _Visit(made, self.request, self.rfile, self.wfile).run()

    with _Server(("127.0.0.1", 0), Handler) as server:
        made.port = int(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield made
        server.shutdown()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client is no news."""


@dataclass
class _Visit:
    """One connection: as much of SMTP as a client of ours speaks."""

    post: Post
    socket: socket.socket
    reader: Any
    writer: Any

    def say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")

    def run(self) -> None:
        mood = self.post.mood
        with self.post.lock:
            self.post.moods[mood] += 1
        if mood == "closed":
            return
        if mood == "busy":
            return self.say("421 too busy")
        if mood == "hanging":
            return time.sleep(3)
        self.say("220 here")
        while line := self.reader.readline(2000):
            word = line[:4].upper().strip()
            if word == b"DATA":
                if not self._data(mood):
                    return
            elif word == b"RCPT" and mood == "full":
                self.say("452 no room")
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")

    def _data(self, mood: Mood) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.reader.readline(100_000)) not in (b".\r\n", b""):
            lines.append(line)
        if line == b"":
            return False
        if mood == "gone before it":
            return False
        self.post.take(b"".join(lines))
        if mood == "gone after the mail":
            return False
        if mood == "hanging after the mail":
            time.sleep(3)
            return False
        self.say("250 taken")
        return True


@contextmanager
def system() -> Iterator[System]:
    """Another system on a port of its own."""
    made = System()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:
                # the caller died while it was speaking: nobody can act on half a call
                return
            with made.lock:
                made.calls.setdefault(str(self.headers["idempotency-key"]), []).append(body)
            said = orjson.dumps({"text": "查无欠费"})
            self.send_response(200)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A killed client is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        made.port = int(server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield made
        server.shutdown()
