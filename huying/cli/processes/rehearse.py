"""``rehearse``: the scenarios beside definitions are played; what differs on purpose can be accepted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import files
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.output import complain, show_json

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path
    from typing import TextIO

    from huying.cli.parser import Parser
    from huying.trials.acceptance import Acceptance
    from huying.trials.rehearsal import Rehearsal


def _arguments(parser: Parser) -> None:
    files(parser, "定义文件或所在文件夹。", "A definition's file or folder.")
    parser.take(
        "--accept",
        zh="把场景的预期改成现在的结果：先显示改动，同意后才写入。",
        en="Let scenarios expect what now happens: the change is shown, and written only when you agree.",
        action="store_true",
    )
    parser.take("--yes", zh="写入时不再询问。", en="Write without asking.", action="store_true")


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
        if options.accept and not rehearsal.passed and _accepts(path, rehearsal, options):
            rehearsal = rehearse_file(path)
        if options.format == "text":
            print("\n".join(said(rehearsal)))
        played.append(rehearsal)
    if options.format == "json":
        show_json([_row(one) for one in played])
    return SOUND if all(one.passed for one in played) else FINDINGS


def _accepts(path: Path, rehearsal: Rehearsal, options: Namespace) -> bool:
    """Show what the file of scenarios would say, and write it if that is wanted; whether it was written."""
    from huying.trials.acceptance import offer

    offered = offer(path, rehearsal)
    stream = sys.stderr if options.format == "json" else sys.stdout
    for said in offered.refused:
        print(said.read(options.languages), file=stream)
    if offered.after == offered.before:
        return False
    _show(offered, stream)
    if not options.yes and not _agreed(stream):
        return False
    offered.path.write_bytes(offered.after.encode("utf-8"))
    return True


def _show(offered: Acceptance, stream: TextIO) -> None:
    from difflib import unified_diff

    old, new = (text.splitlines(keepends=True) for text in (offered.before, offered.after))
    stream.writelines(unified_diff(old, new, str(offered.path), str(offered.path), n=1))


def _agreed(stream: TextIO) -> bool:
    """Whether somebody at the terminal says yes; without a terminal nobody does."""
    if not sys.stdin.isatty():
        print("没有写入；要写入请加 --yes。 Not written; add --yes to write it.", file=stream)
        return False
    print("写入吗？ Write it? [y/N] ", end="", file=stream, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是")


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
