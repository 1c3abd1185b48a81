"""Every occasion of a message has words, in both languages, and each is one that there is."""

from __future__ import annotations

from typing import get_args

from engine.effect import Occasion
from huying.words.occasions import OCCASION_TITLES
from notifications.texts.template import NOTICES


def test_every_occasion_has_a_title() -> None:
    assert set(OCCASION_TITLES) == {*get_args(Occasion), *NOTICES, "digest"}
    assert all(all(said) for said in OCCASION_TITLES.values())
    assert len({said.zh for said in OCCASION_TITLES.values()}) == len(OCCASION_TITLES)
