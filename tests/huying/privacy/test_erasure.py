"""Erasing: words go for good wherever they stand, statistics and the proof of the history stay; what is held stays; whoever is killed goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event, insert, select

from engine.refusal import FourEyes, Unavailable
from huying.access.viewer import Look
from huying.approvals.proposals import NewProposal, approve, propose
from huying.database import tables as t
from huying.errors import AlreadyDone
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal
from huying.evidence.verification import verify_evidence
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.attachments import attach
from huying.issues.deeds import act
from huying.issues.verification import verify
from huying.issues.views.issue import issue_view
from huying.privacy.erased_list import ErasedList, ErasedThing
from huying.privacy.erasures import approving, carry_on, drop, erase_again, propose_due, propose_for, waiting
from huying.privacy.holds import HoldWish, place_hold
from huying.processes.publication import publish
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from huying.search.upkeep import every_portion, keep_up
from models import metadata
from tests.huying.town import DEFINITION, MORNING, PIXEL, Town

SECRETS = ("李明", "13800000000", "光明路 8 号", "已经一周了", "灯已更换", "路灯不亮")
UNIQUE = DEFINITION.replace("en: Exact address}, private: true", "en: Exact address}, private: true, unique: true", 1)


@pytest.fixture
def listed(tmp_path: Path) -> ErasedList:
    """Where it is noted what was erased."""
    return ErasedList(tmp_path / "keys" / "erased")


def _by(town: Town, login: str = "office") -> By:
    return By(town.people[login], town.clock.now)


def _closed(town: Town) -> int:
    town.clock.move(minutes=1)
    issue = town.report()
    attach(town.house, issue, "李明的照片.png", PIXEL, By(town.reporter(issue), town.clock.now, "a"))
    town.to_confirmation(issue)
    item = town.item(issue, f"participant:{town.reporter(issue)}")
    act(town.house, issue, item, "satisfied", {"stars": 5}, By(town.reporter(issue), town.clock.now))
    return issue


def _approved(town: Town, number: int) -> None:
    write = approving(town.house, number, "周主任", town.clock.now)
    with town.house.database.writing() as connection:
        write(connection)


def _everything(town: Town) -> str:
    """All that the database says, opened by whoever has the ring."""
    said = []
    with town.house.database.reading() as connection:
        for table in metadata.sorted_tables:
            # texts of the house itself, and of whoever works here
            if table.name in ("definition_version", "definition_draft", "organisation", "evidence_segment"):
                continue
            said += [f"{table.name}: {tuple(row)!r}" for row in connection.execute(select(table))]
    return "\n".join(said)


def _sealed(town: Town) -> None:
    while seal(town.house, notary_of(town.house.database), town.clock.now):
        pass


def _whole(town: Town) -> None:
    assert list(every_portion(town.house)) or keep_up(town.house) == 0
    assert verify(town.house).faults == []
    assert [str(one) for one in verify_evidence(town.house, notary_of(town.house.database)).found] == []


def test_words_go_for_good_and_statistics_and_the_proof_stay(town: Town, listed: ErasedList) -> None:
    issue = _closed(town)
    _sealed(town)
    before = _everything(town)
    assert all(secret in before for secret in SECRETS)
    town.clock.move(days=800)
    number = propose_due(town.house, _by(town))
    assert number is not None
    assert carry_on(town.house, listed, town.clock.now).taken == 0, "nothing before it was approved"
    _approved(town, number)
    assert carry_on(town.house, listed, town.clock.now).erased == 1
    after = _everything(town)
    assert [secret for secret in SECRETS if secret in after] == []
    assert not any(town.house.store.shelf.lying())
    with town.house.database.reading() as connection:
        row = connection.execute(select(t.issues).where(t.issues.c.id == issue)).one()
        person = connection.execute(select(t.participants).where(t.participants.c.id == row.reporter_id)).one()
        done = connection.execute(select(t.erasures)).one()
    assert (row.kind, row.resolution, row.status, row.erased) == ("lighting", "solved", "closed", "personal")
    assert person.erased_at is not None, "with the last of their issues"
    assert done.state == "done"
    _sealed(town)
    _whole(town)
    seen = issue_view(town.house, issue, Look(town.people["clerk"], "zh", town.clock.now))
    assert "已删除" in seen.subject
    assert {"已删除 erased"} <= {value.text for value in seen.values}


def test_what_a_process_registered_of_it_loses_its_words_and_the_proof_stays(town: Town, listed: ErasedList) -> None:
    issue = _closed(town)
    entry = {"key": f"{issue}.9.0.4", "participant_id": 4, "year": 2026, "kind": "issue", "issue_id": issue}
    with town.house.database.writing() as connection:
        connection.execute(insert(t.file_entries), {**entry, "title": {"zh": "协调解决：路灯"}, "at": town.clock.now})
    _sealed(town)
    town.clock.move(days=800)
    number = propose_due(town.house, _by(town))
    assert number is not None
    _approved(town, number)
    carry_on(town.house, listed, town.clock.now)
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.file_entries.c.title)).scalar_one() == {}
    _whole(town)


def test_it_is_noted_whatever_was_erased_and_by_which_approval(town: Town, listed: ErasedList) -> None:
    issue = _closed(town)
    town.clock.move(days=800)
    _approved(town, propose_due(town.house, _by(town)) or 0)
    carry_on(town.house, listed, town.clock.now)
    with town.house.database.reading() as connection:
        noted = select(t.audit.c.object).where(t.audit.c.what == "data-erased").order_by(t.audit.c.seq)
        objects = list(connection.execute(noted).scalars())
    assert f"issue:{issue}" in objects
    assert ErasedThing("issue", issue, "personal") in listed.read()


def test_what_is_held_meanwhile_or_taken_up_again_is_kept_and_why(town: Town, listed: ErasedList) -> None:
    held = _closed(town)
    town.clock.move(days=800)
    number = propose_due(town.house, _by(town)) or 0
    place_hold(town.house, HoldWish(town.number_and_code(held)[0], "suit", "诉讼"), _by(town))
    _approved(town, number)
    assert carry_on(town.house, listed, town.clock.now).erased == 0
    with town.house.database.reading() as connection:
        part = connection.execute(select(t.erasure_parts)).one()
    assert (part.state, part.why) == ("kept", "held")
    assert "李明" in _everything(town)
    assert listed.read() == ()


def test_what_was_dropped_is_not_erased_and_can_be_proposed_again(town: Town, listed: ErasedList) -> None:
    _closed(town)
    town.clock.move(days=800)
    number = propose_due(town.house, _by(town)) or 0
    assert propose_due(town.house, _by(town)) is None, "what is proposed is not proposed twice"
    drop(town.house, number, _by(town))
    with pytest.raises(AlreadyDone):
        _approved(town, number)
    assert waiting(town.house) == 0
    assert propose_due(town.house, _by(town)) is not None


def test_somebody_is_erased_on_request_with_all_that_they_reported(town: Town, listed: ErasedList) -> None:
    issue = _closed(town)
    person = town.reporter(issue)
    with town.house.database.writing() as connection:
        row = {"participant_id": person, "channel": "mail", "target": "li@ming.example"}
        connection.execute(insert(t.addresses), row)
    _approved(town, propose_for(town.house, person, "申请 1", _by(town)))
    assert carry_on(town.house, listed, town.clock.now).erased >= 1
    after = _everything(town)
    assert [secret for secret in (*SECRETS, "li@ming.example") if secret in after] == []
    _sealed(town)
    _whole(town)


@pytest.mark.parametrize("login", ["clerk", "deputy"])
def test_whoever_serves_here_is_not_erased(town: Town, login: str) -> None:
    with pytest.raises(Unavailable):
        propose_for(town.house, town.people[login], "x", _by(town))


def test_with_an_open_issue_nobody_is_erased(town: Town) -> None:
    with pytest.raises(Unavailable):
        propose_for(town.house, town.reporter(town.report()), "x", _by(town))


def test_where_the_office_wants_two_a_second_person_approves(town: Town, listed: ErasedList) -> None:
    _closed(town)
    town.clock.move(days=800)
    for login in ("office", "clerk"):
        day = town.house.day_of(town.clock.now)
        with town.house.database.writing() as connection:
            give(connection, NewGrant(town.people[login], "privacy", HOUSE, day, None, "x"), town.clock.now, None)
    number = propose_due(town.house, _by(town)) or 0
    asked = propose(town.house, NewProposal("erase", {"erasure": number}, "1"), _by(town))
    with pytest.raises(FourEyes):
        approve(town.house, asked, "", _by(town))
    assert approve(town.house, asked, "", _by(town, "clerk"))
    assert carry_on(town.house, listed, town.clock.now).erased == 1
    with town.house.database.reading() as connection:
        assert "周主任（陈晓批准）" in connection.execute(select(t.erasures.c.approved_by)).scalar_one()


def test_a_value_that_stood_once_is_free_again(town: Town, listed: ErasedList) -> None:
    publish(town.house, UNIQUE, "street-matters.yaml", Imprint("test", MORNING))
    _closed(town)
    town.clock.move(days=800)
    _approved(town, propose_due(town.house, _by(town)) or 0)
    carry_on(town.house, listed, town.clock.now)
    assert verify(town.house).faults == []


def test_whoever_is_killed_between_leaves_each_issue_whole_or_erased(town: Town, listed: ErasedList) -> None:
    first, second, third = _closed(town), _closed(town), _closed(town)
    town.clock.move(days=800)
    _approved(town, propose_due(town.house, _by(town)) or 0)
    engine, writes = town.house.database.engine, iter(range(10_000))

    def cut(*_: object) -> None:
        if next(writes) == 40:
            raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", cut)
    with pytest.raises(KeyboardInterrupt):
        carry_on(town.house, listed, town.clock.now)
    event.remove(engine, "before_cursor_execute", cut)
    assert waiting(town.house) > 0
    while waiting(town.house):
        carry_on(town.house, listed, town.clock.now)
    after = _everything(town)
    assert [secret for secret in SECRETS if secret in after] == []
    with town.house.database.reading() as connection:
        assert set(connection.execute(select(t.issues.c.erased)).scalars()) == {"personal"}
    assert {one.number for one in listed.read() if one.of == "issue"} == {first, second, third}
    _sealed(town)
    _whole(town)


def test_what_the_list_names_is_erased_again_in_a_house_that_still_has_it(town: Town, listed: ErasedList) -> None:
    issue = _closed(town)
    listed.add([ErasedThing("issue", issue, "personal"), ErasedThing("issue", 99, "file")], town.clock.now)
    # a line that was cut off while it was written
    with listed.file.open("a") as file:
        file.write("2026-11-23T01:30:00+00:00 issue")
    assert erase_again(town.house, listed, town.clock.now) == 1
    assert "光明路 8 号" not in _everything(town)
    assert erase_again(town.house, listed, town.clock.now) == 0
    assert verify(town.house).faults == []
