"""The composition root of the two processes of our own: here settings become parts, and the clock is read."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime

from huying.database import Database
from huying.house import House
from huying.mail import transports
from huying.sample import sample_console
from huying.settings import Settings


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
    from flows.house_ports import HousePorts
    from flows.serve import leave, serve
    from notifications import warm

    _log_to_stderr()
    warm()
    ports = HousePorts(
        _house(settings),
        transports(settings),
        settings.portal_url,
        console_login=settings.console_login or sample_console(settings.home),
        keep_days=(settings.prefect_keep_days, settings.prefect_keep_work_days),
    )
    leave(serve(ports, settings.prefect_api_url))
    return 0
