"""The abstract state space of a definition, explored: where an issue can be, what can happen there, and with which data.

An abstract state is the tree of open visits, how often bounded ways were taken, and for each field that a guard reads the set of *cells*
(ranges of values that no guard tells apart) in which its value lies. ``explore`` walks through all of them as the kernel would, with every
person doing everything that they may, and every clock ringing. It decides nothing about what is wrong; that is for ``definitions/checks``.
"""

from __future__ import annotations

from definitions.exploration.graph import Edge, Graph
from definitions.exploration.levels import explore

__all__ = ["Edge", "Graph", "explore"]
