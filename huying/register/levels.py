"""Levels: of deputies and of areas, from the highest. They are the country's own, so they are part of the program and not of a register."""

from __future__ import annotations

from collections.abc import Mapping

#: The congress to which a deputy was elected.
DEPUTY_LEVELS: Mapping[str, Mapping[str, str]] = {
    "national": {"zh": "全国人大代表", "en": "National deputy"},
    "provincial": {"zh": "省人大代表", "en": "Provincial deputy"},
    "city": {"zh": "市人大代表", "en": "City deputy"},
    "district": {"zh": "区人大代表", "en": "District deputy"},
    "town": {"zh": "镇人大代表", "en": "Town deputy"},
}
AREA_LEVELS: Mapping[str, Mapping[str, str]] = {
    "province": {"zh": "省", "en": "Province"},
    "city": {"zh": "市", "en": "City"},
    "district": {"zh": "区", "en": "District"},
    "street": {"zh": "街道", "en": "Subdistrict"},
    "town": {"zh": "镇", "en": "Town"},
    "neighbourhood": {"zh": "社区", "en": "Neighbourhood"},
    "village": {"zh": "村", "en": "Village"},
}
#: Every word that a level can be called by.
LEVELS = frozenset((*DEPUTY_LEVELS, *AREA_LEVELS))
