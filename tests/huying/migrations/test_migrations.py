"""Running issues go on by another version: in batches, once each, while people work, after interruptions, and back again."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from definitions.versions.migration import read_migration
from huying.access.viewer import Look
from huying.cli import main
from huying.database.tables import definition_versions, history, issues, outbox, process_migration_issues, work_items
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.verification import verify
from huying.issues.views.issue import issue_view
from huying.issues.views.task import task_view
from huying.migrations.batches import begin, carry_on, found, revert, survey, tally, try_again
from huying.migrations.plans import Prepared, definition_of, prepare
from huying.processes.overrides import publish_override
from huying.processes.publication import publish
from tests.conftest import MORNING, Office
from tests.forked import forked
from tests.huying.mover import move_on
from tests.huying.story import Story

SOURCE = Path("tests/definitions/office.yaml").read_text("utf-8")
#: The next version: a step is called otherwise, has longer, and one more day is said beforehand.
NEXT = (
    SOURCE.replace("  ask:\n    title", "  entrust:\n    title")
    .replace("to: ask", "to: entrust")
    .replace("within: 3 working days", "within: 5 working days")
)
PLAN = "steps: {ask: entrust}\n"
LATER = MORNING + timedelta(hours=6)


def published(house: House, source: str = NEXT) -> int:
    """The number of the version that this makes."""
    return publish(house, source, "office.yaml", Imprint("test", LATER))[0].version


def plan(house: House, text: str = PLAN) -> Prepared:
    bare = prepare(house, "office", 1, house.processes.newest("office").version)
    file = read_migration(text, "plan.yaml", definition_of(house, bare.leaving), definition_of(house, bare.entering))
    return prepare(house, "office", 1, house.processes.newest("office").version, file)


def carried_out(house: House) -> None:
    """Whatever was decided is carried out, as the dispatcher would."""
    with house.database.writing() as connection:
        connection.execute(outbox.update().values(status="done", done_at=LATER))


def busy(office: Office, number: int = 6, since: datetime = MORNING) -> list[Story]:
    """Issues at several steps: registered, at the deputy's, with the departments."""
    stories = []
    for position in range(number):
        story = Story(office, since + timedelta(minutes=position * 10))
        story.open(f"open-{position}", subject=f"路灯 {position}")
        if position % 3:
            story.act("clerk", "accept")
        if position % 3 == 2:
            city = office.city
            lead, assist = f"organisation:{city['water']}", [f"organisation:{city['power']}"]
            story.act("deputy", "send", lead=lead, assist=assist)
        stories.append(story)
    carried_out(office.house)
    return stories


def moved_all(house: House, migration: int) -> None:
    for seconds in range(0, 10_000, 10):
        if found(house, migration).status == "ended":
            return
        carry_on(house, LATER + timedelta(seconds=seconds), 2, migration)
    raise AssertionError(tally(house, migration))


def versions(house: House) -> dict[int, int]:
    """How many issues follow each version."""
    query = (
        select(definition_versions.c.version, func.count())
        .join(issues, issues.c.definition_version_id == definition_versions.c.id)
        .group_by(definition_versions.c.version)
    )
    with house.database.reading() as connection:
        return {int(row[0]): int(row[1]) for row in connection.execute(query)}


def test_the_survey_says_how_many_would_move_and_why_the_others_would_not(office: Office) -> None:
    busy(office)
    published(office.house)
    *_, bare = survey(office.house, prepare(office.house, "office", 1, 2), LATER)
    assert (bare.asked, bare.moves, bare.mapping, bare.blocked) == (6, 4, 2, 0)
    ((why, many),) = bare.reasons
    assert (why.kind, why.about, many) == ("mapping", "ask", 2)
    assert "没有“交办”这一步" in why.zh
    *_, whole = survey(office.house, plan(office.house), LATER)
    assert (whole.asked, whole.moves) == (6, 6)
    assert versions(office.house) == {1: 6}, "nothing was changed"


