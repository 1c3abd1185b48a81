"""Settings: where the signed heads of the days are handed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huying.settings.error import SettingError


def heads(environment: Mapping[str, str]) -> dict[str, Any]:
    """By mail, into a folder, to an address; and who puts a time stamp over them."""
    mail = tuple((environment.get("HUYING_HEADS_MAIL") or "").replace(",", " ").split())
    for one in mail:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", one):
            raise SettingError(
                f"HUYING_HEADS_MAIL={one!r}",
                "应为邮箱地址，多个用逗号隔开。",
                "These are mail addresses, with commas between them.",
            )
    webhook = environment.get("HUYING_HEADS_WEBHOOK") or None
    if webhook is not None and not webhook.startswith(("https://", "http://")):
        # a token may stand in it, and is not repeated
        raise SettingError(
            "HUYING_HEADS_WEBHOOK", "应为 https:// 开头的网址。", "This is an address that begins with https://."
        )
    tsa = environment.get("HUYING_HEADS_TSA") or None
    if tsa is not None and not tsa.startswith(("https://", "http://")):
        raise SettingError(
            "HUYING_HEADS_TSA", "应为时间戳服务的网址。", "This is the address of a time-stamping authority."
        )
    folder = environment.get("HUYING_HEADS_DIR")
    return {
        "heads_mail": mail,
        "heads_dir": Path(folder).expanduser().resolve() if folder else None,
        "heads_webhook": webhook,
        "heads_tsa": tsa,
    }
