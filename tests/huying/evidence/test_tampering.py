"""Whoever writes into the house past it is found out, with the place, whatever they do; and what the house does itself is no finding."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, type_coerce, update

from huying.audit.record import AuditNote, note
from huying.audit.retention import remove_old
from huying.database import tables as t
from huying.database.connections import Database
from huying.evidence.alteration import Alteration
from huying.evidence.due import begin_anew
from huying.evidence.files import verify_files
from huying.evidence.heads import Head, make_head, newest_heads
from huying.evidence.notary import Notary, notary_of
from huying.evidence.segments import Exemption, exempt, exempting, seal_all, seal_in
from huying.evidence.verification import verify_evidence
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.house.rotation import rotate
from huying.issues.attachments import attach
from huying.issues.store import FIRST_HASH, entry_hash
from huying.issues.verification import verify
from huying.keys.ring import Ring
from huying.migrations.batches import begin, carry_on, revert, tally
from huying.migrations.plans import prepare
from huying.processes.publication import publish
from huying.register.workbook.extraction import extracted
from huying.register.workbook.imports import offer, write
from huying.register.workbook.undo import undo_import
from models import metadata
from models.base import Json
from tests.huying.evidence.intruder import tampered
from tests.huying.register.workbook.sheets import book_of
from tests.huying.town import DEFINITION, MORNING, PIXEL, Census, Town, administrator, sqlite_town, town_in

DAY = timedelta(days=1)


class Lived(NamedTuple):
    """A town in which something of everything has happened, and its heads so far."""

    town: Town
    issue: int
    other: int
    heads: list[Head]


def live(town: Town) -> tuple[int, int]:
    """Let something of everything happen in a town; two of its issues."""
    issue = town.report()
    attach(town.house, issue, "现场.png", PIXEL, By(town.people["clerk"], town.clock.now))
    town.to_departments(issue)
    with town.house.database.writing() as connection:
        _write_the_rest(connection, town, issue)
    make_head(town.house, notary_of(town.house.database), town.clock.now)
    town.clock.move(days=1)
    other = town.report(kind="roads", subject="路面有坑")
    with town.house.database.writing() as connection:
        note(connection, AuditNote(what="signed-out", by=town.people["clerk"], at=town.clock.now))
    make_head(town.house, notary_of(town.house.database), town.clock.now)
    return issue, other


def _write_the_rest(connection: Connection, town: Town, issue: int) -> None:
    """Rows of the tables to which a short life does not come."""
    clerk, now = town.people["clerk"], town.clock.now
    deed = {"way": "page", "by_id": clerk, "at": now, "why": "搬走了"}
    deed_id = connection.execute(insert(t.register_deeds).returning(t.register_deeds.c.id), deed).scalar_one()
    change = {
        "deed_id": deed_id,
        "of_table": "participant",
        "row_key": "1",
        "before": {"name": "甲"},
        "after": {"name": "乙"},
    }
    entry = {
        "participant_id": clerk,
        "year": 2026,
        "kind": "visit",
        "title": {"zh": "走访"},
        "issue_id": issue,
        "at": now,
        "state": "confirmed",
    }
    published = {
        "issue_id": issue,
        "kind": "case",
        "title": {"zh": "修好了"},
        "text": {"zh": "灯亮了"},
        "published_at": now,
    }
    message = {
        "issue_id": issue,
        "sequence": 1,
        "participant_id": clerk,
        "channel": "mail",
        "target": "a@example.org",
        "occasion": "told",
        "template": "told",
        "template_version": "1",
        "language": "zh",
        "subject": "新任务",
        "text": "请办理",
        "html": "<p>请办理</p>",
        "status": "accepted",
        "attempts": 1,
        "available_at": now,
        "created_at": now,
    }
    proposal = {
        "kind": "publish",
        "digest": "0" * 64,
        "body": {},
        "about": "x",
        "diff": "",
        "proposed_by_id": clerk,
        "proposed_at": now,
    }
    granted = {"participant_id": clerk, "role": "auditor", "since": MORNING.date(), "reason": "年度", "made_at": now}
    number = {"series": "doc", "station": "XG", "year": 2026, "sequence": 1, "number": "呼2026-1"}
    for table, rows in (
        (t.register_changes, [change]),
        (t.file_entries, [{**entry, "key": f"visit.{n}"} for n in (1, 2)]),
        (t.publications, [{**published, "key": "case.1"}]),
        (t.deliveries, [{**message, "key": f"told.{n}"} for n in (1, 2)]),
        (t.proposals, [{**proposal, "state": "approved", "decided_by_id": town.people["office"], "decided_at": now}]),
        (t.private_searches, [{"participant_id": clerk, "at": now, "kind": "phone", "said": "138", "found": 1}]),
        (t.four_eyes, [{"rule": "on", "changed_at": now, "changed_by_id": clerk}]),
        (t.grants, [{**granted, "ended_at": now, "ended_by_id": clerk, "end_reason": "完"}]),
        (t.given_numbers, [{**number, "issue_id": issue, "field": "number", "given_at": now}]),
        (t.restorations, [{"source": "backup", "taken_at": now - 9 * DAY, "restored_at": now - 8 * DAY, "overdue": [], "released_at": now}]),
    ):  # fmt: skip
        connection.execute(insert(table), rows)


Tamper = Callable[[Connection, "Lived"], None]


def _oldest(connection: Connection, table: Table) -> Any:
    return connection.execute(select(func.min(next(iter(table.primary_key))))).scalar_one()


def changed(name: str, **values: Any) -> Any:
    """Values of the oldest row of a table."""

    def do(connection: Connection, _: Lived) -> None:
        table = metadata.tables[name]
        key = next(iter(table.primary_key))
        connection.execute(update(table).where(key == _oldest(connection, table)).values(values))

    return pytest.param(do, ("changed", name), id=f"{name} {' '.join(values)}")


def gone(name: str) -> Any:
    """The oldest row of a table."""

    def do(connection: Connection, _: Lived) -> None:
        table = metadata.tables[name]
        key = next(iter(table.primary_key))
        connection.execute(delete(table).where(key == _oldest(connection, table)))

    return pytest.param(do, ("missing", name), id=f"{name} deleted")


def _recompute(connection: Connection, lived: Lived) -> None:
    """Change an entry and make all hashes behind it fit again, as anybody can who knows how they are made."""
    plain = [type_coerce(t.history.c[name], Json).label(name) for name in ("event", "changes")]
    others = [column for column in t.history.c if column.name not in ("event", "changes")]
    query = select(*others, *plain).where(t.history.c.issue_id == lived.issue).order_by(t.history.c.sequence)
    rows = connection.execute(query).all()
    number = connection.execute(select(t.issues.c.number).where(t.issues.c.id == lived.issue)).scalar_one()
    previous = FIRST_HASH
    for row in rows:
        told = {**row._asdict(), "previous_hash": previous}
        if row.sequence == 2:
            told["actor_id"] = lived.town.people["far-clerk"]
        previous = entry_hash(number, told, b"")
        values = {"actor_id": told["actor_id"], "previous_hash": told["previous_hash"], "hash": previous}
        mine = (t.history.c.issue_id == lived.issue, t.history.c.sequence == row.sequence)
        connection.execute(update(t.history).where(*mine).values(values))
    connection.execute(update(t.issues).where(t.issues.c.id == lived.issue).values(last_hash=previous))


def _whole_issue(connection: Connection, lived: Lived) -> None:
    for table in (t.deliveries, t.publications, t.history, t.outbox, t.work_items, t.candidates, t.timers):
        connection.execute(delete(table).where(table.c.issue_id == lived.other))
    connection.execute(delete(t.issues).where(t.issues.c.id == lived.other))


def _last_entry(connection: Connection, lived: Lived) -> None:
    last = select(func.max(t.history.c.sequence)).where(t.history.c.issue_id == lived.issue).scalar_subquery()
    connection.execute(delete(t.history).where(t.history.c.issue_id == lived.issue, t.history.c.sequence == last))


def _put_back(connection: Connection, _: Lived) -> None:
    """Deleted, and written again otherwise."""
    row = connection.execute(select(t.grants).order_by(t.grants.c.id.desc()).limit(1)).one()._asdict()
    connection.execute(delete(t.grants).where(t.grants.c.id == row["id"]))
    connection.execute(insert(t.grants), {**row, "role": "system-administrator"})


def _unended(connection: Connection, _: Lived) -> None:
    nothing = {"ended_at": None, "ended_by_id": None, "end_reason": None}
    connection.execute(update(t.grants).where(t.grants.c.ended_at.is_not(None)).values(nothing))


def _smuggled(table: Table, **values: Any) -> Tamper:
    def do(connection: Connection, _: Lived) -> None:
        row = connection.execute(select(table).limit(1)).one()._asdict()
        key = next(iter(table.primary_key)).name
        connection.execute(insert(table), {**row, key: 999_001, **values})
        connection.execute(delete(t.evidence_due))

    return do


def _without(table: Table) -> Tamper:
    def do(connection: Connection, _: Lived) -> None:
        connection.execute(delete(table))

    return do


def _segment(**values: Any) -> Tamper:
    def do(connection: Connection, _: Lived) -> None:
        connection.execute(update(t.segments).where(t.segments.c.id == 1).values(values))

    return do


def _resealed(connection: Connection, lived: Lived) -> None:
    """A row changed, and its segment made anew with a key of the intruder's own."""
    connection.execute(update(t.issues).where(t.issues.c.id == lived.issue).values(subject="没有这回事"))
    for table in (t.segments, t.evidence_due):
        connection.execute(delete(table))
    begin_anew(connection)
    seal_in(connection, Notary(lambda _: bytes(32)), lived.town.clock.now)


