"""How long an issue is kept after it was closed: what is personal in it, and all of it."""

from __future__ import annotations

from definitions.model.node import Node
from definitions.model.period import Keeping


class Keep(Node):
    """``personal``: private fields, contact data, free words and attachments, counted from closure; ``file``: the issue as a whole.

    What is left out, the rules of the office say.
    """

    personal: Keeping | None = None
    file: Keeping | None = None
