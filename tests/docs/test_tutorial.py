"""The tutorial as a newcomer follows it: every block is saved or typed, in order, in a fresh shell, in a fresh working copy."""

from __future__ import annotations

import re
from pathlib import Path

from tests.huying.working_copy import ROOT, typed, working_copy

BLOCKS = re.findall(
    r"^```(\w+)([^\n]*)\n(.*?)^```", (ROOT / "docs" / "en" / "tutorial.md").read_text("utf-8"), re.M | re.S
)
#: The file to which a block is saved, by what stands beside it.
SAVED = {"": "lamp.yaml", " unknown-role": "lamp.yaml", " scenarios": "scenarios.yaml"}


def test_whoever_follows_the_tutorial_gets_what_it_says(tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "huying")
    typed_lines = 0
    for language, beside, text in BLOCKS:
        if language == "yaml":
            (copy / SAVED[beside]).write_text(text, "utf-8")
            continue
        for line in text.splitlines():
            told = typed(line, copy, tmp_path)
            assert (told.returncode, "Traceback" in told.stderr) == (0, False), f"{line}\n{told.stdout}{told.stderr}"
            typed_lines += 1
    assert typed_lines == len(
        re.findall(r"^scripts/huying ", (ROOT / "docs" / "en" / "tutorial.md").read_text("utf-8"), re.M)
    )
    assert "street-lamp\tv1" in typed("scripts/huying list", copy, tmp_path).stdout
