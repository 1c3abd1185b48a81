"""Plots: lengths that say the figures, links to what was counted, colours of the page or of the paper, and the same drawing each time."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from huying.plots.palette import PAPER
from huying.plots.picture import drawn, on_paper, pictured
from huying.plots.plot import Bars, Form, Plot, said
from huying.plots.scale import scale_to
from huying.plots.svg import fitted, width_of

SVG = "{http://www.w3.org/2000/svg}"
PLOT = Plot(
    title="收到和解决",
    places=("1月", "2月", "3月"),
    series=(Bars("收到", (40, 20, None)), Bars("解决", (30, 0, 10))),
    addresses={(0, 0): "/issues?opened_from=2026-01-01&opened_to=2026-01-31"},
    above=("75%", "0%", "—"),
    above_words="解决率",
    pale=frozenset({2}),
    pale_words="未封账",
    strong=1,
)
FORMS: tuple[Form, ...] = ("beside", "upon", "lying", "line")


def _bars(svg: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(svg).iter(f"{SVG}rect") if one.get("fill") != "none"]


def test_bars_are_as_long_as_their_figures_say() -> None:
    heights = [float(one.get("height", "")) for one in _bars(drawn(PLOT))]
    assert heights[0] == 2 * heights[2] > 0, "40 is twice 20"
    assert heights[3] == heights[4] == 0, "nothing, and what is not known, has no bar"
    widths = [float(one.get("width", "")) for one in _bars(drawn(replace(PLOT, form="lying")))]
    assert widths[0] == pytest.approx(2 * widths[2], abs=0.11)


def test_parts_stand_upon_each_other_without_a_gap_but_a_hairline() -> None:
    lower, upper = _bars(drawn(replace(PLOT, form="upon")))[:2]
    top_of_lower = float(lower.get("y", ""))
    foot_of_upper = float(upper.get("y", "")) + float(upper.get("height", ""))
    assert top_of_lower - foot_of_upper == pytest.approx(1, abs=0.11)


def test_a_line_breaks_where_nothing_is_known() -> None:
    svg = ElementTree.fromstring(drawn(replace(PLOT, form="line")))
    points = [len(one.get("points", "").split()) for one in svg.iter(f"{SVG}polyline")]
    assert points == [2, 3]


@pytest.mark.parametrize("form", FORMS)
def test_every_bar_says_what_it_shows_and_leads_to_what_was_counted(form: Form) -> None:
    svg = drawn(replace(PLOT, form=form))
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "group", "an image could hold no links"
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == PLOT.addresses[0, 0]
    assert [title.text for title in link.iter(f"{SVG}title")] == ["1月 · 收到 · 40"]
    assert ElementTree.fromstring(drawn(replace(PLOT, form=form, addresses={}))).get("role") == "img"


@pytest.mark.parametrize("form", FORMS)
def test_on_a_screen_colours_are_the_pages_own_and_on_paper_they_are_fixed(form: Form) -> None:
    screen, paper = drawn(replace(PLOT, form=form)), on_paper(replace(PLOT, form=form))
    assert "var(--plot-a)" in screen
    assert not re.search(r'(fill|stroke)="#', screen)
    assert PAPER.series[0] in paper
    assert not re.search(r"var\(|<a ", paper)
    assert "收到" in paper, "on paper the legend stands in the drawing"


@pytest.mark.parametrize("form", FORMS)
def test_the_same_plot_is_always_the_same_drawing(form: Form) -> None:
    one = replace(PLOT, form=form)
    assert drawn(one) == drawn(replace(one))
    assert pictured(one).startswith(b"\x89PNG")
    assert pictured(one) == pictured(one)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_that_somebody_wrote_becomes_a_shape(form: Form) -> None:
    sly = '<script>"&'
    svg = drawn(replace(PLOT, form=form, title=sly, places=(sly, sly, sly), addresses={(0, 0): '"><script>'}))
    assert "<script" not in svg
    assert ElementTree.fromstring(svg).get("aria-label") == sly


@pytest.mark.parametrize("form", FORMS)
def test_nothing_at_all_is_drawn_as_well(form: Form) -> None:
    empty = Plot(title="空", places=(), series=(Bars("收到", ()),), form=form)
    assert empty.empty
    ElementTree.fromstring(drawn(empty))


@pytest.mark.parametrize("most", [0, 1, 3, 7, 12, 99, 418, 4038, 1_000_000])
def test_a_scale_holds_the_longest_bar_in_few_round_steps_of_whole_issues(most: int) -> None:
    scale = scale_to(most)
    assert scale.top >= most
    assert len(scale.marks) <= 6
    assert all(mark == int(mark) for mark in scale.marks)
    assert len({later - earlier for earlier, later in pairwise(scale.marks)}) == 1


def test_long_names_end_in_dots_and_short_ones_do_not() -> None:
    assert fitted("翔湾区", 60) == "翔湾区"
    cut = fitted("翔湾区人民代表大会常务委员会", 60)
    assert cut.endswith("…")
    assert width_of(cut) <= 60


def test_figures_are_written_without_needless_points() -> None:
    assert [said(one) for one in (12, 12.0, 13.7, None)] == ["12", "12", "13.7", "—"]
