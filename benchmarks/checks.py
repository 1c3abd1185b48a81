"""How long the checks take: every shipped definition, and generated ones up to 200 steps; and what share of harmful mutations they find.

    python -m benchmarks.checks [--mutations 1500] [--seed 1]

The floor is reading the same file without judging it: what is printed as a ratio is the whole examination to that.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from definitions.loader import examine, library
from definitions.source.tree import read
from tests.definitions.mutations import judge, mutants

STEPS = (50, 100, 200)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{'definition':<24}{'read':>10}{'examined':>12}{'ratio':>8}   milliseconds, medians")
    for path in library():
        _line(path.parent.name, path.read_bytes())
    for count in STEPS:
        _line(f"generated, {count} steps", generated(count).encode(), 3)
    _mutate(options.mutations, options.seed)


def _line(name: str, source: bytes, times: int = 7) -> None:
    bare, whole = _median(lambda: read(source, name), times), _median(lambda: examine(source, name), times)
    findings = len(examine(source, name).findings)
    print(
        f"{name:<24}{bare:>10.1f}{whole:>12.1f}{whole / bare:>8.1f}{'' if not findings else f'   {findings} findings'}"
    )


def _median(work: Callable[[], Any], times: int) -> float:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


def generated(count: int) -> str:
    """A process of so many tasks, in a row, each with a way back and a choice behind every fifth."""
    lines = [
        "id: generated",
        "title: {zh: 生成, en: Generated}",
        'number: "{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}"',
        "fields:",
        "  subject: {type: text, title: {zh: 主题, en: Subject}}",
        "  score: {type: integer, title: {zh: 分数, en: Score}, required: false, asked: false}",
        "roles:",
        "  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}",
        "resolutions: {done: {zh: 办结, en: Done}}",
        "intake:",
    ]
    for number in range(count):
        following = f"s{number + 1}" if number + 1 < count else "end"
        back = f"s{max(0, number - 3)}"
        title = f"title: {{zh: 第{number}步, en: Step {number}}}"
        if number % 5 == 4:
            lines.append(
                f"  s{number}: {{{title}, choose: [{{when: score is not none and score > 3, to: {back}}}, {{to: {following}}}]}}"
            )
        else:
            score = "score: {type: integer, title: {zh: 分数, en: Score}, required: false}"
            onward = f"on: {{title: {{zh: 下一步, en: On}}, to: {following}, ask: {{{score}}}}}"
            returned = f"back: {{title: {{zh: 退回, en: Back}}, to: {back}, tell: clerk}}"
            lines.append(
                f"  s{number}: {{{title}, task: clerk, within: 3 working days, overdue: {{tell: clerk}}, actions: {{{onward}, {returned}}}}}"
            )
    lines += ["closure:", "  end: {title: {zh: 办结, en: Done}, close: done}"]
    return "\n".join(lines) + "\n"


def _mutate(count: int, seed: int) -> None:
    verdicts = [judge(mutant) for mutant in mutants(random.Random(seed), count)]
    harmful = [one for one in verdicts if one.harmful]
    found = [one for one in harmful if one.found]
    print(
        f"\n{len(verdicts)} mutations of the library, {len(harmful)} break something: {len(found)} found ({len(found) / max(1, len(harmful)):.1%})"
    )
    for one in harmful:
        if not one.found:
            print(f"  missed: {one.what} ({one.why})")


if __name__ == "__main__":
    main()
