"""A number that somebody wrote into the subject leaves the house unreadable, and they are told before they send it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from flows.view.card import run_name
from flows.view.issue_card import issue_card
from huying.database import tables as t
from huying.effects.carriers import carry
from huying.outbox.claims import claim_effects
from tests.attacks.conftest import GuardedTown
from tests.huying.town import PASSPHRASE
from tests.portal.visitor import plain

PHONE = "13812345678"
FIELDS = {"field.kind": "lighting", "station": "XG", "field.subject": f"路灯坏了，打{PHONE}"}


def test_a_run_and_the_subject_of_a_mail_show_no_number(town: GuardedTown) -> None:
    issue = town.report(subject=f"路灯坏了，打{PHONE}")
    assert PHONE not in run_name(issue_card(town.house, issue, "http://x.example", town.clock()))
    for errand in claim_effects(town.house, town.clock.now):
        carry(town.house, errand, town.clock.now)
    with town.house.database.reading() as connection:
        subjects = connection.execute(select(t.deliveries.c.subject)).scalars().all()
    assert subjects
    assert not [one for one in subjects if PHONE in one]


def test_whoever_writes_a_number_is_told_once_and_sends_it_all_the_same_if_it_must_be(town: GuardedTown) -> None:
    guest = town.stranger()
    page = "/report/street-matters"

    def sent(values: dict[str, str]) -> Any:
        return guest.http.post(page, data={**guest.hidden(page, page), **values}, follow_redirects=False)

    first = sent(FIELDS)
    assert first.status_code == 422
    assert "这里写了手机号" in plain(first.text)
    told = first.text.split('name="told" value="')[1].split('"')[0]
    other = sent({**FIELDS, "told": told, "field.subject": "路灯坏了，打13912345678"})
    assert other.status_code == 422, "another number is looked at again"
    assert sent({**FIELDS, "told": told}).status_code == 303


def test_whoever_works_on_an_issue_is_told_too(town: GuardedTown) -> None:
    issue = town.report()
    item = town.item(issue, town.party("clerk"))
    clerk = town.stranger()
    clerk.guess("clerk", PASSPHRASE)
    page, act = f"/tasks/{issue}/{item}", f"/tasks/{issue}/{item}/act/decline"
    reason = {"field.reason": f"已致电{PHONE}"}
    first = clerk.http.post(act, data={**clerk.hidden(page, act), **reason})
    assert first.status_code == 422
    assert "这里写了手机号" in plain(first.text)
    told = first.text.split('name="told" value="')[1].split('"')[0]
    again = clerk.http.post(act, data={**clerk.hidden(page, act), **reason, "told": told}, follow_redirects=False)
    assert again.status_code == 303


def test_the_desk_is_told_too(town: GuardedTown) -> None:
    clerk = town.stranger()
    clerk.guess("clerk", PASSPHRASE)
    told = {"process": "street-matters", "station": "XG", "channel": "phone", "name": "李明", "phone": PHONE}
    written = {**told, "field.subject": f"回电{PHONE}", "field.kind": "lighting"}
    first = clerk.http.post("/intake", data={**clerk.hidden("/intake", "/intake"), **written})
    assert first.status_code == 422
    mark = first.text.split('name="told" value="')[1].split('"')[0]
    sent = {**clerk.hidden("/intake", "/intake"), **written, "told": mark}
    assert clerk.http.post("/intake", data=sent, follow_redirects=False).status_code == 303
