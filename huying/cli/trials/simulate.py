"""``simulate``: how long issues would take, where they would wait, and what share would be late, beside another version."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.arguments import definition, number
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from engine.simulation.figures import Figures
    from huying.cli.parser import Parser
    from huying.trials.simulation import Subject


def _arguments(parser: Parser) -> None:
    definition(parser)
    parser.take(
        "--issues", zh="多少件，默认 1000。", en="How many; 1000 if not said.", type=number, default=1000, metavar="N"
    )
    parser.take("--seed", zh="随机种子。", en="The same seed, the same result.", type=number, default=1, metavar="S")
    parser.take(
        "--replicates",
        zh="分几次独立推演，各占一份件数，同时进行；区间由各次之差得出。",
        en="In so many runs of a share each, side by side; intervals come of their difference.",
        type=number,
        default=1,
        metavar="R",
    )
    parser.take("--against", zh="同时推演另一版，作比较。", en="Another version beside it.", metavar="NAME")
    parser.take("--assumptions", zh="假设文件（YAML）。", en="What is assumed (YAML).", metavar="FILE")
    parser.take(
        "--learn",
        zh="从本单位的办理历史或事件日志得出假设。",
        en="Learn what is assumed from the history, or from an event log.",
        nargs="?",
        const="",
        metavar="LOG.xes[.gz]",
    )
    parser.take(
        "--names",
        zh="日志里的名称各是哪一步（YAML）；没有这个文件就按相近的写一份。",
        en="What the log's names mean (YAML); a file that is not there yet is written as names are alike.",
        metavar="FILE",
    )
    parser.take(
        "--save",
        zh="把得出的假设写到文件，以后用 --assumptions 读。",
        en="Write what was learnt into a file that --assumptions reads.",
        metavar="FILE",
    )
    parser.take("--svg", zh="把图画到文件。", en="Draw a picture into a file.", metavar="FILE")


def _run(options: Namespace) -> int:
    from pathlib import Path

    from huying.cli.trials.subject import learnt
    from huying.logs import xes
    from huying.trials.picture import picture
    from huying.trials.report import lines, plain

    if wrong := _wrong(options):
        print(wrong.read(options.languages), file=sys.stderr)
        return UNREADABLE
    names = [name for name in (options.name, options.against) if name]
    try:
        learned = [learnt(name, options.assumptions, options.learn, options.names) for name in names]
    except xes.NotXes as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    several = [one for one, _ in learned]
    if options.save:
        _save(options.save, several[0])
    for said in dict.fromkeys(said for _, said in learned if said):
        print(said, file=sys.stderr)
    ran = [(one, _simulated(one, options)) for one in several]
    if options.svg:
        Path(options.svg).write_text(picture(ran), encoding="utf-8")
    if options.format == "json":
        data = [plain(one, options.seed) for one in ran]
        show_json(data if options.against else data[0])
    else:
        print("\n".join(lines(ran, options.seed)))
    return FINDINGS if any(figures.hollow for _, figures in ran) else SOUND


def _wrong(options: Namespace) -> Said | None:
    if not options.issues:
        return Said("--issues：至少 1 件。", "--issues: at least 1.")
    if not 1 <= options.replicates <= options.issues:
        return Said(
            "--replicates：至少 1 次，最多每次 1 件。", "--replicates: at least 1, and at most one for each issue."
        )
    return None


def _simulated(one: Subject, options: Namespace) -> Figures:
    from huying.trials.simulation import run, run_replicates

    told = _progress(options.issues)
    if options.replicates == 1:
        return run(one, options.issues, options.seed, told)
    return run_replicates(one, options.issues, options.seed, options.replicates, told)


def _save(name: str, one: Subject) -> None:
    """What is assumed, as a file; where several are simulated, of the first."""
    from pathlib import Path

    from definitions.trials.assumptions import written

    Path(name).write_text(written(one.assumptions, f"{one.name}：simulate --save"), "utf-8")


def _progress(issues: int) -> Callable[[int], None]:
    """Says how far it is, where somebody looks on."""
    import time

    begun = time.monotonic()

    def tell(opened_so_far: int) -> None:
        left = (time.monotonic() - begun) * (issues - opened_so_far) / opened_so_far
        end = "\n" if opened_so_far >= issues else ""
        print(f"\r{opened_so_far:,} / {issues:,}（还需 left {left:.0f} s） ", end=end, file=sys.stderr, flush=True)

    return tell if sys.stderr.isatty() else lambda opened_so_far: None


_FIGURES = (
    "{definition, name, seed, replicates, issues, closed, events, days_median: {value, low, high}, days_p90: {value, low, high},"
    " overdue: {value, low, high}, steps, roles, resolutions, stuck}"
)

COMMAND = Command(
    "simulate",
    Said("推演一个流程。", "Simulate a definition."),
    _run,
    _arguments,
    json=(("", _FIGURES), ("--against", f"[{_FIGURES}]")),
)
