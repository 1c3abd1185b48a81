"""Every setting is documented, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from huying.settings import VARIABLES

_REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"


def test_the_reference_lists_exactly_the_settings_that_exist() -> None:
    rows = re.findall(r"^\| `(HUYING_[A-Z0-9_]+)`", _REFERENCE.read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(VARIABLES)
