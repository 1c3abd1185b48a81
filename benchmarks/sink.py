"""A mail server that takes everything and notes when: one line a message, ``seconds since 1970<TAB>subject``; a line a connection beside it.

python -m benchmarks.sink PORT FILE [CERTIFICATE]
"""

from __future__ import annotations

import asyncio
import ssl
import sys
import time
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class _Note:
    """What the server does with a message."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._connections = file.with_suffix(".connections").open("a", encoding="utf-8", buffering=1)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, host: str, answers: list[str]) -> list[str]:
        if session.host_name is None and session.ssl is None:
            self._connections.write(f"{host}\n")
        session.host_name = host
        return answers

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        at = time.time()
        subject = str(make_header(decode_header(message_from_bytes(envelope.content)["Subject"] or "")))
        self._file.write(f"{at:.4f}\t{' '.join(subject.split())}\n")
        return "250 OK"


async def _serve(port: int, file: Path, certificate: str | None = None) -> None:
    note, tls = _Note(file), None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(note, tls_context=tls), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
