"""Which processes a house is made of, by its settings: as data for the supervisor, and for whoever starts them one by one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from flows.gateway import servers
from flows.gateway.server import server_command, server_environment
from huying.database.connections import Database
from huying.services import arrangement, balancer
from huying.services.secret import guarded_by
from huying.settings import SettingError, Settings

_UPGRADE_WITHIN = 600.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProcess:
    """One process: a name for its log, a title for people, how it is started, and the numbers of the open files that it is given."""

    name: str
    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    passed: tuple[int, ...] = ()


def processes(settings: Settings, listening: int | None) -> list[ServiceProcess]:
    """All of them, in the order in which they are started; ``listening`` is the number of the socket that several portals share."""
    return [*_prefect(settings), *_portals(settings, listening), *_dispatchers(settings), *_mail(settings)]


def prefect_environment(settings: Settings) -> dict[str, str]:
    """The environment of each process of Prefect."""
    settings = guarded_by(settings)
    url = settings.prefect_database_url
    address = servers.database_address(url) if url else None
    # what ended is kept as long as the longest that anything is kept
    kept = max(settings.prefect_keep_days, settings.prefect_keep_work_days)
    made = server_environment(settings.home / "prefect", settings.prefect_port, address, kept)
    made = servers.guarded({**made, "PREFECT_API_URL": settings.prefect_api_url}, settings.prefect_auth)
    if url:
        made = servers.migrated(made)
    return servers.together(made, settings.redis_url) if settings.redis_url else made


def prefect_ports(settings: Settings) -> list[int]:
    """Where the Prefect servers listen: the one on the port itself, several on those after it, with the balancer on the port."""
    port, count = settings.prefect_port, settings.prefect_servers
    return [port] if count == 1 else [port + n for n in range(1, count + 1)]


def taken_ports(settings: Settings) -> list[tuple[str, int]]:
    """The ports that must be free, each with the setting that names it."""
    found = [("HUYING_PORTAL_PORT", settings.portal_port)]
    if settings.dispatcher_port is not None:
        found.append(("HUYING_DISPATCHER_PORT", settings.dispatcher_port))
    if settings.mail_listen is not None and (port := urlsplit(settings.mail_listen).port):
        found.append(("HUYING_MAIL_LISTEN", port))
    if settings.prefect_is_ours:
        found += [("HUYING_PREFECT_PORT", port) for port in sorted({settings.prefect_port, *prefect_ports(settings)})]
    return found


def upgrade_prefect(settings: Settings) -> bool:
    """Bring Prefect's PostgreSQL database up to date, and say whether there is one; ``SettingError`` if that cannot be."""
    if not settings.prefect_database_url:
        return False
    log = settings.home / "logs" / "prefect-upgrade.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **prefect_environment(settings)}
    database = Database(settings.database_url)
    with log.open("wb") as file, database.alone("Prefect's upgrade"):
        ended = subprocess.run(
            servers.upgrade_command(),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            timeout=_UPGRADE_WITHIN,
            check=False,
        )
    database.close()
    if ended.returncode:
        raise SettingError(
            "HUYING_PREFECT_DATABASE_URL",
            f"Prefect 的数据库不能升级到本版本；原因见 {log}。",
            f"Prefect's database cannot be brought up to date; see {log}. {_last_line(log)}",
        )
    return True


def become_server(settings: Settings, host: str) -> NoReturn:
    """Go on as one of several Prefect servers, on the port of the settings; ``SettingError`` where others could reach it without a password."""
    if host not in _LOOPBACK and guarded_by(settings).prefect_auth is None:
        raise SettingError(
            f"--host {host}",
            "别的机器能连到这里，先设 HUYING_PREFECT_AUTH；不设就只能监听 127.0.0.1。",
            "Other machines can reach it there: set HUYING_PREFECT_AUTH first, or listen on 127.0.0.1.",
        )
    _become(settings, servers.api_command(settings.prefect_port, host))


def become_services(settings: Settings) -> NoReturn:
    """Go on as what Prefect does in the background."""
    _become(settings, servers.services_command())


def _become(settings: Settings, command: Sequence[str]) -> NoReturn:
    arrangement.check_prefect(settings)
    settings.make_home()
    os.execvpe(command[0], list(command), {**os.environ, **prefect_environment(settings)})


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _prefect(settings: Settings) -> list[ServiceProcess]:
    if not settings.prefect_is_ours:
        return []
    environment, ports = prefect_environment(settings), prefect_ports(settings)
    if len(ports) == 1:
        return [_process("prefect", "Prefect", server_command(ports[0]), environment)]
    found = [
        _process(f"prefect-{n}", f"Prefect {n}", servers.api_command(port), environment)
        for n, port in enumerate(ports, 1)
    ]
    balance = balancer.command(settings.home / "prefect", settings.prefect_port, ports)
    return [
        *found,
        _process("prefect-services", "Prefect 后台 services", servers.services_command(), environment),
        _process("prefect-balancer", "负载均衡 balancer", balance, {}),
    ]


def _portals(settings: Settings, listening: int | None) -> list[ServiceProcess]:
    title, command = "门户 portal", _huying("portal")
    if listening is None:
        return [_process("portal", title, command, _own(settings))]
    shared = [*command, "--fd", str(listening)]
    return [
        _process(f"portal-{n}", f"{title} {n}", shared, _own(settings), (listening,))
        for n in range(1, settings.portals + 1)
    ]


def _dispatchers(settings: Settings) -> list[ServiceProcess]:
    title, command = "派发程序 dispatcher", _huying("dispatch")
    if settings.dispatchers == 1:
        return [_process("dispatcher", title, command, _own(settings))]
    # one port, one listener: the first says how it is, and the database's figures are the same of all
    quiet = {**_own(settings), "HUYING_DISPATCHER_PORT": ""}
    return [
        _process(f"dispatcher-{n}", f"{title} {n}", command, _own(settings) if n == 1 else quiet)
        for n in range(1, settings.dispatchers + 1)
    ]


def _mail(settings: Settings) -> list[ServiceProcess]:
    if settings.mail_listen is None:
        return []
    return [_process("mail", "收信 mail", _huying("mail"), _own(settings))]


def _huying(command: str) -> list[str]:
    return [sys.executable, "-m", "huying", command]


def _own(settings: Settings) -> dict[str, str]:
    """The environment of our own processes, beside the settings that they read themselves."""
    return {
        "HUYING_HOME": str(settings.home),
        "PYTHONUNBUFFERED": "1",
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": settings.prefect_api_url,
    }


def _process(
    name: str, title: str, command: Sequence[str], environment: Mapping[str, str], passed: tuple[int, ...] = ()
) -> ServiceProcess:
    return ServiceProcess(name=name, title=title, command=command, environment=environment, passed=passed)
