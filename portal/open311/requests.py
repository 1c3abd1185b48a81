"""Requests: sent with a key, read by everybody as far as they are public."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from definitions.text import Said
from engine.refusal import Invalid
from huying.access.api_keys import ApiKey, is_key, open_key
from huying.audit.caller import known_as
from huying.database.tables import stations
from huying.errors import NotFound, TooLarge
from huying.house.kept import LARGEST
from huying.issues.opening import Upload, open_issue
from huying.open311.reports import SentRequest, moment, report_of
from huying.open311.requests import (
    MOST,
    RequestFilter,
    RequestUpdate,
    ServiceRequest,
    service_request,
    service_requests,
    updates,
)
from huying.open311.services import service_of
from portal.api.caller import Language
from portal.api.keys import admit, assure_station, by_key
from portal.frame.bounds import storable
from portal.frame.brake import check_uploads, reporting, uploading
from portal.frame.cache import assure_moderate_guest
from portal.frame.here import Here, Portal, portal
from portal.frame.protection import WITH_FILES
from portal.frame.right import PUBLIC
from portal.open311.answer import Format, Value, answer
from portal.open311.discovery import Jurisdiction, assure_ours
from portal.open311.faults import NoKey

router = APIRouter(dependencies=[PUBLIC])
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,100})\](?:\[\])?")
_MOST_FILES, _MOST_FIELDS, _LONGEST_PART = 6, 500, 400 * 1024
_NOTICE = Said("受理后按规定期限答复，请凭编号查询。", "Follow it by its number.")
_MOMENT = {
    "zh": "时间请写成 2026-11-01T00:00:00Z 的样子，年份在 1900 到 2200 之间。",
    "en": "a moment is written as 2026-11-01T00:00:00Z, of a year from 1900 to 2200",
}


def key_in(request: Request, here: Portal, text: str | None) -> ApiKey | None:
    """The key that came along; ``NoKey`` for one that opens nothing, ``None`` where none came."""
    if not text:
        return None
    key = open_key(here.house, text, here.clock()) if is_key(text) else None
    if key is None:
        raise NoKey
    known_as(key.person, text, key.via)
    admit(request, key)
    return key


def reading_key(request: Request, here: Here, api_key: str | None = None) -> ApiKey | None:
    """The key with which somebody reads, if they have one; ``TooOften`` if others read more than people do."""
    key = key_in(request, here, api_key)
    if key is None:
        assure_moderate_guest(request, here, here.clock())
    return key


ReadingKey = Annotated[ApiKey | None, Depends(reading_key)]


class RequestQuery(BaseModel):
    """The standard's filters, as they come."""

    service_request_id: Annotated[str, Field(max_length=4000)] = ""
    service_code: Annotated[str, Field(max_length=1000)] = ""
    start_date: Annotated[str, Field(max_length=40)] = ""
    end_date: Annotated[str, Field(max_length=40)] = ""
    status: Annotated[str, Field(max_length=40)] = ""
    page: Annotated[int, Field(ge=1, le=1000)] = 1
    page_size: Annotated[int, Field(ge=1, le=MOST)] = MOST

    def wanted(self, key: ApiKey | None) -> RequestFilter:
        """What is asked for; ``Invalid`` names a moment that is none."""
        states = {one for one in _listed(self.status) if one in ("open", "closed")}
        return RequestFilter(
            ids=_listed(self.service_request_id),
            services=_listed(self.service_code),
            status=None if len(states) != 1 else "open" if "open" in states else "closed",
            since=_moment("start_date", self.start_date),
            until=_moment("end_date", self.end_date),
            page=self.page,
            size=self.page_size,
            key=key.via if key else None,
        )


@router.post("/requests.{form}", dependencies=[by_key("issues:act", bounded=True)])
async def post_request(request: Request, here: Here, language: Language, form: Format) -> Response:
    """Report; the answer names the request at once."""
    await run_in_threadpool(_assure_sender, request)
    try:
        try:
            came = await _read(request)
        finally:
            # what a form has put aside on the disk
            await request.close()
        return await run_in_threadpool(_posted, request, language, form, came)
    except (NoKey, TooLarge, HTTPException):
        await run_in_threadpool(_in_vain, request)
        raise


@router.get("/requests.{form}", dependencies=[by_key("issues:read", bounded=True)])
def list_requests(
    here: Here,
    language: Language,
    form: Format,
    ours: Jurisdiction,
    key: ReadingKey,
    asked: Annotated[RequestQuery, Query()],
) -> Response:
    """Requests in public, and those that the key has sent."""
    found = service_requests(here.house, asked.wanted(key), language, here.clock())
    return answer(form, "service_requests", [_request(here, one) for one in found])


@router.get("/requests/{number:path}.{form}", dependencies=[by_key("issues:read", bounded=True)])
def get_request(
    here: Here, language: Language, number: str, form: Format, ours: Jurisdiction, key: ReadingKey
) -> Response:
    """One of them, as a list of one."""
    found = service_request(here.house, number, key.via if key else None, language, here.clock())
    return answer(form, "service_requests", [_request(here, found)])


