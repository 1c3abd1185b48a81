"""Whatever breaks a shipped definition is found: a sample here, the whole in ``python -m benchmarks.checks``."""

from __future__ import annotations

import random

from tests.definitions.mutations import judge, mutants


def test_mutations_that_break_something_are_found() -> None:
    verdicts = [judge(mutant) for mutant in mutants(random.Random(7), 200)]
    harmful = [verdict for verdict in verdicts if verdict.harmful]
    missed = [verdict for verdict in harmful if not verdict.found]
    assert len(harmful) >= 40
    assert len(missed) <= len(harmful) * 0.03, missed
