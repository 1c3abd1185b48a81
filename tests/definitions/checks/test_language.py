"""A text in one language is taken, and the other one is asked for where the definition has it, with what there is already."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.loader import examine

OFFICE = (Path(__file__).parents[1] / "office.yaml").read_text("utf-8")
TITLE = "title: {zh: 受理, en: Register}"


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("title: 受理", "请写 title: {zh: 受理, en: …}。"),
        ("title: Register", "请写 title: {zh: …, en: Register}。"),
        ("title: {zh: 受理}", "请写 title: {zh: 受理, en: …}。"),
        ("title: {zh: 受理, en: Register}\n    help: 帮助", "请写 help: {zh: 帮助, en: …}。"),
        ("title: {zh: 受理, en: Register}\n    tell: {to: clerk, say: 请办}", "请写 say: {zh: 请办, en: …}。"),
        ("help: {zh: 一, en: One}", "请写 title: {zh: …, en: …}。"),
    ],
)
def test_the_language_that_is_missing_is_asked_for(written: str, remedy: str) -> None:
    assert TITLE in OFFICE
    found = [one for one in examine(OFFICE.replace(TITLE, written, 1), "a.yaml").findings if one.rule == "missing-text"]
    assert [one.remedy["zh"] for one in found] == [remedy]


def test_where_only_one_language_is_wanted_a_text_alone_is_enough() -> None:
    text = OFFICE.replace(TITLE, "title: 受理", 1).replace("id: office\n", "id: office\nlanguages: zh\n")
    examined = examine(text, "a.yaml")
    assert examined.findings == ()
    assert examined.definition is not None
    assert examined.definition.steps["register"].title == {"zh": "受理"}
