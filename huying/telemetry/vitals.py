"""Signs of life: who is well, and what is not ready."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx
from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from huying.database.tables import heartbeats
from huying.house.house import House

#: A process that has not been heard of for so long is not ready.
SILENCE = timedelta(seconds=20)
#: Of whom nobody has heard for so long is forgotten.
_FORGOTTEN = timedelta(hours=1)
#: What the dispatcher's heartbeat says while its work is shown in Prefect.
CONNECTED = "connected"
#: What it says while it fires nothing, because the clock jumped ahead.
DOUBTFUL = "doubtful clock"

#: The signs of life of dispatchers; those of an older version had no name of their own.
OF_DISPATCHER: ColumnElement[bool] = or_(heartbeats.c.name == "dispatcher", heartbeats.c.name.like("dispatcher %"))

Trouble = Mapping[str, str] | None


def beat(house: House, name: str, now: datetime, note: str = "") -> None:
    """Say that a process is well."""
    with house.database.writing() as connection:
        row = {"at": now, "note": note}
        if connection.execute(update(heartbeats).where(heartbeats.c.name == name).values(**row)).rowcount == 0:
            # what was thought of the clock is kept: the clock itself may be wrong now
            connection.execute(delete(heartbeats).where(OF_DISPATCHER, heartbeats.c.at < now - _FORGOTTEN))
            connection.execute(insert(heartbeats), {"name": name, **row})


def farewell(house: House, name: str) -> None:
    """Say that a process has ended, and is not to be missed."""
    with house.database.writing() as connection:
        connection.execute(delete(heartbeats).where(heartbeats.c.name == name))


def dispatcher_name() -> str:
    """What this process is called, if it is a dispatcher: there may be several."""
    return f"dispatcher {socket.gethostname()[:30]}:{os.getpid()}"


def dispatchers(house: House, now: datetime) -> tuple[str, ...]:
    """The dispatchers that are well, by name."""
    return tuple(sorted(name for name, _ in _heard(house, now)))


def dispatching(house: House, now: datetime) -> bool:
    """Whether a dispatcher is at work that shows what it does in Prefect."""
    return _dispatcher(house, now) is None


def health(house: House, prefect_api_url: str, now: datetime, auth: str | None = None) -> dict[str, Trouble]:
    """What keeps each part from working, in each language; ``None`` for a part that is ready. ``auth``: Prefect's ``USER:PASSWORD``."""
    trouble = _dispatcher(house, now)
    return {
        "portal": trouble if trouble and trouble.get("part") == "database" else None,
        "prefect": _prefect(prefect_api_url, auth),
        "dispatcher": trouble,
    }


def _dispatcher(house: House, now: datetime) -> Trouble:
    try:
        notes = {note for _, note in _heard(house, now)}
    except SQLAlchemyError:
        return {"part": "database", "zh": "数据库连不上。", "en": "The database cannot be reached."}
    if not notes:
        return {"zh": "派发程序没有运行。", "en": "The dispatcher is not running."}
    if DOUBTFUL in notes:
        return {
            "zh": "系统时钟突然变快，暂不触发到期事项，请核对服务器时间。",
            "en": "The clock jumped ahead, so no deadline fires for now; please check the server's time.",
        }
    if CONNECTED not in notes:
        return {
            "zh": "派发程序还没有连上 Prefect；消息照常发送。",
            "en": "The dispatcher has not reached Prefect; messages are sent all the same.",
        }
    return None


def _heard(house: House, now: datetime) -> list[tuple[str, str]]:
    """Name and note of each dispatcher that was heard of lately."""
    query = select(heartbeats.c.name, heartbeats.c.note).where(OF_DISPATCHER, heartbeats.c.at >= now - SILENCE)
    with house.database.reading() as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


def _prefect(url: str, auth: str | None) -> Trouble:
    user, _, password = (auth or "").partition(":")
    try:
        # its own health check asks for no password, and would not tell that ours is another
        answer = httpx.get(f"{url}/admin/version", timeout=2, auth=(user, password) if auth else None)
    except httpx.HTTPError:
        return {"zh": "Prefect 没有应答。", "en": "Prefect does not answer."}
    if answer.status_code == 401:
        return {
            "zh": "Prefect 的口令不是这里设置的（HUYING_PREFECT_AUTH）。",
            "en": "Prefect asks for another password than is set here (HUYING_PREFECT_AUTH).",
        }
    return None if answer.status_code == 200 else {"zh": "Prefect 没有应答。", "en": "Prefect does not answer."}
