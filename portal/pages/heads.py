"""The signed heads of the days, for everybody: whoever keeps them can tell whether the house has written its past anew."""

from __future__ import annotations

from html import escape

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from huying.evidence.heads import StoredHead, newest_heads
from huying.evidence.notary import notary_of
from portal.frame.reception import Received, Reception
from portal.frame.right import PUBLIC

router = APIRouter(dependencies=[PUBLIC])

#: So many days are shown; who wants more comes once a quarter.
_MOST = 100


@router.get("/heads")
def heads(at: Received) -> Response:
    """The newest ones, and the public key."""
    found = [one.head.told for one in newest_heads(at.house, _MOST)]
    return at.page("heads.html", heads=found, key=notary_of(at.house.database).public_key)


@router.get("/heads.json")
def heads_as_json(at: Received) -> Response:
    """The same as they were signed, to the byte: what ``huying verify --heads`` reads."""
    found = [one.head for one in newest_heads(at.house, _MOST)]
    content = msgspec.json.encode({"key": notary_of(at.house.database).public_key, "heads": found})
    return Response(content, media_type="application/json")


@router.get("/heads.xml")
def heads_as_feed(at: Received) -> Response:
    """The same as an Atom feed: whoever subscribes keeps them without doing anything."""
    address = f"{at.here.config.portal_url}/heads"
    found = newest_heads(at.house, _MOST)
    name = at.house.offices.now().name_zh or "Huying"
    updated = found[0].head.told.at if found else at.now
    entries = "".join(_entry(at, address, one) for one in found)
    content = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>{address}</id>'
        f'<title>每日签名 Heads of the days</title><link rel="self" href="{address}.xml"/><link href="{address}"/>'
        f"<author><name>{escape(name)}</name></author>"
        f"<updated>{updated.isoformat()}</updated>{entries}</feed>"
    )
    return Response(content, media_type="application/atom+xml")


def _entry(at: Reception, address: str, one: StoredHead) -> str:
    told = one.head.told
    written = escape(one.head.written().decode())
    return (
        f"<entry><id>{address}#{told.day}</id><title>{told.day}</title><link href='{address}#{told.day}'/>"
        f"<updated>{told.at.isoformat()}</updated><content type='text'>{written}</content></entry>"
    )
