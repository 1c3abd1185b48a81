"""Posters and slips as PDF: every code on them can be read and leads where it says, whatever stands in names."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import insert, update

from huying.database import tables as t
from huying.errors import NotFound
from huying.house.by import By
from huying.posters import sheet
from huying.posters.fact import facts_of
from huying.posters.sheet import NoFont, SheetKind, SheetWish, sheet_of
from huying.posters.short_link import LinkWish, end_links, make_links
from tests.huying.posters.test_short_link import REPORT, code_of, make, who
from tests.huying.town import MORNING, Town

ROOT = "https://renda.example.cn"


@pytest.fixture(autouse=True)
def _tools() -> None:
    """What turns a PDF to pictures, and a font; a sentence where one is missing."""
    if shutil.which("pdftoppm") is None or not sheet._fonts():
        if os.environ.get("CI"):
            pytest.fail("poppler-utils and fonts-noto-cjk must be installed on CI")
        pytest.skip("poppler-utils or fonts-noto-cjk are not installed")


def printed(town: Town, links: Sequence[int], kind: SheetKind = "poster", *, both: bool = True) -> bytes:
    return sheet_of(town.house, SheetWish(links, kind, "zh", ROOT, both), who(town, "office"), MORNING)


def pages(content: bytes, folder: Path) -> list[list[str]]:
    """What an independent reader finds on each page, turned to a picture as a printer would."""
    (folder / "sheet.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "110", "-png", "sheet.pdf", "page"], cwd=folder, check=True, capture_output=True)
    found = []
    for path in sorted(folder.glob("page-*.png")):
        with Image.open(path) as picture:
            found.append([one.text for one in zxingcpp.read_barcodes(picture)])
    return found


def words(content: bytes, folder: Path) -> str:
    (folder / "words.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", "words.pdf", "-"], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode()


def test_each_poster_is_a_page_whose_code_leads_where_it_says(town: Town, tmp_path: Path) -> None:
    links = make(town, replace(REPORT, places=("中山公园东门", "公交站")))
    content = printed(town, links)
    assert pages(content, tmp_path) == [[f"{ROOT}/s/{code_of(town, link)}"] for link in links]
    said = words(content, tmp_path)
    for part in (
        "星光站",
        "Starlight",
        "中山公园东门",
        "照明",
        f"renda.example.cn/s/{code_of(town, links[0])}",
        "09:00",
    ):
        assert part in said, part


def test_slips_fill_pages_of_eight(town: Town, tmp_path: Path) -> None:
    links = make(town, replace(REPORT, places=[f"{n} 号楼" for n in range(1, 12)]))
    found = pages(printed(town, links, "slip"), tmp_path)
    assert [len(page) for page in found] == [8, 3]
    assert sorted(text for page in found for text in page) == sorted(f"{ROOT}/s/{code_of(town, one)}" for one in links)


def test_of_one_code_alone_a_page_of_slips_is_filled(town: Town, tmp_path: Path) -> None:
    (link,) = make(town, REPORT)
    assert pages(printed(town, [link], "slip"), tmp_path) == [[f"{ROOT}/s/{code_of(town, link)}"] * 8]


def test_the_longest_names_and_hostile_ones_are_words_and_leave_the_code_alone(town: Town, tmp_path: Path) -> None:
    hostile = '#panic("x") *粗* $x$ \\ <a> @b 思明区滨海街道上李社区人大代表联络群众活动站暨民营经济行业代表联络工作室'[
        :100
    ]
    with town.house.database.writing() as connection:
        long = "Deputies' Contact Station of Shangli Neighbourhood with a Workroom of the Private Economy #x"
        connection.execute(
            update(t.stations).where(t.stations.c.code == "XG").values(name_zh=hostile, name_en=long[:100])
        )
    links = make(town, replace(REPORT, places=("交" * 100,)))
    for kind, count in (("poster", 1), ("slip", 8)):
        (tmp_path / kind).mkdir()
        content = printed(town, links, kind)  # type: ignore[arg-type]
        assert pages(content, tmp_path / kind) == [[f"{ROOT}/s/{code_of(town, links[0])}"] * count]
        assert '#panic("x")' in words(content, tmp_path / kind)


def test_the_same_links_give_the_same_file(town: Town) -> None:
    links = make(town, REPORT)
    assert printed(town, links) == printed(town, links)


def test_links_of_others_and_those_that_were_ended_are_left_out(town: Town) -> None:
    mine, ended = (make(town, REPORT)[0] for _ in range(2))
    (far,) = make(town, LinkWish(page="duty", stations=("YF",)), "far-clerk")
    end_links(town.house, [ended], who(town, "clerk"), By(town.people["clerk"], MORNING))
    wish = SheetWish([far, ended], "poster", "zh", ROOT)
    with pytest.raises(NotFound):
        sheet_of(town.house, wish, who(town, "clerk"), MORNING)
    assert sheet_of(town.house, SheetWish([far, mine], "poster", "zh", ROOT), who(town, "clerk"), MORNING)


def test_without_a_chinese_font_it_says_what_to_install(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    links = make(town, REPORT)
    monkeypatch.setattr(sheet, "_fonts", lambda: ())
    with pytest.raises(NoFont) as refused:
        printed(town, links)
    assert "fonts-noto-cjk" in str(refused.value.message)


def test_facts_are_the_registers_and_the_next_receptions(town: Town) -> None:
    with town.house.database.writing() as connection:
        values = {"phone": "0592-5147085", "address": "光明路 8 号"}
        connection.execute(update(t.stations).where(t.stations.c.code == "XG").values(**values))
        day = {"station_id": 1, "participant_id": town.people["deputy"], "status": "planned"}
        connection.execute(insert(t.dated_duties).values(**day, day=MORNING.date().replace(day=30)))
    facts = dict(facts_of(town.house, "XG", "zh", MORNING))
    assert facts["电话"] == ("0592-5147085",)
    assert facts["地址"] == ("光明路 8 号",)
    assert facts["开放时间"][0].startswith("工作日 09:00")
    assert "王芳" in facts["代表接待"][0]
    assert "代表接待" not in dict(facts_of(town.house, "YF", "zh", MORNING))


def test_many_are_made_in_the_time_of_a_few(town: Town) -> None:
    links = make_links(
        town.house,
        LinkWish(page="home", stations=("XG",), places=[f"{n} 号楼" for n in range(300)]),
        who(town, "clerk"),
        By(town.people["clerk"], MORNING),
    )
    content = printed(town, links)
    assert content.startswith(b"%PDF-")
    # letters and vectors: a page of pictures would be a hundred times as much
    assert len(content) < 300 * 12_000