def test_issues_move_in_batches_each_with_one_entry_and_go_on_by_the_new_version(office: Office) -> None:
    stories = busy(office)
    published(office.house)
    migration = begin(office.house, plan(office.house), reason="新办法施行", by="test", now=LATER)
    assert carry_on(office.house, LATER, 4, migration) == 4
    assert tally(office.house, migration).moves == 4
    assert found(office.house, migration).status == "running"
    moved_all(office.house, migration)
    done = tally(office.house, migration)
    assert (done.asked, done.moves, done.waiting, done.mapping, done.blocked, done.gone) == (6, 6, 0, 0, 0, 0)
    assert versions(office.house) == {2: 6}
    with office.house.database.reading() as connection:
        entries = (
            select(history.c.issue_id, func.count()).where(history.c.kind == "migrate").group_by(history.c.issue_id)
        )
        assert {row[1] for row in connection.execute(entries)} == {1}
    assert verify(office.house).faults == []
    asked = stories[1]
    assert [visit.step for visit in asked.state.visits] == ["entrust"]
    asked.now = LATER + timedelta(hours=1)
    lead = f"organisation:{office.city['water']}"
    asked.act("deputy", "send", lead=lead, assist=[])
    asked.act("water_handler", "reply", reply="已修好")
    asked.act("resident", "no")
    assert [visit.step for visit in asked.state.visits] == ["entrust"]
    assert verify(office.house).faults == []


def test_the_history_says_so_in_words_and_tells_the_past_by_the_version_of_its_time(office: Office) -> None:
    story = busy(office, 3)[2]
    item = next(number for number, step in _items(office.house, story.issue_id) if step == "ask")
    published(office.house, NEXT.replace("title: {zh: 交办, en: Ask}", "title: {zh: 转交, en: Entrust}"))
    migration = begin(office.house, plan(office.house), reason="新办法施行", by="test", now=LATER)
    moved_all(office.house, migration)
    seen = issue_view(office.house, story.issue_id, Look(office.city["clerk"], "zh", LATER))
    said = [(one.what, one.follows) for one in seen.timeline]
    assert ("流程转到第 2 版（原第 1 版）", ()) in said
    assert any(what == "交办：交办" for what, _ in said), "the step had this name then"
    assert any("新办法施行" in note.text for one in seen.timeline for note in one.notes)
    reporter = issue_view(office.house, story.issue_id, Look(office.city["resident"], "zh", LATER))
    assert not any("版" in one.what for one in reporter.timeline), "this is internal"
    assert task_view(office.house, story.issue_id, item, Look(office.city["deputy"], "zh", LATER)).title == "交办"


def _items(house: House, issue_id: int) -> list[tuple[int, str]]:
    with house.database.reading() as connection:
        query = select(work_items.c.number, work_items.c.step).where(work_items.c.issue_id == issue_id)
        return [(row[0], row[1]) for row in connection.execute(query)]


def test_what_was_decided_is_carried_out_first(office: Office) -> None:
    Story(office, MORNING).open()
    published(office.house)
    migration = begin(office.house, plan(office.house), reason="r", by="test", now=LATER)
    assert carry_on(office.house, LATER, 10, migration) == 1
    waiting = tally(office.house, migration)
    assert (waiting.waiting, waiting.moves) == (1, 0)
    assert waiting.reasons[0][0].kind == "later"
    assert carry_on(office.house, LATER, 10, migration) == 0, "not at once again"
    carried_out(office.house)
    moved_all(office.house, migration)
    assert tally(office.house, migration).moves == 1


def test_what_the_plan_forgets_stays_where_it_is_until_it_is_tried_again(office: Office) -> None:
    stories = busy(office)
    published(office.house)
    migration = begin(office.house, prepare(office.house, "office", 1, 2), reason="r", by="test", now=LATER)
    moved_all(office.house, migration)
    done = tally(office.house, migration)
    assert (done.moves, done.mapping) == (4, 2)
    assert versions(office.house) == {1: 2, 2: 4}
    stuck = stories[1]
    stuck.act("deputy", "send", lead=f"organisation:{office.city['water']}", assist=[])
    carried_out(office.house)
    assert try_again(office.house, migration, LATER) == 2
    moved_all(office.house, migration)
    done = tally(office.house, migration)
    assert (done.moves, done.mapping) == (5, 1), "it was at a step that has a place by then"


def test_a_migration_is_taken_back_where_the_issues_are_still_open(office: Office) -> None:
    stories = busy(office)
    states = [story.state for story in stories]
    published(office.house)
    migration = begin(office.house, plan(office.house), reason="r", by="test", now=LATER)
    moved_all(office.house, migration)
    stories[0].now = LATER + timedelta(minutes=5)
    stories[0].act("clerk", "refuse")
    carried_out(office.house)
    back = revert(office.house, migration, reason="错了", by="test", now=LATER)
    moved_all(office.house, back)
    done = tally(office.house, back)
    assert (done.asked, done.moves) == (5, 5)
    assert versions(office.house) == {1: 5, 2: 1}
    for story, before in list(zip(stories, states, strict=True))[1:]:
        after = story.state
        assert (after.visits, after.items, after.timers, after.data) == (
            before.visits,
            before.items,
            before.timers,
            before.data,
        )
    assert verify(office.house).faults == []


