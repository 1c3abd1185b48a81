"""A thousand issues raised at once: how long until every effect is carried out, every message sent, every issue shown.

    python -m benchmarks.burst [--issues 1000] [--url postgresql://USER@HOST/EMPTY_DATABASE] [--twin postgresql://USER@HOST/EMPTY_DATABASE]

Real processes: Prefect's server, a dispatcher, a mail server. The floor is the same burst with the same dispatcher and no Prefect, on a database
of its own (``--twin``). Seconds are counted from the first action.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.rig import Rig, rig, wait_until


def main() -> None:
    """Run both, and print what they took and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--url", default="")
    parser.add_argument("--twin", default="")
    options = parser.parse_args()
    floor = _measure(options.twin, options.issues, prefect=False)
    ours = _measure(options.url, options.issues, prefect=True)
    print(
        f"{'PostgreSQL' if options.url else 'SQLite'}, {options.issues} issues raised at once; seconds from the first"
    )
    print(f"  {'':<22}{'with Prefect':>14}{'without':>12}{'ratio':>8}")
    for name in ("raised", "effects carried out", "messages sent"):
        print(f"  {name:<22}{ours[name]:>14.1f}{floor[name]:>12.1f}{ours[name] / floor[name]:>8.1f}")
    print(f"  {'issues shown':<22}{ours['issues shown']:>14.1f}")
    done, shown = ours["effects carried out"], ours["issues shown"]
    print(f"  {options.issues * 2 / done:.0f} effects/s; {options.issues / shown:.1f} issues shown/s")


def _measure(url: str, issues: int, *, prefect: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), url) as made:
        if prefect:
            made.start_prefect()
        made.start_dispatcher()
        made.open("warm")
        made.settle("effects", "messages", *(["views"] if prefect else []))
        return _burst(made, issues, prefect)


def _burst(made: Rig, issues: int, prefect: bool) -> dict[str, float]:
    begun, took = time.monotonic(), dict[str, float]()
    for number in range(issues):
        made.open(number)
    took["raised"] = time.monotonic() - begun
    waiting = {"effects carried out": "effects", "messages sent": "messages"}
    if prefect:
        waiting["issues shown"] = "views"
    while waiting:
        for name, what in list(waiting.items()):
            # a message waits once its effect is carried out
            if not made.count(what) and (what != "messages" or "effects carried out" in took):
                took[name] = time.monotonic() - begun
                del waiting[name]
        time.sleep(0.1)
        if time.monotonic() - begun > 1200:
            raise SystemExit(f"not within 20 minutes: {waiting}")
    wait_until(lambda: made.mails.read_text("utf-8").count("\n") > issues, 20, "the messages")
    return took


if __name__ == "__main__":
    main()
