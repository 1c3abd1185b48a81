"""A town of which another system hears, on each kind of database; and that system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from huying.database.connections import Database
from huying.webhooks.subscriptions import NewSubscription, Subscription, subscribe
from tests.huying.town import TOWN, Census, Town, town_in
from tests.notifications.conftest import WebSink, web_sink
from tests.template import Template


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return TOWN


@pytest.fixture
def town(copied: tuple[Database, Census], tmp_path: Path) -> Town:
    """A fresh town."""
    return town_in(copied, tmp_path)


@pytest.fixture
def receiver() -> Iterator[WebSink]:
    """Another system."""
    with web_sink() as sink:
        yield sink


def tell(town: Town, url: str, **wishes: object) -> tuple[Subscription, str]:
    """Subscribe."""
    new = NewSubscription(name="市民热线", url=url, **wishes)  # type: ignore[arg-type]
    return subscribe(town.house, new, by="test", allow_private=True, now=town.clock.now)