def test_the_overrides_of_a_station_are_laid_over_the_new_version_too(office: Office) -> None:
    publish_override(
        office.house,
        "override: office\nfor: {station: XG}\nsteps:\n  register: {within: 2 working days}\n",
        "o.yaml",
        by="t",
        now=MORNING,
    )
    story = Story(office, MORNING)
    story.open()
    carried_out(office.house)
    published(office.house, SOURCE.replace("within: 15 working days", "within: 10 working days"))
    migration = begin(office.house, plan(office.house, "deadlines: recompute\n"), reason="r", by="test", now=LATER)
    moved_all(office.house, migration)
    assert tally(office.house, migration).moves == 1
    with office.house.database.reading() as connection:
        query = select(definition_versions.c.version, definition_versions.c.variant).join(
            issues, issues.c.definition_version_id == definition_versions.c.id
        )
        version, variant = connection.execute(query).one()
    assert version == 2
    assert variant
    assert story.state.visits[0].due_on == "2026-03-04"


def test_people_act_while_their_issues_move_and_nothing_is_lost(office: Office) -> None:
    stories = busy(office, 30)
    published(office.house)
    migration = begin(office.house, plan(office.house), reason="r", by="test", now=LATER)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for story in stories[::3]:
                story.now = LATER
                story.act("clerk", "accept")
        except BaseException as error:
            failures.append(error)

    people = threading.Thread(target=work)
    people.start()
    now = LATER
    while people.is_alive() or found(office.house, migration).status == "running":
        carry_on(office.house, now, 3, migration)
        carried_out(office.house)
        now += timedelta(seconds=5)
    people.join()
    assert failures == []
    done = tally(office.house, migration)
    assert (done.asked, done.moves) == (30, 30)
    assert verify(office.house).faults == []
    assert {visit.step for story in stories[::3] for visit in story.state.visits} == {"entrust"}


def test_a_migration_that_is_killed_goes_on_none_lost_and_none_twice(office: Office, tmp_path: Path) -> None:
    house = office.house
    busy(office, 60)
    published(house)
    migration = begin(house, plan(house), reason="r", by="test", now=LATER)
    url = house.database.engine.url.render_as_string(hide_password=False)
    kills = 0
    for _ in range(30):
        with forked(move_on, url, tmp_path, LATER, migration) as (runner, said):
            with suppress(EOFError):
                said.recv()
            time.sleep(0.005 * (kills % 3))
            runner.kill()
            runner.join()
            kills += runner.exitcode == -signal.SIGKILL
        if found(house, migration).status == "ended":
            break
    moved_all(house, migration)
    assert kills >= 3
    done = tally(house, migration)
    assert (done.asked, done.moves) == (60, 60)
    with house.database.reading() as connection:
        entries = connection.execute(
            select(func.count()).select_from(history).where(history.c.kind == "migrate")
        ).scalar_one()
        rows = connection.execute(select(process_migration_issues.c.status).distinct()).scalars().all()
    assert entries == 60
    assert rows == ["moved"]
    assert verify(house).faults == []


def test_on_the_command_line(
    tmp_path: Path, sqlite_office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    busy(sqlite_office, since=datetime.now(UTC) - timedelta(hours=2))
    published(sqlite_office.house)
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.setenv("HUYING_DATABASE_URL", f"sqlite:///{tmp_path}/huying.db")
    assert main(["migrate", "office"]) == 1
    said = capsys.readouterr().out
    assert "office v1 → v2" in said
    assert "6 件：可转 would move 4、待补对应 need a mapping 2" in said
    assert "新版没有这个步骤 the new version has no such step: ask" in said
    file = tmp_path / "plan.yaml"
    file.write_text("steps: {ask: entrusst}\n", "utf-8")
    assert main(["migrate", "office", "--plan", str(file)]) == 2
    assert "是不是“entrust”" in capsys.readouterr().err
    file.write_text(PLAN, "utf-8")
    assert main(["migrate", "office", "--plan", str(file)]) == 0
    assert "步骤 step 交办 ask → entrust" in capsys.readouterr().out
    assert main(["migrate", "office", "--plan", str(file), "--begin"]) == 2, "a reason is needed"
    assert main(["migrate", "office", "--plan", str(file), "--begin", "--reason", "新办法"]) == 0
    assert "6 件：已转 moved 6" in capsys.readouterr().out
    assert main(["migrations"]) == 0
    assert "office v1 → v2" in capsys.readouterr().out
    assert main(["migrations", "--revert", "1", "--reason", "撤回"]) == 0
    assert versions(sqlite_office.house) == {1: 6}
    assert main(["migrate", "office", "--from", "1", "--to", "1"]) == 0
