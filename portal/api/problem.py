"""Refusals and faults as problem documents (RFC 9457), in the language that was asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from definitions.text import words
from engine.refusal import Invalid, Refusal
from portal.api.caller import language
from portal.frame.errors import STATUS, left_unfinished, title, waiting
from portal.frame.watch import route_of

_log = logging.getLogger("huying.portal")


class ProblemDetails(BaseModel):
    """What went wrong: ``code`` for programs, ``title`` and ``detail`` for people, ``errors`` a message by field."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: dict[str, str] = {}


def install(api: FastAPI) -> None:
    """Have the API answer refusals and faults with problem documents."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _malformed)
    api.add_exception_handler(ClientDisconnect, left_unfinished)
    api.add_exception_handler(Exception, _fault)


def _answer(
    request: Request, status: int, code: str, detail: str, errors: Mapping[str, str] | None = None
) -> JSONResponse:
    problem = ProblemDetails(
        type=f"urn:huying:problem:{code}",
        title=title(status, language(request)),
        status=status,
        detail=detail,
        code=code,
        errors=dict(errors or {}),
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(problem.model_dump(), status, headers, media_type="application/problem+json")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    speaking = language(request)
    errors = {}
    if isinstance(error, Invalid):
        errors = {name: words(message, speaking) for name, message in error.errors.items()}
    answer = _answer(request, STATUS.get(error.code, 400), error.code, words(error.message, speaking), errors)
    answer.headers.update(waiting(error))
    return answer


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    answer = _answer(request, error.status_code, phrase.lower().replace(" ", "-"), title_of(request, error))
    answer.headers.update(error.headers or {})
    return answer


def title_of(request: Request, error: HTTPException) -> str:
    """A sentence for an error that the framework found."""
    return title(error.status_code, language(request))


def _malformed(request: Request, error: Exception) -> Response:
    """The request does not have the shape that the API describes."""
    assert isinstance(error, RequestValidationError)
    found = {".".join(str(part) for part in one["loc"][1:]) or "body": str(one["msg"]) for one in error.errors()}
    detail = {
        "zh": "请求的格式不对，请对照 /api/v1/openapi.json。",
        "en": "The request is malformed; see /api/v1/openapi.json.",
    }
    return _answer(request, 422, "malformed", words(detail, language(request)), found)


def _fault(request: Request, error: Exception) -> Response:
    _log.error("unexpected fault at %s", route_of(request.scope), exc_info=error)
    return _answer(request, 500, "fault", title(500, language(request)))
