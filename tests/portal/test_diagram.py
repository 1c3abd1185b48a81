"""The diagram: whatever the process, it is well-formed, says everything, and nothing in it covers anything else."""

from __future__ import annotations

import random
import re
from functools import cache
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest

from definitions.loader import library, load
from definitions.model.definition import Definition
from definitions.model.step import WaitingStep
from huying.charts.letters import plain, width, wrap
from huying.charts.svg import Rectangle
from portal.diagram.column import Column, lay_out
from portal.diagram.drawing import diagram
from portal.diagram.words import bands, say

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES = ("zh", "en")


def text(zh: str, en: str | None = None) -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def definition(steps: dict[str, Any], **more: Any) -> Definition:
    """A definition of these steps, spread over the four stages."""
    keys, fourth = list(steps), -(-len(steps) // 4)
    stages = [{key: steps[key] for key in keys[at : at + fourth]} for at in range(0, 4 * fourth, fourth)]
    body = {
        "id": "drawn",
        "title": text("画出来", "Drawn"),
        "number": "{{ sequence }}",
        "fields": {
            "subject": {"type": "text", "title": text("主题", "Subject")},
            "lead": {"type": "department", "title": text("主办", "Lead")},
        },
        "roles": {
            "clerk": {"title": text("经办人", "Clerk"), "staff of": "station"},
            "deputy": {"title": text("代表", "Deputy"), "deputies of": "station", "pick": ["first"]},
            "lead": {"title": text("主办单位", "Lead department"), "departments": "lead"},
        },
        "resolutions": {"done": text("已办", "Done")},
        **dict(zip(("intake", "assignment", "coordination", "closure"), stages, strict=True)),
    }
    return Definition.model_validate(body | more)


def _any_step(chance: random.Random, index: int, keys: list[str]) -> dict[str, Any]:
    following, far = keys[index + 1], chance.choice(keys)
    title = text(
        f"第{index}步：" + "标题长短不一" * chance.randint(0, 5),
        f"Step {index} " + "long title " * chance.randint(0, 8),
    )
    kind = chance.choice(["task", "task", "task", "each", "assign", "choose"])
    if kind == "assign":
        return {"title": title, "assign": "deputy", "to": chance.choice([following, keys[-1], far])}
    if kind == "choose":
        return {"title": title, "choose": [{"when": "subject == 'x'", "to": far}, {"to": following}]}
    actions: dict[str, Any] = {
        f"way{number}": {
            "title": text(f"第{index}步的办法{number}", f"Way {number} of step {index}"),
            "to": chance.choice([following, far, chance.choice(keys)]),
            **({"at most": number, "then": chance.choice(keys)} if number else {}),
        }
        for number in range(chance.randint(1, 4))
    }
    overdue = {"tell": "clerk"} | ({"to": far} if chance.random() < 0.3 else {})
    waiting = {"title": title, "within": "5 working days", "overdue": overdue, "actions": actions}
    if kind == "each":
        actions["reply"] = {"title": text("答复", "Reply")}
        return {"each": ["lead", "clerk"], "to": following, **waiting}
    return {"task": "clerk", **waiting}


@cache
def many(steps: int, seed: int) -> Definition:
    """A process of many steps that lead anywhere."""
    chance = random.Random(seed)
    keys = [f"s{number}" for number in range(steps)]
    made = {key: _any_step(chance, index, keys) for index, key in enumerate(keys[:-2])}
    ends = {key: {"title": text(f"结束 {key}", f"End {key}"), "close": "done"} for key in keys[-2:]}
    return definition(made | ends)


@cache
def shipped() -> dict[str, Definition]:
    return {path.parent.name: load(path.read_bytes(), path.name) for path in library()}


CASES = [*shipped(), *(f"30 steps, seed {seed}" for seed in range(12))]


@pytest.fixture(params=CASES)
def drawn(request: pytest.FixtureRequest) -> Definition:
    found = shipped().get(request.param)
    return found or many(30, int(request.param.rsplit(" ", 1)[1]))


def layout_of(drawn: Definition, language: str) -> Column:
    return lay_out(bands(drawn, language, frozenset({drawn.start})), say("here", language))


def parsed(drawn: Definition, language: str = "zh", active: frozenset[str] = frozenset()) -> ElementTree.Element:
    return ElementTree.fromstring(diagram(drawn, language, active))


def visible(root: ElementTree.Element) -> str:
    """All text that is painted, without blanks: a title may stand on several lines."""
    return squeezed("".join(element.text or "" for element in root.iter(f"{SVG}text")))


def squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)


