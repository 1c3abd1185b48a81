"""What is lacking as a sheet: a line each, to be handed to whoever sees to it."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.text import Said
from huying.stations.coverage import AreaCoverage
from huying.words.sheet import list_sheet

_NEVER = Said("从未", "never")
AREA = Said("没有站点的区域", "Area without a station")
TEAM = Said("编组缺层级", "Team lacks a level")
DORMANT = Said("长期没有活动", "Dormant")
DEPUTY = Said("代表未编组", "Deputy in no team")
_COLUMNS = (
    (Said("缺什么", "What is lacking"), 18),
    (Said("代码", "Code"), 18),
    (Said("名称", "Name"), 34),
    (Said("所在", "Where"), 34),
    (Said("说明", "Remark"), 40),
)


def lacks_sheet(found: AreaCoverage, language: str) -> bytes:
    """The workbook."""
    return list_sheet(Said("覆盖缺口", "Coverage"), _COLUMNS, _rows(found, language), language)


def _rows(found: AreaCoverage, language: str) -> Iterator[tuple[str, ...]]:
    between = Said("、", ", ").of(language)
    for area in found.areas:
        yield AREA.of(language), area.code, area.name, area.above, area.level
    for team in found.teams:
        yield TEAM.of(language), team.code, team.name, team.area, between.join(told for _, told in team.levels)
    for one in found.dormant:
        last = one.last.isoformat() if one.last else _NEVER.of(language)
        yield DORMANT.of(language), one.code, one.name, one.area, last
    for deputy in found.deputies:
        yield DEPUTY.of(language), deputy.login, deputy.name, deputy.delegation, deputy.level_words
