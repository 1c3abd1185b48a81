"""Search finds what people type, the right one first, and nothing that somebody may not see; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from huying.access.viewer import Look, viewer
from huying.database import tables as t
from huying.errors import NotFound
from huying.issues.opening import Report, open_issue
from huying.issues.record import number_of, record
from huying.issues.reporter import NewReporter
from huying.issues.sight import sight
from huying.issues.views.filter import Filter
from huying.search import names
from huying.search.upkeep import ask_all, every_portion, keep_up, waiting
from huying.search.verification import verify_search
from huying.search.view import Asker, Found, reasons, search
from huying.workbench.counts import counts
from huying.workbench.rows import RowsWanted, among, rows, searched
from tests.huying.town import Town

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def report(town: Town, name: str = "李明", phone: str = "13800000000", **values: str) -> int:
    """An issue that somebody of this name reports."""
    receipt = open_issue(
        town.house,
        Report(
            definition="street-matters",
            station="XG",
            reporter=NewReporter(name=name, phone=phone),
            values={"kind": "other", "subject": "事项", **values},
        ),
        request_id=f"{name}-{values}",
        now=town.clock.now,
    )
    return receipt.issue_id


def read_all(town: Town) -> None:
    """Let search know of all that happened."""
    for _ in every_portion(town.house):
        pass


def ask(town: Town, login: str, text: str, filters: Filter | None = None, limit: int = 20) -> Found:
    """What somebody finds."""
    who = Asker(town.people[login], "zh", NOW)
    return search(town.house, who, text, filters or Filter(), limit)


def ids(found: Found) -> list[int]:
    return [one.line.id for one in found.lines]


@pytest.fixture
def street(town: Town) -> dict[str, int]:
    """Some issues of a street, and one that is away from it."""
    known = {
        "lamp": report(town, "单志强", subject="莲花三村12栋路灯不亮", details="楼道口的灯坏了一周。"),
        "lift": report(
            town, "王建国", "0592-5147085 转 801", subject="电梯停运", details="塘边社区 88 号的电梯又停了。"
        ),
        "signal": report(town, "林丽", subject="5G 信号差", address="光明路 8 号"),
        "twin": report(town, "陈海生", subject="厦岗老街积水"),
        "pipe": report(town, "曾厝", subject="厦港避风坞污水", details="路灯也不亮。"),
    }
    read_all(town)
    return known


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("路灯", "lamp"),
        ("电梯", "lift"),
        ("12栋", "lamp"),
        ("88号", "lift"),
        ("5g", "signal"),
        ("５Ｇ 信号", "signal"),
        ("塘边 电梯", "lift"),
        ("莲花三村路灯", "lamp"),
        ("莲花三村12栋灯坏", "lamp"),
        ("塘边社区电梯停", "lift"),
        ("厦港", "pipe"),
        ("厦岗", "twin"),
        ("避风坞", "pipe"),
    ],
)
def test_words_without_spaces_of_any_length_find_the_right_one_first(
    town: Town, street: dict[str, int], typed: str, first: str
) -> None:
    assert ids(ask(town, "clerk", typed))[:1] == [street[first]]


def test_twins_of_spelling_come_after_what_is_written_so(town: Town, street: dict[str, int]) -> None:
    found = ask(town, "clerk", "厦港")
    assert ids(found) == [street["pipe"], street["twin"]]
    assert [one.by for one in found.lines] == ["subject", "twin"]
    assert [piece.text for piece in found.lines[1].subject if piece.hit] == ["厦岗"]


def test_a_number_is_found_whole_or_by_its_end(town: Town, street: dict[str, int]) -> None:
    number = number_of(town.house, street["lift"])
    for typed in (number, number.lower(), number.rsplit("-", 1)[1], number.rsplit("-", 1)[1].lstrip("0")):
        assert ids(ask(town, "clerk", typed))[:1] == [street["lift"]], typed


def test_a_place_means_the_issues_of_its_stations(town: Town, street: dict[str, int]) -> None:
    assert set(ids(ask(town, "office", "思明区"))) == set(street.values())
    assert set(ids(ask(town, "office", "星光站"))) == set(street.values())
    assert ids(ask(town, "office", "思明区 电梯")) == [street["lift"]]
    assert ids(ask(town, "office", "远方站")) == []


def test_who_works_on_it_finds_it_by_its_reporter_and_their_telephone(town: Town, street: dict[str, int]) -> None:
    for typed in ("王建国", "wjg", "wangjianguo", "0592-5147085", "5147085", "（0592）5147085"):
        found = ask(town, "clerk", typed)
        assert ids(found) == [street["lift"]], typed
    assert [ids(ask(town, "clerk", typed)) for typed in ("dzq", "szq", "czq")] == [[street["lamp"]]] * 3


def test_who_does_not_work_on_it_learns_nothing_private(town: Town, street: dict[str, int]) -> None:
    for login in ("office", "far-clerk", "stranger", "lighting"):
        for typed in ("王建国", "wjg", "0592-5147085", "光明路"):
            assert ids(ask(town, login, typed)) == [], (login, typed)
    assert ids(ask(town, "clerk", "光明路")) == [street["signal"]]


def test_what_was_found_by_private_data_is_written_down_and_nothing_else_is(town: Town, street: dict[str, int]) -> None:
    ask(town, "clerk", "路灯")
    ask(town, "office", "13800000000")
    ask(town, "clerk", "0592-5147085")
    ask(town, "clerk", "13800000000")
    with town.house.database.reading() as connection:
        rows = connection.execute(select(t.private_searches).order_by(t.private_searches.c.id)).all()
    assert [(row.participant_id, row.kind, row.said, row.found) for row in rows] == [
        (town.people["clerk"], "contact", "059****85", 1),
        (town.people["clerk"], "contact", "138****00", 4),
    ]


def test_nobody_finds_what_they_may_not_see_and_everybody_what_they_may(town: Town, street: dict[str, int]) -> None:
    town.to_departments(street["lamp"])
    town.to_confirmation(street["lift"])
    town.act(street["signal"], "clerk", "decline", reason="不属于本站受理范围")
    read_all(town)
    for login, person in town.people.items():
        for kind, issue_id in street.items():
            with town.house.database.reading() as connection:
                found = record(town.house, connection, issue_id, "zh")
                try:
                    seen = sight(connection, viewer(connection, person), found)
                except NotFound:
                    seen = None
            wanted = ids(ask(town, login, found.number))
            assert wanted == ([issue_id] if seen else []), (login, kind)
            by_name = ids(ask(town, login, NAMES[kind]))
            assert (issue_id in by_name) == bool(seen and seen.reporter), (login, kind)
        street_words = ids(ask(town, login, "光明路"))
        assert (street["signal"] in street_words) == _reads(town, street["signal"], person), login


NAMES = {"lamp": "单志强", "lift": "王建国", "signal": "林丽", "twin": "陈海生", "pipe": "曾厝"}


def _reads(town: Town, issue_id: int, person: int) -> bool:
    """Whether somebody may read the private address of an issue."""
    with town.house.database.reading() as connection:
        found = record(town.house, connection, issue_id, "zh")
        try:
            seen = sight(connection, viewer(connection, person), found)
        except NotFound:
            return False
    return seen.shows(found.definition.data["address"])


def test_the_reporter_finds_their_own(town: Town, street: dict[str, int]) -> None:
    town.people["reporter"] = town.reporter(street["signal"])
    assert ids(ask(town, "reporter", "信号")) == ids(ask(town, "reporter", "光明路")) == [street["signal"]]
    assert ids(ask(town, "reporter", "电梯")) == []


@pytest.mark.parametrize(
    "typed", ['"', "a-b", "NEAR(", "st:1", "' OR 1=1", "路灯*", "-", "&|!<->", "%_", "\x00路灯", "灯" * 500]
)
def test_whatever_is_typed_is_looked_for_and_never_an_error(town: Town, street: dict[str, int], typed: str) -> None:
    ask(town, "clerk", typed)


def test_nothing_typed_finds_nothing(town: Town, street: dict[str, int]) -> None:
    assert ask(town, "office", " ，") == Found(())


def test_a_search_is_narrowed_as_lists_are(town: Town, street: dict[str, int]) -> None:
    town.act(street["lamp"], "clerk", "decline", reason="不属于本站受理范围")
    assert ids(ask(town, "clerk", "路灯", Filter(status="open"))) == [street["pipe"]]
    assert ids(ask(town, "clerk", "路灯", Filter(status="closed"))) == [street["lamp"]]
    assert ids(ask(town, "clerk", "路灯", Filter(station="YF"))) == []


def test_no_more_is_found_than_was_asked_for(town: Town, street: dict[str, int]) -> None:
    found = ask(town, "clerk", "路灯", limit=1)
    assert ids(found) == [street["lamp"]]
    assert found.more
    assert not ask(town, "clerk", "路灯").more


def test_what_was_found_is_marked_in_subject_and_passage(town: Town, street: dict[str, int]) -> None:
    lamp, pipe = ask(town, "clerk", "路灯").lines
    assert [(piece.text, piece.hit) for piece in lamp.subject] == [
        ("莲花三村12栋", False),
        ("路灯", True),
        ("不亮", False),
    ]
    assert (pipe.title, [piece.text for piece in pipe.passage if piece.hit]) == ("具体情况", ["路灯"])


def test_what_changes_is_found_as_it_is_now(town: Town, street: dict[str, int]) -> None:
    town.act(street["lift"], "clerk", "accept")
    town.act(street["lift"], "deputy", "answer", reply="已约维保单位更换曳引机。")
    assert waiting(town.house)
    assert keep_up(town.house) == 1
    assert not waiting(town.house)
    assert ids(ask(town, "clerk", "曳引机")) == [street["lift"]]
    with town.house.database.writing() as connection:
        connection.execute(
            update(t.participants).where(t.participants.c.id == town.reporter(street["lift"])).values(name="王健果")
        )
    read_all(town)
    assert ids(ask(town, "deputy", "王健果")) == [street["lift"]]


def test_verify_finds_what_search_knows_otherwise_and_rebuilding_mends_it(town: Town, street: dict[str, int]) -> None:
    assert verify_search(town.house) == []
    with town.house.database.writing() as connection:
        connection.execute(t.search_parties.delete().where(t.search_parties.c.issue_id == street["lamp"]))
        connection.execute(update(t.issues).where(t.issues.c.id == street["lift"]).values(subject="改过的主题"))
        connection.execute(
            insert(t.search_parties), {"party": town.party("stranger"), "issue_id": street["twin"], "holds": True}
        )
    numbers = [number_of(town.house, street[name]) for name in ("lamp", "lift", "twin")]
    assert [fault.partition(":")[0] for fault in verify_search(town.house)] == numbers
    assert ask_all(town.house) == len(street)
    read_all(town)
    assert verify_search(town.house) == []


def test_an_issue_is_found_by_the_deputy_who_answers_for_it(town: Town, street: dict[str, int]) -> None:
    town.act(street["lift"], "clerk", "accept")
    read_all(town)
    assert ids(ask(town, "office", "王芳")) == ids(ask(town, "office", "wf")) == [street["lift"]]


def test_a_list_shows_exactly_what_a_search_finds_page_by_page(town: Town, street: dict[str, int]) -> None:
    town.to_departments(street["lamp"])
    town.to_confirmation(street["pipe"])
    read_all(town)
    for login in town.people:
        look = Look(town.people[login], "zh", town.clock.now)
        wanted = Filter(words="路灯")
        found = searched(town.house, wanted, look)
        assert found is not None
        lines = rows(town.house, RowsWanted(among(wanted, found)), look).lines
        assert [line.id for line in lines] == list(found.ids) == ids(ask(town, login, "路灯")), login
        why = reasons(town.house, found, [line.id for line in lines], "zh")
        assert [why[line.id].by for line in lines] == [one.by for one in ask(town, login, "路灯").lines]


def test_who_comes_to_a_station_finds_and_counts_what_is_there_from_then_on(town: Town) -> None:
    # statements are put together once for all who ask for the same list; what stands in their blanks is asked anew
    report(town, subject="路灯不亮")
    read_all(town)

    def found() -> tuple[int, int, int]:
        look = Look(town.people["stranger"], "zh", NOW)
        with town.house.database.reading() as connection:
            person = viewer(connection, town.people["stranger"])
        listed = rows(town.house, RowsWanted(Filter(status="open")), look).lines
        number = counts(town.house, {"open": Filter(status="open")}, person, look)["open"]
        return len(ask(town, "stranger", "路灯").lines), len(listed), number

    def serves(now: str, before: str) -> None:
        theirs = t.memberships.c.participant_id == town.people[before]
        with town.house.database.writing() as connection:
            connection.execute(update(t.memberships).where(theirs).values(participant_id=town.people[now]))

    assert found() == (0, 0, 0)
    serves("stranger", before="clerk")
    assert found() == (1, 1, 1)
    serves("clerk", before="stranger")
    assert found() == (0, 0, 0)


def test_the_register_is_read_once_for_all_who_search_at_the_same_moment(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    as_usual, at_once = names.Gazetteer, Barrier(6)

    def made(*named: Any) -> names.Gazetteer:
        read.append(named)
        return as_usual(*named)

    monkeypatch.setattr(names, "Gazetteer", made)

    def ask_for(_: int) -> int:
        at_once.wait()
        with town.house.database.reading() as connection:
            return len(names.gazetteer(connection).named)

    with ThreadPoolExecutor(6) as pool:
        known = set(pool.map(ask_for, range(6)))

    assert (len(read), len(known)) == (1, 1)
    assert known != {0}