def apart(one: Rectangle, other: Rectangle, by: float = 0) -> bool:
    return (
        one.right + by <= other.x
        or other.right + by <= one.x
        or one.bottom + by <= other.y
        or other.bottom + by <= one.y
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_and_every_action_is_shown_by_its_title(drawn: Definition, language: str) -> None:
    root = parsed(drawn, language)
    shown = visible(root)
    for step in drawn.steps.values():
        assert step.title is not None
        lines = wrap(step.title[language], 120, 15, bold=True)
        # a very long title ends with an ellipsis, and is whole in the text beside the picture
        assert squeezed(step.title[language] if len(lines) < 4 else lines[0]) in shown
        assert step.title[language].strip() in (root.findtext(f"{SVG}desc") or "")
        for action in step.actions.values() if isinstance(step, WaitingStep) else ():
            assert action.title is not None
            assert squeezed(action.title[language]) in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_steps_overlap(drawn: Definition, language: str) -> None:
    for one, other in combinations(layout_of(drawn, language).placed, 2):
        assert apart(one.box, other.box, by=10), (one.card.key, other.card.key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_inside_its_step_and_covers_no_other_text(drawn: Definition, language: str) -> None:
    for placed in layout_of(drawn, language).placed:
        for words in placed.words:
            assert placed.box.x <= words.box.x, words
            assert words.box.right <= placed.box.right, words
            assert placed.box.y <= words.box.y, words
            assert words.box.bottom <= placed.box.bottom, words
        for one, other in combinations(placed.words, 2):
            assert apart(one.box, other.box), (one, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_crosses_a_text_or_a_step(drawn: Definition, language: str) -> None:
    layout = layout_of(drawn, language)
    texts = [words.box for placed in layout.placed for words in placed.words]
    texts += [stage.words.box for stage in layout.stages]
    lines = [
        Rectangle(min(line.edge, line.lane), min(*line.leave, line.arrive), abs(line.edge - line.lane), 0)
        for line in layout.lines
    ]
    for line, spread in zip(layout.lines, lines, strict=True):
        whole = Rectangle(spread.x, spread.y, spread.width, max(*line.leave, line.arrive) - spread.y)
        assert all(apart(whole, box) for box in texts)
        assert all(apart(whole, placed.box) for placed in layout.placed)
    for x, top, bottom in layout.straight:
        assert all(apart(Rectangle(x - 4, top, 8, bottom - top), stage.words.box) for stage in layout.stages)


def test_lines_that_share_a_lane_do_not_touch(drawn: Definition) -> None:
    lines = layout_of(drawn, "zh").lines
    for one, other in combinations(lines, 2):
        if one.lane == other.lane:
            spans = [(min(*line.leave, line.arrive), max(*line.leave, line.arrive)) for line in (one, other)]
            assert spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0]


def test_every_way_has_a_line_and_every_line_arrives_at_its_step(drawn: Definition) -> None:
    layout = layout_of(drawn, "zh")
    ways = sum(1 for placed in layout.placed for row in placed.card.rows if row.to)
    ways += sum(1 for placed in layout.placed if placed.card.onward)
    assert ways == sum(len(line.leave) for line in layout.lines) + len(layout.straight)
    heads = {placed.card.key: placed.head for placed in layout.placed}
    for line in layout.lines:
        assert heads[line.to].y < line.arrive < heads[line.to].bottom


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_inside_the_view_box(drawn: Definition, language: str) -> None:
    layout = layout_of(drawn, language)
    frame = Rectangle(0, 0, layout.width, layout.height)
    boxes = [placed.box for placed in layout.placed] + [stage.words.box for stage in layout.stages]
    boxes += [Rectangle(line.lane, min(*line.leave, line.arrive), 0, 0) for line in layout.lines]
    for box in boxes:
        assert frame.x <= box.x
        assert frame.y <= box.y
        assert box.right <= frame.right
        assert box.bottom <= frame.bottom


def test_the_contact_station_is_narrow_enough_for_a_phone() -> None:
    for language in LANGUAGES:
        assert layout_of(shipped()["contact-station"], language).width <= 340


def test_the_same_definition_gives_the_same_picture(drawn: Definition) -> None:
    copy = Definition.model_validate(drawn.model_dump(by_alias=True, exclude_none=True))
    assert diagram(drawn, "en") == diagram(copy, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_names_the_lines_that_there_are_and_fits(drawn: Definition, language: str) -> None:
    root = parsed(drawn, language)
    (legend,) = (group for group in root.iter(f"{SVG}g") if group.get("class") == "legend")
    lines = layout_of(drawn, language).lines
    named = [element.text for element in legend.iter(f"{SVG}text")]
    assert (say("legend back", language) in named) == any(line.side == "right" for line in lines)
    for element in legend.iter(f"{SVG}text"):
        assert float(element.get("x", 0)) + width(element.text or "", 12.5) <= float(root.get("width", 0))


def test_active_steps_are_lit_up_and_say_so_in_words() -> None:
    station = shipped()["contact-station"]
    root = parsed(station, "zh", frozenset({"handle"}))
    lit = [group.get("data-step") for group in root.iter(f"{SVG}g") if "active" in group.get("class", "").split()]
    assert lit == ["handle"]
    assert "正在这一步" in visible(root)
    assert "正在这一步" not in visible(parsed(station))


TIMES = {
    "zh": (
        "全程 30 个工作日",
        "24 小时（类别：水电气暖）",
        "7 天（其余）",
        "可延期：每次最多 7 天，第一次由站长批准，以后由督办人批准，最多 2 次",
        "可挂账：最长 12 个月，由督办人批准，限一次",
        "逾期 6 个工作日：督办人接手；告知站点工作人员、站长、督办人",
        "是否危及安全：是",
    ),
    "en": (
        "Whole issue: 30 working days",
        "24 hours (Kind: Water, power, gas)",
        "7 days (otherwise)",
        "More time: 7 days at most, decided by Head of the station the first time, then by Supervisor, 2 times at most",
        "Laying aside: 12 months at most, decided by Supervisor, once",
        "6 working days overdue: Supervisor steps in; Station clerk, Head of the station, Supervisor told",
        "Is somebody in danger: yes",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_definition_says_about_time_is_in_the_picture_and_in_its_text(language: str) -> None:
    root = parsed(shipped()["hotline-1085"], language)
    for said in TIMES[language]:
        assert squeezed(said) in visible(root), said
        assert said in (root.findtext(f"{SVG}desc") or ""), said
    assert squeezed("合计 7 个月") in visible(parsed(shipped()["suggestion"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_of_a_stage_with_a_limit_stays_above_its_steps(drawn: Definition, language: str) -> None:
    layout = layout_of(drawn, language)
    for stage in layout.stages:
        assert stage.words.box.right <= max(placed.box.right for placed in layout.placed)


def test_a_way_back_leaves_to_the_right_and_one_by_the_clock_is_dashed() -> None:
    root = parsed(shipped()["contact-station"])
    groups = [group for group in root.iter(f"{SVG}g") if "way" in group.get("class", "").split()]
    back = {group.get("data-to") for group in groups if "right" in group.get("class", "")}
    assert back == {"register", "study", "handle", "supervise", "confirm"}
    for group in groups:
        dashed = any(path.get("stroke-dasharray") for path in group.iter(f"{SVG}path"))
        assert dashed == ("overdue" in group.get("class", ""))


def test_a_step_that_leads_to_itself_is_drawn() -> None:
    again = {
        "title": text("再问"),
        "task": "clerk",
        "within": "1 day",
        "actions": {"again": {"title": text("再来"), "to": "a"}, "end": {"title": text("完"), "to": "b"}},
    }
    layout = layout_of(definition({"a": again, "b": {"title": text("完"), "close": "done"}}), "zh")
    assert [line.side for line in layout.lines if line.to == "a"] == ["right"]


HOSTILE = [
    "<script>alert(1)</script>",
    "]]>&lt;!--<svg onload=x>",
    "\" onmouseover='x'",
    "控制\x00\x08\x1b字符\ufffe",
    "\u202eesrever\u202c",
    "a" * 3000,
    "字" * 3000,
    "{{ 7 * 7 }}",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_are_only_text(title: str) -> None:
    step = {
        "title": text(title),
        "task": "clerk",
        "within": "1 day",
        "actions": {"go": {"title": text(title), "to": "b"}},
    }
    made = definition({"a": step, "b": {"title": text(title), "close": "done"}}, title=text(title))
    source = diagram(made, "zh")
    root = ElementTree.fromstring(source)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "g", "rect", "path", "polygon", "circle", "text",
    }  # fmt: skip
    assert not any(name.startswith("on") or name == "style" for element in root.iter() for name in element.attrib)
    assert (root.findtext(f"{SVG}title") or "").endswith(plain(title))
    assert "\u202e" not in source
    for placed in layout_of(made, "zh").placed:
        assert all(words.box.right <= placed.box.right for words in placed.words)


def test_it_needs_no_style_no_script_and_nothing_from_elsewhere() -> None:
    source = diagram(shipped()["contact-station"], "en")
    assert not re.search(r"<style|<script|style=|href|url\(|@import", source)
    assert re.findall(r"https?://[^\"]+", source) == ["http://www.w3.org/2000/svg"]


def test_it_is_an_image_with_a_name_and_a_text_that_says_the_same() -> None:
    root = parsed(shipped()["contact-station"], "en")
    ids = {element.get("id"): element.text or "" for element in root if element.get("id")}
    assert root.get("role") == "img"
    assert "Contact-station issues" in ids[root.get("aria-labelledby")]
    assert "Not ours → Deputy's study" in ids[root.get("aria-describedby")]


@pytest.mark.parametrize(
    ("words", "room", "expected"),
    [
        ("一二三四五六", 40, ("一二三四", "五六")),
        ("一二三四，五六", 40, ("一二三", "四，五六")),
        ("一二三（四）", 40, ("一二三", "（四）")),
        ("one two three", 50, ("one two", "three")),
        ("incomprehensible", 40, ("incomp", "rehensi", "ble")),
        ("", 40, ("",)),
    ],
)
def test_texts_break_where_readers_expect_it(words: str, room: float, expected: tuple[str, ...]) -> None:
    assert wrap(words, room, 10) == expected


def test_a_text_that_is_too_long_ends_with_an_ellipsis_and_still_fits() -> None:
    lines = wrap("字" * 100, 50, 10, most=2)
    assert (len(lines), lines[-1][-1]) == (2, "…")
    assert all(width(line, 10) <= 50 for line in lines)
