"""A request as another program sends it, made a report of the house: what its parts mean, and at which station it belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.model.definition import Definition
from definitions.model.field import SEVERAL, Field
from engine.refusal import Invalid
from huying.house.house import House
from huying.issues.consent import Consent
from huying.issues.opening import Report, Upload
from huying.issues.reporter import CONTACT, NewReporter
from huying.open311.services import asked_apart
from huying.register.nearby import stations_near

CHANNEL = "open311"
_DAYS = ("date", "date-time")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_NO_PLACE = {
    "zh": "请给出地点：lat 与 long，或 address_string，或 address_id（站点代码）。",
    "en": "a location was not provided: lat and long, address_string, or address_id (a station's code)",
}
_NO_STATION = {
    "zh": "只有 address_string 定不了站点：请加 address_id（站点代码），或 lat 与 long。",
    "en": "address_string alone names no station: add address_id (a station's code), or lat and long",
}
_NO_DEGREES = {"zh": "lat、long 应为 WGS 84 的度数。", "en": "lat and long are degrees of WGS 84"}


@dataclass(frozen=True, slots=True)
class SentRequest:
    """What came: the standard's ``parts`` by name, the ``attributes`` with all that was said of each, and files. ``station``: the one station that
    the sender's key holds for, if it holds for one.
    """

    parts: Mapping[str, str]
    attributes: Mapping[str, Sequence[str]]
    files: Sequence[Upload] = ()
    station: str | None = None


def report_of(house: House, definition: Definition, sent: SentRequest, language: str, via: str) -> Report:
    """The report; ``Invalid`` says which part is wrong. What it asks for is checked where every report is."""
    said = definition.open311
    assert said is not None
    values: dict[str, Any] = {}
    for name, field in asked_apart(definition).items():
        if given := [one for one in sent.attributes.get(name, ()) if one.strip()]:
            values[name] = _value(house, field, given)
    parts = {name: text for name, text in sent.parts.items() if text.strip()}
    place = _place(parts)
    if said.description is not None and "description" in parts:
        values[said.description] = parts["description"]
    if said.address is not None:
        values[said.address] = _address(definition.entered[said.address], parts, place)
    about = {"name": _name(parts), "phone": parts.get("phone"), "email": parts.get("email")}
    values |= {name: text for name, text in about.items() if text and name in definition.entered}
    new = {name: text for name, text in about.items() if text and name in CONTACT and name not in definition.entered}
    return Report(
        definition=definition.id,
        station=_station(house, parts, place, sent.station),
        reporter=NewReporter(**new, language=language),
        values=values,
        channel=CHANNEL,
        files=sent.files,
        via=via,
        # no part of the standard says that somebody was shown a notice, or agreed
        consent=Consent(notice="", language=""),
    )


def moment(text: str) -> datetime:
    """A moment as the standard writes it (W3C date-time); ``ValueError`` for one without an offset, or of no year of ours."""
    found = datetime.fromisoformat(text)
    # at the ends of what can be written, reckoning with spans and zones fails
    if found.tzinfo is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(text)
    return found


def _value(house: House, field: Field, given: Sequence[str]) -> Any:
    if field.type in SEVERAL:
        return list(given)
    if field.type in _DAYS:
        try:
            local = moment(given[-1]).astimezone(house.zone)
        except ValueError:
            return given[-1]
        return local.strftime("%Y-%m-%d" if field.type == "date" else "%Y-%m-%dT%H:%M")
    return given[-1]


def _place(parts: Mapping[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude; ``Invalid`` where neither they nor any address is given."""
    if "lat" in parts or "long" in parts:
        try:
            latitude, longitude = float(parts["lat"]), float(parts["long"])
        except (KeyError, ValueError):
            raise Invalid({"lat": _NO_DEGREES}) from None
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise Invalid({"lat": _NO_DEGREES})
        return latitude, longitude
    if not {"address_string", "address_id"} & set(parts):
        raise Invalid({"address_string": _NO_PLACE})
    return None


def _address(field: Field, parts: Mapping[str, str], place: tuple[float, float] | None) -> Any:
    written = parts.get("address_string", "")
    if field.type != "place":
        return written or (f"{place[0]:.6f}, {place[1]:.6f}" if place else parts.get("address_id", ""))
    if place is None:
        return written
    return {"address": written, "latitude": place[0], "longitude": place[1]}


def _name(parts: Mapping[str, str]) -> str | None:
    """As a Chinese name is written: the family name first, without a blank."""
    last, first = parts.get("last_name", ""), parts.get("first_name", "")
    latin = (last + first).isascii()
    return (f"{first} {last}" if latin else f"{last}{first}").strip() or None


def _station(house: House, parts: Mapping[str, str], place: tuple[float, float] | None, only: str | None) -> str:
    if "address_id" in parts:
        return parts["address_id"]
    near = stations_near(house, *place, "zh", most=1) if place and only is None else ()
    if found := only or (near[0].code if near else None):
        return found
    raise Invalid({"address_id": _NO_STATION})
