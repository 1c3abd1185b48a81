"""A chart as BPMN 2.0 (OMG formal/2011-01-03, ISO/IEC 19510) with its layout, as other modellers open it.

What BPMN has no word for (who is told, forms, reminders, texts) stands in the documentation of each element, as the definition has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import yaml

from definitions.model.definition import Definition
from definitions.model.duration import Duration
from definitions.model.step import Stage
from definitions.model.steps.call import CallStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.receive import ReceiveStep
from definitions.model.steps.wait import WaitStep
from huying.charts.flow import Arrow, Chart, Shape, chart
from huying.charts.lanes import Lanes, lay_out
from huying.charts.svg import Rectangle

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_DD = "http://www.omg.org/spec/DD/20100524/DI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
for _prefix, _uri in (("bpmn", _BPMN), ("bpmndi", _DI), ("dc", _DC), ("di", _DD), ("xsi", _XSI)):
    ElementTree.register_namespace(_prefix, _uri)

_TAGS: Mapping[str, str] = {
    "start": "startEvent",
    "task": "userTask",
    "each": "userTask",
    "decision": "exclusiveGateway",
    "fork": "parallelGateway",
    "join": "parallelGateway",
    "wait": "intermediateCatchEvent",
    "receive": "receiveTask",
    "call": "callActivity",
    "request": "serviceTask",
    "script": "scriptTask",
    "send": "sendTask",
    "end": "endEvent",
    "late": "boundaryEvent",
    "failed": "boundaryEvent",
}
_SMALL = {"start", "end", "wait", "late", "failed", "decision", "fork", "join"}
_ISO: Mapping[str, str] = {
    "minutes": "PT{}M",
    "hours": "PT{}H",
    "working hours": "PT{}H",
    "days": "P{}D",
    "working days": "P{}D",
    "calendar days": "P{}D",
    "weeks": "P{}W",
    "months": "P{}M",
    "years": "P{}Y",
}


def _iso(length: Duration) -> str:
    # ISO 8601 has no quarters
    return f"P{length.amount * 3}M" if length.unit == "quarters" else _ISO[length.unit].format(length.amount)


def document(definition: Definition, stage_titles: Mapping[Stage, str], language: str) -> str:
    """The BPMN file of a sound definition, with names in one language."""
    return _Writing(definition, chart(definition), stage_titles, language).done()


class _Writing:
    """A document on its way."""

    def __init__(self, definition: Definition, made: Chart, stages: Mapping[Stage, str], language: str) -> None:
        self._definition = definition
        self._chart = made
        self._stages = stages
        self._language = language
        self._layout: Lanes = lay_out(made, language)
        self._ids = {key: _identity(key) for key in made.shapes}
        self._flows = {id(line): f"flow_{n}" for n, line in enumerate(made.lines, 1)}

    def done(self) -> str:
        root = Element(_q(_BPMN, "definitions"), {"id": "definitions", "targetNamespace": "urn:huying:definition"})
        messages = self._messages(root)
        self._collaboration(root)
        process = SubElement(root, _q(_BPMN, "process"), {"id": "process", "isExecutable": "false"})
        process.set("name", self._said(self._definition.title))
        self._lanes(process)
        for shape in self._chart.shapes.values():
            self._node(process, shape, messages)
        for line in self._chart.lines:
            self._flow(process, line)
        self._diagram(root)
        ElementTree.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"

    def _said(self, words: Mapping[str, str]) -> str:
        return words.get(self._language) or next(iter(words.values()), "")

    def _messages(self, root: Element) -> Mapping[str, str]:
        names = {one.receive for one in self._definition.steps.values() if isinstance(one, ReceiveStep)}
        for name in sorted(names):
            SubElement(root, _q(_BPMN, "message"), {"id": f"message_{_identity(name)}", "name": name})
        return {name: f"message_{_identity(name)}" for name in names}

    def _collaboration(self, root: Element) -> None:
        collaboration = SubElement(root, _q(_BPMN, "collaboration"), {"id": "collaboration"})
        name = self._said(self._definition.title)
        SubElement(collaboration, _q(_BPMN, "participant"), {"id": "pool", "name": name, "processRef": "process"})

    def _lanes(self, process: Element) -> None:
        lanes = SubElement(process, _q(_BPMN, "laneSet"), {"id": "lanes"})
        for stage in self._layout.lanes:
            lane = SubElement(lanes, _q(_BPMN, "lane"), {"id": f"lane_{stage}", "name": self._stages[stage]})
            for shape in self._chart.shapes.values():
                if shape.stage == stage:
                    SubElement(lane, _q(_BPMN, "flowNodeRef")).text = self._ids[shape.key]

    def _node(self, process: Element, shape: Shape, messages: Mapping[str, str]) -> None:
        step = self._definition.steps.get(shape.step)
        tag = _TAGS[shape.kind]
        if shape.kind in ("fork", "join") and isinstance(step, ParallelStep) and not _plain_parallel(step, shape):
            tag = "inclusiveGateway" if shape.kind == "fork" else "complexGateway"
        node = SubElement(process, _q(_BPMN, tag), {"id": self._ids[shape.key]})
        if said := self._said(shape.title):
            node.set("name", said)
        if shape.host is not None:
            node.set("attachedToRef", self._ids[shape.host])
        self._otherwise(node, shape, tag)
        if isinstance(step, CallStep) and shape.kind == "call":
            node.set("calledElement", step.call)
        if isinstance(step, ReceiveStep) and shape.kind == "receive":
            node.set("messageRef", messages[step.receive])
        self._documented(node, shape)
        for line in self._chart.lines:
            if line.target == shape.key:
                SubElement(node, _q(_BPMN, "incoming")).text = self._flows[id(line)]
        for line in self._chart.lines:
            if line.source == shape.key:
                SubElement(node, _q(_BPMN, "outgoing")).text = self._flows[id(line)]
        self._inside(node, shape)

    def _otherwise(self, node: Element, shape: Shape, tag: str) -> None:
        """The way that is taken when no other is, where a gateway may have one."""
        if tag in ("exclusiveGateway", "inclusiveGateway", "complexGateway"):
            for line in self._chart.lines:
                if line.source == shape.key and line.otherwise:
                    node.set("default", self._flows[id(line)])

    def _documented(self, node: Element, shape: Shape) -> None:
        if shape.key == shape.step:
            step = self._definition.steps[shape.step]
            plain = step.model_dump(mode="json", by_alias=True, exclude_unset=True)
            text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
            SubElement(node, _q(_BPMN, "documentation"), {"textFormat": "text/x-yaml"}).text = text

    def _inside(self, node: Element, shape: Shape) -> None:
        """What an element holds besides its flows: timers, and several at once or in turn."""
        step = self._definition.steps.get(shape.step)
        if shape.kind == "each" and isinstance(step, EachStep):
            SubElement(
                node,
                _q(_BPMN, "multiInstanceLoopCharacteristics"),
                {"isSequential": str(step.in_order).lower()},
            )
        elif shape.kind == "late":
            self._timer(node, f"{shape.step}: within")
        elif shape.kind == "wait" and isinstance(step, WaitStep):
            self._timer(node, step.wait, step.length)
        elif shape.kind == "failed":
            SubElement(node, _q(_BPMN, "errorEventDefinition"), {"id": f"{self._ids[shape.key]}_error"})

    def _timer(self, node: Element, said: str, length: Duration | None = None) -> None:
        timer = SubElement(node, _q(_BPMN, "timerEventDefinition"), {"id": f"{node.get('id')}_timer"})
        kind = "timeDuration" if length else "timeDate"
        moment = SubElement(timer, _q(_BPMN, kind), {_q(_XSI, "type"): "bpmn:tFormalExpression"})
        moment.text = _iso(length) if length else said

    def _flow(self, process: Element, line: Arrow) -> None:
        flow = SubElement(
            process,
            _q(_BPMN, "sequenceFlow"),
            {
                "id": self._flows[id(line)],
                "sourceRef": self._ids[line.source],
                "targetRef": self._ids[line.target],
            },
        )
        if said := self._said(line.label):
            flow.set("name", said)
        if line.condition:
            held = SubElement(flow, _q(_BPMN, "conditionExpression"), {_q(_XSI, "type"): "bpmn:tFormalExpression"})
            held.text = line.condition

    def _diagram(self, root: Element) -> None:
        diagram = SubElement(root, _q(_DI, "BPMNDiagram"), {"id": "diagram"})
        plane = SubElement(diagram, _q(_DI, "BPMNPlane"), {"id": "plane", "bpmnElement": "collaboration"})
        lanes = self._layout.lanes.values()
        top, left = min(lane.y for lane in lanes), min(lane.x for lane in lanes)
        bottom = max(lane.y + lane.height for lane in lanes)
        wide = max(lane.width for lane in lanes)
        self._bounds(plane, "pool", Rectangle(left - 30, top, wide + 30, bottom - top), across=True)
        for stage, lane in self._layout.lanes.items():
            self._bounds(plane, f"lane_{stage}", lane, across=True)
        for shape in self._chart.shapes.values():
            place = self._layout.places[shape.key]
            self._bounds(plane, self._ids[shape.key], _round(place) if shape.kind in _SMALL else place)
        for route in self._layout.routes:
            flow = self._flows[id(route.line)]
            edge = SubElement(plane, _q(_DI, "BPMNEdge"), {"id": f"{flow}_edge", "bpmnElement": flow})
            for x, y in route.points:
                SubElement(edge, _q(_DD, "waypoint"), {"x": f"{x:.0f}", "y": f"{y:.0f}"})
            if self._said(route.line.label):
                label = SubElement(edge, _q(_DI, "BPMNLabel"))
                x, y = route.label_at
                wide = 11.0 * len(self._said(route.line.label))
                _bounds(label, Rectangle(x, y - 11, max(20.0, min(wide, 160.0)), 14))

    def _bounds(self, plane: Element, of: str, place: Rectangle, *, across: bool = False) -> None:
        shape = SubElement(plane, _q(_DI, "BPMNShape"), {"id": f"{of}_shape", "bpmnElement": of})
        if across:
            shape.set("isHorizontal", "true")
        _bounds(shape, place)


def _plain_parallel(step: ParallelStep, shape: Shape) -> bool:
    """Whether it is what BPMN calls parallel: all branches, without conditions, and all of them joined."""
    return not any(branch.when for branch in step.parallel) if shape.kind == "fork" else str(step.join) == "all"


def _bounds(parent: Element, place: Rectangle) -> None:
    said = {"x": place.x, "y": place.y, "width": place.width, "height": place.height}
    SubElement(parent, _q(_DC, "Bounds"), {name: f"{value:.0f}" for name, value in said.items()})


def _round(place: Rectangle) -> Rectangle:
    """Events and gateways are as high as they are wide."""
    return Rectangle(place.x, place.middle - place.width / 2, place.width, place.width)


def _q(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def _identity(key: str) -> str:
    """An identifier as XML wants it; what tells shapes of a step apart becomes a word."""
    ends = {"?": "_decides", "!": "_late", "~": "_failed", "+": "_join", "^": "start"}
    return "s_" + re.sub(r"[^A-Za-z0-9_-]", lambda found: ends.get(found[0], "_"), key)
