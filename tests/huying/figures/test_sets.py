"""Sets of figures are published without Python, and whoever asks sees what they look after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from definitions.loader import Unsound
from engine.refusal import NotAllowed
from huying.access.viewer import viewer
from huying.database import tables as t
from huying.errors import NotFound
from huying.figures.question import DaySpan, FigureQuestion
from huying.figures.sets import SHIPPED, publish_set, set_in_force, sets_in_force
from huying.figures.table import FigureCell, behind, table
from tests.huying.figures.streets import BEGIN, Lives, Streets

CITY = (SHIPPED / "city.yaml").read_text("utf-8")
SPAN = DaySpan.parse("2026-09-07..2026-12-15")
ALL = FigureQuestion(span=SPAN)


def test_a_published_set_takes_the_place_of_the_one_that_is_shipped(streets: Streets) -> None:
    house, now = streets.house, Lives(streets, 7).live(days=12).now
    assert [one.key for one in sets_in_force(house)] == ["city", "suggestions"]
    assert set_in_force(house, "city").version == 0
    own = CITY.replace("only: matter == 'issue'", "only: matter == 'issue' and channel == 'phone'")
    found, new = publish_set(house, own, "city.yaml", by="主任", now=now)
    assert (found.version, new) == (1, True)
    assert publish_set(house, own, "city.yaml", by="主任", now=now)[1] is False
    before, after = (table(house, None, ALL, "zh", now, set_in_force(house, "city", version)) for version in (0, None))
    assert (before.set.version, after.set.version) == (0, 1)
    assert after.total.counts["received"] < before.total.counts["received"]
    assert publish_set(house, CITY, "city.yaml", by="主任", now=now)[0].version == 2


def test_what_is_unsound_is_not_published(streets: Streets) -> None:
    with pytest.raises(Unsound):
        publish_set(
            streets.house, CITY.replace("outcome == 'solved'", "outcome == 'solvd'"), "c.yaml", by="x", now=BEGIN
        )
    assert set_in_force(streets.house, "city").version == 0


def test_staff_see_their_stations_deputies_themselves_and_others_nothing(streets: Streets) -> None:
    house, now = streets.house, Lives(streets, 8).live(days=15).now
    by_station, by_deputy = replace(ALL, by=("station",)), replace(ALL, by=("deputy",))
    whole = table(house, None, by_station, "zh", now)
    with house.database.reading() as connection:
        clerk = viewer(connection, streets.clerks["AA"])
        resident = viewer(connection, streets.residents[0])
        busy = next(row.keys[0] for row in table(house, None, by_deputy, "zh", now).rows if row.keys[0])
        deputy = viewer(connection, int(str(busy)))
        names = {row.id: row.code for row in connection.execute(select(t.stations))}
    seen = table(house, clerk, by_station, "zh", now)
    assert [names[int(str(row.keys[0]))] for row in seen.rows] == ["AA"]
    assert seen.total.counts["received"] < whole.total.counts["received"]
    assert len(behind(house, clerk, ALL, FigureCell("received"), now)) == seen.total.counts["received"]
    with pytest.raises(NotAllowed):
        table(house, resident, ALL, "zh", now)
    with pytest.raises(NotAllowed):
        table(house, resident, replace(ALL, deputy=deputy.participant_id), "zh", now)
    own = table(house, deputy, replace(ALL, deputy=deputy.participant_id), "zh", now)
    assert own.total.counts["received"] > 0


def test_what_is_late_for_longest_comes_first(streets: Streets) -> None:
    now = Lives(streets, 9).live(days=30).now + timedelta(days=10)
    found = behind(streets.house, None, ALL, FigureCell("late"), now, most=5)
    query = select(t.issues.c.finish_at).where(t.issues.c.id.in_([one.id for one in found]))
    with streets.house.database.reading() as connection:
        first = sorted(connection.execute(query).scalars())
        late = sorted(
            connection.execute(select(t.issues.c.finish_at).where(t.issues.c.opened_on.is_not(None))).scalars()
        )
    assert len(found) == 5
    assert max(first) <= late[len(late) // 2]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (replace(ALL, by=("distrikts",)), "Did you mean “districts”?"),
        (replace(ALL, measures=("solvd",)), "Did you mean “solved”?"),
        (replace(ALL, figures="citi"), "Did you mean “city”?"),
        (replace(ALL, area="9999"), "There is no area with the code “9999”."),
    ],
    ids=["axis", "measure", "set", "area"],
)
def test_a_wrong_name_is_told_with_the_right_one(streets: Streets, question: FigureQuestion, says: str) -> None:
    with pytest.raises(NotFound) as refused:
        table(streets.house, None, question, "en", BEGIN)
    assert says in refused.value.message["en"]


@pytest.mark.parametrize(
    ("text", "begin", "end", "words"),
    [
        ("2026", "2026-01-01", "2026-12-31", "2026年"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2026-10-01至2026-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28", "2026年2月"),
        ("2026-12-30..2027-01-02", "2026-12-30", "2027-01-02", "2026-12-30至2027-01-02"),
    ],
)
def test_times_are_written_as_people_write_them(text: str, begin: str, end: str, words: str) -> None:
    span = DaySpan.parse(text)
    assert (f"{span.begin}", f"{span.end}", span.words("zh")) == (begin, end, words)
    assert DaySpan.parse(str(span)) == span
