"""The process that a trial is about, with what is assumed of it."""

from __future__ import annotations

from pathlib import Path

from huying.cli.house import opened
from huying.logs import xes
from huying.logs.history import traces
from huying.trials.experience import entered, learn
from huying.trials.simulation import Subject, subject


def learnt(name: str, assumptions: str | None, log: str | None) -> Subject:
    """The definition of a name; its assumptions learnt from an event log, or, where that is empty, from the house's own history."""
    found = subject(name, assumptions, opened)
    if log is None:
        return found
    process = found.process
    if log:
        with Path(log).open("rb") as file:
            return Subject(name, process, learn(xes.read(file), process.definition, process.calendar))
    house = opened()
    assumed = learn(traces(house, process.definition.id), process.definition, process.calendar)
    return Subject(name, process, assumed.model_copy(update={"values": entered(house, process.definition)}))
