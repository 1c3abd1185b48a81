"""Signs of life: who is well, and what is not ready."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx
from sqlalchemy import insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from huying.house import House
from huying.tables import heartbeats

#: A process that has not been heard of for so long is not ready.
SILENCE = timedelta(seconds=20)
#: What the dispatcher's heartbeat says while its work is shown in Prefect.
CONNECTED = "connected"
#: What it says while it fires nothing, because the clock jumped ahead.
DOUBTFUL = "doubtful clock"

Trouble = Mapping[str, str] | None


def beat(house: House, name: str, now: datetime, note: str = "") -> None:
    """Say that a process is well."""
    with house.database.writing() as connection:
        row = {"at": now, "note": note}
        if connection.execute(update(heartbeats).where(heartbeats.c.name == name).values(**row)).rowcount == 0:
            connection.execute(insert(heartbeats), {"name": name, **row})


def health(house: House, prefect_api_url: str, now: datetime) -> dict[str, Trouble]:
    """What keeps each part from working, in each language; ``None`` for a part that is ready."""
    trouble = _dispatcher(house, now)
    return {
        "portal": trouble if trouble and trouble.get("part") == "database" else None,
        "prefect": _prefect(prefect_api_url),
        "dispatcher": trouble,
    }


def _dispatcher(house: House, now: datetime) -> Trouble:
    query = select(heartbeats.c.at, heartbeats.c.note).where(heartbeats.c.name == "dispatcher")
    try:
        with house.database.reading() as connection:
            heard = connection.execute(query).one_or_none()
    except SQLAlchemyError:
        return {"part": "database", "zh": "数据库连不上。", "en": "The database cannot be reached."}
    if heard is None or now - heard.at > SILENCE:
        return {"zh": "派发程序没有运行。", "en": "The dispatcher is not running."}
    if heard.note == DOUBTFUL:
        return {
            "zh": "系统时钟突然变快，暂不触发到期事项，请核对服务器时间。",
            "en": "The clock jumped ahead, so no deadline fires for now; please check the server's time.",
        }
    if heard.note != CONNECTED:
        return {
            "zh": "派发程序还没有连上 Prefect；消息照常发送。",
            "en": "The dispatcher has not reached Prefect; messages are sent all the same.",
        }
    return None


def _prefect(url: str) -> Trouble:
    try:
        if httpx.get(f"{url}/health", timeout=2).status_code == 200:
            return None
    except httpx.HTTPError:
        pass
    return {"zh": "Prefect 没有应答。", "en": "Prefect does not answer."}
