"""Renew what is made from the model: ``python -m definitions.reference`` writes the reference and the JSON Schema."""

from __future__ import annotations

from definitions.reference import json_schema, reference

for made in (json_schema, reference):
    made.FILE.write_text(made.rendered(), "utf-8")