def _segment_gone(which: Callable[[Any], Any]) -> Tamper:
    def do(connection: Connection, _: Lived) -> None:
        number = connection.execute(select(which(t.segments.c.id))).scalar_one()
        connection.execute(delete(t.segments).where(t.segments.c.id == number))

    return do


def _head(**values: Any) -> Tamper:
    def do(connection: Connection, _: Lived) -> None:
        connection.execute(update(t.heads).where(t.heads.c.day == date(2026, 11, 24)).values(values))

    return do


def _head_gone(connection: Connection, _: Lived) -> None:
    connection.execute(delete(t.heads).where(t.heads.c.day == date(2026, 11, 23)))


def _false_exemption(connection: Connection, lived: Lived) -> None:
    """A row deleted, and an exemption written for it without the key."""
    key = _oldest(connection, t.file_entries)
    connection.execute(delete(t.file_entries).where(t.file_entries.c.id == key))
    row = {"at": MORNING, "of_table": "file_entry", "row_keys": [str(key)], "aspects": [], "why": "x", "until": 99}
    connection.execute(insert(t.evidence_exemptions), {**row, "mac": "0" * 64})


def _cut_back(connection: Connection, _: Lived) -> None:
    """All that was sealed last taken away, with the rows and the head over them."""
    connection.execute(delete(t.audit))
    connection.execute(delete(t.heads).where(t.heads.c.day == date(2026, 11, 24)))
    connection.execute(delete(t.segments).where(t.segments.c.id == select(func.max(t.segments.c.id)).scalar_subquery()))


