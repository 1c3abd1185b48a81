"""The lists of the workbench: whose rows they hold, in which order, page by page, and that their figures are those of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import insert, select

from engine.event import Absorb, Suspend, Urge
from engine.refusal import Invalid, NotAllowed
from huying.access.viewer import Look, viewer
from huying.database import tables as t
from huying.effects.outcome import let_happen
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.deeds import happen
from huying.issues.views.filter import Filter
from huying.workbench.attention import follow_issue, looked_at
from huying.workbench.columns import COLUMNS, chosen
from huying.workbench.counts import changed_since, counts, tabs
from huying.workbench.line import Line
from huying.workbench.query import SORTS, RowOrder, filter_of, order_of, query_of, read_query
from huying.workbench.rows import RowsWanted, all_rows, rows
from huying.workbench.saved_views import drop_view, save_view, saved_views_of
from huying.workbench.sheet import Heading, sheet
from tests.huying.question import questions
from tests.huying.town import Town

OPEN = Filter(status="open", cared_for=True)


def _look(town: Town, login: str, language: str = "zh") -> Look:
    return Look(town.people[login], language, town.clock.now)


def _by(town: Town, login: str) -> By:
    return By(town.people[login], town.clock.now)


def _lines(town: Town, login: str, wanted: Filter = OPEN, order: RowOrder | None = None) -> tuple[Line, ...]:
    return rows(town.house, RowsWanted(wanted, order or RowOrder()), _look(town, login)).lines


def _numbers(town: Town, login: str, wanted: Filter = OPEN) -> list[int]:
    return sorted(line.id for line in _lines(town, login, wanted))


def _counts(town: Town, lists: Mapping[str, Filter], login: str) -> Mapping[str, int]:
    with town.house.database.reading() as connection:
        person = viewer(connection, town.people[login])
    return counts(town.house, lists, person, _look(town, login))


@pytest.fixture
def busy(town: Town) -> Town:
    """One issue at each of four steps, of two kinds, one of them late and one standing."""
    for at in range(6):
        town.clock.move(hours=1)
        town.report(subject=f"第 {at} 件", kind="lighting" if at % 2 else "roads")
    town.act(2, "clerk", "accept")
    town.to_departments(3)
    town.to_confirmation(4)
    town.act(5, "clerk", "decline", reason="不属于本站")
    happen(town.house, 6, Suspend("等照片"), _by(town, "clerk"))
    town.clock.move(days=2)
    return town


def test_a_row_says_what_where_for_whom_and_until_when(busy: Town) -> None:
    line = next(line for line in _lines(busy, "clerk") if line.id == 3)
    assert (line.subject, line.kind, line.station, line.step) == ("第 2 件", "道路", "星光站", "部门办理")
    assert line.whom == "城市管理局、供电公司"
    assert (line.answerable, line.channel) == ("王芳", "网上")
    assert line.due is not None
    assert line.due.left == "还剩 19 天"
    assert line.day == "12-14"


def test_who_may_not_know_the_reporter_does_not_read_it_in_a_list_either(busy: Town) -> None:
    of_clerk = {line.id: line.reporter for line in _lines(busy, "clerk")}
    # the clerk has the registration of the first one, and held that of the others
    assert of_clerk[1] == "李明"
    assert {line.reporter for line in _lines(busy, "office")} == {""}
    waiting = next(line for line in _lines(busy, "office") if line.id == 4)
    assert waiting.whom == "反映人"


def test_rows_come_by_what_is_due_and_what_has_no_deadline_comes_last(busy: Town) -> None:
    assert _lines(busy, "clerk")[0].id == 1
    assert _lines(busy, "clerk")[-1].id == 6
    closed = Filter(status="closed")
    assert [(line.id, line.step, line.due) for line in _lines(busy, "clerk", closed)] == [(5, "不予受理", None)]


@pytest.mark.parametrize("by", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_comes_in_pages_that_together_are_all_rows_once(busy: Town, by: str, descending: bool) -> None:
    order = order_of(f"-{by}" if descending else by)
    wanted = RowsWanted(Filter(), order)
    whole = [line.id for line in rows(busy.house, wanted, _look(busy, "office")).lines]
    assert sorted(whole) == [1, 2, 3, 4, 5, 6]
    parts: list[int] = []
    for _ in range(6):
        found = rows(busy.house, wanted, _look(busy, "office"), most=1)
        parts += [line.id for line in found.lines]
        wanted = replace(wanted, after=found.after or "")
    assert found.after is None
    assert parts == whole


@pytest.mark.parametrize("place", ["x", "1.x", "-3", "99999999999999999999", "1.2026-13-45", ".", "³.1"])
def test_a_place_that_nobody_named_does_no_harm(busy: Town, place: str) -> None:
    rows(busy.house, RowsWanted(Filter(), RowOrder("due"), place), _look(busy, "office"))


def test_lists_are_narrowed_by_everything_that_a_clerk_looks_for(busy: Town) -> None:
    def narrowed(**more: object) -> list[int]:
        return _numbers(busy, "clerk", replace(OPEN, **more))  # type: ignore[arg-type]

    assert narrowed() == [1, 2, 3, 4, 6]
    assert narrowed(step="handle") == [3]
    assert narrowed(kind="lighting") == [2, 4, 6]
    assert narrowed(department=busy.departments["gd"]) == [3]
    assert narrowed(department=busy.departments["rd"]) == []
    assert narrowed(answerable=busy.people["deputy"]) == [2, 3, 4]
    assert narrowed(channel="web") == [1, 2, 3, 4, 6]
    assert narrowed(channel="plan") == []
    assert narrowed(words="第 00003") == [3]
    assert narrowed(words="2026-00003") == [3]
    assert narrowed(words="100%") == []
    assert narrowed(due="overdue") == [1]
    assert narrowed(due="paused") == [6]
    assert narrowed(mine=True) == [1, 6]
    assert narrowed(opened_from=busy.clock.now.date()) == []
    assert narrowed(opened_to=busy.clock.now.date()) == [1, 2, 3, 4, 6]


def test_a_station_is_taken_with_everything_under_it(town: Town) -> None:
    with town.house.database.writing() as connection:
        area = connection.execute(select(t.areas.c.id)).scalar_one()
        below = {"code": "350203001", "name_zh": "街道", "name_en": "Street", "level": "street", "parent_id": area}
        street = connection.execute(insert(t.areas).returning(t.areas.c.id), below).scalar_one()
        point = {"code": "DT", "name_zh": "灯塔点", "name_en": "Lighthouse", "kind": "area", "area_id": street}
        connection.execute(insert(t.stations), point)
    town.report()
    with town.house.database.writing() as connection:
        moved = select(t.stations.c.id).where(t.stations.c.code == "DT").scalar_subquery()
        connection.execute(t.issues.update().values(station_id=moved))
    assert _numbers(town, "office", Filter(station="XG")) == []
    assert _numbers(town, "office", Filter(station="XG", under=True)) == [1]
    assert _numbers(town, "office", Filter(station="DT", under=True)) == [1]


def test_every_figure_is_the_number_of_the_rows_behind_it(busy: Town) -> None:
    follow_issue(busy.house, 3, _by(busy, "clerk"))
    lists = {
        "mine": Filter(mine=True),
        "followed": Filter(followed=True),
        "open": OPEN,
        "soon": replace(OPEN, due="soon"),
        "overdue": replace(OPEN, due="overdue"),
        "blocked": replace(OPEN, blocked=True),
        "drafts": Filter(drafts=True),
        "lamps": read_query("status=open&kind=street-matters:lighting"),
    }
    for login in ("clerk", "office", "far-clerk", "lighting"):
        found = _counts(busy, lists, login)
        assert found == {name: len(_lines(busy, login, wanted)) for name, wanted in lists.items()}
    assert _counts(busy, lists, "clerk")["followed"] == 1
    assert _counts(busy, {}, "clerk") == {}


def test_the_steps_have_their_figures_in_the_order_of_the_definition(busy: Town) -> None:
    found = tabs(busy.house, replace(OPEN, step="study"), _look(busy, "clerk"))
    assert [(tab.step, tab.title, tab.count) for tab in found.steps] == [
        ("register", "受理登记", 2),
        ("study", "代表研究", 1),
        ("handle", "部门办理", 1),
        ("confirm", "反映人确认", 1),
    ]
    assert found.all == 5
    for tab in found.steps:
        assert tab.count == len(_lines(busy, "clerk", replace(OPEN, step=tab.step)))


@pytest.mark.parametrize("number", [1, 20])
def test_a_list_asks_the_database_so_many_times_however_many_rows_it_has(town: Town, number: int) -> None:
    for at in range(number):
        town.report(subject=f"第 {at} 件")
    town.to_departments(1)
    _lines(town, "clerk")
    with questions(town.house) as asked:
        assert len(_lines(town, "clerk")) == number
    # the rows, for whom they wait, the names of people and of departments; who reads is asked by the driver's own cursor
    assert len(asked) == 4, "\n".join(asked)


def test_tags_say_that_somebody_urged_that_it_came_back_and_that_others_were_merged_in(busy: Town) -> None:
    def tagged(issue: int) -> list[tuple[str, str]]:
        line = next(line for line in _lines(busy, "office") if line.id == issue)
        return [(tag.key, tag.text) for tag in line.tags]

    assert tagged(2) == []
    happen(busy.house, 2, Urge(), _by(busy, "deputy"))
    assert tagged(2) == [("urged", "催")]
    with busy.house.database.reading() as connection:
        reporter = connection.execute(select(t.issues.c.reporter_id).where(t.issues.c.id == 4)).scalar_one()
    busy.people["reporter"] = reporter
    busy.act(4, "reporter", "dissatisfied", why="没有修好")
    assert tagged(4) == [("again", "重办")]
    let_happen(busy.house, 4, Absorb("issue:3", ()), "merged", busy.clock.now)
    assert tagged(4) == [("same", "2"), ("again", "重办")]


def test_what_changed_since_one_looked_is_new(busy: Town) -> None:
    def new() -> list[int]:
        return sorted(line.id for line in _lines(busy, "clerk") if line.new)

    assert new() == [1, 2, 3, 4, 6]
    looked_at(busy.house, 1, busy.people["clerk"])
    looked_at(busy.house, 2, busy.people["clerk"])
    assert new() == [3, 4, 6]
    since = busy.clock.now
    assert changed_since(busy.house, OPEN, since, _look(busy, "clerk")) == 0
    busy.clock.move(minutes=1)
    busy.act(1, "clerk", "accept")
    assert new() == [1, 3, 4, 6]
    assert changed_since(busy.house, OPEN, since, _look(busy, "clerk")) == 1


def test_only_what_one_may_see_can_be_followed_and_nobody_else_sees_it(busy: Town) -> None:
    follow_issue(busy.house, 1, _by(busy, "clerk"))
    assert _numbers(busy, "clerk", Filter(followed=True)) == [1]
    assert _numbers(busy, "clerk2", Filter(followed=True)) == []
    with pytest.raises(NotFound):
        follow_issue(busy.house, 1, _by(busy, "far-clerk"))
    follow_issue(busy.house, 1, _by(busy, "clerk"), follows=False)
    assert _numbers(busy, "clerk", Filter(followed=True)) == []


def test_saved_lists_are_ones_own_or_shared_by_colleagues(town: Town) -> None:
    def at_hand(login: str) -> list[tuple[str, str]]:
        return [(view.title, view.owner) for view in saved_views_of(town.house, town.people[login])]

    own = save_view(town.house, " 望海  路灯 ", "kind=street-matters%3Alighting", _by(town, "clerk"))
    save_view(town.house, "逾期", "due=overdue", _by(town, "clerk"), shared=True)
    assert at_hand("clerk") == [("望海 路灯", ""), ("逾期", "")]
    assert at_hand("clerk2") == [("逾期", "陈晓")]
    assert at_hand("office") == [("逾期", "陈晓")]
    for login in ("far-clerk", "deputy", "stranger"):
        assert at_hand(login) == []
    save_view(town.house, "受阻", "blocked=true", _by(town, "office"), shared=True)
    assert at_hand("far-clerk") == [("受阻", "周主任")]
    assert at_hand("stranger") == []
    save_view(town.house, "逾期", "due=long-overdue", _by(town, "clerk"), shared=True)
    assert len(at_hand("clerk2")) == 2
    with pytest.raises(NotFound):
        drop_view(town.house, own, _by(town, "clerk2"))
    drop_view(town.house, own, _by(town, "clerk"))
    assert ("望海 路灯", "") not in at_hand("clerk")


@pytest.mark.parametrize("title", ["", "  ", "长" * 61])
def test_a_saved_list_needs_a_name(town: Town, title: str) -> None:
    with pytest.raises(Invalid):
        save_view(town.house, title, "", _by(town, "clerk"))


def test_who_looks_after_nothing_shares_nothing(town: Town) -> None:
    with pytest.raises(NotAllowed):
        save_view(town.house, "给大家", "", _by(town, "deputy"), shared=True)


@pytest.mark.parametrize(
    "said",
    [
        {"due": "yesterday", "answerable": "x", "opened_from": "0001-01-01", "opened_to": "31.12.2026"},
        {"answerable": "9" * 30, "department": "participant:1", "before": "3", "nonsense": "1"},
        {"q": "字" * 101, "number": "XG-1", "overdue": "false", "under": "0"},
    ],
)
def test_what_an_address_says_wrongly_narrows_nothing(said: dict[str, str]) -> None:
    assert filter_of(said) == Filter()


def test_an_address_says_a_list_and_reads_it_again() -> None:
    said = "station=XG&under=true&definition=street-matters&kind=lighting&due=soon&cared_for=true&q=%E7%81%AF+%26"
    wanted = read_query(said)
    assert (wanted.kind, wanted.definition, wanted.words) == ("lighting", "street-matters", "灯 &")
    assert read_query(query_of(wanted)) == wanted
    assert query_of(wanted, sort="-opened", after=None).endswith("&sort=-opened")
    assert read_query("kind=street-matters%3Alighting") == Filter(definition="street-matters", kind="lighting")
    assert filter_of({"overdue": "true"}) == Filter(due="overdue")
    assert order_of("-opened").said == "-opened"
    assert order_of("due").said == order_of("what").said == ""


def test_a_sheet_holds_the_rows_as_they_are_and_nothing_becomes_a_formula(town: Town) -> None:
    town.report(subject="=HYPERLINK(“x”)")
    lines = all_rows(town.house, RowsWanted(OPEN), _look(town, "clerk"))
    made = sheet(Heading("全部在办", "2026-11-23"), chosen([column.key for column in COLUMNS]), lines, "zh")
    with ZipFile(BytesIO(made)) as file:
        written = "".join(file.read(name).decode() for name in file.namelist() if name.endswith(".xml"))
    for said in ("=HYPERLINK(“x”)", "李明", "全部在办", "第 &amp;P 页", "<pageSetup", 'fitToHeight="0"'):
        assert said in written
    assert "<f>" not in written


def test_a_list_is_narrowed_to_what_its_rows_are_marked_by(busy: Town) -> None:
    happen(busy.house, 2, Urge(), _by(busy, "deputy"))
    busy.people["reporter"] = busy.reporter(4)
    busy.act(4, "reporter", "dissatisfied", why="没有修好")
    lines = _lines(busy, "office")
    for wanted, key in ((replace(OPEN, urged=True), "urged"), (replace(OPEN, sent_back=True), "again")):
        marked = sorted(line.id for line in lines if key in {tag.key for tag in line.tags})
        assert _numbers(busy, "office", wanted) == marked == [{"urged": 2, "again": 4}[key]]
        assert _counts(busy, {key: wanted}, "office") == {key: 1}
    # whoever was urged has acted: nobody has the task any more
    busy.clock.move(minutes=1)
    busy.act(2, "deputy", "coordinate", lead=busy.departments["cg"], assist=[busy.departments["gd"]])
    assert _numbers(busy, "office", replace(OPEN, urged=True)) == []


def test_news_are_what_others_did_since_one_looked(busy: Town) -> None:
    def news(login: str = "clerk") -> list[int]:
        return _numbers(busy, login, Filter(news=True))

    # what waits for one is new until one has looked; of the others nothing is, before one has an eye on them
    assert news() == [1, 6]
    looked_at(busy.house, 1, busy.people["clerk"])
    looked_at(busy.house, 3, busy.people["clerk"])
    looked_at(busy.house, 6, busy.people["clerk"])
    assert news() == []
    busy.act(1, "clerk", "accept")
    assert news() == [], "what one does oneself is no news"
    happen(busy.house, 3, Urge(), _by(busy, "deputy"))
    assert news() == [3]
    assert _counts(busy, {"news": Filter(news=True)}, "clerk") == {"news": 1}
    looked_at(busy.house, 3, busy.people["clerk"])
    assert news() == []
    follow_issue(busy.house, 2, _by(busy, "clerk2"))
    assert 2 in news("clerk2")
    assert news("far-clerk") == []
