"""Settings: how mail comes in."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from huying.settings.error import SettingError

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", re.I)
_ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@([a-z0-9-]+\.)+[a-z]{2,}", re.I)


def mail(environment: Mapping[str, str]) -> dict[str, Any]:
    """The domain of our addresses, where mail servers hand mail over, which mailbox is read, and whose word about senders counts."""
    return {
        "mail_domain": _domain(environment),
        "mail_reply_to": _reply_to(environment),
        "mail_listen": _listen(environment),
        "mail_imap_url": _imap(environment),
        "mail_authserv": tuple((environment.get("HUYING_MAIL_AUTHSERV") or "").replace(",", " ").lower().split()),
        "mail_largest_mb": _largest(environment),
    }


def _domain(environment: Mapping[str, str]) -> str:
    value = (environment.get("HUYING_MAIL_DOMAIN") or "").strip().lower()
    if value and not _DOMAIN.fullmatch(value):
        raise SettingError(
            f"HUYING_MAIL_DOMAIN={value!r}",
            "应为域名，如 mail.huying.example。",
            "This is a domain such as mail.huying.example.",
        )
    return value


def _reply_to(environment: Mapping[str, str]) -> str:
    value = (environment.get("HUYING_MAIL_REPLY_TO") or "").strip()
    if value and not _ADDRESS.fullmatch(value):
        raise SettingError(f"HUYING_MAIL_REPLY_TO={value!r}", "应为一个邮箱地址。", "This is one mail address.")
    return value


def _listen(environment: Mapping[str, str]) -> str | None:
    """``lmtp://127.0.0.1:8024``, ``smtp://[::1]:8025`` or ``lmtp:///run/huying/lmtp.sock``: nothing that others than this machine reach."""
    value = environment.get("HUYING_MAIL_LISTEN") or None
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("lmtp", "smtp") and not (parts.query or parts.fragment or "@" in parts.netloc)
        if parts.netloc:
            sound = (
                sound and not parts.path and bool(parts.port) and ipaddress.ip_address(parts.hostname or "").is_loopback
            )
        else:
            sound = sound and len(parts.path) > 1
    except ValueError:
        sound = False
    if not sound:
        raise SettingError(
            f"HUYING_MAIL_LISTEN={value!r}",
            "应为 lmtp://127.0.0.1:8024 或 lmtp:///run/huying/lmtp.sock：只能是本机，邮件服务器在前面接收。",
            "This is lmtp://127.0.0.1:8024 or lmtp:///run/huying/lmtp.sock: on this machine alone, behind a mail server.",
        )
    if not environment.get("HUYING_MAIL_DOMAIN"):
        raise SettingError(
            "HUYING_MAIL_DOMAIN",
            "接收邮件要先写明域名。",
            "Where mail is taken, the domain of its addresses has to be named.",
        )
    return value


def _imap(environment: Mapping[str, str]) -> str | None:
    value = environment.get("HUYING_MAIL_IMAP_URL") or None
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("imap", "imaps") and bool(parts.hostname and parts.username and parts.password)
        sound = sound and (parts.port or 1) > 0 and not (parts.query or parts.fragment)
        inside = parts.scheme == "imap" and not ipaddress.ip_address(_number(parts.hostname)).is_loopback
    except ValueError:
        sound, inside = False, False
    if not sound or inside:
        # the password stands in it, and is not repeated
        raise SettingError(
            "HUYING_MAIL_IMAP_URL",
            "应为 imaps://用户:口令@主机/文件夹；不加密的 imap:// 只能连本机。",
            "This is imaps://USER:PASSWORD@HOST/FOLDER; imap://, which is not encrypted, is for this machine alone.",
        )
    return value


def _number(host: str | None) -> str:
    return (
        "127.0.0.1"
        if host == "localhost"
        else host
        if host and re.fullmatch(r"[0-9.]+|[0-9a-f:]+", host)
        else "192.0.2.1"
    )


def imap_parts(url: str) -> tuple[bool, str, int, str, str, str]:
    """Of an address of a mailbox: whether it is encrypted, host, port, user, password and folder."""
    parts = urlsplit(url)
    secure = parts.scheme == "imaps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return secure, parts.hostname or "", parts.port or (993 if secure else 143), user, password, folder


def _largest(environment: Mapping[str, str]) -> int:
    value = environment.get("HUYING_MAIL_LARGEST_MB") or "25"
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value[:9]) <= 40:
        raise SettingError(
            f"HUYING_MAIL_LARGEST_MB={value!r}", "应为 1 到 40 的整数。", "This is an integer from 1 to 40."
        )
    return int(value)
