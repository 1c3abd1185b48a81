"""Days and numbers at the edge, in every field of every shipped definition: taken, or refused with a reason; never a fault of ours."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.forms.form import check
from definitions.loader import library, load
from definitions.model.definition import Definition
from definitions.model.field import Field
from engine.simulation.answers import DrawnAnswers
from portal.frame.reader import SESSION
from tests.examples import examples
from tests.scenarios.stage import OPENERS, City, city

DEFINITIONS = {path.parent.name: load(path.read_text("utf-8"), str(path)) for path in library()}
_DAYS = (
    "0001-01-01",
    "0001-12-31",
    "1582-10-15",
    "1799-12-31",
    "1800-01-01",
    "1900-01-01",
    "2200-12-31",
    "2201-01-01",
    "9999-12-31",
)
_CLOSE = ("1800-01-01", "2200-12-31")
_NUMBERS = (
    2**31,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    2**64,
    10**40,
    10**3000,
    1e308,
    -1e308,
    0.1 + 0.2,
    "1e400",
    "9" * 40,
    "0." + "3" * 30,
    "-0",
)
EDGES: Mapping[str, tuple[Any, ...]] = {
    "date": _DAYS,
    "date-time": tuple(f"{day}T{hour}" for day in _DAYS for hour in ("00:00", "23:59")),
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "money": _NUMBERS,
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with city(tmp_path_factory.mktemp("city")) as made:
        yield made


def _asked(definition: Definition) -> Iterator[tuple[str, Field]]:
    """Every field that some form of a definition asks for, columns of tables too."""
    found = [
        *definition.entered.items(),
        *definition.fields.items(),
        *((name, one) for *_, name, one in definition.asks()),
    ]
    for name, field in found:
        yield name, field
        yield from field.columns.items()


#: Every one of them that holds a day, a moment or a number.
ALL = [
    (key, name, one)
    for key, made in DEFINITIONS.items()
    for name, one in _asked(made)
    if one.type in EDGES and not one.compute
]


def test_there_are_such_fields() -> None:
    assert len(ALL) > 40
    assert {one.type for *_, one in ALL} >= {"date", "integer", "number"}


@given(st.sampled_from(ALL), st.data())
@examples(400)
def test_no_day_or_number_at_the_edge_passes_unless_it_can_be_reckoned_with(
    at: tuple[str, str, Field], data: st.DataObject
) -> None:
    _, name, field = at
    around = [*EDGES[field.type], *(end for end in (field.at_least, field.at_most) if end is not None)]
    value = data.draw(
        st.sampled_from(around)
        | st.integers()
        | st.floats()
        | st.dates().map(str)
        | st.datetimes().map(lambda one: f"{one:%Y-%m-%dT%H:%M}")
    )
    form = check({name: field}, {name: value}, required=False, known=lambda _: True)
    if form.errors:
        assert set(form.errors) == {name}
        assert set(form.errors[name]) == {"zh", "en"}
    elif field.type in ("date", "date-time"):
        assert date(1800, 1, 1) <= date.fromisoformat(form.values[name][:10]) <= date(2200, 12, 31)
        assert date.fromisoformat(form.values[name][:10]) + timedelta(days=36_500)
    else:
        assert abs(form.values[name]) <= 1e15
        assert float(str(value).replace(",", "")) == form.values[name]


def _answers(definition: Definition, town: City) -> dict[str, Any]:
    drawn = DrawnAnswers(random.Random(1), {}, [f"organisation:{one}" for one in town.departments.values()])
    return drawn.form(definition.entered, town.clock())


def _edges(definition: Definition) -> Iterator[tuple[str, Any]]:
    for name, field in definition.entered.items():
        yield from ((name, edge) for edge in EDGES.get(field.type, ()))


@pytest.mark.parametrize("key", DEFINITIONS)
def test_the_api_takes_it_or_says_why_not(town: City, key: str) -> None:
    definition = DEFINITIONS[key]
    person = town.people[OPENERS[next(iter(definition.opened_by), "citizen")]]
    for number, (name, edge) in enumerate(_edges(definition)):
        body = {
            "definition": key,
            "station": "XG",
            "fields": {**_answers(definition, town), name: edge},
            "request_id": f"{key}-{number}",
        }
        for _ in range(2):
            answer = town.call("POST", "/issues", person, body)
            assert answer.status_code in (201, 422), f"{key}.{name} = {edge!r:.60}: {answer.text[:500]}"
            assert answer.status_code == 201 or answer.json()["detail"]
        if edge in _DAYS and edge not in _CLOSE and edge[:4] not in ("1900",):
            assert name in answer.json()["errors"]


@pytest.mark.parametrize("key", DEFINITIONS)
def test_the_page_takes_it_or_says_why_not(town: City, key: str) -> None:
    definition = DEFINITIONS[key]
    person = town.people[OPENERS[next(iter(definition.opened_by), "citizen")]]
    cookies = {"cookie": f"{SESSION}={town.token(person)}"}
    page = town.http.get(f"/report/{key}", headers=cookies)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    for number, (name, edge) in enumerate(_edges(definition)):
        filled = {
            f"field.{one}": value for one, value in _answers(definition, town).items() if isinstance(value, str | int)
        }
        data = {
            **hidden,
            "station": "XG",
            **filled,
            f"field.{name}": str(edge)[:3000],
            "request_id": f"page-{key}-{number}",
        }
        answer = town.http.post(f"/report/{key}", data=data, headers=cookies, follow_redirects=False)
        assert answer.status_code in (303, 422), (
            f"{key}.{name} = {edge!r:.60}: {answer.status_code} {answer.text[:500]}"
        )
