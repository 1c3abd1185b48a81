"""Whether the settings of several processes fit together, said before anything is started. Addresses hold passwords, and are never repeated."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from huying.services import balancer
from huying.settings import SettingError, Settings

_PATIENCE = 5.0


def check(settings: Settings) -> None:
    """``SettingError`` for the first thing that does not fit."""
    if settings.dispatchers > 1 and settings.database_url.startswith("sqlite"):
        raise SettingError(
            f"HUYING_DISPATCHERS={settings.dispatchers}",
            "多个派发程序需要 PostgreSQL（HUYING_DATABASE_URL）；SQLite 同时只有一个写入者。",
            "Several dispatchers need PostgreSQL; on SQLite there is one writer at a time.",
        )
    if not settings.prefect_is_ours:
        _left_to_others(settings)
    elif settings.prefect_servers > 1:
        _several_servers(settings)
        balancer.program()
    check_prefect(settings)


def check_prefect(settings: Settings) -> None:
    """``SettingError`` if what is said about Prefect's database and Redis cannot be right."""
    if settings.prefect_database_url:
        _database(settings.prefect_database_url, settings.database_url)
    if settings.redis_url:
        _redis(settings.redis_url)


def _left_to_others(settings: Settings) -> None:
    """Nothing is said about servers that somebody else starts."""
    said = {
        "HUYING_PREFECT_SERVERS": settings.prefect_servers > 1,
        "HUYING_PREFECT_DATABASE_URL": settings.prefect_database_url,
        "HUYING_REDIS_URL": settings.redis_url,
    }
    for name, value in said.items():
        if value:
            raise SettingError(
                f"{name}",
                "已用 HUYING_PREFECT_API_URL 指定另行启动的 Prefect，此项应在那里设置，这里请去掉。",
                "HUYING_PREFECT_API_URL names a Prefect that is started elsewhere; set this there, and leave it out here.",
            )


def _several_servers(settings: Settings) -> None:
    for name, value in (
        ("HUYING_PREFECT_DATABASE_URL", settings.prefect_database_url),
        ("HUYING_REDIS_URL", settings.redis_url),
    ):
        if not value:
            raise SettingError(
                f"HUYING_PREFECT_SERVERS={settings.prefect_servers}",
                f"多个 Prefect 服务还需要设置 {name}。",
                f"Several Prefect servers also need {name}.",
            )


def _database(prefect: str, own: str) -> None:
    url = _parsed(prefect)
    if url is None or url.drivername != "postgresql" or not url.database:
        raise SettingError(
            "HUYING_PREFECT_DATABASE_URL",
            "应为 postgresql://用户:口令@主机/库名；不设置则用数据目录里的 SQLite。",
            "This is postgresql://user:password@host/database; left out, it is SQLite in the data folder.",
        )
    other = _parsed(own)
    if other is not None and _place(other) == _place(url):
        raise SettingError(
            "HUYING_PREFECT_DATABASE_URL",
            "不能与 HUYING_DATABASE_URL 是同一个库，两者的表会相互妨碍；请为 Prefect 另建一个。",
            "This must not be the database of HUYING_DATABASE_URL: make another one for Prefect.",
        )


def _parsed(url: str) -> URL | None:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        return None


def _place(url: URL) -> tuple[str, int, str | None]:
    host = (url.host or "localhost").lower()
    return "127.0.0.1" if host == "localhost" else host, url.port or 5432, url.database


def _redis(address: str) -> None:
    parts = urlsplit(address)
    if "sentinel" in parts.scheme:
        # a list of members, which Prefect itself asks for the one to use
        return
    try:
        host, port = parts.hostname, parts.port or 6379
    except ValueError:
        host, port = None, 0
    if parts.scheme not in ("redis", "rediss") or not host:
        raise SettingError(
            "HUYING_REDIS_URL",
            "应为 redis://用户:口令@主机:6379/0（加密用 rediss://）。",
            "This is redis://user:password@host:6379/0 (rediss:// with TLS).",
        )
    try:
        socket.create_connection((host, port), _PATIENCE).close()
    except OSError as error:
        raise SettingError(
            "HUYING_REDIS_URL",
            f"{host}:{port} 连不上（{error.strerror or error}）。",
            f"Redis cannot be reached at {host}:{port} ({error.strerror or error}).",
        ) from None
