"""Event logs for process mining: XES that comes back as it was, OCEL whose references hold, and nothing private in either."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.calendars.reader import load_calendar
from definitions.loader import load
from huying.cli import main
from huying.logs import ocel, xes
from huying.logs.history import traces
from huying.trials.experience import learn
from tests.conftest import MORNING, Office
from tests.huying.story import Story


@pytest.fixture
def busy(office: Office) -> Office:
    """Three issues closed, one open."""
    for number in range(4):
        story = Story(office, MORNING + timedelta(hours=number))
        story.open(f"open-{number}", subject=f"路灯“{number}” <&>")
        story.to_the_end() if number < 3 else story.act("clerk", "accept")
    return office


def _written(office: Office) -> str:
    file = io.StringIO()
    assert xes.write(traces(office.house), file) == 4
    return file.getvalue()


def test_a_log_in_xes_comes_back_as_it_was(busy: Office) -> None:
    before = list(traces(busy.house))
    assert list(xes.read(io.BytesIO(_written(busy).encode()))) == before
    assert [entry.activity for entry in before[0].entries] == [
        "open",
        "register.accept",
        "ask.send",
        "handle.reply",
        "handle.reply",
        "confirm.yes",
    ]
    assert before[0].entries[1].waiting_since == MORNING
    assert (before[0].resolution, before[3].resolution) == ("solved", None)


def test_in_ocel_every_reference_has_its_object_and_every_type_is_declared(busy: Office) -> None:
    document = ocel.document(traces(busy.house))
    objects = {one["id"]: one["type"] for one in document["objects"]}
    for event in document["events"]:
        assert {one["objectId"] for one in event["relationships"]} <= set(objects)
    assert {one["type"] for one in document["events"]} == {one["name"] for one in document["eventTypes"]}
    assert set(objects.values()) <= {one["name"] for one in document["objectTypes"]}
    assert len({one["id"] for one in document["events"]}) == len(document["events"]) == 3 * 6 + 2


def test_neither_names_nor_what_was_written_is_in_a_log(busy: Office) -> None:
    everything = _written(busy) + json.dumps(ocel.document(traces(busy.house)), ensure_ascii=False)
    for private in ("路灯", "已修好", "resident", "water_handler"):
        assert private not in everything


def test_a_log_of_another_tool_tells_how_long_steps_take() -> None:
    log = """<log><trace><string key="concept:name" value="1"/>
      <event><string key="concept:name" value="x"/><date key="time:timestamp" value="2026-03-02T09:00:00+08:00"/></event>
      <event><string key="concept:name" value="register"/><date key="time:timestamp" value="2026-03-02T12:00:00+08:00"/></event>
    </trace></log>"""
    definition = load(Path("tests/definitions/office.yaml").read_bytes(), "office.yaml")
    (trace,) = xes.read(io.BytesIO(log.encode()))
    assumed = learn([trace], definition, load_calendar("china"))
    assert assumed.steps["register"].waits == (180.0,)


def test_when_another_tool_says_that_work_was_begun_the_rest_is_waiting() -> None:
    event = (
        '<event><string key="concept:name" value="{}"/><string key="lifecycle:transition" value="{}"/>'
        '<date key="time:timestamp" value="2026-03-02T{}:00+08:00"/></event>'
    )
    said = (("x", "complete", "09:00"), ("register", "start", "11:20"), ("register", "COMPLETE", "12:00"))
    log = f"<log><trace>{''.join(event.format(*one) for one in said)}</trace></log>"
    definition = load(Path("tests/definitions/office.yaml").read_bytes(), "office.yaml")
    register = learn(xes.read(io.BytesIO(log.encode())), definition, load_calendar("china")).steps["register"]
    assert (register.waits, register.works) == ((140.0,), (40.0,))


@pytest.mark.parametrize("text", ["", "<log/>", "no xml", "<log><trace><event/></trace></log>"])
def test_what_is_no_log_is_refused_in_words(text: str) -> None:
    with pytest.raises(xes.NotXes) as refused:
        list(xes.read(io.BytesIO(text.encode())))
    assert "。" in str(refused.value)


@pytest.mark.parametrize(("name", "begins"), [("log.xes", "<?xml"), ("log.json", "{")])
def test_on_the_command_line(
    name: str,
    begins: str,
    tmp_path: Path,
    sqlite_office: Office,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Story(sqlite_office, MORNING).open()
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.setenv("HUYING_DATABASE_URL", f"sqlite:///{tmp_path}/huying.db")
    assert main(["export", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text("utf-8").startswith(begins)
    assert "1 件事项" in capsys.readouterr().err
    if name.endswith(".xes"):
        arguments = ["simulate", "tests/definitions/office.yaml", "--issues", "20", "--learn", str(tmp_path / name)]
        assert main(arguments) == 0
