"""A definition as a form: every part of every shipped one can be opened; what is done there stands in the text as it was meant."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from definitions.loader import LIBRARY, examine
from definitions.source.rewrite import same
from definitions.source.tree import read
from engine.refusal import Unavailable
from huying.workshop import deed
from huying.workshop.control import NAMES
from huying.workshop.deed import VALUE, filled
from huying.workshop.outline import outline
from huying.workshop.sheet import FormSheet, SheetRow, sheet
from huying.workshop.way import Way, as_way, faults_of, path_of

SHIPPED = sorted(LIBRARY.glob("*/definition.yaml"))
#: So many random edits over all shipped definitions; 2,000 by ``EDITS=2000``.
EDITS = int(os.environ.get("EDITS", "60"))
STATION = (LIBRARY / "contact-station" / "definition.yaml").read_text("utf-8")
HANDLE: Way = ("coordination", "handle")


def sent(form: FormSheet) -> dict[str, str]:
    """What a browser sends of a form in which nobody has changed anything."""
    found = dict[str, str]()
    for row in form.rows:
        name = VALUE + row.key
        match row.control.shown:
            case "words":
                found |= {f"{name}.{one}": row.texts.get(one, "") for one in ("zh", "en")}
            case "names":
                chosen = {f"{name}.{one}": "on" for one in row.control.options if one in row.chosen}
                found |= {name: "names", **chosen}
            case "below":
                pass
            case _:
                found[name] = row.value.replace("\n", "\r\n")
    return found


def ways(body: Any, path: Way = ()) -> Iterator[Way]:
    """Every part of a body that has a form: lists and mappings."""
    yield path
    pairs = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in pairs:
        if isinstance(value, dict | list):
            yield from ways(value, (*path, key))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_form_that_is_saved_as_it_is_leaves_every_byte(path: Path) -> None:
    text = path.read_text("utf-8")
    for at in ways(read(text, "").plain()):
        language = "zh" if len(at) % 2 else "en"
        form = sheet(text, at, (), language)
        assert filled(text, at, sent(form), "", language).source == text, at


def test_a_deadline_is_read_and_written_in_the_words_of_an_office() -> None:
    form = sheet(STATION, ("deadlines",), (), "zh")
    assert next(row.value for row in form.rows if row.key == "handling") == "15 个工作日"
    answer = filled(STATION, ("deadlines",), {**sent(form), "v.handling": "20个工作日"}, "", "zh")
    assert answer.source == STATION.replace("handling: 15 working days  ", "handling: 20 working days  ")


def test_a_role_a_text_and_who_is_told_change_in_their_place() -> None:
    form = sheet(STATION, HANDLE, (), "zh")
    said = {"v.title.zh": "单位办理", "v.each.supervisor": "on", "v.to": "archive"}
    after = filled(STATION, HANDLE, {**sent(form), **said}, "", "zh").source
    assert "title: {zh: 单位办理, en: Departments at work}" in after
    assert "each: [lead, assist, supervisor]" in after
    assert after.count("\n") == STATION.count("\n")


def test_what_is_wrong_is_said_at_its_row_and_nothing_is_changed() -> None:
    at: Way = (*HANDLE, "actions", "not-ours")
    form = sheet(STATION, at, (), "zh")
    answer = filled(STATION, at, {**sent(form), "v.at most": "两次", "v.title.zh": "不归我们"}, "", "zh")
    assert answer.source == STATION
    assert answer.faults["at most"].zh == "“两次”不是整数。"


def test_a_step_is_added_with_the_least_it_needs_and_is_sound() -> None:
    titles = {"zh": "现场查看", "en": "Site visit"}
    answer = deed.added(STATION, ("coordination",), "site-visit", "task", titles)
    assert answer.at == ("coordination", "site-visit")
    step = read(answer.source, "").find(answer.at)
    assert step is not None
    assert same(_at(read(answer.source, "").plain(), (*answer.at, "title")), titles)
    rules = {one.rule for one in examine(answer.source, "definition.yaml").findings}
    assert rules <= {"unreachable", "unreachable-step", "dead-step"}, rules


def test_every_kind_of_thing_that_is_added_has_the_right_shape() -> None:
    for at in (
        ("fields",),
        ("roles",),
        ("resolutions",),
        ("coordination", "handle", "actions"),
        ("coordination", "handle", "overdue"),
    ):
        answer = deed.added(STATION, at, "brand-new", "", {"zh": "新的", "en": "New"})
        shapes = [
            one
            for one in examine(answer.source, "d").findings
            if one.rule in ("missing-key", "wrong-value", "unknown-key")
        ]
        assert not shapes, (at, shapes)
        assert set(read(STATION, "").plain()) == set(read(answer.source, "").plain())


def test_what_is_absent_is_begun_and_filled_in() -> None:
    at: Way = ("coordination", "supervise")
    form = sheet(STATION, at, (), "zh")
    key = next(iter(sorted(form.deep)))
    answer = deed.begun(STATION, at, key)
    assert read(answer.source, "").find((*at, key)) is not None
    sort: Way = ("intake", "sort")
    added = sheet(STATION, sort, (), "zh", "help")
    assert [row.key for row in added.rows if not row.there] == ["help"]
    after = filled(STATION, sort, {**sent(added), "v.help.zh": "先看是咨询还是诉求。"}, "help", "zh").source
    assert "help: {zh: 先看是咨询还是诉求。}" in after


def test_things_are_copied_moved_and_taken_out() -> None:
    form = sheet(STATION, ("roles",), (), "zh")
    origin = next(key for key, _ in form.copies if key.startswith("suggestion/"))
    copied = deed.copied(STATION, ("roles",), origin, "from-elsewhere")
    assert "from-elsewhere" in read(copied.source, "").plain()["roles"]
    up = deed.moved(STATION, ("roles", "director"), up=True)
    assert list(read(up.source, "").plain()["roles"])[:2] == ["director", "clerk"]
    out = deed.removed(STATION, ("roles", "liaison"))
    assert "liaison" not in read(out.source, "").plain()["roles"]
    assert any("liaison" in one.message for one in faults_of(out.source, "d", ("china",), "en"))


def test_a_name_that_cannot_be_is_refused_in_words() -> None:
    for key in ("clerk", "站员", "", "A b"):
        with pytest.raises(Unavailable):
            deed.added(STATION, ("roles",), key, "", {})


def test_faults_lead_to_the_part_in_which_they_lie() -> None:
    broken = STATION.replace("to: confirm\n", "to: confrim\n", 1)
    faults = faults_of(broken, "definition.yaml", ("china",), "zh")
    assert faults
    lines = outline(read(broken, "").plain(), faults[0].path[:2], faults, "zh")
    assert sum(one.faults for one in lines if one.depth == 0) == len(faults)
    form = sheet(broken, faults[0].path[:-1], faults, "zh")
    assert any(row.faults for row in form.rows)


def test_an_address_that_leads_nowhere_leads_as_far_as_it_goes() -> None:
    body = read(STATION, "").plain()
    assert path_of("coordination/nowhere/else", body) == ("coordination",)
    assert path_of(as_way((*HANDLE, "overdue", 1)), body) == (*HANDLE, "overdue", 1)


def test_names_are_offered_for_keys_of_the_language() -> None:
    from definitions.reference.words import WORDS

    assert set(NAMES) <= {key.rpartition(".")[2] for key in WORDS}


def _other(row: SheetRow, chance: random.Random) -> dict[str, str] | None:
    """Another value that may stand there, as somebody enters it."""
    name = VALUE + row.key
    match row.control.shown:
        case "words":
            return {f"{name}.zh": f"改成第{chance.randrange(99)}种: 说法", f"{name}.en": "Said, otherwise"}
        case "time" if row.value and "或" not in row.hint:
            return {name: f"{chance.randrange(2, 60)}个工作日"}
        case "number":
            return {name: str(chance.randrange(1, 9))}
        case "choice" | "flag":
            options = list(row.control.options) or ["true", "false"]
            return {name: chance.choice(options)}
        case "names":
            return {
                f"{name}.{key}": "on"
                for key in row.control.options
                if key not in ("nobody", "reporter") and chance.random() < 0.5
            } or None
    return None


def test_random_edits_say_what_they_say_and_leave_a_definition_that_is_read() -> None:
    chance, made = random.Random(17), 0
    while made < EDITS:
        text = SHIPPED[made % len(SHIPPED)].read_text("utf-8")
        at = chance.choice(list(ways(read(text, "").plain())))
        form = sheet(text, at, (), "zh")
        if not form.rows:
            continue
        row = chance.choice(form.rows)
        other = _other(row, chance)
        if other is None:
            continue
        entries = {key: value for key, value in sent(form).items() if not key.startswith(f"{VALUE}{row.key}.")}
        answer = filled(text, at, {**entries, **other}, "", "zh")
        assert not answer.faults
        before, after = read(text, "").plain(), read(answer.source, "").plain()
        path = (*at, row.key) if not (at and at[-1] == row.key) else at
        _without(before, path)
        _without(after, path)
        assert same(before, after), (at, row.key, other)
        assert examine(answer.source, "d").definition is not None or row.control.shown in ("choice", "names", "time"), (
            at,
            row.key,
        )
        made += 1


def _at(body: Any, path: Way) -> Any:
    for part in path:
        body = body[part]
    return body


def _without(body: Any, path: Way) -> None:
    for part in path[:-1]:
        body = body[part]
    if isinstance(body, dict):
        body.pop(path[-1], None)
