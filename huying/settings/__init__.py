"""Settings: read once from the environment by the outermost caller, and passed in from there.

Every setting is described in ``docs/reference/settings.md``; a test compares the two.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huying.limits import WrongLimit, limits_of
from huying.settings.attachments import USUAL_KINDS, attachments
from huying.settings.audit import audit
from huying.settings.backups import USUAL_KEEP, backups, keep_rule
from huying.settings.error import SettingError
from huying.settings.heads import heads
from huying.settings.keys import keys
from huying.settings.mail import mail
from huying.settings.numbers import count, days, flag, minutes, port
from huying.settings.provider import provider

__all__ = ["VARIABLES", "SettingError", "Settings", "credentials", "loopback", "read"]

#: In a data folder that is being restored lies a file of this name: it is no house yet.
RESTORING = "restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force."""

    home: Path
    portal_port: int
    prefect_port: int
    database_url: str
    portal_url: str
    smtp_url: str | None
    mail_from: str
    allow_private_webhooks: bool
    prefect_api_url: str
    console_login: str | None
    prefect_keep_days: int
    prefect_keep_work_days: int
    host: str = "127.0.0.1"
    allowed_hosts: tuple[str, ...] = ()
    passphrase_rules: str = "length"
    second_factor: tuple[str, ...] = ()
    idle_minutes: int = 30
    idle_minutes_others: int = 480
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_name: str = "统一身份认证 Single sign-on"
    dispatcher_port: int | None = None
    metrics_token: str | None = None
    log_format: str = "text"
    prefect_auth: str | None = None
    prefect_database_url: str | None = None
    redis_url: str | None = None
    portals: int = 1
    dispatchers: int = 1
    prefect_servers: int = 1
    limits: str = ""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    office_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    backup_dir: Path | None = None
    backup_recipients: tuple[str, ...] = ()
    backup_keep: Mapping[str, int] = field(default_factory=lambda: keep_rule(USUAL_KEEP))
    upgrade_backup: bool = True
    audit_keep_days: int = 1096
    audit_lines: str = ""
    heads_mail: tuple[str, ...] = ()
    heads_dir: Path | None = None
    heads_webhook: str | None = None
    heads_tsa: str | None = None
    keys: str | None = field(default=None, repr=False)
    keys_file: Path | None = None
    keys_command: str | None = None
    file_kinds: tuple[str, ...] = USUAL_KINDS
    clamd: str | None = None
    s3_url: str | None = None
    s3_key: str | None = field(default=None, repr=False)
    s3_region: str = "us-east-1"
    mail_domain: str = ""
    mail_reply_to: str = ""
    mail_listen: str | None = None
    mail_imap_url: str | None = field(default=None, repr=False)
    mail_authserv: tuple[str, ...] = ()
    mail_largest_mb: int = 25

    @property
    def public(self) -> bool:
        """Whether others than people on this machine can reach the portal, by where it listens or by the address that it is known by."""
        return not (loopback(self.host) and loopback(urlsplit(self.portal_url).hostname or ""))

    @property
    def portal_here(self) -> str:
        """The address by which this machine itself reaches the portal."""
        host = self.host
        if ipaddress.ip_address(host).is_unspecified:
            host = "::1" if ":" in host else "127.0.0.1"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.portal_port}"

    @property
    def prefect_is_ours(self) -> bool:
        """Whether the house starts Prefect itself."""
        return self.prefect_api_url == _own_api(self.prefect_port)

    @property
    def mailbox(self) -> Path:
        """The folder of the local mailbox, which takes the messages when no mail server is set."""
        return self.home / "mailbox"

    @property
    def files(self) -> Path:
        """The folder of attachments."""
        return self.home / "files"

    def assure_whole(self) -> None:
        """``SettingError`` while the data folder is being restored from a backup, or where that did not come to its end."""
        if (self.home / RESTORING).exists():
            raise SettingError(
                f"HUYING_HOME={self.home}",
                "这里正在从备份恢复，或恢复中途停了：请再运行一次 huying restore，完成后再启动。",
                "It is being restored from a backup, or that was interrupted: run huying restore again before it is started.",
            )

    def make_home(self) -> None:
        """Make the data folder, for nobody else on this machine: it holds people's data. ``SettingError`` if that cannot be."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.home):
                pass
        except OSError as error:
            raise SettingError(
                f"HUYING_HOME={self.home}",
                f"这里不能存放数据（{error.strerror}）。",
                f"Data cannot be kept there ({error.strerror}).",
            ) from None


#: Setting by environment variable; the reference in docs lists the same.
VARIABLES: Mapping[str, str] = {f"HUYING_{one.name.upper()}": one.name for one in fields(Settings)}


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that this environment names; ``SettingError`` for a wrong one."""
    home = Path(environment.get("HUYING_HOME") or ".huying").expanduser().resolve()
    portal_port, prefect_port = _ports(environment)
    portal_url = _portal_address(environment, portal_port)
    return Settings(
        home=home,
        host=_host(environment, portal_url),
        allowed_hosts=_allowed_hosts(environment),
        portal_port=portal_port,
        prefect_port=prefect_port,
        database_url=environment.get("HUYING_DATABASE_URL") or f"sqlite:///{home / 'huying.db'}",
        portal_url=portal_url,
        smtp_url=environment.get("HUYING_SMTP_URL") or None,
        mail_from=environment.get("HUYING_MAIL_FROM") or "呼应 Huying <noreply@huying.invalid>",
        allow_private_webhooks=flag(environment, "HUYING_ALLOW_PRIVATE_WEBHOOKS"),
        console_login=environment.get("HUYING_CONSOLE_LOGIN") or None,
        prefect_keep_days=days(environment, "HUYING_PREFECT_KEEP_DAYS", 90),
        prefect_keep_work_days=days(environment, "HUYING_PREFECT_KEEP_WORK_DAYS", 14),
        passphrase_rules=_passphrase_rules(environment),
        second_factor=_kinds(environment, "HUYING_SECOND_FACTOR"),
        idle_minutes=minutes(environment, "HUYING_IDLE_MINUTES", 30),
        **provider(environment),
        idle_minutes_others=minutes(environment, "HUYING_IDLE_MINUTES_OTHERS", 480),
        dispatcher_port=_dispatcher_port(environment, portal_port, prefect_port),
        metrics_token=_token(environment, "HUYING_METRICS_TOKEN"),
        log_format=_log_format(environment),
        prefect_api_url=_api_address(environment, prefect_port),
        prefect_auth=credentials("HUYING_PREFECT_AUTH", environment.get("HUYING_PREFECT_AUTH")),
        prefect_database_url=environment.get("HUYING_PREFECT_DATABASE_URL") or None,
        redis_url=environment.get("HUYING_REDIS_URL") or None,
        portals=count(environment, "HUYING_PORTALS"),
        dispatchers=count(environment, "HUYING_DISPATCHERS"),
        prefect_servers=count(environment, "HUYING_PREFECT_SERVERS"),
        limits=_limits(environment, "HUYING_LIMITS"),
        trusted_proxies=_networks(environment, "HUYING_TRUSTED_PROXIES"),
        office_networks=_networks(environment, "HUYING_OFFICE_NETWORKS"),
        **_kept_apart(environment),
    )


