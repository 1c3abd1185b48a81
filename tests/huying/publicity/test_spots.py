"""Looking a text through takes as long as the text is, whoever wrote it, and only a text that can become public is looked through."""

from __future__ import annotations

import re

from huying.publicity.spots import LONGEST_TEXT, possible_names, rules, spots


def test_each_repetition_in_a_rule_says_how_often_at_most() -> None:
    for rule in rules():
        bare = re.sub(r"\[[^\]]*\]", "C", re.sub(r"\\.", "E", rule.find.pattern))
        assert not re.search(r"[*+]|\{\d+,\}", bare), f"{rule.title.zh}: {bare}"


def test_a_mail_address_begins_where_its_letters_begin() -> None:
    assert [spot.text for spot in spots("邮箱li.ming+a@mail.example.cn，谢谢")] == ["li.ming+a@mail.example.cn"]
    assert not spots("a" * 200 + "@mail.cn"), "tried at one place, not at each of its letters"


def test_names_are_looked_for_in_no_more_than_can_become_public() -> None:
    assert "李明" in possible_names("好" * 2 * (LONGEST_TEXT - 1) + "李明")
    assert "李明" not in possible_names("好" * 2 * LONGEST_TEXT + "，" + "李明")
