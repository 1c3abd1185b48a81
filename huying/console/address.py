"""Where Prefect's pages are found: under one path of the portal, and under the same path of Prefect's own server."""

from __future__ import annotations

#: Under this path Prefect serves its pages, and the portal lets staff through to them.
BASE = "/prefect"


def run_address(run_id: str) -> str:
    """The page of a run, from the root of the portal."""
    return f"{BASE}/runs/flow-run/{run_id}"
