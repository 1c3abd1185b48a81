"""The lines of files are made from histories: thrown away they come out the same, and nothing stands in them twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from engine.effect import Register
from engine.event import Connect, Merge, Reassign, Reopen
from engine.refusal import Refusal
from huying.database import tables as t
from huying.files import upkeep
from huying.files.entries import entries
from huying.files.entry import FileEntry, FilePeriod
from huying.files.registration import register
from huying.files.store import rows_of
from huying.files.upkeep import freshen, keep_up, rebuild, waiting
from huying.files.verification import differences
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.deeds import happen
from huying.outbox.claims import Errand
from huying.processes.publication import publish
from tests.huying.files.recount import recount
from tests.huying.town import DEFINITION, Town

YEAR = FilePeriod.of_year(2026)


def kept(house: House) -> list[tuple[Any, ...]]:
    """All lines as they stand in the database."""
    with house.database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(t.file_lines).order_by(t.file_lines.c.key))]


def of(town: Town, login: str = "deputy") -> tuple[FileEntry, ...]:
    return entries(town.house, town.people[login], YEAR)


def said(found: tuple[FileEntry, ...]) -> list[tuple[str, str]]:
    return [(one.kind, one.title.zh) for one in found]


def closed(town: Town, issue: int) -> None:
    with town.house.database.reading() as connection:
        reporter = connection.execute(select(t.issues.c.reporter_id).where(t.issues.c.id == issue)).scalar_one()
    town.people["reporter"] = reporter
    town.act(issue, "reporter", "satisfied", stars=5)


HAND_UP = """      hand-up: {title: {zh: 上交, en: Hand up}, hand up: deputy, to: study, then: confirm}
"""


@pytest.fixture
def relay(town: Town) -> Town:
    """The town, with a deputy of the city above that of the district, to whom matters can be handed up."""
    written = DEFINITION.replace("answerable: true", "ladder: [district, city], answerable: true")
    at = written.index("coordination:")
    publish(town.house, written[:at] + HAND_UP + written[at:], "relay.yaml", Imprint("test", town.clock.now))
    with town.house.database.writing() as connection:
        serves = t.memberships.c.participant_id == town.people["deputy"]
        station = connection.execute(select(t.memberships.c.station_id).where(serves)).scalar_one()
        connection.execute(update(t.memberships).where(serves).values(level="district"))
        row = {"name": "许庭", "login": "higher", "kind": "deputy", "language": "zh", "active": True}
        person = connection.execute(insert(t.participants), {**row, "created_at": town.clock.now}).inserted_primary_key
        assert person is not None
        town.people["higher"] = int(person[0])
        membership = {"participant_id": person[0], "station_id": station, "function": "deputy", "level": "city"}
        connection.execute(insert(t.memberships), membership)
    return town


def by(town: Town, login: str) -> By:
    return By(town.people[login], town.clock.now)


def test_what_a_deputy_did_for_an_issue_stands_in_their_file_with_its_source(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    town.clock.move(days=2)
    closed(town, issue)
    found = of(town)
    assert said(found) == [
        ("coordinated", "交部门办理：路灯不亮"),
        ("taken-on", "受理：路灯不亮"),
        ("issue", "协调解决：路灯不亮"),
    ]
    settled = found[-1]
    assert (settled.source, settled.state, settled.chapter) == ("issue", "confirmed", "issues")
    assert (settled.issue_id, settled.day) == (issue, date(2026, 11, 25))
    assert settled.number == town.number_and_code(issue)[0]
    assert settled.sequence
    assert of(town, "clerk") == ()


def test_the_day_is_that_of_the_office(town: Town) -> None:
    town.clock.now = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # 1 January in Beijing
    town.act(town.report(), "clerk", "accept")
    assert of(town) == ()
    [entry] = entries(town.house, town.people["deputy"], FilePeriod.of_year(2027))
    assert entry.day == date(2027, 1, 1)


def test_each_link_of_a_relay_has_its_part(relay: Town) -> None:
    issue = relay.report()
    relay.act(issue, "clerk", "accept")
    relay.act(issue, "deputy", "hand-up")
    relay.act(issue, "higher", "coordinate", lead=relay.departments["cg"], assist=[])
    relay.act(issue, "lighting", "reply", relay.departments["cg"], reply="好了")
    closed(relay, issue)
    assert {one.kind for one in of(relay)} == {"taken-on", "handed-up", "issue"}
    assert {one.kind for one in of(relay, "higher")} == {"coordinated", "issue"}


def test_reopened_it_is_not_settled_and_closed_again_it_is_settled_once(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    closed(town, issue)
    happen(town.house, issue, Reopen("还是不亮", "study"), by(town, "clerk"))
    assert [one.kind for one in of(town)] == ["coordinated", "taken-on"]
    town.clock.move(days=1)
    town.act(issue, "deputy", "answer", reply="已换灯泡")
    closed(town, issue)
    assert [one.kind for one in of(town)] == ["coordinated", "taken-on", "issue"]


def test_of_issues_that_became_one_each_kind_stands_once(town: Town) -> None:
    first, second = town.report(), town.report(subject="路灯又不亮")
    town.to_departments(first)
    town.act(second, "clerk", "accept")
    assert [one.kind for one in of(town)].count("taken-on") == 2
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.issues.c.id)).all()
    happen(town.house, second, Merge(f"issue:{first}", "同一盏灯"), by(town, "clerk"))
    found = [one for one in of(town) if one.kind == "taken-on"]
    assert [one.issue_id for one in found] == [first]


def test_what_a_process_registered_is_not_counted_again_by_a_rule(town: Town) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    closed(town, issue)
    deputy = town.people["deputy"]
    with town.house.database.writing() as connection:
        last = connection.execute(select(t.issues.c.version).where(t.issues.c.id == issue)).scalar_one()
        entry = {
            "key": f"{issue}.{last}.0.{deputy}",
            "participant_id": deputy,
            "year": 2026,
            "kind": "issue",
            "title": {"zh": "协调解决：换灯"},
            "points": 2.0,
            "issue_id": issue,
            "at": town.clock.now,
        }
        connection.execute(insert(t.file_entries), entry)
        connection.execute(update(t.issues).values(filed_version=0))
    settled = [one for one in of(town) if one.kind == "issue"]
    assert [(one.title.zh, one.points, one.source) for one in settled] == [("协调解决：换灯", 2.0, "process")]


def test_numbers_of_people_are_masked_and_what_was_erased_is_gone(town: Town) -> None:
    issue = town.report(subject="打 13800138000 找我")
    town.act(issue, "clerk", "accept")
    [entry] = of(town)
    assert "13800138000" not in entry.title.zh
    with town.house.database.writing() as connection:
        connection.execute(update(t.issues).where(t.issues.c.id == issue).values(erased="personal"))
    [entry] = of(town)
    assert entry.title.zh == "受理事项"


def test_a_read_sees_what_has_just_happened_and_the_chore_finds_nothing_left(town: Town) -> None:
    issue = town.report()
    assert waiting(town.house) == 1
    town.act(issue, "clerk", "accept")
    assert len(of(town)) == 1
    assert waiting(town.house) == 0
    assert keep_up(town.house) == 0


def test_several_who_keep_them_up_at_once_do_not_stand_in_each_others_way(town: Town) -> None:
    for number in range(12):
        town.act(town.report(subject=f"第 {number} 件"), "clerk", "accept")
    for _ in range(6):
        with town.house.database.writing() as connection:
            connection.execute(update(t.issues).values(filed_version=0))
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: keep_up(town.house), range(3)))
    assert len(kept(town.house)) == 12
    assert list(differences(town.house)) == []


def test_thrown_away_the_lines_come_out_the_same(town: Town) -> None:
    for number in range(4):
        issue = town.report(subject=f"第 {number} 件")
        town.to_confirmation(issue)
        if number % 2:
            closed(town, issue)
    freshen(town.house)
    before = kept(town.house)
    assert before
    with town.house.database.writing() as connection:
        connection.execute(delete(t.file_lines))
    assert {one.fault for one in differences(town.house)} == {"missing"}
    assert sum(one.lines for one in rebuild(town.house)) == len(before)
    assert kept(town.house) == before
    assert list(differences(town.house)) == []


def test_a_line_that_somebody_changed_or_made_up_is_named(town: Town) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    freshen(town.house)
    [line] = kept(town.house)
    with town.house.database.writing() as connection:
        connection.execute(update(t.file_lines).values(kind="award"))
        row = {"key": "made/up", "participant_id": town.people["deputy"], "day": date(2026, 1, 1)}
        connection.execute(insert(t.file_lines), {**row, "at": town.clock.now, "kind": "award", "issue_id": issue})
    assert {(one.key, one.fault) for one in differences(town.house)} == {(line[0], "changed"), ("made/up", "extra")}
    list(rebuild(town.house))
    assert kept(town.house) == [line]


@pytest.mark.parametrize("seed", range(6), ids=lambda seed: f"seed-{seed}")
def test_on_any_course_of_events_the_files_are_what_an_independent_recount_finds(relay: Town, seed: int) -> None:
    town, chance = relay, Random(seed)
    alive = [town.report(subject=f"第 {number} 件") for number in range(8)]
    for _ in range(70):
        town.clock.move(hours=chance.randint(1, 9))
        _something(town, chance, chance.choice(alive), alive)
        if chance.random() < 0.1:
            freshen(town.house)
    freshen(town.house)
    with town.house.database.reading() as connection:
        query = select(t.file_lines.c.participant_id, t.file_lines.c.kind, t.file_lines.c.issue_id)
        found = sorted(tuple(row) for row in connection.execute(query))
    assert found == sorted(recount(town.house))
    assert {kind for _, kind, _ in found} >= {"taken-on", "coordinated", "issue"}
    before = kept(town.house)
    list(rebuild(town.house))
    assert kept(town.house) == before


def _something(town: Town, chance: Random, issue: int, alive: list[int]) -> None:
    """One thing that may happen to an issue; what the rules do not allow just now does not."""
    other = chance.choice(alive)
    steps: tuple[Callable[[], object], ...] = (
        lambda: town.act(issue, "clerk", "accept"),
        lambda: town.act(
            issue, chance.choice(["deputy", "higher"]), "coordinate", lead=town.departments["cg"], assist=[]
        ),
        lambda: town.act(issue, "lighting", "reply", town.departments["cg"], reply="好了"),
        lambda: town.act(issue, chance.choice(["deputy", "higher"]), "answer", reply="好了"),
        lambda: town.act(issue, "deputy", "hand-up"),
        lambda: closed(town, issue),
        lambda: happen(town.house, issue, Reopen("再看看", "study"), by(town, "clerk")),
        lambda: happen(town.house, issue, Merge(f"issue:{other}", "同一件"), by(town, "clerk")),
        lambda: happen(town.house, issue, Connect("split", f"issue:{other}", "分开办"), by(town, "clerk")),
        lambda: happen(
            town.house,
            issue,
            Reassign((town.party("clerk2"),), "换人", role="deputy"),
            by(town, "clerk"),
        ),
    )
    likely = steps if chance.random() < 0.3 else steps[:-4]
    for step in chance.sample(likely, len(likely)):
        with suppress(Refusal, NoResultFound, MultipleResultsFound):
            step()
            return


def test_what_a_process_registers_while_lines_are_made_stands_in_the_file(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = town.report()
    effect = Register(parties=(town.party("deputy"),), category="training", title={"zh": "履职培训"})
    errand = Errand(0, issue, "", "", 1, 0, effect, False, 0, town.people["deputy"], 1)
    pool = ThreadPoolExecutor(1)

    def meanwhile(*of: Any) -> Any:
        # the entries have been read: whoever writes one now waits until it has been said which were known
        registering.append(pool.submit(register, town.house, errand, town.clock.now))
        wait(registering, timeout=1)
        return rows_of(*of)

    registering: list[Future[int]] = []
    monkeypatch.setattr(upkeep, "rows_of", meanwhile)
    keep_up(town.house)
    assert [one.result() for one in registering] == [1]
    monkeypatch.setattr(upkeep, "rows_of", rows_of)
    assert ("training", "履职培训") in said(of(town))


def test_what_is_left_to_another_range_is_not_said_to_be_known(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = town.report(), town.report(subject="又一件")
    happen(town.house, first, Merge(f"issue:{second}", "同一盏灯"), by(town, "clerk"))
    monkeypatch.setattr(upkeep, "_MANY", second)
    for _ in rebuild(town.house):
        with town.house.database.reading() as connection:
            filed = select(t.issues.c.filed_version).where(t.issues.c.id == first)
            assert connection.execute(filed).scalar_one() == 0
    assert keep_up(town.house) == 1
    assert list(differences(town.house)) == []
