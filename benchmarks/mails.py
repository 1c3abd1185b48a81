"""A burst of mails to a real mail server on this machine: what sending costs, beside the same mails over connections that stay open.

    python -m benchmarks.mails [--mails 1000] [--rounds 3]

The server (aiosmtpd) is a process of its own, and notes each connection. The floor is ``smtplib`` alone: as many threads as the house opens
connections, each sending its share over one of them. Plain, and with TLS begun by STARTTLS. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import smtplib
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from notifications import MailAddress, OutgoingMessage, Smtp, Transports, close_pool, deliver_batch
from notifications.channels.mime import mail

_SENDER = "noreply@office.example"
_NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def main() -> None:
    """Run both ways, without and with TLS, and print mails a second, connections and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{options.mails} mails, {Smtp.__dataclass_fields__['connections'].default} connections at once")
    print(f"  {'':<10}{'ours /s':>10}{'floor /s':>10}{'ratio':>8}{'connections':>13}")
    for secure in ("plain", "starttls"):
        with tempfile.TemporaryDirectory() as folder:
            rounds = [_round(Path(folder) / str(n), secure, options.mails) for n in range(options.rounds)]
        ours, floor, connections = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"  {secure:<10}{ours:>10.0f}{floor:>10.0f}{ours / floor:>8.2f}{connections:>13.0f}")
    close_pool()


def _round(folder: Path, secure: str, mails: int) -> tuple[float, float, float]:
    """Mails a second of ours and of the floor, and how many connections ours made."""
    folder.mkdir()
    certificate = folder / "certificate.pem"
    if secure == "starttls":
        _certify(certificate)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    noted = folder / "noted"
    command = [sys.executable, "-m", "benchmarks.sink", str(port), str(noted)]
    server = subprocess.Popen([*command, str(certificate)] if secure == "starttls" else command)
    try:
        _wait(port)
        fields = {"host": "localhost", "port": port, "from_address": _SENDER}
        made = Smtp(secure="starttls" if secure == "starttls" else "plain", ca_file=certificate, **fields)  # type: ignore[arg-type]
        deliver_batch([(_letter(-1), MailAddress("li@example.org"))], Transports(mail=made))
        before = _connections(noted)
        begun = time.perf_counter()
        letters = [(_letter(n), MailAddress("li@example.org")) for n in range(mails)]
        results = deliver_batch(letters, Transports(mail=made))
        ours = time.perf_counter() - begun
        assert all(result.status == "accepted" for result in results)
        connections = _connections(noted) - before
        begun = time.perf_counter()
        shares = [range(n, mails, made.connections) for n in range(made.connections)]
        with ThreadPoolExecutor(made.connections) as pool:
            list(pool.map(lambda share: _send(made, [_built(n) for n in share]), shares))
        return mails / ours, mails / (time.perf_counter() - begun), connections
    finally:
        server.terminate()
        server.wait()


def _send(server: Smtp, mails: list[EmailMessage]) -> None:
    with smtplib.SMTP(server.host, server.port, "office.example") as client:
        if server.secure == "starttls":
            client.starttls(context=ssl.create_default_context(cafile=server.ca_file))
        for one in mails:
            client.send_message(one, _SENDER, ["li@example.org"])


def _built(number: int) -> EmailMessage:
    return mail(_letter(number), "li@example.org", _SENDER, _NOW)


def _letter(number: int) -> OutgoingMessage:
    return OutgoingMessage(
        key=f"{number}.1.task",
        subject=f"您有新的办理任务 {number}",
        text="路灯不亮，请在3个工作日内答复。\n" * 10,
        html="<p>路灯不亮，请在3个工作日内答复。</p>\n" * 10,
        written_at=_NOW,
    )


def _connections(noted: Path) -> int:
    return noted.with_suffix(".connections").read_text("utf-8").count("\n")


def _certify(file: Path) -> None:
    key = file.with_suffix(".key")
    said = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(file)]
    subprocess.run([*new, *said], check=True, capture_output=True)
    file.write_text(file.read_text("ascii") + key.read_text("ascii"), "ascii")


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the mail server did not start")


if __name__ == "__main__":
    main()
