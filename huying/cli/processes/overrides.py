"""``overrides``: those in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.processes.overrides import PublishedOverride


def _run(options: Namespace) -> int:
    from huying.processes.overrides import overrides_in_force

    found = overrides_in_force(opened())
    if options.format == "json":
        show_json([_row(one) for one in found])
        return SOUND
    for one in found:
        fits = f"不再适用 does not fit: {one.problem}" if one.problem else "适用 fits"
        print(f"{one.definition_key}\t{one.scope}\tv{one.version}\t{one.published_by}\t{fits}")
    return SOUND


def _row(one: PublishedOverride) -> dict[str, object]:
    names = ("scope", "version", "published_at", "published_by", "note", "problem")
    return {
        "definition": one.definition_key,
        "fits": one.problem is None,
        **{name: getattr(one, name) for name in names},
    }


COMMAND = Command(
    "overrides",
    Said("列出现行覆盖。", "List the overrides in force."),
    _run,
    json=(("", "[{definition, scope, version, published_at, published_by, note, fits, problem}]"),),
)