CHANGES = [
    changed("issue", reporter_id=8),
    changed("issue", subject="没有这回事"),
    changed("issue", follow_code="AAAA-AAAA"),
    changed("issue", number="XG-2026-99999"),
    changed("issue", opened_at=MORNING - DAY),
    changed("history", actor_id=3),
    changed("history", at=MORNING - DAY),
    changed("history", via="console"),
    changed("history", hash="0" * 64),
    pytest.param(_recompute, ("changed", "history"), id="an entry changed, and the chain recomputed"),
    pytest.param(_last_entry, ("missing", "history"), id="the last entry of a history deleted"),
    pytest.param(_whole_issue, ("missing", "issue"), id="an issue deleted whole"),
    gone("history"),
    changed("register_deed", by_id=3),
    changed("register_deed", why="别的理由"),
    gone("register_deed"),
    changed("register_change", before={"name": "丙"}),
    changed("register_change", after={"name": "丙"}),
    gone("register_change"),
    changed("file_entry", year=2025),
    changed("file_entry", points=9.0),
    changed("file_entry", title={"zh": "没走访"}),
    gone("file_entry"),
    changed("publication", text={"zh": "灯没亮"}),
    changed("publication", published_at=MORNING - DAY),
    gone("publication"),
    changed("delivery", text="别办理"),
    changed("delivery", participant_id=3),
    changed("delivery", created_at=MORNING - DAY),
    gone("delivery"),
    changed("definition_version", source="id: x"),
    changed("definition_version", body={"id": "x"}),
    changed("definition_version", published_by="somebody"),
    gone("definition_version"),
    changed("role_grant", role="registrar"),
    changed("role_grant", participant_id=3),
    pytest.param(_unended, ("changed", "role_grant"), id="a grant that was ended holds again"),
    pytest.param(_put_back, ("changed", "role_grant"), id="a grant deleted and written otherwise"),
    pytest.param(_smuggled(t.grants), ("added", "role_grant"), id="a grant smuggled in"),
    gone("role_grant"),
    changed("proposal", reason="因为"),
    changed("proposal", decided_by_id=3),
    gone("proposal"),
    changed("audit", what="signed-in"),
    changed("audit", by_id=3),
    gone("audit"),
    pytest.param(_smuggled(t.audit), ("added", "audit"), id="a line of the audit log smuggled in"),
    gone("private_search"),
    changed("given_number", issue_id=2),
    gone("given_number"),
    changed("four_eyes", rule="off"),
    changed("restoration", taken_at=MORNING - DAY),
    pytest.param(_segment(root="0" * 64), ("segment", ""), id="the root of a segment"),
    pytest.param(_segment(leaves=b""), ("segment", ""), id="the leaves of a segment"),
    pytest.param(_segment(contents='{"kinds":[],"rows":[]}'), ("segment", ""), id="what a segment is of"),
    pytest.param(_segment(sealed_at=MORNING - DAY), ("segment", ""), id="when a segment was sealed"),
    pytest.param(_segment_gone(func.min), ("segment", ""), id="the first segment deleted"),
    pytest.param(_segment_gone(func.max), ("segment", ""), id="the last segment deleted"),
    pytest.param(_without(t.segments), ("segment", ""), id="all segments deleted"),
    pytest.param(_resealed, ("segment", ""), id="a segment made with another key"),
    pytest.param(_head(body="{}"), ("head", ""), id="a head emptied"),
    pytest.param(_head(signature="0" * 128), ("head", ""), id="the signature of a head"),
    pytest.param(_head_gone, ("head", ""), id="a head deleted between others"),
    pytest.param(_false_exemption, ("exemption", "evidence_exemption"), id="an exemption without the key"),
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Census, tuple[int, int], list[Head]]:
    """A folder with the database and the files of a town in which something of everything has happened."""
    folder = tmp_path_factory.mktemp("lived")
    town = sqlite_town(folder)
    numbers = live(town)
    heads = [one.head for one in newest_heads(town.house, 9)]
    assert verify_evidence(town.house, notary_of(town.house.database), heads).found == []
    town.house.database.close()
    return folder, Census(town.people, town.departments), numbers, heads


