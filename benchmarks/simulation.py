"""How fast issues are simulated, beside the kernel alone on the same definition in the same run.

    python -m benchmarks.simulation [--issues 100000] [--name contact-station] [--replicates 2]

The floor plays the contact station's usual course over and over with nothing around it: no arrivals, queues, working hours, timers or figures.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.kernel import COURSE, live
from huying.trials.simulation import run, run_replicates, subject


def _no_house() -> None:
    raise LookupError("only files and the library are simulated here")


def main() -> None:
    """Simulate, play the floor, and print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=100_000)
    parser.add_argument("--name", default="contact-station")
    parser.add_argument("--replicates", type=int, default=2, help="runs side by side, beside the one")
    options = parser.parse_args()
    chosen = subject(options.name, None, _no_house)  # type: ignore[arg-type]
    begun = time.perf_counter()
    figures = run(chosen, options.issues, 1)
    took = time.perf_counter() - begun
    begun = time.perf_counter()
    run_replicates(chosen, options.issues, 1, options.replicates)
    side_by_side = time.perf_counter() - begun
    begun, lives = time.perf_counter(), max(200, options.issues // 50)
    for _ in range(lives):
        live(chosen.process)
    floor = (time.perf_counter() - begun) / (lives * (len(COURSE) + 1))
    ours = took / figures.events
    print(f"{options.name}: {figures.issues:,} issues, {figures.events:,} transitions in {took:.1f} s, one core")
    print(f"  simulated  {1 / ours:8.0f} transitions/s, {figures.issues / took:8.0f} issues/s")
    print(
        f"  {options.replicates} runs     {figures.issues / side_by_side:34.0f} issues/s   ratio {took / side_by_side:.2f}"
    )
    print(f"  kernel     {1 / floor:8.0f} transitions/s   ratio {floor / ours:.2f}")


if __name__ == "__main__":
    main()
