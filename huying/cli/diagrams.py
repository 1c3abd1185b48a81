"""The command ``diagram``: a definition as a picture (SVG), as BPMN 2.0 for other modellers, or as Mermaid for documents."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from definitions.finding import Unreadable
from definitions.loader import Unsound
from definitions.model.definition import Definition
from definitions.model.step import STAGES
from huying.charts import bpmn, mermaid
from huying.charts.drawing import draw
from huying.charts.flow import chart
from huying.cli.command import FINDINGS, add, opened, said
from huying.processes.findings import CheckReport
from huying.settings import read
from huying.trials.simulation import subject
from huying.words.stages import stage_title

if TYPE_CHECKING:
    from huying.cli.command import Commands


def add_to(commands: Commands) -> None:
    """Add the command."""
    one = add(commands, "diagram", _diagram, "画流程图，或导出 BPMN、Mermaid。 Draw a definition, or export it.")
    one.add_argument("name", metavar="NAME", help="流程文件、流程库名或已发布的名。 A file, or a key (KEY@2).")
    one.add_argument("--format", choices=("svg", "bpmn", "mermaid"), default="svg")
    one.add_argument("--language", choices=("zh", "en"), default="zh")
    one.add_argument("--output", "-o", metavar="FILE", help="写到文件。 Left out: standard output.")


def _diagram(options: argparse.Namespace) -> int:
    try:
        definition = subject(options.name, None, lambda: opened(read())).process.definition
        text = _drawn(definition, options.format, options.language)
        if options.output:
            Path(options.output).write_text(text, encoding="utf-8")
        else:
            print(text, end="")
    except (Unreadable, Unsound) as error:
        options.language = None
        print(said(CheckReport(list(error.findings)), options, sys.stderr), file=sys.stderr)
        return FINDINGS
    except OSError as error:
        print(f"文件打不开。 The file cannot be opened: {error}", file=sys.stderr)
        return 2
    return 0


def _drawn(definition: Definition, form: str, language: str) -> str:
    titles = {stage: stage_title(stage, language) for stage in STAGES}
    if form == "bpmn":
        return bpmn.document(definition, titles, language)
    if form == "mermaid":
        return mermaid.document(chart(definition), titles, language)
    return draw(chart(definition), language, titles)
