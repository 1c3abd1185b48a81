"""The chart of a process: for everybody to see, with figures for those who look after issues, as files for other tools."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.portal.conftest import PortalTown


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everybody_sees_the_chart_without_figures(town: PortalTown, language: str) -> None:
    seen = town.visitor(None, language).http.get("/definitions/street-matters/chart")
    assert seen.status_code == 200
    assert "<svg" in seen.text
    assert ("每个阶段一条泳道" in seen.text) == (language == "zh-CN")
    assert "!</text>" not in seen.text


def test_whoever_looks_after_issues_sees_where_they_are_and_which_are_late(town: PortalTown) -> None:
    begin = town.clock.now
    town.clock.move(days=-20)
    town.report(subject="一")
    town.clock.now = begin
    town.report(subject="二")
    page = town.visitor("clerk").see("/definitions/street-matters/chart")
    assert ">2 / 1!</text>" in page
    assert "带 ! 的是其中已逾期的" in page
    assert "!</text>" not in town.visitor("stranger").see("/definitions/street-matters/chart")


def test_the_files_open_in_other_tools(town: PortalTown) -> None:
    http = town.visitor(None).http
    bpmn = http.get("/definitions/street-matters/chart.bpmn")
    assert ElementTree.fromstring(bpmn.text).tag.endswith("definitions")
    assert 'filename="street-matters.bpmn"' in bpmn.headers["Content-Disposition"]
    assert http.get("/definitions/street-matters/chart.mmd").text.startswith("flowchart LR")
    assert http.get("/definitions/nothing/chart").status_code == 404
