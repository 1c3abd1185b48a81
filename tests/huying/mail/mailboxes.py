"""Mailboxes elsewhere: a real Dovecot, and a small server that speaks the published interface (RFC 3501) and goes wrong as it is told."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import re
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import missing
from tests.patience import within
from tests.ports import free_port

USER, PASSWORD = "xg", "se:cret/1"
_PROGRAM = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)


@contextmanager
def dovecot() -> Iterator[int]:
    """A Dovecot of one user; its port."""
    # a test's own folder has too long a name for a socket
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        with _served(folder) as port:
            yield port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(folder: Path) -> Iterator[int]:
    if _PROGRAM is None:
        missing("dovecot")
    assert _PROGRAM is not None
    port, who = free_port(), pwd.getpwuid(os.getuid())
    # it lets nobody read mail as root
    mail = pwd.getpwnam("nobody") if os.getuid() == 0 else who
    group = grp.getgrgid(mail.pw_gid).gr_name
    places = {name: folder / name for name in ("run", "mail")}
    for place in places.values():
        place.mkdir(parents=True)
        if os.getuid() == 0:
            os.chown(place, mail.pw_uid, mail.pw_gid)
    # nobody has to pass
    folder.chmod(0o711)
    own = "" if os.getuid() == 0 else f"default_internal_user = {who.pw_name}\ndefault_login_user = {who.pw_name}\n"
    settings = folder / "dovecot.conf"
    settings.write_text(
        f"""protocols = imap
base_dir = {places["run"]}
state_dir = {places["run"]}
log_path = {folder / "log"}
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{places["mail"]}/%u
{own}default_internal_group = {group}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={mail.pw_uid} gid={mail.pw_gid} home={places["mail"]}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
""",
        "utf-8",
    )
    with subprocess.Popen([_PROGRAM, "-F", "-c", str(settings)], stderr=subprocess.PIPE) as process:
        try:
            _wait(process, port, folder / "log")
            yield port
        finally:
            process.terminate()
            process.wait(within(10))


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + within(10)
    while time.monotonic() < until:
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
        except OSError:
            assert process.poll() is None, (process.stderr.read() if process.stderr else b"").decode()
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text("utf-8") if log.exists() else "no log")


def address(port: int, folder: str = "INBOX") -> str:
    """Where such a mailbox is."""
    return f"imap://{USER}:se%3Acret%2F1@127.0.0.1:{port}/{folder}"


@contextmanager
def owner(port: int, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
    """Somebody who reads the mailbox too."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=20) as client:
        client.login(USER, PASSWORD)
        client.select(folder)
        yield client


def put(port: int, raw: bytes, folder: str = "INBOX") -> None:
    """A mail arrives there."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=20) as client:
        client.login(USER, PASSWORD)
        assert client.append(folder, "", imaplib.Time2Internaldate(0), raw)[0] == "OK"


def seen(port: int, folder: str = "INBOX") -> tuple[int, int]:
    """How many mails are there, and how many were marked as read."""
    with owner(port, folder) as client:
        every, read = client.search(None, "ALL")[1][0], client.search(None, "SEEN")[1][0]
        return len(every.split()), len(read.split())


@dataclass
class StandIn:
    """A server of one folder; ``wrong`` says where it goes wrong: ``validity`` (none is said), ``login``, ``search``, ``store``, ``hangs up``."""

    mails: dict[int, bytes] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    validity: int = 1
    wrong: str = ""
    named: bool = False
    port: int = 0


@contextmanager
def stand_in(server: StandIn) -> Iterator[StandIn]:
    """It listens."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _Talk(server, self).go()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as listening:
        server.port = int(listening.server_address[1])
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join(20)


class _Talk:
    """One connection."""

    def __init__(self, server: StandIn, line: socketserver.StreamRequestHandler) -> None:
        self._server, self._line = server, line

    def _say(self, text: bytes) -> None:
        self._line.wfile.write(text + b"\r\n")

    def go(self) -> None:
        self._say(b"* OK [CAPABILITY IMAP4rev1 ID] ready")
        while line := self._line.rfile.readline():
            tag, _, rest = line.strip().partition(b" ")
            word = rest.split(b" ")[0].upper()
            if self._server.wrong == "hangs up" and word == b"UID":
                return
            answer = self._answer(word, rest)
            self._say(tag + b" " + answer)
            if word == b"LOGOUT":
                return

    def _answer(self, word: bytes, rest: bytes) -> bytes:
        server = self._server
        if word == b"CAPABILITY":
            self._say(b"* CAPABILITY IMAP4rev1 ID")
        elif word == b"LOGIN" and server.wrong == "login":
            return b"NO [AUTHENTICATIONFAILED] no"
        elif word == b"ID":
            server.named = True
            self._say(b"* ID NIL")
        elif word == b"SELECT":
            # as NetEase does: nobody without a name
            if not server.named:
                return b"NO Unsafe Login"
            self._say(b"* %d EXISTS" % len(server.mails))
            if server.wrong != "validity":
                self._say(b"* OK [UIDVALIDITY %d] valid" % server.validity)
        elif word == b"UID":
            return self._uid(rest)
        elif word == b"LOGOUT":
            self._say(b"* BYE")
        return b"OK done"

    def _uid(self, rest: bytes) -> bytes:
        server, words = self._server, rest.split(b" ")
        what = words[1].upper()
        if what == b"SEARCH":
            if server.wrong == "search":
                return b"BAD what"
            if words[2] == b"UNSEEN":
                found = [one for one in sorted(server.mails) if one not in server.read]
            else:
                first = int(words[3].partition(b":")[0])
                # RFC 3501: the last mail is always in n:*
                found = [one for one in sorted(server.mails) if one >= min(first, max(server.mails, default=0))]
            self._say(b"* SEARCH" + b"".join(b" %d" % one for one in found))
        elif what == b"FETCH":
            self._fetch(int(words[2]), rest)
        elif what == b"STORE":
            if server.wrong == "store":
                return b"NO not now"
            server.read.add(int(words[2]))
        return b"OK done"

    def _fetch(self, uid: int, rest: bytes) -> None:
        raw = self._server.mails.get(uid)
        if raw is None:
            return
        if b"RFC822.SIZE" in rest:
            self._say(b"* 1 FETCH (UID %d RFC822.SIZE %d)" % (uid, len(raw)))
            return
        part = raw if b"BODY.PEEK[]" in rest else re.split(rb"(?<=\r\n)\r\n", raw, maxsplit=1)[0] + b"\r\n"
        self._line.wfile.write(b"* 1 FETCH (UID %d BODY[] {%d}\r\n" % (uid, len(part)) + part + b")\r\n")
