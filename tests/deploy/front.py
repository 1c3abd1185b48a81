"""Caddy and nginx as Debian packs them, with the recipes of ``deploy`` in which nothing but places and ports are changed."""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.patience import within
from tests.ports import free_ports

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NAME = "huying.example"


@dataclass(frozen=True)
class Front:
    """A front that runs: where it speaks TLS, and whose certificate it shows."""

    port: int
    plain_port: int
    certificate: Path

    def connect(self, name: str = NAME) -> ssl.SSLSocket:
        """A connection as a browser makes it."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), 5), server_hostname=name)

    def client(self) -> httpx.Client:
        """A browser that trusts the office's certificate."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        return httpx.Client(transport=_Here(self.port, context), base_url=f"https://{NAME}", timeout=within(30))


class _Here(httpx.HTTPTransport):
    """Goes to this machine, whatever the name leads to."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        super().__init__(verify=context)
        self._port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The request with its name kept for TLS and as its host."""
        request.extensions["sni_hostname"] = NAME
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return super().handle_request(request)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the name, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2"]
    subprocess.run([*command, *subject, "-keyout", key, "-out", made], check=True, capture_output=True)
    return made, key


@contextmanager
def caddy(folder: Path, portal: int, hurry: bool) -> Iterator[Front]:
    """Caddy before a portal; ``hurry``: its patience is a second."""
    made, key = certificate(folder)
    port = free_ports(2)
    text = _caddyfile(port, portal)
    text = text.replace("/etc/huying/tls/certificate.pem", str(made)).replace("/etc/huying/tls/key.pem", str(key))
    if hurry:
        text = re.sub(r"(read_header|read_body) \d+s", r"\1 1s", text)
    with _caddy(text, folder, Front(port, port + 1, made)) as front:
        yield front


@contextmanager
def own_authority(folder: Path, portal: int) -> Iterator[Front]:
    """Caddy before a portal, with certificates of an authority that it makes itself, as the recipe says for trying it out."""
    port = free_ports(2)
    text = re.sub(r"\ttls /\S+ /\S+", "\ttls internal", _caddyfile(port, portal))
    # the authority is made known to no browser of this machine
    text = text.replace("\tadmin off\n", "\tadmin off\n\tskip_install_trust\n", 1)
    authority = folder / "data" / "caddy" / "pki" / "authorities" / "local"
    with _caddy(text, folder, Front(port, port + 1, authority / "root.crt")) as front:
        deadline = time.monotonic() + within(20)
        while not list((folder / "data" / "caddy" / "certificates").glob("**/*.crt")):
            assert time.monotonic() < deadline, (folder / "log").read_text("utf-8")
            time.sleep(0.05)
        yield front


def _caddyfile(port: int, portal: int) -> str:
    """The recipe on other ports."""
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    own = f"\tadmin off\n\tdefault_bind 127.0.0.1\n\thttp_port {port + 1}\n\thttps_port {port}\n"
    return text.replace("\n{\n", f"\n{{\n{own}", 1).replace("127.0.0.1:8080", f"127.0.0.1:{portal}")


@contextmanager
def _caddy(text: str, folder: Path, made: Front) -> Iterator[Front]:
    config = folder / "Caddyfile"
    config.write_text(text, "utf-8")
    command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    environment = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "PATH": "/usr/bin:/bin"}
    with _running(command, folder, made, environment) as front:
        yield front


@contextmanager
def nginx(folder: Path, portal: int, hurry: bool) -> Iterator[Front]:
    """nginx before a portal; ``hurry``: its patience is a second."""
    made, key = certificate(folder)
    port = free_ports(2)
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{portal}")
    text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{port}", text)
    text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{port + 1}", text)
    text = text.replace("/etc/huying/tls/certificate.pem", str(made)).replace("/etc/huying/tls/key.pem", str(key))
    if hurry:
        text = re.sub(r"(client_header_timeout|client_body_timeout) \d+s", r"\1 1s", text)
    (folder / "huying.conf").write_text(text, "utf-8")
    places = "\n".join(
        f"    {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # what Debian's own nginx.conf has around conf.d
    inside = f"    access_log off;\n{places}\n    include {folder}/huying.conf;"
    around = f"pid {folder}/pid;\ndaemon off;\nerror_log stderr;\nevents {{}}\nhttp {{\n{inside}\n}}\n"
    config = folder / "nginx.conf"
    config.write_text(around, "utf-8")
    command = ["/usr/sbin/nginx", "-c", str(config), "-p", str(folder)]
    with _running(command, folder, Front(port, port + 1, made), {"PATH": "/usr/bin:/bin"}) as front:
        yield front


FRONTS: dict[str, Callable[..., object]] = {"caddy": caddy, "nginx": nginx}


@contextmanager
def _running(command: list[str], folder: Path, front: Front, environment: dict[str, str]) -> Iterator[Front]:
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        _wait(front.port, lambda: process.poll() is None, log)
        yield front
    finally:
        process.terminate()
        process.wait(within(10))


def _wait(port: int, alive: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + within(20)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert alive(), log.read_text("utf-8", errors="replace")
            assert time.monotonic() < deadline, log.read_text("utf-8", errors="replace")
            time.sleep(0.05)


@contextmanager
def served(app: ASGIApp, port: int) -> Iterator[None]:
    """An application on a port of this machine, as the portal is served."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, access_log=False, log_level="warning", server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + within(20)
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(within(20))


def echoing(app: ASGIApp) -> ASGIApp:
    """The application, with an address that says which headers reached it."""

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/echo":
            await app(scope, receive, send)
            return
        body = json.dumps([[name.decode(), value.decode()] for name, value in scope["headers"]]).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return echo
