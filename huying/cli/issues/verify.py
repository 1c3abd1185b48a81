"""``verify``: histories, states, lists and the search agree, and nothing hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.audit.record import AuditNote, note_at_once
    from huying.issues.verification import verify
    from huying.search.verification import verify_search
    from huying.services.stalled import lingering

    house = opened()
    result, hanging = verify(house), lingering(house, datetime.now(UTC))
    faults = [*result.faults, *verify_search(house)]
    told = {"issues": result.issues, "faults": len(faults)}
    note_at_once(house.database.engine, AuditNote(what="verified", detail=told))
    if options.format == "json":
        show_json({"issues": result.issues, "entries": result.entries, "faults": faults, "lingering": hanging})
    else:
        print(f"{result.issues} 件事项，{result.entries} 条历史。 {result.issues} issues, {result.entries} entries.")
        print("\n".join(faults) or "全部相符。 All whole.")
        if hanging:
            print("卡住的工作（服务停着时也会有）： Work that hangs, as it also does while nothing runs:")
            print("\n".join(hanging))
    return FINDINGS if faults else SOUND


COMMAND = Command(
    "verify",
    Said("核对全部历史、列表与检索，并找出卡住的工作。", "Verify histories, lists and search; find work that hangs."),
    _run,
    json=(("", "{issues, entries, faults, lingering}"),),
)
