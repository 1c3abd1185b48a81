"""What a resident's page weighs on its way to a phone: page, style and scripts together, compressed."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.portal.conftest import PortalTown

#: Bytes of a page with its style, of which a village's network brings so many in two seconds.
MOST = 60_000


@pytest.mark.parametrize(
    "page", ["/", "/report/street-matters", "/follow", "/issues/{number}?code={code}", "/stations"]
)
def test_a_residents_page_is_light(town: PortalTown, page: str) -> None:
    issue = town.report(subject="路灯不亮")
    town.to_confirmation(issue)
    number, code = town.number_and_code(issue)
    resident = town.visitor()
    text = resident.see(page.format(number=number, code=code))
    styles = [resident.see(address) for address in re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)]
    assert styles
    weight = sum(len(gzip.compress(part.encode(), 6)) for part in (text, *styles))
    assert weight < MOST, f"{weight} bytes"
