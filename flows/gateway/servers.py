"""Several Prefect servers behind one address, as Prefect documents it: PostgreSQL under all, Redis between them, one process for their services.

Plain data like `flows.server`, of which this is the larger sibling; nothing is started here, and nothing of Prefect is imported.
"""

import sys
from collections.abc import Mapping

from flows.gateway.server import HOST

# the driver that Prefect speaks PostgreSQL with
_DRIVER = "postgresql+asyncpg"


def database_address(url: str) -> str:
    """The address of a PostgreSQL database as Prefect wants it, from one that begins with `postgresql://`."""
    return f"{_DRIVER}://{url.partition('://')[2]}"


def guarded(environment: Mapping[str, str], auth: str | None) -> dict[str, str]:
    """The environment of a server or client, with the `USER:PASSWORD` that the servers ask for; unchanged when they ask for none."""
    if auth is None:
        return dict(environment)
    return {**environment, "PREFECT_SERVER_API_AUTH_STRING": auth, "PREFECT_API_AUTH_STRING": auth}


def migrated(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of servers whose database is brought up to date before they start: two that do so at once would hinder each other."""
    return {**environment, "PREFECT_API_DATABASE_MIGRATE_ON_START": "false"}


def together(environment: Mapping[str, str], redis_url: str) -> dict[str, str]:
    """The environment of servers that share events, leases and background work through Redis."""
    return {
        **environment,
        "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_REDIS_MESSAGING_URL": redis_url,
        # keys of both begin with names of their own
        "PREFECT_SERVER_DOCKET_URL": redis_url,
        # blocks are not used here, and of two servers that register them at once in a new database one ends
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    }


def api_command(port: int, host: str = HOST) -> list[str]:
    """The command line of a server that answers, and leaves everything else to the services."""
    where = ["--host", host, "--port", str(port)]
    return [sys.executable, "-m", "prefect", "server", "start", *where, "--no-services"]


def services_command() -> list[str]:
    """The command line of the services: schedules, the recorder of task runs, housekeeping. One process of them is enough."""
    return [sys.executable, "-m", "prefect", "server", "services", "start"]


def upgrade_command() -> list[str]:
    """The command line that brings Prefect's database up to date, and ends."""
    return [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
