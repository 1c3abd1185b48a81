"""The signed heads of the days are public, to the byte as they were signed."""

from __future__ import annotations

import json
from html import unescape
from xml.etree import ElementTree

from huying.evidence.heads import Head, make_head, read_head
from huying.evidence.notary import notary_of
from huying.evidence.verification import verify_evidence
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain


def _signed(town: PortalTown) -> Head:
    head = make_head(town.house, notary_of(town.house.database), town.clock.now)
    assert head is not None
    return head


def test_before_the_first_day_everybody_reads_that_there_is_none(town: PortalTown) -> None:
    page = plain(town.visitor().see("/heads"))
    assert "还没有每日签名" in page
    assert notary_of(town.house.database).public_key in page


def test_everybody_sees_what_was_signed_and_compares_it(town: PortalTown) -> None:
    head = _signed(town)
    page = plain(town.visitor().see("/heads"))
    assert head.told.root in page
    told = json.loads(town.visitor().see("/heads.json"))
    heads = [read_head(json.dumps(one)) for one in told["heads"]]
    assert heads == [head]
    assert verify_evidence(town.house, notary_of(town.house.database), heads).anchored == head.told.day


def test_the_feed_holds_each_head_whole(town: PortalTown) -> None:
    head = _signed(town)
    feed = ElementTree.fromstring(town.visitor().see("/heads.xml"))
    atom = "{http://www.w3.org/2005/Atom}"
    (content,) = [one.text or "" for one in feed.iter(f"{atom}content")]
    assert read_head(unescape(content)) == head
