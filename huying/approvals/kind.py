"""A kind of proposal: what it is called, who may do it, and how it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from definitions.text import Said
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
    """``action``: whoever may do that may approve it. ``alone``: in an emergency one may do it, and all who may are told."""

    key: str
    title: Said
    action: str
    carry_out: Callable[[House, Mapping[str, Any], Signed], None]
    alone: bool = False
