"""What scenarios would have to say if what now happens is what was meant; offered as a new text of their file, never written here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from definitions.text import Said, words
from definitions.trials.acceptance import Amendment, accepted
from definitions.trials.scenario import scenarios_beside
from engine.rehearsal.play import Rehearsed
from huying.trials.rehearsal import Rehearsal


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The file of scenarios, its text, and the one that would be accepted; ``refused`` says which scenarios need a person, and why."""

    path: Path
    before: str
    after: str
    refused: tuple[Said, ...] = ()


def offer(definition: Path, rehearsal: Rehearsal) -> Acceptance:
    """What of a rehearsal can be accepted: scenarios that went to their end, and expect something else here and there."""
    path = scenarios_beside(definition)
    before = path.read_bytes().decode("utf-8")
    return Acceptance(path, before, *offered(before, str(path), rehearsal))


def offered(before: str, name: str, rehearsal: Rehearsal, only: int | None = None) -> tuple[str, tuple[Said, ...]]:
    """The text of the scenarios with what can be accepted (of one of them, from 0: ``only``), and which need a person."""
    text, refused = before, list[Said]()
    for number, one in enumerate(rehearsal.played):
        if one.passed or only not in (None, number):
            continue
        better = accepted(text, name, _amendments(number, one)) if _only_expectations(one) else None
        if better is None:
            refused.append(_by_hand(one))
        else:
            text = better
    return text, tuple(refused)


def _only_expectations(one: Rehearsed) -> bool:
    return all(difference.instead is not None for difference in one.differences)


def _amendments(number: int, one: Rehearsed) -> Iterator[Amendment]:
    for difference in one.differences:
        yield Amendment(number, difference.step - 1, difference.what, difference.instead)


def _by_hand(one: Rehearsed) -> Said:
    title = one.scenario.title
    return Said(
        f"“{words(title, 'zh')}”请手工改：走不到底，或者写法不能就地替换。",
        f"Change “{words(title, 'en')}” by hand: it does not go to its end, or is written in a way that cannot be replaced in place.",
    )