@router.get("/tokens/{token:path}.{form}", dependencies=[by_key("issues:read", bounded=True)])
def get_token(
    here: Here, language: Language, token: str, form: Format, ours: Jurisdiction, key: ReadingKey
) -> Response:
    """Numbers are given at once here, so a token is the number itself."""
    try:
        found = service_request(here.house, token, key.via if key else None, language, here.clock())
    except NotFound:
        raise NotFound("没有这个 token。", "token was not found") from None
    return answer(form, "service_requests", [{"token": token, "service_request_id": found.number}])


@router.get("/servicerequestupdates.{form}", dependencies=[by_key("issues:read", bounded=True)])
def list_updates(
    here: Here,
    language: Language,
    form: Format,
    ours: Jurisdiction,
    key: ReadingKey,
    asked: Annotated[RequestQuery, Query()],
) -> Response:
    """What has become of requests (the extension of FixMyStreet)."""
    found = updates(here.house, asked.wanted(key), language, here.clock())
    return answer(form, "service_request_updates", [_update(here, one) for one in found])


def _assure_sender(request: Request) -> None:
    """Before anything of the body is read: the key that stands in the address opens; who has none there has not sent too much in vain."""
    if text := request.query_params.get("api_key"):
        key_in(request, portal(request), text)
    else:
        check_uploads(request)


def _in_vain(request: Request) -> None:
    """A body that was read for nobody's key counts as a guest's file."""
    if not request.query_params.get("api_key"):
        declared = request.headers.get("content-length", "")
        known = declared.isascii() and declared.isdecimal() and len(declared) < 10
        uploading(request, min(int(declared), WITH_FILES) if known else WITH_FILES)


async def _read(request: Request) -> tuple[dict[str, str], dict[str, list[str]], list[Upload]]:
    """What came as a form, or as JSON, which some clients send; names that nobody knows are left alone."""
    parts: dict[str, str] = {}
    several: dict[str, list[str]] = defaultdict(list)
    files: list[Upload] = []
    for name, value in await _entries(request):
        if isinstance(value, UploadFile):
            files.append(await _upload(value))
        elif found := _ATTRIBUTE.fullmatch(name):
            several[storable(found[1])].append(storable(value))
        else:
            parts[name] = storable(value)
    return parts, several, files


async def _entries(request: Request) -> list[tuple[str, Any]]:
    if "json" in request.headers.get("content-type", ""):
        try:
            sent = await request.json()
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            raise Invalid({"body": {"zh": "不是 JSON 对象。", "en": "this is no JSON object"}})
        return [(str(name), str(value)) for name, value in sent.items() if isinstance(value, str | int | float)]
    form = await request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_PART)
    return [*form.multi_items()]


async def _upload(file: UploadFile) -> Upload:
    content = await file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge(f"文件太大，最多 {LARGEST >> 20} MB。", f"The file is too large; at most {LARGEST >> 20} MB.")
    return Upload(storable(file.filename or "file"), content)


def _posted(
    request: Request, language: str, form: Format, came: tuple[dict[str, str], dict[str, list[str]], list[Upload]]
) -> Response:
    here, (parts, several, files) = portal(request), came
    if named := parts.get("jurisdiction_id") or request.query_params.get("jurisdiction_id"):
        assure_ours(here.config.portal_url, named)
    key = key_in(request, here, request.query_params.get("api_key") or parts.get("api_key"))
    if key is None:
        raise NoKey
    if not parts.get("service_code"):
        raise Invalid({"service_code": {"zh": "请给出 service_code。", "en": "service_code was not provided"}})
    definition = service_of(here.house, parts["service_code"], here.clock())
    sent = SentRequest(parts, several, files, _only_station(here, key))
    report = report_of(here.house, definition, sent, language, key.via)
    assure_station(here.house, key, report.station)
    with reporting(request, guest=False):
        receipt = open_issue(here.house, report, request_id=secrets.token_hex(16), now=here.clock())
    told: Value = {"service_request_id": receipt.number, "service_notice": _NOTICE.of(language), "account_id": None}
    return answer(form, "service_requests", [told], 201)


def _only_station(here: Portal, key: ApiKey) -> str | None:
    if len(key.scope.stations) != 1 or key.scope.whole:
        return None
    with here.house.database.reading() as connection:
        query = select(stations.c.code).where(stations.c.id.in_(key.scope.stations))
        return connection.execute(query).scalar_one_or_none()


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _moment(name: str, text: str) -> datetime | None:
    try:
        # a plus sign that was not escaped has become a blank
        return moment(text.replace(" ", "+")) if text else None
    except ValueError:
        raise Invalid({name: _MOMENT}) from None


def _request(here: Portal, one: ServiceRequest) -> Value:
    zone = here.house.zone
    return {
        "service_request_id": one.number,
        "status": one.status,
        "status_notes": one.notes,
        "service_name": one.service_name,
        "service_code": one.service_code,
        "description": one.description,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": one.requested_at.astimezone(zone),
        "updated_datetime": one.updated_at.astimezone(zone),
        "expected_datetime": one.expected_at.astimezone(zone) if one.expected_at else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _update(here: Portal, one: RequestUpdate) -> Value:
    return {
        "update_id": f"{one.number}.{one.sequence}",
        "service_request_id": one.number,
        "status": one.status.upper(),
        "updated_datetime": one.at.astimezone(here.house.zone),
        "description": one.description,
    }
