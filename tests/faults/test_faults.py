"""Faults of many kinds, each forty times; a release passes ``--faults=short``, a hundred times. Nothing is lost, doubled or stuck."""

from __future__ import annotations

import pytest

from tests.faults import clocks, console, disk, doubles, kills, mail, repeats, restarts, versions
from tests.faults.fault import Fault, Tools, run
from tests.faults.report import Kind

FAULTS = (
    *kills.FAULTS,
    *restarts.FAULTS,
    *doubles.FAULTS,
    *mail.FAULTS,
    *clocks.FAULTS,
    *versions.FAULTS,
    *disk.FAULTS,
    *repeats.FAULTS,
    *console.FAULTS,
)


# the long form takes an hour for some kinds where others are at work too
@pytest.mark.timeout(36_000)
@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_nothing_is_lost_doubled_or_stuck(fault: Fault, tools: Tools, injections: int, kinds: list[Kind]) -> None:
    kind = run(fault, tools, injections)
    kinds.append(kind)
    assert kind.findings == []
    assert kind.injected >= injections, "the fault was not injected as often as it should"
