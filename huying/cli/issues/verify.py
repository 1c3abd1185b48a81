"""``verify``: nothing was changed since it was written; histories, states, lists and the search agree, and nothing hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, UNREADABLE, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.evidence.alteration import Proved
    from huying.house.house import House


def _arguments(parser: Parser) -> None:
    parser.take(
        "--heads",
        zh="与馆外留存的每日签名核对：一个目录、一个文件，或 https://主机/heads.json。",
        en="Compare with heads that lie outside: a folder, a file, or https://HOST/heads.json.",
        metavar="WHERE",
    )


def _run(options: Namespace) -> int:
    import sys
    from datetime import UTC, datetime

    from huying.audit.record import AuditNote, note_at_once
    from huying.evidence.anchors import NoHeads
    from huying.issues.verification import verify
    from huying.search.verification import verify_search
    from huying.services.stalled import lingering

    house = opened()
    try:
        proved = _proved(house, options.heads)
    except NoHeads as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    result, hanging = verify(house), lingering(house, datetime.now(UTC))
    faults = [*map(str, proved.found), *result.faults, *verify_search(house)]
    told = {"issues": result.issues, "faults": len(faults)}
    note_at_once(house.database.engine, AuditNote(what="verified", detail=told))
    if options.format == "json":
        show_json(
            {"issues": result.issues, "entries": result.entries, "faults": faults, "lingering": hanging}
            | {"evidence": _evidence(proved)}
        )
    else:
        print(f"{result.issues} 件事项，{result.entries} 条历史。 {result.issues} issues, {result.entries} entries.")
        print("\n".join(faults) or "全部相符。 All whole.")
        for said in (proved.words, *proved.remarks):
            print(f"{said.zh} {said.en}")
        if hanging:
            print("卡住的工作（服务停着时也会有）： Work that hangs, as it also does while nothing runs:")
            print("\n".join(hanging))
    return FINDINGS if faults else SOUND


def _proved(house: House, where: str | None) -> Proved:
    from huying.evidence.anchors import outside_heads
    from huying.evidence.files import verify_files
    from huying.evidence.notary import notary_of
    from huying.evidence.verification import verify_evidence

    proved = verify_evidence(house, notary_of(house.database), outside_heads(where) if where else ())
    proved.found.extend(verify_files(house))
    return proved


def _evidence(proved: Proved) -> dict[str, object]:
    return {
        "segments": proved.segments,
        "rows": proved.rows,
        "head": proved.head,
        "anchored": proved.anchored,
        "since_head": proved.since_head,
        "waiting": proved.waiting,
        "exempted": proved.exempted,
        "found": [
            {"kind": one.kind, "table": one.table, "key": one.key, "segment": one.segment, "words": str(one)}
            for one in proved.found
        ],
    }


COMMAND = Command(
    "verify",
    Said(
        "核对有没有记录被改过，历史、列表、检索是否相符，并找出卡住的工作。",
        "Verify that nothing was changed, and histories, lists and search; find work that hangs.",
    ),
    _run,
    _arguments,
    json=(
        (
            "",
            "{issues, entries, faults, lingering, evidence: {segments, rows, head, anchored, since_head, waiting, exempted, found}}",
        ),
    ),
)