@pytest.fixture
def lived(prepared: tuple[Path, Census, tuple[int, int], list[Head]], tmp_path: Path) -> Iterator[Lived]:
    """A copy of it."""
    folder, census, (issue, other), heads = prepared
    shutil.copytree(folder, tmp_path / "copy")
    database = Database(f"sqlite:///{tmp_path / 'copy' / 'town.db'}")
    town = town_in((database, census), tmp_path / "copy")
    town.clock.move(days=2)
    yield Lived(town, issue, other, heads)
    database.close()


def found(house: House, *outside: Head) -> list[Alteration]:
    """All that is found."""
    return verify_evidence(house, notary_of(house.database), outside).found


def kinds(house: House, *outside: Head) -> set[tuple[str, str]]:
    """Of which kind and in which tables."""
    return {(one.kind, one.table) for one in found(house, *outside)}


@pytest.mark.parametrize(("tamper", "expected"), CHANGES)
def test_a_change_past_the_house_is_found_with_its_place(
    lived: Lived, tamper: Tamper, expected: tuple[str, str]
) -> None:
    with tampered(lived.town.house) as connection:
        tamper(connection, lived)
    assert expected in kinds(lived.town.house)


def test_forty_kinds_at_least() -> None:
    assert len(CHANGES) >= 40


def test_an_entry_with_a_recomputed_chain_is_found_before_it_is_sealed_too(town: Town) -> None:
    issue = town.report()
    town.to_departments(issue)
    assert verify(town.house).faults == []
    with tampered(town.house) as connection:
        _recompute(connection, Lived(town, issue, issue, []))
    number, _ = town.number_and_code(issue)
    assert any(f"{number}: 第 2 条历史被改动过" in fault for fault in verify(town.house).faults)


