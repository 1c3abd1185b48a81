"""The office of a house: what was entered is what every process reads, and what was sent as an emblem is never what is served."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from engine.refusal import Invalid
from huying.delivery.sender import signature
from huying.errors import WrongFile
from huying.house.house import House
from huying.house.office import OfficeEntry, OfficeProfile
from huying.house.picture import emblem
from tests.huying.town import MORNING as NOW
from tests.template import migrated


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty house."""
    database = migrated(tmp_path / "huying.db")
    yield House(database, tmp_path)
    database.close()


def entry(**values: object) -> OfficeEntry:
    """What somebody enters."""
    usual = {
        "name_zh": "仙港街道人大工委",
        "name_en": "",
        "address": "",
        "calendar": "china",
        "languages": ("zh", "en"),
    }
    return OfficeEntry(**(usual | values))  # type: ignore[arg-type]


def picture(kind: str, size: tuple[int, int] = (900, 300)) -> bytes:
    """A picture of a kind."""
    made = BytesIO()
    Image.new("RGB", size, "red").save(made, kind)
    return made.getvalue()


def test_before_anything_was_entered_the_product_is_named(house: House) -> None:
    office = house.offices.now()
    assert (office.called("zh"), office.settled, office.sample, office.languages) == ("", False, False, ("zh", "en"))
    assert str(house.zone) == "Asia/Shanghai"
    assert signature(office, "zh") == "呼应"
    assert signature(office, "en") == "Huying"


def test_what_was_entered_is_known_to_every_process(house: House) -> None:
    said = entry(name_zh=" 仙港\u200b街道\u3000人大工委 ", address="仙港路 1 号", calendar="england", languages=("en",))
    house.offices.settle(said, house.calendars, NOW)
    for offices in (house.offices, House(house.database, house.files).offices):
        found = offices.now()
        assert (found.name_zh, found.languages, found.settled) == ("仙港街道 人大工委", ("en",), True)
        assert found.called("en") == "仙港街道 人大工委", "a name in the other language is better than none"
    assert str(house.zone) == "Europe/London"
    assert signature(house.offices.now(), "zh") == "仙港街道 人大工委 · 仙港路 1 号"


def test_all_that_is_wrong_is_said_at_once(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        house.offices.settle(
            entry(name_zh=" \u200b", address="路" * 201, calendar="moon", languages=("fr",)), house.calendars, NOW
        )
    assert set(refused.value.errors) == {"name_zh", "address", "calendar", "languages"}
    assert house.offices.now() == OfficeProfile()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_emblem_is_made_anew_of_what_was_sent(house: House, kind: str) -> None:
    house.offices.settle(entry(logo=picture(kind) + b"<script>alert(1)</script>"), house.calendars, NOW)
    kept = house.offices.logo()
    with Image.open(BytesIO(kept)) as shown:
        assert (shown.format, shown.size) == ("PNG", (256, 85))
    assert b"<script" not in kept
    house.offices.settle(entry(name_en="Xiangang"), house.calendars, NOW)
    assert house.offices.logo() == kept, "without a new one the old one stays"


@pytest.mark.parametrize("content", [b"", b"<svg onload='x'/>", b"%PDF-1.7", picture("PNG")[:60], picture("TIFF")])
def test_what_is_no_picture_is_refused_and_nothing_is_kept(house: House, content: bytes) -> None:
    with pytest.raises(WrongFile):
        emblem(content)
    with pytest.raises(WrongFile):
        house.offices.settle(entry(logo=content), house.calendars, NOW)
    assert not house.offices.now().settled


def test_in_a_sample_messages_say_that_they_are() -> None:
    assert signature(OfficeProfile(sample=True), "zh") == "呼应 · 示例城市，内容均为虚构"
