"""Whether what a process has told by a channel can leave on it: senders that take approved templates alone need one for each occasion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from definitions.model.definition import Definition
from definitions.problem import Problem, problem
from definitions.text import Said
from huying.house.house import House
from huying.messages.senders import SaidAbout, Sender, all_senders
from huying.words.occasions import OCCASION_TITLES
from notifications import CHANNELS, KINDS


def without_template(house: House, definition: Definition) -> Iterator[Problem]:
    """Where a definition says that people are told by a channel, each sender of which lacks a template for it.

    A channel without a sender in force is no fault: the next one is used.
    """
    if not definition.messages:
        return
    with house.database.reading() as connection:
        known = all_senders(connection)
    for occasion, rule in definition.messages.items():
        for position, channel in enumerate(rule.by):
            if mute := _mute(known, channel, occasion):
                yield _problem(occasion, position, channel, mute)


def wanted_of(house: House, channel: str, now: datetime) -> list[str]:
    """The occasions that definitions in force have told by a channel."""
    found = dict[str, None]()
    for version in house.processes.all_in_force(now):
        messages = house.processes.process(version.id).definition.messages
        found |= dict.fromkeys(occasion for occasion, rule in messages.items() if channel in rule.by)
    return list(found)


def _mute(known: Sequence[Sender], channel: str, occasion: str) -> Sender | None:
    """The sender that ought to have a template, where none in force on the channel can say it."""
    fitting = [one for one in known if one.channel == channel and one.mode != "test" and one.kind in KINDS]
    return fitting[0] if fitting and not any(one.says(SaidAbout(occasion, "zh")) for one in fitting) else None


def _problem(occasion: str, position: int, channel: str, sender: Sender) -> Problem:
    titles = OCCASION_TITLES.get(occasion, Said(occasion, occasion)), CHANNELS[channel].title
    return problem(
        "no-approved-template",
        ("messages", occasion, "by", position),
        Said(
            f"“{titles[0].zh}”要用{titles[1].zh}告知，但账号“{sender.title}”没有经批准的模板。",
            f"“{titles[0].en}” is to be told by {titles[1].en}, but no template of the sender “{sender.title}” is approved for it.",
        ),
        Said(
            f"请在“发送账号 › {sender.title} › 模板”登记一个，或从 by 里去掉 {channel}。",
            f"Register one at “Senders › {sender.title} › Templates”, or take {channel} out of by.",
        ),
    )
