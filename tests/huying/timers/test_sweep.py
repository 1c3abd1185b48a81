"""The sweep: what is due fires once and in order, whoever dies, fails, or sets the clock."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, insert, select, update

from flows.house_ports import HousePorts
from huying.chores.timers import TIMERS
from huying.database.connections import Database
from huying.database.tables import history, issues, outbox, timers
from huying.delivery import sender
from huying.effects.carriers import carry
from huying.house.house import House
from huying.issues.verification import verify
from huying.outbox.claims import claim_effects
from huying.telemetry import vitals
from huying.timers.claims import LEASE, LONGEST_WAIT, claim
from huying.timers.clock_watch import Watch
from huying.timers.correction import set_right
from huying.timers.steady_clock import PROVEN
from huying.timers.sweep import HOLDS_BACK, count_due, failing, fire, fire_due, sweep
from notifications import Mailbox, Transports
from tests.conftest import Office
from tests.forked import forked
from tests.huying.story import Story
from tests.huying.sweeper import sweep_and_wait

DAYS = timedelta(days=3)
MINUTE = timedelta(minutes=1)


def opened(office: Office, now: datetime, count: int) -> list[Story]:
    """So many issues, a minute after each other: each has a reminder and a deadline."""
    stories = [Story(office, now + number * MINUTE) for number in range(count)]
    for number, story in enumerate(stories):
        story.open(f"open-{number}", subject=f"路灯不亮 {number}")
    return stories


def fired(house: House) -> list[tuple[int, int]]:
    """The timers that fired as (issue, number), in the order in which they did."""
    query = (
        select(history.c.issue_id, history.c.event)
        .join(outbox, (outbox.c.issue_id == history.c.issue_id) & (outbox.c.sequence == history.c.sequence))
        .where(history.c.kind == "fire")
        .order_by(outbox.c.id)
    )
    with house.database.reading() as connection:
        return list(dict.fromkeys((row.issue_id, row.event.timer) for row in connection.execute(query)))


def fire_events(house: House) -> Counter[tuple[int, int]]:
    """How often the history says that each timer fired."""
    with house.database.reading() as connection:
        rows = connection.execute(select(history.c.issue_id, history.c.event).where(history.c.kind == "fire"))
        return Counter((row.issue_id, row.event.timer) for row in rows)


def waiting(house: House) -> list[tuple[int, int]]:
    """The open timers, in the order in which they are due."""
    query = select(timers.c.issue_id, timers.c.number).order_by(timers.c.due_at, timers.c.issue_id, timers.c.number)
    with house.database.reading() as connection:
        return [(row.issue_id, row.number) for row in connection.execute(query)]


def in_order(house: House, due: Sequence[tuple[int, int]]) -> bool:
    """Whether each issue's timers fired in the order in which they were due."""
    seen = fired(house)
    issue_ids = {issue for issue, _ in due}
    return all([t for t in seen if t[0] == one] == [t for t in due if t[0] == one] for one in issue_ids)


def break_issue(office: Office, issue_id: int) -> None:
    """Make an issue one that no event can move."""
    with office.house.database.writing() as connection:
        state = connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        broken = replace(state, visits=tuple(replace(visit, step="no-such-step") for visit in state.visits))
        connection.execute(update(issues).where(issues.c.id == issue_id).values(state=broken))


def mend_issue(office: Office, issue_id: int) -> None:
    """Undo that."""
    with office.house.database.writing() as connection:
        state = connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        mended = replace(state, visits=tuple(replace(visit, step="register") for visit in state.visits))
        connection.execute(update(issues).where(issues.c.id == issue_id).values(state=mended))


def test_after_a_downtime_timers_fire_in_the_order_in_which_they_were_due(office: Office, now: datetime) -> None:
    opened(office, now, 6)
    due = waiting(office.house)
    swept = sweep(office.house, now + DAYS)
    assert (swept.claimed, swept.fired, swept.failures) == (12, 12, ())
    assert fired(office.house) == due
    assert waiting(office.house) == []


def test_batches_take_the_longest_overdue_first(office: Office, now: datetime) -> None:
    opened(office, now, 5)
    due = waiting(office.house)
    while fire_due(office.house, now + DAYS, limit=3):
        pass
    assert fired(office.house) == due


