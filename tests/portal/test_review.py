"""What becomes public is looked through for whoever may make it public, and for nobody else: what is found in it are names of residents."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.refusal import Invalid, Unavailable
from huying.database import tables as t
from huying.house.by import By
from huying.publicity.publications import withdraw_consent
from huying.publicity.review import assure_reviewed
from huying.publicity.spots import LONGEST_TEXT
from tests.portal.conftest import PortalTown
from tests.portal.test_api import Program
from tests.portal.test_cases import begun, carried, consented, gone, made_public, publicity, settled, to_consent

__all__ = ["publicity"]

_TRIED = {"public_title": "灯亮了", "public_text": "李明、吴人说，灯亮了。"}


@pytest.mark.parametrize("login", ["stranger", "lighting"])
def test_nobody_learns_a_resident_s_name_by_trying_another_s_task(publicity: PortalTown, login: str) -> None:
    follow_up, _ = begun(publicity, publicity.visitor("clerk"), settled(publicity))
    item = publicity.item(follow_up, publicity.party("clerk"))
    visitor = publicity.visitor(login)
    token = visitor.hidden("/", "/logout")["form_token"]
    page = visitor.http.post(f"/tasks/{follow_up}/{item}/act/ready", data={**_TRIED, "form_token": token})
    program = Program(publicity, login)
    address = f"/api/v1/tasks/{follow_up}/{item}/ready"
    api = program.http.post(address, json={"fields": _TRIED}, headers=program.headers)
    for answer in (page, api):
        assert answer.status_code in (403, 404), answer.text[:500]
        assert "李明" not in answer.text


def test_whose_task_it_is_learns_what_is_left_to_decide(publicity: PortalTown) -> None:
    follow_up, _ = begun(publicity, publicity.visitor("clerk"), settled(publicity))
    item = publicity.item(follow_up, publicity.party("clerk"))
    program = Program(publicity, "clerk")
    address = f"/api/v1/tasks/{follow_up}/{item}/ready"
    refused = program.http.post(address, json={"fields": _TRIED}, headers=program.headers)
    assert refused.status_code == 422
    assert all(name in refused.text for name in ("李明", "吴人"))


def test_what_is_too_long_to_become_public_is_refused_unread(publicity: PortalTown) -> None:
    follow_up, _ = begun(publicity, publicity.visitor("clerk"), settled(publicity))
    with publicity.house.database.reading() as connection:
        query = select(t.issues.c.definition_version_id).where(t.issues.c.id == follow_up)
        asked = publicity.house.processes.process(connection.execute(query).scalar_one()).definition.data
    with pytest.raises(Invalid) as refused:
        assure_reviewed(publicity.house, follow_up, asked, {"public_text": "李明，" + "好" * LONGEST_TEXT})
    assert list(refused.value.errors) == ["public_text"]
    said = refused.value.errors["public_text"]["zh"]
    assert "20,000" in said
    assert "李明" not in said


def test_who_takes_back_their_consent_takes_it_from_what_waits_as_well(publicity: PortalTown) -> None:
    issue = settled(publicity)
    second = to_consent(publicity, issue)
    consented(publicity, second)
    case = made_public(publicity, issue)
    publicity.act(second, "office", "approve")
    reporter = publicity.reporter(issue)
    assert withdraw_consent(publicity.house, issue, reporter, By(reporter, publicity.clock.now)) == 1
    with pytest.raises(Unavailable):
        carried(publicity)
    gone(publicity, case)
    with publicity.house.database.reading() as connection:
        assert list(connection.execute(select(t.publications.c.id)).scalars()) == [case]
    publicity.clock.move(seconds=1)
    # a consent that is given anew counts
    publicity.visitor().see(f"/cases/{made_public(publicity, issue)}")
