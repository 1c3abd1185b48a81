"""“From demo to your office” as somebody follows it without a browser: every command is typed, in order, in a fresh shell, on an empty house."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huying.database.connections import Database
from huying.house.house import House
from huying.register.size import size
from huying.settings import VARIABLES
from tests.huying.working_copy import ROOT, typed, working_copy

PAGE = (ROOT / "docs" / "en" / "moving-in.md").read_text("utf-8")
LINES = [line for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S) for line in block.splitlines() if line]
COMMANDS = [line for line in LINES if line.startswith("scripts/huying ")]


@pytest.mark.timeout(900)
def test_whoever_follows_the_page_has_their_people_in_the_house(tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "huying")
    filled_in = _workbook_of_the_sample(copy, tmp_path)
    said: dict[str, str] = {}
    for line in COMMANDS:
        told = typed(line, copy, tmp_path)
        assert (told.returncode, "Traceback" in told.stderr) == (0, False), f"{line}\n{told.stdout}{told.stderr}"
        said[line.split()[1]] = told.stdout
        if " template " in line:
            # what takes an office the afternoon
            (copy / "register.xlsx").write_bytes(filled_in)
    assert "/account/set/" in said["prepare"], "how the first administrator comes in"
    assert "/account/set/" in said["person"], "how somebody who was imported comes in"
    database = Database(f"sqlite:///{copy}/.huying/huying.db")
    house = House(database, tmp_path)
    found = size(house)
    assert (found.stations > 10, found.people > 30, found.issues) == (True, True, 0)
    assert not house.offices.now().sample, "they are real, wherever the workbook came from"
    database.close()


def _workbook_of_the_sample(copy: Path, home: Path) -> bytes:
    """A workbook as an office has filled it in."""
    elsewhere = "HUYING_HOME=elsewhere "
    for line in ("scripts/huying prepare --sample", "scripts/huying register export filled.xlsx"):
        told = typed(elsewhere + line, copy, home)
        assert told.returncode == 0, told.stdout + told.stderr
    return (copy / "filled.xlsx").read_bytes()


def test_what_else_is_typed_is_there() -> None:
    others = [line for line in LINES if line not in COMMANDS]
    for name in re.findall(r"(?:deploy|docs|scripts)/[\w./-]+\w", "\n".join(others)):
        assert (ROOT / name).exists(), name
    assert set(re.findall(r"HUYING_[A-Z_]+", PAGE)) <= {*VARIABLES, "HUYING_HOME"}
