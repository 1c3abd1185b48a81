"""A kind of proposal: what it is called, who may do it, and how it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from definitions.text import Said
from huying.database.connections import Writing
from huying.house.by import By
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class Signed:
    """Who carries a proposal out: ``by`` decides now; ``proposer`` asked for it; ``names`` are both, as they are shown later."""

    by: By
    proposer: int
    names: str


@dataclass(frozen=True, slots=True)
class ProposalKind:
    """``action``: whoever may do that may approve it. ``alone``: in an emergency one may do it, and all who may are told.

    ``prepare`` looks at what is asked for as the house is now, a refusal if it cannot be, and gives back what is to be written: in the one
    transaction that also decides the proposal, so that whoever is killed between leaves all of it or nothing. ``after`` is what may be lost: it
    comes round by itself. ``concerns``: the entry that names the person against whom it is, and who therefore does not decide.
    """

    key: str
    title: Said
    action: str
    prepare: Callable[[House, Mapping[str, Any], Signed], Writing]
    alone: bool = False
    after: Callable[[House, Mapping[str, Any]], None] | None = None
    concerns: str = ""
