"""Every shipped definition runs from intake to closure over HTTP, and everybody gets the messages that the scenario expects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from definitions.loader import library
from definitions.trials.scenario import Scenario, read_scenarios, scenarios_beside
from tests.scenarios.play import Play
from tests.scenarios.stage import City, city

SCENARIOS = [
    pytest.param(path.parent.name, scenario, id=f"{path.parent.name}: {scenario.title['en']}")
    for path in library()
    for scenario in read_scenarios(scenarios_beside(path))
    # what others have booked, or how often, is said of a house that is not this one (tests/huying/issues/test_books.py)
    if not (scenario.given.booked or scenario.given.counted or scenario.given.taken or scenario.given.refused)
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with city(tmp_path_factory.mktemp("city")) as made:
        yield made


@pytest.mark.parametrize(("key", "scenario"), SCENARIOS)
def test_the_scenario_goes_the_same_way_over_http(town: City, key: str, scenario: Scenario) -> None:
    Play(town, key, scenario).run()
