"""``migrate``: running issues go on by another version of their definition, under a plan that is checked first.

Without ``--begin`` it changes nothing: it prints the plan that it proposes, and what would become of every open issue. It answers 0 when every issue
can move (or has moved), 1 when some cannot.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.approval import by_two, permitted
from huying.cli.arguments import at_most, by, number
from huying.cli.command import SOUND, UNREADABLE, Command
from huying.cli.house import opened

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.approvals.proposals import NewProposal
    from huying.cli.parser import Parser
    from huying.house.house import House
    from huying.migrations.plans import Prepared


def _arguments(parser: Parser) -> None:
    parser.take("key", zh="流程名。", en="The definition's key.", metavar="KEY")
    _versions(parser)
    parser.take(
        "--plan",
        zh="计划文件（YAML），补充自动提出的计划。",
        en="A plan (YAML); what it does not say is proposed.",
        metavar="FILE",
    )
    parser.take("--begin", zh="开始转；不写则只看。", en="Do it; otherwise nothing is changed.", action="store_true")
    parser.take("--reason", zh="理由，写入办理记录。", en="Why: kept in each history.", default="", type=at_most(500))
    by(parser, "经办人。", "Who asks for it.")
    by_two(parser)


def _versions(parser: Parser) -> None:
    parser.take(
        "--from",
        zh="原版，默认所有旧版。",
        en="The old version; all, if not said.",
        dest="leaving",
        type=number,
        metavar="N",
    )
    parser.take(
        "--to",
        zh="新版，默认现行版。",
        en="The new version; the one in force, if not said.",
        dest="entering",
        type=number,
        metavar="N",
    )


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime

    from huying.cli.issues.progress import begun, looked_at
    from huying.migrations.records import versions_in_use

    house = opened()
    entering = options.entering or house.processes.in_force(options.key, datetime.now(UTC)).version
    house.processes.version(options.key, entering)
    leaving = [options.leaving] if options.leaving else versions_in_use(house, options.key, but=entering)
    if not leaving:
        print("没有要转的事项。 There is nothing to migrate." if options.format == "text" else "[]")
        return SOUND
    prepared = [_prepared(house, options, version, entering) for version in leaving]
    if not options.begin:
        return looked_at(house, options, prepared)
    if not options.reason.strip():
        print(REASON.read(options.languages), file=sys.stderr)
        return UNREADABLE
    beside = permitted(house, options, [_asked(house, one, options) for one in prepared])
    if beside is None:
        return SOUND
    return max(begun(house, options, one, beside if i == 0 else None) for i, one in enumerate(prepared))


def _asked(house: House, prepared: Prepared, options: Namespace) -> NewProposal:
    from huying.approvals.kinds import migrate_body
    from huying.approvals.proposals import NewProposal
    from huying.migrations.words import plan_lines

    about = f"{options.key} {prepared.leaving.version} → {prepared.entering.version}"
    diff = "\n".join(plan_lines(house, prepared))
    return NewProposal("migrate", migrate_body(prepared, options.reason), about, diff, options.reason)


#: What is said where a reason is missing.
REASON = Said("请用 --reason 写明理由。", "Please give a reason with --reason.")


def _prepared(house: House, options: Namespace, leaving: int, entering: int) -> Prepared:
    from pathlib import Path

    from definitions.versions.migration import read_migration
    from huying.migrations.plans import definition_of, prepare

    if not options.plan:
        return prepare(house, options.key, leaving, entering)
    bare = prepare(house, options.key, leaving, entering)
    source, name = Path(options.plan).read_bytes(), options.plan
    file = read_migration(source, name, definition_of(house, bare.leaving), definition_of(house, bare.entering))
    return prepare(house, options.key, leaving, entering, file)


COMMAND = Command(
    "migrate",
    Said("把在办事项转到新版流程。", "Let running issues go on by another version."),
    _run,
    _arguments,
    json=(
        (
            "",
            "[{leaving, entering, plan, questions: [{kind, name, nearest}], asked, moves, mapping, blocked,"
            " reasons: [{kind, about, zh, en, issues}]}]",
        ),
    ),
    unsound=UNREADABLE,
)
