"""Event logs as OCEL 2.0 (JSON): events with all the objects that they concern, of which an issue is only one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from definitions.model.reference import reference, refers_to
from huying.logs.history import Trace

_EVENT_ATTRIBUTES = [{"name": "step", "type": "string"}, {"name": "role", "type": "string"}]
_OBJECT_TYPES: dict[str, list[dict[str, str]]] = {
    "issue": [{"name": "resolution", "type": "string"}],
    "definition": [{"name": "key", "type": "string"}, {"name": "version", "type": "integer"}],
    "station": [],
    "participant": [],
}


def document(traces: Iterable[Trace]) -> dict[str, Any]:
    """The log as a document; issues, definitions' versions, stations and participants are its objects."""
    events: list[dict[str, Any]] = []
    objects: dict[tuple[str, str], dict[str, Any]] = {}
    types: dict[str, None] = {}
    for trace in traces:
        version = f"{trace.definition}@{trace.version}"
        _objects(objects, trace, version)
        for entry in trace.entries:
            types[entry.activity] = None
            related = [(reference("issue", trace.number), "issue"), (reference("definition", version), "definition")]
            related.append((reference("station", trace.station), "station"))
            if refers_to(entry.who, "participant"):
                objects.setdefault(("participant", entry.who), {"id": entry.who, "type": "participant"})
                related.append((entry.who, entry.role or "actor"))
            events.append(
                {
                    "id": f"{trace.number}/{entry.sequence}",
                    "type": entry.activity,
                    "time": entry.at.isoformat(timespec="milliseconds"),
                    "attributes": [
                        {"name": name, "value": value}
                        for name, value in (("step", entry.step), ("role", entry.role))
                        if value
                    ],
                    "relationships": [{"objectId": one, "qualifier": qualifier} for one, qualifier in related],
                }
            )
    return {
        "objectTypes": [{"name": name, "attributes": said} for name, said in _OBJECT_TYPES.items()],
        "eventTypes": [{"name": name, "attributes": _EVENT_ATTRIBUTES} for name in types],
        "objects": list(objects.values()),
        "events": events,
    }


def _objects(objects: dict[tuple[str, str], dict[str, Any]], trace: Trace, version: str) -> None:
    last = trace.entries[-1].at.isoformat(timespec="milliseconds") if trace.entries else "1970-01-01T00:00:00.000+00:00"
    issue: dict[str, Any] = {
        "id": reference("issue", trace.number),
        "type": "issue",
        "relationships": [
            {"objectId": reference("definition", version), "qualifier": "follows"},
            {"objectId": reference("station", trace.station), "qualifier": "at"},
        ],
    }
    if trace.resolution:
        issue["attributes"] = [{"name": "resolution", "time": last, "value": trace.resolution}]
    objects["issue", trace.number] = issue
    epoch = "1970-01-01T00:00:00.000+00:00"
    objects.setdefault(
        ("definition", version),
        {
            "id": reference("definition", version),
            "type": "definition",
            "attributes": [
                {"name": "key", "time": epoch, "value": trace.definition},
                {"name": "version", "time": epoch, "value": trace.version},
            ],
        },
    )
    objects.setdefault(("station", trace.station), {"id": reference("station", trace.station), "type": "station"})
