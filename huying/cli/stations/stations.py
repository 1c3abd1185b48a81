"""``stations``: where a station is missing or dormant, whose team is incomplete, who is in no team; summed up at every level."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from definitions.text import Said
from huying.cli.command import FINDINGS, SOUND, Command
from huying.cli.house import opened
from huying.cli.output import show_json

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser
    from huying.stations.coverage import AreaCoverage, CoverageSum

_NUMBERS = ("needed", "covered", "stations", "complete", "dormant", "teams", "mixed")


def _arguments(parser: Parser) -> None:
    parser.take("what", zh="看覆盖。", en="Show how areas are covered.", choices=("coverage",))
    parser.take("--area", zh="只看这个区域（代码）和以下。", en="This area (its code) and all below.", metavar="CODE")
    parser.take("--sheet", zh="缺口写成表格（.xlsx）。", en="Write the lacks as a sheet (.xlsx).", metavar="FILE")


def _run(options: Namespace) -> int:
    from datetime import UTC, datetime
    from pathlib import Path

    from huying.errors import NotFound
    from huying.stations.coverage import coverage
    from huying.stations.sheet import lacks_sheet

    language = options.languages[0] if options.languages else "zh"
    try:
        found = coverage(opened(), language, datetime.now(UTC), options.area or "")
    except NotFound as refusal:
        print(Said(**refusal.message).read(options.languages), file=sys.stderr)
        return FINDINGS
    if options.sheet:
        Path(options.sheet).write_bytes(lacks_sheet(found, language))
    if options.format == "json":
        show_json(_data(found))
        return SOUND
    for one in (*found.parts, found.whole):
        print(_line(one).read(options.languages))
    for kind, names in _lacks(found):
        if names:
            print(f"{kind.read(options.languages)} {len(names)}: {' '.join(names)}")
    return SOUND


def _line(one: CoverageSum) -> Said:
    return Said(
        f"{one.name or '合计'}  应设站区域 {one.needed}，已设 {one.covered}；站点 {one.stations}，条件齐全 {one.complete}，"
        f"长期没有活动 {one.dormant}；编组 {one.teams}，层级齐全 {one.mixed}",
        f"{one.name or 'Together'}  areas {one.needed}, covered {one.covered}; stations {one.stations}, "
        f"complete {one.complete}, dormant {one.dormant}; teams {one.teams}, mixed {one.mixed}",
    )


def _lacks(found: AreaCoverage) -> tuple[tuple[Said, list[str]], ...]:
    from huying.stations.sheet import AREA, DEPUTY, DORMANT, TEAM

    return (
        (AREA, [one.name for one in found.areas]),
        (TEAM, [one.name for one in found.teams]),
        (DORMANT, [one.name for one in found.dormant]),
        (DEPUTY, [one.name for one in found.deputies]),
    )


def _sum(one: CoverageSum) -> dict[str, Any]:
    return {"code": one.code, "name": one.name, **{name: getattr(one, name) for name in _NUMBERS}}


def _data(found: AreaCoverage) -> dict[str, Any]:
    return {
        "parts": [_sum(one) for one in found.parts],
        "whole": _sum(found.whole),
        "areas": [{"code": one.code, "name": one.name} for one in found.areas],
        "teams": [
            {"code": one.code, "name": one.name, "levels": [key for key, _ in one.levels]} for one in found.teams
        ],
        "dormant": [
            {"code": one.code, "name": one.name, "last": one.last.isoformat() if one.last else None}
            for one in found.dormant
        ],
        "deputies": [{"login": one.login, "name": one.name, "level": one.level} for one in found.deputies],
    }


_SUM = f"{{code, name, {', '.join(_NUMBERS)}}}"
COMMAND = Command(
    "stations",
    Said(
        "站点覆盖：哪里没有站点、编组缺层级、长期没有活动、代表未编组。",
        "Coverage: areas without a station, incomplete teams, dormant stations, deputies in no team.",
    ),
    _run,
    _arguments,
    json=(
        (
            "",
            f"{{parts: [{_SUM}], whole: {_SUM}, areas: [{{code, name}}], teams: [{{code, name, levels}}], "
            "dormant: [{code, name, last}], deputies: [{login, name, level}]}",
        ),
    ),
)
