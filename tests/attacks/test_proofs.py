"""What the page on security names as its proofs exists, and both languages name the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _proofs(language: str) -> list[str]:
    text = (ROOT / "docs" / language / "security.md").read_text("utf-8")
    return re.findall(r"`(tests/[\w/]+\.py::\w+)`", text)


@pytest.mark.parametrize("proof", _proofs("en"))
def test_the_test_that_proves_it_exists(proof: str) -> None:
    path, name = proof.split("::")
    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), proof


def test_both_languages_name_the_same_proofs() -> None:
    assert _proofs("zh") == _proofs("en")
    assert len(_proofs("en")) > 25
