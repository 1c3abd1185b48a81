"""Mails that came in are put where they belong."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.mail.acknowledgment import PostRoom
from huying.mail.placement import has_received, place_received


def _due(at: Workplace) -> int:
    return int(at.mail is not None and has_received(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    if at.mail is None:
        return Portion()
    done = place_received(at.house, PostRoom(at.mail, at.transports, at.portal_url), at.clock())
    words = f"归位 {done.placed} 封，待人处理 {done.held} 封，未成 {done.again} 封"
    return Portion(
        taken=done.placed + done.held + done.again, done=done.placed + done.held, failed=done.again, said=(words,)
    )


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("来信已归位", f"归位 {all_of_it.done} 封，稍后再试 {all_of_it.failed} 封")


LETTERS = Chore(
    name="letters",
    title=Said("处理来信", "placing mail that came in"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=1.0,
    portions=20,
)
