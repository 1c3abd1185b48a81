"""What proves something is sealed soon after it was written, signed every day, and found when it was changed."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, insert, select, update

from huying.database import tables as t
from huying.evidence.due import begin_anew
from huying.evidence.heads import Head, make_head, newest_heads
from huying.evidence.notary import Notary
from huying.evidence.segments import Exemption, exempt, seal, seal_all, waiting
from huying.evidence.verification import verify_evidence
from huying.house.house import House
from tests.huying.evidence.intruder import tampered
from tests.huying.town import Town

NOTARY = Notary(lambda purpose: hashlib.sha256(purpose.encode()).digest())


def found(house: House, *outside: Head) -> list[tuple[str, str]]:
    """What is found: of which kind, and in which table."""
    return [(one.kind, one.table) for one in verify_evidence(house, NOTARY, outside).found]


def test_nothing_is_found_in_a_house_in_which_people_work(town: Town) -> None:
    issue = town.report()
    assert seal_all(town.house, NOTARY, town.clock.now) > 0
    town.to_confirmation(issue)
    assert waiting(town.house) > 0
    assert found(town.house) == []
    assert seal_all(town.house, NOTARY, town.clock.now) > 0
    assert waiting(town.house) == 0
    proved = verify_evidence(town.house, NOTARY)
    assert (proved.found, proved.waiting, proved.head) == ([], 0, None)
    assert proved.rows > 5


def test_a_segment_takes_no_more_than_it_may_and_the_next_goes_on(town: Town) -> None:
    for kind in ("lighting", "roads", "other"):
        town.report(kind=kind)
    while seal(town.house, NOTARY, town.clock.now, most=3):
        pass
    with town.house.database.reading() as connection:
        numbers = connection.execute(select(t.segments.c.id).order_by(t.segments.c.id)).scalars().all()
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert len(numbers) > 2
    assert found(town.house) == []


def test_a_changed_row_is_named_with_when_it_was_otherwise(town: Town) -> None:
    issue = town.report()
    seal_all(town.house, NOTARY, town.clock.now)
    number, _ = town.number_and_code(issue)
    with town.house.database.writing() as connection:
        connection.execute(update(t.issues).values(reporter_id=town.people["stranger"]))
    (one,) = verify_evidence(town.house, NOTARY).found
    assert (one.kind, one.table, one.key) == ("changed", "issue", str(issue))
    assert number in one.said.zh
    assert "2026-11-23" in one.said.zh


def test_an_issue_deleted_whole_is_named_by_its_number(town: Town) -> None:
    issue = town.report()
    seal_all(town.house, NOTARY, town.clock.now)
    number, _ = town.number_and_code(issue)
    with tampered(town.house) as connection:
        for table in (t.history, t.issues):
            connection.execute(delete(table))
    gone = [str(one) for one in verify_evidence(town.house, NOTARY).found if one.kind == "missing"]
    assert any(number in one for one in gone)


def test_what_came_in_by_another_way_is_found(town: Town) -> None:
    town.report()
    seal_all(town.house, NOTARY, town.clock.now)
    with town.house.database.writing() as connection:
        connection.execute(
            t.private_searches.insert(),
            {"participant_id": town.people["clerk"], "at": town.clock.now, "kind": "phone", "said": "138", "found": 1},
        )
        connection.execute(delete(t.evidence_due))
    assert found(town.house) == [("added", "private_search")]


def test_what_is_let_go_by_name_is_no_finding_and_only_the_house_lets_go(town: Town) -> None:
    with town.house.database.writing() as connection:
        deed = {"way": "page", "by_id": town.people["office"], "at": town.clock.now, "why": "李明搬走了"}
        key = connection.execute(insert(t.register_deeds).returning(t.register_deeds.c.id), deed).scalar_one()
    seal_all(town.house, NOTARY, town.clock.now)
    with town.house.database.writing() as connection:
        connection.execute(update(t.register_deeds).values(why=""))
    assert {kind for kind, _ in found(town.house)} == {"changed"}
    with town.house.database.writing() as connection:
        gone = Exemption(of_table="register_deed", keys=[str(key)], why="已删除 erased", aspects=["content"])
        exempt(connection, NOTARY, gone, town.clock.now)
    assert found(town.house) == []
    with town.house.database.writing() as connection:
        connection.execute(update(t.evidence_exemptions).values(row_keys=[str(key), "99"]))
    assert ("exemption", "evidence_exemption") in found(town.house)


def test_a_day_has_one_head_and_each_names_the_one_before(town: Town) -> None:
    town.report()
    first = make_head(town.house, NOTARY, town.clock.now)
    assert first is not None
    assert first.is_sound
    assert make_head(town.house, NOTARY, town.clock.now) is None
    town.clock.move(days=1)
    town.report(kind="roads")
    second = make_head(town.house, NOTARY, town.clock.now)
    assert second is not None
    assert second.told.before == first.digest
    assert [one.head for one in newest_heads(town.house, 5)] == [second, first]
    proved = verify_evidence(town.house, NOTARY, [first, second])
    assert (proved.found, proved.head, proved.anchored) == ([], second.told.day, second.told.day)


def test_whoever_has_the_database_and_the_keys_contradicts_what_was_handed_outside(town: Town) -> None:
    issue = town.report()
    handed = make_head(town.house, NOTARY, town.clock.now)
    assert handed is not None
    with town.house.database.writing() as connection:
        connection.execute(update(t.issues).where(t.issues.c.id == issue).values(subject="另一件事"))
        for table in (t.heads, t.segments, t.evidence_due):
            connection.execute(delete(table))
        begin_anew(connection)
    seal_all(town.house, NOTARY, town.clock.now)
    make_head(town.house, NOTARY, town.clock.now)
    assert found(town.house) == []
    assert ("head", "") in found(town.house, handed)
