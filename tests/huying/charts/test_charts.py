"""Charts: every way of a definition is a line, nothing stands on anything else, and other tools open what is exported."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from definitions.loader import LIBRARY, load
from definitions.model.definition import Definition
from definitions.model.step import STAGES, WaitingStep
from definitions.model.steps.close import CloseStep
from huying.charts import bpmn, mermaid
from huying.charts.drawing import Count, draw
from huying.charts.flow import Chart, chart
from huying.charts.lanes import Lanes, lay_out
from huying.cli import main
from huying.words.stages import stage_title
from tests.engine.simulation.test_simulation import SHIPPED

LANGUAGES = ("zh", "en")
TITLES = {language: {stage: stage_title(stage, language) for stage in STAGES} for language in LANGUAGES}
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def shipped(name: str) -> Definition:
    path = LIBRARY / name / "definition.yaml"
    return load(path.read_bytes(), str(path))


def reached(made: Chart, start: str) -> set[str]:
    """The steps that lines lead to from a step, through decisions, joins and what hangs on it."""
    found, open_ = set[str](), [start, *(one.key for one in made.shapes.values() if one.step == start)]
    seen: set[str] = set()
    while open_:
        key = open_.pop()
        if key in seen:
            continue
        seen.add(key)
        for line in made.lines:
            if line.source == key:
                target = made.shapes[line.target]
                if target.key in (target.step, "^"):
                    found.add(target.step)
                else:
                    open_.append(target.key)
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_every_way_of_a_definition_is_in_its_chart(name: str) -> None:
    definition = shipped(name)
    made = chart(definition)
    assert {shape.step for shape in made.shapes.values() if shape.step} == set(definition.steps)
    assert {line.source for line in made.lines} | {line.target for line in made.lines} <= set(made.shapes)
    for key, step in definition.steps.items():
        wanted = {one for one in step.targets() if one != "back"}
        missing = wanted - reached(made, key)
        assert not missing, f"{key} leads to {missing}"
        if isinstance(step, CloseStep):
            assert not [line for line in made.lines if line.source == key]


def overlapping(layout: Lanes, made: Chart) -> list[tuple[str, str]]:
    own = [key for key, shape in made.shapes.items() if shape.host is None]
    return [
        (one, other)
        for one, other in combinations(own, 2)
        if (a := layout.places[one]) and (b := layout.places[other])
        if a.x < b.right and b.x < a.right and a.y < b.y + b.height and b.y < a.y + a.height
    ]


def crossed(layout: Lanes, made: Chart) -> list[tuple[str, str]]:
    """Lines that run through a shape which is neither where they begin nor where they end."""
    found = []
    for route in layout.routes:
        ends = {route.line.source, route.line.target, made.shapes[route.line.source].host}
        for (x1, y1), (x2, y2) in pairwise(route.points):
            for key, place in layout.places.items():
                if key in ends or made.shapes[key].host in ends or made.shapes[key].host is not None:
                    continue
                inside_x = min(x1, x2) < place.right - 1 and max(x1, x2) > place.x + 1
                inside_y = min(y1, y2) < place.y + place.height - 1 and max(y1, y2) > place.y + 1
                if inside_x and inside_y:
                    found.append((f"{route.line.source}->{route.line.target}", key))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*SHIPPED, "fifty"])
def test_nothing_stands_on_anything_else_and_no_line_runs_through_a_shape(name: str, language: str) -> None:
    made = chart(fifty() if name == "fifty" else shipped(name))
    layout = lay_out(made, language)
    assert overlapping(layout, made) == []
    assert crossed(layout, made) == []
    for place in layout.places.values():
        assert place.x >= 0
        assert place.right <= layout.width
        assert place.y >= 0
        assert place.y + place.height <= layout.height


def fifty() -> Definition:
    """Fifty steps in four stages, each with ways on, further on, and back."""
    title = {"zh": "办理", "en": "Handle"}
    steps: dict[str, dict[str, object]] = {}
    for n in range(49):
        ways = {"on": n + 1, "far": min(49, n + 9), "back": max(0, n - 6)}
        actions = {key: {"title": title, "to": f"s{to}" if to < 49 else "end"} for key, to in ways.items()}
        steps[f"s{n}"] = {
            "title": title,
            "task": "clerk",
            "within": "3 working days",
            "overdue": {"to": "end"} if n % 10 == 3 else {"tell": "clerk"},
            "actions": actions,
        }
    parts = {"intake": range(12), "assignment": range(12, 24), "coordination": range(24, 40), "closure": range(40, 49)}
    body = {
        "id": "fifty",
        "title": title,
        "number": "{{ station.code }}-{{ sequence }}",
        "roles": {"clerk": {"title": title, "staff of": "station"}},
        "resolutions": {"done": title},
        **{stage: {f"s{n}": steps[f"s{n}"] for n in several} for stage, several in parts.items()},
    }
    body["closure"] |= {"end": {"title": title, "close": "done"}}  # type: ignore[operator]
    return Definition.model_validate(body)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(files("SpiffWorkflow.bpmn.parser") / "schema" / "BPMN20.xsd")))


@pytest.mark.parametrize("name", [*SHIPPED, "fifty"])
def test_bpmn_is_valid_by_the_schema_and_every_element_has_its_place(name: str, schema: etree.XMLSchema) -> None:
    text = bpmn.document(fifty() if name == "fifty" else shipped(name), TITLES["zh"], "zh")
    document = etree.fromstring(text.encode())
    assert schema.validate(document), schema.error_log
    process = document.find(f"{_BPMN}process")
    drawn = {one.get("bpmnElement") for one in document.iter(f"{_DI}BPMNShape", f"{_DI}BPMNEdge")}
    for element in process:
        if element.tag != f"{_BPMN}laneSet":
            assert element.get("id") in drawn
    laned = [one.text for one in document.iter(f"{_BPMN}flowNodeRef")]
    nodes = [one.get("id") for one in process if one.tag not in (f"{_BPMN}laneSet", f"{_BPMN}sequenceFlow")]
    assert sorted(laned) == sorted(nodes), "every node is in one lane"


def test_bpmn_says_what_kind_of_step_it_is() -> None:
    document = ElementTree.fromstring(bpmn.document(shipped("contact-station"), TITLES["en"], "en"))
    by_id = {element.get("id"): element for element in document.iter()}
    assert by_id["s_study"].tag == f"{_BPMN}userTask"
    assert by_id["s_handle"].find(f"{_BPMN}multiInstanceLoopCharacteristics") is not None
    assert by_id["s_study_decides"].tag == f"{_BPMN}exclusiveGateway"
    assert by_id["s_confirm_late"].get("attachedToRef") == "s_confirm"
    assert by_id["s_study"].get("name") == "Deputy's study" or by_id["s_study"].get("name")
    assert "within" in (by_id["s_study"].findtext(f"{_BPMN}documentation") or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_counts_what_is_open_and_overdue(language: str) -> None:
    definition = shipped("contact-station")
    drawn = draw(chart(definition), language, TITLES[language], {"study": Count(12, 3), "handle": Count(4, 0)})
    ElementTree.fromstring(drawn)
    assert "12 / 3!" in drawn
    assert ">4</text>" in drawn
    for step in definition.steps.values():
        if isinstance(step, WaitingStep) and step.title:
            assert step.title[language].split()[0] in drawn


def test_what_a_definition_says_cannot_become_markup() -> None:
    source = (LIBRARY / "pothole" / "definition.yaml").read_text("utf-8")
    attack = re.sub(
        r"^title: {zh: [^,]*,", "title: {zh: '<script>alert(1)</script> & \"', ", source, flags=re.MULTILINE
    )
    assert attack != source
    definition = load(attack, "x.yaml")
    for text in (draw(chart(definition), "zh", TITLES["zh"]), bpmn.document(definition, TITLES["zh"], "zh")):
        assert "<script" not in text
        ElementTree.fromstring(text)


@pytest.mark.parametrize("name", SHIPPED)
def test_mermaid_names_every_shape_once_and_ends_every_stage(name: str) -> None:
    made = chart(shipped(name))
    text = mermaid.document(made, TITLES["zh"], "zh")
    assert text.startswith("flowchart LR\n")
    assert text.count("  subgraph ") == text.count("\n  end\n")
    declared = re.findall(r"^    (s_\w+)", text, re.MULTILINE)
    assert len(declared) == len(set(declared)) == len(made.shapes)
    used = set(re.findall(r"\b(s_\w+)", text))
    assert used == set(declared)


@pytest.mark.parametrize(("form", "begins"), [("svg", "<svg"), ("bpmn", "<?xml"), ("mermaid", "flowchart")])
def test_on_the_command_line(form: str, begins: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagram", "pothole", "--format", form]) == 0
    assert capsys.readouterr().out.startswith(begins)
    assert main(["diagram", "pothole", "--format", form, "-o", str(tmp_path / "file")]) == 0
    assert (tmp_path / "file").read_text("utf-8").startswith(begins)