def test_what_another_sweeper_claimed_out_of_turn_still_fires_in_the_order_of_its_issue(
    office: Office, now: datetime
) -> None:
    opened(office, now, 3)
    due, later = waiting(office.house), now + DAYS
    reminders, deadlines = claim(office.house, later, 3), claim(office.house, later, 3)
    assert {timer.issue_id for timer in reminders} == {timer.issue_id for timer in deadlines}
    assert fire(office.house, deadlines, later).fired == 6, "the reminders that nobody has fired yet come first"
    assert fire(office.house, reminders, later).fired == 0
    assert in_order(office.house, due)
    assert max(fire_events(office.house).values()) == 1


@pytest.mark.parametrize("sweepers", [2, 4])
def test_sweepers_at_once_share_the_work_and_nothing_fires_twice(office: Office, now: datetime, sweepers: int) -> None:
    opened(office, now, 20)
    due = waiting(office.house)

    def work(_: int) -> int:
        done = 0
        while claimed := sweep(office.house, now + DAYS, limit=5):
            if not claimed.claimed:
                return done
            done += claimed.fired
        return done

    with ThreadPoolExecutor(sweepers) as pool:
        assert sum(pool.map(work, range(sweepers))) == 40
    assert fire_events(office.house) == Counter(due)
    assert in_order(office.house, due)
    assert verify(office.house).faults == []


