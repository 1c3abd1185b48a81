"""The composition root of the two processes of our own: here settings become parts, and the clock is read."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from huying import showing, vitals
from huying.database import Database
from huying.house import House
from huying.mail import transports
from huying.sample import sample_console
from huying.settings import Settings

if TYPE_CHECKING:
    from flows.house_ports import HousePorts


def _log_to_stderr() -> None:
    """Our own lines, whatever other libraries make of the root logger."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours = logging.getLogger("huying")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def _house(settings: Settings) -> House:
    database = Database(settings.database_url)
    database.migrate()
    return House(database, settings.files)


def _now() -> datetime:
    return datetime.now(UTC)


def serve_portal(settings: Settings) -> int:
    """Serve pages and API on loopback until SIGTERM; the exit code."""
    import uvicorn

    from portal.app import create_app
    from portal.config import PortalConfig

    _log_to_stderr()
    config = PortalConfig(
        portal_url=settings.portal_url,
        prefect_api_url=settings.prefect_api_url,
        mailbox=None if settings.smtp_url else settings.mailbox,
        secure_cookies=settings.portal_url.startswith("https:"),
    )
    app = create_app(_house(settings), config, _now)
    # addresses in access logs would hold the tokens of links
    uvicorn.run(
        app, host="127.0.0.1", port=settings.portal_port, access_log=False, log_level="info", server_header=False
    )
    return 0


def serve_dispatcher(settings: Settings) -> int:
    """Carry out effects until SIGTERM; does not return."""
    from flows.server import client_environment

    os.environ.update(client_environment(settings.home / "prefect", settings.prefect_port))
    # Prefect reads its settings when it is imported
    from flows.serve import leave, serve
    from notifications import warm

    _log_to_stderr()
    warm()
    leave(serve(_ports(_house(settings), settings), settings.prefect_api_url))
    return 0


def rebuild_view(settings: Settings) -> int:
    """Make all that Prefect shows anew, and print how it goes; the exit code."""
    from flows.server import client_environment

    os.environ.update(client_environment(settings.home / "prefect", settings.prefect_port))
    from flows.api import PrefectApi
    from flows.rebuild import rebuild

    house = _house(settings)

    async def run() -> bool:
        async with PrefectApi(settings.prefect_api_url) as api:
            return await rebuild(
                api,
                _ports(house, settings),
                left=lambda: showing.stale_count(house),
                dispatching=lambda: vitals.dispatching(house, _now()),
                say=lambda words: print(words, flush=True),
            )

    return 0 if asyncio.run(run()) else 1


def _ports(house: House, settings: Settings) -> HousePorts:
    """The house as flows see it; to be called when Prefect's settings are in the environment."""
    from flows.house_ports import HousePorts

    return HousePorts(
        house,
        transports(settings),
        settings.portal_url,
        console_login=settings.console_login or sample_console(settings.home),
        keep_days=(settings.prefect_keep_days, settings.prefect_keep_work_days),
    )
