"""What tests of the command line share: a house of their own, and readers of either language."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test."""
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    for name in ("HUYING_DATABASE_URL", "HUYING_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The language of the reader's locale."""
    spoken = str(request.param)
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "en_GB.UTF-8"}[spoken])
    return spoken
