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


#: The requirements of levels 1 and 2 in the chapters on files, authentication, sessions and authorization, of ASVS 5.0.0: section, and how many.
SECTIONS = {
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_requirement_is_missing_and_each_has_a_proof_or_a_reason(language: str) -> None:
    text = (ROOT / "docs" / language / "security.md").read_text("utf-8")
    lines = dict(re.findall(r"^\| (\d+\.\d+\.\d+) \|[^|]+\|([^|]*)\|$", text, re.MULTILINE))
    wanted = {f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)}
    assert wanted - lines.keys() == set()
    assert [number for number, proof in lines.items() if not proof.strip()] == []


#: The computing environment, section 7.1.4 of level 2 of GB/T 22239-2019: its parts, and how many items each has.
LEVEL_TWO = {"1": 3, "2": 4, "3": 3, "4": 5, "5": 0, "6": 0, "7": 0, "8": 2, "9": 0, "10": 2}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_item_of_the_national_standard_is_missing_and_each_has_a_proof_or_who_answers_for_it(language: str) -> None:
    text = (ROOT / "docs" / language / "security.md").read_text("utf-8")
    lines = dict(re.findall(r"^\| (7\.1\.4\.[\d]+(?: [a-e])?) \|[^|]+\|([^|]*)\|$", text, re.MULTILINE))
    letters = {part: [f" {letter}" for letter in "abcde"[:count]] or [""] for part, count in LEVEL_TWO.items()}
    assert lines.keys() == {f"7.1.4.{part}{letter}" for part, found in letters.items() for letter in found}
    assert [number for number, proof in lines.items() if not proof.strip()] == []


def test_both_languages_name_the_same_proofs() -> None:
    assert _proofs("zh") == _proofs("en")
    assert len(_proofs("en")) > 25
