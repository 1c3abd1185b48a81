"""A stranger verifies an exported issue with the program of the guide and the public key alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from huying.database import tables as t
from huying.errors import NotFound
from huying.evidence.certificates import certificate
from huying.evidence.heads import make_head
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal
from huying.house.by import By
from huying.issues.attachments import attach
from tests.huying.town import PIXEL, Town

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "en" / "evidence.md"

Certified = tuple[dict[str, Any], str]


@pytest.fixture
def certified(town: Town) -> Certified:
    """The certificate of an issue, read again, and the public key."""
    notary = notary_of(town.house.database)
    issue = town.report()
    town.report(kind="roads")
    # small segments: the paths have several steps, and some a leaf without another
    while seal(town.house, notary, town.clock.now, most=3):
        pass
    town.to_departments(issue)
    make_head(town.house, notary, town.clock.now)
    attach(town.house, issue, "现场.png", PIXEL, By(town.people["clerk"], town.clock.now))
    number, _ = town.number_and_code(issue)
    made = certificate(town.house, notary, number)
    assert made.since == 0, "what is not sealed yet is not counted"
    return json.loads(made.written()), notary.public_key


@pytest.fixture
def strange(tmp_path: Path) -> Callable[[dict[str, Any], str], subprocess.CompletedProcess[str]]:
    """Runs the program of the guide, in a folder of its own."""
    (program,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert program.count("\n") <= 60
    (tmp_path / "stranger.py").write_text(program, "utf-8")

    def run(told: dict[str, Any], key: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "certificate.json").write_text(json.dumps(told), "utf-8")
        command = [sys.executable, "-I", "stranger.py", "certificate.json", key]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


Run = Callable[[dict[str, Any], str], subprocess.CompletedProcess[str]]


def test_what_was_recorded_is_proved_with_the_public_key_alone(certified: Certified, strange: Run) -> None:
    told, key = certified
    done = strange(told, key)
    assert done.returncode == 0, done.stderr
    assert "proved: " in done.stdout
    assert "路灯不亮" in done.stdout
    places = [json.loads(one["said"])[0] for one in told["exhibits"]]
    assert places.count("issue.:1") == 1
    assert sum(place.startswith("history.") for place in places) >= 3


def test_whatever_is_changed_in_it_is_found(certified: Certified, strange: Run) -> None:
    told, key = certified

    def changed(**values: Any) -> dict[str, Any]:
        return {**told, **values}

    first, *others = told["exhibits"]
    other_words = {**first, "said": first["said"].replace("路灯不亮", "路灯亮着")}
    body = told["head"]["body"].replace("2026-11-23", "2026-11-20")
    number, segment = next(iter(told["segments"].items()))
    count = {**segment, "said": segment["said"].replace('"count":3', '"count":4')}
    for wrong in (
        changed(exhibits=[other_words, *others]),
        changed(exhibits=[{**first, "key": "0" * 64}, *others]),
        changed(exhibits=[{**first, "path": first["path"][:-1]}, *others]),
        changed(head={**told["head"], "body": body}),
        changed(segments={**told["segments"], number: count}),
    ):
        assert wrong != told
        assert strange(wrong, key).returncode != 0
    assert strange(told, "0" * 64).returncode != 0


def test_there_is_none_before_a_head_and_what_was_changed_since_is_left_out(town: Town) -> None:
    notary = notary_of(town.house.database)
    number, _ = town.number_and_code(town.report())
    with pytest.raises(NotFound):
        certificate(town.house, notary, number)
    with pytest.raises(NotFound):
        certificate(town.house, notary, "XG-2026-99999")
    make_head(town.house, notary, town.clock.now)
    whole = certificate(town.house, notary, number)
    with town.house.database.writing() as connection:
        connection.execute(update(t.issues).values(subject="别的"))
    left = certificate(town.house, notary, number)
    assert len(left.exhibits) == len(whole.exhibits) - 1
