"""Who has no address is told by phone, and is no fault; one event brings one message; whoever is told may look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.event import Urge
from engine.refusal import NotAllowed, TooSoon
from huying.access.viewer import Look
from huying.database import tables as t
from huying.delivery.sender import send_pending
from huying.effects.carriers import carry
from huying.errors import NotFound
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.deeds import act, comment, happen
from huying.issues.views.issue import issue_view
from huying.issues.views.possible import possible_view
from huying.messages.phone_list import phone_list, was_told
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from notifications import Transports, mail_server
from tests.huying.town import DEFINITION, Town, sqlite_town

#: A mail server that nobody is to be asked for.
NO_SERVER = Transports(mail=mail_server("smtp+plain://127.0.0.1:9", "house@example.org"))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = sqlite_town(tmp_path)
    yield made
    made.house.database.close()


def _tell(town: Town) -> None:
    for errand in claim_effects(town.house, town.clock.now):
        carry(town.house, errand, town.clock.now)


def _send(town: Town) -> None:
    _tell(town)
    send_pending(town.house, NO_SERVER, "http://portal", town.clock.now)


def _count(town: Town, table: str) -> int:
    with town.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(getattr(t, table))).scalar_one())


def _written(town: Town, login: str | int) -> list[tuple[str, str]]:
    person = town.people[login] if isinstance(login, str) else login
    query = select(t.deliveries.c.occasion, t.deliveries.c.text).where(t.deliveries.c.participant_id == person)
    with town.house.database.reading() as connection:
        return [(row.occasion, row.text) for row in connection.execute(query.order_by(t.deliveries.c.id))]


def test_who_left_only_a_phone_is_no_fault_and_stands_on_the_list_of_their_station(town: Town) -> None:
    issue = town.report()
    _send(town)
    assert _count(town, "incidents") == 0
    (call,) = phone_list(town.house, town.people["clerk"], "zh")
    assert (call.name, call.phone, call.issue_id, call.count) == ("李明", "13800000000", issue, 1)
    assert "/t/" not in call.words
    town.act(issue, "clerk", "accept")
    _send(town)
    (call,) = phone_list(town.house, town.people["clerk"], "zh")
    assert call.count == 2, "one line, whatever waits about it"
    assert phone_list(town.house, town.people["far-clerk"], "zh") == ()
    assert len(phone_list(town.house, town.people["office"], "zh")) == 1
    with pytest.raises(NotAllowed):
        phone_list(town.house, town.people["deputy"], "zh")


def test_once_somebody_has_told_them_nobody_calls_again(town: Town) -> None:
    issue = town.report()
    _send(town)
    clerk = By(town.people["clerk"], town.clock.now)
    with pytest.raises(NotFound):
        was_told(town.house, issue, town.reporter(issue), By(town.people["far-clerk"], town.clock.now))
    was_told(town.house, issue, town.reporter(issue), clerk)
    assert phone_list(town.house, town.people["clerk"], "zh") == ()
    with pytest.raises(NotFound):
        was_told(town.house, issue, town.reporter(issue), clerk)


def test_one_event_brings_each_person_one_message_and_nothing_said_is_lost(town: Town) -> None:
    said = "tell: [deputy, reporter, {to: reporter, say: {zh: 请保持电话畅通。, en: Please keep your phone on.}}]"
    publish(
        town.house, DEFINITION.replace("tell: [deputy, reporter]", said), "again.yaml", Imprint("test", town.clock.now)
    )
    issue = town.report()
    _tell(town)
    town.act(issue, "clerk", "accept")
    _tell(town)
    told = _written(town, town.reporter(issue))
    assert [occasion for occasion, _ in told] == ["opened", "informed"]
    assert "请保持电话畅通。" in told[-1][1]


def test_a_remark_after_the_end_is_told_to_whoever_answers_for_it_and_to_the_station(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    reporter = town.reporter(issue)
    town_item = town.item(issue, f"participant:{reporter}")
    act(town.house, issue, town_item, "satisfied", {"stars": 5}, By(reporter, town.clock.now))
    _tell(town)
    comment(town.house, issue, "昨晚又灭了。", By(reporter, town.clock.now), public=True)
    _tell(town)
    for login in ("deputy", "clerk", "clerk2"):
        occasion, text = _written(town, login)[-1]
        assert occasion == "commented", login
        assert "昨晚又灭了" in text
    assert _written(town, "lighting")[-1][0] != "commented"


def test_whoever_was_told_can_open_what_the_message_is_about(town: Town) -> None:
    text = (
        DEFINITION.replace("tell: [deputy, reporter]", "tell: [far]")
        .replace(
            "roles:\n",
            "roles:\n  far: {title: {zh: 知情人, en: In the know}, members of: office}\n  ear: {title: {zh: 主办部门, en: Ear}, departments: ear}\n",
            1,
        )
        .replace("fields:\n", "fields:\n  ear: {type: department, title: {zh: 告知单位, en: Told}}\n", 1)
        .replace("tell: [far]", "tell: [far, ear]")
    )
    publish(town.house, text, "again.yaml", Imprint("test", town.clock.now))
    issue = town.report(ear=town.departments["gd"])
    look = Look(town.people["power"], "zh", town.clock.now)
    with pytest.raises(NotFound):
        issue_view(town.house, issue, look)
    town.act(issue, "clerk", "accept")
    _tell(town)
    seen = issue_view(town.house, issue, look)
    assert seen.subject == "路灯不亮"
    assert seen.reporter is None
    assert "光明路" not in str(seen.values), "what is private stays with those who work on it"


def test_who_has_urged_is_told_when_they_can_again(town: Town) -> None:
    issue = town.report()
    reporter = town.reporter(issue)

    def possible() -> tuple[bool, str]:
        seen = possible_view(town.house, issue, Look(reporter, "zh", town.clock.now))
        return "urge" in seen.takings, seen.urge_again

    assert possible() == (True, "")
    happen(town.house, issue, Urge("快"), By(reporter, town.clock.now))
    assert possible() == (False, "11月25日（周三）")
    with pytest.raises(TooSoon):
        happen(town.house, issue, Urge("快"), By(reporter, town.clock.now))
    town.clock.move(days=2)
    assert possible() == (True, "")
