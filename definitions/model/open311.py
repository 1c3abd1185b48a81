"""What a definition says of clients that speak Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2)."""

from __future__ import annotations

from definitions.model.node import Key, Node, Text


class Open311(Node):
    """Other programs may report by it. ``description`` and ``address`` name the fields that take what all of them send; every other field that
    is filled in at the beginning is an attribute of the service. ``group`` is the heading under which they list it.
    """

    description: Key | None = None
    address: Key | None = None
    group: Text | None = None
