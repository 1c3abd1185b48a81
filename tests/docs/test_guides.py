"""The guides are true: the tutorial's files do what it says, the how-to's examples are shipped, the reference is fresh."""

from __future__ import annotations

import re
import shlex
import textwrap
from datetime import date
from pathlib import Path

import pytest

from definitions.calendars.reader import load_calendar, parse_calendar
from definitions.composition.fragments import compose, shared
from definitions.composition.overrides import lay_over, read_override
from definitions.loader import LIBRARY, examine
from definitions.plans.plan import read_plan
from definitions.reference.reference import FILE, rendered
from definitions.source.tree import read
from definitions.trials.scenario import read_scenarios
from engine import Process
from engine.rehearsal.play import rehearse
from huying.cli import main
from tests.docs.page import bare

DOCS = Path(__file__).resolve().parents[2] / "docs" / "en"
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^```yaml( [a-z-]+)?\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL)
PLANS = re.findall(r"^```yaml\n(plan:.*?)^```", (DOCS / "plans.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
#: What goes without saying, and stands in the shipped files only.
_LEFT_OUT = {("monthly-reception", "at"), ("reception-quota", "at")}
EXAMPLES = re.findall(r"^```yaml\n# definitions/library/([a-z0-9-]+)\n(.*?)^```", HOW_TO, re.MULTILINE | re.DOTALL)
OVERRIDES = re.findall(r"^```yaml\n(override:.*?)^```", HOW_TO, re.MULTILINE | re.DOTALL)
SESSIONS = re.findall(r"^```console\n\$ scripts/huying (.*?)\n(.*?)^```", HOW_TO, re.MULTILINE | re.DOTALL)


def test_the_tutorial_has_ten_steps() -> None:
    assert len(re.findall(r"^## ", TUTORIAL, re.MULTILINE)) == len(STEPS) == 10


@pytest.mark.parametrize(("said", "text"), STEPS, ids=[str(n) for n in range(1, 11)])
def test_each_step_of_the_tutorial_is_sound_or_fails_as_it_says(said: str, text: str) -> None:
    if said == " scenarios":
        return
    found = [finding.rule for finding in examine(text, "lamp.yaml").findings]
    assert found == ([said.strip()] if said else [])


def test_the_tutorials_scenarios_go_as_they_say(tmp_path: Path) -> None:
    definition = next(examine(text, "lamp.yaml").definition for said, text in reversed(STEPS) if not said)
    assert definition is not None
    path = tmp_path / "scenarios.yaml"
    path.write_text(next(text for said, text in STEPS if said == " scenarios"), encoding="utf-8")
    for scenario in read_scenarios(path):
        assert rehearse(Process(definition, load_calendar("china")), scenario).differences == []


@pytest.mark.parametrize(("key", "text"), EXAMPLES, ids=[f"{n} {key}" for n, (key, _) in enumerate(EXAMPLES)])
def test_each_example_of_the_how_to_stands_in_a_shipped_definition(key: str, text: str) -> None:
    shipped = bare((LIBRARY / key / "definition.yaml").read_text(encoding="utf-8"))
    text = bare(text)
    first = text.splitlines()[0]
    indents = [len(line) - len(line.lstrip()) for line in shipped.splitlines() if line.strip() == first.strip()]
    assert any(textwrap.indent(text.rstrip(), " " * indent) in shipped for indent in indents)


@pytest.mark.parametrize("text", OVERRIDES)
def test_the_overrides_of_the_how_to_can_be_laid_over_what_they_name(text: str) -> None:
    found = read_override(text, "override.yaml")
    assert found.findings == ()
    assert found.override is not None
    path = LIBRARY / found.override.override / "definition.yaml"
    body = compose(read(path.read_bytes(), str(path)), shared()).body
    laid, problems = lay_over(body, found.body)
    assert problems == ()
    assert laid != body


def test_the_calendar_of_the_how_to_is_one() -> None:
    (text,) = re.findall(r"^```yaml calendar\n(.*?)^```", HOW_TO, re.MULTILINE | re.DOTALL)
    calendar = parse_calendar(text, "xiamen.yaml")
    assert calendar.base.startswith("china")
    assert calendar.works(date(2026, 7, 27))
    assert not calendar.works(date(2026, 7, 28))


@pytest.mark.parametrize(("command", "said"), SESSIONS, ids=[command for command, _ in SESSIONS])
def test_what_the_how_to_shows_of_the_command_line_is_what_it_says(
    command: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    rows = [line.split(",")[:2] for line in said.splitlines()]
    Path("rows.csv").write_text("".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8")
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("text", PLANS, ids=[text.split()[1] for text in PLANS])
def test_each_plan_in_its_guide_is_sound(text: str) -> None:
    assert read_plan(text, "plan.yaml").findings == ()


def test_the_guide_of_plans_shows_the_shipped_ones() -> None:
    shipped = {path.stem: read_plan(path.read_text("utf-8"), path.name).body for path in (LIBRARY / "plans").iterdir()}
    assert {text.split()[1]: read_plan(text, "plan.yaml").body for text in PLANS} == {
        key: {name: value for name, value in body.items() if (key, name) not in _LEFT_OUT}
        for key, body in shipped.items()
    }


def test_the_reference_is_fresh() -> None:
    assert FILE.read_text(encoding="utf-8") == rendered(), "renew it: python -m definitions.reference"
