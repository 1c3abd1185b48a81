"""What only some may read is found by them, and by nobody else: the page of an issue and the search agree word by word; on both databases."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import insert, select, text, update

from definitions.model.reference import participant
from engine.event import Answer, Ask, Withdraw
from huying.access.viewer import Look
from huying.audit.record import AuditNote, note_at_once
from huying.database import tables as t
from huying.errors import NotFound
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.attachments import attach
from huying.issues.deeds import comment, happen
from huying.issues.follower import follow_too
from huying.issues.opening import Report, open_issue
from huying.issues.record import number_of
from huying.issues.reporter import NewReporter
from huying.issues.views.filter import Filter
from huying.issues.views.issue import issue_view
from huying.processes.publication import publish
from huying.search.letters import is_han
from huying.search.upkeep import ask_all
from huying.search.verification import verify_search
from huying.search.view import Asker, search
from tests.huying.search.test_search import ask, ids, read_all
from tests.huying.town import DEFINITION, MORNING, PIXEL, Town

#: A field that the clerk alone sees, and one that the departments see too; followers are shown subject and kind.
GUARDED = DEFINITION.replace(
    "  urgent:",
    """  informant: {type: text, title: {zh: 举报人, en: Informant}, seen by: [clerk], required: false}
  spot: {type: text, title: {zh: 点位, en: Spot}, seen by: [lead, deputy], required: false}
  urgent:""",
).replace("roles:\n", "alike: {show: [subject, kind]}\nroles:\n", 1)

#: A word that stands in one place alone, by that place.
PLANTED: Mapping[str, str] = {
    "subject": "喷泉池",
    "details": "瓷砖脱落",
    "address": "梧桐里",
    "informant": "匿名线索甲",
    "spot": "井盖丙号",
    "remark inside": "内部研判",
    "remark for all": "公开说明",
    "question": "请补充照片",
    "answer": "照片在门卫",
    "asked of the reporter": "几点停水",
    "file inside": "勘察记录",
    "earlier reply": "先行答复稿",
    "later reply": "正式答复稿",
    "why not": "还漏一处",
}
WATCHERS = (
    "clerk",
    "clerk2",
    "far-clerk",
    "deputy",
    "lighting",
    "power",
    "office",
    "stranger",
    "reporter",
    "follower",
    "gone",
)


@pytest.fixture
def fountain(town: Town) -> int:
    """An issue into which everybody wrote something."""
    publish(town.house, GUARDED, "street-matters.yaml", Imprint("test", MORNING))
    values = {name: PLANTED[name] for name in ("subject", "details", "address", "informant", "spot")}
    reporter = NewReporter(name="李明", phone="13800000000")
    opened = Report(definition="street-matters", station="XG", reporter=reporter, values={"kind": "other", **values})
    issue = open_issue(town.house, opened, request_id="fountain", now=town.clock.now).issue_id
    town.people["reporter"] = town.reporter(issue)
    for login in ("follower", "gone"):
        new = NewReporter(name=login, phone=f"1390000000{len(login)}")
        follower = follow_too(town.house, issue, new, request_id=login, now=town.clock.now)
        town.people[login] = follower.participant_id
    happen(town.house, issue, Withdraw(""), _by(town, "gone"))
    town.act(issue, "clerk", "accept")
    comment(town.house, issue, PLANTED["remark inside"], _by(town, "clerk"))
    comment(town.house, issue, PLANTED["remark for all"], _by(town, "clerk"), public=True)
    _conversation(town, issue)
    attach(town.house, issue, f"{PLANTED['file inside']}.png", PIXEL, _by(town, "deputy"), public=False)
    town.act(issue, "deputy", "answer", reply=PLANTED["earlier reply"])
    town.act(issue, "reporter", "dissatisfied", why=PLANTED["why not"])
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    town.act(issue, "lighting", "reply", town.departments["cg"], reply=PLANTED["later reply"])
    read_all(town)
    return issue


def _conversation(town: Town, issue: int) -> None:
    """The deputy asks the clerk, and the reporter."""
    for of, question, answer in (("clerk", "question", "answer"), ("reporter", "asked of the reporter", "")):
        item = town.item(issue, town.party("deputy"))
        happen(town.house, issue, Ask(item, town.party(of), PLANTED[question]), _by(town, "deputy"))
        asked = _question(town, issue)
        happen(town.house, issue, Answer(asked, PLANTED.get(answer, "好的")), _by(town, of))


def _question(town: Town, issue: int) -> int:
    with town.house.database.reading() as connection:
        state = connection.execute(select(t.issues.c.state).where(t.issues.c.id == issue)).scalar_one()
    return next(int(item.number) for item in state.items if item.kind == "question" and not item.done)


def _by(town: Town, login: str) -> By:
    return By(town.people[login], town.clock.now)


def _reads(town: Town, issue: int, login: str, word: str) -> bool:
    """Whether a word stands on the page of the issue as somebody sees it who has asked for what is masked."""
    told = AuditNote(
        what="private-shown", object=f"issue:{number_of(town.house, issue)}", by=town.people[login], at=town.clock.now
    )
    note_at_once(town.house.database.engine, told)
    try:
        return word in str(issue_view(town.house, issue, Look(town.people[login], "zh", town.clock.now)))
    except NotFound:
        return False


@pytest.mark.parametrize("login", WATCHERS)
def test_somebody_finds_exactly_what_they_may_read(town: Town, fountain: int, login: str) -> None:
    read = {place for place, word in PLANTED.items() if _reads(town, fountain, login, word)}
    found = {place for place, word in PLANTED.items() if ids(ask(town, login, word)) == [fountain]}
    assert found == read


def test_each_place_is_read_by_some_and_not_by_others(town: Town, fountain: int) -> None:
    readers = {place: {one for one in WATCHERS if _reads(town, fountain, one, word)} for place, word in PLANTED.items()}
    inside = {"clerk", "clerk2", "deputy", "lighting", "office"}
    assert readers["informant"] == {"clerk", "clerk2", "office", "reporter"}
    assert readers["spot"] == {"clerk", "clerk2", "office", "reporter", "deputy"}
    assert readers["address"] == {"deputy", "reporter"}
    assert readers["remark inside"] == readers["question"] == readers["file inside"] == inside
    assert readers["remark for all"] == readers["why not"] == inside | {"reporter"}
    assert readers["earlier reply"] == readers["subject"] == inside | {"reporter", "follower"}
    assert not any({"stranger", "gone", "far-clerk", "power"} & those for those in readers.values())


@pytest.mark.parametrize("login", WATCHERS)
def test_the_passage_shown_is_one_that_they_may_read(town: Town, fountain: int, login: str) -> None:
    for word in PLANTED.values():
        for line in ask(town, login, word).lines:
            shown = "".join(piece.text for piece in (*line.subject, *line.passage)).strip("…")
            assert word in shown
            assert _reads(town, fountain, login, word)


def test_a_remark_says_under_what_it_stands(town: Town, fountain: int) -> None:
    titles = {place: ask(town, "clerk", PLANTED[place]).lines[0] for place in ("remark inside", "informant", "answer")}
    assert [(one.by, one.title) for one in titles.values()] == [
        ("said", "留言"),
        ("said", "举报人"),
        ("said", "作了答复"),
    ]


def test_what_few_may_read_stands_nowhere_in_plain(town: Town, fountain: int) -> None:
    house = town.house.database
    with house.reading() as connection:
        if house.sqlite:
            rows = [*connection.execute(text("SELECT words FROM search_text_shared")).scalars()]
            rows += connection.execute(text("SELECT private || ' ' || reporter FROM search_text")).scalars().all()
            kept = " ".join(rows).split()
        else:
            asked = "SELECT lexeme FROM (SELECT (unnest(words)).* FROM search_text_shared) AS one"
            kept = list(connection.execute(text(asked)).scalars())
            asked = "SELECT lexeme FROM (SELECT (unnest(words)).* FROM search_text) AS one WHERE weights && '{C,D}'"
            kept += connection.execute(text(asked)).scalars()
    assert len(kept) > 50
    assert [token for token in kept if not token.startswith("¤") and token != "¶"] == []
    assert not any(map(is_han, kept))


def test_a_word_that_few_may_read_is_found_by_how_it_begins(town: Town, fountain: int) -> None:
    comment(town.house, fountain, "meter 4711 replaced", _by(town, "clerk"))
    read_all(town)
    assert ids(ask(town, "deputy", "repl")) == ids(ask(town, "deputy", "471")) == [fountain]
    assert ids(ask(town, "deputy", "eplaced")) == ids(ask(town, "reporter", "repl")) == []


def test_whoever_is_a_departments_member_from_now_on_finds_what_it_may_read(town: Town, fountain: int) -> None:
    town.act(fountain, "reporter", "dissatisfied", why="还是漏")
    town.act(fountain, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    read_all(town)
    assert ids(ask(town, "stranger", PLANTED["spot"])) == []
    organisation = int(town.departments["cg"].split(":")[1])
    joins = {"participant_id": town.people["stranger"], "organisation_id": organisation, "function": "handler"}
    with town.house.database.writing() as connection:
        connection.execute(insert(t.memberships), joins)
    assert ids(ask(town, "stranger", PLANTED["spot"])) == [fountain]
    assert ids(ask(town, "stranger", PLANTED["informant"])) == []


def test_what_roles_alone_see_is_written_down_when_it_is_found(town: Town, fountain: int) -> None:
    for login, place in (("clerk", "informant"), ("clerk", "remark inside"), ("deputy", "address")):
        ask(town, login, PLANTED[place])
    with town.house.database.reading() as connection:
        kinds = connection.execute(select(t.private_searches.c.kind).order_by(t.private_searches.c.id)).scalars().all()
    assert kinds == ["said", "private"]


def test_verify_finds_an_audience_that_is_otherwise_and_rebuilding_mends_it(town: Town, fountain: int) -> None:
    assert verify_search(town.house) == []
    with town.house.database.writing() as connection:
        connection.execute(insert(t.search_readers), {"party": participant(999), "passage": 259, "issue_id": fountain})
    assert len(verify_search(town.house)) == 1
    with town.house.database.writing() as connection:
        connection.execute(t.search_readers.delete().where(t.search_readers.c.party == participant(999)))
        connection.execute(text("DELETE FROM search_text_shared"))
    assert len(verify_search(town.house)) == 1
    ask_all(town.house)
    read_all(town)
    assert verify_search(town.house) == []
    assert ids(ask(town, "clerk", PLANTED["informant"])) == [fountain]


def test_a_search_among_ones_own_station_stays_there(town: Town, fountain: int) -> None:
    with town.house.database.writing() as connection:
        connection.execute(update(t.issues).where(t.issues.c.id == fountain).values(station_id=2))
    assert ids(ask(town, "clerk", PLANTED["remark inside"])) == [fountain]
    assert ids(ask(town, "clerk", PLANTED["remark inside"], Filter(cared_for=True))) == []
    who = Asker(town.people["far-clerk"], "zh", MORNING)
    assert search(town.house, who, PLANTED["remark inside"], Filter(cared_for=True)).lines
