"""A chart as Mermaid, for documents that draw it themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from definitions.model.step import Stage
from huying.charts.flow import Chart, Shape, stages

_FORMS: Mapping[str, tuple[str, str]] = {
    "start": ("((", "))"),
    "end": ("(((", ")))"),
    "decision": ("{", "}"),
    "fork": ("{{", "}}"),
    "join": ("{{", "}}"),
    "wait": ("([", "])"),
    "receive": ("([", "])"),
    "late": (">", "]"),
    "failed": (">", "]"),
    "call": ("[[", "]]"),
}
_SIGNS: Mapping[str, str] = {"decision": "?", "fork": "+", "join": "+"}


def document(chart: Chart, stage_titles: Mapping[Stage, str], language: str) -> str:
    """The text of a ``flowchart``."""
    return "\n".join(_lines(chart, stage_titles, language)) + "\n"


def _lines(chart: Chart, titles: Mapping[Stage, str], language: str) -> Iterator[str]:
    yield "flowchart LR"
    for stage in stages(chart):
        yield f'  subgraph {stage}["{_safe(titles[stage])}"]'
        for shape in chart.shapes.values():
            if shape.stage == stage:
                yield f"    {_node(shape, language)}"
        yield "  end"
    for shape in chart.shapes.values():
        if shape.host is not None:
            yield f"  {_identity(shape.host)} -.- {_identity(shape.key)}"
    for line in chart.lines:
        said = line.label.get(language) or line.label.get("zh", "")
        arrow = f'-->|"{_safe(said)}"|' if said else "-->"
        yield f"  {_identity(line.source)} {arrow} {_identity(line.target)}"


def _node(shape: Shape, language: str) -> str:
    left, right = _FORMS.get(shape.kind, ("[", "]"))
    said = shape.title.get(language) or next(iter(shape.title.values()), "") or _SIGNS.get(shape.kind, "")
    return f'{_identity(shape.key)}{left}"{_safe(said)}"{right}'


def _safe(text: str) -> str:
    return " ".join(text.replace("\\", "/").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;").split())


def _identity(key: str) -> str:
    ends = {"?": "_decides", "!": "_late", "~": "_failed", "+": "_join", "^": "start"}
    # some plain words end a flowchart when they are an identifier
    return "s_" + re.sub(r"[^A-Za-z0-9_]", lambda found: ends.get(found[0], "_"), key)
