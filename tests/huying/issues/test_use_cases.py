"""Each use case is one transaction, repeated requests are harmless, and two people at once are safe; on SQLite and PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, update

from engine.refusal import Gone, Invalid, NotAllowed, Refusal
from huying.access.links import make_link, open_link
from huying.access.passphrase import hash_passphrase
from huying.access.sessions import WrongLogin, participant_of, sign_in, sign_out
from huying.chores.expiry import housekeep
from huying.database.tables import (
    candidates,
    definition_versions,
    history,
    issues,
    outbox,
    participants,
    timers,
    work_items,
)
from huying.errors import AlreadyDone, NotFound, Reused, TooLarge, WrongFile
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.attachments import attach, read_attachment
from huying.issues.deeds import act, claim, comment, release
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.issues.verification import verify
from huying.processes.publication import publish
from huying.timers.sweep import count_due, fire_due
from tests.conftest import Office
from tests.huying.story import Story
from tests.huying.town import PIXEL

OFFICE = Path(__file__).parents[2] / "definitions" / "office.yaml"


@pytest.fixture
def story(office: Office, now: datetime) -> Story:
    """An issue that a resident has just reported."""
    made = Story(office, now)
    made.open()
    return made


def count(office: Office, table: object) -> int:
    """How many rows a table holds."""
    with office.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_an_issue_runs_from_report_to_closure_and_its_history_is_whole(story: Story, office: Office) -> None:
    story.to_the_end()
    with office.house.database.reading() as connection:
        row = connection.execute(select(issues)).one()
        statuses = set(connection.execute(select(work_items.c.status)).scalars())
    assert (row.number, row.status, row.resolution, row.version) == ("XG-2026-00001", "closed", "solved", 6)
    assert row.answerable_id == office.city["deputy"]
    assert statuses == {"done"}
    assert (count(office, timers), count(office, candidates)) == (0, 0)
    assert count(office, outbox) >= 6
    assert verify(office.house).faults == []


def test_a_copied_definition_that_numbers_alike_goes_on_after_the_others_numbers(story: Story, office: Office) -> None:
    for number in range(2, 5):
        story.open(f"open-{number}")
    copied = OFFICE.read_text("utf-8").replace("id: office", "id: office-two", 1)
    publish(office.house, copied, "copy.yaml", Imprint("test", story.now))
    given: list[str] = []
    for definition in ("office-two", "office-two", "office", "office-two"):
        receipt = open_issue(
            office.house,
            Report(
                definition=definition, station="XG", reporter=office.city["resident"], values={"subject": "路灯不亮"}
            ),
            request_id=f"copied-{len(given)}",
            now=story.now,
        )
        given.append(receipt.number)
    assert given == [f"XG-2026-0000{n}" for n in (5, 6, 7, 8)]
    assert verify(office.house).faults == []


def test_numbers_run_on_for_each_station_and_year(story: Story, office: Office) -> None:
    assert story.open("open-2").number == "XG-2026-00002"
    story.now += timedelta(days=366)
    assert story.open("open-3").number == "XG-2027-00001"


def test_a_report_sent_twice_is_one_issue(story: Story, office: Office) -> None:
    again = story.open("open-1")
    assert again.repeated
    assert count(office, issues) == 1


def test_a_report_s_key_cannot_be_used_for_another_report(story: Story) -> None:
    with pytest.raises(Reused):
        story.open("open-1", subject="别的事")


def test_many_reports_at_once_get_numbers_of_their_own(story: Story, office: Office, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda n: Story(office, now).open(f"many-{n}").number, range(20)))
    assert len(set(numbers)) == 20


def test_the_same_report_from_many_threads_is_one_issue(office: Office, now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: Story(office, now).open("same").number, range(8)))
    assert len(set(numbers)) == 1
    assert count(office, issues) == 1


def test_an_action_sent_twice_happens_once(story: Story, office: Office) -> None:
    item = story.item("clerk")
    first = story.act("clerk", "accept", request_id="r1", item=item)
    again = story.act("clerk", "accept", request_id="r1", item=item)
    assert (again.version, again.repeated) == (first.version, True)
    assert count(office, history) == 2


def test_a_request_key_cannot_be_used_for_something_else(story: Story) -> None:
    item = story.item("clerk")
    story.act("clerk", "accept", request_id="r1", item=item)
    with pytest.raises(Reused):
        story.act("clerk", "refuse", request_id="r1", item=item)


def test_of_two_people_at_once_the_second_is_told_who_was_first(story: Story, office: Office) -> None:
    item = story.item("clerk")
    story.act("clerk", "accept", item=item)
    with pytest.raises(AlreadyDone) as refused:
        story.act("deputy", "refuse", item=item)
    assert "clerk" in refused.value.message["zh"]
    assert "2026-03-02 09:01" in refused.value.message["en"]
    with pytest.raises(AlreadyDone, match="You did this task at 2026-03-02 09:01"):
        story.act("clerk", "refuse", item=item)
    with pytest.raises(Gone):
        story.act("resident", "refuse", item=item)
    with pytest.raises(Gone):
        story.act("power_handler", "refuse", item=item)


def test_of_many_at_once_exactly_one_wins_and_nothing_is_doubled(story: Story, office: Office) -> None:
    item = story.item("clerk")

    def attempt(number: int) -> str:
        try:
            person, house = office.city["clerk"], office.house
            act(house, story.issue_id, item, "accept", {}, By(person, story.now, f"n{number}"))
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(attempt, range(16)))
    assert sorted(set(results)) == ["already-done", "done"]
    assert results.count("done") == 1
    assert count(office, history) == 2
    assert verify(office.house).faults == []


def test_remarks_at_once_are_all_kept_in_one_chain(story: Story, office: Office) -> None:
    def say(number: int) -> None:
        person = office.city["resident"]
        comment(office.house, story.issue_id, f"催办 {number}", By(person, story.now))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say, range(8)))
    assert count(office, history) == 9
    assert verify(office.house).faults == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
def test_an_empty_or_endless_remark_is_refused(story: Story, office: Office, text: str) -> None:
    with pytest.raises(Invalid):
        comment(office.house, story.issue_id, text, By(office.city["clerk"], story.now))


def test_claiming_takes_a_task_for_oneself_and_releasing_gives_it_back(story: Story, office: Office) -> None:
    item, who = story.item("clerk"), By(office.city["clerk"], story.now)
    claim(office.house, story.issue_id, item, who)
    with office.house.database.reading() as connection:
        assert connection.execute(select(work_items.c.owner_id)).scalar_one() == office.city["clerk"]
    release(office.house, story.issue_id, item, who)
    with office.house.database.reading() as connection:
        assert connection.execute(select(work_items.c.owner_id)).scalar_one() is None


def test_nobody_acts_on_a_task_of_others(story: Story, office: Office) -> None:
    with pytest.raises(NotAllowed):
        story.act("deputy", "accept", item=story.item("clerk"))
    assert count(office, history) == 1


def test_what_does_not_exist_is_said_in_words(story: Story, office: Office) -> None:
    clerk = office.city["clerk"]
    with pytest.raises(NotFound):
        act(office.house, 999, 1, "accept", {}, By(clerk, story.now))
    with pytest.raises(Gone):
        story.act("clerk", "accept", item=999)
    for definition, station in (("no-such", "XG"), ("office", "no-such")):
        with pytest.raises(NotFound):
            open_issue(
                office.house,
                Report(
                    definition=definition, station=station, reporter=NewReporter(name="访客"), values={"subject": "x"}
                ),
                request_id="q",
                now=story.now,
            )
    assert count(office, issues) == 1


def test_a_wrong_form_leaves_nothing_behind(office: Office, now: datetime) -> None:
    with pytest.raises(Invalid):
        open_issue(
            office.house,
            Report(
                definition="office",
                station="XG",
                reporter=NewReporter(name="访客", email="guest@example.com"),
                values={"subject": ""},
            ),
            request_id="q",
            now=now,
        )
    assert (count(office, issues), count(office, outbox)) == (0, 0)
    with office.house.database.reading() as connection:
        assert connection.execute(select(participants.c.id).where(participants.c.name == "访客")).all() == []


def test_timers_fire_once_however_many_sweep(story: Story, office: Office) -> None:
    story.now += timedelta(days=3)
    assert count_due(office.house, story.now) == 2
    with ThreadPoolExecutor(4) as pool:
        fired = list(pool.map(lambda _: fire_due(office.house, story.now), range(4)))
    assert sum(fired) == 2
    assert count(office, timers) == 0
    assert fire_due(office.house, story.now) == 0
    assert verify(office.house).faults == []


def test_a_sweep_that_died_between_claim_and_firing_is_made_good(story: Story, office: Office) -> None:
    story.now += timedelta(days=3)
    with office.house.database.writing() as connection:
        connection.execute(update(timers).values(leased_until=story.now + timedelta(minutes=2)))
    assert fire_due(office.house, story.now) == 0, "held by the one that died"
    assert fire_due(office.house, story.now + timedelta(minutes=3)) == 2


def test_one_issue_that_cannot_go_on_does_not_keep_the_others_waiting(story: Story, office: Office) -> None:
    other = Story(office, story.now)
    other.open("open-2")
    with office.house.database.writing() as connection:
        state = connection.execute(select(issues.c.state).where(issues.c.id == story.issue_id)).scalar_one()
        broken = replace(state, visits=tuple(replace(visit, step="no-such-step") for visit in state.visits))
        connection.execute(update(issues).where(issues.c.id == story.issue_id).values(state=broken))
    assert fire_due(office.house, story.now + timedelta(days=3)) == 2, "the reminder and the deadline of the other"


def test_a_changed_history_is_found(story: Story, office: Office) -> None:
    story.to_the_end()
    with office.house.database.writing() as connection:
        connection.execute(update(history).where(history.c.sequence == 2).values(actor_id=office.city["deputy"]))
    assert "2" in verify(office.house).faults[0]


def test_a_changed_state_is_found(story: Story, office: Office) -> None:
    with office.house.database.writing() as connection:
        state = connection.execute(select(issues.c.state)).scalar_one()
        connection.execute(update(issues).values(state=replace(state, resolution="solved")))
    assert len(verify(office.house).faults) == 1


def test_files_are_kept_by_their_digest_and_told_in_the_history(story: Story, office: Office) -> None:
    clerk = office.city["clerk"]
    receipt = attach(office.house, story.issue_id, "../../灯.png", PIXEL, By(clerk, story.now, "f"))
    added, content = read_attachment(office.house, story.issue_id, receipt.version)
    assert (added.name, added.media_type, content) == ("灯.png", "image/png", PIXEL)
    again = attach(office.house, story.issue_id, "../../灯.png", PIXEL, By(clerk, story.now, "f"))
    assert again.repeated


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"MZ...", WrongFile), (b"<svg onload=...", WrongFile), (b"", WrongFile), (PIXEL + b"0" * (10 << 20), TooLarge)],
)
def test_programs_and_endless_files_are_not_taken(
    story: Story, office: Office, content: bytes, error: type[Refusal]
) -> None:
    with pytest.raises(error):
        attach(office.house, story.issue_id, "a.png", content, By(office.city["clerk"], story.now))
    assert count(office, history) == 1


def test_publishing_the_same_content_again_makes_no_version(office: Office, now: datetime) -> None:
    text = OFFICE.read_text("utf-8")
    version, new = publish(office.house, text + "\n# a comment\n", "office.yaml", Imprint("x", now))
    assert (version.version, new) == (1, False)
    version, new = publish(
        office.house, text.replace("3 working days", "5 working days"), "office.yaml", Imprint("x", now)
    )
    assert (version.version, new) == (2, True)


def test_issues_stay_with_the_version_that_they_began_with(story: Story, office: Office) -> None:
    text = OFFICE.read_text("utf-8").replace("when: urgent, to: ask}", "when: urgent, to: give}")
    text = text.replace("- {to: give}", "- {to: ask}")
    publish(office.house, text, "office.yaml", Imprint("x", story.now))
    story.act("clerk", "accept")
    assert story.state.roles, "the old version goes by way of “route” and picks a deputy there"
    with office.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(definition_versions)).scalar_one() == 2


@pytest.mark.usefixtures("real_hasher")
def test_signing_in_gives_a_token_that_ends(office: Office, now: datetime) -> None:
    with office.house.database.writing() as connection:
        hashed = hash_passphrase("secret")
        assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$"), "what OWASP asks for at least"
        row = {"login": "clerk", "passphrase_hash": hashed}
        connection.execute(update(participants).where(participants.c.id == office.city["clerk"]).values(**row))
    with pytest.raises(WrongLogin):
        sign_in(office.house, "clerk", "wrong", now)
    with pytest.raises(WrongLogin):
        sign_in(office.house, "nobody", "secret", now)
    token = sign_in(office.house, "clerk", "secret", now)
    assert participant_of(office.house, token, now) == office.city["clerk"]
    assert participant_of(office.house, token, now + timedelta(hours=13)) is None
    sign_out(office.house, token)
    assert participant_of(office.house, token, now) is None


def test_a_link_opens_one_person_s_task_until_it_expires(story: Story, office: Office) -> None:
    with office.house.database.writing() as connection:
        token = make_link(connection, office.city["clerk"], story.issue_id, 2, story.now)
    link = open_link(office.house, token, story.now)
    assert (link.participant_id, link.issue_id, link.item) == (office.city["clerk"], story.issue_id, 2)
    story.to_the_end()
    for wrong, moment in ((token + "x", story.now), (token, story.now + timedelta(days=61))):
        with pytest.raises(NotFound):
            open_link(office.house, wrong, moment)


def test_a_link_lives_as_long_as_its_task_or_issue_is_open(story: Story, office: Office) -> None:
    task = next(item.number for item in story.state.items if item.kind == "task" and not item.done)
    with office.house.database.writing() as connection:
        tokens = [make_link(connection, office.city["clerk"], story.issue_id, item, story.now) for item in (task, None)]
    late = story.now + timedelta(days=92)
    assert [open_link(office.house, token, late).item for token in tokens] == [task, None]
    assert housekeep(office.house, late)["links"] == 0, "nor are they cleared away"
    story.to_the_end()
    for token in tokens:
        with pytest.raises(NotFound):
            open_link(office.house, token, late)
        assert open_link(office.house, token, story.now), "for some time it still says what became of it"
    assert [open_link(office.house, token, story.now).over for token in tokens] == [True, False]
