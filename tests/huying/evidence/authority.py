"""A time-stamping authority that speaks RFC 3161: openssl behind HTTP, with a certificate of its own."""

from __future__ import annotations

import hashlib
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from huying.evidence.time_stamp import request

_CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
[req]
distinguished_name = name
x509_extensions = stamps
prompt = no
[name]
CN = Stand-in time-stamping authority
[stamps]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


@dataclass
class Authority:
    """Where it is reached, its certificate, and how it behaves: ``answer`` is sent in place of its own, if there is one."""

    folder: Path
    url: str = ""
    answer: bytes | None = None
    asked: list[bytes] = field(default_factory=list)

    @property
    def certificate(self) -> Path:
        """By which anybody checks its stamps."""
        return self.folder / "tsa.pem"

    def stamp_of(self, text: str) -> bytes:
        """A stamp over a text, in answer to nobody's question."""
        return self.stamp(request(hashlib.sha256(text.encode()).digest(), 1))

    def stamp(self, question: bytes) -> bytes:
        """Its answer to a question."""
        self.asked.append(question)
        if self.answer is not None:
            return self.answer
        asked, told = self.folder / "asked.tsq", self.folder / "told.tsr"
        asked.write_bytes(question)
        openssl("ts", "-reply", "-config", str(self.folder / "tsa.conf"), "-queryfile", str(asked), "-out", str(told))
        return told.read_bytes()


def openssl(*arguments: str) -> str:
    """What it says; an error if it fails."""
    done = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return (done.stdout + done.stderr).decode()


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """An authority on this machine, for as long as it is needed."""
    folder.mkdir()
    (folder / "tsa.conf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    key, config = ("-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "tsa.key")), str(folder / "tsa.conf")
    openssl("req", "-x509", *key, "-config", config, "-out", str(folder / "tsa.pem"), "-days", "30")
    made = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            content = made.stamp(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/tsa"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
