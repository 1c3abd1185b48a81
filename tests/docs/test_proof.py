"""The example in ``docs/en/proof.md`` is judged as it says."""

from __future__ import annotations

import re
from pathlib import Path

from definitions.loader import examine
from huying.processes.findings import CheckReport

TEXT = (Path(__file__).parents[2] / "docs" / "en" / "proof.md").read_text("utf-8")


def test_the_finding_is_the_one_that_is_shown() -> None:
    example = re.search(r"```yml\n(.*?)```", TEXT, re.DOTALL)
    shown = re.search(r"```text\n(.*?)```", TEXT, re.DOTALL)
    assert example
    assert shown
    found = examine(example[1], "example.yaml").findings
    assert CheckReport(list(found)).text(("zh", "en")).strip() == shown[1].strip()