def test_cutting_off_the_end_contradicts_the_head_outside(lived: Lived) -> None:
    with tampered(lived.town.house) as connection:
        _cut_back(connection, lived)
    assert {kind for kind, _ in kinds(lived.town.house, *lived.heads)} >= {"head", "segment"}


def test_on_postgresql_too(town: Town) -> None:
    if town.house.database.sqlite:
        pytest.skip("all of it is tried on SQLite above")
    issue, other = live(town)
    lived = Lived(town, issue, other, [])
    assert kinds(town.house) == set()
    wanted = (
        *("an entry changed", "an issue deleted whole", "delivery deleted", "file_entry deleted"),
        *("definition_version source", "audit deleted", "a grant smuggled"),
    )
    these = [case for case in CHANGES if str(case.id).startswith(wanted)]
    assert len(these) == len(wanted)
    with tampered(town.house) as connection:
        for case in these:
            case.values[0](connection, lived)
    assert kinds(town.house) >= {case.values[1] for case in these}


def test_files_that_are_gone_or_changed_are_named_with_their_issue(lived: Lived) -> None:
    house = lived.town.house
    assert list(verify_files(house)) == []
    (kept,) = [path for path in house.files.rglob("*") if path.is_file()]
    content = kept.read_bytes()
    kept.write_bytes(content + b"x")
    (one,) = verify_files(house)
    number, _ = lived.town.number_and_code(lived.issue)
    assert (one.kind, number in str(one), "被改过" in str(one)) == ("file", True, True)
    kept.unlink()
    assert "不见了" in str(next(verify_files(house)))
    kept.write_bytes(content)
    assert list(verify_files(house)) == []


def test_what_is_erased_by_way_of_the_house_is_no_finding(lived: Lived) -> None:
    house, now = lived.town.house, lived.town.clock.now
    with house.database.writing() as connection:
        keys = [str(one) for one in connection.execute(select(t.deliveries.c.id)).scalars()]
        connection.execute(update(t.deliveries).values(subject="", text="", html=""))
        gone_now = Exemption(of_table="delivery", keys=keys, why="保存期满", aspects=["content"])
        exempt(connection, notary_of(house.database), gone_now, now)
        key = str(_oldest(connection, t.audit))
        connection.execute(delete(t.audit).where(t.audit.c.seq == int(key)))
        exempt(connection, notary_of(house.database), Exemption(of_table="audit", keys=[key], why="保存期满"), now)
    assert kinds(house, *lived.heads) == set()
    seal_all(house, notary_of(house.database), now)
    assert kinds(house, *lived.heads) == set()
    with tampered(house) as connection:
        connection.execute(update(t.deliveries).values(participant_id=3))
    assert kinds(house) == {("changed", "delivery")}, "what was not let go is looked at as before"


def test_lines_of_the_audit_log_that_were_kept_long_enough_are_no_finding(lived: Lived) -> None:
    house, later = lived.town.house, lived.town.clock.now + 400 * DAY
    told = exempting(notary_of(house.database), "audit", "保存期满", later)
    assert remove_old(house.database, later, timedelta(days=200), told) > 0
    assert kinds(house, *lived.heads) == set()
    seal_all(house, notary_of(house.database), later)
    assert kinds(house, *lived.heads) == set()


def test_what_is_sealed_anew_by_way_of_the_house_counts_from_then_on(lived: Lived) -> None:
    house, now = lived.town.house, lived.town.clock.now
    with house.database.writing() as connection:
        connection.execute(update(t.register_deeds).values(why="改写过的理由"))
        keys = [str(one) for one in connection.execute(select(t.register_deeds.c.id)).scalars()]
        again = Exemption(of_table="register_deed", keys=keys, why="更换密文", anew=True)
        exempt(connection, notary_of(house.database), again, now)
    seal_all(house, notary_of(house.database), now)
    assert kinds(house) == set()
    with tampered(house) as connection:
        connection.execute(update(t.register_deeds).values(why="又改"))
    assert kinds(house) == {("changed", "register_deed")}


def test_a_changed_ring_is_no_finding(lived: Lived) -> None:
    ring = lived.town.house.database.ring
    assert ring is not None
    rotated = Ring(ring.keys.with_new(date(2026, 12, 1)))
    again = Database(str(lived.town.house.database.engine.url), ring=rotated)
    house = House(again, lived.town.house.files)
    assert sum(rotate(house)) > 0
    assert kinds(house, *lived.heads) == set()
    assert list(verify_files(house)) == []
    again.close()


