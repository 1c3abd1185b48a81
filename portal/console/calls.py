"""Which calls of Prefect's pages pass, as a table: what is not on it is refused. The pages were watched, and Prefect's own list of calls read.

An address is decided upon as it was sent, before anybody decodes it: one with ``%``, ``..`` or ``//`` leads nowhere.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from huying.console.address import BASE


class CallKind(Enum):
    """What becomes of a call."""

    PAGE = auto()
    #: How the page is told where things are, and what the server is set to: answered here.
    TOLD = auto()
    SETTINGS = auto()
    READ = auto()
    #: A button on a run: of an issue, the kernel answers; of the system, it passes for whoever may.
    STATE = auto()
    RESUME = auto()
    #: A run of the system, started by hand.
    START = auto()


_ID = "[0-9a-fA-F-]{36}"
_NAME = "[A-Za-z0-9._-]+"
_LISTS = (
    "flow_runs|task_runs|flows|deployments|work_pools|work_queues|artifacts|artifacts/latest|variables|saved_searches|events|logs|automations"
    "|concurrency_limits|v2/concurrency_limits|task_workers|block_types|block_schemas"
)
_TABLE = (
    ("GET", "/admin/settings", CallKind.SETTINGS),
    ("GET", "/(health|hello|ready|version|admin/version)", CallKind.READ),
    ("GET", f"/(flow_runs|task_runs|flows|deployments|artifacts|work_queues|saved_searches|ui/task_runs)/{_ID}", CallKind.READ),
    ("GET", f"/(automations|variables|concurrency_limits|flow_run_states|task_run_states)/{_ID}", CallKind.READ),
    ("GET", "/(flow_run_states|task_run_states)/", CallKind.READ),
    ("GET", f"/flow_runs/{_ID}/(graph|graph-v2|logs/download)", CallKind.READ),
    ("GET", f"/flow_runs/{_ID}/input/{_NAME}", CallKind.READ),
    ("GET", f"/deployments/{_ID}/(schedules|work_queue_check)", CallKind.READ),
    ("GET", f"/artifacts/{_NAME}/latest", CallKind.READ),
    ("GET", f"/automations/related-to/{_NAME}", CallKind.READ),
    ("GET", f"/work_pools/{_NAME}(/queues/{_NAME})?", CallKind.READ),
    ("GET", f"/work_queues/{_ID}/status", CallKind.READ),
    ("GET", "/events/filter/next", CallKind.READ),
    ("POST", f"/({_LISTS})/(filter|count|paginate|history|lateness)", CallKind.READ),
    ("POST", "/artifacts/latest/(filter|count)", CallKind.READ),
    ("POST", f"/events/count-by/{_NAME}", CallKind.READ),
    ("POST", f"/flow_runs/{_ID}/input/filter", CallKind.READ),
    ("POST", "/ui/(flow_runs/(history|count-task-runs)|flows/(count-deployments|next-runs)|schemas/validate)", CallKind.READ),
    ("POST", "/ui/task_runs/(count|dashboard/counts)", CallKind.READ),
    ("POST", f"/work_pools/{_NAME}/(queues/filter|workers/filter|concurrency_status)", CallKind.READ),
    ("POST", f"/work_queues/{_ID}/concurrency_status", CallKind.READ),
    ("POST", f"/flow_runs/{_ID}/set_state", CallKind.STATE),
    ("POST", f"/flow_runs/{_ID}/resume", CallKind.RESUME),
    ("POST", f"/deployments/{_ID}/create_flow_run", CallKind.START),
)  # fmt: skip
_PATTERNS = tuple((method, re.compile(pattern), call) for method, pattern, call in _TABLE)
_PLAIN = re.compile(r"/[A-Za-z0-9._~:@!$&'()*+,;=/-]*", re.ASCII)
_API = "/api"


def plain(raw_path: bytes) -> str | None:
    """The part of an address below ``/prefect``, as it was sent; ``None`` for one that could be read in two ways."""
    sent = raw_path.decode("ascii", "replace").partition("?")[0].removeprefix(BASE) or "/"
    if not _PLAIN.fullmatch(sent) or "//" in sent or any(part in (".", "..") for part in sent.split("/")):
        return None
    return sent


def call_of(method: str, path: str) -> CallKind | None:
    """What becomes of this call; ``None`` if it does not pass."""
    method = "GET" if method == "HEAD" else method
    if not (path == _API or path.startswith(f"{_API}/")):
        if method != "GET":
            return None
        return CallKind.TOLD if path == "/ui-settings" else CallKind.PAGE
    asked = path.removeprefix(_API)
    return next((call for way, pattern, call in _PATTERNS if way == method and pattern.fullmatch(asked)), None)


def run_of(path: str) -> str:
    """The id of the run or deployment that a button is about."""
    return path.rsplit("/", 2)[1].lower()
