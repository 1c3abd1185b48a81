"""``audit``: the audit log, narrowed by person, happening, object and time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser


def _arguments(parser: Parser) -> None:
    parser.take(
        "--person", zh="姓名或用户名：谁做的，或对谁做的。", en="A name or user name: who, or to whom.", default=""
    )
    parser.take("--what", zh="做了什么，例如 signed-in。", en="What happened, such as signed-in.", default="")
    parser.take("--object", zh="对象，例如事项编号。", en="What it was about, such as an issue's number.", default="")
    parser.take("--since", zh="从哪天起。", en="From this day on.", type=date.fromisoformat, metavar="DATE")
    parser.take("--until", zh="到哪天止。", en="To this day.", type=date.fromisoformat, metavar="DATE")


def _run(options: Namespace) -> int:
    from itertools import chain

    from huying.audit.query import AuditQuery
    from huying.audit.record import AuditNote, note_at_once
    from huying.audit.view import audit_lines
    from huying.cli.output import show_json

    house = opened()
    query = AuditQuery(
        person=options.person, what=options.what, object=options.object, since=options.since, until=options.until
    )
    lines = list(audit_lines(house.database, query, house.zone, options.languages[0]))
    note_at_once(house.database.engine, AuditNote(what="audit-exported", detail={"rows": len(lines)}))
    if options.format == "json":
        names = ("seq", "at", "what", "who", "through", "about", "object", "reason", "outcome", "detail", "address")
        show_json([{name: getattr(line, name) for name in names} for line in lines])
        return SOUND
    for line in lines:
        told = (f"{line.at.astimezone(house.zone):%Y-%m-%d %H:%M:%S}", line.who or line.through, line.what)
        more = (line.object, line.about, line.reason, line.detail, line.address)
        print("  ".join(chain(told, filter(None, more))))
    return SOUND


COMMAND = Command(
    "audit",
    Said("查看审计日志。", "Read the audit log."),
    _run,
    _arguments,
    json=(("", "[{seq, at, what, who, through, about, object, reason, outcome, detail, address}]"),),
)
