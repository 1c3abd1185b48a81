"""Every kind of step has a rule: what happens when an issue comes to it."""

from __future__ import annotations

import pytest

from definitions.model.step import Step
from definitions.model.step_kind import KINDS, STEPS
from engine.rules.entry import RULES


@pytest.mark.parametrize("step", STEPS, ids=KINDS)
def test_a_kind_of_step_has_a_rule(step: type[Step]) -> None:
    assert step in RULES, f"rule: engine/rules/entry.py does not say what happens at “{step.step_kind.key}”"


def test_there_is_no_rule_for_a_kind_that_there_is_not() -> None:
    assert set(RULES) == set(STEPS)
