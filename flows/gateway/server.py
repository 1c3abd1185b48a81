"""How the supervisor starts Prefect's own server and its clients, as plain data; nothing is started here, and nothing of Prefect is imported."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from huying.console.address import BASE

HOST = "127.0.0.1"


def api_url(port: int) -> str:
    """The address of the Prefect API on loopback, without a slash at its end."""
    return f"http://{HOST}:{port}/api"


def ui_url(port: int) -> str:
    """The address of the Prefect UI for staff."""
    return f"http://{HOST}:{port}{BASE}"


def server_environment(home: Path, port: int, database_url: str | None, keep_days: int = 90) -> dict[str, str]:
    """The settings of the server process: data under `home`, its page and its API on one loopback port; None means SQLite in `home`.

    `keep_days`: for how many days the server itself keeps runs that ended; shorter terms are the housekeeping's.
    """
    database = database_url or f"sqlite+aiosqlite:///{(home / 'prefect.db').absolute()}"
    return {
        **_quiet(home),
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_API_URL": api_url(port),
        # without a host the page calls the origin that it came from: loopback by any name, and a proxy in front, work alike
        "PREFECT_UI_API_URL": "/api",
        # where the portal's door leads to it: one address of a page is right through the door and without
        "PREFECT_UI_SERVE_BASE": BASE,
        # left alone it lets the pages of any site in a browser ask it
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port}",
        # the page's files are copied at each start: never into the installed package, which may be read-only
        "PREFECT_UI_STATIC_DIRECTORY": str((home / "ui").absolute()),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # the other page asks a host on the internet for something when it is opened, whatever the analytics setting
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_API_DATABASE_CONNECTION_URL": database,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
        # our runs have deadlines of their own; this monitor costs 43 % of a core at 10,000 paused runs
        "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
        # an issue that staff ended goes on telling people about it, and what does so runs under its run
        "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
        # without flow_runs, ended runs are kept for ever; the truth about them is in our database
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(keep_days * 86400),
        # a few runs of each schedule ahead are plenty: nobody reads a hundred planned sweeps
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "3",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT1M",
    }


def client_environment(home: Path, port: int, url: str | None = None) -> dict[str, str]:
    """The settings of a process that runs flows; they must be in its environment before Prefect is imported.

    `url`: the address of the API when it is not on a loopback port.
    """
    return {
        **_quiet(home),
        "PREFECT_API_URL": url or api_url(port),
        # enough for a lock on SQLite; a server that is down must not be waited for: the dispatcher goes on without it
        "PREFECT_CLIENT_MAX_RETRIES": "2",
        "PREFECT_API_REQUEST_TIMEOUT": "8",
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
        # a run's page gets the whole log, the process's own output only what somebody must look at
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        # its background services report each lost connection as an error; the dispatcher says it once, in words
        "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    }


def server_command(port: int) -> list[str]:
    """The command line that runs the server in the foreground."""
    return [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]


def ready(url: str, timeout: float = 2.0) -> bool:
    """Whether the Prefect API at `url` answers its health check within `timeout` seconds; never raises."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=timeout) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _quiet(home: Path) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(home.absolute()),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLI_COLORS": "false",
        "PREFECT_CLI_PROMPT": "false",
        # telling about a newer release is the business of whoever renews the lock
        "PREFECT_CLIENT_METRICS_ENABLED": "false",
    }
