"""The balancer before several Prefect servers: HAProxy, and what it is told."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from huying.settings import SettingError

_CONFIGURATION = """\
# Made by `python -m huying up` at each start; changes here are lost. docs/en/scale-out.md tells how to use it elsewhere.
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    # events and logs travel on websockets that stay open
    timeout tunnel 1h
    # only what no server has seen is sent to another one: the rest the dispatchers repeat, with the same key
    retries 3
    retry-on conn-failure
    option redispatch 1

frontend prefect
    bind 127.0.0.1:{port}
    default_backend servers

backend servers
    balance leastconn
    option httpchk GET /api/health
    default-server check inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{servers}
"""


def program() -> str:
    """Where HAProxy is installed; ``SettingError`` if it is not."""
    found = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SettingError(
            "HUYING_PREFECT_SERVERS",
            "多个 Prefect 服务之前需要 HAProxy，请先安装（Debian：apt-get install haproxy）。",
            "Several Prefect servers need HAProxy before them; please install it.",
        )
    return found


def configuration(port: int, servers: Sequence[int]) -> str:
    """What HAProxy is told: one port before those of the servers, all on loopback."""
    lines = (f"    server prefect-{n} 127.0.0.1:{one}" for n, one in enumerate(servers, 1))
    return _CONFIGURATION.format(port=port, servers="\n".join(lines))


def command(folder: Path, port: int, servers: Sequence[int]) -> list[str]:
    """The command line of a balancer in the foreground; its configuration is written into the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "haproxy.cfg"
    file.write_text(configuration(port, servers), "utf-8")
    return [program(), "-db", "-f", str(file)]
