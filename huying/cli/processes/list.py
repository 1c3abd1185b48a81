"""``list``: the definitions in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    versions = opened().processes.all_in_force(datetime.now(UTC))
    if options.format == "json":
        names = ("key", "version", "digest", "published_at")
        show_json([{name: getattr(one, name) for name in names} for one in versions])
        return SOUND
    for one in versions:
        print(f"{one.key}\tv{one.version}\t{one.published_at:%Y-%m-%d %H:%M}\t{one.published_by}\t{one.note}")
    return SOUND


COMMAND = Command(
    "list",
    Said("列出现行定义。", "List the definitions in force."),
    _run,
    json=(("", "[{key, version, digest, published_at}]"),),
)
