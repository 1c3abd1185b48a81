"""``rehearse``: the scenarios beside definitions are played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import files
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.output import complain, show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.trials.rehearsal import Rehearsal


def _arguments(parser: Parser) -> None:
    files(parser, "定义文件或所在文件夹。", "A definition's file or folder.")


def _run(options: Namespace) -> int:
    from pathlib import Path

    from huying.cli.processes.files import no_file
    from huying.trials.rehearsal import rehearse_file, said

    played = []
    for name in options.files:
        path = Path(name) / "definition.yaml" if Path(name).is_dir() else Path(name)
        try:
            rehearsal = rehearse_file(path)
        except OSError as error:
            complain([no_file(str(error.filename or path), error)], options)
            return UNREADABLE
        if options.format == "text":
            print("\n".join(said(rehearsal)))
        played.append(rehearsal)
    if options.format == "json":
        show_json([_row(one) for one in played])
    return SOUND if all(one.passed for one in played) else FINDINGS


def _row(one: Rehearsal) -> dict[str, object]:
    return {
        "definition": one.definition.id,
        "passed": one.passed,
        "scenarios": [
            {
                "title": dict(played.scenario.title),
                "passed": played.passed,
                "differences": [
                    {"step": each.step, "what": each.what, "expected": each.expected, "found": each.found}
                    for each in played.differences
                ],
            }
            for played in one.played
        ],
        "actions_left": one.actions_left,
        "steps_left": one.steps_left,
    }


COMMAND = Command(
    "rehearse",
    Said("演练定义旁的场景。", "Play the scenarios beside definitions."),
    _run,
    _arguments,
    json=(
        (
            "",
            "[{definition, passed, scenarios: [{title, passed, differences: [{step, what, expected, found}]}], actions_left, steps_left}]",
        ),
    ),
    unsound=UNREADABLE,
)
