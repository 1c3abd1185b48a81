"""Which ways in somebody may use where they enter what a resident says."""

from __future__ import annotations

from collections.abc import Mapping

from definitions.channels.channel import Channel, Entered
from huying.access.viewer import Viewer, viewer
from huying.house.channels import NoChannel
from huying.house.house import House


def offered(house: House, person: Viewer, definition: str, *at: Entered) -> Mapping[str, Channel]:
    """The open channels that somebody may use for matters of a definition, in the order in which they are offered."""
    functions = functions_of(person)
    return {
        key: one for key, one in house.channels.at(*at).items() if one.opens_one(definition) and one.lets(functions)
    }


def functions_of(person: Viewer) -> frozenset[str]:
    """As what somebody may be let to use a channel: their kind, and the functions in which they serve."""
    return frozenset({person.kind, *(one.function for one in person.entitlement.servings)})


def assure_may_use(house: House, person: int, key: str) -> Channel:
    """A channel that somebody uses; ``NoChannel`` if it is not there, closed, or for others."""
    channel = house.channels.open_one(key)
    with house.database.reading() as connection:
        functions = functions_of(viewer(connection, person))
    if not channel.lets(functions):
        raise NoChannel(
            f"渠道“{channel.name('zh')}”不由您使用。",
            f"The channel “{channel.name('en')}” is used by others.",
        )
    return channel
