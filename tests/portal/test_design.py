"""The pieces: their tokens have contrast, no template writes a style, and the page that shows them is sound in every dress."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from huying.plots.palette import PAPER, SCREEN
from portal.frame.icon import shapes
from portal.frame.sheet import PARTS, packed_sheet, sheet
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import address, browser

__all__ = ["address", "browser"]

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "portal" / "templates").rglob("*.html"))
STYLE = ROOT / "portal" / "static" / "style"
#: On what text stands: paper and sheet, what is sunk, under the pointer or chosen.
GROUNDS = ("paper", "sheet", "sunk", "hover", "pick")
WASHES = ("red-wash", "blue-wash", "alarm-wash", "amber-wash", "green-wash", "still-wash")
TEXTS = ("ink", "soft", "red", "blue", "alarm", "amber", "green", "still")


def _tokens() -> dict[str, dict[str, str]]:
    """The colours of each theme, by their names."""
    text = (STYLE / "tokens.css").read_text("utf-8")
    blocks = re.findall(r"(:root|\[data-theme=\"dark\"\]|:root:not\(\[data-theme=\"light\"\]\)) \{(.*?)\}", text, re.S)
    found = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", body)) for _, body in blocks]
    light, chosen, system = (one for one in found if one)
    assert chosen == system, "dark is the same whether it was chosen or is the system's"
    return {"light": light, "dark": light | chosen}


def _contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read_on_every_ground(theme: str) -> None:
    tokens = _tokens()[theme]
    poor = {
        f"{text} on {ground}": round(ratio, 2)
        for text in TEXTS
        for ground in GROUNDS + WASHES
        if (ratio := _contrast(tokens[text], tokens[ground])) < 4.5
    }
    assert poor == {}
    for fill in ("band", "fill", "fill-hover"):
        assert _contrast(tokens["on-red"], tokens[fill]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_controls_and_the_focus_stand_out(theme: str) -> None:
    tokens = _tokens()[theme]
    for ground in GROUNDS:
        for line in ("edge", "focus"):
            assert _contrast(tokens[line], tokens[ground]) >= 3, (line, ground)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_bars_of_a_plot_stand_out_on_every_ground(theme: str) -> None:
    tokens = _tokens()[theme]
    series = [name for name in tokens if name.startswith("plot-")]
    assert len(series) == len(SCREEN.series) == len(PAPER.series)
    for ground in ("paper", "sheet", "hover"):
        assert {one: tokens[one] for one in series if _contrast(tokens[one], tokens[ground]) < 3} == {}
    if theme == "light":
        assert tuple(tokens[one] for one in series) == PAPER.series, "on paper they are those of the light page"


def test_no_template_writes_a_style_or_a_script_of_its_own() -> None:
    wrong = [
        path.name
        for path in TEMPLATES
        if re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", path.read_text("utf-8"))
    ]
    assert wrong == []
    assert not re.search(r"url\(|@import|https?:", sheet().decode()), "nothing is fetched from elsewhere"


def test_every_part_of_the_stylesheet_closes_what_it_opens() -> None:
    texts = {path.name: path.read_text("utf-8") for path in STYLE.glob("*.css")}
    assert [name for name, text in texts.items() if text.count("{") != text.count("}")] == []


def test_every_part_of_the_stylesheet_is_served_and_small_enough() -> None:
    assert {path.stem for path in STYLE.glob("*.css")} == set(PARTS)
    assert len(packed_sheet()) < 24_000


def test_every_icon_is_used_somewhere_or_shown_and_none_is_missing() -> None:
    asked = {
        name
        for path in [*TEMPLATES, *(ROOT / "portal").rglob("*.py")]
        for name in re.findall(r"icon(?:_name)?[(=]\"([a-z0-9-]+)\"", path.read_text("utf-8"))
    }
    assert asked - set(shapes()) == set()
    assert (ROOT / "portal" / "icons" / "LICENSE").read_text("utf-8").startswith("ISC License")


def test_the_main_button_stands_at_most_once_in_a_template() -> None:
    shown = {"design.html", "button.html"}
    often = [
        path.name
        for path in TEMPLATES
        if path.name not in shown and len(re.findall(r"main_button\(|btn-main", path.read_text("utf-8"))) > 2
    ]
    assert often == []


DRESSES = [f"lang={language}&theme={theme}" for language in ("zh", "en") for theme in ("light", "dark")]


@pytest.mark.parametrize("dress", [*DRESSES, "density=elder"])
def test_nothing_is_wrong_with_the_page_of_pieces(browser: Browser, address: str, dress: str) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"/design?{dress}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    context.close()


def test_staff_see_their_rail_and_nobody_else_does(town: PortalTown) -> None:
    assert 'class="rail' not in town.visitor().see("/design")
    assert 'class="rail' not in town.visitor("deputy").see("/tasks")
    rail = town.visitor("clerk").see("/tasks")
    assert 'class="rail' in rail
    assert "登记台" in rail
    assert "办理流程" not in rail, "administrators alone write processes"


def test_large_type_and_theme_are_kept_by_one_tap_each(town: PortalTown) -> None:
    visitor = town.visitor()
    assert 'data-density="comfortable"' in visitor.see("/")
    visitor.http.get("/display?density=elder&back=/follow")
    visitor.http.get("/display?theme=dark")
    seen = visitor.see("/")
    assert 'data-density="elder" data-theme="dark"' in seen
    visitor.http.get("/display?density=anything")
    visitor.http.get("/display?theme=anything")
    assert 'data-density="comfortable">' in visitor.see("/")
    assert visitor.http.get("/display?back=//elsewhere", follow_redirects=False).headers["location"] == "/"


def test_staff_have_tabs_at_the_foot_of_a_phone_and_the_whole_rail_as_a_menu(town: PortalTown) -> None:
    page = town.visitor("clerk").see("/tasks")
    foot = page.partition('<nav class="tabs-phone')[2].partition("</nav>")[0]
    assert re.findall(r"<span>([^<]+)</span>", foot) == ["待办", "在办", "登记", "值班", "菜单"]
    assert 'href="#menu"' in foot
    assert '<nav class="rail no-print" id="menu"' in page