def test_an_issue_that_moved_to_another_version_and_back_is_no_finding(town: Town) -> None:
    live(town)
    house, now = town.house, town.clock.now
    seal_all(house, notary_of(house.database), now)
    publish(house, DEFINITION.replace("15 working days", "10 working days"), "x.yaml", Imprint("test", now))
    with house.database.writing() as connection:
        # what was decided before has to be carried out first
        connection.execute(update(t.outbox).values(status="done", done_at=now))
    there = begin(house, prepare(house, "street-matters", 1, 2), reason="新办法施行", by="test", now=now)
    assert carry_on(house, now, 50, there) == tally(house, there).moves == 2
    assert kinds(house) == set()
    seal_all(house, notary_of(house.database), now)
    assert kinds(house) == set()
    back = revert(house, there, reason="错了", by="test", now=now)
    assert carry_on(house, now, 50, back) == tally(house, back).moves == 2
    seal_all(house, notary_of(house.database), now)
    assert kinds(house) == set()
    with tampered(house) as connection:
        connection.execute(update(t.process_migrations).values(reason="没有理由"))
    assert kinds(house) == {("changed", "process_migration")}


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed before", "not yet sealed"])
def test_an_import_that_was_taken_back_is_no_finding(
    town: Town, monkeypatch: pytest.MonkeyPatch, *, sealed: bool
) -> None:
    monkeypatch.setattr("huying.register.workbook.imports.opened", extracted)
    live(town)
    house = town.house
    by = By(administrator(house), town.clock.now)
    people = [["登录名", "姓名*", "身份*"], ["linyu", "林雨", "工作人员"]]
    granted = [["登录名*", "权限*", "限于站点", "理由*"], ["linyu", "督办人", "XG", "督办试点"]]
    number = offer(house, "名册.xlsx", book_of({"人员": people, "权限": granted}), by)
    write(house, number, by)
    if sealed:
        seal_all(house, notary_of(house.database), by.now)
    undone = undo_import(house, number, by)
    assert (undone.restored, undone.kept) == (2, ())
    with house.database.reading() as connection:
        assert connection.execute(select(t.grants.c.id).where(t.grants.c.reason == "督办试点")).all() == []
    assert kinds(house) == set()
    seal_all(house, notary_of(house.database), by.now)
    assert kinds(house) == set()


def test_what_may_change_is_no_finding(lived: Lived) -> None:
    town = lived.town
    town.act(lived.issue, "lighting", "reply", town.departments["cg"], reply="灯已更换。")
    with town.house.database.writing() as connection:
        connection.execute(update(t.deliveries).values(status="failed", reason="x"))
        connection.execute(update(t.file_entries).values(state="objected"))
        connection.execute(update(t.publications).values(withdrawn_at=town.clock.now))
    assert kinds(town.house, *lived.heads) == set()
    seal_all(town.house, notary_of(town.house.database), town.clock.now)
    proved = verify_evidence(town.house, notary_of(town.house.database), lived.heads)
    assert (proved.found, proved.waiting) == ([], 0)
    assert proved.since_head > 0
    assert str(proved.head) in proved.words.zh
    with tampered(town.house) as connection:
        connection.execute(update(t.publications).values(withdrawn_at=None))
    assert kinds(town.house) == {("changed", "publication")}


def test_a_backup_that_was_restored_explains_the_heads_that_it_lacks(lived: Lived) -> None:
    town = lived.town
    since = make_head(town.house, notary_of(town.house.database), town.clock.now)
    assert since is not None
    with town.house.database.writing() as connection:
        # the copy of an hour earlier takes its place
        connection.execute(delete(t.heads).where(t.heads.c.day == since.told.day))
    assert ("head", "") in kinds(town.house, *lived.heads, since)
    with town.house.database.writing() as connection:
        row = {
            "source": "backup",
            "taken_at": since.told.at - DAY / 24,
            "restored_at": since.told.at + DAY,
            "overdue": [],
        }
        connection.execute(insert(t.restorations), row)
    proved = verify_evidence(town.house, notary_of(town.house.database), [*lived.heads, since])
    assert proved.found == []
    assert str(since.told.day) in proved.remarks[0].zh
