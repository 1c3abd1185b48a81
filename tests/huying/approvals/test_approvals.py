"""Approving carries out what was proposed, in one transaction: whatever happens between, all of it is true or nothing."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, insert, select

from definitions.loader import LIBRARY
from engine.refusal import Unavailable
from huying.approvals.kinds import KINDS, grant_body, migrate_body, paper_body
from huying.approvals.proposals import NewProposal, approve, propose, refuse
from huying.approvals.view import proposal_view
from huying.database import tables as t
from huying.database.connections import Database
from huying.database.day import HOUSE_ZONE
from huying.errors import AlreadyDone
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.kept import put
from huying.migrations.plans import prepare
from huying.papers.publication import PaperEdition
from huying.papers.stock import shipped_source
from huying.privacy.erasures import propose_for
from huying.processes.overrides import publish_override
from huying.processes.publication import publish
from huying.rights.four_eyes import keep_rule, rule_of
from huying.rights.grants import NewGrant, end_grant, give, give_grant
from huying.rights.refusal import Unentitled
from huying.rights.scope import HOUSE
from tests.huying.papers.written import template
from tests.huying.town import DEFINITION, MORNING, Census, Town, administrator, town_in

LONGER = DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)
LOCAL = """
override: street-matters
for: {station: XG}
steps:
  study: {within: 4 working days}
