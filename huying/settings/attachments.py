"""Settings of attachments, read from the environment; ``SettingError`` for a wrong one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from huying.settings.error import SettingError

#: The kinds of files that can be told with certainty, and those that are taken where nothing was chosen.
FILE_KINDS = ("jpg", "png", "gif", "webp", "heic", "pdf", "docx", "xlsx", "ofd", "mp3", "amr", "mp4")
USUAL_KINDS = FILE_KINDS[:9]


def attachments(environment: Mapping[str, str]) -> dict[str, Any]:
    """Which files are taken, who looks at them for viruses, and where they lie."""
    return {
        "file_kinds": _kinds(environment, "HUYING_FILE_KINDS"),
        "clamd": _socket(environment, "HUYING_CLAMD"),
        **_bucket(environment),
    }


def _bucket(environment: Mapping[str, str]) -> dict[str, Any]:
    """A bucket and its key: both, or neither."""
    address = (environment.get("HUYING_S3_URL") or "").rstrip("/")
    key = environment.get("HUYING_S3_KEY") or ""
    parts = urlsplit(address)
    inside = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if address and not (re.fullmatch(r"(?:/[\w.-]+)+", parts.path, re.ASCII) and (parts.scheme == "https" or inside)):
        raise SettingError(
            f"HUYING_S3_URL={address!r}",
            "应写成 https://主机/桶 或 https://主机/桶/前缀；只有本机可以用 http。",
            "This is written like https://HOST/BUCKET or https://HOST/BUCKET/PREFIX; http is for this machine alone.",
        )
    if bool(address) != bool(key) or (key and not re.fullmatch(r"[^:\s]+:\S+", key)):
        # the value itself is a secret, and is not repeated
        raise SettingError(
            "HUYING_S3_KEY",
            "应与 HUYING_S3_URL 一起写，写成 标识:密钥。",
            "This goes together with HUYING_S3_URL, and is written like ID:SECRET.",
        )
    region = environment.get("HUYING_S3_REGION") or "us-east-1"
    return {"s3_url": address or None, "s3_key": key or None, "s3_region": region}


def _socket(environment: Mapping[str, str], name: str) -> str | None:
    value = environment.get(name) or None
    if value is not None and not re.fullmatch(r"unix:/.+|tcp:([^:/\s]+|\[[0-9a-f:]+\]):\d{1,5}", value):
        raise SettingError(
            f"{name}={value!r}",
            "应写成 unix:/run/clamav/clamd.ctl 或 tcp:主机:3310。",
            "This is written like unix:/run/clamav/clamd.ctl or tcp:HOST:3310.",
        )
    return value


def _kinds(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    said = {one.lower() for one in (environment.get(name) or "").replace(",", " ").split()}
    if not said <= set(FILE_KINDS):
        raise SettingError(
            f"{name}={environment.get(name)!r}",
            f"应为用逗号隔开的文件种类：{'、'.join(FILE_KINDS)}。",
            f"This is a list, with commas, of kinds of files: {', '.join(FILE_KINDS)}.",
        )
    return tuple(kind for kind in FILE_KINDS if kind in said) or USUAL_KINDS
