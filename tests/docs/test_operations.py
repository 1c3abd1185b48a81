"""What the page for operators says is so: the check of a webhook works, alerts name figures that exist, kinds and files are those of the program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from huying.webhooks.happenings import KINDS
from notifications import EventPost, post_events
from tests.notifications.conftest import web_sink

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "en" / "operations.md").read_text("utf-8")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def block(language: str) -> str:
    """The one block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def verified() -> Callable[..., bool]:
    """The example, run as it stands in the page."""
    names: dict[str, Any] = {}
    exec(compile(block("python"), "operations.md", "exec"), names)
    made: Callable[..., bool] = names["verified"]
    return made


def test_the_example_takes_what_we_send_and_refuses_what_was_changed(verified: Callable[..., bool]) -> None:
    now = int(datetime.now(UTC).timestamp())
    with web_sink() as sink:
        body = json.dumps({"type": "issue.closed"}).encode()
        other = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA=="
        posts = [
            EventPost(key="msg_1", url=sink.url(), secrets=secrets, body=body, timestamp=at)
            for secrets, at in (((SECRET,), now), ((other, SECRET), now), ((other,), now), ((SECRET,), now - 3600))
        ]
        for post in posts:
            (answer,) = post_events([post], allow_private=True)
            assert answer.status == 204
    right, rotated, forged, stale = sink.posts
    assert verified(SECRET, right.headers, right.body)
    assert verified(SECRET, rotated.headers, rotated.body)
    assert not verified(SECRET, forged.headers, forged.body)
    assert not verified(SECRET, stale.headers, stale.body)
    assert not verified(SECRET, right.headers, right.body + b" ")
    assert not verified(SECRET, {**right.headers, "webhook-id": "msg_2"}, right.body)


def test_the_example_agrees_with_the_convention_s_own_test_vector(verified: Callable[..., bool]) -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert verified(SECRET, headers, b'{"test": 2432232314}', now=1614265330)


def test_every_kind_of_happening_is_described() -> None:
    assert set(re.findall(r"`issue\.([a-z-]+)`", PAGE)) == set(KINDS)


def test_the_alerts_are_rules_about_figures_that_are_in_the_table() -> None:
    rules = yaml.safe_load(block("yaml prometheus"))["groups"][0]["rules"]
    known = set(re.findall(r"^\| `(huying_\w+)`", PAGE, re.MULTILINE))
    assert len(rules) >= 5
    for rule in rules:
        assert set(re.findall(r"huying_\w+", rule["expr"])) <= known, rule["alert"]