"""
SCORES = (LIBRARY / "scores" / "deputy-year.yaml").read_text("utf-8")
SECOND = 7


@pytest.fixture
def town(copied: tuple[Database, Census], tmp_path: Path) -> Town:
    """A town with three administrators, on each kind of database."""
    made = town_in(copied, tmp_path)
    for login, name in (("admin", "冯硕"), ("second", "温如玉"), ("third", "顾长林")):
        made.people[login] = administrator(made.house, name, login)
    return made


@dataclass(frozen=True)
class Case:
    """Something that is proposed, and how much of it is done."""

    kind: str
    body: Callable[[Town], dict[str, Any]]
    done: Callable[[Connection], Any]


def _count(table: Any, *which: Any) -> Callable[[Connection], int]:
    return lambda connection: connection.execute(select(func.count()).select_from(table).where(*which)).scalar_one()


def _wish(town: Town) -> NewGrant:
    return NewGrant(town.people["clerk"], "publisher", HOUSE, MORNING.astimezone(HOUSE_ZONE).date(), None, "接替")


def _template(town: Town) -> PaperEdition:
    kept = put(town.house.store, "x.docx", template("{{ number }}"))
    return PaperEdition("handover", "zh", shipped_source("handover"), kept.digest, 0)


_CASES = (
    Case(
        "close-file",
        lambda town: {"person": town.people["deputy"], "year": 2026},
        _count(t.file_deeds, t.file_deeds.c.what == "closed"),
    ),
    Case(
        "publish",
        lambda _: {"key": "street-matters", "newest": 1, "source": LONGER, "note": "", "from": None, "report": {}},
        _count(t.definition_versions),
    ),
    Case(
        "back",
        lambda _: {"key": "street-matters", "number": 1, "newest": 1, "reason": "退回"},
        _count(t.definition_versions),
    ),
    Case(
        "withdraw",
        lambda _: {"key": "street-matters", "number": 1, "reason": "写错"},
        _count(t.definition_versions, t.definition_versions.c.withdrawn_at.is_not(None)),
    ),
    Case(
        "connect",
        lambda _: {"key": "registry", "url": "https://registry.example/x", "secret": "known", "seconds": None},
        _count(t.connections),
    ),
    Case(
        "subscribe",
        lambda _: {
            "name": "热线",
            "url": "https://93.184.216.34/x",
            "definitions": [],
            "happenings": [],
            "station": None,
            "secret": None,
            "private": False,
        },
        _count(t.event_subscriptions),
    ),
    Case("grant", lambda town: grant_body(_wish(town)), _count(t.grants, t.grants.c.role == "publisher")),
    Case(
        "end",
        lambda town: {"grant": _system_of(town, "third"), "person": town.people["third"], "reason": "调离"},
        _count(t.grants, t.grants.c.ended_at.is_not(None)),
    ),
    Case(
        "override",
        lambda _: {"source": LOCAL, "name": "xg.yaml", "note": "", "newest": None},
        _count(t.definition_overrides),
    ),
    Case(
        "migrate",
        lambda town: migrate_body(prepare(town.house, "street-matters", 1, 1), "试"),
        _count(t.process_migrations),
    ),
    Case("score", lambda _: {"source": SCORES, "note": "", "newest": 0}, _count(t.score_versions)),
    Case("rule", lambda _: {"rule": "wait"}, rule_of),
    Case(
        "erase",
        lambda town: {"erasure": _erasure_of_somebody(town)},
        _count(t.erasures, t.erasures.c.state == "approved"),
    ),
    Case("paper", lambda town: paper_body(_template(town), "加区名"), _count(t.paper_templates)),
)


def _erasure_of_somebody(town: Town) -> int:
    day = MORNING.astimezone(HOUSE_ZONE).date()
    resident = {"name": "李明", "kind": "citizen", "created_at": MORNING}
    with town.house.database.writing() as connection:
        for login in ("admin", "second", "third"):
            give(connection, NewGrant(town.people[login], "privacy", HOUSE, day, None, "试"), MORNING, None)
        person = connection.execute(insert(t.participants).returning(t.participants.c.id), resident).scalar_one()
    return propose_for(town.house, person, "申请", _by(town, "admin"))


def _system_of(town: Town, login: str) -> int:
    which = t.grants.c.participant_id == town.people[login], t.grants.c.role == "system"
    return int(_read(town, lambda c: c.execute(select(t.grants.c.id).where(*which)).scalar_one()))


def _by(town: Town, login: str) -> By:
    return By(town.people[login], town.clock.now)


_PUBLISH = next(one for one in _CASES if one.kind == "publish")


def _proposed(town: Town, case: Case, login: str = "admin") -> int:
    return propose(town.house, NewProposal(case.kind, case.body(town), "试"), _by(town, login))


def _read(town: Town, ask: Callable[[Connection], Any]) -> Any:
    with town.house.database.reading() as connection:
        return ask(connection)


def _row(town: Town, number: int) -> Any:
    return _read(town, lambda c: c.execute(select(t.proposals).where(t.proposals.c.id == number)).one())


def _told(town: Town, occasion: str) -> list[int]:
    query = select(t.deliveries.c.participant_id).where(t.deliveries.c.occasion == occasion)
    return list(_read(town, lambda c: c.execute(query).scalars().all()))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.kind)
def test_a_process_killed_anywhere_leaves_it_open_and_undone_or_approved_and_done(town: Town, case: Case) -> None:
    number = _proposed(town, case)
    before = _read(town, case.done)
    for point in range(1, 100):
        status = _approved_and_killed(town, number, point)
        row, done, told = _row(town, number), _read(town, case.done), _told(town, "proposal-decided")
        if row.state == "open":
            assert status == -signal.SIGKILL
            assert (done, told) == (before, [])
            continue
        assert row.state == "approved"
        assert done != before
        assert told == [town.people["admin"]]
        # the first time it was killed after all was written; then nothing is done a second time
        assert status == -signal.SIGKILL
        with pytest.raises(AlreadyDone):
            approve(town.house, number, "", _by(town, "third"))
        assert _read(town, case.done) == done
        assert point > 4, "there were points between"
        return
    pytest.fail("it was never carried out")


def test_every_kind_that_writes_is_killed_once() -> None:
    assert {case.kind for case in _CASES} == KINDS.keys() - {"disconnect", "revert"}


def test_two_processes_at_once_carry_it_out_once(town: Town) -> None:
    case = next(one for one in _CASES if one.kind == "grant")
    for _ in range(5):
        number = _proposed(town, case)
        before = _read(town, case.done)
        ready, go = os.pipe(), os.pipe()
        children = [_child(town, number, login, ready[1], go) for login in ("second", "third")]
        for _ in children:
            os.read(ready[0], 1)
        os.write(go[1], b"xx")
        ended = sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
        for end in (*ready, *go):
            os.close(end)
        assert ended == [0, SECOND]
        assert _read(town, case.done) == before + 1
        _end_grants(town)


def _end_grants(town: Town) -> None:
    with town.house.database.writing() as connection:
        connection.execute(t.grants.update().where(t.grants.c.role == "publisher").values(ended_at=town.clock.now))


def test_what_was_published_meanwhile_cannot_be_published_over(town: Town) -> None:
    first = _proposed(town, _PUBLISH)
    publish(town.house, DEFINITION.replace("街道诉求办理", "街道事项"), "x.yaml", Imprint("别人", MORNING))
    assert not approve(town.house, first, "看过", _by(town, "second"))
    _is_failed(town, first, "已发布第 2 版", "Version 2")
    assert town.house.processes.newest("street-matters").version == 2


def test_a_grant_that_is_no_longer_possible_ends_as_not_carried_out(town: Town) -> None:
    number = _proposed(town, next(one for one in _CASES if one.kind == "grant"))
    with town.house.database.writing() as connection:
        give(connection, _wish(town), MORNING, town.people["admin"])
    assert not approve(town.house, number, "", _by(town, "second"))
    _is_failed(town, number, "已有此权限", "holds this role")


def test_what_came_into_force_too_late_ends_as_not_carried_out(town: Town) -> None:
    begins = MORNING + timedelta(hours=1)
    body = {**_PUBLISH.body(town), "from": begins.isoformat()}
    number = propose(town.house, NewProposal("publish", body, "试"), _by(town, "admin"))
    town.clock.now += timedelta(hours=2)
    assert not approve(town.house, number, "", _by(town, "second"))
    _is_failed(town, number, "生效时间已经过去", "is over")


def _is_failed(town: Town, number: int, zh: str, en: str) -> None:
    """Both see why, and the proposer is told."""
    assert _row(town, number).state == "failed"
    for login, language, words in (("admin", "zh", zh), ("second", "en", en)):
        assert words in proposal_view(town.house, number, _by(town, login), language).failure
    query = select(t.deliveries.c.text).where(t.deliveries.c.occasion == "proposal-decided")
    (text,) = _read(town, lambda c: c.execute(query).scalars().all())
    assert "未能执行" in text
    assert zh in text
    with pytest.raises(AlreadyDone):
        approve(town.house, number, "", _by(town, "third"))


def test_an_override_of_the_same_scope_that_came_between_is_not_laid_over(town: Town) -> None:
    number = _proposed(town, next(one for one in _CASES if one.kind == "override"))
    publish_override(town.house, LOCAL.replace("4 working", "6 working"), "x.yaml", by="别人", now=MORNING)
    assert not approve(town.house, number, "", _by(town, "second"))
    _is_failed(town, number, "已另行发布", "Another override")


def test_whoever_would_lose_a_right_does_not_decide_about_it(town: Town) -> None:
    number = _proposed(town, next(one for one in _CASES if one.kind == "end"))
    for decide in (approve, refuse):
        with pytest.raises(Unavailable, match="concerns you"):
            decide(town.house, number, "不同意", _by(town, "third"))
    assert approve(town.house, number, "", _by(town, "second"))
    another = _proposed(town, next(one for one in _CASES if one.kind == "connect"))
    with pytest.raises(Unentitled):
        approve(town.house, another, "", _by(town, "third"))


def test_guarded_grants_are_neither_given_nor_ended_by_one_whichever_way_they_come(town: Town) -> None:
    by = _by(town, "admin")
    with town.house.database.writing() as connection:
        keep_rule(connection, "on", by)
    with pytest.raises(Unavailable, match="takes two"):
        give_grant(town.house, _wish(town), by)
    with pytest.raises(Unavailable, match="takes two"):
        end_grant(town.house, _system_of(town, "third"), "调离", by)
    assert _read(town, _count(t.grants, t.grants.c.ended_at.is_not(None))) == 0


def test_what_breaks_for_another_reason_leaves_it_open(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _proposed(town, _PUBLISH)

    def broken(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("huying.approvals.proposals.write_notice", broken)
    with pytest.raises(OSError, match="full"):
        approve(town.house, number, "", _by(town, "second"))
    assert _row(town, number).state == "open"
    assert town.house.processes.newest("street-matters").version == 1


def _approved_and_killed(town: Town, number: int, point: int) -> int:
    """Approve in a process of its own that is killed at a point; how it ended."""
    town.house.database.close()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            database = Database(town.house.database.engine.url.render_as_string(hide_password=False))
            _killed_at(database, point)
            approve(House(database, town.house.files), number, "", _by(town, "second"))
            # nothing was left to be killed at: after all was done
            os.kill(os.getpid(), signal.SIGKILL)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _killed_at(database: Database, point: int) -> None:
    """Count what is about to be asked of the database, and what was just committed; die at the one of this number."""
    passed = iter(range(1, point))

    def reach(*_: Any, **__: Any) -> None:
        if next(passed, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", reach)
    event.listen(database.engine, "commit", reach)
    dialect: Any = database.engine.dialect
    commit = dialect.do_commit

    def committed(connection: Any) -> None:
        commit(connection)
        reach()

    dialect.do_commit = committed


def _child(town: Town, number: int, login: str, ready: int, go: tuple[int, int]) -> int:
    """A process that approves as soon as it is told to; 0 if it did, ``SECOND`` if somebody else had."""
    town.house.database.close()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        house = House(Database(town.house.database.engine.url.render_as_string(hide_password=False)), Path())
        os.write(ready, b"x")
        os.read(go[0], 1)
        approve(house, number, "", _by(town, login))
        status = 0
    except AlreadyDone:
        status = SECOND
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
