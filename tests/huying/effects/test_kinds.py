"""The registry of effects: whatever the kernel decides can be carried out, and has words."""

from __future__ import annotations

import importlib
import pkgutil
from typing import get_args

import pytest

import huying.effects
from engine.effect import Effect
from engine.noun import kind_of as called
from huying.effects.kind import EffectKind
from huying.effects.kinds import KINDS
from huying.words.effects import WORDS, effect_title, failing_titles

TYPES = get_args(Effect)


def test_every_effect_of_the_kernel_has_a_kind_and_every_kind_is_registered() -> None:
    declared = set()
    for module in pkgutil.iter_modules(huying.effects.__path__):
        values = vars(importlib.import_module(f"huying.effects.{module.name}")).values()
        declared |= {one for one in values if isinstance(one, EffectKind)}
    assert {kind.type for kind in KINDS} == set(TYPES)
    assert set(KINDS) == declared
    assert len(KINDS) == len(TYPES)


@pytest.mark.parametrize("effect", TYPES, ids=lambda effect: effect.__name__)
def test_every_effect_has_words_in_both_languages_while_it_is_carried_out_and_when_it_has_failed(
    effect: type[Effect],
) -> None:
    said, kind = WORDS[effect], called(effect.__name__)
    assert all((*said.title, *said.failed))
    for number, language in enumerate(("zh", "en")):
        assert effect_title(kind, language) == said.title[number]
        assert failing_titles(language)[kind] == said.failed[number]
