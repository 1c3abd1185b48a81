"""Time stamps over heads, by an authority outside that speaks RFC 3161, checked with openssl alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from huying.database import tables as t
from huying.evidence.anchors import AnchorPlan, hand_over, unhanded
from huying.evidence.heads import make_head, newest_heads
from huying.evidence.notary import notary_of
from huying.evidence.time_stamp import NoStamp, ask, fits, read
from huying.evidence.verification import verify_evidence
from notifications import Mailbox, Transports
from tests.conftest import missing
from tests.huying.evidence.authority import Authority, authority, openssl
from tests.huying.town import Town, sqlite_town


@pytest.fixture(name="tsa")
def _tsa(tmp_path: Path) -> Iterator[Authority]:
    if shutil.which("openssl") is None:
        missing("openssl")
    with authority(tmp_path / "tsa") as made:
        yield made


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town whose day is signed; what is handed outside does not ask which database it comes from."""
    town = sqlite_town(tmp_path)
    town.report()
    make_head(town.house, notary_of(town.house.database), town.clock.now)
    yield town
    town.house.database.close()


def _hand_over(town: Town, tsa: Authority, tmp_path: Path) -> tuple[int, tuple[str, ...]]:
    done = hand_over(town.house, AnchorPlan(tsa=tsa.url), Transports(mail=Mailbox(tmp_path / "m")), town.clock.now)
    return done.done, done.failed


def test_a_head_is_stamped_once_and_openssl_says_that_the_stamp_is_good(
    town: Town, tsa: Authority, tmp_path: Path
) -> None:
    assert _hand_over(town, tsa, tmp_path) == (1, ())
    assert _hand_over(town, tsa, tmp_path) == (0, ())
    assert unhanded(town.house, AnchorPlan(tsa=tsa.url)) == []
    [stored] = newest_heads(town.house, 9)
    assert stored.stamp is not None
    (tmp_path / "day.txt").write_text(stored.head.body, "utf-8")
    (tmp_path / "day.tsr").write_bytes(stored.stamp)
    files = ("-data", str(tmp_path / "day.txt"), "-in", str(tmp_path / "day.tsr"))
    assert "Verification: OK" in openssl("ts", "-verify", *files, "-CAfile", str(tsa.certificate))
    assert verify_evidence(town.house, notary_of(town.house.database)).found == []
    assert len(tsa.asked) == 1


def test_a_stamp_over_something_else_is_not_kept(town: Town, tsa: Authority, tmp_path: Path) -> None:
    tsa.answer = tsa.stamp_of("another text")
    done, (why,) = _hand_over(town, tsa, tmp_path)
    assert done == 0
    assert "不是对这份签名的" in why
    assert newest_heads(town.house, 9)[0].stamp is None


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01\x02", bytes.fromhex("30053003020102")])
def test_a_refusal_or_what_is_no_stamp_is_said(town: Town, tsa: Authority, tmp_path: Path, answer: bytes) -> None:
    tsa.answer = answer
    done, (why,) = _hand_over(town, tsa, tmp_path)
    assert done == 0
    assert "时间戳" in why


def test_an_authority_that_is_away_is_asked_again_later(town: Town, tsa: Authority, tmp_path: Path) -> None:
    away = Authority(tsa.folder, "http://127.0.0.1:9/tsa")
    assert "没有应答" in _hand_over(town, away, tmp_path)[1][0]
    assert _hand_over(town, tsa, tmp_path) == (1, ())


def test_a_stamp_that_was_exchanged_is_found(town: Town, tsa: Authority, tmp_path: Path) -> None:
    _hand_over(town, tsa, tmp_path)
    other = ask(tsa.url, "another text")
    assert fits(other, "another text")
    with town.house.database.writing() as connection:
        connection.execute(update(t.heads).values(stamp=other))
    [found] = verify_evidence(town.house, notary_of(town.house.database)).found
    assert "时间戳" in str(found)


def test_what_a_stamp_says_is_read(tsa: Authority) -> None:
    said = read(ask(tsa.url, "a text"))
    assert said.at.tzinfo is not None
    with pytest.raises(NoStamp):
        read(b"\x30\x00")
