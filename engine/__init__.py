"""The kernel: the pure interpreter of definitions.

``start`` and ``transition`` decide what an event leads to, and never act; ``available`` tells what can be done now and by whom, ``due`` what
the clock will bring; ``fold`` makes a state out of a history. It knows no clock, no database, no network: the moment and the people are passed in.
"""

from engine.available import Possible, available
from engine.directory import Actor, Candidate, Directory, Search
from engine.due import due
from engine.effect import Effect, Tell
from engine.evolve import EMPTY, evolve, fold
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Refusal
from engine.start import Opening, start
from engine.state import State
from engine.transition import transition

__all__ = [
    "EMPTY",
    "Actor",
    "Candidate",
    "Directory",
    "Effect",
    "Opening",
    "Outcome",
    "Possible",
    "Process",
    "Refusal",
    "Search",
    "State",
    "Tell",
    "available",
    "due",
    "evolve",
    "fold",
    "start",
    "transition",
]