def _kept_apart(environment: Mapping[str, str]) -> dict[str, Any]:
    """What is said of backups, of heads, of keys, of attachments, of the audit log and of mail that comes in."""
    apart = (backups, heads, keys, attachments, audit, mail)
    return {name: value for read_part in apart for name, value in read_part(environment).items()}


def _ports(environment: Mapping[str, str]) -> tuple[int, int]:
    """Those of the portal and of Prefect."""
    portal_port = port(environment, "HUYING_PORTAL_PORT", 8080)
    prefect_port = port(environment, "HUYING_PREFECT_PORT", 4200)
    if portal_port == prefect_port:
        raise SettingError(
            "",
            f"HUYING_PORTAL_PORT 与 HUYING_PREFECT_PORT 不能相同（都是 {portal_port}）。",
            f"HUYING_PORTAL_PORT and HUYING_PREFECT_PORT must differ; both are {portal_port}.",
        )
    return portal_port, prefect_port


def loopback(host: str) -> bool:
    """Whether only this machine can mean itself by this name or number."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _portal_address(environment: Mapping[str, str], port: int) -> str:
    value = (environment.get("HUYING_PORTAL_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        sound = sound and not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        sound = False
    if not sound:
        raise SettingError(
            "HUYING_PORTAL_URL",
            "应为 https://主机名，不带路径，例如 https://huying.example。",
            "This is https://HOST without a path, for example https://huying.example.",
        )
    return value


def _host(environment: Mapping[str, str], portal_url: str) -> str:
    """Where the portal listens: on loopback, unless the settings say who stands before it."""
    value = environment.get("HUYING_HOST") or "127.0.0.1"
    try:
        ipaddress.ip_address(value)
    except ValueError:
        raise SettingError(
            f"HUYING_HOST={value!r}",
            "应为本机的一个 IP 地址：127.0.0.1 只供本机，0.0.0.0 表示所有网卡。",
            "This is an IP address of this machine: 127.0.0.1 is for this machine alone, 0.0.0.0 is all of its networks.",
        ) from None
    address = urlsplit(portal_url)
    if not loopback(value) and (address.scheme != "https" or loopback(address.hostname or "")):
        raise SettingError(
            f"HUYING_HOST={value}",
            "别的机器连得上门户时，口令和电话要在路上加密：请在 HUYING_PORTAL_URL 写明 https 网址，"
            "前面架设 Caddy 或 nginx（见 deploy/）。",
            "Where other machines reach the portal, passphrases and phone numbers must travel encrypted: name its https address in "
            "HUYING_PORTAL_URL, with Caddy or nginx before it.",
        )
    return value


def _allowed_hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    names = tuple(
        one.strip().lower() for one in (environment.get("HUYING_ALLOWED_HOSTS") or "").split(",") if one.strip()
    )
    for one in names:
        if not re.fullmatch(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[?[0-9a-f:]+\]?", one):
            raise SettingError(
                f"HUYING_ALLOWED_HOSTS={one!r}",
                "应为主机名，不带 http:// 和端口，多个用逗号隔开；*.huying.example 表示其下所有主机。",
                "These are host names without http:// and port, separated by commas; *.huying.example stands for all below it.",
            )
    return names


def _dispatcher_port(environment: Mapping[str, str], *taken: int) -> int | None:
    """Where the dispatcher says how it is; nowhere unless it is asked for."""
    if not environment.get("HUYING_DISPATCHER_PORT"):
        return None
    found = port(environment, "HUYING_DISPATCHER_PORT", 0)
    if found in taken:
        raise SettingError(
            f"HUYING_DISPATCHER_PORT={found}",
            "门户或 Prefect 已用这个端口，请换一个。",
            "The portal or Prefect listens there; choose another one.",
        )
    return found


def _token(environment: Mapping[str, str], name: str) -> str | None:
    value = environment.get(name) or None
    if value is not None and not (value.isascii() and value.isprintable() and " " not in value and len(value) >= 16):
        # the value itself is a secret, and is not repeated
        raise SettingError(
            f"{name}",
            "应为至少 16 个字符的可见 ASCII 字符，不含空格。",
            "This is at least 16 visible ASCII characters.",
        )
    return value


def _own_api(port: int) -> str:
    return f"http://127.0.0.1:{port}/api"


def _api_address(environment: Mapping[str, str], port: int) -> str:
    value = (environment.get("HUYING_PREFECT_API_URL") or _own_api(port)).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or not value.endswith("/api"):
        # a password may stand in it, and is not repeated
        raise SettingError(
            "HUYING_PREFECT_API_URL",
            "应为 http(s)://主机:端口/api，口令写在 HUYING_PREFECT_AUTH。",
            "This is http(s)://host:port/api; a password belongs into HUYING_PREFECT_AUTH.",
        )
    return value


def credentials(name: str, value: str | None) -> str | None:
    """``USER:PASSWORD``, or nothing; ``SettingError`` about ``name`` if it does not look like that."""
    value = value or None
    user, _, password = (value or "").partition(":")
    if value is not None and not (user and len(password) >= 8 and value.isascii() and value.isprintable()):
        raise SettingError(
            f"{name}",
            "应为 用户:口令，口令至少 8 位，只用 ASCII 字符。",
            "This is user:password, of ASCII characters, the password with at least 8.",
        )
    return value


def _limits(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name) or ""
    try:
        limits_of(value)
    except WrongLimit as wrong:
        raise SettingError(
            f"{name}={str(wrong)!r}",
            "应写成 report=20/hour; log-in=10/day，名称见设置说明。",
            "This is written like report=20/hour; log-in=10/day, with the names of the reference of settings.",
        ) from None
    return value


def _networks(environment: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    found = []
    for part in (environment.get(name) or "").replace(",", " ").split():
        try:
            found.append(ip_network(part))
        except ValueError:
            raise SettingError(
                f"{name}={part!r}",
                "应为 IP 地址或网段，如 127.0.0.1, 10.1.0.0/16，用逗号隔开。",
                "These are addresses or networks such as 127.0.0.1, 10.1.0.0/16, with commas between them.",
            ) from None
    return tuple(found)


def _log_format(environment: Mapping[str, str]) -> str:
    value = (environment.get("HUYING_LOG_FORMAT") or "text").lower()
    if value not in ("text", "json"):
        raise SettingError(f"HUYING_LOG_FORMAT={value!r}", "应为 text 或 json。", "This is text or json.")
    return value


def _passphrase_rules(environment: Mapping[str, str]) -> str:
    value = (environment.get("HUYING_PASSPHRASE_RULES") or "length").lower()
    if value not in ("length", "strict"):
        raise SettingError(f"HUYING_PASSPHRASE_RULES={value!r}", "应为 length 或 strict。", "This is length or strict.")
    return value


_KINDS = ("administrator", "staff", "deputy", "liaison", "handler", "department")


def _kinds(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    value = environment.get(name) or ""
    kinds = tuple(one.strip() for one in value.split(",") if one.strip())
    if not set(kinds) <= set(_KINDS):
        raise SettingError(
            f"{name}={value!r}",
            f"应为用逗号隔开的人员类别：{'、'.join(_KINDS)}。",
            f"This is a list, with commas, of kinds of people: {', '.join(_KINDS)}.",
        )
    return kinds
