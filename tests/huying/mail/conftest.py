"""The post room for the tests of mail that comes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.huying.mail.post import Post
from tests.huying.town import Town


@pytest.fixture
def post(town: Town, tmp_path: Path) -> Post:
    """A town with a post room, on each kind of database."""
    return Post(town, tmp_path / "mailbox")
