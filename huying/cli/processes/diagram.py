"""``diagram``: a definition as a picture (SVG), as BPMN 2.0 for other modellers, or as Mermaid for documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import definition
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.language import LANGUAGES

if TYPE_CHECKING:
    from argparse import Namespace

    from definitions.model.definition import Definition
    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    definition(parser)
    parser.take("--format", zh="画成什么。", en="What to draw.", choices=("svg", "bpmn", "mermaid"), default="svg")
    parser.take("--language", zh="图中的语言。", en="The language of the picture.", choices=LANGUAGES, default="zh")
    parser.take("--output", "-o", zh="写到文件；不写则为标准输出。", en="Left out: standard output.", metavar="FILE")


def _run(options: Namespace) -> int:
    from pathlib import Path

    from huying.trials.simulation import subject

    drawn = _drawn(subject(options.name, None, opened).process.definition, options.format, options.language)
    if options.output:
        Path(options.output).write_text(drawn, encoding="utf-8")
    else:
        print(drawn, end="")
    return SOUND


def _drawn(definition: Definition, form: str, language: str) -> str:
    from definitions.model.step import STAGES
    from huying.charts import bpmn, mermaid
    from huying.charts.drawing import draw
    from huying.charts.flow import chart
    from huying.words.stages import stage_title

    titles = {stage: stage_title(stage, language) for stage in STAGES}
    if form == "bpmn":
        return bpmn.document(definition, titles, language)
    if form == "mermaid":
        return mermaid.document(chart(definition), titles, language)
    return draw(chart(definition), language, titles)


COMMAND = Command(
    "diagram",
    Said("画流程图，或导出 BPMN、Mermaid。", "Draw a definition, or export it."),
    _run,
    _arguments,
    speaks=False,
)
