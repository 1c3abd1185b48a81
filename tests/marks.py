"""What a test is called by, for ``-m`` and for the workers: derived from where it lies and what it asks for, never written by hand.

``fast`` needs no database, no server, no browser and no process of its own, ``house`` is a rule of the house, and ``whole`` is all that is not fast.
Only ``whole`` may be written by hand, on what opens a database by words alone, or takes too long for somebody who waits.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.template import Template

_TESTS = Path(__file__).resolve().parent
#: Rooms in which everything needs the product, or a good part of it, running.
_RUNNING = frozenset({"acceptance", "console", "deploy", "faults", "flows", "portal", "scenarios"})
#: What the modules of such tests are about, by the names that they import.
_NEEDED = frozenset(
    {"Database", "filled", "forked", "migrated", "subprocess", "sync_playwright", "running", "working_copy"}
)
#: The same, by fixtures.
_FIXTURES = frozenset({"copied", "postgres_server", "sqlite_office", "home", "town"})
#: Fixtures of which one for all is enough, since they take long to make: who shares them runs on one worker.
_SHARED = {"one_server": "prefect", "guarded_server": "console"}
#: Rooms that begin first, so that no worker is left with a long one at the end.
_FIRST = ("acceptance", "faults", "flows")


def room(item: pytest.Item) -> str:
    """The folder in which a test lies."""
    return item.path.relative_to(_TESTS).parts[0]


def is_fast(item: pytest.Item) -> bool:
    """Whether a test needs nothing but this process."""
    if item.get_closest_marker("whole") or room(item) in _RUNNING or _FIXTURES & set(_fixtures(item)):
        return False
    module = item.getparent(pytest.Module)
    names = {} if module is None else vars(module.obj)
    return not _NEEDED & names.keys() and not any(isinstance(one, Template) for one in names.values())


def mark(items: list[pytest.Item], report: bool) -> None:
    """Say of each what it is, and put those that take long first; ``report``: one worker is to see all faults, and to write about them."""
    shared = {**_SHARED, "tools": "faults"} if report else _SHARED
    for item in items:
        if is_fast(item):
            item.add_marker("fast")
        elif item.get_closest_marker("whole") is None:
            item.add_marker("whole")
        if room(item) == "house":
            item.add_marker("house")
        for fixture, group in shared.items():
            if fixture in _fixtures(item):
                item.add_marker(pytest.mark.xdist_group(group))
        if "browser" in _fixtures(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=lambda item: _FIRST.index(room(item)) if room(item) in _FIRST else len(_FIRST))


def is_left_out(path: Path, expression: str) -> bool:
    """Whether nothing in a folder can be wanted, so that it need not even be read."""
    return expression == "fast" and path.is_dir() and path.parent == _TESTS and path.name in _RUNNING


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", ()))
