"""The chart of a definition in lanes, with how many issues are where; and the same for other tools."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from definitions.model.definition import Definition
from definitions.model.step import STAGES
from huying.charts import bpmn, mermaid
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.figures.heat import heat
from huying.processes.view import definition_in_force
from huying.words.stages import stage_title
from portal.frame.reception import Received
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])


@router.get("/definitions/{key}/chart")
def drawn(at: Received, key: str) -> Response:
    """The chart; whoever looks after issues sees how many are at each step, and how many of them are late."""
    view = definition_in_force(at.house, key, at.language, at.now)
    counts = heat(at.house, at.person, key, at.now) if at.person else {}
    titles = {stage: stage_title(stage, at.language) for stage in STAGES}
    # our own drawing of a checked definition, with every text in it escaped
    picture = Markup(draw(chart(view.definition), at.language, titles, counts))
    return at.page("chart.html", view=view, picture=picture, counts=counts)


@router.get("/definitions/{key}/chart.bpmn")
def exchanged(at: Received, key: str) -> Response:
    """The chart as BPMN 2.0."""
    return _file(at, key, "bpmn")


@router.get("/definitions/{key}/chart.mmd")
def written(at: Received, key: str) -> Response:
    """The chart as Mermaid."""
    return _file(at, key, "mmd")


def _file(at: Received, key: str, form: str) -> Response:
    definition: Definition = definition_in_force(at.house, key, at.language, at.now).definition
    titles = {stage: stage_title(stage, at.language) for stage in STAGES}
    if form == "bpmn":
        text, media = bpmn.document(definition, titles, at.language), "application/xml"
    else:
        text, media = mermaid.document(chart(definition), titles, at.language), "text/plain; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{definition.id}.{form}"'}
    return Response(text, media_type=media, headers=headers)