def test_a_sweeper_killed_twenty_times_between_claim_and_firing_loses_nothing(
    database: Database, office: Office, now: datetime
) -> None:
    opened(office, now, 20)
    due, later = waiting(office.house), now + DAYS
    chance = random.Random(20261123)
    url = database.engine.url.render_as_string(hide_password=False)
    done = 0
    for _ in range(20):
        claiming = chance.randint(2, 6)
        claimed, fired_before = killed(url, later, claiming, chance.randint(0, claiming // 2))
        done += fired_before
        assert claimed == min(claiming, 40 - done + fired_before)
        assert count_due(office.house, later) == 40 - done - (claimed - fired_before), "the dead one holds its own"
        later += LEASE
        assert count_due(office.house, later) == 40 - done, "and nothing of it is lost"
    while sweep(office.house, later).claimed:
        pass
    assert fire_events(office.house) == Counter(due), "each exactly once"
    assert in_order(office.house, due)
    assert verify(office.house).faults == []


def killed(url: str, now: datetime, claiming: int, firing: int) -> tuple[int, int]:
    """Start a sweeper, kill -9 it after it has claimed so many and fired so many; what it did."""
    with forked(sweep_and_wait, url, now, claiming, firing) as (_, said):
        claimed, done = said.recv()
    return claimed, done


def test_what_a_sweeper_holds_is_passed_over_until_its_lease_ends(office: Office, now: datetime) -> None:
    opened(office, now, 2)
    later = now + DAYS
    assert len(claim(office.house, later, 100)) == 4
    assert count_due(office.house, later) == 0
    assert claim(office.house, later + LEASE - MINUTE, 100) == []
    assert len(claim(office.house, later + LEASE, 100)) == 4


def test_a_lease_from_a_clock_that_was_ahead_does_not_hang(office: Office, now: datetime) -> None:
    opened(office, now, 2)
    assert len(claim(office.house, now + DAYS + timedelta(days=365), 100)) == 4
    assert fire_due(office.house, now + DAYS) == 4


def test_with_the_clock_set_back_nothing_fires_early_or_twice(office: Office, now: datetime) -> None:
    [story] = opened(office, now, 1)
    deadline = now + DAYS
    assert fire_due(office.house, deadline, limit=1) == 1
    assert fire_due(office.house, now) == 0, "what is due later is due later"
    assert fire_due(office.house, deadline) == 1
    assert max(fire_events(office.house).values()) == 1
    story.now = now
    story.act("clerk", "accept")
    with office.house.database.reading() as connection:
        moments = connection.execute(select(history.c.at).order_by(history.c.sequence)).scalars().all()
        made = connection.execute(select(outbox.c.available_at).order_by(outbox.c.id.desc())).scalars().first()
    assert moments == sorted(moments), "no event is before the one before"
    assert made == story.now, "but what it leads to does not wait until the clock is there again"
    assert verify(office.house).faults == []


def test_what_was_written_under_a_wrong_clock_is_set_free_when_it_is_set_back(office: Office, now: datetime) -> None:
    opened(office, now + timedelta(days=365), 1)
    assert claim_effects(office.house, now) == []
    assert set_right(office.house, now) > 0
    assert claim_effects(office.house, now) != []
    assert set_right(office.house, now) == 0


def test_what_was_taken_or_put_off_under_a_wrong_clock_is_set_free_too(office: Office, now: datetime) -> None:
    opened(office, now, 1)
    ahead = now + timedelta(days=365)
    assert claim_effects(office.house, ahead) != []
    assert claim_effects(office.house, now) == []
    assert set_right(office.house, now) > 0
    assert claim_effects(office.house, now) != []
    assert set_right(office.house, now) == 0, "a lease of now is left alone"


def test_an_issue_that_cannot_go_on_is_tried_ever_later_and_keeps_nobody_waiting(office: Office, now: datetime) -> None:
    broken, _ = opened(office, now, 2)
    break_issue(office, broken.issue_id)
    deadline = waiting(office.house)[2]
    with office.house.database.writing() as connection:
        connection.execute(delete(timers).where(timers.c.issue_id == deadline[0], timers.c.number == deadline[1]))
    moment = now + DAYS
    swept = sweep(office.house, moment)
    assert (swept.claimed, swept.fired) == (3, 2)
    [failure] = swept.failures
    assert failure.number == "XG-2026-00001"
    assert "no-such-step" in failure.reason
    assert failing(office.house) == [failure], "staff can see it"
    assert count_due(office.house, moment) == 0, "it does not spin"
    waits = []
    for _ in range(12):
        begun = moment
        while not count_due(office.house, moment):
            moment += timedelta(seconds=30)
        waits.append(moment - begun)
        sweep(office.house, moment)
    assert waits[0] == timedelta(seconds=30)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT


def test_the_deadline_of_an_issue_waits_for_a_reminder_that_fails_but_not_for_ever(
    office: Office, now: datetime
) -> None:
    [story] = opened(office, now, 1)
    reminder, deadline = waiting(office.house)
    break_issue(office, story.issue_id)
    moment = now + DAYS
    assert [one.attempts for one in sweep(office.house, moment).failures] == [1], "the second was not tried"
    moment += LONGEST_WAIT
    mend_issue(office, story.issue_id)
    assert sweep(office.house, moment).fired == 2
    assert fired(office.house) == [reminder, deadline]
    assert failing(office.house) == []


def test_a_timer_that_always_fails_no_longer_holds_back_the_others(office: Office, now: datetime) -> None:
    opened(office, now, 1)
    reminder, deadline = waiting(office.house)
    moment = now + DAYS
    with office.house.database.writing() as connection:
        stuck = {"attempts": HOLDS_BACK, "retry_at": moment + LONGEST_WAIT, "error": "x"}
        connection.execute(update(timers).where(timers.c.number == reminder[1]).values(**stuck))
    assert sweep(office.house, moment).fired == 1
    assert fired(office.house) == [deadline]


def test_a_timer_that_its_issue_does_not_know_does_not_spin(office: Office, now: datetime) -> None:
    [story] = opened(office, now, 1)
    with office.house.database.writing() as connection:
        row = {"issue_id": story.issue_id, "number": 99, "due_at": now, "attempts": 0}
        connection.execute(insert(timers), row)
    assert sweep(office.house, now).fired == 0
    assert count_due(office.house, now) == 0
    assert [one.attempts for one in failing(office.house)] == [1]


def test_what_fires_late_says_so_to_those_who_carry_it_out(office: Office, now: datetime) -> None:
    opened(office, now, 1)
    with office.house.database.writing() as connection:
        connection.execute(update(timers).where(timers.c.number == 1).values(due_at=now + timedelta(days=1)))
        connection.execute(update(outbox).values(status="done"))
    fire_due(office.house, now + DAYS)
    assert {errand.late for errand in claim_effects(office.house, now + DAYS)} == {True}


def test_what_fires_in_time_does_not(office: Office, now: datetime) -> None:
    opened(office, now, 1)
    with office.house.database.writing() as connection:
        moment = connection.execute(select(timers.c.due_at).order_by(timers.c.due_at)).scalars().first()
        connection.execute(update(outbox).values(status="done"))
    assert moment is not None
    assert fire_due(office.house, moment + timedelta(minutes=29)) == 1
    assert [errand.late for errand in claim_effects(office.house, now + DAYS)] == [False]


class Machine:
    """A dispatcher's view of a house, on a machine whose clock somebody sets."""

    def __init__(self, house: House, now: datetime, folder: Path) -> None:
        self.house, self.now, self.up, self.folder = house, now, timedelta(hours=1), folder
        transports = Transports(mail=Mailbox(folder))
        self.ports = HousePorts(house, transports, "http://x", lambda: self.now, Watch(lambda: self.up, "start"))

    def begun_anew(self) -> Machine:
        """The same machine with a new process."""
        other = Machine(self.house, self.now, self.folder)
        other.up = self.up
        return other

    def after(self, passed: timedelta, set_by: timedelta = timedelta()) -> int:
        """How many timers are to be fired after a while, and after the clock was set."""
        self.up += passed
        self.now += passed + set_by
        return self.ports.due(TIMERS)

    def note(self) -> str:
        """What the dispatcher's heartbeat says."""
        self.ports.beat(True)
        health = vitals.health(self.house, "http://127.0.0.1:9/api", self.now)
        trouble = health["dispatcher"]
        return trouble["en"] if trouble else ""


def test_nothing_is_fired_while_the_clock_has_jumped_ahead(office: Office, now: datetime, tmp_path: Path) -> None:
    opened(office, now, 3)
    machine = Machine(office.house, now, tmp_path)
    assert machine.after(MINUTE) == 0
    assert machine.note() == ""
    assert machine.after(MINUTE, 300 * DAYS) == 0
    assert "clock jumped ahead" in machine.note()
    batch = machine.ports.carry_on(TIMERS)
    assert (batch.taken, batch.done) == (0, 0)
    assert "系统时钟" in batch.notice, "a run that staff start says why it fires nothing"
    assert machine.after(MINUTE, -300 * DAYS) == 0
    assert machine.note() == ""
    assert waiting(office.house) != []


def test_a_clock_that_keeps_its_new_time_is_believed_in_the_end(office: Office, now: datetime, tmp_path: Path) -> None:
    opened(office, now, 3)
    machine = Machine(office.house, now, tmp_path)
    machine.after(MINUTE)
    assert machine.after(MINUTE, DAYS) == 0
    assert machine.after(PROVEN) == 6
    assert machine.ports.carry_on(TIMERS).done == 6


def test_a_process_that_starts_while_the_clock_is_wrong_does_not_believe_it(
    office: Office, now: datetime, tmp_path: Path
) -> None:
    opened(office, now, 3)
    machine = Machine(office.house, now, tmp_path)
    machine.after(MINUTE)
    machine.note()
    machine.now += 300 * DAYS
    later = machine.begun_anew()
    assert later.after(MINUTE) == 0
    assert "clock jumped ahead" in later.note()
    last = later.begun_anew()
    assert last.after(MINUTE) == 0, "what the doubting one kept is what was believed before"
    assert last.after(PROVEN) == 6


def test_a_message_held_by_a_sender_that_died_under_a_wrong_clock_is_set_free(office: Office, now: datetime) -> None:
    opened(office, now, 1)
    while claimed := claim_effects(office.house, now):
        for effect in claimed:
            carry(office.house, effect, now)
    sender._claim(office.house, now + timedelta(hours=6), 100)
    assert not sender.has_pending(office.house, now + timedelta(minutes=10))
    assert set_right(office.house, now) > 0
    assert sender.has_pending(office.house, now)
    sender._claim(office.house, now, 100)
    assert set_right(office.house, now) == 0, "a lease of now is left alone"


def test_a_machine_that_slept_fires_what_fell_due_meanwhile(office: Office, now: datetime, tmp_path: Path) -> None:
    opened(office, now, 3)
    machine = Machine(office.house, now, tmp_path)
    machine.after(MINUTE)
    assert machine.after(DAYS) == 6


def test_when_the_clock_is_set_back_what_waits_goes_on(office: Office, now: datetime, tmp_path: Path) -> None:
    machine = Machine(office.house, now, tmp_path)
    machine.after(MINUTE)
    machine.after(MINUTE, -timedelta(hours=2))
    opened(office, machine.now + timedelta(hours=1), 1)
    assert machine.ports.claim_effects(10) == []
    machine.after(MINUTE, -timedelta(hours=1))
    assert machine.ports.claim_effects(10) != []
