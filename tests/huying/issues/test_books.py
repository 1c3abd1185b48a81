"""What issues take of what others want too: no number, day or room is had twice, however many want it at once; on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, select

from definitions.loader import Unsound
from engine import State
from engine.refusal import Occupied, Refusal, Unavailable
from huying.access.viewer import Look
from huying.database.connections import Database
from huying.database.tables import bookings, given_numbers, issues, outbox, participants
from huying.demo.sample import fill
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.record import issue_id_of, number_of
from huying.issues.verification import verify
from huying.issues.views.filter import Filter
from huying.issues.views.list import issue_list
from huying.issues.views.task import task_view
from huying.migrations.batches import begin
from huying.migrations.issue import Order, move
from huying.migrations.plans import prepare
from huying.processes.publication import publish
from huying.register.directory import references

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
THREADS = 12
HEAD = """
id: {id}
title: {{zh: 样例, en: Sample}}
number: "{{{{ station.code }}}}-{id}-{{{{ year }}}}-{{{{ sequence }}}}"
roles: {{clerk: {{staff of: station, title: {{zh: 工作人员, en: Clerk}}}}}}
"""
LETTERS = (
    HEAD.format(id="letters")
    + """
fields:
  subject: {type: text, title: {zh: 事由, en: Subject}}
  document: {type: text, asked: false, title: {zh: 发文字号, en: Document number}}
resolutions: {sent: {zh: 已发出, en: Sent}}
intake:
  draft:
    title: {zh: 拟稿, en: Draft}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions:
      send: {title: {zh: 发文, en: Send}, give: {document: "厦人办〔{{ year }}〕{{ sequence }}号"}, to: again}
  again:
    title: {zh: 印发, en: Print}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions:
      back: {title: {zh: 退回, en: Return}, to: draft}
      end: {title: {zh: 印发, en: Print}, to: sent}
closure:
  sent: {title: {zh: 已发出, en: Sent}, close: sent}
"""
)
LEAVE = (
    HEAD.format(id="leave")
    + """
fields:
  days: {type: integer, required: true, at least: 1, title: {zh: 天数, en: Days}}
  taken: {type: integer, title: {zh: 今年已休, en: Taken}, count: {sum: days, same: reporter, resolution: granted, in: this year}}
  left: {type: integer, title: {zh: 还剩, en: Left}, compute: "5 - taken"}
resolutions: {granted: {zh: 准假, en: Granted}, refused: {zh: 不准, en: Refused}}
intake:
  approve:
    title: {zh: 审批, en: Approve}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions:
      grant: {title: {zh: 同意, en: Grant}, when: days <= left, to: granted}
      refuse: {title: {zh: 不同意, en: Refuse}, to: refused}
closure:
  granted: {title: {zh: 准假, en: Granted}, close: granted}
  refused: {title: {zh: 不准, en: Refused}, close: refused}
"""
)
ROOMS = (
    HEAD.format(id="rooms")
    + """
fields:
  room: {type: choice, required: true, title: {zh: 会议室, en: Room}, options: {small: {zh: 小会议室, en: Small room}, hall: {zh: 大厅, en: Hall}}}
  begins: {type: date-time, required: true, title: {zh: 开始, en: Begins}}
  ends: {type: date-time, required: true, title: {zh: 结束, en: Ends}}
resolutions: {booked: {zh: 已订, en: Booked}, none: {zh: 未订, en: None}}
resources:
  room: {title: {zh: 会议室, en: Room}, which: room, from: begins, to: ends, capacity: {hall: 2}, kept as: booked}
intake:
  confirm:
    title: {zh: 确认, en: Confirm}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions:
      hold: {title: {zh: 先占, en: Hold}, book: room, to: decide}
      take: {title: {zh: 订下, en: Book}, book: room, to: booked}
      no: {title: {zh: 不订, en: No}, to: none}
  decide:
    title: {zh: 决定, en: Decide}
    task: clerk
    within: 1 day
    overdue: {tell: clerk}
    actions:
      yes: {title: {zh: 订下, en: Yes}, to: booked}
      no: {title: {zh: 不订, en: No}, to: none}
      later: {title: {zh: 改期, en: Another time}, edit: [begins, ends], to: confirm}
      free: {title: {zh: 先放, en: Free it}, release: room, to: confirm}
closure:
  booked: {title: {zh: 已订, en: Booked}, close: booked}
  none: {title: {zh: 未订, en: None}, close: none}
