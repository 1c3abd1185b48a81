"""Heads are handed outside by every way that was named, and compared with what comes back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete

from huying.database import tables as t
from huying.evidence.anchors import AnchorPlan, NoHeads, hand_over, outside_heads, unhanded
from huying.evidence.heads import make_head, newest_heads
from huying.evidence.notary import notary_of
from huying.evidence.verification import verify_evidence
from notifications import Mailbox, Transports, read_mails
from tests.huying.town import Town, sqlite_town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """What is handed outside does not ask which database it comes from."""
    town = sqlite_town(tmp_path)
    town.report()
    make_head(town.house, notary_of(town.house.database), town.clock.now)
    return town


def ways(tmp_path: Path) -> Transports:
    return Transports(mail=Mailbox(tmp_path / "mails"))


def test_each_way_gets_each_head_once(town: Town, tmp_path: Path) -> None:
    plan = AnchorPlan(("archive@city.example",), tmp_path / "heads")
    assert len(unhanded(town.house, plan)) == 1
    assert hand_over(town.house, plan, ways(tmp_path), town.clock.now).done == 2
    assert hand_over(town.house, plan, ways(tmp_path), town.clock.now).done == 0
    assert unhanded(town.house, plan) == []
    (mail,) = read_mails(tmp_path / "mails")
    (file,) = (tmp_path / "heads").iterdir()
    (stored,) = newest_heads(town.house, 9)
    assert file.name == "2026-11-23.json"
    assert json.loads(file.read_text("utf-8"))["body"] == stored.head.body
    assert stored.head.signature in mail.text
    assert set(stored.handed) == {"mail archive@city.example", f"folder {tmp_path / 'heads'}"}


def test_what_could_not_be_handed_out_is_said_and_tried_again(town: Town, tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("in the way")
    plan = AnchorPlan(folder=tmp_path / "heads")
    out = hand_over(town.house, plan, ways(tmp_path), town.clock.now)
    assert (out.done, len(out.failed)) == (0, 1)
    (tmp_path / "heads").unlink()
    assert hand_over(town.house, plan, ways(tmp_path), town.clock.now).done == 1


def test_a_head_that_lies_outside_is_never_written_over(town: Town, tmp_path: Path) -> None:
    plan = AnchorPlan(folder=tmp_path / "heads")
    hand_over(town.house, plan, ways(tmp_path), town.clock.now)
    with town.house.database.writing() as connection:
        connection.execute(delete(t.heads))
    town.report(kind="roads")
    make_head(town.house, notary_of(town.house.database), town.clock.now)
    out = hand_over(town.house, plan, ways(tmp_path), town.clock.now)
    assert (out.done, len(out.failed)) == (0, 1)
    found = verify_evidence(town.house, notary_of(town.house.database), outside_heads(str(tmp_path / "heads"))).found
    assert [one.kind for one in found] == ["head"]


def test_heads_that_come_back_are_compared(town: Town, tmp_path: Path) -> None:
    hand_over(town.house, AnchorPlan(folder=tmp_path / "heads"), ways(tmp_path), town.clock.now)
    heads = outside_heads(str(tmp_path / "heads"))
    assert [one.told.day for one in heads] == [date(2026, 11, 23)]
    assert verify_evidence(town.house, notary_of(town.house.database), heads).anchored == date(2026, 11, 23)


def test_what_is_no_head_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(NoHeads):
        outside_heads(str(tmp_path))
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(NoHeads):
        outside_heads(str(tmp_path))
    with pytest.raises(NoHeads):
        outside_heads(str(tmp_path / "none"))