"""
)


class Desk:
    """A clerk who acts on the first open task of issues."""

    def __init__(self, house: House) -> None:
        self.house = house
        with house.database.reading() as connection:
            rows = connection.execute(select(participants.c.login, participants.c.id)).all()
        logins = {row.login: row.id for row in rows}
        self.reporter, self.other = int(logins["zhangxiaoman"]), int(logins["liguyu"])
        self._opened = 0

    def publish(self, source: str) -> None:
        """Put a process in force."""
        publish(self.house, source, "sample.yaml", Imprint("test", NOW))

    def open(self, definition: str, reporter: int | None = None, /, **values: Any) -> int:
        """Open an issue; its id."""
        self._opened += 1
        report = Report(definition=definition, station="XG", reporter=reporter or self.reporter, values=values)
        return open_issue(self.house, report, request_id=f"{definition}-{self._opened}", now=NOW).issue_id

    def state(self, issue: int) -> State:
        """What the issue is now."""
        with self.house.database.reading() as connection:
            found: State = connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar_one()
        return found

    def do(self, issue: int, action: str, key: str | None = None, at: datetime = NOW, /, **values: Any) -> None:
        """Act on the open task of an issue."""
        (item,) = (one for one in self.state(issue).items if not one.done)
        person = int(item.candidates[0].partition(":")[2])
        act(self.house, issue, item.number, action, values, By(person, at, key or f"{issue}-{item.number}-{action}"))


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    fill(database, NOW)
    return Desk(House(database, tmp_path))


def at_once(deeds: Sequence[Callable[[], None]]) -> list[Refusal]:
    """Let all of them happen at the same time; the refusals."""

    def tried(deed: Callable[[], None]) -> Refusal | None:
        try:
            deed()
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(THREADS) as threads:
        return [refusal for refusal in threads.map(tried, deeds) if refusal is not None]


def test_many_at_once_get_numbers_without_a_gap_and_none_twice(desk: Desk) -> None:
    desk.publish(LETTERS)
    several = [desk.open("letters", subject=str(n)) for n in range(THREADS * 2)]
    assert at_once([partial(desk.do, one, "send") for one in several]) == []
    given = {str(desk.state(one).data["document"]) for one in several}
    assert given == {f"厦人办〔2026〕{n}号" for n in range(1, THREADS * 2 + 1)}
    assert verify(desk.house).faults == []


def test_a_repeated_request_gives_no_second_number_and_a_returned_issue_keeps_its_own(desk: Desk) -> None:
    desk.publish(LETTERS)
    one, other = desk.open("letters"), desk.open("letters")
    (item,) = desk.state(one).items
    for _ in range(2):
        act(desk.house, one, item.number, "send", {}, By(int(item.candidates[0].partition(":")[2]), NOW, "the-same"))
    desk.do(one, "back")
    desk.do(one, "send")
    desk.do(other, "send")
    assert [desk.state(each).data["document"] for each in (one, other)] == ["厦人办〔2026〕1号", "厦人办〔2026〕2号"]
    with desk.house.database.reading() as connection:
        assert len(connection.execute(select(given_numbers)).all()) == 2


def test_an_issue_is_found_by_a_number_that_it_was_given(desk: Desk) -> None:
    desk.publish(LETTERS)
    one, other = desk.open("letters"), desk.open("letters")
    desk.do(one, "send")
    desk.do(other, "send")
    assert issue_id_of(desk.house, "厦人办〔2026〕2号") == other
    with desk.house.database.reading() as connection:
        assert references.resolve(connection, "issue", "厦人办〔2026〕1号") == f"issue:{one}"
    for number in ("厦人办〔2026〕2号", number_of(desk.house, other)):
        found = issue_list(desk.house, desk.reporter, Filter(number=number), "zh", NOW)
        assert [line.id for line in found.lines] == [other]


def test_a_page_shows_what_is_left_now_though_nothing_has_happened_to_the_issue(desk: Desk) -> None:
    desk.publish(LEAVE)
    waiting, other = desk.open("leave", days=2), desk.open("leave", days=4)
    desk.do(other, "grant")
    (item,) = desk.state(waiting).items
    clerk = int(item.candidates[0].partition(":")[2])
    seen = task_view(desk.house, waiting, item.number, Look(clerk, "zh", NOW))
    assert {value.name: value.text for value in seen.issue.values}["left"] == "1"
    assert [action.key for action in seen.actions] == ["refuse"]


def test_counting_another_process_it_has_to_be_there_with_its_field(desk: Desk) -> None:
    asking = LETTERS.replace(
        "resolutions:",
        "  leave: {type: integer, title: {zh: 已休, en: Taken}, count: {sum: WHAT, of: leave, same: reporter}}\nresolutions:",
    )
    for published, field, rule in (
        (False, "days", "unknown-definition"),
        (True, "dys", "unknown-field"),
        (True, "days", None),
    ):
        if published:
            desk.publish(LEAVE)
        source = asking.replace("WHAT", field)
        if rule is None:
            desk.publish(source)
        else:
            with pytest.raises(Unsound) as refused:
                desk.publish(source)
            assert [finding.rule for finding in refused.value.findings] == [rule]
    desk.do(desk.open("leave", days=3), "grant")
    assert desk.state(desk.open("letters")).data["leave"] == 3


def test_a_sequence_begins_anew_each_year_and_is_shared_by_whoever_names_the_series(desk: Desk) -> None:
    shared = LETTERS.replace(
        '{document: "厦人办〔{{ year }}〕{{ sequence }}号"}',
        '{document: {series: letters, number: "厦〔{{ year }}〕{{ sequence }}"}}',
    )
    desk.publish(shared)
    desk.publish(shared.replace("id: letters", "id: notes").replace("-letters-", "-notes-"))
    next_year = NOW + timedelta(days=365)
    ids = [desk.open("letters"), desk.open("notes"), desk.open("letters"), desk.open("notes")]
    for issue, at in zip(ids, (NOW, NOW, next_year, next_year), strict=True):
        desk.do(issue, "send", None, at)
    assert [desk.state(one).data["document"] for one in ids] == [
        "厦〔2026〕1",
        "厦〔2026〕2",
        "厦〔2027〕1",
        "厦〔2027〕2",
    ]


def test_of_several_who_want_the_last_days_only_as_many_get_them_as_there_are(desk: Desk) -> None:
    desk.publish(LEAVE)
    wanted = [desk.open("leave", days=2) for _ in range(THREADS)]
    others = [desk.open("leave", desk.other, days=2) for _ in range(3)]
    refusals = at_once([partial(desk.do, one, "grant") for one in (*wanted, *others)])
    granted = [one for one in wanted if desk.state(one).resolution == "granted"]
    assert len(granted) == 2, "of five days, two times two"
    assert sum(desk.state(one).resolution == "granted" for one in others) == 2, "another person's are another sum"
    assert all(isinstance(one, Unavailable) for one in refusals)
    assert len(refusals) == THREADS + 3 - 4
    assert desk.state(granted[1]).data["taken"] in (0, 2), "the sum that was used stands in the issue"
    assert verify(desk.house).faults == []


def test_what_is_counted_is_of_this_year_of_the_same_reporter_and_of_other_issues_alone(desk: Desk) -> None:
    desk.publish(LEAVE)
    desk.do(desk.open("leave", days=3), "grant")
    desk.do(desk.open("leave", days=1), "refuse")
    last = desk.open("leave", days=2)
    assert desk.state(last).data["taken"] == 3
    assert desk.state(last).data["left"] == 2
    desk.do(last, "grant", None, NOW + timedelta(days=365))
    assert desk.state(last).data["taken"] == 0, "a year later"


def test_of_many_who_want_one_room_one_gets_it_and_the_others_hear_what_is_free(desk: Desk) -> None:
    desk.publish(ROOMS)
    time = {"begins": "2026-03-04T09:00", "ends": "2026-03-04T11:00"}
    wanted = [desk.open("rooms", room="small", **time) for _ in range(THREADS)]
    refusals = at_once([partial(desk.do, one, "take") for one in wanted])
    assert sum(desk.state(one).resolution == "booked" for one in wanted) == 1
    assert len(refusals) == THREADS - 1
    assert {type(one) for one in refusals} == {Occupied}
    assert refusals[0].message["zh"] == "“小会议室”在这段时间已被预订。这段时间还空着的有：大厅。"
    with desk.house.database.reading() as connection:
        assert len(connection.execute(select(bookings)).all()) == 1
    assert verify(desk.house).faults == []


def test_a_hall_for_two_takes_two_at_once_and_a_third_in_between(desk: Desk) -> None:
    desk.publish(ROOMS)
    hours = [("09:00", "10:00"), ("09:30", "11:00"), ("10:00", "11:00"), ("09:45", "10:15")]
    several = [
        desk.open("rooms", room="hall", begins=f"2026-03-04T{begins}", ends=f"2026-03-04T{ends}")
        for begins, ends in hours
    ]
    for one in several[:3]:
        desk.do(one, "take")
    with pytest.raises(Occupied):
        desk.do(several[3], "take")


def test_a_booking_follows_its_time_is_freed_and_ends_with_its_issue_unless_it_is_kept(desk: Desk) -> None:
    desk.publish(ROOMS)
    first = {"begins": "2026-03-04T09:00", "ends": "2026-03-04T11:00"}
    second = {"begins": "2026-03-05T09:00", "ends": "2026-03-05T11:00"}
    one, other = desk.open("rooms", room="small", **first), desk.open("rooms", room="small", **first)
    desk.do(one, "hold")
    desk.do(one, "later", **second)
    desk.do(other, "hold")
    assert {booking.begins.day for issue in (one, other) for booking in desk.state(issue).bookings} == {4, 5}
    third = desk.open("rooms", room="small", **second)
    with pytest.raises(Occupied):
        desk.do(third, "hold")
    desk.do(one, "no")
    desk.do(third, "hold")
    desk.do(other, "free")
    fourth = desk.open("rooms", room="small", **first)
    desk.do(fourth, "take")
    with pytest.raises(Occupied):
        desk.do(other, "take")


def test_what_cannot_be_booked_is_refused_at_the_field(desk: Desk) -> None:
    desk.publish(ROOMS)
    for begins, ends, code in (
        ("2026-03-04T11:00", "2026-03-04T09:00", "invalid"),
        ("2026-03-04T11:00", "2026-03-04T11:00", "invalid"),
    ):
        issue = desk.open("rooms", room="small", begins=begins, ends=ends)
        with pytest.raises(Refusal) as refused:
            desk.do(issue, "take", f"{begins}{ends}")
        assert refused.value.code == code


def found_when(desk: Desk, written: Executable) -> list[str]:
    """What verifying finds once this is written past the kernel; afterwards both tables are as they were."""
    with desk.house.database.reading() as connection:
        kept = {table: connection.execute(select(table)).mappings().all() for table in (given_numbers, bookings)}
    with desk.house.database.writing() as connection:
        connection.execute(written)
    faults = verify(desk.house).faults
    with desk.house.database.writing() as connection:
        for table, rows in kept.items():
            connection.execute(table.delete())
            connection.execute(table.insert(), [dict(row) for row in rows])
    return faults


def test_verifying_finds_a_number_or_a_booking_that_is_not_what_its_issue_says(desk: Desk) -> None:
    desk.publish(LETTERS)
    desk.publish(ROOMS)
    letter, silent = desk.open("letters"), desk.open("letters")
    desk.do(letter, "send")
    meeting = desk.open("rooms", room="small", begins="2026-03-04T09:00", ends="2026-03-04T11:00")
    desk.do(meeting, "hold")
    assert verify(desk.house).faults == []
    one_more = {
        "series": "letters.document",
        "station": "",
        "year": 2026,
        "sequence": 9,
        "number": "九",
        "field": "document",
    }
    booked = {"resource": "hall", "unit": "-", "begins_at": NOW, "ends_at": NOW + timedelta(days=1)}
    for written, suspects in (
        (given_numbers.update().values(number="厦人办〔2026〕9号"), {letter}),
        (given_numbers.update().values(sequence=9), {letter}),
        (given_numbers.update().values(issue_id=silent), {letter, silent}),
        (given_numbers.delete(), {letter}),
        (given_numbers.insert().values(**one_more, issue_id=silent, given_at=NOW), {silent}),
        (bookings.update().values(unit="hall"), {meeting}),
        (bookings.update().values(ends_at=NOW + timedelta(days=9)), {meeting}),
        (bookings.update().values(issue_id=silent), {meeting, silent}),
        (bookings.delete(), {meeting}),
        (bookings.insert().values(**booked, issue_id=meeting), {meeting}),
    ):
        faults = found_when(desk, written)
        assert {fault.partition(":")[0] for fault in faults} == {number_of(desk.house, one) for one in suspects}, faults
    assert verify(desk.house).faults == []


def test_issues_that_are_numbered_because_they_move_to_a_new_version_get_each_its_own(desk: Desk) -> None:
    both = LETTERS.replace(
        "task: clerk\n    within: 1 day", "each: [clerk, reporter]\n    until: all\n    to: again\n    within: 1 day", 1
    )
    both = both.replace(
        '{title: {zh: 发文, en: Send}, give: {document: "厦人办〔{{ year }}〕{{ sequence }}号"}, to: again}',
        "{title: {zh: 同意, en: Agree}}",
    )
    both = both.replace("  again:\n", '  again:\n    give: {document: "厦人办〔{{ year }}〕{{ sequence }}号"}\n')
    desk.publish(both)
    several = [desk.open("letters") for _ in range(THREADS)]
    for one in several:
        item = desk.state(one).items[-1]
        act(desk.house, one, item.number, "send", {}, By(desk.reporter, NOW, f"{one}-send"))
    desk.publish(both.replace("until: all", "until: any"))
    prepared = prepare(desk.house, "letters", 1, 2)
    with desk.house.database.writing() as connection:
        connection.execute(outbox.update().values(status="done", done_at=NOW))
    order = Order(
        begin(desk.house, prepared, reason="r", by="test", now=NOW),
        prepared.leaving,
        prepared.entering,
        prepared.plan,
        "r",
        None,
    )

    def moved(issue: int) -> None:
        while move(desk.house, order, issue, NOW) is None:
            pass

    assert at_once([partial(moved, one) for one in several]) == []
    given = {str(desk.state(one).data["document"]) for one in several}
    assert given == {f"厦人办〔2026〕{n}号" for n in range(1, THREADS + 1)}
    assert verify(desk.house).faults == []
